/* An origin cannot be made up from a label, which would leave out when the source was asked. */

#include "answer/answer.h"

void put_params(struct pm_answer *answer, const struct pm_batch *batch, const struct pm_ask *ask,
                struct pm_big params);

void put_params(struct pm_answer *answer, const struct pm_batch *batch, const struct pm_ask *ask,
                struct pm_big params)
{
#ifndef GOOD
    const char *label = pm_source_label(ask->kind->source);
    const struct pm_origin origin = {label}; /* must not compile */
    struct pm_group *group = pm_group_open(answer, "tracked", &origin);
    (void)batch;
#else
    struct pm_group *group = pm_group_open(answer, "tracked", pm_origin_of(batch, ask));
#endif
    pm_put_big(group, "params", params);
}
