/* account_data.h - accounts for the tests of their decoders. */
#ifndef PM_TESTS_ACCOUNT_DATA_H
#define PM_TESTS_ACCOUNT_DATA_H

#include "chain/account.h"
#include "codec/zstd.h"

#include "check.h"
#include "data.h"

#include <string.h>

#define ARENA_BYTES ((size_t)64 << 20)

static const struct pm_key program = {{1, 2, 3}};
static const struct pm_key other_program = {{1, 2, 4}};

/* An account of tests/data/chain, owned by `program`; a name that ends in .zst is expanded. Each
 * reading has a block of its own, so that a sanitizer sees each byte too far. */
static inline struct pm_account load_account(struct pm_arena *arena, const char *name)
{
    pm_str bytes = read_data(arena, name), out = bytes;
    if (pm_str_ends_nocase(pm_str_from(name), PM_STR(".zst")) &&
        pm_zstd_expand(arena, bytes, (size_t)1 << 20, &out) != PM_ZSTD_OK) {
        printf("FAIL cannot expand %s\n0 passed, 1 failed\n", name);
        exit(1);
    }
    return (struct pm_account){.is_there = true, .owner = program, .space = out.len, .data = out};
}

/* The same account in memory that ends where it does. */
static inline struct pm_account set_apart(struct pm_account account, size_t bytes)
{
    char *block = malloc(bytes ? bytes : 1);
    if (!block) {
        abort();
    }
    memcpy(block, account.data.ptr, bytes);
    account.data = (pm_str){block, bytes};
    account.space = bytes;
    return account;
}

static inline void release(struct pm_account account)
{
    free((void *)(uintptr_t)account.data.ptr);
}

static inline void set_bytes(struct pm_account *account, size_t at, const void *bytes, size_t len)
{
    memcpy((char *)(uintptr_t)account->data.ptr + at, bytes, len);
}

static inline bool is_zero(const void *bytes, size_t len)
{
    const unsigned char *each = bytes;
    for (size_t i = 0; i < len; i++) {
        if (each[i]) {
            return false;
        }
    }
    return true;
}

#endif
