/* table.c - lists: columns named once, then rows. */

#include "answer/parts.h"

#include <assert.h>

#define FIRST_ROWS 32

/* --- opening --- */

static struct pm_table *open_table(struct pm_answer *answer, struct pm_parts *parts,
                                   const struct pm_group *owner, const char *name,
                                   const struct pm_table_spec *spec)
{
    struct pm_table *table = pm_arena_zero(answer->arena, sizeof *table);
    struct pm_part *part = table ? pm_part_add(answer, parts, owner, name) : NULL;
    if (!part) {
        return NULL;
    }
    *table = (struct pm_table){.answer = answer, .spec = *spec};
    while (spec->columns[table->column_count]) {
        table->column_count++;
    }
    part->table = table;
    return table;
}

struct pm_table *pm_table_open(struct pm_answer *answer, const char *name,
                               const struct pm_table_spec *spec,
                               const struct pm_origin *const *origins, size_t origin_count)
{
    const struct pm_origin **known =
        answer ? pm_arena_array(answer->arena, origin_count, sizeof(const struct pm_origin *))
               : NULL;
    size_t count = 0;
    for (size_t i = 0; known && i < origin_count; i++) {
        if (origins[i]) {
            known[count++] = origins[i];
        }
    }
    struct pm_table *table = count ? open_table(answer, &answer->parts, NULL, name, spec) : NULL;
    if (table) {
        table->origins = known;
        table->origin_count = count;
    }
    return table;
}

struct pm_table *pm_table_sub(struct pm_group *group, const char *name,
                              const struct pm_table_spec *spec)
{
    assert(!group || !group->part->owner); /* deeper ones could not be named by a page */
    return group ? open_table(group->answer, &group->parts, group, name, spec) : NULL;
}

void pm_table_total(struct pm_table *table, uint64_t total)
{
    if (table) {
        table->total = total;
        table->has_total = true;
    }
}

void pm_table_endless(struct pm_table *table)
{
    if (table) {
        table->is_endless = true;
    }
}

void pm_table_earlier(struct pm_table *table, uint64_t rows)
{
    if (table) {
        table->earlier = rows;
    }
}

/* --- cells --- */

static struct pm_answer *begin_cell(struct pm_table *table)
{
    if (!table) {
        return NULL;
    }
    if (table->cell_count++ == 0) {
        table->cells = yyjson_mut_arr(table->answer->doc);
    }
    return table->answer;
}

/* What is not known is null: the column keeps its place. */
static void end_cell(struct pm_table *table, yyjson_mut_val *value)
{
    yyjson_mut_arr_append(table->cells, value ? value : yyjson_mut_null(table->answer->doc));
}

void pm_cell_text(struct pm_table *table, const struct pm_clean *text)
{
    struct pm_answer *answer = begin_cell(table);
    if (answer) {
        end_cell(table, text ? pm_value_text(answer, pm_clean_text(text)) : NULL);
    }
}

void pm_cell_own(struct pm_table *table, const char *own)
{
    struct pm_answer *answer = begin_cell(table);
    if (answer) {
        end_cell(table, pm_value_own(answer, own));
    }
}

void pm_cell_count(struct pm_table *table, uint64_t count)
{
    struct pm_answer *answer = begin_cell(table);
    if (answer) {
        end_cell(table, yyjson_mut_uint(answer->doc, count));
    }
}

void pm_cell_seconds(struct pm_table *table, int64_t seconds)
{
    struct pm_answer *answer = begin_cell(table);
    if (answer) {
        end_cell(table, yyjson_mut_sint(answer->doc, seconds));
    }
}

void pm_cell_big(struct pm_table *table, struct pm_big n)
{
    struct pm_answer *answer = begin_cell(table);
    if (answer) {
        end_cell(table, pm_value_big(answer, n));
    }
}

void pm_cell_float(struct pm_table *table, double value)
{
    struct pm_answer *answer = begin_cell(table);
    if (answer) {
        end_cell(table, pm_value_float(answer, value));
    }
}

void pm_cell_fixed(struct pm_table *table, double value, unsigned decimals)
{
    struct pm_answer *answer = begin_cell(table);
    if (answer) {
        end_cell(table, pm_value_fixed(answer, value, decimals));
    }
}

void pm_cell_date(struct pm_table *table, int64_t ms)
{
    struct pm_answer *answer = begin_cell(table);
    if (answer) {
        end_cell(table, pm_value_date(answer, ms));
    }
}

void pm_cell_null(struct pm_table *table)
{
    if (begin_cell(table)) {
        end_cell(table, NULL);
    }
}

/* --- rows --- */

static struct pm_row *add_row(struct pm_table *table)
{
    if (table->row_count == table->row_room) {
        size_t room = table->row_room ? table->row_room * 2 : FIRST_ROWS;
        struct pm_row *rows = pm_arena_grow(table->answer->arena, table->rows,
                                            table->row_room * sizeof *rows, room * sizeof *rows);
        if (!rows) {
            return NULL;
        }
        table->rows = rows;
        table->row_room = room;
    }
    return &table->rows[table->row_count++];
}

void pm_row_end(struct pm_table *table, const struct pm_clean *token)
{
    if (!table) {
        return;
    }
    assert(table->cell_count == table->column_count);
    size_t before = table->row_count ? table->rows[table->row_count - 1].end : 0;
    struct pm_row *row = table->cells ? add_row(table) : NULL;
    if (row) {
        *row = (struct pm_row){table->cells, token, before + pm_value_size(table->cells) + 1};
    }
    table->cells = NULL;
    table->cell_count = 0;
}

bool pm_table_is_full(const struct pm_table *table)
{
    return !table || (table->spec.brief_rows && table->row_count >= table->spec.brief_rows &&
                      pm_call_is_brief(table->answer));
}

void pm_table_count_more(struct pm_table *table, size_t rows)
{
    if (table) {
        table->counted += rows;
    }
}

/* --- writing --- */

/* Each label once, in the order of the origins. */
static void set_sources(const struct pm_table *table, yyjson_mut_val *object)
{
    struct pm_answer *answer = table->answer;
    yyjson_mut_val *labels = yyjson_mut_arr(answer->doc);
    for (size_t i = 0; i < table->origin_count; i++) {
        pm_str label = pm_str_from(pm_origin_label(table->origins[i]));
        bool is_new = true;
        for (size_t j = 0; j < i && is_new; j++) {
            is_new = !pm_str_equal(label, pm_str_from(pm_origin_label(table->origins[j])));
        }
        if (is_new) {
            yyjson_mut_arr_append(labels, pm_value_text(answer, label));
        }
    }
    if (yyjson_mut_arr_size(labels) == 1) {
        pm_value_set(answer, object, "source",
                     pm_value_own(answer, pm_origin_label(table->origins[0])));
    } else {
        pm_value_set(answer, object, "sources", labels);
    }
}

static void set_counts(const struct pm_table *table, yyjson_mut_val *object)
{
    struct pm_answer *answer = table->answer;
    uint64_t total =
        table->has_total ? table->total : table->earlier + table->row_count + table->counted;
    const struct pm_clean *token =
        table->kept ? table->rows[table->first + table->kept - 1].token : NULL;
    if (table->spec.is_paged || table->kept < total) {
        pm_value_set(answer, object, "returned", yyjson_mut_uint(answer->doc, table->kept));
    }
    if (!table->is_endless && (table->spec.is_paged || table->kept < total)) {
        pm_value_set(answer, object, "total", yyjson_mut_uint(answer->doc, total));
    }
    if (token && (table->is_endless || table->earlier + table->first + table->kept < total)) {
        pm_value_set(answer, object, "get_more", pm_call_again(answer, "page", token));
    }
}

static yyjson_mut_val *columns_value(const struct pm_table *table)
{
    yyjson_mut_val *columns = yyjson_mut_arr(table->answer->doc);
    for (size_t i = 0; i < table->column_count; i++) {
        yyjson_mut_arr_append(columns, pm_value_own(table->answer, table->spec.columns[i]));
    }
    return columns;
}

static yyjson_mut_val *rows_value(const struct pm_table *table, bool with_rows)
{
    yyjson_mut_val *rows = yyjson_mut_arr(table->answer->doc);
    for (size_t i = 0; with_rows && i < table->kept; i++) {
        yyjson_mut_arr_append(rows, table->rows[table->first + i].cells);
    }
    return rows;
}

yyjson_mut_val *pm_table_value(const struct pm_table *table, const struct pm_part *part,
                               bool with_rows)
{
    struct pm_answer *answer = table->answer;
    yyjson_mut_val *object = yyjson_mut_obj(answer->doc);
    if (!part->owner) {
        set_sources(table, object);
        pm_value_set_time(answer, object, table->origins, table->origin_count);
    }
    pm_value_set(answer, object, "columns", columns_value(table));
    pm_value_set(answer, object, "rows", rows_value(table, with_rows));
    set_counts(table, object);
    return object;
}

size_t pm_table_rows_size(const struct pm_table *table)
{
    if (table->kept == 0) {
        return 0;
    }
    size_t before = table->first ? table->rows[table->first - 1].end : 0;
    return table->rows[table->first + table->kept - 1].end - before - 1;
}
