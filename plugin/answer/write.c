/* write.c - the answer put together, in the order in which it is read. */

#include "answer/parts.h"

#define SCHEMA "psyche.monitor/1"

pm_str pm_write_value(struct pm_answer *answer, const yyjson_mut_val *root)
{
    size_t len = 0;
    const char *json =
        yyjson_mut_val_write_opts(root, YYJSON_WRITE_NOFLAG, &answer->alc, &len, NULL);
    return json && !answer->arena->failed ? (pm_str){json, len} : PM_STR("");
}

bool pm_write_leaves_out(const struct pm_part *part)
{
    return part->is_hidden || part->is_cut ||
           (part->owner && pm_write_leaves_out(part->owner->part));
}

yyjson_mut_val *pm_write_part(const struct pm_part *part, bool with_rows)
{
    if (part->is_hidden || part->is_cut) {
        return NULL;
    }
    if (part->group) {
        return pm_group_value(part->group, with_rows);
    }
    return part->table ? pm_table_value(part->table, part, with_rows) : part->value;
}

static void add_parts(struct pm_answer *answer, yyjson_mut_val *root, const struct pm_parts *parts,
                      bool late_ones, bool with_rows)
{
    for (const struct pm_part *part = parts->first; part; part = part->next) {
        if (part->is_late == late_ones) {
            pm_value_set(answer, root, part->key, pm_write_part(part, with_rows));
        }
    }
}

static void add_omitted(struct pm_answer *answer, yyjson_mut_val *list,
                        const struct pm_parts *parts)
{
    for (const struct pm_part *part = parts->first; part; part = part->next) {
        yyjson_mut_val *entry = pm_call_for_omitted(answer, part);
        if (entry) {
            yyjson_mut_arr_append(list, entry);
        }
        if (part->group && !pm_write_leaves_out(part)) {
            add_omitted(answer, list, &part->group->parts);
        }
    }
}

static yyjson_mut_val *found_value(struct pm_answer *answer)
{
    switch (answer->found) {
    case PM_FOUND_TRUE:
        return yyjson_mut_true(answer->doc);
    case PM_FOUND_FALSE:
        return yyjson_mut_false(answer->doc);
    case PM_FOUND_AMBIGUOUS:
        return pm_value_own(answer, "ambiguous");
    case PM_FOUND_UNKNOWN:
        break;
    }
    return pm_value_own(answer, "unknown");
}

static void add_head(struct pm_answer *answer, yyjson_mut_val *root)
{
    yyjson_mut_val *summary = answer->summary;
    pm_value_set(answer, root, "summary", summary ? summary : pm_value_own(answer, ""));
    pm_value_set(answer, root, "success", yyjson_mut_true(answer->doc));
    pm_value_set(answer, root, "schema", pm_value_own(answer, SCHEMA));
    pm_value_set(answer, root, "action", pm_value_own(answer, answer->action));
    pm_value_set(answer, root, "found", found_value(answer));
}

yyjson_mut_val *pm_write_answer(struct pm_answer *answer, bool with_rows)
{
    yyjson_mut_val *root = yyjson_mut_obj(answer->doc), *omitted = yyjson_mut_arr(answer->doc);
    add_head(answer, root);
    add_parts(answer, root, &answer->asked, false, with_rows);
    add_parts(answer, root, &answer->parts, false, with_rows);
    add_parts(answer, root, &answer->verdicts, false, with_rows);
    add_parts(answer, root, &answer->parts, true, with_rows);
    pm_value_set(answer, root, "sources", answer->sources);
    pm_value_set(answer, root, "notes", answer->notes);
    add_omitted(answer, omitted, &answer->parts);
    pm_value_set(answer, root, "omitted", yyjson_mut_arr_size(omitted) ? omitted : NULL);
    pm_value_set(answer, root, "next", answer->next);
    return root;
}

void pm_answer_cut_order(struct pm_answer *answer, const char *const *subjects)
{
    if (answer) {
        answer->cut_order = subjects;
    }
}

pm_str pm_answer_write(struct pm_answer *answer, size_t budget)
{
    if (!answer || answer->arena->failed) {
        return PM_STR("");
    }
    pm_only_apply(answer);
    pm_budget_fit(answer, budget);
    return pm_write_value(answer, pm_write_answer(answer, true));
}
