/* account_bytes.h - small accounts made byte by byte, as their programs write them. */
#ifndef PM_TESTS_ACCOUNT_BYTES_H
#define PM_TESTS_ACCOUNT_BYTES_H

#include "chain/authorization.h"
#include "chain/pda.h"
#include "source/rpc.h"

#include "account_data.h"

#include <string.h>

static const struct pm_key join_authority = {{7}};
static const struct pm_key state_key = {{8}};
static const struct pm_key some_mint = {{9}};
static const struct pm_key everybody;

struct bytes {
    unsigned char data[600];
    size_t len;
};

static inline void add(struct bytes *bytes, const void *more, size_t len)
{
    memcpy(bytes->data + bytes->len, more, len);
    bytes->len += len;
}

static inline void add_zeros(struct bytes *bytes, size_t count)
{
    bytes->len += count; /* all were zero from the start */
}

static inline void add_u8(struct bytes *bytes, unsigned char value)
{
    add(bytes, &value, 1);
}

static inline void add_u64(struct bytes *bytes, uint64_t value)
{
    for (int i = 0; i < 8; i++) {
        add_u8(bytes, (unsigned char)(value >> 8 * i));
    }
}

static inline void add_text(struct bytes *bytes, const char *text)
{
    add_u8(bytes, (unsigned char)strlen(text));
    add_zeros(bytes, 3);
    add(bytes, text, strlen(text));
}

static inline void begin(struct bytes *bytes, enum pm_account_kind kind)
{
    *bytes = (struct bytes){0};
    add(bytes, pm_layout_newest(kind)->discriminator, PM_DISCRIMINATOR_BYTES);
    add_u8(bytes, 255); /* the bump */
}

static inline struct pm_rpc_row make_row(struct bytes *bytes, size_t space)
{
    return (struct pm_rpc_row){
        .account =
            {
                .is_there = true,
                .owner = program,
                .space = space,
                .data = {(const char *)bytes->data, space},
            },
    };
}

static inline struct pm_rpc_row make_instance(struct bytes *bytes, const char *run_id)
{
    static const struct pm_key main_authority = {{6}};
    begin(bytes, PM_ACCOUNT_INSTANCE);
    add(bytes, &main_authority, sizeof main_authority);
    add(bytes, &join_authority, sizeof join_authority);
    add(bytes, &state_key, sizeof state_key);
    add_text(bytes, run_id);
    return make_row(bytes, 173);
}

static inline struct pm_rpc_row make_leave(struct bytes *bytes, const struct pm_key *grantor,
                                           const struct pm_key *grantee, bool is_active)
{
    begin(bytes, PM_ACCOUNT_AUTHORIZATION);
    add(bytes, grantor, sizeof *grantor);
    add(bytes, grantee, sizeof *grantee);
    add_text(bytes, PM_AUTHORIZATION_JOIN_RUN);
    add_u8(bytes, is_active);
    add_zeros(bytes, 12); /* no delegates; a moment */
    return make_row(bytes, bytes->len);
}

/* Of the run with that instance. */
static inline struct pm_rpc_row make_treasurer(struct bytes *bytes, const struct pm_key *instance)
{
    begin(bytes, PM_ACCOUNT_TREASURER_RUN);
    add_zeros(bytes, 8 + 3 * PM_KEY_BYTES);
    add(bytes, instance, sizeof *instance);
    add(bytes, &some_mint, sizeof some_mint);
    add_zeros(bytes, 16);
    return make_row(bytes, bytes->len);
}

static inline struct pm_rpc_row make_participant(struct bytes *bytes, uint64_t points)
{
    begin(bytes, PM_ACCOUNT_PARTICIPANT);
    add_u64(bytes, 0);
    add_u64(bytes, points);
    return make_row(bytes, bytes->len);
}

static inline struct pm_rpc_row make_pool(struct bytes *bytes, const struct pm_key *mint)
{
    begin(bytes, PM_ACCOUNT_POOL);
    add_zeros(bytes, 8 + PM_KEY_BYTES);
    add(bytes, mint, sizeof *mint);
    add_zeros(bytes, 468);
    return make_row(bytes, bytes->len);
}

static inline struct pm_rpc_row make_lender(struct bytes *bytes, uint64_t deposited)
{
    begin(bytes, PM_ACCOUNT_LENDER);
    add_u64(bytes, deposited);
    add_u64(bytes, 0);
    return make_row(bytes, bytes->len);
}

static inline struct pm_rpc_row make_mint(struct bytes *bytes, unsigned char decimals)
{
    *bytes = (struct bytes){0};
    add_zeros(bytes, 4 + PM_KEY_BYTES + 8);
    add_u8(bytes, decimals);
    add_u8(bytes, 1); /* initialized */
    add_zeros(bytes, 4 + PM_KEY_BYTES);
    struct pm_rpc_row row = make_row(bytes, bytes->len);
    row.account.owner = *pm_program_key(PM_PROGRAM_TOKEN);
    row.key = some_mint;
    return row;
}

static inline struct pm_rpc_row make_tokens(struct bytes *bytes, const struct pm_key *owner,
                                            uint64_t amount)
{
    *bytes = (struct bytes){0};
    add(bytes, &some_mint, sizeof some_mint);
    add(bytes, owner, sizeof *owner);
    add_u64(bytes, amount);
    add_zeros(bytes, 4 + PM_KEY_BYTES);
    add_u8(bytes, 1); /* initialized */
    add_zeros(bytes, 4 + 8 + 8 + 4 + PM_KEY_BYTES);
    struct pm_rpc_row row = make_row(bytes, bytes->len);
    row.account.owner = *pm_program_key(PM_PROGRAM_TOKEN);
    return row;
}

#endif
