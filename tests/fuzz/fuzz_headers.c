/* fuzz_headers.c - what a reply says before its body, and what follows from that: another try, when
 * to come back, where to go on.
 *
 * The first byte says who was asked, the second how the request stood; the rest is a place to go, a
 * line of its own, and a whole reply. */

#include "fuzz.h"

#include "codec/json.h"
#include "codec/url.h"
#include "net/inside.h"
#include "source/dashboard_inside.h"
#include "source/hub_inside.h"
#include "source/rpc_inside.h"

#define ASKED "https://a.example:8443/x"

static const struct pm_kind *const kinds[] = {&pm_dashboard_kind_runs, &pm_hub_kinds_model.moving,
                                              &pm_rpc_kind_search, &pm_rpc_kind_health};

struct fields {
    pm_str text[8];
    bool has_link;
};

static struct fields fields_of(const struct pm_headers *headers)
{
    return (struct fields){{headers->content_type, headers->link, headers->rate_limit,
                            headers->retry_after, headers->error_code, headers->error_message,
                            headers->commit, headers->total_count},
                           headers->has_link};
}

/* Bounded and on one line; written and read again they are the same. */
static void check_headers(struct pm_arena *arena, const struct pm_headers *headers)
{
    struct pm_headers again = pm_no_headers;
    pm_str lines = pm_headers_write(headers, arena);
    pm_headers_read(&again, arena, lines);
    struct fields have = fields_of(headers), back = fields_of(&again);
    for (size_t i = 0; i < sizeof have.text / sizeof *have.text; i++) {
        pm_str text = have.text[i];
        HOLDS(text.len <= (i == 1 ? PM_HEADER_LINK_MOST : PM_HEADER_MOST));
        HOLDS(pm_str_find(text, '\n') == text.len && pm_str_trim(text).len == text.len);
        HOLDS(pm_str_equal(text, back.text[i]));
    }
    HOLDS(have.has_link == back.has_link && (have.has_link || headers->link.len == 0));
    HOLDS(pm_str_equal(headers->generation, again.generation));
    pm_headers_take(&again, arena, PM_STR("HTTP/1.1 200 OK\r\n"));
    HOLDS(pm_headers_write(&again, arena).len == 0);
}

static pm_str take_line(pm_str *rest)
{
    size_t end = pm_str_find(*rest, '\n');
    pm_str line = pm_str_slice(*rest, 0, end + 1);
    *rest = pm_str_tail(*rest, end + 1);
    return line;
}

static struct ending make_ending(unsigned bits, pm_str place, long http,
                                 const struct pm_headers *in)
{
    uint64_t seconds = 0;
    bool is_number = pm_str_to_u64(in->retry_after, &seconds);
    int64_t after_ms = is_number && seconds < 1000000 ? (int64_t)seconds * 1000 : 0;
    return (struct ending){
        .code = bits & 1 ? CURLE_OK : (CURLcode)(bits / 2 % CURL_LAST),
        .is_kept_connection = bits & 2,
        .has_body = bits & 4,
        .http = http,
        .retry_after_ms = pm_come_back_ms(http, in->rate_limit, after_ms),
        .time_left_ms = bits & 8 ? 15000 : 200,
        .tries = bits & 16 ? 2 : 1,
        .redirects = (bits >> 5) % (REDIRECTS_MOST + 1),
        .url = PM_STR(ASKED),
        .redirect_url = place,
    };
}

static void check_follow(const struct ending *ending)
{
    struct pm_url from, to;
    const char *problem = NULL;
    HOLDS(ending->redirects < REDIRECTS_MOST);
    HOLDS(!ending->has_body || ending->http == 307 || ending->http == 308);
    HOLDS(pm_url_read(PM_STR(ASKED), &from, &problem));
    HOLDS(pm_url_read(ending->redirect_url, &to, &problem) && pm_url_same_place(&from, &to));
    HOLDS(to.port == 8443 && pm_str_equal_nocase(to.host, PM_STR("a.example")));
}

static void check_verdict(const struct ending *ending, const struct pm_kind *kind,
                          struct pm_body *body)
{
    struct pm_outcome outcome = {.status = PM_STATUS_OK};
    int64_t pause_ms = -1;
    enum next_step step = pm_verdict(ending, kind, body, &outcome, &pause_ms);
    pm_str problem = {outcome.problem, strnlen(outcome.problem, sizeof outcome.problem)};
    HOLDS(problem.len < sizeof outcome.problem && pm_str_find(problem, '\n') == problem.len);
    if (step == STEP_FOLLOW) {
        check_follow(ending);
        return;
    }
    HOLDS(outcome.status < PM_STATUS_COUNT);
    HOLDS((outcome.status == PM_STATUS_OK) == (problem.len == 0));
    HOLDS(outcome.status != PM_STATUS_OK ||
          (ending->http == 200 || (kind->decodes_refusals && ending->http / 100 == 4)));
    if (step == STEP_RETRY) {
        HOLDS(ending->tries < 2 && pause_ms >= 0);
        HOLDS(pause_ms < ending->time_left_ms && outcome.status != PM_STATUS_OK);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pm_arena arena;
    struct pm_headers headers = pm_no_headers;
    uint64_t http = 0;
    if (size < 2) {
        return 0;
    }
    pm_str rest = fuzz_text(data + 2, size - 2);
    pm_str place = pm_str_trim(take_line(&rest));
    pm_str first = pm_str_tail(rest, pm_str_find(rest, ' ') + 1);
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    for (pm_str line; rest.len && pm_str_trim(line = take_line(&rest)).len;) {
        pm_headers_take(&headers, &arena, line);
    }
    check_headers(&arena, &headers);
    bool has_status = pm_str_to_u64(pm_str_slice(first, 0, 3), &http) && http >= 100;
    struct ending ending = make_ending(data[1], place, has_status ? (long)http : 0, &headers);
    HOLDS(ending.retry_after_ms >= 0 && ending.retry_after_ms < INT64_C(1000000) * 1000);
    char *bytes = malloc(rest.len + PM_JSON_PADDING);
    HOLDS(bytes != NULL);
    memcpy(bytes, rest.len ? rest.ptr : "", rest.len);
    memset(bytes + rest.len, 'x', PM_JSON_PADDING);
    struct pm_body body = {.ptr = bytes, .len = rest.len, .headers = &headers};
    check_verdict(&ending, kinds[data[0] % (sizeof kinds / sizeof *kinds)], &body);
    free(bytes);
    pm_arena_finish(&arena);
    return 0;
}
