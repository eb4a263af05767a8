/* checkpoints.h - what the files of this action share.
 *
 * checkpoints.c answers for one run, checkpoints_words.c is what is said of its weights;
 * checkpoints_active.c answers for the active runs or for a repository, checkpoints_pages.c asks
 * for their pages. */
#ifndef PM_ACTION_CHECKPOINTS_H
#define PM_ACTION_CHECKPOINTS_H

#include "action/declared.h"
#include "action/look.h"
#include "source/chain_several.h"

/* What the dashboard shows; NULL when it is not known whether the run declares any. */
const struct pm_checkpoint *pm_checkpoints_declared(const struct pm_run_page *page);
/* What the chain has; NULL when that is not known. */
const struct pm_coordinator_checkpoint *pm_checkpoints_on_chain(const struct pm_view *view);
/* What the chain has, or else what the dashboard shows; false when neither tells. */
PM_CHECKED bool pm_checkpoints_best(const struct pm_view *view, struct pm_checkpoint *checkpoint);

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
    struct pm_nodes *nodes;
    struct pm_chain_several chain; /* the same runs */
};

/* The request's page; false with call->error set when it is none. */
PM_CHECKED bool pm_active_read_place(struct pm_call *call, struct pm_active_place *place);
const struct pm_clean *pm_active_token(struct pm_arena *arena, const struct pm_run_info *info);
void pm_active_choose(struct pm_call *call, struct pm_active_runs *active,
                      const struct pm_listing *listing, const struct pm_active_place *place);
/* Their pages, and their accounts by way of active->nodes. */
void pm_active_ask(struct pm_call *call, struct pm_active_runs *active);
/* After each reply. */
void pm_active_go_on(struct pm_active_runs *active);
/* Until all is in, or the time is over. */
void pm_active_wait(struct pm_call *call, struct pm_active_runs *active);

/* Of those shown. What it declares is NULL when its page did not come. */
const struct pm_run_info *pm_active_info(const struct pm_active_runs *active, size_t at);
const struct pm_checkpoint *pm_active_declared(const struct pm_active_runs *active, size_t at);
const struct pm_coordinator_checkpoint *pm_active_on_chain(const struct pm_active_runs *active,
                                                           size_t at);

/* What the active runs declare, or which of them declare this repository. */
PM_CHECKED bool pm_checkpoints_of_active(struct pm_call *call, struct pm_answer *answer);
void pm_checkpoints_of_repository(struct pm_look *look, struct pm_answer *answer);

void pm_checkpoints_write_words(const struct pm_look *look, struct pm_answer *answer,
                                const struct pm_view *view);

/* That live weights can be with the clients. */
void pm_checkpoints_note_peers(struct pm_answer *answer);

#endif
