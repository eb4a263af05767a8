/* curve.h - whether a number is the y of a point of the curve ed25519. */
#ifndef PM_CHAIN_CURVE_H
#define PM_CHAIN_CURVE_H

#include "base/str.h"

/* The arithmetic wants 128 bits; where the compiler has none, pda.c asks libsodium. */
#ifdef __SIZEOF_INT128__
#define PM_CURVE_IS_HERE 1
#else
#define PM_CURVE_IS_HERE 0
#endif

/* y is 255 bits, lowest byte first, taken modulo p = 2^255 - 19; the last bit is not looked at. */
bool pm_curve_has_y(const unsigned char y[32]);

#endif
