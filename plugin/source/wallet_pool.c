/* wallet_pool.c - what a wallet has given to the mining pool. */

#include "source/wallet_pool.h"

#include "source/derived.h"

static struct pm_ask *put(struct pm_batch *batch, pm_str url, const void *what, bool carries)
{
    const struct pm_wallet_pool *pool = what;
    return pm_rpc_ask_accounts(batch, url, pool->keys, PM_LENDER_KEYS, NULL, carries);
}

static void ask(struct pm_wallet_pool *pool)
{
    const struct pm_key *program = &pool->nodes->program_key;
    struct pm_key *keys = pool->keys;
    pool->moves = pool->nodes->moves;
    pool->ask = NULL;
    pool->found = PM_CHAIN_NOT_ASKED;
    keys[PM_LENDER_AT_PROGRAM] = *program;
    keys[PM_LENDER_AT_MINT] = pool->usual_mint;
    keys[PM_LENDER_AT_WALLET] = pool->who.key;
    if (!pool->nodes->is_off &&
        pm_derived_pool(pool->nodes->batch->memo, program, PM_POOL_INDEX,
                        &keys[PM_LENDER_AT_POOL]) &&
        pm_pda_lender(program, &keys[PM_LENDER_AT_POOL], &pool->who.key,
                      &keys[PM_LENDER_AT_LENDER])) {
        pool->found = PM_CHAIN_PENDING;
        pm_question_ask(&pool->question, pool->nodes, put, pool, false);
    }
}

void pm_wallet_pool_ask(struct pm_wallet_pool *pool, struct pm_nodes *nodes,
                        const struct pm_wallet_who *who, pm_str usual_mint)
{
    *pool = (struct pm_wallet_pool){.nodes = nodes, .who = *who};
    (void)pm_key_read(usual_mint, &pool->usual_mint);
    ask(pool);
}

static enum pm_account_verdict read_pool(struct pm_wallet_pool *pool, const struct pm_rpc_row *row)
{
    struct pm_account_problem problem;
    return pm_chain_pool_read(&row->account, &pool->nodes->program_key, &pool->pool, &problem);
}

static void read_mint(struct pm_wallet_pool *pool, const struct pm_rpc_row *row)
{
    struct pm_account_problem problem;
    pool->has_mint = pm_key_equal(&row->key, &pool->pool.collateral_mint) &&
                     pm_mint_read(&row->account, &pool->mint, &problem) == PM_ACCOUNT_OK;
}

static void read_lender(struct pm_wallet_pool *pool, const struct pm_rpc_row *row)
{
    struct pm_chain_part *part = &pool->lender_part;
    *part = (struct pm_chain_part){.is_asked = true};
    part->verdict =
        pm_lender_read(&row->account, &pool->nodes->program_key, &pool->lender, &part->problem);
}

static void take(struct pm_wallet_pool *pool, const struct pm_ask *from)
{
    const struct pm_rpc_row *rows = pm_rpc_accounts(from)->rows;
    enum pm_account_verdict verdict = read_pool(pool, &rows[PM_LENDER_AT_POOL]);
    bool has_program = rows[PM_LENDER_AT_PROGRAM].account.is_there;
    pool->ask = from;
    pool->account = pm_wallet_read_account(&pool->who, &rows[PM_LENDER_AT_WALLET]);
    pool->found = verdict == PM_ACCOUNT_OK       ? PM_CHAIN_THERE
                  : verdict != PM_ACCOUNT_ABSENT ? PM_CHAIN_BAD
                  : has_program                  ? PM_CHAIN_ABSENT
                                                 : PM_CHAIN_DOUBTFUL;
    if (pool->found == PM_CHAIN_THERE) {
        read_mint(pool, &rows[PM_LENDER_AT_MINT]);
        read_lender(pool, &rows[PM_LENDER_AT_LENDER]);
    }
}

bool pm_wallet_pool_go_on(struct pm_wallet_pool *pool)
{
    if (pool->moves != pool->nodes->moves) {
        ask(pool);
        return pool->found == PM_CHAIN_PENDING;
    }
    if (pool->found == PM_CHAIN_NOT_ASKED) {
        return false;
    }
    bool has_asked = pm_question_go_on(&pool->question, pool->nodes);
    const struct pm_ask *from = pm_question_answer(&pool->question);
    if (from && from != pool->ask) {
        take(pool, from);
    } else if (!from && pool->ask) {
        pool->ask = NULL; /* it was of another cluster */
        pool->found = PM_CHAIN_PENDING;
    }
    return has_asked;
}

void pm_wallet_pool_settle(struct pm_wallet_pool *pool)
{
    pool->nodes->is_over = true;
    (void)pm_wallet_pool_go_on(pool);
    pool->nodes->is_over = false;
    if (pool->found == PM_CHAIN_PENDING) {
        pool->found = PM_CHAIN_SILENT;
    }
}

bool pm_wallet_pool_knows(const struct pm_wallet_pool *pool)
{
    enum pm_account_verdict verdict = pool->lender_part.verdict;
    return pool->found == PM_CHAIN_THERE &&
           (verdict == PM_ACCOUNT_OK || verdict == PM_ACCOUNT_ABSENT);
}
