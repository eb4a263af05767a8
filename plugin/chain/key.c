/* key.c - public keys as text.
 *
 * pm_key_read follows the reader of Solana's own library (`Pubkey::from_str`), so that a person sees
 * the same verdict from both. That reader first refuses more than 44 characters as of the wrong
 * size, then decodes into a buffer of 32 bytes, and only in the end counts the bytes it got. What
 * does not fit the buffer is therefore "invalid", like a bad character, and not "of the wrong size":
 * 33 ones, and the key after the one of all ones (44 characters, 33 bytes). Too few bytes, the empty
 * text included, are "of the wrong size". */

#include "chain/key.h"

#include "chain/base58.h"

#include <string.h>

enum pm_key_problem pm_key_read(pm_str text, struct pm_key *out)
{
    struct pm_key key;
    size_t len;
    if (text.len > PM_KEY_TEXT_MOST) {
        return PM_KEY_WRONG_SIZE;
    }
    if (!pm_base58_decode(text, key.bytes, sizeof key.bytes, &len)) {
        return PM_KEY_INVALID;
    }
    if (len != sizeof key.bytes) {
        return PM_KEY_WRONG_SIZE;
    }
    *out = key;
    return PM_KEY_OK;
}

void pm_key_add(struct pm_buf *buf, const struct pm_key *key)
{
    pm_base58_add(buf, key->bytes, sizeof key->bytes);
}

bool pm_key_equal(const struct pm_key *a, const struct pm_key *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool pm_key_is_zero(const struct pm_key *key)
{
    static const struct pm_key zero;
    return pm_key_equal(key, &zero);
}
