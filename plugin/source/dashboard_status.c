/* dashboard_status.c - the dashboard about itself: /status.
 *
 * It runs two indexers, one for the coordinator and one for the mining pool, each of a program that
 * may be on a Solana cluster of its own. */

#include "source/dashboard_status.h"

#include "base/date.h"
#include "source/body.h"
#include "source/dashboard_fields.h"
#include "source/dashboard_inside.h"

/* Each entry is {error: {}, time}: the texts are lost on the way, so only number and time count. */
static void read_errors(yyjson_val *list, struct pm_indexer *indexer)
{
    yyjson_val *entry;
    yyjson_arr_iter each = yyjson_arr_iter_with(list);
    while ((entry = yyjson_arr_iter_next(&each)) != NULL) {
        int64_t at_ms;
        indexer->error_count++;
        if (pm_field_date(entry, "time", &at_ms) &&
            (!indexer->has_last_error || at_ms > indexer->last_error_ms)) {
            indexer->has_last_error = true;
            indexer->last_error_ms = at_ms;
        }
    }
}

static struct pm_indexer read_indexer(yyjson_val *value)
{
    yyjson_val *chain = pm_json_get(value, "chain");
    struct pm_indexer indexer = {
        .is_there = yyjson_is_obj(value),
        .word = pm_field_text(value, "status"),
        .chain_slot = pm_field_count(chain, "chainSlotHeight"),
        .indexed_slot = pm_field_count(chain, "indexedSlot"),
        .program = pm_field_text(chain, "programId"),
        .genesis = pm_field_text(chain, "networkGenesis"),
    };
    if (indexer.indexed_slot.value == 0) {
        indexer.indexed_slot.is_known = false;
    }
    read_errors(pm_json_get(value, "errors"), &indexer);
    return indexer;
}

static size_t count_objects(yyjson_val *list)
{
    yyjson_val *entry;
    yyjson_arr_iter each = yyjson_arr_iter_with(list);
    size_t count = 0;
    while ((entry = yyjson_arr_iter_next(&each)) != NULL) {
        count += yyjson_is_obj(entry);
    }
    return count;
}

/* A plain number of milliseconds here, not a tagged date. */
static void read_start(yyjson_val *root, struct pm_dashboard_status *status)
{
    struct pm_count start = pm_field_count(root, "initTime");
    status->has_start = start.is_known && start.value <= (uint64_t)PM_DATE_LIMIT_MS;
    status->start_ms = status->has_start ? (int64_t)start.value : 0;
}

void *pm_dashboard_decode_status(struct pm_arena *arena, struct pm_arena *scratch,
                                 struct pm_body *body, struct pm_outcome *outcome)
{
    if (!pm_dashboard_is_no_page(body, outcome)) {
        return NULL;
    }
    yyjson_val *root = pm_dashboard_read(scratch, body, outcome);
    yyjson_val *coordinator = pm_json_get(root, "coordinator");
    if (!root) {
        return NULL;
    }
    if (!yyjson_is_obj(coordinator)) {
        return pm_dashboard_note_form(root, "no object \"coordinator\"", outcome);
    }
    struct pm_dashboard_status *status = pm_arena_zero(arena, sizeof *status);
    if (status) {
        status->commit = pm_field_text(root, "commit");
        read_start(root, status);
        status->coordinator = read_indexer(coordinator);
        status->pool = read_indexer(pm_json_get(root, "miningPool"));
        status->tracked_runs = count_objects(pm_json_get(coordinator, "trackedRuns"));
    }
    return pm_body_finish(arena, status, outcome);
}
