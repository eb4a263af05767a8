/* str.c - text as pointer and length. */

#include "base/str.h"

#include <string.h>

pm_str pm_str_from(const char *c_text)
{
    return c_text ? (pm_str){c_text, strlen(c_text)} : PM_STR("");
}

static unsigned char fold(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte + ('a' - 'A')) : byte;
}

static bool same_bytes(const char *a, const char *b, size_t n)
{
    return n == 0 || memcmp(a, b, n) == 0;
}

static bool same_letters(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (fold(a[i]) != fold(b[i])) {
            return false;
        }
    }
    return true;
}

bool pm_str_equal(pm_str a, pm_str b)
{
    return a.len == b.len && same_bytes(a.ptr, b.ptr, a.len);
}

bool pm_str_equal_nocase(pm_str a, pm_str b)
{
    return a.len == b.len && same_letters(a.ptr, b.ptr, a.len);
}

bool pm_str_starts(pm_str text, pm_str prefix)
{
    return text.len >= prefix.len && same_bytes(text.ptr, prefix.ptr, prefix.len);
}

bool pm_str_starts_nocase(pm_str text, pm_str prefix)
{
    return text.len >= prefix.len && same_letters(text.ptr, prefix.ptr, prefix.len);
}

bool pm_str_ends_nocase(pm_str text, pm_str suffix)
{
    return text.len >= suffix.len &&
           same_letters(text.ptr + (text.len - suffix.len), suffix.ptr, suffix.len);
}

bool pm_str_has_nocase(pm_str text, pm_str part)
{
    for (size_t at = 0; at + part.len <= text.len; at++) {
        if (same_letters(text.ptr + at, part.ptr, part.len)) {
            return true;
        }
    }
    return false;
}

int pm_str_compare(pm_str a, pm_str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
    if (order != 0) {
        return order;
    }
    return (a.len > b.len) - (a.len < b.len);
}

pm_str pm_str_slice(pm_str text, size_t from, size_t to)
{
    if (to > text.len) {
        to = text.len;
    }
    if (from > to) {
        from = to;
    }
    return text.ptr ? (pm_str){text.ptr + from, to - from} : text;
}

pm_str pm_str_tail(pm_str text, size_t from)
{
    return pm_str_slice(text, from, text.len);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

pm_str pm_str_trim(pm_str text)
{
    size_t from = 0, to = text.len;
    while (from < to && is_space(text.ptr[from])) {
        from++;
    }
    while (to > from && is_space(text.ptr[to - 1])) {
        to--;
    }
    return pm_str_slice(text, from, to);
}

size_t pm_str_find(pm_str text, char byte)
{
    const char *at = text.len ? memchr(text.ptr, byte, text.len) : NULL;
    return at ? (size_t)(at - text.ptr) : text.len;
}

size_t pm_str_find_last(pm_str text, char byte)
{
    const char *at = text.len ? memrchr(text.ptr, byte, text.len) : NULL;
    return at ? (size_t)(at - text.ptr) : text.len;
}

bool pm_str_to_u64(pm_str text, uint64_t *out)
{
    uint64_t value = 0;
    if (text.len == 0) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c < '0' || c > '9') {
            return false;
        }
        uint64_t digit = (uint64_t)(c - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}
