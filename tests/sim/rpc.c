/* rpc.c - how a Solana node answers what is posted to it: HTTP's side, then the envelope.
 *
 * Written after a real node's replies (Agave 3.1.12): the order of keys, the texts of errors, the
 * line feed at the end, and what it does with batches and notifications. */

#include "rpc.h"

#include "rpc_call.h"
#include "rpc_text.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_GENESIS "CxQUWq8bYNUorGjB7RXH7jZs8MkExSiu9kzWXUCuBDmr"
#define DEFAULT_SLOT 421336970
#define FINAL_BEHIND 31 /* slots */
#define EPOCH_SLOTS 432000
#define TEXT "text/plain; charset=utf-8"

bool sim_call_fail(struct sim_call *call, int64_t code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    free(call->message);
    if (vasprintf(&call->message, format, args) < 0) {
        call->message = sim_copy("");
    }
    va_end(args);
    call->code = code;
    return false;
}

uint64_t sim_call_slot(const struct sim_call *call, yyjson_val *options)
{
    yyjson_val *commitment = yyjson_obj_get(options, "commitment");
    bool is_newest =
        yyjson_equals_str(commitment, "confirmed") || yyjson_equals_str(commitment, "processed");
    uint64_t final = call->slot > FINAL_BEHIND ? call->slot - FINAL_BEHIND : 0;
    return is_newest ? call->slot : final;
}

/* --- what a node says of itself --- */

static bool give_genesis(struct sim_call *call)
{
    const char *genesis = call->node->moods.genesis;
    call->result = yyjson_mut_str(call->doc, genesis ? genesis : DEFAULT_GENESIS);
    return true;
}

static bool give_slot(struct sim_call *call)
{
    call->result = yyjson_mut_uint(call->doc, sim_call_slot(call, yyjson_arr_get(call->params, 0)));
    return true;
}

static bool give_version(struct sim_call *call)
{
    const char *version = call->node->moods.version;
    call->result = yyjson_mut_obj(call->doc);
    (void)yyjson_mut_obj_add_uint(call->doc, call->result, "feature-set", 4140108451);
    return yyjson_mut_obj_add_str(call->doc, call->result, "solana-core",
                                  version ? version : SIM_VERSION);
}

static bool give_health(struct sim_call *call)
{
    const char *health = call->node->moods.health;
    int64_t behind;
    if (!health || strcmp(health, "ok") == 0) {
        call->result = yyjson_mut_str(call->doc, "ok");
        return true;
    }
    call->data = yyjson_mut_obj(call->doc);
    if (sim_read_number(health, &behind)) {
        (void)yyjson_mut_obj_add_sint(call->doc, call->data, "numSlotsBehind", behind);
        return sim_call_fail(call, -32005, "Node is behind by %lld slots", (long long)behind);
    }
    (void)yyjson_mut_obj_add_null(call->doc, call->data, "numSlotsBehind");
    return sim_call_fail(call, -32005, "Node is unhealthy");
}

static bool give_epoch(struct sim_call *call)
{
    uint64_t slot = sim_call_slot(call, yyjson_arr_get(call->params, 0));
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {{"absoluteSlot", slot},        {"blockHeight", slot},
                {"epoch", slot / EPOCH_SLOTS}, {"slotIndex", slot % EPOCH_SLOTS},
                {"slotsInEpoch", EPOCH_SLOTS}, {"transactionCount", slot ? slot - 1 : 0}};
    call->result = yyjson_mut_obj(call->doc);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        (void)yyjson_mut_obj_add_uint(call->doc, call->result, rows[i].name, rows[i].value);
    }
    return true;
}

static const struct {
    const char *name;
    size_t least, most; /* parameters */
    sim_method_fn *answer;
} methods[] = {
    {"getGenesisHash", 0, 0, give_genesis},
    {"getSlot", 0, 1, give_slot},
    {"getHealth", 0, 0, give_health},
    {"getVersion", 0, 0, give_version},
    {"getEpochInfo", 0, 1, give_epoch},
    {"getAccountInfo", 1, 2, sim_rpc_account},
    {"getMultipleAccounts", 1, 2, sim_rpc_accounts},
    {"getProgramAccounts", 1, 2, sim_rpc_search},
};

/* --- refusals --- */

/* In words of our own: nobody should depend on the text. */
static bool refuse(struct sim_call *call, pm_str how, unsigned *status)
{
    int64_t code = 0;
    char *text = sim_format("%.*s", PM_STR_ARG(how));
    bool is_number = sim_read_number(text, &code);
    free(text);
    if (!is_number) {
        return sim_call_fail(call, -32000, "this method is disabled on this node");
    }
    switch (code) {
    case -32005:
        call->data = yyjson_mut_obj(call->doc);
        (void)yyjson_mut_obj_add_uint(call->doc, call->data, "numSlotsBehind", 150);
        return sim_call_fail(call, code, "Node is behind by 150 slots");
    case -32010:
        return sim_call_fail(call, code,
                             "%s excluded from account secondary indexes; this RPC method "
                             "unavailable for key",
                             yyjson_get_str(yyjson_arr_get(call->params, 0)));
    case -32601:
        return sim_call_fail(call, code, "Method not found");
    default:
        *status = code >= 400 && code <= 599 ? (unsigned)code : *status;
        return sim_call_fail(call, code, "not for you, says the simulator");
    }
}

static bool run_method(struct sim_call *call, pm_str name, unsigned *status)
{
    const struct sim_moods *moods = &call->node->moods;
    for (size_t i = 0; i < moods->refusal_count; i++) {
        if (pm_str_equal(moods->refusals[i].method, name)) {
            return refuse(call, moods->refusals[i].how, status);
        }
    }
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        size_t given = yyjson_arr_size(call->params), most = methods[i].most;
        if (!pm_str_equal(pm_str_from(methods[i].name), name)) {
            continue;
        }
        if (given < methods[i].least) {
            return sim_call_fail(call, SIM_BAD_PARAMS,
                                 "`params` should have at least %zu argument(s)", methods[i].least);
        }
        if (given > most) {
            char *got = sim_format("\"Got: %zu\"", given);
            call->data = yyjson_mut_strcpy(call->doc, got);
            free(got);
            return sim_call_fail(call, SIM_BAD_PARAMS,
                                 "Invalid parameters: Expected from %zu to %zu parameters.",
                                 methods[i].least, most);
        }
        return methods[i].answer(call);
    }
    return sim_call_fail(call, -32601, "Method not found");
}

/* --- the envelope --- */

static yyjson_mut_val *error_value(const struct sim_call *call)
{
    yyjson_mut_val *error = yyjson_mut_obj(call->doc);
    (void)yyjson_mut_obj_add_sint(call->doc, error, "code", call->code);
    (void)yyjson_mut_obj_add_strcpy(call->doc, error, "message", call->message);
    if (call->data) {
        (void)yyjson_mut_obj_add_val(call->doc, error, "data", call->data);
    }
    return error;
}

/* What is wrong with a question before its method is looked at. */
static bool judge(struct sim_call *call, yyjson_val *question)
{
    yyjson_val *version = yyjson_obj_get(question, "jsonrpc");
    yyjson_val *params = yyjson_obj_get(question, "params");
    if (!version) {
        return sim_call_fail(call, SIM_BAD_REQUEST, "Unsupported JSON-RPC protocol version");
    }
    if (!yyjson_equals_str(version, "2.0") || !yyjson_is_str(yyjson_obj_get(question, "method"))) {
        return sim_call_fail(call, SIM_BAD_REQUEST, "Invalid request");
    }
    return !params || yyjson_is_null(params) || yyjson_is_arr(params) ||
           sim_call_fail(call, SIM_BAD_PARAMS, "`params` should be an array");
}

/* The reply to one question; NULL for a notification, which has no id. */
static yyjson_mut_val *answer_one(struct sim_call *call, yyjson_val *question, unsigned *status)
{
    yyjson_val *id = yyjson_obj_get(question, "id"), *method = yyjson_obj_get(question, "method");
    yyjson_mut_val *reply = yyjson_mut_obj(call->doc);
    bool is_good = judge(call, question);
    if (is_good && !id) {
        return NULL;
    }
    call->params = yyjson_obj_get(question, "params");
    if (is_good) {
        pm_str name = {yyjson_get_str(method), yyjson_get_len(method)};
        is_good = run_method(call, name, status);
    }
    if (yyjson_obj_get(question, "jsonrpc")) {
        (void)yyjson_mut_obj_add_str(call->doc, reply, "jsonrpc", "2.0");
    }
    (void)yyjson_mut_obj_add_val(call->doc, reply, is_good ? "result" : "error",
                                 is_good ? call->result : error_value(call));
    (void)yyjson_mut_obj_add_val(call->doc, reply, "id",
                                 id ? yyjson_val_mut_copy(call->doc, id)
                                    : yyjson_mut_null(call->doc));
    free(call->message);
    *call = (struct sim_call){.node = call->node, .slot = call->slot, .doc = call->doc};
    return reply;
}

static yyjson_mut_val *answer_batch(struct sim_call *call, yyjson_val *batch, unsigned *status)
{
    yyjson_mut_val *replies = yyjson_mut_arr(call->doc);
    yyjson_val *question;
    yyjson_arr_iter all = yyjson_arr_iter_with(batch);
    while ((question = yyjson_arr_iter_next(&all))) {
        yyjson_mut_val *reply = answer_one(call, question, status);
        if (reply) {
            (void)yyjson_mut_arr_append(replies, reply);
        }
    }
    return yyjson_mut_arr_size(replies) ? replies : NULL;
}

/* One question or a batch; anything else, and a batch with anything else in it, is an error. */
static bool is_readable(yyjson_val *root)
{
    yyjson_val *each;
    yyjson_arr_iter all = yyjson_arr_iter_with(root);
    while ((each = yyjson_arr_iter_next(&all))) {
        if (!yyjson_is_obj(each)) {
            return false;
        }
    }
    return yyjson_is_obj(root) || yyjson_is_arr(root);
}

static void write_reply(struct sim_reply *reply, yyjson_mut_doc *doc, yyjson_mut_val *root)
{
    if (!root) {
        sim_reply_copy_body(reply, "");
        return;
    }
    yyjson_mut_doc_set_root(doc, root);
    char *text = yyjson_mut_write(doc, YYJSON_WRITE_NOFLAG, NULL);
    char *line = sim_format("%s\n", text ? text : "");
    free(text);
    sim_reply_own_body(reply, line, strlen(line));
}

unsigned sim_rpc_has_slot(const struct sim_post *post)
{
    static const char genesis[] = "getGenesisHash";
    return !memmem(post->body, post->body_bytes, genesis, sizeof genesis - 1);
}

static uint64_t slot_now(const struct sim_moods *moods, uint64_t number)
{
    int64_t slot = moods->has_slot ? moods->slot : DEFAULT_SLOT;
    slot += moods->slot_step * (int64_t)number;
    return slot > 0 ? (uint64_t)slot : 0;
}

/* The name of what was asked: "getSlot", "batch", or "". */
static char *answer_json(const struct sim_node *node, const struct sim_post *post,
                         struct sim_reply *reply)
{
    yyjson_doc *asked = yyjson_read(post->body, post->body_bytes, YYJSON_READ_NOFLAG);
    yyjson_val *root = yyjson_doc_get_root(asked);
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    struct sim_call call = {.node = node, .slot = slot_now(&node->moods, post->number), .doc = doc};
    const char *name = yyjson_get_str(yyjson_obj_get(root, "method"));
    char *kept = sim_copy(yyjson_is_arr(root) ? "batch" : name ? name : "");
    if (!is_readable(root)) {
        sim_reply_copy_body(reply, "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32700,"
                                   "\"message\":\"Parse error\"},\"id\":null}\n");
    } else if (yyjson_is_arr(root)) {
        write_reply(reply, doc, answer_batch(&call, root, &reply->status));
    } else {
        write_reply(reply, doc, answer_one(&call, root, &reply->status));
    }
    yyjson_mut_doc_free(doc);
    yyjson_doc_free(asked);
    return kept;
}

/* --- HTTP --- */

static void answer_text(struct sim_reply *reply, unsigned status, const char *text)
{
    reply->status = status;
    reply->content_type = TEXT;
    sim_reply_copy_body(reply, text);
}

static bool is_json(const char *content_type)
{
    size_t bytes = strlen("application/json");
    return content_type && strncasecmp(content_type, "application/json", bytes) == 0 &&
           (!content_type[bytes] || strchr("; \t", content_type[bytes]));
}

/* True when HTTP's side of a request is as it must be. */
static bool take_http(const struct sim_post *post, struct sim_reply *reply)
{
    pm_str body = {post->body, post->body_bytes};
    size_t bad = sim_find_bad_utf8(body);
    if (strcmp(post->method, "GET") == 0 && strcmp(post->below, "/health") == 0) {
        answer_text(reply, 200, "ok");
    } else if (strcmp(post->method, "OPTIONS") == 0) {
        sim_reply_copy_body(reply, "");
    } else if (strcmp(post->method, "POST") != 0) {
        answer_text(reply, 405, "Used HTTP Method is not allowed. POST or OPTIONS is required\n");
    } else if (!is_json(post->content_type)) {
        answer_text(reply, 415,
                    "Supplied content type is not allowed. Content-Type: "
                    "application/json is required\n");
    } else if (body.len > SIM_POST_MOST) {
        answer_text(reply, 413, "request body size exceeds allowed maximum");
    } else if (bad < body.len) {
        char *text = sim_format("utf-8 encoding error at byte %zu in request body", bad);
        answer_text(reply, 400, text);
        free(text);
    } else {
        return true;
    }
    return false;
}

char *sim_rpc_answer(const struct sim_node *node, const struct sim_post *post,
                     struct sim_reply *reply)
{
    reply->status = 200;
    reply->content_type = SIM_JSON;
    if (!take_http(post, reply)) {
        return sim_format("%s%s", node->path, post->below);
    }
    char *name = answer_json(node, post, reply), *route = sim_format("%s#%s", node->path, name);
    free(name);
    return route;
}
