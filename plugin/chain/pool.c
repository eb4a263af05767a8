/* pool.c - a mining pool and what one user has given to it. */

#include "chain/pool.h"

static void take_pool(struct pm_reader *reader, struct pm_chain_pool *pool)
{
    pool->bump = pm_read_u8(reader);
    pool->index = pm_read_u64(reader);
    pool->authority = pm_read_key(reader);
    pool->collateral_mint = pm_read_key(reader);
    pool->max_deposit = pm_read_u64(reader);
    pool->total_deposited = pm_read_u64(reader);
    pool->total_extracted = pm_read_u64(reader);
    pool->claiming_enabled = pm_read_bool(reader, "whether claiming is enabled");
    pool->redeemable_mint = pm_read_key(reader);
    pool->total_claimed = pm_read_u64(reader);
    pool->is_frozen = pm_read_bool(reader, "whether the pool is frozen");
    pool->metadata_length = pm_read_u16(reader);
    pool->metadata_bytes = pm_read_bytes(reader, PM_CHAIN_POOL_METADATA_BYTES);
    /* The program does not hold the length to the room. */
    pool->metadata = pm_str_slice(pool->metadata_bytes, 0, pool->metadata_length);
}

enum pm_account_verdict pm_chain_pool_read(const struct pm_account *account,
                                           const struct pm_key *program, struct pm_chain_pool *out,
                                           struct pm_account_problem *problem)
{
    struct pm_reader reader;
    enum pm_account_verdict verdict =
        pm_account_begin(account, program, PM_ACCOUNT_POOL, &reader, problem);
    take_pool(&reader, out);
    return pm_account_end(verdict, &reader, out, sizeof *out, problem);
}

enum pm_account_verdict pm_lender_read(const struct pm_account *account,
                                       const struct pm_key *program, struct pm_lender *out,
                                       struct pm_account_problem *problem)
{
    struct pm_reader reader;
    enum pm_account_verdict verdict =
        pm_account_begin(account, program, PM_ACCOUNT_LENDER, &reader, problem);
    out->bump = pm_read_u8(&reader);
    out->deposited = pm_read_u64(&reader);
    out->claimed = pm_read_u64(&reader);
    return pm_account_end(verdict, &reader, out, sizeof *out, problem);
}
