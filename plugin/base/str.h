/* str.h - text as pointer and length.
 *
 * No text in this library is assumed to end in NUL; a NUL is added only at the door of a
 * C API that wants one (pm_arena_cstr). All subtraction of positions sits in str.c. */
#ifndef PM_BASE_STR_H
#define PM_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PM_CHECKED __attribute__((warn_unused_result))

typedef struct pm_str {
    const char *ptr;
    size_t len;
} pm_str;

/* A literal as pm_str: in expressions, and in static tables (C17 wants an initialiser there). */
#define PM_STR(literal) ((pm_str){(literal), sizeof(literal) - 1})
#define PM_STR_INIT(literal)                                                                       \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    }

/* For printf's "%.*s". */
#define PM_STR_ARG(s) (int)(s).len, (s).ptr

pm_str pm_str_from(const char *c_text); /* NULL gives empty text */

bool pm_str_equal(pm_str a, pm_str b);
bool pm_str_equal_nocase(pm_str a, pm_str b); /* ASCII letters alike, all other bytes exact */
bool pm_str_starts(pm_str text, pm_str prefix);
bool pm_str_starts_nocase(pm_str text, pm_str prefix);
bool pm_str_ends_nocase(pm_str text, pm_str suffix);
bool pm_str_has_nocase(pm_str text, pm_str part);
int pm_str_compare(pm_str a, pm_str b); /* by bytes, shorter first; < 0, 0, > 0 */

/* Bytes [from, to), clamped to the text. */
pm_str pm_str_slice(pm_str text, size_t from, size_t to);
pm_str pm_str_tail(pm_str text, size_t from);
pm_str pm_str_trim(pm_str text); /* without ASCII white space at both ends */

/* Position of the first or last `byte`, or text.len. */
size_t pm_str_find(pm_str text, char byte);
size_t pm_str_find_last(pm_str text, char byte);

/* Plain decimal digits, nothing else, within uint64_t. */
PM_CHECKED bool pm_str_to_u64(pm_str text, uint64_t *out);

#endif
