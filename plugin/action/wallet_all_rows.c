/* wallet_all_rows.c - a wallet in all runs: the runs that it has a part in, and those that it may
 * join. */

#include "action/wallet.h"

#define ORIGINS_MOST (2 * PM_WALLET_QUESTIONS_MOST)

bool pm_wallet_has_joined(const struct pm_wallet_run *run)
{
    return run->member.is_member || run->member.is_in_epoch || run->member.has_exited;
}

bool pm_wallet_has_part(const struct pm_wallet_run *run)
{
    return pm_wallet_has_joined(run) || run->rewards.has_participant;
}

bool pm_wallet_is_joining(const struct pm_wallet *wallet, const struct pm_wallet_run *run)
{
    bool is_unsure = run->ask && pm_wallet_is_way_unsure(run, wallet->who.has_other);
    return is_unsure || pm_wallet_way_in(run) != PM_GRANTEE_COUNT ||
           run->grants[PM_GRANTEE_WALLET].leave > PM_LEAVE_ABSENT ||
           run->grants[PM_GRANTEE_OTHER].leave > PM_LEAVE_ABSENT;
}

bool pm_wallet_may_join(const struct pm_wallet *wallet, const struct pm_wallet_run *run)
{
    const struct pm_wallet_look *look = &wallet->look;
    return !run->member.is_next &&
           pm_can_join(&look->who, &look->account, run).verdict == PM_JOIN_YES;
}

/* --- sums --- */

static void count_status(const struct pm_wallet_run *run, struct pm_wallet_sums *sums)
{
    pm_str word = pm_str_from(pm_member_word(run));
    sums->active += pm_str_equal(word, PM_STR("active"));
    sums->pending += pm_str_equal(word, PM_STR("pending"));
    sums->exited += pm_str_equal(word, PM_STR("exited"));
    sums->past += pm_str_equal(word, PM_STR("past"));
}

static void add_points(const struct pm_wallet_run *run, struct pm_wallet_sums *sums)
{
    const struct pm_wallet_rewards *rewards = &run->rewards;
    const char *funded = pm_wallet_funded_word(run);
    sums->earned = pm_big_add(sums->earned, pm_big_from_u64(run->member.earned));
    sums->slashed = pm_big_add(sums->slashed, pm_big_from_u64(run->member.slashed));
    bool is_known = pm_wallet_knows_unclaimed(run);
    if (is_known) {
        sums->unclaimed = pm_big_add(sums->unclaimed, pm_big_from_u64(pm_wallet_unclaimed(run)));
        sums->claimed =
            pm_big_add(sums->claimed, pm_big_from_u64(rewards->participant.claimed_points));
    }
    sums->unsure += !rewards->is_known || (rewards->has_treasurer && !is_known);
    sums->short_of += funded && !pm_str_equal(pm_str_from(funded), PM_STR("enough"));
}

struct pm_wallet_sums pm_wallet_sum(const struct pm_wallet *wallet)
{
    struct pm_big zero = pm_big_from_u64(0);
    struct pm_wallet_sums sums = {
        .earned = zero, .slashed = zero, .unclaimed = zero, .claimed = zero};
    const struct pm_wallet_look *look = &wallet->look;
    for (size_t i = 0; i < look->count; i++) {
        const struct pm_wallet_run *run = &look->runs[i];
        sums.may_join += pm_wallet_may_join(wallet, run);
        if (pm_wallet_has_part(run)) {
            sums.runs += pm_wallet_has_joined(run);
            count_status(run, &sums);
            add_points(run, &sums);
        }
    }
    return sums;
}

/* --- memberships --- */

static const char *state_word(const struct pm_wallet *wallet, const struct pm_wallet_run *run)
{
    return run->has_state
               ? pm_arena_cstr(wallet->call->arena, pm_chain_state_word(run->state.state))
               : NULL;
}

static void add_word(struct pm_table *table, const char *word)
{
    if (word) {
        pm_cell_own(table, word);
    } else {
        pm_cell_null(table);
    }
}

static void add_points_cell(struct pm_table *table, bool is_known, uint64_t points)
{
    if (is_known) {
        pm_cell_big(table, pm_big_from_u64(points));
    } else {
        pm_cell_null(table);
    }
}

static const char *client_word(const struct pm_wallet *wallet, bool is_there,
                               enum pm_chain_client_state state)
{
    return is_there ? pm_arena_cstr(wallet->call->arena, pm_chain_client_state_word(state)) : NULL;
}

static void add_full_cells(const struct pm_wallet *wallet, struct pm_table *table,
                           const struct pm_wallet_run *run)
{
    const struct pm_wallet_member *member = &run->member;
    const struct pm_wallet_rewards *rewards = &run->rewards;
    struct pm_arena *arena = wallet->call->arena;
    add_points_cell(table, member->is_member, member->active);
    add_word(table, client_word(wallet, member->is_in_epoch, member->epoch_state));
    add_word(table, client_word(wallet, member->has_exited, member->exited_state));
    add_points_cell(table, rewards->has_participant, rewards->participant.claimed_collateral);
    add_points_cell(table, rewards->has_balance, rewards->balance);
    add_word(table, rewards->has_treasurer
                        ? pm_wallet_key_text(arena, &rewards->treasurer.collateral_mint)
                        : NULL);
}

/* The id as it is shown goes into the token, so that it survives any transport. */
static const struct pm_clean *make_token(struct pm_arena *arena, pm_str id)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, SIZE_MAX / 2);
    pm_buf_add_c(&buf, "m.");
    pm_buf_add(&buf, id);
    return pm_clean(arena, PM_TEXT_ID, pm_buf_text(&buf));
}

static void write_membership(const struct pm_wallet *wallet, struct pm_table *table,
                             const struct pm_wallet_run *run)
{
    struct pm_arena *arena = wallet->call->arena;
    const struct pm_wallet_rewards *rewards = &run->rewards;
    bool has_claims = rewards->has_treasurer && rewards->is_participant_known;
    pm_cell_text(table, pm_clean(arena, PM_TEXT_ID, run->instance.run_id));
    add_word(table, run->has_state ? pm_member_word(run) : NULL);
    add_word(table, state_word(wallet, run));
    add_points_cell(table, run->member.is_member, run->member.earned);
    add_points_cell(table, run->member.is_member, run->member.slashed);
    add_points_cell(table, pm_wallet_knows_unclaimed(run), pm_wallet_unclaimed(run));
    add_points_cell(table, has_claims, rewards->participant.claimed_points);
    add_word(table, pm_wallet_funded_word(run));
    add_word(table, pm_why_zero(run));
    if (wallet->call->request->is_full) {
        add_full_cells(wallet, table, run);
    }
    pm_row_end(table, make_token(arena, run->instance.run_id));
}

static size_t gather(const struct pm_wallet *wallet, const struct pm_origin *origins[ORIGINS_MOST],
                     bool with_money)
{
    const struct pm_wallet_look *look = &wallet->look;
    size_t count = 0;
    for (size_t i = 0; i < look->chunk_count; i++) {
        if (look->chunks[i]->taken) {
            origins[count++] = pm_origin_of(&wallet->call->batch, look->chunks[i]->taken);
        }
    }
    for (size_t i = 0; with_money && i < look->money_count; i++) {
        if (look->money[i]->taken) {
            origins[count++] = pm_origin_of(&wallet->call->batch, look->money[i]->taken);
        }
    }
    return count;
}

static void write_memberships(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    static const char *const brief[] = {"run_id",    "status",  "phase",  "earned",   "slashed",
                                        "unclaimed", "claimed", "funded", "why_zero", NULL};
    static const char *const full[] = {"run_id",         "status",    "phase",       "earned",
                                       "slashed",        "unclaimed", "claimed",     "funded",
                                       "why_zero",       "active",    "epoch_state", "exited",
                                       "claimed_amount", "balance",   "mint",        NULL};
    static const struct pm_table_spec specs[] = {{.columns = brief, .rank = 1, .is_paged = true},
                                                 {.columns = full, .rank = 1, .is_paged = true}};
    const struct pm_wallet_look *look = &wallet->look;
    const struct pm_origin *origins[ORIGINS_MOST];
    size_t count = gather(wallet, origins, true), earlier = 0, written = 0, total = 0;
    struct pm_table *table = pm_table_open(answer, "memberships",
                                           &specs[wallet->call->request->is_full], origins, count);
    for (size_t i = 0; i < look->count; i++) {
        const struct pm_wallet_run *run = &look->runs[i];
        if (!pm_wallet_has_part(run)) {
            continue;
        }
        total++;
        if (wallet->after.len && pm_str_compare(run->instance.run_id, wallet->after) <= 0) {
            earlier++;
        } else if (written < wallet->call->request->limit) {
            written++;
            write_membership(wallet, table, run);
        }
    }
    pm_table_total(table, total);
    pm_table_earlier(table, earlier);
}

/* --- joining --- */

/* The words of all that stands in the way. */
static const char *obstacles(struct pm_arena *arena, const struct pm_join *join)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 512);
    for (size_t i = 0; i < join->count; i++) {
        if (pm_join_blocks(join->reasons[i])) {
            pm_buf_add_c(&buf, buf.len ? ", " : "");
            pm_buf_add_c(&buf, pm_join_word(join->reasons[i]));
        }
    }
    return buf.len ? pm_arena_cstr(arena, pm_buf_text(&buf)) : NULL;
}

static const char *listed_word(const struct pm_wallet *wallet, pm_str id)
{
    for (size_t i = 0; i < wallet->listing.count; i++) {
        if (pm_str_equal(wallet->listing.rows[i].info->id, id)) {
            return "yes";
        }
    }
    return wallet->is_list_read ? "no" : NULL;
}

static void write_joining_row(const struct pm_wallet *wallet, struct pm_table *table,
                              const struct pm_wallet_run *run)
{
    struct pm_arena *arena = wallet->call->arena;
    struct pm_join join = pm_can_join(&wallet->look.who, &wallet->look.account, run);
    pm_cell_text(table, pm_clean(arena, PM_TEXT_ID, run->instance.run_id));
    add_word(table, state_word(wallet, run));
    add_word(table, join.way == PM_GRANTEE_COUNT ? NULL : pm_wallet_grantee_words(join.way));
    add_word(table, pm_join_verdict_word(join.verdict));
    add_word(table, run->has_state ? pm_next_opening(&run->state).when : NULL);
    add_word(table, obstacles(arena, &join));
    add_word(table, listed_word(wallet, run->instance.run_id));
    if (wallet->call->request->is_full) {
        add_word(table, pm_wallet_key_text(arena, &run->instance.join_authority));
        add_word(table, pm_wallet_key_text(arena, &run->instance.main_authority));
    }
    pm_row_end(table, NULL);
}

static void write_joining(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    static const char *const brief[] = {
        "run_id", "phase", "by", "can_join", "opens", "in_way", "listed [tracked]", NULL};
    static const char *const full[] = {
        "run_id",         "phase",          "by", "can_join", "opens", "in_way", "listed [tracked]",
        "join_authority", "main_authority", NULL};
    static const struct pm_table_spec specs[] = {{.columns = brief}, {.columns = full}};
    const struct pm_wallet_look *look = &wallet->look;
    const struct pm_origin *origins[ORIGINS_MOST + 1];
    size_t count = gather(wallet, origins, false), written = 0, total = 0;
    if (wallet->is_list_read) {
        origins[count++] = pm_origin_of(&wallet->call->batch, wallet->runs);
    }
    struct pm_table *table =
        pm_table_open(answer, "joining", &specs[wallet->call->request->is_full], origins, count);
    for (size_t i = 0; i < look->count; i++) {
        if (pm_wallet_is_joining(wallet, &look->runs[i])) {
            total++;
            if (written < wallet->call->request->limit) {
                written++;
                write_joining_row(wallet, table, &look->runs[i]);
            }
        }
    }
    pm_table_total(table, total);
}

void pm_wallet_write_tables(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    if (wallet->look.account_ask || wallet->look.count) {
        write_memberships(wallet, answer);
        write_joining(wallet, answer);
    }
}
