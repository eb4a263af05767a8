/* key.h - a public key of Solana: the address of an account, 32 bytes, written in base58. */
#ifndef PM_CHAIN_KEY_H
#define PM_CHAIN_KEY_H

#include "base/buf.h"
#include "base/str.h"

#include <stdint.h>

#define PM_KEY_BYTES 32
#define PM_KEY_TEXT_MOST 44 /* characters of the longest key in base58 */

struct pm_key {
    uint8_t bytes[PM_KEY_BYTES];
};

enum pm_key_problem {
    PM_KEY_OK,
    PM_KEY_WRONG_SIZE, /* too long a text, or another number of bytes than 32 */
    PM_KEY_INVALID,    /* a character that is not of base58: 0, O, I, l and others */
};

/* Judges in the order in which Solana's own reader does; *out is set only for PM_KEY_OK. */
enum pm_key_problem pm_key_read(pm_str text, struct pm_key *out);
void pm_key_add(struct pm_buf *buf, const struct pm_key *key);

bool pm_key_equal(const struct pm_key *a, const struct pm_key *b);
/* All zeros: the system program, which also stands for "everybody". */
bool pm_key_is_zero(const struct pm_key *key);

#endif
