/* mcp_workers.c - calls under way, and the threads that wait for their answers.
 *
 * A call's answer and its leaving the list are one step under the lock, and so are looking for a
 * call and telling its progress. That is why nothing is ever said about a call after its answer.
 *
 * The library knows a call by a number of ours, not by the client's id: ids may come again as soon
 * as they are answered, and a cancel that comes late must not meet the next call of that id. */

#include "mcp_workers.h"

#include "mcp_result.h"
#include "mcp_time.h"

#include "base/buf.h"
#include "base/clock.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALL_ARENA_BYTES ((size_t)64 << 20)
#define PROGRESS_EVERY_MS 1000

struct job {
    struct job *next;
    struct pm_arena arena;
    struct mcp_call call;
    pm_str request; /* the library's envelope */
    char call_id[24];
    int64_t taken_ms, told_ms;
    unsigned told; /* times */
    bool is_running, is_cancelled;
};

struct mcp_workers {
    psyche_monitor *monitor;
    struct mcp_sink sink;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct job *first; /* all calls, oldest first */
    size_t waiting, waiting_bytes;
    uint64_t last_number;
    pthread_t threads[MCP_WORKERS_MOST];
    unsigned thread_count, idle_count, ended_count;
    bool is_closing;
};

/* --- jobs --- */

static void free_job(struct job *job)
{
    if (job) {
        pm_arena_finish(&job->arena);
        free(job);
    }
}

static pm_str write_request(struct job *job)
{
    struct pm_buf text;
    pm_buf_init(&text, &job->arena, CALL_ARENA_BYTES);
    pm_buf_add(&text, PM_STR("{\"tool\":"));
    pm_buf_add(&text, job->call.tool);
    pm_buf_add(&text, PM_STR(",\"arguments\":"));
    pm_buf_add(&text, job->call.arguments);
    pm_buf_add(&text, PM_STR(",\"call_id\":\""));
    pm_buf_add_c(&text, job->call_id);
    pm_buf_add(&text, PM_STR("\"}"));
    return pm_buf_text(&text);
}

static struct job *make_job(const struct mcp_call *call, uint64_t number)
{
    struct job *job = calloc(1, sizeof *job);
    if (!job) {
        return NULL;
    }
    pm_arena_init(&job->arena, CALL_ARENA_BYTES);
    job->call = (struct mcp_call){
        .id = pm_arena_copy(&job->arena, call->id),
        .key = pm_arena_copy(&job->arena, call->key),
        .progress_token = pm_arena_copy(&job->arena, call->progress_token),
        .tool = call->tool,
        .arguments = call->arguments,
        .content = call->content,
    };
    (void)snprintf(job->call_id, sizeof job->call_id, "%llu", (unsigned long long)number);
    job->request = write_request(job);
    job->taken_ms = job->told_ms = pm_clock_mono_ms();
    if (job->arena.failed || job->request.len == 0) {
        free_job(job);
        return NULL;
    }
    return job;
}

/* --- the list; the lock is held --- */

static struct job **find(struct mcp_workers *workers, pm_str key)
{
    struct job **place = &workers->first;
    while (*place && !pm_str_equal((*place)->call.key, key)) {
        place = &(*place)->next;
    }
    return place;
}

static void take_out(struct mcp_workers *workers, struct job *job)
{
    struct job **place = &workers->first;
    while (*place != job) {
        place = &(*place)->next;
    }
    *place = job->next;
}

static void stop_waiting(struct mcp_workers *workers, struct job *job)
{
    workers->waiting--;
    workers->waiting_bytes -= job->request.len;
}

static struct job *next_waiting(struct mcp_workers *workers)
{
    struct job *job = workers->first;
    while (job && job->is_running) {
        job = job->next;
    }
    return job;
}

/* --- progress --- */

static pm_str write_progress(struct pm_arena *arena, const struct job *job, int64_t now_ms)
{
    char words[80];
    yyjson_alc allocator = pm_json_alc(arena);
    yyjson_mut_doc *doc = yyjson_mut_doc_new(&allocator);
    yyjson_mut_val *params = yyjson_mut_obj(doc);
    const char *what = job->is_running ? "waiting for the sources" : "waiting for other calls";
    (void)snprintf(words, sizeof words, "%s (%lld s)", job->told > 0 ? what : "taken",
                   (long long)(now_ms - job->taken_ms) / PROGRESS_EVERY_MS);
    (void)yyjson_mut_obj_add_val(doc, params, "progressToken",
                                 mcp_raw(doc, job->call.progress_token));
    (void)yyjson_mut_obj_add_uint(doc, params, "progress", job->told);
    (void)yyjson_mut_obj_add_str(doc, params, "message", words);
    return mcp_notification_write(doc, arena, "notifications/progress", params);
}

static void tell(struct mcp_workers *workers, struct job *job, int64_t now_ms)
{
    struct pm_arena arena;
    pm_arena_init(&arena, CALL_ARENA_BYTES);
    pm_str line = write_progress(&arena, job, now_ms);
    if (line.len > 0) {
        mcp_sink_take(workers->sink, line);
    }
    pm_arena_finish(&arena);
    job->told++;
    job->told_ms = now_ms;
}

int mcp_workers_tell_progress(struct mcp_workers *workers)
{
    int64_t now_ms = pm_clock_mono_ms(), soonest_ms = -1;
    pthread_mutex_lock(&workers->lock);
    for (struct job *job = workers->first; job; job = job->next) {
        if (job->call.progress_token.len == 0 || job->is_cancelled) {
            continue;
        }
        if (now_ms - job->told_ms >= PROGRESS_EVERY_MS) {
            tell(workers, job, now_ms);
        }
        int64_t left_ms = job->told_ms + PROGRESS_EVERY_MS - now_ms;
        if (soonest_ms < 0 || left_ms < soonest_ms) {
            soonest_ms = left_ms;
        }
    }
    pthread_mutex_unlock(&workers->lock);
    return (int)soonest_ms;
}

/* --- threads --- */

static void answer(struct mcp_workers *workers, struct job *job)
{
    struct mcp_spare spare = {""};
    size_t len = 0;
    psyche_monitor_reply *reply =
        psyche_monitor_call(workers->monitor, job->request.ptr, job->request.len);
    const char *text = psyche_monitor_reply_text(reply, &len);
    pm_str line = mcp_result_write(&job->arena, job->call.id, job->call.content,
                                   (pm_str){text, len}, psyche_monitor_reply_status(reply), &spare);
    pthread_mutex_lock(&workers->lock);
    take_out(workers, job);
    if (!job->is_cancelled) {
        mcp_sink_take(workers->sink, line);
    }
    pthread_cond_broadcast(&workers->changed);
    pthread_mutex_unlock(&workers->lock);
    psyche_monitor_reply_free(reply);
    free_job(job);
}

static void *work(void *user)
{
    struct mcp_workers *workers = user;
    pthread_mutex_lock(&workers->lock);
    while (!workers->is_closing) {
        struct job *job = next_waiting(workers);
        if (!job) {
            workers->idle_count++;
            pthread_cond_wait(&workers->changed, &workers->lock);
            workers->idle_count--;
            continue;
        }
        job->is_running = true;
        stop_waiting(workers, job);
        pthread_mutex_unlock(&workers->lock);
        answer(workers, job);
        pthread_mutex_lock(&workers->lock);
    }
    workers->ended_count++;
    pthread_cond_broadcast(&workers->changed);
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

/* One more, when all are busy; false when there is none at all. */
static bool have_thread(struct mcp_workers *workers)
{
    if (workers->waiting + 1 > workers->idle_count && workers->thread_count < MCP_WORKERS_MOST &&
        pthread_create(&workers->threads[workers->thread_count], NULL, work, workers) == 0) {
        workers->thread_count++;
    }
    return workers->thread_count > 0;
}

/* --- taking and cancelling --- */

static void refuse_to_take(struct mcp_workers *workers, const struct mcp_call *call,
                           struct mcp_message *message)
{
    if (*find(workers, call->key)) {
        (void)mcp_refuse(message, MCP_INVALID_REQUEST, "id: a request of that id is under way");
    } else if (workers->waiting >= MCP_WAITING_MOST ||
               workers->waiting_bytes > MCP_WAITING_BYTES_MOST) {
        (void)mcp_refuse(message, MCP_INTERNAL,
                         "%zu calls are waiting already: ask again when some are answered",
                         workers->waiting);
    } else if (!have_thread(workers)) {
        (void)mcp_refuse(message, MCP_INTERNAL, "no thread can be started");
    }
}

bool mcp_workers_take(struct mcp_workers *workers, const struct mcp_call *call,
                      struct mcp_message *message)
{
    struct job *job = make_job(call, ++workers->last_number);
    if (!job) {
        (void)mcp_refuse(message, MCP_INTERNAL, "memory ran out");
        return false;
    }
    pthread_mutex_lock(&workers->lock);
    refuse_to_take(workers, call, message);
    bool is_taken = !message->has_error;
    if (is_taken) {
        *find(workers, PM_STR("")) = job; /* the end: no key is empty */
        workers->waiting++;
        workers->waiting_bytes += job->request.len;
        if (job->call.progress_token.len > 0) {
            tell(workers, job, job->taken_ms);
        }
        pthread_cond_broadcast(&workers->changed);
    }
    pthread_mutex_unlock(&workers->lock);
    if (!is_taken) {
        free_job(job);
    }
    return is_taken;
}

/* The lock is held. One that runs is left to the thread that waits for it. */
static void cancel(struct mcp_workers *workers, struct job *job)
{
    if (job->is_running) {
        job->is_cancelled = true;
        psyche_monitor_cancel(workers->monitor, job->call_id, strlen(job->call_id));
    } else {
        stop_waiting(workers, job);
        take_out(workers, job);
        free_job(job);
    }
}

void mcp_workers_cancel(struct mcp_workers *workers, pm_str key)
{
    pthread_mutex_lock(&workers->lock);
    struct job *job = key.len > 0 ? *find(workers, key) : NULL;
    if (job && !job->is_cancelled) {
        cancel(workers, job);
    }
    pthread_mutex_unlock(&workers->lock);
}

/* --- opening and closing --- */

struct mcp_workers *mcp_workers_open(psyche_monitor *monitor, struct mcp_sink sink)
{
    struct mcp_workers *workers = calloc(1, sizeof *workers);
    if (workers) {
        workers->monitor = monitor;
        workers->sink = sink;
        pthread_mutex_init(&workers->lock, NULL);
        mcp_time_init_condition(&workers->changed);
    }
    return workers;
}

void mcp_workers_wait(struct mcp_workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    while (workers->first) {
        pthread_cond_wait(&workers->changed, &workers->lock);
    }
    pthread_mutex_unlock(&workers->lock);
}

static void free_workers(struct mcp_workers *workers)
{
    for (unsigned i = 0; i < workers->thread_count; i++) {
        pthread_join(workers->threads[i], NULL);
    }
    pthread_cond_destroy(&workers->changed);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}

bool mcp_workers_close(struct mcp_workers *workers, long wait_ms)
{
    if (!workers) {
        return true;
    }
    struct timespec end = mcp_time_after(wait_ms);
    pthread_mutex_lock(&workers->lock);
    workers->is_closing = true;
    for (struct job *job = workers->first, *next; job; job = next) {
        next = job->next;
        cancel(workers, job);
    }
    pthread_cond_broadcast(&workers->changed);
    while (workers->ended_count < workers->thread_count &&
           pthread_cond_timedwait(&workers->changed, &workers->lock, &end) == 0) {
    }
    bool have_ended = workers->ended_count == workers->thread_count;
    pthread_mutex_unlock(&workers->lock);
    if (have_ended) {
        free_workers(workers);
    }
    return have_ended;
}
