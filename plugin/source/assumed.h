/* assumed.h - what this program takes for granted of the network, and whether it still holds.
 *
 * Everything that was read from others' sources or recordings and can change without notice is a
 * row of the one table in assumed.c. The network is asked a bounded number of small questions, and
 * each row is a check over their answers: it says what differs, or that it could not be asked. */
#ifndef PM_SOURCE_ASSUMED_H
#define PM_SOURCE_ASSUMED_H

#include "source/chain_list.h"
#include "source/finding.h"

#define PM_ASSUMED_LOOKED_AT_MOST PM_RPC_KEYS_MOST /* coordinator accounts */

/* One of the two places on the chain: the coordinator's cluster, the pool's. */
struct pm_assumed_side {
    struct pm_nodes nodes;
    struct pm_question version, health, accounts;
    struct pm_key keys[3]; /* the accounts asked for */
    size_t key_count;
};

struct pm_assumed {
    struct pm_batch *batch;
    pm_str usual_mint; /* of the pool, in base58 */
    pm_str foundation; /* who has repositories on the hub */
    const struct pm_ask *runs, *run, *contributions, *status;
    /* hub_model, hub_commits: of the first repository that the search finds */
    const struct pm_ask *hub_search, *hub_model, *hub_commits, *storage;
    struct pm_assumed_side coordinator, pool;
    struct pm_chain_list list;
    /* The coordinator accounts of the list's first runs: what their beginnings say. */
    struct pm_key heads[PM_ASSUMED_LOOKED_AT_MOST];
    size_t head_count;
    struct pm_question heads_question;
};

typedef void pm_assumed_fn(const struct pm_assumed *assumed, struct pm_finding *finding);

struct pm_assumption {
    const char *name; /* "coordinator accounts" */
    enum pm_source source;
    const char *assumed; /* one sentence without an end */
    const char *from;    /* where it was read */
    const char *mend;    /* what the user can do if it differs; NULL: only report it */
    pm_assumed_fn *check;
};

/* Ended by a row without a name. */
const struct pm_assumption *pm_assumptions(void);

void pm_assumed_ask(struct pm_assumed *assumed, struct pm_batch *batch, pm_str usual_mint,
                    pm_str foundation);
/* After each pm_batch_wait: asks for what has become possible. */
void pm_assumed_go_on(struct pm_assumed *assumed);

#endif
