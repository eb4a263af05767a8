/* fuzz_date.c - three spellings of a moment, and the one in which all are written.
 *
 * The input is a text to be read, and its first eight bytes are a number of milliseconds. */

#include "fuzz.h"

#include "base/date.h"

#include <time.h>

/* The C library's calendar agrees. */
static void check_written(struct pm_arena *arena, int64_t ms)
{
    struct pm_buf buf;
    struct tm parts;
    int64_t again;
    char want[64];
    time_t second = (time_t)(ms / 1000 - (ms % 1000 < 0));
    pm_buf_init(&buf, arena, 64);
    bool is_written = pm_date_add_rfc3339(&buf, ms);
    HOLDS(is_written == (buf.len > 0));
    bool is_in_reach = ms >= -PM_DATE_LIMIT_MS && ms <= PM_DATE_LIMIT_MS;
    HOLDS(gmtime_r(&second, &parts) != NULL || !is_in_reach);
    if (!is_in_reach || parts.tm_year < -1900 || parts.tm_year > 9999 - 1900) {
        HOLDS(!is_written);
        return;
    }
    (void)snprintf(want, sizeof want, "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900,
                   parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
    HOLDS(is_written && pm_str_equal(pm_buf_text(&buf), pm_str_from(want)));
    HOLDS(pm_date_read_rfc3339(pm_buf_text(&buf), &again));
    HOLDS(again == (int64_t)second * 1000);
}

/* The same moment in each of the other two spellings. */
static void check_spellings(int64_t ms)
{
    struct tm parts;
    char text[96];
    int64_t again;
    time_t second = (time_t)(ms / 1000 - (ms % 1000 < 0));
    if (!gmtime_r(&second, &parts) || parts.tm_year < -1900 || parts.tm_year > 9999 - 1900) {
        return;
    }
    size_t len = strftime(text, sizeof text, "%a %b %d ", &parts);
    len += (size_t)snprintf(text + len, sizeof text - len, "%04d ", parts.tm_year + 1900);
    len += strftime(text + len, sizeof text - len, "%H:%M:%S GMT+0000 (UTC)", &parts);
    HOLDS(pm_date_read_js((pm_str){text, len}, &again) && again == (int64_t)second * 1000);
    len = strftime(text, sizeof text, "%a, %d %b ", &parts);
    len += (size_t)snprintf(text + len, sizeof text - len, "%04d ", parts.tm_year + 1900);
    len += strftime(text + len, sizeof text - len, "%H:%M:%S GMT", &parts);
    HOLDS(pm_date_read_http((pm_str){text, len}, &again) && again == (int64_t)second * 1000);
}

static void check_moment(struct pm_arena *arena, int64_t ms)
{
    check_written(arena, ms);
    if (ms >= -PM_DATE_LIMIT_MS && ms <= PM_DATE_LIMIT_MS) {
        check_spellings(ms);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool (*const readers[])(pm_str, int64_t *) = {pm_date_read_rfc3339, pm_date_read_js,
                                                  pm_date_read_http};
    struct pm_arena arena;
    int64_t ms = 0;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        if (readers[i](fuzz_text(data, size), &ms)) {
            HOLDS(ms >= -PM_DATE_LIMIT_MS && ms <= PM_DATE_LIMIT_MS);
            check_moment(&arena, ms);
        }
    }
    memcpy(&ms, data, size < sizeof ms ? size : sizeof ms);
    check_moment(&arena, ms);
    check_moment(&arena, ms % PM_DATE_LIMIT_MS);
    pm_arena_finish(&arena);
    return 0;
}
