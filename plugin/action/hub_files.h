/* hub_files.h - the files of a repository, from whichever replies list them. */
#ifndef PM_ACTION_HUB_FILES_H
#define PM_ACTION_HUB_FILES_H

#include "action/hub_look.h"

/* What the replies that are in list together; the repository's own must be among them. */
struct pm_weights_list pm_hub_files_read(struct pm_arena *arena, const struct pm_hub_place *place);
/* The last page that will be asked for is in. */
PM_CHECKED bool pm_hub_files_are_in(const struct pm_hub_place *place);

#endif
