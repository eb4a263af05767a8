/* test_str.c - base/str. */

#include "base/str.h"

#include "check.h"

static void test_equal(void)
{
    static const struct {
        pm_str a, b;
        bool exact, nocase;
    } rows[] = {
        {PM_STR_INIT(""), PM_STR_INIT(""), true, true},
        {{NULL, 0}, PM_STR_INIT(""), true, true},
        {PM_STR_INIT("run"), PM_STR_INIT("run"), true, true},
        {PM_STR_INIT("run"), PM_STR_INIT("RuN"), false, true},
        {PM_STR_INIT("run"), PM_STR_INIT("runs"), false, false},
        {PM_STR_INIT("a\0b"), PM_STR_INIT("a\0b"), true, true},
        {PM_STR_INIT("a\0b"), PM_STR_INIT("a\0c"), false, false},
        {PM_STR_INIT("@"), PM_STR_INIT("`"), false, false},
        {PM_STR_INIT("["), PM_STR_INIT("{"), false, false},
        {PM_STR_INIT("\xC3\x84"), PM_STR_INIT("\xC3\xA4"), false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(pm_str_equal(rows[i].a, rows[i].b) == rows[i].exact, "row %zu", i);
        CHECK(pm_str_equal_nocase(rows[i].a, rows[i].b) == rows[i].nocase, "row %zu", i);
    }
}

static void test_parts(void)
{
    pm_str text = PM_STR("Hermes-4-8B");
    CHECK(pm_str_starts(text, PM_STR("Hermes")), "prefix");
    CHECK(pm_str_starts(text, PM_STR("")), "empty prefix");
    CHECK(pm_str_starts(text, text), "all of it");
    CHECK(!pm_str_starts(text, PM_STR("hermes")), "case counts");
    CHECK(!pm_str_starts(PM_STR("Her"), text), "longer than the text");
    CHECK(pm_str_starts_nocase(text, PM_STR("hERMES-4")), "prefix in any case");
    CHECK(!pm_str_starts_nocase(text, PM_STR("hermes5")), "another prefix");
    CHECK(pm_str_ends_nocase(text, PM_STR("8b")), "suffix in any case");
    CHECK(!pm_str_ends_nocase(text, PM_STR("9b")), "another suffix");
    CHECK(!pm_str_ends_nocase(PM_STR("b"), text), "suffix longer than the text");
    CHECK(pm_str_has_nocase(text, PM_STR("S-4")), "in the middle");
    CHECK(pm_str_has_nocase(text, PM_STR("8B")), "at the end");
    CHECK(pm_str_has_nocase(text, PM_STR("")), "nothing is everywhere");
    CHECK(!pm_str_has_nocase(text, PM_STR("4-8B-")), "one byte too long");
}

static void test_compare(void)
{
    static const char *const rising[] = {"", "A", "B", "a", "aa", "ab", "b", "\xC3\xA4"};
    for (size_t i = 0; i < sizeof rising / sizeof *rising; i++) {
        for (size_t j = 0; j < sizeof rising / sizeof *rising; j++) {
            int order = pm_str_compare(pm_str_from(rising[i]), pm_str_from(rising[j]));
            CHECK((order < 0) == (i < j) && (order > 0) == (i > j), "%s, %s", rising[i], rising[j]);
        }
    }
}

static void test_slices(void)
{
    pm_str text = PM_STR("abcdef");
    CHECK_TEXT(pm_str_slice(text, 1, 3), PM_STR("bc"), "inside");
    CHECK_TEXT(pm_str_slice(text, 4, 99), PM_STR("ef"), "end clamped");
    CHECK_TEXT(pm_str_slice(text, 99, 100), PM_STR(""), "both clamped");
    CHECK_TEXT(pm_str_slice(text, 4, 2), PM_STR(""), "the wrong way round");
    CHECK_TEXT(pm_str_slice((pm_str){NULL, 0}, 0, 5), PM_STR(""), "nothing at all");
    CHECK_TEXT(pm_str_tail(text, 4), PM_STR("ef"), "tail");
    CHECK_TEXT(pm_str_tail(text, 7), PM_STR(""), "tail past the end");
    CHECK_TEXT(pm_str_trim(PM_STR(" \t\v\f\r\n a b\n ")), PM_STR("a b"), "trimmed");
    CHECK_TEXT(pm_str_trim(PM_STR(" \n ")), PM_STR(""), "white space alone");
    CHECK_TEXT(pm_str_trim(PM_STR("\0 ")), PM_STR("\0"), "NUL is no white space");
    CHECK_TEXT(pm_str_from(NULL), PM_STR(""), "no C text");
}

static void test_find(void)
{
    CHECK(pm_str_find(PM_STR("a@b@c"), '@') == 1, "first");
    CHECK(pm_str_find_last(PM_STR("a@b@c"), '@') == 3, "last");
    CHECK(pm_str_find(PM_STR("abc"), '@') == 3, "none");
    CHECK(pm_str_find_last(PM_STR("abc"), '@') == 3, "none from behind");
    CHECK(pm_str_find(PM_STR("ab\0"), '\0') == 2, "NUL is a byte like others");
    CHECK(pm_str_find((pm_str){NULL, 0}, 'x') == 0, "empty");
}

static void test_to_u64(void)
{
    static const struct {
        const char *text;
        bool is_read;
        uint64_t value;
    } rows[] = {
        {"0", true, 0},
        {"007", true, 7},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"99999999999999999999999", false, 0},
        {"", false, 0},
        {"-1", false, 0},
        {"+1", false, 0},
        {"1 ", false, 0},
        {"0x1", false, 0},
        {"1:", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t value = 0;
        bool is_read = pm_str_to_u64(pm_str_from(rows[i].text), &value);
        CHECK(is_read == rows[i].is_read && value == rows[i].value, "%s", rows[i].text);
    }
}

int main(void)
{
    test_equal();
    test_parts();
    test_compare();
    test_slices();
    test_find();
    test_to_u64();
    return check_done();
}
