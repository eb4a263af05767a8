/* error.h - why a call could not be answered.
 *
 * A source that did not do its part is no error (net/outcome.h); this is for the call that
 * has no answer at all. The first failure is written and stays; writing it needs no memory. */
#ifndef PM_BASE_ERROR_H
#define PM_BASE_ERROR_H

#include "base/str.h"

/* The one list of codes: constant, name in an answer, exit status, worth trying again,
 * and what it means (the docs print this row). */
#define PM_CODES(X)                                                                                \
    X(INTERNAL, "internal", 1, false, "a defect of this program")                                  \
    X(NO_MEMORY, "no_memory", 1, true, "memory ran out, or the call reached its ceiling")          \
    X(FORKED, "forked", 1, false, "the handle was opened before a fork; open one in the child")    \
    X(CLOSED, "closed", 1, false, "the handle was closed during the call")                         \
    X(BAD_REQUEST, "bad_request", 2, false, "the request is not of the documented form")           \
    X(UNKNOWN_ACTION, "unknown_action", 2, false, "no such action or tool")                        \
    X(NO_SOURCE, "no_source", 5, true, "no source gave a single fact")                             \
    X(BAD_CONFIG, "bad_config", 6, false, "an option, setting or config file is wrong")            \
    X(CANCELLED, "cancelled", 130, true, "the caller cancelled the call")

enum pm_code {
#define PM_CODE_ENUM(id, name, exit_status, retryable, meaning) PM_E_##id,
    PM_CODES(PM_CODE_ENUM)
#undef PM_CODE_ENUM
        PM_CODE_COUNT
};

/* What an answered call exits with; psyche_monitor_reply_status and the command line agree. */
enum pm_exit {
    PM_EXIT_FOUND = 0,
    PM_EXIT_USAGE = 2,
    PM_EXIT_NOT_FOUND = 3,
    PM_EXIT_UNSURE = 4, /* found "unknown" or "ambiguous" */
};

struct pm_error {
    bool is_set;
    enum pm_code code;
    char text[320];               /* one line, present tense, names the field and the limit */
    const char *const *supported; /* NULL-terminated, or NULL: what would have been accepted */
    const char *nearest;          /* the supported word most like what was given, or NULL */
};

/* Records the first failure; always false, so that a caller can `return pm_fail(...)`. */
bool pm_fail(struct pm_error *error, enum pm_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

const char *pm_code_name(enum pm_code code);
int pm_code_exit(enum pm_code code);
bool pm_code_retryable(enum pm_code code);

#endif
