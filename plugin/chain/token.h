/* token.h - mints and token accounts of Solana's two token programs. */
#ifndef PM_CHAIN_TOKEN_H
#define PM_CHAIN_TOKEN_H

#include "chain/account.h"

struct pm_optional_key {
    bool is_there;
    struct pm_key key;
};

struct pm_mint {
    struct pm_optional_key mint_authority; /* none: the supply is fixed */
    uint64_t supply;                       /* base units; ten to the power of decimals are one */
    uint8_t decimals;
    struct pm_optional_key freeze_authority;
    bool is_token_2022; /* of the newer program; may have extensions, which are not read */
};

struct pm_token_account {
    struct pm_key mint, owner;
    uint64_t amount; /* base units */
    struct pm_optional_key delegate;
    uint64_t delegated_amount;
    bool is_frozen;
    bool is_native; /* of SOL itself, with what is kept back for rent */
    uint64_t rent_reserve;
    struct pm_optional_key close_authority;
    bool is_token_2022;
};

/* The newer program, whose accounts begin as the older one's. */
const struct pm_key *pm_token_2022_program(void);

/* The owner must be one of the two programs. An account that was not initialized is bad. For
 * another verdict than PM_ACCOUNT_OK *out is all zero and `problem` says why. */
PM_CHECKED enum pm_account_verdict pm_mint_read(const struct pm_account *account,
                                                struct pm_mint *out,
                                                struct pm_account_problem *problem);
PM_CHECKED enum pm_account_verdict pm_token_account_read(const struct pm_account *account,
                                                         struct pm_token_account *out,
                                                         struct pm_account_problem *problem);

#endif
