/* seen.c - what was seen of runs, on its way to the store and back. */

#include "net/inside.h"

#include <assert.h>
#include <stdlib.h>

#define SEEN_BYTES_MOST ((size_t)8 << 20)

bool pm_net_is_news(struct pm_entry *entry)
{
    return atomic_exchange(&entry->is_news, false);
}

/* False when memory is out. */
static bool copy_rows(struct pm_arena *arena, const struct pm_seen *rows, size_t count,
                      struct pm_seen **out)
{
    *out = pm_arena_array(arena, count, sizeof **out);
    for (size_t i = 0; *out && i < count; i++) {
        (*out)[i] = rows[i];
        (*out)[i].id = pm_arena_copy(arena, rows[i].id);
        (*out)[i].state = pm_arena_copy(arena, rows[i].state);
        (*out)[i].phase = pm_arena_copy(arena, rows[i].phase);
        (*out)[i].tokens = pm_arena_copy(arena, rows[i].tokens);
    }
    return !arena->failed;
}

void pm_net_see(struct pm_net *net, const struct pm_seen *rows, size_t count)
{
    assert(net->keeper.path); /* else nothing is news */
    struct keeping *keeping = count ? calloc(1, sizeof *keeping) : NULL;
    if (!keeping) {
        return;
    }
    pm_arena_init(&keeping->arena, SEEN_BYTES_MOST);
    keeping->seen_count = count;
    if (copy_rows(&keeping->arena, rows, count, &keeping->seen)) {
        pthread_mutex_lock(&net->lock);
        pm_keeper_queue(net, keeping);
        pthread_mutex_unlock(&net->lock);
    } else {
        pm_keeping_free(keeping);
    }
}

/* --- and back --- */

static void free_recall(struct recall *recall)
{
    pm_arena_finish(&recall->arena);
    pthread_cond_destroy(&recall->news);
    free(recall);
}

static void settle(struct recall *recall)
{
    if (recall->is_abandoned) {
        free_recall(recall);
    } else {
        recall->is_done = true;
        pthread_cond_signal(&recall->news);
    }
}

void pm_recall_next(struct pm_net *net, struct pm_store *store)
{
    struct recall *recall = net->keeper.recalls;
    net->keeper.recalls = recall->next;
    pthread_mutex_unlock(&net->lock);
    recall->count = pm_store_last_seen(store, &recall->arena, recall->most, &recall->rows);
    pthread_mutex_lock(&net->lock);
    settle(recall);
}

void pm_recall_end(struct pm_net *net)
{
    while (net->keeper.recalls) {
        struct recall *recall = net->keeper.recalls;
        net->keeper.recalls = recall->next;
        settle(recall);
    }
}

static struct recall *make_recall(size_t most)
{
    struct recall *recall = calloc(1, sizeof *recall);
    if (!recall || !pm_net_init_cond(&recall->news)) {
        free(recall);
        return NULL;
    }
    recall->most = most;
    pm_arena_init(&recall->arena, SEEN_BYTES_MOST);
    return recall;
}

size_t pm_net_last_seen(struct pm_net *net, struct pm_wait *wait, struct pm_arena *arena,
                        size_t most, int64_t until_mono_ms, struct pm_seen **out)
{
    struct recall *recall = net->keeper.path ? make_recall(most) : NULL;
    struct timespec until = pm_net_moment(until_mono_ms);
    size_t count = 0;
    *out = NULL;
    if (!recall) {
        return 0;
    }
    pthread_mutex_lock(&net->lock);
    bool is_waiting = !net->keeper.is_late && pm_keeper_start(net);
    recall->is_done = !is_waiting;
    if (is_waiting) {
        recall->next = net->keeper.recalls;
        net->keeper.recalls = recall;
        pthread_cond_signal(&net->keeper.work);
    }
    bool has_left = is_waiting && pm_gate_leave(net, wait);
    while (!recall->is_done && pthread_cond_timedwait(&recall->news, &net->lock, &until) == 0) {
    }
    if (has_left) {
        pm_gate_enter(net, wait, until_mono_ms);
    }
    bool is_ours = recall->is_done;
    recall->is_abandoned = !is_ours;
    pthread_mutex_unlock(&net->lock);
    if (is_ours) {
        count = copy_rows(arena, recall->rows, recall->count, out) ? recall->count : 0;
        free_recall(recall);
    }
    return count;
}
