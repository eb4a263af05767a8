/* measure.c - what calls cost, as lines of numbers for tests/bench.
 *
 *   measure cost URL REQUEST TIMES   a line a call on a fresh handle: CPU ms, wall ms
 *   measure peak URL REQUEST         kB of memory the process took on top, at the most
 *   measure delay URL TIMES          wall ms of calls, while another one is stalled or none is
 *   measure cancel URL TIMES         wall ms from cancel to the end of the call
 *
 * A run id that begins with "stalled" is one whose page never comes. */

#include "psyche_monitor.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double wall_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Of all threads. */
static double cpu_ms(void)
{
    struct timespec used;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec * 1e3 + (double)used.tv_nsec / 1e6;
}

static psyche_monitor *open_at(const char *url)
{
    char options[400];
    (void)snprintf(options, sizeof options,
                   "{\"override\":{\"dashboard.url\":\"%s\"},\"now\":\"2026-11-21T04:49:51Z\"}",
                   url);
    return psyche_monitor_open(options, strlen(options));
}

static int ask(psyche_monitor *monitor, const char *request)
{
    psyche_monitor_reply *reply = psyche_monitor_call(monitor, request, strlen(request));
    int status = psyche_monitor_reply_status(reply);
    psyche_monitor_reply_free(reply);
    return status;
}

static int measure_cost(const char *url, const char *request, int times)
{
    for (int i = 0; i < times; i++) {
        psyche_monitor *monitor = open_at(url);
        double cpu = cpu_ms(), wall = wall_ms();
        int status = ask(monitor, request);
        (void)printf("%.3f %.3f\n", cpu_ms() - cpu, wall_ms() - wall);
        psyche_monitor_close(monitor);
        if (status != 0) {
            return status;
        }
    }
    return 0;
}

/* VmHWM, since getrusage's figure begins with what the parent held at the fork. */
static long peak_kb(void)
{
    char line[200];
    long kb = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status)) {
        if (sscanf(line, "VmHWM: %ld", &kb) == 1) {
            break;
        }
    }
    if (status) {
        (void)fclose(status);
    }
    return kb;
}

static int measure_peak(const char *url, const char *request)
{
    psyche_monitor *monitor = open_at(url);
    (void)ask(monitor, "{\"action\":\"run_details\",\"run_id\":\"warm-up\"}");
    long before = peak_kb();
    int status = ask(monitor, request);
    (void)printf("%ld\n", peak_kb() - before);
    psyche_monitor_close(monitor);
    return status;
}

static void *ask_stalled(void *monitor)
{
    (void)ask(monitor, "{\"tool\":\"psyche_monitor\",\"timeout_ms\":60000,\"call_id\":\"stalled\","
                       "\"arguments\":{\"action\":\"run_details\",\"run_id\":\"stalled-1\"}}");
    return NULL;
}

/* Each id is a new request; the list they are looked up in is asked once and kept. */
static void time_calls(psyche_monitor *monitor, const char *name, int times)
{
    for (int i = 0; i < times; i++) {
        char request[100];
        (void)snprintf(request, sizeof request, "{\"action\":\"run_details\",\"run_id\":\"%s-%d\"}",
                       name, i);
        double wall = wall_ms();
        (void)ask(monitor, request);
        (void)printf("%s %.3f\n", name, wall_ms() - wall);
    }
}

static int measure_delay(const char *url, int times)
{
    pthread_t thread;
    psyche_monitor *monitor = open_at(url);
    time_calls(monitor, "warm", 3);
    time_calls(monitor, "alone", times);
    (void)pthread_create(&thread, NULL, ask_stalled, monitor);
    (void)usleep(50000);
    time_calls(monitor, "beside", times);
    psyche_monitor_cancel(monitor, NULL, 0);
    (void)pthread_join(thread, NULL);
    psyche_monitor_close(monitor);
    return 0;
}

static int measure_cancel(const char *url, int times)
{
    psyche_monitor *monitor = open_at(url);
    for (int i = 0; i < times; i++) {
        pthread_t thread;
        (void)pthread_create(&thread, NULL, ask_stalled, monitor);
        (void)usleep(30000);
        double wall = wall_ms();
        psyche_monitor_cancel(monitor, "stalled", strlen("stalled"));
        (void)pthread_join(thread, NULL);
        (void)printf("%.3f\n", wall_ms() - wall);
    }
    psyche_monitor_close(monitor);
    return 0;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "cost") == 0 && argc == 5) {
        return measure_cost(argv[2], argv[3], atoi(argv[4]));
    }
    if (strcmp(what, "peak") == 0 && argc == 4) {
        return measure_peak(argv[2], argv[3]);
    }
    if (strcmp(what, "delay") == 0 && argc == 4) {
        return measure_delay(argv[2], atoi(argv[3]));
    }
    if (strcmp(what, "cancel") == 0 && argc == 4) {
        return measure_cancel(argv[2], atoi(argv[3]));
    }
    (void)fputs("usage: see the top of measure.c\n", stderr);
    return 2;
}
