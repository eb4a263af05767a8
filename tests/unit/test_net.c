/* test_net.c - requests of a call against a server on loopback: what each reply comes to, what is
 * kept, and where the limits are. */

#include "net_call.h"

/* --- kinds --- */

static void *take_too_much(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                           struct pm_outcome *outcome)
{
    const void *much = pm_arena_alloc(arena, 17 * MB);
    (void)scratch, (void)outcome;
    return much ? NULL : body;
}

static void *read_too_much(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                           struct pm_outcome *outcome)
{
    const void *much = pm_arena_alloc(scratch, 33 * MB);
    return much ? NULL : take_body(arena, scratch, body, outcome);
}

static void *take_15_mb(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                        struct pm_outcome *outcome)
{
    const void *much = pm_arena_alloc(arena, 15 * MB);
    return much ? take_body(arena, scratch, body, outcome) : NULL;
}

static void *find_bad(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                      struct pm_outcome *outcome)
{
    (void)arena, (void)scratch, (void)body;
    pm_outcome_set(outcome, PM_STATUS_BAD_REPLY, "not what it should be");
    return NULL;
}

static bool slot_of(const void *facts, uint64_t *slot)
{
    return pm_str_to_u64(pm_str_trim(*(const pm_str *)facts), slot);
}

static const struct pm_kind eternal = {
    .name = "eternal", .keep_ms = PM_KEEP_FOR_EVER, .decode = take_body};
static const struct pm_kind greedy = {.name = "greedy", .decode = take_too_much};
static const struct pm_kind thirsty = {.name = "thirsty", .decode = read_too_much};
static const struct pm_kind large = {.name = "large", .decode = take_15_mb};
static const struct pm_kind bad = {.name = "bad", .keep_ms = 60000, .decode = find_bad};
static const struct pm_kind refusing = {
    .name = "refusing", .keep_ms = 60000, .decodes_refusals = true, .decode = take_body};
static const struct pm_kind slotted = {.name = "slotted", .decode = take_body, .slot = slot_of};

static const struct pm_kind odd_slot = {.name = "odd slot", .decode = take_body, .slot = slot_of};

/* --- the server --- */

static const struct page pages[] = {
    {.path = "/ok", .head = OK, .body = "{}"},
    {.path = "/seven", .head = OK, .body = "7"},
    {.path = "/16mb", .head = OK, .body = "{}", .fill = 16 * MB - 2},
    {.path = "/announced", .head = OK "\r\nContent-Length: 99999999999", .fill = 17 * MB},
    {.path = "/more", .head = OK, .body = "{}", .fill = 16 * MB},
    {.path = "/12mb", .head = OK, .body = "{}", .fill = 12 * MB},
    {.path = "/none", .head = "HTTP/1.1 404 Not Found", .body = "nothing"},
    {.path = "/long-none", .head = "HTTP/1.1 404 Not Found", .is_in_parts = true},
    {.path = "/odd-often", .head = "HTTP/1.1 429 Often\r\nRetry-After: 9999999", .body = "{}"},
    {.path = "/away", .head = "HTTP/1.1 302 Away\r\nLocation: http://elsewhere.example/"},
    {.path = "/round", .head = "HTTP/1.1 302 Round\r\nLocation: /ok"},
    {.path = "/slow", .head = OK, .body = "{}", .wait_ms = 2000},
    {.path = NULL},
};

/* --- replies --- */

static const struct {
    const struct pm_kind *kind;
    const char *path, *url; /* url: instead of the server's */
    enum pm_status status;
    const char *problem; /* its beginning; NULL: facts */
    size_t len;          /* of the body */
} replies[] = {
    {&plain, "/ok", NULL, PM_STATUS_OK, NULL, 2},
    {&plain, "/round", NULL, PM_STATUS_OK, NULL, 2},
    {&plain, "/16mb", NULL, PM_STATUS_OK, NULL, 16 * MB},
    {&plain, "/more", NULL, PM_STATUS_TOO_LARGE, "the reply is larger than 16 MB", 0},
    {&plain, "/announced", NULL, PM_STATUS_TOO_LARGE, "the reply is larger than 16 MB", 0},
    {&plain, "/none", NULL, PM_STATUS_HTTP_STATUS, "HTTP 404", 0},
    {&plain, "/away", NULL, PM_STATUS_REDIRECTED, "HTTP 302 to another host", 0},
    {&refusing, "/none", NULL, PM_STATUS_OK, NULL, 7},
    {&refusing, "/long-none", NULL, PM_STATUS_OK, NULL, 65536},
    {&greedy, "/ok", NULL, PM_STATUS_TOO_LARGE, "more than can be held while reading it", 0},
    {&thirsty, "/ok", NULL, PM_STATUS_TOO_LARGE, "more than can be held while reading it", 0},
    {&bad, "/ok", NULL, PM_STATUS_BAD_REPLY, "not what it should be", 0},
    {&plain, "", "nowhere", PM_STATUS_HTTP_STATUS, "the address cannot be asked: ", 0},
    {&plain, "", "http://127.0.0.1:1/", PM_STATUS_REFUSED, "", 0},
    {&plain, "/odd-often", NULL, PM_STATUS_RATE_LIMITED, "HTTP 429", 0},
};

static void check_replies(struct server *server)
{
    struct call call;
    begin_net(&call, server);
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        begin(&call, TIMEOUT_MS);
        struct pm_ask *one = replies[i].url ? pm_batch_ask(&call.batch, replies[i].kind,
                                                           pm_str_from(replies[i].url), true)
                                            : ask(&call, replies[i].kind, replies[i].path);
        wait_for_all(&call);
        CHECK(one->is_in && one->outcome.status == replies[i].status, "%s %s: %s: %s",
              replies[i].kind->name, replies[i].path, pm_status_word(one->outcome.status),
              one->outcome.problem);
        CHECK(!one->facts == (replies[i].problem != NULL), "%s: facts", replies[i].path);
        CHECK(!replies[i].problem ||
                  pm_str_starts(pm_str_from(one->outcome.problem), pm_str_from(replies[i].problem)),
              "%s: %s", replies[i].path, one->outcome.problem);
        if (one->facts) {
            pm_str text = *(const pm_str *)one->facts;
            CHECK(text.len == replies[i].len, "%s: %zu bytes", replies[i].path, text.len);
        }
        end(&call);
    }
    pm_net_close(call.net);
}

/* What is kept of a long refusal is its beginning, not pieces of it. */
static void check_long_refusal(struct server *server)
{
    struct call call;
    begin_net(&call, server);
    begin(&call, TIMEOUT_MS);
    const struct pm_ask *one = ask(&call, &refusing, "/long-none");
    wait_for_all(&call);
    pm_str text = one->facts ? *(const pm_str *)one->facts : PM_STR("");
    size_t a = pm_str_find(text, 'b'), c = pm_str_find(text, 'c');
    CHECK(a == 60000 && c == text.len, "%zu a, %zu bytes, the first c at %zu", a, text.len, c);
    end(&call);
    pm_net_close(call.net);
}

/* --- which way, and with what --- */

static void check_proxies(struct server *server)
{
    static const char *const variables[] = {"http_proxy", "all_proxy", "ALL_PROXY"};
    char proxy[64];
    (void)snprintf(proxy, sizeof proxy, "http://127.0.0.1:%u", server->port);
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        struct call call;
        (void)setenv(variables[i], proxy, 1);
        begin_net(&call, server);
        begin(&call, TIMEOUT_MS);
        const struct pm_ask *one =
            pm_batch_ask(&call.batch, &plain, PM_STR("http://nobody.example/ok"), true);
        wait_for_all(&call);
        CHECK(one->facts != NULL, "%s: %s", variables[i], one->outcome.problem);
        end(&call);
        pm_net_close(call.net);
        (void)unsetenv(variables[i]);
    }
}

/* The token is for requests that carry it, and for the hub. */
static void check_token(struct server *server)
{
    static const struct pm_kind carrying = {
        .name = "carrying", .carries_token = true, .decode = take_body};
    static const struct {
        const struct pm_kind *kind;
        const char *host;
        bool has_token;
    } rows[] = {{&carrying, "127.0.0.1", true},
                {&plain, "127.0.0.1", false},
                {&carrying, "localhost", false}};
    struct call call = {.server = server, .settings = {.hub_token = PM_STR("t")}};
    char hub[64], url[64];
    (void)snprintf(hub, sizeof hub, "http://127.0.0.1:%u", server->port);
    call.settings.hub_url = pm_str_from(hub);
    call.net = pm_net_make(&call.settings);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned before = server->with_token;
        (void)snprintf(url, sizeof url, "http://%s:%u/ok", rows[i].host, server->port);
        begin(&call, TIMEOUT_MS);
        const struct pm_ask *one = pm_batch_ask(&call.batch, rows[i].kind, pm_str_from(url), true);
        wait_for_all(&call);
        CHECK(one->facts && server->with_token == before + rows[i].has_token, "%s, %s: %s",
              rows[i].kind->name, rows[i].host, one->outcome.problem);
        end(&call);
    }
    pm_net_close(call.net);
}

/* --- limits of a call --- */

static void check_limits(struct server *server)
{
    struct call call;
    begin_net(&call, server);
    begin(&call, TIMEOUT_MS);
    struct pm_ask *three[3];
    for (size_t i = 0; i < 3; i++) {
        static const char *const paths[] = {"/12mb?1", "/12mb?2", "/12mb?3"};
        three[i] = ask(&call, &plain, paths[i]);
    }
    wait_for_all(&call);
    unsigned whole = 0, too_large = 0;
    for (size_t i = 0; i < 3; i++) {
        whole += three[i]->facts != NULL;
        too_large += three[i]->outcome.status == PM_STATUS_TOO_LARGE;
    }
    CHECK(whole < 3 && whole + too_large == 3, "32 MB of bodies: %u whole, %u too large", whole,
          too_large);
    const struct pm_ask *small = ask(&call, &plain, "/ok");
    wait_for_all(&call);
    CHECK(small->facts, "a small one is let in: %s", small->outcome.problem);
    end(&call);
    begin(&call, TIMEOUT_MS);
    struct pm_ask *first = ask(&call, &large, "/12mb?4");
    wait_for_all(&call);
    struct pm_ask *second = ask(&call, &large, "/16mb?5");
    wait_for_all(&call);
    struct pm_ask *third = ask(&call, &large, "/ok");
    wait_for_all(&call);
    CHECK(first->facts && !(second->facts && third->facts), "64 MB of bodies and facts");
    const struct pm_ask *last = second->facts ? third : second;
    CHECK(last->outcome.status == PM_STATUS_TOO_LARGE, "%s", last->outcome.problem);
    end(&call);
    pm_net_close(call.net);
}

static void check_many(struct server *server)
{
    struct call call;
    char path[32];
    begin_net(&call, server);
    begin(&call, TIMEOUT_MS);
    for (unsigned i = 0; i < PM_BATCH_MOST; i++) {
        (void)snprintf(path, sizeof path, "/never?%u", i);
        struct pm_ask *one = pm_batch_decline(&call.batch, &plain, url_of(&call, path), "not now");
        CHECK(one == pm_batch_decline(&call.batch, &plain, url_of(&call, path), "never"),
              "%u: the same ask", i);
        CHECK(one->outcome.status == PM_STATUS_OFFLINE, "%u: declined", i);
    }
    const struct pm_ask *more = ask(&call, &plain, "/ok");
    CHECK(more->is_in && more->outcome.status == PM_STATUS_NO_MEMORY, "one too many");
    more = pm_batch_decline(&call.batch, &plain, url_of(&call, "/more"), "not now");
    CHECK(more->outcome.status == PM_STATUS_NO_MEMORY, "that is declined");
    CHECK(call.batch.count == PM_BATCH_MOST && !pm_batch_wait(&call.batch), "nothing to wait for");
    end(&call);
    pm_net_close(call.net);
}

/* --- what is kept --- */

static void check_kept(struct server *server)
{
    struct call call;
    char path[32];
    begin_net(&call, server);
    for (unsigned i = 0; i < KEPT_ENTRIES + 60; i++) {
        begin(&call, TIMEOUT_MS);
        (void)snprintf(path, sizeof path, i ? "/ok?%u" : "/ok", i);
        const struct pm_ask *one = ask(&call, i ? &plain : &eternal, path);
        wait_for_all(&call);
        CHECK(one->facts != NULL, "%u: %s", i, one->outcome.problem);
        end(&call);
    }
    static const struct {
        const struct pm_kind *kind;
        const char *path;
        bool is_kept;
    } rows[] = {
        {&eternal, "/ok", true},     {&plain, "/ok?315", true},  {&plain, "/ok?1", false},
        {&plain, "/ok?1", true},     {&unkept, "/ok", false},    {&unkept, "/ok", false},
        {&bad, "/ok", false},        {&bad, "/ok", true}, /* a failure, for two seconds */
        {&refusing, "/none", false}, {&refusing, "/none", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned before = server->asked;
        begin(&call, TIMEOUT_MS);
        (void)ask(&call, rows[i].kind, rows[i].path);
        wait_for_all(&call);
        end(&call);
        CHECK(server->asked == before + !rows[i].is_kept, "%zu: %s %s: %u more requests", i,
              rows[i].kind->name, rows[i].path, server->asked - before);
    }
    pm_net_close(call.net);
}

static void check_older(struct server *server)
{
    struct call call;
    uint64_t slot = 0;
    begin_net(&call, server);
    for (unsigned round = 0; round < 3; round++) {
        server->is_failing = round == 2;
        begin(&call, TIMEOUT_MS);
        struct pm_ask *one = ask(&call, &slotted, "/seven");
        wait_for_all(&call);
        CHECK(one->facts && one->is_stale == (round == 2), "round %u: %s", round,
              one->outcome.problem);
        CHECK(pm_ask_slot(one, &slot) && slot == 7, "round %u: slot", round);
        CHECK(pm_batch_slot_before(&call.batch, one, &slot) == (round == 1),
              "round %u: what it replaced", round);
        const struct pm_ask *none = pm_batch_decline(&call.batch, &plain, PM_STR("x"), "no");
        CHECK(!pm_batch_slot_before(&call.batch, none, &slot), "nothing before nothing");
        end(&call);
    }
    call.settings.clock = (struct pm_clock){
        .is_frozen = true,
        .frozen_ms = pm_clock_now_ms(&call.settings.clock) + INT64_C(8) * 24 * 3600 * 1000,
    };
    begin(&call, TIMEOUT_MS);
    const struct pm_ask *late = ask(&call, &slotted, "/seven");
    wait_for_all(&call);
    CHECK(!late->facts, "a reply of last week is of no use");
    end(&call);
    server->is_failing = false;
    for (unsigned round = 0; round < 2; round++) {
        begin(&call, TIMEOUT_MS);
        const struct pm_ask *one = ask(&call, &odd_slot, "/ok"), *other = ask(&call, &plain, "/ok");
        wait_for_all(&call);
        CHECK(!pm_batch_slot_before(&call.batch, other, &slot), "of a kind without slots");
        CHECK(one->facts && !pm_ask_slot(one, &slot), "a reply that does not say its slot");
        CHECK(!pm_batch_slot_before(&call.batch, one, &slot), "nor did the one before");
        end(&call);
    }
    pm_net_close(call.net);
}

/* A call without room for one more reply does without the older one, too. */
static void check_older_without_room(struct server *server)
{
    struct call call;
    uint64_t slot = 0;
    begin_net(&call, server);
    for (unsigned round = 0; round < 3; round++) {
        server->is_failing = round == 2;
        begin(&call, TIMEOUT_MS);
        struct pm_ask *one = ask(&call, &slotted, "/seven");
        if (round) {
            call.arena.ceiling_bytes = 64 * MB - (round == 1 ? 30000 : 0);
        }
        wait_for_all(&call);
        CHECK((one->facts == NULL) == (round == 2) && !one->is_stale, "round %u: %s", round,
              one->outcome.problem);
        call.arena.ceiling_bytes = 64 * MB;
        CHECK(!pm_batch_slot_before(&call.batch, one, &slot), "round %u: no room for that", round);
        end(&call);
    }
    server->is_failing = false;
    pm_net_close(call.net);
}

/* As many are under way as there is room to keep: one more is asked, and not kept. */
static void check_all_under_way(struct server *server)
{
    static const struct pm_kind heavy = {.name = "heavy", .is_heavy = true, .decode = take_body};
    struct call call;
    static struct pm_waiter waiters[KEPT_ENTRIES + 1];
    static struct pm_entry *entries[KEPT_ENTRIES + 1];
    char path[32];
    begin_net(&call, server);
    begin(&call, TIMEOUT_MS);
    for (unsigned i = 0; i <= KEPT_ENTRIES; i++) {
        (void)snprintf(path, sizeof path, "/slow?%u", i);
        waiters[i] = (struct pm_waiter){.wait = &call.wait, .deadline_mono_ms = 1};
        entries[i] = pm_net_get(call.net, &heavy, url_of(&call, path), PM_STR(""), &waiters[i]);
        CHECK(entries[i], "%u", i);
    }
    CHECK(call.net->kept_count == KEPT_ENTRIES, "%zu are kept", call.net->kept_count);
    for (unsigned i = 0; i <= KEPT_ENTRIES; i++) {
        pm_net_leave(call.net, entries[i], &waiters[i]);
    }
    end(&call);
    pm_net_close(call.net);
}

/* --- a store that cannot be used, and roots that are of no use here --- */

static void check_settings(struct server *server)
{
    for (int is_offline = 0; is_offline < 2; is_offline++) {
        struct call call = {.server = server,
                            .settings = {.store_path = PM_STR("/dev/null/store.db"),
                                         .cacert = PM_STR("/dev/null"),
                                         .is_offline = is_offline}};
        call.net = pm_net_make(&call.settings);
        begin(&call, TIMEOUT_MS);
        const struct pm_ask *one = ask(&call, &plain, "/ok");
        wait_for_all(&call);
        CHECK((one->facts == NULL) == (is_offline != 0), "offline %d: %s", is_offline,
              one->outcome.problem);
        CHECK(one->outcome.status == (is_offline ? PM_STATUS_OFFLINE : PM_STATUS_OK), "%s",
              one->outcome.problem);
        pm_str note = pm_net_store_note(call.net, &call.arena);
        CHECK(pm_str_has_nocase(note, PM_STR("is no folder")), "%.*s", PM_STR_ARG(note));
        CHECK(pm_net_store_note(call.net, &call.arena).len == 0, "said once");
        end(&call);
        pm_net_close(call.net);
    }
}

/* A refusal stands for nothing older, and nothing older for it. */
static void check_refused_again(struct server *server)
{
    static const struct pm_kind unkept_refusal = {
        .name = "unkept refusal", .decodes_refusals = true, .decode = take_body};
    struct call call;
    begin_net(&call, server);
    for (unsigned round = 0; round < 3; round++) {
        server->is_failing = round == 2;
        begin(&call, TIMEOUT_MS);
        const struct pm_ask *one = ask(&call, &unkept_refusal, "/none");
        wait_for_all(&call);
        CHECK((one->facts == NULL) == (round == 2) && !one->is_stale, "round %u: %s", round,
              one->outcome.problem);
        end(&call);
    }
    server->is_failing = false;
    pm_net_close(call.net);
}

int main(void)
{
    static struct server server;
    if (!server_start(&server, pages)) {
        return 1;
    }
    check_replies(&server);
    check_long_refusal(&server);
    check_proxies(&server);
    check_token(&server);
    check_limits(&server);
    check_many(&server);
    check_kept(&server);
    check_older(&server);
    check_older_without_room(&server);
    check_all_under_way(&server);
    check_settings(&server);
    check_refused_again(&server);
    server_end(&server);
    return check_done();
}
