/* error.c - why a call could not be answered. */

#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    const char *name;
    int exit_status;
    bool retryable;
} codes[] = {
#define PM_CODE_ROW(id, name, exit_status, retryable, meaning) {name, exit_status, retryable},
    PM_CODES(PM_CODE_ROW)
#undef PM_CODE_ROW
};

bool pm_fail(struct pm_error *error, enum pm_code code, const char *format, ...)
{
    if (!error->is_set) {
        va_list args;
        va_start(args, format);
        (void)vsnprintf(error->text, sizeof error->text, format, args);
        va_end(args);
        error->code = code;
        error->is_set = true;
    }
    return false;
}

const char *pm_code_name(enum pm_code code)
{
    return codes[code].name;
}

int pm_code_exit(enum pm_code code)
{
    return codes[code].exit_status;
}

bool pm_code_retryable(enum pm_code code)
{
    return codes[code].retryable;
}
