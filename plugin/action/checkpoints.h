/* checkpoints.h - what the files of this action share.
 *
 * checkpoints.c answers for one run, checkpoints_words.c is what is said of its weights;
 * checkpoints_active.c answers for the active runs, checkpoints_repository.c for a repository, and
 * checkpoints_pages.c asks for the pages of runs. checkpoints_ask.c asks the hub and the buckets;
 * what they say is written by the files of checkpoints_hub.h. */
#ifndef PM_ACTION_CHECKPOINTS_H
#define PM_ACTION_CHECKPOINTS_H

#include "action/checkpoints_hub.h"
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

/* --- one run's, or a repository's --- */

/* One run's weights, or a repository's, while they are asked for. */
struct pm_checkpoints {
    struct pm_look look;
    struct pm_hub_look hub;
    struct pm_hub_page page; /* a place in a list of the hub, if that was asked for */
    /* When the words are a repository's name: the runs that may declare it. */
    struct pm_active_runs active;
    bool is_active_asked;
};

/* Sets the look up so that hub and buckets are asked beside it. It must not be moved or copied. */
void pm_checkpoints_begin(struct pm_checkpoints *checkpoints, struct pm_call *call);
/* Where the run's weights are by its own word: looked into, or NULL both. */
struct pm_checkpoints_place {
    const struct pm_hub_place *repository;
    const struct pm_hub_bucket *bucket;
};
struct pm_checkpoints_place pm_checkpoints_place(const struct pm_checkpoints *checkpoints,
                                                 const struct pm_view *view);
/* Nothing is known to be declared that can be had, so what the searches found counts. */
bool pm_checkpoints_is_searched_for(const struct pm_checkpoints *checkpoints,
                                    const struct pm_view *view);
/* Dashboard and chain name two places: the dashboard's, which is not that of pm_checkpoints_place. */
bool pm_checkpoints_other(const struct pm_checkpoints *checkpoints, const struct pm_view *view,
                          struct pm_checkpoints_place *place);
/* What was looked into of a find; NULL when it was not, or there is none. */
const struct pm_hub_place *pm_checkpoints_find(const struct pm_checkpoints *checkpoints,
                                               const struct pm_candidate *find);
/* A find of the searches that is worth a look: the only one of that very name, or the foundation's;
 * NULL: there is none. */
const struct pm_candidate *pm_checkpoints_likeliest(const struct pm_candidates *candidates);

/* --- the active runs' --- */

/* The request's page; false with call->error set when it is none. */
PM_CHECKED bool pm_active_read_place(struct pm_call *call, struct pm_active_place *place);
const struct pm_clean *pm_active_token(struct pm_arena *arena, const struct pm_run_info *info);
void pm_active_choose(struct pm_call *call, struct pm_active_runs *active,
                      const struct pm_listing *listing, const struct pm_active_place *place);
/* Their pages, and their accounts by way of active->nodes. */
void pm_active_ask(struct pm_call *call, struct pm_active_runs *active);
/* After each reply. */
void pm_active_go_on(struct pm_active_runs *active);

/* Of those shown. What it declares is NULL when its page did not come. */
const struct pm_run_info *pm_active_info(const struct pm_active_runs *active, size_t at);
const struct pm_checkpoint *pm_active_declared(const struct pm_active_runs *active, size_t at);
const struct pm_coordinator_checkpoint *pm_active_on_chain(const struct pm_active_runs *active,
                                                           size_t at);

/* A table of them: a row for each that is wanted. */
struct pm_table *pm_active_open_table(struct pm_call *call, struct pm_answer *answer,
                                      const struct pm_active_runs *active,
                                      const struct pm_ask *runs, bool is_paged);
void pm_active_write_row(struct pm_call *call, struct pm_table *table,
                         const struct pm_active_runs *active, size_t at);

/* What the active runs declare, or which of them declare this repository. */
PM_CHECKED bool pm_checkpoints_of_active(struct pm_call *call, struct pm_answer *answer);
void pm_checkpoints_of_repository(struct pm_checkpoints *checkpoints, struct pm_answer *answer);

void pm_checkpoints_write_words(const struct pm_checkpoints *checkpoints, struct pm_answer *answer,
                                const struct pm_view *view);

/* For pm_look's say_beside. */
void pm_checkpoints_say_missing(const struct pm_look *look, struct pm_say *say);

/* That live weights can be with the clients. */
void pm_checkpoints_note_peers(struct pm_answer *answer);

#endif
