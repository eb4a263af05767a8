/* fuzz_runs.c - the dashboard's list of runs, both of its spellings. */

#include "reply.h"

static void look(struct fuzz_digest *digest, const void *facts)
{
    const struct pm_runs *runs = facts;
    HOLDS(runs->rows || runs->count == 0);
    for (size_t i = 0; i < runs->count; i++) {
        look_info(digest, &runs->rows[i]);
    }
    fuzz_add_u64(digest, runs->count);
    fuzz_add_u64(digest, runs->unreadable);
    fuzz_add_u64(digest, runs->indexer_fault);
    look_amount(digest, runs->tokens_done);
    look_amount(digest, runs->tokens_per_second_active);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reply_check(&pm_dashboard_kind_runs, look, fuzz_text(data, size));
    return 0;
}
