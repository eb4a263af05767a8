/* dashboard_fields.h - the small parts of which the dashboard's replies are made.
 *
 * Each takes an object, NULL included, and the name of a member. What is absent, of another type or
 * out of range is unknown, and the rest of the reply is taken all the same. */
#ifndef PM_SOURCE_DASHBOARD_FIELDS_H
#define PM_SOURCE_DASHBOARD_FIELDS_H

#include "codec/json.h"
#include "source/dashboard.h"

/* As sent: no tag means anything in a text. Empty when it is no string. */
pm_str pm_field_text(yyjson_val *object, const char *name);
/* A big integer that counts something: unknown when negative. */
struct pm_big pm_field_amount(yyjson_val *object, const char *name);
struct pm_count pm_field_count(yyjson_val *object, const char *name);
struct pm_number pm_field_number(yyjson_val *object, const char *name);
PM_CHECKED bool pm_field_date(yyjson_val *object, const char *name, int64_t *ms);
/* {slot, time}; either may be missing. */
struct pm_moment pm_field_moment(yyjson_val *object, const char *name);
/* Sent, and not null. */
bool pm_field_is_set(yyjson_val *object, const char *name);

/* Can this run be named, and so asked for? */
bool pm_field_has_id(yyjson_val *summary);
/* What both routes say of a run. */
void pm_field_info(struct pm_arena *arena, yyjson_val *summary, struct pm_run_info *info);

#endif
