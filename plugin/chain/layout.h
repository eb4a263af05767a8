/* layout.h - the accounts that this program can read.
 *
 * A layout is a row, found by the kind of account and its size. The size tells layouts apart where
 * nothing else does: the coordinator account kept its version while its size changed three times.
 * A new layout is a new row. */
#ifndef PM_CHAIN_LAYOUT_H
#define PM_CHAIN_LAYOUT_H

#include "base/str.h"

#define PM_DISCRIMINATOR_BYTES 8

enum pm_account_kind {
    PM_ACCOUNT_COORDINATOR,
    PM_ACCOUNT_INSTANCE,
    PM_ACCOUNT_POOL,
    PM_ACCOUNT_LENDER,
    PM_ACCOUNT_TREASURER_RUN,
    PM_ACCOUNT_PARTICIPANT,
    PM_ACCOUNT_AUTHORIZATION,
    PM_ACCOUNT_MINT,
    PM_ACCOUNT_TOKEN,
    PM_ACCOUNT_KIND_COUNT
};

/* Where the parts of a coordinator account begin, from the start of its data. */
struct pm_coordinator_places {
    uint32_t head;          /* metadata, run id, state, model, config, progress */
    uint32_t rounds;        /* PM_COORDINATOR_ROUNDS of them */
    uint32_t clients;       /* of this epoch; their number follows the last slot */
    uint32_t tail;          /* from that number to the end */
    uint32_t round_bytes;   /* of one round, */
    uint32_t witness_bytes; /* and of one witness in it */
};

struct pm_layout {
    enum pm_account_kind kind;
    const char *name;
    uint64_t size_least, size_most; /* bytes of the account */
    bool has_discriminator;
    uint8_t discriminator[PM_DISCRIMINATOR_BYTES]; /* its first bytes */
    uint64_t version;                              /* the u64 after them, or 0: there is none */
    struct pm_coordinator_places places;
};

/* The row for an account of that kind and size, or NULL. */
const struct pm_layout *pm_layout_find(enum pm_account_kind kind, uint64_t size);
/* The newest row of that kind; there is always one. */
const struct pm_layout *pm_layout_newest(enum pm_account_kind kind);

#endif
