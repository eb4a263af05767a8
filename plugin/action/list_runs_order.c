/* list_runs_order.c - one order for the runs of both sources, and places in it.
 *
 * By class, then by id: a key that does not move by the minute. A page token is the key of the row
 * it begins after. */

#include "action/frame.h"
#include "action/list_runs.h"

#define TOKEN_ID_AT 3 /* "r0." */

unsigned pm_list_rank(const struct pm_list_row *row)
{
    return (unsigned)(row->run ? pm_run_class_of(row->run->info) : PM_CLASS_CHAIN_ONLY);
}

pm_str pm_list_id(const struct pm_list_row *row)
{
    return row->run ? row->run->info->id : row->chain->instance.run_id;
}

/* --- order --- */

static void add(struct pm_ordered *ordered, struct pm_list_row row)
{
    ordered->rows[ordered->count++] = row;
    ordered->in_class[pm_list_rank(&row)]++;
    ordered->on_chain += row.run && row.chain;
    ordered->in_other_state += row.run && row.run->info->state == PM_RUN_OTHER;
}

/* An instance's id is UTF-8, so that the dashboard shows it as it is. Of several incarnations the
 * chain has the newest alone, which is what a row shows. */
static struct pm_list_row pair(const struct pm_listed *run, const struct pm_chain_list *chain,
                               bool *is_listed)
{
    const struct pm_chain_row *found = pm_chain_list_find(chain, run->info->id);
    if (found) {
        is_listed[found - chain->rows] = true;
    }
    return (struct pm_list_row){run, found};
}

/* Both lists are in the order of ids, so one pass a class sorts them. */
struct pm_ordered pm_list_order(struct pm_arena *arena, const struct pm_listing *listing,
                                const struct pm_chain_list *chain)
{
    struct pm_ordered ordered = {0};
    bool *is_listed = pm_arena_array(arena, chain->count + 1, sizeof *is_listed);
    ordered.rows = pm_arena_array(arena, listing->count + chain->count + 1, sizeof *ordered.rows);
    if (!is_listed || !ordered.rows) {
        return ordered;
    }
    for (unsigned rank = 0; rank < PM_CLASS_CHAIN_ONLY; rank++) {
        for (size_t i = 0; i < listing->count; i++) {
            if (pm_run_class_of(listing->rows[i].info) == rank) {
                add(&ordered, pair(&listing->rows[i], chain, is_listed));
            }
        }
    }
    for (size_t i = 0; i < chain->count; i++) {
        if (!is_listed[i]) {
            add(&ordered, (struct pm_list_row){NULL, &chain->rows[i]});
        }
    }
    return ordered;
}

/* --- pages --- */

bool pm_list_read_page(struct pm_call *call, struct pm_answer *answer, struct pm_place *place)
{
    static const char *const parts[] = {"runs", "totals", "newest_models", NULL};
    pm_str page = call->request->page;
    bool is_token = page.len > TOKEN_ID_AT && page.ptr[0] == 'r' && page.ptr[1] >= '0' &&
                    page.ptr[1] < '0' + PM_CLASS_COUNT && page.ptr[2] == '.';
    if (!is_token) {
        return pm_frame_read_part(call, answer, parts);
    }
    *place = (struct pm_place){
        .is_given = true,
        .rank = (unsigned)(page.ptr[1] - '0'),
        .id = pm_unclean(call->arena, pm_str_tail(page, TOKEN_ID_AT)),
    };
    return true;
}

const struct pm_clean *pm_list_token(struct pm_arena *arena, const struct pm_list_row *row)
{
    struct pm_buf buf;
    pm_str id = pm_list_id(row);
    pm_buf_init(&buf, arena, id.len + TOKEN_ID_AT);
    pm_buf_addf(&buf, "r%u.", pm_list_rank(row));
    pm_buf_add(&buf, id);
    return pm_clean(arena, PM_TEXT_ID, pm_buf_text(&buf));
}

static int compare_to_place(const struct pm_list_row *row, const struct pm_place *place)
{
    unsigned rank = pm_list_rank(row);
    return rank == place->rank ? pm_str_compare(pm_list_id(row), place->id)
                               : (rank > place->rank) - (rank < place->rank);
}

size_t pm_list_find(const struct pm_ordered *ordered, const struct pm_place *place, bool *has_key)
{
    size_t first = 0;
    *has_key = !place->is_given;
    while (place->is_given && first < ordered->count) {
        int order = compare_to_place(&ordered->rows[first], place);
        if (order > 0) {
            break;
        }
        *has_key = order == 0; /* no two are at one place */
        first++;
    }
    return first;
}

size_t pm_list_end(const struct pm_list *list)
{
    size_t left = list->ordered.count - list->first;
    uint64_t limit = list->call->request->limit;
    return list->first + (left < limit ? left : (size_t)limit);
}
