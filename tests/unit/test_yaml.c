/* test_yaml.c - codec/yaml. */

#include "codec/yaml.h"

#include "base/buf.h"

#include "check.h"

#include <string.h>

/* One line a row: path=value, "- " before a list's, quotes around a quoted one, @line:column
 * behind. */
static pm_str show(struct pm_arena *arena, const struct pm_yaml *yaml)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 1 << 16);
    for (size_t i = 0; i < yaml->count; i++) {
        const struct pm_yaml_row *row = &yaml->rows[i];
        pm_buf_add_c(&buf, row->is_list_item ? "- " : "");
        pm_buf_add(&buf, row->path);
        pm_buf_add_c(&buf, row->is_quoted ? "=\"" : "=");
        pm_buf_add(&buf, row->value);
        pm_buf_add_c(&buf, row->is_quoted ? "\"" : "");
        pm_buf_addf(&buf, "@%u:%u\n", row->line, row->column);
    }
    return pm_buf_text(&buf);
}

static void test_good(void)
{
    static const struct {
        const char *in, *want;
    } rows[] = {
        {"", ""},
        {"\n\n# only a comment\n", ""},
        {"---\n", ""},
        {"\xEF\xBB\xBF"
         "a: 1\n",
         "a=1@1:4\n"},
        {"a: 1", "a=1@1:4\n"},
        {"dashboard:\n  url: https://h/api\n", "dashboard.url=https://h/api@2:8\n"},
        {"a:\n  b:\n    c: 1\n  d: 2\ne: 3\n", "a.b.c=1@3:8\na.d=2@4:6\ne=3@5:4\n"},
        {"rpc:\n  urls:\n    - one\n    - \"two\"\n  x: 1\n",
         "- rpc.urls=one@3:7\n- rpc.urls=\"two\"@4:7\nrpc.x=1@5:6\n"},
        {"a: [1, '2', three]\n", "- a=1@1:5\n- a=\"2\"@1:8\n- a=three@1:13\n"},
        {"a: {b: 1, c: {d: 2}}\n", "a.b=1@1:8\na.c.d=2@1:18\n"},
        {"a: 'true'\nb: true\n", "a=\"true\"@1:4\nb=true@2:4\n"},
        {"a:\nb: 1\n", "a=@1:3\nb=1@2:4\n"},
        {"a: {}\nb: []\n", ""},
        {"---\na: 1\n...\n", "a=1@2:4\n"},
        {"%YAML 1.1\n---\na: 1\n", "a=1@3:4\n"},
        {"a: |\n  two\n  lines\n", "a=\"two\nlines\n\"@1:4\n"},
        {"a: \"x\\ty\"\n", "a=\"x\ty\"@1:4\n"},
        {"a: \xC3\xA4\xC3\xB6 # said\n", "a=\xC3\xA4\xC3\xB6@1:4\n"},
        {"a: b: c", NULL},
        {"x: {a: {b: {c: {d: {e: {f: {g: 1}}}}}}}\n", "x.a.b.c.d.e.f.g=1@1:32\n"},
        {"\"a b\": 1\n", "a b=1@1:8\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_arena arena;
        struct pm_yaml yaml;
        struct pm_yaml_problem problem;
        pm_arena_init(&arena, 1 << 20);
        bool is_read = pm_yaml_read(&arena, pm_str_from(rows[i].in), &yaml, &problem);
        CHECK(is_read == (rows[i].want != NULL), "row %zu: %s", i, problem.text);
        if (is_read) {
            CHECK_TEXT(show(&arena, &yaml), pm_str_from(rows[i].want), rows[i].in);
        }
        pm_arena_finish(&arena);
    }
}

static void test_bad(void)
{
    static const struct {
        pm_str in;
        unsigned line, column;
        const char *text; /* NULL: whatever libyaml says */
    } rows[] = {
        {PM_STR_INIT("a: 1\nb: 2\na: 3\n"), 3, 1, "this key stands twice"},
        {PM_STR_INIT("a:\n  b: 1\n  b: 2\n"), 3, 3, "this key stands twice"},
        {PM_STR_INIT("a: {b: 1}\na: {c: 1}\n"), 2, 1, "this key stands twice"},
        {PM_STR_INIT("a: {b: 1}\na.b: 2\n"), 2, 1, "this key stands twice"},
        {PM_STR_INIT("a: &x 1\n"), 1, 4, "anchors and tags are not supported"},
        {PM_STR_INIT("a: &x {b: 1}\n"), 1, 4, "anchors and tags are not supported"},
        {PM_STR_INIT("a: &x [1]\n"), 1, 4, "anchors and tags are not supported"},
        {PM_STR_INIT("a: !!int 1\n"), 1, 4, "anchors and tags are not supported"},
        {PM_STR_INIT("a: !x [1]\n"), 1, 4, "anchors and tags are not supported"},
        {PM_STR_INIT("a: !x {b: 1}\n"), 1, 4, "anchors and tags are not supported"},
        {PM_STR_INIT("!x a: 1\n"), 1, 1, "anchors and tags are not supported"},
        {PM_STR_INIT("a: 1\nb: *x\n"), 2, 4, "aliases are not supported"},
        {PM_STR_INIT("a: 1\n---\nb: 1\n"), 2, 1, "a second document begins"},
        {PM_STR_INIT("- a\n- b\n"), 1, 1, "expected \"key: value\", found a list"},
        {PM_STR_INIT("just text\n"), 1, 1, "expected \"key: value\""},
        {PM_STR_INIT("a: [1, [2]]\n"), 1, 8, "a list holds plain values only"},
        {PM_STR_INIT("a:\n  - b: 1\n"), 2, 5, "a list holds plain values only"},
        {PM_STR_INIT("? [a]\n: 1\n"), 1, 3, "a key must be plain text"},
        {PM_STR_INIT("? {a: 1}\n: 1\n"), 1, 3, "a key must be plain text"},
        {PM_STR_INIT("\"\": 1\n"), 1, 1, "a key is empty"},
        {PM_STR_INIT(": 1\n"), 1, 1, NULL},
        {PM_STR_INIT("x: {a: {b: {c: {d: {e: {f: {g: {h: 1}}}}}}}}\n"), 1, 32,
         "more than eight levels"},
        {PM_STR_INIT("a: 1\n\tb: 2\n"), 2, 1, NULL},
        {PM_STR_INIT("a: [1\n"), 2, 1, NULL},
        {PM_STR_INIT("a: \"open\n"), 2, 1, NULL},
        {PM_STR_INIT("a: 1\nb: \x01\n"), 2, 4, "control characters are not allowed"},
        {PM_STR_INIT("a: 1\nb: x\0y\n"), 2, 5, "control characters are not allowed"},
        {PM_STR_INIT("a: 1\nb: \xFF\n"), 2, 4, "invalid leading UTF-8 octet"},
        {PM_STR_INIT("a: @x\n"), 1, 4, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_arena arena;
        struct pm_yaml yaml;
        struct pm_yaml_problem problem;
        pm_arena_init(&arena, 1 << 20);
        CHECK(!pm_yaml_read(&arena, rows[i].in, &yaml, &problem), "row %zu", i);
        CHECK(problem.line == rows[i].line && problem.column == rows[i].column, "row %zu: %u:%u %s",
              i, problem.line, problem.column, problem.text);
        CHECK(problem.text[0] && !strchr(problem.text, '\n'), "row %zu: one phrase", i);
        if (rows[i].text) {
            CHECK_TEXT(pm_str_from(problem.text), pm_str_from(rows[i].text), "phrase");
        }
        pm_arena_finish(&arena);
    }
}

/* 64 KB of what is cheap to write and dear to read. */
static void test_hostile(void)
{
    static const char *const pieces[] = {
        "[", "{",    "{a: ", "? ",    "- ",  "a: ", "\"", "'",   "&a ",
        "%", "a:\n", "[a,",  "- a\n", ":\n", "#",   "|",  "{a,b"};
    static char text[64 * 1024];
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct pm_arena arena;
        struct pm_yaml yaml;
        struct pm_yaml_problem problem;
        size_t len = strlen(pieces[i]);
        for (size_t at = 0; at < sizeof text; at++) {
            text[at] = pieces[i][at % len];
        }
        pm_arena_init(&arena, 8 << 20);
        bool is_read = pm_yaml_read(&arena, (pm_str){text, sizeof text}, &yaml, &problem);
        bool is_comment = pieces[i][0] == '#';
        CHECK(is_read == is_comment, "%s", pieces[i]);
        CHECK(is_read || problem.line > 0, "%s", pieces[i]);
        pm_arena_finish(&arena);
    }
}

static void test_many_keys(void)
{
    struct pm_arena arena;
    struct pm_buf buf;
    struct pm_yaml yaml;
    struct pm_yaml_problem problem;
    pm_arena_init(&arena, 8 << 20);
    pm_buf_init(&buf, &arena, 1 << 16);
    for (unsigned i = 0; i < 1000; i++) {
        pm_buf_addf(&buf, "k%u: v%u\n", i, i);
    }
    CHECK(pm_yaml_read(&arena, pm_buf_text(&buf), &yaml, &problem) && yaml.count == 1000,
          "1000 keys");
    CHECK(yaml.count == 1000 && pm_str_equal(yaml.rows[999].value, PM_STR("v999")),
          "the last of them");
    pm_buf_add_c(&buf, "more: 1\n");
    CHECK(!pm_yaml_read(&arena, pm_buf_text(&buf), &yaml, &problem) && problem.line == 1001,
          "too many");
    pm_arena_finish(&arena);
}

/* At every ceiling: all rows, or a refusal that says so. */
static void test_ceilings(void)
{
    pm_str text = PM_STR("a: {b: 1}\nc: [1, 2]\n");
    size_t read = 0, refused = 0;
    for (size_t ceiling = 0; ceiling < 40000; ceiling += 16) {
        struct pm_arena arena;
        struct pm_yaml yaml;
        struct pm_yaml_problem problem;
        pm_arena_init(&arena, ceiling);
        if (pm_yaml_read(&arena, text, &yaml, &problem)) {
            read += yaml.count == 3;
        } else {
            refused += pm_str_equal(pm_str_from(problem.text), PM_STR("out of memory"));
        }
        pm_arena_finish(&arena);
    }
    CHECK(read > 0 && refused > 0 && read + refused == 2500, "%zu read, %zu not", read, refused);
}

/* Where the key stands that a value, or a list's value, belongs to. */
static void test_keys(void)
{
    struct pm_arena arena;
    struct pm_yaml yaml;
    struct pm_yaml_problem problem;
    pm_arena_init(&arena, 1 << 16);
    CHECK(pm_yaml_read(&arena, PM_STR("a:\n  b:   1\nc:\n  d:\n    - 2\n"), &yaml, &problem), "%s",
          problem.text);
    CHECK(yaml.count == 2, "%zu rows", yaml.count);
    CHECK(yaml.rows[0].key_line == 2 && yaml.rows[0].key_column == 3, "a.b");
    CHECK(yaml.rows[1].key_line == 4 && yaml.rows[1].key_column == 3, "c.d");
    pm_arena_finish(&arena);
}

int main(void)
{
    test_good();
    test_bad();
    test_hostile();
    test_many_keys();
    test_ceilings();
    test_keys();
    return check_done();
}
