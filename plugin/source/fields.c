/* fields.c - plain members of JSON objects. */

#include "source/fields.h"

#include "base/date.h"

pm_str pm_field_text(yyjson_val *object, const char *name)
{
    pm_str text = pm_json_text(pm_json_get(object, name));
    return text.ptr ? text : PM_STR("");
}

struct pm_count pm_field_count(yyjson_val *object, const char *name)
{
    struct pm_count count = {0};
    count.is_known = pm_json_whole(pm_json_get(object, name), &count.value);
    return count;
}

struct pm_count pm_field_u64(yyjson_val *object, const char *name)
{
    yyjson_val *value = pm_json_get(object, name);
    return yyjson_is_uint(value) ? (struct pm_count){true, yyjson_get_uint(value)}
                                 : pm_field_count(object, name);
}

struct pm_number pm_field_number(yyjson_val *object, const char *name)
{
    struct pm_number number = {0};
    number.is_known = pm_json_number(pm_json_get(object, name), &number.value);
    return number;
}

struct pm_flag pm_field_flag(yyjson_val *object, const char *name)
{
    yyjson_val *value = pm_json_get(object, name);
    return (struct pm_flag){yyjson_is_bool(value), yyjson_is_true(value)};
}

struct pm_time pm_field_time(yyjson_val *object, const char *name)
{
    struct pm_time time = {0};
    time.has_time = pm_date_read_rfc3339(pm_field_text(object, name), &time.time_ms);
    return time;
}

bool pm_field_is_set(yyjson_val *object, const char *name)
{
    yyjson_val *value = pm_json_get(object, name);
    return value && !yyjson_is_null(value);
}
