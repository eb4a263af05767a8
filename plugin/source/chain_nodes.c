/* chain_nodes.c - how the nodes are that one program is read through. */

#include "source/chain_nodes.h"

static void ask_next(struct pm_chain_nodes *look)
{
    struct pm_nodes *nodes = look->nodes;
    struct pm_node *node = &nodes->list[look->count];
    struct pm_node_state *state = &look->states[look->count++];
    if (!node->genesis) {
        node->genesis = pm_rpc_ask_genesis(nodes->batch, node->url, false);
    }
    *state = (struct pm_node_state){
        .node = node,
        .epoch = pm_rpc_ask_epoch(nodes->batch, node->url, false),
        .health = pm_rpc_ask_health(nodes->batch, node->url, false),
        .version = pm_rpc_ask_version(nodes->batch, node->url, false),
        .asked_mono_ms = pm_clock_mono_ms(),
    };
    if (look->count < nodes->count) {
        pm_batch_wake_at(nodes->batch, state->asked_mono_ms + pm_nodes_pass_over_ms(nodes));
    }
}

void pm_chain_nodes_ask(struct pm_chain_nodes *look, struct pm_nodes *nodes)
{
    *look = (struct pm_chain_nodes){.nodes = nodes, .moves = nodes->moves};
    if (!nodes->is_off && nodes->count > 0) {
        ask_next(look);
    }
}

/* So that origins and sources say of which cluster it is. */
static void note_cluster(const struct pm_node_state *state)
{
    enum pm_cluster cluster;
    if (pm_node_cluster(state->node, &cluster)) {
        const char *name = pm_cluster_name(cluster);
        state->node->genesis->cluster = name;
        state->epoch->cluster = state->health->cluster = state->version->cluster = name;
    }
}

static bool is_late(const struct pm_nodes *nodes, const struct pm_node_state *state)
{
    int64_t until = state->asked_mono_ms + pm_nodes_pass_over_ms(nodes);
    if (pm_clock_mono_ms() >= until) {
        return true;
    }
    pm_batch_wake_at(nodes->batch, until);
    return false;
}

/* Nothing good is to be expected of it, or not soon. */
static bool is_passed_over(const struct pm_nodes *nodes, const struct pm_node_state *state)
{
    if (pm_node_is_wrong(nodes, state->node)) {
        return true;
    }
    if (state->epoch->is_in) {
        return !pm_rpc_epoch(state->epoch) || state->epoch->is_stale;
    }
    return is_late(nodes, state);
}

bool pm_chain_nodes_go_on(struct pm_chain_nodes *look)
{
    struct pm_nodes *nodes = look->nodes;
    if (look->moves != nodes->moves) {
        pm_chain_nodes_ask(look, nodes);
        return look->count > 0;
    }
    for (size_t i = 0; i < look->count; i++) {
        note_cluster(&look->states[i]);
    }
    bool is_due = look->count > 0 && look->count < nodes->count && !nodes->is_over &&
                  is_passed_over(nodes, &look->states[look->count - 1]);
    if (is_due) {
        ask_next(look);
    }
    return is_due;
}

bool pm_node_state_is_good(const struct pm_nodes *nodes, const struct pm_node_state *state)
{
    return pm_rpc_epoch(state->epoch) && !pm_node_is_wrong(nodes, state->node);
}

const struct pm_node_state *pm_chain_nodes_answer(const struct pm_chain_nodes *look)
{
    for (size_t i = 0; i < look->count; i++) {
        if (pm_node_state_is_good(look->nodes, &look->states[i])) {
            return &look->states[i];
        }
    }
    return NULL;
}

const struct pm_ask *pm_chain_nodes_trouble(const struct pm_chain_nodes *look)
{
    return look->count ? look->states[look->count - 1].epoch : NULL;
}
