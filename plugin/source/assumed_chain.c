/* assumed_chain.c - whether the nodes, the programs and the pool are where and what they were. */

#include "source/assumed_inside.h"

#include "chain/pool.h"
#include "chain/token.h"

#define OFF_WORDS "asking the chain is switched off (rpc.off)"

const struct pm_ask *pm_assumed_answer(const struct pm_assumed_side *side,
                                       const struct pm_question *question,
                                       struct pm_finding *finding)
{
    const struct pm_ask *ask = pm_question_answer(question);
    if (side->nodes.is_off) {
        (void)pm_finding_set(finding, PM_FINDING_OFF, OFF_WORDS);
        return NULL;
    }
    ask = ask ? ask : pm_question_trouble(question);
    return pm_finding_needs(finding, ask) ? ask : NULL;
}

/* --- nodes --- */

/* The node that the side's accounts come from, or the one asked last. */
static const struct pm_ask *genesis_of(const struct pm_assumed_side *side)
{
    const struct pm_ask *answer = pm_question_answer(&side->accounts);
    size_t at = side->accounts.node;
    for (size_t i = 0; answer && i <= side->accounts.node; i++) {
        at = side->accounts.asks[i] == answer ? i : at;
    }
    return side->nodes.list[at].genesis;
}

static void check_genesis(const struct pm_assumed_side *side, struct pm_finding *finding)
{
    const struct pm_ask *ask = side->nodes.is_off ? NULL : genesis_of(side);
    if (side->nodes.is_off) {
        (void)pm_finding_set(finding, PM_FINDING_OFF, OFF_WORDS);
        return;
    }
    /* What a node says of its cluster is kept for ever, and stays true when it is silent now. */
    pm_str genesis = pm_rpc_genesis(ask);
    enum pm_cluster found = pm_cluster_of_genesis(genesis);
    if (genesis.len == 0) {
        (void)pm_finding_needs(finding, ask);
    } else if (side->nodes.expected == PM_CLUSTER_LOCALNET || found == side->nodes.expected) {
        (void)pm_finding_set(finding, PM_FINDING_OK, "%s", pm_cluster_name(found));
    } else {
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "assumed %s, found %s (genesis %.*s)",
                             pm_cluster_name(side->nodes.expected), pm_cluster_name(found),
                             PM_STR_ARG(genesis));
    }
}

void pm_assumed_check_coordinator_genesis(const struct pm_assumed *assumed,
                                          struct pm_finding *finding)
{
    check_genesis(&assumed->coordinator, finding);
}

void pm_assumed_check_pool_genesis(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    check_genesis(&assumed->pool, finding);
}

static void check_node(const struct pm_assumed_side *side, struct pm_finding *finding)
{
    const struct pm_ask *version_ask = pm_assumed_answer(side, &side->version, finding);
    const struct pm_ask *health_ask =
        version_ask ? pm_assumed_answer(side, &side->health, finding) : NULL;
    const struct pm_rpc_version *version = pm_rpc_version(version_ask);
    const struct pm_rpc_health *health = pm_rpc_health(health_ask);
    if (!health) {
        return;
    }
    switch (health->state) {
    case PM_RPC_HEALTHY:
        (void)pm_finding_set(finding, PM_FINDING_OK, "%.*s, well", PM_STR_ARG(version->core));
        return;
    case PM_RPC_BEHIND:
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "%.*s, %llu slots behind its cluster",
                             PM_STR_ARG(version->core), (unsigned long long)health->slots_behind);
        return;
    case PM_RPC_UNHEALTHY:
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "%.*s, not well by its own word",
                             PM_STR_ARG(version->core));
        return;
    }
}

void pm_assumed_check_coordinator_node(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    check_node(&assumed->coordinator, finding);
}

void pm_assumed_check_pool_node(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    check_node(&assumed->pool, finding);
}

/* --- programs --- */

/* What is wrong with an account that should be a program, or NULL. */
static const char *fault_of_program(const struct pm_account *account)
{
    return !account->is_there ? "is not there" : !account->is_executable ? "is no program" : NULL;
}

void pm_assumed_check_programs(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    static const char *const names[] = {
        [PM_ASSUMED_COORDINATOR] = "coordinator",
        [PM_ASSUMED_TREASURER] = "treasurer",
        [PM_ASSUMED_AUTHORIZER] = "authorizer",
    };
    const struct pm_assumed_side *side = &assumed->coordinator;
    const struct pm_ask *ask = pm_assumed_answer(side, &side->accounts, finding);
    const struct pm_rpc_accounts *accounts = pm_rpc_accounts(ask);
    for (size_t i = 0; accounts && i < sizeof names / sizeof *names; i++) {
        const char *fault = fault_of_program(&accounts->rows[i].account);
        if (fault) {
            (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "the %s %s", names[i], fault);
            return;
        }
    }
    if (accounts) {
        (void)pm_finding_set(finding, PM_FINDING_OK, "all three");
    }
}

/* --- the pool --- */

/* The pool's accounts; NULL with the finding set. */
static const struct pm_rpc_row *pool_rows(const struct pm_assumed *assumed,
                                          struct pm_finding *finding)
{
    const struct pm_ask *ask = pm_assumed_answer(&assumed->pool, &assumed->pool.accounts, finding);
    const struct pm_rpc_accounts *accounts = pm_rpc_accounts(ask);
    return accounts ? accounts->rows : NULL;
}

void pm_assumed_check_pool_program(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_rpc_row *rows = pool_rows(assumed, finding);
    const char *fault = rows ? fault_of_program(&rows[PM_ASSUMED_POOL_PROGRAM].account) : NULL;
    if (fault) {
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "it %s", fault);
    } else if (rows) {
        (void)pm_finding_set(finding, PM_FINDING_OK, "there");
    }
}

void pm_assumed_check_pool(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_rpc_row *rows = pool_rows(assumed, finding);
    struct pm_account_problem problem;
    struct pm_chain_pool pool;
    if (!rows) {
        return;
    }
    const struct pm_rpc_row *row = &rows[PM_ASSUMED_POOL];
    if (!row->account.is_there) {
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "there is no pool of number 0");
    } else if (row->account.space != PM_ASSUMED_POOL_BYTES) {
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "assumed %d bytes, found %llu",
                             PM_ASSUMED_POOL_BYTES, (unsigned long long)row->account.space);
    } else if (pm_chain_pool_read(&row->account, &assumed->pool.nodes.program_key, &pool,
                                  &problem) != PM_ACCOUNT_OK) {
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "%s", problem.text);
    } else {
        (void)pm_finding_set(finding, PM_FINDING_OK, "%d bytes, readable", PM_ASSUMED_POOL_BYTES);
    }
}

/* The pool's mint is read from the pool; false, with the finding set, when it is not the usual one. */
static bool has_usual_mint(const struct pm_assumed *assumed, const struct pm_rpc_row *row,
                           struct pm_finding *finding)
{
    struct pm_account_problem problem;
    struct pm_chain_pool pool;
    struct pm_buf found;
    pm_buf_init(&found, assumed->batch->arena, PM_KEY_TEXT_MOST);
    if (pm_chain_pool_read(&row->account, &assumed->pool.nodes.program_key, &pool, &problem) !=
        PM_ACCOUNT_OK) {
        return pm_finding_set(finding, PM_FINDING_UNKNOWN,
                              "the pool, which names it, is not known");
    }
    if (!pm_key_equal(&pool.collateral_mint, &assumed->pool.keys[PM_ASSUMED_MINT])) {
        pm_key_add(&found, &pool.collateral_mint);
        return pm_finding_set(finding, PM_FINDING_DIFFERS, "assumed %.*s, found %.*s",
                              PM_STR_ARG(assumed->usual_mint), PM_STR_ARG(pm_buf_text(&found)));
    }
    return true;
}

void pm_assumed_check_mint(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_rpc_row *rows = pool_rows(assumed, finding);
    struct pm_account_problem problem;
    struct pm_mint mint;
    if (!rows) {
        return;
    }
    if (assumed->pool.nodes.expected != PM_CLUSTER_MAINNET) {
        (void)pm_finding_set(finding, PM_FINDING_OFF, "assumed of a pool on mainnet alone");
    } else if (!has_usual_mint(assumed, &rows[PM_ASSUMED_POOL], finding)) {
        return;
    } else if (pm_mint_read(&rows[PM_ASSUMED_MINT].account, &mint, &problem) != PM_ACCOUNT_OK) {
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "%s", problem.text);
    } else if (mint.decimals != PM_ASSUMED_MINT_DECIMALS) {
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "assumed %d decimals, found %d",
                             PM_ASSUMED_MINT_DECIMALS, mint.decimals);
    } else {
        (void)pm_finding_set(finding, PM_FINDING_OK, "USDC, %d decimals", mint.decimals);
    }
}

/* --- both places --- */

static size_t count_there(const struct pm_rpc_accounts *accounts)
{
    size_t count = 0;
    for (size_t i = 0; i < accounts->count; i++) {
        count += accounts->rows[i].account.is_there;
    }
    return count;
}

void pm_assumed_check_packing(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct {
        const struct pm_assumed_side *side;
        const struct pm_question *question;
    } looks[] = {
        {&assumed->coordinator, &assumed->coordinator.accounts},
        {&assumed->coordinator, &assumed->heads_question},
        {&assumed->pool, &assumed->pool.accounts},
    };
    struct pm_finding ignored;
    size_t there = 0, packed = 0;
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        const struct pm_ask *ask = pm_assumed_answer(looks[i].side, looks[i].question, &ignored);
        const struct pm_rpc_accounts *accounts = pm_rpc_accounts(ask);
        there += accounts ? count_there(accounts) : 0;
        packed += accounts ? accounts->packed : 0;
    }
    if (there == 0) {
        bool is_off = assumed->pool.nodes.is_off || assumed->batch->settings->is_offline;
        (void)pm_finding_set(finding, is_off ? PM_FINDING_OFF : PM_FINDING_UNKNOWN,
                             "there is no account to look at");
    } else if (packed < there) {
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "found plain base64 in %zu of %zu",
                             there - packed, there);
    } else {
        (void)pm_finding_set(finding, PM_FINDING_OK, "all %zu accounts", there);
    }
}

/* Slots between what the dashboard's node said and what ours said; false when not both did. */
static bool slots_apart(const struct pm_assumed_side *side, const struct pm_indexer *indexer,
                        uint64_t *apart)
{
    struct pm_finding ignored;
    const struct pm_ask *ask = pm_assumed_answer(side, &side->accounts, &ignored);
    uint64_t slot = 0, theirs = indexer->chain_slot.value;
    if (!ask || !pm_ask_slot(ask, &slot) || !indexer->chain_slot.is_known) {
        return false;
    }
    *apart = slot > theirs ? slot - theirs : theirs - slot;
    return true;
}

void pm_assumed_check_slots(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_dashboard_status *status = pm_dashboard_status(assumed->status);
    static const struct pm_indexer none;
    uint64_t of_coordinator = 0, of_pool = 0;
    bool has_coordinator =
        slots_apart(&assumed->coordinator, status ? &status->coordinator : &none, &of_coordinator);
    bool has_pool = slots_apart(&assumed->pool, status ? &status->pool : &none, &of_pool);
    uint64_t most = of_coordinator > of_pool ? of_coordinator : of_pool;
    if (!has_coordinator && !has_pool) {
        bool is_off = assumed->pool.nodes.is_off || assumed->batch->settings->is_offline;
        (void)pm_finding_set(finding, is_off ? PM_FINDING_OFF : PM_FINDING_UNKNOWN,
                             "no two slots to compare");
        return;
    }
    (void)pm_finding_set(finding,
                         most > PM_ASSUMED_SLOTS_APART ? PM_FINDING_DIFFERS : PM_FINDING_OK,
                         "%s%llu slots apart%s", most > PM_ASSUMED_SLOTS_APART ? "found " : "",
                         (unsigned long long)most,
                         has_coordinator && has_pool ? " at most" : "; of one cluster alone");
}
