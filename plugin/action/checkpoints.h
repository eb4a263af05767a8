/* checkpoints.h - what the files of this action share.
 *
 * checkpoints.c answers for one run, checkpoints_words.c is what is said of its weights;
 * checkpoints_active.c answers for the active runs or for a repository, checkpoints_pages.c asks
 * for their pages. */
#ifndef PM_ACTION_CHECKPOINTS_H
#define PM_ACTION_CHECKPOINTS_H

#include "action/declared.h"
#include "action/look.h"

/* NULL when it is not known whether the run declares any. */
const struct pm_checkpoint *pm_checkpoints_declared(const struct pm_run_page *page);

/* --- the active runs, some at a time --- */

#define PM_ACTIVE_PAGES_MOST 8

/* A page of the answer begins after this key, "s40000000000.consilience-40b-1", without digits when
 * the size is not known. Size and id of a run do not change while people turn pages. */
struct pm_active_place {
    bool is_given;
    struct pm_big params;
    pm_str id;
};

struct pm_active_runs {
    const struct pm_listed **runs; /* all of them, the largest first */
    size_t count;
    size_t first; /* on this page of the answer */
    size_t shown;
    bool has_key; /* the run that the page begins after is still there */
    struct pm_ask *pages[PM_ACTIVE_PAGES_MOST];
};

/* The request's page; false with call->error set when it is none. */
PM_CHECKED bool pm_active_read_place(struct pm_call *call, struct pm_active_place *place);
const struct pm_clean *pm_active_token(struct pm_arena *arena, const struct pm_run_info *info);
void pm_active_choose(struct pm_call *call, struct pm_active_runs *active,
                      const struct pm_listing *listing, const struct pm_active_place *place);
void pm_active_ask_pages(struct pm_call *call, struct pm_active_runs *active);
void pm_checkpoints_wait(struct pm_call *call);

/* Of those shown. What it declares is NULL when its page did not come. */
const struct pm_run_info *pm_active_info(const struct pm_active_runs *active, size_t at);
const struct pm_checkpoint *pm_active_declared(const struct pm_active_runs *active, size_t at);

/* What the active runs declare, or which of them declare this repository. */
PM_CHECKED bool pm_checkpoints_of_active(struct pm_call *call, struct pm_answer *answer);
void pm_checkpoints_of_repository(struct pm_look *look, struct pm_answer *answer);

void pm_checkpoints_write_words(struct pm_call *call, struct pm_answer *answer,
                                const struct pm_view *view);

/* That live weights can be with the clients. */
void pm_checkpoints_note_peers(struct pm_answer *answer);

#endif
