/* arena.h - memory that lives and dies together.
 *
 * A call keeps everything until its answer is written and then drops everything, so it
 * takes its memory from one arena and frees it in one place. An arena has a ceiling: past
 * it, and when the system has no more, an allocation gives NULL and `failed` stays set, so
 * a long run of allocations needs one check at its end; `lacks_memory` tells the two apart. */
#ifndef PM_BASE_ARENA_H
#define PM_BASE_ARENA_H

#include "base/str.h"

struct pm_arena_block;

struct pm_arena {
    struct pm_arena_block *head; /* the block being filled; older ones hang behind it */
    size_t taken_bytes;          /* asked of the system so far, with what was charged */
    size_t ceiling_bytes;
    bool failed;
    bool lacks_memory; /* why it failed: the system had no more, not the ceiling */
};

void pm_arena_init(struct pm_arena *arena, size_t ceiling_bytes);
void pm_arena_finish(struct pm_arena *arena); /* takes a zeroed one too */

/* What belongs to it and was asked for elsewhere was not to be had: it has failed. */
void pm_arena_lack(struct pm_arena *arena);

/* Counts memory held elsewhere (a body) against the ceiling; false when it does not fit. */
PM_CHECKED bool pm_arena_charge(struct pm_arena *arena, size_t bytes);

/* Aligned for any type. pm_arena_alloc leaves the bytes as they are; the others zero them. */
PM_CHECKED void *pm_arena_alloc(struct pm_arena *arena, size_t size);
PM_CHECKED void *pm_arena_zero(struct pm_arena *arena, size_t size);
PM_CHECKED void *pm_arena_array(struct pm_arena *arena, size_t count, size_t size);

/* Like realloc: grows in place when `old` was the last allocation, copies otherwise. */
PM_CHECKED void *pm_arena_grow(struct pm_arena *arena, void *old, size_t old_size, size_t new_size);

/* Copies; empty text when memory is out. pm_arena_cstr ends in NUL and is never NULL. */
pm_str pm_arena_copy(struct pm_arena *arena, pm_str text);
const char *pm_arena_cstr(struct pm_arena *arena, pm_str text);

#endif
