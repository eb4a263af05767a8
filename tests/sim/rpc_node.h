/* rpc_node.h - a Solana node as a folder describes it: its accounts, its cluster, its moods.
 *
 * accounts.json is an object. "accounts" is an array of {file, pubkey, owner, lamports,
 * executable}, where file is the data, plain or with .zst behind its name, beside it or in
 * accounts/. What else it may hold: "genesis", "slot", "slot_step" (added with each question),
 * "version", "health" ("ok", "unhealthy", or how many slots behind), "refuse" {method: how}. */
#ifndef PM_SIM_RPC_NODE_H
#define PM_SIM_RPC_NODE_H

#include "base/arena.h"
#include "chain/key.h"

#define SIM_NODES_MOST 8
#define SIM_REFUSALS_MOST 16

struct sim_account {
    struct pm_key key;
    const char *key_text, *owner_text;
    struct pm_key owner;
    pm_str data;
    uint64_t lamports;
    bool is_executable;
};

struct sim_refusal {
    pm_str method, how;
};

/* How a node is; each text NULL where it was not said. */
struct sim_moods {
    const char *genesis, *version, *health;
    bool has_slot;
    int64_t slot, slot_step;
    struct sim_refusal refusals[SIM_REFUSALS_MOST];
    size_t refusal_count;
};

struct sim_node {
    struct pm_arena arena;
    const char *path;             /* "/rpc" */
    struct sim_account *accounts; /* by address */
    size_t count;
    struct sim_moods moods;
};

/* Moods that are given replace those of the folder. Says on stderr what is wrong with it. */
bool sim_node_open(struct sim_node *node, const char *path, const char *folder,
                   const struct sim_moods *given);
void sim_node_finish(struct sim_node *node); /* takes a zeroed one too */

/* "METHOD=HOW": 403, 410, 429 and so on by HTTP; -32010, -32601, -32005 and so on, or disabled, in
 * an error object. `text` must live on. Says on stderr what is wrong with it. */
bool sim_refusal_parse(struct sim_moods *moods, const char *text);
/* "N" or "N,STEP" */
bool sim_slot_parse(struct sim_moods *moods, const char *text);

/* NULL when there is no such account. */
const struct sim_account *sim_node_find(const struct sim_node *node, const struct pm_key *key);

#endif
