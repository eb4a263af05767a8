/* arena.c - memory that lives and dies together. */

#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK_BYTES ((size_t)8192)
#define LARGEST_STEP_BYTES ((size_t)1 << 20) /* blocks double up to here */

struct pm_arena_block {
    struct pm_arena_block *older;
    size_t size, used;
    alignas(max_align_t) char bytes[];
};

void pm_arena_init(struct pm_arena *arena, size_t ceiling_bytes)
{
    *arena = (struct pm_arena){.ceiling_bytes = ceiling_bytes};
}

void pm_arena_finish(struct pm_arena *arena)
{
    for (struct pm_arena_block *block = arena->head, *older; block; block = older) {
        older = block->older;
        free(block);
    }
    *arena = (struct pm_arena){0};
}

bool pm_arena_charge(struct pm_arena *arena, size_t bytes)
{
    if (bytes > arena->ceiling_bytes - arena->taken_bytes) {
        arena->failed = true;
        return false;
    }
    arena->taken_bytes += bytes;
    return true;
}

void pm_arena_lack(struct pm_arena *arena)
{
    arena->failed = arena->lacks_memory = true;
}

static size_t rounded(size_t size)
{
    size_t step = alignof(max_align_t);
    return (size + step - 1) / step * step;
}

static struct pm_arena_block *new_block(struct pm_arena *arena, size_t least)
{
    size_t size = arena->head ? arena->head->size * 2 : FIRST_BLOCK_BYTES;
    size_t room = arena->ceiling_bytes - arena->taken_bytes;
    if (size > LARGEST_STEP_BYTES) {
        size = LARGEST_STEP_BYTES;
    }
    if (size > room) {
        size = room;
    }
    if (size < least) {
        size = least;
    }
    if (size > room) {
        return NULL;
    }
    struct pm_arena_block *block = malloc(sizeof *block + size);
    if (!block) {
        pm_arena_lack(arena);
        return NULL;
    }
    arena->taken_bytes += size;
    *block = (struct pm_arena_block){.older = arena->head, .size = size};
    arena->head = block;
    return block;
}

void *pm_arena_alloc(struct pm_arena *arena, size_t size)
{
    struct pm_arena_block *block = arena->head;
    if (arena->failed || size > SIZE_MAX / 2) {
        arena->failed = true;
        return NULL;
    }
    size = rounded(size ? size : 1);
    if (!block || block->size - block->used < size) {
        block = new_block(arena, size);
        if (!block) {
            arena->failed = true;
            return NULL;
        }
    }
    void *memory = block->bytes + block->used;
    block->used += size;
    return memory;
}

void *pm_arena_zero(struct pm_arena *arena, size_t size)
{
    void *memory = pm_arena_alloc(arena, size);
    return memory ? memset(memory, 0, size) : NULL;
}

void *pm_arena_array(struct pm_arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / 2 / size) {
        arena->failed = true;
        return NULL;
    }
    return pm_arena_zero(arena, count * size);
}

/* A large allocation has a block of its own, which can grow as a whole: the tree of a large reply
 * is never held twice. */
static void *grow_block(struct pm_arena *arena, size_t wanted)
{
    struct pm_arena_block *block = arena->head;
    size_t more = wanted - block->size;
    if (more > arena->ceiling_bytes - arena->taken_bytes) {
        arena->failed = true;
        return NULL;
    }
    struct pm_arena_block *grown = realloc(block, sizeof *block + wanted);
    if (!grown) {
        pm_arena_lack(arena);
        return NULL;
    }
    arena->taken_bytes += more;
    arena->head = grown;
    grown->size = grown->used = wanted;
    return grown->bytes;
}

void *pm_arena_grow(struct pm_arena *arena, void *old, size_t old_size, size_t new_size)
{
    struct pm_arena_block *block = arena->head;
    if (new_size <= old_size) {
        return old;
    }
    if (old && !arena->failed && new_size < SIZE_MAX / 2) {
        size_t held = rounded(old_size ? old_size : 1), wanted = rounded(new_size);
        bool is_last = (char *)old + held == block->bytes + block->used;
        if (is_last && block->size - block->used >= wanted - held) {
            block->used += wanted - held;
            return old;
        }
        if (is_last && old == block->bytes && held >= LARGEST_STEP_BYTES) {
            return grow_block(arena, wanted);
        }
    }
    void *memory = pm_arena_alloc(arena, new_size);
    if (memory && old && old_size) {
        memcpy(memory, old, old_size);
    }
    return memory;
}

pm_str pm_arena_copy(struct pm_arena *arena, pm_str text)
{
    char *copy = pm_arena_alloc(arena, text.len);
    if (!copy) {
        return PM_STR("");
    }
    if (text.len) {
        memcpy(copy, text.ptr, text.len);
    }
    return (pm_str){copy, text.len};
}

const char *pm_arena_cstr(struct pm_arena *arena, pm_str text)
{
    char *copy = pm_arena_alloc(arena, text.len + 1);
    if (!copy) {
        return "";
    }
    if (text.len) {
        memcpy(copy, text.ptr, text.len);
    }
    copy[text.len] = '\0';
    return copy;
}
