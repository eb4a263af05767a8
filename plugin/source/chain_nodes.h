/* chain_nodes.h - how the nodes are that one program is read through: of which cluster, how
 * healthy, at which slot.
 *
 * The first node of the list is asked, and the next one when it is of another cluster, fails, or
 * takes too long. Two programs may share nodes: what both ask of one is asked once. */
#ifndef PM_SOURCE_CHAIN_NODES_H
#define PM_SOURCE_CHAIN_NODES_H

#include "source/nodes.h"
#include "source/rpc.h"

struct pm_node_state {
    const struct pm_node *node;
    struct pm_ask *epoch;            /* tells the slot too */
    struct pm_ask *health, *version; /* NULL: there was no room to ask */
    int64_t asked_mono_ms;
};

struct pm_chain_nodes {
    struct pm_nodes *nodes;
    unsigned moves;                             /* of the nodes, when this was asked */
    struct pm_node_state states[PM_NODES_MOST]; /* in the order in which they were asked */
    size_t count;                               /* 0: nobody was asked */
};

void pm_chain_nodes_ask(struct pm_chain_nodes *look, struct pm_nodes *nodes);
/* Asks the next node where that is due; whether it did. Of which cluster a node is, is looked at by
 * pm_nodes_check. */
bool pm_chain_nodes_go_on(struct pm_chain_nodes *look);
/* The waiting is over: what was asked of nodes that serve none of these looks now is put into
 * the form in which `sources` is to show it, one row of trouble a node. */
void pm_chain_nodes_settle(const struct pm_chain_nodes *looks, size_t count);

/* The first node that told its slot and is of the right cluster, or did not say of which it is; one
 * that told it now before one whose older word is kept. NULL: there is none. */
const struct pm_node_state *pm_chain_nodes_answer(const struct pm_chain_nodes *look);
/* No node is left that could still answer. */
bool pm_chain_nodes_is_over(const struct pm_chain_nodes *look);
/* Why there is none: how the last one ended. NULL when none was asked. */
const struct pm_ask *pm_chain_nodes_trouble(const struct pm_chain_nodes *look);
/* The same as a word; a node that serves the other program well may be of the wrong cluster
 * here. */
enum pm_status pm_chain_nodes_status(const struct pm_chain_nodes *look);

#endif
