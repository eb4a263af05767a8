/* checkpoints_words.c - what is said of one run's weights.
 *
 * A place is quoted only when its name is plain, and never said to hold anything: nobody looked. */

#include "action/checkpoints.h"

#include "action/frame.h"

/* --- where --- */

static void say_revision(struct pm_call *call, struct pm_say *say,
                         const struct pm_checkpoint *checkpoint)
{
    static const char *const unquoted[] = {
        [PM_REVISION_DEFAULT] = " without a revision: the newest commit of main, which moves on",
        [PM_REVISION_COMMIT] = " at a commit",
        [PM_REVISION_NAME] = " at a branch or tag, which can move",
    };
    enum pm_revision revision = pm_declared_revision(checkpoint);
    if (revision == PM_REVISION_DEFAULT || !pm_declared_is_plain_revision(checkpoint)) {
        pm_say_own(say, unquoted[revision]);
        return;
    }
    pm_say_own(say, revision == PM_REVISION_COMMIT ? " at commit " : " at revision ");
    pm_say_text(say, pm_clean(call->arena, PM_TEXT_REPOSITORY, checkpoint->revision));
    pm_say_own(say, revision == PM_REVISION_COMMIT ? " (always the same files)"
                                                   : " (a branch or tag, which can move)");
}

static void say_hub(struct pm_call *call, struct pm_say *say,
                    const struct pm_checkpoint *checkpoint)
{
    if (checkpoint->place.len == 0) {
        pm_say_own(say, " declares a checkpoint on the model hub without naming a repository");
    } else if (!pm_declared_is_repository(checkpoint->place)) {
        pm_say_own(say, " declares a checkpoint on the model hub under a name that is no plain "
                        "owner/name");
    } else {
        pm_say_own(say, " declares its weights in ");
        pm_say_text(say, pm_clean(call->arena, PM_TEXT_REPOSITORY, checkpoint->place));
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
    } else {
        pm_say_own(say, " declares a checkpoint in a storage bucket whose name is not plain");
    }
}

static void say_none(struct pm_call *call, struct pm_say *say,
                     const struct pm_checkpoint *checkpoint)
{
    (void)call;
    (void)checkpoint;
    pm_say_own(say, " declares no checkpoint");
}

static void say_other(struct pm_call *call, struct pm_say *say,
                      const struct pm_checkpoint *checkpoint)
{
    (void)call;
    (void)checkpoint;
    pm_say_own(say, " declares a checkpoint in a form that this version does not read (see kind)");
}

static void say_place(struct pm_call *call, struct pm_say *say, const struct pm_view *view)
{
    static void (*const sayings[])(struct pm_call *, struct pm_say *,
                                   const struct pm_checkpoint *) = {
        [PM_CHECKPOINT_NONE] = say_none,
        [PM_CHECKPOINT_HUB] = say_hub,
        [PM_CHECKPOINT_GCS] = say_gcs,
        [PM_CHECKPOINT_OTHER] = say_other,
    };
    const struct pm_checkpoint *checkpoint = pm_checkpoints_declared(view->page);
    pm_say_text(say, pm_clean(call->arena, PM_TEXT_ID, view->id));
    if (checkpoint) {
        sayings[checkpoint->kind](call, say, checkpoint);
        pm_say_own(say, " [tracked].");
    } else {
        pm_say_own(say, view->page ? " is known, but its page says nothing of a checkpoint "
                                     "[tracked]: whether it declares one is not known."
                                   : " is on the dashboard's list [tracked], but its own page did "
                                     "not come or was empty: where its weights are is not known.");
    }
}

/* --- what that means --- */

static void say_meaning(struct pm_say *say, const struct pm_view *view)
{
    const struct pm_checkpoint *checkpoint = pm_checkpoints_declared(view->page);
    if (!checkpoint) {
        return;
    }
    if (checkpoint->kind == PM_CHECKPOINT_NONE) {
        pm_say_own(say, " That is no sign of trouble: it has named none yet, or its weights are "
                        "not meant to be stored (kinds Ephemeral and Dummy, which the dashboard "
                        "shows as none).");
    } else if (view->info->state == PM_RUN_WAITING && !view->info->has_step) {
        pm_say_own(say, " It has not trained yet: these are the weights it is to start from.");
    }
}

static void say_size(struct pm_say *say, const struct pm_view *view)
{
    const struct pm_checkpoint *checkpoint = pm_checkpoints_declared(view->page);
    struct pm_big bytes = pm_declared_bf16_bytes(view->info->params);
    if (bytes.is_known) {
        pm_say_own(say, " Its ");
        pm_say_short(say, view->info->params);
        pm_say_own(say, " parameters take about ");
        pm_declared_say_bytes(say, bytes);
        pm_say_own(say, " in bf16 (computed).");
    }
    if (checkpoint && checkpoint->kind != PM_CHECKPOINT_NONE) {
        pm_say_own(say, " Files, sizes and completeness are unknown: this version does not look "
                        "there.");
    }
}

/* --- beside it --- */

void pm_checkpoints_note_peers(struct pm_answer *answer)
{
    pm_answer_note_own(answer,
                       "the dashboard reports P2P as Hub and P2PGcs as Gcs: while a run trains, "
                       "the newest weights may be with its clients only, and the declared place "
                       "holds the last upload");
}

static void write_notes(struct pm_call *call, struct pm_answer *answer, const struct pm_view *view)
{
    const struct pm_checkpoint *checkpoint = pm_checkpoints_declared(view->page);
    bool has_place = checkpoint && (checkpoint->kind == PM_CHECKPOINT_HUB ||
                                    checkpoint->kind == PM_CHECKPOINT_GCS);
    if (has_place && view->info->state != PM_RUN_COMPLETED) {
        pm_checkpoints_note_peers(answer);
    }
    if (has_place && checkpoint->place.len &&
        pm_declared_address(call->arena, checkpoint).len == 0) {
        pm_answer_note_own(answer, "no address is given: it is made only of plain names (letters, "
                                   "digits, '-', '_', '.')");
    }
    pm_frame_note_indexer(answer, view->page && view->page->indexer_fault);
}

void pm_checkpoints_write_words(struct pm_call *call, struct pm_answer *answer,
                                const struct pm_view *view)
{
    struct pm_say say;
    pm_say_init(&say, call->arena);
    say_place(call, &say, view);
    pm_look_say_which(call, &say, view);
    say_meaning(&say, view);
    say_size(&say, view);
    pm_frame_say_stale(call, &say, view->ask);
    pm_answer_summary(answer, &say);
    write_notes(call, answer, view);
}
