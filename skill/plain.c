/* plain.c - Markdown to the plain text of its sections.
 *
 * cmark makes a tree of the document; here it is walked once, and what a reader would see is
 * written as lines: a paragraph is one line, an item of a list begins with "- " or its number, code
 * and tables (which to cmark are paragraphs) keep their lines. Sections remember where in this text
 * they begin and end.
 *
 * cmark takes for granted that memory never ends, and its allocator has no context. So its memory
 * comes from an arena found through a thread-local pointer, and when that arena is at its end the
 * allocator leaves cmark by longjmp: cmark holds nothing but this memory. */

#include "skill/plain.h"

#include "base/buf.h"

#include <cmark.h>

#include <setjmp.h>
#include <string.h>

#define TREE_BYTES_MOST ((size_t)32 << 20)
#define TEXT_BYTES_MOST ((size_t)256 << 10)
#define INDENT_LEVELS_MOST 8
#define HEADER_BYTES 16 /* before each block of cmark's: its size; keeps what follows aligned */

struct range {
    size_t from, to;
};

struct draft {
    unsigned level;
    struct range heading, meaning, text;
};

struct reading {
    struct pm_arena arena;
    jmp_buf out_of_memory;
    pm_str markdown;
    struct pm_buf buf;    /* the text of all sections, one after the other */
    struct draft *drafts; /* the first one is what stands before all headings */
    size_t count;
    cmark_node *root;
    unsigned list_levels;
    bool has_item; /* one begins and nothing of it is written yet */
    cmark_node *item_list;
    bool is_table;
    size_t paragraph; /* where it begins */
};

/* --- cmark's memory --- */

static _Thread_local struct reading *current;

static void *take_block(size_t size)
{
    if (size > TREE_BYTES_MOST) {
        longjmp(current->out_of_memory, 1);
    }
    char *block = pm_arena_zero(&current->arena, HEADER_BYTES + size);
    if (!block) {
        longjmp(current->out_of_memory, 1);
    }
    memcpy(block, &size, sizeof size);
    return block + HEADER_BYTES;
}

static void *cmark_calloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        longjmp(current->out_of_memory, 1);
    }
    return take_block(bytes);
}

static void *cmark_realloc(void *old, size_t size)
{
    size_t old_size = 0;
    char *block = take_block(size);
    if (old) {
        memcpy(&old_size, (char *)old - HEADER_BYTES, sizeof old_size);
        memcpy(block, old, old_size < size ? old_size : size);
    }
    return block;
}

static void cmark_free(void *block)
{
    (void)block; /* the arena frees it with all else */
}

/* --- lines --- */

static struct draft *section(struct reading *reading)
{
    return &reading->drafts[reading->count - 1];
}

static void add_marker(struct reading *reading)
{
    uintptr_t number = (uintptr_t)cmark_node_get_user_data(reading->item_list);
    if (cmark_node_get_list_type(reading->item_list) == CMARK_ORDERED_LIST) {
        pm_buf_add_u64(&reading->buf, number - 1); /* the item was counted when it began */
        pm_buf_add_c(&reading->buf, ". ");
    } else {
        pm_buf_add_c(&reading->buf, "- ");
    }
}

static void begin_line(struct reading *reading)
{
    unsigned levels = reading->list_levels - (reading->has_item ? 1 : 0);
    if (reading->buf.len > section(reading)->text.from) {
        pm_buf_add_char(&reading->buf, '\n');
    }
    for (unsigned i = 0; i < levels && i < INDENT_LEVELS_MOST; i++) {
        pm_buf_add_c(&reading->buf, "  ");
    }
    if (reading->has_item) {
        reading->has_item = false;
        add_marker(reading);
    }
}

static void add_lines(struct reading *reading, pm_str text)
{
    while (text.len) {
        size_t end = pm_str_find(text, '\n');
        begin_line(reading);
        pm_buf_add(&reading->buf, pm_str_slice(text, 0, end));
        text = pm_str_tail(text, end + 1);
    }
}

/* --- blocks and what is in them --- */

static pm_str literal(cmark_node *node)
{
    return pm_str_from(cmark_node_get_literal(node));
}

static bool is_of_document(const struct reading *reading, cmark_node *node)
{
    return cmark_node_parent(node) == reading->root;
}

static void begin_heading(struct reading *reading, cmark_node *node)
{
    size_t at = reading->buf.len;
    if (!is_of_document(reading, node)) { /* inside a quotation or an item it is a line of it */
        begin_line(reading);
        return;
    }
    section(reading)->text.to = at;
    reading->drafts[reading->count++] = (struct draft){
        .level = (unsigned)cmark_node_get_heading_level(node),
        .heading = {at, at},
        .text = {at, at},
    };
}

static void end_heading(struct reading *reading, cmark_node *node)
{
    if (is_of_document(reading, node)) {
        section(reading)->heading.to = section(reading)->text.from = reading->buf.len;
    }
}

static void begin_paragraph(struct reading *reading, cmark_node *node)
{
    cmark_node *first = cmark_node_first_child(node);
    reading->is_table = first && pm_str_starts(literal(first), PM_STR("|"));
    begin_line(reading);
    reading->paragraph = reading->buf.len;
}

static void end_paragraph(struct reading *reading, cmark_node *node)
{
    struct range *meaning = &section(reading)->meaning;
    if (is_of_document(reading, node) && !reading->is_table && meaning->to == 0) {
        *meaning = (struct range){reading->paragraph, reading->buf.len};
    }
    reading->is_table = false;
}

static void begin_list(struct reading *reading, cmark_node *node)
{
    int start = cmark_node_get_list_start(node);
    reading->list_levels++;
    cmark_node_set_user_data(node, (void *)(uintptr_t)(start > 0 ? start : 0));
}

static void begin_item(struct reading *reading, cmark_node *node)
{
    reading->item_list = cmark_node_parent(node);
    reading->has_item = true;
    uintptr_t number = (uintptr_t)cmark_node_get_user_data(reading->item_list);
    cmark_node_set_user_data(reading->item_list, (void *)(number + 1));
}

/* Of HTML only what is meant to be read, such as "<your key>". */
static bool is_shown(cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    return type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE ||
           (type == CMARK_NODE_HTML_INLINE && !pm_str_starts(literal(node), PM_STR("<!--")));
}

static void enter(struct reading *reading, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_HEADING) {
        begin_heading(reading, node);
    } else if (type == CMARK_NODE_PARAGRAPH) {
        begin_paragraph(reading, node);
    } else if (type == CMARK_NODE_LIST) {
        begin_list(reading, node);
    } else if (type == CMARK_NODE_ITEM) {
        begin_item(reading, node);
    } else if (type == CMARK_NODE_CODE_BLOCK) {
        add_lines(reading, literal(node));
    } else if (type == CMARK_NODE_LINEBREAK ||
               (type == CMARK_NODE_SOFTBREAK && reading->is_table)) {
        begin_line(reading);
    } else if (type == CMARK_NODE_SOFTBREAK) {
        pm_buf_add_char(&reading->buf, ' ');
    } else if (is_shown(node)) {
        pm_buf_add(&reading->buf, literal(node));
    }
}

static void leave(struct reading *reading, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_HEADING) {
        end_heading(reading, node);
    } else if (type == CMARK_NODE_PARAGRAPH) {
        end_paragraph(reading, node);
    } else if (type == CMARK_NODE_LIST) {
        reading->list_levels--;
        reading->has_item = false;
    } else if (type == CMARK_NODE_ITEM) {
        reading->has_item = false;
    }
}

/* --- the whole --- */

static size_t count_headings(cmark_node *root)
{
    size_t count = 0;
    for (cmark_node *node = cmark_node_first_child(root); node; node = cmark_node_next(node)) {
        count += cmark_node_get_type(node) == CMARK_NODE_HEADING;
    }
    return count;
}

static void walk(struct reading *reading)
{
    cmark_iter *at = cmark_iter_new(reading->root);
    cmark_event_type event = cmark_iter_next(at);
    for (; event != CMARK_EVENT_DONE; event = cmark_iter_next(at)) {
        if (event == CMARK_EVENT_ENTER) {
            enter(reading, cmark_iter_get_node(at));
        } else {
            leave(reading, cmark_iter_get_node(at));
        }
    }
    section(reading)->text.to = reading->buf.len;
}

static bool read_tree(struct reading *reading)
{
    static cmark_mem memory = {cmark_calloc, cmark_realloc, cmark_free};
    cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, &memory);
    cmark_parser_feed(parser, reading->markdown.ptr, reading->markdown.len);
    reading->root = cmark_parser_finish(parser);
    reading->drafts =
        pm_arena_array(&reading->arena, count_headings(reading->root) + 1, sizeof *reading->drafts);
    if (!reading->drafts) {
        return false;
    }
    reading->count = 1;
    walk(reading);
    return !reading->buf.failed;
}

/* A function of its own: what a longjmp leaves of a function's variables is not known. */
static bool read_guarded(struct reading *reading)
{
    if (setjmp(reading->out_of_memory) != 0) {
        return false;
    }
    return read_tree(reading);
}

static pm_str piece(pm_str text, struct range range)
{
    return pm_str_slice(text, range.from, range.to);
}

static bool keep(const struct reading *reading, struct pm_arena *arena,
                 const struct pm_section **sections, size_t *count)
{
    bool has_opening = reading->drafts[0].text.to > 0;
    size_t first = has_opening ? 0 : 1;
    pm_str text = pm_arena_copy(arena, pm_buf_text(&reading->buf));
    struct pm_section *kept = pm_arena_array(arena, reading->count, sizeof *kept);
    if (!kept) {
        return false;
    }
    for (size_t i = first; i < reading->count; i++) {
        const struct draft *draft = &reading->drafts[i];
        kept[i - first] = (struct pm_section){
            .heading = piece(text, draft->heading),
            .level = draft->level,
            .meaning = piece(text, draft->meaning),
            .text = piece(text, draft->text),
        };
    }
    *sections = kept;
    *count = reading->count - first;
    return !arena->failed;
}

const char *pm_guide_library_version(void)
{
    return cmark_version_string();
}

bool pm_plain_read(struct pm_arena *arena, pm_str markdown, const struct pm_section **sections,
                   size_t *count)
{
    struct reading reading = {.markdown = markdown};
    pm_arena_init(&reading.arena, TREE_BYTES_MOST);
    pm_buf_init(&reading.buf, &reading.arena, TEXT_BYTES_MOST);
    current = &reading;
    bool is_read = read_guarded(&reading) && keep(&reading, arena, sections, count);
    current = NULL;
    pm_arena_finish(&reading.arena);
    return is_read;
}
