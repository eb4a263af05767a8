/* test_tagged.c - codec/tagged, against what the dashboard's own reader makes of the same text.
 *
 * A vector is {"json": text} with "result": {"t": type, …} or "throws". The dashboard knows which
 * of its two versions it reads and we do not: we take both, so the tagged form of one version is
 * wrong in the other's vectors alone. Those are skipped as values, and counted. */

#include "codec/tagged.h"

#include "check.h"
#include "data.h"

static struct pm_arena arena;

static pm_str text_of(struct pm_big n)
{
    struct pm_buf buf;
    pm_buf_init(&buf, &arena, 100);
    pm_big_add_text(&buf, n);
    return pm_buf_text(&buf);
}

static yyjson_val *read_text(pm_str text)
{
    struct pm_json_problem problem;
    return pm_json_read_copy(&arena, text, &problem);
}

static bool has_tag(yyjson_val *value)
{
    return pm_str_starts(pm_json_text(value), PM_STR("\xE0\xBF\x8F")) ||
           pm_str_equal(pm_json_text(pm_json_get(value, "___type")), PM_STR("bigint")) ||
           pm_str_equal(pm_json_text(pm_json_get(value, "___type")), PM_STR("date"));
}

static void check_refused(yyjson_val *value, pm_str json)
{
    int64_t ms;
    CHECK(!pm_tagged_big(value).is_known, "%.*s is no big integer", PM_STR_ARG(json));
    CHECK(!pm_tagged_date(value, &ms), "%.*s is no date", PM_STR_ARG(json));
}

static void check_value(yyjson_val *value, yyjson_val *want, pm_str json)
{
    int64_t ms = -7;
    pm_str type = pm_json_text(pm_json_get(want, "t"));
    if (pm_str_equal(type, PM_STR("bigint"))) {
        CHECK_TEXT(text_of(pm_tagged_big(value)), pm_json_text(pm_json_get(want, "v")), "bigint");
        CHECK(!pm_tagged_date(value, &ms), "%.*s is no date", PM_STR_ARG(json));
    } else if (pm_str_equal(type, PM_STR("date"))) {
        yyjson_val *want_ms = pm_json_get(want, "ms");
        bool is_date = pm_tagged_date(value, &ms);
        CHECK(is_date == (want_ms != NULL), "%.*s", PM_STR_ARG(json));
        CHECK(!want_ms || ms == yyjson_get_sint(want_ms), "%.*s: %lld", PM_STR_ARG(json),
              (long long)ms);
        CHECK(!pm_tagged_big(value).is_known, "%.*s is no big integer", PM_STR_ARG(json));
    } else if (pm_str_equal(type, PM_STR("string"))) {
        CHECK_TEXT(pm_json_text(value), pm_json_text(pm_json_get(want, "v")), "string");
    }
}

/* Arrays, objects and maps hold values of their own. */
static void check_inner(yyjson_val *value, yyjson_val *want, pm_str json)
{
    yyjson_val *wanted = pm_json_get(want, "v"), *key, *each;
    yyjson_arr_iter elements;
    yyjson_obj_iter members;
    size_t at = 0;
    if (yyjson_is_arr(value) && yyjson_arr_iter_init(wanted, &elements)) {
        while ((each = yyjson_arr_iter_next(&elements)) != NULL) {
            check_value(yyjson_arr_get(value, at), each, json);
            check_inner(yyjson_arr_get(value, at++), each, json);
        }
    } else if (yyjson_is_obj(value) && yyjson_obj_iter_init(wanted, &members)) {
        while ((key = yyjson_obj_iter_next(&members)) != NULL) {
            each = yyjson_obj_iter_get_val(key);
            check_value(pm_json_get(value, yyjson_get_str(key)), each, json);
        }
    }
}

static void test_vectors(const char *name, size_t least)
{
    yyjson_val *rows = read_text(read_data(&arena, name));
    size_t other_version = 0, count = yyjson_arr_size(rows);
    CHECK(count >= least, "%s: %zu vectors", name, count);
    for (size_t i = 0; i < count; i++) {
        yyjson_val *row = yyjson_arr_get(rows, i), *want = pm_json_get(row, "result");
        pm_str json = pm_json_text(pm_json_get(row, "json"));
        pm_str type = pm_json_text(pm_json_get(want, "t"));
        yyjson_val *value = read_text(json);
        bool is_decoded =
            pm_str_equal(type, PM_STR("bigint")) || pm_str_equal(type, PM_STR("date"));
        if (!value) { /* JavaScript reads 1e400 as infinity, we refuse the document */
            CHECK(pm_str_has_nocase(json, PM_STR("1e400")), "%.*s", PM_STR_ARG(json));
            continue;
        }
        check_value(value, want, json);
        check_inner(value, want, json);
        if (!is_decoded && want && has_tag(value)) {
            other_version++;
        } else if (!is_decoded) {
            check_refused(value, json);
        }
    }
    CHECK(other_version < count, "%s: %zu of the other version", name, other_version);
}

static void test_types(void)
{
    static const struct {
        const char *name, *big;
        bool is_date;
        int64_t ms_v1, ms_v0;
    } wants[] = {
        {"bigint", "42", false, 0, 0},
        {"negative_bigint", "-5", false, 0, 0},
        {"date", "", true, 1795235553576, 1795235553000},
        {"set", "", false, 0, 0},
        {"undefined_in_array", "", false, 0, 0},
        {"error", "", false, 0, 0},
        {"nan", "", false, 0, 0},
        {"sigil_string", "1", false, 0, 0}, /* as text it is read by pm_json_text */
    };
    yyjson_val *rows = read_text(read_data(&arena, "dashboard/vectors_encode_types.json"));
    CHECK(yyjson_arr_size(rows) == sizeof wants / sizeof *wants, "%zu", yyjson_arr_size(rows));
    for (size_t i = 0; i < 2 * sizeof wants / sizeof *wants; i++) {
        yyjson_val *row = yyjson_arr_get(rows, i / 2);
        const char *version = i % 2 ? "v0" : "v1", *name = wants[i / 2].name;
        yyjson_val *value = pm_json_get(read_text(pm_json_text(pm_json_get(row, version))), "x");
        int64_t ms = 0, want_ms = i % 2 ? wants[i / 2].ms_v0 : wants[i / 2].ms_v1;
        CHECK_TEXT(pm_json_text(pm_json_get(row, "name")), pm_str_from(name), "row");
        CHECK_TEXT(text_of(pm_tagged_big(value)), pm_str_from(wants[i / 2].big), name);
        CHECK(pm_tagged_date(value, &ms) == wants[i / 2].is_date && ms == want_ms, "%s", name);
    }
}

#define S "\"\xE0\xBF\x8F"

/* "" is unknown. */
static void test_big(void)
{
    static const struct {
        const char *json, *want;
    } rows[] = {
        {S "BIG\"", "0"},
        {S "BIG   \"", "0"},
        {S "BIG-0\"", "0"},
        {S "BIG+42\"", "42"},
        {S "BIG00012\"", "12"},
        {S "BIG\xC2\xA0\xEF\xBB\xBF\xE2\x80\xA8"
           "7\xE3\x80\x80\"",
         "7"},
        {S "BIG\\t\\r\xE2\x80\x80"
           "7\xE2\x80\x8A\\u000b\\f\"",
         "7"},
        {S "BIG\xE2\x80\x8B"
           "7\"",
         ""},
        {S "BIG0XfF\"", "255"},
        {S "BIG0B11\"", "3"},
        {S "BIG0O17\"", "15"},
        {S "BIG0x\"", ""},
        {S "BIG-0x1\"", ""},
        {S "BIG+0x1\"", ""},
        {S "BIG4 2\"", ""},
        {S "BIG7\x7f\"", ""},
        {S "BIG1e3\"", ""},
        {S "BIG-\"", ""},
        {S "BIG1\\u0000\"", ""},
        {S "BIG\xE0\xBF\x8F"
           "BIG1\"",
         ""},
        {S "big1\"", ""},
        {S "BIG340282346638528859811704183484516925440\"",
         "340282346638528859811704183484516925440"},
        {S "BIG999999999999999999999999999999999999999999999999999999999999999999999999\"",
         "999999999999999999999999999999999999999999999999999999999999999999999999"},
        {S "BIG1000000000000000000000000000000000000000000000000000000000000000000000000\"", ""},
        {"\"\\u0fcfBIG7\"", "7"},
        {"\"\\u0FCF\\u0042IG7\"", "7"},
        {"{\"___type\":\"bigint\",\"value\":\" 0x10 \"}", "16"},
        {"{\"value\":\"8\",\"___type\":\"bigint\",\"more\":1}", "8"},
        {"{\"___type\":\"bigint\",\"value\":\"1.5\"}", ""},
        {"{\"___type\":\"bigint\",\"value\":42}", ""},
        {"{\"___type\":\"bigint\"}", ""},
        {"{\"___type\":\"date\",\"value\":\"42\"}", ""},
        {"0", "0"},
        {"42", "42"},
        {"42.0", "42"},
        {"-5", "-5"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"18446744073709551615", "18446744073709551615"},
        {"18446744073709551616", ""},
        {"1.5", ""},
        {"1e30", ""},
        {"\"42\"", ""},
        {"null", ""},
        {"true", ""},
        {"[]", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_big n = pm_tagged_big(read_text(pm_str_from(rows[i].json)));
        CHECK_TEXT(text_of(n), pm_str_from(rows[i].want), rows[i].json);
    }
    CHECK(!pm_tagged_big(NULL).is_known, "no value");
}

#define BAD false, 0

static void test_date(void)
{
    static const struct {
        const char *json;
        bool is_date;
        int64_t ms;
    } rows[] = {
        {S "DAT1795235553576\"", true, 1795235553576},
        {S "DAT8640000000000000\"", true, 8640000000000000},
        {S "DAT-8640000000000000\"", true, -8640000000000000},
        {S "DAT8640000000000001\"", BAD},
        {S "DAT-8640000000000001\"", BAD},
        {S "DAT8640000000000000.4\"", true, 8640000000000000},
        {S "DAT8640000000000000.6\"", BAD},
        {S "DAT864e13\"", true, 8640000000000000},
        {S "DAT0.99999999999999999999\"", true, 1},
        {S "DAT-0.9\"", true, 0},
        {S "DAT.5e1\"", true, 5},
        {S "DAT5.\"", true, 5},
        {S "DAT+5\"", true, 5},
        {S "DAT0007\"", true, 7},
        {S "DAT\xE2\x80\x83"
           "5\\n\"",
         true, 5},
        {S "DAT0b11\"", true, 3},
        {S "DAT0o17\"", true, 15},
        {S "DAT0xffffffffffffffffffffffffffff\"", BAD},
        {S "DAT-0x10\"", BAD},
        {S "DAT0x\"", BAD},
        {S "DATNaN\"", BAD},
        {S "DATInfinity\"", BAD},
        {S "DAT1e400\"", BAD},
        {S "DAT1_000\"", BAD},
        {S "DAT5\\u0000\"", BAD},
        {S "DA\"", BAD},
        {"{\"___type\":\"date\",\"value\":\"Sat Nov 21 2026 04:32:33 GMT+0000 (UTC)\"}", true,
         1795235553000},
        {"{\"___type\":\"date\",\"value\":\"1970-01-01T00:00:00.005Z\"}", true, 5},
        {"{\"___type\":\"date\",\"value\":\"Invalid Date\"}", BAD},
        {"{\"___type\":\"date\",\"value\":5}", BAD},
        {"{\"___type\":\"bigint\",\"value\":\"1970-01-01T00:00:00Z\"}", BAD},
        {"\"1970-01-01T00:00:00Z\"", BAD},
        {"1795235553576", BAD},
        {"null", BAD},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t ms = 0;
        bool is_date = pm_tagged_date(read_text(pm_str_from(rows[i].json)), &ms);
        CHECK(is_date == rows[i].is_date, "%s", rows[i].json);
        CHECK(!is_date || ms == rows[i].ms, "%s: %lld", rows[i].json, (long long)ms);
    }
}

int main(void)
{
    pm_arena_init(&arena, 16 << 20);
    test_vectors("dashboard/vectors_decode_v1.json", 45);
    test_vectors("dashboard/vectors_decode_v0.json", 45);
    test_types();
    test_big();
    test_date();
    pm_arena_finish(&arena);
    return check_done();
}
