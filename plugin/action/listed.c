/* listed.c - the dashboard's list, one entry an id.
 *
 * Lists are asked for often and may be long, so this is one sort and one walk. */

#include "action/listed.h"

#include "answer/text.h"

#include <stdlib.h>

/* An id longer than this, as shown, would not fit into a page token. Real ones have at most 32
 * bytes, or 96 where the dashboard put U+FFFD for bytes that are no text. */
#define SHOWN_ID_MOST 500
#define SHOWN_BYTES_A_BYTE 6 /* "<U+7F>" */

static bool is_id_usable(struct pm_arena *arena, pm_str id)
{
    if (id.len == 0) {
        return false;
    }
    return id.len * SHOWN_BYTES_A_BYTE <= SHOWN_ID_MOST ||
           pm_clean_text(pm_clean(arena, PM_TEXT_ID, id)).len <= SHOWN_ID_MOST;
}

/* By id, the newest incarnation first, rows that say the same in the order they were sent. */
static int compare_rows(const void *left, const void *right)
{
    const struct pm_run_info *a = *(const struct pm_run_info *const *)left;
    const struct pm_run_info *b = *(const struct pm_run_info *const *)right;
    int by_id = pm_str_compare(a->id, b->id);
    if (by_id) {
        return by_id;
    }
    if (a->index != b->index) {
        return a->index > b->index ? -1 : 1;
    }
    return a < b ? -1 : a > b;
}

static const struct pm_run_info **sort_rows(struct pm_arena *arena, const struct pm_runs *runs,
                                            struct pm_listing *listing, size_t *count)
{
    const struct pm_run_info **sorted = pm_arena_array(arena, runs->count + 1, sizeof *sorted);
    listing->unreadable = runs->unreadable;
    *count = 0;
    for (size_t i = 0; sorted && i < runs->count; i++) {
        if (is_id_usable(arena, runs->rows[i].id)) {
            sorted[(*count)++] = &runs->rows[i];
        } else {
            listing->unreadable++;
        }
    }
    if (sorted) {
        qsort(sorted, *count, sizeof *sorted, compare_rows);
    }
    return sorted;
}

struct pm_listing pm_listing_make(struct pm_arena *arena, const struct pm_runs *runs)
{
    struct pm_listing listing = {0};
    size_t count = 0, kept = 0;
    const struct pm_run_info **sorted = sort_rows(arena, runs, &listing, &count);
    listing.rows = pm_arena_array(arena, count + 1, sizeof *listing.rows);
    if (!sorted || !listing.rows) {
        return (struct pm_listing){
            0,
        };
    }
    for (size_t i = 0; i < count; i++) {
        const struct pm_run_info *info = sorted[i], *last = kept ? sorted[kept - 1] : NULL;
        bool is_same_run = last && pm_str_equal(last->id, info->id);
        if (is_same_run && last->index == info->index) {
            continue;
        }
        sorted[kept] = info;
        if (!is_same_run) {
            listing.rows[listing.count++] = (struct pm_listed){
                .info = info,
                .incarnations = &sorted[kept],
            };
        }
        listing.rows[listing.count - 1].incarnation_count++;
        kept++;
    }
    return listing;
}

int pm_listed_compare_size(struct pm_big params_a, pm_str id_a, struct pm_big params_b, pm_str id_b)
{
    if (params_a.is_known != params_b.is_known) {
        return params_a.is_known ? -1 : 1;
    }
    int by_size = params_a.is_known ? pm_big_compare(params_b, params_a) : 0;
    return by_size ? by_size : pm_str_compare(id_a, id_b);
}

static int compare_sizes(const void *left, const void *right)
{
    const struct pm_run_info *a = (*(const struct pm_listed *const *)left)->info;
    const struct pm_run_info *b = (*(const struct pm_listed *const *)right)->info;
    return pm_listed_compare_size(a->params, a->id, b->params, b->id);
}

const struct pm_listed **pm_listing_largest(struct pm_arena *arena,
                                            const struct pm_listing *listing,
                                            enum pm_run_class wanted, size_t *count)
{
    const struct pm_listed **runs = pm_arena_array(arena, listing->count + 1, sizeof *runs);
    *count = 0;
    for (size_t i = 0; runs && i < listing->count; i++) {
        if (pm_run_class_of(listing->rows[i].info) == wanted) {
            runs[(*count)++] = &listing->rows[i];
        }
    }
    if (runs) {
        qsort(runs, *count, sizeof *runs, compare_sizes);
    }
    return runs;
}

const struct pm_run_info *pm_listed_incarnation(const struct pm_listed *run, uint64_t index)
{
    for (size_t i = 0; i < run->incarnation_count; i++) {
        if (run->incarnations[i]->index == index) {
            return run->incarnations[i];
        }
    }
    return NULL;
}

uint64_t pm_listed_older(const struct pm_listed *run, uint64_t index)
{
    uint64_t older = 0;
    for (size_t i = 0; i < run->incarnation_count; i++) {
        older += run->incarnations[i]->index < index;
    }
    return older;
}

const struct pm_run_info *pm_listing_newest(const struct pm_listing *listing)
{
    const struct pm_run_info *newest = NULL;
    for (size_t i = 0; i < listing->count; i++) {
        const struct pm_run_info *info = listing->rows[i].info;
        if (info->last_update.has_time &&
            (!newest || info->last_update.time_ms > newest->last_update.time_ms)) {
            newest = info;
        }
    }
    return newest;
}

enum pm_run_class pm_run_class_of(const struct pm_run_info *info)
{
    static const enum pm_run_class of_state[] = {
        [PM_RUN_ACTIVE] = PM_CLASS_ACTIVE,   [PM_RUN_WAITING] = PM_CLASS_WAITING,
        [PM_RUN_PAUSED] = PM_CLASS_PAUSED,   [PM_RUN_COMPLETED] = PM_CLASS_COMPLETED,
        [PM_RUN_OTHER] = PM_CLASS_COMPLETED,
    };
    return of_state[info->state];
}

bool pm_listing_has(const struct pm_listing *listing, pm_str id)
{
    for (size_t i = 0; i < listing->count; i++) {
        if (pm_str_equal(listing->rows[i].info->id, id)) {
            return true;
        }
    }
    return false;
}
