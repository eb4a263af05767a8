/* hub_files.c - the files of a repository, from whichever replies list them.
 *
 * The reply about the repository names, for most, every file with its size. Only a list that may
 * have been cut is read again, page by page. */

#include "action/hub_files.h"

static size_t count_tree_files(const struct pm_hub_place *place)
{
    size_t count = 0;
    for (size_t i = 0; i < place->tree_count; i++) {
        const struct pm_hub_tree *tree = pm_hub_tree(place->trees[i]);
        count += tree ? tree->count : 0;
    }
    return count;
}

/* The last page was read, and none before it is missing. */
static bool is_whole_tree(const struct pm_hub_place *place)
{
    const struct pm_hub_tree *last = NULL;
    for (size_t i = 0; i < place->tree_count; i++) {
        last = pm_hub_tree(place->trees[i]);
        if (!last || last->found != PM_HUB_THERE || last->unreadable) {
            return false;
        }
    }
    return last && !last->has_more;
}

static struct pm_weights_list read_tree(struct pm_arena *arena, const struct pm_hub_place *place,
                                        size_t count, bool is_whole)
{
    struct pm_hub_file *files = pm_arena_array(arena, count + 1, sizeof *files);
    size_t at = 0;
    for (size_t i = 0; files && i < place->tree_count; i++) {
        const struct pm_hub_tree *tree = pm_hub_tree(place->trees[i]);
        for (size_t j = 0; tree && j < tree->count; j++) {
            files[at++] = tree->files[j];
        }
    }
    return pm_weights_list_read(arena, files, at, is_whole);
}

struct pm_weights_list pm_hub_files_read(struct pm_arena *arena, const struct pm_hub_place *place)
{
    const struct pm_hub_model *model = pm_hub_model(place->model);
    size_t in_tree = count_tree_files(place);
    bool is_tree_enough = in_tree >= model->file_count;
    bool is_tree_whole = is_whole_tree(place);
    bool is_whole = place->tree_count ? is_tree_whole && is_tree_enough
                                      : model->has_files && model->unreadable == 0;
    if (in_tree && (is_tree_whole || is_tree_enough)) {
        return read_tree(arena, place, in_tree, is_whole);
    }
    struct pm_weights_list files =
        place->is_followed ? place->named
                           : pm_weights_list_read(arena, model->files, model->file_count, is_whole);
    files.is_whole = is_whole;
    return files;
}

bool pm_hub_files_are_in(const struct pm_hub_place *place)
{
    const struct pm_ask *last = place->tree_count ? place->trees[place->tree_count - 1] : NULL;
    const struct pm_hub_tree *tree = last && last->is_in ? pm_hub_tree(last) : NULL;
    bool may_turn = tree && tree->next.len && place->tree_count < PM_HUB_TREES_MOST;
    return last && last->is_in && !may_turn;
}
