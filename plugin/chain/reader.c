/* reader.c - values out of an account's bytes, one after the other. */

#include "chain/reader.h"

#include "codec/utf8.h"

#include <string.h>

struct pm_reader pm_reader_at(pm_str bytes, uint64_t offset)
{
    struct pm_reader reader = {.left = bytes};
    pm_read_skip(&reader, offset);
    return reader;
}

static void refuse(struct pm_reader *reader, const char *what, uint64_t value, uint64_t most)
{
    if (!reader->bad) {
        reader->bad = true;
        reader->what = what;
        reader->value = value;
        reader->most = most;
    }
}

pm_str pm_read_bytes(struct pm_reader *reader, uint64_t count)
{
    if (reader->bad || count > reader->left.len) {
        refuse(reader, NULL, 0, 0);
        return PM_STR("");
    }
    pm_str bytes = pm_str_slice(reader->left, 0, (size_t)count);
    reader->left = pm_str_tail(reader->left, (size_t)count);
    return bytes;
}

void pm_read_into(struct pm_reader *reader, uint8_t *out, size_t count)
{
    pm_str bytes = pm_read_bytes(reader, count);
    memset(out, 0, count);
    if (bytes.len == count && count > 0) {
        memcpy(out, bytes.ptr, count);
    }
}

void pm_read_skip(struct pm_reader *reader, uint64_t count)
{
    (void)pm_read_bytes(reader, count);
}

/* `size` is 1..8; zero when the bytes are not there. */
static uint64_t read_number(struct pm_reader *reader, size_t size)
{
    pm_str bytes = pm_read_bytes(reader, size);
    uint64_t value = 0;
    for (size_t i = bytes.len; i > 0; i--) {
        value = value << 8 | (uint8_t)bytes.ptr[i - 1];
    }
    return value;
}

uint8_t pm_read_u8(struct pm_reader *reader)
{
    return (uint8_t)read_number(reader, 1);
}

uint16_t pm_read_u16(struct pm_reader *reader)
{
    return (uint16_t)read_number(reader, 2);
}

uint32_t pm_read_u32(struct pm_reader *reader)
{
    return (uint32_t)read_number(reader, 4);
}

uint64_t pm_read_u64(struct pm_reader *reader)
{
    return read_number(reader, 8);
}

int64_t pm_read_i64(struct pm_reader *reader)
{
    uint64_t bits = read_number(reader, 8);
    int64_t value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

float pm_read_f32(struct pm_reader *reader)
{
    uint32_t bits = pm_read_u32(reader);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

double pm_read_f64(struct pm_reader *reader)
{
    uint64_t bits = read_number(reader, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

struct pm_key pm_read_key(struct pm_reader *reader)
{
    struct pm_key key = {0};
    pm_read_into(reader, key.bytes, sizeof key.bytes);
    return key;
}

static uint64_t read_limited(struct pm_reader *reader, size_t size, uint64_t most, const char *what)
{
    uint64_t value = read_number(reader, size);
    if (value > most) {
        refuse(reader, what, value, most);
        return 0;
    }
    return value;
}

uint32_t pm_read_u8_to(struct pm_reader *reader, uint32_t most, const char *what)
{
    return (uint32_t)read_limited(reader, 1, most, what);
}

uint32_t pm_read_u32_to(struct pm_reader *reader, uint32_t most, const char *what)
{
    return (uint32_t)read_limited(reader, 4, most, what);
}

uint64_t pm_read_u64_to(struct pm_reader *reader, uint64_t most, const char *what)
{
    return read_limited(reader, 8, most, what);
}

bool pm_read_bool(struct pm_reader *reader, const char *what)
{
    return read_limited(reader, 1, 1, what) == 1;
}

pm_str pm_read_list(struct pm_reader *reader, size_t item_bytes, const char *what)
{
    uint64_t count = pm_read_u32(reader), most = reader->left.len / item_bytes;
    if (count > most) {
        refuse(reader, what, count, most);
    }
    return pm_read_bytes(reader, count * item_bytes);
}

static bool is_utf8(pm_str text)
{
    uint32_t code_point = 0;
    for (size_t at = 0; at < text.len && code_point != PM_UTF8_INVALID;) {
        at += pm_utf8_next(pm_str_tail(text, at), &code_point);
    }
    return code_point != PM_UTF8_INVALID;
}

pm_str pm_read_text(struct pm_reader *reader, const char *what)
{
    pm_str text = pm_read_list(reader, 1, what);
    if (!is_utf8(text)) {
        refuse(reader, what, 0, 0);
        return PM_STR("");
    }
    return text;
}
