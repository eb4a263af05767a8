/* measure_calls.c - what calls cost in different states of a handle, as lines of numbers for
 * tests/bench. OPTIONS are those of psyche_monitor_open.
 *
 *   measure_calls cold OPTIONS REQUEST TIMES SECONDS [STORE]
 *       a line a call, each on a fresh handle whose opening counts, too; STORE is removed before
 *       each: CPU ms of all threads, wall ms, bytes of the answer
 *   measure_calls again OPTIONS REQUEST TIMES SECONDS
 *       the same of calls on one handle that has answered this once
 *   measure_calls threads OPTIONS REQUEST THREADS SECONDS
 *       calls a second of so many threads on one handle, and ms of the middle and of the 99th of a
 *       hundred calls
 *   measure_calls memory OPTIONS REQUEST CALLS
 *       kB in use after a tenth of the calls, and after all of them
 *
 * Nothing goes on for longer than SECONDS, but three calls are always made. */

#include "psyche_monitor.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LEAST_CALLS 3
#define THREADS_MOST 256
#define TIMES_MOST 100000

static double clock_ms(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double wall_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

/* Of all threads. */
static double cpu_ms(void)
{
    return clock_ms(CLOCK_PROCESS_CPUTIME_ID);
}

static psyche_monitor *open_with(const char *options)
{
    return psyche_monitor_open(options, strlen(options));
}

/* Bytes of the answer; ends the program when there is none. */
static size_t ask(psyche_monitor *monitor, const char *request)
{
    size_t bytes = 0;
    psyche_monitor_reply *reply = psyche_monitor_call(monitor, request, strlen(request));
    const char *text = psyche_monitor_reply_text(reply, &bytes);
    if (psyche_monitor_reply_status(reply) != 0) {
        (void)fprintf(stderr, "%s\n", text);
        exit(1);
    }
    psyche_monitor_reply_free(reply);
    return bytes;
}

static void remove_store(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    char name[4096];
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        (void)snprintf(name, sizeof name, "%s%s", path, endings[i]);
        (void)unlink(name);
    }
}

static void measure_cold(const char *options, const char *request, int times, double until,
                         const char *store)
{
    for (int i = 0; i < times && (i < LEAST_CALLS || wall_ms() < until); i++) {
        if (store) {
            remove_store(store);
        }
        double cpu = cpu_ms(), wall = wall_ms();
        psyche_monitor *monitor = open_with(options);
        size_t bytes = ask(monitor, request);
        (void)printf("%.4f %.4f %zu\n", cpu_ms() - cpu, wall_ms() - wall, bytes);
        psyche_monitor_close(monitor);
    }
}

static void measure_again(const char *options, const char *request, int times, double until)
{
    psyche_monitor *monitor = open_with(options);
    (void)ask(monitor, request);
    for (int i = 0; i < times && (i < LEAST_CALLS || wall_ms() < until); i++) {
        double cpu = cpu_ms(), wall = wall_ms();
        size_t bytes = ask(monitor, request);
        (void)printf("%.4f %.4f %zu\n", cpu_ms() - cpu, wall_ms() - wall, bytes);
    }
    psyche_monitor_close(monitor);
}

/* --- threads --- */

struct caller {
    pthread_t thread;
    psyche_monitor *monitor;
    const char *request;
    double until;
    size_t count;
    double *took_ms; /* TIMES_MOST of them */
};

static void *keep_asking(void *user)
{
    struct caller *caller = user;
    for (double now = wall_ms(); now < caller->until && caller->count < TIMES_MOST;) {
        (void)ask(caller->monitor, caller->request);
        double then = wall_ms();
        caller->took_ms[caller->count++] = then - now;
        now = then;
    }
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static void report(struct caller *callers, int threads, double seconds)
{
    size_t count = 0;
    for (int i = 0; i < threads; i++) {
        count += callers[i].count;
    }
    double *all = malloc(count * sizeof *all + 1), *end = all;
    for (int i = 0; i < threads && all; i++) {
        memcpy(end, callers[i].took_ms, callers[i].count * sizeof *end);
        end += callers[i].count;
    }
    if (all && count > 0) {
        qsort(all, count, sizeof *all, by_size);
        (void)printf("%.1f %.4f %.4f\n", (double)count / seconds, all[count / 2],
                     all[count - 1 - count / 100]);
    }
    free(all);
}

static void measure_threads(const char *options, const char *request, int threads, double seconds)
{
    static struct caller callers[THREADS_MOST];
    psyche_monitor *monitor = open_with(options);
    (void)ask(monitor, request);
    threads = threads < THREADS_MOST ? threads : THREADS_MOST;
    double began = wall_ms();
    for (int i = 0; i < threads; i++) {
        callers[i] = (struct caller){.monitor = monitor,
                                     .request = request,
                                     .until = began + seconds * 1e3,
                                     .took_ms = malloc(TIMES_MOST * sizeof(double))};
        if (!callers[i].took_ms ||
            pthread_create(&callers[i].thread, NULL, keep_asking, &callers[i]) != 0) {
            exit(1);
        }
    }
    for (int i = 0; i < threads; i++) {
        (void)pthread_join(callers[i].thread, NULL);
    }
    report(callers, threads, (wall_ms() - began) / 1e3);
    for (int i = 0; i < threads; i++) {
        free(callers[i].took_ms);
    }
    psyche_monitor_close(monitor);
}

/* --- memory --- */

static long resident_kb(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file) {
        if (fscanf(file, "%*d %ld", &pages) != 1) {
            pages = 0;
        }
        (void)fclose(file);
    }
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void measure_memory(const char *options, const char *request, int calls)
{
    psyche_monitor *monitor = open_with(options);
    long before = 0;
    for (int i = 0; i < calls; i++) {
        (void)ask(monitor, request);
        before = i == calls / 10 ? resident_kb() : before;
    }
    (void)printf("%ld %ld\n", before, resident_kb());
    psyche_monitor_close(monitor);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    double seconds = argc > 5 ? atof(argv[5]) : 0, until = wall_ms() + seconds * 1e3;
    if (strcmp(what, "cold") == 0 && (argc == 6 || argc == 7)) {
        measure_cold(argv[2], argv[3], atoi(argv[4]), until, argc == 7 ? argv[6] : NULL);
    } else if (strcmp(what, "again") == 0 && argc == 6) {
        measure_again(argv[2], argv[3], atoi(argv[4]), until);
    } else if (strcmp(what, "threads") == 0 && argc == 6) {
        measure_threads(argv[2], argv[3], atoi(argv[4]), seconds);
    } else if (strcmp(what, "memory") == 0 && argc == 5) {
        measure_memory(argv[2], argv[3], atoi(argv[4]));
    } else {
        (void)fputs("usage: see the top of measure_calls.c\n", stderr);
        return 2;
    }
    return 0;
}
