/* layout.c - the accounts that this program can read.
 *
 * A discriminator is the beginning of the SHA-256 of "account:" and the name that the account's
 * struct has in its program. The coordinator account is the memory of a Rust struct, read off the
 * real compiler, so its size is exact; the others are written by Borsh, which allows bytes after
 * the last field, so their size is the least one that can hold it. */

#include "chain/layout.h"

#define ANY_MORE UINT64_MAX

/* The newest row of a kind comes first. */
static const struct pm_layout layouts[] = {
    {
        .kind = PM_ACCOUNT_COORDINATOR,
        .name = "coordinator account",
        .size_least = 119160,
        .size_most = 119160,
        .has_discriminator = true,
        .discriminator = {0xEF, 0x21, 0xB1, 0x37, 0x2C, 0x9B, 0x56, 0x2B},
        .version = 1,
        .places =
            {
                .head = 16,
                .rounds = 1048,
                .clients = 57496,
                .tail = 75928,
                .round_bytes = 14112,
                .witness_bytes = 440,
            },
    },
    {
        .kind = PM_ACCOUNT_INSTANCE,
        .name = "coordinator instance",
        .size_least = 109, /* with an empty run id; the program makes it 173 */
        .size_most = ANY_MORE,
        .has_discriminator = true,
        .discriminator = {0x9C, 0x09, 0x99, 0x10, 0xAF, 0x18, 0x1F, 0xFC},
    },
    {
        .kind = PM_ACCOUNT_POOL,
        .name = "mining pool",
        .size_least = 549,
        .size_most = ANY_MORE,
        .has_discriminator = true,
        .discriminator = {0xF1, 0x9A, 0x6D, 0x04, 0x11, 0xB1, 0x6D, 0xBC},
    },
    {
        .kind = PM_ACCOUNT_LENDER,
        .name = "lender of a mining pool",
        .size_least = 25,
        .size_most = ANY_MORE,
        .has_discriminator = true,
        .discriminator = {0x6B, 0x1E, 0xAF, 0x1F, 0xE8, 0x52, 0xB4, 0x7C},
    },
    {
        .kind = PM_ACCOUNT_TREASURER_RUN,
        .name = "run of the treasurer",
        .size_least = 193,
        .size_most = ANY_MORE,
        .has_discriminator = true,
        .discriminator = {0xC7, 0x36, 0x9B, 0x56, 0xEB, 0x73, 0xF6, 0xBD},
    },
    {
        .kind = PM_ACCOUNT_PARTICIPANT,
        .name = "participant of the treasurer",
        .size_least = 25,
        .size_most = ANY_MORE,
        .has_discriminator = true,
        .discriminator = {0x20, 0x8E, 0x6C, 0x4F, 0xF7, 0xB3, 0x36, 0x06},
    },
    {
        .kind = PM_ACCOUNT_AUTHORIZATION,
        .name = "authorization",
        .size_least = 90, /* without scope and delegates */
        .size_most = ANY_MORE,
        .has_discriminator = true,
        .discriminator = {0x03, 0x44, 0xA8, 0xF3, 0xC3, 0xA8, 0x20, 0x4B},
    },
    /* Token accounts have no discriminator: owner and size are all there is. Extensions come after
     * byte 165, in mints too, and token.c looks at what stands there. */
    {.kind = PM_ACCOUNT_MINT, .name = "token mint", .size_least = 82, .size_most = 82},
    {.kind = PM_ACCOUNT_MINT, .name = "token mint", .size_least = 166, .size_most = ANY_MORE},
    {.kind = PM_ACCOUNT_TOKEN, .name = "token account", .size_least = 165, .size_most = ANY_MORE},
};

static const struct pm_layout *find(enum pm_account_kind kind, bool any_size, uint64_t size)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        const struct pm_layout *row = &layouts[i];
        bool fits = any_size || (size >= row->size_least && size <= row->size_most);
        if (row->kind == kind && fits) {
            return row;
        }
    }
    return NULL;
}

const struct pm_layout *pm_layout_find(enum pm_account_kind kind, uint64_t size)
{
    return find(kind, false, size);
}

const struct pm_layout *pm_layout_newest(enum pm_account_kind kind)
{
    return find(kind, true, 0);
}
