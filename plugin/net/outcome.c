/* outcome.c - how one request to one source ended. */

#include "net/outcome.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const words[] = {
#define PM_STATUS_WORD(id, word, meaning) word,
    PM_STATUSES(PM_STATUS_WORD)
#undef PM_STATUS_WORD
};

const char *pm_status_word(enum pm_status status)
{
    return words[status];
}

void pm_outcome_set(struct pm_outcome *outcome, enum pm_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(outcome->problem, sizeof outcome->problem, format, args);
    va_end(args);
    outcome->status = status;
}
