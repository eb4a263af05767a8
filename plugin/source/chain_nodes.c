/* chain_nodes.c - how the nodes are that one program is read through. */

#include "source/chain_nodes.h"

#define ASKS_OF_A_NODE 4

/* --- asking --- */

static struct pm_ask *kept(const struct pm_batch *batch, struct pm_ask *ask)
{
    return ask == &batch->lost ? NULL : ask;
}

/* False when there is no room for another node. */
static bool ask_next(struct pm_chain_nodes *look)
{
    struct pm_nodes *nodes = look->nodes;
    struct pm_batch *batch = nodes->batch;
    struct pm_node *node = &nodes->list[look->count];
    bool has_room = batch->count + ASKS_OF_A_NODE <= PM_BATCH_MOST;
    struct pm_ask *epoch = has_room ? kept(batch, pm_rpc_ask_epoch(batch, node->url, false)) : NULL;
    if (!epoch) {
        return false;
    }
    if (!node->genesis) {
        node->genesis = kept(batch, pm_rpc_ask_genesis(batch, node->url, false));
    }
    struct pm_node_state *state = &look->states[look->count++];
    *state = (struct pm_node_state){
        .node = node,
        .epoch = epoch,
        .health = kept(batch, pm_rpc_ask_health(batch, node->url, false)),
        .version = kept(batch, pm_rpc_ask_version(batch, node->url, false)),
        .asked_mono_ms = pm_clock_mono_ms(),
    };
    if (look->count < nodes->count) {
        pm_batch_wake_at(batch, state->asked_mono_ms + pm_nodes_pass_over_ms(nodes));
    }
    return true;
}

void pm_chain_nodes_ask(struct pm_chain_nodes *look, struct pm_nodes *nodes)
{
    *look = (struct pm_chain_nodes){.nodes = nodes, .moves = nodes->moves};
    if (!nodes->is_off) {
        (void)ask_next(look);
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

static bool is_fresh(const struct pm_node_state *state)
{
    return pm_rpc_epoch(state->epoch) && !state->epoch->is_stale;
}

/* Nothing good is to be expected of it, or not soon. */
static bool is_passed_over(const struct pm_nodes *nodes, const struct pm_node_state *state)
{
    if (state->epoch->outcome.status == PM_STATUS_OFFLINE) {
        return false; /* nor would any other be asked */
    }
    if (pm_node_is_wrong(nodes, state->node)) {
        return true;
    }
    return state->epoch->is_in ? !is_fresh(state) : is_late(nodes, state);
}

/* The call does not wait any longer for what is not in. */
static void give_up(const struct pm_nodes *nodes, const struct pm_node_state *state)
{
    struct pm_ask *const asks[] = {state->epoch, state->node->genesis, state->health,
                                   state->version};
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
        if (asks[i]) {
            pm_batch_give_up(nodes->batch, asks[i], "no answer yet when the next node was asked");
        }
    }
}

static bool has_next(const struct pm_chain_nodes *look)
{
    return look->count > 0 && look->count < look->nodes->count;
}

bool pm_chain_nodes_go_on(struct pm_chain_nodes *look)
{
    struct pm_nodes *nodes = look->nodes;
    if (nodes->is_off || nodes->is_over || pm_clock_mono_ms() >= nodes->batch->deadline_mono_ms ||
        pm_batch_cancelled(nodes->batch)) {
        return false;
    }
    if (look->moves != nodes->moves) {
        pm_chain_nodes_ask(look, nodes);
        return look->count > 0;
    }
    const struct pm_node_state *last = has_next(look) ? &look->states[look->count - 1] : NULL;
    if (!last || !is_passed_over(nodes, last)) {
        return false;
    }
    if (!pm_node_is_wrong(nodes, last->node)) { /* else the other program may be its own */
        give_up(nodes, last);
    }
    return ask_next(look);
}

/* --- answers --- */

const struct pm_node_state *pm_chain_nodes_answer(const struct pm_chain_nodes *look)
{
    const struct pm_node_state *stale = NULL;
    for (size_t i = 0; i < look->count; i++) {
        const struct pm_node_state *state = &look->states[i];
        if (!pm_rpc_epoch(state->epoch) || pm_node_is_wrong(look->nodes, state->node)) {
            continue;
        }
        if (is_fresh(state)) {
            return state;
        }
        stale = stale ? stale : state;
    }
    return stale;
}

bool pm_chain_nodes_is_over(const struct pm_chain_nodes *look)
{
    const struct pm_node_state *last = look->count ? &look->states[look->count - 1] : NULL;
    if (!last) {
        return true;
    }
    bool is_wrong = pm_node_is_wrong(look->nodes, last->node);
    bool is_last = !has_next(look) || last->epoch->outcome.status == PM_STATUS_OFFLINE;
    return (is_last && (last->epoch->is_in || is_wrong)) || (is_fresh(last) && !is_wrong);
}

const struct pm_ask *pm_chain_nodes_trouble(const struct pm_chain_nodes *look)
{
    return look->count ? look->states[look->count - 1].epoch : NULL;
}

enum pm_status pm_chain_nodes_status(const struct pm_chain_nodes *look)
{
    const struct pm_node_state *last = look->count ? &look->states[look->count - 1] : NULL;
    if (!last) {
        return PM_STATUS_OFFLINE;
    }
    return pm_node_is_wrong(look->nodes, last->node) ? PM_STATUS_WRONG_CLUSTER
                                                     : last->epoch->outcome.status;
}

/* --- the end --- */

static bool is_used(const struct pm_chain_nodes *looks, size_t count, const struct pm_ask *epoch)
{
    for (size_t i = 0; i < count; i++) {
        const struct pm_node_state *answer = pm_chain_nodes_answer(&looks[i]);
        if (answer && answer->epoch == epoch) {
            return true;
        }
    }
    return false;
}

/* What it said is true, but of other accounts. */
static void note_wrong(const struct pm_nodes *nodes, const struct pm_node_state *state)
{
    enum pm_cluster cluster;
    if (pm_node_cluster(state->node, &cluster)) {
        state->epoch->facts = NULL;
        state->epoch->is_stale = false;
        pm_outcome_set(&state->epoch->outcome, PM_STATUS_WRONG_CLUSTER,
                       "this node is of %s, not of %s", pm_cluster_name(cluster),
                       pm_cluster_name(nodes->expected));
    }
}

/* That the first question failed says enough of a node: that the others did, too, is no news. */
static void hide_company(const struct pm_node_state *state)
{
    struct pm_ask *const asks[] = {state->health, state->version};
    if (state->node->genesis) {
        state->node->genesis->is_aside = true;
    }
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
        if (asks[i] && asks[i]->is_stale) { /* an older word for what may change by the minute */
            asks[i]->facts = NULL;
            asks[i]->is_stale = false;
        }
        if (asks[i]) {
            asks[i]->is_aside = true;
        }
    }
}

void pm_chain_nodes_settle(const struct pm_chain_nodes *looks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < looks[i].count; j++) {
            const struct pm_node_state *state = &looks[i].states[j];
            bool is_ours = is_used(looks, count, state->epoch);
            if (!is_ours && pm_node_is_wrong(looks[i].nodes, state->node)) {
                note_wrong(looks[i].nodes, state);
            }
            if (!is_ours || state->epoch->is_stale) {
                hide_company(state);
            }
        }
    }
}
