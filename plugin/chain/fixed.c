/* fixed.c - texts that take the same number of bytes whatever they say. */

#include "chain/fixed.h"

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

struct pm_fixed pm_read_fixed(struct pm_reader *reader, size_t bytes)
{
    pm_str raw = pm_read_bytes(reader, bytes);
    size_t from = 0, to = raw.len;
    while (from < to && raw.ptr[from] == '\0') {
        from++;
    }
    while (to > from && raw.ptr[to - 1] == '\0') {
        to--;
    }
    return (struct pm_fixed){
        .text = pm_str_slice(raw, from, to),
        .shown = pm_str_slice(raw, 0, pm_str_find(raw, '\0')),
    };
}

/* What may follow the first byte of a character: how many bytes, and the range of the first of
 * them. The ranges keep out overlong forms, surrogates and what is above U+10FFFF. */
struct lead {
    uint8_t first, last, following, low, high;
};

static const struct lead leads[] = {
    {0x00, 0x7F, 0, 0x00, 0x00}, {0xC2, 0xDF, 1, 0x80, 0xBF}, {0xE0, 0xE0, 2, 0xA0, 0xBF},
    {0xE1, 0xEC, 2, 0x80, 0xBF}, {0xED, 0xED, 2, 0x80, 0x9F}, {0xEE, 0xEF, 2, 0x80, 0xBF},
    {0xF0, 0xF0, 3, 0x90, 0xBF}, {0xF1, 0xF3, 3, 0x80, 0xBF}, {0xF4, 0xF4, 3, 0x80, 0x8F},
};

static const struct lead *find_lead(uint8_t byte)
{
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
        if (byte >= leads[i].first && byte <= leads[i].last) {
            return &leads[i];
        }
    }
    return NULL;
}

/* How many bytes from `at` on are a character or the beginning of one, at least 1. */
static size_t take_character(pm_str bytes, size_t at, bool *is_whole)
{
    const struct lead *lead = find_lead((uint8_t)bytes.ptr[at]);
    size_t len = 1;
    *is_whole = false;
    if (!lead) {
        return len;
    }
    uint8_t low = lead->low, high = lead->high;
    for (; len <= lead->following; len++) {
        if (at + len == bytes.len || (uint8_t)bytes.ptr[at + len] < low ||
            (uint8_t)bytes.ptr[at + len] > high) {
            return len;
        }
        low = 0x80;
        high = 0xBF;
    }
    *is_whole = true;
    return len;
}

void pm_lossy_add(struct pm_buf *buf, pm_str bytes)
{
    for (size_t at = 0; at < bytes.len;) {
        bool is_whole;
        size_t len = take_character(bytes, at, &is_whole);
        pm_buf_add(buf, is_whole ? pm_str_slice(bytes, at, at + len) : PM_STR(REPLACEMENT));
        at += len;
    }
}
