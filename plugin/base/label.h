/* label.h - where a fact comes from, as every answer says it. */
#ifndef PM_BASE_LABEL_H
#define PM_BASE_LABEL_H

/* constant, label, what it means (docs and references print this row). */
#define PM_SOURCES(X)                                                                              \
    X(TRACKED, "[tracked]", "the dashboard of psyche.network")                                     \
    X(ON_CHAIN, "[on-chain]", "decoded from an account on Solana")                                 \
    X(BEST_EFFORT, "[best-effort]", "the model hub or a storage bucket")                           \
    X(GUIDE, "[guide]", "the references that come with this program")                              \
    X(LOCAL, "[local]", "files or ports of this machine")

enum pm_source {
#define PM_SOURCE_ENUM(id, label, meaning) PM_SOURCE_##id,
    PM_SOURCES(PM_SOURCE_ENUM)
#undef PM_SOURCE_ENUM
        PM_SOURCE_COUNT
};

/* The dashboard answered and does not have it. */
#define PM_LABEL_TRACKED_NOT_FOUND "[tracked:not-found]"
/* Only ever inside a suggestion. */
#define PM_LABEL_UNVERIFIED "[unverified]"

const char *pm_source_label(enum pm_source source);

#endif
