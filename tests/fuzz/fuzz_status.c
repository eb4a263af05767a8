/* fuzz_status.c - what the dashboard says of itself. */

#include "reply.h"

#include "source/dashboard_status.h"

static void look_indexer(struct fuzz_digest *digest, const struct pm_indexer *indexer)
{
    look_text(digest, indexer->word);
    look_text(digest, indexer->program);
    look_text(digest, indexer->genesis);
    look_ms(digest, indexer->has_last_error, indexer->last_error_ms);
    look_count(digest, indexer->chain_slot);
    look_count(digest, indexer->indexed_slot);
    HOLDS(!indexer->indexed_slot.is_known || indexer->indexed_slot.value > 0);
    HOLDS(indexer->error_count > 0 || !indexer->has_last_error);
    HOLDS(indexer->is_there || (indexer->error_count == 0 && !indexer->chain_slot.is_known));
    fuzz_add_u64(digest, indexer->error_count);
}

static void look(struct fuzz_digest *digest, const void *facts)
{
    const struct pm_dashboard_status *status = facts;
    look_text(digest, status->commit);
    look_ms(digest, status->has_start, status->start_ms);
    HOLDS(status->coordinator.is_there);
    look_indexer(digest, &status->coordinator);
    look_indexer(digest, &status->pool);
    fuzz_add_u64(digest, status->tracked_runs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reply_check(&pm_dashboard_kind_status, look, fuzz_text(data, size));
    return 0;
}
