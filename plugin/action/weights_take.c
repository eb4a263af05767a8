/* weights_take.c - files are put to what counts of a checkpoint, or to what is missing. */

#include "action/weights_take.h"

#include "base/buf.h"

/* --- what is missing --- */

void pm_weights_miss(struct pm_weights *weights, pm_str path)
{
    if (weights->missing_count < PM_WEIGHTS_NAMED_MOST) {
        weights->missing[weights->missing_count] = path;
    }
    weights->missing_count++;
}

/* The name of another part of the same set: with as many digits as the one there is. */
static pm_str name_part(struct pm_arena *arena, const struct pm_weights_file *part, size_t number)
{
    pm_str path = part->file->path, rest = pm_str_tail(path, part->shard.stem.len + 1);
    size_t digits = 0;
    while (digits < rest.len && rest.ptr[digits] >= '0' && rest.ptr[digits] <= '9') {
        digits++;
    }
    struct pm_buf buf;
    pm_buf_init(&buf, arena, SIZE_MAX / 2);
    pm_buf_add(&buf, pm_str_slice(path, 0, part->shard.stem.len + 1));
    pm_buf_addf(&buf, "%0*zu", (int)digits, number);
    pm_buf_add(&buf, pm_str_tail(rest, digits));
    return pm_buf_text(&buf);
}

void pm_weights_miss_parts(struct pm_weights *weights, struct pm_arena *arena,
                           const struct pm_weights_set *set)
{
    size_t at = 0, named = weights->missing_count;
    for (size_t n = 1; n <= set->of && named < PM_WEIGHTS_NAMED_MOST; n++) {
        if (at < set->count && set->parts[at]->shard.number == n) {
            at++;
        } else {
            weights->missing[named++] = name_part(arena, set->parts[0], n);
        }
    }
    weights->missing_count += set->of - set->count;
}

/* --- what counts --- */

void pm_weights_take(struct pm_weights *weights, const struct pm_weights_set *set)
{
    weights->file_count += set->count;
    weights->empty_count += set->empty;
    weights->is_bytes_exact = weights->is_bytes_exact && set->is_exact;
    weights->bytes = pm_weights_add(weights->bytes, set->bytes, &weights->is_bytes_exact);
    for (size_t i = 0; i < set->count; i++) {
        set->parts[i]->counts = true;
    }
}

struct pm_weights_set pm_weights_gather(const struct pm_weights_list *list,
                                        const struct pm_weights_way *way)
{
    struct pm_weights_set set = pm_weights_set_make(list->arena, PM_STR(""), list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct pm_weights_file *row = &list->rows[i];
        bool is_one = row->format == way->format &&
                      (way->kind == PM_WAY_SCATTERED || pm_str_equal(row->folder, way->folder));
        if (is_one) {
            pm_weights_set_add(&set, row);
        }
    }
    return set;
}

void pm_weights_add_rest(struct pm_weights *weights, const struct pm_weights_list *list,
                         const struct pm_weights_way *way)
{
    bool is_other_exact = true;
    weights->is_all_exact = list->is_whole;
    for (size_t i = 0; i < list->count; i++) {
        const struct pm_weights_file *row = &list->rows[i];
        uint64_t size = row->file->has_size ? row->file->size : 0;
        weights->is_all_exact = weights->is_all_exact && row->file->has_size;
        weights->all_bytes = pm_weights_add(weights->all_bytes, size, &weights->is_all_exact);
        if (row->format != PM_WEIGHTS_NONE && !row->counts) {
            weights->other_bytes = pm_weights_add(weights->other_bytes, size, &is_other_exact);
            weights->stale_count += row->is_part && row->format == way->format &&
                                    pm_str_equal(row->folder, way->folder);
        }
    }
}
