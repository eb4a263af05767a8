/* test_utf8.c - codec/utf8. */

#include "codec/utf8.h"

#include "check.h"

#include <string.h>

static void test_next(void)
{
    static const struct {
        pm_str in;
        uint32_t code_point;
        size_t taken;
    } rows[] = {
        {PM_STR_INIT("a"), 'a', 1},
        {PM_STR_INIT("\0x"), 0, 1},
        {PM_STR_INIT("\x7F"), 0x7F, 1},
        {PM_STR_INIT("\xC2\x80"), 0x80, 2},
        {PM_STR_INIT("\xDF\xBF"), 0x7FF, 2},
        {PM_STR_INIT("\xE0\xA0\x80"), 0x800, 3},
        {PM_STR_INIT("\xE0\xBF\x8F"
                     "BIG"),
         0xFCF, 3},
        {PM_STR_INIT("\xED\x9F\xBF"), 0xD7FF, 3},
        {PM_STR_INIT("\xEE\x80\x80"), 0xE000, 3},
        {PM_STR_INIT("\xEF\xBF\xBF"), 0xFFFF, 3},
        {PM_STR_INIT("\xF0\x90\x80\x80"), 0x10000, 4},
        {PM_STR_INIT("\xF4\x8F\xBF\xBF"), 0x10FFFF, 4},
        {PM_STR_INIT("\xF4\x90\x80\x80"), PM_UTF8_INVALID, 1},
        {PM_STR_INIT("\xF8\x88\x80\x80\x80"), PM_UTF8_INVALID, 1},
        {PM_STR_INIT("\xFF"), PM_UTF8_INVALID, 1},
        {PM_STR_INIT("\x80"), PM_UTF8_INVALID, 1},
        {PM_STR_INIT("\xC0\x80"), PM_UTF8_INVALID, 1},
        {PM_STR_INIT("\xC1\xBF"), PM_UTF8_INVALID, 1},
        {PM_STR_INIT("\xE0\x9F\xBF"), PM_UTF8_INVALID, 1},
        {PM_STR_INIT("\xF0\x8F\xBF\xBF"), PM_UTF8_INVALID, 1},
        {PM_STR_INIT("\xED\xA0\x80"), PM_UTF8_INVALID, 1},
        {PM_STR_INIT("\xED\xBF\xBF"), PM_UTF8_INVALID, 1},
        {PM_STR_INIT("\xC2"), PM_UTF8_INVALID, 1},
        {PM_STR_INIT("\xE0\xA0"), PM_UTF8_INVALID, 1},
        {PM_STR_INIT("\xF0\x90\x80"), PM_UTF8_INVALID, 1},
        {PM_STR_INIT("\xC2"
                     "a"),
         PM_UTF8_INVALID, 1},
        {PM_STR_INIT("\xE2\x82"
                     "a"),
         PM_UTF8_INVALID, 1},
        {{NULL, 0}, PM_UTF8_INVALID, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t code_point = 1;
        size_t taken = pm_utf8_next(rows[i].in, &code_point);
        CHECK(taken == rows[i].taken && code_point == rows[i].code_point, "row %zu: U+%X, %zu", i,
              code_point, taken);
    }
}

static void test_write(void)
{
    char bytes[4];
    unsigned wrong = 0;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        uint32_t back;
        size_t len = pm_utf8_write(c, bytes);
        bool is_surrogate = c >= 0xD800 && c <= 0xDFFF;
        wrong +=
            is_surrogate ? len != 0 : pm_utf8_next((pm_str){bytes, len}, &back) != len || back != c;
    }
    CHECK(wrong == 0, "%u code points differ", wrong);
    CHECK(pm_utf8_write(0x110000, bytes) == 0, "beyond the last");
    CHECK(pm_utf8_write(PM_UTF8_INVALID, bytes) == 0, "the mark of nothing");
    CHECK(pm_utf8_write(0x20AC, bytes) == 3 && memcmp(bytes, "\xE2\x82\xAC", 3) == 0, "euro");
}

int main(void)
{
    test_next();
    test_write();
    return check_done();
}
