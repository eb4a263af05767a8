/* newest_models.h - the repositories that the foundation changed last, beside what was asked. */
#ifndef PM_ACTION_NEWEST_MODELS_H
#define PM_ACTION_NEWEST_MODELS_H

#include "action/action.h"

/* NULL when the hub is not to be asked. */
struct pm_ask *pm_newest_models_ask(struct pm_batch *batch);
/* A table of them; nothing when they are not known. `ask` may be NULL, here and below. */
void pm_newest_models_write(struct pm_call *call, struct pm_answer *answer,
                            const struct pm_ask *ask);
void pm_newest_models_say(struct pm_call *call, struct pm_say *say, const struct pm_ask *ask);

#endif
