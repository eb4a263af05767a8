/* listed.h - the dashboard's list, one entry an id.
 *
 * A run's account can be destroyed and made anew under the same id; the list then has a row for
 * each of these incarnations. People mean the newest one, so that is what an entry shows. */
#ifndef PM_ACTION_LISTED_H
#define PM_ACTION_LISTED_H

#include "source/dashboard.h"

struct pm_listed {
    const struct pm_run_info *info;                /* the newest incarnation */
    const struct pm_run_info *const *incarnations; /* each once, newest first */
    size_t incarnation_count;
};

struct pm_listing {
    struct pm_listed *rows; /* by id, in byte order */
    size_t count;
    size_t unreadable; /* rows left out: no id, or one too long to be asked for */
};

/* What people look for first comes first. The order is part of page tokens. */
enum pm_run_class {
    PM_CLASS_ACTIVE,
    PM_CLASS_WAITING,
    PM_CLASS_PAUSED,
    PM_CLASS_COMPLETED, /* and states this version does not know */
    PM_CLASS_CHAIN_ONLY,
    PM_CLASS_COUNT
};

/* Empty when memory is out. */
struct pm_listing pm_listing_make(struct pm_arena *arena, const struct pm_runs *runs);
/* Whether a run has exactly that id. */
bool pm_listing_has(const struct pm_listing *listing, pm_str id);

/* The runs of one class, the largest first, of equal ones by id; runs of unknown size come last. */
const struct pm_listed **pm_listing_largest(struct pm_arena *arena,
                                            const struct pm_listing *listing,
                                            enum pm_run_class wanted, size_t *count);
/* The order above: < 0, 0, > 0. */
int pm_listed_compare_size(struct pm_big params_a, pm_str id_a, struct pm_big params_b,
                           pm_str id_b);

/* The entry's incarnation of that index, or NULL. */
const struct pm_run_info *pm_listed_incarnation(const struct pm_listed *run, uint64_t index);
/* How many of the entry's incarnations are older than that index. */
uint64_t pm_listed_older(const struct pm_listed *run, uint64_t index);

/* The entry that changed last, or NULL when none says when it did. */
const struct pm_run_info *pm_listing_newest(const struct pm_listing *listing);

enum pm_run_class pm_run_class_of(const struct pm_run_info *info);

#endif
