/* dashboard_runs.c - the list of runs: /runs. */

#include "source/dashboard_inside.h"

#include "source/body.h"
#include "source/dashboard_fields.h"

static size_t count_named(yyjson_val *list)
{
    yyjson_val *row;
    yyjson_arr_iter each = yyjson_arr_iter_with(list);
    size_t count = 0;
    while ((row = yyjson_arr_iter_next(&each)) != NULL) {
        count += pm_field_has_id(row);
    }
    return count;
}

static void read_rows(struct pm_arena *arena, yyjson_val *list, struct pm_runs *runs)
{
    yyjson_val *row;
    yyjson_arr_iter each = yyjson_arr_iter_with(list);
    runs->rows = pm_arena_array(arena, count_named(list), sizeof *runs->rows);
    while (runs->rows && (row = yyjson_arr_iter_next(&each)) != NULL) {
        if (pm_field_has_id(row)) {
            pm_field_info(arena, row, &runs->rows[runs->count++]);
        } else {
            runs->unreadable++;
        }
    }
}

void *pm_dashboard_decode_runs(struct pm_arena *arena, struct pm_arena *scratch,
                               struct pm_body *body, struct pm_outcome *outcome)
{
    if (!pm_dashboard_is_no_page(body, outcome)) {
        return NULL;
    }
    yyjson_val *root = pm_dashboard_read(scratch, body, outcome);
    yyjson_val *list = pm_json_get(root, "runs");
    if (!root) {
        return NULL;
    }
    if (!yyjson_is_arr(list)) {
        return pm_dashboard_note_form(root, "no array \"runs\"", outcome);
    }
    struct pm_runs *runs = pm_arena_zero(arena, sizeof *runs);
    if (runs) {
        read_rows(arena, list, runs);
        runs->tokens_done = pm_field_amount(root, "totalTokens");
        runs->tokens_per_second_active = pm_field_amount(root, "totalTokensPerSecondActive");
        runs->indexer_fault = pm_field_is_set(root, "error");
    }
    return pm_body_finish(arena, runs, outcome);
}
