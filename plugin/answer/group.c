/* group.c - the answer's parts, and groups of facts that share an origin. */

#include "answer/parts.h"

/* --- the answer --- */

struct pm_answer *pm_answer_make(struct pm_arena *arena, const char *action)
{
    struct pm_answer *answer = pm_arena_zero(arena, sizeof *answer);
    if (!answer) {
        return NULL;
    }
    answer->arena = arena;
    answer->action = action;
    answer->found = PM_FOUND_UNKNOWN;
    answer->alc = pm_json_alc(arena);
    answer->doc = yyjson_mut_doc_new(&answer->alc);
    answer->notes = yyjson_mut_arr(answer->doc);
    answer->sources = yyjson_mut_arr(answer->doc);
    answer->next = yyjson_mut_arr(answer->doc);
    return answer->next ? answer : NULL;
}

void pm_answer_found(struct pm_answer *answer, enum pm_found found)
{
    if (answer) {
        answer->found = found;
    }
}

enum pm_found pm_answer_is_found(const struct pm_answer *answer)
{
    return answer ? answer->found : PM_FOUND_UNKNOWN;
}

struct pm_part *pm_part_add(struct pm_answer *answer, struct pm_parts *parts,
                            const struct pm_group *owner, const char *key)
{
    struct pm_part *part = pm_arena_zero(answer->arena, sizeof *part);
    if (!part) {
        return NULL;
    }
    part->key = key;
    part->owner = owner;
    if (parts->last) {
        parts->last->next = part;
    } else {
        parts->first = part;
    }
    parts->last = part;
    return part;
}

void pm_answer_asked(struct pm_answer *answer, const char *key, const struct pm_clean *value)
{
    struct pm_part *part = answer && value ? pm_part_add(answer, &answer->asked, NULL, key) : NULL;
    if (part) {
        part->value = pm_value_text(answer, pm_clean_text(value));
    }
}

/* --- groups --- */

static struct pm_group *open_group(struct pm_answer *answer, struct pm_parts *parts,
                                   const struct pm_group *owner, const char *name)
{
    struct pm_group *group = pm_arena_zero(answer->arena, sizeof *group);
    struct pm_part *part = group ? pm_part_add(answer, parts, owner, name) : NULL;
    if (!part) {
        return NULL;
    }
    *group = (struct pm_group){.answer = answer, .part = part};
    part->group = group;
    return group;
}

struct pm_group *pm_group_open(struct pm_answer *answer, const char *name,
                               const struct pm_origin *origin)
{
    struct pm_group *group =
        answer && origin ? open_group(answer, &answer->parts, NULL, name) : NULL;
    if (group) {
        group->origin = origin;
        answer->parts.last->is_late = answer->verdicts.first && pm_origin_as_of(origin).len;
    }
    return group;
}

struct pm_group *pm_group_sub(struct pm_group *group, const char *name)
{
    return group ? open_group(group->answer, &group->parts, group, name) : NULL;
}

struct pm_group *pm_answer_verdict(struct pm_answer *answer, const char *name)
{
    return answer ? open_group(answer, &answer->verdicts, NULL, name) : NULL;
}

yyjson_mut_val *pm_group_value(const struct pm_group *group, bool with_rows)
{
    struct pm_answer *answer = group->answer;
    yyjson_mut_val *object = yyjson_mut_obj(answer->doc);
    if (group->origin) {
        const char *label = pm_origin_label(group->origin);
        pm_value_set(answer, object, "source", pm_value_own(answer, label));
        pm_value_set_time(answer, object, &group->origin, 1);
    }
    for (const struct pm_part *part = group->parts.first; part; part = part->next) {
        pm_value_set(answer, object, part->key, pm_write_part(part, with_rows));
    }
    return group->part->owner && yyjson_mut_obj_size(object) == 0 ? NULL : object;
}

/* --- facts --- */

/* A fact that is not known is a member that is not there. */
static void put(struct pm_group *group, const char *key, yyjson_mut_val *value)
{
    struct pm_part *part = value ? pm_part_add(group->answer, &group->parts, group, key) : NULL;
    if (part) {
        part->value = value;
    }
}

void pm_put_text(struct pm_group *group, const char *key, const struct pm_clean *text)
{
    if (group && text) {
        put(group, key, pm_value_text(group->answer, pm_clean_text(text)));
    }
}

void pm_put_own(struct pm_group *group, const char *key, const char *own)
{
    if (group) {
        put(group, key, pm_value_own(group->answer, own));
    }
}

void pm_put_count(struct pm_group *group, const char *key, uint64_t count)
{
    if (group) {
        put(group, key, yyjson_mut_uint(group->answer->doc, count));
    }
}

void pm_put_seconds(struct pm_group *group, const char *key, int64_t seconds)
{
    if (group) {
        put(group, key, yyjson_mut_sint(group->answer->doc, seconds));
    }
}

void pm_put_big(struct pm_group *group, const char *key, struct pm_big n)
{
    if (group) {
        put(group, key, pm_value_big(group->answer, n));
    }
}

void pm_put_float(struct pm_group *group, const char *key, double value)
{
    if (group) {
        put(group, key, pm_value_float(group->answer, value));
    }
}

void pm_put_fixed(struct pm_group *group, const char *key, double value, unsigned decimals)
{
    if (group) {
        put(group, key, pm_value_fixed(group->answer, value, decimals));
    }
}

void pm_put_percent(struct pm_group *group, const char *key, double value)
{
    pm_put_fixed(group, key, value, 1);
}

void pm_put_flag(struct pm_group *group, const char *key, bool is_true)
{
    if (group) {
        put(group, key, yyjson_mut_bool(group->answer->doc, is_true));
    }
}

void pm_put_date(struct pm_group *group, const char *key, int64_t ms)
{
    if (group) {
        put(group, key, pm_value_date(group->answer, ms));
    }
}
