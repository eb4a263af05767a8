/* entry.c - one reply of one request. */

#include "net/inside.h"

#include <stdlib.h>
#include <string.h>

/* Beside a body of PM_BODY_MOST these two keep a call within its 64 MB. */
#define FACTS_MOST ((size_t)16 << 20)
#define SCRATCH_MOST ((size_t)32 << 20)
#define HEADERS_MOST ((size_t)32 << 10)

void pm_entry_begin(struct pm_entry *entry)
{
    entry->body.len = 0;
    entry->headers = pm_no_headers;
    pm_arena_finish(&entry->header_arena);
    pm_arena_init(&entry->header_arena, HEADERS_MOST);
}

struct pm_entry *pm_entry_make(const struct pm_kind *kind, pm_str url, pm_str asked)
{
    struct pm_entry *entry = calloc(1, sizeof *entry);
    char *copy = malloc(url.len + 1 + asked.len); /* both texts, the first one ended by a NUL */
    if (!entry || !copy || pthread_mutex_init(&entry->lock, NULL) != 0) {
        free(entry);
        free(copy);
        return NULL;
    }
    memcpy(copy, url.ptr, url.len);
    copy[url.len] = '\0';
    if (asked.len) {
        memcpy(copy + url.len + 1, asked.ptr, asked.len);
        entry->body.asked = (pm_str){copy + url.len + 1, asked.len};
    }
    entry->url = copy;
    entry->kind = kind;
    atomic_init(&entry->references, 1);
    pm_arena_init(&entry->arena, FACTS_MOST);
    entry->body.headers = &entry->headers;
    pm_entry_begin(entry);
    return entry;
}

bool pm_entry_answers(const struct pm_entry *entry, const struct pm_kind *kind, pm_str url,
                      pm_str asked)
{
    return entry->kind == kind && pm_str_equal(pm_entry_url(entry), url) &&
           pm_str_equal(entry->body.asked, asked);
}

struct pm_entry *pm_entry_retain(struct pm_entry *entry)
{
    atomic_fetch_add_explicit(&entry->references, 1, memory_order_relaxed);
    return entry;
}

void pm_entry_release(struct pm_entry *entry)
{
    while (entry && atomic_fetch_sub_explicit(&entry->references, 1, memory_order_acq_rel) == 1) {
        struct pm_entry *older = entry->last_good;
        pm_arena_finish(&entry->arena);
        pm_arena_finish(&entry->header_arena);
        pthread_mutex_destroy(&entry->lock);
        free(entry->body.ptr);
        free((void *)(uintptr_t)entry->packed.ptr);
        free(entry->url);
        free(entry);
        entry = older;
    }
}

static void decode(struct pm_entry *entry)
{
    struct pm_arena scratch;
    pm_arena_init(&scratch, SCRATCH_MOST);
    entry->facts = entry->kind->decode(&entry->arena, &scratch, &entry->body, &entry->outcome);
    if (entry->arena.lacks_memory || scratch.lacks_memory) { /* whatever it took that for */
        entry->facts = NULL;
        pm_outcome_set(&entry->outcome, PM_STATUS_NO_MEMORY, "memory ran out");
    } else if (entry->facts && (entry->arena.failed || scratch.failed)) {
        entry->facts = NULL;
        pm_outcome_set(&entry->outcome, PM_STATUS_TOO_LARGE,
                       "more than can be held while reading it");
    }
    pm_arena_finish(&scratch);
}

const void *pm_entry_facts(struct pm_entry *entry)
{
    pthread_mutex_lock(&entry->lock);
    if (!entry->is_decoded) {
        if (entry->outcome.status == PM_STATUS_OK) {
            decode(entry);
        }
        entry->is_decoded = true;
    }
    pthread_mutex_unlock(&entry->lock);
    return entry->facts;
}

const struct pm_outcome *pm_entry_outcome(const struct pm_entry *entry)
{
    return &entry->outcome;
}

const struct pm_kind *pm_entry_kind(const struct pm_entry *entry)
{
    return entry->kind;
}

pm_str pm_entry_url(const struct pm_entry *entry)
{
    return pm_str_from(entry->url);
}

const struct pm_headers *pm_entry_headers(const struct pm_entry *entry)
{
    return &entry->headers;
}

int64_t pm_entry_received_ms(const struct pm_entry *entry)
{
    return entry->received_ms;
}

size_t pm_entry_bytes(const struct pm_entry *entry)
{
    return entry->body_room + entry->arena.taken_bytes;
}

bool pm_entry_is_in(const struct pm_entry *entry)
{
    return entry->is_in;
}
