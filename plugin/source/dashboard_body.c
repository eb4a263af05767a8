/* dashboard_body.c - is this body what the dashboard sends?
 *
 * The site answers any path outside its API with a web page and status 200, and proxies in front of
 * it send pages of their own. Content types prove nothing either way, so only the bytes count. */

#include "source/dashboard_inside.h"

#define ERROR_BYTES_MOST ((size_t)64 << 10) /* an error object is a few hundred bytes */
#define ERROR_ARENA_BYTES ((size_t)2 << 20)
#define MESSAGE_MOST 180 /* bytes of the dashboard's own words; a problem holds 240 */

bool pm_dashboard_is_no_page(const struct pm_body *body, struct pm_outcome *outcome)
{
    const pm_str byte_order_mark = PM_STR("\xEF\xBB\xBF");
    pm_str text = {body->ptr, body->len};
    text = pm_str_tail(text, pm_str_starts(text, byte_order_mark) ? byte_order_mark.len : 0);
    if (!pm_str_starts(pm_str_trim(text), PM_STR("<"))) {
        return true;
    }
    pm_outcome_set(outcome, PM_STATUS_NOT_JSON,
                   "a web page came instead of JSON: does the address end in /api?");
    return false;
}

void pm_dashboard_note_problem(const struct pm_json_problem *problem, struct pm_outcome *outcome)
{
    switch (problem->fault) {
    case PM_JSON_NO_MEMORY:
        pm_outcome_set(outcome, PM_STATUS_TOO_LARGE, "more than can be held while reading it");
        break;
    case PM_JSON_TOO_DEEP:
        pm_outcome_set(outcome, PM_STATUS_BAD_REPLY, "nested deeper than %d levels, at byte %zu",
                       PM_JSON_MAX_DEPTH, problem->at);
        break;
    case PM_JSON_OK:
    case PM_JSON_BAD:
        pm_outcome_set(outcome, PM_STATUS_NOT_JSON, "not JSON at byte %zu: %s", problem->at,
                       problem->text);
        break;
    }
}

/* The message of {"statusCode":500,"error":"…","message":"…"}, cut between two characters;
 * .ptr NULL when `root` is no such object. */
static pm_str get_error_message(yyjson_val *root)
{
    bool has_code = yyjson_is_num(pm_json_get(root, "statusCode"));
    bool has_name = yyjson_is_str(pm_json_get(root, "error"));
    pm_str message = pm_json_text(pm_json_get(root, "message"));
    if (!has_code || !has_name || !message.ptr) {
        return (pm_str){0};
    }
    if (message.len > MESSAGE_MOST) {
        message.len = MESSAGE_MOST;
        while (message.len > 0 && ((unsigned char)message.ptr[message.len] & 0xC0) == 0x80) {
            message.len--;
        }
    }
    return message;
}

void *pm_dashboard_note_form(yyjson_val *root, const char *what, struct pm_outcome *outcome)
{
    pm_str message = get_error_message(root);
    if (message.ptr) {
        pm_outcome_set(outcome, PM_STATUS_BAD_REPLY, "an error object with HTTP 200: %.*s",
                       PM_STR_ARG(message));
    } else {
        pm_outcome_set(outcome, PM_STATUS_BAD_REPLY, "%s", what);
    }
    return NULL;
}

yyjson_val *pm_dashboard_read(struct pm_arena *scratch, struct pm_body *body,
                              struct pm_outcome *outcome)
{
    struct pm_json_problem problem;
    yyjson_val *root = pm_json_read(scratch, body->ptr, body->len, &problem);
    if (!root) {
        pm_dashboard_note_problem(&problem, outcome);
        return NULL;
    }
    if (!yyjson_is_obj(root)) {
        pm_outcome_set(outcome, PM_STATUS_BAD_REPLY, "not an object");
        return NULL;
    }
    return root;
}

void *pm_dashboard_finish(const struct pm_arena *arena, void *facts, struct pm_outcome *outcome)
{
    if (!facts || arena->failed) {
        pm_outcome_set(outcome, PM_STATUS_TOO_LARGE, "more than can be held while reading it");
        return NULL;
    }
    return facts;
}

bool pm_dashboard_refuse(long http, struct pm_body *body, struct pm_outcome *outcome)
{
    /* 429 and 503 speak of load, not of the question: only what stands in front of the dashboard
     * sends them, and some proxies do so in the same form. */
    if (http < 400 || http == 429 || http == 503 || body->len > ERROR_BYTES_MOST) {
        return false;
    }
    struct pm_arena arena;
    struct pm_json_problem problem;
    pm_arena_init(&arena, ERROR_ARENA_BYTES);
    yyjson_val *root = pm_json_read_copy(&arena, (pm_str){body->ptr, body->len}, &problem);
    pm_str message = get_error_message(root);
    if (message.ptr) {
        pm_outcome_set(outcome, PM_STATUS_FAULT, "HTTP %ld: %.*s", http, PM_STR_ARG(message));
    }
    pm_arena_finish(&arena);
    return message.ptr != NULL;
}
