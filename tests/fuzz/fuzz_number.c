/* fuzz_number.c - floating point numbers as text; the C library, under the locale "C" that a
 * program starts with, must read the same. */

#include "fuzz.h"

#include "codec/number.h"

#include <math.h>

static void check_rounding(struct pm_arena *arena, double value)
{
    for (unsigned digits = 1; digits <= 17; digits++) {
        double rounded = pm_number_round(value, digits);
        double step = pow(10, floor(log10(fabs(value))) + 1 - digits);
        HOLDS(isfinite(rounded) && (rounded == 0) == (value == 0));
        HOLDS(value == 0 || fabs(rounded - value) <= step * 0.51 + fabs(value) * 1e-15 ||
              !isnormal(value));
        HOLDS(pm_number_round(rounded, digits) == rounded);
    }
    for (unsigned decimals = 0; decimals <= 9; decimals++) {
        struct pm_buf buf;
        double again;
        pm_buf_init(&buf, arena, 1024);
        pm_number_add_fixed(&buf, value, decimals);
        pm_str text = pm_buf_text(&buf);
        HOLDS(!buf.failed && pm_number_read(text, &again));
        HOLDS(fabs(again - value) <= 0.51 * pow(10, -(double)decimals) + fabs(value) * 1e-15);
        size_t point = pm_str_find(text, '.');
        HOLDS(point == text.len ||
              (text.len - point - 1 <= decimals && text.ptr[text.len - 1] != '0'));
        HOLDS(!pm_str_equal(text, PM_STR("-0")));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pm_str text = fuzz_text(data, size);
    struct pm_arena arena;
    double value = 0, as_js = 0, taken = 0;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    bool is_json = pm_number_read(text, &value), is_js = pm_number_read_js(text, &as_js);
    const char *as_c = pm_arena_cstr(&arena, text);
    HOLDS(!is_json || (is_js && value == as_js));
    HOLDS(!is_js || as_js == strtod(as_c, NULL));
    size_t len = pm_number_take(text, &taken);
    HOLDS(len <= size && (!is_json || (len == size && taken == value)));
    HOLDS(len == 0 || taken == strtod(pm_arena_cstr(&arena, pm_str_slice(text, 0, len)), NULL));
    if (is_js) {
        check_rounding(&arena, as_js);
    }
    if (size >= sizeof value) {
        memcpy(&value, data, sizeof value);
        if (isfinite(value)) {
            check_rounding(&arena, value);
        }
    }
    pm_arena_finish(&arena);
    return 0;
}
