/* failing.c - memory, and a clock, that do what torture.c wants.
 *
 * The linker leads here (--wrap) what the objects of the library ask of malloc and its relatives,
 * and the steps they take on arenas; libcurl and SQLite take an allocator. */

#include "failing.h"

#include "base/arena.h"

#include <curl/curl.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static atomic_bool is_armed;
static atomic_size_t seen, fail_at;
static atomic_long live; /* blocks */
static atomic_int hit_in = -1;
static bool goes_on, is_of_foreign, is_traced;
static int place;
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

void __sanitizer_print_stack_trace(void) __attribute__((weak));

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
        atomic_store(&hit_in, is_caller ? place : MEMORY_IN_THREAD);
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
    pm_arena_lack(arena);
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

/* --- for torture.c --- */

bool memory_begin(bool of_foreign, bool on)
{
    is_of_foreign = of_foreign;
    goes_on = on;
    is_caller = true;
    is_traced = getenv("TORTURE_TRACE") != NULL;
    return lead_foreign_here();
}

void memory_fail_at(size_t point)
{
    atomic_store(&seen, 0);
    atomic_store(&fail_at, point);
    atomic_store(&hit_in, -1);
    atomic_store(&is_armed, true);
}

bool memory_arm(bool is_on)
{
    return atomic_exchange(&is_armed, is_on);
}

void memory_enter(int where)
{
    place = where;
}

int memory_failed_in(void)
{
    return atomic_load(&hit_in);
}

size_t memory_asked(void)
{
    return atomic_load(&seen);
}

long memory_blocks(void)
{
    return atomic_load(&live);
}

void memory_pass_ms(long long ms)
{
    atomic_fetch_add(&later_ms, ms);
}

char *memory_keep(const char *text)
{
    return __real_strdup(text);
}

void memory_drop(char *kept)
{
    __real_free(kept);
}
