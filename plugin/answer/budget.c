/* budget.c - what is left out of an answer that is too long.
 *
 * Rows go first, from the end of the lowest-ranked table, but three stay; then whole subjects
 * in the order the action gives; then the rows that stayed. The size is kept as a running sum:
 * taking a row or a subject away, and adding the words that name it, changes it by what these
 * measure. */

#include "answer/parts.h"

#define ROWS_THAT_STAY 3
#define TABLES_MOST 32
#define OMITTED_BYTES 12 /* ,"omitted":[] less the comma its first entry has not */

/* What a part adds to the answer. */
struct weight {
    size_t bytes;
    size_t entries; /* of them in `omitted` */
};

struct fit {
    struct pm_answer *answer;
    size_t budget;
    struct weight sum;
    struct pm_part *tables[TABLES_MOST]; /* the first to lose rows first */
    size_t table_count;
};

/* --- weighing --- */

static size_t rows_size(const struct pm_part *part)
{
    size_t size = 0;
    if (pm_write_leaves_out(part)) {
        return 0;
    }
    if (part->table) {
        return pm_table_rows_size(part->table);
    }
    for (const struct pm_part *each = part->group ? part->group->parts.first : NULL; each;
         each = each->next) {
        size += rows_size(each);
    }
    return size;
}

static void weigh_entries(struct pm_answer *answer, const struct pm_part *part,
                          struct weight *weight)
{
    yyjson_mut_val *entry = pm_call_for_omitted(answer, part);
    if (entry) {
        weight->bytes += pm_value_size(entry) + 1;
        weight->entries++;
    }
    if (part->group && !pm_write_leaves_out(part)) {
        for (const struct pm_part *each = part->group->parts.first; each; each = each->next) {
            weigh_entries(answer, each, weight);
        }
    }
}

static struct weight weigh(struct pm_answer *answer, const struct pm_part *part)
{
    struct weight weight = {0, 0};
    yyjson_mut_val *value = pm_write_part(part, false);
    if (value) {
        weight.bytes += pm_str_from(part->key).len + 4 + pm_value_size(value) + rows_size(part);
    }
    weigh_entries(answer, part, &weight);
    return weight;
}

static struct weight without(struct weight sum, struct weight part)
{
    return (struct weight){sum.bytes - part.bytes, sum.entries - part.entries};
}

static struct weight with(struct weight sum, struct weight part)
{
    return (struct weight){sum.bytes + part.bytes, sum.entries + part.entries};
}

static size_t size_of(struct weight sum)
{
    return sum.bytes + (sum.entries ? OMITTED_BYTES : 0);
}

/* Before anything is left out. */
static struct weight weigh_answer(struct pm_answer *answer)
{
    struct weight sum = {pm_value_size(pm_write_answer(answer, false)), 0};
    for (const struct pm_part *part = answer->parts.first; part; part = part->next) {
        sum.bytes += rows_size(part);
    }
    for (const struct pm_part *part = answer->verdicts.first; part; part = part->next) {
        sum.bytes += rows_size(part);
    }
    return sum;
}

/* --- rows --- */

static bool is_before(const struct pm_part *a, const struct pm_part *b)
{
    return a->table->spec.rank < b->table->spec.rank;
}

/* Of equal rank the later one loses first. */
static void list_table(struct fit *fit, struct pm_part *part)
{
    if (fit->table_count == TABLES_MOST) {
        return;
    }
    size_t at = fit->table_count++;
    for (; at > 0 && !is_before(fit->tables[at - 1], part); at--) {
        fit->tables[at] = fit->tables[at - 1];
    }
    fit->tables[at] = part;
}

static void list_tables(struct fit *fit, const struct pm_parts *parts)
{
    for (struct pm_part *part = parts->first; part; part = part->next) {
        if (part->table && !part->is_hidden) {
            list_table(fit, part);
        } else if (part->group && !part->is_hidden) {
            list_tables(fit, &part->group->parts);
        }
    }
}

/* The whole if `part` kept `rows` rows; `rest` is all without the part. */
static struct weight weigh_rows(struct fit *fit, struct weight rest, struct pm_part *part,
                                size_t rows)
{
    part->table->kept = rows;
    return with(rest, weigh(fit->answer, part));
}

/* Keeps as many rows as fit, at least `floor`; all of them when leaving some out would not help. */
static void cut_rows(struct fit *fit, struct pm_part *part, size_t floor)
{
    struct pm_table *table = part->table;
    size_t low = floor, high = table->kept;
    if (pm_write_leaves_out(part) || high <= floor) {
        return;
    }
    struct weight whole = fit->sum, rest = without(whole, weigh(fit->answer, part));
    struct weight kept = weigh_rows(fit, rest, part, floor);
    if (size_of(kept) > fit->budget) {
        bool helps = size_of(kept) < size_of(whole);
        low = helps ? floor : high;
        kept = helps ? kept : whole;
    } else {
        while (high - low > 1) {
            size_t middle = low + (high - low) / 2;
            struct weight tried = weigh_rows(fit, rest, part, middle);
            bool fits = size_of(tried) <= fit->budget;
            low = fits ? middle : low;
            high = fits ? high : middle;
            kept = fits ? tried : kept;
        }
    }
    table->kept = low;
    fit->sum = kept;
}

static void cut_tables(struct fit *fit, size_t floor)
{
    for (size_t i = 0; i < fit->table_count && size_of(fit->sum) > fit->budget; i++) {
        cut_rows(fit, fit->tables[i], floor);
    }
}

/* --- subjects --- */

static struct pm_part *find(const struct pm_parts *parts, pm_str key)
{
    for (struct pm_part *part = parts->first; part; part = part->next) {
        if (pm_str_equal(pm_str_from(part->key), key)) {
            return part;
        }
    }
    return NULL;
}

/* "guide" or "tracked.config". */
static struct pm_part *find_subject(struct pm_answer *answer, pm_str path)
{
    size_t dot = pm_str_find(path, '.');
    struct pm_part *part = find(&answer->parts, pm_str_slice(path, 0, dot));
    if (dot == path.len || !part) {
        return part;
    }
    return !part->group ? NULL : find(&part->group->parts, pm_str_tail(path, dot + 1));
}

/* The one thing that was asked for stays. */
static bool is_asked_for(const struct pm_answer *answer, const struct pm_part *part)
{
    pm_str key = pm_str_from(part->key);
    return part->owner ? pm_str_equal(key, answer->only_part)
                       : pm_str_equal(key, answer->only_group);
}

static void cut_subject(struct fit *fit, struct pm_part *part)
{
    size_t size = size_of(fit->sum);
    if (!part || pm_write_leaves_out(part) || is_asked_for(fit->answer, part)) {
        return;
    }
    struct weight whole = fit->sum, rest = without(whole, weigh(fit->answer, part));
    part->is_cut = true;
    fit->sum = with(rest, weigh(fit->answer, part));
    if (size_of(fit->sum) >= size) { /* naming it takes more room than it did */
        part->is_cut = false;
        fit->sum = whole;
    }
}

static void cut_subjects(struct fit *fit)
{
    const char *const *subjects = fit->answer->cut_order;
    for (size_t i = 0; subjects && subjects[i] && size_of(fit->sum) > fit->budget; i++) {
        cut_subject(fit, find_subject(fit->answer, pm_str_from(subjects[i])));
    }
}

void pm_budget_fit(struct pm_answer *answer, size_t budget)
{
    struct fit fit = {.answer = answer, .budget = budget, .sum = weigh_answer(answer)};
    if (size_of(fit.sum) <= budget) {
        return;
    }
    list_tables(&fit, &answer->parts);
    cut_tables(&fit, ROWS_THAT_STAY);
    cut_subjects(&fit);
    cut_tables(&fit, 0);
}
