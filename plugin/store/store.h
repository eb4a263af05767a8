/* store.h - what outlives the process, in one SQLite file: replies as they were received, who is
 * fetching which one just now, and what was seen of runs.
 *
 * A store is used by one thread; any number of processes may use the same file. Nothing here fails
 * a caller: without a usable file nothing is found, every lease is had and what is put is dropped,
 * and pm_store_problem says why in one line. What a put has been told true for is there after the
 * process was killed. Moments that are kept are handed in. */
#ifndef PM_STORE_STORE_H
#define PM_STORE_STORE_H

#include "base/arena.h"

struct pm_store;

#define PM_STORE_LEASE_MS 2000
#define PM_STORE_PROBLEM_BYTES 320
#define PM_STORE_HEADERS_MOST ((size_t)16 << 10)

struct pm_store_limits {
    size_t bytes_most;       /* of the file; its log is a tenth of that at most */
    size_t reply_bytes_most; /* of one packed body; what is larger is not kept */
    int64_t seen_ms;         /* how long what was seen of runs is kept */
};

extern const struct pm_store_limits pm_store_usual_limits;

/* `path` is absolute; missing folders of it are made. NULL only when memory is out. Not to be used
 * in a process forked from one that has opened a store: there it keeps nothing, and says so. */
struct pm_store *pm_store_open(pm_str path, const struct pm_store_limits *limits, int64_t now_ms);
void pm_store_close(struct pm_store *store); /* takes NULL */

/* What the user should know, one line; empty when all is well. Lives as long as the store. */
const char *pm_store_problem(const struct pm_store *store);
bool pm_store_is_usable(const struct pm_store *store); /* there is a file to read from */

/* --- replies --- */

struct pm_store_key {
    unsigned char bytes[32];
};

/* Of one question: its kind's source and name, the address and the posted body. */
struct pm_store_key pm_store_key_of(pm_str source, pm_str name, pm_str url, pm_str asked);

struct pm_store_reply {
    int64_t received_ms;
    int64_t useful_until_ms; /* from then on it may go */
    long http;
    pm_str headers; /* the text that was given */
    pm_str packed;  /* by pm_zstd_pack */
    size_t body_bytes;
};

/* True when it is safely there, or a newer one is: there is one for each question. */
bool pm_store_put(struct pm_store *store, const struct pm_store_key *key,
                  const struct pm_store_reply *reply);

/* Headers and packed are copied to the arena. */
PM_CHECKED bool pm_store_get(struct pm_store *store, const struct pm_store_key *key,
                             struct pm_arena *arena, struct pm_store_reply *out);

/* A reply that was found not to be what it should be. */
void pm_store_forget(struct pm_store *store, const struct pm_store_key *key);

/* --- leases: one process fetches, the others wait for what it brings --- */

/* False when another holds it, for PM_STORE_LEASE_MS at most. */
PM_CHECKED bool pm_store_lease(struct pm_store *store, const struct pm_store_key *key,
                               int64_t now_ms);
/* Only if it is ours. */
void pm_store_lease_drop(struct pm_store *store, const struct pm_store_key *key);

/* --- what was seen of runs --- */

struct pm_seen {
    pm_str id;
    uint64_t index;
    int64_t at_ms;
    pm_str state, phase, tokens; /* empty: not known; tokens as decimal digits */
    int64_t step, clients;       /* -1: not known */
};

/* Those that differ from the last of their run, all or none: what is not known is no difference. How
 * many were added. */
size_t pm_store_see(struct pm_store *store, const struct pm_seen *rows, size_t count);

/* The last row of each run and index, newest first, at most `most`; on the arena. */
size_t pm_store_last_seen(struct pm_store *store, struct pm_arena *arena, size_t most,
                          struct pm_seen **out);

/* One run's rows from `since_ms` on, oldest first, the last `most` of them. */
size_t pm_store_history(struct pm_store *store, struct pm_arena *arena, pm_str id, uint64_t index,
                        int64_t since_ms, size_t most, struct pm_seen **out);

/* --- keeping it small --- */

/* One small step: a few rows that are past their time, or the oldest when room is short. True when
 * there is more to do at once. */
bool pm_store_trim(struct pm_store *store, int64_t now_ms);

const char *pm_store_library_version(void); /* "3.40.1" */

#endif
