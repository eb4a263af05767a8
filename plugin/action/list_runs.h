/* list_runs.h - what the files of this action share: list_runs.c writes the table, _words what is
 * said. */
#ifndef PM_ACTION_LIST_RUNS_H
#define PM_ACTION_LIST_RUNS_H

#include "action/action.h"
#include "action/listed.h"

struct pm_ordered {
    const struct pm_listed **rows; /* as they are shown */
    size_t count;
    size_t in_class[PM_CLASS_COUNT];
    size_t in_other_state; /* of those in the class of the completed */
};

struct pm_ordered pm_list_order(struct pm_arena *arena, const struct pm_listing *listing);

/* Of the active runs that were heard of lately; NULL when there is none. */
const struct pm_run_info *pm_list_largest(const struct pm_ordered *ordered, int64_t now_ms);

void pm_list_write_summary(struct pm_call *call, struct pm_answer *answer,
                           const struct pm_ordered *ordered, const struct pm_ask *ask);
/* `has_key`: the row that a page begins after is still in the list. */
void pm_list_write_notes(struct pm_call *call, struct pm_answer *answer, const struct pm_runs *runs,
                         const struct pm_listing *listing, bool has_key);

#endif
