/* treasurer.c - rewards of a run. */

#include "chain/treasurer.h"

enum pm_account_verdict pm_treasurer_run_read(const struct pm_account *account,
                                              const struct pm_key *program,
                                              struct pm_treasurer_run *out,
                                              struct pm_account_problem *problem)
{
    struct pm_reader reader;
    enum pm_account_verdict verdict =
        pm_account_begin(account, program, PM_ACCOUNT_TREASURER_RUN, &reader, problem);
    out->bump = pm_read_u8(&reader);
    out->index = pm_read_u64(&reader);
    out->main_authority = pm_read_key(&reader);
    out->join_authority = pm_read_key(&reader);
    out->coordinator_account = pm_read_key(&reader);
    out->coordinator_instance = pm_read_key(&reader);
    out->collateral_mint = pm_read_key(&reader);
    out->total_claimed_collateral = pm_read_u64(&reader);
    out->total_claimed_points = pm_read_u64(&reader);
    return pm_account_end(verdict, &reader, out, sizeof *out, problem);
}

enum pm_account_verdict pm_participant_read(const struct pm_account *account,
                                            const struct pm_key *program,
                                            struct pm_participant *out,
                                            struct pm_account_problem *problem)
{
    struct pm_reader reader;
    enum pm_account_verdict verdict =
        pm_account_begin(account, program, PM_ACCOUNT_PARTICIPANT, &reader, problem);
    out->bump = pm_read_u8(&reader);
    out->claimed_collateral = pm_read_u64(&reader);
    out->claimed_points = pm_read_u64(&reader);
    return pm_account_end(verdict, &reader, out, sizeof *out, problem);
}
