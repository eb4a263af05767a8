/* dashboard.c - how psyche.network's dashboard answers.
 *
 * Its backend takes any run id and any index, answers an unknown one with 200 and a null run,
 * turns a bad index into a 500, and a wrong method into a 404. In front of it stands a site
 * that answers every path outside the API with its page and status 200. */

#include "dashboard.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_ID 32       /* bytes; longer ones cannot seed the account's address */
#define LONGEST_SEGMENT 100 /* the router's limit, in escaped or plain characters */

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char site_page[] =
    "<!doctype html>\n<html lang=\"en\"><head><title>Psyche</title></head>"
    "<body><div id=\"root\"></div></body></html>\n";
static const char no_run[] = "{\"run\":null,\"error\":null,\"isOnlyRun\":false}";

const char *sim_dashboard_route(const char *prefix, const char *target)
{
    const char *under = prefix ? prefix : "/api";
    size_t bytes = strlen(under);
    if (sim_starts(target, under) && target[bytes] == '/') {
        return target + bytes;
    }
    return prefix && *prefix ? NULL : target;
}

static void answer_not_found(struct sim_reply *reply, const char *method, const char *route)
{
    char *message = sim_format("Route %s:%s not found", method, route);
    const struct sim_member members[] = {
        {"message", message, 0}, {"error", "Not Found", 0}, {"statusCode", NULL, 404}};
    sim_reply_object(reply, 404, members, COUNT(members));
    free(message);
}

static void answer_thrown(struct sim_reply *reply, const char *what, const char *detail)
{
    char *message = sim_format("%s%s", what, detail);
    const struct sim_member members[] = {
        {"statusCode", NULL, 500}, {"error", "Internal Server Error", 0}, {"message", message, 0}};
    sim_reply_object(reply, 500, members, COUNT(members));
    free(message);
}

static void answer_bad_escape(struct sim_reply *reply, const char *route)
{
    char *message = sim_format("'%s' is not a valid url component", route);
    const struct sim_member members[] = {{"error", "Bad Request", 0},
                                         {"code", "FST_ERR_BAD_URL", 0},
                                         {"message", message, 0},
                                         {"statusCode", NULL, 400}};
    sim_reply_object(reply, 400, members, COUNT(members));
    reply->content_type = "application/json";
    free(message);
}

static void answer_entry(struct sim_reply *reply, struct sim_entry *entry)
{
    if (!sim_entry_load(entry)) {
        answer_thrown(reply, "the simulator cannot read ", entry->file);
        return;
    }
    reply->status = entry->status;
    reply->content_type = entry->content_type;
    reply->body = entry->body;
    reply->body_bytes = entry->body_bytes;
}

/* The canonical decimal of an integer: "-3" is one, "-0", "01", "+1" and "1.0" are not. */
static bool is_index(const char *text)
{
    const char *digits = text + (*text == '-');
    size_t count = strspn(digits, "0123456789");
    return count > 0 && !digits[count] && (*digits != '0' || strcmp(text, "0") == 0);
}

static size_t decoded_bytes(const char *segment, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i += segment[i] == '%' ? 3 : 1) {
        bytes++;
    }
    return bytes;
}

/* A run page that the data folder does not hold; `path` is canonical, without query. */
static void answer_absent_run(struct sim_reply *reply, const char *method, const char *path)
{
    const char *id = path + strlen("/run/");
    size_t id_bytes = strcspn(id, "/");
    const char *index = id + id_bytes + (id[id_bytes] == '/');
    size_t decoded = decoded_bytes(id, id_bytes);
    if (!*index || strchr(index, '/') || decoded > LONGEST_SEGMENT) {
        answer_not_found(reply, method, path);
    } else if (!is_index(index)) {
        char *shown = sim_path_decoded(index);
        answer_thrown(reply, "Invalid index ", shown);
        free(shown);
    } else if (decoded > LONGEST_ID) {
        answer_thrown(reply, "Max seed length exceeded", "");
    } else {
        sim_reply_copy_body(reply, no_run);
    }
}

void sim_dashboard_answer(const struct sim_data *data, const char *method, const char *route,
                          struct sim_reply *reply)
{
    reply->status = 200;
    reply->content_type = SIM_JSON;
    if (!route) {
        reply->content_type = "text/html; charset=utf-8";
        sim_reply_copy_body(reply, site_page);
        return;
    }
    char *path = NULL;
    bool is_spelled = sim_path_canonical(route, &path);
    struct sim_entry *entry = sim_data_find(data, method, is_spelled ? path : route);
    bool is_reading = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    if (entry) {
        answer_entry(reply, entry);
    } else if (!is_spelled) {
        answer_bad_escape(reply, route);
    } else if (is_reading && sim_starts(path, "/run/")) {
        path[strcspn(path, "?")] = '\0';
        answer_absent_run(reply, method, path);
    } else {
        answer_not_found(reply, method, route);
    }
    free(path);
}
