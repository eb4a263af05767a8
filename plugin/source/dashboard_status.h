/* dashboard_status.h - what the dashboard says of itself: /status.
 *
 * It asks its own Solana nodes for this answer, so it can take minutes when they are down: nothing
 * waits for it. Its indexed slot moves only when the program has transactions, so how far it is
 * behind is a bound ("at most"), never a measure. */
#ifndef PM_SOURCE_DASHBOARD_STATUS_H
#define PM_SOURCE_DASHBOARD_STATUS_H

#include "source/dashboard.h"

struct pm_indexer { /* of one program */
    bool is_there;
    pm_str word;        /* "ok", or what it says is wrong */
    size_t error_count; /* errors since it started; their texts are never sent */
    bool has_last_error;
    int64_t last_error_ms;
    struct pm_count chain_slot;
    struct pm_count indexed_slot; /* unknown until it has indexed anything (it sends 0) */
    pm_str program, genesis;
};

struct pm_dashboard_status {
    pm_str commit;
    bool has_start;
    int64_t start_ms; /* when the dashboard was started */
    struct pm_indexer coordinator, pool;
    size_t tracked_runs; /* incarnations, hidden ones too */
};

struct pm_ask *pm_dashboard_ask_status(struct pm_batch *batch, bool carries);

/* NULL unless the ask is in and was answered. */
const struct pm_dashboard_status *pm_dashboard_status(const struct pm_ask *ask);

#endif
