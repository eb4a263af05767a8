/* chain_pool.c - the mining pool as its accounts on Solana have it. */

#include "source/chain_pool.h"

#include "source/derived.h"

enum { AT_POOL, AT_PROGRAM, AT_MINT, KEY_COUNT };

static struct pm_ask *put(struct pm_batch *batch, pm_str url, const struct pm_pool_on_chain *pool,
                          const struct pm_key *mint, bool carries)
{
    struct pm_key keys[KEY_COUNT] = {
        [AT_POOL] = pool->key,
        [AT_PROGRAM] = pool->nodes->program_key,
        [AT_MINT] = *mint,
    };
    return pm_rpc_ask_accounts(batch, url, keys, KEY_COUNT, NULL, carries);
}

static struct pm_ask *put_usual(struct pm_batch *batch, pm_str url, const void *what, bool carries)
{
    const struct pm_pool_on_chain *pool = what;
    return put(batch, url, pool, &pool->usual_mint, carries);
}

static struct pm_ask *put_own(struct pm_batch *batch, pm_str url, const void *what, bool carries)
{
    const struct pm_pool_on_chain *pool = what;
    return put(batch, url, pool, &pool->pool.collateral_mint, carries);
}

/* Whether an answer carries is not known before it is read: there may be no such pool. */
static void ask_usual(struct pm_pool_on_chain *pool)
{
    pool->moves = pool->nodes->moves;
    pool->from = pool->mint_from = pool->ask = NULL;
    pool->question = pool->mint_question = (struct pm_question){0};
    pool->found = PM_CHAIN_NOT_ASKED;
    if (!pool->nodes->is_off && pm_derived_pool(pool->nodes->batch->memo, &pool->nodes->program_key,
                                                PM_POOL_INDEX, &pool->key)) {
        pool->found = PM_CHAIN_PENDING;
        pm_question_ask(&pool->question, pool->nodes, put_usual, pool, false);
    }
}

void pm_chain_pool_ask(struct pm_pool_on_chain *pool, struct pm_nodes *nodes, pm_str usual_mint)
{
    *pool = (struct pm_pool_on_chain){.nodes = nodes};
    (void)pm_key_read(usual_mint, &pool->usual_mint);
    ask_usual(pool);
}

/* --- reading --- */

static enum pm_account_verdict read_pool(const struct pm_rpc_row *row, const struct pm_key *program,
                                         struct pm_chain_pool *pool,
                                         struct pm_account_problem *problem)
{
    enum pm_account_verdict verdict = pm_chain_pool_read(&row->account, program, pool, problem);
    if (verdict == PM_ACCOUNT_OK && pool->index != PM_POOL_INDEX) {
        verdict =
            pm_account_say(problem, PM_ACCOUNT_BAD, "it has another number than its address says");
    }
    return verdict;
}

static enum pm_chain_found found_by(enum pm_account_verdict verdict, bool has_program)
{
    switch (verdict) {
    case PM_ACCOUNT_OK:
        return PM_CHAIN_THERE;
    case PM_ACCOUNT_ABSENT:
        return has_program ? PM_CHAIN_ABSENT : PM_CHAIN_DOUBTFUL;
    case PM_ACCOUNT_BAD:
    case PM_ACCOUNT_LAYOUT_UNKNOWN:
        break;
    }
    return PM_CHAIN_BAD;
}

static void read_mint(struct pm_pool_on_chain *pool, const struct pm_rpc_row *row)
{
    struct pm_account_problem problem;
    pool->has_mint = pm_key_equal(&row->key, &pool->pool.collateral_mint) &&
                     pm_mint_read(&row->account, &pool->mint, &problem) == PM_ACCOUNT_OK;
}

static void take(struct pm_pool_on_chain *pool, const struct pm_ask *ask)
{
    const struct pm_rpc_accounts *accounts = pm_rpc_accounts(ask);
    pool->ask = ask;
    pool->has_mint = false;
    pool->part = (struct pm_chain_part){.is_asked = true};
    pool->part.verdict = read_pool(&accounts->rows[AT_POOL], &pool->nodes->program_key, &pool->pool,
                                   &pool->part.problem);
    pool->found = found_by(pool->part.verdict, accounts->rows[AT_PROGRAM].account.is_there);
    if (pool->found == PM_CHAIN_THERE) {
        read_mint(pool, &accounts->rows[AT_MINT]);
    }
}

/* --- steps --- */

static void take_usual(struct pm_pool_on_chain *pool, const struct pm_ask *ask)
{
    pool->from = ask;
    pool->mint_from = NULL;
    pool->mint_question = (struct pm_question){0};
    take(pool, ask);
    if (pool->found == PM_CHAIN_THERE &&
        !pm_key_equal(&pool->pool.collateral_mint, &pool->usual_mint)) {
        pm_question_ask(&pool->mint_question, pool->nodes, put_own, pool, false);
    }
}

bool pm_chain_pool_go_on(struct pm_pool_on_chain *pool)
{
    if (pool->moves != pool->nodes->moves) {
        ask_usual(pool);
        return pool->found == PM_CHAIN_PENDING;
    }
    if (pool->found == PM_CHAIN_NOT_ASKED) {
        return false;
    }
    bool has_asked = pm_question_go_on(&pool->question, pool->nodes);
    has_asked |= pm_question_go_on(&pool->mint_question, pool->nodes);
    const struct pm_ask *first = pm_question_answer(&pool->question);
    if (first && first != pool->from) {
        take_usual(pool, first);
        has_asked |= pool->mint_question.is_asked;
    } else if (!first) { /* also when what was in turned out to be of another cluster */
        pool->found = PM_CHAIN_PENDING;
        pool->from = pool->ask = NULL;
    }
    const struct pm_ask *second = pm_question_answer(&pool->mint_question);
    if (first && second && second != pool->mint_from) {
        pool->mint_from = second;
        take(pool, second);
    }
    return has_asked;
}

void pm_chain_pool_settle(struct pm_pool_on_chain *pool)
{
    pool->nodes->is_over = true; /* what is not in now will not be waited for */
    (void)pm_chain_pool_go_on(pool);
    pool->nodes->is_over = false;
    if (pool->found == PM_CHAIN_PENDING) {
        pool->found = PM_CHAIN_SILENT;
    }
}

const struct pm_ask *pm_chain_pool_trouble(const struct pm_pool_on_chain *pool)
{
    return pm_question_trouble(&pool->question);
}
