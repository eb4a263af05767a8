/* rpc_inside.h - the body of a question to a Solana node, and the way from the reply to facts or to
 * why there are none. Everything here works on bytes alone, so tests call it without a network. */
#ifndef PM_SOURCE_RPC_INSIDE_H
#define PM_SOURCE_RPC_INSIDE_H

#include "codec/json.h"
#include "source/rpc.h"

extern const struct pm_kind pm_rpc_kind_genesis; /* gives struct pm_rpc_genesis */
extern const struct pm_kind pm_rpc_kind_slot;    /* gives struct pm_rpc_slot */
extern const struct pm_kind pm_rpc_kind_health;  /* gives struct pm_rpc_health */
extern const struct pm_kind pm_rpc_kind_version; /* gives struct pm_rpc_version */
extern const struct pm_kind pm_rpc_kind_epoch;   /* gives struct pm_rpc_epoch */
extern const struct pm_kind pm_rpc_kind_account; /* these three give struct pm_rpc_accounts */
extern const struct pm_kind pm_rpc_kind_accounts;
extern const struct pm_kind pm_rpc_kind_search;

/* --- bodies; empty when memory is out --- */

pm_str pm_rpc_plain_body(struct pm_arena *arena, const char *method);
pm_str pm_rpc_confirmed_body(struct pm_arena *arena, const char *method);
pm_str pm_rpc_account_body(struct pm_arena *arena, const struct pm_key *key,
                           const struct pm_rpc_slice *slice);
pm_str pm_rpc_accounts_body(struct pm_arena *arena, const struct pm_key *keys, size_t count,
                            const struct pm_rpc_slice *slice);
pm_str pm_rpc_search_body(struct pm_arena *arena, const struct pm_rpc_search *search);

/* --- replies --- */

pm_decode_fn pm_rpc_decode_genesis;
pm_decode_fn pm_rpc_decode_slot;
pm_decode_fn pm_rpc_decode_health;
pm_decode_fn pm_rpc_decode_version;
pm_decode_fn pm_rpc_decode_epoch;
pm_decode_fn pm_rpc_decode_account;
pm_decode_fn pm_rpc_decode_accounts;
pm_decode_fn pm_rpc_decode_search;
/* True for an error object of the protocol, and for a node's word that it does not search. */
pm_refusal_fn pm_rpc_refuse;
pm_refusal_fn pm_rpc_refuse_search;

/* What stands in the envelope: exactly one of the two is set. */
struct pm_rpc_reply {
    yyjson_val *result; /* never null */
    yyjson_val *error;
};

/* False, with `outcome` set, for a body that is no reply at all. */
PM_CHECKED bool pm_rpc_open(struct pm_arena *scratch, struct pm_body *body,
                            struct pm_rpc_reply *reply, struct pm_outcome *outcome);
/* The result, or NULL with `outcome` set; what an error means may depend on its being a search. */
PM_CHECKED yyjson_val *pm_rpc_result(struct pm_arena *scratch, struct pm_body *body, bool is_search,
                                     struct pm_outcome *outcome);
/* What the node's error means; always NULL. */
void *pm_rpc_note_error(yyjson_val *error, bool is_search, struct pm_outcome *outcome);
/* Sets PM_STATUS_BAD_REPLY; always NULL. */
void *pm_rpc_note_form(const char *what, struct pm_outcome *outcome);

/* A member that is a whole number of 64 bits, exact. */
PM_CHECKED bool pm_rpc_u64(yyjson_val *object, const char *name, uint64_t *out);
/* An error object's code; 0 when it has none. */
int64_t pm_rpc_error_code(yyjson_val *error);

#endif
