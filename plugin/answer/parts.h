/* parts.h - what the files of answer/ share and nobody else sees.
 *
 * An answer is kept as parts until it is written: single values are JSON values already, while
 * groups and tables stay lists, so that what does not fit can be left out before the JSON is
 * put together. A part is a member: a key with a value, a group or a table. */
#ifndef PM_ANSWER_PARTS_H
#define PM_ANSWER_PARTS_H

#include "answer/answer.h"
#include "codec/json.h"

struct pm_part {
    const char *key;
    const struct pm_group *owner; /* the group it stands in; NULL: the answer itself */
    yyjson_mut_val *value;        /* one of these three */
    struct pm_group *group;
    struct pm_table *table;
    bool is_hidden; /* the request was for another part */
    bool is_cut;    /* given up for the budget */
    bool is_late;   /* of the references and opened after the verdicts: written after them */
    struct pm_part *next;
};

struct pm_parts {
    struct pm_part *first, *last;
};

struct pm_group {
    struct pm_answer *answer;
    const struct pm_part *part;     /* the member that it is */
    const struct pm_origin *origin; /* NULL inside another group and for a verdict */
    struct pm_parts parts;
};

struct pm_row {
    yyjson_mut_val *cells;
    const struct pm_clean *token;
    size_t end; /* bytes of all rows up to this one, each with a comma */
};

struct pm_table {
    struct pm_answer *answer;
    struct pm_table_spec spec;
    size_t column_count;
    const struct pm_origin *const *origins; /* none for a table inside a group */
    size_t origin_count;
    struct pm_row *rows;
    size_t row_count, row_room;
    size_t counted;        /* further rows, which are not here */
    yyjson_mut_val *cells; /* of the row being written, or NULL */
    size_t cell_count;
    bool has_total;
    bool is_endless; /* more rows follow, and nobody tells how many */
    uint64_t total;
    uint64_t earlier;   /* rows on earlier pages */
    size_t first, kept; /* the rows that are written */
};

struct pm_answer {
    struct pm_arena *arena;
    yyjson_alc alc;
    yyjson_mut_doc *doc;
    const char *action;
    enum pm_found found;
    struct pm_parts asked, parts, verdicts;
    yyjson_mut_val *summary, *notes, *sources, *next;
    struct pm_arguments request;
    const char *const *cut_order;
    pm_str only_group, only_part; /* empty: everything */
    uint64_t only_from;
};

/* --- value.c: single values; NULL when memory is out, which every function takes --- */

/* Text as a JSON string in which no host finds the words it takes for a failed call. */
yyjson_mut_val *pm_value_text(struct pm_answer *answer, pm_str text);
yyjson_mut_val *pm_value_own(struct pm_answer *answer, const char *own);
yyjson_mut_val *pm_value_big(struct pm_answer *answer, struct pm_big n);
yyjson_mut_val *pm_value_float(struct pm_answer *answer, double value);
yyjson_mut_val *pm_value_fixed(struct pm_answer *answer, double value, unsigned decimals);
yyjson_mut_val *pm_value_date(struct pm_answer *answer, int64_t ms);
/* One member more; nothing when `value` is NULL. */
void pm_value_set(struct pm_answer *answer, yyjson_mut_val *object, const char *key,
                  yyjson_mut_val *value);
/* As old as the oldest of the origins: "age_s", "stale" where it is so, "cluster" and "slot" of what
 * is on chain, and "as_of" of references. */
void pm_value_set_time(struct pm_answer *answer, yyjson_mut_val *object,
                       const struct pm_origin *const *origins, size_t count);
/* How many bytes it will be as text. */
size_t pm_value_size(yyjson_mut_val *value);

/* --- group.c --- */

struct pm_part *pm_part_add(struct pm_answer *answer, struct pm_parts *parts,
                            const struct pm_group *owner, const char *key);
/* NULL when it is empty and inside another. */
yyjson_mut_val *pm_group_value(const struct pm_group *group, bool with_rows);

/* --- table.c --- */

yyjson_mut_val *pm_table_value(const struct pm_table *table, const struct pm_part *part,
                               bool with_rows);
/* Bytes that the rows add to the value without them. */
size_t pm_table_rows_size(const struct pm_table *table);

/* --- call.c: calls that are suggested --- */

yyjson_mut_val *pm_call_value(struct pm_answer *answer, const struct pm_arguments *arguments);
/* The request again, with `key` set to `value`. */
yyjson_mut_val *pm_call_again(struct pm_answer *answer, const char *key,
                              const struct pm_clean *value);
yyjson_mut_val *pm_call_suggestion(struct pm_answer *answer, const char *tool,
                                   const struct pm_arguments *arguments, const char *why);
/* Without "detail":"full", and not a part asked for alone. */
bool pm_call_is_brief(const struct pm_answer *answer);
/* What a part lacks and the call that gets it, for `omitted`; NULL when it lacks nothing. */
yyjson_mut_val *pm_call_for_omitted(struct pm_answer *answer, const struct pm_part *part);

/* --- only.c: answers that show one part --- */

/* Marks what is not shown, and which rows are. */
void pm_only_apply(struct pm_answer *answer);

/* --- budget.c --- */

/* Decides what is left out. */
void pm_budget_fit(struct pm_answer *answer, size_t budget);

/* --- write.c --- */

/* Budgets count an answer without its rows, whose sizes are known. */
yyjson_mut_val *pm_write_answer(struct pm_answer *answer, bool with_rows);
/* A part's value, or NULL when it is left out. */
yyjson_mut_val *pm_write_part(const struct pm_part *part, bool with_rows);
/* Hidden, cut, or inside a part that is. */
bool pm_write_leaves_out(const struct pm_part *part);
pm_str pm_write_value(struct pm_answer *answer, const yyjson_mut_val *root);

#endif
