/* keeper.c - the thread between this handle and the store.
 *
 * Disks can hang as networks can. So nobody but this thread reads or writes the store: callers and
 * the network thread only leave word, and a caller whose request is not found in good time sends
 * it (pm_net_hurry). Looking goes before writing. Closing waits for what is to be written as long
 * as for the network thread, and then leaves this one to end by itself, which it does soon: what
 * a slow or locked store does not take by then is not kept. */

#include "net/inside.h"

#include "codec/zstd.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_MS 100 /* a store that takes longer is slower than asking */
#define LOOK_OFFLINE_MS 1000
#define KEEPING_MOST 512 /* to be written; what is more is dropped */
#define KEEPING_BYTES_MOST ((size_t)32 << 20)
#define KEPT_BODY_MOST ((size_t)8 << 20)
#define TRIM_EVERY_MS 20000
#define LAST_WRITES_MS 500 /* after closing; the write that is under way then is the last */
#define USEFUL_MS (INT64_C(7) * 24 * 3600 * 1000)
#define USEFUL_LONG_MS (INT64_C(90) * 24 * 3600 * 1000) /* what serves for ever */

void pm_keeping_free(struct keeping *keeping)
{
    free((void *)(uintptr_t)keeping->reply.packed.ptr);
    pm_arena_finish(&keeping->arena);
    free(keeping);
}

static size_t bytes_of(const struct keeping *keeping)
{
    return keeping->reply.packed.len + keeping->arena.taken_bytes;
}

/* --- lists of entries, under the lock; each holds a reference --- */

static void append(struct pm_entry **list, struct pm_entry *entry)
{
    while (*list) {
        list = &(*list)->next;
    }
    entry->next = NULL;
    *list = entry;
}

static bool take_out(struct pm_entry **list, const struct pm_entry *entry)
{
    for (; *list; list = &(*list)->next) {
        if (*list == entry) {
            *list = entry->next;
            return true;
        }
    }
    return false;
}

/* The next to look for, the caller's from now on; NULL when none is due. */
static struct pm_entry *next_lookup(struct keeper *keeper, int64_t now)
{
    struct pm_entry *entry = keeper->looking;
    if (entry) {
        keeper->looking = entry->next;
        return entry;
    }
    for (entry = keeper->awaiting; entry; entry = entry->next) {
        if (entry->look_at_mono_ms <= now) {
            (void)take_out(&keeper->awaiting, entry);
            return entry;
        }
    }
    return NULL;
}

/* --- the thread --- */

static void note_problem(struct keeper *keeper, const struct pm_store *store)
{
    (void)snprintf(keeper->problem, sizeof keeper->problem, "%s", pm_store_problem(store));
}

static void look(struct pm_net *net, struct pm_store *store, struct pm_entry *entry)
{
    bool is_first = entry->stage == STAGE_LOOKING;
    pthread_mutex_unlock(&net->lock);
    bool waits = pm_lookup(net, store, entry, is_first);
    pthread_mutex_lock(&net->lock);
    if (waits && entry->stage == STAGE_AWAITING) {
        append(&net->keeper.awaiting, entry);
    } else {
        pm_entry_release(entry);
    }
}

static void write_next(struct pm_net *net, struct pm_store *store)
{
    struct keeper *keeper = &net->keeper;
    struct keeping *keeping = keeper->first;
    keeper->first = keeping->next;
    keeper->last = keeper->first ? keeper->last : NULL;
    keeper->count--;
    keeper->bytes -= bytes_of(keeping);
    pthread_mutex_unlock(&net->lock);
    if (keeping->has_reply) {
        (void)pm_store_put(store, &keeping->key, &keeping->reply);
    } else if (keeping->seen_count) {
        (void)pm_store_see(store, keeping->seen, keeping->seen_count);
    } else {
        pm_store_lease_drop(store, &keeping->key);
    }
    pm_keeping_free(keeping);
    pthread_mutex_lock(&net->lock);
}

/* When to go on with it. */
static int64_t trim(struct pm_net *net, struct pm_store *store)
{
    pthread_mutex_unlock(&net->lock);
    bool has_more = pm_store_trim(store, pm_clock_now_ms(&net->clock));
    pthread_mutex_lock(&net->lock);
    return pm_clock_mono_ms() + (has_more ? 0 : TRIM_EVERY_MS);
}

static void sleep_a_while(struct pm_net *net, int64_t until)
{
    for (const struct pm_entry *entry = net->keeper.awaiting; entry; entry = entry->next) {
        until = entry->look_at_mono_ms < until ? entry->look_at_mono_ms : until;
    }
    struct timespec moment = pm_net_moment(until);
    (void)pthread_cond_timedwait(&net->keeper.work, &net->lock, &moment);
}

/* Until the handle is closed, and then as long as there is something to write and time for it. */
static bool goes_on(const struct pm_net *net, int64_t now, int64_t *end)
{
    if (!net->is_closing) {
        return true;
    }
    *end = *end ? *end : now + LAST_WRITES_MS;
    return net->keeper.first && now < *end;
}

static void work(struct pm_net *net, struct pm_store *store)
{
    struct keeper *keeper = &net->keeper;
    int64_t now = pm_clock_mono_ms(), trim_at = now + TRIM_EVERY_MS / 20, end = 0;
    for (; goes_on(net, now, &end); now = pm_clock_mono_ms()) {
        struct pm_entry *entry = next_lookup(keeper, now);
        keeper->is_late = false;
        if (entry) {
            look(net, store, entry);
        } else if (keeper->recalls) {
            pm_recall_next(net, store);
        } else if (keeper->first) {
            write_next(net, store);
        } else if (now >= trim_at) {
            trim_at = trim(net, store);
        } else {
            sleep_a_while(net, trim_at);
        }
        note_problem(keeper, store);
    }
    if (now < end) {
        (void)trim(net, store); /* a process that lives shortly does its share, too */
    }
}

static void drop_list(struct pm_entry *entry)
{
    while (entry) {
        struct pm_entry *next = entry->next;
        pm_entry_release(entry);
        entry = next;
    }
}

static void *run(void *user)
{
    struct pm_net *net = user;
    struct pm_store *store = pm_store_open(pm_str_from(net->keeper.path), &pm_store_usual_limits,
                                           pm_clock_now_ms(&net->clock));
    pthread_mutex_lock(&net->lock);
    if (store) {
        note_problem(&net->keeper, store);
        work(net, store);
    }
    net->keeper.is_late = true; /* nobody looks any more */
    drop_list(net->keeper.looking);
    drop_list(net->keeper.awaiting);
    net->keeper.looking = net->keeper.awaiting = NULL;
    pm_recall_end(net);
    pthread_mutex_unlock(&net->lock);
    pm_store_close(store);
    pm_net_release(net);
    return NULL;
}

/* All signals stay with the host's threads; one that a full disk may send, too. */
bool pm_keeper_start(struct pm_net *net)
{
    pthread_t thread;
    sigset_t all, before;
    if (net->keeper.has_thread) {
        return true;
    }
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    net->keeper.has_thread = pthread_create(&thread, NULL, run, net) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (net->keeper.has_thread) {
        net->references++;
        (void)pthread_detach(thread);
    }
    return net->keeper.has_thread;
}

void pm_keeper_finish(struct keeper *keeper)
{
    while (keeper->first) {
        struct keeping *next = keeper->first->next;
        pm_keeping_free(keeper->first);
        keeper->first = next;
    }
    pthread_cond_destroy(&keeper->work);
}

/* --- looking --- */

bool pm_net_has_store(const struct pm_net *net)
{
    return net->keeper.path != NULL;
}

bool pm_keeper_look(struct pm_net *net, struct pm_entry *entry)
{
    struct keeper *keeper = &net->keeper;
    if (!keeper->path || keeper->is_late || !pm_keeper_start(net)) {
        return false;
    }
    entry->stage = STAGE_LOOKING;
    entry->look_until_mono_ms = pm_clock_mono_ms() + (net->is_offline ? LOOK_OFFLINE_MS : LOOK_MS);
    append(&keeper->looking, pm_entry_retain(entry));
    pthread_cond_signal(&keeper->work);
    return true;
}

int64_t pm_net_hurry(struct pm_net *net, struct pm_entry *entry, int64_t now_mono_ms)
{
    struct keeper *keeper = &net->keeper;
    if (entry->stage == STAGE_SENT) {
        return 0;
    }
    if (now_mono_ms < entry->look_until_mono_ms) {
        return entry->look_until_mono_ms;
    }
    keeper->is_late = keeper->is_late || entry->stage == STAGE_LOOKING;
    bool was_listed = take_out(&keeper->looking, entry) || take_out(&keeper->awaiting, entry);
    pm_net_send(net, entry);
    /* One that could not be sent is in at once: its news came before the caller's sleep. */
    int64_t look_again_ms = entry->is_in ? now_mono_ms : 0;
    if (was_listed) {
        pm_entry_release(entry);
    }
    return look_again_ms;
}

/* --- keeping --- */

void pm_keeper_pack(struct pm_net *net, struct pm_entry *entry)
{
    atomic_store(&entry->is_news, net->keeper.path != NULL);
    pm_str body = {entry->body.len ? entry->body.ptr : "", entry->body.len}, packed;
    bool is_worth = net->keeper.path && entry->outcome.status == PM_STATUS_OK &&
                    body.len <= KEPT_BODY_MOST && pm_zstd_pack(body, &packed);
    if (is_worth) {
        entry->packed = packed;
        entry->packed_from_bytes = body.len;
        atomic_store(&entry->has_packed, true);
    }
}

void pm_keeper_queue(struct pm_net *net, struct keeping *keeping)
{
    struct keeper *keeper = &net->keeper;
    size_t bytes = keeper->bytes + bytes_of(keeping);
    if (keeper->count == KEEPING_MOST || bytes > KEEPING_BYTES_MOST || !pm_keeper_start(net)) {
        pm_keeping_free(keeping);
        return;
    }
    *(keeper->first ? &keeper->last->next : &keeper->first) = keeping;
    keeper->last = keeping;
    keeper->count++;
    keeper->bytes = bytes;
    pthread_cond_signal(&keeper->work);
}

static struct keeping *make_keeping(const struct pm_net *net, const struct pm_entry *entry)
{
    struct keeping *keeping = calloc(1, sizeof *keeping);
    if (keeping) {
        pm_arena_init(&keeping->arena, PM_STORE_HEADERS_MOST * 4);
        keeping->key = pm_lookup_key(net, entry);
    }
    return keeping;
}

void pm_keeper_drop_lease(struct pm_net *net, struct pm_entry *entry)
{
    struct keeping *keeping = entry->has_lease ? make_keeping(net, entry) : NULL;
    entry->has_lease = false;
    if (keeping) {
        pm_keeper_queue(net, keeping);
    }
}

/* Refusals are of use as long as they serve; all others to fall back on, too. */
static int64_t useful_until(const struct pm_net *net, const struct pm_entry *entry)
{
    bool is_refusal = entry->outcome.http >= 400;
    int64_t keep_ms = pm_net_keep_ms(net, entry->kind, entry->outcome.http);
    return entry->received_ms + (is_refusal                    ? keep_ms
                                 : keep_ms == PM_KEEP_FOR_EVER ? USEFUL_LONG_MS
                                                               : USEFUL_MS);
}

void pm_net_keep(struct pm_net *net, struct pm_entry *entry)
{
    if (!atomic_load_explicit(&entry->has_packed, memory_order_relaxed)) {
        return;
    }
    struct keeping *keeping = make_keeping(net, entry);
    pthread_mutex_lock(&net->lock);
    if (keeping && atomic_exchange(&entry->has_packed, false)) {
        keeping->reply = (struct pm_store_reply){
            .received_ms = entry->received_ms,
            .useful_until_ms = useful_until(net, entry),
            .http = entry->outcome.http,
            .headers = pm_headers_write(&entry->headers, &keeping->arena),
            .packed = entry->packed,
            .body_bytes = entry->packed_from_bytes,
        };
        keeping->has_reply = !keeping->arena.failed; /* never one that lost its headers */
        entry->packed = (pm_str){0};
        entry->has_lease = false;
        pm_keeper_queue(net, keeping);
        keeping = NULL;
    }
    pthread_mutex_unlock(&net->lock);
    if (keeping) {
        pm_keeping_free(keeping);
    }
}

/* --- saying --- */

pm_str pm_net_store_note(struct pm_net *net, struct pm_arena *arena)
{
    struct keeper *keeper = &net->keeper;
    pm_str note = PM_STR("");
    pthread_mutex_lock(&net->lock);
    if (keeper->problem[0] && strcmp(keeper->problem, keeper->said) != 0) {
        memcpy(keeper->said, keeper->problem, sizeof keeper->said);
        note = pm_arena_copy(arena, pm_str_from(keeper->problem));
    }
    pthread_mutex_unlock(&net->lock);
    return note;
}
