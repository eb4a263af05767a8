/* builtin.h - the references as they were when this program was built.
 *
 * scripts/embed writes the table from references/, so there is one truth. It ends in a row without
 * a name; rows stand in the order of their names. */
#ifndef PM_SKILL_BUILTIN_H
#define PM_SKILL_BUILTIN_H

#include <stddef.h>

struct pm_builtin {
    const char *name; /* "run-states" */
    const unsigned char *bytes;
    size_t len;
};

extern const struct pm_builtin pm_builtins[];

#endif
