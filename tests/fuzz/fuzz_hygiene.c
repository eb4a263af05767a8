/* fuzz_hygiene.c - outsiders' text, cleaned: whole, bounded, nothing hidden, and not lost. */

#include "fuzz.h"

#include "answer/hidden.h"
#include "answer/text.h"

static const struct {
    enum pm_text_use use;
    size_t most_bytes; /* 0: never cut */
    bool is_strict, folds_space, keeps_lines;
} uses[] = {
    {PM_TEXT_ID, 0, true, false, false},
    {PM_TEXT_REPOSITORY, 0, true, false, false},
    {PM_TEXT_PLACE, 200, true, false, false},
    {PM_TEXT_NAME, 64, false, false, false},
    {PM_TEXT_DESCRIPTION, 280, false, true, false},
    {PM_TEXT_OTHER, 200, false, true, false},
    {PM_TEXT_GUIDE, 400, false, true, false},
    {PM_TEXT_NOTE, 300, false, true, false},
    {PM_TEXT_PASSAGE, 3000, false, false, true},
};

static const pm_str ellipsis = PM_STR_INIT("\xE2\x80\xA6");

static bool ends_in(pm_str text, pm_str end)
{
    return text.len >= end.len && pm_str_equal(pm_str_tail(text, text.len - end.len), end);
}

/* Seen for itself, a clean text has nothing that would have to be escaped. */
static void check_hidden(pm_str text, bool is_strict, bool keeps_lines)
{
    struct pm_place place = {.is_strict = is_strict};
    size_t step;
    for (size_t at = 0; at < text.len; at += step) {
        size_t unused;
        step = pm_utf8_next(pm_str_tail(text, at), &place.code_point);
        HOLDS(place.code_point != PM_UTF8_INVALID);
        place.after = 0;
        unused = pm_utf8_next(pm_str_tail(text, at + step), &place.after);
        (void)unused;
        HOLDS(!pm_hidden(&place) ||
              (keeps_lines && (place.code_point == '\n' || place.code_point == '\t')));
        place.before_last = place.before;
        place.before = place.code_point;
    }
}

static void check_space(pm_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool is_edge = i == 0 || i + 1 == text.len;
        HOLDS(text.ptr[i] != ' ' || (!is_edge && text.ptr[i + 1] != ' '));
    }
}

/* No escape is begun and not ended. */
static void check_escapes(pm_str text)
{
    size_t last = pm_str_find_last(text, '<');
    pm_str rest = pm_str_tail(text, last);
    bool is_escape = pm_str_starts(rest, PM_STR("<U+")) || pm_str_starts(rest, PM_STR("<x"));
    HOLDS(!is_escape || pm_str_find(rest, '>') < rest.len);
}

static void check_use(struct pm_arena *arena, size_t row, pm_str raw)
{
    const struct pm_clean *clean = pm_clean(arena, uses[row].use, raw);
    pm_str text = pm_clean_text(clean);
    HOLDS(pm_clean_use(clean) == uses[row].use);
    check_hidden(text, uses[row].is_strict, uses[row].keeps_lines);
    check_escapes(text);
    HOLDS(uses[row].most_bytes == 0 || text.len <= uses[row].most_bytes);
    bool may_be_cut = uses[row].most_bytes && ends_in(text, ellipsis);
    if (uses[row].folds_space) {
        check_space(text);
    } else if (!may_be_cut) {
        HOLDS(pm_str_equal(pm_unclean(arena, text), raw));
    }
    if (!may_be_cut) { /* again, it is as clean as it was */
        pm_str again = pm_clean_text(pm_clean(arena, uses[row].use, pm_unclean(arena, text)));
        HOLDS(pm_str_equal(again, text) || uses[row].folds_space);
    }
}

/* Text from a request, which may hold escapes or what only looks like some. */
static void check_shown(struct pm_arena *arena, pm_str shown)
{
    pm_str raw = pm_unclean(arena, shown);
    HOLDS(raw.len <= shown.len);
    pm_str said = pm_clean_text(pm_clean(arena, PM_TEXT_ID, raw));
    HOLDS(pm_str_equal(pm_unclean(arena, said), raw));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pm_arena arena;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES * 4);
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        check_use(&arena, i, fuzz_text(data, size));
    }
    check_shown(&arena, fuzz_text(data, size));
    HOLDS(!arena.failed);
    pm_arena_finish(&arena);
    return 0;
}
