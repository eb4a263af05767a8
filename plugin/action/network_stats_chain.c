/* network_stats_chain.c - what the Solana nodes say of themselves, through which the programs
 * are read.
 *
 * The two programs are on clusters of their own, so each has its cluster, its slot and, where
 * that is so, its age beside it; the group is as old as the older of the two. */

#include "action/network_stats.h"

#define TEXT_MOST 64 /* bytes of our own words and of an address */

bool pm_network_is_chain_off(const struct pm_network *network)
{
    return network->nodes[PM_PSYCHE_COORDINATOR].is_off;
}

bool pm_network_has_chain(const struct pm_network *network)
{
    return network->on_chain[PM_PSYCHE_COORDINATOR] || network->on_chain[PM_PSYCHE_POOL];
}

const struct pm_indexer *pm_network_indexer(const struct pm_network *network, size_t program)
{
    const struct pm_dashboard_status *status = network->status;
    const struct pm_indexer *indexer = !status                     ? NULL
                                       : program == PM_PSYCHE_POOL ? &status->pool
                                                                   : &status->coordinator;
    return indexer && indexer->is_there ? indexer : NULL;
}

/* "ok", "behind 150 slots", "unhealthy"; nothing when the node did not say. */
static void put_health(struct pm_call *call, struct pm_group *sub, const struct pm_ask *ask)
{
    const struct pm_rpc_health *health = ask && !ask->is_stale ? pm_rpc_health(ask) : NULL;
    struct pm_buf buf;
    pm_buf_init(&buf, call->arena, TEXT_MOST);
    if (!health) {
        return;
    }
    if (health->state == PM_RPC_BEHIND) {
        pm_buf_add_c(&buf, "behind ");
        pm_buf_add_u64(&buf, health->slots_behind);
        pm_buf_add_c(&buf, health->slots_behind == 1 ? " slot" : " slots");
    } else {
        pm_buf_add_c(&buf, health->state == PM_RPC_HEALTHY ? "ok" : "unhealthy");
    }
    pm_put_own(sub, "health", pm_arena_cstr(call->arena, pm_buf_text(&buf)));
}

static void put_program(struct pm_call *call, struct pm_group *sub, const struct pm_key *program)
{
    struct pm_buf buf;
    pm_buf_init(&buf, call->arena, TEXT_MOST);
    pm_key_add(&buf, program);
    pm_put_text(sub, "program", pm_clean(call->arena, PM_TEXT_NAME, pm_buf_text(&buf)));
}

static void put_version(struct pm_call *call, struct pm_group *sub, const struct pm_ask *ask)
{
    const struct pm_rpc_version *version = ask ? pm_rpc_version(ask) : NULL;
    if (version) {
        pm_put_text(sub, "version", pm_clean(call->arena, PM_TEXT_NAME, version->core));
    }
}

/* Of what follows the host, the address may hold a key. */
static void put_host(struct pm_call *call, struct pm_group *sub, pm_str url)
{
    pm_put_text(sub, "host",
                pm_clean(call->arena, PM_TEXT_OTHER, pm_answer_host(&call->batch, url)));
}

static void write_node(const struct pm_network *network, struct pm_group *group, const char *name,
                       size_t program)
{
    struct pm_call *call = network->call;
    const struct pm_node_state *state = network->on_chain[program];
    const struct pm_rpc_epoch *epoch = state ? pm_rpc_epoch(state->epoch) : NULL;
    const struct pm_origin *origin = epoch ? pm_origin_of(&call->batch, state->epoch) : NULL;
    struct pm_group *sub = origin ? pm_group_sub(group, name) : NULL;
    if (!sub) {
        return;
    }
    put_program(call, sub, &network->nodes[program].program_key);
    pm_put_own(sub, "cluster", pm_origin_cluster(origin));
    put_host(call, sub, state->node->url);
    pm_put_count(sub, "slot", epoch->slot);
    pm_put_count(sub, "epoch", epoch->epoch);
    put_health(call, sub, state->health);
    put_version(call, sub, state->version);
    if (state->epoch->is_stale) {
        pm_put_seconds(sub, "age_s", pm_origin_age_s(origin));
        pm_put_flag(sub, "stale", true);
    } else {
        bool is_frozen = call->settings->clock.is_frozen;
        pm_put_seconds(sub, "latency_ms", is_frozen ? 0 : state->epoch->outcome.took_ms);
    }
}

static const struct pm_origin *origin_of(const struct pm_network *network, size_t program)
{
    const struct pm_node_state *state = network->on_chain[program];
    return state ? pm_origin_of(&network->call->batch, state->epoch) : NULL;
}

static bool is_older(const struct pm_origin *a, const struct pm_origin *b)
{
    if (pm_origin_is_stale(a) != pm_origin_is_stale(b)) {
        return pm_origin_is_stale(a);
    }
    return pm_origin_age_s(a) > pm_origin_age_s(b);
}

void pm_network_write_on_chain(const struct pm_network *network, struct pm_answer *answer)
{
    const struct pm_origin *coordinator = origin_of(network, PM_PSYCHE_COORDINATOR);
    const struct pm_origin *pool = origin_of(network, PM_PSYCHE_POOL);
    bool is_pool_older = pool && (!coordinator || is_older(pool, coordinator));
    struct pm_group *group = pm_group_open(answer, "on_chain", is_pool_older ? pool : coordinator);
    write_node(network, group, "coordinator", PM_PSYCHE_COORDINATOR);
    write_node(network, group, "pool", PM_PSYCHE_POOL);
}
