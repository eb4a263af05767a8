/* hub_search.c - the repositories that the hub finds for some words. */

#include "source/hub_inside.h"

#include "source/body.h"

static void read_rows(struct pm_arena *arena, yyjson_val *root, struct pm_hub_models *models)
{
    yyjson_val *row;
    yyjson_arr_iter each = yyjson_arr_iter_with(root);
    models->rows = pm_arena_array(arena, yyjson_arr_size(root), sizeof *models->rows);
    while (models->rows && (row = yyjson_arr_iter_next(&each)) != NULL) {
        bool is_model = pm_hub_read_model(arena, row, &models->rows[models->count]);
        models->count += is_model;
        models->unreadable += !is_model;
    }
}

void *pm_hub_decode_search(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                           struct pm_outcome *outcome)
{
    pm_str cursor; /* nobody asks for the next page: who wants fewer hits gives more words */
    struct pm_hub_models *models = pm_arena_zero(arena, sizeof *models);
    if (!models) {
        return pm_body_finish(arena, NULL, outcome);
    }
    yyjson_val *root = pm_hub_read_array(scratch, body, outcome);
    if (!root) {
        return NULL;
    }
    models->has_more = pm_hub_has_more(body->headers, &cursor);
    read_rows(arena, root, models);
    return pm_body_finish(arena, models, outcome);
}
