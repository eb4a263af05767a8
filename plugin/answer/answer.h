/* answer.h - facts to labelled JSON, within a budget.
 *
 * An answer is a list of groups. A group is opened with an origin (source/origin.h) and writes
 * `source`, `age_s` and, where it is so, `stale` by itself; facts go only into groups and
 * tables, text only as pm_clean. Numbers choose their JSON type by the function, never by the
 * value. What is unknown is left out by the function that was to write it (in a table row:
 * null).
 *
 *   answer = pm_answer_make(arena, …)
 *   group  = pm_group_open(answer, "tracked", origin);      pm_put_big(group, "params", params);
 *   tokens = pm_group_sub(group, "tokens");                 pm_put_big(tokens, "done", done);
 *   table  = pm_table_open(answer, "runs", &spec, origins, n);
 *   pm_cell_text(table, id); … pm_row_end(table, token);
 *   text   = pm_answer_write(answer, budget)
 *
 * All pointers live on the answer's arena; when memory is out every function is harmless and the
 * arena's `failed` says so. */
#ifndef PM_ANSWER_ANSWER_H
#define PM_ANSWER_ANSWER_H

#include "answer/text.h"
#include "base/big.h"
#include "base/error.h"
#include "source/origin.h"

struct pm_answer;
struct pm_group;
struct pm_table;

enum pm_found { PM_FOUND_TRUE, PM_FOUND_FALSE, PM_FOUND_UNKNOWN, PM_FOUND_AMBIGUOUS };

struct pm_answer *pm_answer_make(struct pm_arena *arena, const char *action);

void pm_answer_found(struct pm_answer *answer, enum pm_found found);
enum pm_found pm_answer_is_found(const struct pm_answer *answer);
/* Plain members of the answer itself: they say what was asked, not what was found. */
void pm_answer_asked(struct pm_answer *answer, const char *key, const struct pm_clean *value);

/* --- groups --- */

struct pm_group *pm_group_open(struct pm_answer *answer, const char *name,
                               const struct pm_origin *origin);
struct pm_group *pm_group_sub(struct pm_group *group, const char *name);

void pm_put_text(struct pm_group *group, const char *key, const struct pm_clean *text);
void pm_put_own(struct pm_group *group, const char *key, const char *own);
void pm_put_count(struct pm_group *group, const char *key, uint64_t count);    /* number */
void pm_put_seconds(struct pm_group *group, const char *key, int64_t seconds); /* may be < 0 */
void pm_put_big(struct pm_group *group, const char *key, struct pm_big n);     /* string */
/* Seven significant digits; nothing when not finite. */
void pm_put_float(struct pm_group *group, const char *key, double value);
void pm_put_percent(struct pm_group *group, const char *key, double value); /* one decimal */
void pm_put_fixed(struct pm_group *group, const char *key, double value, unsigned decimals);
void pm_put_flag(struct pm_group *group, const char *key, bool is_true);
void pm_put_date(struct pm_group *group, const char *key, int64_t ms); /* RFC 3339, seconds */

/* Words that are computed from several sources and stand beside them (agreement): behind all
 * groups but those of references that are opened later. */
struct pm_group *pm_answer_verdict(struct pm_answer *answer, const char *name);

/* --- tables --- */

struct pm_table_spec {
    const char *const *columns; /* NULL-terminated */
    unsigned rank;              /* the lowest rank loses its rows first; of equals the later */
    bool is_paged;              /* rows carry a token; get_more is written */
    size_t brief_rows;          /* what a brief answer shows of it, though there be room; 0: all */
};

/* A list of the answer, its rows from these origins (a table of several sources labels its rows or
 * columns itself). */
struct pm_table *pm_table_open(struct pm_answer *answer, const char *name,
                               const struct pm_table_spec *spec,
                               const struct pm_origin *const *origins, size_t origin_count);
/* A list inside a group of the answer (not in one inside a group): it has the group's origin. */
struct pm_table *pm_table_sub(struct pm_group *group, const char *name,
                              const struct pm_table_spec *spec);

void pm_cell_text(struct pm_table *table, const struct pm_clean *text);
void pm_cell_own(struct pm_table *table, const char *own);
void pm_cell_count(struct pm_table *table, uint64_t count);
void pm_cell_seconds(struct pm_table *table, int64_t seconds);
void pm_cell_big(struct pm_table *table, struct pm_big n);
void pm_cell_float(struct pm_table *table, double value);
void pm_cell_fixed(struct pm_table *table, double value, unsigned decimals); /* a number, rounded */
void pm_cell_date(struct pm_table *table, int64_t ms);
void pm_cell_null(struct pm_table *table);
/* Ends the row; `token` is the page that begins after it (NULL when not paged). */
void pm_row_end(struct pm_table *table, const struct pm_clean *token);
/* A brief answer shows no more of this table than it has now, whatever room there be: further rows
 * need only be counted. */
bool pm_table_is_full(const struct pm_table *table);
void pm_table_count_more(struct pm_table *table, size_t rows);
/* How many there are in all, on all pages. Default: the earlier ones and the rows written. */
void pm_table_total(struct pm_table *table, uint64_t total);
/* More rows follow than anybody counted: get_more is written, and no total. */
void pm_table_endless(struct pm_table *table);
/* How many of them earlier pages held. get_more is written while earlier + written < total and
 * the last row has a token. */
void pm_table_earlier(struct pm_table *table, uint64_t rows);

/* --- words --- */

/* Text being said: our words and references, numbers, and ids or repositories; nothing else of an
 * outsider's. */
struct pm_say {
    struct pm_buf buf;
};

void pm_say_init(struct pm_say *say, struct pm_arena *arena);
void pm_say_own(struct pm_say *say, const char *own);
/* An id, a repository or a sentence of the references: asserts it. An id that is more than one plain
 * word stands in quotes, and a quote in it is escaped. */
void pm_say_text(struct pm_say *say, const struct pm_clean *text);
void pm_say_count(struct pm_say *say, uint64_t count);
void pm_say_short(struct pm_say *say, struct pm_big n); /* "30.6B" */
void pm_say_fixed(struct pm_say *say, double value, unsigned decimals);
void pm_say_span(struct pm_say *say, int64_t seconds); /* "41 s", "3 min", "5.2 h", "13.4 days" */
/* "1 run", "3 runs" */
void pm_say_counted(struct pm_say *say, uint64_t count, const char *one, const char *many);

/* The summary, a note: the text said so far is taken. */
void pm_answer_summary(struct pm_answer *answer, struct pm_say *say);
void pm_answer_note(struct pm_answer *answer, struct pm_say *say);
void pm_answer_note_own(struct pm_answer *answer, const char *own);
/* The host's note: PM_TEXT_NOTE. */
void pm_answer_note_clean(struct pm_answer *answer, const struct pm_clean *text);

/* One row an origin: {"source":…,"host":…,"status":…}. From all asks of the batch: a source
 * all of whose requests went well is one row; each request that did not has a row of its own
 * with "request" and "problem". */
void pm_answer_sources(struct pm_answer *answer, const struct pm_batch *batch);

/* A URL's host as `sources` shows it: with the port when it is not the scheme's own. Under a frozen
 * clock never: tests ask whatever port was free, and their answers are the same each time. */
pm_str pm_answer_host(const struct pm_batch *batch, pm_str url);

/* The same for the references, which nobody was asked for; nothing for NULL. */
void pm_answer_guide_source(struct pm_answer *answer, const struct pm_origin *guide);

/* Arguments of a call that is suggested: pairs of key and value, in order. */
struct pm_arguments {
    const char *key[5];
    const struct pm_clean *text[5]; /* or NULL: then number */
    uint64_t number[5];
    size_t count;
};

void pm_arguments_text(struct pm_arguments *arguments, const char *key,
                       const struct pm_clean *value);
void pm_arguments_own(struct pm_arguments *arguments, struct pm_arena *arena, const char *key,
                      const char *own);
void pm_arguments_number(struct pm_arguments *arguments, const char *key, uint64_t value);

/* The request this answers, as arguments: get_more and omitted are built from it. */
void pm_answer_request(struct pm_answer *answer, const struct pm_arguments *request);
void pm_answer_next(struct pm_answer *answer, const char *tool,
                    const struct pm_arguments *arguments, const char *why);

/* --- the end --- */

/* Subjects in the order in which they are given up, NULL-terminated: a group ("guide") or a
 * member of one ("tracked.config", "tracked.description"). The list must outlive the answer. */
void pm_answer_cut_order(struct pm_answer *answer, const char *const *subjects);
/* Only this group ("tracked") is written beside the answer's frame, or one member of it, a
 * table from a row on; for a table of the answer itself `group` is its name and `table` empty. */
void pm_answer_only(struct pm_answer *answer, pm_str group, pm_str table, uint64_t from_row);
/* The same from a page of the kind that `omitted` names: "g.<group>", "g.<group>.<member>",
 * "g.<group>.<table>.<row>", "g.<table>.<row>". False, and nothing done, for any other text. */
PM_CHECKED bool pm_answer_only_page(struct pm_answer *answer, pm_str page);

/* The answer as one line of JSON of at most `budget` bytes if cutting can reach it (rows, then
 * subjects, then rows; never summary, labels, sources, agreement); everything cut is named in
 * `omitted`. Empty when memory is out. */
pm_str pm_answer_write(struct pm_answer *answer, size_t budget);

/* The answer to a call that has none. error->text may quote what was asked as it came: it is
 * cleaned here. `batch` and `nearest` may be NULL. Empty when memory is out. */
pm_str pm_answer_failure(struct pm_arena *arena, const struct pm_error *error,
                         const struct pm_batch *batch, const char *nearest_tool,
                         const struct pm_arguments *nearest);

#endif
