/* assumed_inside.h - the checks behind the table in assumed.c, one a row. */
#ifndef PM_SOURCE_ASSUMED_INSIDE_H
#define PM_SOURCE_ASSUMED_INSIDE_H

#include "source/assumed.h"

#define PM_ASSUMED_INSTANCE_BYTES 173
#define PM_ASSUMED_POOL_BYTES 552
#define PM_ASSUMED_MINT_DECIMALS 6
#define PM_ASSUMED_SLOTS_APART 1500 /* ten minutes: more is no delay of one of the two */

/* In pm_assumed_side.keys. */
enum { PM_ASSUMED_COORDINATOR, PM_ASSUMED_TREASURER, PM_ASSUMED_AUTHORIZER };
enum { PM_ASSUMED_POOL_PROGRAM, PM_ASSUMED_POOL, PM_ASSUMED_MINT };

/* The answer to a question to a side's nodes; NULL with the finding set. */
const struct pm_ask *pm_assumed_answer(const struct pm_assumed_side *side,
                                       const struct pm_question *question,
                                       struct pm_finding *finding);

/* assumed_dashboard.c */
pm_assumed_fn pm_assumed_check_runs, pm_assumed_check_run, pm_assumed_check_contributions,
    pm_assumed_check_status, pm_assumed_check_content_type, pm_assumed_check_coordinator_place,
    pm_assumed_check_pool_place;

/* assumed_chain.c */
pm_assumed_fn pm_assumed_check_coordinator_genesis, pm_assumed_check_pool_genesis,
    pm_assumed_check_coordinator_node, pm_assumed_check_pool_node, pm_assumed_check_programs,
    pm_assumed_check_pool_program, pm_assumed_check_pool, pm_assumed_check_mint,
    pm_assumed_check_packing, pm_assumed_check_slots;

/* assumed_runs.c */
pm_assumed_fn pm_assumed_check_discovery, pm_assumed_check_instances, pm_assumed_check_sizes,
    pm_assumed_check_versions, pm_assumed_check_values;

/* assumed_hub.c */
pm_assumed_fn pm_assumed_check_hub_search, pm_assumed_check_hub_repository,
    pm_assumed_check_hub_commits, pm_assumed_check_hub_headers, pm_assumed_check_storage;

void pm_assumed_ask_hub(struct pm_assumed *assumed);
/* After each reply. */
void pm_assumed_go_on_hub(struct pm_assumed *assumed);

#endif
