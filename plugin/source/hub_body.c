/* hub_body.c - what the hub means when it refuses, and the first steps from a body to facts.
 *
 * A refusal is told by its code, then by its message, then by its status. Without an account the hub
 * says 401 for what is not there and for what is private, in the same words. */

#include "source/hub_inside.h"

#include "codec/hub_name.h"
#include "source/body.h"

#define ERROR_BYTES_MOST ((size_t)64 << 10)
#define ERROR_ARENA_BYTES ((size_t)2 << 20)

/* --- its own words --- */

/* {"error":"…"}, {"error":["…"]}, {"errors":[{"message":"…"}]}; .ptr NULL for another form. */
static pm_str error_text(yyjson_val *root)
{
    yyjson_val *error = pm_json_get(root, "error");
    yyjson_val *errors = pm_json_get(root, "errors");
    if (yyjson_is_arr(error)) {
        error = yyjson_arr_get_first(error);
    }
    return pm_json_text(error ? error : pm_json_get(yyjson_arr_get_first(errors), "message"));
}

/* A short line of plain text, as files are refused with. */
static pm_str plain_text(const struct pm_body *body)
{
    pm_str text = pm_str_trim((pm_str){body->ptr, body->len});
    bool is_line = text.len <= PM_HEADER_MOST && pm_str_find(text, '\n') == text.len &&
                   !pm_body_is_page(body) && !pm_str_starts(text, PM_STR("{"));
    return is_line ? text : PM_STR("");
}

/* `arena` holds them, unless they are the headers' or the body's own. */
static pm_str find_words(struct pm_arena *arena, const struct pm_body *body)
{
    struct pm_json_problem problem;
    if (body->headers->error_message.len) {
        return body->headers->error_message;
    }
    yyjson_val *root = body->len && body->len <= ERROR_BYTES_MOST
                           ? pm_json_read_copy(arena, (pm_str){body->ptr, body->len}, &problem)
                           : NULL;
    pm_str words = error_text(root);
    return words.ptr ? words : plain_text(body);
}

/* --- what a refusal means --- */

struct refusal {
    long http;
    pm_str code, words;
    bool is_page;
};

/* The first row that fits counts. */
static const struct {
    long http; /* 0: any */
    pm_str code, words;
    enum pm_hub_found found;
} meanings[] = {
    {0, PM_STR_INIT("RevisionNotFound"), PM_STR_INIT(""), PM_HUB_NO_REVISION},
    {0, PM_STR_INIT("EntryNotFound"), PM_STR_INIT(""), PM_HUB_NO_FILE},
    {0, PM_STR_INIT("GatedRepo"), PM_STR_INIT(""), PM_HUB_GATED},
    {0, PM_STR_INIT("DisabledRepo"), PM_STR_INIT(""), PM_HUB_DISABLED},
    {403, PM_STR_INIT(""), PM_STR_INIT("Access to this resource is disabled"), PM_HUB_DISABLED},
    {0, PM_STR_INIT("RepoNotFound"), PM_STR_INIT(""), PM_HUB_MISSING_OR_PRIVATE},
    {404, PM_STR_INIT(""), PM_STR_INIT("Repository not found"), PM_HUB_MISSING_OR_PRIVATE},
    {404, PM_STR_INIT(""), PM_STR_INIT("Invalid rev id"), PM_HUB_NO_REVISION},
    {404, PM_STR_INIT(""), PM_STR_INIT("Entry not found"), PM_HUB_NO_FILE},
    {401, PM_STR_INIT(""), PM_STR_INIT("Access to model "), PM_HUB_GATED},
    {403, PM_STR_INIT(""), PM_STR_INIT("Access to model "), PM_HUB_GATED},
    {401, PM_STR_INIT(""), PM_STR_INIT("Invalid credentials in Authorization header"),
     PM_HUB_BAD_TOKEN},
    {401, PM_STR_INIT(""), PM_STR_INIT(""), PM_HUB_MISSING_OR_PRIVATE},
};

static enum pm_hub_found find_meaning(const struct refusal *refusal)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        bool fits =
            (meanings[i].http == 0 || meanings[i].http == refusal->http) &&
            (meanings[i].code.len == 0 || pm_str_equal_nocase(meanings[i].code, refusal->code)) &&
            pm_str_starts_nocase(refusal->words, meanings[i].words);
        /* A page is of something in front of the hub, unless the hub's own code is beside it. */
        if (fits && (meanings[i].code.len || !refusal->is_page)) {
            return meanings[i].found;
        }
    }
    return PM_HUB_OTHER;
}

static void note_refusal(const struct refusal *refusal, struct pm_outcome *outcome)
{
    pm_outcome_set(outcome, PM_STATUS_HTTP_STATUS, "HTTP %ld%s%.*s", refusal->http,
                   refusal->words.len ? ": " : "", PM_STR_ARG(pm_body_words(refusal->words)));
}

enum pm_hub_found pm_hub_judge(const struct pm_body *body, struct pm_outcome *outcome)
{
    struct pm_arena arena;
    pm_arena_init(&arena, ERROR_ARENA_BYTES);
    const struct refusal refusal = {
        .http = outcome->http,
        .code = body->headers->error_code,
        .words = find_words(&arena, body),
        .is_page = pm_body_is_page(body),
    };
    enum pm_hub_found found = find_meaning(&refusal);
    if (found == PM_HUB_OTHER) {
        note_refusal(&refusal, outcome);
    }
    pm_arena_finish(&arena);
    return found;
}

bool pm_hub_refuse(long http, struct pm_body *body, struct pm_outcome *outcome)
{
    struct pm_arena arena;
    if (http < 400 || http >= 500 || http == 408 || http == 429) {
        return false; /* of load, or of what stands in front of the hub */
    }
    pm_arena_init(&arena, ERROR_ARENA_BYTES);
    const struct refusal refusal = {.http = http, .words = find_words(&arena, body)};
    note_refusal(&refusal, outcome);
    pm_arena_finish(&arena);
    return true;
}

/* --- what came with a 200 --- */

bool pm_hub_is_no_page(const struct pm_body *body, struct pm_outcome *outcome)
{
    if (!pm_body_is_page(body)) {
        return true;
    }
    pm_outcome_set(outcome, PM_STATUS_NOT_JSON, "a web page came instead of JSON");
    return false;
}

/* An error object where facts belong. What it says of load may name the asker's own address. */
static void note_form(yyjson_val *root, const char *what, struct pm_outcome *outcome)
{
    pm_str words = error_text(root);
    if (pm_str_has_nocase(words, PM_STR("rate limit"))) {
        pm_outcome_set(outcome, PM_STATUS_RATE_LIMITED, "asked too often, it says with HTTP 200");
    } else if (words.ptr) {
        pm_outcome_set(outcome, PM_STATUS_BAD_REPLY, "an error object with HTTP 200: %.*s",
                       PM_STR_ARG(pm_body_words(words)));
    } else {
        pm_outcome_set(outcome, PM_STATUS_BAD_REPLY, "%s", what);
    }
}

static yyjson_val *read_root(struct pm_arena *scratch, struct pm_body *body,
                             struct pm_outcome *outcome)
{
    return pm_hub_is_no_page(body, outcome) ? pm_body_read(scratch, body, outcome) : NULL;
}

yyjson_val *pm_hub_read_object(struct pm_arena *scratch, struct pm_body *body,
                               struct pm_outcome *outcome)
{
    yyjson_val *root = read_root(scratch, body, outcome);
    bool is_error = yyjson_is_obj(root) && !pm_json_get(root, "id") && error_text(root).ptr;
    if (root && (!yyjson_is_obj(root) || is_error)) {
        note_form(root, "not an object", outcome);
        return NULL;
    }
    return root;
}

yyjson_val *pm_hub_read_array(struct pm_arena *scratch, struct pm_body *body,
                              struct pm_outcome *outcome)
{
    yyjson_val *root = read_root(scratch, body, outcome);
    if (root && !yyjson_is_arr(root)) {
        note_form(root, "not an array", outcome);
        return NULL;
    }
    return root;
}

bool pm_hub_has_more(const struct pm_headers *headers, pm_str *cursor)
{
    pm_str next;
    *cursor = PM_STR("");
    if (!pm_link_next(headers->link, &next)) {
        return headers->has_link && headers->link.len == 0; /* one too long to keep */
    }
    if (!pm_link_cursor(next, cursor)) {
        *cursor = PM_STR("");
    }
    return true;
}
