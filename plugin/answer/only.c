/* only.c - answers that show one group, or one part of it from a row on.
 *
 * A page "g.<group>", "g.<group>.<part>" or "g.<group>.<part>.<row>" stands in `omitted` when
 * something did not fit into an answer that had no more room to be given. For a table of the
 * answer itself the group is the table: "g.<table>" or "g.<table>.<row>". */

#include "answer/parts.h"

void pm_answer_only(struct pm_answer *answer, pm_str group, pm_str table, uint64_t from_row)
{
    if (answer) {
        answer->only_group = pm_arena_copy(answer->arena, group);
        answer->only_part = pm_arena_copy(answer->arena, table);
        answer->only_from = from_row;
    }
}

static pm_str next_word(pm_str *rest)
{
    size_t dot = pm_str_find(*rest, '.');
    pm_str word = pm_str_slice(*rest, 0, dot);
    *rest = pm_str_tail(*rest, dot + 1);
    return word;
}

/* Our keys are lower-case words. */
static bool is_key(pm_str word)
{
    for (size_t i = 0; i < word.len; i++) {
        if ((word.ptr[i] < 'a' || word.ptr[i] > 'z') && word.ptr[i] != '_') {
            return false;
        }
    }
    return word.len > 0;
}

bool pm_answer_only_page(struct pm_answer *answer, pm_str page)
{
    pm_str rest = pm_str_tail(page, 2);
    pm_str group = next_word(&rest), table = PM_STR(""), row = next_word(&rest);
    uint64_t from_row = 0;
    if (!pm_str_starts(page, PM_STR("g."))) {
        return false;
    }
    if (row.len && !pm_str_to_u64(row, &from_row)) {
        table = row;
        row = next_word(&rest);
        if (!is_key(table) || (row.len && !pm_str_to_u64(row, &from_row))) {
            return false;
        }
    }
    if (rest.len || !is_key(group)) {
        return false;
    }
    pm_answer_only(answer, group, table, from_row);
    return true;
}

static bool is_other(pm_str wanted, const struct pm_part *part)
{
    return wanted.len && !pm_str_equal(wanted, pm_str_from(part->key));
}

static void choose_rows(const struct pm_answer *answer, struct pm_part *part)
{
    struct pm_table *table = part->table;
    pm_str asked = part->owner ? answer->only_part : answer->only_group;
    table->first = 0;
    if (asked.len && !part->is_hidden) {
        table->first =
            answer->only_from < table->row_count ? (size_t)answer->only_from : table->row_count;
    }
    table->kept = table->row_count - table->first;
    if (table->spec.brief_rows && table->kept > table->spec.brief_rows &&
        pm_call_is_brief(answer)) {
        table->kept = table->spec.brief_rows;
    }
}

static void apply(const struct pm_answer *answer, struct pm_parts *parts, pm_str wanted)
{
    for (struct pm_part *part = parts->first; part; part = part->next) {
        part->is_hidden = is_other(wanted, part);
        part->is_cut = false;
        if (part->table) {
            choose_rows(answer, part);
        }
        if (part->group) {
            apply(answer, &part->group->parts, part->owner ? PM_STR("") : answer->only_part);
        }
    }
}

void pm_only_apply(struct pm_answer *answer)
{
    apply(answer, &answer->parts, answer->only_group);
    apply(answer, &answer->verdicts, answer->only_group);
}
