/* rpc_node.c - what a node says of itself and of its cluster. */

#include "source/rpc_inside.h"

#include "source/body.h"

#define CODE_NOT_WELL (-32005) /* the node's own word for "behind" */

void *pm_rpc_decode_genesis(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                            struct pm_outcome *outcome)
{
    yyjson_val *result = pm_rpc_result(scratch, body, false, outcome);
    struct pm_key key; /* a hash has the form of one */
    if (!result) {
        return NULL;
    }
    if (!yyjson_is_str(result) || pm_key_read(pm_json_text(result), &key) != PM_KEY_OK) {
        return pm_rpc_note_form("a genesis hash that is none", outcome);
    }
    struct pm_rpc_genesis *genesis = pm_arena_zero(arena, sizeof *genesis);
    if (genesis) {
        genesis->hash = pm_json_text(result);
    }
    return pm_body_finish(arena, genesis, outcome);
}

void *pm_rpc_decode_slot(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                         struct pm_outcome *outcome)
{
    yyjson_val *result = pm_rpc_result(scratch, body, false, outcome);
    if (!result) {
        return NULL;
    }
    if (!yyjson_is_uint(result)) {
        return pm_rpc_note_form("a slot that is no whole number", outcome);
    }
    struct pm_rpc_slot *slot = pm_arena_zero(arena, sizeof *slot);
    if (slot) {
        slot->slot = yyjson_get_uint(result);
    }
    return pm_body_finish(arena, slot, outcome);
}

/* Here the error is the answer: how far behind the node is, if it knows. */
static bool read_health(const struct pm_rpc_reply *reply, struct pm_rpc_health *health)
{
    if (reply->error && pm_rpc_error_code(reply->error) == CODE_NOT_WELL) {
        bool is_behind =
            pm_rpc_u64(pm_json_get(reply->error, "data"), "numSlotsBehind", &health->slots_behind);
        health->state = is_behind ? PM_RPC_BEHIND : PM_RPC_UNHEALTHY;
        return true;
    }
    health->state = PM_RPC_HEALTHY;
    return pm_str_equal(pm_json_text(reply->result), PM_STR("ok"));
}

void *pm_rpc_decode_health(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                           struct pm_outcome *outcome)
{
    struct pm_rpc_reply reply;
    struct pm_rpc_health read = {0};
    if (!pm_rpc_open(scratch, body, &reply, outcome)) {
        return NULL;
    }
    if (!read_health(&reply, &read)) {
        return reply.error ? pm_rpc_note_error(reply.error, false, outcome)
                           : pm_rpc_note_form("another word for its health than ok", outcome);
    }
    struct pm_rpc_health *health = pm_arena_zero(arena, sizeof *health);
    if (health) {
        *health = read;
    }
    return pm_body_finish(arena, health, outcome);
}

void *pm_rpc_decode_version(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                            struct pm_outcome *outcome)
{
    yyjson_val *result = pm_rpc_result(scratch, body, false, outcome);
    pm_str core = pm_json_text(pm_json_get(result, "solana-core"));
    if (!result) {
        return NULL;
    }
    if (!core.ptr) {
        return pm_rpc_note_form("no text \"solana-core\"", outcome);
    }
    struct pm_rpc_version *version = pm_arena_zero(arena, sizeof *version);
    if (version) {
        version->core = core;
    }
    return pm_body_finish(arena, version, outcome);
}

void *pm_rpc_decode_epoch(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                          struct pm_outcome *outcome)
{
    yyjson_val *result = pm_rpc_result(scratch, body, false, outcome);
    struct pm_rpc_epoch read;
    if (!result) {
        return NULL;
    }
    if (!pm_rpc_u64(result, "epoch", &read.epoch) ||
        !pm_rpc_u64(result, "absoluteSlot", &read.slot) ||
        !pm_rpc_u64(result, "slotIndex", &read.slot_index) ||
        !pm_rpc_u64(result, "slotsInEpoch", &read.slots_in_epoch)) {
        return pm_rpc_note_form("no epoch, absoluteSlot, slotIndex and slotsInEpoch", outcome);
    }
    struct pm_rpc_epoch *epoch = pm_arena_zero(arena, sizeof *epoch);
    if (epoch) {
        *epoch = read;
    }
    return pm_body_finish(arena, epoch, outcome);
}
