/* dashboard_fields.h - the small parts of which the dashboard's replies are made, beside the plain
 * ones of fields.h, whose rules hold here too. */
#ifndef PM_SOURCE_DASHBOARD_FIELDS_H
#define PM_SOURCE_DASHBOARD_FIELDS_H

#include "codec/json.h"
#include "source/dashboard.h"
#include "source/fields.h"

/* A big integer that counts something: unknown when negative. */
struct pm_big pm_field_amount(yyjson_val *object, const char *name);
PM_CHECKED bool pm_field_date(yyjson_val *object, const char *name, int64_t *ms);
/* {slot, time}; either may be missing. */
struct pm_moment pm_field_moment(yyjson_val *object, const char *name);

/* Can this run be named, and so asked for? */
bool pm_field_has_id(yyjson_val *summary);
/* What both routes say of a run. */
void pm_field_info(struct pm_arena *arena, yyjson_val *summary, struct pm_run_info *info);

#endif
