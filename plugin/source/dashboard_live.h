/* dashboard_live.h - the "state" of a run page: what the chain's coordinator says, as the dashboard
 * passes it on. */
#ifndef PM_SOURCE_DASHBOARD_LIVE_H
#define PM_SOURCE_DASHBOARD_LIVE_H

#include "codec/json.h"
#include "source/dashboard.h"

void pm_dashboard_read_live(struct pm_arena *arena, yyjson_val *state, struct pm_run_live *live);

#endif
