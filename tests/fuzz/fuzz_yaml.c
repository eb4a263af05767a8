/* fuzz_yaml.c - a config file as rows; written out from the rows and read again it is the same. */

#include "fuzz.h"

#include "base/buf.h"
#include "codec/yaml.h"

#include <yyjson.h>

#define KEY_MOST 900 /* libyaml looks no further than 1024 characters for the ':' behind a key */

static unsigned count_lines(pm_str text)
{
    unsigned lines = 1;
    for (size_t i = 0; i < text.len; i++) {
        /* Whatever may end a line of YAML, LF, CR, U+0085, U+2028, U+2029: by their last byte. */
        unsigned char c = (unsigned char)text.ptr[i];
        lines += c == '\n' || c == '\r' || c == 0x85 || c == 0xA8 || c == 0xA9;
    }
    return lines;
}

static void check_row(const struct pm_yaml *yaml, size_t at, unsigned lines)
{
    const struct pm_yaml_row *row = &yaml->rows[at];
    HOLDS(row->path.len > 0 && fuzz_is_utf8(row->path) && fuzz_is_utf8(row->value));
    /* The value of a last key without one stands where the text ends: on the line after. */
    HOLDS(row->line >= 1 && row->line <= lines + 1 && row->column >= 1);
    for (size_t i = 0; i < at; i++) {
        const struct pm_yaml_row *other = &yaml->rows[i];
        HOLDS(!pm_str_equal(row->path, other->path) || (row->is_list_item && other->is_list_item));
    }
}

/* As a JSON string, which YAML reads as it is. */
static void add_quoted(struct pm_buf *buf, pm_str text)
{
    yyjson_val value = {0};
    size_t len = 0;
    yyjson_set_strn(&value, text.ptr, text.len);
    char *json = yyjson_val_write_opts(&value, YYJSON_WRITE_ESCAPE_SLASHES, NULL, &len, NULL);
    HOLDS(json != NULL);
    pm_buf_add(buf, (pm_str){json, len});
    free(json);
}

/* YAML folds what it takes for the end of a line inside quotes, and JSON writes it as it is. */
static bool can_be_quoted(pm_str text)
{
    uint32_t c;
    size_t written = 0;
    for (size_t at = 0, len; at < text.len; at += len) {
        len = pm_utf8_next(pm_str_tail(text, at), &c);
        written += c < ' ' ? 6 : c == '/' || c == '"' || c == '\\' ? 2 : len;
        bool is_plain = (c >= ' ' && c < 0x7F) || (c > 0xA0 && c < 0x2000);
        if (!is_plain && c >= ' ') {
            return false;
        }
    }
    return written <= KEY_MOST;
}

static bool can_be_written(const struct pm_yaml *yaml)
{
    for (size_t i = 0; i < yaml->count; i++) {
        if (!can_be_quoted(yaml->rows[i].path) || !can_be_quoted(yaml->rows[i].value)) {
            return false;
        }
    }
    return true;
}

/* Rows of one list stand together. */
static pm_str write_rows(struct pm_arena *arena, const struct pm_yaml *yaml)
{
    struct pm_buf buf;
    pm_str last = PM_STR("");
    pm_buf_init(&buf, arena, SIZE_MAX / 2);
    for (size_t i = 0; i < yaml->count; i++) {
        const struct pm_yaml_row *row = &yaml->rows[i];
        if (!row->is_list_item || !pm_str_equal(row->path, last)) {
            add_quoted(&buf, row->path);
            pm_buf_add_c(&buf, row->is_list_item ? ":\n" : ": ");
        }
        pm_buf_add_c(&buf, row->is_list_item ? "  - " : "");
        add_quoted(&buf, row->value);
        pm_buf_add_c(&buf, "\n");
        last = row->path;
    }
    return pm_buf_text(&buf);
}

static void check_round_trip(struct pm_arena *arena, const struct pm_yaml *yaml)
{
    struct pm_yaml again;
    struct pm_yaml_problem problem;
    pm_str text = write_rows(arena, yaml);
    HOLDS(pm_yaml_read(arena, text, &again, &problem));
    HOLDS(again.count == yaml->count);
    for (size_t i = 0; i < again.count; i++) {
        HOLDS(pm_str_equal(again.rows[i].path, yaml->rows[i].path));
        HOLDS(pm_str_equal(again.rows[i].value, yaml->rows[i].value));
        HOLDS(again.rows[i].is_list_item == yaml->rows[i].is_list_item);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pm_str text = fuzz_text(data, size);
    struct pm_arena arena;
    struct pm_yaml yaml;
    struct pm_yaml_problem problem;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    unsigned lines = count_lines(text);
    if (pm_yaml_read(&arena, text, &yaml, &problem)) {
        for (size_t i = 0; i < yaml.count; i++) {
            check_row(&yaml, i, lines);
        }
        if (can_be_written(&yaml)) {
            check_round_trip(&arena, &yaml);
        }
    } else {
        HOLDS(problem.line >= 1 && problem.column >= 1 && problem.line <= lines + 1);
        HOLDS(problem.text[0] && memchr(problem.text, '\0', sizeof problem.text));
    }
    pm_arena_finish(&arena);
    return 0;
}
