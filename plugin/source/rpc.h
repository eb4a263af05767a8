/* rpc.h - what a Solana node says: JSON-RPC 2.0, posted over HTTP.
 *
 * One question a request, since some servers refuse several in one. Accounts are asked for as
 * "confirmed": two thirds of the stake have voted for the block, seconds old. Which node is asked,
 * and who is asked next when it fails, is for others to decide. */
#ifndef PM_SOURCE_RPC_H
#define PM_SOURCE_RPC_H

#include "chain/account.h"
#include "net/batch.h"

#define PM_RPC_KEYS_MOST 100 /* of one question: the servers' own limit */

/* The part of an account's data that is wanted. Where a pointer to one is taken, NULL is all. */
struct pm_rpc_slice {
    uint64_t offset, length;
};

struct pm_rpc_row {
    struct pm_key key;
    struct pm_account account;
};

struct pm_rpc_accounts {
    bool has_slot; /* a node may keep back of which slot its answer is */
    uint64_t slot;
    struct pm_rpc_row
        *rows; /* in the order in which the keys were asked, or as the node found them */
    size_t count;
    size_t packed; /* of those that are there: sent as zstd */
};

struct pm_rpc_genesis {
    pm_str hash; /* of the cluster's first block, in base58 */
};

struct pm_rpc_slot {
    uint64_t slot;
};

enum pm_rpc_wellness { PM_RPC_HEALTHY, PM_RPC_BEHIND, PM_RPC_UNHEALTHY };

struct pm_rpc_health {
    enum pm_rpc_wellness state;
    uint64_t slots_behind; /* only for PM_RPC_BEHIND */
};

struct pm_rpc_version {
    pm_str core; /* "3.1.12" */
};

struct pm_rpc_epoch {
    uint64_t epoch, slot, slot_index, slots_in_epoch;
};

/* All accounts of a program that begin so and are of that size; at least one of the two is asked
 * for, since a program's accounts may be hundreds of megabytes. */
struct pm_rpc_search {
    struct pm_key program;
    pm_str begins; /* the first bytes of the data, or empty */
    uint64_t size; /* of the data; 0: any */
    struct pm_rpc_slice slice;
};

struct pm_ask *pm_rpc_ask_genesis(struct pm_batch *batch, pm_str url, bool carries);
struct pm_ask *pm_rpc_ask_slot(struct pm_batch *batch, pm_str url, bool carries);
struct pm_ask *pm_rpc_ask_health(struct pm_batch *batch, pm_str url, bool carries);
struct pm_ask *pm_rpc_ask_version(struct pm_batch *batch, pm_str url, bool carries);
struct pm_ask *pm_rpc_ask_epoch(struct pm_batch *batch, pm_str url, bool carries);
struct pm_ask *pm_rpc_ask_account(struct pm_batch *batch, pm_str url, const struct pm_key *key,
                                  const struct pm_rpc_slice *slice, bool carries);
/* 1..PM_RPC_KEYS_MOST keys, all read at one slot. */
struct pm_ask *pm_rpc_ask_accounts(struct pm_batch *batch, pm_str url, const struct pm_key *keys,
                                   size_t count, const struct pm_rpc_slice *slice, bool carries);
/* Kept for ten minutes. A node is asked one search at a time: the next begins when the one before
 * has ended. Ends as PM_STATUS_METHOD_REFUSED where the node does not search. */
struct pm_ask *pm_rpc_ask_search(struct pm_batch *batch, pm_str url,
                                 const struct pm_rpc_search *search, bool carries);

/* NULL unless the ask is in and was answered. */
const struct pm_rpc_slot *pm_rpc_slot(const struct pm_ask *ask);
const struct pm_rpc_health *pm_rpc_health(const struct pm_ask *ask);
const struct pm_rpc_version *pm_rpc_version(const struct pm_ask *ask);
const struct pm_rpc_epoch *pm_rpc_epoch(const struct pm_ask *ask);
/* Of any of the three questions for accounts. */
const struct pm_rpc_accounts *pm_rpc_accounts(const struct pm_ask *ask);
/* Empty instead of NULL. */
pm_str pm_rpc_genesis(const struct pm_ask *ask);

#endif
