/* seen.h - what a call saw of runs, for the store. */
#ifndef PM_SOURCE_SEEN_H
#define PM_SOURCE_SEEN_H

#include "chain/coordinator.h"
#include "net/batch.h"

#define PM_SEEN_NO_CLIENTS (-1) /* how many there are was not read */

/* Where this run stands by its account on chain; what is told later goes before. */
void pm_seen_on_chain(struct pm_batch *batch, pm_str id, const struct pm_coordinator_head *head,
                      int64_t clients);

/* Writes down the runs of each list that this call was the first to read, with what else the call
 * learnt of them. */
void pm_seen_note(struct pm_batch *batch);

#endif
