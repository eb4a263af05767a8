/* inside.h - what the files of net/ share and nobody else sees. */
#ifndef PM_NET_INSIDE_H
#define PM_NET_INSIDE_H

#include "net/net.h"

#include "net/compat.h"

#include <stdatomic.h>

#define KEPT_ENTRIES 256
#define KEPT_BYTES ((size_t)48 << 20)
#define FAILURE_KEPT_MS 2000 /* a source that just failed is not asked again at once */
#define ORPHAN_LIMIT_MS 5000 /* a request nobody waits for any more runs on that long */
#define CONNECT_LIMIT_MS 5000
#define RETRY_PAUSE_MS 250
#define REDIRECTS_MOST 3
#define REFUSAL_BODY_MOST ((size_t)64 << 10) /* kept of a reply that is no 200 */
#define PARKED_PER_HOST 4 /* name lookups that may hang before we stop asking for more */

struct pm_entry {
    atomic_uint references;
    const struct pm_kind *kind;
    char *url;
    struct pm_entry *last_good; /* what it replaces, served if it fails */

    /* The net's lock. */
    bool is_in;
    bool is_good; /* a 200 whose body, once read, was understood */
    struct pm_waiter *waiters;
    struct pm_entry *next; /* in the inbox */

    /* The network thread's until is_in, then nobody's but the first reader's. */
    struct pm_body body; /* its `asked` is a copy of ours and never changes */
    size_t body_room;
    struct pm_outcome outcome;
    char content_type[64]; /* as sent, cut */
    int64_t received_ms, received_mono_ms;

    /* The entry's own lock. */
    pthread_mutex_t lock;
    bool is_decoded;
    struct pm_arena arena;
    void *facts;
};

/* One use of libcurl; lives on the network thread only. */
struct transfer {
    struct pm_net *net;
    struct pm_entry *entry; /* NULL: parked, only waiting for its name lookup to end */
    CURL *easy;
    char *url;       /* where it is now, after redirects */
    bool is_running; /* in the multi handle; else waiting for start_at */
    bool has_resolved, is_connected;
    bool is_too_large, is_out_of_memory;
    struct curl_slist *headers; /* of a request with a body */
    unsigned tries, redirects;
    int64_t first_mono_ms, began_mono_ms, start_at_mono_ms;
    struct transfer *next;
};

struct pm_net {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    unsigned references; /* the handle's and the thread's */
    bool has_thread, is_closing;
    CURLM *multi;
    struct pm_entry *inbox; /* handed in, not yet taken by the thread */
    struct pm_entry *kept[KEPT_ENTRIES];
    size_t kept_count;

    /* Constant from the start. */
    struct pm_clock clock;
    char *cacert; /* or NULL */

    struct transfer *transfers; /* the network thread's */
};

/* entry.c */
struct pm_entry *pm_entry_make(const struct pm_kind *kind, pm_str url, pm_str asked);
bool pm_entry_answers(const struct pm_entry *entry, const struct pm_kind *kind, pm_str url,
                      pm_str asked);

/* thread.c */
PM_CHECKED bool pm_thread_start(struct pm_net *net);

/* transfer.c: false when memory is out. */
PM_CHECKED bool pm_transfer_begin(struct transfer *transfer);
/* Takes it out of the multi handle; it may begin again later. */
void pm_transfer_stop(struct transfer *transfer);
void pm_transfer_free(struct transfer *transfer);

/* verdict.c: what the end of a transfer means. */
enum next_step { STEP_DONE, STEP_RETRY, STEP_FOLLOW };

struct ending {
    CURLcode code;
    bool is_too_large, is_out_of_memory;
    bool is_kept_connection; /* an earlier request was on it */
    bool has_body;           /* something was posted */
    long http;
    int64_t retry_after_ms;    /* 0: none was said */
    int64_t time_left_ms;      /* of those who wait for it */
    unsigned tries, redirects; /* so far, this one counted */
    pm_str url, redirect_url;
};

/* Sets outcome; for STEP_RETRY also how long to pause. */
enum next_step pm_verdict(const struct ending *ending, const struct pm_kind *kind,
                          struct pm_body *body, struct pm_outcome *outcome, int64_t *pause_ms);

/* net.c: the entry's outcome is set; wakes whoever waits. */
void pm_net_deliver(struct pm_net *net, struct pm_entry *entry);
void pm_net_release(struct pm_net *net);

#endif
