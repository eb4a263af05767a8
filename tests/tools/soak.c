/* soak.c - many calls on one handle, and what they leave behind.
 *
 *   soak OPTIONS CALLS SECONDS REST_MS   from eight threads, until there were so many, or the time
 *                                        is over
 *
 * Most ask for what the handle has; one in FRESH for a run that nobody has asked for yet, so that
 * the network is asked. At every twentieth of the calls all threads rest for REST_MS, in which requests
 * that nobody waits for come to their end, and a line says what is held then at least:
 *
 *   held CALLS RSS_KB HEAP_KB DESCRIPTORS
 *   done CALLS FRESH ANSWERED SECONDS P50_US P99_US MOST_US
 *
 * ANSWERED are those with facts in them; every reply is looked at for being whole. */

#include "psyche_monitor.h"

#include <dirent.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define THREADS 8
#define PARTS 20
#define FRESH 14        /* one call in so many */
#define SLOTS_MOST 4096 /* of the histogram: 64 for each power of two */

static psyche_monitor *monitor;
static unsigned long calls_wanted;
static double end_ms, rest_ms;
static atomic_ulong begun, fresh, answered;
static atomic_ulong slots[SLOTS_MOST];
static atomic_ulong most_us;
static atomic_bool is_broken;
static pthread_barrier_t rest;

static double now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* --- how long calls take: exact below 64 us, then to 1/64 --- */

static size_t slot_of(uint64_t us)
{
    size_t power = 0;
    while (us >> power >= 128) {
        power++;
    }
    size_t slot = power * 64 + (size_t)(us >> power);
    return slot < SLOTS_MOST ? slot : SLOTS_MOST - 1;
}

static uint64_t us_of(size_t slot)
{
    size_t power = slot < 128 ? 0 : slot / 64 - 1;
    return (uint64_t)(slot - power * 64) << power;
}

static void note_time(double ms)
{
    uint64_t us = (uint64_t)(ms * 1e3);
    atomic_fetch_add(&slots[slot_of(us)], 1);
    unsigned long most = atomic_load(&most_us);
    while (us > most && !atomic_compare_exchange_weak(&most_us, &most, us)) {
    }
}

static uint64_t percentile(unsigned percent, unsigned long count)
{
    unsigned long below = 0;
    for (size_t i = 0; i < SLOTS_MOST; i++) {
        below += atomic_load(&slots[i]);
        if (below * 100 >= count * percent) {
            return us_of(i);
        }
    }
    return 0;
}

/* --- what is held --- */

static long resident_kb(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file) {
        if (fscanf(file, "%*s %ld", &pages) != 1) {
            pages = 0;
        }
        (void)fclose(file);
    }
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static int count_descriptors(void)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (folder && readdir(folder)) {
        count++;
    }
    if (folder) {
        (void)closedir(folder);
    }
    return count;
}

static void tell_held(unsigned long calls)
{
    size_t least_bytes = SIZE_MAX;
    long least_kb = LONG_MAX;
    double end = now_ms() + rest_ms;
    do {
        (void)usleep(20000);
        (void)malloc_trim(0);
        size_t bytes = mallinfo2().uordblks;
        long kb = resident_kb();
        least_bytes = bytes < least_bytes ? bytes : least_bytes;
        least_kb = kb < least_kb ? kb : least_kb;
    } while (now_ms() < end);
    (void)printf("held %lu %ld %zu %d\n", calls, least_kb, least_bytes / 1024, count_descriptors());
    (void)fflush(stdout);
}

/* --- calls --- */

static const char *const usual[] = {
    "{\"action\":\"list_runs\"}",
    "{\"action\":\"run_details\",\"run_id\":\"run-1\"}",
    "{\"action\":\"checkpoints\",\"run_id\":\"run-2\"}",
    "{\"action\":\"pool_status\"}",
    "{\"action\":\"network_stats\"}",
    "{\"action\":\"contribute\"}",
    "{\"action\":\"run_details\",\"run_id\":\"run-1\",\"detail\":\"full\"}",
    "{\"action\":\"contribute\",\"topic\":\"labels\"}",
    "{\"tool\":\"info\"}",
    "{\"action\":\"no such action\"}",
    "{\"action\":",
};

static void call(unsigned long number)
{
    char text[200];
    bool is_fresh = number % FRESH == 0;
    (void)snprintf(text, sizeof text,
                   "{\"tool\":\"psyche_monitor\",\"timeout_ms\":%d,\"arguments\":%s%lu\"}}", 400,
                   "{\"action\":\"run_details\",\"run_id\":\"fresh-", number);
    const char *request = is_fresh ? text : usual[number % (sizeof usual / sizeof *usual)];
    size_t len = 0;
    double from = now_ms();
    psyche_monitor_reply *reply = psyche_monitor_call(monitor, request, strlen(request));
    note_time(now_ms() - from);
    const char *answer = psyche_monitor_reply_text(reply, &len);
    if (len < 2 || answer[0] != '{' || answer[len - 1] != '}' || strlen(answer) != len) {
        atomic_store(&is_broken, true);
    }
    atomic_fetch_add(&answered, strncmp(answer, "{\"summary\"", 10) == 0);
    atomic_fetch_add(&fresh, is_fresh);
    psyche_monitor_reply_free(reply);
}

static void *work(void *is_first)
{
    for (unsigned long part = 1; part <= PARTS; part++) {
        unsigned long until = calls_wanted * part / PARTS;
        while (now_ms() < end_ms) {
            unsigned long number = atomic_load(&begun);
            if (number >= until) {
                break;
            }
            if (atomic_compare_exchange_weak(&begun, &number, number + 1)) {
                call(number);
            }
        }
        (void)pthread_barrier_wait(&rest);
        if (is_first) {
            tell_held(atomic_load(&begun));
        }
        (void)pthread_barrier_wait(&rest);
    }
    return NULL;
}

int main(int count, char **words)
{
    pthread_t threads[THREADS];
    if (count != 5) {
        return 2;
    }
    calls_wanted = strtoul(words[2], NULL, 10);
    double from = now_ms();
    end_ms = from + strtod(words[3], NULL) * 1e3;
    rest_ms = strtod(words[4], NULL);
    monitor = psyche_monitor_open(words[1], strlen(words[1]));
    (void)pthread_barrier_init(&rest, NULL, THREADS);
    for (size_t i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, work, i == 0 ? words : NULL) != 0) {
            return 2;
        }
    }
    for (size_t i = 0; i < THREADS; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    psyche_monitor_close(monitor);
    unsigned long calls = atomic_load(&begun);
    (void)printf("done %lu %lu %lu %.1f %llu %llu %lu\n", calls, atomic_load(&fresh),
                 atomic_load(&answered), (now_ms() - from) / 1e3,
                 (unsigned long long)percentile(50, calls),
                 (unsigned long long)percentile(99, calls), atomic_load(&most_us));
    return atomic_load(&is_broken) ? 1 : 0;
}
