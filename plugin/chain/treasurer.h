/* treasurer.h - rewards of a run: what the treasurer holds for it and what a participant claimed. */
#ifndef PM_CHAIN_TREASURER_H
#define PM_CHAIN_TREASURER_H

#include "chain/account.h"

struct pm_treasurer_run {
    uint8_t bump;
    uint64_t index; /* from which its address follows */
    struct pm_key main_authority, join_authority;
    struct pm_key coordinator_account, coordinator_instance;
    struct pm_key collateral_mint;
    uint64_t total_claimed_collateral; /* base units of the mint */
    uint64_t total_claimed_points;
};

struct pm_participant {
    uint8_t bump;
    uint64_t claimed_collateral, claimed_points;
};

/* For another verdict than PM_ACCOUNT_OK *out is all zero and `problem` says why. */
PM_CHECKED enum pm_account_verdict pm_treasurer_run_read(const struct pm_account *account,
                                                         const struct pm_key *program,
                                                         struct pm_treasurer_run *out,
                                                         struct pm_account_problem *problem);
PM_CHECKED enum pm_account_verdict pm_participant_read(const struct pm_account *account,
                                                       const struct pm_key *program,
                                                       struct pm_participant *out,
                                                       struct pm_account_problem *problem);

#endif
