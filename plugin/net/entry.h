/* entry.h - one reply of one request, shared by the calls that want it.
 *
 * An entry goes fetching -> body -> decoded and is immutable from then on. The network thread only
 * moves and counts its bytes; the first reader decodes, once, under the entry's own lock, and all
 * others find the facts ready. It is reference-counted: calls, the network thread and the cache
 * each hold one. */
#ifndef PM_NET_ENTRY_H
#define PM_NET_ENTRY_H

#include "base/arena.h"
#include "base/label.h"
#include "net/headers.h"
#include "net/outcome.h"

/* The bytes as received, decompressed; PM_JSON_PADDING writable bytes follow them. */
struct pm_body {
    char *ptr;
    size_t len;
    pm_str asked; /* the JSON that was posted for them; empty when nothing was */
    const struct pm_headers *headers; /* never NULL */
};

#define PM_KEEP_FOR_EVER INT64_MAX

/* Turns a 200's body into facts on `arena` (they may point into the body, which lives as long);
 * `scratch` is dropped afterwards. NULL with `outcome` set when it is not what the kind expects. */
typedef void *pm_decode_fn(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                           struct pm_outcome *outcome);

/* What to make of a status other than 200 with this body: sets `outcome` and answers true when it
 * is the source's own, final word (no second try). NULL in a kind: there is no such thing. */
typedef bool pm_refusal_fn(long http, struct pm_body *body, struct pm_outcome *outcome);

/* The moment of the chain that facts of this kind are of; false when it was not told. */
typedef bool pm_slot_fn(const void *facts, uint64_t *slot);

/* A kind of request: one constant row each, in source/. */
struct pm_kind {
    const char *name; /* "/runs": how answers name the request */
    enum pm_source source;
    int64_t keep_ms;       /* how long an answer serves without asking again; PM_KEEP_FOR_EVER */
    bool is_heavy;         /* a server is asked one of these at a time, whatever their kind */
    bool carries_token;    /* the hub's token goes with it, to the hub alone */
    bool decodes_refusals; /* a 4xx is an answer like others: `decode` looks at outcome->http */
    pm_decode_fn *decode;
    pm_refusal_fn *refusal;
    pm_slot_fn *slot; /* NULL: its facts carry none */
};

struct pm_entry;

/* Facts of the kind's type, or NULL. Decodes at the first call. Only for an entry that is in. */
const void *pm_entry_facts(struct pm_entry *entry);
/* Final once pm_entry_facts has been called. */
const struct pm_outcome *pm_entry_outcome(const struct pm_entry *entry);
const struct pm_kind *pm_entry_kind(const struct pm_entry *entry);
pm_str pm_entry_url(const struct pm_entry *entry);
/* Final once it is in. */
const struct pm_headers *pm_entry_headers(const struct pm_entry *entry);
int64_t
pm_entry_received_ms(const struct pm_entry *entry);  /* wall clock, when its last byte came */
size_t pm_entry_bytes(const struct pm_entry *entry); /* body and facts, for the call's limit */

struct pm_entry *pm_entry_retain(struct pm_entry *entry);
void pm_entry_release(struct pm_entry *entry); /* takes NULL */

#endif
