/* instance.c - the small account by which a run is found. */

#include "chain/instance.h"

#include "chain/pda.h"

enum pm_account_verdict pm_instance_read(const struct pm_account *account,
                                         const struct pm_key *program, struct pm_instance *out,
                                         struct pm_account_problem *problem)
{
    struct pm_reader reader;
    enum pm_account_verdict verdict =
        pm_account_begin(account, program, PM_ACCOUNT_INSTANCE, &reader, problem);
    out->bump = pm_read_u8(&reader);
    out->main_authority = pm_read_key(&reader);
    out->join_authority = pm_read_key(&reader);
    out->coordinator_account = pm_read_key(&reader);
    out->run_id = pm_read_text(&reader, "run id");
    return pm_account_end(verdict, &reader, out, sizeof *out, problem);
}

bool pm_instance_is_at(const struct pm_instance *instance, const struct pm_key *address,
                       const struct pm_key *program)
{
    /* Any id, the empty one too: an account that is there was made by the rule alone. */
    const pm_str seeds[] = {PM_STR("coordinator"), instance->run_id};
    return pm_pda_is(seeds, sizeof seeds / sizeof *seeds, program, instance->bump, address);
}

bool pm_instance_has_run_id(const struct pm_instance *instance, struct pm_fixed run_id)
{
    return pm_str_equal(instance->run_id, run_id.text);
}
