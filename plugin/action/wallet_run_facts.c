/* wallet_run_facts.c - a wallet in one run: what the chain's accounts say, and what stands in the way. */

#include "action/wallet.h"

#include "base/date.h"

#define SECONDS_MOST ((uint64_t)PM_DATE_LIMIT_MS / 1000)

/* --- reasons --- */

static const char *text_of(struct pm_arena *arena, const struct pm_buf *buf)
{
    return pm_arena_cstr(arena, pm_buf_text(buf));
}

/* What the field holds, in few words. */
static const char *value_of(const struct pm_wallet *wallet, const struct pm_wallet_run *run,
                            enum pm_join_reason reason)
{
    struct pm_arena *arena = wallet->call->arena;
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 200);
    switch (reason) {
    case PM_JOIN_FINISHED:
    case PM_JOIN_NOT_SET_UP:
    case PM_JOIN_PAUSED:
    case PM_JOIN_NEXT_EPOCH:
        pm_buf_add(&buf, pm_chain_state_word(run->state.state));
        break;
    case PM_JOIN_NO_LEAVE:
        pm_buf_add_c(&buf, "none by ");
        pm_key_add(&buf, &run->instance.join_authority);
        break;
    case PM_JOIN_NO_SLOT:
        pm_buf_addf(&buf, "%zu of %d", run->state.member_count, PM_COORDINATOR_CLIENTS_MOST);
        break;
    case PM_JOIN_BATCH_FULL:
        pm_buf_addf(&buf, "%zu joined, %u sequences", run->state.member_count,
                    (unsigned)run->state.batch_size_end);
        break;
    case PM_JOIN_NO_SOL:
        pm_buf_add_c(&buf, wallet->look.account.is_there ? "0" : "no account");
        break;
    case PM_JOIN_NO_WALLET:
        pm_buf_add_c(&buf, pm_wallet_kind_words(wallet->look.account.kind));
        break;
    case PM_JOIN_IN_EPOCH:
        pm_buf_add(&buf, pm_chain_client_state_word(run->member.epoch_state));
        break;
    case PM_JOIN_INACTIVE:
        pm_buf_add_c(&buf, "false");
        break;
    case PM_JOIN_PAUSE_ASKED:
        pm_buf_add_c(&buf, "true");
        break;
    case PM_JOIN_OTHER_GRANTOR:
    case PM_JOIN_OTHER_GRANTEE:
    case PM_JOIN_OTHER_SCOPE:
    case PM_JOIN_UNREADABLE:
    case PM_JOIN_VERSION:
    case PM_JOIN_REASON_COUNT:
        break;
    }
    return buf.len ? text_of(arena, &buf) : NULL;
}

static void add_value_cell(const struct pm_wallet *wallet, struct pm_table *table,
                           const struct pm_wallet_run *run, enum pm_join_reason reason)
{
    const char *value = value_of(wallet, run, reason);
    if (reason == PM_JOIN_VERSION) {
        pm_cell_text(table,
                     pm_clean(wallet->call->arena, PM_TEXT_OTHER, run->state.client_version.shown));
    } else if (value) {
        pm_cell_own(table, value);
    } else {
        pm_cell_null(table);
    }
}

void pm_wallet_write_reasons(const struct pm_wallet *wallet, struct pm_answer *answer,
                             const struct pm_wallet_run *run, const struct pm_join *join)
{
    static const char *const columns[] = {"reason", "in_way", "source", "field",
                                          "value",  "do",     NULL};
    static const struct pm_table_spec spec = {.columns = columns, .rank = 2};
    const struct pm_origin *origin = pm_origin_of(&wallet->call->batch, run->ask);
    struct pm_table *table = pm_table_open(answer, "reasons", &spec, &origin, 1);
    for (size_t i = 0; i < join->count; i++) {
        enum pm_join_reason reason = join->reasons[i];
        pm_cell_own(table, pm_join_word(reason));
        pm_cell_own(table, pm_join_blocks(reason) ? "yes" : "no");
        pm_cell_own(table, pm_source_label(PM_SOURCE_ON_CHAIN));
        pm_cell_own(table, pm_join_field(reason));
        add_value_cell(wallet, table, run, reason);
        pm_cell_own(table, pm_join_todo(reason));
        pm_row_end(table, NULL);
    }
}

/* --- leaves --- */

void pm_wallet_write_leaves(const struct pm_wallet *wallet, struct pm_answer *answer,
                            const struct pm_wallet_run *run)
{
    static const char *const columns[] = {"for",       "state",      "grantor",
                                          "delegates", "granted_at", NULL};
    static const struct pm_table_spec spec = {.columns = columns};
    const struct pm_origin *origin = pm_origin_of(&wallet->call->batch, run->ask);
    struct pm_table *table = pm_table_open(answer, "authorizations", &spec, &origin, 1);
    for (int i = 0; i < PM_GRANTEE_COUNT; i++) {
        const struct pm_wallet_grant *grant = &run->grants[i];
        bool is_there = grant->leave > PM_LEAVE_UNREADABLE;
        if (i == PM_GRANTEE_OTHER && !wallet->who.has_other) {
            continue;
        }
        pm_cell_own(table, pm_wallet_grantee_words((enum pm_grantee)i));
        pm_cell_own(table, pm_wallet_leave_word(grant->leave));
        pm_cell_own(table, pm_wallet_key_text(wallet->call->arena, &run->instance.join_authority));
        if (is_there) {
            pm_cell_count(table, grant->delegates);
        } else {
            pm_cell_null(table);
        }
        if (is_there && grant->granted_at > 0 && (uint64_t)grant->granted_at <= SECONDS_MOST) {
            pm_cell_date(table, grant->granted_at * 1000);
        } else {
            pm_cell_null(table);
        }
        pm_row_end(table, NULL);
    }
}

static struct pm_key delegate_of(const struct pm_wallet_grant *grant, size_t at)
{
    struct pm_reader reader = pm_reader_at(grant->delegate_keys, at * PM_KEY_BYTES);
    return pm_read_key(&reader);
}

void pm_wallet_write_delegates(const struct pm_wallet *wallet, struct pm_answer *answer,
                               const struct pm_wallet_run *run)
{
    static const char *const columns[] = {"of", "delegate", NULL};
    static const struct pm_table_spec spec = {.columns = columns};
    const struct pm_origin *origin = pm_origin_of(&wallet->call->batch, run->ask);
    struct pm_arena *arena = wallet->call->arena;
    struct pm_table *table = NULL;
    for (int i = 0; i < PM_GRANTEE_COUNT; i++) {
        const struct pm_wallet_grant *grant = &run->grants[i];
        if (grant->delegates && !table) {
            table = pm_table_open(answer, "delegates", &spec, &origin, 1);
        }
        for (size_t at = 0; at < grant->delegates; at++) {
            struct pm_key key = delegate_of(grant, at);
            pm_cell_own(table, pm_wallet_grantee_words((enum pm_grantee)i));
            pm_cell_own(table, pm_wallet_key_text(arena, &key));
            pm_row_end(table, NULL);
        }
    }
}

/* --- the group --- */

static void put_moment(struct pm_group *group, const char *name, uint64_t seconds)
{
    if (seconds > 0 && seconds <= SECONDS_MOST) {
        pm_put_date(group, name, (int64_t)seconds * 1000);
    }
}

static void put_opening(const struct pm_wallet *wallet, struct pm_group *group,
                        const struct pm_wallet_run *run)
{
    struct pm_opening opening = pm_next_opening(&run->state);
    struct pm_group *sub = pm_group_sub(group, "next_opening");
    pm_put_own(sub, "when", opening.when);
    if (opening.has_time) {
        put_moment(sub, "epoch_ends_about", opening.at);
        if (wallet->call->now_ms > 0 && opening.at < (uint64_t)wallet->call->now_ms / 1000) {
            pm_put_flag(sub, "is_overdue", true);
        }
    }
    pm_put_own(sub, "why", opening.why);
}

static void put_joining(const struct pm_wallet *wallet, struct pm_group *group,
                        const struct pm_wallet_run *run, const struct pm_join *join)
{
    struct pm_arena *arena = wallet->call->arena;
    struct pm_group *sub = pm_group_sub(group, "joining");
    enum pm_grantee asked = wallet->who.has_other ? PM_GRANTEE_OTHER : PM_GRANTEE_EVERYBODY;
    const char *tool = pm_can_join_by_tool(&wallet->look.account, run, asked);
    pm_put_own(sub, "can_join", pm_join_verdict_word(join->verdict));
    if (join->way != PM_GRANTEE_COUNT || !pm_wallet_is_way_unsure(run, wallet->who.has_other)) {
        pm_put_own(sub, "by", pm_wallet_grantee_words(join->way));
    }
    if (tool) {
        pm_put_own(sub, "run_manager_can_join", tool);
    }
    if (run->has_state) {
        pm_put_text(sub, "phase",
                    pm_clean(arena, PM_TEXT_OTHER, pm_chain_state_word(run->state.state)));
        pm_put_count(sub, "joined", run->state.member_count);
        pm_put_count(sub, "ready_for_next_epoch", run->state.next_epoch_clients);
        pm_put_count(sub, "min_to_begin", run->state.init_min_clients);
    }
    pm_put_own(sub, "join_authority", pm_wallet_key_text(arena, &run->instance.join_authority));
    pm_put_own(sub, "main_authority", pm_wallet_key_text(arena, &run->instance.main_authority));
}

static void put_big(struct pm_group *group, const char *name, uint64_t value)
{
    pm_put_big(group, name, pm_big_from_u64(value));
}

static void put_member(const struct pm_wallet *wallet, struct pm_group *group,
                       const struct pm_wallet_run *run)
{
    struct pm_arena *arena = wallet->call->arena;
    const struct pm_wallet_member *member = &run->member;
    struct pm_group *sub = pm_group_sub(group, "membership");
    const char *why = pm_why_zero(run);
    pm_put_own(sub, "status", pm_member_word(run));
    if (member->is_member) {
        put_big(sub, "earned", member->earned);
        put_big(sub, "slashed", member->slashed);
        put_big(sub, "active", member->active);
    }
    if (member->is_in_epoch) {
        pm_put_text(
            sub, "epoch_state",
            pm_clean(arena, PM_TEXT_OTHER, pm_chain_client_state_word(member->epoch_state)));
        if (member->epoch_height) {
            pm_put_count(sub, "epoch_exited_round", member->epoch_height);
        }
    }
    if (member->has_exited) {
        pm_put_text(
            sub, "exited",
            pm_clean(arena, PM_TEXT_OTHER, pm_chain_client_state_word(member->exited_state)));
        pm_put_count(sub, "exited_round", member->exited_height);
        /* While it warms up, the epoch's number is still the one that who joins is given. */
        if (member->is_member && run->state.state != PM_CHAIN_STATE_WARMUP) {
            pm_put_flag(sub, "joined_again", member->is_next);
        }
    }
    if (why) {
        pm_put_own(sub, "why_zero", why);
    }
}

static void put_claims(const struct pm_wallet *wallet, struct pm_group *sub,
                       const struct pm_wallet_run *run)
{
    const struct pm_wallet_rewards *rewards = &run->rewards;
    const char *funded = pm_wallet_funded_word(run);
    if (rewards->is_participant_known) {
        pm_put_flag(sub, "participant", rewards->has_participant);
        if (pm_wallet_knows_unclaimed(run)) {
            put_big(sub, "unclaimed", pm_wallet_unclaimed(run));
        }
        put_big(sub, "claimed_points", rewards->participant.claimed_points);
        put_big(sub, "claimed_amount", rewards->participant.claimed_collateral);
    }
    pm_put_own(sub, "mint",
               pm_wallet_key_text(wallet->call->arena, &rewards->treasurer.collateral_mint));
    if (rewards->has_mint) {
        pm_put_count(sub, "decimals", rewards->mint.decimals);
    }
    if (rewards->has_balance) {
        put_big(sub, "balance", rewards->balance);
    }
    if (rewards->has_funds) {
        put_big(sub, "treasurer_holds", rewards->funds);
    }
    if (funded) {
        pm_put_own(sub, "funded", funded);
    }
}

static void put_rewards(const struct pm_wallet *wallet, struct pm_group *group,
                        const struct pm_wallet_run *run)
{
    const struct pm_wallet_rewards *rewards = &run->rewards;
    struct pm_group *sub = pm_group_sub(group, "rewards");
    if (run->has_state) {
        put_big(sub, "per_epoch_earn", run->state.current_rates.earning_total);
        put_big(sub, "next_per_epoch_earn", run->state.future_rates.earning_total);
    }
    if (rewards->is_known) {
        pm_put_flag(sub, "treasurer", rewards->has_treasurer);
    }
    if (rewards->has_treasurer) {
        put_claims(wallet, sub, run);
    }
}

/* "org" of "org/model": who holds the repository that the run names. */
static void put_repository_owner(const struct pm_wallet *wallet, struct pm_group *group,
                                 const struct pm_wallet_run *run)
{
    const struct pm_coordinator_checkpoint *checkpoint = &run->state.checkpoint;
    pm_str place = checkpoint->place.shown;
    size_t slash = pm_str_find(place, '/');
    if ((checkpoint->kind == PM_CHAIN_CHECKPOINT_HUB ||
         checkpoint->kind == PM_CHAIN_CHECKPOINT_P2P) &&
        slash < place.len) {
        pm_put_text(
            group, "repository_owner",
            pm_clean(wallet->call->arena, PM_TEXT_REPOSITORY, pm_str_slice(place, 0, slash)));
    }
}

void pm_wallet_write_on_chain(const struct pm_wallet *wallet, struct pm_answer *answer,
                              const struct pm_wallet_run *run, const struct pm_join *join)
{
    struct pm_group *group =
        pm_group_open(answer, "on_chain", pm_origin_of(&wallet->call->batch, run->ask));
    pm_wallet_put_account(wallet, group);
    put_joining(wallet, group, run, join);
    if (run->has_state) {
        put_opening(wallet, group, run);
        put_member(wallet, group, run);
    } else if (run->account_part.is_asked) {
        pm_put_text(group, "problem",
                    pm_clean(wallet->call->arena, PM_TEXT_OTHER,
                             pm_str_from(run->account_part.problem.text)));
    }
    put_rewards(wallet, group, run);
    put_repository_owner(wallet, group, run);
}
