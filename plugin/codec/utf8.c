/* utf8.c - code points out of bytes that may be anything. */

#include "codec/utf8.h"

#define LAST_CODE_POINT 0x10FFFFu

static bool is_scalar(uint32_t code_point)
{
    return code_point <= LAST_CODE_POINT && (code_point < 0xD800 || code_point > 0xDFFF);
}

/* How many bytes the first byte announces, its own bits of the code point, and the smallest one
 * that needs so many bytes (less is an overlong form). 0 for a byte that begins nothing. */
static size_t read_first(unsigned char first, uint32_t *bits, uint32_t *least)
{
    static const struct {
        unsigned char mask, mark;
        uint32_t least;
    } forms[] = {{0x80, 0x00, 0}, {0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if ((first & forms[i].mask) == forms[i].mark) {
            *bits = (uint32_t)(first & ~forms[i].mask & 0xFF);
            *least = forms[i].least;
            return i + 1;
        }
    }
    return 0;
}

size_t pm_utf8_next(pm_str text, uint32_t *code_point)
{
    uint32_t value = 0, least = 0;
    *code_point = PM_UTF8_INVALID;
    if (text.len == 0) {
        return 0;
    }
    size_t len = read_first((unsigned char)text.ptr[0], &value, &least);
    if (len == 0 || len > text.len) {
        return 1;
    }
    for (size_t i = 1; i < len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        if ((byte & 0xC0) != 0x80) {
            return 1;
        }
        value = value << 6 | (byte & 0x3F);
    }
    if (value < least || !is_scalar(value)) {
        return 1;
    }
    *code_point = value;
    return len;
}

size_t pm_utf8_write(uint32_t code_point, char out[4])
{
    static const unsigned char marks[] = {0x00, 0xC0, 0xE0, 0xF0};
    if (!is_scalar(code_point)) {
        return 0;
    }
    size_t len = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    out[0] = (char)(marks[len - 1] | code_point);
    return len;
}
