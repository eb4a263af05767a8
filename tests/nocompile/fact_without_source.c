/* A group of facts cannot be opened by a label alone: the source must have been asked. */

#include "answer/answer.h"

struct pm_group *open_tracked(struct pm_answer *answer, const struct pm_batch *batch,
                              const struct pm_ask *ask);

struct pm_group *open_tracked(struct pm_answer *answer, const struct pm_batch *batch,
                              const struct pm_ask *ask)
{
    const struct pm_origin *origin = pm_origin_of(batch, ask);
    (void)origin;
#ifndef GOOD
    return pm_group_open(answer, "tracked", "[tracked]"); /* must not compile */
#else
    return pm_group_open(answer, "tracked", origin);
#endif
}
