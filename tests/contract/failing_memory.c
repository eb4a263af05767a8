/* failing_memory.c - a preload that refuses one request for memory.
 *
 * With LD_PRELOAD, the FAIL_AT-th call of malloc, calloc or realloc of the process gives NULL, or
 * none when it is 0. Where MEMORY_COUNT names a file, it is told how many calls there were. */

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static atomic_ulong asked, fail_at;
static atomic_bool has_ended; /* what handlers at the end ask for does not count */

__attribute__((constructor)) static void begin(void)
{
    const char *text = getenv("FAIL_AT");
    fail_at = text ? strtoul(text, NULL, 10) : 0;
    asked = 0;
}

__attribute__((destructor)) static void end(void)
{
    unsigned long count = asked;
    const char *path = getenv("MEMORY_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        (void)fprintf(file, "%lu", count);
        (void)fclose(file);
    }
}

static void note_end(void)
{
    has_ended = true;
}

/* Handlers run from the last one registered to the first: some come after all that is loaded. */
static bool is_refused(void)
{
    unsigned long number = has_ended ? 0 : atomic_fetch_add(&asked, 1) + 1;
    if (number >= 16 && (number & (number - 1)) == 0) {
        (void)atexit(note_end);
    }
    if (number == 0 || number != fail_at) {
        return false;
    }
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return is_refused() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return is_refused() ? NULL : __libc_realloc(old, size);
}
