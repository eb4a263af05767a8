/* hub_commits.c - the commits of a branch, newest first.
 *
 * A training client makes one commit a checkpoint and puts the step into its title; nowhere else on
 * the hub does a step stand. */

#include "source/hub_inside.h"

#include "codec/hub_name.h"
#include "source/body.h"
#include "source/fields.h"

static bool read_commit(yyjson_val *row, struct pm_hub_commit *commit)
{
    *commit = (struct pm_hub_commit){
        .id = pm_field_text(row, "id"),
        .title = pm_field_text(row, "title"),
        .date = pm_field_time(row, "date"),
    };
    commit->has_step = pm_hub_step(commit->title, &commit->step);
    return pm_hub_is_commit(commit->id);
}

static void read_rows(struct pm_arena *arena, yyjson_val *root, struct pm_hub_commits *commits)
{
    yyjson_val *row;
    yyjson_arr_iter each = yyjson_arr_iter_with(root);
    commits->rows = pm_arena_array(arena, yyjson_arr_size(root), sizeof *commits->rows);
    while (commits->rows && (row = yyjson_arr_iter_next(&each)) != NULL) {
        bool is_commit = read_commit(row, &commits->rows[commits->count]);
        commits->count += is_commit;
        commits->unreadable += !is_commit;
    }
}

void *pm_hub_decode_commits(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                            struct pm_outcome *outcome)
{
    pm_str cursor; /* pages are asked for by their numbers */
    struct pm_hub_commits *commits = pm_arena_zero(arena, sizeof *commits);
    if (!commits) {
        return pm_body_finish(arena, NULL, outcome);
    }
    if (outcome->http >= 400) {
        commits->found = pm_hub_judge(body, outcome);
        return commits->found == PM_HUB_OTHER ? NULL : commits;
    }
    yyjson_val *root = pm_hub_read_array(scratch, body, outcome);
    if (!root) {
        return NULL;
    }
    commits->has_total = pm_str_to_u64(body->headers->total_count, &commits->total);
    commits->has_more = pm_hub_has_more(body->headers, &cursor);
    read_rows(arena, root, commits);
    return pm_body_finish(arena, commits, outcome);
}
