/* base58.h - bytes as text in the way of Bitcoin and Solana. */
#ifndef PM_CHAIN_BASE58_H
#define PM_CHAIN_BASE58_H

#include "base/buf.h"

#define PM_BASE58_BYTES_MOST 128 /* of what is decoded or encoded; a signature has 64 */

/* Writes *len bytes, at most `room` (itself at most PM_BASE58_BYTES_MOST), to `out`. False for a
 * character outside the alphabet and for a text that stands for more than `room` bytes; then `out`
 * and *len are as they were. The time does not grow with the length of a text that is too long. */
PM_CHECKED bool pm_base58_decode(pm_str text, uint8_t *out, size_t room, size_t *len);

/* More than PM_BASE58_BYTES_MOST bytes fail the buffer. */
void pm_base58_add(struct pm_buf *buf, const uint8_t *bytes, size_t len);

#endif
