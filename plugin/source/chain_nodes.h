/* chain_nodes.h - how the nodes are that one program is read through: of which cluster, how healthy, at
 * which slot.
 *
 * The first node of the list is asked, and the next one when it is of another cluster, fails, or
 * takes too long. What a node of another cluster says of itself stays: it is true of that node. */
#ifndef PM_SOURCE_CHAIN_NODES_H
#define PM_SOURCE_CHAIN_NODES_H

#include "source/nodes.h"
#include "source/rpc.h"

struct pm_node_state {
    const struct pm_node *node;
    struct pm_ask *epoch, *health, *version;
    int64_t asked_mono_ms;
};

struct pm_chain_nodes {
    struct pm_nodes *nodes;
    unsigned moves;                             /* of the nodes, when this was asked */
    struct pm_node_state states[PM_NODES_MOST]; /* in the order in which they were asked */
    size_t count;                               /* 0: the chain is off */
};

void pm_chain_nodes_ask(struct pm_chain_nodes *look, struct pm_nodes *nodes);
/* Asks the next node where that is due; whether it did. */
bool pm_chain_nodes_go_on(struct pm_chain_nodes *look);

/* The node told its slot, and is of the right cluster or did not say of which it is. */
bool pm_node_state_is_good(const struct pm_nodes *nodes, const struct pm_node_state *state);
/* The first such node; NULL: there is none. */
const struct pm_node_state *pm_chain_nodes_answer(const struct pm_chain_nodes *look);
/* Why there is none: the last node's; NULL when none was asked. */
const struct pm_ask *pm_chain_nodes_trouble(const struct pm_chain_nodes *look);

#endif
