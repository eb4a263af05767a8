/* finding.h - what looking at one thing came to. */
#ifndef PM_SOURCE_FINDING_H
#define PM_SOURCE_FINDING_H

#include "net/batch.h"

/* constant, word in an answer, what it means (the docs print this row). */
#define PM_FINDINGS(X)                                                                             \
    X(OK, "ok", "as it should be")                                                                 \
    X(DIFFERS, "differs", "not as it should be, or not as this version assumes")                   \
    X(UNKNOWN, "unknown", "could not be looked at")                                                \
    X(OFF, "off", "not looked at: switched off, or nothing is assumed of it")

enum pm_finding_kind {
#define PM_FINDING_ENUM(id, word, meaning) PM_FINDING_##id,
    PM_FINDINGS(PM_FINDING_ENUM)
#undef PM_FINDING_ENUM
        PM_FINDING_COUNT
};

struct pm_finding {
    enum pm_finding_kind kind;
    char detail[400]; /* one line; may quote a source: not yet clean */
};

const char *pm_finding_word(enum pm_finding_kind kind);

/* Always false but for PM_FINDING_OK, so that a check can end with it. */
bool pm_finding_set(struct pm_finding *finding, enum pm_finding_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether the ask was answered now. Otherwise the finding says how it ended: a reply of another
 * form than the expected one differs, silence and a source's own trouble leave it unknown. */
bool pm_finding_needs(struct pm_finding *finding, const struct pm_ask *ask);

#endif
