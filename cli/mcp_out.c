/* mcp_out.c - the queue of lines and the thread that writes them. */

#include "mcp_out.h"

#include "mcp_time.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define QUEUED_BYTES_MOST ((size_t)4 << 20) /* beyond: nothing more is read until half is written */

struct entry {
    struct entry *next;
    size_t len;
    char bytes[];
};

struct mcp_out {
    int file, wake;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct entry *first, *last; /* being written and waiting */
    size_t queued_bytes;
    bool is_full, is_broken, is_closing;
};

/* False when nobody can read it any more. */
static bool write_all(int file, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t wrote = write(file, bytes, len);
        if (wrote >= 0) {
            bytes += wrote;
            len -= (size_t)wrote;
        } else if (errno == EAGAIN) { /* whoever gave us the file made it so */
            struct pollfd room = {.fd = file, .events = POLLOUT};
            (void)poll(&room, 1, -1);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

static void wake(struct mcp_out *out)
{
    uint64_t one = 1;
    ssize_t wrote = write(out->wake, &one, sizeof one);
    (void)wrote; /* a full counter wakes as well */
}

/* With the lock held, which is given back while writing. */
static void write_first(struct mcp_out *out)
{
    struct entry *entry = out->first;
    bool was_broken = out->is_broken;
    pthread_mutex_unlock(&out->lock);
    bool is_written = !was_broken && write_all(out->file, entry->bytes, entry->len);
    pthread_mutex_lock(&out->lock);
    out->first = entry->next;
    out->queued_bytes -= entry->len;
    free(entry);
    out->is_broken = !is_written;
    bool has_room = out->is_full && out->queued_bytes <= QUEUED_BYTES_MOST / 2;
    if (has_room) {
        out->is_full = false;
    }
    if (has_room || (out->is_broken && !was_broken)) {
        wake(out);
    }
    pthread_cond_broadcast(&out->changed);
}

static void *write_lines(void *user)
{
    struct mcp_out *out = user;
    pthread_mutex_lock(&out->lock);
    while (out->first || !out->is_closing) {
        if (out->first) {
            write_first(out);
        } else {
            pthread_cond_wait(&out->changed, &out->lock);
        }
    }
    pthread_mutex_unlock(&out->lock);
    return NULL;
}

struct mcp_out *mcp_out_open(int file, int wake_file)
{
    struct mcp_out *out = calloc(1, sizeof *out);
    if (!out) {
        return NULL;
    }
    out->file = file;
    out->wake = wake_file;
    pthread_mutex_init(&out->lock, NULL);
    mcp_time_init_condition(&out->changed);
    if (pthread_create(&out->thread, NULL, write_lines, out) != 0) {
        pthread_cond_destroy(&out->changed);
        pthread_mutex_destroy(&out->lock);
        free(out);
        return NULL;
    }
    return out;
}

static void write_without_copy(struct mcp_out *out, pm_str line)
{
    while (out->first) {
        pthread_cond_wait(&out->changed, &out->lock);
    }
    out->is_broken = out->is_broken || !write_all(out->file, line.ptr, line.len) ||
                     !write_all(out->file, "\n", 1);
}

void mcp_out_line(struct mcp_out *out, pm_str line)
{
    struct entry *entry = malloc(sizeof *entry + line.len + 1);
    pthread_mutex_lock(&out->lock);
    if (!entry) {
        write_without_copy(out, line);
    } else {
        *entry = (struct entry){.len = line.len + 1};
        memcpy(entry->bytes, line.ptr, line.len);
        entry->bytes[line.len] = '\n';
        *(out->first ? &out->last->next : &out->first) = entry;
        out->last = entry;
        out->queued_bytes += entry->len;
        out->is_full = out->is_full || out->queued_bytes > QUEUED_BYTES_MOST;
        pthread_cond_broadcast(&out->changed);
    }
    pthread_mutex_unlock(&out->lock);
}

bool mcp_out_is_broken(struct mcp_out *out)
{
    pthread_mutex_lock(&out->lock);
    bool is_broken = out->is_broken;
    pthread_mutex_unlock(&out->lock);
    return is_broken;
}

bool mcp_out_is_full(struct mcp_out *out)
{
    pthread_mutex_lock(&out->lock);
    bool is_full = out->is_full;
    pthread_mutex_unlock(&out->lock);
    return is_full;
}

bool mcp_out_close(struct mcp_out *out, long wait_ms)
{
    if (!out) {
        return true;
    }
    struct timespec end = mcp_time_after(wait_ms);
    pthread_mutex_lock(&out->lock);
    out->is_closing = true;
    pthread_cond_broadcast(&out->changed);
    while (out->first && pthread_cond_timedwait(&out->changed, &out->lock, &end) == 0) {
    }
    bool is_written = !out->first;
    pthread_mutex_unlock(&out->lock);
    if (is_written) {
        pthread_join(out->thread, NULL);
        pthread_cond_destroy(&out->changed);
        pthread_mutex_destroy(&out->lock);
        free(out);
    }
    return is_written;
}
