/* hub_name.c - names on a model hub, and the small texts in which it speaks of pages, steps and
 * limits. */

#include "codec/hub_name.h"

#define PART_MOST 96
#define REVISION_MOST 128
#define COMMIT_DIGITS 40
#define CURSOR_MOST 2048
#define STEP_MOST ((UINT64_C(1) << 53) - 1) /* as a JSON number every reader can hold it */

/* --- names --- */

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_word(char c)
{
    return is_letter_or_digit(c) || c == '_';
}

/* All bytes are letters, digits or one of `others`. */
static bool has_only(pm_str text, pm_str others)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_letter_or_digit(text.ptr[i]) && pm_str_find(others, text.ptr[i]) == others.len) {
            return false;
        }
    }
    return true;
}

/* `c` stands twice in a row. */
static bool has_twice(pm_str text, char c)
{
    for (size_t i = 1; i < text.len; i++) {
        if (text.ptr[i] == c && text.ptr[i - 1] == c) {
            return true;
        }
    }
    return false;
}

static bool is_part(pm_str part)
{
    return part.len > 0 && part.len <= PART_MOST && has_only(part, PM_STR("._-")) &&
           is_word(part.ptr[0]) && is_word(part.ptr[part.len - 1]);
}

bool pm_hub_is_repository(pm_str text)
{
    size_t slash = pm_str_find(text, '/');
    return slash < text.len && is_part(pm_str_slice(text, 0, slash)) &&
           is_part(pm_str_tail(text, slash + 1)) && !has_twice(text, '-') &&
           !has_twice(text, '.') && !pm_str_ends_nocase(text, PM_STR(".git"));
}

bool pm_hub_is_commit(pm_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return false;
        }
    }
    return text.len == COMMIT_DIGITS;
}

bool pm_hub_is_revision(pm_str text)
{
    return text.len > 0 && text.len <= REVISION_MOST && has_only(text, PM_STR("._/-")) &&
           text.ptr[0] != '-' && text.ptr[0] != '.' && text.ptr[0] != '/' &&
           text.ptr[text.len - 1] != '/' && !has_twice(text, '/') && !has_twice(text, '.');
}

/* --- titles --- */

bool pm_hub_step(pm_str title, uint64_t *step)
{
    const pm_str trainer = PM_STR("Training in progress, "), word = PM_STR("step ");
    title = pm_str_trim(title);
    if (pm_str_starts_nocase(title, trainer)) {
        title = pm_str_tail(title, trainer.len);
    }
    return pm_str_starts_nocase(title, word) && pm_str_to_u64(pm_str_tail(title, word.len), step) &&
           *step <= STEP_MOST;
}

/* --- links: <address>; name=value; name="value", <address>; … --- */

static pm_str skip_blanks(pm_str text)
{
    size_t at = 0;
    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t')) {
        at++;
    }
    return pm_str_tail(text, at);
}

/* Takes what stands before the next byte of `ends`. */
static pm_str take_until(pm_str *rest, pm_str ends)
{
    size_t at = 0;
    while (at < rest->len && pm_str_find(ends, rest->ptr[at]) == ends.len) {
        at++;
    }
    pm_str taken = pm_str_slice(*rest, 0, at);
    *rest = pm_str_tail(*rest, at);
    return taken;
}

/* A quoted value; what it says is not unescaped, since no word that matters has an escape. */
static pm_str take_quoted(pm_str *rest)
{
    size_t at = 1;
    while (at < rest->len && rest->ptr[at] != '"') {
        at += rest->ptr[at] == '\\' ? 2 : 1;
    }
    pm_str value = pm_str_slice(*rest, 1, at);
    *rest = pm_str_tail(*rest, at + 1);
    return value;
}

struct parameter {
    pm_str name, value;
};

/* The next "; name=value"; false at the end of an entry. */
static bool take_parameter(pm_str *rest, struct parameter *parameter)
{
    *rest = skip_blanks(*rest);
    if (!pm_str_starts(*rest, PM_STR(";"))) {
        return false;
    }
    *rest = pm_str_tail(*rest, 1);
    parameter->name = pm_str_trim(take_until(rest, PM_STR("=;,")));
    parameter->value = PM_STR("");
    if (pm_str_starts(*rest, PM_STR("="))) {
        *rest = skip_blanks(pm_str_tail(*rest, 1));
        parameter->value = pm_str_starts(*rest, PM_STR("\""))
                               ? take_quoted(rest)
                               : pm_str_trim(take_until(rest, PM_STR(";,")));
    }
    return true;
}

/* rel may hold several words. */
static bool says_next(pm_str value)
{
    while (value.len) {
        pm_str word = take_until(&value, PM_STR(" \t"));
        if (pm_str_equal_nocase(word, PM_STR("next"))) {
            return true;
        }
        value = pm_str_tail(value, 1);
    }
    return false;
}

/* Of several rel the first one counts. */
static bool take_parameters(pm_str *rest)
{
    struct parameter parameter;
    bool has_rel = false, is_next = false;
    while (take_parameter(rest, &parameter)) {
        if (!has_rel && pm_str_equal_nocase(parameter.name, PM_STR("rel"))) {
            has_rel = true;
            is_next = says_next(parameter.value);
        }
    }
    return is_next;
}

bool pm_link_next(pm_str header, pm_str *url)
{
    pm_str rest = header;
    while (rest.len) {
        (void)take_until(&rest, PM_STR("<"));
        rest = pm_str_tail(rest, 1);
        pm_str address = pm_str_trim(take_until(&rest, PM_STR(">")));
        rest = pm_str_tail(rest, 1);
        if (take_parameters(&rest) && address.len) {
            *url = address;
            return true;
        }
    }
    return false;
}

/* --- cursors --- */

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* What may stand in a query as it is: nothing there begins or ends another parameter. */
static bool is_encoded(pm_str value)
{
    if (value.len == 0 || value.len > CURSOR_MOST || !has_only(value, PM_STR("-._~%=+/:"))) {
        return false;
    }
    for (size_t i = 0; i < value.len; i++) {
        bool is_escape = i + 2 < value.len && is_hex(value.ptr[i + 1]) && is_hex(value.ptr[i + 2]);
        if (value.ptr[i] == '%' && !is_escape) {
            return false;
        }
    }
    return true;
}

static bool find_parameter(pm_str query, pm_str name, pm_str *value)
{
    while (query.len) {
        size_t end = pm_str_find(query, '&');
        pm_str one = pm_str_slice(query, 0, end);
        size_t equals = pm_str_find(one, '=');
        if (pm_str_equal(pm_str_slice(one, 0, equals), name)) {
            *value = pm_str_tail(one, equals + 1);
            return is_encoded(*value);
        }
        query = pm_str_tail(query, end + 1);
    }
    return false;
}

bool pm_link_cursor(pm_str url, pm_str *cursor)
{
    pm_str query = pm_str_tail(url, pm_str_find(url, '?') + 1);
    query = pm_str_slice(query, 0, pm_str_find(query, '#'));
    return find_parameter(query, PM_STR("cursor"), cursor) ||
           find_parameter(query, PM_STR("p"), cursor);
}

/* --- limits --- */

/* One limit: a name, then r and t in any order. */
static bool read_limit(pm_str *rest, uint64_t *left, uint64_t *seconds)
{
    struct parameter parameter;
    bool has_left = false, has_seconds = false;
    *rest = skip_blanks(*rest);
    if (pm_str_starts(*rest, PM_STR("\""))) {
        (void)take_quoted(rest);
    }
    (void)take_until(rest, PM_STR(";,"));
    while (take_parameter(rest, &parameter)) {
        if (pm_str_equal_nocase(parameter.name, PM_STR("r"))) {
            has_left = pm_str_to_u64(parameter.value, left);
        } else if (pm_str_equal_nocase(parameter.name, PM_STR("t"))) {
            has_seconds = pm_str_to_u64(parameter.value, seconds);
        }
    }
    (void)take_until(rest, PM_STR(","));
    *rest = pm_str_tail(*rest, 1);
    return has_left && has_seconds;
}

bool pm_rate_limit_read(pm_str header, uint64_t *left, uint64_t *seconds)
{
    bool is_found = false;
    for (pm_str rest = header; rest.len;) {
        uint64_t one_left, one_seconds;
        bool is_used_up = is_found && *left == 0;
        if (read_limit(&rest, &one_left, &one_seconds) &&
            (!is_found || (one_left == 0 && !is_used_up))) {
            *left = one_left;
            *seconds = one_seconds;
            is_found = true;
        }
    }
    return is_found;
}
