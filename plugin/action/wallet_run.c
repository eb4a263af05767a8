/* wallet_run.c - a wallet in one run: can it join, what does it have there.
 *
 * The run is looked for as for run_details. As soon as its instance is known, the wallet's accounts
 * are asked for beside the rest; they include the run's own account once more, so that all that is
 * judged together is of one slot. */

#include "action/wallet.h"

#include "action/alike.h"
#include "action/clauses.h"
#include "action/look_chain.h"
#include "action/quote.h"
#include "base/date.h"

#define SECONDS_MOST ((uint64_t)PM_DATE_LIMIT_MS / 1000)

/* --- asking --- */

static bool ask_beside(struct pm_look *look)
{
    struct pm_wallet *wallet = look->beside_of;
    struct pm_wallet_look *own = &wallet->look;
    const struct pm_chain_run *run = pm_look_chain_current(look);
    bool is_other =
        run && (!own->is_asked || own->moves != look->chain.nodes.moves ||
                (own->count && !pm_key_equal(&own->runs[0].instance_key, &run->instance_key)));
    if (is_other) {
        const struct pm_instance *instance = &run->instance;
        pm_wallet_look_init(own, &look->chain.nodes, &wallet->who, PM_WALLET_MONEY_ALL);
        pm_wallet_look_ask(own, &instance, 1);
    }
    bool has_asked = (own->is_asked && pm_wallet_look_go_on(own)) || is_other;
    return pm_kin_go_on(&wallet->kin, look) || has_asked;
}

static void write_tracked(const struct pm_look *look, struct pm_answer *answer,
                          const struct pm_view *view)
{
    struct pm_call *call = look->call;
    struct pm_group *group;
    if (!view->ask && !look->list) {
        return;
    }
    group = pm_group_open(answer, "tracked",
                          view->ask ? pm_origin_of(&call->batch, view->ask)
                                    : pm_origin_not_found(&call->batch, look->runs));
    if (view->is_listed_known) {
        pm_put_flag(group, "listed", view->is_listed);
    }
    if (view->info && view->info->name.len) {
        pm_put_text(group, "name", pm_clean(call->arena, PM_TEXT_NAME, view->info->name));
    }
    if (view->info) {
        pm_put_text(group, "state", pm_clean(call->arena, PM_TEXT_OTHER, view->info->state_word));
    }
}

/* --- words --- */

static void say_reasons(struct pm_say *say, const struct pm_join *join)
{
    struct pm_clauses clauses = {.say = say, .lead = ": "};
    for (size_t i = 0; i < join->count; i++) {
        if (pm_join_blocks(join->reasons[i])) {
            pm_clauses_begin(&clauses);
            pm_say_own(say, pm_join_word(join->reasons[i]));
        }
    }
}

static void say_todo(struct pm_say *say, const struct pm_join *join)
{
    for (size_t i = 0; i < join->count; i++) {
        if (pm_join_blocks(join->reasons[i])) {
            pm_say_own(say, " First: ");
            pm_say_own(say, pm_join_todo(join->reasons[i]));
            pm_say_own(say, ".");
            return;
        }
    }
}

static void say_opening(const struct pm_wallet *wallet, struct pm_say *say,
                        const struct pm_wallet_run *run)
{
    struct pm_opening opening = pm_next_opening(&run->state);
    uint64_t now = (uint64_t)(wallet->call->now_ms > 0 ? wallet->call->now_ms / 1000 : 0);
    pm_say_own(say, " Next opening: ");
    pm_say_own(say, opening.when);
    if (opening.has_time && opening.at <= now) {
        pm_say_own(say, ", overdue");
    } else if (opening.has_time && opening.at - now < SECONDS_MOST) {
        pm_say_own(say, ", in about ");
        pm_say_span(say, (int64_t)(opening.at - now));
    }
    pm_say_own(say, " (");
    pm_say_own(say, opening.why);
    pm_say_own(say, ").");
}

/* Nothing is in its way but that it has no need to join. */
static bool is_only_in_epoch(const struct pm_join *join)
{
    size_t count = 0;
    bool is_in = false;
    for (size_t i = 0; i < join->count; i++) {
        count += pm_join_blocks(join->reasons[i]);
        is_in = is_in || join->reasons[i] == PM_JOIN_IN_EPOCH;
    }
    return is_in && count == 1;
}

static void say_verdict(const struct pm_wallet *wallet, struct pm_say *say,
                        const struct pm_wallet_run *run, const struct pm_join *join)
{
    bool is_in = join->verdict == PM_JOIN_NO && is_only_in_epoch(join);
    static const char *const verdicts[] = {
        [PM_JOIN_UNKNOWN] = ": whether it can join is not known",
        [PM_JOIN_YES] = ": it can join",
        [PM_JOIN_NO] = ": it cannot join now",
    };
    const char *cluster = run->ask && run->ask->cluster ? run->ask->cluster : "unknown cluster";
    pm_say_text(say, pm_clean(wallet->call->arena, PM_TEXT_ID, wallet->address));
    pm_say_own(say, " and ");
    pm_say_text(say, pm_clean(wallet->call->arena, PM_TEXT_ID, run->instance.run_id));
    bool is_over = run->state.state == PM_CHAIN_STATE_WAITING_FOR_MEMBERS;
    pm_say_own(say, !is_in    ? verdicts[join->verdict]
                    : is_over ? ": its key is still in the last epoch's list, so that run-manager "
                                "refuses it"
                              : ": it is in this epoch already");
    if (join->verdict == PM_JOIN_YES) {
        pm_say_own(say, ", by ");
        pm_say_own(say, pm_wallet_grantee_words(join->way));
    }
    if (!is_in) {
        say_reasons(say, join);
    }
    pm_say_own(say, " (");
    pm_say_own(say, cluster);
    pm_say_own(say, ") [on-chain].");
    if (!is_in) {
        say_todo(say, join);
    }
}

static void say_part(struct pm_say *say, const struct pm_wallet_run *run)
{
    const char *why = pm_why_zero(run);
    if (!run->member.is_member) {
        return;
    }
    pm_say_own(say, " There it is ");
    pm_say_own(say, pm_member_word(run));
    pm_say_own(say, ", with ");
    pm_big_add_text(&say->buf, pm_big_from_u64(run->member.earned));
    pm_say_own(say, " points earned [on-chain]");
    if (why) {
        pm_say_own(say, " (");
        pm_say_own(say, why);
        pm_say_own(say, ")");
    }
    pm_say_own(say, ".");
}

static void write_summary(const struct pm_wallet *wallet, struct pm_answer *answer,
                          const struct pm_wallet_run *run, const struct pm_join *join,
                          const struct pm_view *view)
{
    struct pm_say say;
    pm_say_init(&say, wallet->call->arena);
    say_verdict(wallet, &say, run, join);
    if (run->has_state) {
        say_opening(wallet, &say, run);
        say_part(&say, run);
    }
    pm_look_say_which(wallet->call, &say, view);
    pm_answer_summary(answer, &say);
}

/* Psyche's own tool looks at less, and at one thing that the program on chain does not mind. */
static void note_tool(const struct pm_wallet *wallet, struct pm_answer *answer,
                      const struct pm_wallet_run *run, const struct pm_join *join)
{
    enum pm_grantee asked = wallet->who.has_other ? PM_GRANTEE_OTHER : PM_GRANTEE_EVERYBODY;
    const char *tool = pm_can_join_by_tool(&wallet->look.account, run, asked);
    bool says_yes = tool && pm_str_equal(pm_str_from(tool), PM_STR("yes"));
    if (says_yes && join->verdict == PM_JOIN_NO) {
        pm_answer_note_own(answer,
                           "run-manager can-join says yes here: it does not look at a "
                           "pause or an end of the run, free places, the batch size, or what "
                           "the address is of");
    } else if (is_only_in_epoch(join)) {
        pm_answer_note_own(answer, "already_in_epoch is run-manager's own rule: the program on "
                                   "chain lets a key that has joined join again");
    } else if (tool && !says_yes && join->verdict == PM_JOIN_YES) {
        pm_answer_note_own(answer, "run-manager can-join says no here unless --authorizer names "
                                   "the grantee: without it, it looks at leave for everybody "
                                   "alone");
    }
}

/* --- the answer --- */

static void write_guide(struct pm_call *call, struct pm_answer *answer)
{
    struct pm_arguments arguments = {0};
    pm_quote_trust(call, answer);
    pm_arguments_own(&arguments, call->arena, "action", "contribute");
    pm_arguments_own(&arguments, call->arena, "page", "compute");
    pm_answer_next(answer, "psyche_monitor", &arguments, "what joining takes, step by step");
}

static void write_found(struct pm_wallet *wallet, const struct pm_look *look,
                        struct pm_answer *answer, const struct pm_view *view)
{
    static const char *const given_up[] = {"guide", "on_chain.rewards", NULL};
    const struct pm_wallet_run *run = &wallet->look.runs[0];
    struct pm_join join = pm_can_join(&wallet->look.who, &wallet->look.account, run);
    pm_look_write_asked(look, answer, view);
    pm_answer_found(answer, PM_FOUND_TRUE);
    write_summary(wallet, answer, run, &join, view);
    write_tracked(look, answer, view);
    pm_wallet_write_on_chain(wallet, answer, run, &join);
    pm_wallet_write_reasons(wallet, answer, run, &join);
    pm_wallet_write_leaves(wallet, answer, run);
    if (wallet->call->request->is_full || wallet->call->request->page.len) {
        pm_wallet_write_delegates(wallet, answer, run);
    }
    write_guide(wallet->call, answer);
    pm_frame_agree_single(wallet->call, answer, PM_SOURCE_ON_CHAIN, NULL);
    pm_wallet_note_account(wallet, answer);
    note_tool(wallet, answer, run, &join);
    if (join.way == PM_GRANTEE_COUNT && pm_wallet_is_way_unsure(run, wallet->who.has_other)) {
        pm_answer_note_own(answer, "an authorization cannot be read in what the node sent (its "
                                   "state is unknown): ask again");
    }
    if (join.way == PM_GRANTEE_COUNT) {
        pm_wallet_note_delegates(wallet, answer);
    }
    pm_alike_note(wallet->call, answer, &look->listing, view->id, run->state.name.shown);
    pm_kin_note(&wallet->kin, look, view, answer);
    pm_look_write_chain_notes(look, answer, view);
    pm_answer_cut_order(answer, given_up);
}

/* The dashboard has the run, but the chain, which alone knows who may join, was silent or lacks it. */
static void write_without_chain(const struct pm_wallet *wallet, const struct pm_look *look,
                                struct pm_answer *answer, const struct pm_view *view)
{
    const struct pm_ask *trouble = pm_chain_run_trouble(pm_look_chain_run(look, view));
    const struct pm_ask *own = pm_wallet_look_trouble(&wallet->look);
    struct pm_say say;
    trouble = own ? own : trouble;
    pm_say_init(&say, wallet->call->arena);
    pm_say_own(&say, "Whether ");
    pm_say_text(&say, pm_clean(wallet->call->arena, PM_TEXT_ID, wallet->address));
    pm_say_own(&say, " can join ");
    pm_say_text(&say, pm_clean(wallet->call->arena, PM_TEXT_ID, view->id));
    pm_say_own(&say, " is not known, for the chain alone tells: ");
    if (trouble && trouble->outcome.status != PM_STATUS_OK) {
        pm_action_say_trouble(&say, trouble);
    } else {
        pm_say_own(&say, look->chain.nodes.is_off ? "asking it is switched off (rpc.off)"
                                                  : "it has no such run that can be read");
    }
    pm_say_own(&say, ".");
    pm_look_write_asked(look, answer, view);
    pm_answer_found(answer, PM_FOUND_UNKNOWN);
    pm_answer_summary(answer, &say);
    write_tracked(look, answer, view);
    pm_frame_agree_single(wallet->call, answer, PM_SOURCE_TRACKED, trouble);
    pm_look_write_chain_notes(look, answer, view);
}

bool pm_wallet_answer_run(struct pm_wallet *wallet, struct pm_answer *answer)
{
    struct pm_view view = {0};
    struct pm_look *look = pm_arena_zero(wallet->call->arena, sizeof *look);
    if (!look) {
        return false;
    }
    look->call = wallet->call;
    look->beside = ask_beside;
    look->beside_of = wallet;
    if (!pm_look_around(look)) {
        return false;
    }
    if (wallet->look.is_asked) {
        pm_wallet_look_settle(&wallet->look);
    }
    if (!pm_look_find(look, &view)) {
        pm_look_write_none(look, answer);
    } else if (wallet->look.count && wallet->look.runs[0].ask &&
               pm_str_equal(wallet->look.runs[0].instance.run_id, view.id)) {
        write_found(wallet, look, answer, &view);
    } else {
        write_without_chain(wallet, look, answer, &view);
    }
    pm_answer_sources(answer, &wallet->call->batch);
    return true;
}
