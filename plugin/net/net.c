/* net.c - what calls see of the network: entries handed out, joined and kept. */

#include "net/inside.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CLOSE_WAIT_MS 80

/* --- making and ending --- */

static bool init_cond(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0) {
        return false;
    }
    bool ok = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
              pthread_cond_init(cond, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return ok;
}

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void start_curl(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct pm_net *pm_net_make(const struct pm_settings *settings)
{
    struct pm_net *net = calloc(1, sizeof *net);
    if (!net) {
        return NULL;
    }
    if (settings->cacert.len) {
        net->cacert = strndup(settings->cacert.ptr, settings->cacert.len);
    }
    bool has_paths = !settings->cacert.len || net->cacert;
    if (!has_paths || pthread_mutex_init(&net->lock, NULL) != 0) {
        free(net->cacert);
        free(net);
        return NULL;
    }
    if (!init_cond(&net->ended)) {
        pthread_mutex_destroy(&net->lock);
        free(net->cacert);
        free(net);
        return NULL;
    }
    net->clock = settings->clock;
    net->references = 1;
    return net;
}

static void free_net(struct pm_net *net)
{
    for (size_t i = 0; i < net->kept_count; i++) {
        pm_entry_release(net->kept[i]);
    }
    pthread_cond_destroy(&net->ended);
    pthread_mutex_destroy(&net->lock);
    free(net->cacert);
    free(net);
}

void pm_net_release(struct pm_net *net)
{
    pthread_mutex_lock(&net->lock);
    bool is_last = --net->references == 0;
    if (!is_last) {
        pthread_cond_broadcast(&net->ended);
    }
    pthread_mutex_unlock(&net->lock);
    if (is_last) {
        free_net(net);
    }
}

static struct timespec moment(int64_t mono_ms)
{
    return (struct timespec){.tv_sec = (time_t)(mono_ms / 1000),
                             .tv_nsec = (long)(mono_ms % 1000) * 1000000};
}

void pm_net_close(struct pm_net *net)
{
    if (!net) {
        return;
    }
    struct timespec until = moment(pm_clock_mono_ms() + CLOSE_WAIT_MS);
    pthread_mutex_lock(&net->lock);
    net->is_closing = true;
    if (net->multi) {
        (void)curl_multi_wakeup(net->multi);
    }
    while (net->references > 1 && pthread_cond_timedwait(&net->ended, &net->lock, &until) == 0) {
    }
    pthread_mutex_unlock(&net->lock);
    pm_net_release(net);
}

const char *pm_net_library_version(void)
{
    pthread_once(&curl_once, start_curl);
    return curl_version_info(CURLVERSION_NOW)->version;
}

/* --- waiting --- */

bool pm_wait_init(struct pm_wait *wait)
{
    *wait = (struct pm_wait){0};
    return init_cond(&wait->news);
}

void pm_wait_finish(struct pm_wait *wait)
{
    pthread_cond_destroy(&wait->news);
}

void pm_net_cancel(struct pm_net *net, struct pm_wait *wait)
{
    pthread_mutex_lock(&net->lock);
    wait->is_cancelled = true;
    pthread_cond_signal(&wait->news);
    pthread_mutex_unlock(&net->lock);
}

void pm_net_lock(struct pm_net *net)
{
    pthread_mutex_lock(&net->lock);
}

void pm_net_unlock(struct pm_net *net)
{
    pthread_mutex_unlock(&net->lock);
}

void pm_net_sleep(struct pm_net *net, struct pm_wait *wait, int64_t until_mono_ms)
{
    struct timespec until = moment(until_mono_ms);
    (void)pthread_cond_timedwait(&wait->news, &net->lock, &until);
}

void pm_net_deliver(struct pm_net *net, struct pm_entry *entry)
{
    pthread_mutex_lock(&net->lock);
    entry->received_ms = pm_clock_now_ms(&net->clock);
    entry->received_mono_ms = pm_clock_mono_ms();
    entry->is_in = true;
    entry->is_good = entry->outcome.status == PM_STATUS_OK;
    for (struct pm_waiter *waiter = entry->waiters; waiter; waiter = waiter->next) {
        pthread_cond_signal(&waiter->wait->news);
    }
    pthread_mutex_unlock(&net->lock);
}

void pm_net_disown(struct pm_net *net, struct pm_entry *entry)
{
    pthread_mutex_lock(&net->lock);
    entry->is_good = false;
    pthread_mutex_unlock(&net->lock);
}

struct pm_entry *pm_net_older(struct pm_net *net, struct pm_entry *entry)
{
    pthread_mutex_lock(&net->lock);
    struct pm_entry *older = entry ? entry->last_good : NULL;
    if (older) {
        (void)pm_entry_retain(older);
    }
    pthread_mutex_unlock(&net->lock);
    return older;
}

/* --- entries kept (all under the lock) --- */

static bool is_fresh(const struct pm_entry *entry, int64_t now_mono_ms)
{
    if (!entry->is_in) {
        return true;
    }
    int64_t keep_ms = entry->is_good ? entry->kind->keep_ms : FAILURE_KEPT_MS;
    return now_mono_ms - entry->received_mono_ms < keep_ms;
}

static size_t find_kept(const struct pm_net *net, const struct pm_kind *kind, pm_str url,
                        pm_str asked)
{
    for (size_t i = 0; i < net->kept_count; i++) {
        if (pm_entry_answers(net->kept[i], kind, url, asked)) {
            return i;
        }
    }
    return net->kept_count;
}

static void forget(struct pm_net *net, size_t at)
{
    pm_entry_release(net->kept[at]);
    net->kept[at] = net->kept[--net->kept_count];
}

static bool is_kept_for_ever(const struct pm_entry *entry)
{
    return entry->is_good && entry->kind->keep_ms == PM_KEEP_FOR_EVER;
}

static bool goes_before(const struct pm_entry *entry, const struct pm_entry *other)
{
    bool stays = is_kept_for_ever(entry), other_stays = is_kept_for_ever(other);
    return stays != other_stays ? other_stays : entry->received_mono_ms < other->received_mono_ms;
}

/* Room for one more: the entries longest in go first, those that keep for ever last, those being
 * fetched never. */
static void make_room(struct pm_net *net)
{
    for (;;) {
        size_t bytes = 0, oldest = net->kept_count;
        for (size_t i = 0; i < net->kept_count; i++) {
            const struct pm_entry *entry = net->kept[i];
            if (entry->is_in) {
                bytes += entry->body_room;
                if (oldest == net->kept_count || goes_before(entry, net->kept[oldest])) {
                    oldest = i;
                }
            }
        }
        if (oldest == net->kept_count || (net->kept_count < KEPT_ENTRIES && bytes < KEPT_BYTES)) {
            return;
        }
        forget(net, oldest);
    }
}

/* The reply to fall back on when `entry`'s successor fails: itself, or what it fell back on. */
static struct pm_entry *good_one(struct pm_entry *entry)
{
    struct pm_entry *good = entry->is_good ? entry : entry->last_good;
    return good ? pm_entry_retain(good) : NULL;
}

static struct pm_entry *add_entry(struct pm_net *net, const struct pm_kind *kind, pm_str url,
                                  pm_str asked)
{
    struct pm_entry *entry = pm_entry_make(kind, url, asked);
    if (!entry) {
        return NULL;
    }
    size_t old = find_kept(net, kind, url, asked);
    if (old < net->kept_count) {
        entry->last_good = good_one(net->kept[old]);
        if (entry->last_good) { /* one step back is enough: no chain of ever older replies */
            pm_entry_release(entry->last_good->last_good);
            entry->last_good->last_good = NULL;
        }
        forget(net, old);
    }
    make_room(net);
    if (net->kept_count < KEPT_ENTRIES) {
        net->kept[net->kept_count++] = pm_entry_retain(entry);
    }
    entry->next = net->inbox;
    net->inbox = pm_entry_retain(entry);
    return entry;
}

struct pm_entry *pm_net_get(struct pm_net *net, const struct pm_kind *kind, pm_str url,
                            pm_str asked, struct pm_waiter *waiter)
{
    pthread_once(&curl_once, start_curl);
    pthread_mutex_lock(&net->lock);
    struct pm_entry *entry = NULL;
    size_t at = find_kept(net, kind, url, asked);
    if (at < net->kept_count && is_fresh(net->kept[at], pm_clock_mono_ms())) {
        entry = pm_entry_retain(net->kept[at]);
    } else if (pm_thread_start(net)) {
        entry = add_entry(net, kind, url, asked);
        if (entry) {
            (void)curl_multi_wakeup(net->multi);
        }
    }
    if (entry) {
        waiter->next = entry->waiters;
        entry->waiters = waiter;
    }
    pthread_mutex_unlock(&net->lock);
    return entry;
}

void pm_net_leave(struct pm_net *net, struct pm_entry *entry, struct pm_waiter *waiter)
{
    pthread_mutex_lock(&net->lock);
    for (struct pm_waiter **at = &entry->waiters; *at; at = &(*at)->next) {
        if (*at == waiter) {
            *at = waiter->next;
            break;
        }
    }
    pthread_mutex_unlock(&net->lock);
    pm_entry_release(entry);
}
