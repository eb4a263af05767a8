/* text.c - the one gate for text that outsiders set. */

#include "answer/text.h"

#include "answer/hidden.h"
#include "base/buf.h"
#include "codec/utf8.h"

#define LONGEST_ESCAPE 10 /* "<U+10FFFF>"; and no byte of input becomes more than that */

struct pm_clean {
    pm_str text;
    enum pm_text_use use;
};

static const struct use {
    size_t most_bytes; /* 0: never cut */
    bool is_strict;    /* two of these must not look alike */
    bool folds_space;
    bool keeps_lines;
} uses[] = {
    [PM_TEXT_ID] = {0, true, false, false},
    [PM_TEXT_REPOSITORY] = {0, true, false, false},
    [PM_TEXT_PLACE] = {200, true, false, false},
    [PM_TEXT_NAME] = {64, false, false, false},
    [PM_TEXT_DESCRIPTION] = {280, false, true, false},
    [PM_TEXT_OTHER] = {200, false, true, false},
    [PM_TEXT_GUIDE] = {400, false, true, false},
    [PM_TEXT_NOTE] = {PM_TEXT_NOTE_MOST, false, true, false},
    [PM_TEXT_PASSAGE] = {3000, false, false, true},
};

static const pm_str ellipsis = PM_STR_INIT("\xE2\x80\xA6");

/* --- cleaning --- */

/* Where the cleaning of one text stands. */
struct cleaning {
    const struct use *use;
    struct pm_buf out;
    size_t cut_at;   /* the last place at which "…" still fits and does no harm */
    bool owes_space; /* white space was seen and nothing after it yet */
    struct pm_place place;
};

static void add_code_point(struct pm_buf *buf, uint32_t code_point)
{
    char bytes[4];
    pm_buf_add(buf, (pm_str){bytes, pm_utf8_write(code_point, bytes)});
}

/* A '<' that our own escapes could begin with. */
static bool opens_escape(pm_str rest)
{
    return pm_str_starts(rest, PM_STR("<U+")) || pm_str_starts(rest, PM_STR("<x"));
}

static void add_unit(struct cleaning *cleaning, pm_str rest)
{
    uint32_t code_point = cleaning->place.code_point;
    if (code_point == PM_UTF8_INVALID) {
        pm_buf_addf(&cleaning->out, "<x%02X>", (unsigned)(unsigned char)rest.ptr[0]);
    } else if (cleaning->use->keeps_lines && (code_point == '\n' || code_point == '\t')) {
        pm_buf_add_char(&cleaning->out, (char)code_point);
    } else if (opens_escape(rest) || pm_hidden(&cleaning->place)) {
        pm_buf_addf(&cleaning->out, "<U+%X>", (unsigned)code_point);
    } else {
        add_code_point(&cleaning->out, code_point);
    }
}

/* A cut straight after a character that is shown for what follows it would leave it alone: a
 * joiner, the selector of a keycap. */
static void note_cut(struct cleaning *cleaning, size_t end)
{
    struct pm_place at_end = cleaning->place;
    at_end.after = 0x2026; /* the ellipsis */
    bool is_escaped = pm_hidden(&cleaning->place);
    if (end + ellipsis.len <= cleaning->use->most_bytes && (is_escaped || !pm_hidden(&at_end))) {
        cleaning->cut_at = end;
    }
}

static void clean_unit(struct cleaning *cleaning, pm_str rest)
{
    if (cleaning->use->folds_space && pm_hidden_is_space(cleaning->place.code_point)) {
        cleaning->owes_space = cleaning->out.len > 0;
        return;
    }
    if (cleaning->owes_space) {
        pm_buf_add_char(&cleaning->out, ' ');
        cleaning->owes_space = false;
    }
    add_unit(cleaning, rest);
    note_cut(cleaning, cleaning->out.len);
}

static uint32_t code_point_at(pm_str text, size_t at, size_t *bytes)
{
    uint32_t code_point = 0;
    *bytes = pm_utf8_next(pm_str_tail(text, at), &code_point);
    return code_point;
}

static bool is_too_long(const struct cleaning *cleaning)
{
    return cleaning->use->most_bytes && cleaning->out.len > cleaning->use->most_bytes;
}

static pm_str clean(struct pm_arena *arena, const struct use *use, pm_str raw)
{
    struct cleaning cleaning = {.use = use, .place = {.is_strict = use->is_strict}};
    struct pm_place *place = &cleaning.place;
    size_t at = 0, bytes, next_bytes;
    pm_buf_init(&cleaning.out, arena, SIZE_MAX / 2);
    uint32_t next = code_point_at(raw, 0, &bytes);
    while (bytes > 0 && !is_too_long(&cleaning)) {
        place->code_point = next;
        place->after = next = code_point_at(raw, at + bytes, &next_bytes);
        clean_unit(&cleaning, pm_str_tail(raw, at));
        place->before_last = place->before;
        place->before = place->code_point;
        at += bytes;
        bytes = next_bytes;
    }
    if (is_too_long(&cleaning)) {
        cleaning.out.len = cleaning.cut_at;
        pm_buf_add(&cleaning.out, ellipsis);
    }
    return pm_buf_text(&cleaning.out);
}

/* Most text is printable ASCII that needs no work. */
static bool is_clean_already(const struct use *use, pm_str raw)
{
    char before = ' ';
    if (use->most_bytes && raw.len > use->most_bytes) {
        return false;
    }
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.ptr[i];
        if (c < ' ' || c > '~' || c == '<' || (use->folds_space && c == ' ' && before == ' ')) {
            return false;
        }
        before = c;
    }
    return !use->folds_space || raw.len == 0 || before != ' ';
}

static const struct pm_clean *make(struct pm_arena *arena, enum pm_text_use use, pm_str text)
{
    static const struct pm_clean nothing = {.use = PM_TEXT_ID};
    struct pm_clean *made = pm_arena_alloc(arena, sizeof *made);
    if (!made || arena->failed) {
        return &nothing;
    }
    *made = (struct pm_clean){text, use};
    return made;
}

const struct pm_clean *pm_clean(struct pm_arena *arena, enum pm_text_use use, pm_str raw)
{
    const struct use *rules = &uses[use];
    pm_str text =
        is_clean_already(rules, raw) ? pm_arena_copy(arena, raw) : clean(arena, rules, raw);
    return make(arena, use, text);
}

const struct pm_clean *pm_clean_own(struct pm_arena *arena, const char *own)
{
    return make(arena, PM_TEXT_ID, pm_str_from(own));
}

pm_str pm_clean_text(const struct pm_clean *shown)
{
    return shown->text;
}

enum pm_text_use pm_clean_use(const struct pm_clean *shown)
{
    return shown->use;
}

/* --- and back --- */

/* Upper case, no leading zero, as they are written here: anything else is no escape of ours. */
static bool read_hex(pm_str digits, uint32_t *value)
{
    *value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        char c = digits.ptr[i];
        if (c >= '0' && c <= '9') {
            *value = *value * 16 + (uint32_t)(c - '0');
        } else if (c >= 'A' && c <= 'F') {
            *value = *value * 16 + (uint32_t)(c - 'A' + 10);
        } else {
            return false;
        }
    }
    return digits.len == 1 || (digits.len > 1 && digits.ptr[0] != '0');
}

/* Adds what the escape at the start of `shown` stands for; how many bytes it takes, 0 when there is
 * none. */
static size_t undo_escape(struct pm_buf *raw, pm_str shown)
{
    size_t end = pm_str_find(pm_str_slice(shown, 0, LONGEST_ESCAPE), '>');
    bool is_byte = pm_str_starts(shown, PM_STR("<x"));
    bool is_closed = end < LONGEST_ESCAPE && end < shown.len;
    uint32_t value;
    char bytes[4];
    size_t count;
    if (!is_closed || !read_hex(pm_str_slice(shown, is_byte ? 2 : 3, end), &value)) {
        return 0;
    }
    if (is_byte) {
        count = value >= 0x80 && value <= 0xFF;
        bytes[0] = (char)(unsigned char)value;
    } else {
        count = pm_utf8_write(value, bytes);
    }
    pm_buf_add(raw, (pm_str){bytes, count});
    return count ? end + 1 : 0;
}

pm_str pm_unclean(struct pm_arena *arena, pm_str shown)
{
    struct pm_buf raw;
    size_t at = pm_str_find(shown, '<'), done = 0;
    if (at == shown.len) {
        return shown;
    }
    pm_buf_init(&raw, arena, SIZE_MAX / 2);
    while (done < shown.len) {
        pm_str rest;
        pm_buf_add(&raw, pm_str_slice(shown, done, at));
        rest = pm_str_tail(shown, at);
        size_t taken = opens_escape(rest) ? undo_escape(&raw, rest) : 0;
        if (taken == 0 && rest.len > 0) {
            pm_buf_add_char(&raw, '<');
            taken = 1;
        }
        done = at + taken;
        at = done + pm_str_find(pm_str_tail(shown, done), '<');
    }
    return pm_buf_text(&raw);
}
