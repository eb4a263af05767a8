/* weights_list.c - a list of files, sorted for the questions that weights.c has. */

#include "action/weights_list.h"

#include "base/buf.h"

#include <stdlib.h>

#define TRAINERS "checkpoint-"
#define TRAINERS_LAST "last-checkpoint"
#define MODEL_EXTENSION ".gguf"

uint64_t pm_weights_add(uint64_t a, uint64_t b, bool *is_exact)
{
    if (b > UINT64_MAX - a) {
        *is_exact = false;
        return UINT64_MAX;
    }
    return a + b;
}

/* --- the list --- */

/* Lists come in order from most sources, which costs less to see than to do once more. */
static void sort(void *rows, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    const char *row = rows;
    for (size_t i = 1; i < count; i++, row += size) {
        if (compare(row, row + size) > 0) {
            qsort(rows, count, size, compare);
            return;
        }
    }
}

/* A path that stands twice, as when a list changes between two of its pages, counts once, and without
 * a size unless both tell the same. */
static int compare_files(const void *left, const void *right)
{
    const struct pm_hub_file *a = ((const struct pm_weights_file *)left)->file;
    const struct pm_hub_file *b = ((const struct pm_weights_file *)right)->file;
    int order = pm_str_compare(a->path, b->path);
    if (order != 0) {
        return order;
    }
    if (a->has_size != b->has_size) {
        return a->has_size ? 1 : -1;
    }
    return (a->size > b->size) - (a->size < b->size);
}

static struct pm_weights_file describe(const struct pm_hub_file *file)
{
    size_t slash = pm_str_find_last(file->path, '/');
    bool is_below = slash < file->path.len;
    struct pm_weights_file row = {
        .file = file,
        .folder = is_below ? pm_str_slice(file->path, 0, slash) : PM_STR(""),
        .base = is_below ? pm_str_tail(file->path, slash + 1) : file->path,
    };
    row.is_part = pm_shard_read(file->path, &row.shard);
    row.format = row.is_part ? row.shard.format : pm_weight_format_of(file->path);
    return row;
}

/* A file like that one, of which nobody knows the size. */
static const struct pm_hub_file *without_size(struct pm_arena *arena,
                                              const struct pm_hub_file *file)
{
    struct pm_hub_file *copy = pm_arena_zero(arena, sizeof *copy);
    if (!copy) {
        return file;
    }
    *copy = *file;
    copy->has_size = false;
    copy->size = 0;
    return copy;
}

struct pm_weights_list pm_weights_list_read(struct pm_arena *arena, const struct pm_hub_file *files,
                                            size_t count, bool is_whole)
{
    struct pm_weights_list list = {.arena = arena, .is_whole = is_whole};
    list.rows = pm_arena_array(arena, count + 1, sizeof *list.rows);
    if (!list.rows) {
        return list;
    }
    for (size_t i = 0; i < count; i++) {
        list.rows[i] = describe(&files[i]);
    }
    sort(list.rows, count, sizeof *list.rows, compare_files);
    for (size_t i = 0; i < count; i++) {
        struct pm_weights_file *last = list.count ? &list.rows[list.count - 1] : NULL;
        if (!last || !pm_str_equal(last->file->path, list.rows[i].file->path)) {
            list.rows[list.count++] = list.rows[i];
        } else if (last->file->has_size && last->file->size != list.rows[i].file->size) {
            last->file = without_size(arena, last->file);
        }
    }
    return list;
}

/* --- names --- */

bool pm_weights_folder_step(pm_str folder, uint64_t *step)
{
    return pm_str_starts(folder, PM_STR(TRAINERS)) &&
           pm_str_to_u64(pm_str_tail(folder, sizeof TRAINERS - 1), step);
}

bool pm_weights_is_trainers(pm_str folder)
{
    uint64_t step;
    pm_str top = pm_str_slice(folder, 0, pm_str_find(folder, '/'));
    return pm_str_equal(top, PM_STR(TRAINERS_LAST)) || pm_weights_folder_step(top, &step);
}

pm_str pm_weights_newest_folder(const struct pm_weights_list *list)
{
    pm_str newest = PM_STR("");
    uint64_t highest = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct pm_weights_file *row = &list->rows[i];
        uint64_t step = 0;
        bool has_step = pm_weights_folder_step(row->folder, &step);
        bool is_one = has_step || pm_str_equal(row->folder, PM_STR(TRAINERS_LAST));
        bool is_newer = newest.len == 0 || (has_step && step > highest);
        bool is_weights = row->format != PM_WEIGHTS_NONE && row->format != PM_WEIGHTS_OTHER;
        if (is_weights && is_one && is_newer) {
            newest = row->folder;
            highest = step;
        }
    }
    return newest;
}

pm_str pm_weights_path(struct pm_arena *arena, pm_str folder, pm_str name)
{
    struct pm_buf buf;
    if (folder.len == 0) {
        return name;
    }
    pm_buf_init(&buf, arena, SIZE_MAX / 2);
    pm_buf_add(&buf, folder);
    pm_buf_add_char(&buf, '/');
    pm_buf_add(&buf, name);
    return pm_buf_text(&buf);
}

struct pm_weights_file *pm_weights_find(const struct pm_weights_list *list, pm_str folder,
                                        pm_str name)
{
    pm_str path = pm_weights_path(list->arena, folder, name);
    size_t from = 0, to = list->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = pm_str_compare(path, list->rows[middle].file->path);
        if (order == 0) {
            return &list->rows[middle];
        }
        from = order > 0 ? middle + 1 : from;
        to = order > 0 ? to : middle;
    }
    return NULL;
}

/* --- sets --- */

struct pm_weights_set pm_weights_set_make(struct pm_arena *arena, pm_str stem, size_t most)
{
    return (struct pm_weights_set){
        .stem = stem,
        .of = most,
        .parts = pm_arena_array(arena, most + 1, sizeof(struct pm_weights_file *)),
        .is_exact = true,
    };
}

void pm_weights_set_add(struct pm_weights_set *set, struct pm_weights_file *part)
{
    if (!set->parts) {
        return;
    }
    set->parts[set->count++] = part;
    set->unsized += !part->file->has_size;
    set->empty += part->file->has_size && part->file->size == 0;
    set->is_exact = set->is_exact && part->file->has_size;
    if (part->file->has_size) {
        set->bytes = pm_weights_add(set->bytes, part->file->size, &set->is_exact);
    }
}

bool pm_weights_set_is_full(const struct pm_weights_set *set)
{
    return set->count == set->of && set->empty == 0;
}

static int compare_sets(const struct pm_shard *a, const struct pm_shard *b)
{
    int order = pm_str_compare(a->stem, b->stem);
    if (order == 0) {
        order = pm_str_compare(a->extension, b->extension);
    }
    return order == 0 ? (a->of > b->of) - (a->of < b->of) : order;
}

static int compare_parts(const void *left, const void *right)
{
    const struct pm_weights_file *a = *(struct pm_weights_file *const *)left;
    const struct pm_weights_file *b = *(struct pm_weights_file *const *)right;
    int order = compare_sets(&a->shard, &b->shard);
    if (order == 0) {
        order = (a->shard.number > b->shard.number) - (a->shard.number < b->shard.number);
    }
    return order == 0 ? pm_str_compare(a->file->path, b->file->path) : order;
}

/* Parts in the order of sets and numbers; one number can be written in two ways. */
static struct pm_weights_sets group(struct pm_arena *arena, struct pm_weights_file **parts,
                                    size_t count)
{
    struct pm_weights_sets sets = {pm_arena_array(arena, count + 1, sizeof *sets.rows), 0};
    struct pm_weights_set *set = NULL;
    const struct pm_shard *last = NULL;
    for (size_t i = 0; sets.rows && i < count; i++) {
        const struct pm_shard *shard = &parts[i]->shard;
        bool is_same = last && compare_sets(last, shard) == 0;
        if (!is_same) {
            set = &sets.rows[sets.count++];
            *set = (struct pm_weights_set){
                .stem = shard->stem, .of = shard->of, .parts = parts + i, .is_exact = true};
        }
        if (!is_same || last->number != shard->number) {
            pm_weights_set_add(set, parts[i]);
        }
        last = shard;
    }
    return sets;
}

struct pm_weights_sets pm_weights_sets_in(const struct pm_weights_list *list, pm_str folder,
                                          enum pm_weight_format format)
{
    size_t count = 0;
    struct pm_weights_file **parts = pm_arena_array(list->arena, list->count + 1, sizeof *parts);
    for (size_t i = 0; parts && i < list->count; i++) {
        struct pm_weights_file *row = &list->rows[i];
        if (row->is_part && row->format == format && pm_str_equal(row->folder, folder)) {
            parts[count++] = row;
        }
    }
    if (count) {
        sort(parts, count, sizeof *parts, compare_parts);
    }
    return group(list->arena, parts, count);
}

/* --- models that are alternatives --- */

static int compare_models(const void *left, const void *right)
{
    const struct pm_weights_set *a = left, *b = right;
    int order = (a->bytes < b->bytes) - (a->bytes > b->bytes);
    if (order == 0) {
        order = pm_str_compare(a->stem, b->stem);
    }
    return order == 0 ? (a->of > b->of) - (a->of < b->of) : order;
}

/* Every GGUF file has a name of its own, so a single one can stand as the only part of its stem. */
struct pm_weights_sets pm_weights_models(const struct pm_weights_list *list)
{
    size_t count = 0;
    struct pm_weights_file **parts = pm_arena_array(list->arena, list->count + 1, sizeof *parts);
    for (size_t i = 0; parts && i < list->count; i++) {
        struct pm_weights_file *row = &list->rows[i];
        if (row->format != PM_WEIGHTS_GGUF || pm_weights_is_trainers(row->folder)) {
            continue;
        }
        if (!row->is_part) {
            size_t end = row->file->path.len - (sizeof MODEL_EXTENSION - 1);
            row->shard = (struct pm_shard){
                .stem = pm_str_slice(row->file->path, 0, end),
                .extension = pm_str_tail(row->file->path, end),
                .number = 1,
                .of = 1,
            };
        }
        parts[count++] = row;
    }
    if (count) {
        sort(parts, count, sizeof *parts, compare_parts);
    }
    struct pm_weights_sets models = group(list->arena, parts, count);
    if (models.count) {
        sort(models.rows, models.count, sizeof *models.rows, compare_models);
    }
    return models;
}
