/* verdict.c - what the end of a transfer means, and whether it is worth another try.
 *
 * One retry on a failed connection, on a kept one that gave no reply, and on HTTP 5xx; none when
 * the source itself had the last word. A source that names a time to come back is believed if those
 * who wait have that long. */

#include "net/inside.h"

#include "codec/hub_name.h"
#include "codec/url.h"

#include <string.h>

#define TRIES_MOST 2
#define COME_BACK_MOST_S 1000000

/* Rows are looked for in order; what is not here is PM_STATUS_BROKEN. */
static const struct {
    CURLcode code;
    enum pm_status status;
    bool retry;
    const char *problem;
} endings[] = {
    {CURLE_COULDNT_RESOLVE_HOST, PM_STATUS_UNRESOLVED, false, "the host's name is not known"},
    {CURLE_COULDNT_RESOLVE_PROXY, PM_STATUS_UNRESOLVED, false, "the proxy's name is not known"},
    {CURLE_COULDNT_CONNECT, PM_STATUS_REFUSED, true, "no connection"},
    {CURLE_OPERATION_TIMEDOUT, PM_STATUS_TIMEOUT, true, "no connection in time"},
    {CURLE_SSL_CONNECT_ERROR, PM_STATUS_BAD_TLS, false, "no encrypted connection"},
    {CURLE_PEER_FAILED_VERIFICATION, PM_STATUS_BAD_TLS, false, "its certificate is not trusted"},
    {CURLE_SSL_CERTPROBLEM, PM_STATUS_BAD_TLS, false, "a certificate problem"},
    {CURLE_SSL_CACERT_BADFILE, PM_STATUS_BAD_TLS, false,
     "the file of trusted certificates is not readable"},
    {CURLE_SSL_CIPHER, PM_STATUS_BAD_TLS, false, "no common cipher"},
    {CURLE_SSL_ISSUER_ERROR, PM_STATUS_BAD_TLS, false, "its certificate's issuer is not trusted"},
    {CURLE_SSL_INVALIDCERTSTATUS, PM_STATUS_BAD_TLS, false, "its certificate's status is bad"},
    {CURLE_FILESIZE_EXCEEDED, PM_STATUS_TOO_LARGE, false, "the reply is larger than 16 MB"},
    {CURLE_BAD_CONTENT_ENCODING, PM_STATUS_BAD_REPLY, false,
     "the compressed reply cannot be unpacked"},
    {CURLE_WEIRD_SERVER_REPLY, PM_STATUS_BAD_REPLY, false, "the reply is not HTTP"},
    {CURLE_UNSUPPORTED_PROTOCOL, PM_STATUS_BAD_REPLY, false, "the reply is not HTTP"},
    {CURLE_OUT_OF_MEMORY, PM_STATUS_NO_MEMORY, false, "memory ran out"},
};

/* What libcurl takes for an unknown name: it had no memory, or no thread, to look one up. */
static bool was_not_looked_up(const struct ending *ending)
{
    struct pm_url url;
    const char *problem = NULL;
    bool is_address = pm_url_read(ending->url, &url, &problem) && pm_url_is_address(&url);
    return ending->code == CURLE_COULDNT_RESOLVE_HOST &&
           (is_address || pm_str_has_nocase(ending->words, PM_STR("thread failed to start")));
}

static enum next_step judge_code(const struct ending *ending, struct pm_outcome *outcome,
                                 int64_t *pause_ms)
{
    enum pm_status status = PM_STATUS_BROKEN;
    const char *problem = "the connection ended before the reply was whole";
    bool retry = false;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (endings[i].code == ending->code) {
            status = endings[i].status;
            problem = endings[i].problem;
            retry = endings[i].retry;
            break;
        }
    }
    if (ending->is_too_large) {
        status = PM_STATUS_TOO_LARGE;
        problem = "the reply is larger than 16 MB, or all replies of the call than 32 MB";
    } else if (ending->is_out_of_memory || was_not_looked_up(ending)) {
        status = PM_STATUS_NO_MEMORY;
        problem = "memory ran out";
    }
    pm_outcome_set(outcome, status, "%s", problem);
    /* What an earlier reply left on a kept connection is no word of the source. */
    if (ending->is_kept_connection && ending->http == 0 && status != PM_STATUS_TIMEOUT &&
        ending->tries < TRIES_MOST) {
        *pause_ms = 0;
        return STEP_RETRY;
    }
    if (retry && ending->tries < TRIES_MOST && ending->time_left_ms > RETRY_PAUSE_MS) {
        *pause_ms = RETRY_PAUSE_MS;
        return STEP_RETRY;
    }
    return STEP_DONE;
}

/* libcurl makes an address of where a reply leads to, and without memory for that gives what the
 * reply has, or nothing. */
static bool is_place_lost(const struct ending *ending)
{
    pm_str place = ending->redirect_url;
    bool is_path = pm_str_starts(place, PM_STR("/")) && !pm_str_starts(place, PM_STR("//"));
    for (size_t i = 0; is_path && i < place.len; i++) {
        is_path = place.ptr[i] > ' ' && place.ptr[i] <= '~';
    }
    return is_path || (place.len == 0 && ending->has_place);
}

static enum next_step judge_redirect(const struct ending *ending, struct pm_outcome *outcome)
{
    struct pm_url from, to;
    const char *problem = NULL;
    if (is_place_lost(ending)) {
        pm_outcome_set(outcome, PM_STATUS_NO_MEMORY, "memory ran out");
    } else if (ending->redirect_url.len == 0) {
        pm_outcome_set(outcome, PM_STATUS_REDIRECTED, "HTTP %ld without a place to go",
                       ending->http);
    } else if (!pm_url_read(ending->redirect_url, &to, &problem)) {
        pm_outcome_set(outcome, PM_STATUS_REDIRECTED,
                       "HTTP %ld to no http(s) address: not followed", ending->http);
    } else if (!pm_url_read(ending->url, &from, &problem) || !pm_url_same_place(&from, &to)) {
        pm_outcome_set(outcome, PM_STATUS_REDIRECTED,
                       "HTTP %ld to another host or port (%.*s): not followed", ending->http,
                       (int)(to.host.len < 100 ? to.host.len : 100), to.host.ptr);
    } else if (ending->has_body && ending->http != 307 && ending->http != 308) {
        pm_outcome_set(outcome, PM_STATUS_REDIRECTED,
                       "HTTP %ld, which drops what was asked: not followed", ending->http);
    } else if (ending->redirects >= REDIRECTS_MOST) {
        pm_outcome_set(outcome, PM_STATUS_REDIRECTED, "more than %d redirects", REDIRECTS_MOST);
    } else {
        return STEP_FOLLOW;
    }
    return STEP_DONE;
}

static bool is_redirect(long http)
{
    return http == 301 || http == 302 || http == 303 || http == 307 || http == 308;
}

int64_t pm_come_back_ms(long http, pm_str rate_limit, int64_t retry_after_ms)
{
    uint64_t left, seconds;
    bool is_used_up =
        http == 429 && pm_rate_limit_read(rate_limit, &left, &seconds) && left == 0 && seconds > 0;
    return is_used_up && seconds < COME_BACK_MOST_S ? (int64_t)seconds * 1000 : retry_after_ms;
}

/* Come back later, if the source says when and there is time for it. */
static bool can_come_back(const struct ending *ending)
{
    return ending->tries < TRIES_MOST && ending->retry_after_ms > 0 &&
           ending->retry_after_ms < ending->time_left_ms;
}

static enum next_step judge_busy(const struct ending *ending, struct pm_outcome *outcome,
                                 int64_t *pause_ms)
{
    enum pm_status status = ending->http == 429 ? PM_STATUS_RATE_LIMITED : PM_STATUS_UNAVAILABLE;
    if (ending->retry_after_ms > 0) {
        pm_outcome_set(outcome, status, "HTTP %ld: come back in %lld s", ending->http,
                       (long long)((ending->retry_after_ms + 999) / 1000));
    } else {
        pm_outcome_set(outcome, status, "HTTP %ld", ending->http);
    }
    if (can_come_back(ending)) {
        *pause_ms = ending->retry_after_ms;
        return STEP_RETRY;
    }
    bool may_retry = ending->http != 429 && ending->retry_after_ms == 0;
    if (may_retry && ending->tries < TRIES_MOST && ending->time_left_ms > RETRY_PAUSE_MS) {
        *pause_ms = RETRY_PAUSE_MS;
        return STEP_RETRY;
    }
    return STEP_DONE;
}

/* 408 and 429 speak of the moment, not of the question. */
static bool is_answer(long http, const struct pm_kind *kind)
{
    return kind->decodes_refusals && http >= 400 && http < 500 && http != 408 && http != 429;
}

enum next_step pm_verdict(const struct ending *ending, const struct pm_kind *kind,
                          struct pm_body *body, struct pm_outcome *outcome, int64_t *pause_ms)
{
    if (ending->code != CURLE_OK) {
        return judge_code(ending, outcome, pause_ms);
    }
    outcome->http = ending->http;
    if (ending->http == 200 || is_answer(ending->http, kind)) {
        outcome->status = PM_STATUS_OK;
        outcome->problem[0] = '\0';
        return STEP_DONE;
    }
    if (is_redirect(ending->http)) {
        return judge_redirect(ending, outcome);
    }
    if (kind->refusal && kind->refusal(ending->http, body, outcome)) {
        return STEP_DONE;
    }
    if (ending->http == 429 || ending->http >= 500) {
        return judge_busy(ending, outcome, pause_ms);
    }
    pm_outcome_set(outcome, PM_STATUS_HTTP_STATUS, "HTTP %ld", ending->http);
    return STEP_DONE;
}
