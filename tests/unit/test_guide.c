/* test_guide.c - skill/: references out of files, and the copies built in. */

#include "skill/builtin.h"
#include "skill/document.h"
#include "skill/guide.h"

#include "base/buf.h"

#include "check.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define FRONT "---\ntitle: T\nas_of: 2026-03-20\n---\n"

/* --- front matter --- */

static pm_str read_meaning(struct pm_guide *guide, pm_str document, pm_str heading)
{
    const struct pm_section *section =
        pm_document_section(pm_guide_document(guide, document), heading);
    return section ? section->meaning : PM_STR("");
}

static void add_list(struct pm_buf *buf, const pm_str *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        pm_buf_add_c(buf, i ? "," : "");
        pm_buf_add(buf, items[i]);
    }
}

/* title|summary|as_of|topics|sources, or "! " and the problem. */
static pm_str show_front(struct pm_arena *arena, const struct pm_document *document)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 1 << 16);
    if (document->problem.len) {
        pm_buf_add_c(&buf, "! ");
        pm_buf_add(&buf, document->problem);
        return pm_buf_text(&buf);
    }
    pm_buf_addf(&buf, "%.*s|%.*s|%.*s|", PM_STR_ARG(document->title), PM_STR_ARG(document->summary),
                PM_STR_ARG(document->as_of));
    add_list(&buf, document->topics, document->topic_count);
    pm_buf_add_c(&buf, "|");
    add_list(&buf, document->sources, document->source_count);
    return pm_buf_text(&buf);
}

static void test_front(void)
{
    static const char no_front[] = "! has no front matter between two lines of ---";
    static const char no_date[] = "! its front matter has no as_of, a date like 2026-03-20";
    static const char no_title[] = "! its front matter has no title";
    static const struct {
        pm_str in;
        const char *want;
    } rows[] = {
        {PM_STR_INIT(FRONT), "T||2026-03-20||"},
        {PM_STR_INIT("---\ntitle: T\nas_of: 2026-03-20\n---"), "T||2026-03-20||"},
        {PM_STR_INIT("\xEF\xBB\xBF" FRONT), "T||2026-03-20||"},
        {PM_STR_INIT("---\r\ntitle: T\r\nas_of: 2026-03-20\r\n---\r\n# x\r\n"), "T||2026-03-20||"},
        {PM_STR_INIT("---  \ntitle: T\nas_of: '2026-03-20'\n---\t\n"), "T||2026-03-20||"},
        {PM_STR_INIT("---\ntitle: T\nsummary: A: b\nas_of: 2026-03-20\n---\n"), NULL},
        {PM_STR_INIT("---\ntitle: T\nsummary: 'A: b'\nas_of: 2026-03-20\n---\n"),
         "T|A: b|2026-03-20||"},
        {PM_STR_INIT("---\ntitle: T\nsummary: >\n  two\n  lines\nas_of: 2026-03-20\n---\n"),
         "T|two lines|2026-03-20||"},
        {PM_STR_INIT("---\ntitle: T\nas_of: 2026-03-20\ntopics: [a, b c]\nsources:\n  - one\n"
                     "  - https://x/y\n---\n"),
         "T||2026-03-20|a,b c|one,https://x/y"},
        {PM_STR_INIT("---\ntitle: T\nas_of: 2026-03-20\ntopics: alone\nsources:\n---\n"),
         "T||2026-03-20|alone|"},
        {PM_STR_INIT("---\ntitle: T\nas_of: 2026-03-20\nmore: {a: {b: 1}}\nlist: [1]\n---\n"),
         "T||2026-03-20||"},
        {PM_STR_INIT("---\ntitle: \xC3\xA4\xE2\x82\xAC\nas_of: 2026-03-20\n---\n"),
         "\xC3\xA4\xE2\x82\xAC||2026-03-20||"},
        {PM_STR_INIT(""), no_front},
        {PM_STR_INIT("# Only text\n"), no_front},
        {PM_STR_INIT("\n" FRONT), no_front},
        {PM_STR_INIT("---\ntitle: T\nas_of: 2026-03-20\n"), no_front},
        {PM_STR_INIT("----\ntitle: T\nas_of: 2026-03-20\n----\n"), no_front},
        {PM_STR_INIT("---\n---\n"), no_title},
        {PM_STR_INIT("---\ntitle: ''\nas_of: 2026-03-20\n---\n"), no_title},
        {PM_STR_INIT("---\ntitle: [T]\nas_of: 2026-03-20\n---\n"), no_title},
        {PM_STR_INIT("---\nas_of: 2026-03-20\n---\n"), no_title},
        {PM_STR_INIT("---\ntitle: T\n---\n"), no_date},
        {PM_STR_INIT("---\ntitle: T\nas_of: soon\n---\n"), no_date},
        {PM_STR_INIT("---\ntitle: T\nas_of: 2026-02-30\n---\n"), no_date},
        {PM_STR_INIT("---\ntitle: T\nas_of: 2026-03-20x\n---\n"), no_date},
        {PM_STR_INIT("---\ntitle: T\ntitle: U\nas_of: 2026-03-20\n---\n"),
         "! line 3: this key stands twice"},
        {PM_STR_INIT("---\ntitle: T\nas_of: &x 2026-03-20\n---\n"),
         "! line 3: anchors and tags are not supported"},
        {PM_STR_INIT("---\n- a\n---\n"), "! line 2: expected \"key: value\", found a list"},
        {PM_STR_INIT("---\ntitle: [T\n---\n"), NULL},
        {PM_STR_INIT(FRONT "a\xFFz\n"), "! is no UTF-8 text"},
        {PM_STR_INIT("\xFF\xFE-\0-\0-\0"), "! is no UTF-8 text"},
        {PM_STR_INIT(FRONT "a\0z\n"), "! is no UTF-8 text"},
        {PM_STR_INIT(FRONT "\xED\xA0\x80\n"), "! is no UTF-8 text"},
        {PM_STR_INIT(FRONT "cut \xE2\x82"), "! is no UTF-8 text"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_arena arena;
        struct pm_document document = {.name = PM_STR("x")};
        pm_arena_init(&arena, 1 << 20);
        bool is_read = pm_document_read(&arena, rows[i].in, &document);
        pm_str shown = show_front(&arena, &document);
        CHECK(is_read == (document.problem.len == 0), "row %zu: %.*s", i, PM_STR_ARG(shown));
        if (rows[i].want) {
            CHECK_TEXT(shown, pm_str_from(rows[i].want), "front matter");
        } else { /* libyaml's own words, at some line of the file */
            CHECK(pm_str_starts(shown, PM_STR("! line ")), "row %zu: %.*s", i, PM_STR_ARG(shown));
        }
        CHECK_TEXT(document.name, PM_STR("x"), "name");
        CHECK(is_read || (!document.title.ptr && !document.section_count),
              "row %zu: nothing is kept of what is broken", i);
        pm_arena_finish(&arena);
    }
}

/* --- sections --- */

/* "2 heading = meaning :: text", a line each, line ends of the text as "/". */
static pm_str show_sections(struct pm_arena *arena, const struct pm_document *document)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 1 << 20);
    for (size_t i = 0; i < document->section_count; i++) {
        const struct pm_section *section = &document->sections[i];
        pm_buf_addf(&buf, "%s%u %.*s = %.*s :: ", i ? "\n" : "", section->level,
                    PM_STR_ARG(section->heading), PM_STR_ARG(section->meaning));
        for (size_t at = 0; at < section->text.len; at++) {
            char c = section->text.ptr[at];
            pm_buf_add_char(&buf, c == '\n' ? '/' : c);
        }
    }
    return pm_buf_text(&buf);
}

static void test_sections(void)
{
    static const struct {
        const char *in, *want;
    } rows[] = {
        {"", ""},
        {"# A\n", "1 A =  :: "},
        {"# A\n\nOne.\n\nTwo.\n", "1 A = One. :: One./Two."},
        {"# A\n\nOne\nline.\n## B\nTwo.\n### C\n", "1 A = One line. :: One line.\n"
                                                   "2 B = Two. :: Two.\n3 C =  :: "},
        {"A\n=\nOne.\n\nB\n-\n", "1 A = One. :: One.\n2 B =  :: "},
        {"Before.\n# A\nOne.\n", "0  = Before. :: Before.\n1 A = One. :: One."},
        {"# A `b` [c](https://x) *d* **e** ##\n", "1 A b c d e =  :: "},
        {"# A\nUse `x  y`, [the page](https://x \"t\"), <https://y>, ![a picture](z).\n",
         "1 A = Use x  y, the page, https://y, a picture. :: "
         "Use x  y, the page, https://y, a picture."},
        {"# A\n*It* **is** \\*this\\* &amp; that; say <your name><!-- no -->.\n",
         "1 A = It is *this* & that; say <your name>. :: It is *this* & that; say <your name>."},
        {"# A\nhard  \nbreak\\\nhere\n", "1 A = hard\nbreak\nhere :: hard/break/here"},
        {"# A\n- one\n- two\n  lines\n- `c`\n", "1 A =  :: - one/- two lines/- c"},
        {"# A\n* one\n\n  more\n\n  * inner\n* two\n", "1 A =  :: - one/  more/  - inner/- two"},
        {"# A\n3. one\n4. two\n   - x\n5. three\n", "1 A =  :: 3. one/4. two/  - x/5. three"},
        {"# A\n0. one\n1. two\n", "1 A =  :: 0. one/1. two"},
        {"# A\n-\n- one\n", "1 A =  :: - one"},
        {"# A\n- - - deep\n", "1 A =  ::     - deep"},
        {"# A\n- one\n\nAfter.\n", "1 A = After. :: - one/After."},
        {"# A\n```sh\nmake  x\n\n  y\n```\nThen.\n", "1 A = Then. :: make  x//  y/Then."},
        {"# A\n\n    indented\n", "1 A =  :: indented"},
        {"# A\n- x\n\n  ```\n  a\n  b\n  ```\n", "1 A =  :: - x/  a/  b"},
        {"# A\n| a | b |\n|---|---|\n| `1` | 2 |\n\nText.\n",
         "1 A = Text. :: | a | b |/|---|---|/| 1 | 2 |/Text."},
        {"# A\n> quoted\n> # no section\n> text\n\nB.\n", "1 A = B. :: quoted/no section/text/B."},
        {"# A\n- # no section\n", "1 A =  :: - no section"},
        {"# A\n<!-- a\ncomment -->\n\n***\nB.\n", "1 A = B. :: B."},
        {"# A\n[c]\n\n[c]: https://x\n", "1 A = c :: c"},
        {"# A\n# A\nTwice.\n", "1 A =  :: \n1 A = Twice. :: Twice."},
        {"# \xC3\x9C"
         "ber\n\xE2\x82\xAC\n",
         "1 \xC3\x9C"
         "ber = \xE2\x82\xAC :: \xE2\x82\xAC"},
        {"# A\r\nOne\r\nline.\r\n", "1 A = One line. :: One line."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_arena arena;
        struct pm_document document = {0};
        struct pm_buf text;
        pm_arena_init(&arena, 1 << 20);
        pm_buf_init(&text, &arena, 1 << 16);
        pm_buf_addf(&text, "%s%s", FRONT, rows[i].in);
        CHECK(pm_document_read(&arena, pm_buf_text(&text), &document), "row %zu: %.*s", i,
              PM_STR_ARG(document.problem));
        CHECK_TEXT(show_sections(&arena, &document), pm_str_from(rows[i].want), rows[i].in);
        pm_arena_finish(&arena);
    }
}

static void test_find_section(void)
{
    static const char text[] =
        FRONT "# States\n## RoundTrain (the clients train)\nA.\n"
              "## Paused\nB.\n## paused\nC.\n## (only)\nD.\n## f(x) and g\nE.\n";
    static const struct {
        const char *heading, *meaning; /* NULL: there is no such section */
    } rows[] = {
        {"RoundTrain", "A."},
        {"roundtrain", "A."},
        {"RoundTrain (the clients train)", "A."},
        {" RoundTrain ", "A."},
        {"RoundTrain (x)", "A."},
        {"Paused", "B."},
        {"PAUSED", "B."},
        {"(only)", "D."},
        {"f(x) and g", "E."},
        {"States", ""},
        {"RoundTrai", NULL},
        {"RoundTrain the clients", NULL},
        {"", NULL},
        {"  ", NULL},
        {"f", NULL},
    };
    struct pm_arena arena;
    struct pm_document document = {0};
    pm_arena_init(&arena, 1 << 20);
    CHECK(pm_document_read(&arena, PM_STR(text), &document), "read");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct pm_section *section =
            pm_document_section(&document, pm_str_from(rows[i].heading));
        CHECK((section != NULL) == (rows[i].meaning != NULL), "%s", rows[i].heading);
        if (section && rows[i].meaning) {
            CHECK_TEXT(section->meaning, pm_str_from(rows[i].meaning), rows[i].heading);
        }
    }
    CHECK(!pm_document_section(NULL, PM_STR("Paused")), "no document, no section");
    pm_arena_finish(&arena);
}

/* --- limits --- */

/* FRONT and `unit` again and again, up to `len` bytes. */
static pm_str repeat(struct pm_arena *arena, const char *unit, size_t len)
{
    char *text = pm_arena_alloc(arena, len);
    size_t unit_len = strlen(unit), at = strlen(FRONT);
    if (!text) {
        return PM_STR("");
    }
    memcpy(text, FRONT, at);
    for (size_t i = 0; at < len; i++, at++) {
        text[at] = unit[i % unit_len];
    }
    return (pm_str){text, len};
}

/* Whatever the text, an end in good order: a document, or a problem and nothing else. */
static void test_intricate(void)
{
    static const char *const units[] = {
        "a",       "# a\n",    "- ",       "> ",   "*a ",   "[",     "![[]()",
        "`a",      "&amp;",    "<a>",      "1. ",  "\n",    "-\n",   "*_a_* ",
        "\t- a\n", "[a]: x\n", "```\na\n", "\\\n", "a  \n", "|a|\n",
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct pm_arena arena;
        struct pm_document document = {0};
        pm_arena_init(&arena, 16 << 20);
        bool is_read =
            pm_document_read(&arena, repeat(&arena, units[i], PM_DOCUMENT_BYTES_MOST), &document);
        CHECK(is_read ? document.title.len == 1 : document.problem.len > 0 && !document.title.ptr,
              "%s: %.*s", units[i], PM_STR_ARG(document.problem));
        pm_arena_finish(&arena);
    }
}

static void test_size(void)
{
    struct pm_arena arena;
    struct pm_document document = {0};
    pm_arena_init(&arena, 4 << 20);
    CHECK(pm_document_read(&arena, repeat(&arena, "a", PM_DOCUMENT_BYTES_MOST), &document),
          "as large as may be: %.*s", PM_STR_ARG(document.problem));
    CHECK(!pm_document_read(&arena, repeat(&arena, "a", PM_DOCUMENT_BYTES_MOST + 1), &document),
          "one byte more");
    CHECK_TEXT(document.problem, PM_STR("is larger than 64 KiB"), "one byte more");
    pm_arena_finish(&arena);
}

/* With less and less memory there is a document or none, and never half of one. */
static void test_little_memory(void)
{
    pm_str text = PM_STR(FRONT "# A\nOne.\n## B\n- two\n");
    size_t refused = 0, read = 0;
    for (size_t ceiling = 0; ceiling < 4000; ceiling += 16) {
        struct pm_arena arena;
        struct pm_document document = {0};
        pm_arena_init(&arena, ceiling);
        bool is_read = pm_document_read(&arena, text, &document);
        CHECK(!is_read || (document.section_count == 2 && !arena.failed), "%zu bytes", ceiling);
        read += is_read;
        refused += !is_read;
        pm_arena_finish(&arena);
    }
    CHECK(read > 10 && refused > 3, "%zu read, %zu refused", read, refused);
}

/* --- folders --- */

static char folder[64];

static void write_file(const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    CHECK(file && fputs(text, file) >= 0, "%s", path);
    if (file) {
        (void)fclose(file);
    }
}

static void remove_folder(void)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    CHECK(system(command) == 0, "%s", command); /* NOLINT: the name is mkdtemp's */
}

static bool make_folder(void)
{
    strcpy(folder, "/tmp/psyche-guide-XXXXXX");
    bool is_made = mkdtemp(folder) != NULL;
    CHECK(is_made, "a folder in /tmp");
    return is_made;
}

static pm_str problem_of(struct pm_guide *guide, const char *name)
{
    const struct pm_document *document = pm_guide_document(guide, pm_str_from(name));
    return document ? document->problem : PM_STR("(none such)");
}

static bool is_named(struct pm_guide *guide, const char *name)
{
    bool is_there = false;
    for (const char *const *each = pm_guide_names(guide); *each; each++) {
        is_there = is_there || strcmp(*each, name) == 0;
    }
    return is_there;
}

/* One byte more than a name may have. */
#define TOO_LONG "a2345678b2345678c2345678d2345678e2345678f2345678g2345678h23456789"

static void test_folder(void)
{
    static const char *const no_names[] = {"Upper", "a_b",     "a.b", "a{b",
                                           "notes", ".hidden", "",    TOO_LONG};
    char path[256];
    if (!make_folder()) {
        return;
    }
    write_file("run-states.md", FRONT "# Run states\n## RoundTrain\nOurs.\n");
    write_file("zz-extra.md", FRONT "# Extra\nMore.\n");
    write_file("aa-extra.md", FRONT "# Extra\nLess.\n");
    write_file("zz-broken.md", "no front matter\n");
    write_file("notes.txt", FRONT);
    write_file("Upper.md", FRONT);
    write_file("a_b.md", FRONT);
    write_file("a{b.md", FRONT);
    write_file(TOO_LONG ".md", FRONT);
    (void)snprintf(path, sizeof path, "%s/zz-round.md", folder);
    CHECK(symlink("zz-round.md", path) == 0, "%s", path);
    write_file(".hidden.md", FRONT);
    (void)snprintf(path, sizeof path, "%s/zz-folder.md", folder);
    CHECK(mkdir(path, 0700) == 0, "%s", path);
    (void)snprintf(path, sizeof path, "%s/zz-pipe.md", folder);
    CHECK(mkfifo(path, 0600) == 0, "%s", path);

    struct pm_guide *guide = pm_guide_open(pm_str_from(folder));
    CHECK_TEXT(pm_guide_folder(guide), pm_str_from(folder), "folder");
    CHECK_TEXT(read_meaning(guide, PM_STR("run-states"), PM_STR("roundtrain")), PM_STR("Ours."),
               "meaning");
    CHECK_TEXT(read_meaning(guide, PM_STR("run-states"), PM_STR("Nope")), PM_STR(""), "none");
    CHECK_TEXT(read_meaning(guide, PM_STR("nope"), PM_STR("RoundTrain")), PM_STR(""), "none");
    CHECK_TEXT(problem_of(guide, "run-states"), PM_STR(""), "run-states");
    CHECK_TEXT(problem_of(guide, "zz-extra"), PM_STR(""), "zz-extra");
    CHECK_TEXT(problem_of(guide, "zz-broken"),
               PM_STR("zz-broken.md has no front matter between two lines of ---"), "broken");
    CHECK_TEXT(problem_of(guide, "zz-folder"), PM_STR("zz-folder.md is no ordinary file"),
               "folder");
    CHECK_TEXT(problem_of(guide, "zz-pipe"), PM_STR("zz-pipe.md is no ordinary file"), "pipe");
    CHECK_TEXT(problem_of(guide, "zz-round"), PM_STR("zz-round.md cannot be read"), "a round");
    CHECK_TEXT(problem_of(guide, "../zz-extra"), PM_STR("(none such)"), "a path is no name");
    for (size_t i = 0; i < sizeof no_names / sizeof *no_names; i++) {
        CHECK(!is_named(guide, no_names[i]), "%s is listed", no_names[i]);
        CHECK_TEXT(problem_of(guide, no_names[i]), PM_STR("(none such)"), no_names[i]);
    }
    const struct pm_document *ours = pm_guide_document(guide, PM_STR("run-states"));
    CHECK(ours && !ours->is_built_in, "from the folder");
    CHECK(is_named(guide, "aa-extra") && is_named(guide, "zz-pipe"), "all are listed");

    /* Read once: what changes later is for the next guide. */
    write_file("run-states.md", FRONT "# Run states\n## RoundTrain\nNew.\n");
    CHECK_TEXT(read_meaning(guide, PM_STR("run-states"), PM_STR("RoundTrain")), PM_STR("Ours."),
               "the same guide");
    pm_guide_close(guide);
    guide = pm_guide_open(pm_str_from(folder));
    CHECK_TEXT(read_meaning(guide, PM_STR("run-states"), PM_STR("RoundTrain")), PM_STR("New."),
               "another guide");
    pm_guide_close(guide);
    remove_folder();
}

/* More than documents are kept of, and more than entries are looked at. */
static void test_many_files(void)
{
    char first[96], other[96];
    size_t count = 0, made = 1;
    if (!make_folder()) {
        return;
    }
    write_file("many-0000.md", FRONT);
    (void)snprintf(first, sizeof first, "%s/many-0000.md", folder);
    for (int i = 1; i < 4200; i++) {
        (void)snprintf(other, sizeof other, "%s/many-%04d.md", folder, i);
        made += link(first, other) == 0;
    }
    CHECK(made == 4200, "%zu files", made);
    struct pm_guide *guide = pm_guide_open(pm_str_from(folder));
    for (const char *const *each = pm_guide_names(guide); *each; each++) {
        CHECK(pm_guide_document(guide, pm_str_from(*each)), "%s", *each);
        count++;
    }
    CHECK(count == 64, "%zu documents", count);
    pm_guide_close(guide);
    remove_folder();
}

/* Without a number for the folder only what is built in is there, until there is one. */
static void test_no_number(void)
{
    struct rlimit usual, none;
    if (!make_folder() || getrlimit(RLIMIT_NOFILE, &usual) != 0) {
        return;
    }
    write_file("aa-extra.md", FRONT "# Extra\nLess.\n");
    struct pm_guide *guide = pm_guide_open(pm_str_from(folder));
    none = (struct rlimit){0, usual.rlim_max};
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0, "no more files");
    CHECK(!is_named(guide, "aa-extra") && is_named(guide, "run-states"), "what is built in");
    CHECK(setrlimit(RLIMIT_NOFILE, &usual) == 0, "as before");
    CHECK(is_named(guide, "aa-extra"), "the next time");
    pm_guide_close(guide);
    remove_folder();
}

/* --- what is built in --- */

static void check_built_in(struct pm_guide *guide, const char *problem_end, const char *what)
{
    for (const struct pm_builtin *each = pm_builtins; each->name; each++) {
        const struct pm_document *document = pm_guide_document(guide, pm_str_from(each->name));
        CHECK(document && document->is_built_in, "%s: %s", what, each->name);
        if (document) {
            CHECK(document->title.len && document->as_of.len == 10 && document->section_count,
                  "%s: %s is whole", what, each->name);
            pm_str problem = document->problem, end = pm_str_from(problem_end);
            size_t from = problem.len > end.len ? problem.len - end.len : 0;
            CHECK_TEXT(pm_str_tail(problem, from), end, what);
        }
    }
}

static void test_built_in(void)
{
    struct pm_guide *guide = pm_guide_open(PM_STR(""));
    CHECK(pm_builtins[0].name != NULL, "something is built in");
    CHECK(is_named(guide, "run-states"), "run-states is built in");
    check_built_in(guide, "", "no folder");
    static const char *const phases[] = {
        "Uninitialized", "WaitingForMembers", "Warmup",   "RoundTrain",
        "RoundWitness",  "Cooldown",          "Finished", "Paused"};
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++) {
        pm_str meaning = read_meaning(guide, PM_STR("run-states"), pm_str_from(phases[i]));
        CHECK(meaning.len > 20, "%s has a meaning: %.*s", phases[i], PM_STR_ARG(meaning));
    }
    pm_guide_close(guide);

    guide = pm_guide_open(PM_STR("/nowhere/at/all"));
    check_built_in(guide, "there is no such folder", "a folder that is not there");
    CHECK_TEXT(problem_of(guide, "nope"), PM_STR("(none such)"), "nope");
    pm_guide_close(guide);

    if (make_folder()) {
        guide = pm_guide_open(pm_str_from(folder));
        check_built_in(guide, ".md is missing", "an empty folder");
        pm_guide_close(guide);
        CHECK(!pm_guide_is_folder(pm_str_from(folder)), "an empty folder is none of references");
        write_file("run-states.md", "---\ntitle: [\n---\n");
        CHECK(pm_guide_is_folder(pm_str_from(folder)), "with one of the files it is");
        guide = pm_guide_open(pm_str_from(folder));
        const struct pm_document *document = pm_guide_document(guide, PM_STR("run-states"));
        CHECK(document && document->is_built_in && document->title.len, "broken: the copy");
        CHECK(pm_str_starts(problem_of(guide, "run-states"), PM_STR("run-states.md line ")),
              "broken: why");
        pm_guide_close(guide);
        remove_folder();
    }
}

static void test_no_guide(void)
{
    pm_guide_close(NULL);
    CHECK(!pm_guide_document(NULL, PM_STR("run-states")), "no document");
    CHECK(!*pm_guide_names(NULL), "no names");
    CHECK_TEXT(pm_guide_folder(NULL), PM_STR(""), "no folder");
    CHECK_TEXT(read_meaning(NULL, PM_STR("run-states"), PM_STR("Paused")), PM_STR(""), "none");
}

/* --- threads --- */

static void *read_all(void *guide)
{
    size_t bytes = 0;
    for (const char *const *each = pm_guide_names(guide); *each; each++) {
        const struct pm_document *document = pm_guide_document(guide, pm_str_from(*each));
        for (size_t i = 0; document && i < document->section_count; i++) {
            bytes += document->sections[i].text.len;
        }
    }
    return (void *)(uintptr_t)bytes;
}

static void test_threads(void)
{
    pthread_t threads[4];
    void *bytes[4] = {0};
    struct pm_guide *guide = pm_guide_open(PM_STR(""));
    for (size_t i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, read_all, guide) == 0, "thread %zu", i);
    }
    for (size_t i = 0; i < 4; i++) {
        (void)pthread_join(threads[i], &bytes[i]);
        CHECK(bytes[i] && bytes[i] == bytes[0], "thread %zu read the same", i);
    }
    pm_guide_close(guide);
}

int main(void)
{
    test_front();
    test_sections();
    test_find_section();
    test_intricate();
    test_size();
    test_little_memory();
    test_folder();
    test_many_files();
    test_no_number();
    test_built_in();
    test_no_guide();
    test_threads();
    return check_done();
}
