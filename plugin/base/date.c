/* date.c - moments as milliseconds since 1970, and the texts they come in.
 *
 * Days are counted from 1 January of year 0 of today's calendar carried backwards. To stay clear of
 * dividing negative numbers, years are first moved up by a whole number of 400-year cycles, after
 * which the calendar repeats. */

#include "base/date.h"

#define DAY_MS INT64_C(86400000)
#define CYCLE_DAYS 146097 /* of 400 years */
#define SHIFT_CYCLES 1000
#define DAYS_TO_1970 719528 /* from 1 January of year 0 */

struct moment {
    int64_t year;
    unsigned month, day, hour, minute, second, ms;
    int offset_minutes; /* ahead of UTC */
};

/* Text being read; the first thing that does not fit sets `is_bad`, and all later reads give 0. */
struct reader {
    pm_str left;
    bool is_bad;
};

static const unsigned days_before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
static const char weekdays[] = "SunMonTueWedThuFriSat";

/* `year` must not be negative. */
static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days in all years from 0 up to, not including, `year`, which must not be negative. */
static int64_t days_in_years(int64_t year)
{
    return year * 365 + (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
}

static unsigned days_in_month(int64_t shifted_year, unsigned month)
{
    return days_before[month] - days_before[month - 1] + (month == 2 && is_leap(shifted_year));
}

static bool to_ms(const struct moment *at, int64_t *ms)
{
    int64_t year = at->year + 400 * SHIFT_CYCLES;
    if (year < 0 || at->month < 1 || at->month > 12 || at->day < 1 ||
        at->day > days_in_month(year, at->month) || at->hour > 23 || at->minute > 59 ||
        at->second > 60) {
        return false;
    }
    unsigned second = at->second == 60 ? 59 : at->second; /* our clock has no leap seconds */
    int64_t days = days_in_years(year) + days_before[at->month - 1] + at->day - 1;
    days += at->month > 2 && is_leap(year);
    days -= (int64_t)SHIFT_CYCLES * CYCLE_DAYS + DAYS_TO_1970;
    int64_t minutes = (days * 24 + at->hour) * 60 + at->minute - at->offset_minutes;
    *ms = (minutes * 60 + second) * 1000 + at->ms;
    return *ms >= -PM_DATE_LIMIT_MS && *ms <= PM_DATE_LIMIT_MS;
}

bool pm_date_add_rfc3339(struct pm_buf *buf, int64_t ms)
{
    if (ms < -PM_DATE_LIMIT_MS || ms > PM_DATE_LIMIT_MS) {
        return false;
    }
    int64_t shifted = ms + (SHIFT_CYCLES * (int64_t)CYCLE_DAYS + DAYS_TO_1970) * DAY_MS;
    int64_t days = shifted / DAY_MS, second = shifted % DAY_MS / 1000;
    int64_t year = days * 400 / CYCLE_DAYS;
    while (days_in_years(year) > days) {
        year--;
    }
    while (days_in_years(year + 1) <= days) {
        year++;
    }
    unsigned day = (unsigned)(days - days_in_years(year)), month = 1;
    while (day >= days_in_month(year, month)) {
        day -= days_in_month(year, month++);
    }
    year -= 400 * SHIFT_CYCLES;
    if (year < 0 || year > 9999) {
        return false;
    }
    pm_buf_addf(buf, "%04d-%02u-%02uT%02d:%02d:%02dZ", (int)year, month, day + 1,
                (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
    return true;
}

/* One of the bytes in `any`, which is then passed over; 0 when there is none. */
static char take_any(struct reader *from, const char *any)
{
    char c = from->left.len ? from->left.ptr[0] : '\0';
    if (c == '\0' || pm_str_find(pm_str_from(any), c) == pm_str_from(any).len) {
        from->is_bad = true;
        return '\0';
    }
    from->left = pm_str_tail(from->left, 1);
    return c;
}

static bool next_is_digit(const struct reader *from)
{
    return from->left.len && from->left.ptr[0] >= '0' && from->left.ptr[0] <= '9';
}

/* A number of at least `least` and at most `most` (<= 6) digits. */
static unsigned take_number(struct reader *from, unsigned least, unsigned most)
{
    unsigned value = 0, taken = 0;
    while (taken < most && next_is_digit(from)) {
        value = value * 10 + (unsigned)(from->left.ptr[0] - '0');
        from->left = pm_str_tail(from->left, 1);
        taken++;
    }
    from->is_bad = from->is_bad || taken < least;
    return value;
}

static void take_text(struct reader *from, pm_str text)
{
    if (pm_str_starts(from->left, text)) {
        from->left = pm_str_tail(from->left, text.len);
    } else {
        from->is_bad = true;
    }
}

/* Which of the three-letter names comes next, from 1; 0 when none does. */
static unsigned take_name(struct reader *from, pm_str names)
{
    for (size_t at = 0; at < names.len; at += 3) {
        if (pm_str_starts(from->left, pm_str_slice(names, at, at + 3))) {
            from->left = pm_str_tail(from->left, 3);
            return (unsigned)(at / 3) + 1;
        }
    }
    from->is_bad = true;
    return 0;
}

static void take_time(struct reader *from, struct moment *at)
{
    at->hour = take_number(from, 2, 2);
    (void)take_any(from, ":");
    at->minute = take_number(from, 2, 2);
    (void)take_any(from, ":");
    at->second = take_number(from, 2, 2);
}

/* A fraction of a second, of any length, cut to milliseconds. */
static void take_fraction(struct reader *from, struct moment *at)
{
    unsigned weight = 100;
    (void)take_any(from, ".");
    from->is_bad = from->is_bad || !next_is_digit(from);
    while (next_is_digit(from)) {
        at->ms += weight * (unsigned)(from->left.ptr[0] - '0');
        weight /= 10;
        from->left = pm_str_tail(from->left, 1);
    }
}

/* "+hhmm" or, with a colon between, "+hh:mm". */
static void take_offset(struct reader *from, struct moment *at, bool has_colon)
{
    bool is_behind = take_any(from, "+-") == '-';
    unsigned hours = take_number(from, 2, 2);
    if (has_colon) {
        (void)take_any(from, ":");
    }
    unsigned minutes = take_number(from, 2, 2);
    from->is_bad = from->is_bad || hours > 23 || minutes > 59;
    at->offset_minutes = (int)(hours * 60 + minutes);
    if (is_behind) {
        at->offset_minutes = -at->offset_minutes;
    }
}

static bool finish(const struct reader *from, const struct moment *at, int64_t *ms)
{
    return !from->is_bad && from->left.len == 0 && to_ms(at, ms);
}

bool pm_date_read_rfc3339(pm_str text, int64_t *ms)
{
    struct reader from = {.left = text};
    struct moment at = {.year = take_number(&from, 4, 4)};
    (void)take_any(&from, "-");
    at.month = take_number(&from, 2, 2);
    (void)take_any(&from, "-");
    at.day = take_number(&from, 2, 2);
    (void)take_any(&from, "Tt ");
    take_time(&from, &at);
    if (pm_str_starts(from.left, PM_STR("."))) {
        take_fraction(&from, &at);
    }
    if (pm_str_equal_nocase(from.left, PM_STR("Z"))) {
        from.left = pm_str_tail(from.left, 1);
    } else {
        take_offset(&from, &at, true);
    }
    return finish(&from, &at, ms);
}

bool pm_date_read_js(pm_str text, int64_t *ms)
{
    struct reader from = {.left = text};
    struct moment at = {0};
    (void)take_name(&from, PM_STR(weekdays));
    (void)take_any(&from, " ");
    at.month = take_name(&from, PM_STR(months));
    (void)take_any(&from, " ");
    at.day = take_number(&from, 2, 2);
    (void)take_any(&from, " ");
    bool is_before_year_0 = pm_str_starts(from.left, PM_STR("-"));
    from.left = pm_str_tail(from.left, is_before_year_0 ? 1 : 0);
    at.year = take_number(&from, 4, 6);
    if (is_before_year_0) {
        at.year = -at.year;
    }
    (void)take_any(&from, " ");
    take_time(&from, &at);
    take_text(&from, PM_STR(" GMT"));
    take_offset(&from, &at, false);
    if (pm_str_starts(from.left, PM_STR(" (")) && pm_str_ends_nocase(from.left, PM_STR(")"))) {
        from.left = PM_STR(""); /* the zone's name; its offset was read */
    }
    return finish(&from, &at, ms);
}

bool pm_date_read_http(pm_str text, int64_t *ms)
{
    struct reader from = {.left = text};
    struct moment at = {0};
    (void)take_name(&from, PM_STR(weekdays));
    take_text(&from, PM_STR(", "));
    at.day = take_number(&from, 2, 2);
    (void)take_any(&from, " ");
    at.month = take_name(&from, PM_STR(months));
    (void)take_any(&from, " ");
    at.year = take_number(&from, 4, 4);
    (void)take_any(&from, " ");
    take_time(&from, &at);
    take_text(&from, PM_STR(" GMT"));
    return finish(&from, &at, ms);
}
