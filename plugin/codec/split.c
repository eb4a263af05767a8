/* split.c - where one JSON document ends and the next begins, while bytes still arrive.
 *
 * Only brackets and strings are followed; whether the brackets pair up is for the reader of the
 * document to say. */

#include "codec/split.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_opening(char c)
{
    return c == '{' || c == '[';
}

static void begin(struct pm_split *split, char c)
{
    split->in_document = true;
    split->in_string = c == '"';
    split->depth = is_opening(c);
    split->is_scalar = !split->in_string && !split->depth;
}

/* One more byte of a string; true when it was the closing quote. */
static bool pass_in_string(struct pm_split *split, char c)
{
    bool is_escaped = split->after_backslash;
    split->after_backslash = c == '\\' && !is_escaped;
    split->in_string = c != '"' || is_escaped;
    return !split->in_string;
}

/* One more byte of an object, array or string; true when it was the document's last. */
static bool pass(struct pm_split *split, char c)
{
    if (split->in_string) {
        return pass_in_string(split, c) && split->depth == 0;
    }
    if (c == '"') {
        split->in_string = true;
    } else if (is_opening(c)) {
        split->depth++;
    } else if (c == '}' || c == ']') {
        split->depth--;
    }
    return split->depth == 0;
}

bool pm_split_next(struct pm_split *split, pm_str fresh, size_t *start, size_t *end)
{
    size_t at = 0;
    while (!split->in_document && at < fresh.len && is_space(fresh.ptr[at])) {
        at++;
    }
    *start = at;
    if (!split->in_document && at < fresh.len) {
        begin(split, fresh.ptr[at++]);
    }
    for (; at < fresh.len; at++) {
        char c = fresh.ptr[at];
        bool ends_before = split->is_scalar && (is_space(c) || is_opening(c) || c == '"');
        if (ends_before || (!split->is_scalar && pass(split, c))) {
            *end = ends_before ? at : at + 1;
            *split = (struct pm_split){0};
            return true;
        }
    }
    *end = at;
    return false;
}

bool pm_split_is_open(const struct pm_split *split)
{
    return split->in_document;
}
