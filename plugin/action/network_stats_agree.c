/* network_stats_agree.c - how far the dashboard is behind the nodes.
 *
 * Both sides name a slot of the same cluster: the dashboard the last one that its index has, and
 * the newest one that its own node had; the node its newest. An index moves only when its
 * program has transactions, so the dashboard lags by that distance at most. Numbers that
 * come from both sides stand here and in neither side's group. */

#include "action/frame.h"
#include "action/network_stats.h"

static const char *const NAMES[PM_NETWORK_PROGRAMS] = {
    [PM_PSYCHE_COORDINATOR] = "coordinator",
    [PM_PSYCHE_POOL] = "pool",
};

struct gap {       /* of one program, in slots */
    bool is_known; /* both sides name slots of one cluster */
    struct pm_count index_behind, node_behind;
};

struct gaps {
    struct gap of[PM_NETWORK_PROGRAMS];
    size_t index_worst, node_worst; /* programs */
    bool is_known;
};

static struct pm_count distance(uint64_t newer, struct pm_count older)
{
    struct pm_count slots = {.is_known = older.is_known};
    slots.value = older.is_known && newer > older.value ? newer - older.value : 0;
    return slots;
}

static struct gap measure(const struct pm_network *network, size_t program)
{
    const struct pm_indexer *indexer = pm_network_indexer(network, program);
    const struct pm_node_state *state = network->on_chain[program];
    struct gap gap = {.is_known = false};
    if (!state || state->epoch->is_stale || !indexer || network->status_ask->is_stale ||
        network->nodes[program].is_contradicted || indexer->genesis.len == 0 ||
        !pm_str_equal(indexer->genesis, pm_rpc_genesis(state->node->genesis))) {
        return gap;
    }
    uint64_t slot = pm_rpc_epoch(state->epoch)->slot;
    struct pm_count seen = indexer->chain_slot;
    gap.index_behind = distance(slot, indexer->indexed_slot);
    gap.node_behind.is_known = seen.is_known;
    gap.node_behind.value = seen.is_known && seen.value > slot ? seen.value - slot : 0;
    gap.is_known = seen.is_known || indexer->indexed_slot.is_known;
    return gap;
}

struct pm_count pm_network_index_behind(const struct pm_network *network, size_t program)
{
    return measure(network, program).index_behind;
}

static struct gaps measure_all(const struct pm_network *network)
{
    struct gaps gaps = {.is_known = false};
    for (size_t i = 0; i < PM_NETWORK_PROGRAMS; i++) {
        struct gap gap = gaps.of[i] = measure(network, i);
        gaps.is_known = gaps.is_known || gap.is_known;
        if (gap.index_behind.value > gaps.of[gaps.index_worst].index_behind.value) {
            gaps.index_worst = i;
        }
        if (gap.node_behind.value > gaps.of[gaps.node_worst].node_behind.value) {
            gaps.node_worst = i;
        }
    }
    return gaps;
}

static bool is_far(struct pm_count slots)
{
    return slots.is_known && pm_network_slots_s(slots.value) >= PM_CLOCK_SLACK_S;
}

/* --- one side told --- */

static void say_no_node(const struct pm_network *network, struct pm_agreement *agreement)
{
    const struct pm_chain_nodes *look = &network->looks[PM_PSYCHE_COORDINATOR];
    const struct pm_ask *silent = pm_chain_nodes_trouble(look);
    agreement->trust = PM_SOURCE_TRACKED;
    if (silent) {
        pm_action_say_trouble(&agreement->why, silent);
    } else {
        pm_say_own(&agreement->why, "there was no room to ask the chain");
    }
}

static void say_no_slot(const struct pm_network *network, struct pm_agreement *agreement)
{
    enum pm_status status = network->status_ask->outcome.status;
    pm_say_own(&agreement->why, "the dashboard names no slot to compare with the nodes'");
    if (status != PM_STATUS_OK) {
        pm_say_own(&agreement->why, " (");
        pm_say_own(&agreement->why, pm_status_word(status));
        pm_say_own(&agreement->why, ")");
    }
}

static void say_alone(const struct pm_network *network, struct pm_agreement *agreement)
{
    bool is_old = true;
    for (size_t i = 0; i < PM_NETWORK_PROGRAMS; i++) {
        const struct pm_node_state *state = network->on_chain[i];
        is_old = is_old && (!state || state->epoch->is_stale);
    }
    if (is_old) {
        say_no_node(network, agreement);
    } else {
        say_no_slot(network, agreement);
    }
}

/* --- both told --- */

static const char *index_of(size_t program)
{
    return program == PM_PSYCHE_POOL ? "index of the pool" : "index of runs";
}

static void say_slots(struct pm_say *say, struct pm_count slots)
{
    pm_say_counted(say, slots.value, "slot", "slots");
    pm_say_own(say, " (");
    pm_say_span(say, (int64_t)pm_network_slots_s(slots.value));
    pm_say_own(say, ")");
}

static void compare_slots(const struct gaps *gaps, struct pm_agreement *agreement)
{
    struct pm_count index = gaps->of[gaps->index_worst].index_behind;
    struct pm_count node = gaps->of[gaps->node_worst].node_behind;
    struct pm_say *why = &agreement->why;
    if (is_far(node)) {
        agreement->verdict = "lag";
        agreement->trust = PM_SOURCE_TRACKED;
        pm_say_own(why, "the node asked for the ");
        pm_say_own(why, NAMES[gaps->node_worst]);
        pm_say_own(why, " is ");
        say_slots(why, node);
        pm_say_own(why, " behind the slot that the dashboard saw");
    } else if (index.is_known) {
        agreement->verdict = is_far(index) ? "lag" : "agree";
        pm_say_own(why, "the dashboard's ");
        pm_say_own(why, index_of(gaps->index_worst));
        pm_say_own(why, " is at most ");
        say_slots(why, index);
        pm_say_own(why, " behind the node");
    } else {
        agreement->verdict = "agree";
        pm_say_own(why, "the dashboard saw the nodes' slots, but names none that it has indexed");
    }
}

static bool is_contradicted(const struct pm_network *network)
{
    return network->nodes[PM_PSYCHE_COORDINATOR].is_contradicted ||
           network->nodes[PM_PSYCHE_POOL].is_contradicted;
}

static struct pm_agreement compare(const struct pm_network *network, const struct gaps *gaps)
{
    struct pm_agreement agreement = {.verdict = "single", .trust = PM_SOURCE_ON_CHAIN};
    pm_say_init(&agreement.why, network->call->arena);
    if (pm_network_has_chain(network) && is_contradicted(network)) {
        agreement.verdict = "conflict";
        pm_say_own(&agreement.why, "the dashboard reads another program or cluster than the one "
                                   "that was set");
    } else if (gaps->is_known) {
        compare_slots(gaps, &agreement);
    } else {
        say_alone(network, &agreement);
    }
    return agreement;
}

static void write_gaps(const struct gaps *gaps, struct pm_group *group)
{
    struct pm_group *behind = pm_group_sub(group, "index_behind");
    for (size_t i = 0; i < PM_NETWORK_PROGRAMS; i++) {
        struct pm_count slots = gaps->of[i].index_behind;
        struct pm_group *sub = slots.is_known ? pm_group_sub(behind, NAMES[i]) : NULL;
        if (sub) {
            pm_put_count(sub, "slots_at_most", slots.value);
            pm_put_count(sub, "s_at_most", pm_network_slots_s(slots.value));
        }
    }
}

void pm_network_write_agreement(const struct pm_network *network, struct pm_answer *answer)
{
    struct pm_call *call = network->call;
    if (pm_network_is_chain_off(network)) {
        pm_frame_agree_single(call, answer, PM_SOURCE_TRACKED, NULL);
        return;
    }
    struct gaps gaps = measure_all(network);
    struct pm_agreement agreement = compare(network, &gaps);
    struct pm_group *group = pm_answer_verdict(answer, "agreement");
    pm_put_own(group, "verdict", agreement.verdict);
    pm_put_own(group, "trust", pm_source_label(agreement.trust));
    pm_put_own(group, "why", pm_arena_cstr(call->arena, pm_buf_text(&agreement.why.buf)));
    write_gaps(&gaps, group);
}
