/* near.h - what was probably meant. */
#ifndef PM_BASE_NEAR_H
#define PM_BASE_NEAR_H

#include "base/str.h"

/* The word of a NULL-terminated list that is most like `given`, or NULL when none is like it. */
const char *pm_near_word(pm_str given, const char *const *words);

#endif
