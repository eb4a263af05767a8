/* number.c - floating point numbers as text, without the host's locale.
 *
 * A short decimal is digits * 10^n with both parts exact in a double, so one multiplication or
 * division rounds once and is right. Only longer ones need yyjson's exact conversion, which also
 * finds the shortest text of a double. */

#include "codec/number.h"

#include <yyjson.h>

#include <math.h>
#include <string.h>

#define EXACT_DIGITS 15    /* any integer of so many digits is a double */
#define EXACT_POWER 22     /* so is ten to this power */
#define MANTISSA_DIGITS 19 /* any integer of so many digits is a uint64_t */
#define KEPT_DIGITS 800    /* beyond 767 only "is anything left" can matter to a double */
#define EXPONENT_END INT64_C(1000000000000)
#define SHORT_DIGITS 7
#define LEAST_PLAIN (-4) /* powers of ten of the first digit that need no exponent */
#define MOST_PLAIN 14

/* digits of `whole` and `fraction`, times 10^exponent; the first of them as a number. */
struct decimal {
    bool is_negative;
    pm_str whole, fraction;
    int64_t exponent;
    uint64_t mantissa;
    unsigned count; /* significant digits; `mantissa` holds the first MANTISSA_DIGITS */
};

static const double powers[EXACT_POWER + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes the digits at text[at], into the mantissa too. */
static pm_str take_digits(pm_str text, size_t at, struct decimal *out)
{
    size_t from = at;
    for (; at < text.len && is_digit(text.ptr[at]); at++) {
        if (out->count < MANTISSA_DIGITS) {
            out->mantissa = out->mantissa * 10 + (uint64_t)(text.ptr[at] - '0');
        }
        out->count += out->mantissa != 0;
    }
    return pm_str_slice(text, from, at);
}

/* The exponent at text[at], if one stands there whole; how many bytes it takes. */
static size_t take_exponent(pm_str text, size_t at, int64_t *exponent)
{
    size_t from = at;
    if (at >= text.len || (text.ptr[at] != 'e' && text.ptr[at] != 'E')) {
        return 0;
    }
    at++;
    bool is_negative = at < text.len && text.ptr[at] == '-';
    at += at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+');
    size_t first = at;
    int64_t value = 0;
    for (; at < text.len && is_digit(text.ptr[at]); at++) {
        value = value < EXPONENT_END ? value * 10 + (text.ptr[at] - '0') : value;
    }
    *exponent = is_negative ? -value : value;
    return at > first ? at - from : 0;
}

/* The number at the start of `text`; how many bytes it takes, 0 when there is none. */
static size_t take_decimal(pm_str text, bool as_js, struct decimal *out)
{
    size_t at = 0;
    *out = (struct decimal){.is_negative = text.len && text.ptr[0] == '-'};
    at += out->is_negative || (as_js && text.len && text.ptr[0] == '+');
    out->whole = take_digits(text, at, out);
    at += out->whole.len;
    if (!as_js && (out->whole.len == 0 || (out->whole.len > 1 && out->whole.ptr[0] == '0'))) {
        return 0;
    }
    if (at < text.len && text.ptr[at] == '.') {
        out->fraction = take_digits(text, at + 1, out);
        if (out->fraction.len == 0 && !as_js) {
            return 0;
        }
        at += 1 + out->fraction.len;
    }
    if (out->whole.len + out->fraction.len == 0) {
        return 0;
    }
    size_t taken = take_exponent(text, at, &out->exponent);
    if (taken == 0 && at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
        return 0;
    }
    out->exponent -= (int64_t)out->fraction.len;
    return at + taken;
}

/* Appends significant digits up to KEPT_DIGITS; true when a digit that is not 0 found no room. */
static bool keep_digits(pm_str from, char *digits, size_t *count, int64_t *dropped)
{
    bool lost = false;
    for (size_t i = 0; i < from.len; i++) {
        if (*count == KEPT_DIGITS) {
            lost = lost || from.ptr[i] != '0';
            ++*dropped;
        } else if (*count || from.ptr[i] != '0') {
            digits[(*count)++] = from.ptr[i];
        }
    }
    return lost;
}

static double convert_long(const struct decimal *n)
{
    char text[KEPT_DIGITS + 32];
    size_t count = 0;
    int64_t exponent = n->exponent;
    bool lost = keep_digits(n->whole, text, &count, &exponent);
    lost = keep_digits(n->fraction, text, &count, &exponent) || lost;
    if ((int64_t)count + exponent > 400) {
        return INFINITY;
    }
    if ((int64_t)count + exponent < -400) {
        return 0;
    }
    if (lost) {
        text[count++] = '1';
        exponent--;
    }
    text[count++] = 'e'; /* an exponent makes yyjson read a double, never an integer */
    if (exponent < 0) {
        text[count++] = '-';
        exponent = -exponent;
    }
    for (int64_t place = 1000; place > 0; place /= 10) {
        text[count++] = (char)('0' + exponent / place % 10);
    }
    text[count] = '\0';
    yyjson_val value = {0};
    double size = INFINITY;
    if (yyjson_read_number(text, &value, 0, NULL, NULL)) {
        size = yyjson_get_real(&value);
    }
    return size;
}

static double convert(const struct decimal *n)
{
    double size;
    if (n->mantissa == 0) {
        size = 0;
    } else if (n->count <= EXACT_DIGITS && n->exponent >= 0 && n->exponent <= EXACT_POWER) {
        size = (double)n->mantissa * powers[n->exponent];
    } else if (n->count <= EXACT_DIGITS && n->exponent < 0 && n->exponent >= -EXACT_POWER) {
        size = (double)n->mantissa / powers[-n->exponent];
    } else {
        size = convert_long(n);
    }
    return n->is_negative ? -size : size;
}

static bool read_all(pm_str text, bool as_js, double *out)
{
    struct decimal n;
    if (text.len == 0 || take_decimal(text, as_js, &n) != text.len) {
        return false;
    }
    double value = convert(&n);
    if (!isfinite(value)) {
        return false;
    }
    *out = value;
    return true;
}

bool pm_number_read(pm_str text, double *out)
{
    return read_all(text, false, out);
}

bool pm_number_read_js(pm_str text, double *out)
{
    return read_all(text, true, out);
}

/* Adds the digits from text[at] on to the number; where they end. */
static size_t pass_digits(pm_str text, size_t at, uint64_t *number)
{
    while (at < text.len && is_digit(text.ptr[at])) {
        *number = *number * 10 + (uint64_t)(text.ptr[at++] - '0');
    }
    return at;
}

/* The number at the start of `text` when it is as nearly all are: a few digits, a point perhaps, no
 * exponent. 0 when it is not, be it a number or none. */
static size_t take_short(pm_str text, double *out)
{
    size_t first = text.len && text.ptr[0] == '-', places = 0;
    uint64_t mantissa = 0;
    size_t at = pass_digits(text, first, &mantissa), whole = at - first;
    if (whole == 0 || (whole > 1 && text.ptr[first] == '0')) {
        return 0;
    }
    if (at < text.len && text.ptr[at] == '.') {
        at = pass_digits(text, at + 1, &mantissa);
        places = at - first - whole - 1;
        if (places == 0) {
            return 0;
        }
    }
    if (whole + places > EXACT_DIGITS || (at < text.len && (text.ptr[at] | 0x20) == 'e')) {
        return 0;
    }
    double size = (double)mantissa;
    if (places) {
        size /= powers[places];
    }
    *out = first ? -size : size;
    return at;
}

size_t pm_number_take(pm_str text, double *out)
{
    struct decimal n;
    size_t quick = take_short(text, out);
    if (quick) {
        return quick;
    }
    size_t taken = take_decimal(text, false, &n);
    if (taken) {
        *out = convert(&n);
    }
    return taken;
}

/* The shortest decimal that reads back as `value`, which is finite: its size is mantissa *
 * 10^exponent, at most 17 digits and no zero at the end. */
static void find_shortest(double value, uint64_t *mantissa, int64_t *exponent)
{
    char room[512];
    yyjson_alc alc;
    yyjson_val number = {0};
    struct decimal n = {0};
    size_t len = 0;
    (void)yyjson_alc_pool_init(&alc, room, sizeof room);
    (void)yyjson_set_real(&number, value);
    const char *text = yyjson_val_write_opts(&number, 0, &alc, &len, NULL);
    (void)take_decimal((pm_str){text, text ? len : 0}, false, &n);
    *mantissa = n.mantissa;
    *exponent = n.exponent + (n.count > MANTISSA_DIGITS ? n.count - MANTISSA_DIGITS : 0);
    while (*mantissa && *mantissa % 10 == 0) {
        *mantissa /= 10;
        ++*exponent;
    }
}

/* mantissa / 10^places, half up. */
static uint64_t drop_places(uint64_t mantissa, int64_t places)
{
    uint64_t power = 1;
    if (places > 17) { /* a mantissa has 17 digits at most */
        return 0;
    }
    for (int64_t i = 0; i < places; i++) {
        power *= 10;
    }
    return (mantissa + power / 2) / power;
}

static int64_t count_digits(uint64_t value)
{
    int64_t count = 0;
    for (; value; value /= 10) {
        count++;
    }
    return count;
}

double pm_number_round(double value, unsigned digits)
{
    uint64_t mantissa;
    int64_t exponent;
    if (!isfinite(value) || value == 0) {
        return value;
    }
    find_shortest(value, &mantissa, &exponent);
    int64_t places = count_digits(mantissa) - (int64_t)(digits ? digits : 1);
    if (places <= 0) {
        return value;
    }
    mantissa = drop_places(mantissa, places);
    char text[24];
    size_t at = sizeof text;
    for (uint64_t left = mantissa; left; left /= 10) {
        text[--at] = (char)('0' + left % 10);
    }
    struct decimal rounded = {.is_negative = value < 0,
                              .whole = {text + at, sizeof text - at},
                              .exponent = exponent + places,
                              .mantissa = mantissa,
                              .count = (unsigned)count_digits(mantissa)};
    double result = convert(&rounded);
    return isfinite(result) ? result : value; /* only the very largest doubles round out of reach */
}

static void add_zeros(struct pm_buf *buf, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        pm_buf_add_char(buf, '0');
    }
}

void pm_number_add_fixed(struct pm_buf *buf, double value, unsigned decimals)
{
    uint64_t mantissa, power = 1;
    int64_t exponent;
    if (!isfinite(value)) {
        pm_buf_add_c(buf, "unknown");
        return;
    }
    find_shortest(value, &mantissa, &exponent);
    if (exponent < -(int64_t)decimals) {
        mantissa = drop_places(mantissa, -(int64_t)decimals - exponent);
        exponent = -(int64_t)decimals;
    }
    while (exponent < 0 && mantissa % 10 == 0 && mantissa) {
        mantissa /= 10;
        exponent++;
    }
    if (value < 0 && mantissa) {
        pm_buf_add_char(buf, '-');
    }
    for (int64_t i = exponent; i < 0; i++) {
        power *= 10;
    }
    pm_buf_add_u64(buf, mantissa / power);
    add_zeros(buf, mantissa ? exponent : 0);
    if (mantissa % power) {
        pm_buf_add_char(buf, '.');
        add_zeros(buf, -exponent - count_digits(mantissa % power));
        pm_buf_add_u64(buf, mantissa % power);
    }
}

/* Of a mantissa without zeros at its end, its first digit's power of ten being `lead`. */
static void add_with_exponent(struct pm_buf *buf, uint64_t mantissa, int64_t lead)
{
    int64_t behind = count_digits(mantissa) - 1;
    uint64_t power = 1;
    for (int64_t i = 0; i < behind; i++) {
        power *= 10;
    }
    pm_buf_add_u64(buf, mantissa / power);
    if (behind > 0) {
        pm_buf_add_char(buf, '.');
        add_zeros(buf, behind - count_digits(mantissa % power));
        pm_buf_add_u64(buf, mantissa % power);
    }
    pm_buf_addf(buf, "e%c%02d", lead < 0 ? '-' : '+', (int)(lead < 0 ? -lead : lead));
}

void pm_number_add_short(struct pm_buf *buf, double value)
{
    uint64_t mantissa = 0;
    int64_t exponent = 0, lead = 0;
    double rounded = pm_number_round(value, SHORT_DIGITS);
    if (isfinite(rounded) && rounded != 0) {
        find_shortest(rounded, &mantissa, &exponent);
        lead = exponent + count_digits(mantissa) - 1;
    }
    if (lead >= LEAST_PLAIN && lead <= MOST_PLAIN) {
        pm_number_add_fixed(buf, rounded, SHORT_DIGITS - 1 - LEAST_PLAIN);
        return;
    }
    if (rounded < 0) {
        pm_buf_add_char(buf, '-');
    }
    add_with_exponent(buf, mantissa, lead);
}
