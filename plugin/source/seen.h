/* seen.h - what a call saw of runs, for the store. */
#ifndef PM_SOURCE_SEEN_H
#define PM_SOURCE_SEEN_H

#include "net/batch.h"

/* Writes down the runs of each list that this call was the first to read. */
void pm_seen_note(struct pm_batch *batch);

#endif
