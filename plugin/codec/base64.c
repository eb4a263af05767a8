/* base64.c - the way in which bytes travel inside JSON.
 *
 * Three bytes are four characters of six bits each. A last group of one or two bytes is filled up
 * with '='. Several texts could be read as the same bytes (bits behind the last byte, padding left
 * out); the one that an encoder writes is taken and no other, so that two different texts are never
 * the same account. */

#include "codec/base64.h"

#include <string.h>

#define GROUP_CHARS 4
#define GROUP_BYTES 3
#define NO_VALUE 0xFF /* its highest bit is in no value */

struct alphabet {
    uint8_t values[256]; /* by character */
};

static struct alphabet make_alphabet(void)
{
    static const char characters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct alphabet alphabet;
    memset(alphabet.values, NO_VALUE, sizeof alphabet.values);
    for (size_t i = 0; i < sizeof characters - 1; i++) {
        alphabet.values[(unsigned char)characters[i]] = (uint8_t)i;
    }
    return alphabet;
}

/* The 24 bits of four characters, or more than 24 when one is outside the alphabet. */
static uint32_t group_bits(const struct alphabet *alphabet, const char *group)
{
    uint32_t bits = 0, all = 0;
    for (size_t i = 0; i < GROUP_CHARS; i++) {
        uint32_t value = alphabet->values[(unsigned char)group[i]];
        bits = bits << 6 | value;
        all |= value;
    }
    return all > 0x3F ? UINT32_MAX : bits;
}

static void put_bytes(char *out, uint32_t bits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = (char)(unsigned char)(bits >> (16 - 8 * i));
    }
}

static bool decode_groups(const struct alphabet *alphabet, pm_str text, char *out)
{
    for (size_t at = 0; at < text.len; at += GROUP_CHARS, out += GROUP_BYTES) {
        uint32_t bits = group_bits(alphabet, text.ptr + at);
        if (bits == UINT32_MAX) {
            return false;
        }
        put_bytes(out, bits, GROUP_BYTES);
    }
    return true;
}

/* The group that has `padding` characters '='; its other bits must be used up by its bytes. */
static bool decode_last(const struct alphabet *alphabet, const char *group, size_t padding,
                        char *out)
{
    char filled[GROUP_CHARS] = {'A', 'A', 'A', 'A'};
    memcpy(filled, group, GROUP_CHARS - padding);
    uint32_t bits = group_bits(alphabet, filled);
    if (bits == UINT32_MAX || bits & ((UINT32_C(1) << (8 * padding)) - 1)) {
        return false;
    }
    put_bytes(out, bits, GROUP_BYTES - padding);
    return true;
}

static size_t count_padding(pm_str text)
{
    size_t count = 0;
    while (count < 2 && count < text.len && text.ptr[text.len - 1 - count] == '=') {
        count++;
    }
    return count;
}

bool pm_base64_decode(struct pm_arena *arena, pm_str text, size_t most, pm_str *out)
{
    size_t padding = count_padding(text);
    size_t len = text.len / GROUP_CHARS * GROUP_BYTES - padding;
    if (text.len % GROUP_CHARS != 0 || len > most) {
        return false;
    }
    char *bytes = pm_arena_alloc(arena, len);
    if (!bytes) {
        return false;
    }
    const struct alphabet alphabet = make_alphabet();
    pm_str whole = pm_str_slice(text, 0, text.len - (padding ? GROUP_CHARS : 0));
    size_t whole_bytes = whole.len / GROUP_CHARS * GROUP_BYTES;
    if (!decode_groups(&alphabet, whole, bytes) ||
        (padding && !decode_last(&alphabet, text.ptr + whole.len, padding, bytes + whole_bytes))) {
        return false;
    }
    *out = (pm_str){bytes, len};
    return true;
}
