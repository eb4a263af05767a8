/* mcp_session.c - one client: from its lines to the handlers of its requests. */

#include "mcp_session.h"

#include <string.h>

/* --- requests --- */

static yyjson_mut_val *pong(struct mcp_session *session, struct mcp_message *message)
{
    (void)session;
    return yyjson_mut_obj(message->doc);
}

static const struct {
    const char *method;
    mcp_handler *handler;
    bool is_always_allowed; /* also before initialize */
} methods[] = {
    {"initialize", mcp_initialize, true},
    {"ping", pong, true},
    {"tools/list", mcp_tools_list, false},
    {"tools/call", mcp_tools_call, false},
    {"resources/list", mcp_resources_list, false},
    {"resources/read", mcp_resources_read, false},
    {"resources/templates/list", mcp_resource_templates_list, false},
    {"prompts/list", mcp_prompts_list, false},
    {"prompts/get", mcp_prompts_get, false},
};

static yyjson_mut_val *handle(struct mcp_session *session, struct mcp_message *message)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (!pm_str_equal(message->method, pm_str_from(methods[i].method))) {
            continue;
        }
        if (!session->is_open && !methods[i].is_always_allowed) {
            return mcp_refuse(message, MCP_INVALID_REQUEST, "%s: initialize comes first",
                              methods[i].method);
        }
        return message->has_error ? NULL : methods[i].handler(session, message);
    }
    message->has_error = false; /* what is wrong with its parameters is not the point */
    return mcp_refuse(message, MCP_UNKNOWN_METHOD, "there is no method \"%s\"",
                      mcp_show(message->method).text);
}

bool mcp_is_first_page(struct mcp_message *message)
{
    if (pm_json_get(message->params, "cursor")) {
        (void)mcp_refuse(message, MCP_INVALID_PARAMS, "cursor: the list has one page");
        return false;
    }
    return true;
}

/* --- lines --- */

static void reply(struct mcp_session *session, struct mcp_message *message, yyjson_mut_val *result)
{
    struct mcp_spare spare = {""};
    mcp_sink_take(session->sink, mcp_reply_write(message, result, &spare));
}

static void take_request(struct mcp_session *session, struct mcp_message *message)
{
    if (!message->doc) {
        (void)mcp_refuse(message, MCP_INTERNAL, "memory ran out");
    }
    yyjson_mut_val *result = handle(session, message);
    if (!message->is_taken) {
        reply(session, message, result);
    }
}

/* Of notifications only this one tells us to do something. */
static void take_notification(struct mcp_session *session, const struct mcp_message *message)
{
    if (pm_str_equal(message->method, PM_STR("notifications/cancelled"))) {
        yyjson_val *id = pm_json_get(message->params, "requestId");
        mcp_workers_cancel(session->workers, mcp_id_key(message->arena, id));
    }
}

void mcp_session_take(struct mcp_session *session, pm_str line)
{
    struct pm_arena arena;
    struct mcp_message message;
    if (pm_str_trim(line).len == 0) {
        return;
    }
    pm_arena_init(&arena, MCP_MESSAGE_ARENA_BYTES);
    mcp_message_read(&arena, line, &message);
    switch (message.kind) {
    case MCP_REQUEST:
        take_request(session, &message);
        break;
    case MCP_NOTIFICATION:
        take_notification(session, &message);
        break;
    case MCP_NO_MESSAGE:
        reply(session, &message, NULL);
        break;
    case MCP_RESPONSE:
        break;
    }
    pm_arena_finish(&arena);
}

void mcp_session_refuse(struct mcp_session *session, enum mcp_code code, const char *problem)
{
    struct pm_arena arena;
    pm_arena_init(&arena, MCP_MESSAGE_ARENA_BYTES);
    yyjson_alc allocator = pm_json_alc(&arena);
    struct mcp_message message = {
        .arena = &arena, .doc = yyjson_mut_doc_new(&allocator), .id = PM_STR("null")};
    (void)mcp_refuse(&message, code, "%s", problem);
    reply(session, &message, NULL);
    pm_arena_finish(&arena);
}

/* --- lifetime --- */

bool mcp_session_init(struct mcp_session *session, psyche_monitor *monitor, enum cli_content wanted,
                      struct mcp_sink sink)
{
    *session =
        (struct mcp_session){.monitor = monitor, .sink = sink, .wanted = wanted, .content = wanted};
    session->workers = mcp_workers_open(monitor, sink);
    return session->workers != NULL;
}

bool mcp_session_finish(struct mcp_session *session, long wait_ms)
{
    bool have_ended = mcp_workers_close(session->workers, wait_ms);
    pm_guide_close(session->guide);
    session->guide = NULL;
    return have_ended;
}
