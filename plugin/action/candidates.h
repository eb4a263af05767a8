/* candidates.h - which finds of the hub's search may hold a run's weights, and why.
 *
 * The search is fuzzy and its order is the hub's own affair, so each find is compared here with the
 * run's id and name. A name proves nothing: anyone may give any name to a repository under an owner
 * of their own. So every find comes with the reason for which it is one, and whether it is the
 * foundation's. */
#ifndef PM_ACTION_CANDIDATES_H
#define PM_ACTION_CANDIDATES_H

#include "source/hub.h"

#define PM_FOUNDATION "PsycheFoundation"

/* From the narrowest search to the broadest. */
enum pm_search_kind {
    PM_SEARCH_FOUNDATION_BY_ID,
    PM_SEARCH_FOUNDATION_BY_NAME,
    PM_SEARCH_ANYONE_BY_ID,
    PM_SEARCH_ANYONE_BY_NAME,
};

struct pm_search_result {
    enum pm_search_kind kind;
    const struct pm_hub_models *models; /* or NULL: nothing came */
};

struct pm_candidates_input {
    pm_str run_id, run_name; /* either may be empty */
    const struct pm_search_result *results;
    size_t result_count;
    pm_str lost; /* a repository that is known not to be there, whatever a search lists; or empty */
};

/* How a repository's name is like a run's: the best first. Letters' case does not count, and what
 * is neither letter nor digit separates words, as '-' does. */
enum pm_candidate_rank {
    PM_CANDIDATE_IS_ID,     /* the same words */
    PM_CANDIDATE_IS_NAME,   /* … */
    PM_CANDIDATE_HAS_ID,    /* these words, and others before or behind */
    PM_CANDIDATE_HAS_NAME,  /* … */
    PM_CANDIDATE_WITHIN,    /* within longer words */
    PM_CANDIDATE_SCATTERED, /* all of the words, in another order or with others between */
    PM_CANDIDATE_RANK_COUNT,
};

struct pm_candidate {
    const struct pm_hub_model *model;
    enum pm_candidate_rank rank;
    const char *reason;           /* "its name is the run's id" */
    bool is_foundation;           /* PsycheFoundation owns it */
    enum pm_search_kind found_by; /* the narrowest of the searches that found it */
};

struct pm_candidates {
    struct pm_candidate *rows;
    size_t count;
    size_t exact;      /* how many of them have the very id or name; they come first */
    size_t foundation; /* how many of them are the foundation's */
    size_t dropped;    /* repositories that were found and have nothing of the run's words */
    bool has_more;     /* a search had more finds than it gave */
    size_t unreadable; /* finds without a name */
};

/* Each repository once. Exact names come first, then those that contain id or name, then the rest;
 * among these the foundation's own first, then by rank, the newest first, and by id. */
struct pm_candidates pm_candidates_rank(struct pm_arena *arena,
                                        const struct pm_candidates_input *input);

bool pm_candidates_is_foundation(pm_str repository);

#endif
