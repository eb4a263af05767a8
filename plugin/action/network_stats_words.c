/* network_stats_words.c - what is said of the network: one verdict, then the runs, then notes. */

#include "action/derive.h"
#include "action/frame.h"
#include "action/network_stats.h"

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

static void say_lag(const struct pm_network *network, struct pm_say *say)
{
    const struct pm_indexer *indexer = network->status ? &network->status->coordinator : NULL;
    struct pm_count lag = indexer ? pm_network_lag_slots(indexer) : (struct pm_count){0};
    const char *cluster = indexer ? pm_network_cluster(indexer) : NULL;
    if (!lag.is_known || network->status_ask->is_stale) {
        pm_say_own(say, "; how far its index of runs is behind the chain is not known");
        return;
    }
    pm_say_own(say, "; its index of runs is at most ");
    pm_say_span(say, (int64_t)pm_network_slots_s(lag.value));
    pm_say_own(say, " (");
    pm_say_counted(say, lag.value, "slot", "slots");
    pm_say_own(say, ") behind ");
    pm_say_own(say, cluster ? cluster : "the chain");
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

void pm_network_write_summary(const struct pm_network *network, struct pm_answer *answer)
{
    struct pm_say say;
    pm_say_init(&say, network->call->arena);
    say_dashboard(network, &say);
    say_activity(network, &say);
    say_lag(network, &say);
    pm_say_own(&say, " [tracked].");
    if (network->runs) {
        say_runs(network, &say);
        pm_frame_say_stale(network->call, &say, network->runs_ask);
    }
    pm_say_own(&say, " The chain itself was not asked by this version.");
    pm_answer_summary(answer, &say);
}

/* --- notes --- */

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
        pm_answer_note_own(answer,
                           "the dashboard's status asks its Solana nodes first and may take "
                           "minutes: its silence alone means little");
        return;
    }
    struct pm_count lag = pm_network_lag_slots(&status->coordinator);
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
}
