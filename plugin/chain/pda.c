/* pda.c - addresses that follow from names.
 *
 * Solana derives an account's address from a program and seeds: it hashes them together with a bump
 * byte, counting down from 255, until the result is NOT a point of the curve ed25519, so that nobody
 * can hold a private key for it. Who searches otherwise than Solana finds another bump and asks for
 * an account that is not there.
 *
 * libsodium does the hashing, and the arithmetic where curve.c cannot. Its random numbers and its
 * choice between implementations are what sodium_init() sets up; SHA-256 and the addition of points
 * need neither, and calling it would open the system's source of randomness in a process that is
 * not ours. */

#include "chain/pda.h"

#include "chain/curve.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static_assert(PM_KEY_BYTES == crypto_core_ed25519_BYTES, "a key is a compressed point");
static_assert(PM_KEY_BYTES == crypto_hash_sha256_BYTES, "an address is a hash");

/* The system program is the key of zeros; below, in base58,
 * TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA and ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL. */
static const struct pm_key programs[PM_PROGRAM_COUNT] = {
    [PM_PROGRAM_TOKEN] = {{0x06, 0xdd, 0xf6, 0xe1, 0xd7, 0x65, 0xa1, 0x93, 0xd9, 0xcb, 0xe1,
                           0x46, 0xce, 0xeb, 0x79, 0xac, 0x1c, 0xb4, 0x85, 0xed, 0x5f, 0x5b,
                           0x37, 0x91, 0x3a, 0x8c, 0xf5, 0x85, 0x7e, 0xff, 0x00, 0xa9}},
    [PM_PROGRAM_TOKEN_ACCOUNTS] = {{0x8c, 0x97, 0x25, 0x8f, 0x4e, 0x24, 0x89, 0xf1,
                                    0xbb, 0x3d, 0x10, 0x29, 0x14, 0x8e, 0x0d, 0x83,
                                    0x0b, 0x5a, 0x13, 0x99, 0xda, 0xff, 0x10, 0x84,
                                    0x04, 0x8e, 0x7b, 0xd8, 0xdb, 0xe9, 0xf8, 0x59}},
};

const struct pm_key *pm_program_key(enum pm_program program)
{
    return &programs[program];
}

#if PM_CURVE_IS_HERE

bool pm_key_is_on_curve(const struct pm_key *key)
{
    return pm_curve_has_y(key->bytes);
}

#else

/* A point is written as its y in the low 255 bits and the sign of x above. Solana takes y modulo
 * p = 2^255 - 19 and does not look at the sign, not even where x is zero. Both are settled here, in
 * the form in which all versions of libsodium must agree. */
static struct pm_key canonical_point(const struct pm_key *key)
{
    struct pm_key point = *key;
    size_t last = PM_KEY_BYTES - 1, ones = 0;
    point.bytes[last] &= 0x7F;
    while (ones + 1 < last && point.bytes[ones + 1] == 0xFF) {
        ones++;
    }
    if (ones + 1 == last && point.bytes[last] == 0x7F && point.bytes[0] >= 0xED) {
        point = (struct pm_key){{(uint8_t)(point.bytes[0] - 0xED)}};
    }
    return point;
}

/* crypto_core_ed25519_is_valid_point is the wrong question: it also wants the subgroup of prime
 * order and no point of small order, so it would call addresses derived that Solana does not. The
 * addition of points refuses exactly what has no x; the sum itself is of no use. */
bool pm_key_is_on_curve(const struct pm_key *key)
{
    struct pm_key point = canonical_point(key), sum;
    return crypto_core_ed25519_add(sum.bytes, point.bytes, point.bytes) == 0;
}

#endif

const char *pm_pda_library_version(void)
{
    return sodium_version_string();
}

static void hash_text(crypto_hash_sha256_state *hash, pm_str text)
{
    (void)crypto_hash_sha256_update(hash, (const unsigned char *)text.ptr, text.len);
}

static pm_str text_of(const struct pm_key *key)
{
    return (pm_str){(const char *)key->bytes, sizeof key->bytes};
}

/* False for seeds that no program may use. */
static bool begin(crypto_hash_sha256_state *hash, const pm_str *seeds, size_t count)
{
    if (count > PM_PDA_SEEDS_MOST) {
        return false;
    }
    (void)crypto_hash_sha256_init(hash);
    for (size_t i = 0; i < count; i++) {
        if (seeds[i].len > PM_PDA_SEED_BYTES_MOST) {
            return false;
        }
        hash_text(hash, seeds[i]);
    }
    return true;
}

static struct pm_key finish(const crypto_hash_sha256_state *begun, uint8_t bump,
                            const struct pm_key *program)
{
    crypto_hash_sha256_state hash = *begun;
    struct pm_key address;
    (void)crypto_hash_sha256_update(&hash, &bump, 1);
    hash_text(&hash, text_of(program));
    hash_text(&hash, PM_STR("ProgramDerivedAddress"));
    (void)crypto_hash_sha256_final(&hash, address.bytes);
    return address;
}

bool pm_pda_find(const pm_str *seeds, size_t count, const struct pm_key *program,
                 struct pm_key *out, uint8_t *bump)
{
    crypto_hash_sha256_state begun;
    bool is_possible = begin(&begun, seeds, count);
    for (uint8_t last = UINT8_MAX; is_possible && last > 0; last--) { /* Solana never tries 0 */
        struct pm_key found = finish(&begun, last, program);
        if (!pm_key_is_on_curve(&found)) {
            *out = found;
            if (bump) {
                *bump = last;
            }
            return true;
        }
    }
    return false;
}

bool pm_pda_is(const pm_str *seeds, size_t count, const struct pm_key *program, uint8_t bump,
               const struct pm_key *address)
{
    crypto_hash_sha256_state begun;
    if (!begin(&begun, seeds, count)) {
        return false;
    }
    struct pm_key derived = finish(&begun, bump, program);
    return pm_key_equal(&derived, address);
}

/* --- the accounts of Psyche --- */

bool pm_pda_instance(const struct pm_key *program, pm_str run_id, struct pm_key *out)
{
    const pm_str seeds[] = {PM_STR("coordinator"), run_id};
    bool can_be_id = run_id.len > 0 && pm_str_find(run_id, '\0') == run_id.len;
    return can_be_id && pm_pda_find(seeds, 2, program, out, NULL);
}

static bool find_numbered(const struct pm_key *program, pm_str kind, uint64_t index,
                          struct pm_key *out)
{
    char bytes[sizeof index];
    const pm_str seeds[] = {kind, {bytes, sizeof bytes}};
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)(unsigned char)(index >> (8 * i));
    }
    return pm_pda_find(seeds, 2, program, out, NULL);
}

bool pm_pda_pool(const struct pm_key *program, uint64_t index, struct pm_key *out)
{
    return find_numbered(program, PM_STR("Pool"), index, out);
}

bool pm_pda_lender(const struct pm_key *program, const struct pm_key *pool,
                   const struct pm_key *user, struct pm_key *out)
{
    const pm_str seeds[] = {PM_STR("Lender"), text_of(pool), text_of(user)};
    return pm_pda_find(seeds, 3, program, out, NULL);
}

bool pm_pda_run(const struct pm_key *program, uint64_t index, struct pm_key *out)
{
    return find_numbered(program, PM_STR("Run"), index, out);
}

bool pm_pda_participant(const struct pm_key *program, const struct pm_key *run,
                        const struct pm_key *user, struct pm_key *out)
{
    const pm_str seeds[] = {PM_STR("Participant"), text_of(run), text_of(user)};
    return pm_pda_find(seeds, 3, program, out, NULL);
}

uint64_t pm_pda_run_index(pm_str run_id)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    uint64_t index = 0;
    (void)crypto_hash_sha256(hash, (const unsigned char *)run_id.ptr, run_id.len);
    for (size_t i = 0; i < sizeof index; i++) {
        index |= (uint64_t)hash[i] << (8 * i);
    }
    return index;
}

bool pm_pda_authorization(const struct pm_key *program, const struct pm_key *grantor,
                          const struct pm_key *grantee, struct pm_key *out)
{
    const pm_str seeds[] = {PM_STR("Authorization"), text_of(grantor), text_of(grantee),
                            PM_STR("CoordinatorJoinRun")};
    return pm_pda_find(seeds, 4, program, out, NULL);
}

bool pm_pda_token_account(const struct pm_key *owner, const struct pm_key *mint, struct pm_key *out)
{
    const pm_str seeds[] = {text_of(owner), text_of(&programs[PM_PROGRAM_TOKEN]), text_of(mint)};
    return pm_pda_find(seeds, 3, &programs[PM_PROGRAM_TOKEN_ACCOUNTS], out, NULL);
}
