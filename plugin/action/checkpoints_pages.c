/* checkpoints_pages.c - the active runs a few at a time, and their own pages.
 *
 * The list does not say where weights are, the runs' own pages do, and their accounts on chain. A
 * few of them are asked at once, for the largest runs; the next page of the answer goes on with the
 * next ones. */

#include "action/checkpoints.h"

#define PARAMS_DIGITS 80

bool pm_active_read_place(struct pm_call *call, struct pm_active_place *place)
{
    pm_str page = call->request->page;
    size_t dot = pm_str_find(page, '.');
    bool has_form = dot > 0 && dot + 1 < page.len && page.ptr[0] == 's';
    if (page.len == 0 || pm_str_starts(page, PM_STR("g."))) {
        return true;
    }
    *place = (struct pm_active_place){
        .is_given = true,
        .params = pm_big_read(pm_str_slice(page, 1, dot)),
        .id = pm_unclean(call->arena, pm_str_tail(page, dot + 1)),
    };
    return (has_form && (dot == 1 || place->params.is_known)) ||
           pm_fail(&call->error, PM_E_BAD_REQUEST,
                   "page is not one of checkpoints; copy it from get_more of its answer");
}

const struct pm_clean *pm_active_token(struct pm_arena *arena, const struct pm_run_info *info)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, info->id.len + PARAMS_DIGITS);
    pm_buf_add_char(&buf, 's');
    if (info->params.is_known) {
        pm_big_add_text(&buf, info->params);
    }
    pm_buf_add_char(&buf, '.');
    pm_buf_add(&buf, info->id);
    return pm_clean(arena, PM_TEXT_ID, pm_buf_text(&buf));
}

static int compare_to_place(const struct pm_run_info *info, const struct pm_active_place *place)
{
    return pm_listed_compare_size(info->params, info->id, place->params, place->id);
}

void pm_active_choose(struct pm_call *call, struct pm_active_runs *active,
                      const struct pm_listing *listing, const struct pm_active_place *place)
{
    active->runs = pm_listing_largest(call->arena, listing, PM_CLASS_ACTIVE, &active->count);
    active->has_key = !place->is_given;
    while (place->is_given && active->first < active->count &&
           compare_to_place(active->runs[active->first]->info, place) <= 0) {
        /* No two are at one place. */
        active->has_key = compare_to_place(active->runs[active->first]->info, place) == 0;
        active->first++;
    }
    size_t left = active->count - active->first;
    size_t most = call->request->limit < PM_ACTIVE_PAGES_MOST ? (size_t)call->request->limit
                                                              : PM_ACTIVE_PAGES_MOST;
    active->shown = left < most ? left : most;
}

const struct pm_run_info *pm_active_info(const struct pm_active_runs *active, size_t at)
{
    return active->runs[active->first + at]->info;
}

void pm_active_ask(struct pm_call *call, struct pm_active_runs *active)
{
    pm_str ids[PM_ACTIVE_PAGES_MOST];
    for (size_t i = 0; i < active->shown; i++) {
        const struct pm_run_info *info = pm_active_info(active, i);
        active->pages[i] = pm_dashboard_ask_run(&call->batch, info->id, info->index, true);
        ids[i] = info->id;
    }
    pm_chain_several_ask(&active->chain, active->nodes, PM_CHAIN_WANTED_HEADS, ids, active->shown,
                         false);
}

void pm_active_go_on(struct pm_active_runs *active)
{
    (void)pm_chain_several_go_on(&active->chain);
    pm_nodes_check(active->nodes, pm_chain_several_lacks_any(&active->chain));
    (void)pm_chain_several_go_on(&active->chain); /* elsewhere, when the check led there */
}

const struct pm_checkpoint *pm_active_declared(const struct pm_active_runs *active, size_t at)
{
    const struct pm_run_page *page = pm_dashboard_run(active->pages[at]);
    return page && page->is_there ? pm_checkpoints_declared(page) : NULL;
}

const struct pm_coordinator_checkpoint *pm_active_on_chain(const struct pm_active_runs *active,
                                                           size_t at)
{
    const struct pm_chain_one *run =
        pm_chain_several_find(&active->chain, pm_active_info(active, at)->id);
    bool has_head = run && run->part.is_asked && run->part.verdict == PM_ACCOUNT_OK;
    return has_head ? &run->head.model.checkpoint : NULL;
}
