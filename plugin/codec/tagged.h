/* tagged.h - the dashboard's own spelling of big integers and dates inside JSON.
 *
 * Version 1 writes them as strings that begin with U+0FCF and BIG or DAT; version 0 as objects
 * {"___type":"bigint","value":"42"}. Nothing marks which version an answer has, and nothing escapes
 * a user's text that happens to begin the same way. So we decode by field: these functions are
 * called only where a big integer or a date belongs, and every other string is just text. */
#ifndef PM_CODEC_TAGGED_H
#define PM_CODEC_TAGGED_H

#include "base/big.h"
#include "codec/json.h"

/* What the dashboard's own reader would take: either version, and a plain whole JSON number.
 * Version 1 follows JavaScript's BigInt(): white space around, leading zeros, a sign, or 0x 0o 0b
 * without sign; empty is 0. Version 0's "value" follows the same rules. All else is unknown. */
struct pm_big pm_tagged_big(yyjson_val *value);

/* Milliseconds since 1970. Version 1 follows JavaScript's Date(Number()): decimal with optional
 * fraction and exponent, 0x 0o 0b, white space around, empty is 0, fractions cut towards zero;
 * version 0 is Date's text. False when there is none or it is outside what Date can hold. */
PM_CHECKED bool pm_tagged_date(yyjson_val *value, int64_t *ms);

#endif
