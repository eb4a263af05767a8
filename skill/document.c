/* document.c - one reference: its front matter and its sections, out of the bytes of a file.
 *
 *     ---
 *     title: …             the front matter: YAML between two lines of dashes
 *     as_of: 2026-03-20
 *     ---
 *     # Heading            the rest: Markdown
 *
 * What is quoted from a reference is said to be of its as_of, so a document without one is none. */

#include "skill/document.h"

#include "base/buf.h"
#include "base/date.h"
#include "codec/utf8.h"
#include "codec/yaml.h"
#include "skill/plain.h"

#define FRONT_BYTES_MOST ((size_t)1 << 20) /* of memory while front matter is read */
#define PROBLEM_BYTES_MOST 256
#define DATE_BYTES 10 /* 2026-03-20 */

static const pm_str byte_order_mark = PM_STR_INIT("\xEF\xBB\xBF");

static bool refuse(struct pm_arena *arena, struct pm_document *out, const char *problem)
{
    *out = (struct pm_document){
        .name = out->name,
        .is_built_in = out->is_built_in,
        .problem = pm_arena_copy(arena, pm_str_from(problem)),
    };
    return false;
}

static bool refuse_at(struct pm_arena *arena, struct pm_document *out, unsigned line,
                      const char *problem)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, PROBLEM_BYTES_MOST);
    pm_buf_addf(&buf, "line %u: %s", line, problem);
    return refuse(arena, out, pm_arena_cstr(arena, pm_buf_text(&buf)));
}

static bool is_text(pm_str bytes)
{
    while (bytes.len) {
        uint32_t code_point;
        size_t len = pm_utf8_next(bytes, &code_point);
        if (code_point == PM_UTF8_INVALID || code_point == 0) {
            return false;
        }
        bytes = pm_str_tail(bytes, len);
    }
    return true;
}

/* --- front matter --- */

/* The first line of `text`, without its end, and the rest. */
static pm_str take_line(pm_str *text)
{
    size_t end = pm_str_find(*text, '\n');
    pm_str line = pm_str_slice(*text, 0, end);
    *text = pm_str_tail(*text, end + 1);
    return line;
}

static bool is_dashes(pm_str line)
{
    return pm_str_starts(line, PM_STR("---")) && pm_str_trim(pm_str_tail(line, 3)).len == 0;
}

/* False when there is no front matter. */
static bool split(pm_str text, pm_str *front, pm_str *body)
{
    *body = pm_str_tail(text, pm_str_starts(text, byte_order_mark) ? byte_order_mark.len : 0);
    if (!is_dashes(take_line(body))) {
        return false;
    }
    pm_str all = *body;
    while (body->len) {
        size_t from = all.len - body->len;
        if (is_dashes(take_line(body))) {
            *front = pm_str_slice(all, 0, from);
            return true;
        }
    }
    return false;
}

static pm_str find_text(struct pm_arena *arena, const struct pm_yaml *yaml, const char *key)
{
    for (size_t i = 0; i < yaml->count; i++) {
        const struct pm_yaml_row *row = &yaml->rows[i];
        if (!row->is_list_item && pm_str_equal(row->path, pm_str_from(key))) {
            return pm_arena_copy(arena, pm_str_trim(row->value));
        }
    }
    return PM_STR("");
}

/* A single value counts as a list of one. */
static const pm_str *find_list(struct pm_arena *arena, const struct pm_yaml *yaml, const char *key,
                               size_t *count)
{
    pm_str *items = pm_arena_array(arena, yaml->count, sizeof *items);
    *count = 0;
    for (size_t i = 0; items && i < yaml->count; i++) {
        const struct pm_yaml_row *row = &yaml->rows[i];
        if (pm_str_equal(row->path, pm_str_from(key)) && row->value.len) {
            items[(*count)++] = pm_arena_copy(arena, row->value);
        }
    }
    return items;
}

static bool is_date(pm_str text)
{
    char moment[] = "0000-00-00T00:00:00Z";
    int64_t unused;
    if (text.len != DATE_BYTES) {
        return false;
    }
    for (size_t i = 0; i < DATE_BYTES; i++) {
        moment[i] = text.ptr[i];
    }
    return pm_date_read_rfc3339(pm_str_from(moment), &unused);
}

static bool take_front(struct pm_arena *arena, const struct pm_yaml *yaml, struct pm_document *out)
{
    out->title = find_text(arena, yaml, "title");
    out->summary = find_text(arena, yaml, "summary");
    out->as_of = find_text(arena, yaml, "as_of");
    out->topics = find_list(arena, yaml, "topics", &out->topic_count);
    out->sources = find_list(arena, yaml, "sources", &out->source_count);
    if (out->title.len == 0) {
        return refuse(arena, out, "its front matter has no title");
    }
    if (!is_date(out->as_of)) {
        return refuse(arena, out, "its front matter has no as_of, a date like 2026-03-20");
    }
    return true;
}

static bool read_front(struct pm_arena *arena, pm_str front, struct pm_document *out)
{
    struct pm_arena scratch;
    struct pm_yaml yaml;
    struct pm_yaml_problem problem;
    pm_arena_init(&scratch, FRONT_BYTES_MOST);
    /* The line of dashes before it counts too. */
    bool is_read = pm_yaml_read(&scratch, front, &yaml, &problem)
                       ? take_front(arena, &yaml, out)
                       : refuse_at(arena, out, problem.line + 1, problem.text);
    arena->failed = arena->failed || scratch.failed;
    pm_arena_finish(&scratch);
    return is_read;
}

/* --- the whole --- */

bool pm_document_read(struct pm_arena *arena, pm_str text, struct pm_document *out)
{
    pm_str front, body;
    if (text.len > PM_DOCUMENT_BYTES_MOST) {
        return refuse(arena, out, "is larger than 64 KiB");
    }
    if (!is_text(text)) {
        return refuse(arena, out, "is no UTF-8 text");
    }
    if (!split(text, &front, &body)) {
        return refuse(arena, out, "has no front matter between two lines of ---");
    }
    if (!read_front(arena, front, out)) {
        return false;
    }
    if (!pm_plain_read(arena, body, &out->sections, &out->section_count)) {
        (void)refuse(arena, out, "takes too much memory to read");
        arena->failed = true;
        return false;
    }
    return true;
}

/* "RoundTrain (the clients train)" and "RoundTrain" are one heading. */
static pm_str without_brackets(pm_str heading)
{
    heading = pm_str_trim(heading);
    size_t open = pm_str_find_last(heading, '(');
    bool has_brackets = open > 0 && open < heading.len && heading.ptr[heading.len - 1] == ')';
    return has_brackets ? pm_str_trim(pm_str_slice(heading, 0, open)) : heading;
}

const struct pm_section *pm_document_section(const struct pm_document *document, pm_str heading)
{
    pm_str wanted = without_brackets(heading);
    for (size_t i = 0; document && wanted.len && i < document->section_count; i++) {
        const struct pm_section *section = &document->sections[i];
        if (pm_str_equal_nocase(without_brackets(section->heading), wanted)) {
            return section;
        }
    }
    return NULL;
}
