/* fuzz_big.c - arithmetic on whole numbers of any size. The input is two of them, white space
 * between. */

#include "fuzz.h"

#include "base/big.h"

#include <math.h>

__extension__ typedef unsigned __int128 wide; /* to calculate small ones once more */

static pm_str write_big(struct pm_arena *arena, struct pm_big n)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 128);
    pm_big_add_text(&buf, n);
    HOLDS(!buf.failed);
    return pm_buf_text(&buf);
}

static bool is_same(struct pm_big a, struct pm_big b)
{
    return a.is_known && b.is_known && pm_big_compare(a, b) == 0;
}

static void check_one(struct pm_arena *arena, struct pm_big n)
{
    struct pm_buf buf;
    double about = pm_big_to_double(n);
    pm_str text = write_big(arena, n);
    HOLDS((text.len > 0) == n.is_known && isnan(about) == !n.is_known);
    for (unsigned digits = 1; digits <= 6; digits++) {
        pm_buf_init(&buf, arena, 32);
        pm_big_add_short(&buf, n, digits, digits % 4);
        HOLDS(!buf.failed && buf.len > 0 && buf.len <= 16);
    }
    if (!n.is_known) {
        return;
    }
    HOLDS(is_same(n, pm_big_read(text)));
    double exact = strtod(pm_arena_cstr(arena, text), NULL);
    HOLDS(fabs(about - exact) <= fabs(exact) * 1e-14);
    if (!n.is_negative) {
        HOLDS(is_same(n, pm_big_add(n, pm_big_from_u64(0))));
        HOLDS(pm_big_is_zero(pm_big_sub(n, n)));
        for (uint32_t factor = 1; factor; factor <<= 5) {
            struct pm_big more = pm_big_mul(n, factor | 1);
            HOLDS(!more.is_known || is_same(n, pm_big_div(more, factor | 1)));
        }
    }
}

static void check_two(struct pm_big a, struct pm_big b)
{
    if (!a.is_known || !b.is_known) {
        HOLDS(!pm_big_add(a, b).is_known && !pm_big_sub(a, b).is_known);
        return;
    }
    struct pm_big sum = pm_big_add(a, b), rest = pm_big_sub(a, b);
    int order = pm_big_compare(a, b);
    HOLDS((order > 0) == (pm_big_compare(b, a) < 0) && (order == 0) == (pm_big_compare(b, a) == 0));
    if (a.is_negative || b.is_negative) {
        HOLDS(!sum.is_known && !rest.is_known);
        return;
    }
    HOLDS(!sum.is_known || is_same(pm_big_sub(sum, b), a));
    HOLDS(rest.is_known == (order >= 0));
    HOLDS(!rest.is_known || is_same(pm_big_add(rest, b), a));
    uint64_t small_a, small_b, low, high;
    if (pm_big_to_u64(a, &small_a) && pm_big_to_u64(b, &small_b)) {
        wide exact = (wide)small_a + small_b;
        HOLDS(pm_big_to_u64(sum, &low) ? low == exact : exact > UINT64_MAX);
        HOLDS((order > 0) == (small_a > small_b));
        exact = (wide)small_a * (uint32_t)small_b;
        struct pm_big product = pm_big_mul(a, (uint32_t)small_b);
        struct pm_big above = pm_big_div(pm_big_div(product, 1u << 31), 1u << 31);
        HOLDS(pm_big_to_u64(above, &high) && high == (uint64_t)(exact >> 62));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pm_str text = fuzz_text(data, size);
    struct pm_arena arena;
    size_t space = pm_str_find(text, ' ');
    pm_str first = pm_str_slice(text, 0, space), second = pm_str_tail(text, space + 1);
    struct pm_big a = pm_big_read(first), b = pm_big_read(second);
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    check_one(&arena, a);
    check_one(&arena, b);
    check_one(&arena, pm_big_read_base(first, 16));
    check_one(&arena, pm_big_read_base(second, 2));
    check_two(a, b);
    struct pm_big octal = pm_big_read_base(first, 8), hexadecimal = pm_big_read_base(first, 16);
    HOLDS(!octal.is_known || !hexadecimal.is_known || pm_big_compare(octal, hexadecimal) <= 0);
    pm_arena_finish(&arena);
    return 0;
}
