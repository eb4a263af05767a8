/* rpc_call.h - one question to a Solana node, between its envelope and its method. */
#ifndef PM_SIM_RPC_CALL_H
#define PM_SIM_RPC_CALL_H

#include "rpc_node.h"

#include <yyjson.h>

#define SIM_BAD_PARAMS (-32602)
#define SIM_BAD_REQUEST (-32600)

struct sim_call {
    const struct sim_node *node;
    yyjson_val *params; /* an array, or NULL */
    uint64_t slot;      /* newest; what is final lies behind it */
    yyjson_mut_doc *doc;
    yyjson_mut_val *result;
    int64_t code; /* of the error; 0: none */
    char *message;
    yyjson_mut_val *data; /* of the error, or NULL */
};

/* Always false. */
bool sim_call_fail(struct sim_call *call, int64_t code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The slot that `options` speaks of: of its commitment, by default what is final. */
uint64_t sim_call_slot(const struct sim_call *call, yyjson_val *options);

/* A method fills result and is true, or fails. */
typedef bool sim_method_fn(struct sim_call *call);
sim_method_fn sim_rpc_account, sim_rpc_accounts, sim_rpc_search;

#endif
