/* curve.c - whether a number is the y of a point of the curve ed25519.
 *
 * The curve is -x^2 + y^2 = 1 + d x^2 y^2 modulo p = 2^255 - 19, so x^2 = (y^2 - 1) / (d y^2 + 1).
 * There is an x when that is a square, and so when (y^2 - 1) (d y^2 + 1) is one, which spares the
 * division. A number is a square modulo p unless its power of (p - 1) / 2 is -1.
 *
 * libsodium answers this only as a part of questions that cost several times as much, and an answer
 * about one run asks it a dozen times. All that is looked at is public: time may depend on it. */

#include "chain/curve.h"

#if PM_CURVE_IS_HERE

#define LIMBS 5
#define LIMB_BITS 51
#define LIMB_MASK ((UINT64_C(1) << LIMB_BITS) - 1)

__extension__ typedef unsigned __int128 wide;

/* A number modulo p, lowest limb first; limbs may be a little wider than 51 bits. */
struct field {
    uint64_t limbs[LIMBS];
};

static const struct field one = {{1}};
static const struct field d = {
    {929955233495203, 466365720129213, 1662059464998953, 2033849074728123, 1442794654840575}};

/* What is above 2^255 counts 19 times at the bottom. */
static struct field carry(struct field a)
{
    for (size_t i = 0; i < LIMBS; i++) {
        uint64_t above = a.limbs[i] >> LIMB_BITS;
        a.limbs[i] &= LIMB_MASK;
        a.limbs[(i + 1) % LIMBS] += i + 1 < LIMBS ? above : above * 19;
    }
    return a;
}

static struct field add(struct field a, const struct field *b)
{
    for (size_t i = 0; i < LIMBS; i++) {
        a.limbs[i] += b->limbs[i];
    }
    return carry(a);
}

/* Twice p is added first, so that no limb falls below zero. */
static struct field subtract(struct field a, const struct field *b)
{
    for (size_t i = 0; i < LIMBS; i++) {
        a.limbs[i] += 2 * (LIMB_MASK - (i == 0 ? 18 : 0)) - b->limbs[i];
    }
    return carry(a);
}

/* The sums of what belongs to each limb, brought back to limbs. */
static inline struct field settle(wide s0, wide s1, wide s2, wide s3, wide s4)
{
    struct field a;
    s1 += s0 >> LIMB_BITS;
    s2 += s1 >> LIMB_BITS;
    s3 += s2 >> LIMB_BITS;
    s4 += s3 >> LIMB_BITS;
    a.limbs[0] = ((uint64_t)s0 & LIMB_MASK) + (uint64_t)(s4 >> LIMB_BITS) * 19;
    a.limbs[1] = ((uint64_t)s1 & LIMB_MASK) + (a.limbs[0] >> LIMB_BITS);
    a.limbs[0] &= LIMB_MASK;
    a.limbs[2] = (uint64_t)s2 & LIMB_MASK;
    a.limbs[3] = (uint64_t)s3 & LIMB_MASK;
    a.limbs[4] = (uint64_t)s4 & LIMB_MASK;
    return a;
}

static struct field multiply(const struct field *left, const struct field *right)
{
    const uint64_t *a = left->limbs, *b = right->limbs;
    const wide a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4];
    const uint64_t b1 = b[1] * 19, b2 = b[2] * 19, b3 = b[3] * 19, b4 = b[4] * 19;
    return settle(a0 * b[0] + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1,
                  a0 * b[1] + a1 * b[0] + a2 * b4 + a3 * b3 + a4 * b2,
                  a0 * b[2] + a1 * b[1] + a2 * b[0] + a3 * b4 + a4 * b3,
                  a0 * b[3] + a1 * b[2] + a2 * b[1] + a3 * b[0] + a4 * b4,
                  a0 * b[4] + a1 * b[3] + a2 * b[2] + a3 * b[1] + a4 * b[0]);
}

/* Nearly all the time is spent here. */
static struct field square_times(struct field a, unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        const uint64_t *b = a.limbs, b3 = b[3] * 19, b4 = b[4] * 19;
        const wide twice0 = 2 * b[0], twice1 = 2 * b[1], twice2 = 2 * b[2], twice3 = 2 * b[3];
        a = settle((wide)b[0] * b[0] + twice1 * b4 + twice2 * b3,
                   twice0 * b[1] + twice2 * b4 + (wide)b[3] * b3,
                   twice0 * b[2] + (wide)b[1] * b[1] + twice3 * b4,
                   twice0 * b[3] + twice1 * b[2] + (wide)b[4] * b4,
                   twice0 * b[4] + twice1 * b[3] + (wide)b[2] * b[2]);
    }
    return a;
}

/* To the power of (p - 1) / 2 = 2^254 - 10 = 16 (2^250 - 1) + 6. With e(n) for the power of
 * 2^n - 1, e(m + n) is e(m) squared n times, times e(n). */
static struct field raise(const struct field *a)
{
    static const struct {
        unsigned from, by; /* places in e */
    } sums[] = {{0, 0}, {1, 1}, {2, 0}, {3, 3}, {4, 4}, {5, 5}, {6, 4}, {7, 7}, {8, 8}, {9, 7}};
    enum { COUNT = sizeof sums / sizeof *sums };
    struct field e[COUNT + 1] = {*a}; /* e(1), 2, 4, 5, 10, 20, 40, 50, 100, 200, 250 */
    unsigned n[COUNT + 1] = {1};
    for (size_t i = 0; i < COUNT; i++) {
        struct field shifted = square_times(e[sums[i].from], n[sums[i].by]);
        e[i + 1] = multiply(&shifted, &e[sums[i].by]);
        n[i + 1] = n[sums[i].from] + n[sums[i].by];
    }
    struct field square = multiply(a, a), fourth = multiply(&square, &square);
    struct field sixth = multiply(&fourth, &square), most = square_times(e[COUNT], 4);
    return multiply(&most, &sixth);
}

/* Carried twice it is below 2^255, and zero modulo p when it is 0 or p. */
static bool is_zero(struct field a)
{
    a = carry(carry(a));
    uint64_t any = 0, all = LIMB_MASK;
    for (size_t i = 0; i < LIMBS; i++) {
        any |= a.limbs[i];
        all &= i == 0 ? a.limbs[0] + 18 : a.limbs[i];
    }
    return any == 0 || all == LIMB_MASK;
}

static struct field read_y(const unsigned char bytes[32])
{
    struct field y = {{0}};
    for (size_t i = 0; i < 32; i++) {
        size_t limb = 8 * i / LIMB_BITS, place = 8 * i % LIMB_BITS;
        y.limbs[limb] |= (uint64_t)bytes[i] << place & LIMB_MASK;
        if (place > LIMB_BITS - 8 && limb + 1 < LIMBS) {
            y.limbs[limb + 1] |= (uint64_t)bytes[i] >> (LIMB_BITS - place);
        }
    }
    return y;
}

bool pm_curve_has_y(const unsigned char bytes[32])
{
    struct field y = read_y(bytes), square = multiply(&y, &y);
    struct field above = subtract(square, &one), below = multiply(&d, &square);
    below = add(below, &one);
    struct field product = multiply(&above, &below), power = raise(&product);
    return !is_zero(add(power, &one));
}

#endif
