/* hub_look.h - what the model hub and the storage buckets have of somebody's weights.
 *
 * A place is looked into as soon as anybody names it: first the repository at that revision, which
 * tells the exact commit and the files, and beside it the newest commits; then what stands at that
 * commit. Beside all that the hub is searched for the run's id and name, below PsycheFoundation and
 * anywhere; this counts only when no place is declared. Every name is tried against the strict
 * pattern before it becomes a part of an address. */
#ifndef PM_ACTION_HUB_LOOK_H
#define PM_ACTION_HUB_LOOK_H

#include "action/action.h"
#include "action/candidates.h"
#include "action/weights_list.h"
#include "source/gcs.h"
#include "source/hub.h"

#define PM_HUB_PLACES_MOST 6
#define PM_HUB_SEARCHES_MOST 4
#define PM_HUB_BUCKETS_MOST 3
#define PM_HUB_TREES_MOST 10    /* pages of files, a thousand each */
#define PM_HUB_COMMITS_ASKED 50 /* the newest, for the history */

/* One repository at one revision. */
struct pm_hub_place {
    pm_str repo, revision; /* revision empty: none was named */
    struct pm_ask *model;
    struct pm_weights_list
        named;              /* the files that it names, once what depends on it is asked for */
    struct pm_ask *anyhow;  /* the repository at main, when there is no such revision */
    struct pm_ask *commits; /* of main, newest first */
    struct pm_ask *older;   /* a page of them behind the newest; NULL: none was asked for */
    bool is_followed;       /* what depends on the commit has been asked for */
    pm_str commit;          /* empty: not known */
    pm_str repo_now;        /* what it is called now, when commit is known */
    struct pm_ask *own;     /* that commit itself, when it is not among the newest */
    struct pm_ask *ahead;   /* the index under its usual name, asked for before it is known of */
    struct pm_ask *index;   /* of the weights; NULL: there is none */
    pm_str index_path;
    struct pm_ask *trees[PM_HUB_TREES_MOST]; /* pages of files, when one reply may not hold them */
    size_t tree_count;
    bool is_listed;                   /* the pages were looked through for an index */
    const struct pm_hub_facts *facts; /* what follows from all that: hub_facts.h */
};

struct pm_hub_bucket {
    pm_str bucket, prefix;
    struct pm_ask *manifest;
};

struct pm_hub_look {
    struct pm_call *call;
    struct pm_hub_place places[PM_HUB_PLACES_MOST];
    size_t place_count;
    struct pm_hub_bucket buckets[PM_HUB_BUCKETS_MOST];
    size_t bucket_count;
    struct {
        enum pm_search_kind kind;
        struct pm_ask *ask;
    } searches[PM_HUB_SEARCHES_MOST];
    size_t search_count;
    pm_str id, name;             /* the words that were searched for */
    struct pm_candidates ranked; /* what they found, as far as it was in when it was ranked */
    bool is_ranked;              /* all of it was in */
};

void pm_hub_look_begin(struct pm_hub_look *look, struct pm_call *call);
/* For repositories that are called so: the run's id, then its name. Another id begins anew. */
void pm_hub_look_search(struct pm_hub_look *look, pm_str words, bool is_name);
/* Looks into that place, once; NULL when its name is not plain, or the hub is not to be asked. When
 * it `carries`, an answer can stand on it alone. */
struct pm_hub_place *pm_hub_look_at(struct pm_hub_look *look, pm_str repo, pm_str revision,
                                    bool carries);
/* Those at and before `commit`: the page of them that begins behind so many pages. */
void pm_hub_look_older(struct pm_hub_look *look, struct pm_hub_place *place, pm_str commit,
                       unsigned page);
struct pm_hub_bucket *pm_hub_look_into(struct pm_hub_look *look, pm_str bucket, pm_str prefix);
/* The place that a run declares, of whichever kind. */
void pm_hub_look_declared(struct pm_hub_look *look, const struct pm_checkpoint *checkpoint);
/* After each reply; whether something more was asked. */
bool pm_hub_look_go_on(struct pm_hub_look *look);
/* The searches are not waited for: a place is known; or they are again: it is not there. */
void pm_hub_look_leave_searches(struct pm_hub_look *look, bool are_left);

/* The commit that the hub's word is of: by that word, or else because exactly that one was asked
 * for; empty: not known. */
pm_str pm_hub_look_commit(const struct pm_hub_place *place, const struct pm_hub_model *model);

/* The place that is declared so; NULL when it was not looked into. */
const struct pm_hub_place *pm_hub_look_place(const struct pm_hub_look *look,
                                             const struct pm_checkpoint *checkpoint);
const struct pm_hub_bucket *pm_hub_look_bucket(const struct pm_hub_look *look,
                                               const struct pm_checkpoint *checkpoint);

/* Repositories that the searches found, the likeliest first. They are ranked once all are in, or when
 * the asking is over (hub_facts.h). */
const struct pm_candidates *pm_hub_look_rank(struct pm_hub_look *look);
/* There were searches, and all of them were answered. */
bool pm_hub_look_is_searched(const struct pm_hub_look *look);

#endif
