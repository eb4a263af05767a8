/* pool_status.h - what the files of this action share: pool_status.c writes the facts, _words what
 * is said. */
#ifndef PM_ACTION_POOL_STATUS_H
#define PM_ACTION_POOL_STATUS_H

#include "action/action.h"
#include "action/pool.h"

void pm_pool_write_summary(struct pm_call *call, struct pm_answer *answer,
                           const struct pm_pool *pool, const struct pm_ask *ask);
/* `has_key`: the row that a page begins after is still in the list. */
void pm_pool_write_notes(struct pm_call *call, struct pm_answer *answer, const struct pm_pool *pool,
                         bool has_key);

#endif
