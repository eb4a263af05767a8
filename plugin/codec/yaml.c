/* yaml.c - a config file as a flat list of settings with their places.
 *
 * libyaml gives a stream of events (a mapping begins, a scalar, …). A small stack of open
 * mappings and lists is all that is needed to know which setting a scalar belongs to. */

#include "codec/yaml.h"

#include <yaml.h>

#include <stdio.h>
#include <string.h>

#define MOST_LEVELS 8
#define MOST_KEYS 1000 /* each new key is compared with all before */

static const pm_str byte_order_mark = PM_STR_INIT("\xEF\xBB\xBF");

struct level {
    pm_str path; /* of the mapping or list itself */
    pm_str key;  /* of the value that comes next, as a path; .ptr NULL when a key comes next */
    yaml_mark_t key_mark; /* of that key; in a list, of the list's */
    bool is_list;
};

struct reading {
    struct pm_arena *arena;
    struct pm_yaml *out;
    struct pm_yaml_problem *problem;
    struct level levels[MOST_LEVELS];
    size_t depth;
    pm_str *keys; /* the paths of all keys so far */
    size_t key_count, row_room;
    bool has_document;
};

static bool refuse(struct reading *reading, yaml_mark_t mark, const char *text)
{
    struct pm_yaml_problem *problem = reading->problem;
    problem->line = (unsigned)mark.line + 1;
    problem->column = (unsigned)mark.column + 1;
    (void)snprintf(problem->text, sizeof problem->text, "%s", text);
    return false;
}

/* libyaml's memory is the system's: that it was out is told as if it were the arena's. */
static bool refuse_memory(struct reading *reading, yaml_mark_t mark)
{
    reading->arena->failed = true;
    return refuse(reading, mark, "out of memory");
}

static struct level *innermost(struct reading *reading)
{
    return reading->depth ? &reading->levels[reading->depth - 1] : NULL;
}

static pm_str scalar_text(const yaml_event_t *event)
{
    return (pm_str){(const char *)event->data.scalar.value, event->data.scalar.length};
}

static pm_str join(struct pm_arena *arena, pm_str path, pm_str key)
{
    size_t dot = path.len > 0;
    char *joined = pm_arena_alloc(arena, path.len + dot + key.len);
    if (!joined) {
        return (pm_str){0};
    }
    memcpy(joined, path.len ? path.ptr : "", path.len);
    memcpy(joined + path.len, ".", dot);
    memcpy(joined + path.len + dot, key.ptr, key.len);
    return (pm_str){joined, path.len + dot + key.len};
}

static bool add_key(struct reading *reading, struct level *level, const yaml_event_t *event)
{
    if (scalar_text(event).len == 0) {
        return refuse(reading, event->start_mark, "a key is empty");
    }
    pm_str path = join(reading->arena, level->path, scalar_text(event));
    if (!reading->keys) {
        reading->keys = pm_arena_array(reading->arena, MOST_KEYS, sizeof *reading->keys);
    }
    if (!path.ptr || !reading->keys) {
        return refuse_memory(reading, event->start_mark);
    }
    for (size_t i = 0; i < reading->key_count; i++) {
        if (pm_str_equal(reading->keys[i], path)) {
            return refuse(reading, event->start_mark, "this key stands twice");
        }
    }
    if (reading->key_count == MOST_KEYS) {
        return refuse(reading, event->start_mark, "more than 1000 keys");
    }
    reading->keys[reading->key_count++] = path;
    level->key = path;
    level->key_mark = event->start_mark;
    return true;
}

static bool add_row(struct reading *reading, struct level *level, const yaml_event_t *event)
{
    struct pm_yaml *out = reading->out;
    if (out->count == reading->row_room) {
        size_t room = reading->row_room ? reading->row_room * 2 : 32;
        void *rows = pm_arena_grow(reading->arena, out->rows, reading->row_room * sizeof *out->rows,
                                   room * sizeof *out->rows);
        if (!rows) {
            return refuse_memory(reading, event->start_mark);
        }
        out->rows = rows;
        reading->row_room = room;
    }
    out->rows[out->count++] = (struct pm_yaml_row){
        .path = level->is_list ? level->path : level->key,
        .value = pm_arena_copy(reading->arena, scalar_text(event)),
        .is_list_item = level->is_list,
        .is_quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE,
        .line = (unsigned)event->start_mark.line + 1,
        .column = (unsigned)event->start_mark.column + 1,
        .key_line = (unsigned)level->key_mark.line + 1,
        .key_column = (unsigned)level->key_mark.column + 1,
    };
    level->key = (pm_str){0};
    return !reading->arena->failed || refuse_memory(reading, event->start_mark);
}

static bool take_scalar(struct reading *reading, const yaml_event_t *event)
{
    struct level *level = innermost(reading);
    if (event->data.scalar.anchor || event->data.scalar.tag) {
        return refuse(reading, event->start_mark, "anchors and tags are not supported");
    }
    if (!level) { /* a file of comments and "---" alone is one empty scalar */
        bool is_empty = scalar_text(event).len == 0;
        return is_empty || refuse(reading, event->start_mark, "expected \"key: value\"");
    }
    bool is_key = !level->is_list && !level->key.ptr;
    return is_key ? add_key(reading, level, event) : add_row(reading, level, event);
}

/* A mapping or list begins. */
static bool enter(struct reading *reading, yaml_mark_t mark, bool is_list, bool has_extras)
{
    struct level *outer = innermost(reading);
    if (has_extras) {
        return refuse(reading, mark, "anchors and tags are not supported");
    }
    if (!outer && is_list) {
        return refuse(reading, mark, "expected \"key: value\", found a list");
    }
    if (outer && outer->is_list) {
        return refuse(reading, mark, "a list holds plain values only");
    }
    if (outer && !outer->key.ptr) {
        return refuse(reading, mark, "a key must be plain text");
    }
    if (reading->depth == MOST_LEVELS) {
        return refuse(reading, mark, "more than eight levels");
    }
    struct level inner = {.path = outer ? outer->key : PM_STR(""), .is_list = is_list};
    if (outer) {
        inner.key_mark = outer->key_mark;
        outer->key = (pm_str){0};
    }
    reading->levels[reading->depth++] = inner;
    return true;
}

static bool take_event(struct reading *reading, const yaml_event_t *event)
{
    bool has_extras;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (reading->has_document) {
            return refuse(reading, event->start_mark, "a second document begins");
        }
        reading->has_document = true;
        return true;
    case YAML_ALIAS_EVENT:
        return refuse(reading, event->start_mark, "aliases are not supported");
    case YAML_SCALAR_EVENT:
        return take_scalar(reading, event);
    case YAML_SEQUENCE_START_EVENT:
        has_extras = event->data.sequence_start.anchor || event->data.sequence_start.tag;
        return enter(reading, event->start_mark, true, has_extras);
    case YAML_MAPPING_START_EVENT:
        has_extras = event->data.mapping_start.anchor || event->data.mapping_start.tag;
        return enter(reading, event->start_mark, false, has_extras);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        reading->depth--;
        return true;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return true;
    }
    return true;
}

/* Bytes that are no text are found before libyaml counts lines; it gives only their position. */
static yaml_mark_t locate(pm_str text, size_t position)
{
    yaml_mark_t mark = {.index = position};
    for (size_t i = 0; i < position && i < text.len; i++) {
        bool is_new_line = text.ptr[i] == '\n';
        mark.line += is_new_line;
        mark.column = is_new_line ? 0 : mark.column + 1;
    }
    return mark;
}

static bool refuse_syntax(struct reading *reading, const yaml_parser_t *parser, pm_str text)
{
    const char *phrase = parser->problem ? parser->problem : "it cannot be read";
    if (parser->error == YAML_MEMORY_ERROR) {
        return refuse_memory(reading, parser->problem_mark);
    }
    if (parser->error == YAML_READER_ERROR) {
        return refuse(reading, locate(text, parser->problem_offset), phrase);
    }
    return refuse(reading, parser->problem_mark, phrase);
}

static bool read_events(struct reading *reading, yaml_parser_t *parser, pm_str text)
{
    yaml_event_t event;
    bool is_over = false;
    while (!is_over) {
        if (!yaml_parser_parse(parser, &event)) {
            return refuse_syntax(reading, parser, text);
        }
        bool is_taken = take_event(reading, &event);
        is_over = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
        if (!is_taken) {
            return false;
        }
    }
    return true;
}

bool pm_yaml_read(struct pm_arena *arena, pm_str text, struct pm_yaml *out,
                  struct pm_yaml_problem *problem)
{
    struct reading reading = {.arena = arena, .out = out, .problem = problem};
    yaml_parser_t parser;
    *out = (struct pm_yaml){0};
    *problem = (struct pm_yaml_problem){0};
    if (!yaml_parser_initialize(&parser)) {
        return refuse_memory(&reading, (yaml_mark_t){0});
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    text = text.len ? text : PM_STR(""); /* libyaml takes no NULL */
    text = pm_str_tail(text, pm_str_starts(text, byte_order_mark) ? byte_order_mark.len : 0);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.ptr, text.len);
    bool is_read = read_events(&reading, &parser, text);
    yaml_parser_delete(&parser);
    return is_read;
}

const char *pm_yaml_library_version(void)
{
    return yaml_get_version_string();
}
