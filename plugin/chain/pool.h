/* pool.h - a mining pool and what one user has given to it. Amounts are base units of a mint. */
#ifndef PM_CHAIN_POOL_H
#define PM_CHAIN_POOL_H

#include "chain/account.h"

#define PM_CHAIN_POOL_METADATA_BYTES 400

struct pm_chain_pool {
    uint8_t bump;
    uint64_t index; /* number of the pool, from which its address follows */
    struct pm_key authority;
    struct pm_key collateral_mint;
    uint64_t max_deposit, total_deposited, total_extracted; /* of the collateral */
    bool claiming_enabled;
    struct pm_key redeemable_mint; /* zero until claiming is enabled */
    uint64_t total_claimed;        /* of the redeemable mint */
    bool is_frozen;
    uint16_t metadata_length;
    pm_str metadata_bytes; /* all of them, whatever the length says */
    pm_str metadata;       /* as many as the length says, and no more than there are */
};

struct pm_lender {
    uint8_t bump;
    uint64_t deposited, claimed; /* of the collateral, of the redeemable mint */
};

/* For another verdict than PM_ACCOUNT_OK *out is all zero and `problem` says why. Metadata point
 * into the account's data. */
PM_CHECKED enum pm_account_verdict pm_chain_pool_read(const struct pm_account *account,
                                                      const struct pm_key *program,
                                                      struct pm_chain_pool *out,
                                                      struct pm_account_problem *problem);
PM_CHECKED enum pm_account_verdict pm_lender_read(const struct pm_account *account,
                                                  const struct pm_key *program,
                                                  struct pm_lender *out,
                                                  struct pm_account_problem *problem);

#endif
