/* text.c - small text helpers of the simulator. */

#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *memory)
{
    if (!memory) {
        fputs("psyche-sim: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

void *sim_alloc(size_t bytes)
{
    return must(malloc(bytes ? bytes : 1));
}

void *sim_grow(void *memory, size_t bytes)
{
    return must(realloc(memory, bytes ? bytes : 1));
}

char *sim_copy(const char *text)
{
    return must(strdup(text));
}

char *sim_format(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0) {
        text = NULL;
    }
    va_end(args);
    return must(text);
}

bool sim_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool sim_read_number(const char *text, int64_t *out)
{
    bool is_negative = *text == '-';
    const char *digits = text + is_negative;
    size_t count = strspn(digits, "0123456789");
    if (count == 0 || count > 15 || digits[count]) {
        return false;
    }
    int64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        value = value * 10 + (digits[i] - '0');
    }
    *out = is_negative ? -value : value;
    return true;
}

static int hex_value(char c)
{
    const char *digits = "0123456789abcdef", *upper = "0123456789ABCDEF", *at;
    if (!c) {
        return -1;
    }
    if ((at = strchr(digits, c))) {
        return (int)(at - digits);
    }
    at = strchr(upper, c);
    return at ? (int)(at - upper) : -1;
}

/* Length of the sequence that a lead byte opens; 0 for a byte that opens none. */
static size_t sequence_bytes(unsigned char lead)
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xC2 || lead > 0xF4) {
        return 0;
    }
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

static bool is_utf8(const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count;) {
        size_t wanted = sequence_bytes(bytes[i]);
        if (wanted == 0 || wanted > count - i) {
            return false;
        }
        for (size_t k = 1; k < wanted; k++) {
            if ((bytes[i + k] & 0xC0) != 0x80) {
                return false;
            }
        }
        i += wanted;
    }
    return true;
}

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~", c));
}

bool sim_path_canonical(const char *raw, char **out)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t path_bytes = strcspn(raw, "?"), decoded_bytes = 0;
    unsigned char *decoded = sim_alloc(path_bytes + 1);
    char *text = sim_alloc(path_bytes * 3 + strlen(raw + path_bytes) + 1), *to = text;
    bool is_good = true;
    for (size_t i = 0; i < path_bytes; i++) {
        unsigned char c = (unsigned char)raw[i];
        bool is_escape = c == '%';
        if (is_escape) {
            int high = hex_value(raw[i + 1]), low = high < 0 ? -1 : hex_value(raw[i + 2]);
            if (low < 0) {
                is_good = false;
                break;
            }
            c = (unsigned char)(high * 16 + low);
            i += 2;
        }
        decoded[decoded_bytes++] = c;
        if (is_unreserved(c) || (c == '/' && !is_escape)) {
            *to++ = (char)c;
        } else {
            *to++ = '%';
            *to++ = hex[c >> 4];
            *to++ = hex[c & 15];
        }
    }
    memcpy(to, raw + path_bytes, strlen(raw + path_bytes) + 1);
    is_good = is_good && is_utf8(decoded, decoded_bytes);
    free(decoded);
    if (!is_good) {
        free(text);
        return false;
    }
    *out = text;
    return true;
}

char *sim_path_decoded(const char *canonical)
{
    char *text = sim_copy(canonical), *to = text;
    for (const char *from = canonical; *from; from++) {
        if (*from == '%') {
            *to++ = (char)(hex_value(from[1]) * 16 + hex_value(from[2]));
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return text;
}
