/* test_date.c - base/date. */

#include "base/date.h"

#include "check.h"

struct row {
    const char *text;
    bool is_read;
    int64_t ms;
};

#define BAD false, 0

static void check_rows(const struct row *rows, size_t count, bool (*read)(pm_str, int64_t *))
{
    for (size_t i = 0; i < count; i++) {
        int64_t ms = 0;
        bool is_read = read(pm_str_from(rows[i].text), &ms);
        CHECK(is_read == rows[i].is_read, "\"%s\"", rows[i].text);
        CHECK(!is_read || ms == rows[i].ms, "\"%s\": %lld", rows[i].text, (long long)ms);
    }
}

static bool read_rfc3339(pm_str text, int64_t *ms)
{
    return pm_date_read_rfc3339(text, ms);
}

static bool read_js(pm_str text, int64_t *ms)
{
    return pm_date_read_js(text, ms);
}

static bool read_http(pm_str text, int64_t *ms)
{
    return pm_date_read_http(text, ms);
}

static void test_rfc3339(void)
{
    static const struct row rows[] = {
        {"1970-01-01T00:00:00Z", true, 0},
        {"1970-01-01 00:00:00z", true, 0},
        {"1970-01-01t00:00:00.001Z", true, 1},
        {"2026-11-21T04:49:10Z", true, 1795236550000},
        {"2026-11-21T04:49:10.9Z", true, 1795236550900},
        {"2026-11-21T04:49:10.123456789Z", true, 1795236550123},
        {"2026-11-21T06:49:10+02:00", true, 1795236550000},
        {"2026-11-20T23:19:10-05:30", true, 1795236550000},
        {"1969-12-31T23:59:59.999Z", true, -1},
        {"0000-01-01T00:00:00Z", true, -62167219200000},
        {"9999-12-31T23:59:59Z", true, 253402300799000},
        {"2000-02-29T00:00:00Z", true, 951782400000},
        {"2016-12-31T23:59:60Z", true, 1483228799000},
        {"1900-02-29T00:00:00Z", BAD},
        {"2026-02-29T00:00:00Z", BAD},
        {"2026-04-31T00:00:00Z", BAD},
        {"2026-00-01T00:00:00Z", BAD},
        {"2026-13-01T00:00:00Z", BAD},
        {"2026-01-00T00:00:00Z", BAD},
        {"2026-01-32T00:00:00Z", BAD},
        {"2026-01-01T24:00:00Z", BAD},
        {"2026-01-01T00:60:00Z", BAD},
        {"2026-01-01T00:00:61Z", BAD},
        {"2026-01-01T00:00:00+24:00", BAD},
        {"2026-01-01T00:00:00+00:60", BAD},
        {"2026-01-01T00:00:00+0000", BAD},
        {"2026-01-01T00:00:00", BAD},
        {"2026-01-01T00:00:00.Z", BAD},
        {"2026-01-01T00:00:00ZZ", BAD},
        {"2026-01-01T00:00:00 Z", BAD},
        {"2026-01-01", BAD},
        {"26-01-01T00:00:00Z", BAD},
        {"-2026-01-01T00:00:00Z", BAD},
        {"garbage", BAD},
        {"", BAD},
    };
    check_rows(rows, sizeof rows / sizeof *rows, read_rfc3339);
    int64_t ms;
    CHECK(!pm_date_read_rfc3339(PM_STR("1970-01-01T00:00:00Z\0"), &ms), "NUL after");
    CHECK(!pm_date_read_rfc3339(PM_STR("1970\0-01-01T00:00:00Z"), &ms), "NUL inside");
}

static void test_js(void)
{
    static const struct row rows[] = {
        {"Sat Nov 21 2026 04:24:42 GMT+0000 (Coordinated Universal Time)", true, 1795235082000},
        {"Sat Nov 21 2026 05:54:42 GMT+0130 (Somewhere)", true, 1795235082000},
        {"Fri Nov 20 2026 23:24:42 GMT-0500 (Eastern Standard Time)", true, 1795235082000},
        {"Sat Nov 21 2026 04:24:42 GMT+0000", true, 1795235082000},
        {"Thu Jan 01 1970 00:00:00 GMT+0000 (UTC)", true, 0},
        {"Tue Apr 20 -271821 00:00:00 GMT+0000 (UTC)", true, -8640000000000000},
        {"Sat Sep 13 275760 00:00:00 GMT+0000 (UTC)", true, 8640000000000000},
        {"Sat Sep 13 275760 00:00:01 GMT+0000 (UTC)", BAD},
        {"Mon Apr 19 -271821 23:59:59 GMT+0000 (UTC)", BAD},
        {"Sat Sep 13 999999 00:00:00 GMT+0000 (UTC)", BAD},
        {"Mon Apr 19 -999999 00:00:00 GMT+0000 (UTC)", BAD},
        {"Invalid Date", BAD},
        {"Sat Nov 31 2026 04:24:42 GMT+0000", BAD},
        {"Sat Nuv 21 2026 04:24:42 GMT+0000", BAD},
        {"Xyz Nov 21 2026 04:24:42 GMT+0000", BAD},
        {"Sat Nov 21 2026 04:24:42 GMT+0000 (open", BAD},
        {"Sat Nov 21 2026 04:24:42 GMT+0000 UTC", BAD},
        {"Sat Nov 21 2026 04:24:42", BAD},
        {"Sat Nov 21 2026", BAD},
        {"", BAD},
    };
    check_rows(rows, sizeof rows / sizeof *rows, read_js);
}

static void test_http(void)
{
    static const struct row rows[] = {
        {"Sat, 21 Nov 2026 04:49:37 GMT", true, 1795236577000},
        {"Thu, 01 Jan 1970 00:00:00 GMT", true, 0},
        {"Sat, 21 Nov 2026 04:49:37 UTC", BAD},
        {"Sat, 21 Nov 2026 04:49:37 GMT ", BAD},
        {"Saturday, 21-Nov-26 04:49:37 GMT", BAD},
        {"Sat Nov 21 04:49:37 2026", BAD},
        {"120", BAD},
        {"", BAD},
    };
    check_rows(rows, sizeof rows / sizeof *rows, read_http);
}

static void test_write(struct pm_arena *arena)
{
    static const struct {
        int64_t ms;
        const char *want; /* "" is refused */
    } rows[] = {
        {0, "1970-01-01T00:00:00Z"},
        {999, "1970-01-01T00:00:00Z"},
        {-1, "1969-12-31T23:59:59Z"},
        {-1000, "1969-12-31T23:59:59Z"},
        {1795236550999, "2026-11-21T04:49:10Z"},
        {951782400000, "2000-02-29T00:00:00Z"},
        {-62167219200000, "0000-01-01T00:00:00Z"},
        {-62167219200001, ""},
        {253402300799999, "9999-12-31T23:59:59Z"},
        {253402300800000, ""},
        {PM_DATE_LIMIT_MS, ""},
        {-PM_DATE_LIMIT_MS, ""},
        {INT64_MAX, ""},
        {INT64_MIN, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_buf buf;
        pm_buf_init(&buf, arena, 100);
        bool is_written = pm_date_add_rfc3339(&buf, rows[i].ms);
        CHECK(is_written == (rows[i].want[0] != '\0'), "%lld", (long long)rows[i].ms);
        CHECK_TEXT(pm_buf_text(&buf), pm_str_from(rows[i].want), "written");
    }
}

/* Every day of 800 years, there and back, in order. */
static void test_all_days(struct pm_arena *arena)
{
    const int64_t day_ms = 86400000, first = -135140, last = 157054;
    long wrong = 0;
    pm_str before = PM_STR("");
    for (int64_t day = first; day <= last; day++) {
        struct pm_buf buf;
        int64_t ms = 0;
        pm_buf_init(&buf, arena, 32);
        bool is_same = pm_date_add_rfc3339(&buf, day * day_ms + 86399999) &&
                       pm_date_read_rfc3339(pm_buf_text(&buf), &ms) &&
                       ms == day * day_ms + 86399000;
        wrong += !is_same || pm_str_compare(before, pm_buf_text(&buf)) >= 0;
        before = pm_buf_text(&buf);
    }
    CHECK(wrong == 0, "%ld days differ", wrong);
}

int main(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, 64 << 20);
    test_rfc3339();
    test_js();
    test_http();
    test_write(&arena);
    test_all_days(&arena);
    pm_arena_finish(&arena);
    return check_done();
}
