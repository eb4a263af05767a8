/* thread.c - the network thread: takes requests in, moves bytes, hands replies out.
 *
 * A transfer whose name is still being looked up cannot be removed without waiting for the
 * resolver, which may never come back. Such a transfer is parked: its entry is delivered as a
 * timeout, the transfer stays until the lookup ends, and then ends itself. */

#include "net/inside.h"

#include "codec/url.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_NAP_MS 1000
#define KEPT_CONNECTIONS 32L /* libcurl's own number shrinks to 4 when the last requests end */

/* --- ends --- */

static void unlink_transfer(struct transfer *transfer)
{
    for (struct transfer **at = &transfer->net->transfers; *at; at = &(*at)->next) {
        if (*at == transfer) {
            *at = transfer->next;
            return;
        }
    }
}

static void deliver(struct transfer *transfer)
{
    struct pm_entry *entry = transfer->entry;
    entry->outcome.took_ms = pm_clock_mono_ms() - transfer->first_mono_ms;
    transfer->entry = NULL;
    pm_keeper_pack(transfer->net, entry);
    pm_net_deliver(transfer->net, entry);
    pm_entry_release(entry);
}

static void finish(struct transfer *transfer)
{
    if (transfer->entry) {
        deliver(transfer);
    }
    unlink_transfer(transfer);
    pm_transfer_free(transfer);
}

static bool must_park(const struct transfer *transfer)
{
    return transfer->is_running && !transfer->has_resolved;
}

/* The entry is answered now; the transfer goes, or stays parked. */
static void give_up(struct transfer *transfer)
{
    if (must_park(transfer)) {
        deliver(transfer);
    } else {
        finish(transfer);
    }
}

/* --- time --- */

/* Until when somebody waits for this entry; 0 when nobody does any more. */
static int64_t wanted_until(const struct transfer *transfer)
{
    int64_t latest = 0;
    pthread_mutex_lock(&transfer->net->lock);
    for (struct pm_waiter *waiter = transfer->entry->waiters; waiter; waiter = waiter->next) {
        if (waiter->deadline_mono_ms > latest) {
            latest = waiter->deadline_mono_ms;
        }
    }
    pthread_mutex_unlock(&transfer->net->lock);
    return latest;
}

/* Until when it may run: for those who wait, or to fill the cache though nobody does. */
static int64_t limit_of(const struct transfer *transfer)
{
    int64_t wanted = wanted_until(transfer), orphan = transfer->first_mono_ms + ORPHAN_LIMIT_MS;
    return wanted > orphan ? wanted : orphan;
}

/* Of heavy requests to one place only the first that is still here may be under way: those behind
 * it in the list are older. */
static bool waits_its_turn(const struct transfer *transfer)
{
    struct pm_url here, there;
    const char *problem = NULL;
    if (!transfer->entry->kind->is_heavy ||
        !pm_url_read(pm_str_from(transfer->entry->url), &here, &problem)) {
        return false;
    }
    for (const struct transfer *older = transfer->next; older; older = older->next) {
        if (older->entry && older->entry->kind->is_heavy &&
            pm_url_read(pm_str_from(older->entry->url), &there, &problem) &&
            pm_url_same_place(&here, &there)) {
            return true;
        }
    }
    return false;
}

static void begin(struct transfer *transfer)
{
    if (!pm_transfer_begin(transfer)) {
        pm_outcome_set(&transfer->entry->outcome, PM_STATUS_NO_MEMORY, "memory ran out");
        finish(transfer);
    }
}

/* What a transfer's last try came to: done, once more, or somewhere else. */
static void conclude(struct transfer *transfer, struct ending *ending)
{
    struct pm_entry *entry = transfer->entry;
    int64_t now = pm_clock_mono_ms(), pause_ms = 0, wanted = wanted_until(transfer);
    ending->time_left_ms = (wanted ? wanted : limit_of(transfer)) - now;
    enum next_step step = pm_verdict(ending, entry->kind, &entry->body, &entry->outcome, &pause_ms);
    if (entry->outcome.status == PM_STATUS_RATE_LIMITED && ending->retry_after_ms > 0) {
        pm_rest_note(transfer->net, entry->kind, ending->url, ending->retry_after_ms);
    }
    char *url =
        step == STEP_FOLLOW ? strndup(ending->redirect_url.ptr, ending->redirect_url.len) : NULL;
    pm_transfer_stop(transfer);
    transfer->is_too_large = transfer->is_out_of_memory = false;
    if (step == STEP_RETRY) {
        transfer->start_at_mono_ms = now + pause_ms;
    } else if (url) {
        free(transfer->url);
        transfer->url = url;
        transfer->redirects++;
        transfer->tries--;
        begin(transfer);
    } else {
        finish(transfer);
    }
}

static void check_time(struct transfer *transfer, int64_t now)
{
    struct pm_outcome *outcome = &transfer->entry->outcome;
    if (now >= limit_of(transfer)) {
        bool has_word = outcome->status != PM_STATUS_OK; /* waiting to come back: its word stands */
        if (transfer->is_running || !has_word) {
            pm_outcome_set(outcome, PM_STATUS_TIMEOUT, "%s within %lld s",
                           transfer->tries == 0      ? "an earlier request of its kind did not end"
                           : !transfer->has_resolved ? "its name was not resolved"
                           : transfer->is_connected  ? "no whole reply"
                                                     : "no connection",
                           (long long)((now - transfer->first_mono_ms + 500) / 1000));
        }
        give_up(transfer);
    } else if (!transfer->is_running) {
        if (now >= transfer->start_at_mono_ms && !waits_its_turn(transfer)) {
            begin(transfer);
        }
    } else if (transfer->has_resolved && !transfer->is_connected &&
               now >= transfer->began_mono_ms + CONNECT_LIMIT_MS) {
        struct ending ending = {.code = CURLE_OPERATION_TIMEDOUT, .tries = transfer->tries};
        conclude(transfer, &ending);
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
        int64_t due = limit_of(transfer);
        if (!transfer->is_running && transfer->start_at_mono_ms < due &&
            !waits_its_turn(transfer)) {
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
        .url = pm_str_from(transfer->url),
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
            finish(transfer); /* was parked */
            continue;
        }
        struct ending ending;
        read_ending(transfer, code, &ending);
        conclude(transfer, &ending);
    }
}

/* --- requests in --- */

/* Lookups of the same host that hang; a further one would only hang too. */
static unsigned parked_for(const struct pm_net *net, const struct pm_url *url)
{
    unsigned count = 0;
    for (const struct transfer *other = net->transfers; other; other = other->next) {
        struct pm_url theirs;
        const char *problem = NULL;
        count += !other->entry && pm_url_read(pm_str_from(other->url), &theirs, &problem) &&
                 pm_str_equal_nocase(theirs.host, url->host);
    }
    return count;
}

static struct transfer *make_transfer(struct pm_net *net, struct pm_entry *entry)
{
    struct transfer *transfer = calloc(1, sizeof *transfer);
    char *url = strdup(entry->url);
    if (!transfer || !url) {
        free(transfer);
        free(url);
        return NULL;
    }
    *transfer = (struct transfer){.net = net,
                                  .entry = entry,
                                  .url = url,
                                  .first_mono_ms = pm_clock_mono_ms(),
                                  .next = net->transfers};
    net->transfers = transfer;
    return transfer;
}

/* Its server asked for a rest: the request goes out after it, if those who wait have that long. */
static bool must_rest(struct transfer *transfer)
{
    struct pm_entry *entry = transfer->entry;
    int64_t until = pm_rest_until(transfer->net, entry->kind, pm_str_from(entry->url));
    if (until == 0) {
        return false;
    }
    transfer->start_at_mono_ms = until;
    if (until >= wanted_until(transfer)) {
        pm_outcome_set(&entry->outcome, PM_STATUS_RATE_LIMITED,
                       "not asked: it said HTTP 429 and to come back in %lld s",
                       (long long)((until - transfer->first_mono_ms + 999) / 1000));
        finish(transfer);
    }
    return true;
}

static void accept_request(struct pm_net *net, struct pm_entry *entry)
{
    struct pm_url url;
    const char *problem = NULL;
    if (!pm_url_read(pm_str_from(entry->url), &url, &problem)) {
        pm_outcome_set(&entry->outcome, PM_STATUS_HTTP_STATUS, "the address cannot be asked: %s",
                       problem);
    } else if (parked_for(net, &url) >= PARKED_PER_HOST) {
        pm_outcome_set(&entry->outcome, PM_STATUS_TIMEOUT,
                       "its name was not resolved: earlier lookups still hang");
    } else {
        struct transfer *transfer = make_transfer(net, entry);
        if (transfer && (must_rest(transfer) || waits_its_turn(transfer))) {
            return; /* check_time begins it */
        }
        if (transfer) {
            begin(transfer);
            return;
        }
        pm_outcome_set(&entry->outcome, PM_STATUS_NO_MEMORY, "memory ran out");
    }
    pm_net_deliver(net, entry);
    pm_entry_release(entry);
}

/* The inbox is a stack; requests begin in the order they were handed in. */
static void take_requests(struct pm_net *net)
{
    struct pm_entry *first = NULL;
    pthread_mutex_lock(&net->lock);
    while (net->inbox) {
        struct pm_entry *entry = net->inbox;
        net->inbox = entry->next;
        entry->next = first;
        first = entry;
    }
    pthread_mutex_unlock(&net->lock);
    while (first) {
        struct pm_entry *entry = first;
        first = entry->next;
        accept_request(net, entry);
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
        if (PM_CURL_QUICK_EXIT || !must_park(transfer)) {
            finish(transfer);
        } else if (transfer->entry) {
            deliver(transfer);
        }
    }
    return net->transfers == NULL;
}

static void *run(void *user)
{
    struct pm_net *net = user;
    for (;;) {
        take_requests(net);
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
