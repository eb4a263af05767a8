/* net.h - one handle's way to the outside: a network thread and the entries it fills.
 *
 * The thread is started by the first request and owns libcurl's multi handle; nobody else touches
 * libcurl. It never waits for a call and no call waits for it longer than it wants: calls hand in
 * requests and sleep on their own deadline (batch.h). Closing leaves the thread to itself. */
#ifndef PM_NET_NET_H
#define PM_NET_NET_H

#include "base/settings.h"
#include "net/entry.h"
#include "store/store.h"

#include <pthread.h>

struct pm_net;

/* A call, as the network sees it. Its fields belong to the net's lock. */
struct pm_wait {
    pthread_cond_t news; /* an entry is in, or the call is to end */
    size_t body_bytes;   /* received for this call so far */
    bool is_cancelled;
    bool is_inside;         /* among those that compute: gate.c */
    struct pm_wait *behind; /* whose turn is next, while it waits for its own */
    unsigned turn;          /* where it waits */
};

/* One call's interest in one entry. */
struct pm_waiter {
    struct pm_wait *wait;
    int64_t deadline_mono_ms;
    struct pm_waiter *next;
};

#define PM_BODY_MOST ((size_t)16 << 20)        /* one reply, decompressed */
#define PM_CALL_BODIES_MOST ((size_t)32 << 20) /* all replies of a call, but for */
#define PM_BODY_SMALL ((size_t)512 << 10)      /* one that would be large in no call */

/* NULL when memory is out. Keeps copies of the settings it needs. */
struct pm_net *pm_net_make(const struct pm_settings *settings);
/* Takes NULL. Returns within 100 ms whatever the network does. No call may be under way. */
void pm_net_close(struct pm_net *net);

PM_CHECKED bool pm_wait_init(struct pm_wait *wait);
void pm_wait_finish(struct pm_wait *wait);
void pm_net_cancel(struct pm_net *net, struct pm_wait *wait);

/* The call begins to compute once not too many others do, or at that moment at the latest; until
 * pm_net_exit. Meanwhile it may wait for replies as it likes. */
void pm_net_enter(struct pm_net *net, struct pm_wait *wait, int64_t until_mono_ms);
void pm_net_exit(struct pm_net *net, struct pm_wait *wait);

/* The one way to a reply: an entry that is fresh enough, or that is being fetched already, or a
 * new one. `asked` is posted as JSON; empty: a plain GET. `waiter` is hung onto the entry until
 * pm_net_leave. The caller owns one reference. NULL when memory is out. */
struct pm_entry *pm_net_get(struct pm_net *net, const struct pm_kind *kind, pm_str url,
                            pm_str asked, struct pm_waiter *waiter);
void pm_net_leave(struct pm_net *net, struct pm_entry *entry, struct pm_waiter *waiter);

/* For batch.c: sleep until news or `until_mono_ms`; the lock must be held. Who sleeps leaves the gate
 * before, which tells whether he was inside, and enters it again behind. */
void pm_net_lock(struct pm_net *net);
void pm_net_unlock(struct pm_net *net);
void pm_net_sleep(struct pm_net *net, struct pm_wait *wait, int64_t until_mono_ms);
bool pm_gate_leave(struct pm_net *net, struct pm_wait *wait);
void pm_gate_enter(struct pm_net *net, struct pm_wait *wait, int64_t until_mono_ms);
bool pm_entry_is_in(const struct pm_entry *entry); /* under the lock */

/* A store stands behind this net: what is offline may still be answered. */
bool pm_net_has_store(const struct pm_net *net);
/* Under the lock: until when the entry may still be looked for in the store; 0 when it is not.
 * Sends it when that moment is past. */
int64_t pm_net_hurry(struct pm_net *net, struct pm_entry *entry, int64_t now_mono_ms);
/* The first reader understood it: it goes into the store. */
void pm_net_keep(struct pm_net *net, struct pm_entry *entry);
/* True once for each reply that this process fetched, with a store behind it. */
bool pm_net_is_news(struct pm_entry *entry);
/* Writes down what was seen of runs, soon; copies the rows. */
void pm_net_see(struct pm_net *net, const struct pm_seen *rows, size_t count);
/* The last row of each run and index that was ever seen, newest first; on the arena. Waits for the
 * store until then at most; 0 when it did not answer. */
size_t pm_net_last_seen(struct pm_net *net, struct pm_wait *wait, struct pm_arena *arena,
                        size_t most, int64_t until_mono_ms, struct pm_seen **out);
/* What the user should know of the store, once; on the arena, or empty. */
pm_str pm_net_store_note(struct pm_net *net, struct pm_arena *arena);

/* In how many milliseconds the source wants to be asked again, and the status with which it said so;
 * 0: it asked for no pause, or that is over. */
int64_t pm_net_pause(struct pm_net *net, const struct pm_entry *entry, long *http);

/* The reply this one was to replace, retained, or NULL. */
struct pm_entry *pm_net_older(struct pm_net *net, struct pm_entry *entry);
/* The first reader found that it was not understood: it is no reply to keep or fall back on. */
void pm_net_disown(struct pm_net *net, struct pm_entry *entry);

/* "7.88.1" */
const char *pm_net_library_version(void);

#endif
