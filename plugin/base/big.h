/* big.h - whole numbers of any size we meet, exact.
 *
 * Token counts reach 2^80 and a token rate 3.4e38, so neither uint64_t nor double will do.
 * A number holds up to 72 decimal digits; what does not fit is unknown, never rounded. */
#ifndef PM_BASE_BIG_H
#define PM_BASE_BIG_H

#include "base/buf.h"

#define PM_BIG_LIMBS 8 /* nine decimal digits each, lowest first */

struct pm_big {
    bool is_known;
    bool is_negative;
    uint32_t limbs[PM_BIG_LIMBS];
};

struct pm_big pm_big_from_u64(uint64_t value);
/* Optional sign and decimal digits; leading zeros are fine. Unknown for anything else. */
struct pm_big pm_big_read(pm_str decimal);
/* Digits of base 2, 8 or 16 without prefix or sign. */
struct pm_big pm_big_read_base(pm_str digits, unsigned base);

bool pm_big_is_zero(struct pm_big n); /* false when unknown */
/* < 0, 0, > 0; both must be known. */
int pm_big_compare(struct pm_big a, struct pm_big b);

/* Unknown when an operand is unknown, negative, or the result does not fit. */
struct pm_big pm_big_add(struct pm_big a, struct pm_big b);
struct pm_big pm_big_sub(struct pm_big a, struct pm_big b); /* unknown when b > a */
struct pm_big pm_big_mul(struct pm_big a, uint32_t factor);
struct pm_big pm_big_div(struct pm_big a, uint32_t divisor);  /* rounds down; unknown for 0 */
struct pm_big pm_big_ratio(struct pm_big a, struct pm_big b); /* a / b, the same */

double pm_big_to_double(struct pm_big n); /* for ratios and estimates; NAN when unknown */
bool pm_big_to_u64(struct pm_big n, uint64_t *out);

/* All digits: "30567071744". Nothing when unknown. */
void pm_big_add_text(struct pm_buf *buf, struct pm_big n);
/* The number divided by ten to the power of `places`, exact, without zeros at the end: 1234567 with
 * 6 places is "1.234567", 50 with 3 is "0.05". Nothing when unknown. */
void pm_big_add_shifted(struct pm_buf *buf, struct pm_big n, unsigned places);
/* For people: "30.6B", "1.83T", "944M", "75.6K", "512": at most `digits` significant digits and
 * at most `decimals` after the point, rounded half up, trailing zeros dropped. From 1e15 on
 * "3.4e38". "unknown" when unknown. */
void pm_big_add_short(struct pm_buf *buf, struct pm_big n, unsigned digits, unsigned decimals);

#endif
