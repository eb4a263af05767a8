/* Text as a source sent it cannot be put into an answer: it has to be cleaned. */

#include "answer/answer.h"

void put_name(struct pm_group *group, struct pm_arena *arena, pm_str name);

void put_name(struct pm_group *group, struct pm_arena *arena, pm_str name)
{
    const struct pm_clean *clean = pm_clean(arena, PM_TEXT_NAME, name);
    (void)clean;
#ifndef GOOD
    pm_put_text(group, "name", name);  /* must not compile */
    pm_put_text(group, "name", &name); /* must not compile */
    pm_put_own(group, "name", name);   /* must not compile */
    pm_put_own(group, "name", clean);  /* must not compile */
#else
    pm_put_text(group, "name", clean);
#endif
}
