/* network_stats_words.c - what is said of the network: one verdict, then the runs, then notes. */

#include "action/derive.h"
#include "action/frame.h"
#include "action/network_stats.h"

#include <string.h>

static bool has_answered(const struct pm_ask *ask)
{
    return ask && ask->facts && !ask->is_stale;
}

static void say_word(struct pm_say *say, const struct pm_ask *ask)
{
    if (ask) {
        pm_say_own(say, " (");
        pm_say_own(say, pm_status_word(ask->outcome.status));
        pm_say_own(say, ")");
    }
}

static void say_dashboard(const struct pm_network *network, struct pm_say *say)
{
    bool has_runs = has_answered(network->runs_ask), has_status = has_answered(network->status_ask);
    if (has_runs && has_status) {
        pm_say_own(say, "The dashboard answers");
    } else if (has_runs) {
        pm_say_own(say, "The dashboard answers, though not about itself");
        say_word(say, network->status_ask);
    } else if (has_status) {
        pm_say_own(say, "The dashboard answers about itself, but gave no list of runs");
        say_word(say, network->runs_ask);
    } else {
        pm_say_own(say, "The dashboard does not answer now");
        say_word(say, network->runs_ask);
    }
}

static void say_activity(const struct pm_network *network, struct pm_say *say)
{
    struct pm_call *call = network->call;
    struct pm_moment at = pm_network_newest_at(network);
    if (!network->newest) {
        bool is_empty = network->runs && network->listing.count == 0;
        pm_say_own(say, is_empty ? "; no run is listed that could have changed"
                                 : "; when a run last changed is not known");
        return;
    }
    pm_say_own(say, "; the last activity was ");
    if (pm_frame_is_ahead(call, at)) {
        pm_say_own(say, "by its clock in the future");
    } else {
        pm_say_span(say, (int64_t)pm_derive_idle_s(network->newest, call->now_ms).value);
        pm_say_own(say, " ago");
    }
    pm_say_own(say, " (");
    pm_say_text(say, pm_clean(call->arena, PM_TEXT_ID, network->newest->id));
    pm_say_own(say, ")");
}

/* By what the dashboard's own node had, or by a node that is further. */
static struct pm_count lag_of_runs(const struct pm_network *network, bool *is_by_node)
{
    const struct pm_indexer *indexer = pm_network_indexer(network, PM_PSYCHE_COORDINATOR);
    struct pm_count own = indexer ? pm_network_lag_slots(indexer) : (struct pm_count){0};
    struct pm_count measured = pm_network_index_behind(network, PM_PSYCHE_COORDINATOR);
    *is_by_node = measured.is_known && (!own.is_known || measured.value > own.value);
    return *is_by_node ? measured : own;
}

static void say_lag(const struct pm_network *network, struct pm_say *say)
{
    bool is_by_node;
    struct pm_count lag = lag_of_runs(network, &is_by_node);
    const struct pm_indexer *indexer = pm_network_indexer(network, PM_PSYCHE_COORDINATOR);
    const char *cluster = indexer ? pm_network_cluster(indexer) : NULL;
    if (!lag.is_known || network->status_ask->is_stale) {
        pm_say_own(say, "; how far its index of runs is behind the chain is not known [tracked].");
        return;
    }
    pm_say_own(say, "; its index of runs is at most ");
    pm_say_span(say, (int64_t)pm_network_slots_s(lag.value));
    pm_say_own(say, " (");
    pm_say_counted(say, lag.value, "slot", "slots");
    pm_say_own(say, ") behind ");
    pm_say_own(say, cluster ? cluster : "the chain");
    pm_say_own(say, is_by_node ? "'s node [tracked] [on-chain]." : " [tracked].");
}

static void say_runs(const struct pm_network *network, struct pm_say *say)
{
    static const char *const words[] = {
        [PM_RUN_ACTIVE] = " active",          [PM_RUN_WAITING] = " waiting for members",
        [PM_RUN_PAUSED] = " paused",          [PM_RUN_COMPLETED] = " completed",
        [PM_RUN_OTHER] = " in another state",
    };
    const char *lead = ": ";
    pm_say_own(say, " ");
    if (network->listing.count) {
        pm_say_counted(say, network->listing.count, "run is", "runs are");
    } else {
        pm_say_own(say, "No run is");
    }
    pm_say_own(say, " listed");
    for (size_t state = 0; state < sizeof words / sizeof *words; state++) {
        if (network->in_state[state]) {
            pm_say_own(say, lead);
            pm_say_count(say, network->in_state[state]);
            pm_say_own(say, words[state]);
            lead = ", ";
        }
    }
    if (network->runs->tokens_done.is_known) {
        pm_say_own(say, "; ");
        pm_say_short(say, network->runs->tokens_done);
        pm_say_own(say, " tokens done");
    }
    if (pm_network_has_speed(network) && network->runs->tokens_per_second_active.is_known) {
        pm_say_own(say, ", ");
        pm_say_short(say, network->runs->tokens_per_second_active);
        pm_say_own(say, " tok/s");
    }
    pm_say_own(say, " [tracked].");
}

/* --- the chain --- */

static void say_health(struct pm_say *say, const struct pm_node_state *state)
{
    const struct pm_rpc_health *health = state->health ? pm_rpc_health(state->health) : NULL;
    if (!health || state->health->is_stale) {
        pm_say_own(say, " answers");
    } else if (health->state == PM_RPC_HEALTHY) {
        pm_say_own(say, " is healthy");
    } else if (health->state == PM_RPC_UNHEALTHY) {
        pm_say_own(say, " calls itself unhealthy");
    } else {
        pm_say_own(say, " is ");
        pm_say_counted(say, health->slots_behind, "slot", "slots");
        pm_say_own(say, " behind");
    }
}

/* "the coordinator's node (devnet) is healthy" */
static void say_node(const struct pm_network *network, struct pm_say *say, size_t program)
{
    const struct pm_node_state *state = network->on_chain[program];
    const char *name = program == PM_PSYCHE_POOL ? "the pool" : "the coordinator";
    if (!state) {
        pm_say_own(say, "no node answers for ");
        pm_say_own(say, name);
        pm_say_own(say, " (");
        pm_say_own(say, pm_status_word(pm_chain_nodes_status(&network->looks[program])));
        pm_say_own(say, ")");
        return;
    }
    pm_say_own(say, name);
    pm_say_own(say, "'s node (");
    pm_say_own(say, state->epoch->cluster ? state->epoch->cluster : "cluster not known");
    pm_say_own(say, ")");
    if (state->epoch->is_stale) {
        pm_say_own(say, " does not answer now");
    } else {
        say_health(say, state);
    }
}

static bool is_fresh(const struct pm_node_state *state)
{
    return state && !state->epoch->is_stale;
}

static bool is_healthy(const struct pm_node_state *state)
{
    const struct pm_rpc_health *health =
        is_fresh(state) && state->health ? pm_rpc_health(state->health) : NULL;
    return health && !state->health->is_stale && state->epoch->cluster &&
           health->state == PM_RPC_HEALTHY;
}

static void say_nodes(const struct pm_network *network, struct pm_say *say)
{
    const struct pm_node_state *coordinator = network->on_chain[PM_PSYCHE_COORDINATOR];
    const struct pm_node_state *pool = network->on_chain[PM_PSYCHE_POOL];
    enum pm_status status = pm_chain_nodes_status(&network->looks[PM_PSYCHE_COORDINATOR]);
    if (is_healthy(coordinator) && is_healthy(pool)) {
        pm_say_own(say, "the nodes are healthy (");
        pm_say_own(say, coordinator->epoch->cluster);
        if (strcmp(coordinator->epoch->cluster, pool->epoch->cluster) != 0) {
            pm_say_own(say, ", ");
            pm_say_own(say, pool->epoch->cluster);
        }
        pm_say_own(say, ")");
    } else if (!is_fresh(coordinator) && !is_fresh(pool) &&
               status == pm_chain_nodes_status(&network->looks[PM_PSYCHE_POOL])) {
        pm_say_own(say, "no node answers (");
        pm_say_own(say, pm_status_word(status));
        pm_say_own(say, pm_network_has_chain(network) ? "), what stands here is older" : ")");
    } else {
        say_node(network, say, PM_PSYCHE_COORDINATOR);
        pm_say_own(say, ", ");
        say_node(network, say, PM_PSYCHE_POOL);
    }
}

static void say_chain(const struct pm_network *network, struct pm_say *say)
{
    if (pm_network_is_chain_off(network)) {
        pm_say_own(say, " The chain itself was not asked (rpc.off).");
        return;
    }
    pm_say_own(say, " On chain, ");
    say_nodes(network, say);
    pm_say_own(say, pm_network_has_chain(network) ? " [on-chain]." : ".");
}

void pm_network_write_summary(const struct pm_network *network, struct pm_answer *answer)
{
    struct pm_say say;
    pm_say_init(&say, network->call->arena);
    say_dashboard(network, &say);
    if (network->runs || network->status) {
        say_activity(network, &say);
        say_lag(network, &say);
    } else {
        pm_say_own(&say, ": how its runs are is not known here.");
    }
    if (network->runs) {
        say_runs(network, &say);
        pm_frame_say_stale(network->call, &say, network->runs_ask);
    }
    say_chain(network, &say);
    pm_answer_summary(answer, &say);
}

/* --- notes --- */

/* The place that the chain was asked at, where the dashboard reads another. */
static void note_program(const struct pm_network *network, struct pm_answer *answer, size_t program)
{
    const struct pm_nodes *nodes = &network->nodes[program];
    struct pm_say say;
    if (!nodes->is_contradicted && nodes->moves == 0) {
        return;
    }
    pm_say_init(&say, network->call->arena);
    pm_say_own(&say, "the dashboard reads another program or cluster for ");
    pm_say_own(&say, program == PM_PSYCHE_POOL ? "the pool" : "runs");
    pm_say_own(&say, nodes->is_contradicted
                         ? " than the one that was set; the chain was asked as set"
                         : " than the built-in one; the chain was asked there");
    pm_answer_note(answer, &say);
}

static void note_errors(const struct pm_network *network, struct pm_answer *answer,
                        const struct pm_indexer *indexer, const char *which)
{
    struct pm_say say;
    if (indexer->error_count == 0) {
        return;
    }
    pm_say_init(&say, network->call->arena);
    pm_say_own(&say, "the dashboard's index of ");
    pm_say_own(&say, which);
    pm_say_own(&say, " met ");
    pm_say_counted(&say, indexer->error_count, "error", "errors");
    pm_say_own(&say, " since it started; it does not say which");
    pm_answer_note(answer, &say);
}

static void note_word(const struct pm_network *network, struct pm_answer *answer,
                      const struct pm_indexer *indexer, const char *which)
{
    struct pm_say say;
    if (!indexer->is_there || indexer->word.len == 0 || pm_str_equal(indexer->word, PM_STR("ok"))) {
        return;
    }
    pm_say_init(&say, network->call->arena);
    pm_say_own(&say, "the dashboard does not call its index of ");
    pm_say_own(&say, which);
    pm_say_own(&say, " ok");
    pm_answer_note(answer, &say);
}

static void note_status(const struct pm_network *network, struct pm_answer *answer)
{
    const struct pm_dashboard_status *status = network->status;
    if (!status) {
        if (network->status_ask->outcome.status != PM_STATUS_NO_MEMORY) {
            pm_answer_note_own(answer,
                               "the dashboard's status asks its Solana nodes first and may take "
                               "minutes: its silence alone means little");
        }
        return;
    }
    bool is_by_node;
    struct pm_count lag = lag_of_runs(network, &is_by_node);
    if (lag.is_known && pm_network_slots_s(lag.value) >= PM_CLOCK_SLACK_S) {
        pm_answer_note_own(answer, "lag is a bound: an index moves only when its program has "
                                   "transactions, so while all runs rest it seems to fall behind");
    }
    if (!lag.is_known) {
        pm_answer_note_own(answer, "the dashboard names no slot that its index of runs has "
                                   "reached: it may have indexed nothing yet");
    }
    note_word(network, answer, &status->coordinator, "runs");
    note_word(network, answer, &status->pool, "the pool");
    note_errors(network, answer, &status->coordinator, "runs");
    note_errors(network, answer, &status->pool, "the pool");
}

static void note_runs(const struct pm_network *network, struct pm_answer *answer)
{
    struct pm_call *call = network->call;
    struct pm_say say;
    if (network->listing.unreadable) {
        pm_say_init(&say, call->arena);
        pm_say_counted(&say, network->listing.unreadable, "row", "rows");
        pm_say_own(&say, " of the dashboard's list could not be read and are not counted");
        pm_answer_note(answer, &say);
    }
    if (network->newest && !pm_network_has_speed(network)) {
        pm_answer_note_own(answer, "speed is left out: no run was heard of in the last 10 minutes");
    }
    pm_frame_note_clocks(call, answer, pm_network_newest_at(network));
    pm_frame_note_indexer(answer, network->runs->indexer_fault);
}

void pm_network_write_notes(const struct pm_network *network, struct pm_answer *answer)
{
    if (network->runs) {
        note_runs(network, answer);
    }
    note_status(network, answer);
    for (size_t i = 0; i < PM_NETWORK_PROGRAMS; i++) {
        note_program(network, answer, i);
    }
    pm_frame_note_slots(network->call, answer);
}
