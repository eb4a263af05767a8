/* checkpoints.c - where the weights of a run are.
 *
 * A run declares one place, on the model hub or in a storage bucket, in its account on chain. The
 * dashboard passes that on, but reports a run whose clients hold newer weights among themselves in
 * the same way as one without. What is in that place the hub tells, or the bucket's manifest. */

#include "action/checkpoints.h"

#include "action/look_chain.h"
#include "action/quote.h"
#include "action/run_details_chain.h"

const struct pm_checkpoint *pm_checkpoints_declared(const struct pm_run_page *page)
{
    return page && page->live.has_checkpoint ? &page->live.checkpoint : NULL;
}

const struct pm_coordinator_checkpoint *pm_checkpoints_on_chain(const struct pm_view *view)
{
    const struct pm_coordinator *run = pm_view_coordinator(view);
    return run ? &run->head.model.checkpoint : NULL;
}

bool pm_checkpoints_best(const struct pm_view *view, struct pm_checkpoint *checkpoint)
{
    const struct pm_coordinator_checkpoint *on_chain = pm_checkpoints_on_chain(view);
    const struct pm_checkpoint *shown = pm_checkpoints_declared(view->page);
    if (on_chain) {
        *checkpoint = pm_declared_on_chain(on_chain);
    } else if (shown) {
        *checkpoint = *shown;
    }
    return on_chain || shown;
}

/* --- the facts of one run --- */

static void put_address(struct pm_arena *arena, struct pm_group *group, const char *key,
                        pm_str address)
{
    if (address.len) {
        pm_put_text(group, key, pm_clean(arena, PM_TEXT_REPOSITORY, address));
    }
}

static void put_revision_kind(struct pm_group *group, const struct pm_checkpoint *checkpoint)
{
    static const char *const words[] = {
        [PM_REVISION_DEFAULT] = "none: the branch main",
        [PM_REVISION_COMMIT] = "commit",
        [PM_REVISION_SHORT] = "beginning of a commit, or a branch or tag",
        [PM_REVISION_NAME] = "branch or tag",
    };
    enum pm_revision revision = pm_declared_revision(checkpoint);
    if (checkpoint->kind == PM_CHECKPOINT_HUB && checkpoint->place.len) {
        pm_put_own(group, "revision_is", words[revision]);
        pm_put_flag(group, "can_move", revision != PM_REVISION_COMMIT);
    }
}

static void write_checkpoint(struct pm_call *call, struct pm_group *group,
                             const struct pm_checkpoint *checkpoint, bool is_shared)
{
    struct pm_group *sub = pm_group_sub(group, "checkpoint");
    pm_declared_put(call->arena, sub, checkpoint);
    put_revision_kind(sub, checkpoint);
    put_address(call->arena, sub, "address", pm_declared_address(call->arena, checkpoint));
    put_address(call->arena, sub, "gs", pm_declared_gs(call->arena, checkpoint));
    if (is_shared) {
        pm_put_own(sub, "live", "passed from client to client; this place has the last upload");
    }
}

static void write_weights(struct pm_group *group, struct pm_big params)
{
    struct pm_big bytes = pm_declared_bf16_bytes(params);
    if (bytes.is_known) {
        struct pm_group *sub = pm_group_sub(group, "weights");
        pm_put_big(sub, "params", params);
        pm_put_big(sub, "bf16_bytes", bytes);
        pm_put_own(sub, "computed", "bf16_bytes is 2 bytes a parameter, not a measured size");
    }
}

static void write_on_chain(struct pm_call *call, struct pm_answer *answer,
                           const struct pm_view *view)
{
    const struct pm_coordinator *run = pm_view_coordinator(view);
    if (!run) {
        return;
    }
    struct pm_group *group =
        pm_group_open(answer, "on_chain", pm_origin_of(&call->batch, view->chain->ask));
    const struct pm_coordinator_checkpoint *on_chain = &run->head.model.checkpoint;
    struct pm_checkpoint checkpoint = pm_declared_on_chain(on_chain);
    pm_chain_details_put_moment(group, "changed_at", run->tail.state_started_at);
    pm_put_text(group, "phase",
                pm_clean(call->arena, PM_TEXT_OTHER, pm_chain_state_word(run->head.state)));
    pm_put_count(group, "epoch", run->head.epoch);
    pm_put_count(group, "step", run->head.step);
    write_checkpoint(call, group, &checkpoint, pm_declared_is_shared(on_chain));
    if (!view->info) {
        write_weights(group, pm_view_params(view));
    }
}

static void write_tracked(struct pm_call *call, struct pm_answer *answer,
                          const struct pm_view *view)
{
    const struct pm_checkpoint *checkpoint = pm_checkpoints_declared(view->page);
    if (!view->info) {
        return;
    }
    struct pm_group *group =
        pm_group_open(answer, "tracked", pm_origin_of(&call->batch, view->ask));
    if (view->info->last_update.has_time) {
        pm_put_date(group, "changed_at", view->info->last_update.time_ms);
    }
    if (view->is_listed_known) {
        pm_put_flag(group, "listed", view->is_listed);
    }
    pm_put_count(group, "index", view->index);
    if (view->info->state_word.len) {
        pm_put_text(group, "state", pm_clean(call->arena, PM_TEXT_OTHER, view->info->state_word));
    }
    if (view->page && view->page->live.phase.len) {
        pm_put_text(group, "phase", pm_clean(call->arena, PM_TEXT_OTHER, view->page->live.phase));
    }
    if (checkpoint) {
        write_checkpoint(call, group, checkpoint, false);
    }
    write_weights(group, view->info->params);
}

/* What that kind of place is; the chain has more of them than the dashboard. */
static void write_kind(struct pm_call *call, struct pm_answer *answer, const struct pm_view *view)
{
    const struct pm_document *document = pm_guide_document(call->guide, PM_STR("checkpoints"));
    struct pm_checkpoint checkpoint;
    if (pm_checkpoints_best(view, &checkpoint)) {
        bool is_none = checkpoint.kind == PM_CHECKPOINT_NONE && checkpoint.kind_word.len == 0;
        pm_quote_meaning(call, answer, document, "kind",
                         is_none ? PM_STR("none") : checkpoint.kind_word);
    }
}

/* The dashboard answered, and has nothing of a run that the chain has. */
static void write_not_tracked(const struct pm_look *look, struct pm_answer *answer,
                              const struct pm_view *view)
{
    if (!view->info && view->how == PM_MATCH_ID && pm_look_tracked_lacks_id(look)) {
        struct pm_group *group =
            pm_group_open(answer, "tracked", pm_origin_not_found(&look->call->batch, look->runs));
        pm_put_flag(group, "listed", false);
    }
}

/* Nothing when the chain was not to be asked: then only one source could tell. */
static void write_agreement(struct pm_look *look, struct pm_answer *answer,
                            const struct pm_view *view)
{
    if (!look->chain.nodes.is_off) {
        struct pm_agreement agreement = pm_chain_details_agree(look, view);
        pm_frame_agree(look->call, answer, &agreement);
    }
}

/* What was found where the run says that its weights are. */
static void write_place(struct pm_checkpoints *own, struct pm_answer *answer,
                        const struct pm_view *view)
{
    struct pm_call *call = own->look.call;
    struct pm_checkpoints_place place = pm_checkpoints_place(own, view), other;
    if (place.repository) {
        pm_hub_write_place(call, answer, &own->hub, place.repository, &own->page, true);
    }
    if (place.bucket) {
        pm_hub_write_bucket(call, answer, "bucket", place.bucket);
    }
    if (!pm_checkpoints_other(own, view, &other)) {
        return;
    }
    if (other.repository) {
        pm_hub_write_shortly(call, answer, "hub_of_dashboard", other.repository->facts);
    }
    if (other.bucket) {
        pm_hub_write_bucket(call, answer, "bucket_of_dashboard", other.bucket);
    }
}

static void suggest_find(struct pm_call *call, struct pm_answer *answer,
                         const struct pm_candidate *find)
{
    struct pm_arguments arguments = {0};
    pm_arguments_own(&arguments, call->arena, "action", "checkpoints");
    pm_arguments_text(&arguments, "run_id",
                      pm_clean(call->arena, PM_TEXT_REPOSITORY, find->model->id));
    pm_answer_next(answer, "psyche_monitor", &arguments, "what that find holds");
}

/* What the searches found stands in for what is not declared, or not there. */
static void write_finds(struct pm_checkpoints *own, struct pm_answer *answer, const char *name,
                        bool is_declared_shown)
{
    const struct pm_candidates *candidates = &own->hub.ranked;
    const struct pm_candidate *likeliest = pm_checkpoints_likeliest(candidates);
    const struct pm_hub_place *place = pm_checkpoints_find(own, likeliest);
    if (place && !is_declared_shown) {
        pm_hub_write_place(own->look.call, answer, &own->hub, place, &own->page, false);
    }
    pm_hub_write_candidates(own->look.call, answer, name, &own->hub, candidates);
    size_t next = place ? 1 : 0; /* the first one has been looked into */
    if (next < candidates->count) {
        suggest_find(own->look.call, answer, &candidates->rows[next]);
    }
}

static void write_run(struct pm_checkpoints *own, struct pm_answer *answer,
                      const struct pm_view *view)
{
    struct pm_look *look = &own->look;
    struct pm_call *call = look->call;
    struct pm_arguments arguments = {0};
    struct pm_checkpoint checkpoint;
    bool is_known = pm_checkpoints_best(view, &checkpoint);
    pm_answer_found(answer, is_known ? PM_FOUND_TRUE : PM_FOUND_UNKNOWN);
    pm_look_write_asked(look, answer, view);
    pm_checkpoints_write_words(own, answer, view);
    write_on_chain(call, answer, view);
    write_tracked(call, answer, view);
    write_not_tracked(look, answer, view);
    write_place(own, answer, view);
    if (pm_checkpoints_is_searched_for(own, view)) {
        write_finds(own, answer, "candidates", pm_checkpoints_place(own, view).repository != NULL);
    }
    write_agreement(look, answer, view);
    write_kind(call, answer, view);
    pm_look_write_chain_notes(look, answer, view);
    pm_arguments_own(&arguments, call->arena, "action", "run_details");
    pm_arguments_text(&arguments, "run_id", pm_look_name(call->arena, view));
    pm_answer_next(answer, "psyche_monitor", &arguments, "how the run is doing");
}

/* --- what was asked --- */

/* A page "g.…" is one part of this answer, written alone; any other is a place in the list. */
static bool read_page(struct pm_call *call, struct pm_answer *answer)
{
    static const char *const parts[] = {
        "on_chain", "tracked", "hub",   "bucket",     "hub_of_dashboard", "bucket_of_dashboard",
        "files",    "history", "guide", "candidates", "repositories",     "newest_models",
        NULL};
    bool is_of_run = call->request->run_id.len > 0;
    bool is_part = pm_str_starts(call->request->page, PM_STR("g."));
    struct pm_hub_page page;
    if (is_of_run && pm_hub_page_read(call, &page)) {
        pm_answer_only(answer, page.is_files ? PM_STR("files") : PM_STR("history"), PM_STR(""), 0);
        return true;
    }
    return (!is_of_run && !is_part) || pm_frame_read_part(call, answer, parts);
}

/* owner/name is a repository of the hub unless a run has exactly that id. */
static bool answer_words(struct pm_call *call, struct pm_answer *answer)
{
    struct pm_checkpoints own;
    struct pm_view view = {0};
    pm_checkpoints_begin(&own, call);
    if (!pm_look_around(&own.look) || !pm_hub_facts_settle(&own.hub)) {
        return false;
    }
    if (pm_look_find(&own.look, &view)) {
        write_run(&own, answer, &view);
    } else if (own.look.only_ids) {
        pm_checkpoints_of_repository(&own, answer);
    } else {
        pm_look_write_none(&own.look, answer);
        if (pm_answer_is_found(answer) != PM_FOUND_AMBIGUOUS && own.look.match.count == 0) {
            write_finds(&own, answer, "repositories", false); /* candidates are runs, here */
        }
    }
    return true;
}

bool pm_action_checkpoints(struct pm_call *call, struct pm_answer *answer)
{
    static const char *const given_up[] = {
        "guide",       "tracked.weights",     "on_chain.weights",   "hub.choices",
        "hub.library", "on_chain.checkpoint", "tracked.checkpoint", "bucket.weights",
        NULL};
    if (!read_page(call, answer)) {
        return false;
    }
    pm_answer_cut_order(answer, given_up);
    bool is_answered = call->request->run_id.len ? answer_words(call, answer)
                                                 : pm_checkpoints_of_active(call, answer);
    if (is_answered) {
        pm_answer_sources(answer, &call->batch);
    }
    return is_answered;
}
