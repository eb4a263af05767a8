/* call.c - calls that an answer suggests: the next question, the next page, what was left out. */

#include "answer/parts.h"

#include <assert.h>

#define ARGUMENTS_MOST (sizeof((struct pm_arguments *)0)->text / sizeof(const struct pm_clean *))

/* --- arguments --- */

static void add_argument(struct pm_arguments *arguments, const char *key,
                         const struct pm_clean *text, uint64_t number)
{
    assert(arguments->count < ARGUMENTS_MOST);
    if (arguments->count < ARGUMENTS_MOST) {
        size_t at = arguments->count++;
        arguments->key[at] = key;
        arguments->text[at] = text;
        arguments->number[at] = number;
    }
}

void pm_arguments_text(struct pm_arguments *arguments, const char *key,
                       const struct pm_clean *value)
{
    add_argument(arguments, key, value, 0);
}

void pm_arguments_own(struct pm_arguments *arguments, struct pm_arena *arena, const char *key,
                      const char *own)
{
    add_argument(arguments, key, pm_clean_own(arena, own), 0);
}

void pm_arguments_number(struct pm_arguments *arguments, const char *key, uint64_t value)
{
    add_argument(arguments, key, NULL, value);
}

static yyjson_mut_val *argument_value(struct pm_answer *answer,
                                      const struct pm_arguments *arguments, size_t at)
{
    const struct pm_clean *text = arguments->text[at];
    return text ? pm_value_text(answer, pm_clean_text(text))
                : yyjson_mut_uint(answer->doc, arguments->number[at]);
}

yyjson_mut_val *pm_call_value(struct pm_answer *answer, const struct pm_arguments *arguments)
{
    yyjson_mut_val *object = yyjson_mut_obj(answer->doc);
    for (size_t i = 0; i < arguments->count; i++) {
        pm_value_set(answer, object, arguments->key[i], argument_value(answer, arguments, i));
    }
    return object;
}

static bool is_key(const char *a, const char *b)
{
    return pm_str_equal(pm_str_from(a), pm_str_from(b));
}

yyjson_mut_val *pm_call_again(struct pm_answer *answer, const char *key,
                              const struct pm_clean *value)
{
    const struct pm_arguments *request = &answer->request;
    yyjson_mut_val *object = yyjson_mut_obj(answer->doc);
    bool is_set = false;
    for (size_t i = 0; i < request->count; i++) {
        bool is_same = is_key(request->key[i], key);
        yyjson_mut_val *kept = is_same ? pm_value_text(answer, pm_clean_text(value))
                                       : argument_value(answer, request, i);
        pm_value_set(answer, object, request->key[i], kept);
        is_set = is_set || is_same;
    }
    if (!is_set) {
        pm_value_set(answer, object, key, pm_value_text(answer, pm_clean_text(value)));
    }
    return object;
}

void pm_answer_request(struct pm_answer *answer, const struct pm_arguments *request)
{
    if (answer) {
        answer->request = *request;
    }
}

/* --- suggestions --- */

yyjson_mut_val *pm_call_suggestion(struct pm_answer *answer, const char *tool,
                                   const struct pm_arguments *arguments, const char *why)
{
    yyjson_mut_val *object = yyjson_mut_obj(answer->doc);
    pm_value_set(answer, object, "tool", pm_value_own(answer, tool));
    pm_value_set(answer, object, "arguments", pm_call_value(answer, arguments));
    pm_value_set(answer, object, "why", pm_value_own(answer, why));
    return object;
}

void pm_answer_next(struct pm_answer *answer, const char *tool,
                    const struct pm_arguments *arguments, const char *why)
{
    if (answer) {
        yyjson_mut_arr_append(answer->next, pm_call_suggestion(answer, tool, arguments, why));
    }
}

/* --- what was left out --- */

static bool request_has(const struct pm_answer *answer, const char *key, pm_str value)
{
    const struct pm_arguments *request = &answer->request;
    for (size_t i = 0; i < request->count; i++) {
        if (is_key(request->key[i], key)) {
            const struct pm_clean *text = request->text[i];
            return value.len == 0 || (text && pm_str_equal(pm_clean_text(text), value));
        }
    }
    return false;
}

bool pm_call_is_brief(const struct pm_answer *answer)
{
    return answer->only_group.len == 0 && !request_has(answer, "detail", PM_STR("full"));
}

static const struct pm_clean *clean_of(struct pm_answer *answer, const struct pm_buf *buf)
{
    return pm_clean(answer->arena, PM_TEXT_ID, pm_buf_text(buf));
}

/* "runs" or "tracked.evals". */
static void add_path(struct pm_buf *buf, const struct pm_part *part)
{
    if (part->owner) {
        pm_buf_add_c(buf, part->owner->part->key);
        pm_buf_add_char(buf, '.');
    }
    pm_buf_add_c(buf, part->key);
}

static yyjson_mut_val *get_alone(struct pm_answer *answer, const struct pm_part *part)
{
    bool is_alone = answer->only_group.len > 0;
    struct pm_buf page;
    pm_buf_init(&page, answer->arena, SIZE_MAX / 2);
    pm_buf_add_c(&page, "g.");
    if (!is_alone) {
        pm_buf_add_c(&page, part->owner ? part->owner->part->key : part->key);
    } else {
        add_path(&page, part);
    }
    if (is_alone && part->table && !part->is_cut) {
        pm_buf_add_char(&page, '.');
        pm_buf_add_u64(&page, part->table->first + part->table->kept);
    }
    return pm_call_again(answer, "page", clean_of(answer, &page));
}

/* A paged table goes on after its last row. One without any row left tries for more room; when
 * there is none to be had, the request stays what it was. */
static yyjson_mut_val *get_part(struct pm_answer *answer, const struct pm_part *part)
{
    const struct pm_table *table = part->is_cut ? NULL : part->table;
    bool is_paged = table && table->spec.is_paged;
    if (is_paged && table->kept && table->rows[table->first + table->kept - 1].token) {
        return pm_call_again(answer, "page", table->rows[table->first + table->kept - 1].token);
    }
    if (pm_call_is_brief(answer)) {
        return pm_call_again(answer, "detail", pm_clean_own(answer->arena, "full"));
    }
    if (is_paged && request_has(answer, "page", PM_STR(""))) {
        return pm_call_value(answer, &answer->request);
    }
    return get_alone(answer, part);
}

static size_t rows_cut(const struct pm_part *part)
{
    const struct pm_table *table = part->table;
    return table && !part->is_cut ? table->row_count + table->counted - table->first - table->kept
                                  : 0;
}

yyjson_mut_val *pm_call_for_omitted(struct pm_answer *answer, const struct pm_part *part)
{
    size_t rows = rows_cut(part);
    struct pm_buf what;
    if (part->is_hidden || (!part->is_cut && rows == 0)) {
        return NULL;
    }
    pm_buf_init(&what, answer->arena, SIZE_MAX / 2);
    add_path(&what, part);
    if (rows) {
        pm_buf_add_c(&what, ": ");
        pm_buf_add_u64(&what, rows);
        pm_buf_add_c(&what, rows == 1 ? " row" : " rows");
    }
    yyjson_mut_val *object = yyjson_mut_obj(answer->doc);
    pm_value_set(answer, object, "what", pm_value_text(answer, pm_buf_text(&what)));
    pm_value_set(answer, object, "get", get_part(answer, part));
    return object;
}
