/* json.h - JSON by yyjson, on our memory and within our limits. */
#ifndef PM_CODEC_JSON_H
#define PM_CODEC_JSON_H

#include "base/arena.h"

#include <yyjson.h>

#define PM_JSON_MAX_DEPTH 64
#define PM_JSON_PADDING 8 /* bytes that may be written after a text that is read in place */

enum pm_json_fault {
    PM_JSON_OK,
    PM_JSON_BAD,       /* not JSON */
    PM_JSON_TOO_DEEP,  /* more than PM_JSON_MAX_DEPTH levels */
    PM_JSON_NO_MEMORY, /* the arena's ceiling was reached */
};

struct pm_json_problem {
    enum pm_json_fault fault;
    size_t at;        /* byte position */
    const char *text; /* static, one phrase */
};

/* An allocator for yyjson that takes from `arena` and frees with it. Keep it while the tree is
 * used. */
yyjson_alc pm_json_alc(struct pm_arena *arena);

/* The root of one whole JSON document, or NULL with `problem` filled. `text` is read in place: its
 * bytes are changed, PM_JSON_PADDING writable bytes must follow it, and both must outlive the
 * tree. A leading byte order mark is passed over. Numbers that no double holds make the document
 * bad.
 *
 * Meant for replies: control characters and bytes that are no UTF-8 stay as they are in a string,
 * and half a surrogate pair ("\ud800") becomes such bytes, so that one bad byte in one name does not
 * cost all the rest. */
yyjson_val *pm_json_read(struct pm_arena *arena, char *text, size_t len,
                         struct pm_json_problem *problem);
/* The same from a copy on the arena, for texts of our own callers: UTF-8 or nothing. */
yyjson_val *pm_json_read_copy(struct pm_arena *arena, pm_str text, struct pm_json_problem *problem);

/* The member of that name (the last one, should a name occur twice: as JSON.parse does), or NULL
 * when there is none or `object` is no object (NULL included). */
yyjson_val *pm_json_get(yyjson_val *object, const char *name);

/* A string's text (may hold NUL); .ptr NULL when `value` is no string. */
pm_str pm_json_text(yyjson_val *value);
/* A number that is whole and within 0..2^53, however it was written (3, 3.0, 3e0). */
PM_CHECKED bool pm_json_whole(yyjson_val *value, uint64_t *out);
/* A finite number. */
PM_CHECKED bool pm_json_number(yyjson_val *value, double *out);

#endif
