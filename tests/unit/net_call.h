/* net_call.h - calls on a net of their own against http_server.h, for the tests of net/. */
#ifndef PM_TESTS_NET_CALL_H
#define PM_TESTS_NET_CALL_H

#include "base/buf.h"
#include "net/batch.h"
#include "net/inside.h"

#include "check.h"
#include "http_server.h"

#define TIMEOUT_MS 20000
#define MB ((size_t)1 << 20)
#define OK "HTTP/1.1 200 OK"

/* The facts of a reply are its text. */
static void *take_body(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                       struct pm_outcome *outcome)
{
    (void)scratch, (void)outcome;
    pm_str *text = pm_arena_alloc(arena, sizeof *text);
    if (text) {
        *text = (pm_str){body->ptr, body->len};
    }
    return text;
}

static const struct pm_kind plain = {.name = "plain", .keep_ms = 60000, .decode = take_body};
static const struct pm_kind unkept = {.name = "unkept", .keep_ms = 0, .decode = take_body};

struct call {
    struct server *server;
    struct pm_settings settings;
    struct pm_net *net;
    struct pm_wait wait;
    struct pm_arena arena;
    struct pm_batch batch;
};

static void begin_net(struct call *call, struct server *server)
{
    *call = (struct call){.server = server, .settings = {.timeout_ms = TIMEOUT_MS}};
    call->net = pm_net_make(&call->settings);
}

static void begin(struct call *call, uint64_t timeout_ms)
{
    pm_arena_init(&call->arena, 8 * MB);
    CHECK(pm_wait_init(&call->wait), "a condition");
    pm_batch_init(&call->batch, call->net, &call->wait, &call->arena, &call->settings, timeout_ms);
}

static pm_str url_of(struct call *call, const char *path)
{
    struct pm_buf url;
    pm_buf_init(&url, &call->arena, 256);
    pm_buf_addf(&url, "http://127.0.0.1:%u%s", call->server->port, path);
    return pm_buf_text(&url);
}

static struct pm_ask *ask(struct call *call, const struct pm_kind *kind, const char *path)
{
    return pm_batch_ask(&call->batch, kind, url_of(call, path), false);
}

static void wait_for_all(struct call *call)
{
    while (pm_batch_wait(&call->batch)) {
    }
}

static void end(struct call *call)
{
    pm_batch_finish(&call->batch);
    pm_wait_finish(&call->wait);
    pm_arena_finish(&call->arena);
}

#endif
