/* net.c - what calls see of the network: entries handed out, joined and kept. */

#include "net/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CLOSE_WAIT_MS 80

/* --- making and ending --- */

bool pm_net_init_cond(pthread_cond_t *cond)
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

static void init_curl(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

void pm_net_start_curl(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_curl);
}

static bool copy_settings(struct pm_net *net, const struct pm_settings *settings)
{
    bool ok = true;
    if (settings->cacert.len) {
        net->cacert = strndup(settings->cacert.ptr, settings->cacert.len);
        ok = net->cacert != NULL;
    }
    if (settings->store_path.len) {
        net->keeper.path = strndup(settings->store_path.ptr, settings->store_path.len);
        ok = ok && net->keeper.path;
    }
    if (settings->hub_token.len) {
        net->hub_url = strndup(settings->hub_url.ptr, settings->hub_url.len);
        if (asprintf(&net->hub_pass, "Authorization: Bearer %.*s",
                     PM_STR_ARG(settings->hub_token)) < 0) {
            net->hub_pass = NULL;
        }
        ok = ok && net->hub_url && net->hub_pass;
    }
    return ok;
}

static void free_settings(struct pm_net *net)
{
    if (net->hub_pass) {
        explicit_bzero(net->hub_pass, strlen(net->hub_pass));
    }
    free(net->hub_pass);
    free(net->hub_url);
    free(net->cacert);
    free(net->keeper.path);
}

static bool init_conds(struct pm_net *net)
{
    if (!pm_net_init_cond(&net->ended)) {
        return false;
    }
    if (pm_net_init_cond(&net->keeper.work)) {
        if (pm_gate_init(&net->gate)) {
            return true;
        }
        pthread_cond_destroy(&net->keeper.work);
    }
    pthread_cond_destroy(&net->ended);
    return false;
}

struct pm_net *pm_net_make(const struct pm_settings *settings)
{
    struct pm_net *net = calloc(1, sizeof *net);
    if (!net) {
        return NULL;
    }
    bool has_lock = copy_settings(net, settings) && pthread_mutex_init(&net->lock, NULL) == 0;
    if (!has_lock || !init_conds(net)) {
        if (has_lock) {
            pthread_mutex_destroy(&net->lock);
        }
        free_settings(net);
        free(net);
        return NULL;
    }
    net->clock = settings->clock;
    net->is_offline = settings->is_offline;
    net->keep_ms = settings->has_keep_ms ? (int64_t)settings->keep_ms : -1;
    net->references = 1;
    return net;
}

static void free_net(struct pm_net *net)
{
    for (size_t i = 0; i < net->kept_count; i++) {
        pm_entry_release(net->kept[i]);
    }
    for (struct pm_entry *entry = net->inbox, *next; entry; entry = next) {
        next = entry->next; /* handed in when the thread was about to end */
        pm_entry_release(entry);
    }
    pm_keeper_finish(&net->keeper);
    pm_gate_finish(&net->gate);
    pthread_cond_destroy(&net->ended);
    pthread_mutex_destroy(&net->lock);
    free_settings(net);
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

struct timespec pm_net_moment(int64_t mono_ms)
{
    return (struct timespec){.tv_sec = (time_t)(mono_ms / 1000),
                             .tv_nsec = (long)(mono_ms % 1000) * 1000000};
}

void pm_net_close(struct pm_net *net)
{
    if (!net) {
        return;
    }
    struct timespec until = pm_net_moment(pm_clock_mono_ms() + CLOSE_WAIT_MS);
    pthread_mutex_lock(&net->lock);
    net->is_closing = true;
    if (net->multi) {
        (void)curl_multi_wakeup(net->multi);
    }
    pthread_cond_signal(&net->keeper.work);
    while (net->references > 1 && pthread_cond_timedwait(&net->ended, &net->lock, &until) == 0) {
    }
    pthread_mutex_unlock(&net->lock);
    pm_net_release(net);
}

const char *pm_net_library_version(void)
{
    pm_net_start_curl();
    return curl_version_info(CURLVERSION_NOW)->version;
}

/* --- waiting --- */

bool pm_wait_init(struct pm_wait *wait)
{
    *wait = (struct pm_wait){0};
    return pm_net_init_cond(&wait->news);
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
    pthread_cond_broadcast(&net->gate.turns[wait->turn]);
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
    struct timespec until = pm_net_moment(until_mono_ms);
    (void)pthread_cond_timedwait(&wait->news, &net->lock, &until);
}

void pm_net_announce(struct pm_entry *entry, int64_t received_ms, int64_t received_mono_ms)
{
    entry->received_ms = received_ms;
    entry->received_mono_ms = received_mono_ms;
    entry->stage = STAGE_SENT;
    entry->is_in = true;
    entry->is_good = entry->outcome.status == PM_STATUS_OK;
    for (struct pm_waiter *waiter = entry->waiters; waiter; waiter = waiter->next) {
        pthread_cond_signal(&waiter->wait->news);
    }
}

void pm_net_deliver(struct pm_net *net, struct pm_entry *entry)
{
    pthread_mutex_lock(&net->lock);
    if (entry->outcome.status != PM_STATUS_OK) {
        pm_keeper_drop_lease(net, entry);
    }
    pm_net_announce(entry, pm_clock_now_ms(&net->clock), pm_clock_mono_ms());
    pthread_mutex_unlock(&net->lock);
}

void pm_net_disown(struct pm_net *net, struct pm_entry *entry)
{
    pthread_mutex_lock(&net->lock);
    entry->is_good = false;
    pm_keeper_drop_lease(net, entry);
    pthread_mutex_unlock(&net->lock);
}

struct pm_entry *pm_net_older(struct pm_net *net, struct pm_entry *entry)
{
    pthread_mutex_lock(&net->lock);
    struct pm_entry *older = entry->last_good;
    if (older) {
        (void)pm_entry_retain(older);
    }
    pthread_mutex_unlock(&net->lock);
    return older;
}

/* --- entries kept (all under the lock) --- */

/* A 4xx that its kind takes for an answer. */
static bool is_refusal(const struct pm_entry *entry)
{
    return entry->is_good && entry->outcome.http >= 400;
}

int64_t pm_net_keep_ms(const struct pm_net *net, const struct pm_kind *kind, long http)
{
    bool is_own = net->keep_ms < 0 || kind->keep_ms == PM_KEEP_FOR_EVER;
    int64_t keep_ms = is_own ? kind->keep_ms : net->keep_ms;
    return http >= 400 && keep_ms > REFUSAL_KEPT_MS ? REFUSAL_KEPT_MS : keep_ms;
}

static bool is_fresh(const struct pm_net *net, const struct pm_entry *entry, int64_t now_mono_ms)
{
    if (!entry->is_in) {
        return true;
    }
    int64_t keep_ms =
        entry->is_good ? pm_net_keep_ms(net, entry->kind, entry->outcome.http) : FAILURE_KEPT_MS;
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
    return entry->is_good && !is_refusal(entry) && entry->kind->keep_ms == PM_KEEP_FOR_EVER;
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

/* The reply to fall back on when `entry`'s successor fails: itself, or what it fell back on. What was
 * refused in between is neither said again later nor forgotten. */
static struct pm_entry *good_one(struct pm_entry *entry)
{
    if (is_refusal(entry)) {
        return NULL;
    }
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
    return entry;
}

void pm_net_send(struct pm_net *net, struct pm_entry *entry)
{
    entry->stage = STAGE_SENT;
    if (net->is_offline) {
        pm_outcome_set(&entry->outcome, PM_STATUS_OFFLINE, "not asked: offline by request");
    } else if (pm_thread_start(net)) {
        entry->next = net->inbox;
        net->inbox = pm_entry_retain(entry);
        (void)curl_multi_wakeup(net->multi);
        return;
    } else {
        pm_outcome_set(&entry->outcome, PM_STATUS_NO_MEMORY, "memory ran out");
    }
    pm_net_announce(entry, pm_clock_now_ms(&net->clock), pm_clock_mono_ms());
}

struct pm_entry *pm_net_get(struct pm_net *net, const struct pm_kind *kind, pm_str url,
                            pm_str asked, struct pm_waiter *waiter)
{
    pthread_mutex_lock(&net->lock);
    struct pm_entry *entry = NULL;
    size_t at = find_kept(net, kind, url, asked);
    if (at < net->kept_count && is_fresh(net, net->kept[at], pm_clock_mono_ms())) {
        entry = pm_entry_retain(net->kept[at]);
    } else {
        entry = add_entry(net, kind, url, asked);
        if (entry && !pm_keeper_look(net, entry)) {
            pm_net_send(net, entry);
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
    struct pm_waiter **at = &entry->waiters;
    while (*at != waiter) {
        at = &(*at)->next;
    }
    *at = waiter->next;
    pthread_mutex_unlock(&net->lock);
    pm_entry_release(entry);
}
