/* wallet.c - what a run's accounts on Solana say of one wallet. */

#include "source/wallet.h"

#include "chain/pda.h"

#define SCRATCH_BYTES ((size_t)2 << 20) /* a coordinator account, decoded */

static const struct pm_key EVERYBODY;

/* --- who --- */

bool pm_wallet_who_read(const struct pm_settings *settings, pm_str address,
                        struct pm_wallet_who *who, const char **problem)
{
    const struct pm_program_id *programs = settings->programs;
    *who = (struct pm_wallet_who){0};
    (void)pm_key_read(programs[PM_PSYCHE_COORDINATOR].text, &who->coordinator);
    (void)pm_key_read(programs[PM_PSYCHE_TREASURER].text, &who->treasurer);
    (void)pm_key_read(programs[PM_PSYCHE_AUTHORIZER].text, &who->authorizer);
    (void)pm_key_read(programs[PM_PSYCHE_POOL].text, &who->pool);
    who->has_other = pm_key_read(settings->wallet_authorizer, &who->other) == PM_KEY_OK;
    switch (pm_key_read(address, &who->key)) {
    case PM_KEY_OK:
        return true;
    case PM_KEY_WRONG_SIZE:
        *problem = "it does not stand for 32 bytes";
        return false;
    case PM_KEY_INVALID:
        break;
    }
    *problem = "it has a character that is not of base58 (0, O, I, l and signs are not)";
    return false;
}

bool pm_wallet_run_make(const struct pm_wallet_who *who, const struct pm_instance *instance,
                        struct pm_wallet_run *run)
{
    const struct pm_key *grantees[PM_GRANTEE_COUNT] = {
        [PM_GRANTEE_EVERYBODY] = &EVERYBODY,
        [PM_GRANTEE_WALLET] = &who->key,
        [PM_GRANTEE_OTHER] = &who->other,
    };
    *run = (struct pm_wallet_run){.instance = *instance};
    bool ok = pm_pda_instance(&who->coordinator, instance->run_id, &run->instance_key) &&
              pm_pda_run(&who->treasurer, pm_pda_run_index(instance->run_id),
                         &run->default_treasurer_key);
    /* A treasurer's run is an address that was derived, so a key that signs is none. */
    run->may_be_paid_by_owner = !pm_key_is_on_curve(&instance->main_authority);
    ok = ok && pm_pda_participant(&who->treasurer,
                                  run->may_be_paid_by_owner ? &instance->main_authority
                                                            : &run->default_treasurer_key,
                                  &who->key, &run->presumed_part_key);
    for (int i = 0; ok && i < PM_GRANTEE_COUNT; i++) {
        ok = pm_pda_authorization(&who->authorizer, &instance->join_authority, grantees[i],
                                  &run->grant_keys[i]);
    }
    return ok;
}

const struct pm_rpc_row *pm_wallet_find_row(const struct pm_rpc_accounts *accounts,
                                            const struct pm_key *key)
{
    for (size_t i = 0; i < accounts->count; i++) {
        if (pm_key_equal(&accounts->rows[i].key, key)) {
            return &accounts->rows[i];
        }
    }
    return NULL;
}

/* --- the run's state --- */

static void take_state(const struct pm_coordinator *from, struct pm_wallet_run *run)
{
    const struct pm_coordinator_config *config = &from->head.config;
    struct pm_coordinator_sums sums = pm_coordinator_sum(&from->tail);
    run->state = (struct pm_wallet_state){
        .state = from->head.state,
        .epoch = from->head.epoch,
        .init_min_clients = config->init_min_clients,
        .min_clients = config->min_clients,
        .batch_size_end = config->batch_size_end,
        .epoch_time = config->epoch_time,
        .cooldown_time = config->cooldown_time,
        .epoch_started_at = from->tail.epoch_started_at,
        .state_started_at = from->tail.state_started_at,
        .step = from->head.step,
        .total_steps = config->total_steps,
        .client_count = from->tail.client_count,
        .member_count = from->tail.member_count,
        .next_epoch_clients = sums.next_epoch_clients,
        .pending_pause = from->tail.pending_pause != 0,
        .current_rates = from->tail.current_rates,
        .future_rates = from->tail.future_rates,
        .name = from->head.name,
        .client_version = from->tail.client_version,
        .checkpoint = from->head.model.checkpoint,
    };
}

/* All 32 bytes count: Psyche's own tools show four, which two wallets may share. Of a key that stands
 * in a list twice the first is taken, as these tools do. */
static void take_member(const struct pm_coordinator *from, const struct pm_key *key,
                        struct pm_wallet_member *out)
{
    *out = (struct pm_wallet_member){0};
    for (size_t i = 0; i < from->tail.member_count && !out->is_member; i++) {
        const struct pm_coordinator_member *member = &from->tail.members[i];
        if (pm_key_equal(&member->id.signer, key)) {
            out->is_member = true;
            out->earned = member->earned;
            out->slashed = member->slashed;
            out->active = member->active;
            out->is_next = member->active == from->tail.next_active;
            out->was_next =
                from->tail.next_active > 0 && member->active == from->tail.next_active - 1;
        }
    }
    for (size_t i = 0; i < from->tail.client_count && !out->is_in_epoch; i++) {
        if (pm_key_equal(&from->clients[i].id.signer, key)) {
            out->is_in_epoch = true;
            out->epoch_state = from->clients[i].state;
            out->epoch_height = from->clients[i].exited_height;
        }
    }
    for (size_t i = 0; i < from->tail.exited_count && !out->has_exited; i++) {
        if (pm_key_equal(&from->tail.exited[i].id.signer, key)) {
            out->has_exited = true;
            out->exited_state = from->tail.exited[i].state;
            out->exited_height = from->tail.exited[i].exited_height;
        }
    }
}

/* Decoded aside: of what two hundred runs hold only the wallet's rows are kept. */
static void read_state(const struct pm_wallet_who *who, const struct pm_rpc_row *row,
                       struct pm_wallet_run *run)
{
    struct pm_chain_part *part = &run->account_part;
    struct pm_coordinator coordinator;
    struct pm_arena scratch;
    *part = (struct pm_chain_part){.is_asked = true};
    pm_arena_init(&scratch, SCRATCH_BYTES);
    part->verdict = pm_coordinator_read(&scratch, &row->account, &who->coordinator, &coordinator,
                                        &part->problem);
    if (part->verdict == PM_ACCOUNT_OK &&
        !pm_instance_has_run_id(&run->instance, coordinator.head.run_id)) {
        part->verdict = pm_account_say(&part->problem, PM_ACCOUNT_BAD,
                                       "it names another run than its instance");
    }
    run->has_state = part->verdict == PM_ACCOUNT_OK;
    run->lacks_memory = scratch.lacks_memory;
    if (run->has_state) {
        take_state(&coordinator, run);
        take_member(&coordinator, &who->key, &run->member);
    }
    pm_arena_finish(&scratch);
}

/* --- leave to join --- */

struct pm_wallet_grant pm_wallet_judge_leave(const struct pm_wallet_who *who,
                                             const struct pm_authorization *leave,
                                             const struct pm_key *grantor)
{
    const bool holds[PM_LEAVE_COUNT] = {
        [PM_LEAVE_OTHER_GRANTOR] = !pm_key_equal(&leave->grantor, grantor),
        [PM_LEAVE_OTHER_SCOPE] = !pm_str_equal(leave->scope, PM_STR(PM_AUTHORIZATION_JOIN_RUN)),
        [PM_LEAVE_INACTIVE] = !leave->is_active,
        [PM_LEAVE_OTHER_GRANTEE] = !pm_authorization_names(leave, &who->key),
    };
    struct pm_wallet_grant grant = {.leave = PM_LEAVE_VALID,
                                    .delegates = leave->delegate_count,
                                    .delegate_keys = leave->delegates,
                                    .granted_at = leave->granted_at};
    for (unsigned i = PM_LEAVE_COUNT; i-- > 0;) {
        if (holds[i]) {
            grant.leave = (enum pm_leave)i;
            grant.flaws |= 1U << i;
        }
    }
    return grant;
}

static void read_grant(const struct pm_wallet_who *who, const struct pm_rpc_row *row,
                       struct pm_wallet_run *run, enum pm_grantee grantee)
{
    struct pm_wallet_grant *grant = &run->grants[grantee];
    struct pm_authorization leave;
    struct pm_account_problem problem;
    /* What the node has spoilt on its way may well be one. */
    *grant = (struct pm_wallet_grant){.leave = row->account.unreadable ? PM_LEAVE_UNKNOWN
                                                                       : PM_LEAVE_UNREADABLE};
    switch (pm_authorization_read(&row->account, &who->authorizer, &leave, &problem)) {
    case PM_ACCOUNT_ABSENT:
        grant->leave = PM_LEAVE_ABSENT;
        break;
    case PM_ACCOUNT_OK:
        *grant = pm_wallet_judge_leave(who, &leave, &run->instance.join_authority);
        break;
    case PM_ACCOUNT_BAD:
    case PM_ACCOUNT_LAYOUT_UNKNOWN:
        break;
    }
}

/* --- rewards --- */

/* Where the treasurer's other accounts are; false when there are no such addresses. */
static bool find_keys(const struct pm_wallet_who *who, const struct pm_key *address,
                      const struct pm_key *mint, struct pm_wallet_run *run)
{
    return pm_pda_participant(&who->treasurer, address, &who->key, &run->participant_key) &&
           pm_pda_token_account(address, mint, &run->funds_key) &&
           pm_pda_token_account(&who->key, mint, &run->balance_key);
}

/* A treasurer's account counts when it is of this very run. Whether that is known. */
static bool read_treasurer(const struct pm_wallet_who *who, const struct pm_rpc_row *row,
                           struct pm_wallet_run *run)
{
    struct pm_wallet_rewards *rewards = &run->rewards;
    struct pm_account_problem problem;
    struct pm_treasurer_run treasurer;
    if (!row || row->account.unreadable) {
        return false;
    }
    if (!row->account.is_there || !pm_key_equal(&row->account.owner, &who->treasurer)) {
        return true;
    }
    if (pm_treasurer_run_read(&row->account, &who->treasurer, &treasurer, &problem) !=
        PM_ACCOUNT_OK) {
        return false;
    }
    if (!rewards->has_treasurer &&
        pm_key_equal(&treasurer.coordinator_instance, &run->instance_key) &&
        find_keys(who, &row->key, &treasurer.collateral_mint, run)) {
        rewards->has_treasurer = true;
        rewards->treasurer = treasurer;
    }
    return true;
}

static void read_treasurers(const struct pm_wallet_who *who, const struct pm_rpc_accounts *accounts,
                            struct pm_wallet_run *run)
{
    run->rewards = (struct pm_wallet_rewards){0};
    bool knows_first =
        read_treasurer(who, pm_wallet_find_row(accounts, &run->default_treasurer_key), run);
    bool knows_second =
        !run->may_be_paid_by_owner ||
        read_treasurer(who, pm_wallet_find_row(accounts, &run->instance.main_authority), run);
    run->rewards.is_known = run->rewards.has_treasurer || (knows_first && knows_second);
}

static void read_participant(const struct pm_wallet_who *who, const struct pm_rpc_row *row,
                             struct pm_wallet_rewards *rewards)
{
    struct pm_account_problem problem;
    if (!row) {
        return;
    }
    enum pm_account_verdict verdict =
        pm_participant_read(&row->account, &who->treasurer, &rewards->participant, &problem);
    rewards->has_participant = verdict == PM_ACCOUNT_OK;
    rewards->is_participant_known = verdict == PM_ACCOUNT_OK || verdict == PM_ACCOUNT_ABSENT;
}

void pm_wallet_read_run(const struct pm_wallet_who *who, const struct pm_rpc_accounts *accounts,
                        struct pm_wallet_run *run)
{
    const struct pm_rpc_row *state =
        pm_wallet_find_row(accounts, &run->instance.coordinator_account);
    if (state) {
        read_state(who, state, run);
    }
    read_treasurers(who, accounts, run);
    if (run->rewards.has_treasurer) {
        read_participant(who, pm_wallet_find_row(accounts, &run->participant_key), &run->rewards);
    }
    for (int i = 0; i < PM_GRANTEE_COUNT; i++) {
        const struct pm_rpc_row *leave = pm_wallet_find_row(accounts, &run->grant_keys[i]);
        if (leave && (i != PM_GRANTEE_OTHER || who->has_other)) {
            read_grant(who, leave, run, (enum pm_grantee)i);
        }
    }
}

static bool read_amount(const struct pm_rpc_row *row, uint64_t *amount)
{
    struct pm_account_problem problem;
    struct pm_token_account tokens;
    if (!row) {
        return false;
    }
    enum pm_account_verdict verdict = pm_token_account_read(&row->account, &tokens, &problem);
    *amount = verdict == PM_ACCOUNT_OK ? tokens.amount : 0;
    return verdict == PM_ACCOUNT_OK || verdict == PM_ACCOUNT_ABSENT;
}

void pm_wallet_read_money(const struct pm_wallet_who *who, const struct pm_rpc_accounts *accounts,
                          struct pm_wallet_run *run)
{
    struct pm_wallet_rewards *rewards = &run->rewards;
    struct pm_account_problem problem;
    const struct pm_rpc_row *mint =
        pm_wallet_find_row(accounts, &rewards->treasurer.collateral_mint);
    read_participant(who, pm_wallet_find_row(accounts, &run->participant_key), rewards);
    rewards->has_mint =
        mint && pm_mint_read(&mint->account, &rewards->mint, &problem) == PM_ACCOUNT_OK;
    rewards->has_funds =
        read_amount(pm_wallet_find_row(accounts, &run->funds_key), &rewards->funds);
    rewards->has_balance =
        read_amount(pm_wallet_find_row(accounts, &run->balance_key), &rewards->balance);
}

/* --- what follows --- */

enum pm_grantee pm_wallet_way_in(const struct pm_wallet_run *run)
{
    int i = 0;
    while (i < PM_GRANTEE_COUNT && run->grants[i].leave != PM_LEAVE_VALID) {
        i++;
    }
    return (enum pm_grantee)i;
}

bool pm_wallet_is_way_unsure(const struct pm_wallet_run *run, bool has_other)
{
    for (int i = 0; i < PM_GRANTEE_COUNT; i++) {
        enum pm_leave leave = run->grants[i].leave;
        bool is_wanted = i != PM_GRANTEE_OTHER || has_other;
        if (is_wanted && leave == PM_LEAVE_UNKNOWN) {
            return true;
        }
    }
    return false;
}

bool pm_wallet_knows_unclaimed(const struct pm_wallet_run *run)
{
    return run->has_state && run->rewards.has_treasurer && run->rewards.is_participant_known;
}

uint64_t pm_wallet_unclaimed(const struct pm_wallet_run *run)
{
    uint64_t claimed = run->rewards.participant.claimed_points;
    return run->member.earned > claimed ? run->member.earned - claimed : 0;
}
