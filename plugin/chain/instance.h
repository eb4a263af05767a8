/* instance.h - the small account by which a run is found.
 *
 * Its address follows from the run's id; it names the large account with the run's state, whose
 * address follows from nothing. */
#ifndef PM_CHAIN_INSTANCE_H
#define PM_CHAIN_INSTANCE_H

#include "chain/account.h"
#include "chain/fixed.h"

struct pm_instance {
    uint8_t bump;
    struct pm_key main_authority; /* may change the run */
    struct pm_key join_authority; /* says who may join */
    struct pm_key coordinator_account;
    pm_str run_id; /* UTF-8; points into the account's data */
};

/* For another verdict than PM_ACCOUNT_OK *out is all zero and `problem` says why. */
PM_CHECKED enum pm_account_verdict pm_instance_read(const struct pm_account *account,
                                                    const struct pm_key *program,
                                                    struct pm_instance *out,
                                                    struct pm_account_problem *problem);

/* Whether the address is what the instance's own run id and bump give. Costs one hash; an id that
 * cannot be a seed (more than 32 bytes) is at no address. */
PM_CHECKED bool pm_instance_is_at(const struct pm_instance *instance, const struct pm_key *address,
                                  const struct pm_key *program);
/* Whether a coordinator account with that run id is of this instance. */
bool pm_instance_has_run_id(const struct pm_instance *instance, struct pm_fixed run_id);

#endif
