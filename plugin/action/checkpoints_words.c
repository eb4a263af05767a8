/* checkpoints_words.c - what is said of one run's weights.
 *
 * A place is quoted only when its name is plain. */

#include "action/checkpoints.h"

#include "action/frame.h"
#include "action/look_chain.h"
#include "action/run_details_chain.h"
#include "codec/hub_name.h"

/* --- where --- */

static void say_revision(struct pm_call *call, struct pm_say *say,
                         const struct pm_checkpoint *checkpoint)
{
    static const char *const unquoted[] = {
        [PM_REVISION_DEFAULT] = " without a revision: the newest commit of main, which moves on",
        [PM_REVISION_COMMIT] = " at a commit",
        [PM_REVISION_SHORT] = " at a commit",
        [PM_REVISION_NAME] = " at a branch or tag, which can move",
    };
    static const char *const behind[] = {
        [PM_REVISION_DEFAULT] = "",
        [PM_REVISION_COMMIT] = " (always the same files)",
        [PM_REVISION_SHORT] = " (the beginning of a commit, or a branch or tag)",
        [PM_REVISION_NAME] = " (a branch or tag, which can move)",
    };
    enum pm_revision revision = pm_declared_revision(checkpoint);
    if (revision != PM_REVISION_DEFAULT && !pm_hub_is_revision(checkpoint->revision)) {
        pm_say_own(say, " at a revision whose name is not plain");
        return;
    }
    if (revision == PM_REVISION_DEFAULT || !pm_declared_is_plain_revision(checkpoint)) {
        pm_say_own(say, unquoted[revision]);
        return;
    }
    pm_say_own(say, revision == PM_REVISION_COMMIT ? " at commit " : " at revision ");
    pm_say_text(say, pm_clean(call->arena, PM_TEXT_REPOSITORY, checkpoint->revision));
    pm_say_own(say, behind[revision]);
}

static void say_hub(struct pm_call *call, struct pm_say *say,
                    const struct pm_checkpoint *checkpoint)
{
    pm_str repository = pm_declared_place(checkpoint);
    if (repository.len == 0) {
        pm_say_own(say, " declares a checkpoint on the model hub without naming a repository");
    } else if (!pm_declared_is_repository(repository)) {
        pm_say_own(say, " declares a checkpoint on the model hub under a name that is no plain "
                        "owner/name");
    } else {
        pm_say_own(say, " declares its weights in ");
        pm_say_text(say, pm_clean(call->arena, PM_TEXT_REPOSITORY, repository));
        pm_say_own(say, " on the model hub");
        say_revision(call, say, checkpoint);
    }
}

static void say_gcs(struct pm_call *call, struct pm_say *say,
                    const struct pm_checkpoint *checkpoint)
{
    pm_str gs = pm_declared_gs(call->arena, checkpoint);
    if (gs.len) {
        pm_say_own(say, " declares its weights in the storage bucket ");
        pm_say_text(say, pm_clean(call->arena, PM_TEXT_REPOSITORY, gs));
    } else if (pm_declared_place(checkpoint).len == 0) {
        pm_say_own(say, " declares a checkpoint in a storage bucket without naming it");
    } else {
        pm_say_own(say,
                   " declares a checkpoint in a storage bucket under a name that is not plain");
    }
}

static void say_none(struct pm_call *call, struct pm_say *say,
                     const struct pm_checkpoint *checkpoint)
{
    static const struct {
        pm_str kind;
        const char *words;
    } kinds[] = {
        {PM_STR_INIT("Ephemeral"),
         " declares no stored weights (kind Ephemeral): there is nothing to download"},
        {PM_STR_INIT("Dummy"),
         " declares a stand-in in the place of a model (kind Dummy): there is nothing to download"},
    };
    const char *words = " declares no checkpoint";
    (void)call;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        words = pm_str_equal(checkpoint->kind_word, kinds[i].kind) ? kinds[i].words : words;
    }
    pm_say_own(say, words);
}

static void say_other(struct pm_call *call, struct pm_say *say,
                      const struct pm_checkpoint *checkpoint)
{
    (void)call;
    (void)checkpoint;
    pm_say_own(say, " declares a checkpoint in a form that this version does not read (see kind)");
}

static void say_declared(struct pm_call *call, struct pm_say *say,
                         const struct pm_checkpoint *checkpoint)
{
    static void (*const sayings[])(struct pm_call *, struct pm_say *,
                                   const struct pm_checkpoint *) = {
        [PM_CHECKPOINT_NONE] = say_none,
        [PM_CHECKPOINT_HUB] = say_hub,
        [PM_CHECKPOINT_GCS] = say_gcs,
        [PM_CHECKPOINT_OTHER] = say_other,
    };
    sayings[checkpoint->kind](call, say, checkpoint);
}

static void say_chain(struct pm_call *call, struct pm_say *say, const struct pm_view *view)
{
    const struct pm_origin *origin = pm_origin_of(&call->batch, view->chain->ask);
    pm_say_own(say, " [on-chain] (");
    pm_say_own(say, origin ? pm_origin_cluster(origin) : "");
    pm_say_own(say, ")");
}

static void say_unknown(struct pm_call *call, struct pm_say *say, const struct pm_view *view)
{
    if (view->page) {
        pm_say_own(say,
                   " is known, but its page says nothing of a checkpoint [tracked]: whether it "
                   "declares one is not known.");
    } else if (view->info) {
        pm_say_own(say, " is on the dashboard's list [tracked], but its own page did not come or "
                        "was empty: where its weights are is not known.");
    } else {
        pm_say_own(say, " is on chain");
        say_chain(call, say, view);
        pm_say_own(say, ", but its account cannot be read: where its weights are is not known.");
    }
}

/* What the dashboard shows instead of it, what was found there, and who is to be trusted. */
static void say_other_place(const struct pm_checkpoints *own, struct pm_say *say,
                            const struct pm_view *view)
{
    struct pm_call *call = own->look.call;
    struct pm_agreement agreement = pm_chain_details_agree(&own->look, view);
    struct pm_checkpoints_place place;
    struct pm_checkpoints_place best = pm_checkpoints_place(own, view);
    bool has_other = pm_checkpoints_other(own, view, &place) && place.repository;
    bool is_same =
        has_other && best.repository && pm_str_equal(place.repository->repo, best.repository->repo);
    pm_say_own(say, is_same ? " The dashboard shows another revision of it [tracked]"
                            : " The dashboard shows another place [tracked]");
    if (has_other) {
        if (!is_same) {
            pm_say_own(say, ", ");
            pm_say_text(say, pm_clean(call->arena, PM_TEXT_REPOSITORY, place.repository->repo));
        }
        pm_say_own(say, " (");
        pm_hub_say_shortly(say, place.repository->facts);
        pm_say_own(say, ")");
    }
    pm_say_own(say, agreement.trust == PM_SOURCE_ON_CHAIN
                        ? "; trust the chain (see agreement)."
                        : "; trust the dashboard (see agreement).");
}

/* What the run's account says goes before what the dashboard made of it. */
static void say_place(const struct pm_checkpoints *own, struct pm_say *say,
                      const struct pm_view *view)
{
    struct pm_call *call = own->look.call;
    const struct pm_coordinator_checkpoint *on_chain = pm_checkpoints_on_chain(view);
    const struct pm_checkpoint *shown = pm_checkpoints_declared(view->page);
    pm_say_text(say, pm_clean(call->arena, PM_TEXT_ID, view->id));
    if (on_chain) {
        struct pm_checkpoint checkpoint = pm_declared_on_chain(on_chain);
        say_declared(call, say, &checkpoint);
        say_chain(call, say, view);
        pm_say_own(say, ".");
    } else if (shown) {
        say_declared(call, say, shown);
        pm_say_own(say, " [tracked].");
    } else {
        say_unknown(call, say, view);
    }
    if (on_chain && shown && !pm_declared_is_shown_as(call->arena, on_chain, shown)) {
        say_other_place(own, say, view);
    }
}

/* --- what that means --- */

static bool has_not_trained(const struct pm_view *view)
{
    const struct pm_coordinator *run = pm_view_coordinator(view);
    if (run) {
        return run->head.epoch == 0 && run->head.step <= 1 &&
               !pm_chain_state_is_active(run->head.state);
    }
    return view->info && view->info->state == PM_RUN_WAITING && !view->info->has_step;
}

static void say_meaning(struct pm_say *say, const struct pm_view *view)
{
    const struct pm_coordinator_checkpoint *on_chain = pm_checkpoints_on_chain(view);
    struct pm_checkpoint checkpoint;
    if (!pm_checkpoints_best(view, &checkpoint)) {
        return;
    }
    if (on_chain && pm_declared_is_shared(on_chain)) {
        pm_say_own(say,
                   " Its live weights are with its peers, the clients; that place holds the last "
                   "upload, which can be older.");
    } else if (checkpoint.kind != PM_CHECKPOINT_NONE && has_not_trained(view)) {
        pm_say_own(say, " It has not trained yet: these are the weights it is to start from.");
    }
}

/* That nothing is declared, nor found, is no sign of trouble. */
static void say_kinds(struct pm_say *say)
{
    pm_say_own(say, " That it names no place is normal: none may be chosen yet, or its weights are "
                    "not meant to be stored (kinds Ephemeral and Dummy, which the dashboard shows "
                    "as none); other runs have theirs in a repository (Hub), a storage bucket "
                    "(Gcs), or with their peers (P2P, P2PGcs).");
}

/* What is in the repository that is likeliest, when it was looked into. */
static void say_find(const struct pm_checkpoints *own, struct pm_say *say,
                     const struct pm_candidates *candidates)
{
    const struct pm_candidate *likeliest = pm_checkpoints_likeliest(candidates);
    if (!likeliest) {
        return;
    }
    const struct pm_hub_place *place = pm_checkpoints_find(own, likeliest);
    if (place) {
        pm_hub_say_find(own->look.call, say, place->facts);
    }
}

static void say_searches(const struct pm_checkpoints *own, struct pm_say *say,
                         const struct pm_view *view)
{
    const struct pm_candidates *candidates = &own->hub.ranked;
    struct pm_checkpoint checkpoint = {0};
    bool is_known = pm_checkpoints_best(view, &checkpoint);
    pm_hub_say_candidates(own->look.call, say, &own->hub, candidates);
    say_find(own, say, candidates);
    if (is_known && checkpoint.kind == PM_CHECKPOINT_NONE && checkpoint.kind_word.len == 0 &&
        candidates->count == 0) {
        say_kinds(say);
    }
}

/* Why nobody looked into the place that is declared. */
static void say_unlooked(struct pm_say *say, const struct pm_call *call)
{
    pm_say_own(say,
               call->settings->is_hub_off
                   ? " Files, sizes and completeness are unknown: neither the hub nor a bucket "
                     "was asked (hub.off)."
                   : " Files, sizes and completeness are unknown: no address can be made of "
                     "that name, so nobody was asked.");
}

static bool has_bytes(const struct pm_hub_place *place)
{
    const struct pm_hub_model *model = pm_hub_model(place->model);
    return model && model->found == PM_HUB_THERE;
}

static bool has_upload(const struct pm_hub_bucket *bucket)
{
    const struct pm_gcs_manifest *manifest = pm_gcs_manifest(bucket->manifest);
    return manifest && manifest->found == PM_GCS_THERE && manifest->has_all_sizes;
}

static void say_size(const struct pm_checkpoints *own, struct pm_say *say,
                     const struct pm_view *view)
{
    struct pm_call *call = own->look.call;
    struct pm_checkpoints_place place = pm_checkpoints_place(own, view);
    struct pm_checkpoint checkpoint = {0};
    bool is_known = pm_checkpoints_best(view, &checkpoint);
    bool is_nowhere = checkpoint.kind == PM_CHECKPOINT_NONE && checkpoint.kind_word.len > 0;
    struct pm_big bytes = pm_declared_bf16_bytes(pm_view_params(view));
    bool is_measured = place.repository && has_bytes(place.repository);
    is_measured = is_measured || (place.bucket && has_upload(place.bucket));
    if (bytes.is_known && !is_nowhere && !is_measured) {
        pm_say_own(say, " Its ");
        pm_say_short(say, pm_view_params(view));
        pm_say_own(say, " parameters take about ");
        pm_declared_say_bytes(say, bytes);
        pm_say_own(say, " in bf16 (computed).");
    }
    if (place.repository) {
        pm_hub_say_facts(call, say, place.repository->facts);
    } else if (place.bucket) {
        pm_hub_say_bucket(call, say, place.bucket, view->id);
    } else if (is_known && checkpoint.kind != PM_CHECKPOINT_NONE) {
        say_unlooked(say, call);
    }
    if (pm_checkpoints_is_searched_for(own, view)) {
        say_searches(own, say, view);
    }
}

/* No run is known by those words; a repository may be. */
void pm_checkpoints_say_missing(const struct pm_look *look, struct pm_say *say)
{
    const struct pm_checkpoints *own = look->beside_of;
    pm_str given = pm_unclean(look->call->arena, look->given);
    if (!look->only_ids && pm_str_find(given, '/') < given.len) {
        pm_say_own(say, " Nor can a repository of the hub be called so, so the hub was not asked.");
        return;
    }
    pm_hub_say_candidates(look->call, say, &own->hub, &own->hub.ranked);
    say_find(own, say, &own->hub.ranked);
}

/* --- beside it --- */

void pm_checkpoints_note_peers(struct pm_answer *answer)
{
    pm_answer_note_own(answer,
                       "the dashboard reports P2P as Hub and P2PGcs as Gcs: while a run trains, "
                       "the newest weights may be with its clients only, and the declared place "
                       "holds the last upload");
}

static bool has_place(const struct pm_checkpoint *checkpoint)
{
    return checkpoint->kind == PM_CHECKPOINT_HUB || checkpoint->kind == PM_CHECKPOINT_GCS;
}

static void write_notes(struct pm_call *call, struct pm_answer *answer, const struct pm_view *view)
{
    struct pm_checkpoint checkpoint;
    if (!pm_checkpoints_best(view, &checkpoint)) {
        return;
    }
    bool is_over = view->info && view->info->state == PM_RUN_COMPLETED;
    if (has_place(&checkpoint) && !is_over && !pm_checkpoints_on_chain(view)) {
        pm_checkpoints_note_peers(answer);
    }
    if (has_place(&checkpoint) && checkpoint.place.len &&
        pm_declared_address(call->arena, &checkpoint).len == 0) {
        pm_answer_note_own(answer, "no address is given: it is made only of plain names (letters, "
                                   "digits, '-', '_', '.')");
    }
}

void pm_checkpoints_write_words(const struct pm_checkpoints *own, struct pm_answer *answer,
                                const struct pm_view *view)
{
    const struct pm_look *look = &own->look;
    struct pm_call *call = look->call;
    struct pm_say say;
    pm_say_init(&say, call->arena);
    say_place(own, &say, view);
    if (!view->info && view->how == PM_MATCH_ID && pm_look_tracked_lacks_id(look)) {
        pm_say_own(&say, " The dashboard does not have this run [tracked:not-found].");
    }
    pm_look_say_which(call, &say, view);
    say_meaning(&say, view);
    say_size(own, &say, view);
    if (view->ask) {
        pm_frame_say_stale(call, &say, view->ask);
    }
    if (view->chain) {
        pm_frame_say_stale(call, &say, view->chain->ask);
    }
    pm_answer_summary(answer, &say);
    write_notes(call, answer, view);
    pm_frame_note_indexer(answer, view->page && view->page->indexer_fault);
}
