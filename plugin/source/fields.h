/* fields.h - plain members of JSON objects.
 *
 * Each takes an object, NULL included, and the name of a member. What is absent, of another type or
 * out of range is unknown, and the rest of the reply is taken all the same. */
#ifndef PM_SOURCE_FIELDS_H
#define PM_SOURCE_FIELDS_H

#include "codec/json.h"
#include "source/known.h"

/* As sent: no tag means anything in a text. Empty when it is no string. */
pm_str pm_field_text(yyjson_val *object, const char *name);
struct pm_count pm_field_count(yyjson_val *object, const char *name);
/* The same beyond 2^53, where a number stays whole only as it was written. */
struct pm_count pm_field_u64(yyjson_val *object, const char *name);
struct pm_number pm_field_number(yyjson_val *object, const char *name);
struct pm_flag pm_field_flag(yyjson_val *object, const char *name);
/* RFC 3339. */
struct pm_time pm_field_time(yyjson_val *object, const char *name);
/* Sent, and not null. */
bool pm_field_is_set(yyjson_val *object, const char *name);

#endif
