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

/* Of the leaves that are there but let nobody in, all that is wrong with each. */
static void judge_leaves(const struct pm_wallet_run *run, bool holds[PM_JOIN_REASON_COUNT])
{
    static const struct {
        enum pm_leave leave;
        enum pm_join_reason reason;
    } rows[] = {
        {PM_LEAVE_UNREADABLE, PM_JOIN_UNREADABLE},
        {PM_LEAVE_INACTIVE, PM_JOIN_INACTIVE},
        {PM_LEAVE_OTHER_GRANTOR, PM_JOIN_OTHER_GRANTOR},
        {PM_LEAVE_OTHER_GRANTEE, PM_JOIN_OTHER_GRANTEE},
        {PM_LEAVE_OTHER_SCOPE, PM_JOIN_OTHER_SCOPE},
    };
    unsigned flaws = 0;
    bool is_any = false;
    for (int i = 0; i < PM_GRANTEE_COUNT; i++) {
        flaws |= run->grants[i].flaws | 1U << run->grants[i].leave;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (flaws & 1U << rows[i].leave) {
            holds[rows[i].reason] = is_any = true;
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

/* Who is in the list keeps its place. The program compares the two numbers and nothing else: a run
 * that is not set up has none of either, and takes nobody. */
static void judge_places(const struct pm_wallet_run *run, bool holds[PM_JOIN_REASON_COUNT])
{
    size_t joined = run->state.member_count;
    holds[PM_JOIN_NO_SLOT] = !run->member.is_member && joined >= PLACES;
    holds[PM_JOIN_BATCH_FULL] = !run->member.is_member && joined == run->state.batch_size_end;
}

static bool is_wallet(enum pm_wallet_kind kind)
{
    return kind == PM_WALLET_PLAIN || kind == PM_WALLET_ABSENT || kind == PM_WALLET_UNKNOWN;
}

/* Nothing stands in its way: then one in that is not there is one that is not known. */
static bool is_unsure(const struct pm_wallet_account *account, const struct pm_wallet_run *run)
{
    return !run->has_state || account->kind == PM_WALLET_UNKNOWN ||
           pm_wallet_way_in(run) == PM_GRANTEE_COUNT;
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
    holds[PM_JOIN_NO_SOL] = account->kind != PM_WALLET_UNKNOWN && account->lamports == 0;
    holds[PM_JOIN_NO_WALLET] = !is_wallet(account->kind);
    for (int i = 0; i < PM_JOIN_REASON_COUNT; i++) {
        if (holds[i]) {
            join.reasons[join.count++] = (enum pm_join_reason)i;
            is_blocked = is_blocked || ROWS[i].blocks;
        }
    }
    join.verdict = is_blocked                ? PM_JOIN_NO
                   : is_unsure(account, run) ? PM_JOIN_UNKNOWN
                                             : PM_JOIN_YES;
    return join;
}

/* --- Psyche's own tool --- */

/* In the order in which it looks: what it would not come to need not be known. */
const char *pm_can_join_by_tool(const struct pm_wallet_account *account,
                                const struct pm_wallet_run *run, enum pm_grantee grantee)
{
    enum pm_chain_state state = run->state.state;
    enum pm_leave leave = run->grants[grantee].leave;
    bool is_open = state == PM_CHAIN_STATE_PAUSED || state == PM_CHAIN_STATE_UNINITIALIZED;
    if (account->kind == PM_WALLET_UNKNOWN) {
        return NULL;
    }
    if (account->lamports == 0) {
        return "no: no lamports";
    }
    if (leave == PM_LEAVE_UNKNOWN || leave == PM_LEAVE_UNREADABLE) {
        return NULL;
    }
    if (leave == PM_LEAVE_ABSENT) {
        return "no: Authorization does not exist";
    }
    if (leave != PM_LEAVE_VALID) {
        return "no: Authorization invalid";
    }
    if (!run->has_state) {
        return NULL;
    }
    return run->member.is_in_epoch && !is_open ? "no: already in this epoch" : "yes";
}

/* --- when --- */

static bool add_all(uint64_t start, uint64_t length, uint64_t more, uint64_t *at)
{
    return start > 0 && !__builtin_add_overflow(start, length, at) &&
           !__builtin_add_overflow(*at, more, at);
}

/* A pause that was asked for ends the epoch with the round that is under way, so only its cooldown
 * has an end that can be known. */
static struct pm_opening opening_of_epoch(const struct pm_wallet_state *state)
{
    struct pm_opening opening = {.when = state->pending_pause ? "after_a_pause" : "next_epoch"};
    bool is_cooling = state->state == PM_CHAIN_STATE_COOLDOWN;
    if (is_cooling) {
        opening.has_time = add_all(state->state_started_at, state->cooldown_time, 0, &opening.at);
    } else if (!state->pending_pause) {
        opening.has_time =
            add_all(state->epoch_started_at, state->epoch_time, state->cooldown_time, &opening.at);
    }
    if (is_cooling && state->step >= state->total_steps && state->total_steps > 0) {
        opening.when = "never";
        opening.why = "its last step is done: the run finishes with this cooldown";
    } else if (state->pending_pause) {
        opening.why = "it pauses after the cooldown; the account does not say for how long";
    } else if (is_cooling) {
        opening.why = "this cooldown's start and its length";
    } else {
        opening.why = "this epoch's start, its length and the cooldown; the last step may run on";
    }
    return opening;
}

struct pm_opening pm_next_opening(const struct pm_wallet_state *state)
{
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
    return opening_of_epoch(state);
}

/* --- the wallet in a run --- */

/* A pause withdraws all who are still in the epoch, whether they wanted to leave or not; those who
 * left before are in the other list by then. */
static bool is_withdrawn_by_pause(const struct pm_wallet_run *run)
{
    const struct pm_wallet_member *member = &run->member;
    return run->state.state == PM_CHAIN_STATE_PAUSED && member->is_in_epoch &&
           !member->has_exited && member->epoch_state == PM_CHAIN_CLIENT_WITHDRAWN;
}

static bool has_left(const struct pm_wallet_run *run)
{
    const struct pm_wallet_member *member = &run->member;
    return member->has_exited ||
           (member->is_in_epoch && member->epoch_state != PM_CHAIN_CLIENT_HEALTHY &&
            !is_withdrawn_by_pause(run));
}

const char *pm_member_word(const struct pm_wallet_run *run)
{
    const struct pm_wallet_member *member = &run->member;
    enum pm_chain_state state = run->state.state;
    bool is_ready = member->is_member && member->is_next && state != PM_CHAIN_STATE_FINISHED;
    /* While a run waits, its lists are still those of the epoch before. */
    if (has_left(run) && !(is_ready && state == PM_CHAIN_STATE_WAITING_FOR_MEMBERS)) {
        return "exited";
    }
    if (member->is_in_epoch && is_under_way(state)) {
        return "active";
    }
    if (is_ready) {
        return "pending";
    }
    return member->is_member || member->is_in_epoch ? "past" : "none";
}

/* Nothing is left for it to claim, though it has earned. */
static const char *why_no_claim(const struct pm_wallet_run *run)
{
    const struct pm_wallet_rewards *rewards = &run->rewards;
    if (rewards->is_known && !rewards->has_treasurer) {
        return "nothing to claim: the run has no treasurer";
    }
    return pm_wallet_knows_unclaimed(run) && pm_wallet_unclaimed(run) == 0
               ? "nothing to claim: all of it was claimed"
               : NULL;
}

/* It has earned nothing, being in the list of an epoch. */
static const char *why_not_in_epoch(const struct pm_wallet_run *run)
{
    const struct pm_wallet_state *state = &run->state;
    if (is_withdrawn_by_pause(run)) {
        return "withdrawn from the epoch: a pause does that to all who are in it";
    }
    if (!is_under_way(state->state)) {
        return "its last epoch gave it no points";
    }
    return state->current_rates.earning_total < state->client_count
               ? "rates are less than a point for each client"
               : "points are given when the epoch ends";
}

/* It has joined since the last epoch began, be it while that one was warming up: its number is then
 * that epoch's, but it is in neither list. */
static bool is_late(const struct pm_wallet_run *run)
{
    bool has_begun = is_under_way(run->state.state);
    return has_begun && (run->member.is_next ||
                         (run->member.was_next && run->state.state != PM_CHAIN_STATE_WARMUP));
}

const char *pm_why_zero(const struct pm_wallet_run *run)
{
    const struct pm_wallet_member *member = &run->member;
    const struct pm_wallet_state *state = &run->state;
    if (!member->is_member || !run->has_state) {
        return NULL;
    }
    if (member->earned > 0) {
        return why_no_claim(run);
    }
    if (state->current_rates.earning_total == 0) {
        return state->future_rates.earning_total ? "rates are 0 until the next epoch"
                                                 : "rates are 0";
    }
    if (has_left(run)) {
        return "left before the epoch's end";
    }
    if (member->is_in_epoch) {
        return why_not_in_epoch(run);
    }
    if (is_late(run)) {
        return "joined after the epoch began";
    }
    return member->is_next && state->state != PM_CHAIN_STATE_FINISHED
               ? "no epoch has begun since it joined"
               : "finished no epoch that gave points";
}
