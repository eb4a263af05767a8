/* dashboard_pool.h - what the dashboard says of the mining pool: /contributionInfo.
 *
 * Amounts are in base units of the collateral's mint. Before the dashboard has read the pool it
 * sends zeros and the mint "UNKNOWN": then nothing is known, not even the zeros. */
#ifndef PM_SOURCE_DASHBOARD_POOL_H
#define PM_SOURCE_DASHBOARD_POOL_H

#include "source/dashboard.h"

struct pm_contributor {
    pm_str address;
    struct pm_big amount;
    struct pm_count rank; /* 1 first, none shared */
};

struct pm_pool {
    bool is_read; /* false: the dashboard has not read the pool yet */
    struct pm_big deposited, cap;
    struct pm_count decimals;
    pm_str mint, program;                /* empty when not sent */
    struct pm_contributor *contributors; /* as sent: the largest first */
    size_t contributor_count;
    size_t unreadable; /* rows without an address */
    bool indexer_fault;
};

struct pm_ask *pm_dashboard_ask_pool(struct pm_batch *batch, bool carries);
/* The same with only this contributor: at most one row, its rank among all. `address` is base58. */
struct pm_ask *pm_dashboard_ask_contributor(struct pm_batch *batch, pm_str address, bool carries);

/* NULL unless the ask is in and was answered. */
const struct pm_pool *pm_dashboard_pool(const struct pm_ask *ask);

#endif
