/* rpc.c - what is asked of a Solana node, and the way back from an ask to its facts. */

#include "source/rpc.h"

#include "source/rpc_inside.h"

#include <assert.h>

#define KEEP_SLOT_MS 2000
#define KEEP_ACCOUNTS_MS 5000
#define KEEP_SEARCH_MS 600000 /* dear to the node, and runs are made by the day */
#define KEEP_VERSION_MS 600000

static bool slot_of_accounts(const void *facts, uint64_t *slot)
{
    const struct pm_rpc_accounts *accounts = facts;
    *slot = accounts->slot;
    return accounts->has_slot;
}

static bool slot_of_slot(const void *facts, uint64_t *slot)
{
    *slot = ((const struct pm_rpc_slot *)facts)->slot;
    return true;
}

static bool slot_of_epoch(const void *facts, uint64_t *slot)
{
    *slot = ((const struct pm_rpc_epoch *)facts)->slot;
    return true;
}

#define KIND(method, keep, decoder, slot_of)                                                       \
    {                                                                                              \
        .name = (method), .source = PM_SOURCE_ON_CHAIN, .keep_ms = (keep), .decode = (decoder),    \
        .refusal = pm_rpc_refuse, .slot = (slot_of),                                               \
    }

const struct pm_kind pm_rpc_kind_genesis =
    KIND("getGenesisHash", PM_KEEP_FOR_EVER, pm_rpc_decode_genesis, NULL);
const struct pm_kind pm_rpc_kind_slot =
    KIND("getSlot", KEEP_SLOT_MS, pm_rpc_decode_slot, slot_of_slot);
const struct pm_kind pm_rpc_kind_health =
    KIND("getHealth", KEEP_SLOT_MS, pm_rpc_decode_health, NULL);
const struct pm_kind pm_rpc_kind_version =
    KIND("getVersion", KEEP_VERSION_MS, pm_rpc_decode_version, NULL);
const struct pm_kind pm_rpc_kind_epoch =
    KIND("getEpochInfo", KEEP_SLOT_MS, pm_rpc_decode_epoch, slot_of_epoch);
const struct pm_kind pm_rpc_kind_account =
    KIND("getAccountInfo", KEEP_ACCOUNTS_MS, pm_rpc_decode_account, slot_of_accounts);
const struct pm_kind pm_rpc_kind_accounts =
    KIND("getMultipleAccounts", KEEP_ACCOUNTS_MS, pm_rpc_decode_accounts, slot_of_accounts);

const struct pm_kind pm_rpc_kind_search = {
    .name = "getProgramAccounts",
    .source = PM_SOURCE_ON_CHAIN,
    .keep_ms = KEEP_SEARCH_MS,
    .is_heavy = true,
    .decode = pm_rpc_decode_search,
    .refusal = pm_rpc_refuse_search,
    .slot = slot_of_accounts,
};

static struct pm_ask *ask_plain(struct pm_batch *batch, const struct pm_kind *kind, pm_str url,
                                bool carries)
{
    return pm_batch_post(batch, kind, url, pm_rpc_plain_body(batch->arena, kind->name), carries);
}

static struct pm_ask *ask_confirmed(struct pm_batch *batch, const struct pm_kind *kind, pm_str url,
                                    bool carries)
{
    pm_str body = pm_rpc_confirmed_body(batch->arena, kind->name);
    return pm_batch_post(batch, kind, url, body, carries);
}

struct pm_ask *pm_rpc_ask_genesis(struct pm_batch *batch, pm_str url, bool carries)
{
    return ask_plain(batch, &pm_rpc_kind_genesis, url, carries);
}

struct pm_ask *pm_rpc_ask_slot(struct pm_batch *batch, pm_str url, bool carries)
{
    return ask_confirmed(batch, &pm_rpc_kind_slot, url, carries);
}

struct pm_ask *pm_rpc_ask_health(struct pm_batch *batch, pm_str url, bool carries)
{
    return ask_plain(batch, &pm_rpc_kind_health, url, carries);
}

struct pm_ask *pm_rpc_ask_version(struct pm_batch *batch, pm_str url, bool carries)
{
    return ask_plain(batch, &pm_rpc_kind_version, url, carries);
}

struct pm_ask *pm_rpc_ask_epoch(struct pm_batch *batch, pm_str url, bool carries)
{
    return ask_confirmed(batch, &pm_rpc_kind_epoch, url, carries);
}

struct pm_ask *pm_rpc_ask_account(struct pm_batch *batch, pm_str url, const struct pm_key *key,
                                  const struct pm_rpc_slice *slice, bool carries)
{
    pm_str body = pm_rpc_account_body(batch->arena, key, slice);
    return pm_batch_post(batch, &pm_rpc_kind_account, url, body, carries);
}

struct pm_ask *pm_rpc_ask_accounts(struct pm_batch *batch, pm_str url, const struct pm_key *keys,
                                   size_t count, const struct pm_rpc_slice *slice, bool carries)
{
    pm_str body = pm_rpc_accounts_body(batch->arena, keys, count, slice);
    return pm_batch_post(batch, &pm_rpc_kind_accounts, url, body, carries);
}

struct pm_ask *pm_rpc_ask_search(struct pm_batch *batch, pm_str url,
                                 const struct pm_rpc_search *search, bool carries)
{
    pm_str body = pm_rpc_search_body(batch->arena, search);
    return pm_batch_post(batch, &pm_rpc_kind_search, url, body, carries);
}

static const void *get_facts(const struct pm_ask *ask, const struct pm_kind *kind)
{
    assert(!ask || !ask->entry || ask->kind == kind);
    (void)kind;
    return ask && ask->is_in ? ask->facts : NULL;
}

const struct pm_rpc_slot *pm_rpc_slot(const struct pm_ask *ask)
{
    return get_facts(ask, &pm_rpc_kind_slot);
}

const struct pm_rpc_health *pm_rpc_health(const struct pm_ask *ask)
{
    return get_facts(ask, &pm_rpc_kind_health);
}

const struct pm_rpc_version *pm_rpc_version(const struct pm_ask *ask)
{
    return get_facts(ask, &pm_rpc_kind_version);
}

const struct pm_rpc_epoch *pm_rpc_epoch(const struct pm_ask *ask)
{
    return get_facts(ask, &pm_rpc_kind_epoch);
}

const struct pm_rpc_accounts *pm_rpc_accounts(const struct pm_ask *ask)
{
    assert(!ask || !ask->entry || ask->kind == &pm_rpc_kind_account ||
           ask->kind == &pm_rpc_kind_accounts || ask->kind == &pm_rpc_kind_search);
    return ask && ask->is_in ? ask->facts : NULL;
}

pm_str pm_rpc_genesis(const struct pm_ask *ask)
{
    const struct pm_rpc_genesis *genesis = get_facts(ask, &pm_rpc_kind_genesis);
    return genesis ? genesis->hash : PM_STR("");
}
