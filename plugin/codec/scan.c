/* scan.c - walking over JSON text without building anything. */

#include "codec/scan.h"

#include "codec/number.h"
#include "codec/utf8.h"

#include <endian.h>
#include <string.h>

struct pm_scan pm_scan_from(pm_str text)
{
    pm_str mark = PM_STR("\xEF\xBB\xBF");
    text = pm_str_tail(text, pm_str_starts(text, mark) ? mark.len : 0);
    return (struct pm_scan){.at = text.ptr, .end = text.len ? text.ptr + text.len : text.ptr};
}

bool pm_scan_fail(struct pm_scan *scan, enum pm_json_fault fault, const char *problem)
{
    if (scan->fault == PM_JSON_OK) {
        scan->fault = fault;
        scan->problem = problem;
        scan->end = scan->at; /* nothing is left to read */
    }
    return false;
}

/* Every function ends here once something failed: nothing is left, so nothing else fits either. */
static bool fail_here(struct pm_scan *scan, const char *problem)
{
    return pm_scan_fail(scan, PM_JSON_BAD,
                        scan->at < scan->end ? problem : "unexpected end of text");
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

char pm_scan_peek(struct pm_scan *scan)
{
    while (scan->at < scan->end && is_space(*scan->at)) {
        scan->at++;
    }
    return scan->at < scan->end ? *scan->at : '\0';
}

static bool take_byte(struct pm_scan *scan, char wanted, const char *problem)
{
    if (pm_scan_peek(scan) != wanted) {
        return fail_here(scan, problem);
    }
    scan->at++;
    return true;
}

static bool take_closing(struct pm_scan *scan, char closing)
{
    if (pm_scan_peek(scan) != closing) {
        return false;
    }
    scan->at++;
    scan->depth--;
    return true;
}

bool pm_scan_first(struct pm_scan *scan, char closing)
{
    if (!take_byte(scan, closing == ']' ? '[' : '{', "a bracket is missing")) {
        return false;
    }
    if (++scan->depth > PM_JSON_MAX_DEPTH) {
        scan->at--;
        return pm_scan_fail(scan, PM_JSON_TOO_DEEP, "nested too deeply");
    }
    return !take_closing(scan, closing);
}

bool pm_scan_next(struct pm_scan *scan, char closing)
{
    return !take_closing(scan, closing) &&
           take_byte(scan, ',', "a comma or closing bracket is missing");
}

bool pm_scan_string(struct pm_scan *scan, pm_str *raw)
{
    if (!take_byte(scan, '"', "a quote is missing")) {
        return false;
    }
    const char *from = scan->at, *at = from;
    while (at < scan->end && *at != '"') {
        at += *at == '\\' && at + 1 < scan->end ? 2 : 1;
    }
    scan->at = at;
    if (at == scan->end) {
        return fail_here(scan, "a string does not end");
    }
    *raw = (pm_str){from, (size_t)(at - from)};
    scan->at++;
    return true;
}

bool pm_scan_key(struct pm_scan *scan, pm_str *raw)
{
    return pm_scan_string(scan, raw) && take_byte(scan, ':', "a colon is missing");
}

bool pm_scan_number(struct pm_scan *scan, double *out)
{
    (void)pm_scan_peek(scan);
    size_t taken = pm_number_take((pm_str){scan->at, (size_t)(scan->end - scan->at)}, out);
    if (taken == 0) {
        return fail_here(scan, "a value is missing");
    }
    scan->at += taken;
    return true;
}

static bool skip_word(struct pm_scan *scan, pm_str word)
{
    if (!pm_str_starts((pm_str){scan->at, (size_t)(scan->end - scan->at)}, word)) {
        return fail_here(scan, "unknown word");
    }
    scan->at += word.len;
    return true;
}

#define EACH_BYTE UINT64_C(0x0101010101010101)
#define TOP_BITS (EACH_BYTE * 0x80)

/* The top bit of each byte that is >= least; bytes must be below 0x80. */
static uint64_t mark_at_least(uint64_t bytes, unsigned char least)
{
    return (bytes + EACH_BYTE * (0x80u - least)) & TOP_BITS;
}

static uint64_t mark_equal(uint64_t bytes, char c)
{
    uint64_t differing = bytes ^ (EACH_BYTE * (unsigned char)c);
    return ~mark_at_least(differing, 1) & TOP_BITS;
}

/* How many bytes from here on are plain integers, each with its comma ("12,7,0,"), as far as
 * eight bytes at a time show it. Inference samples are nearly nothing else and can be 10 MB of
 * it.
 *
 * In each word the lowest byte is the first in text; "the byte before" is a shift, with the last
 * byte of the word before carried over. An integer is wrong when it is empty (a comma first) or
 * begins with 0 and goes on. */
static size_t pass_plain_integers(const char *from, const char *end)
{
    const char *at = from;
    uint64_t comma_before = 0x80, zero_before = 0;
    for (; end - at >= 8; at += 8) {
        uint64_t bytes;
        memcpy(&bytes, at, 8);
        bytes = le64toh(bytes);
        uint64_t commas = mark_equal(bytes, ',');
        uint64_t digits = mark_at_least(bytes, '0') & ~mark_at_least(bytes, '9' + 1);
        uint64_t firsts = commas << 8 | comma_before;
        uint64_t zeros = firsts & mark_equal(bytes, '0');
        uint64_t wrong = (firsts & commas) | ((zeros << 8 | zero_before) & digits);
        if ((bytes & TOP_BITS) || (commas | digits) != TOP_BITS || wrong) {
            break;
        }
        comma_before = commas >> 56;
        zero_before = zeros >> 56;
    }
    while (at > from && at[-1] != ',') {
        at--;
    }
    return (size_t)(at - from);
}

static bool skip_array(struct pm_scan *scan)
{
    for (bool has = pm_scan_first(scan, ']'); has; has = pm_scan_next(scan, ']')) {
        (void)pm_scan_peek(scan);
        scan->at += pass_plain_integers(scan->at, scan->end);
        (void)pm_scan_skip(scan);
    }
    return scan->fault == PM_JSON_OK;
}

static bool skip_object(struct pm_scan *scan)
{
    pm_str key;
    for (bool has = pm_scan_first(scan, '}'); has; has = pm_scan_next(scan, '}')) {
        (void)(pm_scan_key(scan, &key) && pm_scan_skip(scan));
    }
    return scan->fault == PM_JSON_OK;
}

bool pm_scan_skip(struct pm_scan *scan)
{
    double number;
    pm_str raw;
    switch (pm_scan_peek(scan)) {
    case '[':
        return skip_array(scan);
    case '{':
        return skip_object(scan);
    case '"':
        return pm_scan_string(scan, &raw);
    case 't':
        return skip_word(scan, PM_STR("true"));
    case 'f':
        return skip_word(scan, PM_STR("false"));
    case 'n':
        return skip_word(scan, PM_STR("null"));
    default:
        return pm_scan_number(scan, &number);
    }
}

/* Four hex digits at text[at]. */
static bool read_hex(pm_str text, size_t at, uint32_t *unit)
{
    pm_str digits = pm_str_slice(text, at, at + 4);
    *unit = 0;
    for (size_t i = 0; i < digits.len; i++) {
        char c = digits.ptr[i];
        bool is_letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (!is_letter && (c < '0' || c > '9')) {
            return false;
        }
        *unit = *unit << 4 | (uint32_t)(is_letter ? (c & 0x0F) + 9 : c - '0');
    }
    return digits.len == 4;
}

/* The code point of \uXXXX, or of a pair of them, at text[at]; how many bytes it takes, 0 when
 * wrong. */
static size_t read_unicode_escape(pm_str text, size_t at, uint32_t *code_point)
{
    uint32_t low;
    if (!read_hex(text, at + 2, code_point)) {
        return 0;
    }
    if (*code_point < 0xD800 || *code_point > 0xDFFF) {
        return 6;
    }
    bool is_pair = *code_point < 0xDC00 &&
                   pm_str_starts(pm_str_tail(text, at + 6), PM_STR("\\u")) &&
                   read_hex(text, at + 8, &low) && low >= 0xDC00 && low <= 0xDFFF;
    if (!is_pair) {
        return 6; /* half a pair: it stays one */
    }
    *code_point = 0x10000 + ((*code_point - 0xD800) << 10) + (low - 0xDC00);
    return 12;
}

/* The code point of the escape at text[at]; how many bytes it takes, 0 when wrong. */
static size_t read_escape(pm_str text, size_t at, uint32_t *code_point)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (at + 1 == text.len) {
        return 0;
    }
    if (text.ptr[at + 1] == 'u') {
        return read_unicode_escape(text, at, code_point);
    }
    size_t which = pm_str_find(PM_STR(letters), text.ptr[at + 1]);
    *code_point = (unsigned char)meanings[which];
    return which < sizeof letters - 1 ? 2 : 0;
}

/* Half a pair is no code point and has no UTF-8; written in its pattern it is three bytes that are
 * shown as such, and differ from any other text. */
static size_t write_unit(uint32_t code_point, char out[4])
{
    size_t bytes = pm_utf8_write(code_point, out);
    if (bytes == 0) {
        out[0] = (char)(0xE0 | code_point >> 12);
        out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code_point & 0x3F));
        bytes = 3;
    }
    return bytes;
}

size_t pm_scan_mend_halves(char *text, size_t len)
{
    size_t out = 0, from = 0;
    const char *escape;
    for (size_t at = 0; at < len && (escape = memchr(text + at, '\\', len - at)) != NULL;) {
        uint32_t unit = 0;
        at = (size_t)(escape - text);
        bool is_unicode = pm_str_starts((pm_str){escape, len - at}, PM_STR("\\u"));
        size_t taken = is_unicode ? read_unicode_escape((pm_str){text, len}, at, &unit) : 2;
        if (taken == 6 && unit >= 0xD800 && unit <= 0xDFFF) {
            memmove(text + out, text + from, at - from);
            out += at - from;
            out += write_unit(unit, text + out); /* never longer than what it replaces */
            from = at + taken;
        }
        at += taken ? taken : 2;
    }
    if (out == from) {
        return len;
    }
    memmove(text + out, text + from, len - from);
    return out + len - from;
}

bool pm_scan_unescape(char *raw, size_t *len)
{
    size_t out = 0, taken;
    for (size_t at = 0; at < *len; at += taken) {
        uint32_t code_point = 0;
        if (raw[at] != '\\') {
            raw[out++] = raw[at];
            taken = 1;
            continue;
        }
        taken = read_escape((pm_str){raw, *len}, at, &code_point);
        if (taken == 0) {
            return false;
        }
        out += write_unit(code_point, raw + out); /* never longer than what it replaces */
    }
    *len = out;
    return true;
}
