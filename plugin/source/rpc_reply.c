/* rpc_reply.c - the envelope of a reply: a result or an error, never both.
 *
 * Nodes stand behind proxies that answer in their own ways, and public ones leave out what is dear
 * to them, above all searches. What an error means for the next step is one table. */

#include "source/rpc_inside.h"

#include "source/body.h"

#define ERROR_BYTES_MOST ((size_t)64 << 10)
#define ERROR_ARENA_BYTES ((size_t)2 << 20)

/* The first row that fits counts. Codes above zero are HTTP's, as some servers send them. */
static const struct {
    int64_t code;      /* 0: any */
    const char *words; /* that the message has; NULL: any */
    bool only_search;
    enum pm_status status;
} meanings[] = {
    {-32601, NULL, false, PM_STATUS_METHOD_REFUSED}, /* no such method */
    {-32010, NULL, true, PM_STATUS_METHOD_REFUSED},  /* the program is not indexed */
    {403, NULL, true, PM_STATUS_METHOD_REFUSED},
    {410, NULL, true, PM_STATUS_METHOD_REFUSED},
    {429, NULL, true, PM_STATUS_METHOD_REFUSED},
    {0, "excluded from account secondary indexes", true, PM_STATUS_METHOD_REFUSED},
    {0, "disabled", true, PM_STATUS_METHOD_REFUSED},
    {-32005, NULL, false, PM_STATUS_NODE_BEHIND},
    {429, NULL, false, PM_STATUS_RATE_LIMITED},
};

static enum pm_status judge(int64_t code, pm_str message, bool is_search)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        bool fits = (meanings[i].code == 0 || meanings[i].code == code) &&
                    (is_search || !meanings[i].only_search);
        if (fits &&
            (!meanings[i].words || pm_str_has_nocase(message, pm_str_from(meanings[i].words)))) {
            return meanings[i].status;
        }
    }
    return PM_STATUS_FAULT;
}

int64_t pm_rpc_error_code(yyjson_val *error)
{
    yyjson_val *code = pm_json_get(error, "code");
    return yyjson_is_int(code) ? yyjson_get_sint(code) : 0;
}

void *pm_rpc_note_form(const char *what, struct pm_outcome *outcome)
{
    pm_outcome_set(outcome, PM_STATUS_BAD_REPLY, "%s", what);
    return NULL;
}

/* By the protocol an object with code and message; some servers send the message alone. */
void *pm_rpc_note_error(yyjson_val *error, bool is_search, struct pm_outcome *outcome)
{
    pm_str message = pm_json_text(yyjson_is_str(error) ? error : pm_json_get(error, "message"));
    int64_t code = pm_rpc_error_code(error);
    if (!message.ptr && code == 0) {
        return pm_rpc_note_form("an error without code and message", outcome);
    }
    pm_str words = message.ptr ? pm_body_words(message) : PM_STR("without a message");
    enum pm_status status = judge(code, words, is_search);
    if (code) {
        pm_outcome_set(outcome, status, "error %lld: %.*s", (long long)code, PM_STR_ARG(words));
    } else {
        pm_outcome_set(outcome, status, "error: %.*s", PM_STR_ARG(words));
    }
    return NULL;
}

static bool is_set(yyjson_val *value)
{
    return value && !yyjson_is_null(value);
}

bool pm_rpc_open(struct pm_arena *scratch, struct pm_body *body, struct pm_rpc_reply *reply,
                 struct pm_outcome *outcome)
{
    if (pm_body_is_page(body)) {
        pm_outcome_set(outcome, PM_STATUS_NOT_JSON, "a web page came instead of JSON");
        return false;
    }
    yyjson_val *root = pm_body_read(scratch, body, outcome);
    if (!root) {
        return false;
    }
    *reply = (struct pm_rpc_reply){pm_json_get(root, "result"), pm_json_get(root, "error")};
    const char *fault = yyjson_is_arr(root)                               ? "a list of replies"
                        : !yyjson_is_obj(root)                            ? "not an object"
                        : is_set(reply->result) && is_set(reply->error)   ? "a result and an error"
                        : !is_set(reply->result) && !is_set(reply->error) ? "no result and no error"
                                                                          : NULL;
    if (fault) {
        (void)pm_rpc_note_form(fault, outcome);
        return false;
    }
    reply->result = is_set(reply->result) ? reply->result : NULL;
    reply->error = is_set(reply->error) ? reply->error : NULL;
    return true;
}

yyjson_val *pm_rpc_result(struct pm_arena *scratch, struct pm_body *body, bool is_search,
                          struct pm_outcome *outcome)
{
    struct pm_rpc_reply reply;
    if (!pm_rpc_open(scratch, body, &reply, outcome)) {
        return NULL;
    }
    if (reply.error) {
        return pm_rpc_note_error(reply.error, is_search, outcome);
    }
    return reply.result;
}

bool pm_rpc_u64(yyjson_val *object, const char *name, uint64_t *out)
{
    yyjson_val *value = pm_json_get(object, name);
    if (yyjson_is_uint(value)) {
        *out = yyjson_get_uint(value);
        return true;
    }
    return pm_json_whole(value, out);
}

/* --- other statuses than 200 --- */

/* An error of the protocol beside that status; one with HTTP's own code says no more than it. */
static bool has_protocol_error(struct pm_arena *arena, const struct pm_body *body,
                               yyjson_val **error)
{
    struct pm_json_problem problem;
    *error = NULL;
    if (body->len <= ERROR_BYTES_MOST) {
        yyjson_val *root = pm_json_read_copy(arena, (pm_str){body->ptr, body->len}, &problem);
        *error = pm_json_get(root, "error");
    }
    return pm_rpc_error_code(*error) < 0;
}

static bool refuse(long http, const struct pm_body *body, bool is_search,
                   struct pm_outcome *outcome)
{
    struct pm_arena arena;
    yyjson_val *error;
    bool is_refused_search = is_search && (http == 403 || http == 410 || http == 429);
    if (http < 400 || http >= 500 || (http == 429 && !is_search)) {
        return false; /* of load, or of what stands in front of the node */
    }
    pm_arena_init(&arena, ERROR_ARENA_BYTES);
    bool is_final = has_protocol_error(&arena, body, &error);
    pm_str message = pm_json_text(pm_json_get(error, "message"));
    if (is_refused_search) {
        pm_outcome_set(outcome, PM_STATUS_METHOD_REFUSED, "HTTP %ld%s%.*s", http,
                       message.len ? ": " : "", PM_STR_ARG(pm_body_words(message)));
    } else if (is_final) {
        (void)pm_rpc_note_error(error, is_search, outcome);
    }
    pm_arena_finish(&arena);
    return is_final || is_refused_search;
}

bool pm_rpc_refuse(long http, struct pm_body *body, struct pm_outcome *outcome)
{
    return refuse(http, body, false, outcome);
}

bool pm_rpc_refuse_search(long http, struct pm_body *body, struct pm_outcome *outcome)
{
    return refuse(http, body, true, outcome);
}
