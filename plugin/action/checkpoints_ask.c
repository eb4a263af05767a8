/* checkpoints_ask.c - asking the hub and the buckets beside dashboard and chain.
 *
 * What a run declares is looked into the moment one of the two has told it; where they differ, both
 * places are. The searches are cheap and are begun at once, so that they are in when it turns out
 * that nothing is declared, or that what is declared is not there. */

#include "action/checkpoints.h"

#include "action/look_chain.h"

/* --- searches --- */

/* The words before any incarnation, when they can be a run's id. */
static void search_words(struct pm_checkpoints *own)
{
    pm_str words = pm_unclean(own->look.call->arena, own->look.given);
    pm_str id = pm_str_slice(words, 0, pm_str_find_last(words, '@'));
    if (!own->look.only_ids && own->hub.id.len == 0 && pm_can_be_id(id)) {
        pm_hub_look_search(&own->hub, id, false);
    }
}

static pm_str name_of(const struct pm_view *view)
{
    const struct pm_coordinator *run = pm_view_coordinator(view);
    if (view->info && view->info->name.len) {
        return view->info->name;
    }
    return run ? run->head.name.text : PM_STR("");
}

const struct pm_candidate *pm_checkpoints_likeliest(const struct pm_candidates *candidates)
{
    const struct pm_candidate *rows = candidates->rows;
    if (candidates->exact == 0) {
        return NULL;
    }
    bool is_only = candidates->exact == 1;
    bool is_only_foundations = rows[0].is_foundation && (is_only || !rows[1].is_foundation);
    return is_only || is_only_foundations ? &rows[0] : NULL;
}

static void look_into_find(struct pm_checkpoints *own)
{
    if (pm_hub_look_is_searched(&own->hub)) {
        const struct pm_candidate *likeliest =
            pm_checkpoints_likeliest(pm_hub_look_rank(&own->hub));
        if (likeliest) {
            (void)pm_hub_look_at(&own->hub, likeliest->model->id, PM_STR(""), false);
        }
    }
}

static void search_run(struct pm_checkpoints *own, const struct pm_view *view)
{
    pm_hub_look_search(&own->hub, view->id, false);
    pm_hub_look_search(&own->hub, name_of(view), true);
    pm_hub_look_leave_searches(&own->hub, false);
    look_into_find(own);
}

/* --- places --- */

static bool is_elsewhere(const struct pm_checkpoint *checkpoint)
{
    return (checkpoint->kind == PM_CHECKPOINT_HUB || checkpoint->kind == PM_CHECKPOINT_GCS) &&
           checkpoint->place.len > 0;
}

/* Nobody can be asked for that name, or the hub was and does not show it. */
static bool is_lost(const struct pm_checkpoints *own, const struct pm_checkpoint *checkpoint)
{
    const struct pm_hub_place *place = pm_hub_look_place(&own->hub, checkpoint);
    const struct pm_hub_model *model = place ? pm_hub_model(place->model) : NULL;
    return place ? model && model->found == PM_HUB_MISSING_OR_PRIVATE
                 : !pm_hub_look_bucket(&own->hub, checkpoint);
}

bool pm_checkpoints_is_searched_for(const struct pm_checkpoints *own, const struct pm_view *view)
{
    struct pm_checkpoint checkpoint;
    return !pm_checkpoints_best(view, &checkpoint) || !is_elsewhere(&checkpoint) ||
           is_lost(own, &checkpoint);
}

static void look_into_declared(struct pm_checkpoints *own, const struct pm_view *view)
{
    const struct pm_coordinator_checkpoint *on_chain = pm_checkpoints_on_chain(view);
    const struct pm_checkpoint *shown = pm_checkpoints_declared(view->page);
    struct pm_checkpoint checkpoint = {0};
    if (on_chain) {
        checkpoint = pm_declared_on_chain(on_chain);
        pm_hub_look_declared(&own->hub, &checkpoint);
    }
    if (shown) {
        pm_hub_look_declared(&own->hub, shown);
    }
}

static void look_for_weights(struct pm_checkpoints *own, const struct pm_view *view)
{
    struct pm_checkpoint checkpoint = {0};
    look_into_declared(own, view);
    if (!pm_checkpoints_best(view, &checkpoint)) {
        return; /* it may yet come */
    }
    if (pm_checkpoints_is_searched_for(own, view)) {
        search_run(own, view);
    } else {
        pm_hub_look_leave_searches(&own->hub, true);
    }
}

/* --- a page of a list --- */

/* A page is of the commit that the first one was of, whatever has been pushed since. */
static void look_at_page(struct pm_checkpoints *own)
{
    struct pm_hub_look *hub = &own->hub;
    const struct pm_hub_page *page = &own->page;
    size_t count = hub->place_count;
    for (size_t i = 0; i < count; i++) {
        if (page->is_commits) {
            pm_hub_look_older(hub, &hub->places[i], page->commit,
                              (unsigned)(page->position / PM_HUB_COMMITS_ASKED));
        }
        if (page->is_files && !pm_str_equal(hub->places[i].revision, page->commit)) {
            (void)pm_hub_look_at(hub, hub->places[i].repo, page->commit, false);
        }
    }
}

/* --- a repository --- */

/* The repository, and the active runs, of which one may declare it. */
static void look_at_repository(struct pm_checkpoints *own)
{
    struct pm_look *look = &own->look;
    const struct pm_active_place from_the_start = {0};
    (void)pm_hub_look_at(&own->hub, look->call->request->run_id, PM_STR(""), true);
    if (look->list && look->match.count == 0 && !own->is_active_asked) {
        own->is_active_asked = true;
        own->active.nodes = &look->chain.nodes;
        pm_active_choose(look->call, &own->active, &look->listing, &from_the_start);
        pm_active_ask(look->call, &own->active);
    }
    if (own->is_active_asked) {
        pm_active_go_on(&own->active);
    }
}

/* --- beside the look --- */

static bool ask_beside(struct pm_look *look)
{
    struct pm_checkpoints *own = look->beside_of;
    struct pm_view view = {0};
    size_t before = look->call->batch.count;
    search_words(own);
    if (look->only_ids) {
        look_at_repository(own);
    }
    if (pm_look_find(look, &view)) {
        look_for_weights(own, &view);
    } else if (pm_look_is_surely_missing(look)) {
        look_into_find(own);
    }
    look_at_page(own);
    (void)pm_hub_look_go_on(&own->hub);
    return look->call->batch.count > before;
}

void pm_checkpoints_begin(struct pm_checkpoints *own, struct pm_call *call)
{
    *own = (struct pm_checkpoints){.look = {.call = call}};
    own->look.only_ids = pm_declared_is_repository(call->request->run_id);
    own->look.beside = ask_beside;
    own->look.beside_of = own;
    own->look.say_beside = pm_checkpoints_say_missing;
    pm_hub_look_begin(&own->hub, call);
    (void)pm_hub_page_read(call, &own->page);
}

struct pm_checkpoints_place pm_checkpoints_place(const struct pm_checkpoints *own,
                                                 const struct pm_view *view)
{
    struct pm_checkpoints_place place = {0};
    struct pm_checkpoint checkpoint;
    if (pm_checkpoints_best(view, &checkpoint)) {
        place.repository = pm_hub_look_place(&own->hub, &checkpoint);
        place.bucket = pm_hub_look_bucket(&own->hub, &checkpoint);
    }
    return place;
}

const struct pm_hub_place *pm_checkpoints_find(const struct pm_checkpoints *own,
                                               const struct pm_candidate *find)
{
    const struct pm_checkpoint checkpoint = {
        .kind = PM_CHECKPOINT_HUB,
        .place = find ? find->model->id : PM_STR(""),
    };
    return pm_hub_look_place(&own->hub, &checkpoint);
}

bool pm_checkpoints_other(const struct pm_checkpoints *own, const struct pm_view *view,
                          struct pm_checkpoints_place *place)
{
    const struct pm_coordinator_checkpoint *on_chain = pm_checkpoints_on_chain(view);
    const struct pm_checkpoint *shown = pm_checkpoints_declared(view->page);
    *place = (struct pm_checkpoints_place){0};
    if (!on_chain || !shown || !is_elsewhere(shown) ||
        pm_declared_is_shown_as(own->look.call->arena, on_chain, shown)) {
        return false;
    }
    place->repository = pm_hub_look_place(&own->hub, shown);
    place->bucket = pm_hub_look_bucket(&own->hub, shown);
    return true;
}
