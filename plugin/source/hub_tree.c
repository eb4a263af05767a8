/* hub_tree.c - the files of a commit, a page at a time.
 *
 * Folders are listed beside their files and are left out. The size is always the file's own, never
 * that of the pointer which git holds for a large one. */

#include "source/hub_inside.h"

#include "source/body.h"
#include "source/fields.h"

static bool is_file(yyjson_val *entry)
{
    return pm_str_equal(pm_field_text(entry, "type"), PM_STR("file"));
}

static void read_files(struct pm_arena *arena, yyjson_val *root, struct pm_hub_tree *tree)
{
    yyjson_val *entry;
    yyjson_arr_iter each = yyjson_arr_iter_with(root);
    tree->files = pm_arena_array(arena, yyjson_arr_size(root), sizeof *tree->files);
    while (tree->files && (entry = yyjson_arr_iter_next(&each)) != NULL) {
        if (is_file(entry)) {
            bool has_path = pm_hub_read_file(entry, "path", &tree->files[tree->count]);
            tree->count += has_path;
            tree->unreadable += !has_path;
        } else {
            tree->unreadable += !yyjson_is_obj(entry);
        }
    }
}

void *pm_hub_decode_tree(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                         struct pm_outcome *outcome)
{
    struct pm_hub_tree *tree = pm_arena_zero(arena, sizeof *tree);
    if (!tree) {
        return pm_body_finish(arena, NULL, outcome);
    }
    tree->next = PM_STR("");
    if (outcome->http >= 400) {
        tree->found = pm_hub_judge(body, outcome);
        return tree->found == PM_HUB_OTHER ? NULL : tree;
    }
    yyjson_val *root = pm_hub_read_array(scratch, body, outcome);
    if (!root) {
        return NULL;
    }
    tree->has_more = pm_hub_has_more(body->headers, &tree->next);
    read_files(arena, root, tree);
    return pm_body_finish(arena, tree, outcome);
}
