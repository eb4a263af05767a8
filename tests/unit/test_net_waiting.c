/* test_net_waiting.c - requests that wait: for their turn, for a server that wants to be left alone,
 * until somebody is woken, gives up or is cancelled; and how long what came serves. */

#include "net_call.h"

static const struct pm_kind heavy = {.name = "heavy", .is_heavy = true, .decode = take_body};

static const struct page pages[] = {
    {.path = "/ok", .head = OK, .body = "{}"},
    {.path = "/slow", .head = OK, .body = "{}", .wait_ms = 300},
    {.path = "/hang", .head = OK, .body = "{}", .wait_ms = 2000},
    {.path = "/often", .head = "HTTP/1.1 429 Often\r\nRetry-After: 3", .body = "{}"},
    {.path = "/stall", .head = OK, .body = "{}", .wait_ms = 6500},
    {.path = "/later", .head = "HTTP/1.1 503 Later\r\nRetry-After: 8", .body = "{}"},
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
    pm_batch_wake_at(&call.batch, pm_clock_mono_ms() + 9000); /* when its time is over */
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
    begin(&call, TIMEOUT_MS);
    same = ask(&call, &unkept, "/ok?rested");
    wait_for_all(&call);
    CHECK(same->facts, "after the rest: %s", same->outcome.problem);
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

/* --- nobody there --- */

#define QUEUED 4

/* A port whose queue of connections is full: a further one is neither taken nor refused. */
static unsigned fill_port(int files[QUEUED + 1])
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof here;
    files[0] = socket(AF_INET, SOCK_STREAM, 0);
    bool ok = files[0] >= 0 && bind(files[0], (struct sockaddr *)&here, sizeof here) == 0 &&
              listen(files[0], 0) == 0 &&
              getsockname(files[0], (struct sockaddr *)&here, &len) == 0;
    for (int i = 1; i <= QUEUED; i++) {
        files[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)connect(files[i], (struct sockaddr *)&here, sizeof here);
    }
    return ok ? ntohs(here.sin_port) : 0;
}

static bool wait_until_in(struct pm_net *net, const struct pm_entry *entry)
{
    bool is_in = false;
    for (int i = 0; i < 100 && !is_in; i++) {
        pm_net_lock(net);
        is_in = pm_entry_is_in(entry);
        pm_net_unlock(net);
        (void)usleep(is_in ? 0 : 100000);
    }
    return is_in;
}

/* And servers that stall, or say when to come back, to whoever is gone by then. */
static void check_no_connection(struct server *server)
{
    static const struct {
        const char *path, *problem;
    } left[] = {{"/later", "HTTP 503: come back in 8 s"}, {"/stall", "no whole reply within"}};
    struct call call, other;
    struct pm_waiter waiters[2];
    struct pm_entry *entries[2];
    int files[QUEUED + 1];
    struct server full = {.port = fill_port(files)};
    CHECK(full.port != 0, "a port");
    begin_net(&other, server);
    begin(&other, TIMEOUT_MS);
    for (size_t i = 0; i < 2; i++) {
        waiters[i] = (struct pm_waiter){.wait = &other.wait,
                                        .deadline_mono_ms = pm_clock_mono_ms() + TIMEOUT_MS};
        entries[i] =
            pm_net_get(other.net, &unkept, url_of(&other, left[i].path), PM_STR(""), &waiters[i]);
    }
    (void)usleep(500000);
    for (size_t i = 0; i < 2; i++) {
        pm_net_leave(other.net, pm_entry_retain(entries[i]), &waiters[i]);
    }
    begin_net(&call, &full);
    begin(&call, 6000);
    struct pm_ask *asks[] = {ask(&call, &heavy, "/ok?1"), ask(&call, &heavy, "/ok?2")};
    static const char *const problems[] = {"no connection within",
                                           "an earlier request of its kind did not end within"};
    wait_for_all(&call);
    for (size_t i = 0; i < 2; i++) {
        CHECK(asks[i]->outcome.status == PM_STATUS_TIMEOUT, "%s", asks[i]->outcome.problem);
        CHECK(wait_until_in(call.net, asks[i]->entry), "it ends");
        pm_str problem = pm_str_from(pm_entry_outcome(asks[i]->entry)->problem);
        CHECK(pm_str_starts(problem, pm_str_from(problems[i])), "%.*s", PM_STR_ARG(problem));
    }
    end(&call);
    pm_net_close(call.net);
    for (size_t i = 0; i < 2; i++) {
        CHECK(wait_until_in(other.net, entries[i]), "nobody waits for it: it ends");
        pm_str problem = pm_str_from(pm_entry_outcome(entries[i])->problem);
        CHECK(pm_str_starts(problem, pm_str_from(left[i].problem)), "%.*s", PM_STR_ARG(problem));
        pm_entry_release(entries[i]);
    }
    end(&other);
    pm_net_close(other.net);
    for (int i = 0; i <= QUEUED; i++) {
        (void)close(files[i]);
    }
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
    check_no_connection(&server);
    server_end(&server);
    return check_done();
}
