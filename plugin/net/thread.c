/* thread.c - the network thread: it waits for whatever comes first - a request, news of libcurl's, a
 * moment that one of its transfers waits for - and moves that transfer on (course.c). */

#include "net/inside.h"

#include <signal.h>

#define LONGEST_NAP_MS 1000
#define KEPT_CONNECTIONS 32L /* libcurl's own number shrinks to 4 when the last requests end */

/* --- time --- */

static void check_time(struct transfer *transfer, int64_t now)
{
    struct pm_outcome *outcome = &transfer->entry->outcome;
    if (now >= pm_course_limit(transfer)) {
        bool has_word = outcome->status != PM_STATUS_OK; /* waiting to come back: its word stands */
        if (transfer->is_running || !has_word) {
            pm_outcome_set(outcome, PM_STATUS_TIMEOUT, "%s within %lld s",
                           transfer->tries == 0      ? "an earlier request of its kind did not end"
                           : !transfer->has_resolved ? "its name was not resolved"
                           : transfer->is_connected  ? "no whole reply"
                                                     : "no connection",
                           (long long)((now - transfer->first_mono_ms + 500) / 1000));
        }
        pm_course_give_up(transfer);
    } else if (!transfer->is_running) {
        if (now >= transfer->start_at_mono_ms && !pm_course_waits(transfer)) {
            pm_course_begin(transfer);
        }
    } else if (transfer->has_resolved && !transfer->is_connected &&
               now >= transfer->began_mono_ms + CONNECT_LIMIT_MS) {
        struct ending ending = {.code = CURLE_OPERATION_TIMEDOUT, .tries = transfer->tries};
        pm_course_conclude(transfer, &ending);
    }
}

/* Retries due, limits reached; how long nothing else will be. */
static int check_times(struct pm_net *net)
{
    int64_t now = pm_clock_mono_ms(), nearest = now + LONGEST_NAP_MS;
    for (struct transfer *transfer = net->transfers, *next; transfer; transfer = next) {
        next = transfer->next;
        if (transfer->entry) {
            check_time(transfer, now);
        }
    }
    for (const struct transfer *transfer = net->transfers; transfer; transfer = transfer->next) {
        if (!transfer->entry) {
            continue;
        }
        int64_t due = pm_course_limit(transfer);
        if (!transfer->is_running && transfer->start_at_mono_ms < due &&
            !pm_course_waits(transfer)) {
            due = transfer->start_at_mono_ms;
        } else if (transfer->is_running && !transfer->is_connected &&
                   transfer->began_mono_ms + CONNECT_LIMIT_MS < due) {
            due = transfer->began_mono_ms + CONNECT_LIMIT_MS;
        }
        nearest = due < nearest ? due : nearest;
    }
    now = pm_clock_mono_ms();
    return nearest > now ? (int)(nearest - now) : 0;
}

/* --- libcurl's news --- */

static void read_ending(struct transfer *transfer, CURLcode code, struct ending *ending)
{
    CURL *easy = transfer->easy;
    curl_off_t retry_after_s = 0;
    long new_connections = 0;
    const char *redirect = NULL;
    *ending = (struct ending){
        .code = code,
        .is_too_large = transfer->is_too_large,
        .is_out_of_memory = transfer->is_out_of_memory,
        .tries = transfer->tries,
        .redirects = transfer->redirects,
        .has_body = transfer->entry->body.asked.len > 0,
        .has_place = transfer->has_place,
        .url = pm_str_from(transfer->url),
        .words = pm_str_from(transfer->words),
    };
    (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &ending->http);
    (void)curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after_s);
    (void)curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &redirect);
    (void)curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &new_connections);
    ending->is_kept_connection = transfer->is_connected && new_connections == 0;
    ending->retry_after_ms =
        pm_come_back_ms(ending->http, transfer->entry->headers.rate_limit,
                        retry_after_s > 0 && retry_after_s < 1000000 ? retry_after_s * 1000 : 0);
    ending->redirect_url = pm_str_from(redirect);
}

static void take_endings(struct pm_net *net)
{
    int left = 0;
    for (const CURLMsg *message; (message = curl_multi_info_read(net->multi, &left));) {
        char *user = NULL;
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        CURLcode code = message->data.result;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &user);
        struct transfer *transfer = (struct transfer *)(void *)user;
        if (!transfer->entry) {
            pm_course_finish(transfer); /* was parked */
            continue;
        }
        struct ending ending;
        read_ending(transfer, code, &ending);
        pm_course_conclude(transfer, &ending);
    }
}

/* --- the loop --- */

static bool is_closing(struct pm_net *net)
{
    pthread_mutex_lock(&net->lock);
    bool closing = net->is_closing;
    pthread_mutex_unlock(&net->lock);
    return closing;
}

/* Everything that can go goes; true when nothing is left but what must not be removed. */
static bool wind_up(struct pm_net *net)
{
    for (struct transfer *transfer = net->transfers, *next; transfer; transfer = next) {
        next = transfer->next;
        if (transfer->entry) {
            pm_outcome_set(&transfer->entry->outcome, PM_STATUS_TIMEOUT, "the handle was closed");
        }
        if (PM_CURL_QUICK_EXIT || !pm_course_must_park(transfer)) {
            pm_course_finish(transfer);
        } else if (transfer->entry) {
            pm_course_deliver(transfer);
        }
    }
    return net->transfers == NULL;
}

static void *run(void *user)
{
    struct pm_net *net = user;
    for (;;) {
        pm_course_take(net);
        int running = 0;
        (void)curl_multi_perform(net->multi, &running);
        take_endings(net);
        if (is_closing(net) && wind_up(net)) {
            break;
        }
        int nap_ms = check_times(net);
        (void)curl_multi_poll(net->multi, NULL, 0, nap_ms, NULL);
    }
    CURLM *multi = net->multi;
    pthread_mutex_lock(&net->lock);
    net->multi = NULL; /* close() may still want to wake it */
    pthread_mutex_unlock(&net->lock);
    (void)curl_multi_cleanup(multi);
    pm_net_release(net);
    return NULL;
}

/* Called under the lock. All signals stay with the host's threads. */
bool pm_thread_start(struct pm_net *net)
{
    pthread_t thread;
    sigset_t all, before;
    if (net->has_thread) {
        return true;
    }
    pm_net_start_curl();
    net->multi = curl_multi_init();
    if (!net->multi) {
        return false;
    }
    (void)curl_multi_setopt(net->multi, CURLMOPT_MAXCONNECTS, KEPT_CONNECTIONS);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    net->has_thread = pthread_create(&thread, NULL, run, net) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!net->has_thread) {
        (void)curl_multi_cleanup(net->multi);
        net->multi = NULL;
        return false;
    }
    net->references++;
    (void)pthread_detach(thread);
    return true;
}
