/* run_details_chain_words.c - what is said of a run by its account, and of how that fits what the
 * dashboard says. */

#include "action/run_details_chain.h"

#include "action/agree.h"
#include "action/clauses.h"
#include "action/look_chain.h"

/* --- the verdict --- */

static struct pm_agreement single(struct pm_call *call, enum pm_source trust, const char *why)
{
    struct pm_agreement agreement = {.verdict = "single", .trust = trust};
    pm_say_init(&agreement.why, call->arena);
    pm_say_own(&agreement.why, why);
    return agreement;
}

static struct pm_agreement silent(struct pm_call *call, enum pm_source trust,
                                  const struct pm_ask *ask)
{
    struct pm_agreement agreement = single(call, trust, "");
    pm_action_say_trouble(&agreement.why, ask);
    return agreement;
}

static struct pm_agreement absent(struct pm_call *call, const struct pm_view *view,
                                  const struct pm_chain_run *run)
{
    uint64_t slot = 0;
    bool has_slot = pm_ask_slot(run->ask, &slot);
    struct pm_agreed agreed = pm_agree_absent(view->info, has_slot, slot);
    return pm_agree_words(call->arena, &agreed);
}

static bool is_troubled(const struct pm_ask *ask)
{
    return ask && ask->outcome.status != PM_STATUS_OK;
}

/* Why only the dashboard tells of the run. */
static struct pm_agreement tracked_alone(const struct pm_look *look, const struct pm_view *view)
{
    struct pm_call *call = look->call;
    const struct pm_chain_run *run = pm_look_chain_run(look, view);
    const struct pm_ask *trouble = pm_chain_run_trouble(run);
    bool is_bad = run->found == PM_CHAIN_BAD ||
                  (run->account_part.is_asked && run->account_part.verdict != PM_ACCOUNT_OK);
    if (look->chain.nodes.is_off) {
        return single(call, PM_SOURCE_TRACKED,
                      "only the dashboard was asked: asking the chain is switched off (rpc.off)");
    }
    if (view->is_chain_newer) {
        return single(call, PM_SOURCE_TRACKED,
                      "the chain has only the newest incarnation of this run");
    }
    if (run->found == PM_CHAIN_ABSENT) {
        return absent(call, view, run);
    }
    if (run->found == PM_CHAIN_DOUBTFUL) {
        return single(call, PM_SOURCE_TRACKED,
                      "the chain's node shows neither this run nor the program that keeps runs");
    }
    if (is_bad || !is_troubled(trouble)) {
        return single(call, PM_SOURCE_TRACKED,
                      is_bad ? "the run's account on chain cannot be read: see notes"
                             : "the chain was not asked for this run");
    }
    return silent(call, PM_SOURCE_TRACKED, trouble);
}

struct pm_agreement pm_chain_details_agree(const struct pm_look *look, const struct pm_view *view)
{
    struct pm_call *call = look->call;
    const struct pm_coordinator *state = pm_view_coordinator(view);
    uint64_t slot = 0;
    if (!view->info && is_troubled(look->runs)) {
        return silent(call, PM_SOURCE_ON_CHAIN, look->runs);
    }
    if (!view->info) {
        return single(call, PM_SOURCE_ON_CHAIN,
                      view->how == PM_MATCH_ID ? "the dashboard does not have this run"
                                               : "the dashboard does not list this run");
    }
    if (!state) {
        return tracked_alone(look, view);
    }
    bool has_slot = pm_ask_slot(view->chain->ask, &slot);
    struct pm_agreed agreed = pm_agree(call->arena, view->info, view->page, state, has_slot, slot);
    return pm_agree_words(call->arena, &agreed);
}

/* --- the summary: a run that both may know --- */

static void say_place(struct pm_say *say, const struct pm_coordinator *state)
{
    pm_say_own(say, "epoch ");
    pm_say_count(say, state->head.epoch);
    pm_say_own(say, ", step ");
    pm_say_count(say, state->head.step);
}

static const char *cluster_of(struct pm_call *call, const struct pm_chain_run *run)
{
    const struct pm_origin *origin = run->ask ? pm_origin_of(&call->batch, run->ask) : NULL;
    return origin ? pm_origin_cluster(origin) : pm_cluster_name(run->nodes->expected);
}

/* The account is gone, or is not there. */
static void say_gone(struct pm_say *say, const struct pm_agreement *agreement)
{
    bool is_agreed = pm_str_equal(pm_str_from(agreement->verdict), PM_STR("agree"));
    bool trusts_chain = agreement->trust == PM_SOURCE_ON_CHAIN;
    pm_say_own(say, is_agreed ? " no longer has its account, as for any closed run [on-chain]."
                    : trusts_chain
                        ? " does not have it [on-chain]: it was closed, or is of another "
                          "cluster; trust the chain."
                        : " does not have it yet [on-chain]: that node is behind.");
}

static void say_verdict(struct pm_say *say, const struct pm_coordinator *state,
                        const struct pm_agreement *agreement)
{
    static const struct {
        const char *verdict, *words, *end;
        enum pm_source trust;
    } rows[] = {
        {"agree", " agrees: ", "", PM_SOURCE_ON_CHAIN},
        {"lag", " is ahead of the dashboard: ", "; trust the chain", PM_SOURCE_ON_CHAIN},
        {"lag", " is behind the dashboard: ", "; trust the dashboard", PM_SOURCE_TRACKED},
        {"conflict", " contradicts the dashboard: ", "; trust the chain", PM_SOURCE_ON_CHAIN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (pm_str_equal(pm_str_from(agreement->verdict), pm_str_from(rows[i].verdict)) &&
            agreement->trust == rows[i].trust) {
            pm_say_own(say, rows[i].words);
            say_place(say, state);
            if (i > 0) {
                pm_say_own(say, ", phase ");
                pm_say_text(say, pm_clean(say->buf.arena, PM_TEXT_ID,
                                          pm_chain_state_word(state->head.state)));
            }
            pm_say_own(say, " [on-chain]");
            pm_say_own(say, rows[i].end);
            pm_say_own(say, ".");
            return;
        }
    }
}

void pm_chain_details_say_agreement(const struct pm_look *look, struct pm_say *say,
                                    const struct pm_view *view,
                                    const struct pm_agreement *agreement)
{
    const struct pm_coordinator *state = pm_view_coordinator(view);
    const struct pm_chain_run *run = pm_look_chain_run(look, view);
    bool is_single = pm_str_equal(pm_str_from(agreement->verdict), PM_STR("single"));
    if (look->chain.nodes.is_off || view->is_chain_newer) {
        return;
    }
    if (is_single) {
        pm_say_own(say, " The chain's word is missing: ");
        pm_say_own(say, pm_arena_cstr(look->call->arena, pm_buf_text(&agreement->why.buf)));
        pm_say_own(say, ".");
        return;
    }
    pm_say_own(say, " The chain (");
    pm_say_own(say, cluster_of(look->call, run));
    pm_say_own(say, ")");
    if (state) {
        say_verdict(say, state, agreement);
    } else {
        say_gone(say, agreement);
    }
}

/* --- the summary: a run that only the chain knows --- */

static const char *activity_of(enum pm_chain_state state)
{
    static const char *const words[] = {
        [PM_CHAIN_STATE_UNINITIALIZED] = " is not set up yet",
        [PM_CHAIN_STATE_WAITING_FOR_MEMBERS] = " is waiting for members",
        [PM_CHAIN_STATE_WARMUP] = " is warming up (the clients load the model)",
        [PM_CHAIN_STATE_ROUND_TRAIN] = " is training",
        [PM_CHAIN_STATE_ROUND_WITNESS] = " is training (witnesses confirm the round)",
        [PM_CHAIN_STATE_COOLDOWN] = " is in cooldown (the epoch ends and its weights are saved)",
        [PM_CHAIN_STATE_FINISHED] = " has finished",
        [PM_CHAIN_STATE_PAUSED] = " is paused",
    };
    return words[state];
}

static void say_clients(struct pm_say *say, const struct pm_coordinator *state)
{
    if (state->head.state == PM_CHAIN_STATE_WAITING_FOR_MEMBERS) {
        struct pm_coordinator_sums sums = pm_coordinator_sum(&state->tail);
        pm_say_own(say, ", ");
        pm_say_counted(say, sums.next_epoch_clients, "client is there", "clients are there");
        pm_say_own(say, ", it starts with ");
        pm_say_count(say, state->head.config.init_min_clients);
    } else if (!pm_chain_state_is_halted(state->head.state)) {
        pm_say_own(say, ", ");
        pm_say_counted(say, state->tail.client_count, "client", "clients");
    }
}

static void say_progress(struct pm_say *say, const struct pm_coordinator *state)
{
    struct pm_big planned = pm_coordinator_plan(&state->head).tokens;
    double all = pm_big_to_double(planned);
    if (all > 0) {
        pm_say_own(say, ", ");
        pm_say_fixed(say, 100 * pm_big_to_double(pm_coordinator_tokens_done(state)) / all, 2);
        pm_say_own(say, " % of ");
        pm_say_short(say, planned);
        pm_say_own(say, " tokens");
    }
}

/* Phases last minutes: one that has lasted an hour has been left. */
static void say_idle(struct pm_call *call, struct pm_say *say, const struct pm_coordinator *state)
{
    uint64_t since = state->tail.state_started_at, now = (uint64_t)(call->now_ms / 1000);
    bool is_moving = !pm_chain_state_is_halted(state->head.state) &&
                     state->head.state != PM_CHAIN_STATE_WAITING_FOR_MEMBERS;
    if (is_moving && call->now_ms > 0 && since > 0 && now > since &&
        now - since > PM_SILENT_AFTER_S) {
        pm_say_own(say, " It has stood in that phase for ");
        pm_say_span(say, (int64_t)(now - since));
        pm_say_own(say, ": it is probably stalled or abandoned.");
    }
}

void pm_chain_details_say_state(struct pm_call *call, struct pm_say *say,
                                const struct pm_chain_run *run)
{
    if (!run->has_coordinator) {
        pm_say_own(say, " is on chain (");
        pm_say_own(say, cluster_of(call, run));
        pm_say_own(say, ") [on-chain], but its state could not be read: see notes.");
        return;
    }
    const struct pm_coordinator *state = &run->coordinator;
    pm_say_own(say, activity_of(state->head.state));
    pm_say_own(say, " on chain (");
    pm_say_own(say, cluster_of(call, run));
    pm_say_own(say, "): ");
    say_place(say, state);
    say_progress(say, state);
    say_clients(say, state);
    pm_say_own(say, " [on-chain].");
    if (state->tail.pending_pause) {
        pm_say_own(say, " It will pause when this epoch ends.");
    }
    say_idle(call, say, state);
}
