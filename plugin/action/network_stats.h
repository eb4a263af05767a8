/* network_stats.h - what the files of this action share: network_stats.c asks and writes what the
 * dashboard tells, _chain what the nodes tell, _agree compares the two, _words is what is said. */
#ifndef PM_ACTION_NETWORK_STATS_H
#define PM_ACTION_NETWORK_STATS_H

#include "action/action.h"
#include "action/listed.h"
#include "source/chain_nodes.h"
#include "source/dashboard_status.h"

#define PM_SLOT_MS 400        /* how long a slot of Solana lasts, nominally */
#define PM_NETWORK_PROGRAMS 2 /* PM_PSYCHE_COORDINATOR and PM_PSYCHE_POOL */

struct pm_network {
    struct pm_call *call;
    const struct pm_ask *runs_ask, *status_ask;
    const struct pm_ask *models_ask;          /* the hub's newest, or NULL */
    const struct pm_runs *runs;               /* NULL: no list */
    const struct pm_dashboard_status *status; /* NULL: it said nothing of itself */
    struct pm_listing listing;                /* of runs */
    size_t in_state[PM_RUN_OTHER + 1];        /* newest incarnations, by enum pm_run_state */
    const struct pm_run_info *newest;         /* the run that changed last, or NULL */
    struct pm_nodes nodes[PM_NETWORK_PROGRAMS];
    struct pm_chain_nodes looks[PM_NETWORK_PROGRAMS];
    const struct pm_node_state *on_chain[PM_NETWORK_PROGRAMS]; /* NULL: no node answered */
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

/* --- the chain --- */

bool pm_network_is_chain_off(const struct pm_network *network);
/* A node told of itself, for either program. */
bool pm_network_has_chain(const struct pm_network *network);
/* The dashboard's index of that program's accounts; NULL when it did not speak of it. */
const struct pm_indexer *pm_network_indexer(const struct pm_network *network, size_t program);
/* Nothing when no node answered. */
void pm_network_write_on_chain(const struct pm_network *network, struct pm_answer *answer);
/* How far the dashboard's index is behind the node, at most; not known when one of the two does not
 * tell its slot now, or when they are of different chains. */
struct pm_count pm_network_index_behind(const struct pm_network *network, size_t program);
void pm_network_write_agreement(const struct pm_network *network, struct pm_answer *answer);

void pm_network_write_summary(const struct pm_network *network, struct pm_answer *answer);
void pm_network_write_notes(const struct pm_network *network, struct pm_answer *answer);

#endif
