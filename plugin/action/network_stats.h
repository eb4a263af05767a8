/* network_stats.h - what the files of this action share: network_stats.c writes the facts, _words
 * what is said. */
#ifndef PM_ACTION_NETWORK_STATS_H
#define PM_ACTION_NETWORK_STATS_H

#include "action/action.h"
#include "action/listed.h"
#include "source/dashboard_status.h"

#define PM_SLOT_MS 400 /* how long a slot of Solana lasts, nominally */

struct pm_network {
    struct pm_call *call;
    const struct pm_ask *runs_ask, *status_ask;
    const struct pm_runs *runs;               /* NULL: no list */
    const struct pm_dashboard_status *status; /* NULL: it said nothing of itself */
    struct pm_listing listing;                /* of runs */
    size_t in_state[PM_RUN_OTHER + 1];        /* newest incarnations, by enum pm_run_state */
    const struct pm_run_info *newest;         /* the run that changed last, or NULL */
};

/* When that was; no time when it is not known. */
struct pm_moment pm_network_newest_at(const struct pm_network *network);

/* At most so many slots: a program without transactions moves no index. */
struct pm_count pm_network_lag_slots(const struct pm_indexer *indexer);
uint64_t pm_network_slots_s(uint64_t slots);
/* "devnet", "localnet" for a genesis nobody knows; NULL when none was sent. */
const char *pm_network_cluster(const struct pm_indexer *indexer);
/* The list's rates are those of its last change, which may be long ago. */
bool pm_network_has_speed(const struct pm_network *network);

void pm_network_write_summary(const struct pm_network *network, struct pm_answer *answer);
void pm_network_write_notes(const struct pm_network *network, struct pm_answer *answer);

#endif
