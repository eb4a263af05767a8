/* test_verdict.c - what the end of a transfer means, as a table. */

#include "net/inside.h"

#include "check.h"

#include <string.h>

static bool refuse_501(long http, struct pm_body *body, struct pm_outcome *outcome)
{
    (void)body;
    pm_outcome_set(outcome, PM_STATUS_FAULT, "its own word");
    return http == 501;
}

static const struct pm_kind kind = {.name = "/runs", .refusal = refuse_501};

static const struct {
    const char *what;
    struct ending ending;
    enum next_step step;
    enum pm_status status;
    int64_t pause_ms;
} rows[] = {
    {"plain success", {.http = 200, .tries = 1, .time_left_ms = 5000}, STEP_DONE, PM_STATUS_OK, 0},
    {"no content",
     {.http = 204, .tries = 1, .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_HTTP_STATUS,
     0},
    {"not found",
     {.http = 404, .tries = 1, .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_HTTP_STATUS,
     0},
    {"teapot",
     {.http = 418, .tries = 1, .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_HTTP_STATUS,
     0},
    {"500 once",
     {.http = 500, .tries = 1, .time_left_ms = 5000},
     STEP_RETRY,
     PM_STATUS_UNAVAILABLE,
     250},
    {"500 twice",
     {.http = 500, .tries = 2, .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_UNAVAILABLE,
     0},
    {"500, no time",
     {.http = 500, .tries = 1, .time_left_ms = 100},
     STEP_DONE,
     PM_STATUS_UNAVAILABLE,
     0},
    {"the source's own fault",
     {.http = 501, .tries = 1, .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_FAULT,
     0},
    {"503, come back",
     {.http = 503, .tries = 1, .time_left_ms = 5000, .retry_after_ms = 2000},
     STEP_RETRY,
     PM_STATUS_UNAVAILABLE,
     2000},
    {"503, come back too late",
     {.http = 503, .tries = 1, .time_left_ms = 1500, .retry_after_ms = 2000},
     STEP_DONE,
     PM_STATUS_UNAVAILABLE,
     0},
    {"429 without a time",
     {.http = 429, .tries = 1, .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_RATE_LIMITED,
     0},
    {"429, come back",
     {.http = 429, .tries = 1, .time_left_ms = 5000, .retry_after_ms = 1000},
     STEP_RETRY,
     PM_STATUS_RATE_LIMITED,
     1000},
    {"429 twice",
     {.http = 429, .tries = 2, .time_left_ms = 5000, .retry_after_ms = 1000},
     STEP_DONE,
     PM_STATUS_RATE_LIMITED,
     0},
    {"refused once",
     {.code = CURLE_COULDNT_CONNECT, .tries = 1, .time_left_ms = 5000},
     STEP_RETRY,
     PM_STATUS_REFUSED,
     250},
    {"refused, and no time for another try",
     {.code = CURLE_COULDNT_CONNECT, .tries = 1, .time_left_ms = 100},
     STEP_DONE,
     PM_STATUS_REFUSED,
     0},
    {"too late on a kept connection",
     {.code = CURLE_OPERATION_TIMEDOUT,
      .is_kept_connection = true,
      .tries = 2,
      .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_TIMEOUT,
     0},
    {"sent on from nowhere",
     {.http = 302,
      .tries = 1,
      .time_left_ms = 5000,
      .url = PM_STR_INIT("nowhere"),
      .redirect_url = PM_STR_INIT("http://h/")},
     STEP_DONE,
     PM_STATUS_REDIRECTED,
     0},
    {"refused twice",
     {.code = CURLE_COULDNT_CONNECT, .tries = 2, .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_REFUSED,
     0},
    {"unknown name",
     {.code = CURLE_COULDNT_RESOLVE_HOST, .tries = 1, .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_UNRESOLVED,
     0},
    {"unknown name, in libcurl's words",
     {.code = CURLE_COULDNT_RESOLVE_HOST,
      .tries = 1,
      .time_left_ms = 5000,
      .url = PM_STR_INIT("https://a.example/x"),
      .words = PM_STR_INIT("Could not resolve host: a.example")},
     STEP_DONE,
     PM_STATUS_UNRESOLVED,
     0},
    {"no memory for an address",
     {.code = CURLE_COULDNT_RESOLVE_HOST,
      .tries = 1,
      .time_left_ms = 5000,
      .url = PM_STR_INIT("http://127.0.0.1:80/x")},
     STEP_DONE,
     PM_STATUS_NO_MEMORY,
     0},
    {"no thread to look a name up",
     {.code = CURLE_COULDNT_RESOLVE_HOST,
      .tries = 1,
      .time_left_ms = 5000,
      .url = PM_STR_INIT("https://a.example/x"),
      .words = PM_STR_INIT("getaddrinfo() thread failed to start")},
     STEP_DONE,
     PM_STATUS_NO_MEMORY,
     0},
    {"reset",
     {.code = CURLE_RECV_ERROR, .tries = 1, .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_BROKEN,
     0},
    {"cut short",
     {.code = CURLE_PARTIAL_FILE, .tries = 1, .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_BROKEN,
     0},
    {"no HTTP",
     {.code = CURLE_WEIRD_SERVER_REPLY, .tries = 1, .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_BAD_REPLY,
     0},
    {"no HTTP on a kept connection",
     {.code = CURLE_WEIRD_SERVER_REPLY,
      .is_kept_connection = true,
      .tries = 1,
      .time_left_ms = 5000},
     STEP_RETRY,
     PM_STATUS_BAD_REPLY,
     0},
    {"no HTTP on the next one either",
     {.code = CURLE_WEIRD_SERVER_REPLY,
      .is_kept_connection = true,
      .tries = 2,
      .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_BAD_REPLY,
     0},
    {"half a reply on a kept connection",
     {.code = CURLE_PARTIAL_FILE,
      .is_kept_connection = true,
      .http = 200,
      .tries = 1,
      .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_BROKEN,
     0},
    {"untrusted",
     {.code = CURLE_PEER_FAILED_VERIFICATION, .tries = 1, .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_BAD_TLS,
     0},
    {"over the limit",
     {.code = CURLE_WRITE_ERROR, .is_too_large = true, .tries = 1, .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_TOO_LARGE,
     0},
    {"out of memory",
     {.code = CURLE_WRITE_ERROR, .is_out_of_memory = true, .tries = 1, .time_left_ms = 5000},
     STEP_DONE,
     PM_STATUS_NO_MEMORY,
     0},
    {"to nowhere",
     {.http = 301, .tries = 1, .time_left_ms = 5000, .url = PM_STR_INIT("https://a.example/x")},
     STEP_DONE,
     PM_STATUS_REDIRECTED,
     0},
    {"to a place that memory had no room for",
     {.http = 301,
      .has_place = true,
      .tries = 1,
      .time_left_ms = 5000,
      .url = PM_STR_INIT("https://a.example/x")},
     STEP_DONE,
     PM_STATUS_NO_MEMORY,
     0},
    {"same place",
     {.http = 301,
      .tries = 1,
      .time_left_ms = 5000,
      .url = PM_STR_INIT("https://a.example/x"),
      .redirect_url = PM_STR_INIT("https://A.example:443/y")},
     STEP_FOLLOW,
     PM_STATUS_OK,
     0},
    {"another host",
     {.http = 302,
      .tries = 1,
      .time_left_ms = 5000,
      .url = PM_STR_INIT("https://a.example/x"),
      .redirect_url = PM_STR_INIT("https://b.example/x")},
     STEP_DONE,
     PM_STATUS_REDIRECTED,
     0},
    {"to plain http",
     {.http = 307,
      .tries = 1,
      .time_left_ms = 5000,
      .url = PM_STR_INIT("https://a.example/x"),
      .redirect_url = PM_STR_INIT("http://a.example/x")},
     STEP_DONE,
     PM_STATUS_REDIRECTED,
     0},
    {"to a file",
     {.http = 308,
      .tries = 1,
      .time_left_ms = 5000,
      .url = PM_STR_INIT("https://a.example/x"),
      .redirect_url = PM_STR_INIT("file:///etc/passwd")},
     STEP_DONE,
     PM_STATUS_REDIRECTED,
     0},
    {"a fourth time",
     {.http = 301,
      .tries = 1,
      .redirects = 3,
      .time_left_ms = 5000,
      .url = PM_STR_INIT("https://a.example/x"),
      .redirect_url = PM_STR_INIT("https://a.example/y")},
     STEP_DONE,
     PM_STATUS_REDIRECTED,
     0},
    {"same place, posted again",
     {.http = 308,
      .tries = 1,
      .has_body = true,
      .time_left_ms = 5000,
      .url = PM_STR_INIT("https://a.example/x"),
      .redirect_url = PM_STR_INIT("https://a.example/y")},
     STEP_FOLLOW,
     PM_STATUS_OK,
     0},
    {"same place, no longer posted",
     {.http = 303,
      .tries = 1,
      .has_body = true,
      .time_left_ms = 5000,
      .url = PM_STR_INIT("https://a.example/x"),
      .redirect_url = PM_STR_INIT("https://a.example/y")},
     STEP_DONE,
     PM_STATUS_REDIRECTED,
     0},
    {"another host, posted again",
     {.http = 307,
      .tries = 1,
      .has_body = true,
      .time_left_ms = 5000,
      .url = PM_STR_INIT("https://a.example/x"),
      .redirect_url = PM_STR_INIT("https://b.example/x")},
     STEP_DONE,
     PM_STATUS_REDIRECTED,
     0},
    {"nowhere",
     {.http = 301, .tries = 1, .time_left_ms = 5000, .url = PM_STR_INIT("https://a.example/x")},
     STEP_DONE,
     PM_STATUS_REDIRECTED,
     0},
};

/* A kind whose 4xx are answers: all but those that speak of the moment. */
static void test_answers(void)
{
    static const struct pm_kind answering = {.name = "/hub/model", .decodes_refusals = true};
    static const struct {
        long http;
        enum pm_status status;
    } cases[] = {
        {200, PM_STATUS_OK},          {400, PM_STATUS_OK},           {401, PM_STATUS_OK},
        {404, PM_STATUS_OK},          {451, PM_STATUS_OK},           {499, PM_STATUS_OK},
        {408, PM_STATUS_HTTP_STATUS}, {429, PM_STATUS_RATE_LIMITED}, {500, PM_STATUS_UNAVAILABLE},
        {204, PM_STATUS_HTTP_STATUS}, {304, PM_STATUS_HTTP_STATUS},  {302, PM_STATUS_REDIRECTED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct ending ending = {.http = cases[i].http, .tries = 2};
        struct pm_outcome outcome = {0};
        struct pm_body body = {0};
        int64_t pause_ms = 0;
        enum next_step step = pm_verdict(&ending, &answering, &body, &outcome, &pause_ms);
        CHECK(step == STEP_DONE && outcome.http == cases[i].http, "HTTP %ld", cases[i].http);
        CHECK(outcome.status == cases[i].status, "HTTP %ld: %s", cases[i].http,
              pm_status_word(outcome.status));
    }
}

static void test_come_back(void)
{
    static const struct {
        long http;
        const char *rate_limit;
        int64_t retry_after_ms, want;
    } cases[] = {
        {429, "\"api\";r=0;t=120", 0, 120000},
        {429, "\"api\";r=0;t=120", 30000, 120000},
        {429, "\"api\";r=7;t=120", 30000, 30000},
        {429, "\"api\";r=0;t=0", 30000, 30000},
        {429, "\"api\";r=0;t=99999999999", 30000, 30000},
        {429, "", 30000, 30000},
        {429, "", 0, 0},
        {503, "\"api\";r=0;t=120", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t got = pm_come_back_ms(cases[i].http, pm_str_from(cases[i].rate_limit),
                                      cases[i].retry_after_ms);
        CHECK(got == cases[i].want, "%s: %lld", cases[i].rate_limit, (long long)got);
    }
}

int main(void)
{
    test_answers();
    test_come_back();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_outcome outcome = {0};
        struct pm_body body = {0};
        int64_t pause_ms = 0;
        enum next_step step = pm_verdict(&rows[i].ending, &kind, &body, &outcome, &pause_ms);
        CHECK(step == rows[i].step, "%s: step %d", rows[i].what, (int)step);
        CHECK(outcome.status == rows[i].status, "%s: %s", rows[i].what,
              pm_status_word(outcome.status));
        CHECK(pause_ms == rows[i].pause_ms, "%s: pause %lld", rows[i].what, (long long)pause_ms);
        CHECK((outcome.status == PM_STATUS_OK) == (strlen(outcome.problem) == 0),
              "%s: problem \"%s\"", rows[i].what, outcome.problem);
    }
    return check_done();
}
