/* test_arena.c - base/arena. */

#include "base/arena.h"

#include "check.h"

#include <stdalign.h>
#include <string.h>

static void test_alignment(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, 1 << 20);
    for (size_t size = 0; size < 100; size++) {
        char *memory = pm_arena_alloc(&arena, size);
        CHECK(memory && (uintptr_t)memory % alignof(max_align_t) == 0, "%zu bytes", size);
        if (memory) {
            memset(memory, 0xA5, size);
        }
        char *zeroed = pm_arena_zero(&arena, size + 1);
        CHECK(zeroed && zeroed[0] == 0 && zeroed[size] == 0, "%zu bytes of zero", size + 1);
    }
    pm_arena_finish(&arena);
}

static void test_ceiling(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, 100000);
    CHECK(pm_arena_charge(&arena, 60000), "a body fits");
    CHECK(pm_arena_alloc(&arena, 39000), "up to the ceiling");
    CHECK(!pm_arena_alloc(&arena, 8000), "beyond it");
    CHECK(arena.failed, "the failure stays");
    CHECK(!pm_arena_alloc(&arena, 1), "nothing more after a failure");
    CHECK(!arena.lacks_memory, "the ceiling was why");
    CHECK(arena.taken_bytes <= 100000, "took %zu", arena.taken_bytes);
    CHECK_TEXT(pm_arena_copy(&arena, PM_STR("abc")), PM_STR(""), "copy without memory");
    CHECK(pm_arena_cstr(&arena, PM_STR("abc"))[0] == '\0', "C text without memory");
    pm_arena_finish(&arena);
    pm_arena_finish(&arena);
    pm_arena_init(&arena, 1000);
    CHECK(!pm_arena_charge(&arena, 1001) && arena.failed, "a body too big");
    pm_arena_finish(&arena);
    pm_arena_init(&arena, 1000);
    pm_arena_lack(&arena);
    CHECK(arena.lacks_memory && !pm_arena_alloc(&arena, 1), "memory was why, elsewhere");
    pm_arena_finish(&arena);
}

static void test_absurd_sizes(void)
{
    static const struct {
        size_t count, size;
    } rows[] = {{SIZE_MAX, 2}, {2, SIZE_MAX}, {SIZE_MAX / 2, 3}, {SIZE_MAX / 8, 8}, {1, SIZE_MAX}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_arena arena;
        pm_arena_init(&arena, SIZE_MAX);
        CHECK(!pm_arena_array(&arena, rows[i].count, rows[i].size) && arena.failed, "row %zu", i);
        pm_arena_finish(&arena);
    }
    struct pm_arena arena;
    pm_arena_init(&arena, SIZE_MAX);
    CHECK(pm_arena_array(&arena, 0, 8) && pm_arena_array(&arena, 8, 0), "empty arrays are memory");
    pm_arena_finish(&arena);
}

static void test_grow(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, 1 << 20);
    char *first = pm_arena_alloc(&arena, 20);
    CHECK(first, "first");
    for (size_t i = 0; i < 20; i++) {
        first[i] = (char)('a' + i);
    }
    char *second = pm_arena_grow(&arena, first, 20, 1000);
    CHECK(second == first, "the last allocation grows where it is");
    CHECK(pm_arena_grow(&arena, second, 1000, 10) == second, "less is no work");
    char *between = pm_arena_alloc(&arena, 1);
    char *third = pm_arena_grow(&arena, second, 1000, 100000);
    CHECK(between && third && third != second, "others move");
    CHECK(third && memcmp(third, "abcdefghijklmnopqrst", 20) == 0, "and keep what they hold");
    CHECK(pm_arena_grow(&arena, NULL, 0, 10), "from nothing");
    char *empty = pm_arena_alloc(&arena, 0);
    CHECK(pm_arena_grow(&arena, empty, 0, 100) == empty, "from no bytes at all");
    empty = pm_arena_alloc(&arena, 0);
    CHECK(pm_arena_grow(&arena, empty, 0, 200000), "which need not be where they were");
    CHECK(!pm_arena_grow(&arena, third, 100000, SIZE_MAX) && arena.failed, "too much");
    CHECK(!pm_arena_grow(&arena, third, 100000, 100001), "nothing grows after a failure");
    pm_arena_finish(&arena);
}

static void test_copies(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, 1 << 16);
    CHECK_TEXT(pm_arena_copy(&arena, PM_STR("a\0b")), PM_STR("a\0b"), "NUL is copied");
    CHECK_TEXT(pm_arena_copy(&arena, (pm_str){NULL, 0}), PM_STR(""), "nothing is copied");
    CHECK(strcmp(pm_arena_cstr(&arena, pm_str_slice(PM_STR("abc"), 0, 2)), "ab") == 0,
          "ends in NUL");
    CHECK(pm_arena_cstr(&arena, (pm_str){NULL, 0})[0] == '\0', "empty C text");
    pm_arena_finish(&arena);
}

/* One that has a block of its own grows with it: it is never held twice. */
static void test_grow_large(void)
{
    struct pm_arena arena;
    size_t size = (size_t)3 << 20;
    pm_arena_init(&arena, (size_t)10 << 20);
    char *small = pm_arena_alloc(&arena, 10), *large = pm_arena_alloc(&arena, size);
    CHECK(small && large, "3 of 10 MB");
    memset(large, 7, size);
    large = pm_arena_grow(&arena, large, size, 3 * size);
    CHECK(large && large[0] == 7 && large[size - 1] == 7, "9 of 10 MB, and the bytes are there");
    CHECK(arena.taken_bytes < (size_t)10 << 20, "taken %zu", arena.taken_bytes);
    CHECK(!pm_arena_grow(&arena, large, 3 * size, 4 * size) && arena.failed, "12 of 10 MB");
    pm_arena_finish(&arena);
}

int main(void)
{
    test_alignment();
    test_ceiling();
    test_absurd_sizes();
    test_grow();
    test_grow_large();
    test_copies();
    return check_done();
}
