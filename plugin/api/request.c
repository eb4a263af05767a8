/* request.c - from a request's JSON to what is asked.
 *
 * Requests come from models: numbers as text and arguments left empty are taken as they are meant,
 * and everything else that is not of the form is refused with what would have been right. */

#include "api/request.h"

#include "base/near.h"
#include "codec/json.h"
#include "codec/number.h"

#define BUDGET_LEAST 1500
#define BUDGET_MOST ((size_t)4 << 20)
#define TIMEOUT_MOST_MS 600000
#define SHOWN_MOST 60 /* bytes of the caller's own words in a message */

static const char *const tool_names[] = {
    [PM_TOOL_MONITOR] = "psyche_monitor",
    [PM_TOOL_WALLET] = "psyche_wallet",
    [PM_TOOL_INFO] = "info",
    [PM_TOOL_DOCTOR] = "doctor",
    NULL,
};
static const char *const envelope_keys[] = {"tool",   "arguments", "timeout_ms",
                                            "budget", "call_id",   NULL};
static const char *const argument_keys[] = {"action", "run_id",   "limit", "detail",
                                            "page",   "model_id", NULL};
static const char *const wallet_keys[] = {"address", "run_id", "limit", "detail", "page", NULL};
static const char *const detail_words[] = {"brief", "full", NULL};

static const char *const action_names[] = {
#define ACTION_NAME(id, name, brief_bytes) #name,
    PM_ACTIONS(ACTION_NAME)
#undef ACTION_NAME
        NULL,
};

static bool refuse(struct pm_error *error, enum pm_code code, const char *const *supported,
                   pm_str given, const char *what)
{
    pm_str shown = pm_str_slice(given, 0, SHOWN_MOST);
    error->supported = supported;
    error->nearest = pm_near_word(shown, supported);
    return pm_fail(error, code, "%s \"%.*s\"", what, PM_STR_ARG(shown));
}

static bool find_word(pm_str given, const char *const *words, size_t *at)
{
    for (*at = 0; words[*at]; ++*at) {
        if (pm_str_equal(given, pm_str_from(words[*at]))) {
            return true;
        }
    }
    return false;
}

static bool know_keys(yyjson_val *object, const char *const *known, struct pm_error *error)
{
    size_t at, count, unused;
    yyjson_val *key, *value;
    if (!object) {
        return true;
    }
    yyjson_obj_foreach(object, at, count, key, value)
    {
        if (!find_word(pm_json_text(key), known, &unused)) {
            return refuse(error, PM_E_BAD_REQUEST, known, pm_json_text(key),
                          "there is no argument");
        }
    }
    return true;
}

/* Text, empty when absent. */
static bool read_text(yyjson_val *object, const char *name, size_t most, pm_str *out,
                      struct pm_error *error)
{
    yyjson_val *value = pm_json_get(object, name);
    *out = PM_STR("");
    if (!value) {
        return true;
    }
    if (!yyjson_is_str(value)) {
        return pm_fail(error, PM_E_BAD_REQUEST, "%s: text belongs here", name);
    }
    *out = pm_json_text(value);
    return out->len <= most ||
           pm_fail(error, PM_E_BAD_REQUEST, "%s: at most %zu bytes, got %zu", name, most, out->len);
}

/* A whole number or text that is one, brought within its bounds. */
static bool read_bounded(yyjson_val *object, const char *name, uint64_t least, uint64_t most,
                         uint64_t *out, bool *was_clamped, struct pm_error *error)
{
    yyjson_val *value = pm_json_get(object, name);
    double number = 0;
    *was_clamped = false;
    if (!value) {
        return true;
    }
    pm_str text = pm_str_trim(pm_json_text(value));
    bool is_number = text.ptr ? pm_number_read(text, &number) : pm_json_number(value, &number);
    if (!is_number || (number < 9e15 && number > -9e15 && number != (double)(int64_t)number)) {
        return pm_fail(error, PM_E_BAD_REQUEST, "%s: a whole number from %llu to %llu belongs here",
                       name, (unsigned long long)least, (unsigned long long)most);
    }
    *was_clamped = number < (double)least || number > (double)most;
    *out = number < (double)least ? least : number > (double)most ? most : (uint64_t)number;
    return true;
}

static bool read_action(yyjson_val *arguments, struct pm_request *request, struct pm_error *error)
{
    pm_str name;
    size_t at;
    if (!read_text(arguments, "action", PM_REQUEST_BYTES_MOST, &name, error)) {
        error->supported = action_names;
        return false;
    }
    request->action = PM_ACTION_DEFAULT;
    if (name.len == 0) {
        return true;
    }
    if (!find_word(name, action_names, &at)) {
        return refuse(error, PM_E_UNKNOWN_ACTION, action_names, name, "unknown action");
    }
    request->action = (enum pm_action)at;
    return true;
}

static bool read_run_id(yyjson_val *arguments, struct pm_request *request, struct pm_error *error)
{
    pm_str synonym;
    if (!read_text(arguments, "run_id", PM_RUN_TEXT_MOST, &request->run_id, error) ||
        !read_text(arguments, "model_id", PM_RUN_TEXT_MOST, &synonym, error)) {
        return false;
    }
    if (request->run_id.len && synonym.len && !pm_str_equal(request->run_id, synonym)) {
        return pm_fail(error, PM_E_BAD_REQUEST, "run_id and model_id differ: give one of them");
    }
    if (request->run_id.len == 0) {
        request->run_id = synonym;
    }
    return true;
}

static bool read_detail(yyjson_val *arguments, struct pm_request *request, struct pm_error *error)
{
    pm_str word;
    size_t at = 0;
    if (!read_text(arguments, "detail", PM_REQUEST_BYTES_MOST, &word, error)) {
        return false;
    }
    if (word.len && !find_word(word, detail_words, &at)) {
        return refuse(error, PM_E_BAD_REQUEST, detail_words, word,
                      "detail: brief or full belongs here, not");
    }
    request->is_full = at == 1;
    return true;
}

/* The request as arguments again: what get_more and omitted repeat. */
static void repeat(struct pm_arena *arena, struct pm_request *request)
{
    struct pm_arguments *again = &request->as_arguments;
    if (request->action < PM_ACTION_COUNT) {
        pm_arguments_own(again, arena, "action", action_names[request->action]);
    }
    if (request->address.len) {
        pm_arguments_text(again, "address", pm_clean(arena, PM_TEXT_ID, request->address));
    }
    if (request->run_id.len) {
        /* Given as shown in an answer or as it is: both are read back, so it is said again as
         * shown. */
        pm_str raw = pm_unclean(arena, request->run_id);
        pm_arguments_text(again, "run_id", pm_clean(arena, PM_TEXT_ID, raw));
    }
    if (request->has_limit) {
        pm_arguments_number(again, "limit", request->limit);
    }
    if (request->is_full) {
        pm_arguments_own(again, arena, "detail", "full");
    }
}

/* What is asked: an action, or a tool that is one question. */
static bool read_question(yyjson_val *arguments, enum pm_tool tool, struct pm_request *request,
                          struct pm_error *error)
{
    if (tool == PM_TOOL_WALLET) {
        request->action = PM_ACTION_WALLET;
        return know_keys(arguments, wallet_keys, error) &&
               read_text(arguments, "address", PM_ADDRESS_MOST, &request->address, error);
    }
    return know_keys(arguments, argument_keys, error) && read_action(arguments, request, error);
}

static bool read_arguments(struct pm_arena *arena, yyjson_val *arguments, enum pm_tool tool,
                           uint64_t limit_most, struct pm_request *request, struct pm_error *error)
{
    request->limit = PM_LIMIT_DEFAULT;
    if (!read_question(arguments, tool, request, error) ||
        !read_run_id(arguments, request, error) || !read_detail(arguments, request, error) ||
        !read_text(arguments, "page", PM_PAGE_MOST, &request->page, error) ||
        !read_bounded(arguments, "limit", 1, limit_most, &request->limit,
                      &request->limit_was_clamped, error)) {
        return false;
    }
    request->budget = request->is_full || pm_str_starts(request->page, PM_STR("g."))
                          ? PM_FULL_BYTES
                          : pm_action_row(request->action)->brief_bytes;
    request->has_limit = pm_json_get(arguments, "limit") != NULL;
    repeat(arena, request);
    return true;
}

static bool read_tool(yyjson_val *root, struct pm_envelope *out, struct pm_error *error)
{
    pm_str name;
    size_t at;
    if (!read_text(root, "tool", PM_REQUEST_BYTES_MOST, &name, error)) {
        error->supported = tool_names;
        return false;
    }
    if (!find_word(name, tool_names, &at)) {
        return refuse(error, PM_E_UNKNOWN_ACTION, tool_names, name, "unknown tool");
    }
    out->tool = (enum pm_tool)at;
    return true;
}

static bool read_doctor(yyjson_val *arguments, struct pm_envelope *out, struct pm_error *error)
{
    static const char *const keys[] = {"live", NULL};
    yyjson_val *live = pm_json_get(arguments, "live");
    if (!know_keys(arguments, keys, error)) {
        return false;
    }
    out->is_live = yyjson_is_true(live);
    return !live || yyjson_is_bool(live) ||
           pm_fail(error, PM_E_BAD_REQUEST, "live: true or false belongs here");
}

static bool read_envelope(struct pm_arena *arena, yyjson_val *root, struct pm_envelope *out,
                          struct pm_error *error)
{
    bool was_clamped;
    uint64_t budget = 0;
    yyjson_val *arguments = pm_json_get(root, "arguments");
    if (!know_keys(root, envelope_keys, error) || !read_tool(root, out, error) ||
        !read_bounded(root, "timeout_ms", 1, TIMEOUT_MOST_MS, &out->timeout_ms, &was_clamped,
                      error) ||
        !read_bounded(root, "budget", BUDGET_LEAST, BUDGET_MOST, &budget, &was_clamped, error) ||
        !read_text(root, "call_id", PM_CALL_ID_MOST, &out->call_id, error)) {
        return false;
    }
    if (arguments && !yyjson_is_obj(arguments)) {
        return pm_fail(error, PM_E_BAD_REQUEST, "arguments: an object belongs here");
    }
    if (out->tool == PM_TOOL_INFO) {
        static const char *const none[] = {NULL};
        return !arguments || know_keys(arguments, none, error);
    }
    if (out->tool == PM_TOOL_DOCTOR) {
        return read_doctor(arguments, out, error);
    }
    if (!read_arguments(arena, arguments, out->tool, PM_LIMIT_MOST_PROGRAM, &out->request, error)) {
        return false;
    }
    if (budget) {
        out->request.budget = budget;
    }
    return true;
}

bool pm_request_read(struct pm_arena *arena, pm_str text, struct pm_envelope *out,
                     struct pm_error *error)
{
    struct pm_json_problem problem;
    *out = (struct pm_envelope){0};
    if (text.len > PM_REQUEST_BYTES_MOST) {
        return pm_fail(error, PM_E_BAD_REQUEST, "the request is larger than 1 MiB");
    }
    yyjson_val *root = pm_json_read_copy(arena, text, &problem);
    if (!root) {
        enum pm_code code = problem.fault == PM_JSON_NO_MEMORY ? PM_E_NO_MEMORY : PM_E_BAD_REQUEST;
        return pm_fail(error, code, "the request is not readable JSON: %s at byte %zu",
                       problem.text, problem.at);
    }
    if (!yyjson_is_obj(root)) {
        error->supported = argument_keys;
        return pm_fail(error, PM_E_BAD_REQUEST, "the request is no JSON object");
    }
    if (pm_json_get(root, "tool")) {
        return read_envelope(arena, root, out, error);
    }
    return read_arguments(arena, root, PM_TOOL_MONITOR, PM_LIMIT_MOST, &out->request, error);
}
