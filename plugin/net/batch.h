/* batch.h - the requests of one call.
 *
 * An action asks for everything it can at once, then repeats: wait until one more request is in,
 * look at what there is, ask for what has become possible. pm_batch_wait ends that loop when all
 * is in, when the deadline is there, when the call is cancelled, or when a request that carries
 * the answer is in and the others have had their patience. */
#ifndef PM_NET_BATCH_H
#define PM_NET_BATCH_H

#include "base/error.h"
#include "base/settings.h"
#include "net/entry.h"

#define PM_BATCH_MOST 64

struct pm_memo;
struct pm_net;
struct pm_told;
struct pm_wait;
struct pm_waiter;

/* One request of this call. */
struct pm_ask {
    const struct pm_kind *kind;
    pm_str url, body;       /* body: what is posted, or empty */
    struct pm_entry *entry; /* NULL when it was never sent (offline, no memory) */
    struct pm_entry *from;  /* whose facts these are: entry, or an older one; NULL without facts */
    struct pm_waiter *waiter;
    bool carries;        /* the answer can stand on this one alone */
    bool is_aside;       /* nobody waits for it: it is looked at if it comes in time */
    bool is_in;          /* its end is known: facts and outcome may be read */
    bool is_stale;       /* the source failed; facts are an older entry's */
    const void *facts;   /* NULL unless the source answered; the kind says the type */
    const char *cluster; /* of a Solana node: where it turned out to be; NULL: not known */
    struct pm_outcome outcome;
};

struct pm_batch {
    struct pm_net *net;
    struct pm_wait *wait;
    struct pm_arena *arena; /* the call's */
    const struct pm_settings *settings;
    struct pm_memo *memo; /* the handle's; NULL: nothing is kept */
    int64_t started_mono_ms, deadline_mono_ms;
    int64_t patience_until_mono_ms;     /* 0 until an answer is in */
    int64_t wake_mono_ms;               /* somebody wants to look again then; 0: nobody */
    size_t bytes;                       /* bodies and facts held for this call */
    struct pm_ask *asks[PM_BATCH_MOST]; /* in the order they were asked */
    size_t count;
    struct pm_told *told; /* source/seen.h */
    struct pm_ask lost;   /* what is given out when there is no room for another */
};

/* `wait` is initialised by the caller, who may cancel through it until pm_batch_finish. */
void pm_batch_init(struct pm_batch *batch, struct pm_net *net, struct pm_wait *wait,
                   struct pm_arena *arena, const struct pm_settings *settings, uint64_t timeout_ms);

/* Asks `url` (or joins one who already does, or takes what is fresh enough); the same url twice in
 * a batch is one ask. Never NULL: without memory, or with PM_BATCH_MOST asks already, it is an ask
 * that ended as PM_STATUS_NO_MEMORY. */
struct pm_ask *pm_batch_ask(struct pm_batch *batch, const struct pm_kind *kind, pm_str url,
                            bool carries);

/* The same with `body`, JSON, posted to `url`; only another ask with the same body is the same. */
struct pm_ask *pm_batch_post(struct pm_batch *batch, const struct pm_kind *kind, pm_str url,
                             pm_str body, bool carries);

/* What is not asked at all, since a setting says so: it ends as PM_STATUS_OFFLINE, with `problem`. */
struct pm_ask *pm_batch_decline(struct pm_batch *batch, const struct pm_kind *kind, pm_str url,
                                const char *problem);

/* Blocks until at least one more ask is in; false when there is nothing more to wait for. All asks
 * not in by then are closed as PM_STATUS_TIMEOUT for this call; the requests themselves run on. */
bool pm_batch_wait(struct pm_batch *batch);

/* From now on the requests still out have the company's patience, whatever they had before. */
void pm_batch_begin_patience(struct pm_batch *batch);

/* pm_batch_wait returns at that moment at the latest, with true, even if nothing came. */
void pm_batch_wake_at(struct pm_batch *batch, int64_t mono_ms);
/* Nobody waits for this ask any longer, if it is not in: it ends as PM_STATUS_TIMEOUT. */
void pm_batch_give_up(struct pm_batch *batch, struct pm_ask *ask, const char *problem);

/* The slot that the ask's facts are of; false without facts, or when they do not say. */
bool pm_ask_slot(const struct pm_ask *ask, uint64_t *slot);

/* The same of what this answer replaced, a while ago; false when nothing of it is kept. */
bool pm_batch_slot_before(struct pm_batch *batch, const struct pm_ask *ask, uint64_t *slot);

bool pm_batch_cancelled(const struct pm_batch *batch);

/* Lets go of the entries: facts must not be used after. */
void pm_batch_finish(struct pm_batch *batch);

#endif
