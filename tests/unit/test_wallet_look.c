/* test_wallet_look.c - what is asked for one wallet: how runs are put into questions, and what
 * remains of an answer that turns out to be another cluster's. */

#include "source/wallet_look.h"
#include "source/wallet_pool.h"

#include "account_bytes.h"
#include "chain_lists.h"

#define RUNS_MOST (PM_WALLET_RUNS_MOST + 10)

static const struct pm_rpc_genesis mainnet = {
    PM_STR_INIT("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d")};

struct look_world {
    struct chain_world chain;
    struct pm_wallet_look look;
    char ids[RUNS_MOST][32];
    struct pm_instance instances[RUNS_MOST];
    const struct pm_instance *wanted[RUNS_MOST];
};

static struct look_world world;

/* `count` runs, each with accounts of its own. */
static struct pm_wallet_look *ask_for(size_t count, bool has_other)
{
    struct pm_wallet_who who = {.key = {{0x77}}, .has_other = has_other, .other = {{0x78}}};
    who.treasurer = who.authorizer = program;
    open_world(&world.chain);
    world.chain.nodes.program_key = program;
    for (size_t i = 0; i < count; i++) {
        struct pm_instance *instance = &world.instances[i];
        (void)snprintf(world.ids[i], sizeof world.ids[i], "run-%zu", i);
        *instance = (struct pm_instance){.run_id = pm_str_from(world.ids[i])};
        memcpy(instance->coordinator_account.bytes, &i, sizeof i);
        instance->coordinator_account.bytes[31] = 1;
        instance->join_authority = instance->main_authority = instance->coordinator_account;
        instance->main_authority.bytes[31] = 2;
        while (pm_key_is_on_curve(&instance->main_authority)) { /* as a treasurer's run is not */
            instance->main_authority.bytes[30]++;
        }
        world.wanted[i] = instance;
    }
    pm_wallet_look_init(&world.look, &world.chain.nodes, &who, PM_WALLET_MONEY_ALL);
    CHECK(!pm_wallet_look_go_on(&world.look) && !pm_wallet_look_trouble(&world.look), "not asked");
    pm_wallet_look_ask(&world.look, world.wanted, count);
    return &world.look;
}

/* All accounts of a question, not there; the caller makes some of them. */
static struct pm_rpc_accounts *none_of(const struct pm_wallet_chunk *chunk)
{
    struct pm_rpc_accounts *accounts = pm_arena_zero(&world.chain.arena, sizeof *accounts);
    struct pm_rpc_row *rows =
        pm_arena_array(&world.chain.arena, chunk->count, sizeof *accounts->rows);
    if (!accounts || !rows) {
        abort();
    }
    for (size_t i = 0; i < chunk->count; i++) {
        rows[i] = (struct pm_rpc_row){.key = chunk->keys[i]};
    }
    *accounts = (struct pm_rpc_accounts){.rows = rows, .count = chunk->count};
    return accounts;
}

static void put_row(struct pm_rpc_accounts *accounts, const struct pm_key *key,
                    struct pm_rpc_row row)
{
    for (size_t i = 0; i < accounts->count; i++) {
        if (pm_key_equal(&accounts->rows[i].key, key)) {
            row.key = *key;
            accounts->rows[i] = row;
        }
    }
}

static void test_questions(void)
{
    static const struct {
        size_t runs;
        bool has_other;
        size_t questions, count;
    } cases[] = {
        {1, false, 1, 1},
        {19, false, 1, 19}, /* the wallet's own account is among the hundred keys */
        {20, false, 2, 20},
        {40, false, 3, 40},
        {17, true, 2, 17}, /* one key more each */
        {PM_WALLET_RUNS_MOST, false, PM_WALLET_QUESTIONS_MOST, PM_WALLET_RUNS_MOST - 1},
        {PM_WALLET_RUNS_MOST + 5, false, PM_WALLET_QUESTIONS_MOST, PM_WALLET_RUNS_MOST - 1},
        {PM_WALLET_RUNS_MOST, true, PM_WALLET_QUESTIONS_MOST, 160},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_wallet_look *look = ask_for(cases[i].runs, cases[i].has_other);
        CHECK(look->chunk_count == cases[i].questions && look->count == cases[i].count &&
                  look->skipped == cases[i].runs - look->count,
              "%zu runs: %zu questions, %zu runs, %zu skipped", cases[i].runs, look->chunk_count,
              look->count, look->skipped);
        close_world(&world.chain);
    }
}

/* A run that can have no accounts is passed over. */
static void test_no_run(void)
{
    (void)ask_for(2, false);
    world.instances[0].run_id = PM_STR("an id that no run on chain can have");
    pm_wallet_look_ask(&world.look, world.wanted, 2);
    CHECK(world.look.count == 1 && world.look.skipped == 1, "one is left");
    CHECK_TEXT(world.look.runs[0].instance.run_id, PM_STR("run-1"), "the other one");
    close_world(&world.chain);
}

/* Two questions, of which the second has a run with a treasurer. */
static void test_trips(void)
{
    struct bytes treasurer, participant;
    struct pm_wallet_look *look = ask_for(20, false);
    struct pm_rpc_accounts *first = none_of(look->chunks[0]), *second = none_of(look->chunks[1]);
    struct pm_wallet_run *last = &look->runs[19];
    put_row(second, &last->default_treasurer_key, make_treasurer(&treasurer, &last->instance_key));
    CHECK(pm_wallet_look_trouble(look) == look->chunks[0]->question.asks[0], "trouble");
    answer(&look->chunks[0]->question, first, false);
    look->chunks[1]->question.asks[0]->is_in = false;
    CHECK(!pm_wallet_look_go_on(look) && !look->is_money_asked, "the second is waited for");
    CHECK(look->account.kind == PM_WALLET_ABSENT && look->runs[0].ask, "the first is read");
    look->chunks[1]->question.asks[0]->is_in = true;
    answer(&look->chunks[1]->question, second, false);
    CHECK(pm_wallet_look_go_on(look) && look->money_count == 1, "asks for the money");
    CHECK(last->rewards.has_treasurer, "a treasurer");
    CHECK(pm_wallet_look_trouble(look) == look->money[0]->question.asks[0], "trouble");
    struct pm_rpc_accounts *money = none_of(look->money[0]);
    put_row(money, &last->participant_key, make_participant(&participant, 9));
    answer(&look->money[0]->question, money, false);
    CHECK(!pm_wallet_look_go_on(look) && !pm_wallet_look_trouble(look), "all is in");
    CHECK(last->rewards.has_participant && last->rewards.participant.claimed_points == 9, "read");
    world.chain.nodes.moves++;
    CHECK(!pm_wallet_look_go_on(look), "what moved is asked anew by others");
    world.chain.nodes.moves--;
    world.chain.nodes.list[0].genesis->facts = &mainnet;
    pm_wallet_look_settle(look);
    CHECK(!look->account_ask && !look->runs[0].ask && !last->ask && !last->rewards.has_treasurer,
          "of another cluster: forgotten");
    CHECK(look->money_count == 0, "and what was asked because of it");
    close_world(&world.chain);
}

/* --- the pool --- */

static struct pm_wallet_pool pool;

static struct pm_rpc_row *ask_pool(struct pm_rpc_accounts *accounts)
{
    static struct pm_rpc_row rows[PM_LENDER_KEYS];
    static const struct pm_wallet_who wallet = {.key = {{0x77}}};
    open_world(&world.chain);
    world.chain.nodes.program_key = program;
    memset(rows, 0, sizeof rows);
    pm_wallet_pool_ask(&pool, &world.chain.nodes, &wallet, PM_STR(""));
    *accounts = (struct pm_rpc_accounts){.rows = rows, .count = PM_LENDER_KEYS};
    return rows;
}

static void say_pool(const struct pm_rpc_accounts *accounts)
{
    answer(&pool.question, accounts, false);
    CHECK(!pm_wallet_pool_go_on(&pool), "nothing more to ask");
}

static void test_pool(void)
{
    struct bytes bytes, lender, mint;
    struct pm_rpc_accounts accounts;
    struct pm_rpc_row *rows = ask_pool(&accounts);
    CHECK(pool.found == PM_CHAIN_PENDING && !pm_wallet_pool_knows(&pool), "asked");
    rows[PM_LENDER_AT_POOL] = make_pool(&bytes, &some_mint);
    rows[PM_LENDER_AT_LENDER] = make_lender(&lender, 12);
    rows[PM_LENDER_AT_MINT] = make_mint(&mint, 6);
    say_pool(&accounts);
    CHECK(pm_wallet_pool_knows(&pool) && pool.lender.deposited == 12 && pool.has_mint, "all of it");
    world.chain.nodes.list[0].genesis->facts = &mainnet;
    pm_wallet_pool_settle(&pool);
    CHECK(pool.found == PM_CHAIN_SILENT && !pool.ask, "of another cluster");
    world.chain.nodes.moves++;
    CHECK(pm_wallet_pool_go_on(&pool) && pool.found == PM_CHAIN_PENDING, "asked anew");
    close_world(&world.chain);
    rows = ask_pool(&accounts);
    rows[PM_LENDER_AT_POOL] = make_pool(&bytes, &some_mint);
    rows[PM_LENDER_AT_LENDER] = make_lender(&lender, 12);
    rows[PM_LENDER_AT_LENDER].account.owner = other_program;
    rows[PM_LENDER_AT_MINT] = make_lender(&mint, 12);
    rows[PM_LENDER_AT_MINT].key = some_mint;
    say_pool(&accounts);
    CHECK(pool.found == PM_CHAIN_THERE && !pm_wallet_pool_knows(&pool) && !pool.has_mint,
          "a lender of another program's, and no mint");
    rows[PM_LENDER_AT_LENDER].account.is_there = false;
    rows[PM_LENDER_AT_MINT].key = state_key;
    pool.ask = NULL;
    say_pool(&accounts);
    CHECK(pm_wallet_pool_knows(&pool) && !pool.has_mint, "no lender, and another mint");
    close_world(&world.chain);
}

static void test_no_pool(void)
{
    struct bytes bytes;
    struct pm_rpc_accounts accounts;
    struct pm_rpc_row *rows = ask_pool(&accounts);
    const struct pm_wallet_who who = {.key = some_mint};
    say_pool(&accounts);
    CHECK(pool.found == PM_CHAIN_DOUBTFUL, "nor a program");
    rows[PM_LENDER_AT_PROGRAM].account.is_there = true;
    pool.ask = NULL;
    say_pool(&accounts);
    CHECK(pool.found == PM_CHAIN_ABSENT, "no pool");
    rows[PM_LENDER_AT_POOL] = make_lender(&bytes, 12);
    pool.ask = NULL;
    say_pool(&accounts);
    CHECK(pool.found == PM_CHAIN_BAD && !pm_wallet_pool_knows(&pool), "another kind of account");
    close_world(&world.chain);
    open_world(&world.chain);
    world.chain.nodes.is_off = true;
    pm_wallet_pool_ask(&pool, &world.chain.nodes, &who, PM_STR(""));
    CHECK(pool.found == PM_CHAIN_NOT_ASKED && !pm_wallet_pool_go_on(&pool), "switched off");
    close_world(&world.chain);
}

int main(void)
{
    test_questions();
    test_no_run();
    test_trips();
    test_pool();
    test_no_pool();
    return check_done();
}
