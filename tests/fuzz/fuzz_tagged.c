/* fuzz_tagged.c - big integers and dates as the dashboard spells them.
 *
 * The input is taken twice: as a JSON value, and as the text behind a tag. */

#include "fuzz.h"

#include "base/date.h"
#include "codec/tagged.h"

#define SIGIL "\xE0\xBF\x8F"

static pm_str digits_of(struct pm_arena *arena, struct pm_big big)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 128);
    pm_big_add_text(&buf, big);
    HOLDS(!buf.failed);
    return pm_buf_text(&buf);
}

/* {"___type":type,"value":text}, or the text behind the tag. */
static yyjson_val *spell(struct pm_arena *arena, bool is_v0, const char *tag, pm_str text)
{
    struct pm_json_problem problem;
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    size_t len = 0;
    if (is_v0) {
        yyjson_mut_obj_add_str(doc, root, "___type", tag);
        yyjson_mut_obj_add_strncpy(doc, root, "value", text.ptr, text.len);
    } else {
        struct pm_buf buf;
        pm_buf_init(&buf, arena, SIZE_MAX / 2);
        pm_buf_add_c(&buf, tag);
        pm_buf_add(&buf, text);
        root = yyjson_mut_strncpy(doc, pm_buf_text(&buf).ptr, pm_buf_text(&buf).len);
    }
    yyjson_mut_doc_set_root(doc, root);
    char *json = yyjson_mut_write(doc, YYJSON_WRITE_NOFLAG, &len);
    yyjson_val *value = json ? pm_json_read_copy(arena, (pm_str){json, len}, &problem) : NULL;
    free(json);
    yyjson_mut_doc_free(doc);
    HOLDS(value != NULL);
    return value;
}

static void check_big(struct pm_arena *arena, yyjson_val *value)
{
    struct pm_big big = pm_tagged_big(value);
    pm_str digits = digits_of(arena, big);
    HOLDS(big.is_known == (digits.len > 0));
    if (big.is_known) {
        struct pm_big again = pm_tagged_big(spell(arena, false, SIGIL "BIG", digits));
        HOLDS(again.is_known && pm_big_compare(big, again) == 0);
        HOLDS(!big.is_negative || !pm_big_is_zero(big));
    }
}

static void check_date(struct pm_arena *arena, yyjson_val *value)
{
    int64_t ms, again;
    struct pm_buf buf;
    if (!pm_tagged_date(value, &ms)) {
        return;
    }
    HOLDS(ms >= -PM_DATE_LIMIT_MS && ms <= PM_DATE_LIMIT_MS);
    pm_buf_init(&buf, arena, 64);
    if (pm_date_add_rfc3339(&buf, ms)) {
        HOLDS(pm_tagged_date(spell(arena, true, "date", pm_buf_text(&buf)), &again));
        HOLDS(again <= ms && ms - again < 1000);
    }
}

static void check_text(struct pm_arena *arena, pm_str text)
{
    yyjson_val *v1 = spell(arena, false, SIGIL "BIG", text),
               *v0 = spell(arena, true, "bigint", text);
    struct pm_big big = pm_tagged_big(v1), older = pm_tagged_big(v0);
    HOLDS(big.is_known == older.is_known);
    HOLDS(!big.is_known || pm_big_compare(big, older) == 0);
    check_big(arena, v1);
    yyjson_val *date = spell(arena, false, SIGIL "DAT", text);
    check_date(arena, date);
    check_date(arena, spell(arena, true, "date", text));
    int64_t ms;
    bool is_one = pm_tagged_date(date, &ms);
    double as_double = pm_big_to_double(big);
    bool fits = big.is_known && as_double <= (double)PM_DATE_LIMIT_MS &&
                as_double >= -(double)PM_DATE_LIMIT_MS;
    HOLDS(!fits || (is_one && (double)ms == as_double)); /* what BigInt() takes Number() does too */
    HOLDS(!pm_tagged_big(date).is_known && !pm_tagged_date(v1, &ms));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pm_str text = fuzz_text(data, size);
    struct pm_arena arena;
    struct pm_json_problem problem;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES * 4);
    yyjson_val *value = pm_json_read_copy(&arena, text, &problem);
    if (value) {
        check_big(&arena, value);
        check_date(&arena, value);
    }
    if (size && fuzz_is_utf8(text)) {
        check_text(&arena, text);
    }
    pm_arena_finish(&arena);
    return 0;
}
