/* checkpoints.c - where the weights of a run are.
 *
 * A run declares one place, on the model hub or in a storage bucket, and the dashboard passes that
 * on; it reports a run whose clients hold newer weights among themselves in the same way. What is
 * in that place is for other sources to tell. */

#include "action/checkpoints.h"

#include "action/frame.h"
#include "action/quote.h"

const struct pm_checkpoint *pm_checkpoints_declared(const struct pm_run_page *page)
{
    return page && page->live.has_checkpoint ? &page->live.checkpoint : NULL;
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
        [PM_REVISION_NAME] = "branch or tag",
    };
    enum pm_revision revision = pm_declared_revision(checkpoint);
    if (checkpoint->kind == PM_CHECKPOINT_HUB && checkpoint->place.len) {
        pm_put_own(group, "revision_is", words[revision]);
        pm_put_flag(group, "can_move", revision != PM_REVISION_COMMIT);
    }
}

static void write_checkpoint(struct pm_call *call, struct pm_group *group,
                             const struct pm_checkpoint *checkpoint)
{
    struct pm_group *sub = checkpoint ? pm_group_sub(group, "checkpoint") : NULL;
    if (!sub) {
        return;
    }
    pm_declared_put(call->arena, sub, checkpoint);
    put_revision_kind(sub, checkpoint);
    put_address(call->arena, sub, "address", pm_declared_address(call->arena, checkpoint));
    put_address(call->arena, sub, "gs", pm_declared_gs(call->arena, checkpoint));
    if (checkpoint->kind != PM_CHECKPOINT_NONE) {
        pm_put_own(sub, "unknown", "files, sizes, completeness");
    }
}

static void write_weights(struct pm_group *group, const struct pm_run_info *info)
{
    struct pm_big bytes = pm_declared_bf16_bytes(info->params);
    if (bytes.is_known) {
        struct pm_group *sub = pm_group_sub(group, "weights");
        pm_put_big(sub, "params", info->params);
        pm_put_big(sub, "bf16_bytes", bytes);
        pm_put_own(sub, "computed", "bf16_bytes is 2 bytes a parameter, not a measured size");
    }
}

static void write_facts(struct pm_call *call, struct pm_answer *answer, const struct pm_view *view)
{
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
    write_checkpoint(call, group, pm_checkpoints_declared(view->page));
    write_weights(group, view->info);
}

/* What that kind of place is. */
static void write_kind(struct pm_call *call, struct pm_answer *answer,
                       const struct pm_checkpoint *checkpoint)
{
    const struct pm_document *document = pm_guide_document(call->guide, PM_STR("checkpoints"));
    if (checkpoint) {
        bool is_none = checkpoint->kind == PM_CHECKPOINT_NONE;
        pm_quote_meaning(call, answer, document, "kind",
                         is_none ? PM_STR("none") : checkpoint->kind_word);
    }
}

static void write_run(struct pm_look *look, struct pm_answer *answer, const struct pm_view *view)
{
    struct pm_call *call = look->call;
    struct pm_arguments arguments = {0};
    bool is_known = pm_checkpoints_declared(view->page) != NULL;
    pm_answer_found(answer, is_known ? PM_FOUND_TRUE : PM_FOUND_UNKNOWN);
    pm_look_write_asked(look, answer, view);
    pm_checkpoints_write_words(call, answer, view);
    write_facts(call, answer, view);
    write_kind(call, answer, pm_checkpoints_declared(view->page));
    pm_arguments_own(&arguments, call->arena, "action", "run_details");
    pm_arguments_text(&arguments, "run_id", pm_look_name(call->arena, view));
    pm_answer_next(answer, "psyche_monitor", &arguments, "how the run is doing");
}

/* --- what was asked --- */

/* A page "g.…" is one part of this answer, written alone; any other is a place in the list. */
static bool read_page(struct pm_call *call, struct pm_answer *answer)
{
    static const char *const parts[] = {"tracked", "candidates", "guide", NULL};
    bool is_place =
        call->request->run_id.len == 0 && !pm_str_starts(call->request->page, PM_STR("g."));
    return is_place || pm_frame_read_part(call, answer, parts);
}

/* owner/name is a repository of the hub unless a run has exactly that id. */
static bool answer_words(struct pm_call *call, struct pm_answer *answer)
{
    struct pm_look look = {
        .call = call,
        .only_ids = pm_declared_is_repository(call->request->run_id),
    };
    struct pm_view view = {0};
    if (!pm_look_around(&look)) {
        return false;
    }
    if (pm_look_find(&look, &view)) {
        write_run(&look, answer, &view);
    } else if (look.only_ids) {
        pm_checkpoints_of_repository(&look, answer);
    } else {
        pm_look_write_none(&look, answer);
    }
    return true;
}

bool pm_action_checkpoints(struct pm_call *call, struct pm_answer *answer)
{
    static const char *const given_up[] = {"guide", "tracked.weights", NULL};
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
