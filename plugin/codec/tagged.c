/* tagged.c - the dashboard's own spelling of big integers and dates inside JSON. */

#include "codec/tagged.h"

#include "base/date.h"
#include "codec/number.h"
#include "codec/utf8.h"

#include <math.h>

#define SIGIL "\xE0\xBF\x8F" /* U+0FCF */

static const pm_str big_tag = PM_STR_INIT(SIGIL "BIG");
static const pm_str date_tag = PM_STR_INIT(SIGIL "DAT");

/* JavaScript's white space and line ends, which BigInt() and Number() pass over at both ends. */
static bool is_js_space(uint32_t c)
{
    static const uint32_t others[] = {' ',    0xA0,   0x1680, 0x2028, 0x2029,
                                      0x202F, 0x205F, 0x3000, 0xFEFF};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (c == others[i]) {
            return true;
        }
    }
    return (c >= '\t' && c <= '\r') || (c >= 0x2000 && c <= 0x200A);
}

/* Nothing to trim beside it. */
static bool is_plain(char c)
{
    return c > ' ' && c < 0x7F;
}

static pm_str trim_as_js(pm_str text)
{
    size_t from = text.len, to = 0, step;
    uint32_t c;
    if (text.len > 0 && is_plain(text.ptr[0]) && is_plain(text.ptr[text.len - 1])) {
        return text; /* nearly always */
    }
    for (size_t at = 0; at < text.len; at += step) {
        step = pm_utf8_next(pm_str_tail(text, at), &c);
        if (!is_js_space(c)) {
            from = at < from ? at : from;
            to = at + step;
        }
    }
    return pm_str_slice(text, from, to);
}

/* 16, 8 or 2 when `text` begins with 0x, 0o or 0b, and 10 otherwise. */
static unsigned find_base(pm_str text)
{
    static const struct {
        pm_str prefix;
        unsigned base;
    } prefixes[] = {{PM_STR_INIT("0x"), 16}, {PM_STR_INIT("0o"), 8}, {PM_STR_INIT("0b"), 2}};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (pm_str_starts_nocase(text, prefixes[i].prefix)) {
            return prefixes[i].base;
        }
    }
    return 10;
}

static struct pm_big read_js_bigint(pm_str text)
{
    text = trim_as_js(text);
    unsigned base = find_base(text);
    if (text.len == 0) {
        return pm_big_from_u64(0);
    }
    return base == 10 ? pm_big_read(text) : pm_big_read_base(pm_str_tail(text, 2), base);
}

static bool read_js_number(pm_str text, double *out)
{
    text = trim_as_js(text);
    unsigned base = find_base(text);
    if (text.len == 0) {
        *out = 0;
        return true;
    }
    if (base == 10) {
        return pm_number_read_js(text, out);
    }
    *out = pm_big_to_double(pm_big_read_base(pm_str_tail(text, 2), base));
    return isfinite(*out);
}

/* The text of a version 0 object of that type; .ptr NULL when it is none. */
static pm_str get_v0(yyjson_val *value, pm_str type)
{
    bool is_type = pm_str_equal(pm_json_text(pm_json_get(value, "___type")), type);
    return is_type ? pm_json_text(pm_json_get(value, "value")) : (pm_str){0};
}

static struct pm_big read_plain(yyjson_val *value)
{
    uint64_t whole;
    if (yyjson_is_uint(value)) {
        return pm_big_from_u64(yyjson_get_uint(value));
    }
    if (pm_json_whole(value, &whole)) {
        return pm_big_from_u64(whole);
    }
    struct pm_big n = {0};
    if (yyjson_is_sint(value)) {
        n = pm_big_from_u64(0 - (uint64_t)yyjson_get_sint(value));
        n.is_negative = !pm_big_is_zero(n);
    }
    return n;
}

struct pm_big pm_tagged_big(yyjson_val *value)
{
    pm_str text = pm_json_text(value);
    if (pm_str_starts(text, big_tag)) {
        return read_js_bigint(pm_str_tail(text, big_tag.len));
    }
    text = get_v0(value, PM_STR("bigint"));
    return text.ptr ? read_js_bigint(text) : read_plain(value);
}

bool pm_tagged_date(yyjson_val *value, int64_t *ms)
{
    const double limit = (double)PM_DATE_LIMIT_MS;
    pm_str text = pm_json_text(value);
    double number;
    if (pm_str_starts(text, date_tag)) {
        text = pm_str_tail(text, date_tag.len);
        if (!read_js_number(text, &number) || number < -limit || number > limit) {
            return false;
        }
        *ms = (int64_t)number;
        return true;
    }
    text = get_v0(value, PM_STR("date"));
    return text.ptr && (pm_date_read_js(text, ms) || pm_date_read_rfc3339(text, ms));
}
