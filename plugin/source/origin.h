/* origin.h - proof that a fact came from somewhere, at some time.
 *
 * The answer writer takes facts only together with an origin, and an origin is made only here,
 * from a request that was answered, a reference that has a date, or a look at this machine: a fact
 * without source and time cannot be written. */
#ifndef PM_SOURCE_ORIGIN_H
#define PM_SOURCE_ORIGIN_H

#include "net/batch.h"
#include "skill/guide.h"

struct pm_origin;

/* NULL only when memory is out (the writer then drops the group). `ask` must be in. */
const struct pm_origin *pm_origin_of(const struct pm_batch *batch, const struct pm_ask *ask);
/* The dashboard answered and does not have it. */
const struct pm_origin *pm_origin_not_found(const struct pm_batch *batch, const struct pm_ask *ask);
/* NULL also for a document without a date, which is one that could not be read at all. */
const struct pm_origin *pm_origin_of_guide(struct pm_arena *arena,
                                           const struct pm_document *document);
/* Of what was looked at on this machine, just now. */
const struct pm_origin *pm_origin_of_machine(struct pm_arena *arena);

const char *pm_origin_label(const struct pm_origin *origin);
int64_t pm_origin_age_s(const struct pm_origin *origin);
/* The day a reference is of, "2026-03-20"; empty for an answered request, which has an age. */
pm_str pm_origin_as_of(const struct pm_origin *origin);
bool pm_origin_is_stale(const struct pm_origin *origin);
/* Of what is decoded from the chain: the cluster it is on ("unknown" when the node did not say),
 * and the slot it is of. NULL and false for other sources. */
const char *pm_origin_cluster(const struct pm_origin *origin);
bool pm_origin_slot(const struct pm_origin *origin, uint64_t *slot);

#endif
