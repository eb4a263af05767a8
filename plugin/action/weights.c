/* weights.c - what a list of files is as a checkpoint.
 *
 * First the way in which a loader would take the weights is chosen; then the files that this way
 * takes are compared with what should be there. */

#include "action/weights.h"

#include "action/weights_take.h"
#include "action/weights_why.h"

#define HEADER_BYTES_MOST 25000008 /* in front of the tensors of a .safetensors file */

static const char *const TOTAL_ABSENT = "its index does not tell their size, so only their "
                                        "presence was checked";
static const char *const TOTAL_TOO_SMALL = "its index tells far less than the size of these files";

pm_str pm_weights_index_path(const struct pm_weights_list *list)
{
    struct pm_weights_way way = pm_weights_choose(list);
    return way.kind == PM_WAY_INDEXED ? pm_weights_path(list->arena, way.folder, way.name)
                                      : PM_STR("");
}

/* --- each way --- */

static enum pm_weights_why judge_single(const struct pm_weights_list *list,
                                        const struct pm_weights_way *way,
                                        struct pm_weights *weights)
{
    struct pm_weights_set set = pm_weights_set_make(list->arena, way->name, 1);
    struct pm_weights_file *file = pm_weights_find(list, way->folder, way->name);
    if (!file) {
        return PM_WHY_NO_WEIGHTS;
    }
    pm_weights_set_add(&set, file);
    pm_weights_take(weights, &set);
    weights->of = 1;
    if (set.empty) {
        return PM_WHY_ONE_EMPTY;
    }
    return set.unsized ? PM_WHY_NO_SIZE : PM_WHY_ONE_THERE;
}

static enum pm_weights_why judge_adapter(const struct pm_weights_list *list,
                                         const struct pm_weights_way *way,
                                         struct pm_weights *weights)
{
    enum pm_weights_why finding = judge_single(list, way, weights);
    bool has_config = pm_weights_find(list, way->folder, PM_STR("adapter_config.json")) != NULL;
    if (finding == PM_WHY_ONE_THERE && !has_config) {
        return list->is_whole ? PM_WHY_NO_ADAPTER_CONFIG : PM_WHY_LIST_CUT;
    }
    return finding == PM_WHY_ONE_THERE ? PM_WHY_ADAPTER_THERE : finding;
}

/* The bytes of the tensors alone are counted by an index, and each file has a header in front. So
 * files are a little larger; what is more than any header is an index of other files. */
static enum pm_weights_why judge_size(const struct pm_weights_set *set,
                                      const struct pm_hub_index *index, struct pm_weights *weights)
{
    if (set->unsized) {
        return PM_WHY_NO_SIZE;
    }
    if (index->has_total_size && set->bytes < index->total_size) {
        return PM_WHY_TOO_SMALL;
    }
    if (!index->has_total_size) {
        weights->warning = TOTAL_ABSENT;
    } else if ((set->bytes - index->total_size) / HEADER_BYTES_MOST > set->count) {
        weights->warning = TOTAL_TOO_SMALL;
    }
    return weights->warning ? PM_WHY_INDEX_NAMES : PM_WHY_INDEX_FITS;
}

static enum pm_weights_why judge_indexed(const struct pm_weights_list *list,
                                         const struct pm_weights_way *way,
                                         const struct pm_hub_index *index,
                                         struct pm_weights *weights)
{
    struct pm_weights_set set = pm_weights_set_make(list->arena, PM_STR(""), index->file_count);
    for (size_t i = 0; i < index->file_count; i++) {
        struct pm_weights_file *file = pm_weights_find(list, way->folder, index->files[i]);
        if (file) {
            pm_weights_set_add(&set, file);
        } else if (list->is_whole && index->bad_names == 0) {
            pm_weights_miss(weights, pm_weights_path(list->arena, way->folder, index->files[i]));
        }
    }
    pm_weights_take(weights, &set);
    weights->of = index->bad_names ? 0 : index->file_count;
    if (index->bad_names) {
        return PM_WHY_INDEX_BAD;
    }
    if (index->file_count == 0) {
        return PM_WHY_INDEX_EMPTY;
    }
    if (weights->missing_count) {
        return set.count ? PM_WHY_INDEXED_MISSING : PM_WHY_INDEX_ALONE;
    }
    if (set.empty) {
        return PM_WHY_SOME_EMPTY;
    }
    return set.count < set.of ? PM_WHY_LIST_CUT : judge_size(&set, index, weights);
}

/* Of several sets, as an earlier upload leaves them, the one that has all or else most of its
 * parts. */
static const struct pm_weights_set *choose_set(const struct pm_weights_sets *sets)
{
    const struct pm_weights_set *best = NULL;
    for (size_t i = 0; i < sets->count; i++) {
        const struct pm_weights_set *set = &sets->rows[i];
        bool is_full = pm_weights_set_is_full(set);
        bool is_better = !best || (is_full && !pm_weights_set_is_full(best)) ||
                         (is_full == pm_weights_set_is_full(best) && set->count > best->count);
        best = is_better ? set : best;
    }
    return best;
}

/* Numbers tell when parts are missing, but not that nothing is: an index may name other files, too.
 * `without_index` says why there is none to look into. */
static enum pm_weights_why judge_parts(const struct pm_weights_list *list,
                                       const struct pm_weights_way *way,
                                       enum pm_weights_why without_index,
                                       struct pm_weights *weights)
{
    struct pm_weights_sets sets = pm_weights_sets_in(list, way->folder, way->format);
    const struct pm_weights_set *set = choose_set(&sets);
    if (!set) {
        struct pm_weights_set loose = pm_weights_gather(list, way);
        pm_weights_take(weights, &loose);
        return loose.count || !list->is_whole ? without_index : PM_WHY_INDEX_ALONE;
    }
    pm_weights_take(weights, set);
    weights->of = set->of;
    if (set->count < set->of && !list->is_whole) {
        return PM_WHY_LIST_CUT;
    }
    if (set->count < set->of) {
        pm_weights_miss_parts(weights, list->arena, set);
        return PM_WHY_PARTS_MISSING;
    }
    return set->empty ? PM_WHY_SOME_EMPTY : without_index;
}

static enum pm_weights_why judge_unread(const struct pm_weights_list *list,
                                        const struct pm_weights_way *way,
                                        const struct pm_hub_index *index,
                                        struct pm_weights *weights)
{
    bool is_gated = index && index->found == PM_HUB_GATED;
    return judge_parts(list, way, is_gated ? PM_WHY_INDEX_GATED : PM_WHY_INDEX_UNREAD, weights);
}

/* --- one of several models --- */

static enum pm_weights_why judge_model(const struct pm_weights_list *list,
                                       const struct pm_weights_set *set)
{
    if (set->empty) {
        return PM_WHY_SOME_EMPTY;
    }
    if (set->count < set->of) {
        return list->is_whole ? PM_WHY_PARTS_MISSING : PM_WHY_LIST_CUT;
    }
    return set->unsized ? PM_WHY_NO_SIZE : PM_WHY_PARTS_THERE;
}

/* What holds for all: any that lacks something makes it the answer, then any that is unknown. */
static enum pm_weights_why judge_models(const struct pm_weights_list *list,
                                        struct pm_weights *weights)
{
    struct pm_weights_sets sets = pm_weights_models(list);
    enum pm_weights_why all = PM_WHY_MODELS_THERE, one = PM_WHY_NO_WEIGHTS;
    weights->choices = pm_arena_array(list->arena, sets.count + 1, sizeof *weights->choices);
    for (size_t i = 0; weights->choices && i < sets.count; i++) {
        const struct pm_weights_set *set = &sets.rows[i];
        one = judge_model(list, set);
        weights->choices[weights->choice_count++] = (struct pm_weights_choice){
            .name = set->stem,
            .file_count = set->count,
            .of = set->of,
            .bytes = set->bytes,
            .is_bytes_exact = set->is_exact,
            .verdict = pm_weights_verdict_for(one),
        };
        pm_weights_take(weights, set);
        if (pm_weights_verdict_for(one) == PM_WEIGHTS_INCOMPLETE) {
            all = PM_WHY_MODELS_LACK;
        } else if (pm_weights_verdict_for(one) == PM_WEIGHTS_UNKNOWN &&
                   all == PM_WHY_MODELS_THERE) {
            all = one;
        }
    }
    if (sets.count != 1) {
        return all;
    }
    weights->of = sets.rows[0].of;
    if (one == PM_WHY_PARTS_MISSING) {
        pm_weights_miss_parts(weights, list->arena, &sets.rows[0]);
    }
    return one == PM_WHY_PARTS_THERE && weights->of == 1 ? PM_WHY_ONE_THERE : one;
}

/* --- all ways --- */

static enum pm_weights_why judge_rest(const struct pm_weights_list *list,
                                      const struct pm_weights_way *way, struct pm_weights *weights)
{
    struct pm_weights_set set = pm_weights_gather(list, way);
    pm_weights_take(weights, &set);
    if (way->kind == PM_WAY_SCATTERED) {
        return PM_WHY_IN_FOLDERS;
    }
    if (way->format == PM_WEIGHTS_OTHER) {
        return PM_WHY_OTHER_FORMAT;
    }
    return way->format == PM_WEIGHTS_ORIGINAL ? PM_WHY_ONLY_ORIGINAL : PM_WHY_OTHER_NAMES;
}

static enum pm_weights_why judge_way(const struct pm_weights_list *list,
                                     const struct pm_weights_way *way,
                                     const struct pm_hub_index *index, struct pm_weights *weights)
{
    switch (way->kind) {
    case PM_WAY_SINGLE:
        return judge_single(list, way, weights);
    case PM_WAY_INDEXED:
        return index && index->found == PM_HUB_THERE ? judge_indexed(list, way, index, weights)
                                                     : judge_unread(list, way, index, weights);
    case PM_WAY_PARTS:
        return judge_parts(list, way, PM_WHY_NO_INDEX, weights);
    case PM_WAY_ADAPTER:
        return judge_adapter(list, way, weights);
    case PM_WAY_MODELS:
        return way->folder.len ? judge_rest(list, way, weights) : judge_models(list, weights);
    case PM_WAY_LOOSE:
    case PM_WAY_SCATTERED:
        return judge_rest(list, way, weights);
    case PM_WAY_NONE:
        break;
    }
    return list->is_whole ? PM_WHY_NO_WEIGHTS : PM_WHY_LIST_CUT;
}

/* What a loader takes first may stand in the part of a list that was not seen. */
static bool may_be_another(const struct pm_weights_list *list, const struct pm_weights_way *way)
{
    return !list->is_whole && (way->format != PM_WEIGHTS_SAFETENSORS || way->folder.len);
}

struct pm_weights pm_weights_judge(struct pm_weights_list *list, const struct pm_hub_index *index)
{
    struct pm_weights weights = {.is_bytes_exact = true};
    struct pm_weights_way way = pm_weights_choose(list);
    weights.format = way.format;
    weights.folder = way.folder;
    weights.has_folder_step = pm_weights_folder_step(way.folder, &weights.folder_step);
    enum pm_weights_why finding = judge_way(list, &way, index, &weights);
    pm_weights_conclude(&weights, may_be_another(list, &way) ? PM_WHY_LIST_CUT : finding);
    pm_weights_add_rest(&weights, list, &way);
    return weights;
}

/* --- a bucket's manifest --- */

static struct pm_hub_file *copy_files(struct pm_arena *arena,
                                      const struct pm_gcs_manifest *manifest)
{
    struct pm_hub_file *files = pm_arena_array(arena, manifest->count + 1, sizeof *files);
    for (size_t i = 0; files && i < manifest->count; i++) {
        const struct pm_gcs_file *file = &manifest->files[i];
        files[i] = (struct pm_hub_file){
            .path = file->name,
            .size = file->size,
            .has_size = file->has_size,
        };
    }
    return files;
}

static const struct pm_weights_way LISTED = {
    .kind = PM_WAY_SCATTERED,
    .format = PM_WEIGHTS_SAFETENSORS,
};

/* What counts is all that it lists. Of several sets of parts each has to be whole: nothing says
 * that one is stale. */
static enum pm_weights_why judge_manifest(const struct pm_weights_list *list,
                                          struct pm_weights *weights)
{
    struct pm_weights_set set = pm_weights_gather(list, &LISTED);
    struct pm_weights_sets sets = pm_weights_sets_in(list, LISTED.folder, LISTED.format);
    pm_weights_take(weights, &set);
    if (set.count == 0) {
        return list->is_whole ? PM_WHY_NO_WEIGHTS : PM_WHY_LIST_CUT;
    }
    weights->format = LISTED.format;
    weights->of = list->is_whole ? set.count : 0;
    for (size_t i = 0; i < sets.count && list->is_whole; i++) {
        weights->of += sets.rows[i].of - sets.rows[i].count;
        pm_weights_miss_parts(weights, list->arena, &sets.rows[i]);
    }
    if (weights->missing_count) {
        return PM_WHY_PARTS_MISSING;
    }
    if (set.empty) {
        return PM_WHY_SOME_EMPTY;
    }
    return list->is_whole ? PM_WHY_MANIFEST_FITS : PM_WHY_LIST_CUT;
}

struct pm_weights pm_weights_of_manifest(struct pm_arena *arena,
                                         const struct pm_gcs_manifest *manifest)
{
    struct pm_weights weights = {.is_bytes_exact = true};
    const struct pm_hub_file *files = copy_files(arena, manifest);
    bool is_whole = manifest->has_files && manifest->unreadable == 0;
    if (manifest->found != PM_GCS_THERE || !files) {
        pm_weights_conclude(&weights, PM_WHY_NO_MANIFEST);
        return weights;
    }
    struct pm_weights_list list = pm_weights_list_read(arena, files, manifest->count, is_whole);
    pm_weights_conclude(&weights, judge_manifest(&list, &weights));
    pm_weights_add_rest(&weights, &list, &LISTED);
    return weights;
}
