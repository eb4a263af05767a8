/* chain_lists.h - a list of the chain's runs without a network: a node is asked, nothing is sent, and what it
 * would have answered is put into the ask. */
#ifndef PM_TESTS_CHAIN_LISTS_H
#define PM_TESTS_CHAIN_LISTS_H

#include "chain/pda.h"
#include "net/net.h"
#include "source/chain_list.h"
#include "source/rpc_inside.h"

#include <stdlib.h>
#include <string.h>

#define LIST_ARENA_BYTES ((size_t)64 << 20)
#define LIST_PROGRAM "4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT7"

struct chain_world {
    struct pm_arena arena;
    struct pm_settings settings;
    struct pm_net *net;
    struct pm_wait wait;
    struct pm_batch batch;
    struct pm_nodes nodes;
    struct pm_chain_list list;
};

static inline void open_world(struct chain_world *world)
{
    *world = (struct chain_world){0};
    pm_arena_init(&world->arena, LIST_ARENA_BYTES);
    world->settings = (struct pm_settings){
        .rpc = {.url = {PM_STR("http://127.0.0.1:1/")}, .count = 1},
        .rpc_only_configured = true,
        .coordinator_cluster = PM_CLUSTER_DEVNET,
        .patience_ms = 2000,
        .is_offline = true,
    };
    for (size_t i = 0; i < PM_PSYCHE_COUNT; i++) {
        world->settings.programs[i].text = PM_STR(LIST_PROGRAM);
    }
    world->net = pm_net_make(&world->settings);
    if (!world->net || !pm_wait_init(&world->wait)) {
        abort();
    }
    pm_batch_init(&world->batch, world->net, &world->wait, &world->arena, &world->settings, 60000);
    pm_nodes_init(&world->nodes, &world->batch, PM_PSYCHE_COORDINATOR);
    pm_chain_list_ask(&world->list, &world->nodes, true);
}

static inline void close_world(struct chain_world *world)
{
    pm_batch_finish(&world->batch);
    pm_wait_finish(&world->wait);
    pm_net_close(world->net);
    pm_arena_finish(&world->arena);
}

static inline void answer(struct pm_question *question, const struct pm_rpc_accounts *accounts,
                          bool is_stale)
{
    struct pm_ask *ask = question->asks[question->node];
    ask->facts = accounts;
    ask->is_stale = is_stale;
    ask->outcome = (struct pm_outcome){0};
    if (is_stale || !accounts) {
        pm_outcome_set(&ask->outcome, PM_STATUS_METHOD_REFUSED, "HTTP 410");
    }
}

/* An instance account, at the address that its run id gives. */
static inline struct pm_rpc_row instance_row(struct pm_arena *arena, pm_str id)
{
    const struct pm_layout *layout = pm_layout_newest(PM_ACCOUNT_INSTANCE);
    const pm_str seeds[] = {PM_STR("coordinator"), id};
    struct pm_rpc_row row = {.account = {.is_there = true, .space = 173}};
    uint8_t bump = 0, *data = pm_arena_zero(arena, 173);
    struct pm_key owner;
    if (!data || pm_key_read(PM_STR(LIST_PROGRAM), &owner) != PM_KEY_OK ||
        !pm_pda_find(seeds, 2, &owner, &row.key, &bump)) {
        abort();
    }
    memcpy(data, layout->discriminator, PM_DISCRIMINATOR_BYTES);
    data[8] = bump;
    memcpy(data + 73, row.key.bytes, PM_KEY_BYTES); /* any address will do */
    data[105] = (uint8_t)id.len;
    memcpy(data + 109, id.ptr, id.len);
    row.account.owner = owner;
    row.account.data = (pm_str){(const char *)data, 173};
    return row;
}

#endif
