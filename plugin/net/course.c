/* course.c - a request on the network thread: from the inbox to the reply that is handed out.
 *
 * A transfer whose name is still being looked up cannot be removed without waiting for the
 * resolver, which may never come back. Such a transfer is parked: its entry is delivered as a
 * timeout, the transfer stays until the lookup ends, and then ends itself. */

#include "net/inside.h"

#include "codec/url.h"

#include <stdlib.h>
#include <string.h>

/* --- ends --- */

static void unlink_transfer(struct transfer *transfer)
{
    struct transfer **at = &transfer->net->transfers;
    while (*at != transfer) {
        at = &(*at)->next;
    }
    *at = transfer->next;
}

void pm_course_deliver(struct transfer *transfer)
{
    struct pm_entry *entry = transfer->entry;
    entry->outcome.took_ms = pm_clock_mono_ms() - transfer->first_mono_ms;
    transfer->entry = NULL;
    pm_keeper_pack(transfer->net, entry);
    pm_net_deliver(transfer->net, entry);
    pm_entry_release(entry);
}

void pm_course_finish(struct transfer *transfer)
{
    if (transfer->entry) {
        pm_course_deliver(transfer);
    }
    unlink_transfer(transfer);
    pm_transfer_free(transfer);
}

bool pm_course_must_park(const struct transfer *transfer)
{
    return transfer->is_running && !transfer->has_resolved;
}

void pm_course_give_up(struct transfer *transfer)
{
    if (pm_course_must_park(transfer)) {
        pm_course_deliver(transfer);
    } else {
        pm_course_finish(transfer);
    }
}

/* --- how long, and when --- */

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

int64_t pm_course_limit(const struct transfer *transfer)
{
    int64_t wanted = wanted_until(transfer), orphan = transfer->first_mono_ms + ORPHAN_LIMIT_MS;
    return wanted > orphan ? wanted : orphan;
}

/* Of heavy requests to one place only the first that is still here may be under way: those behind
 * it in the list are older. */
bool pm_course_waits(const struct transfer *transfer)
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

/* --- its tries --- */

void pm_course_begin(struct transfer *transfer)
{
    if (!pm_transfer_begin(transfer)) {
        pm_outcome_set(&transfer->entry->outcome, PM_STATUS_NO_MEMORY, "memory ran out");
        pm_course_finish(transfer);
    }
}

/* For those who do not wait that long. */
static void note_pause(const struct transfer *transfer, long http)
{
    pthread_mutex_lock(&transfer->net->lock);
    transfer->entry->pause_http = http;
    transfer->entry->pause_until_mono_ms = transfer->start_at_mono_ms;
    pthread_mutex_unlock(&transfer->net->lock);
}

int64_t pm_net_pause(struct pm_net *net, const struct pm_entry *entry, long *http)
{
    pthread_mutex_lock(&net->lock);
    int64_t left_ms = entry->pause_until_mono_ms - pm_clock_mono_ms();
    *http = entry->pause_http;
    pthread_mutex_unlock(&net->lock);
    return *http && left_ms > 0 ? left_ms : 0;
}

void pm_course_conclude(struct transfer *transfer, struct ending *ending)
{
    struct pm_entry *entry = transfer->entry;
    int64_t now = pm_clock_mono_ms(), pause_ms = 0, wanted = wanted_until(transfer);
    ending->time_left_ms = (wanted ? wanted : pm_course_limit(transfer)) - now;
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
        if (ending->retry_after_ms > 0) {
            note_pause(transfer, ending->http);
        }
    } else if (url) {
        free(transfer->url);
        transfer->url = url;
        transfer->redirects++;
        transfer->tries--;
        pm_course_begin(transfer);
    } else {
        if (step == STEP_FOLLOW) {
            pm_outcome_set(&entry->outcome, PM_STATUS_NO_MEMORY, "memory ran out");
        }
        pm_course_finish(transfer);
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
    note_pause(transfer, 429);
    if (until >= wanted_until(transfer)) {
        pm_outcome_set(&entry->outcome, PM_STATUS_RATE_LIMITED,
                       "not asked: it said HTTP 429 and to come back in %lld s",
                       (long long)((until - transfer->first_mono_ms + 999) / 1000));
        pm_course_finish(transfer);
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
        if (transfer && (must_rest(transfer) || pm_course_waits(transfer))) {
            return; /* check_time begins it */
        }
        if (transfer) {
            pm_course_begin(transfer);
            return;
        }
        pm_outcome_set(&entry->outcome, PM_STATUS_NO_MEMORY, "memory ran out");
    }
    pm_net_deliver(net, entry);
    pm_entry_release(entry);
}

/* The inbox is a stack; requests begin in the order they were handed in. */
void pm_course_take(struct pm_net *net)
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
