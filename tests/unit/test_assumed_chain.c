/* test_assumed_chain.c - the doctor's rows about nodes, programs, runs and the pool, and what it asks
 * for: a node is asked, nothing is sent, and what it would have said is put in. */

#include "source/assumed_inside.h"
#include "source/dashboard_inside.h"
#include "source/hub_inside.h"

#include "account_bytes.h"
#include "chain_lists.h"

#define USUAL_MINT "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
#define DEVNET "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"
#define RUNS (PM_ASSUMED_LOOKED_AT_MOST + 20)

static struct chain_world world;
static struct pm_assumed assumed;

static struct pm_rpc_row pool_rows[3], program_rows[3];
static struct pm_rpc_accounts pool_accounts = {
    .rows = pool_rows, .count = 3, .has_slot = true, .slot = 9};
static struct pm_rpc_accounts program_accounts = {.rows = program_rows, .count = 3};
static struct bytes pool_bytes, mint_bytes;
static struct pm_dashboard_status status;

/* All is as assumed. */
static void open_assumed(void)
{
    struct pm_key mint;
    open_world(&world);
    world.settings.pool_cluster = PM_CLUSTER_MAINNET;
    world.settings.hub_url = world.settings.gcs_url = world.settings.api_url =
        PM_STR("http://127.0.0.1:1");
    pm_assumed_ask(&assumed, &world.batch, PM_STR(USUAL_MINT), PM_STR("Owner"));
    assumed.pool.nodes.program_key = program;
    CHECK(pm_key_read(PM_STR(USUAL_MINT), &mint) == PM_KEY_OK, "an address");
    for (size_t i = 0; i < 3; i++) {
        pool_rows[i] = program_rows[i] = (struct pm_rpc_row){.account = {.is_there = true}};
    }
    pool_rows[PM_ASSUMED_POOL] = make_pool(&pool_bytes, &mint);
    pool_rows[PM_ASSUMED_POOL].account.space = PM_ASSUMED_POOL_BYTES;
    pool_rows[PM_ASSUMED_POOL].account.data.len = PM_ASSUMED_POOL_BYTES;
    pool_rows[PM_ASSUMED_MINT] = make_mint(&mint_bytes, 6);
    pool_accounts.has_slot = true;
    answer(&assumed.pool.accounts, &pool_accounts, false);
    answer(&assumed.coordinator.accounts, &program_accounts, false);
    status = (struct pm_dashboard_status){.pool = {.chain_slot = {true, 20}}};
    struct pm_ask *ask = (struct pm_ask *)(uintptr_t)assumed.status;
    ask->facts = &status;
    ask->outcome = (struct pm_outcome){0};
}

static void check_row(pm_assumed_fn *check, enum pm_finding_kind kind, const char *words)
{
    struct pm_finding finding = {.detail = ""};
    check(&assumed, &finding);
    CHECK(finding.kind == kind && strstr(finding.detail, words), "want %s, %s: got %s, %s",
          pm_finding_word(kind), words, pm_finding_word(finding.kind), finding.detail);
}

/* --- nodes --- */

static void test_genesis(void)
{
    static const struct pm_rpc_genesis devnet = {PM_STR_INIT(DEVNET)};
    open_assumed();
    check_row(pm_assumed_check_pool_genesis, PM_FINDING_OFF, "offline");
    assumed.pool.nodes.list[0].genesis->facts = &devnet;
    check_row(pm_assumed_check_pool_genesis, PM_FINDING_DIFFERS, "assumed mainnet, found devnet");
    assumed.pool.nodes.expected = PM_CLUSTER_DEVNET;
    check_row(pm_assumed_check_pool_genesis, PM_FINDING_OK, "devnet");
    assumed.pool.nodes.expected = PM_CLUSTER_LOCALNET;
    check_row(pm_assumed_check_pool_genesis, PM_FINDING_OK, "devnet");
    close_world(&world);
}

/* Of two nodes the first gave an old answer and the second none: it is the first that counts. */
static void test_genesis_of_two(void)
{
    static const struct pm_rpc_genesis devnet = {PM_STR_INIT(DEVNET)};
    struct pm_ask genesis = {.kind = &pm_rpc_kind_genesis, .is_in = true, .facts = &devnet},
                  silent = {.kind = &pm_rpc_kind_genesis, .is_in = true};
    open_assumed();
    struct pm_nodes *nodes = &assumed.pool.nodes;
    struct pm_question *question = &assumed.pool.accounts;
    nodes->expected = PM_CLUSTER_DEVNET;
    nodes->list[nodes->count++] = (struct pm_node){.genesis = &silent};
    nodes->list[0].genesis = &genesis;
    question->asks[0]->is_stale = true;
    struct pm_ask dead = *question->asks[0];
    dead.facts = NULL;
    question->asks[1] = &dead;
    question->node = 1;
    check_row(pm_assumed_check_pool_genesis, PM_FINDING_OK, "devnet");
    close_world(&world);
}

/* --- the pool --- */

static void test_pool(void)
{
    open_assumed();
    check_row(pm_assumed_check_pool, PM_FINDING_OK, "552 bytes");
    check_row(pm_assumed_check_mint, PM_FINDING_OK, "USDC, 6 decimals");
    pool_bytes.data[0] ^= 1;
    check_row(pm_assumed_check_pool, PM_FINDING_DIFFERS, "not a mining pool");
    check_row(pm_assumed_check_mint, PM_FINDING_UNKNOWN, "the pool, which names it");
    pool_bytes.data[0] ^= 1;
    mint_bytes.data[45] = 0;
    check_row(pm_assumed_check_mint, PM_FINDING_DIFFERS, "not initialized");
    assumed.pool.nodes.expected = PM_CLUSTER_DEVNET;
    check_row(pm_assumed_check_mint, PM_FINDING_OFF, "on mainnet alone");
    assumed.pool.accounts.asks[0]->is_in = false;
    check_row(pm_assumed_check_pool, PM_FINDING_UNKNOWN, "not asked");
    check_row(pm_assumed_check_mint, PM_FINDING_UNKNOWN, "not asked");
    check_row(pm_assumed_check_pool_program, PM_FINDING_UNKNOWN, "not asked");
    close_world(&world);
}

/* The pool's node says a slot, the coordinator's does not; then neither. */
static void test_slots(void)
{
    open_assumed();
    check_row(pm_assumed_check_slots, PM_FINDING_OK, "11 slots apart; of one cluster alone");
    pool_accounts.has_slot = false;
    check_row(pm_assumed_check_slots, PM_FINDING_OFF, "no two slots");
    status.coordinator.chain_slot = (struct pm_count){true, 3000};
    program_accounts.has_slot = true;
    check_row(pm_assumed_check_slots, PM_FINDING_DIFFERS, "found 3000 slots apart; of one");
    pool_accounts.has_slot = true;
    check_row(pm_assumed_check_slots, PM_FINDING_DIFFERS, "found 3000 slots apart at most");
    program_accounts.has_slot = false;
    close_world(&world);
}

/* --- runs --- */

static struct pm_rpc_row found_rows[RUNS], head_rows[PM_ASSUMED_LOOKED_AT_MOST];
static struct pm_rpc_accounts found = {.rows = found_rows, .count = RUNS};

/* More runs on chain than are looked at. */
static void find_runs(void)
{
    static char ids[RUNS][16];
    for (size_t i = 0; i < RUNS; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "run-%04zu", i);
        found_rows[i] = instance_row(&world.arena, pm_str_from(ids[i]));
    }
    answer(&assumed.list.discovery, &found, false);
}

/* All that is found is somebody else's. */
static void test_instances(void)
{
    open_assumed();
    find_runs();
    for (size_t i = 0; i < RUNS; i++) {
        found_rows[i].account.owner = other_program;
    }
    check_row(pm_assumed_check_instances, PM_FINDING_OFF, "no instance to look at");
    pm_assumed_go_on(&assumed);
    check_row(pm_assumed_check_instances, PM_FINDING_DIFFERS, "120 of 120");
    close_world(&world);
}

/* An older search: its ids are looked for again before any account is. */
static void test_old_search(void)
{
    open_assumed();
    find_runs();
    answer(&assumed.list.discovery, &found, true);
    struct pm_ask *ask = (struct pm_ask *)(uintptr_t)assumed.runs;
    ask->is_in = false;
    pm_assumed_go_on(&assumed);
    CHECK(assumed.list.count == RUNS && !assumed.heads_question.is_asked, "not yet");
    close_world(&world);
}

static void test_heads(void)
{
    open_assumed();
    find_runs();
    struct pm_ask *genesis = assumed.coordinator.nodes.list[0].genesis;
    genesis->is_in = false;
    pm_assumed_go_on(&assumed);
    CHECK(assumed.list.count == RUNS && !assumed.heads_question.is_asked,
          "whose cluster it is may still come");
    genesis->is_in = true;
    pm_assumed_go_on(&assumed);
    CHECK(assumed.heads_question.is_asked && assumed.head_count == PM_ASSUMED_LOOKED_AT_MOST,
          "%zu heads", assumed.head_count);
    struct pm_rpc_accounts heads = {.rows = head_rows, .count = PM_ASSUMED_LOOKED_AT_MOST};
    for (size_t i = 0; i < PM_ASSUMED_LOOKED_AT_MOST; i++) {
        head_rows[i] = (struct pm_rpc_row){
            .account = {.is_there = true, .space = 119160, .unreadable = "its data are no zstd"}};
    }
    answer(&assumed.heads_question, &heads, false);
    check_row(pm_assumed_check_sizes, PM_FINDING_OK, "100 of 100 have 119160 bytes");
    check_row(pm_assumed_check_versions, PM_FINDING_OK, "no other version");
    check_row(pm_assumed_check_values, PM_FINDING_DIFFERS, "in 100 of 100: run-0000, run-0001");
    head_rows[0].account.is_there = false;
    check_row(pm_assumed_check_sizes, PM_FINDING_DIFFERS, "no account in 1 of 100: run-0000");
    head_rows[1].account.space = 120080;
    check_row(pm_assumed_check_sizes, PM_FINDING_DIFFERS, "found 120080 in 1 of 100: run-0001");
    assumed.heads_question.asks[0]->is_in = false;
    check_row(pm_assumed_check_sizes, PM_FINDING_UNKNOWN, "not asked");
    close_world(&world);
}

/* --- what is asked because of an answer --- */

static struct pm_run_info listed[RUNS];
static struct pm_runs runs;

static void list_runs(const enum pm_run_state *states, size_t count)
{
    struct pm_ask *ask = (struct pm_ask *)(uintptr_t)assumed.runs;
    for (size_t i = 0; i < count; i++) {
        listed[i] =
            (struct pm_run_info){.id = found_rows[i].key.bytes[0] ? PM_STR("x") : PM_STR(""),
                                 .index = i,
                                 .state = states ? states[i] : PM_RUN_COMPLETED};
    }
    runs = (struct pm_runs){.rows = listed, .count = count};
    ask->facts = &runs;
    ask->outcome = (struct pm_outcome){0};
}

static void check_chosen(const enum pm_run_state *states, size_t count, const char *page)
{
    open_assumed();
    find_runs();
    list_runs(states, count);
    pm_assumed_go_on(&assumed);
    CHECK(assumed.run && pm_str_ends_nocase(assumed.run->url, pm_str_from(page)), "%s", page);
    close_world(&world);
}

static void test_run(void)
{
    static const enum pm_run_state done_first[] = {PM_RUN_COMPLETED, PM_RUN_COMPLETED,
                                                   PM_RUN_ACTIVE, PM_RUN_ACTIVE},
                                   active_first[] = {PM_RUN_ACTIVE, PM_RUN_COMPLETED};
    check_chosen(done_first, 4, "/run/x/2");
    check_chosen(done_first, 2, "/run/x/0");
    check_chosen(active_first, 2, "/run/x/0");
}

/* Ids of a list longer than what is looked at, when nobody searches. */
static void test_ids(void)
{
    open_assumed();
    static char ids[RUNS][16];
    answer(&assumed.list.discovery, NULL, false);
    list_runs(NULL, RUNS);
    for (size_t i = 0; i < RUNS; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "run-%04zu", i);
        listed[i].id = pm_str_from(ids[i]);
    }
    pm_assumed_go_on(&assumed);
    CHECK(assumed.list.known_count == PM_ASSUMED_LOOKED_AT_MOST, "%zu", assumed.list.known_count);
    close_world(&world);
}

/* Nor is there a list. */
static void test_no_ids(void)
{
    open_assumed();
    answer(&assumed.list.discovery, NULL, false);
    pm_assumed_go_on(&assumed);
    CHECK(assumed.list.are_known_asked && assumed.list.known_count == 0, "none to look for");
    close_world(&world);
}

static void test_repository(void)
{
    static struct pm_hub_model models[] = {{.id = PM_STR_INIT("../x")},
                                           {.id = PM_STR_INIT("Owner/name")}};
    static const struct pm_hub_models search = {.rows = models, .count = 2};
    open_assumed();
    struct pm_ask *ask = (struct pm_ask *)(uintptr_t)assumed.hub_search;
    ask->facts = &search;
    ask->outcome = (struct pm_outcome){0};
    pm_assumed_go_on(&assumed);
    CHECK(assumed.hub_model && pm_str_has_nocase(assumed.hub_model->url, PM_STR("Owner/name")),
          "what is no repository is not asked for");
    close_world(&world);
}

int main(void)
{
    test_genesis();
    test_genesis_of_two();
    test_pool();
    test_slots();
    test_instances();
    test_old_search();
    test_heads();
    test_run();
    test_ids();
    test_no_ids();
    test_repository();
    return check_done();
}
