/* torture.c - a question is asked once for each allocation it takes, and that allocation fails.
 *
 *   torture OPTIONS REQUEST ours|foreign once|on FIRST STEP SECONDS [STORE]
 *
 * A point is the n-th time that memory is asked for, from opening the handle to the end of its
 * threads. At a point memory is out once, or from then on until the call has returned; then the
 * same is asked again, with memory. Ours are the steps on arenas and what the objects of the
 * library ask of malloc and its relatives, which the linker leads here (--wrap); foreign are those
 * of libcurl and SQLite, which take an allocator. Points FIRST, FIRST + STEP and so on are tried,
 * until there are no more or the time is over. STORE is removed before each of them.
 *
 *   text ID ANSWER                    each answer, the first time it is given; 1 is undisturbed
 *   points N                          how many there are, as counted undisturbed
 *   tried POINT PHASE MS ID ID ID     where it was (or "-": not reached), then the answers: to the
 *                                     call, to the next one, of a handle opened afterwards (or 0)
 *   left POINT BLOCKS                 that many more than before, after the handle is gone
 *   end POINT                         the first one that was not tried
 *
 * With TORTURE_TRACE in the environment the stack of each point goes to standard error. */

#include "psyche_monitor.h"

#include "base/arena.h"

#include <curl/curl.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TEXTS_MOST 4096
#define ONE_POINT_S 40
#define THREADS_END_MS 20000 /* the store's goes on for a while when SQLite has no memory */
#define FAILURE_KEPT_MS 2000 /* as net/ keeps it */

enum phase { PHASE_OPEN, PHASE_CALL, PHASE_NEXT, PHASE_CLOSE, PHASE_THREAD };

static const char *const phase_words[] = {"open", "call", "next", "close", "thread"};

static atomic_bool is_armed;
static atomic_size_t seen, fail_at;
static atomic_long live; /* blocks */
static atomic_int hit_in = -1;
static bool goes_on, is_of_foreign;
static enum phase phase;
static _Thread_local bool is_caller;

/* --- the clock: a failure is remembered for a while, which nobody here waits for --- */

static atomic_llong later_ms;

int64_t __real_pm_clock_mono_ms(void);
int64_t __wrap_pm_clock_mono_ms(void);
int64_t __wrap_pm_clock_mono_ms(void)
{
    return __real_pm_clock_mono_ms() + atomic_load(&later_ms);
}

/* Whoever waits until a moment of that clock gives it to the system, whose clock is the real one. */
int __real_pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *lock,
                                  const struct timespec *until);
int __wrap_pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *lock,
                                  const struct timespec *until);
int __wrap_pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *lock,
                                  const struct timespec *until)
{
    long long later = atomic_load(&later_ms);
    long ns = until->tv_nsec - (long)(later % 1000) * 1000000;
    struct timespec real = {.tv_sec = until->tv_sec - (time_t)(later / 1000) - (ns < 0),
                            .tv_nsec = ns < 0 ? ns + 1000000000 : ns};
    return __real_pthread_cond_timedwait(cond, lock, &real);
}

/* --- which allocation fails --- */

/* For whoever looks for the place of a point, with TORTURE_TRACE=1. */
void __sanitizer_print_stack_trace(void) __attribute__((weak));
static bool is_traced;

static bool is_out(bool is_foreign)
{
    if (is_foreign != is_of_foreign || !atomic_load(&is_armed)) {
        return false;
    }
    size_t at = atomic_load(&fail_at), number = atomic_fetch_add(&seen, 1) + 1;
    if (number == at && is_traced && __sanitizer_print_stack_trace) {
        __sanitizer_print_stack_trace();
    }
    if (number == at) {
        atomic_store(&hit_in, is_caller ? (int)phase : (int)PHASE_THREAD);
    }
    return number == at || (goes_on && number > at);
}

static void *count_block(void *block)
{
    atomic_fetch_add(&live, block != NULL);
    return block;
}

/* The names that the linker gives them: the function itself, and what is called in its place. */
#define WRAPPED(type, name, ...)                                                                   \
    type __real_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__)

WRAPPED(void *, malloc, size_t size)
{
    return is_out(false) ? NULL : count_block(__real_malloc(size));
}

WRAPPED(void *, calloc, size_t count, size_t size)
{
    return is_out(false) ? NULL : count_block(__real_calloc(count, size));
}

WRAPPED(void *, realloc, void *old, size_t size)
{
    void *grown = is_out(false) ? NULL : __real_realloc(old, size);
    return old ? grown : count_block(grown);
}

WRAPPED(void, free, void *block)
{
    atomic_fetch_sub(&live, block != NULL);
    __real_free(block);
}

WRAPPED(char *, strdup, const char *text)
{
    return is_out(false) ? NULL : count_block(__real_strdup(text));
}

WRAPPED(char *, strndup, const char *text, size_t most)
{
    return is_out(false) ? NULL : count_block(__real_strndup(text, most));
}

int __wrap_asprintf(char **out, const char *format, ...) __attribute__((format(printf, 2, 3)));
int __wrap_asprintf(char **out, const char *format, ...)
{
    va_list arguments;
    if (is_out(false)) {
        return -1;
    }
    va_start(arguments, format);
    int len = vasprintf(out, format, arguments);
    va_end(arguments);
    (void)count_block(len < 0 ? NULL : *out);
    return len;
}

WRAPPED(DIR *, opendir, const char *path)
{
    if (is_out(false)) {
        errno = ENOMEM;
        return NULL;
    }
    return __real_opendir(path);
}

WRAPPED(int, pthread_create, pthread_t *thread, const pthread_attr_t *attributes,
        void *(*start)(void *), void *of)
{
    return is_out(false) ? EAGAIN : __real_pthread_create(thread, attributes, start, of);
}

/* --- steps on an arena, which stays failed --- */

static bool arena_is_out(struct pm_arena *arena)
{
    if (!is_out(false)) {
        return false;
    }
    arena->failed = true;
    return true;
}

WRAPPED(bool, pm_arena_charge, struct pm_arena *arena, size_t bytes)
{
    return !arena_is_out(arena) && __real_pm_arena_charge(arena, bytes);
}

WRAPPED(void *, pm_arena_alloc, struct pm_arena *arena, size_t size)
{
    return arena_is_out(arena) ? NULL : __real_pm_arena_alloc(arena, size);
}

WRAPPED(void *, pm_arena_zero, struct pm_arena *arena, size_t size)
{
    return arena_is_out(arena) ? NULL : __real_pm_arena_zero(arena, size);
}

WRAPPED(void *, pm_arena_array, struct pm_arena *arena, size_t count, size_t size)
{
    return arena_is_out(arena) ? NULL : __real_pm_arena_array(arena, count, size);
}

WRAPPED(void *, pm_arena_grow, struct pm_arena *arena, void *old, size_t old_size, size_t size)
{
    return arena_is_out(arena) ? NULL : __real_pm_arena_grow(arena, old, old_size, size);
}

WRAPPED(pm_str, pm_arena_copy, struct pm_arena *arena, pm_str text)
{
    return arena_is_out(arena) ? PM_STR("") : __real_pm_arena_copy(arena, text);
}

WRAPPED(const char *, pm_arena_cstr, struct pm_arena *arena, pm_str text)
{
    return arena_is_out(arena) ? "" : __real_pm_arena_cstr(arena, text);
}

/* --- libcurl's and SQLite's --- */

static void *foreign_malloc(size_t size)
{
    return is_out(true) ? NULL : count_block(__real_malloc(size));
}

static void *foreign_calloc(size_t count, size_t size)
{
    return is_out(true) ? NULL : count_block(__real_calloc(count, size));
}

static void *foreign_realloc(void *old, size_t size)
{
    void *grown = is_out(true) ? NULL : __real_realloc(old, size);
    return old ? grown : count_block(grown);
}

static char *foreign_strdup(const char *text)
{
    return is_out(true) ? NULL : count_block(__real_strdup(text));
}

static sqlite3_mem_methods sqlite_memory;

static void *sqlite_malloc(int size)
{
    return is_out(true) ? NULL : count_block(sqlite_memory.xMalloc(size));
}

static void *sqlite_realloc(void *old, int size)
{
    return is_out(true) ? NULL : sqlite_memory.xRealloc(old, size);
}

static void sqlite_free(void *block)
{
    atomic_fetch_sub(&live, block != NULL);
    sqlite_memory.xFree(block);
}

static bool lead_foreign_here(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory);
    sqlite3_mem_methods methods = sqlite_memory;
    methods.xMalloc = sqlite_malloc;
    methods.xRealloc = sqlite_realloc;
    methods.xFree = sqlite_free;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK &&
           curl_global_init_mem(CURL_GLOBAL_DEFAULT, foreign_malloc, __wrap_free, foreign_realloc,
                                foreign_strdup, foreign_calloc) == CURLE_OK;
}

/* --- one point --- */

struct question {
    const char *options, *request, *store;
};

struct answers {
    unsigned call, next, fresh; /* 0: not asked */
    double ms;
};

static char *texts[TEXTS_MOST];
static unsigned text_count;

static double now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* The number of a text, which is printed when it is new. */
static unsigned number_of(const char *text)
{
    for (unsigned i = 0; i < text_count; i++) {
        if (strcmp(texts[i], text) == 0) {
            return i + 1;
        }
    }
    texts[text_count] = text_count < TEXTS_MOST ? __real_strdup(text) : NULL;
    if (!texts[text_count]) {
        (void)printf("too many answers\n");
        exit(1);
    }
    (void)printf("text %u %s\n", ++text_count, text);
    return text_count;
}

static unsigned ask(psyche_monitor *monitor, const char *request)
{
    psyche_monitor_reply *reply = psyche_monitor_call(monitor, request, strlen(request));
    bool was_armed = atomic_exchange(&is_armed, false);
    unsigned number = number_of(psyche_monitor_reply_text(reply, NULL));
    atomic_store(&is_armed, was_armed);
    psyche_monitor_reply_free(reply);
    return number;
}

static psyche_monitor *open_handle(const struct question *question)
{
    return psyche_monitor_open(question->options, strlen(question->options));
}

static void remove_store(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    char name[4096];
    for (size_t i = 0; path && i < sizeof endings / sizeof *endings; i++) {
        (void)snprintf(name, sizeof name, "%s%s", path, endings[i]);
        (void)unlink(name);
    }
}

static void wait_for_threads(long blocks)
{
    double end = now_ms() + THREADS_END_MS;
    while (atomic_load(&live) > blocks && now_ms() < end) {
        (void)usleep(200);
    }
}

static void arm(size_t at)
{
    atomic_store(&seen, 0);
    atomic_store(&fail_at, at);
    atomic_store(&hit_in, -1);
    atomic_store(&is_armed, true);
}

/* Memory fails in the call, and in closing once more when it failed from a point on. */
static struct answers try_point(const struct question *question, size_t at)
{
    struct answers answers = {0};
    remove_store(question->store);
    atomic_store(&later_ms, 0);
    arm(at);
    phase = PHASE_OPEN;
    psyche_monitor *monitor = open_handle(question);
    phase = PHASE_CALL;
    double from = now_ms();
    answers.call = ask(monitor, question->request);
    answers.ms = now_ms() - from;
    phase = PHASE_NEXT;
    if (atomic_load(&hit_in) >= 0) {
        atomic_store(&is_armed, false);
        atomic_fetch_add(&later_ms, FAILURE_KEPT_MS + 1);
        answers.next = ask(monitor, question->request);
        atomic_store(&is_armed, goes_on);
    }
    phase = PHASE_CLOSE;
    psyche_monitor_close(monitor);
    return answers;
}

static void run_point(const struct question *question, size_t at, long blocks)
{
    (void)alarm(ONE_POINT_S);
    struct answers answers = try_point(question, at);
    wait_for_threads(blocks);
    atomic_store(&is_armed, false);
    int hit = atomic_load(&hit_in);
    if (hit == PHASE_OPEN) {
        psyche_monitor *monitor = open_handle(question);
        answers.fresh = ask(monitor, question->request);
        psyche_monitor_close(monitor);
        wait_for_threads(blocks);
    }
    (void)printf("tried %zu %s %.0f %u %u %u\n", at, hit < 0 ? "-" : phase_words[hit], answers.ms,
                 answers.call, answers.next, answers.fresh);
    if (atomic_load(&live) != blocks) {
        (void)printf("left %zu %ld\n", at, atomic_load(&live) - blocks);
    }
}

/* What is made once, by the library or those below it, is there afterwards. */
static long settle(const struct question *question)
{
    for (int i = 0; i < 3; i++) {
        long before = atomic_load(&live);
        (void)try_point(question, SIZE_MAX);
        wait_for_threads(before);
        atomic_store(&is_armed, false);
    }
    (void)printf("points %zu\n", atomic_load(&seen));
    return atomic_load(&live);
}

int main(int count, char **words)
{
    if (count < 8 || !lead_foreign_here()) {
        (void)fprintf(stderr, "torture: see the top of torture.c\n");
        return 2;
    }
    struct question question = {words[1], words[2], count > 8 ? words[8] : NULL};
    is_of_foreign = strcmp(words[3], "foreign") == 0;
    goes_on = strcmp(words[4], "on") == 0;
    is_caller = true;
    is_traced = getenv("TORTURE_TRACE") != NULL;
    size_t at = strtoul(words[5], NULL, 10), step = strtoul(words[6], NULL, 10);
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    long blocks = settle(&question);
    double end = now_ms() + strtod(words[7], NULL) * 1e3;
    size_t last = atomic_load(&seen) + step; /* threads do not meet in the same order each time */
    for (; at <= last && now_ms() < end; at += step) {
        run_point(&question, at, blocks);
    }
    (void)alarm(0);
    (void)printf("end %zu\n", at);
    for (unsigned i = 0; i < text_count; i++) {
        __real_free(texts[i]);
    }
    return 0;
}
