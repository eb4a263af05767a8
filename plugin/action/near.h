/* near.h - the runs whose id or name is most like a word that fits none. */
#ifndef PM_ACTION_NEAR_H
#define PM_ACTION_NEAR_H

#include "action/listed.h"

#define PM_NEAR_MOST 5

/* The nearest first; none that takes more changes than a typing slip would. */
size_t pm_near_runs(const struct pm_listing *listing, pm_str words,
                    const struct pm_listed *near[PM_NEAR_MOST]);

#endif
