/* value.c - single JSON values, and how many bytes they take. */

#include "answer/parts.h"

#include "base/date.h"
#include "codec/number.h"

#include <math.h>

#define FLOAT_DIGITS 7
#define NUMBER_TEXT_MOST 400 /* bytes; a double without exponent has up to 309 digits */

/* --- text --- */

/* A host that finds "error" or "failed", quotes included and in any case, near the start of a
 * result counts the call as failed. Keys here are never those words, and a quote inside a
 * string has a backslash before it. That leaves strings that are such a word, and strings that
 * end in a quote and such a word. */
static bool looks_failed(pm_str text)
{
    static const pm_str words[] = {PM_STR_INIT("\"error"), PM_STR_INIT("\"failed")};
    char last = text.len ? text.ptr[text.len - 1] : '\0';
    if (last != 'r' && last != 'R' && last != 'd' && last != 'D') {
        return false; /* as most texts are told from both */
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (pm_str_ends_nocase(text, words[i]) ||
            pm_str_equal_nocase(text, pm_str_tail(words[i], 1))) {
            return true;
        }
    }
    return false;
}

/* The string as JSON, its last letter as an escape: the same value to a reader of JSON. */
static yyjson_mut_val *disguised(struct pm_answer *answer, pm_str text)
{
    static const char hex[] = "0123456789abcdef";
    unsigned last = (unsigned char)text.ptr[text.len - 1];
    pm_str plain = pm_write_value(answer, yyjson_mut_strn(answer->doc, text.ptr, text.len - 1));
    struct pm_buf buf;
    pm_buf_init(&buf, answer->arena, SIZE_MAX / 2);
    pm_buf_add(&buf, pm_str_slice(plain, 0, plain.len ? plain.len - 1 : 0));
    pm_buf_add_c(&buf, "\\u00");
    pm_buf_add_char(&buf, hex[last / 16]);
    pm_buf_add_char(&buf, hex[last % 16]);
    pm_buf_add_char(&buf, '"');
    pm_str json = pm_buf_text(&buf);
    return answer->arena->failed ? NULL : yyjson_mut_rawn(answer->doc, json.ptr, json.len);
}

yyjson_mut_val *pm_value_text(struct pm_answer *answer, pm_str text)
{
    if (looks_failed(text)) {
        return disguised(answer, text);
    }
    return yyjson_mut_strn(answer->doc, text.len ? text.ptr : "", text.len);
}

yyjson_mut_val *pm_value_own(struct pm_answer *answer, const char *own)
{
    return own ? pm_value_text(answer, pm_str_from(own)) : NULL;
}

yyjson_mut_val *pm_value_date(struct pm_answer *answer, int64_t ms)
{
    struct pm_buf buf;
    pm_buf_init(&buf, answer->arena, 64);
    return pm_date_add_rfc3339(&buf, ms) ? pm_value_text(answer, pm_buf_text(&buf)) : NULL;
}

/* --- numbers --- */

yyjson_mut_val *pm_value_big(struct pm_answer *answer, struct pm_big n)
{
    struct pm_buf buf;
    if (!n.is_known) {
        return NULL;
    }
    pm_buf_init(&buf, answer->arena, NUMBER_TEXT_MOST);
    pm_big_add_text(&buf, n);
    return pm_value_text(answer, pm_buf_text(&buf));
}

static yyjson_mut_val *number(struct pm_answer *answer, pm_str text)
{
    return text.len ? yyjson_mut_rawn(answer->doc, text.ptr, text.len) : NULL;
}

/* Kept as the text it will be, so that its size is known. */
yyjson_mut_val *pm_value_float(struct pm_answer *answer, double value)
{
    double rounded = isfinite(value) ? pm_number_round(value, FLOAT_DIGITS) : value;
    if (!isfinite(rounded)) {
        return NULL;
    }
    return number(answer, pm_write_value(answer, yyjson_mut_real(answer->doc, rounded)));
}

yyjson_mut_val *pm_value_fixed(struct pm_answer *answer, double value, unsigned decimals)
{
    struct pm_buf buf;
    if (!isfinite(value)) {
        return NULL;
    }
    pm_buf_init(&buf, answer->arena, NUMBER_TEXT_MOST);
    pm_number_add_fixed(&buf, value, decimals);
    return number(answer, pm_buf_text(&buf));
}

/* --- objects --- */

void pm_value_set(struct pm_answer *answer, yyjson_mut_val *object, const char *key,
                  yyjson_mut_val *value)
{
    if (value) {
        yyjson_mut_obj_add_val(answer->doc, object, key, value);
    }
}

/* --- sizes --- */

static size_t digits(uint64_t n)
{
    size_t count = 1;
    for (; n >= 10; n /= 10) {
        count++;
    }
    return count;
}

/* What a byte takes beyond itself: a backslash, or all of \u001f. A table, since every byte of an
 * answer goes through here. */
static const unsigned char escape_size[256] = {
    5, 5, 5, 5, 5, 5, 5, 5, 1, 1, 1, 5, 1, 1, 5, 5, /* \b \t \n, \f \r */
    5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, ['"'] = 1, ['\\'] = 1,
};

static size_t string_size(pm_str text)
{
    size_t size = text.len + 2;
    for (size_t i = 0; i < text.len; i++) {
        size += escape_size[(unsigned char)text.ptr[i]];
    }
    return size;
}

static size_t number_size(yyjson_mut_val *value)
{
    if (!yyjson_mut_is_sint(value)) {
        return digits(yyjson_mut_get_uint(value));
    }
    int64_t n = yyjson_mut_get_sint(value);
    return n < 0 ? 1 + digits(0 - (uint64_t)n) : digits((uint64_t)n);
}

static size_t array_size(yyjson_mut_val *array)
{
    size_t size = 2 + (yyjson_mut_arr_size(array) > 1 ? yyjson_mut_arr_size(array) - 1 : 0);
    yyjson_mut_arr_iter items = yyjson_mut_arr_iter_with(array);
    for (yyjson_mut_val *item; (item = yyjson_mut_arr_iter_next(&items)) != NULL;) {
        size += pm_value_size(item);
    }
    return size;
}

static size_t object_size(yyjson_mut_val *object)
{
    size_t size = 2 + (yyjson_mut_obj_size(object) > 1 ? yyjson_mut_obj_size(object) - 1 : 0);
    yyjson_mut_obj_iter members = yyjson_mut_obj_iter_with(object);
    for (yyjson_mut_val *key; (key = yyjson_mut_obj_iter_next(&members)) != NULL;) {
        size += pm_value_size(key) + 1 + pm_value_size(yyjson_mut_obj_iter_get_val(key));
    }
    return size;
}

/* The cluster, and of several readings the oldest slot. */
static void set_place_on_chain(struct pm_answer *answer, yyjson_mut_val *object,
                               const struct pm_origin *const *origins, size_t count)
{
    const char *cluster = NULL;
    bool has_slot = false;
    uint64_t oldest = 0, slot;
    for (size_t i = 0; i < count; i++) {
        cluster = cluster ? cluster : pm_origin_cluster(origins[i]);
        if (pm_origin_slot(origins[i], &slot)) {
            oldest = !has_slot || slot < oldest ? slot : oldest;
            has_slot = true;
        }
    }
    pm_value_set(answer, object, "cluster", cluster ? pm_value_own(answer, cluster) : NULL);
    pm_value_set(answer, object, "slot", has_slot ? yyjson_mut_uint(answer->doc, oldest) : NULL);
}

void pm_value_set_time(struct pm_answer *answer, yyjson_mut_val *object,
                       const struct pm_origin *const *origins, size_t count)
{
    int64_t age_s = -1;
    bool is_stale = false;
    pm_str as_of = PM_STR("");
    for (size_t i = 0; i < count; i++) {
        pm_str day = pm_origin_as_of(origins[i]);
        if (day.len == 0) {
            int64_t each_s = pm_origin_age_s(origins[i]);
            age_s = each_s > age_s ? each_s : age_s;
            is_stale = is_stale || pm_origin_is_stale(origins[i]);
        } else if (as_of.len == 0 || pm_str_compare(day, as_of) < 0) {
            as_of = day;
        }
    }
    pm_value_set(answer, object, "age_s", age_s < 0 ? NULL : yyjson_mut_sint(answer->doc, age_s));
    pm_value_set(answer, object, "stale", is_stale ? yyjson_mut_true(answer->doc) : NULL);
    pm_value_set(answer, object, "as_of", as_of.len ? pm_value_text(answer, as_of) : NULL);
    set_place_on_chain(answer, object, origins, count);
}

size_t pm_value_size(yyjson_mut_val *value)
{
    switch (yyjson_mut_get_type(value)) {
    case YYJSON_TYPE_RAW:
        return yyjson_mut_get_len(value);
    case YYJSON_TYPE_STR:
        return string_size((pm_str){yyjson_mut_get_str(value), yyjson_mut_get_len(value)});
    case YYJSON_TYPE_NUM:
        return number_size(value);
    case YYJSON_TYPE_BOOL:
        return yyjson_mut_is_true(value) ? 4 : 5;
    case YYJSON_TYPE_NULL:
        return 4;
    case YYJSON_TYPE_ARR:
        return array_size(value);
    case YYJSON_TYPE_OBJ:
        return object_size(value);
    default:
        return 0;
    }
}
