/* dump_values.h - JSON values as Psyche's own programs write them, for dump_account. */
#ifndef PM_TESTS_DUMP_VALUES_H
#define PM_TESTS_DUMP_VALUES_H

#include "chain/fixed.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

/* What is being written. */
struct dump {
    struct pm_arena *arena;
    yyjson_mut_doc *doc;
    bool widens; /* f32 as the f64 of the same value */
};

typedef yyjson_mut_val value;

static void put(const struct dump *dump, value *object, const char *name, value *member)
{
    yyjson_mut_obj_add_val(dump->doc, object, name, member);
}

static value *new_object(const struct dump *dump)
{
    return yyjson_mut_obj(dump->doc);
}

static value *make_u64(const struct dump *dump, uint64_t number)
{
    return yyjson_mut_uint(dump->doc, number);
}

static void put_u64(const struct dump *dump, value *object, const char *name, uint64_t number)
{
    put(dump, object, name, make_u64(dump, number));
}

static void put_bool(const struct dump *dump, value *object, const char *name, bool is_true)
{
    put(dump, object, name, yyjson_mut_bool(dump->doc, is_true));
}

/* The text of a buffer that no test makes overflow. */
static value *make_text_of(const struct dump *dump, const struct pm_buf *buf)
{
    pm_str text = pm_buf_text(buf);
    if (buf->failed) {
        abort();
    }
    return yyjson_mut_strncpy(dump->doc, text.ptr ? text.ptr : "", text.len);
}

static value *make_lossy(const struct dump *dump, pm_str bytes)
{
    struct pm_buf buf;
    pm_buf_init(&buf, dump->arena, 1 << 20);
    pm_lossy_add(&buf, bytes);
    return make_text_of(dump, &buf);
}

static value *make_text(const struct dump *dump, pm_str text)
{
    return yyjson_mut_strncpy(dump->doc, text.ptr, text.len);
}

static value *make_fixed(const struct dump *dump, struct pm_fixed fixed)
{
    return make_lossy(dump, fixed.text);
}

static void put_fixed(const struct dump *dump, value *object, const char *name,
                      struct pm_fixed fixed)
{
    put(dump, object, name, make_fixed(dump, fixed));
}

static value *make_f64(const struct dump *dump, double number)
{
    return isfinite(number) ? yyjson_mut_real(dump->doc, number) : yyjson_mut_null(dump->doc);
}

/* The fewest digits that are this f32 again, or the f64 of the same value. */
static value *make_f32(const struct dump *dump, float number)
{
    char digits[64];
    if (dump->widens || !isfinite(number)) {
        return make_f64(dump, (double)number);
    }
    for (int count = 1; count <= 9; count++) {
        (void)snprintf(digits, sizeof digits, "%.*g", count, (double)number);
        if (strtof(digits, NULL) == number) {
            break;
        }
    }
    return make_f64(dump, strtod(digits, NULL));
}

static value *make_key(const struct dump *dump, const struct pm_key *key)
{
    struct pm_buf buf;
    pm_buf_init(&buf, dump->arena, 128);
    pm_key_add(&buf, key);
    return make_text_of(dump, &buf);
}

static void put_key(const struct dump *dump, value *object, const char *name,
                    const struct pm_key *key)
{
    put(dump, object, name, make_key(dump, key));
}

static value *make_hex(const struct dump *dump, pm_str bytes)
{
    struct pm_buf buf;
    pm_buf_init(&buf, dump->arena, 1 << 20);
    for (size_t i = 0; i < bytes.len; i++) {
        pm_buf_addf(&buf, "%02x", (unsigned char)bytes.ptr[i]);
    }
    return make_text_of(dump, &buf);
}

/* [1,2,3] */
static value *make_bytes(const struct dump *dump, const uint8_t *bytes, size_t count)
{
    value *list = yyjson_mut_arr(dump->doc);
    for (size_t i = 0; i < count; i++) {
        yyjson_mut_arr_append(list, make_u64(dump, bytes[i]));
    }
    return list;
}

static value *make_u64s(const struct dump *dump, const uint64_t *numbers, size_t count)
{
    value *list = yyjson_mut_arr(dump->doc);
    for (size_t i = 0; i < count; i++) {
        yyjson_mut_arr_append(list, make_u64(dump, numbers[i]));
    }
    return list;
}

/* {"word": member}, as Rust writes a choice that holds something. */
static value *make_choice(const struct dump *dump, pm_str word, value *member)
{
    value *object = new_object(dump);
    yyjson_mut_obj_add(object, make_text(dump, word), member);
    return object;
}

#endif
