/* number.h - floating point numbers as text, without the host's locale. */
#ifndef PM_CODEC_NUMBER_H
#define PM_CODEC_NUMBER_H

#include "base/buf.h"

/* `text` must be exactly one JSON number. False for anything else and for what is not finite. */
PM_CHECKED bool pm_number_read(pm_str text, double *out);
/* The same for what JavaScript's Number() takes as decimal: also "+5", "007", ".5" and "5.". */
PM_CHECKED bool pm_number_read_js(pm_str text, double *out);
/* The JSON number at the start of `text`: how many bytes it takes, 0 when there is none. *out is
 * infinite when no double holds it. */
size_t pm_number_take(pm_str text, double *out);

/* The same number with at most `digits` (1..17) significant digits: its shortest decimal form
 * rounded half away from zero. */
double pm_number_round(double value, unsigned digits);

/* `value` rounded to at most `decimals` (0..10) digits after the point, trailing zeros dropped:
 * "1.67", "0", "-3.5"; "unknown" when not finite. For people. */
void pm_number_add_fixed(struct pm_buf *buf, double value, unsigned decimals);

/* `value` with at most 7 significant digits, and an exponent where zeros would have to be counted:
 * "0.0001", "1.5e-05", "1.797693e+308"; "unknown" when not finite. For people. */
void pm_number_add_short(struct pm_buf *buf, double value);

#endif
