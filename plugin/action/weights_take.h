/* weights_take.h - files are put to what counts of a checkpoint, or to what is missing. */
#ifndef PM_ACTION_WEIGHTS_TAKE_H
#define PM_ACTION_WEIGHTS_TAKE_H

#include "action/weights.h"
#include "action/weights_ways.h"

void pm_weights_miss(struct pm_weights *weights, pm_str path);
/* Of a set of numbered parts, of which at least one is there. */
void pm_weights_miss_parts(struct pm_weights *weights, struct pm_arena *arena,
                           const struct pm_weights_set *set);

void pm_weights_take(struct pm_weights *weights, const struct pm_weights_set *set);
/* All files of the way's format, in its folder or, for PM_WAY_SCATTERED, anywhere. */
struct pm_weights_set pm_weights_gather(const struct pm_weights_list *list,
                                        const struct pm_weights_way *way);
/* The bytes of what was not taken, and of everything. */
void pm_weights_add_rest(struct pm_weights *weights, const struct pm_weights_list *list,
                         const struct pm_weights_way *way);

#endif
