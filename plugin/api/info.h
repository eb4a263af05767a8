/* info.h - what this handle was told, and by whom: for people who look for a mistake. */
#ifndef PM_API_INFO_H
#define PM_API_INFO_H

#include "api/references.h"

#define PM_SCHEMA "psyche.monitor/1"

/* One line of JSON; empty when memory is out. */
pm_str pm_info_write(struct pm_arena *arena, const struct pm_config *config,
                     struct pm_references *references);

#endif
