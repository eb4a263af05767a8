/* inside.h - what the files of net/ share and nobody else sees. */
#ifndef PM_NET_INSIDE_H
#define PM_NET_INSIDE_H

#include "net/net.h"

#include "net/compat.h"
#include "store/store.h"

#include <stdatomic.h>

#define KEPT_ENTRIES 256
#define KEPT_BYTES ((size_t)48 << 20)
#define FAILURE_KEPT_MS 2000  /* a source that just failed is not asked again at once */
#define REFUSAL_KEPT_MS 30000 /* what a source just refused it may grant soon */
#define ORPHAN_LIMIT_MS 5000  /* a request nobody waits for any more runs on that long */
#define CONNECT_LIMIT_MS 5000
#define RETRY_PAUSE_MS 250
#define REDIRECTS_MOST 3
#define REFUSAL_BODY_MOST ((size_t)64 << 10) /* kept of a reply that is no 200 */
#define RESTS_MOST 32
#define TURNS 64
#define PM_PLACE_ROOM 300
#define PARKED_PER_HOST 4 /* name lookups that may hang before we stop asking for more */

/* Where a request is. */
enum stage {
    STAGE_SENT,     /* with the network thread, or in */
    STAGE_LOOKING,  /* the keeper looks whether it is in the store */
    STAGE_AWAITING, /* another process is fetching it */
};

struct pm_entry {
    atomic_uint references;
    const struct pm_kind *kind;
    char *url;
    struct pm_entry *last_good; /* what it replaces, served if it fails */

    /* The net's lock. */
    bool is_in;
    bool is_good; /* a 200 whose body, once read, was understood */
    struct pm_waiter *waiters;
    struct pm_entry *next; /* in the inbox, or in a list of the keeper's */
    enum stage stage;
    int64_t look_at_mono_ms, look_until_mono_ms; /* again then; and no longer than that */
    bool has_lease;                              /* no other process fetches it meanwhile */
    long pause_http;             /* the source said with this status to come back later, */
    int64_t pause_until_mono_ms; /* then */
    pm_str packed;               /* the body, to be kept once it was understood */
    size_t packed_from_bytes;
    atomic_bool has_packed;
    atomic_bool is_news; /* fetched by this process, and not looked through yet */

    /* The network thread's until is_in, then nobody's but the first reader's. */
    struct pm_body body; /* its `asked` is a copy of ours and never changes */
    size_t body_room;
    struct pm_outcome outcome;
    struct pm_headers headers;
    struct pm_arena header_arena;
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
    bool has_place;              /* the reply named one to go to */
    struct curl_slist *headers;  /* sent beyond libcurl's own, or NULL */
    char words[CURL_ERROR_SIZE]; /* libcurl's own, of what went wrong */
    unsigned tries, redirects;
    int64_t first_mono_ms, began_mono_ms, start_at_mono_ms;
    struct transfer *next;
};

/* A server that does not want requests of this kind before then. */
struct rest {
    const struct pm_kind *kind;
    char place[PM_PLACE_ROOM]; /* "https://host:443" */
    int64_t until_mono_ms;
};

/* Something to be written: a reply, what was seen, or the end of a lease. */
struct keeping {
    struct keeping *next;
    struct pm_store_key key;
    bool has_reply;
    struct pm_store_reply reply;
    struct pm_seen *seen;
    size_t seen_count;
    struct pm_arena arena; /* of the reply's headers, and of what was seen */
};

/* A caller waits for what was seen before. */
struct recall {
    struct recall *next;
    pthread_cond_t news;
    bool is_done, is_abandoned; /* whoever comes second frees it */
    struct pm_arena arena;
    struct pm_seen *rows;
    size_t count, most;
};

/* The thread that reads and writes the store, and what it is to do; all under the net's lock. */
struct keeper {
    char *path; /* NULL: nothing is kept. Constant */
    bool has_thread;
    bool is_late; /* its disk hangs: nobody waits for it before it has answered once more */
    pthread_cond_t work;
    struct pm_entry *looking, *awaiting;
    struct recall *recalls;
    struct keeping *first, *last; /* to be written, in this order */
    size_t count, bytes;
    char problem[PM_STORE_PROBLEM_BYTES], said[PM_STORE_PROBLEM_BYTES];
};

/* Of those that compute, and those that wait for their turn. The net's lock. */
struct gate {
    unsigned places, inside; /* more are inside only when somebody's time was up */
    struct pm_wait *first, *last;
    pthread_cond_t turns[TURNS]; /* each waits at one of them; more than so many share one */
    unsigned next_turn;
};

struct pm_net {
    pthread_mutex_t lock;
    struct gate gate;
    pthread_cond_t ended;
    unsigned references; /* the handle's and the threads' */
    bool has_thread, is_closing;
    CURLM *multi;
    struct pm_entry *inbox; /* handed in, not yet taken by the thread */
    struct pm_entry *kept[KEPT_ENTRIES];
    size_t kept_count;

    struct keeper keeper;

    /* Constant from the start. */
    struct pm_clock clock;
    bool is_offline;
    int64_t keep_ms; /* instead of the kinds' own; negative: theirs */
    char *cacert;    /* or NULL */
    char *hub_url;   /* where the token may go; NULL without one */
    char *hub_pass;  /* the header with the token, or NULL */

    /* The network thread's. */
    struct transfer *transfers;
    struct rest rests[RESTS_MOST];
};

/* entry.c */
struct pm_entry *pm_entry_make(const struct pm_kind *kind, pm_str url, pm_str asked);
bool pm_entry_answers(const struct pm_entry *entry, const struct pm_kind *kind, pm_str url,
                      pm_str asked);
/* Before each try: nothing of an earlier one is left. */
void pm_entry_begin(struct pm_entry *entry);

/* gate.c */
unsigned pm_gate_places(void); /* for the processors that this process may use */
PM_CHECKED bool pm_gate_init(struct gate *gate);
void pm_gate_finish(struct gate *gate);

/* rest.c, on the network thread */
void pm_rest_note(struct pm_net *net, const struct pm_kind *kind, pm_str url, int64_t rest_ms);
/* 0: nobody asked for any. */
int64_t pm_rest_until(struct pm_net *net, const struct pm_kind *kind, pm_str url);

struct ending;

/* course.c, on the network thread. What these move on may be gone afterwards. */
/* Takes in what callers handed in. */
void pm_course_take(struct pm_net *net);
/* The next try; it ends at once when memory is out. */
void pm_course_begin(struct transfer *transfer);
/* What the last try came to: done, once more, or somewhere else. */
void pm_course_conclude(struct transfer *transfer, struct ending *ending);
/* The entry is answered with the outcome it has; the transfer stays as it is, parked. */
void pm_course_deliver(struct transfer *transfer);
/* The same, unless that was done, and the transfer is gone. */
void pm_course_finish(struct transfer *transfer);
/* Whichever of the two is possible without waiting. */
void pm_course_give_up(struct transfer *transfer);
/* libcurl would wait for its name lookup if it were removed. */
bool pm_course_must_park(const struct transfer *transfer);
/* Until when it may run: for those who wait, or to fill the cache though nobody does. */
int64_t pm_course_limit(const struct transfer *transfer);
/* Another heavy one to the same place is under way, or comes first. */
bool pm_course_waits(const struct transfer *transfer);

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
    bool has_place;          /* the reply named one to go to */
    long http;
    int64_t retry_after_ms;    /* 0: none was said */
    int64_t time_left_ms;      /* of those who wait for it */
    unsigned tries, redirects; /* so far, this one counted */
    pm_str url, redirect_url;
    pm_str words; /* libcurl's own, of what went wrong */
};

/* When a source wants to be asked again: what it says of its limits goes before Retry-After, if
 * they are why it refused. 0: it does not say. */
int64_t pm_come_back_ms(long http, pm_str rate_limit, int64_t retry_after_ms);

/* Sets outcome; for STEP_RETRY also how long to pause. */
enum next_step pm_verdict(const struct ending *ending, const struct pm_kind *kind,
                          struct pm_body *body, struct pm_outcome *outcome, int64_t *pause_ms);

/* net.c: the entry's outcome is set; wakes whoever waits. */
void pm_net_deliver(struct pm_net *net, struct pm_entry *entry);
void pm_net_release(struct pm_net *net);
bool pm_net_init_cond(pthread_cond_t *cond);
struct timespec pm_net_moment(int64_t mono_ms);
void pm_net_start_curl(void); /* once a process; any number of times */
/* Under the lock. What is in came at these moments. */
void pm_net_announce(struct pm_entry *entry, int64_t received_ms, int64_t received_mono_ms);
/* Under the lock. To the network thread, or, offline, to its end. */
void pm_net_send(struct pm_net *net, struct pm_entry *entry);
/* How long a reply with this status serves. */
int64_t pm_net_keep_ms(const struct pm_net *net, const struct pm_kind *kind, long http);

/* keeper.c; all but pm_keeper_pack under the lock. */
/* Looks for it in the store before it is sent; false when there is no use in that. */
PM_CHECKED bool pm_keeper_look(struct pm_net *net, struct pm_entry *entry);
/* The body of a reply that just came, for the store; on the network thread, before it is read. */
void pm_keeper_pack(struct pm_net *net, struct pm_entry *entry);
/* It came to nothing: other processes need not wait for it. */
void pm_keeper_drop_lease(struct pm_net *net, struct pm_entry *entry);
/* Takes it over; drops it when there is no room. */
void pm_keeper_queue(struct pm_net *net, struct keeping *keeping);
PM_CHECKED bool pm_keeper_start(struct pm_net *net);
void pm_keeping_free(struct keeping *keeping);
void pm_keeper_finish(struct keeper *keeper);

/* seen.c, on the keeper's thread, under the lock. */
void pm_recall_next(struct pm_net *net, struct pm_store *store);
void pm_recall_end(struct pm_net *net);

/* lookup.c, on the keeper's thread, without the lock. True when it is to be looked for again. */
bool pm_lookup(struct pm_net *net, struct pm_store *store, struct pm_entry *entry, bool is_first);
struct pm_store_key pm_lookup_key(const struct pm_net *net, const struct pm_entry *entry);

#endif
