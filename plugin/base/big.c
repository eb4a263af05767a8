/* big.c - whole numbers of any size we meet, exact.
 *
 * Limbs hold nine decimal digits rather than 32 bits: these numbers are read and written as
 * decimal text far more often than they are calculated with, and nine digits times a uint32_t fit
 * uint64_t. */

#include "base/big.h"

#include <math.h>
#include <string.h>

#define LIMB_BASE 1000000000u
#define LIMB_DIGITS 9
#define MOST_DIGITS (PM_BIG_LIMBS * LIMB_DIGITS)
#define SUFFIX_COUNT 5 /* none, K, M, B, T: three digits each */

static const struct pm_big unknown;

static bool is_amount(struct pm_big n)
{
    return n.is_known && !n.is_negative;
}

struct pm_big pm_big_from_u64(uint64_t value)
{
    struct pm_big n = {.is_known = true};
    for (size_t i = 0; value; i++) {
        n.limbs[i] = (uint32_t)(value % LIMB_BASE);
        value /= LIMB_BASE;
    }
    return n;
}

/* n * factor + more, unknown when that does not fit. */
static struct pm_big multiply_add(struct pm_big n, uint32_t factor, uint32_t more)
{
    uint64_t carry = more;
    for (size_t i = 0; i < PM_BIG_LIMBS; i++) {
        carry += (uint64_t)n.limbs[i] * factor;
        n.limbs[i] = (uint32_t)(carry % LIMB_BASE);
        carry /= LIMB_BASE;
    }
    return carry ? unknown : n;
}

static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9') {
        return (unsigned)(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return (unsigned)(c - 'a') + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return (unsigned)(c - 'A') + 10;
    }
    return UINT32_MAX;
}

static struct pm_big read_digits(pm_str digits, unsigned base)
{
    struct pm_big n = {.is_known = digits.len > 0};
    for (size_t i = 0; i < digits.len && n.is_known; i++) {
        unsigned value = digit_value(digits.ptr[i]);
        n = value < base ? multiply_add(n, base, value) : unknown;
    }
    return n;
}

/* Straight into the limbs: texts with very many numbers are read. */
static struct pm_big read_decimal(pm_str digits)
{
    static const uint32_t powers[LIMB_DIGITS] = {1,      10,      100,      1000,     10000,
                                                 100000, 1000000, 10000000, 100000000};
    struct pm_big n = {.is_known = digits.len > 0};
    for (size_t i = 0; i < digits.len; i++) {
        unsigned value = digit_value(digits.ptr[digits.len - 1 - i]);
        if (value > 9 || (value > 0 && i >= MOST_DIGITS)) {
            return unknown;
        }
        if (i < MOST_DIGITS) {
            n.limbs[i / LIMB_DIGITS] += value * powers[i % LIMB_DIGITS];
        }
    }
    return n;
}

struct pm_big pm_big_read(pm_str decimal)
{
    bool is_negative = pm_str_starts(decimal, PM_STR("-"));
    bool has_sign = is_negative || pm_str_starts(decimal, PM_STR("+"));
    struct pm_big n = read_decimal(pm_str_tail(decimal, has_sign ? 1 : 0));
    n.is_negative = is_negative && n.is_known && !pm_big_is_zero(n);
    return n;
}

struct pm_big pm_big_read_base(pm_str digits, unsigned base)
{
    return base == 2 || base == 8 || base == 16 ? read_digits(digits, base) : unknown;
}

bool pm_big_is_zero(struct pm_big n)
{
    for (size_t i = 0; i < PM_BIG_LIMBS; i++) {
        if (n.limbs[i]) {
            return false;
        }
    }
    return n.is_known;
}

static int compare_sizes(struct pm_big a, struct pm_big b)
{
    for (size_t i = PM_BIG_LIMBS; i > 0; i--) {
        if (a.limbs[i - 1] != b.limbs[i - 1]) {
            return a.limbs[i - 1] < b.limbs[i - 1] ? -1 : 1;
        }
    }
    return 0;
}

int pm_big_compare(struct pm_big a, struct pm_big b)
{
    if (a.is_negative != b.is_negative) {
        return a.is_negative ? -1 : 1;
    }
    return a.is_negative ? compare_sizes(b, a) : compare_sizes(a, b);
}

struct pm_big pm_big_add(struct pm_big a, struct pm_big b)
{
    uint32_t carry = 0;
    if (!is_amount(a) || !is_amount(b)) {
        return unknown;
    }
    for (size_t i = 0; i < PM_BIG_LIMBS; i++) {
        uint32_t sum = a.limbs[i] + b.limbs[i] + carry;
        carry = sum >= LIMB_BASE;
        a.limbs[i] = carry ? sum - LIMB_BASE : sum;
    }
    return carry ? unknown : a;
}

struct pm_big pm_big_sub(struct pm_big a, struct pm_big b)
{
    uint32_t borrow = 0;
    if (!is_amount(a) || !is_amount(b) || compare_sizes(a, b) < 0) {
        return unknown;
    }
    for (size_t i = 0; i < PM_BIG_LIMBS; i++) {
        uint32_t taken = b.limbs[i] + borrow;
        borrow = a.limbs[i] < taken;
        a.limbs[i] = a.limbs[i] + (borrow ? LIMB_BASE : 0) - taken;
    }
    return a;
}

struct pm_big pm_big_mul(struct pm_big a, uint32_t factor)
{
    return is_amount(a) ? multiply_add(a, factor, 0) : unknown;
}

struct pm_big pm_big_div(struct pm_big a, uint32_t divisor)
{
    uint64_t rest = 0;
    if (!is_amount(a) || divisor == 0) {
        return unknown;
    }
    for (size_t i = PM_BIG_LIMBS; i > 0; i--) {
        rest = rest * LIMB_BASE + a.limbs[i - 1];
        a.limbs[i - 1] = (uint32_t)(rest / divisor);
        rest %= divisor;
    }
    return a;
}

/* The largest factor below LIMB_BASE with b * factor <= a. */
static uint32_t find_factor(struct pm_big a, struct pm_big b)
{
    uint32_t low = 0, high = LIMB_BASE;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        struct pm_big product = multiply_add(b, middle, 0);
        bool is_within = product.is_known && compare_sizes(product, a) <= 0;
        low = is_within ? middle : low;
        high = is_within ? high : middle;
    }
    return low;
}

/* Long division, a limb at a time: what is left is never more than the limbs of `a` so far. */
struct pm_big pm_big_ratio(struct pm_big a, struct pm_big b)
{
    struct pm_big ratio = {.is_known = true}, rest = ratio;
    if (!is_amount(a) || !is_amount(b) || pm_big_is_zero(b)) {
        return unknown;
    }
    for (size_t i = PM_BIG_LIMBS; i > 0; i--) {
        rest = multiply_add(rest, LIMB_BASE, a.limbs[i - 1]);
        ratio.limbs[i - 1] = find_factor(rest, b);
        rest = pm_big_sub(rest, multiply_add(b, ratio.limbs[i - 1], 0));
    }
    return ratio;
}

double pm_big_to_double(struct pm_big n)
{
    double value = 0;
    if (!n.is_known) {
        return NAN;
    }
    for (size_t i = PM_BIG_LIMBS; i > 0; i--) {
        value = value * LIMB_BASE + n.limbs[i - 1];
    }
    return n.is_negative ? -value : value;
}

bool pm_big_to_u64(struct pm_big n, uint64_t *out)
{
    uint64_t value = 0;
    if (!is_amount(n)) {
        return false;
    }
    for (size_t i = PM_BIG_LIMBS; i > 0; i--) {
        if (value > (UINT64_MAX - n.limbs[i - 1]) / LIMB_BASE) {
            return false;
        }
        value = value * LIMB_BASE + n.limbs[i - 1];
    }
    *out = value;
    return true;
}

/* The digits of a known number's size; how many. */
static size_t write_digits(struct pm_big n, char out[MOST_DIGITS])
{
    char all[MOST_DIGITS] = {0};
    size_t used = PM_BIG_LIMBS, zeros = 0;
    while (used > 1 && n.limbs[used - 1] == 0) {
        used--;
    }
    size_t most = used * LIMB_DIGITS;
    for (size_t i = 0; i < most; i++) {
        uint32_t *limb = &n.limbs[i / LIMB_DIGITS];
        all[most - 1 - i] = (char)('0' + *limb % 10);
        *limb /= 10;
    }
    while (zeros < most - 1 && all[zeros] == '0') {
        zeros++;
    }
    memcpy(out, all + zeros, most - zeros);
    return most - zeros;
}

void pm_big_add_text(struct pm_buf *buf, struct pm_big n)
{
    char digits[MOST_DIGITS];
    if (!n.is_known) {
        return;
    }
    if (n.is_negative) {
        pm_buf_add_char(buf, '-');
    }
    pm_buf_add(buf, (pm_str){digits, write_digits(n, digits)});
}

void pm_big_add_shifted(struct pm_buf *buf, struct pm_big n, unsigned places)
{
    char text[MOST_DIGITS];
    if (!n.is_known) {
        return;
    }
    pm_str digits = {text, write_digits(n, text)};
    size_t whole = digits.len > places ? digits.len - places : 0;
    size_t end = digits.len;
    while (end > whole && text[end - 1] == '0') {
        end--;
    }
    if (n.is_negative) {
        pm_buf_add_char(buf, '-');
    }
    pm_buf_add(buf, whole ? pm_str_slice(digits, 0, whole) : PM_STR("0"));
    if (end > whole) {
        pm_buf_add_char(buf, '.');
        for (size_t i = digits.len; i < places; i++) {
            pm_buf_add_char(buf, '0');
        }
        pm_buf_add(buf, pm_str_slice(digits, whole, end));
    }
}

/* Rounds `digits` half up to its first `keep` ones and drops zeros at the end: true when that
 * carried into a new first place, which leaves a lone 1. */
static bool round_digits(char *digits, size_t *len, size_t keep)
{
    bool carry = keep < *len && digits[keep] >= '5';
    size_t left = keep < *len ? keep : *len;
    while (carry && left > 0 && digits[left - 1] == '9') {
        left--;
    }
    if (carry && left > 0) {
        digits[left - 1]++;
        carry = false;
    }
    while (left > 1 && digits[left - 1] == '0') {
        left--;
    }
    if (carry) {
        digits[0] = '1';
        left = 1;
    }
    *len = left;
    return carry;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Digits before the point: 30.6B, 3.4e38. */
static size_t count_whole(size_t places)
{
    return places > SUFFIX_COUNT * 3 ? 1 : (places - 1) % 3 + 1;
}

static void add_digits(struct pm_buf *buf, pm_str digits, size_t whole)
{
    pm_buf_add(buf, pm_str_slice(digits, 0, whole));
    for (size_t i = digits.len; i < whole; i++) {
        pm_buf_add_char(buf, '0');
    }
    if (digits.len > whole) {
        pm_buf_add_char(buf, '.');
        pm_buf_add(buf, pm_str_tail(digits, whole));
    }
}

void pm_big_add_short(struct pm_buf *buf, struct pm_big n, unsigned digits, unsigned decimals)
{
    static const char *const suffixes[SUFFIX_COUNT] = {"", "K", "M", "B", "T"};
    char text[MOST_DIGITS];
    if (!n.is_known) {
        pm_buf_add_c(buf, "unknown");
        return;
    }
    size_t places = write_digits(n, text), len = places;
    size_t most_decimals = places > SUFFIX_COUNT * 3 ? smaller(decimals, 2) : decimals;
    size_t keep = smaller(digits ? digits : 1, count_whole(places) + most_decimals);
    places += round_digits(text, &len, keep);
    if (n.is_negative) {
        pm_buf_add_char(buf, '-');
    }
    add_digits(buf, (pm_str){text, len}, count_whole(places));
    size_t group = (places - 1) / 3;
    if (group < SUFFIX_COUNT) {
        pm_buf_add_c(buf, suffixes[group]);
    } else {
        pm_buf_addf(buf, "e%zu", places - 1);
    }
}
