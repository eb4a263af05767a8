/* test_schema.c - the tools' definitions stay within the subset that small hosts compile.
 *
 * A host that turns the schemas of all its tools into one grammar refuses every request when one of
 * them is beyond its subset. So the rules are held here: at most five properties an object, a plain
 * type on each, nothing that needs a schema validator, few bytes. What such a grammar would not
 * let a model write must be answered all the same, by an error that says what is right. */

#include "psyche_monitor.h"

#include "api/request.h"
#include "codec/json.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES ((size_t)4 << 20)
#define DEFINITIONS_BYTES_MOST 3600 /* 900 tokens of about four characters */
#define PROPERTIES_MOST 5

static bool is_one_of(const char *word, const char *const *words)
{
    for (; word && *words; words++) {
        if (strcmp(word, *words) == 0) {
            return true;
        }
    }
    return false;
}

static const char *lint(yyjson_val *schema);

static const char *lint_object(yyjson_val *schema)
{
    size_t at, count;
    yyjson_val *name, *property, *properties = yyjson_obj_get(schema, "properties");
    yyjson_val *additional = yyjson_obj_get(schema, "additionalProperties");
    if (additional && !yyjson_is_false(additional)) {
        return "additionalProperties";
    }
    if (yyjson_obj_size(properties) > PROPERTIES_MOST) {
        return "too many properties";
    }
    yyjson_obj_foreach(properties, at, count, name, property)
    {
        const char *problem = lint(property);
        if (problem) {
            return problem;
        }
    }
    return NULL;
}

/* What is beyond the subset, or NULL. */
static const char *lint(yyjson_val *schema)
{
    static const char *const types[] = {"object",  "string", "integer", "number",
                                        "boolean", "array",  NULL};
    static const char *const keys[] = {
        "type",        "properties", "required",  "additionalProperties",
        "description", "enum",       "default",   "minimum",
        "maximum",     "items",      "minItems",  "maxItems",
        "pattern",     "minLength",  "maxLength", NULL};
    const char *type = yyjson_get_str(yyjson_obj_get(schema, "type"));
    bool has_length = yyjson_obj_get(schema, "minLength") || yyjson_obj_get(schema, "maxLength");
    size_t at, count;
    yyjson_val *key, *value;
    yyjson_obj_foreach(schema, at, count, key, value)
    {
        if (!is_one_of(yyjson_get_str(key), keys)) {
            return yyjson_get_str(key);
        }
    }
    if (!is_one_of(type, types)) {
        return "type";
    }
    if (yyjson_obj_get(schema, "pattern") && has_length) {
        return "pattern and length";
    }
    if (strcmp(type, "array") == 0) {
        yyjson_val *items = yyjson_obj_get(schema, "items");
        return items ? lint(items) : "items";
    }
    return strcmp(type, "object") == 0 ? lint_object(schema) : NULL;
}

#define ONE(property) "{\"type\":\"object\",\"properties\":{\"a\":" property "}}"

/* The rules themselves, by schemas that break one each. */
static void test_rules(struct pm_arena *arena)
{
    static const struct {
        const char *schema, *problem;
    } cases[] = {
        {"{\"type\":\"object\",\"properties\":{}}", NULL},
        {ONE("{\"type\":\"string\",\"minLength\":1}"), NULL},
        {ONE("{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}"), NULL},
        {ONE("{\"description\":\"no type\"}"), "type"},
        {ONE("{\"type\":[\"string\",\"null\"]}"), "type"},
        {ONE("{\"type\":\"string\",\"format\":\"uri\"}"), "format"},
        {ONE("{\"$ref\":\"#/x\"}"), "$ref"},
        {ONE("{\"type\":\"string\",\"allOf\":[]}"), "allOf"},
        {ONE("{\"type\":\"string\",\"pattern\":\"a\",\"maxLength\":3}"), "pattern and length"},
        {ONE("{\"type\":\"array\"}"), "items"},
        {ONE("{\"type\":\"array\",\"items\":{}}"), "type"},
        {ONE(ONE("{\"type\":\"string\",\"format\":\"uri\"}")), "format"},
        {"{\"type\":\"object\",\"additionalProperties\":true}", "additionalProperties"},
        {"{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"},"
         "\"b\":{\"type\":\"string\"},\"c\":{\"type\":\"string\"},\"d\":{\"type\":\"string\"},"
         "\"e\":{\"type\":\"string\"},\"f\":{\"type\":\"string\"}}}",
         "too many properties"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_json_problem problem;
        yyjson_val *schema = pm_json_read_copy(arena, pm_str_from(cases[i].schema), &problem);
        const char *got = schema ? lint(schema) : "no JSON", *want = cases[i].problem;
        CHECK(got && want ? strcmp(got, want) == 0 : got == want, "%s: got %s", cases[i].schema,
              got ? got : "nothing");
    }
}

static void test_definitions(yyjson_val *tools, size_t bytes)
{
    size_t at, count;
    yyjson_val *tool;
    CHECK(bytes <= DEFINITIONS_BYTES_MOST, "%zu bytes", bytes);
    CHECK(yyjson_arr_size(tools) >= 1, "tools");
    yyjson_arr_foreach(tools, at, count, tool)
    {
        yyjson_val *parameters = yyjson_obj_get(tool, "parameters");
        const char *name = yyjson_get_str(yyjson_obj_get(tool, "name"));
        const char *type = yyjson_get_str(yyjson_obj_get(parameters, "type"));
        const char *problem = lint(parameters);
        CHECK(name && *name && yyjson_is_str(yyjson_obj_get(tool, "description")), "tool %zu", at);
        CHECK(type && strcmp(type, "object") == 0, "%s: parameters", name);
        CHECK(!problem, "%s: %s", name, problem);
    }
}

/* --- what is asked of it --- */

static psyche_monitor *open_offline(void)
{
    (void)clearenv(); /* no settings of whoever runs this */
    static const char options[] = "{\"offline\":true}";
    return psyche_monitor_open(options, sizeof options - 1);
}

/* Offline, every question that a tool can be asked is understood, and lacks a source at most. */
static void check_call(psyche_monitor *monitor, struct pm_arena *arena, const char *request)
{
    struct pm_envelope envelope;
    struct pm_error error = {0};
    struct pm_json_problem problem;
    size_t len;
    CHECK(pm_request_read(arena, pm_str_from(request), &envelope, &error), "%s: %s", request,
          error.text);
    psyche_monitor_reply *reply = psyche_monitor_call(monitor, request, strlen(request));
    const char *text = psyche_monitor_reply_text(reply, &len);
    yyjson_val *root = pm_json_read_copy(arena, (pm_str){text, len}, &problem);
    const char *code = yyjson_get_str(yyjson_obj_get(root, "error_code"));
    CHECK(yyjson_is_true(yyjson_obj_get(root, "success")) ||
              (code && strcmp(code, "no_source") == 0),
          "%s offline: %s", request, text);
    psyche_monitor_reply_free(reply);
}

static void check_minimal(psyche_monitor *monitor, struct pm_arena *arena, const char *tool,
                          const char *action)
{
    char request[200];
    (void)snprintf(request, sizeof request, "{\"tool\":\"%s\",\"arguments\":{\"action\":\"%s\"%s}}",
                   tool, action, strcmp(action, "run_details") == 0 ? ",\"run_id\":\"a-run\"" : "");
    check_call(monitor, arena, request);
}

#define WALLET(more)                                                                               \
    "{\"tool\":\"psyche_wallet\",\"arguments\":{\"address\":"                                      \
    "\"4Devdq4zmRrS76NEriHQVH3N7QDPPhDHspm6WrZkr3zv\"" more "}}"

static void test_wallet_calls(psyche_monitor *monitor, struct pm_arena *arena)
{
    static const char *const requests[] = {
        WALLET(""),
        WALLET(",\"run_id\":\"a-run\""),
        WALLET(",\"detail\":\"full\",\"limit\":\"7\""),
        WALLET(",\"page\":\"m.a-run\""),
        WALLET(",\"page\":\"g.memberships.3\""),
    };
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        check_call(monitor, arena, requests[i]);
    }
}

static void test_minimal_calls(psyche_monitor *monitor, struct pm_arena *arena, yyjson_val *tools)
{
    size_t at, count, action_at, action_count;
    yyjson_val *tool, *action;
    yyjson_arr_foreach(tools, at, count, tool)
    {
        yyjson_val *properties = yyjson_obj_get(yyjson_obj_get(tool, "parameters"), "properties");
        yyjson_val *actions = yyjson_obj_get(yyjson_obj_get(properties, "action"), "enum");
        const char *name = yyjson_get_str(yyjson_obj_get(tool, "name"));
        bool is_first = at == 0;
        CHECK(yyjson_arr_size(actions) == (is_first ? PM_ACTION_COUNT : 0), "%s: actions", name);
        CHECK(is_first == (strcmp(name, "psyche_monitor") == 0), "%s: its place", name);
        yyjson_arr_foreach(actions, action_at, action_count, action)
        {
            check_minimal(monitor, arena, name, yyjson_get_str(action));
        }
    }
}

static void test_refused_calls(psyche_monitor *monitor, struct pm_arena *arena)
{
    static const struct {
        const char *request, *code;
        bool says_supported;
    } cases[] = {
        {"{\"action\":\"runs\"}", "unknown_action", true},
        {"{\"action\":null}", "bad_request", true},
        {"{\"action\":\"list_runs\",\"detail\":\"more\"}", "bad_request", true},
        {"{\"action\":\"list_runs\",\"sort\":\"size\"}", "bad_request", true},
        {"{\"action\":\"run_details\",\"run_id\":null}", "bad_request", false},
        {"{\"action\":\"run_details\",\"run_id\":5}", "bad_request", false},
        {"{\"action\":\"list_runs\",\"limit\":null}", "bad_request", false},
        {"{\"action\":\"list_runs\",\"limit\":\"many\"}", "bad_request", false},
        {"{\"action\":\"list_runs\",\"page\":null}", "bad_request", false},
        {"{\"tool\":\"psyche\",\"arguments\":{}}", "unknown_action", true},
        {"{\"tool\":\"psyche_wallet\",\"arguments\":{}}", "bad_request", false},
        {"{\"tool\":\"psyche_wallet\",\"arguments\":{\"action\":\"list_runs\"}}", "bad_request",
         true},
        {"{\"tool\":\"psyche_wallet\",\"arguments\":{\"address\":\"0x0\"}}", "bad_request", false},
        {"null", "bad_request", true},
        {"", "bad_request", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_json_problem problem;
        size_t len;
        const char *request = cases[i].request;
        psyche_monitor_reply *reply = psyche_monitor_call(monitor, request, strlen(request));
        const char *text = psyche_monitor_reply_text(reply, &len);
        yyjson_val *root = pm_json_read_copy(arena, (pm_str){text, len}, &problem);
        yyjson_val *supported = yyjson_obj_get(root, "supported");
        const char *code = yyjson_get_str(yyjson_obj_get(root, "error_code"));
        CHECK(yyjson_is_false(yyjson_obj_get(root, "success")), "%s: %s", request, text);
        CHECK(yyjson_get_len(yyjson_obj_get(root, "error")) > 0, "%s: %s", request, text);
        CHECK(code && strcmp(code, cases[i].code) == 0, "%s: %s", request, text);
        CHECK(yyjson_is_arr(supported), "%s: %s", request, text);
        CHECK(!cases[i].says_supported || yyjson_arr_size(supported) > 0, "%s: %s", request, text);
        CHECK(yyjson_get_len(yyjson_obj_get(root, "refusal")) > 0, "%s: %s", request, text);
        CHECK(psyche_monitor_reply_status(reply) == 2, "%s: %d", request,
              psyche_monitor_reply_status(reply));
        psyche_monitor_reply_free(reply);
    }
}

int main(void)
{
    struct pm_arena arena;
    struct pm_json_problem problem;
    size_t bytes;
    pm_arena_init(&arena, ARENA_BYTES);
    const char *text = psyche_monitor_schema(&bytes);
    yyjson_val *tools = pm_json_read_copy(&arena, (pm_str){text, bytes}, &problem);
    psyche_monitor *monitor = open_offline();
    test_rules(&arena);
    test_definitions(tools, bytes);
    test_minimal_calls(monitor, &arena, tools);
    test_wallet_calls(monitor, &arena);
    test_refused_calls(monitor, &arena);
    psyche_monitor_close(monitor);
    pm_arena_finish(&arena);
    return check_done();
}
