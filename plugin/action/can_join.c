/* can_join.c - may this wallet join this run, and why are its rewards zero? */

#include "action/can_join.h"

#define PLACES PM_COORDINATOR_CLIENTS_MOST

static const struct {
    const char *word, *field, *todo;
    bool blocks;
} ROWS[] = {
#define REASON_ROW(id, word, blocks, field, todo) [PM_JOIN_##id] = {word, field, todo, blocks},
    PM_JOIN_REASONS(REASON_ROW)
#undef REASON_ROW
};

const char *pm_join_word(enum pm_join_reason reason)
{
    return ROWS[reason].word;
}

const char *pm_join_field(enum pm_join_reason reason)
{
    return ROWS[reason].field;
}

const char *pm_join_todo(enum pm_join_reason reason)
{
    return ROWS[reason].todo;
}

bool pm_join_blocks(enum pm_join_reason reason)
{
    return ROWS[reason].blocks;
}

const char *pm_join_verdict_word(enum pm_join_verdict verdict)
{
    static const char *const words[] = {
        [PM_JOIN_UNKNOWN] = "unknown", [PM_JOIN_YES] = "yes", [PM_JOIN_NO] = "no"};
    return words[verdict];
}

/* An epoch is: from the warmup to the cooldown. */
static bool is_under_way(enum pm_chain_state state)
{
    return !pm_chain_state_is_halted(state) && state != PM_CHAIN_STATE_WAITING_FOR_MEMBERS;
}

/* --- leave --- */

/* Of the leaves that are there but let nobody in, what is wrong with each. */
static void judge_leaves(const struct pm_wallet_run *run, bool holds[PM_JOIN_REASON_COUNT])
{
    static const int reasons[] = {
        [PM_LEAVE_UNKNOWN] = -1,
        [PM_LEAVE_ABSENT] = -1,
        [PM_LEAVE_UNREADABLE] = PM_JOIN_UNREADABLE,
        [PM_LEAVE_INACTIVE] = PM_JOIN_INACTIVE,
        [PM_LEAVE_OTHER_GRANTOR] = PM_JOIN_OTHER_GRANTOR,
        [PM_LEAVE_OTHER_GRANTEE] = PM_JOIN_OTHER_GRANTEE,
        [PM_LEAVE_OTHER_SCOPE] = PM_JOIN_OTHER_SCOPE,
        [PM_LEAVE_VALID] = -1,
    };
    bool is_any = false;
    for (int i = 0; i < PM_GRANTEE_COUNT; i++) {
        int reason = reasons[run->grants[i].leave];
        if (reason >= 0) {
            holds[reason] = is_any = true;
        }
    }
    holds[PM_JOIN_NO_LEAVE] = !is_any;
}

/* --- the run --- */

static void judge_state(const struct pm_wallet_run *run, bool holds[PM_JOIN_REASON_COUNT])
{
    const struct pm_wallet_state *state = &run->state;
    bool is_finished = state->state == PM_CHAIN_STATE_FINISHED;
    bool is_paused = state->state == PM_CHAIN_STATE_PAUSED;
    bool is_fresh = state->state == PM_CHAIN_STATE_UNINITIALIZED;
    holds[PM_JOIN_FINISHED] = is_finished;
    holds[PM_JOIN_PAUSED] = is_paused;
    holds[PM_JOIN_NOT_SET_UP] = is_fresh;
    holds[PM_JOIN_PAUSE_ASKED] = state->pending_pause && is_under_way(state->state);
    holds[PM_JOIN_NEXT_EPOCH] = is_under_way(state->state) && !run->member.is_in_epoch;
    holds[PM_JOIN_IN_EPOCH] = run->member.is_in_epoch && !is_paused && !is_fresh;
    holds[PM_JOIN_VERSION] = state->client_version.shown.len > 0;
}

/* Who is in the list keeps its place. */
static void judge_places(const struct pm_wallet_run *run, bool holds[PM_JOIN_REASON_COUNT])
{
    size_t joined = run->state.member_count;
    holds[PM_JOIN_NO_SLOT] = !run->member.is_member && joined >= PLACES;
    holds[PM_JOIN_BATCH_FULL] = !run->member.is_member && joined == run->state.batch_size_end &&
                                run->state.batch_size_end > 0;
}

static bool is_wallet(enum pm_wallet_kind kind)
{
    return kind == PM_WALLET_PLAIN || kind == PM_WALLET_ABSENT || kind == PM_WALLET_UNKNOWN;
}

static bool is_unsure(const struct pm_wallet_who *who, const struct pm_wallet_account *account,
                      const struct pm_wallet_run *run)
{
    bool needs_way = pm_wallet_way_in(run) == PM_GRANTEE_COUNT;
    return !run->has_state || account->kind == PM_WALLET_UNKNOWN ||
           (needs_way && pm_wallet_is_way_unsure(run, who->has_other));
}

struct pm_join pm_can_join(const struct pm_wallet_who *who, const struct pm_wallet_account *account,
                           const struct pm_wallet_run *run)
{
    bool holds[PM_JOIN_REASON_COUNT] = {false}, is_blocked = false;
    struct pm_join join = {.way = pm_wallet_way_in(run)};
    if (run->has_state) {
        judge_state(run, holds);
        judge_places(run, holds);
    }
    if (join.way == PM_GRANTEE_COUNT) {
        judge_leaves(run, holds);
        holds[PM_JOIN_NO_LEAVE] =
            holds[PM_JOIN_NO_LEAVE] && !pm_wallet_is_way_unsure(run, who->has_other);
    }
    holds[PM_JOIN_NO_SOL] = account->kind == PM_WALLET_ABSENT ||
                            (account->kind != PM_WALLET_UNKNOWN && account->lamports == 0);
    holds[PM_JOIN_NO_WALLET] = !is_wallet(account->kind);
    for (int i = 0; i < PM_JOIN_REASON_COUNT; i++) {
        if (holds[i]) {
            join.reasons[join.count++] = (enum pm_join_reason)i;
            is_blocked = is_blocked || ROWS[i].blocks;
        }
    }
    join.verdict = is_blocked                     ? PM_JOIN_NO
                   : is_unsure(who, account, run) ? PM_JOIN_UNKNOWN
                                                  : PM_JOIN_YES;
    return join;
}

/* --- Psyche's own tool --- */

static bool is_wanted_known(const struct pm_wallet_account *account,
                            const struct pm_wallet_run *run, enum pm_leave leave)
{
    return account->kind != PM_WALLET_UNKNOWN && run->has_state && leave != PM_LEAVE_UNKNOWN &&
           leave != PM_LEAVE_UNREADABLE;
}

const char *pm_can_join_by_tool(const struct pm_wallet_account *account,
                                const struct pm_wallet_run *run, enum pm_grantee grantee)
{
    enum pm_chain_state state = run->state.state;
    enum pm_leave leave = run->grants[grantee].leave;
    bool is_open = state == PM_CHAIN_STATE_PAUSED || state == PM_CHAIN_STATE_UNINITIALIZED;
    if (!is_wanted_known(account, run, leave)) {
        return NULL;
    }
    if (account->lamports == 0) {
        return "no: no lamports";
    }
    if (leave == PM_LEAVE_ABSENT) {
        return "no: Authorization does not exist";
    }
    if (leave != PM_LEAVE_VALID) {
        return "no: Authorization invalid";
    }
    return run->member.is_in_epoch && !is_open ? "no: already in this epoch" : "yes";
}

/* --- when --- */

static bool end_of_epoch(const struct pm_wallet_state *state, uint64_t *at)
{
    return state->epoch_started_at > 0 &&
           !__builtin_add_overflow(state->epoch_started_at, state->epoch_time, at) &&
           !__builtin_add_overflow(*at, state->cooldown_time, at);
}

struct pm_opening pm_next_opening(const struct pm_wallet_state *state)
{
    struct pm_opening opening = {0};
    switch (state->state) {
    case PM_CHAIN_STATE_UNINITIALIZED:
        return (struct pm_opening){.when = "not_set_up", .why = "its owner has not set it up yet"};
    case PM_CHAIN_STATE_WAITING_FOR_MEMBERS:
        return (struct pm_opening){
            .when = "now", .why = "it waits for members; an epoch begins when enough are there"};
    case PM_CHAIN_STATE_FINISHED:
        return (struct pm_opening){.when = "never", .why = "the run has finished"};
    case PM_CHAIN_STATE_PAUSED:
        return (struct pm_opening){.when = "when_resumed",
                                   .why = "it is paused; the account does not say for how long"};
    case PM_CHAIN_STATE_WARMUP:
    case PM_CHAIN_STATE_ROUND_TRAIN:
    case PM_CHAIN_STATE_ROUND_WITNESS:
    case PM_CHAIN_STATE_COOLDOWN:
    case PM_CHAIN_STATE_COUNT:
        break;
    }
    opening.when = state->pending_pause ? "after_a_pause" : "next_epoch";
    opening.why = state->pending_pause
                      ? "it pauses when this epoch ends; the account does not say for how long"
                      : "this epoch's start, its length and the cooldown; the last step may run on";
    opening.has_time = end_of_epoch(state, &opening.at);
    return opening;
}

/* --- the wallet in a run --- */

static bool has_left(const struct pm_wallet_run *run)
{
    const struct pm_wallet_member *member = &run->member;
    return member->has_exited ||
           (member->is_in_epoch && member->epoch_state != PM_CHAIN_CLIENT_HEALTHY);
}

const char *pm_member_word(const struct pm_wallet_run *run)
{
    const struct pm_wallet_member *member = &run->member;
    bool is_running = is_under_way(run->state.state);
    if (has_left(run)) {
        return "exited";
    }
    if (member->is_in_epoch && is_running) {
        return "active";
    }
    if (member->is_member && member->is_next && run->state.state != PM_CHAIN_STATE_FINISHED) {
        return "pending";
    }
    return member->is_member || member->is_in_epoch ? "past" : "none";
}

static bool has_no_rate(const struct pm_wallet_state *state)
{
    return state->current_rates.earning_total == 0;
}

const char *pm_why_zero(const struct pm_wallet_run *run)
{
    const struct pm_wallet_member *member = &run->member;
    if (!member->is_member || !run->has_state) {
        return NULL;
    }
    if (member->earned > 0) {
        bool lacks_treasurer = run->rewards.is_known && !run->rewards.has_treasurer;
        return lacks_treasurer ? "nothing to claim: the run has no treasurer" : NULL;
    }
    if (has_no_rate(&run->state)) {
        return run->state.future_rates.earning_total ? "rates are 0 until the next epoch"
                                                     : "rates are 0";
    }
    if (has_left(run)) {
        return "left before the epoch's end";
    }
    if (member->is_in_epoch) {
        return "points are given when the epoch ends";
    }
    if (!member->is_next || run->state.state == PM_CHAIN_STATE_FINISHED) {
        return "took part in no epoch to its end";
    }
    return is_under_way(run->state.state) ? "joined after the epoch began"
                                          : "no epoch has begun since it joined";
}
