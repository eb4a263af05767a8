/* dashboard_body.c - is this body what the dashboard sends?
 *
 * The site answers any path outside its API with a web page and status 200, and proxies in front of
 * it send pages of their own. Content types prove nothing either way, so only the bytes count. */

#include "source/dashboard_inside.h"

#include "source/body.h"

#define ERROR_BYTES_MOST ((size_t)64 << 10) /* an error object is a few hundred bytes */
#define ERROR_ARENA_BYTES ((size_t)2 << 20)

bool pm_dashboard_is_no_page(const struct pm_body *body, struct pm_outcome *outcome)
{
    if (!pm_body_is_page(body)) {
        return true;
    }
    pm_outcome_set(outcome, PM_STATUS_NOT_JSON,
                   "a web page came instead of JSON: does the address end in /api?");
    return false;
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
    return pm_body_words(message);
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
    yyjson_val *root = pm_body_read(scratch, body, outcome);
    if (root && !yyjson_is_obj(root)) {
        pm_outcome_set(outcome, PM_STATUS_BAD_REPLY, "not an object");
        return NULL;
    }
    return root;
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
