/* json.c - JSON by yyjson, on our memory and within our limits. */

#include "codec/json.h"

#include "codec/scan.h"

#include <math.h>
#include <string.h>

static const pm_str byte_order_mark = PM_STR_INIT("\xEF\xBB\xBF");

static void *take(void *arena, size_t size)
{
    return pm_arena_alloc(arena, size);
}

static void *take_more(void *arena, void *old, size_t old_size, size_t size)
{
    return pm_arena_grow(arena, old, old_size, size);
}

static void give_back(void *arena, void *memory)
{
    (void)arena; /* the arena frees it with all else */
    (void)memory;
}

yyjson_alc pm_json_alc(struct pm_arena *arena)
{
    return (yyjson_alc){take, take_more, give_back, arena};
}

/* A quote is escaped by an odd number of backslashes before it; they end at `from` at the latest. */
static bool is_escaped(const char *from, const char *quote)
{
    const char *before = quote;
    while (before > from && before[-1] == '\\') {
        before--;
    }
    return (quote - before) % 2 != 0;
}

/* Past the string that opens at text[at], or text.len when it does not end. */
static size_t pass_string(pm_str text, size_t at)
{
    const char *from = text.ptr + at + 1, *end = text.ptr + text.len, *quote = from;
    while ((quote = memchr(quote, '"', (size_t)(end - quote))) != NULL) {
        if (!is_escaped(from, quote)) {
            return (size_t)(quote - text.ptr) + 1;
        }
        quote++;
    }
    return text.len;
}

/* Where the nesting first goes beyond the limit, or text.len. Looked at before any memory is asked
 * for: a tree takes far more bytes than the brackets that build it. */
static size_t find_too_deep(pm_str text)
{
    size_t depth = 0, at = 0;
    while (at < text.len) {
        char c = text.ptr[at];
        if (c == '"') {
            at = pass_string(text, at);
            continue;
        }
        if (c == '[' || c == '{') {
            if (++depth > PM_JSON_MAX_DEPTH) {
                return at;
            }
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
        at++;
    }
    return text.len;
}

static yyjson_val *refuse(struct pm_json_problem *problem, enum pm_json_fault fault, size_t at,
                          const char *text)
{
    *problem = (struct pm_json_problem){fault, at, text};
    return NULL;
}

static yyjson_val *read_in_place(struct pm_arena *arena, char *text, size_t len,
                                 yyjson_read_flag flags, struct pm_json_problem *problem)
{
    size_t skipped = pm_str_starts((pm_str){text, len}, byte_order_mark) ? byte_order_mark.len : 0;
    size_t deep = find_too_deep((pm_str){text, len});
    yyjson_alc alc = pm_json_alc(arena);
    yyjson_read_err error = {0};
    *problem = (struct pm_json_problem){PM_JSON_OK, 0, ""};
    if (deep < len) {
        return refuse(problem, PM_JSON_TOO_DEEP, deep, "nested too deeply");
    }
    if (len == skipped) {
        return refuse(problem, PM_JSON_BAD, len, "empty text");
    }
    memset(text + len, 0, PM_JSON_PADDING); /* where yyjson stops: it looks at no length in place */
    yyjson_doc *doc =
        yyjson_read_opts(text + skipped, len - skipped, flags | YYJSON_READ_INSITU, &alc, &error);
    if (doc) {
        return yyjson_doc_get_root(doc);
    }
    if (error.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION) {
        return refuse(problem, PM_JSON_NO_MEMORY, 0, "out of memory");
    }
    return refuse(problem, PM_JSON_BAD, skipped + error.pos, error.msg);
}

yyjson_val *pm_json_read(struct pm_arena *arena, char *text, size_t len,
                         struct pm_json_problem *problem)
{
    len = pm_scan_mend_halves(text, len);
    return read_in_place(arena, text, len, YYJSON_READ_ALLOW_INVALID_UNICODE, problem);
}

yyjson_val *pm_json_read_copy(struct pm_arena *arena, pm_str text, struct pm_json_problem *problem)
{
    char *copy = NULL;
    if (text.len < SIZE_MAX / 2) {
        copy = pm_arena_alloc(arena, text.len + PM_JSON_PADDING);
    }
    if (!copy) {
        return refuse(problem, PM_JSON_NO_MEMORY, 0, "out of memory");
    }
    if (text.len) {
        memcpy(copy, text.ptr, text.len);
    }
    return read_in_place(arena, copy, text.len, YYJSON_READ_NOFLAG, problem);
}

yyjson_val *pm_json_get(yyjson_val *object, const char *name)
{
    size_t len = strlen(name);
    yyjson_val *key, *found = NULL;
    yyjson_obj_iter members = yyjson_obj_iter_with(object);
    while ((key = yyjson_obj_iter_next(&members)) != NULL) {
        if (yyjson_equals_strn(key, name, len)) {
            found = yyjson_obj_iter_get_val(key);
        }
    }
    return found;
}

pm_str pm_json_text(yyjson_val *value)
{
    return yyjson_is_str(value) ? (pm_str){yyjson_get_str(value), yyjson_get_len(value)}
                                : (pm_str){0};
}

bool pm_json_whole(yyjson_val *value, uint64_t *out)
{
    const double limit = 9007199254740992.0; /* from here on doubles skip whole numbers */
    double number;
    if (!pm_json_number(value, &number) || number < 0 || number > limit ||
        number != floor(number)) {
        return false;
    }
    if (yyjson_is_uint(value) && yyjson_get_uint(value) > (uint64_t)limit) {
        return false; /* it became `limit` only as a double */
    }
    *out = (uint64_t)number;
    return true;
}

bool pm_json_number(yyjson_val *value, double *out)
{
    if (!yyjson_is_num(value)) {
        return false;
    }
    double number = yyjson_get_num(value);
    if (!isfinite(number)) {
        return false;
    }
    *out = number;
    return true;
}
