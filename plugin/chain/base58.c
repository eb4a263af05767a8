/* base58.c - bytes as text in the way of Bitcoin and Solana.
 *
 * The bytes are one big-endian number, written in base 58 with digits and letters; 0, O, I and l
 * are left out because people confuse them. Zero bytes at the front would be lost that way, so each
 * of them is written as one '1', which is also the digit zero.
 *
 * Changing the base of a long number takes time by the square of its length. Five digits at once
 * fit a limb, and no number grows past the bytes that are wanted, so a long text costs no more than
 * the reading of what would still have fitted. */

#include "chain/base58.h"

#include <assert.h>

#define LIMBS_MOST (PM_BASE58_BYTES_MOST / sizeof(uint32_t))
#define GROUP_DIGITS 5
#define GROUP_BASE 656356768u                      /* 58 to the power of GROUP_DIGITS */
#define DIGITS_MOST (PM_BASE58_BYTES_MOST * 7 / 5) /* log 256 / log 58 is 1.366 */
#define NO_DIGIT 58

static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/* Of the characters from '1' to 'z', in the order of their codes. */
static const uint8_t values[] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  58, 58, 58, 58, 58, 58, 58, 9,  10, 11,
    12, 13, 14, 15, 16, 58, 17, 18, 19, 20, 21, 58, 22, 23, 24, 25, 26, 27, 28,
    29, 30, 31, 32, 58, 58, 58, 58, 58, 58, 33, 34, 35, 36, 37, 38, 39, 40, 41,
    42, 43, 58, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57,
};

/* The lowest limb comes first; limbs[used - 1] is not zero. */
struct number {
    uint32_t limbs[LIMBS_MOST];
    size_t used;
};

static unsigned digit_value(char c)
{
    return c >= '1' && c <= 'z' ? values[c - '1'] : NO_DIGIT;
}

/* n * factor + more; false when that takes more than `limit` limbs. */
static bool multiply_add(struct number *n, uint32_t factor, uint32_t more, size_t limit)
{
    uint64_t carry = more;
    for (size_t i = 0; i < n->used; i++) {
        carry += (uint64_t)n->limbs[i] * factor;
        n->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (!carry) {
        return true;
    }
    if (n->used == limit) {
        return false;
    }
    n->limbs[n->used++] = (uint32_t)carry;
    return true;
}

static bool read_digits(pm_str digits, size_t limit, struct number *n)
{
    n->used = 0;
    for (size_t at = 0; at < digits.len;) {
        uint32_t factor = 1, group = 0;
        for (size_t end = at + GROUP_DIGITS; at < end && at < digits.len; at++) {
            unsigned value = digit_value(digits.ptr[at]);
            if (value == NO_DIGIT) {
                return false;
            }
            group = group * 58 + value;
            factor *= 58;
        }
        if (!multiply_add(n, factor, group, limit)) {
            return false;
        }
    }
    return true;
}

static uint8_t byte_at(const struct number *n, size_t place)
{
    return (uint8_t)(n->limbs[place / 4] >> (place % 4 * 8));
}

static size_t count_bytes(const struct number *n)
{
    size_t count = n->used * 4;
    while (count > 0 && byte_at(n, count - 1) == 0) {
        count--;
    }
    return count;
}

bool pm_base58_decode(pm_str text, uint8_t *out, size_t room, size_t *len)
{
    struct number n;
    size_t zeros = 0;
    assert(room <= PM_BASE58_BYTES_MOST);
    while (zeros < text.len && text.ptr[zeros] == alphabet[0]) {
        if (++zeros > room) {
            return false;
        }
    }
    if (!read_digits(pm_str_tail(text, zeros), (room - zeros + 3) / 4, &n)) {
        return false;
    }
    size_t count = count_bytes(&n);
    if (count > room - zeros) {
        return false;
    }
    for (size_t i = 0; i < zeros; i++) {
        out[i] = 0;
    }
    for (size_t i = 0; i < count; i++) {
        out[zeros + i] = byte_at(&n, count - 1 - i);
    }
    *len = zeros + count;
    return true;
}

static void read_bytes(const uint8_t *bytes, size_t len, struct number *n)
{
    *n = (struct number){.used = (len + 3) / 4};
    for (size_t i = 0; i < len; i++) {
        size_t place = len - 1 - i;
        n->limbs[place / 4] |= (uint32_t)bytes[i] << (place % 4 * 8);
    }
}

/* n / GROUP_BASE, and what is left over. */
static uint32_t divide(struct number *n)
{
    uint64_t rest = 0;
    for (size_t i = n->used; i > 0; i--) {
        rest = rest << 32 | n->limbs[i - 1];
        n->limbs[i - 1] = (uint32_t)(rest / GROUP_BASE);
        rest %= GROUP_BASE;
    }
    while (n->used > 0 && n->limbs[n->used - 1] == 0) {
        n->used--;
    }
    return (uint32_t)rest;
}

/* Writes backwards from text[at], and says where the first digit stands. */
static size_t write_digits(struct number *n, char *text, size_t at)
{
    while (n->used > 0) {
        uint32_t group = divide(n);
        for (int i = 0; i < GROUP_DIGITS && (group || n->used > 0); i++) {
            text[--at] = alphabet[group % 58];
            group /= 58;
        }
    }
    return at;
}

void pm_base58_add(struct pm_buf *buf, const uint8_t *bytes, size_t len)
{
    char text[DIGITS_MOST];
    struct number n;
    size_t zeros = 0;
    if (len > PM_BASE58_BYTES_MOST) {
        buf->failed = true;
        return;
    }
    while (zeros < len && bytes[zeros] == 0) {
        zeros++;
    }
    read_bytes(bytes + zeros, len - zeros, &n);
    size_t at = write_digits(&n, text, DIGITS_MOST);
    while (zeros-- > 0) {
        text[--at] = alphabet[0];
    }
    pm_buf_add(buf, (pm_str){text + at, DIGITS_MOST - at});
}
