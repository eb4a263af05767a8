/* pda.h - addresses that follow from names: where a program keeps the account of a run, of a pool,
 * of a user. */
#ifndef PM_CHAIN_PDA_H
#define PM_CHAIN_PDA_H

#include "chain/key.h"

#define PM_PDA_SEEDS_MOST 15      /* 16 with the bump */
#define PM_PDA_SEED_BYTES_MOST 32 /* of each seed, so of a run id as well */

/* Programs that are the same on every cluster. */
enum pm_program {
    PM_PROGRAM_SYSTEM,         /* owns accounts that only hold SOL */
    PM_PROGRAM_TOKEN,          /* owns mints and token accounts */
    PM_PROGRAM_TOKEN_ACCOUNTS, /* gives each owner and mint one token account */
    PM_PROGRAM_COUNT,
};

const struct pm_key *pm_program_key(enum pm_program program);

/* Whether the 32 bytes are a point of the curve, as Solana decides it: y modulo p, any sign. */
bool pm_key_is_on_curve(const struct pm_key *key);
/* Of libsodium, which does the hashing: "1.0.18". */
const char *pm_pda_library_version(void);

/* The address that `program` derives from the seeds, and its bump (where `bump` is not NULL). False
 * for more than PM_PDA_SEEDS_MOST seeds, for one of more than PM_PDA_SEED_BYTES_MOST bytes, and when
 * no bump gives an address; then *out and *bump are as they were. */
PM_CHECKED bool pm_pda_find(const pm_str *seeds, size_t count, const struct pm_key *program,
                            struct pm_key *out, uint8_t *bump);

/* Whether the address is what these seeds give with this bump: many times faster than finding it. An
 * account that exists at such an address was made by the program itself. */
PM_CHECKED bool pm_pda_is(const pm_str *seeds, size_t count, const struct pm_key *program,
                          uint8_t bump, const struct pm_key *address);

/* The accounts of Psyche. `program` is the one that owns the account: it differs between
 * deployments. False when there is no such address. */

/* Coordinator: the instance of a run. Also false for an id that no run can have: empty, longer than
 * 32 bytes, or with a NUL in it. */
PM_CHECKED bool pm_pda_instance(const struct pm_key *program, pm_str run_id, struct pm_key *out);

/* Mining pool: the pool of that number, and what a user has lent to it. */
PM_CHECKED bool pm_pda_pool(const struct pm_key *program, uint64_t index, struct pm_key *out);
PM_CHECKED bool pm_pda_lender(const struct pm_key *program, const struct pm_key *pool,
                              const struct pm_key *user, struct pm_key *out);

/* Treasurer: the run of that number, and a user's part in it. */
PM_CHECKED bool pm_pda_run(const struct pm_key *program, uint64_t index, struct pm_key *out);
PM_CHECKED bool pm_pda_participant(const struct pm_key *program, const struct pm_key *run,
                                   const struct pm_key *user, struct pm_key *out);
/* The number that a treasurer's run has unless its maker chose another. */
uint64_t pm_pda_run_index(pm_str run_id);

/* Authorizer: leave of `grantor` for `grantee` (zero: for everybody) to join runs. */
PM_CHECKED bool pm_pda_authorization(const struct pm_key *program, const struct pm_key *grantor,
                                     const struct pm_key *grantee, struct pm_key *out);

/* The token account that belongs to `owner` for tokens of `mint`. */
PM_CHECKED bool pm_pda_token_account(const struct pm_key *owner, const struct pm_key *mint,
                                     struct pm_key *out);

#endif
