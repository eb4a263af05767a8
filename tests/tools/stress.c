/* stress.c - much at once on one handle, for the sanitizers to look at.
 *
 *   stress OPTIONS SECONDS THREADS [forks]
 *
 * THREADS ask all kinds of questions on one handle; beside them some cancel calls, and some open
 * handles of their own on the same store and close them in the middle of a call. With `forks` a
 * child is forked now and then, which finds the handle it inherited of no use and opens its own.
 * Every reply is looked at for being whole and in time. At the end all threads of the library are
 * to be gone.
 *
 *   done CALLS ANSWERED CANCELLED CLOSED HANDLES FORKS MOST_MS THREADS_LEFT */

#include "psyche_monitor.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define THREADS_MOST 64
#define OPENERS 2
#define NAMES 16          /* of calls that can be cancelled */
#define LONGEST_MS 3000   /* of a call, by its own word */
#define FORK_EVERY_MS 700 /* each costs a pause of all calls */
#define SETTLE_MS 60      /* until the library's threads have nothing to do */
#ifdef __SANITIZE_THREAD__
#define IN_CALL_NS 3000000 /* far more than it takes to begin one */
#else
#define IN_CALL_NS 300000
#endif
#define CHILD_S 20
#define THREADS_END_MS 15000
#define STATUS_CANCELLED 130

static const char *const questions[] = {
    "\"tool\":\"psyche_monitor\",\"arguments\":{\"action\":\"list_runs\"}",
    "\"tool\":\"psyche_monitor\",\"arguments\":{\"action\":\"run_details\",\"run_id\":\"consil\"}",
    "\"tool\":\"psyche_monitor\",\"arguments\":{\"action\":\"run_details\",\"run_id\":\"hermes-4-"
    "8b\"}",
    "\"tool\":\"psyche_monitor\",\"arguments\":{\"action\":\"run_details\",\"run_id\":\"no such "
    "run\"}",
    "\"tool\":\"psyche_monitor\",\"arguments\":{\"action\":\"checkpoints\",\"run_id\":"
    "\"consilience\"}",
    "\"tool\":\"psyche_monitor\",\"arguments\":{\"action\":\"checkpoints\"}",
    "\"tool\":\"psyche_monitor\",\"arguments\":{\"action\":\"pool_status\"}",
    "\"tool\":\"psyche_monitor\",\"arguments\":{\"action\":\"network_stats\",\"detail\":\"full\"}",
    "\"tool\":\"psyche_monitor\",\"arguments\":{\"action\":\"contribute\",\"page\":\"Cooldown\"}",
    "\"tool\":\"psyche_monitor\",\"arguments\":{\"action\":\"contribute\"}",
    "\"tool\":\"psyche_wallet\",\"arguments\":{\"address\":\"4Devdq4zmRrS76NEriHQVH3N7QDPPhDHspm6Wr"
    "Zkr3zv\"}",
    "\"tool\":\"doctor\",\"arguments\":{\"live\":true}",
    "\"tool\":\"info\"",
    "\"tool\":\"psyche_monitor\",\"arguments\":{\"action\":\"no such action\"}",
};

#define QUESTIONS (sizeof questions / sizeof *questions)

static const char *options;
static psyche_monitor *shared;
static double end_ms;
static atomic_uint calls, answered, cancelled, closed, handles, forks, broken;
static atomic_uint most_ms;
/* A sanitizer's allocator does not outlive a fork in the middle of an allocation: forks wait until
 * no call is under way. */
static pthread_rwlock_t pause_lock = PTHREAD_RWLOCK_INITIALIZER;

static double now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void sleep_ms(unsigned ms)
{
    (void)usleep(ms * 1000);
}

/* --- calls --- */

static void note_time(double ms)
{
    unsigned taken = (unsigned)ms, most = atomic_load(&most_ms);
    while (taken > most && !atomic_compare_exchange_weak(&most_ms, &most, taken)) {
    }
}

static void note_reply(const psyche_monitor_reply *reply)
{
    size_t len = 0;
    const char *text = psyche_monitor_reply_text(reply, &len);
    bool is_whole = len > 2 && text[0] == '{' && text[len - 1] == '}' && strlen(text) == len;
    atomic_fetch_add(&broken, !is_whole);
    atomic_fetch_add(&calls, 1);
    atomic_fetch_add(&answered, strncmp(text, "{\"summary\"", 10) == 0);
    atomic_fetch_add(&cancelled, psyche_monitor_reply_status(reply) == STATUS_CANCELLED);
    atomic_fetch_add(&closed, strstr(text, "\"error_code\":\"closed\"") != NULL);
}

static long long cpu_ns(clockid_t clock)
{
    struct timespec now = {0};
    (void)clock_gettime(clock, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* `begins_ns`: the processor time of this thread when the call begins; NULL when nobody asks. */
static void call(psyche_monitor *monitor, unsigned number, atomic_llong *begins_ns)
{
    char request[400];
    bool is_short = number % 7 == 0;
    (void)snprintf(request, sizeof request, "{\"call_id\":\"c%u\",\"timeout_ms\":%d,%s}",
                   number % NAMES, is_short ? 20 : LONGEST_MS, questions[number % QUESTIONS]);
    double from = now_ms();
    size_t len = strlen(request);
    if (begins_ns) {
        atomic_store(begins_ns, cpu_ns(CLOCK_THREAD_CPUTIME_ID));
    }
    psyche_monitor_reply *reply = psyche_monitor_call(monitor, request, len);
    note_time(now_ms() - from);
    note_reply(reply);
    psyche_monitor_reply_free(reply);
}

static void *ask(void *first)
{
    for (unsigned number = *(unsigned *)first; now_ms() < end_ms; number += 5) {
        (void)pthread_rwlock_rdlock(&pause_lock);
        call(shared, number, NULL);
        (void)pthread_rwlock_unlock(&pause_lock);
    }
    return NULL;
}

static void *cancel(void *unused)
{
    for (unsigned number = 0; now_ms() < end_ms; number++) {
        char name[16];
        int len = snprintf(name, sizeof name, "c%u", number % NAMES);
        psyche_monitor_cancel(shared, name, (size_t)len);
        sleep_ms(4 + number % 17);
    }
    return unused;
}

/* --- handles beside it --- */

/* A call on a handle that is closed meanwhile. That it has begun is told by the processor time that
 * its thread took since: a handle may be closed during a call, not before one. */
struct visit {
    psyche_monitor *monitor;
    unsigned number;
    atomic_llong from_ns; /* 0: not yet */
    atomic_bool is_over;
};

static void *pay_visit(void *user)
{
    struct visit *visit = user;
    call(visit->monitor, visit->number, &visit->from_ns);
    atomic_store(&visit->is_over, true);
    return NULL;
}

static bool is_in_call(struct visit *visit, pthread_t thread)
{
    clockid_t clock;
    long long from = atomic_load(&visit->from_ns);
    return from && pthread_getcpuclockid(thread, &clock) == 0 && cpu_ns(clock) - from > IN_CALL_NS;
}

static void open_and_close(unsigned number)
{
    pthread_t thread;
    struct visit visit = {.monitor = psyche_monitor_open(options, strlen(options)),
                          .number = number};
    atomic_fetch_add(&handles, visit.monitor != NULL);
    if (visit.monitor && pthread_create(&thread, NULL, pay_visit, &visit) == 0) {
        while (!atomic_load(&visit.is_over) && !is_in_call(&visit, thread)) {
            (void)usleep(50);
        }
        (void)usleep(number % 8 * 500);
        psyche_monitor_close(visit.monitor);
        (void)pthread_join(thread, NULL);
    }
}

static void *keep_opening(void *first)
{
    for (unsigned number = *(unsigned *)first; now_ms() < end_ms; number += 3) {
        (void)pthread_rwlock_rdlock(&pause_lock);
        open_and_close(number);
        (void)pthread_rwlock_unlock(&pause_lock);
    }
    return NULL;
}

/* --- forks --- */

static int live(void)
{
    static const char request[] = "{\"tool\":\"info\"}";
    psyche_monitor_reply *reply = psyche_monitor_call(shared, request, sizeof request - 1);
    bool is_refused = strstr(psyche_monitor_reply_text(reply, NULL), "\"forked\"") != NULL;
    psyche_monitor_reply_free(reply);
    psyche_monitor_close(shared);
    psyche_monitor *own = psyche_monitor_open(options, strlen(options));
    call(own, 0, NULL);
    psyche_monitor_close(own);
    return is_refused && atomic_load(&broken) == 0 ? 0 : 1;
}

static void *fork_now_and_then(void *unused)
{
    while (now_ms() < end_ms) {
        int status = -1;
        (void)pthread_rwlock_wrlock(&pause_lock);
        sleep_ms(SETTLE_MS);
        pid_t child = fork();
        if (child == 0) {
            (void)alarm(CHILD_S);
            _exit(live());
        }
        (void)pthread_rwlock_unlock(&pause_lock);
        if (child > 0 && waitpid(child, &status, 0) == child && status == 0) {
            atomic_fetch_add(&forks, 1);
        } else {
            (void)fprintf(stderr, "stress: a child ended with %#x\n", (unsigned)status);
            atomic_fetch_add(&broken, 1);
        }
        sleep_ms(FORK_EVERY_MS);
    }
    return unused;
}

/* --- the whole --- */

static unsigned count_threads(void)
{
    unsigned count = 0;
    DIR *folder = opendir("/proc/self/task");
    for (const struct dirent *each; folder && (each = readdir(folder));) {
        count += each->d_name[0] != '.';
    }
    if (folder) {
        (void)closedir(folder);
    }
    return count;
}

/* How many there are more than before, once those that are about to end have. */
static unsigned threads_left(unsigned before)
{
    double end = now_ms() + THREADS_END_MS;
    while (count_threads() > before && now_ms() < end) {
        sleep_ms(20);
    }
    return count_threads() - before;
}

static void start(pthread_t *thread, void *(*begin)(void *), void *user)
{
    if (pthread_create(thread, NULL, begin, user) != 0) {
        (void)fprintf(stderr, "stress: no thread\n");
        exit(2);
    }
}

static void *do_nothing(void *unused)
{
    return unused;
}

/* A sanitizer begins a thread of its own with the first one. */
static unsigned count_threads_before(void)
{
    pthread_t thread;
    start(&thread, do_nothing, NULL);
    (void)pthread_join(thread, NULL);
    return count_threads();
}

static void run(unsigned askers, bool has_forks)
{
    pthread_t threads[THREADS_MOST + OPENERS + 2];
    unsigned numbers[THREADS_MOST + OPENERS], count = 0;
    for (; count < askers + OPENERS; count++) {
        numbers[count] = count;
        start(&threads[count], count < askers ? ask : keep_opening, &numbers[count]);
    }
    start(&threads[count++], cancel, NULL);
    if (has_forks) {
        start(&threads[count++], fork_now_and_then, NULL);
    }
    while (count-- > 0) {
        (void)pthread_join(threads[count], NULL);
    }
}

int main(int count, char **words)
{
    unsigned askers = count > 3 ? (unsigned)strtoul(words[3], NULL, 10) : 0;
    if (askers == 0 || askers > THREADS_MOST) {
        (void)fprintf(stderr, "stress: see the top of stress.c\n");
        return 2;
    }
    pthread_rwlockattr_t attributes; /* else who forks never gets his turn */
    (void)pthread_rwlockattr_init(&attributes);
    (void)pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    (void)pthread_rwlock_init(&pause_lock, &attributes);
    (void)pthread_rwlockattr_destroy(&attributes);
    options = words[1];
    end_ms = now_ms() + strtod(words[2], NULL) * 1e3;
    unsigned before = count_threads_before();
    shared = psyche_monitor_open(options, strlen(options));
    run(askers, count > 4);
    psyche_monitor_close(shared);
    unsigned left = threads_left(before);
    (void)printf("done %u %u %u %u %u %u %u %u\n", atomic_load(&calls), atomic_load(&answered),
                 atomic_load(&cancelled), atomic_load(&closed), atomic_load(&handles),
                 atomic_load(&forks), atomic_load(&most_ms), left);
    return atomic_load(&broken) ? 1 : 0;
}
