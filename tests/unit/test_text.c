/* test_text.c - what outsiders write, as it is shown, and back. */

#include "answer/text.h"
#include "codec/utf8.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

#define ZWNJ "\xE2\x80\x8C"
#define ZWJ "\xE2\x80\x8D"
#define VS15 "\xEF\xB8\x8E"
#define VS16 "\xEF\xB8\x8F"
#define HEART "\xE2\x9D\xA4" /* plain by itself */
#define STAR "\xE2\xAD\x90"  /* coloured by itself */
#define WOMAN "\xF0\x9F\x91\xA9"
#define LAPTOP "\xF0\x9F\x92\xBB"
#define KA "\xE0\xA4\x95"
#define VIRAMA "\xE0\xA5\x8D"
#define SSA "\xE0\xA4\xB7"
#define MEEM "\xD9\x85"
#define YEH "\xDB\x8C"
#define ELLIPSIS "\xE2\x80\xA6"
#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN

static const struct {
    const char *what;
    enum pm_text_use use;
    pm_str in, want;
} rows[] = {
    {"plain", PM_TEXT_ID, PM_STR_INIT("hermes-3-8b"), PM_STR_INIT("hermes-3-8b")},
    {"empty", PM_TEXT_ID, PM_STR_INIT(""), PM_STR_INIT("")},
    {"NUL", PM_TEXT_ID, PM_STR_INIT("a\0b"), PM_STR_INIT("a<U+0>b")},
    {"newline and tab in an id", PM_TEXT_ID, PM_STR_INIT("a\n\tb"), PM_STR_INIT("a<U+A><U+9>b")},
    {"newline in a repository", PM_TEXT_REPOSITORY, PM_STR_INIT("a\nb"), PM_STR_INIT("a<U+A>b")},
    {"spaces and newline in a place", PM_TEXT_PLACE, PM_STR_INIT(" a  b\n"),
     PM_STR_INIT(" a  b<U+A>")},
    {"newline in a name", PM_TEXT_NAME, PM_STR_INIT("a\nb"), PM_STR_INIT("a<U+A>b")},
    {"newline in a sentence of the guide", PM_TEXT_GUIDE, PM_STR_INIT("a\n b"), PM_STR_INIT("a b")},
    {"lines of a passage", PM_TEXT_PASSAGE, PM_STR_INIT("a\n\n  b\t\rc\n"),
     PM_STR_INIT("a\n\n  b\t<U+D>c\n")},
    {"escape in a passage", PM_TEXT_PASSAGE, PM_STR_INIT("\x1b[2J\n"), PM_STR_INIT("<U+1B>[2J\n")},
    {"escape and DEL", PM_TEXT_ID, PM_STR_INIT("\x1b[2J\x7f"), PM_STR_INIT("<U+1B>[2J<U+7F>")},
    {"C1", PM_TEXT_ID, PM_STR_INIT("\xC2\x80\xC2\x9F"), PM_STR_INIT("<U+80><U+9F>")},
    {"direction", PM_TEXT_ID,
     PM_STR_INIT("a\xE2\x80\xAE"
                 "b\xE2\x81\xA6\xD8\x9C\xE2\x80\x8E"),
     PM_STR_INIT("a<U+202E>b<U+2066><U+61C><U+200E>")},
    {"no width", PM_TEXT_ID,
     PM_STR_INIT("a\xE2\x80\x8B\xEF\xBB\xBF\xE2\x81\xA0\xC2\xAD\xE1\xA0\x8E"),
     PM_STR_INIT("a<U+200B><U+FEFF><U+2060><U+AD><U+180E>")},
    {"lines", PM_TEXT_ID, PM_STR_INIT("\xE2\x80\xA8\xE2\x80\xA9"), PM_STR_INIT("<U+2028><U+2029>")},
    {"annotation", PM_TEXT_ID, PM_STR_INIT("\xEF\xBF\xB9\xEF\xBF\xBB"),
     PM_STR_INIT("<U+FFF9><U+FFFB>")},
    {"replacement character stays", PM_TEXT_ID, PM_STR_INIT("\xEF\xBF\xBD"),
     PM_STR_INIT("\xEF\xBF\xBD")},
    {"tags", PM_TEXT_ID, PM_STR_INIT("\xF3\xA0\x81\xA1\xF3\xA0\x80\x81"),
     PM_STR_INIT("<U+E0061><U+E0001>")},
    {"noncharacters", PM_TEXT_ID, PM_STR_INIT("\xEF\xB7\x90\xEF\xBF\xBF\xF4\x8F\xBF\xBE"),
     PM_STR_INIT("<U+FDD0><U+FFFF><U+10FFFE>")},
    {"no UTF-8", PM_TEXT_ID, PM_STR_INIT("a\xFF\xC3"), PM_STR_INIT("a<xFF><xC3>")},
    {"overlong", PM_TEXT_ID, PM_STR_INIT("\xC0\xAF"), PM_STR_INIT("<xC0><xAF>")},
    {"surrogate", PM_TEXT_ID, PM_STR_INIT("\xED\xA0\x80"), PM_STR_INIT("<xED><xA0><x80>")},
    {"looks like an escape", PM_TEXT_ID, PM_STR_INIT("<U+202E><xFF><x"),
     PM_STR_INIT("<U+3C>U+202E><U+3C>xFF><U+3C>x")},
    {"other brackets stay", PM_TEXT_ID, PM_STR_INIT("<b> <u+1> <X <U <"),
     PM_STR_INIT("<b> <u+1> <X <U <")},

    {"Persian in a name", PM_TEXT_NAME, PM_STR_INIT(MEEM YEH ZWNJ MEEM),
     PM_STR_INIT(MEEM YEH ZWNJ MEEM)},
    {"Hindi in a name", PM_TEXT_NAME, PM_STR_INIT(KA VIRAMA ZWJ SSA),
     PM_STR_INIT(KA VIRAMA ZWJ SSA)},
    {"after a virama, at the end", PM_TEXT_NAME, PM_STR_INIT(KA VIRAMA ZWJ),
     PM_STR_INIT(KA VIRAMA ZWJ)},
    {"joiner at the end", PM_TEXT_NAME, PM_STR_INIT(KA ZWJ), PM_STR_INIT(KA "<U+200D>")},
    {"two joiners", PM_TEXT_NAME, PM_STR_INIT(MEEM ZWNJ ZWNJ MEEM),
     PM_STR_INIT(MEEM "<U+200C><U+200C>" MEEM)},
    {"joiner in an id", PM_TEXT_ID, PM_STR_INIT(MEEM ZWNJ MEEM), PM_STR_INIT(MEEM "<U+200C>" MEEM)},
    {"joiners between Latin letters", PM_TEXT_NAME, PM_STR_INIT("a" ZWJ "b" ZWNJ "c"),
     PM_STR_INIT("a<U+200D>b<U+200C>c")},
    {"Chinese, Arabic, accents", PM_TEXT_NAME, PM_STR_INIT("\xE4\xB8\xAD" MEEM "\xC3\xA9\xCC\x81"),
     PM_STR_INIT("\xE4\xB8\xAD" MEEM "\xC3\xA9\xCC\x81")},
    {"heart in colour", PM_TEXT_ID, PM_STR_INIT(HEART VS16), PM_STR_INIT(HEART VS16)},
    {"keycap", PM_TEXT_ID, PM_STR_INIT("1" VS16 "\xE2\x83\xA3"),
     PM_STR_INIT("1" VS16 "\xE2\x83\xA3")},
    {"joined pictographs", PM_TEXT_ID, PM_STR_INIT(WOMAN ZWJ LAPTOP),
     PM_STR_INIT(WOMAN ZWJ LAPTOP)},
    {"joined after a selector", PM_TEXT_ID, PM_STR_INIT(HEART VS16 ZWJ STAR),
     PM_STR_INIT(HEART VS16 ZWJ STAR)},
    {"selector on a digit", PM_TEXT_NAME, PM_STR_INIT("run1" VS16), PM_STR_INIT("run1<U+FE0F>")},
    {"selector on a letter", PM_TEXT_NAME, PM_STR_INIT("a" VS16 VS15),
     PM_STR_INIT("a<U+FE0F><U+FE0E>")},
    {"selector first", PM_TEXT_NAME, PM_STR_INIT(VS16 "a"), PM_STR_INIT("<U+FE0F>a")},
    {"two selectors", PM_TEXT_NAME, PM_STR_INIT(HEART VS16 VS16),
     PM_STR_INIT(HEART VS16 "<U+FE0F>")},
    {"other selectors", PM_TEXT_NAME, PM_STR_INIT(HEART "\xEF\xB8\x80\xF3\xA0\x84\x80"),
     PM_STR_INIT(HEART "<U+FE00><U+E0100>")},
    {"a selector without effect, in a name", PM_TEXT_NAME, PM_STR_INIT(STAR VS16 HEART VS15),
     PM_STR_INIT(STAR VS16 HEART VS15)},
    {"a selector without effect, in an id", PM_TEXT_ID, PM_STR_INIT(STAR VS16 HEART VS15),
     PM_STR_INIT(STAR "<U+FE0F>" HEART "<U+FE0E>")},
    {"and what it would join", PM_TEXT_ID, PM_STR_INIT(STAR VS16 ZWJ HEART),
     PM_STR_INIT(STAR "<U+FE0F><U+200D>" HEART)},

    {"spaces stay in a name", PM_TEXT_NAME, PM_STR_INIT(" a  b "), PM_STR_INIT(" a  b ")},
    {"spaces fold", PM_TEXT_DESCRIPTION,
     PM_STR_INIT(" \n a \t\r\n b\xC2\xA0\xE2\x80\xA8\xC2\x85"
                 "c\v"),
     PM_STR_INIT("a b c")},
    {"plain spaces fold", PM_TEXT_OTHER, PM_STR_INIT("a  b "), PM_STR_INIT("a b")},
    {"only space", PM_TEXT_OTHER, PM_STR_INIT(" \n "), PM_STR_INIT("")},
    {"controls in a description", PM_TEXT_DESCRIPTION, PM_STR_INIT("a\x07 b"),
     PM_STR_INIT("a<U+7> b")},

    {"64 bytes", PM_TEXT_NAME, PM_STR_INIT(FIFTY "01234567890123"),
     PM_STR_INIT(FIFTY "01234567890123")},
    {"65 bytes", PM_TEXT_NAME, PM_STR_INIT(FIFTY "012345678901234"),
     PM_STR_INIT(FIFTY "01234567890" ELLIPSIS)},
    {"cut at a code point", PM_TEXT_NAME, PM_STR_INIT(FIFTY TEN "\xE4\xB8\xAD\xE4\xB8\xAD"),
     PM_STR_INIT(FIFTY TEN ELLIPSIS)},
    {"cut before an escape", PM_TEXT_NAME, PM_STR_INIT(FIFTY "01234567\n012345"),
     PM_STR_INIT(FIFTY "01234567" ELLIPSIS)},
    {"cut before a joiner", PM_TEXT_NAME, PM_STR_INIT(FIFTY "0123" WOMAN ZWJ LAPTOP),
     PM_STR_INIT(FIFTY "0123" WOMAN ELLIPSIS)},
    {"an escape that just fits", PM_TEXT_NAME, PM_STR_INIT(FIFTY "01234567\n0"),
     PM_STR_INIT(FIFTY "01234567<U+A>0")},
    {"200 bytes", PM_TEXT_OTHER, PM_STR_INIT(FIFTY FIFTY FIFTY FIFTY),
     PM_STR_INIT(FIFTY FIFTY FIFTY FIFTY)},
    {"201 bytes", PM_TEXT_OTHER, PM_STR_INIT(FIFTY FIFTY FIFTY FIFTY "0"),
     PM_STR_INIT(FIFTY FIFTY FIFTY TEN TEN TEN TEN "0123456" ELLIPSIS)},
    {"ids are never cut", PM_TEXT_ID, PM_STR_INIT(FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY),
     PM_STR_INIT(FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY)},
};

static void check_rows(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, SIZE_MAX / 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct pm_clean *clean = pm_clean(&arena, rows[i].use, rows[i].in);
        CHECK_TEXT(pm_clean_text(clean), rows[i].want, rows[i].what);
        CHECK(pm_clean_use(clean) == rows[i].use, "%s", rows[i].what);
    }
    pm_arena_finish(&arena);
}

static void check_back(void)
{
    static const struct {
        pm_str shown, want;
    } shown[] = {
        {PM_STR_INIT("plain"), PM_STR_INIT("plain")},
        {PM_STR_INIT("a<U+202E>b<xFF>"), PM_STR_INIT("a\xE2\x80\xAE"
                                                     "b\xFF")},
        {PM_STR_INIT("<U+3C>U+202E>"), PM_STR_INIT("<U+202E>")},
        {PM_STR_INIT("<U+0>"), PM_STR_INIT("\0")},
        {PM_STR_INIT("<U+10FFFF>"), PM_STR_INIT("\xF4\x8F\xBF\xBF")},
        /* Not of our making: left as it is. */
        {PM_STR_INIT("<U+110000>"), PM_STR_INIT("<U+110000>")},
        {PM_STR_INIT("<U+D800>"), PM_STR_INIT("<U+D800>")},
        {PM_STR_INIT("<U+0A><U+a><U+><x><x7F><xfF><x123>"),
         PM_STR_INIT("<U+0A><U+a><U+><x><x7F><xfF><x123>")},
        {PM_STR_INIT("<U+202E"), PM_STR_INIT("<U+202E")},
        {PM_STR_INIT("<<x80<x80>"), PM_STR_INIT("<<x80\x80")},
    };
    struct pm_arena arena;
    pm_arena_init(&arena, SIZE_MAX / 2);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        CHECK_TEXT(pm_unclean(&arena, shown[i].shown), shown[i].want, "back");
    }
    pm_arena_finish(&arena);
}

/* Any bytes, thick with what matters: pieces of escapes, joiners, selectors, letters to join. */
static size_t make_text(char *text, size_t most)
{
    static const char *const pieces[] = {
        "<",
        ">",
        "U",
        "+",
        "x",
        "3C",
        "FF",
        "<U+",
        "<x",
        "<U+3C>",
        "a",
        " ",
        "\n",
        ZWNJ,
        ZWJ,
        VS15,
        VS16,
        HEART,
        STAR,
        WOMAN,
        "1",
        "\xE2\x83\xA3",
        KA,
        VIRAMA,
        MEEM,
        "\xE2\x80\xAE",
        "\xED\xA0\x80",
        "\xC0",
    };
    size_t len = 0;
    while (len + 8 < most && rand() % 12) {
        if (rand() % 4 == 0) {
            text[len++] = (char)(unsigned char)(rand() % 256);
        } else {
            const char *piece = pieces[(size_t)rand() % (sizeof pieces / sizeof *pieces)];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
    }
    return len;
}

static bool has_controls(pm_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        if (byte < 0x20 || byte == 0x7F) {
            return true;
        }
    }
    return false;
}

static bool is_utf8(pm_str text)
{
    uint32_t code_point;
    for (size_t at = 0, bytes; (bytes = pm_utf8_next(pm_str_tail(text, at), &code_point)) > 0;
         at += bytes) {
        if (code_point == PM_UTF8_INVALID) {
            return false;
        }
    }
    return true;
}

/* What comes back exactly cannot have been shown the same way as anything else. */
static void check_one_to_one(void)
{
    static const enum pm_text_use whole[] = {PM_TEXT_ID, PM_TEXT_REPOSITORY, PM_TEXT_NAME};
    static const size_t bounds[] = {
        [PM_TEXT_NAME] = 64, [PM_TEXT_DESCRIPTION] = 280, [PM_TEXT_OTHER] = 200};
    unsigned wrong_back = 0, unclean = 0, too_long = 0;
    char bytes[600];
    srand(20260711);
    for (unsigned round = 0; round < 60000; round++) {
        struct pm_arena arena;
        pm_arena_init(&arena, SIZE_MAX / 2);
        pm_str raw = {bytes, make_text(bytes, round % 50 ? 40 : sizeof bytes)};
        for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
            pm_str shown = pm_clean_text(pm_clean(&arena, whole[i], raw));
            bool is_cut = pm_str_ends_nocase(shown, PM_STR(ELLIPSIS));
            wrong_back += !is_cut && !pm_str_equal(pm_unclean(&arena, shown), raw);
            unclean += has_controls(shown) || !is_utf8(shown);
        }
        for (enum pm_text_use use = PM_TEXT_NAME; use <= PM_TEXT_OTHER; use++) {
            pm_str shown = pm_clean_text(pm_clean(&arena, use, raw));
            too_long += shown.len > bounds[use];
            unclean += has_controls(shown) || !is_utf8(shown);
        }
        pm_arena_finish(&arena);
    }
    CHECK(wrong_back == 0, "%u texts do not come back", wrong_back);
    CHECK(unclean == 0, "%u texts are not clean", unclean);
    CHECK(too_long == 0, "%u texts are too long", too_long);
}

/* Every code point by itself and between letters. */
static void check_all_code_points(void)
{
    unsigned wrong_back = 0;
    for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
        struct pm_arena arena;
        char text[8] = "a";
        size_t len = 1 + pm_utf8_write(code_point, text + 1);
        text[len++] = 'b';
        pm_arena_init(&arena, SIZE_MAX / 2);
        pm_str shown = pm_clean_text(pm_clean(&arena, PM_TEXT_ID, (pm_str){text, len}));
        wrong_back += !pm_str_equal(pm_unclean(&arena, shown), (pm_str){text, len});
        pm_arena_finish(&arena);
    }
    CHECK(wrong_back == 0, "%u code points do not come back", wrong_back);
}

static void check_no_memory(void)
{
    pm_str raw = PM_STR("run\n" FIFTY FIFTY);
    bool is_done = false;
    for (size_t ceiling = 0; !is_done && ceiling < 4096; ceiling += 16) {
        struct pm_arena arena;
        pm_arena_init(&arena, ceiling);
        const struct pm_clean *clean = pm_clean(&arena, PM_TEXT_ID, raw);
        is_done = !arena.failed;
        pm_str want = is_done ? PM_STR("run<U+A>" FIFTY FIFTY) : PM_STR("");
        CHECK_TEXT(pm_clean_text(clean), want, "little memory");
        pm_arena_finish(&arena);
    }
    CHECK(is_done, "never enough memory");
}

int main(void)
{
    check_rows();
    check_back();
    check_one_to_one();
    check_all_code_points();
    check_no_memory();
    return check_done();
}
