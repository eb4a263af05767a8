/* test_buf.c - base/buf. */

#include "base/buf.h"

#include "check.h"

static void test_pieces(struct pm_arena *arena)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 1000);
    CHECK_TEXT(pm_buf_text(&buf), PM_STR(""), "nothing written");
    pm_buf_add(&buf, PM_STR("a\0b"));
    pm_buf_add(&buf, (pm_str){NULL, 0});
    pm_buf_add_c(&buf, "c");
    pm_buf_add_c(&buf, NULL);
    pm_buf_add_char(&buf, '|');
    pm_buf_add_u64(&buf, 0);
    pm_buf_add_char(&buf, '|');
    pm_buf_add_u64(&buf, UINT64_MAX);
    pm_buf_add_char(&buf, '|');
    pm_buf_add_i64(&buf, INT64_MIN);
    pm_buf_add_char(&buf, '|');
    pm_buf_add_i64(&buf, 7);
    pm_buf_addf(&buf, "|%s %d", "x", -1);
    CHECK_TEXT(pm_buf_text(&buf),
               PM_STR("a\0bc|0|18446744073709551615|-9223372036854775808|7|x -1"), "all pieces");
}

static void test_ceiling(struct pm_arena *arena)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 4);
    pm_buf_add(&buf, PM_STR("abcd"));
    CHECK_TEXT(pm_buf_text(&buf), PM_STR("abcd"), "just full");
    pm_buf_add(&buf, PM_STR(""));
    CHECK(!buf.failed, "nothing always fits");
    pm_buf_add_char(&buf, 'e');
    CHECK(buf.failed && buf.len == 4, "one too many");
    CHECK_TEXT(pm_buf_text(&buf), PM_STR(""), "a failed text is none");
}

static void test_long_format(struct pm_arena *arena)
{
    char filler[700];
    struct pm_buf buf;
    for (size_t i = 0; i < sizeof filler; i++) {
        filler[i] = (char)('a' + i % 26);
    }
    pm_buf_init(&buf, arena, 2000);
    pm_buf_addf(&buf, "<%.*s>", 700, filler);
    CHECK(buf.len == 702, "length %zu", buf.len);
    CHECK_TEXT(pm_str_slice(pm_buf_text(&buf), 1, 701), ((pm_str){filler, 700}), "long format");
    CHECK_TEXT(pm_str_tail(pm_buf_text(&buf), 701), PM_STR(">"), "its end");
    pm_buf_init(&buf, arena, 600);
    pm_buf_addf(&buf, "<%.*s>", 700, filler);
    CHECK(buf.failed && buf.len == 0, "over the ceiling");
}

static void test_growth(struct pm_arena *arena)
{
    struct pm_buf one, other;
    pm_buf_init(&one, arena, 100000);
    pm_buf_init(&other, arena, 100000);
    for (unsigned i = 0; i < 10000; i++) {
        pm_buf_add_char(&one, (char)('0' + i % 10));
        pm_buf_add_char(&other, (char)('a' + i % 26));
    }
    bool is_right = one.len == 10000 && other.len == 10000;
    for (unsigned i = 0; i < 10000 && is_right; i++) {
        is_right = one.ptr[i] == (char)('0' + i % 10) && other.ptr[i] == (char)('a' + i % 26);
    }
    CHECK(is_right, "two that grow side by side");
}

static void test_no_memory(void)
{
    struct pm_arena arena;
    struct pm_buf buf;
    pm_arena_init(&arena, 64);
    pm_buf_init(&buf, &arena, 1000);
    pm_buf_add(&buf, PM_STR("x"));
    CHECK(buf.failed && pm_buf_text(&buf).len == 0, "an arena too small");
    pm_arena_finish(&arena);
}

int main(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, 1 << 20);
    test_pieces(&arena);
    test_ceiling(&arena);
    test_long_format(&arena);
    test_growth(&arena);
    test_no_memory();
    pm_arena_finish(&arena);
    return check_done();
}
