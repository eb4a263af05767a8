/* coordinator_derive.h - what follows from a coordinator account. Pure arithmetic. */
#ifndef PM_CHAIN_COORDINATOR_DERIVE_H
#define PM_CHAIN_COORDINATOR_DERIVE_H

#include "base/big.h"
#include "chain/coordinator.h"

/* Of all who have joined the run. */
struct pm_coordinator_sums {
    size_t next_epoch_clients; /* who take part in the next epoch */
    bool has_max_active;       /* nobody has joined: there is none */
    uint64_t max_active;
    struct pm_big earned, slashed; /* points */
};
struct pm_coordinator_sums pm_coordinator_sum(const struct pm_coordinator_tail *tail);

/* The round under way or, between epochs, the last one; NULL when rounds_head names none. */
const struct pm_coordinator_round *pm_coordinator_current_round(const struct pm_coordinator *run);

/* Sequences of the step that begins when so many tokens are done. */
uint16_t pm_coordinator_batch_size(const struct pm_coordinator_config *config,
                                   uint64_t tokens_done);

/* Sequences done, and tokens: each has max_seq_len of them. */
uint64_t pm_coordinator_sequences_done(const struct pm_coordinator *run);
struct pm_big pm_coordinator_tokens_done(const struct pm_coordinator *run);
/* The same from the head alone: as of the beginning of the epoch. */
struct pm_big pm_coordinator_tokens_at_epoch_start(const struct pm_coordinator_head *head);

struct pm_coordinator_plan {
    struct pm_big tokens;
    bool is_about; /* the batch grows on the way: it was worked out step by step, from step 1 */
};
/* Some milliseconds at worst, so for the runs that are shown, not for all that were found. */
struct pm_coordinator_plan pm_coordinator_plan(const struct pm_coordinator_head *head);

/* "org/model", "P2P - Hub repo: org/model", "gs://bucket/prefix", "Ephemeral", "Dummy": what Psyche's
 * own tools print. */
void pm_coordinator_add_checkpoint(struct pm_buf *buf,
                                   const struct pm_coordinator_checkpoint *checkpoint);
/* "-" for a halted run, "1/4 waiting" below the least number of clients, "17 training": the same. */
void pm_coordinator_add_clients(struct pm_buf *buf, enum pm_chain_state state, size_t client_count,
                                uint16_t min_clients);

#endif
