/* chain_run.c - one run as its accounts on Solana have it. */

#include "source/chain_run.h"

#include "source/derived.h"
#include "source/seen.h"

/* Places of the first trip. */
enum { AT_INSTANCE, AT_PROGRAM, AT_TREASURER, FIRST_COUNT };

static struct pm_ask *put_trip(struct pm_batch *batch, pm_str url, const void *what, bool carries)
{
    const struct pm_chain_trip *trip = what;
    return pm_rpc_ask_accounts(batch, url, trip->keys, trip->count, NULL, carries);
}

static struct pm_ask *put_first(struct pm_batch *batch, pm_str url, const void *what, bool carries)
{
    const struct pm_chain_run *run = what;
    struct pm_key keys[FIRST_COUNT] = {
        [AT_INSTANCE] = run->instance_key,
        [AT_PROGRAM] = run->nodes->program_key,
        [AT_TREASURER] = run->default_treasurer_key,
    };
    return pm_rpc_ask_accounts(batch, url, keys, FIRST_COUNT, NULL, carries);
}

/* Where its accounts are; false when it cannot be asked for. */
static bool prepare(struct pm_chain_run *run, struct pm_nodes *nodes, pm_str id, bool carries)
{
    const struct pm_settings *settings = nodes->batch->settings;
    *run =
        (struct pm_chain_run){.nodes = nodes, .id = id, .carries = carries, .moves = nodes->moves};
    (void)pm_key_read(settings->programs[PM_PSYCHE_TREASURER].text, &run->treasurer_program);
    (void)pm_key_read(settings->programs[PM_PSYCHE_AUTHORIZER].text, &run->authorizer_program);
    struct pm_memo *memo = nodes->batch->memo;
    if (nodes->is_off || !pm_derived_instance(memo, &nodes->program_key, id, &run->instance_key) ||
        !pm_derived_run(memo, &run->treasurer_program, pm_pda_run_index(id),
                        &run->default_treasurer_key)) {
        return false;
    }
    run->found = PM_CHAIN_PENDING;
    return true;
}

void pm_chain_run_ask(struct pm_chain_run *run, struct pm_nodes *nodes, pm_str id, bool carries)
{
    if (prepare(run, nodes, id, carries)) {
        /* An instance alone is no answer: who waits for one waits for what it leads to. */
        pm_question_ask(&run->instance_question, nodes, put_first, run, false);
    }
}

void pm_chain_run_ask_found(struct pm_chain_run *run, struct pm_nodes *nodes, pm_str id,
                            const struct pm_question *search, bool carries)
{
    if (prepare(run, nodes, id, carries)) {
        run->is_by_search = true;
        run->instance_question = *search;
    }
}

/* --- accounts --- */

static void read_instance(struct pm_chain_run *run, const struct pm_rpc_row *row,
                          struct pm_instance *instance, struct pm_chain_part *part)
{
    *part = (struct pm_chain_part){.is_asked = true};
    part->verdict =
        pm_instance_read(&row->account, &run->nodes->program_key, instance, &part->problem);
    if (part->verdict == PM_ACCOUNT_OK && !pm_str_equal(instance->run_id, run->id)) {
        part->verdict = pm_account_say(&part->problem, PM_ACCOUNT_BAD,
                                       "it names another run than its address does");
    }
}

static void read_coordinator(struct pm_chain_run *run, const struct pm_rpc_row *row)
{
    struct pm_chain_part *part = &run->account_part;
    *part = (struct pm_chain_part){.is_asked = true};
    part->verdict =
        pm_coordinator_read(run->nodes->batch->arena, &row->account, &run->nodes->program_key,
                            &run->coordinator, &part->problem);
    if (part->verdict == PM_ACCOUNT_OK &&
        !pm_instance_has_run_id(&run->instance, run->coordinator.head.run_id)) {
        part->verdict = pm_account_say(&part->problem, PM_ACCOUNT_BAD,
                                       "it names another run than its instance");
    }
    run->has_coordinator = part->verdict == PM_ACCOUNT_OK;
}

enum pm_joining pm_joining_read(const struct pm_rpc_row *row, const struct pm_key *authorizer,
                                const struct pm_key *join_authority, struct pm_chain_part *part)
{
    static const struct pm_key everybody;
    struct pm_authorization leave;
    *part = (struct pm_chain_part){.is_asked = true};
    part->verdict = pm_authorization_read(&row->account, authorizer, &leave, &part->problem);
    switch (part->verdict) {
    case PM_ACCOUNT_ABSENT:
        return PM_JOINING_AUTHORIZED;
    case PM_ACCOUNT_OK:
        return pm_authorization_allows(&leave, join_authority, &everybody,
                                       PM_STR(PM_AUTHORIZATION_JOIN_RUN))
                   ? PM_JOINING_OPEN
                   : PM_JOINING_AUTHORIZED;
    case PM_ACCOUNT_BAD:
    case PM_ACCOUNT_LAYOUT_UNKNOWN:
        break;
    }
    return PM_JOINING_UNKNOWN;
}

/* A treasurer's account counts when it is of this very run. */
static void read_treasurer(struct pm_chain_run *run, const struct pm_rpc_row *row)
{
    struct pm_chain_rewards *rewards = &run->rewards;
    struct pm_treasurer_run treasurer;
    bool is_treasurers =
        row->account.is_there && pm_key_equal(&row->account.owner, &run->treasurer_program);
    rewards->part = (struct pm_chain_part){.is_asked = true};
    rewards->is_known = !row->account.unreadable && !is_treasurers;
    if (rewards->is_known) {
        return;
    }
    rewards->part.verdict = pm_treasurer_run_read(&row->account, &run->treasurer_program,
                                                  &treasurer, &rewards->part.problem);
    rewards->is_known = rewards->part.verdict == PM_ACCOUNT_OK;
    if (rewards->is_known && pm_key_equal(&treasurer.coordinator_instance, &run->instance_key)) {
        rewards->has_treasurer = true;
        rewards->address = row->key;
        rewards->treasurer = treasurer;
    }
}

/* An account's address says whose it was when it was made; it may have been given away since. */
static void read_held(struct pm_chain_rewards *rewards, const struct pm_rpc_row *row)
{
    struct pm_chain_part *part = &rewards->funds_part;
    struct pm_token_account funds;
    *part = (struct pm_chain_part){.is_asked = true};
    part->verdict = pm_token_account_read(&row->account, &funds, &part->problem);
    if (part->verdict == PM_ACCOUNT_OK &&
        (!pm_key_equal(&funds.owner, &rewards->address) ||
         !pm_key_equal(&funds.mint, &rewards->treasurer.collateral_mint))) {
        part->verdict = pm_account_say(&part->problem, PM_ACCOUNT_BAD,
                                       "it is of another owner or another mint");
    }
    rewards->has_funds = part->verdict == PM_ACCOUNT_OK || part->verdict == PM_ACCOUNT_ABSENT;
    rewards->funds = part->verdict == PM_ACCOUNT_OK ? funds.amount : 0;
}

static void read_funds(struct pm_chain_run *run, const struct pm_chain_trip *trip,
                       const struct pm_rpc_accounts *accounts)
{
    struct pm_chain_rewards *rewards = &run->rewards;
    if (trip->mint_at) {
        struct pm_chain_part *part = &rewards->mint_part;
        *part = (struct pm_chain_part){.is_asked = true};
        part->verdict =
            pm_mint_read(&accounts->rows[trip->mint_at].account, &rewards->mint, &part->problem);
        rewards->has_mint = part->verdict == PM_ACCOUNT_OK;
    }
    if (trip->funds_at) {
        read_held(rewards, &accounts->rows[trip->funds_at]);
    }
}

/* --- trips --- */

static size_t add_key(struct pm_chain_trip *trip, const struct pm_key *key)
{
    trip->keys[trip->count] = *key;
    return trip->count++;
}

static void add_reward_keys(struct pm_chain_run *run, struct pm_chain_trip *trip)
{
    const struct pm_chain_rewards *rewards = &run->rewards;
    struct pm_key key;
    trip->has_authority = !rewards->has_treasurer;
    if (trip->has_authority) {
        /* It may be a treasurer's account under a number of its maker's choice. */
        trip->treasurer_at = add_key(trip, &run->instance.main_authority);
        return;
    }
    trip->treasurer_at = add_key(trip, &rewards->address);
    trip->mint_at = add_key(trip, &rewards->treasurer.collateral_mint);
    if (pm_derived_token_account(run->nodes->batch->memo, &rewards->address,
                                 &rewards->treasurer.collateral_mint, &key)) {
        trip->funds_at = add_key(trip, &key);
    }
}

static void ask_trip(struct pm_chain_run *run, struct pm_chain_trip *trip)
{
    static const struct pm_key everybody;
    struct pm_key key;
    *trip = (struct pm_chain_trip){0};
    (void)add_key(trip, &run->instance.coordinator_account);
    trip->instance_at = add_key(trip, &run->instance_key);
    if (pm_derived_authorization(run->nodes->batch->memo, &run->authorizer_program,
                                 &run->instance.join_authority, &everybody, &key)) {
        trip->permit_at = add_key(trip, &key);
    }
    add_reward_keys(run, trip);
    pm_question_ask(&trip->question, run->nodes, put_trip, trip, run->carries);
}

/* A node behind another one, or one that was set back: what it says now is older than what was
 * known. */
static void watch_slot(struct pm_chain_run *run, const struct pm_ask *earlier,
                       const struct pm_ask *later)
{
    uint64_t before, after;
    if (run->went_back || later->is_stale || !pm_ask_slot(later, &after)) {
        return;
    }
    bool is_back = pm_ask_slot(earlier, &before) && after < before;
    is_back =
        is_back || (pm_batch_slot_before(run->nodes->batch, later, &before) && after < before);
    if (is_back) {
        run->went_back = true;
        run->went_back_from = before;
        run->went_back_to = after;
    }
}

static void forget(struct pm_chain_run *run)
{
    run->found = PM_CHAIN_PENDING;
    run->instance_from = run->ask = NULL;
    run->second = run->third = (struct pm_chain_trip){0};
    run->rewards = (struct pm_chain_rewards){0};
    run->account_part = run->permit_part = (struct pm_chain_part){0};
    run->joining = PM_JOINING_UNKNOWN;
    run->has_coordinator = run->has_changed = run->went_back = false;
}

/* Of a search: the run's instance, and no more. */
static void take_found(struct pm_chain_run *run, const struct pm_ask *ask)
{
    const struct pm_rpc_accounts *accounts = pm_rpc_accounts(ask);
    forget(run);
    run->instance_from = run->ask = ask;
    for (size_t i = 0; i < accounts->count; i++) {
        if (pm_key_equal(&accounts->rows[i].key, &run->instance_key)) {
            read_instance(run, &accounts->rows[i], &run->instance, &run->instance_part);
            run->found = run->instance_part.verdict == PM_ACCOUNT_OK ? PM_CHAIN_THERE : run->found;
        }
    }
    if (run->found == PM_CHAIN_THERE) {
        ask_trip(run, &run->second);
    } else {
        pm_chain_run_ask(run, run->nodes, run->id, run->carries);
    }
}

static void take_first(struct pm_chain_run *run, const struct pm_ask *ask)
{
    const struct pm_rpc_accounts *accounts = pm_rpc_accounts(ask);
    forget(run);
    run->instance_from = run->ask = ask;
    watch_slot(run, ask, ask);
    read_instance(run, &accounts->rows[AT_INSTANCE], &run->instance, &run->instance_part);
    if (run->instance_part.verdict == PM_ACCOUNT_ABSENT) {
        run->found =
            accounts->rows[AT_PROGRAM].account.is_there ? PM_CHAIN_ABSENT : PM_CHAIN_DOUBTFUL;
        return;
    }
    run->found = run->instance_part.verdict == PM_ACCOUNT_OK ? PM_CHAIN_THERE : PM_CHAIN_BAD;
    if (run->found == PM_CHAIN_THERE) {
        read_treasurer(run, &accounts->rows[AT_TREASURER]);
        ask_trip(run, &run->second);
    }
}

static bool has_other_keys(const struct pm_instance *now, const struct pm_chain_run *run)
{
    return !pm_key_equal(&now->join_authority, &run->instance.join_authority) ||
           !pm_key_equal(&now->main_authority, &run->instance.main_authority);
}

/* The instance as it is now; one that leads elsewhere came after the state that is being read. */
static void read_instance_again(struct pm_chain_run *run, const struct pm_rpc_row *row)
{
    struct pm_instance now;
    struct pm_chain_part part;
    read_instance(run, row, &now, &part);
    run->has_changed = part.verdict != PM_ACCOUNT_OK ||
                       !pm_key_equal(&now.coordinator_account, &run->instance.coordinator_account);
    /* A search is minutes old, and its keys led to who may join and to the treasurer. */
    run->has_changed = run->has_changed || (run->is_by_search && has_other_keys(&now, run));
    if (!run->has_changed) {
        run->instance = now;
    }
}

static void take_trip(struct pm_chain_run *run, struct pm_chain_trip *trip,
                      const struct pm_ask *ask)
{
    const struct pm_rpc_accounts *accounts = pm_rpc_accounts(ask);
    bool is_after_search = run->is_by_search && trip == &run->second; /* maybe of another node */
    watch_slot(run, is_after_search ? ask : run->ask, ask);
    run->ask = trip->taken = ask;
    read_instance_again(run, &accounts->rows[trip->instance_at]);
    if (run->has_changed && run->is_by_search) {
        pm_chain_run_ask(run, run->nodes, run->id, run->carries); /* the search is older */
        return;
    }
    read_coordinator(run, &accounts->rows[0]);
    if (trip->permit_at) {
        run->joining = pm_joining_read(&accounts->rows[trip->permit_at], &run->authorizer_program,
                                       &run->instance.join_authority, &run->permit_part);
    }
    run->rewards = (struct pm_chain_rewards){0};
    read_treasurer(run, &accounts->rows[trip->treasurer_at]);
    if (run->rewards.has_treasurer) {
        read_funds(run, trip, accounts);
    }
    if (trip->has_authority && run->rewards.has_treasurer) {
        ask_trip(run, &run->third);
    }
}

/* --- steps --- */

static bool go_on_trip(struct pm_chain_run *run, struct pm_chain_trip *trip)
{
    bool has_asked = pm_question_go_on(&trip->question, run->nodes);
    const struct pm_ask *answer = pm_question_answer(&trip->question);
    if (answer && answer != trip->taken) {
        take_trip(run, trip, answer);
        has_asked |= run->found == PM_CHAIN_PENDING ||
                     (trip == &run->second && run->third.question.is_asked);
    }
    return has_asked;
}

bool pm_chain_run_go_on(struct pm_chain_run *run)
{
    if (run->moves != run->nodes->moves) {
        pm_chain_run_ask(run, run->nodes, run->id, run->carries);
        return run->found == PM_CHAIN_PENDING;
    }
    if (run->found == PM_CHAIN_NOT_ASKED) {
        return false;
    }
    bool has_asked = pm_question_go_on(&run->instance_question, run->nodes);
    const struct pm_ask *first = pm_question_answer(&run->instance_question);
    if (!first) {
        forget(run); /* what was in may have turned out to be of another cluster */
        return has_asked;
    }
    if (first != run->instance_from) {
        (run->is_by_search ? take_found : take_first)(run, first);
        has_asked |= run->second.question.is_asked || run->found == PM_CHAIN_PENDING;
    }
    has_asked |= go_on_trip(run, &run->second);
    has_asked |= go_on_trip(run, &run->third);
    return has_asked;
}

void pm_chain_run_settle(struct pm_chain_run *run)
{
    (void)pm_chain_run_go_on(run);
    if (run->found == PM_CHAIN_PENDING) {
        run->found = PM_CHAIN_SILENT;
    }
    if (pm_chain_run_has_state(run)) {
        pm_seen_on_chain(run->nodes->batch, run->id, &run->coordinator.head,
                         (int64_t)run->coordinator.tail.client_count);
    }
}

bool pm_chain_run_has_state(const struct pm_chain_run *run)
{
    return run && run->found == PM_CHAIN_THERE && run->has_coordinator;
}

const struct pm_ask *pm_chain_run_trouble(const struct pm_chain_run *run)
{
    const struct pm_question *second = &run->second.question, *third = &run->third.question;
    if (third->is_asked && !pm_question_answer(third)) {
        return pm_question_trouble(third);
    }
    if (second->is_asked && !pm_question_answer(second)) {
        return pm_question_trouble(second);
    }
    return pm_question_trouble(&run->instance_question);
}
