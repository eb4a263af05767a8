/* lookup.c - what the store has for a request: a reply that is fresh enough, an older one to fall
 * back on, or nothing; and whether another process is fetching it just now. */

#include "net/inside.h"

#include "codec/json.h"
#include "codec/zstd.h"

#include <stdlib.h>
#include <string.h>

#define PACKED_MOST ((size_t)16 << 20) /* of two looks */
#define LOOK_AGAIN_MS 25               /* whether the other process has brought it */
#define GRACE_MS 200                   /* beyond a lease */

/* What a reply with the token says is not for those without it, or with another. */
struct pm_store_key pm_lookup_key(const struct pm_net *net, const struct pm_entry *entry)
{
    const struct pm_kind *kind = entry->kind;
    pm_str pass = kind->carries_token ? pm_str_from(net->hub_pass) : PM_STR("");
    return pm_store_key_of(pass, pm_str_from(kind->name), pm_entry_url(entry), entry->body.asked);
}

/* The body as it was received; NULL when it is not whole, or without memory. */
static char *unpack(const struct pm_store_reply *reply)
{
    bool is_sane = reply->body_bytes <= PM_BODY_MOST;
    char *body = is_sane ? malloc(reply->body_bytes + PM_JSON_PADDING) : NULL;
    if (body && !pm_zstd_unpack(reply->packed, body, reply->body_bytes)) {
        free(body);
        body = NULL;
    }
    return body;
}

/* Everything that a transfer would have set. */
static void fill(struct pm_entry *entry, const struct pm_store_reply *reply, char *body)
{
    free(entry->body.ptr);
    entry->body.ptr = body;
    entry->body.len = reply->body_bytes;
    entry->body_room = reply->body_bytes + PM_JSON_PADDING;
    entry->outcome = (struct pm_outcome){.status = PM_STATUS_OK, .http = reply->http};
    pm_headers_read(&entry->headers, &entry->header_arena, reply->headers);
    if (entry->header_arena.lacks_memory) { /* one that is lost would be one that was not sent */
        pm_outcome_set(&entry->outcome, PM_STATUS_NO_MEMORY, "memory ran out");
    }
}

/* Called under the lock: nobody has lost patience meanwhile. */
static bool is_wanted(const struct pm_entry *entry)
{
    return entry->stage != STAGE_SENT;
}

static void answer(struct pm_net *net, struct pm_entry *entry, const struct pm_store_reply *reply,
                   char *body, int64_t age_ms)
{
    pthread_mutex_lock(&net->lock);
    if (is_wanted(entry)) {
        fill(entry, reply, body);
        pm_net_announce(entry, reply->received_ms, pm_clock_mono_ms() - age_ms);
        body = NULL;
    }
    pthread_mutex_unlock(&net->lock);
    free(body);
}

/* What it falls back on, unless that was refused since: such a reply stands for nothing older. */
static struct pm_entry *make_older(const struct pm_entry *entry, const struct pm_store_reply *reply)
{
    char *body = reply->http == 200 ? unpack(reply) : NULL;
    struct pm_entry *older =
        body ? pm_entry_make(entry->kind, pm_entry_url(entry), entry->body.asked) : NULL;
    if (!older) {
        free(body);
        return NULL;
    }
    fill(older, reply, body);
    if (older->outcome.status != PM_STATUS_OK) {
        pm_entry_release(older);
        return NULL;
    }
    older->received_ms = reply->received_ms;
    older->is_in = older->is_good = true;
    return older;
}

/* Under the lock. Another process may have asked later than this one did. */
static void put_behind(struct pm_entry *entry, struct pm_entry *older)
{
    struct pm_entry *before = entry->last_good;
    if (older && (!before || before->received_ms < older->received_ms)) {
        entry->last_good = older;
        pm_entry_release(before);
    } else {
        pm_entry_release(older);
    }
}

/* Not fresh: to be fetched, unless another process does that. True when it does. */
static bool send_or_wait(struct pm_net *net, struct pm_entry *entry, struct pm_entry *older,
                         bool has_lease)
{
    int64_t now = pm_clock_mono_ms();
    bool waits = false;
    pthread_mutex_lock(&net->lock);
    put_behind(entry, older);
    if (is_wanted(entry) && has_lease) {
        entry->has_lease = !net->is_offline;
        pm_net_send(net, entry);
    } else if (is_wanted(entry)) {
        if (entry->stage == STAGE_LOOKING) {
            entry->stage = STAGE_AWAITING;
            entry->look_until_mono_ms = now + PM_STORE_LEASE_MS + GRACE_MS;
        }
        entry->look_at_mono_ms = now + LOOK_AGAIN_MS;
        waits = true;
    }
    pthread_mutex_unlock(&net->lock);
    return waits;
}

/* What one look at the store found. */
struct found {
    bool is_there;
    struct pm_store_reply reply; /* on the lookup's arena */
    int64_t age_ms;
    char *body; /* when it is fresh enough and whole */
};

static struct found look(struct pm_net *net, struct pm_store *store, struct pm_entry *entry,
                         const struct pm_store_key *key, struct pm_arena *arena)
{
    struct found found = {0};
    int64_t now_ms = pm_clock_now_ms(&net->clock);
    /* One from a future was received by a clock that went wrong. */
    found.is_there =
        pm_store_get(store, key, arena, &found.reply) && found.reply.received_ms <= now_ms;
    found.age_ms = found.is_there ? now_ms - found.reply.received_ms : 0;
    if (found.is_there && found.age_ms < pm_net_keep_ms(net, entry->kind, found.reply.http)) {
        found.body = unpack(&found.reply);
    }
    return found;
}

bool pm_lookup(struct pm_net *net, struct pm_store *store, struct pm_entry *entry, bool is_first)
{
    static const struct pm_clock real = {0}; /* leases are between processes */
    struct pm_store_key key = pm_lookup_key(net, entry);
    struct pm_arena arena;
    bool has_lease = net->is_offline, waits = false;
    pm_arena_init(&arena, PACKED_MOST);
    struct found found = look(net, store, entry, &key, &arena);
    if (!found.body && !has_lease) {
        has_lease = pm_store_lease(store, &key, pm_clock_now_ms(&real));
        if (has_lease) { /* the other process may have brought it between the two questions */
            found = look(net, store, entry, &key, &arena);
        }
        if (found.body) {
            pm_store_lease_drop(store, &key);
        }
    }
    if (found.body) {
        answer(net, entry, &found.reply, found.body, found.age_ms);
    } else {
        bool has_older = found.is_there && is_first;
        struct pm_entry *older = has_older ? make_older(entry, &found.reply) : NULL;
        waits = send_or_wait(net, entry, older, has_lease);
    }
    pm_arena_finish(&arena);
    return waits;
}
