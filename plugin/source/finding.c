/* finding.c - what looking at one thing came to. */

#include "source/finding.h"

#include <stdarg.h>
#include <stdio.h>

const char *pm_finding_word(enum pm_finding_kind kind)
{
    static const char *const words[] = {
#define FINDING_WORD(id, word, meaning) [PM_FINDING_##id] = (word),
        PM_FINDINGS(FINDING_WORD)
#undef FINDING_WORD
    };
    return words[kind];
}

bool pm_finding_set(struct pm_finding *finding, enum pm_finding_kind kind, const char *format, ...)
{
    va_list values;
    finding->kind = kind;
    va_start(values, format);
    (void)vsnprintf(finding->detail, sizeof finding->detail, format, values);
    va_end(values);
    return kind == PM_FINDING_OK;
}

/* The source answered, in another way than it should. */
static bool is_word_of_source(enum pm_status status)
{
    static const enum pm_status words[] = {
        PM_STATUS_REDIRECTED, PM_STATUS_METHOD_REFUSED, PM_STATUS_HTTP_STATUS,
        PM_STATUS_NOT_JSON,   PM_STATUS_BAD_REPLY,      PM_STATUS_TOO_LARGE,
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i] == status) {
            return true;
        }
    }
    return false;
}

bool pm_finding_needs(struct pm_finding *finding, const struct pm_ask *ask)
{
    if (!ask || !ask->is_in) {
        return pm_finding_set(finding, PM_FINDING_UNKNOWN, "not asked");
    }
    if (ask->facts && !ask->is_stale) {
        return true;
    }
    enum pm_status status = ask->outcome.status;
    enum pm_finding_kind kind = status == PM_STATUS_OFFLINE ? PM_FINDING_OFF
                                : is_word_of_source(status) ? PM_FINDING_DIFFERS
                                                            : PM_FINDING_UNKNOWN;
    return pm_finding_set(finding, kind, "%s: %s", pm_status_word(status), ask->outcome.problem);
}
