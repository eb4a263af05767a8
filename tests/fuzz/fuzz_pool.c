/* fuzz_pool.c - the mining pool, as the dashboard sends it. */

#include "reply.h"

#include "source/dashboard_pool.h"

static void look(struct fuzz_digest *digest, const void *facts)
{
    const struct pm_pool *pool = facts;
    look_amount(digest, pool->deposited);
    look_amount(digest, pool->cap);
    look_count(digest, pool->decimals);
    look_text(digest, pool->mint);
    look_text(digest, pool->program);
    HOLDS(!pool->decimals.is_known || pool->decimals.value <= 30);
    HOLDS(pool->is_read || !(pool->deposited.is_known || pool->cap.is_known || pool->mint.len));
    HOLDS(pool->contributors || pool->contributor_count == 0);
    for (size_t i = 0; i < pool->contributor_count; i++) {
        HOLDS(pool->contributors[i].address.len > 0);
        look_text(digest, pool->contributors[i].address);
        look_amount(digest, pool->contributors[i].amount);
        look_count(digest, pool->contributors[i].rank);
    }
    fuzz_add_u64(digest, pool->unreadable);
    fuzz_add_u64(digest, pool->indexer_fault);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reply_check(&pm_dashboard_kind_pool, look, fuzz_text(data, size));
    return 0;
}
