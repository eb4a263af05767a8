/* test_net_waiting.c - requests that wait: for their turn, for a server that wants to be left alone,
 * until somebody is woken, gives up or is cancelled; and how long what came serves. */

#include "net_call.h"

static const struct pm_kind heavy = {.name = "heavy", .is_heavy = true, .decode = take_body};

static const struct page pages[] = {
    {.path = "/ok", .head = OK, .body = "{}"},
    {.path = "/slow", .head = OK, .body = "{}", .wait_ms = 300},
    {.path = "/hang", .head = OK, .body = "{}", .wait_ms = 2000},
    {.path = "/often", .head = "HTTP/1.1 429 Often\r\nRetry-After: 3", .body = "{}"},
    {.path = NULL},
};

/* --- waiting --- */

static void check_heavy(struct server *server)
{
    struct call call;
    begin_net(&call, server);
    begin(&call, TIMEOUT_MS);
    server->most_at_once = 0;
    for (unsigned i = 0; i < 3; i++) {
        static const char *const paths[] = {"/slow?1", "/slow?2", "/slow?3"};
        (void)ask(&call, &heavy, paths[i]);
    }
    wait_for_all(&call);
    CHECK(server->most_at_once == 1, "%u heavy ones at once", server->most_at_once);
    end(&call);
    begin(&call, 500);
    (void)ask(&call, &heavy, "/hang");
    const struct pm_ask *behind = ask(&call, &heavy, "/slow?4");
    wait_for_all(&call);
    CHECK(behind->outcome.status == PM_STATUS_TIMEOUT, "%s", behind->outcome.problem);
    end(&call);
    pm_net_close(call.net);
}

static void check_waking(struct server *server)
{
    struct call call;
    begin_net(&call, server);
    begin(&call, TIMEOUT_MS);
    struct pm_ask *slow = ask(&call, &unkept, "/hang");
    int64_t begun = pm_clock_mono_ms();
    pm_batch_wake_at(&call.batch, begun + 50);
    pm_batch_wake_at(&call.batch, begun + 9000); /* the nearer one counts */
    CHECK(pm_batch_wait(&call.batch) && !slow->is_in, "woken, with nothing in");
    CHECK(pm_clock_mono_ms() - begun >= 50, "but not before");
    pm_batch_wake_at(&call.batch, begun + 9000);
    pm_batch_wake_at(&call.batch, begun + 100);
    CHECK(pm_batch_wait(&call.batch) && !slow->is_in, "woken again");
    pm_batch_give_up(&call.batch, slow, "it takes too long");
    pm_batch_give_up(&call.batch, slow, "twice");
    CHECK(slow->outcome.status == PM_STATUS_TIMEOUT, "given up");
    CHECK_TEXT(pm_str_from(slow->outcome.problem), PM_STR("it takes too long"), "said once");
    CHECK(!pm_batch_wait(&call.batch), "nothing is left");
    end(&call);
    begin(&call, 200);
    slow = ask(&call, &unkept, "/hang?2");
    CHECK(!pm_batch_wait(&call.batch) && slow->outcome.status == PM_STATUS_TIMEOUT, "%s",
          slow->outcome.problem);
    CHECK(!pm_batch_cancelled(&call.batch), "not cancelled");
    end(&call);
    begin(&call, TIMEOUT_MS);
    (void)ask(&call, &unkept, "/hang?3");
    pm_net_cancel(call.net, &call.wait);
    CHECK(!pm_batch_wait(&call.batch) && pm_batch_cancelled(&call.batch), "cancelled");
    end(&call);
    pm_net_close(call.net);
}

/* --- rest --- */

static void check_rest(struct server *server)
{
    struct call call;
    begin_net(&call, server);
    begin(&call, 2500);
    const struct pm_ask *often = ask(&call, &unkept, "/often");
    wait_for_all(&call);
    CHECK(often->outcome.status == PM_STATUS_RATE_LIMITED, "%s", often->outcome.problem);
    end(&call);
    unsigned before = server->asked;
    begin(&call, 500);
    const struct pm_ask *same = ask(&call, &unkept, "/ok?rest"),
                        *other = ask(&call, &plain, "/ok?rest");
    wait_for_all(&call);
    CHECK(pm_str_starts(pm_str_from(same->outcome.problem), PM_STR("not asked: it said HTTP 429")),
          "%s", same->outcome.problem);
    CHECK(other->facts && server->asked == before + 1, "another kind is asked");
    end(&call);
    pm_net_close(call.net);
}

/* More places than there is room for: the one that ends first is forgotten. */
static void check_rests(void)
{
    struct pm_settings settings = {0};
    struct pm_net *net = pm_net_make(&settings);
    char url[64];
    pm_rest_note(net, &plain, PM_STR("nowhere"), 60000);
    CHECK(pm_rest_until(net, &plain, PM_STR("nowhere")) == 0, "no place");
    for (unsigned i = 0; i <= RESTS_MOST; i++) {
        (void)snprintf(url, sizeof url, "http://host-%u/path", i);
        pm_rest_note(net, &plain, pm_str_from(url), 60000 + (int64_t)i * 1000);
    }
    static const struct {
        const struct pm_kind *kind;
        const char *url;
        bool rests;
    } rows[] = {
        {&plain, "http://host-0/path", false},     {&plain, "http://host-1/path", true},
        {&plain, "http://HOST-1/elsewhere", true}, {&plain, "http://host-1:81/path", false},
        {&plain, "https://host-1/path", false},    {&unkept, "http://host-1/path", false},
        {&plain, "http://host-32/path", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(!pm_rest_until(net, rows[i].kind, pm_str_from(rows[i].url)) == !rows[i].rests, "%s",
              rows[i].url);
    }
    pm_rest_note(net, &plain, PM_STR("http://host-1/"), -1);
    CHECK(pm_rest_until(net, &plain, PM_STR("http://host-1/")) == 0, "it is over");
    pm_rest_note(net, &plain, PM_STR("http://host-2/"), INT64_MAX / 2);
    int64_t until = pm_rest_until(net, &plain, PM_STR("http://host-2/"));
    CHECK(until > 0 && until <= pm_clock_mono_ms() + 900000, "for a quarter of an hour at most");
    pm_net_close(net);
}

/* --- how long a reply serves --- */

static void check_keep_times(void)
{
    static const struct {
        int64_t net_ms, kind_ms;
        long http;
        int64_t want_ms;
    } rows[] = {
        {-1, 60000, 200, 60000},
        {-1, 60000, 404, REFUSAL_KEPT_MS},
        {-1, 1000, 404, 1000},
        {0, 60000, 200, 0},
        {5000, 60000, 200, 5000},
        {90000, 60000, 404, REFUSAL_KEPT_MS},
        {0, PM_KEEP_FOR_EVER, 200, PM_KEEP_FOR_EVER},
        {0, PM_KEEP_FOR_EVER, 403, REFUSAL_KEPT_MS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_settings settings = {.has_keep_ms = rows[i].net_ms >= 0,
                                       .keep_ms = (uint64_t)rows[i].net_ms};
        struct pm_kind kind = {.name = "k", .keep_ms = rows[i].kind_ms};
        struct pm_net *net = pm_net_make(&settings);
        CHECK(pm_net_keep_ms(net, &kind, rows[i].http) == rows[i].want_ms, "%zu", i);
        pm_net_close(net);
    }
}

int main(void)
{
    static struct server server;
    if (!server_start(&server, pages)) {
        return 1;
    }
    check_heavy(&server);
    check_waking(&server);
    check_rest(&server);
    check_rests();
    check_keep_times();
    server_end(&server);
    return check_done();
}
