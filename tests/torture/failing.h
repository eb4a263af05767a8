/* failing.h - memory that fails at the n-th time it is asked for, and a clock that can run ahead. */
#ifndef PM_TORTURE_FAILING_H
#define PM_TORTURE_FAILING_H

#include <stdbool.h>
#include <stddef.h>

#define MEMORY_IN_THREAD 100 /* where it failed: not in the thread that began */

/* Before anything else. Whose requests are counted and fail: those of the library's objects, or
 * those of libcurl and SQLite; and whether memory is back after the one that failed. */
bool memory_begin(bool of_foreign, bool goes_on);

/* Counts from one again, and fails at `point`. */
void memory_fail_at(size_t point);
/* Counting and failing stop, or go on; what it was before. */
bool memory_arm(bool is_on);
/* What the caller's thread is at: memory_failed_in tells it, or -1 when all went well. */
void memory_enter(int where);
int memory_failed_in(void);
size_t memory_asked(void);
long memory_blocks(void); /* that are there now */

/* The library's clock is that much later from now on. */
void memory_pass_ms(long long ms);

/* A copy that is not counted; NULL without memory. */
char *memory_keep(const char *text);
void memory_drop(char *kept);

#endif
