/* hub_facts.h - what follows from the replies about one repository, or one bucket. */
#ifndef PM_ACTION_HUB_FACTS_H
#define PM_ACTION_HUB_FACTS_H

#include "action/declared.h"
#include "action/hub_look.h"
#include "action/weights.h"

#define PM_BIG_DOWNLOAD 20000000000u /* bytes; from there on an answer warns */

struct pm_hub_facts {
    const struct pm_hub_place *place;
    const struct pm_ask *ask; /* whose word this is; also when it gave none */
    bool is_answered;         /* the hub answered: `found` is its word */
    enum pm_hub_found found;
    const struct pm_hub_model *model; /* there, at that revision; else NULL */
    pm_str repo;                      /* what it is called there; as it was asked for: not known */
    pm_str sha;                       /* the commit that this is of; empty: not known */
    bool is_other_commit;             /* than the one that was asked for */
    const struct pm_hub_model *now;   /* the repository as it is, when only the revision is amiss */
    const struct pm_hub_commit *commit; /* the one that the revision stands for; NULL: not known */
    struct pm_time commit_at;
    enum pm_revision revision; /* what it is, now that the commit is known */

    struct pm_weights_list files; /* and what they are as a checkpoint: when there is a model */
    struct pm_weights weights;

    bool are_commits_gated;
    const struct pm_hub_commits *commits; /* of main; NULL: not known */
    const struct pm_hub_commit *newest;   /* the newest of those with a step, or NULL */
    size_t steps;                         /* how many have one */
    double hours_between;                 /* from one to the next, on average; 0: not known */
    bool is_newest;                       /* no step came after this commit */
};

/* The asking is over: sets the facts of each place, and ranks what the searches found. False when
 * memory is out. */
PM_CHECKED bool pm_hub_facts_settle(struct pm_hub_look *look);

/* There is something to download, at exactly this commit: by anyone, or for a gated repository by
 * whom its owner lets in. */
bool pm_hub_facts_is_sure(const struct pm_hub_facts *facts);
/* Its weights, or the largest of several to choose from, are PM_BIG_DOWNLOAD or more, as far as their
 * sizes are known. */
bool pm_hub_facts_is_big(const struct pm_weights *weights);
/* What a download of the whole repository takes is much more than its weights, or big where they are
 * not. */
bool pm_hub_facts_has_ballast(const struct pm_hub_facts *facts);

#endif
