/* replies.c - replies as they were received, and who is fetching one.
 *
 * Each row has a digest of all its fields, so that a byte that a bad disk changed makes a reply
 * that is not there, never a wrong fact. */

#include "store/inside.h"

#include <sodium.h>
#include <string.h>

/* --- keys and digests --- */

static void add_number(crypto_hash_sha256_state *hash, uint64_t number)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(number >> (8 * i));
    }
    (void)crypto_hash_sha256_update(hash, bytes, sizeof bytes);
}

/* Its length goes before it, so that no two lists of texts are the same bytes. */
static void add_text(crypto_hash_sha256_state *hash, pm_str text)
{
    add_number(hash, text.len);
    (void)crypto_hash_sha256_update(hash, (const unsigned char *)(text.len ? text.ptr : ""),
                                    text.len);
}

struct pm_store_key pm_store_key_of(pm_str source, pm_str name, pm_str url, pm_str asked)
{
    struct pm_store_key key;
    crypto_hash_sha256_state hash;
    (void)crypto_hash_sha256_init(&hash);
    add_text(&hash, source);
    add_text(&hash, name);
    add_text(&hash, url);
    add_text(&hash, asked);
    (void)crypto_hash_sha256_final(&hash, key.bytes);
    return key;
}

struct digest {
    unsigned char bytes[crypto_hash_sha256_BYTES];
};

static struct digest digest_of(const struct pm_store_key *key, const struct pm_store_reply *reply)
{
    struct digest digest;
    crypto_hash_sha256_state hash;
    (void)crypto_hash_sha256_init(&hash);
    (void)crypto_hash_sha256_update(&hash, key->bytes, sizeof key->bytes);
    add_number(&hash, (uint64_t)reply->received_ms);
    add_number(&hash, (uint64_t)reply->useful_until_ms);
    add_number(&hash, (uint64_t)reply->http);
    add_number(&hash, reply->body_bytes);
    add_text(&hash, reply->headers);
    add_text(&hash, reply->packed);
    (void)crypto_hash_sha256_final(&hash, digest.bytes);
    return digest;
}

static pm_str key_bytes(const struct pm_store_key *key)
{
    return (pm_str){(const char *)key->bytes, sizeof key->bytes};
}

/* --- putting --- */

static bool write_row(struct pm_store *store, const struct pm_store_key *key,
                      const struct pm_store_reply *reply)
{
    struct digest digest = digest_of(key, reply);
    sqlite3_stmt *put = pm_store_statement(store, SQL_PUT);
    if (!put) {
        return false;
    }
    pm_store_bind_blob(put, 1, key_bytes(key));
    (void)sqlite3_bind_int64(put, 2, reply->received_ms);
    (void)sqlite3_bind_int64(put, 3, reply->useful_until_ms);
    (void)sqlite3_bind_int64(put, 4, reply->http);
    pm_store_bind_blob(put, 5, reply->headers);
    (void)sqlite3_bind_int64(put, 6, (sqlite3_int64)reply->body_bytes);
    pm_store_bind_blob(put, 7, reply->packed);
    pm_store_bind_blob(put, 8, (pm_str){(const char *)digest.bytes, sizeof digest.bytes});
    return pm_store_run(store, put);
}

static bool drop_lease(struct pm_store *store, const struct pm_store_key *key)
{
    sqlite3_stmt *drop = pm_store_statement(store, SQL_LEASE_DROP);
    if (!drop) {
        return false;
    }
    pm_store_bind_blob(drop, 1, key_bytes(key));
    (void)sqlite3_bind_int64(drop, 2, store->owner);
    return pm_store_run(store, drop);
}

/* The reply and the end of the lease for it come together: who waits for the one sees both. */
static bool try_put(struct pm_store *store, const struct pm_store_key *key,
                    const struct pm_store_reply *reply)
{
    return pm_store_begin(store) &&
           pm_store_end(store, write_row(store, key, reply) && drop_lease(store, key));
}

bool pm_store_put(struct pm_store *store, const struct pm_store_key *key,
                  const struct pm_store_reply *reply)
{
    if (!pm_store_ready(store) || reply->packed.len > store->limits.reply_bytes_most ||
        reply->headers.len > PM_STORE_HEADERS_MOST) {
        return false;
    }
    bool is_there = try_put(store, key, reply);
    /* The file may have its full size already: room is made by letting the oldest go. */
    for (unsigned tries = 0; !is_there && store->trouble[0] && tries < 3; tries++) {
        is_there = pm_store_drop_oldest(store) && try_put(store, key, reply);
    }
    return pm_store_mend(store) ? try_put(store, key, reply) : is_there;
}

/* --- getting --- */

static pm_str column_bytes(sqlite3_stmt *row, int at, struct pm_arena *arena)
{
    const void *bytes = sqlite3_column_blob(row, at);
    int len = sqlite3_column_bytes(row, at);
    return bytes ? pm_arena_copy(arena, (pm_str){bytes, (size_t)len}) : PM_STR("");
}

/* False when it is not what was put. */
static bool read_row(sqlite3_stmt *row, const struct pm_store_key *key, struct pm_arena *arena,
                     struct pm_store_reply *out)
{
    sqlite3_int64 body_bytes = sqlite3_column_int64(row, 4);
    *out = (struct pm_store_reply){
        .received_ms = sqlite3_column_int64(row, 0),
        .useful_until_ms = sqlite3_column_int64(row, 1),
        .http = (long)sqlite3_column_int64(row, 2),
        .headers = column_bytes(row, 3, arena),
        .body_bytes = body_bytes > 0 ? (size_t)body_bytes : 0,
        .packed = column_bytes(row, 5, arena),
    };
    struct digest digest = digest_of(key, out);
    const void *written = sqlite3_column_blob(row, 6);
    return written && sqlite3_column_bytes(row, 6) == (int)sizeof digest.bytes &&
           memcmp(written, digest.bytes, sizeof digest.bytes) == 0;
}

bool pm_store_get(struct pm_store *store, const struct pm_store_key *key, struct pm_arena *arena,
                  struct pm_store_reply *out)
{
    sqlite3_stmt *get = pm_store_ready(store) ? pm_store_statement(store, SQL_GET) : NULL;
    bool is_there = false, is_whole = true;
    if (get) {
        pm_store_bind_blob(get, 1, key_bytes(key));
        int result = sqlite3_step(get);
        if (result == SQLITE_ROW) {
            is_whole = read_row(get, key, arena, out) || arena->failed;
            is_there = is_whole && !arena->failed;
        }
        (void)sqlite3_reset(get);
        (void)sqlite3_clear_bindings(get);
        pm_store_judge(store, result);
    }
    if (!is_whole) {
        pm_store_note_event(store, "a kept reply was damaged and is dropped");
        pm_store_forget(store, key);
    }
    (void)pm_store_mend(store);
    return is_there;
}

void pm_store_forget(struct pm_store *store, const struct pm_store_key *key)
{
    sqlite3_stmt *forget = pm_store_ready(store) ? pm_store_statement(store, SQL_FORGET) : NULL;
    if (forget) {
        pm_store_bind_blob(forget, 1, key_bytes(key));
        (void)pm_store_run(store, forget);
    }
    (void)pm_store_mend(store);
}

/* --- leases --- */

bool pm_store_lease(struct pm_store *store, const struct pm_store_key *key, int64_t now_ms)
{
    store->now_ms = now_ms;
    sqlite3_stmt *lease = pm_store_ready(store) ? pm_store_statement(store, SQL_LEASE) : NULL;
    bool is_anothers = false;
    if (lease) {
        pm_store_bind_blob(lease, 1, key_bytes(key));
        (void)sqlite3_bind_int64(lease, 2, store->owner);
        (void)sqlite3_bind_int64(lease, 3, now_ms + PM_STORE_LEASE_MS);
        (void)sqlite3_bind_int64(lease, 4, now_ms);
        is_anothers = pm_store_run(store, lease) && sqlite3_changes(store->db) == 0;
    }
    (void)pm_store_mend(store);
    return !is_anothers;
}

void pm_store_lease_drop(struct pm_store *store, const struct pm_store_key *key)
{
    if (pm_store_ready(store)) {
        (void)drop_lease(store, key);
        (void)pm_store_mend(store);
    }
}
