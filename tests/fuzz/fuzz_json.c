/* fuzz_json.c - JSON as a tree, and the walk over JSON that builds none. */

#include "fuzz.h"

#include "codec/json.h"
#include "codec/scan.h"

#include <math.h>

static void look(yyjson_val *value, size_t depth)
{
    size_t at, count;
    yyjson_val *key, *inner;
    HOLDS(depth <= PM_JSON_MAX_DEPTH);
    yyjson_obj_foreach(value, at, count, key, inner)
    {
        look(key, depth);
        look(inner, depth + 1);
    }
    yyjson_arr_foreach(value, at, count, inner)
    {
        look(inner, depth + 1);
    }
    double number = 0;
    uint64_t whole = 0;
    HOLDS(pm_json_number(value, &number) == yyjson_is_num(value));
    HOLDS(isfinite(number));
    HOLDS(!pm_json_whole(value, &whole) || (double)whole == number);
    HOLDS((pm_json_text(value).ptr != NULL) == yyjson_is_str(value));
}

/* In a block of exactly its size. */
static char *copy_in_place(pm_str text)
{
    char *copy = malloc(text.len + PM_JSON_PADDING);
    if (!copy) {
        abort();
    }
    memcpy(copy, text.ptr, text.len);
    return copy;
}

/* A reply is read in place and may hold what is no UTF-8; all that is taken from a caller is taken
 * from a reply too, and says the same. */
static void check_in_place(struct pm_arena *arena, pm_str text, yyjson_val *strict)
{
    struct pm_json_problem problem;
    char *copy = copy_in_place(text);
    yyjson_val *root = pm_json_read(arena, copy, text.len, &problem);
    HOLDS((root != NULL) == (problem.fault == PM_JSON_OK) && (root || !strict));
    HOLDS(root || problem.at <= text.len);
    HOLDS(!strict || yyjson_equals(root, strict));
    if (root) {
        look(root, 0);
    }
    free(copy);
}

/* Written and read again it is the same. */
static void check_round_trip(struct pm_arena *arena, yyjson_val *root)
{
    struct pm_json_problem problem;
    size_t len = 0;
    char *text = yyjson_val_write(root, YYJSON_WRITE_NOFLAG, &len);
    HOLDS(text != NULL);
    HOLDS(yyjson_equals(root, pm_json_read_copy(arena, (pm_str){text, len}, &problem)));
    free(text);
}

/* What is JSON is JSON to both. (The walk forgives more: it does not look into strings.) */
static void check_walk(pm_str text, bool is_json)
{
    struct pm_scan scan = pm_scan_from(text);
    bool is_passed = pm_scan_skip(&scan);
    HOLDS(scan.at <= text.ptr + text.len);
    HOLDS(is_passed == (scan.fault == PM_JSON_OK));
    HOLDS(is_passed || scan.problem);
    HOLDS(!is_json || (is_passed && pm_scan_peek(&scan) == '\0' && scan.at == scan.end));
}

/* A string between quotes says to both the same. */
static void check_string(struct pm_arena *arena, pm_str text)
{
    struct pm_json_problem problem;
    struct pm_scan scan = pm_scan_from(text);
    pm_str raw;
    if (pm_scan_peek(&scan) != '"' || !pm_scan_string(&scan, &raw)) {
        return;
    }
    char *read = copy_in_place((pm_str){raw.ptr - 1, raw.len + 2});
    char *unescaped = copy_in_place(raw);
    pm_str said = pm_json_text(pm_json_read(arena, read, raw.len + 2, &problem));
    size_t len = raw.len;
    bool is_right = pm_scan_unescape(unescaped, &len);
    HOLDS(is_right || !said.ptr); /* half a surrogate pair is taken only here */
    HOLDS(!said.ptr || pm_str_equal(said, (pm_str){unescaped, len}));
    free(read);
    free(unescaped);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pm_str text = fuzz_text(data, size);
    struct pm_arena arena;
    struct pm_json_problem problem;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES * 4);
    yyjson_val *root = pm_json_read_copy(&arena, text, &problem);
    HOLDS((root != NULL) == (problem.fault == PM_JSON_OK));
    HOLDS(root || (problem.at <= size && problem.text[0]));
    if (root) {
        HOLDS(fuzz_is_utf8(text));
        check_round_trip(&arena, root);
    }
    check_in_place(&arena, text, root);
    check_walk(text, root != NULL);
    check_string(&arena, text);
    pm_arena_finish(&arena);
    return 0;
}
