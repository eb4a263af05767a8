/* world.h - all that a simulator plays: which role a request is for, and what it says. */
#ifndef PM_SIM_WORLD_H
#define PM_SIM_WORLD_H

#include "data.h"
#include "gcs.h"
#include "hub.h"
#include "rpc.h"

#include <stdatomic.h>

struct sim_world_setup {
    const char *folder, *server; /* where the data are; which of the index's servers */
    const char *hub_folder;      /* where hub/ and gcs/ are; NULL: in `folder` */
    const char *prefix;          /* of the dashboard; NULL: with and without /api */
    struct sim_rpc_setup rpc;
};

struct sim_world {
    struct sim_data data;
    struct sim_rpc rpc;
    struct sim_hub hub;
    struct sim_gcs gcs;
};

/* How often each was asked so far. */
struct sim_counts {
    atomic_ullong nodes[SIM_NODES_MOST];
    atomic_ullong hub[SIM_BUCKETS];
};

/* A request; any text but method, target and body may be NULL. */
struct sim_question {
    const char *method, *target; /* target as it came: escapes and query untouched */
    const char *content_type, *authorization, *host;
    const char *body;
    size_t body_bytes;
    bool is_secure; /* came by TLS */
};

/* Says on stderr what is wrong with the folders; *world is then empty. */
bool sim_world_open(struct sim_world *world, const struct sim_world_setup *setup);
void sim_world_finish(struct sim_world *world); /* takes a zeroed one too */

/* What is asked, from malloc: `route` for faults, `shown` for the log. */
struct sim_asked {
    char *route, *shown;
};
struct sim_asked sim_world_answer(const struct sim_world *world,
                                  const struct sim_world_setup *setup, struct sim_counts *counts,
                                  const struct sim_question *question, struct sim_reply *reply);

#endif
