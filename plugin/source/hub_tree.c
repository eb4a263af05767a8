/* hub_tree.c - the files of a commit, a page at a time.
 *
 * Folders are listed beside their files and are left out. The size is always the file's own, never
 * that of the pointer which git holds for a large one. */

#include "source/hub_inside.h"

#include "source/body.h"
#include "source/fields.h"

enum what { FOLDER, FILE_ITSELF, UNCLEAR };

/* A kind that is not known, or no text, may hide a file: what has bytes is one. */
static enum what what_is(yyjson_val *entry)
{
    pm_str type = pm_field_text(entry, "type");
    struct pm_count size = pm_field_count(entry, "size");
    bool has_bytes = (size.is_known && size.value) || yyjson_is_obj(pm_json_get(entry, "lfs"));
    if (pm_str_equal(type, PM_STR("directory"))) {
        return FOLDER;
    }
    return pm_str_equal(type, PM_STR("file")) || has_bytes ? FILE_ITSELF : UNCLEAR;
}

static void read_files(struct pm_arena *arena, yyjson_val *root, struct pm_hub_tree *tree)
{
    yyjson_val *entry;
    yyjson_arr_iter each = yyjson_arr_iter_with(root);
    tree->files = pm_arena_array(arena, yyjson_arr_size(root), sizeof *tree->files);
    while (tree->files && (entry = yyjson_arr_iter_next(&each)) != NULL) {
        enum what what = what_is(entry);
        if (what == FILE_ITSELF) {
            bool has_path = pm_hub_read_file(entry, "path", &tree->files[tree->count]);
            tree->count += has_path;
            tree->unreadable += !has_path;
        }
        tree->unreadable += what == UNCLEAR;
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
