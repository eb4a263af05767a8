/* test_json.c - codec/json. */

#include "codec/json.h"

#include "base/buf.h"

#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static yyjson_val *read_text(struct pm_arena *arena, const char *text)
{
    struct pm_json_problem problem;
    return pm_json_read_copy(arena, pm_str_from(text), &problem);
}

static void test_faults(void)
{
    static const struct {
        pm_str in;
        enum pm_json_fault fault;
    } rows[] = {
        {PM_STR_INIT("null"), PM_JSON_OK},
        {PM_STR_INIT(" [1, 2.5, \"x\", {\"a\": true}] \n"), PM_JSON_OK},
        {PM_STR_INIT("\xEF\xBB\xBF{}"), PM_JSON_OK},
        {PM_STR_INIT("\"[[[[\""), PM_JSON_OK},
        {PM_STR_INIT("\"\\u0000\""), PM_JSON_OK},
        {PM_STR_INIT("1e-400"), PM_JSON_OK},
        {PM_STR_INIT(""), PM_JSON_BAD},
        {{NULL, 0}, PM_JSON_BAD},
        {PM_STR_INIT("  "), PM_JSON_BAD},
        {PM_STR_INIT("\xEF\xBB\xBF"), PM_JSON_BAD},
        {PM_STR_INIT("\xEF\xBB"), PM_JSON_BAD},
        {PM_STR_INIT("{\"a\":1,}"), PM_JSON_BAD},
        {PM_STR_INIT("[1,]"), PM_JSON_BAD},
        {PM_STR_INIT("[1] // x"), PM_JSON_BAD},
        {PM_STR_INIT("[1] [2]"), PM_JSON_BAD},
        {PM_STR_INIT("[1]\0"), PM_JSON_BAD},
        {PM_STR_INIT("\0"), PM_JSON_BAD},
        {PM_STR_INIT("[1}"), PM_JSON_BAD},
        {PM_STR_INIT("NaN"), PM_JSON_BAD},
        {PM_STR_INIT("-Infinity"), PM_JSON_BAD},
        {PM_STR_INIT("1e400"), PM_JSON_BAD},
        {PM_STR_INIT("'a'"), PM_JSON_BAD},
        {PM_STR_INIT("\"\\uD800\""), PM_JSON_BAD},
        {PM_STR_INIT("\"\xC0\x80\""), PM_JSON_BAD},
        {PM_STR_INIT("\"a\nb\""), PM_JSON_BAD},
        {PM_STR_INIT("\"open"), PM_JSON_BAD},
        {PM_STR_INIT("\"open\\"), PM_JSON_BAD},
        {PM_STR_INIT("]]]]"), PM_JSON_BAD},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_arena arena;
        struct pm_json_problem problem = {.fault = PM_JSON_TOO_DEEP};
        pm_arena_init(&arena, 1 << 16);
        yyjson_val *root = pm_json_read_copy(&arena, rows[i].in, &problem);
        CHECK(problem.fault == rows[i].fault, "row %zu: %d", i, (int)problem.fault);
        CHECK((root != NULL) == (rows[i].fault == PM_JSON_OK), "row %zu", i);
        CHECK(problem.at <= rows[i].in.len && problem.text, "row %zu: at %zu", i, problem.at);
        pm_arena_finish(&arena);
    }
}

/* What happens to stand behind the text must not become part of it. */
static void test_padding(void)
{
    static const char *const rows[] = {"\"open", "\"open\\", "[1", "1", "{\"a\":1", "tru", "-"};
    static const char behind[] = "\"]}e5..", digits[] = "55555555";
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        struct pm_arena arena;
        struct pm_json_problem problem;
        size_t len = strlen(rows[i / 2]);
        char *text = malloc(len + PM_JSON_PADDING);
        if (!text) {
            abort();
        }
        memcpy(text, rows[i / 2], len);
        memcpy(text + len, i % 2 ? digits : behind, PM_JSON_PADDING);
        pm_arena_init(&arena, 1 << 16);
        yyjson_val *root = pm_json_read(&arena, text, len, &problem);
        bool is_number = pm_str_equal(pm_str_from(rows[i / 2]), PM_STR("1"));
        CHECK((root != NULL) == is_number, "%s", rows[i / 2]);
        CHECK(!is_number || yyjson_get_uint(root) == 1, "%s", rows[i / 2]);
        pm_arena_finish(&arena);
        free(text);
    }
}

/* Many brackets side by side are not deep. */
static void test_width(void)
{
    static const pm_str pieces[] = {PM_STR_INIT("[],"), PM_STR_INIT("{},"), PM_STR_INIT("[{}],")};
    struct pm_arena arena;
    struct pm_json_problem problem;
    struct pm_buf buf;
    pm_arena_init(&arena, 1 << 20);
    pm_buf_init(&buf, &arena, 10000);
    pm_buf_add_char(&buf, '[');
    for (size_t i = 0; i < 300; i++) {
        pm_buf_add(&buf, pieces[i % (sizeof pieces / sizeof *pieces)]);
    }
    pm_buf_add_c(&buf, "0]");
    yyjson_val *root = pm_json_read_copy(&arena, pm_buf_text(&buf), &problem);
    CHECK(yyjson_arr_size(root) == 301, "%s at %zu", problem.text, problem.at);
    pm_arena_finish(&arena);
}

static void test_depth(void)
{
    static const struct {
        size_t levels;
        enum pm_json_fault fault;
    } rows[] = {
        {1, PM_JSON_OK}, {64, PM_JSON_OK}, {65, PM_JSON_TOO_DEEP}, {100000, PM_JSON_TOO_DEEP}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_arena arena;
        struct pm_json_problem problem;
        size_t levels = rows[i].levels;
        char *text = malloc(2 * levels + PM_JSON_PADDING);
        if (!text) {
            abort();
        }
        memset(text, '[', levels);
        memset(text + levels, ']', levels);
        pm_arena_init(&arena, 1 << 16);
        (void)pm_json_read(&arena, text, 2 * levels, &problem);
        CHECK(problem.fault == rows[i].fault, "%zu levels: %d", levels, (int)problem.fault);
        CHECK(problem.at == (rows[i].fault == PM_JSON_OK ? 0 : 64), "at %zu", problem.at);
        pm_arena_finish(&arena);
        free(text);
    }
}

/* At every ceiling there is a tree or the right fault, never anything else. */
static void test_ceilings(void)
{
    const char *text =
        "{\"a\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20],\"b\":\"text\"}";
    size_t read = 0, refused = 0;
    for (size_t ceiling = 0; ceiling < 2000; ceiling += 16) {
        struct pm_arena arena;
        struct pm_json_problem problem;
        pm_arena_init(&arena, ceiling);
        yyjson_val *root = pm_json_read_copy(&arena, pm_str_from(text), &problem);
        read += root && problem.fault == PM_JSON_OK;
        refused += !root && problem.fault == PM_JSON_NO_MEMORY;
        pm_arena_finish(&arena);
    }
    CHECK(read > 0 && refused > 0 && read + refused == 125, "%zu read, %zu not", read, refused);
}

static void test_get(struct pm_arena *arena)
{
    yyjson_val *root = read_text(arena, "{\"a\":1,\"b\":2,\"a\":3,\"\":4,\"a\\u0000\":5}");
    CHECK(yyjson_get_uint(pm_json_get(root, "a")) == 3, "the last of two");
    CHECK(yyjson_get_uint(pm_json_get(root, "b")) == 2, "the only one");
    CHECK(yyjson_get_uint(pm_json_get(root, "")) == 4, "an empty name");
    CHECK(!pm_json_get(root, "c"), "none");
    CHECK(!pm_json_get(NULL, "a"), "no object");
    CHECK(!pm_json_get(read_text(arena, "[\"a\",1]"), "a"), "an array");
}

static void test_text(struct pm_arena *arena)
{
    CHECK_TEXT(pm_json_text(read_text(arena, "\"a\\u0000b\"")), PM_STR("a\0b"), "NUL inside");
    CHECK(pm_json_text(read_text(arena, "\"\"")).ptr, "empty is text");
    CHECK(!pm_json_text(read_text(arena, "1")).ptr, "a number is none");
    CHECK(!pm_json_text(read_text(arena, "null")).ptr, "null is none");
    CHECK(!pm_json_text(read_text(arena, "[1,2]")).ptr && !pm_json_text(NULL).ptr, "nor these");
}

static void test_numbers(struct pm_arena *arena)
{
    static const struct {
        const char *in;
        uint64_t whole;
        double number;
        bool is_whole, is_number;
    } rows[] = {
        {"3", 3, 3, true, true},
        {"3.0", 3, 3, true, true},
        {"3e0", 3, 3, true, true},
        {"0", 0, 0, true, true},
        {"-0", 0, 0, true, true},
        {"-0.0", 0, 0, true, true},
        {"2.5", 0, 2.5, false, true},
        {"-1", 0, -1, false, true},
        {"9007199254740992", 9007199254740992, 9007199254740992.0, true, true},
        {"9007199254740993", 0, 9007199254740992.0, false, true},
        {"9007199254740994.0", 0, 9007199254740994.0, false, true},
        {"18446744073709551615", 0, 18446744073709551615.0, false, true},
        {"1e300", 0, 1e300, false, true},
        {"\"3\"", 0, 0, false, false},
        {"true", 0, 0, false, false},
        {"null", 0, 0, false, false},
        {"[3]", 0, 0, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        yyjson_val *value = read_text(arena, rows[i].in);
        uint64_t whole = 0;
        double number = 0;
        CHECK(pm_json_whole(value, &whole) == rows[i].is_whole && whole == rows[i].whole, "%s",
              rows[i].in);
        bool is_number = pm_json_number(value, &number);
        CHECK(is_number == rows[i].is_number && fabs(number - rows[i].number) <= 0, "%s",
              rows[i].in);
    }
    uint64_t whole;
    double number;
    CHECK(!pm_json_whole(NULL, &whole) && !pm_json_number(NULL, &number), "nothing");
}

/* A reply keeps what is no UTF-8; a caller's own text is refused for it. */
static void test_bytes(void)
{
    static const char *const texts[] = {"[\"a\xFFz\"]", "[\"\xC0\x80\"]"};
    static const char *const wants[] = {"a\xFFz", "\xC0\x80"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct pm_arena arena;
        struct pm_json_problem problem;
        char text[64] = "";
        pm_arena_init(&arena, 1 << 16);
        memcpy(text, texts[i], strlen(texts[i]));
        yyjson_val *root = pm_json_read(&arena, text, strlen(texts[i]), &problem);
        CHECK_TEXT(pm_json_text(yyjson_arr_get_first(root)), pm_str_from(wants[i]), texts[i]);
        CHECK(!pm_json_read_copy(&arena, pm_str_from(texts[i]), &problem), "%s", texts[i]);
        CHECK(problem.fault == PM_JSON_BAD, "%s", texts[i]);
        pm_arena_finish(&arena);
    }
}

/* Half a surrogate pair stays half of one, in bytes; whole pairs and other escapes are as they were. */
static void test_halves(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"[\"a\\ud800z\"]", "a\xED\xA0\x80z"},
        {"[\"\\uDCFF\\u0041\"]", "\xED\xB3\xBF"
                                 "A"},
        {"[\"\\ud83d\\ud83d\\ude00\\ude00\"]", "\xED\xA0\xBD\xF0\x9F\x98\x80\xED\xB8\x80"},
        {"[\"\\\\ud800\"]", "\\ud800"},
        {"[\"\\n\\\\\\ud800\\\"\"]", "\n\\\xED\xA0\x80\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_arena arena;
        struct pm_json_problem problem;
        char text[64] = "";
        pm_arena_init(&arena, 1 << 16);
        memcpy(text, cases[i].text, strlen(cases[i].text));
        yyjson_val *root = pm_json_read(&arena, text, strlen(cases[i].text), &problem);
        CHECK_TEXT(pm_json_text(yyjson_arr_get_first(root)), pm_str_from(cases[i].want),
                   cases[i].text);
        pm_arena_finish(&arena);
    }
    for (const char *bad = "[\"\\ud800\\ud8\\"; *bad; bad++) { /* any end of it is passed over */
        struct pm_arena arena;
        struct pm_json_problem problem;
        char text[64] = "";
        pm_arena_init(&arena, 1 << 16);
        memcpy(text, bad, strlen(bad));
        CHECK(!pm_json_read(&arena, text, strlen(bad), &problem), "%s", bad);
        pm_arena_finish(&arena);
    }
}

int main(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, 1 << 20);
    test_faults();
    test_padding();
    test_width();
    test_halves();
    test_depth();
    test_ceilings();
    test_get(&arena);
    test_text(&arena);
    test_numbers(&arena);
    pm_arena_finish(&arena);
    test_bytes();
    return check_done();
}
