/* rpc.h - the part of a simulator that knows how a Solana node answers.
 *
 * Nodes are found by the path of their address: /rpc from the data folder's rpc/, /rpc-pool from
 * its rpc-pool/, and so on, and those that the command line names. What is posted to "/" is the
 * first one's. */
#ifndef PM_SIM_RPC_H
#define PM_SIM_RPC_H

#include "reply.h"
#include "rpc_node.h"

#include <stdatomic.h>

#define SIM_POST_MOST ((size_t)51200) /* bytes of a request's body, as Agave has it */

struct sim_rpc_setup {
    const char *folders[SIM_NODES_MOST]; /* "FOLDER" is /rpc, "NAME=FOLDER" is /NAME */
    size_t folder_count;
    struct sim_moods moods; /* of all nodes */
};

struct sim_rpc {
    struct sim_node nodes[SIM_NODES_MOST];
    size_t count;
};

/* A request, and how many that have a slot its node had before. */
struct sim_post {
    const char *method, *content_type; /* content_type NULL: none */
    const char *below;                 /* the target below the node's path: "", "/health" */
    const char *body;
    size_t body_bytes; /* more than SIM_POST_MOST: the rest was dropped */
    uint64_t number;
};

/* `folder`: the data folder. */
bool sim_rpc_open(struct sim_rpc *rpc, const char *folder, const struct sim_rpc_setup *setup);
void sim_rpc_finish(struct sim_rpc *rpc);

/* The number of the node that is asked, or rpc->count; *below is the rest of the target. */
size_t sim_rpc_find(const struct sim_rpc *rpc, const char *method, const char *target,
                    const char **below);

/* Whether the answer is of some slot: 1, or 0 for a node's genesis, which is always the same and is
 * asked beside other requests in either order. */
unsigned sim_rpc_has_slot(const struct sim_post *post);

/* What a healthy node says. The result, from malloc, names the request for faults and for the log:
 * "/rpc#getSlot". */
char *sim_rpc_answer(const struct sim_node *node, const struct sim_post *post,
                     struct sim_reply *reply);

#endif
