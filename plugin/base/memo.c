/* memo.c - a small table of results that are dear to work out. */

#include "base/memo.h"

#include <string.h>

bool pm_memo_init(struct pm_memo *memo)
{
    memset(memo->sets, 0, sizeof memo->sets);
    return pthread_mutex_init(&memo->lock, NULL) == 0;
}

void pm_memo_finish(struct pm_memo *memo)
{
    pthread_mutex_destroy(&memo->lock);
}

/* FNV-1a. Who chooses names that meet in one set only makes them forget each other. */
static struct pm_memo_set *find_set(struct pm_memo *memo, pm_str name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < name.len; i++) {
        hash = (hash ^ (unsigned char)name.ptr[i]) * UINT64_C(0x100000001b3);
    }
    return &memo->sets[(hash ^ hash >> 32) % PM_MEMO_SETS];
}

static struct pm_memo_row *find_row(struct pm_memo_set *set, pm_str name)
{
    for (size_t i = 0; i < PM_MEMO_WAYS; i++) {
        struct pm_memo_row *row = &set->rows[i];
        if (row->len == name.len && memcmp(row->name, name.ptr, name.len) == 0) {
            return row;
        }
    }
    return NULL;
}

static bool can_be_kept(const struct pm_memo *memo, pm_str name)
{
    return memo && name.len > 0 && name.len <= PM_MEMO_NAME_MOST;
}

bool pm_memo_recall(struct pm_memo *memo, pm_str name, unsigned char result[PM_MEMO_BYTES])
{
    if (!can_be_kept(memo, name)) {
        return false;
    }
    struct pm_memo_set *set = find_set(memo, name);
    pthread_mutex_lock(&memo->lock);
    const struct pm_memo_row *row = find_row(set, name);
    if (row) {
        memcpy(result, row->result, PM_MEMO_BYTES);
    }
    pthread_mutex_unlock(&memo->lock);
    return row != NULL;
}

void pm_memo_keep(struct pm_memo *memo, pm_str name, const unsigned char result[PM_MEMO_BYTES])
{
    if (!can_be_kept(memo, name)) {
        return;
    }
    struct pm_memo_set *set = find_set(memo, name);
    pthread_mutex_lock(&memo->lock);
    if (!find_row(set, name)) { /* else somebody was faster */
        struct pm_memo_row *row = &set->rows[set->oldest++ % PM_MEMO_WAYS];
        row->len = name.len;
        memcpy(row->name, name.ptr, name.len);
        memcpy(row->result, result, PM_MEMO_BYTES);
    }
    pthread_mutex_unlock(&memo->lock);
}
