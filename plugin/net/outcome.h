/* outcome.h - how one request to one source ended.
 *
 * A source that did not do its part is a value that goes into the answer, beside the facts of the
 * sources that did. */
#ifndef PM_NET_OUTCOME_H
#define PM_NET_OUTCOME_H

#include "base/str.h"

/* constant, word in an answer, what it means (the docs print this row). */
#define PM_STATUSES(X)                                                                             \
    X(OK, "ok", "answered, and the answer was understood")                                         \
    X(TIMEOUT, "timeout", "no whole answer within the time there was")                             \
    X(UNRESOLVED, "unresolved", "the host's name is not known")                                    \
    X(REFUSED, "refused", "nobody takes a connection there")                                       \
    X(BAD_TLS, "bad_tls", "no trusted encrypted connection")                                       \
    X(BROKEN, "broken_off", "the connection ended before the answer was whole")                    \
    X(REDIRECTED, "redirected", "sent elsewhere; other places are not followed")                   \
    X(RATE_LIMITED, "rate_limited", "asked too often, by its own word")                            \
    X(UNAVAILABLE, "unavailable", "HTTP 5xx")                                                      \
    X(NODE_BEHIND, "node_behind", "the node says that it is behind its cluster, or not well")      \
    X(METHOD_REFUSED, "method_refused", "the node does not answer this kind of question")          \
    X(WRONG_CLUSTER, "wrong_cluster", "a Solana node of another cluster than the program's")       \
    X(FAULT, "source_fault", "the source reports a fault of its own")                              \
    X(HTTP_STATUS, "http_status", "another HTTP status than 200")                                  \
    X(NOT_JSON, "not_json", "a web page or other text where JSON belongs")                         \
    X(BAD_REPLY, "bad_reply", "JSON, but not of the form this version knows")                      \
    X(BAD_ACCOUNT, "bad_account", "an account that is not what its address says")                  \
    X(LAYOUT_UNKNOWN, "layout_unknown",                                                            \
      "an account of a size or version this program cannot know")                                  \
    X(TOO_LARGE, "too_large", "more than the limits of a body or of a call")                       \
    X(NO_MEMORY, "no_memory", "memory ran out while it was read")                                  \
    X(OFFLINE, "offline", "not asked: offline by request")

enum pm_status {
#define PM_STATUS_ENUM(id, word, meaning) PM_STATUS_##id,
    PM_STATUSES(PM_STATUS_ENUM)
#undef PM_STATUS_ENUM
        PM_STATUS_COUNT
};

struct pm_outcome {
    enum pm_status status;
    long http; /* 0 when no status line came */
    int64_t took_ms;
    char problem[240]; /* "" when ok; one line, may quote the source's own words: not yet clean */
};

const char *pm_status_word(enum pm_status status);

/* Sets status and problem. */
void pm_outcome_set(struct pm_outcome *outcome, enum pm_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
