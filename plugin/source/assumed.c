/* assumed.c - what this program takes for granted of the network: the table, and what is asked. */

#include "source/assumed_inside.h"

#include "chain/pda.h"
#include "source/chain_pool.h"
#include "source/dashboard_pool.h"

/* Psyche's sources were read at commit 0bdb13d9 (2026-03-20); what a node answers was recorded from
 * a node of that version. Nothing of it was seen on the live network. */
#define BACKEND "website/backend 0bdb13d9"
#define COORDINATOR "solana-coordinator 0bdb13d9"
#define MINING_POOL "solana-mining-pool 0bdb13d9"
#define SITE "psyche.network's own build, 0bdb13d9"
#define NODE "Agave 3.1.12"
#define HUB_CLIENT "huggingface_hub 2.4.0"
#define HUB_DOCS "the hub's documentation"
#define STORAGE_DOCS "Google's documentation"

#define OTHER_PLACE "if that is so, set programs.coordinator, or programs.pool, to the one found"
#define OTHER_NODE "set rpc.url to a node of that cluster"
#define OTHER_DEPLOYMENT                                                                           \
    "the program may be at another address or cluster now: see the dashboard's rows"

#define TRACKED PM_SOURCE_TRACKED
#define ON_CHAIN PM_SOURCE_ON_CHAIN
#define BEST_EFFORT PM_SOURCE_BEST_EFFORT

static const struct pm_assumption rows[] = {
    {"dashboard /runs", TRACKED, "a list of runs, each with id, status, size and dates", BACKEND,
     NULL, pm_assumed_check_runs},
    {"dashboard /run", TRACKED, "a run's page has phase, clients, checkpoint and config", BACKEND,
     NULL, pm_assumed_check_run},
    {"dashboard /contributionInfo", TRACKED, "the pool's amounts, mint and ranked contributors",
     BACKEND, NULL, pm_assumed_check_contributions},
    {"dashboard /status", TRACKED, "slots, program and genesis hash of coordinator and pool",
     BACKEND, NULL, pm_assumed_check_status},
    {"dashboard content type", TRACKED, "application/json", BACKEND, NULL,
     pm_assumed_check_content_type},
    {"dashboard's coordinator", TRACKED, "reads the coordinator program that is asked here", SITE,
     OTHER_PLACE, pm_assumed_check_coordinator_place},
    {"dashboard's pool", TRACKED, "reads the pool program that is asked here", SITE, OTHER_PLACE,
     pm_assumed_check_pool_place},
    {"coordinator cluster", ON_CHAIN, "the node's genesis hash is the cluster's", SITE, OTHER_NODE,
     pm_assumed_check_coordinator_genesis},
    {"coordinator node", ON_CHAIN, "says its version, and that it is well", NODE, OTHER_NODE,
     pm_assumed_check_coordinator_node},
    {"programs", ON_CHAIN, "coordinator, treasurer and authorizer are programs there", SITE,
     OTHER_DEPLOYMENT, pm_assumed_check_programs},
    {"discovery", ON_CHAIN, "the node searches a program's accounts", NODE,
     "set rpc.coordinator_url to a node that answers getProgramAccounts",
     pm_assumed_check_discovery},
    {"run instances", ON_CHAIN, "173 bytes, readable, at the address of their id", COORDINATOR,
     NULL, pm_assumed_check_instances},
    {"run account sizes", ON_CHAIN, "119160 bytes", COORDINATOR, NULL, pm_assumed_check_sizes},
    {"run account versions", ON_CHAIN, "version 1", COORDINATOR, NULL, pm_assumed_check_versions},
    {"run account values", ON_CHAIN, "every tag and count is a known one", COORDINATOR, NULL,
     pm_assumed_check_values},
    {"pool cluster", ON_CHAIN, "the node's genesis hash is the cluster's", SITE, OTHER_NODE,
     pm_assumed_check_pool_genesis},
    {"pool node", ON_CHAIN, "says its version, and that it is well", NODE, OTHER_NODE,
     pm_assumed_check_pool_node},
    {"pool program", ON_CHAIN, "is a program there", SITE, OTHER_DEPLOYMENT,
     pm_assumed_check_pool_program},
    {"pool account", ON_CHAIN, "number 0, 552 bytes, readable", MINING_POOL, NULL,
     pm_assumed_check_pool},
    {"pool mint", ON_CHAIN, "USDC on mainnet, 6 decimals", BACKEND, NULL, pm_assumed_check_mint},
    {"account packing", ON_CHAIN, "base64+zstd where it is asked for", NODE, NULL,
     pm_assumed_check_packing},
    {"slots", ON_CHAIN, "the dashboard's nodes and these are at most 1500 slots apart", BACKEND,
     NULL, pm_assumed_check_slots},
    {"hub search", BEST_EFFORT, "repositories of PsycheFoundation, each with id and date",
     HUB_CLIENT, NULL, pm_assumed_check_hub_search},
    {"hub repository", BEST_EFFORT, "its commit, its files with sizes, who may read it", HUB_CLIENT,
     NULL, pm_assumed_check_hub_repository},
    {"hub commits", BEST_EFFORT, "id, title and date of each, and their number", HUB_DOCS, NULL,
     pm_assumed_check_hub_commits},
    {"hub headers", BEST_EFFORT, "application/json, and RateLimit with what is left", HUB_DOCS,
     NULL, pm_assumed_check_hub_headers},
    {"storage", BEST_EFFORT, "says in XML that an object is not there, or denies it", STORAGE_DOCS,
     NULL, pm_assumed_check_storage},
    {0},
};

const struct pm_assumption *pm_assumptions(void)
{
    return rows;
}

/* --- asking --- */

static const struct pm_rpc_slice short_slice = {0, 1024}; /* a pool whole, and no program's code */
static const struct pm_rpc_slice head_slice = {0, PM_COORDINATOR_HEAD_BYTES};

static struct pm_ask *put_version(struct pm_batch *batch, pm_str url, const void *what,
                                  bool carries)
{
    (void)what;
    return pm_rpc_ask_version(batch, url, carries);
}

static struct pm_ask *put_health(struct pm_batch *batch, pm_str url, const void *what, bool carries)
{
    (void)what;
    return pm_rpc_ask_health(batch, url, carries);
}

static struct pm_ask *put_accounts(struct pm_batch *batch, pm_str url, const void *what,
                                   bool carries)
{
    const struct pm_assumed_side *side = what;
    return pm_rpc_ask_accounts(batch, url, side->keys, side->key_count, &short_slice, carries);
}

static struct pm_ask *put_heads(struct pm_batch *batch, pm_str url, const void *what, bool carries)
{
    const struct pm_assumed *assumed = what;
    return pm_rpc_ask_accounts(batch, url, assumed->heads, assumed->head_count, &head_slice,
                               carries);
}

static void ask_side(struct pm_assumed_side *side)
{
    pm_question_ask(&side->accounts, &side->nodes, put_accounts, side, false);
    pm_question_ask(&side->version, &side->nodes, put_version, NULL, false);
    pm_question_ask(&side->health, &side->nodes, put_health, NULL, false);
}

static void set_keys(struct pm_assumed *assumed)
{
    const struct pm_program_id *programs = assumed->batch->settings->programs;
    struct pm_key *coordinator = assumed->coordinator.keys, *pool = assumed->pool.keys;
    coordinator[PM_ASSUMED_COORDINATOR] = assumed->coordinator.nodes.program_key;
    (void)pm_key_read(programs[PM_PSYCHE_TREASURER].text, &coordinator[PM_ASSUMED_TREASURER]);
    (void)pm_key_read(programs[PM_PSYCHE_AUTHORIZER].text, &coordinator[PM_ASSUMED_AUTHORIZER]);
    pool[PM_ASSUMED_POOL_PROGRAM] = assumed->pool.nodes.program_key;
    if (!pm_pda_pool(&assumed->pool.nodes.program_key, PM_POOL_INDEX, &pool[PM_ASSUMED_POOL])) {
        pool[PM_ASSUMED_POOL] = pool[PM_ASSUMED_POOL_PROGRAM]; /* is read, and is no pool */
    }
    (void)pm_key_read(assumed->usual_mint, &pool[PM_ASSUMED_MINT]);
    assumed->coordinator.key_count = assumed->pool.key_count = 3;
}

void pm_assumed_ask(struct pm_assumed *assumed, struct pm_batch *batch, pm_str usual_mint,
                    pm_str foundation)
{
    *assumed =
        (struct pm_assumed){.batch = batch, .usual_mint = usual_mint, .foundation = foundation};
    pm_nodes_init(&assumed->coordinator.nodes, batch, PM_PSYCHE_COORDINATOR);
    pm_nodes_init(&assumed->pool.nodes, batch, PM_PSYCHE_POOL);
    set_keys(assumed);
    assumed->runs = pm_dashboard_ask_runs(batch, false);
    assumed->contributions = pm_dashboard_ask_pool(batch, false);
    assumed->status = pm_dashboard_ask_status(batch, false);
    ask_side(&assumed->coordinator);
    ask_side(&assumed->pool);
    pm_chain_list_ask(&assumed->list, &assumed->coordinator.nodes, false);
    pm_assumed_ask_hub(assumed);
}

/* --- what becomes possible --- */

/* An active one if there is one: it has the most to read. */
static void ask_run(struct pm_assumed *assumed)
{
    const struct pm_runs *runs = pm_dashboard_runs(assumed->runs);
    const struct pm_run_info *chosen = NULL;
    for (size_t i = 0; runs && !assumed->run && i < runs->count; i++) {
        if (!chosen || (chosen->state != PM_RUN_ACTIVE && runs->rows[i].state == PM_RUN_ACTIVE)) {
            chosen = &runs->rows[i];
        }
    }
    if (chosen) {
        assumed->run = pm_dashboard_ask_run(assumed->batch, chosen->id, chosen->index, false);
    }
}

static void try_listed_ids(struct pm_assumed *assumed)
{
    const struct pm_runs *runs = pm_dashboard_runs(assumed->runs);
    pm_str ids[PM_ASSUMED_LOOKED_AT_MOST];
    size_t count = 0;
    if (!assumed->runs->is_in || !pm_chain_list_wants_ids(&assumed->list)) {
        return;
    }
    while (runs && count < runs->count && count < PM_ASSUMED_LOOKED_AT_MOST) {
        ids[count] = runs->rows[count].id;
        count++;
    }
    pm_chain_list_try_ids(&assumed->list, ids, count);
}

static void ask_heads(struct pm_assumed *assumed)
{
    const struct pm_chain_list *list = &assumed->list;
    struct pm_nodes *nodes = &assumed->coordinator.nodes;
    if (assumed->heads_question.is_asked || list->count == 0 || !pm_chain_list_is_ready(list) ||
        !pm_question_is_over(&list->discovery, nodes)) {
        return;
    }
    while (assumed->head_count < list->count && assumed->head_count < PM_ASSUMED_LOOKED_AT_MOST) {
        assumed->heads[assumed->head_count] =
            list->rows[assumed->head_count].instance.coordinator_account;
        assumed->head_count++;
    }
    pm_question_ask(&assumed->heads_question, nodes, put_heads, assumed, false);
}

static void go_on_side(struct pm_assumed_side *side)
{
    (void)pm_question_go_on(&side->accounts, &side->nodes);
    (void)pm_question_go_on(&side->version, &side->nodes);
    (void)pm_question_go_on(&side->health, &side->nodes);
}

void pm_assumed_go_on(struct pm_assumed *assumed)
{
    go_on_side(&assumed->coordinator);
    go_on_side(&assumed->pool);
    (void)pm_chain_list_go_on(&assumed->list);
    (void)pm_question_go_on(&assumed->heads_question, &assumed->coordinator.nodes);
    ask_run(assumed);
    try_listed_ids(assumed);
    ask_heads(assumed);
    pm_assumed_go_on_hub(assumed);
}
