/* test_only.c - pages that show one part, and parts of an answer that there is none of. */

#include "answer/parts.h"
#include "net/inside.h"
#include "check.h"

#include <string.h>

#define TABLES 40 /* more than are ever cut */

static const char *const columns[] = {"name", "value", NULL};
static const struct pm_table_spec plain = {.columns = columns};
static const struct pm_kind runs_kind = {.name = "/runs", .source = PM_SOURCE_TRACKED};

/* --- pages --- */

static const struct {
    pm_str page;
    bool is_read;
    pm_str group, part;
    uint64_t from;
} pages[] = {
    {PM_STR_INIT("g.tracked"), true, PM_STR_INIT("tracked"), PM_STR_INIT(""), 0},
    {PM_STR_INIT("g.on_chain"), true, PM_STR_INIT("on_chain"), PM_STR_INIT(""), 0},
    {PM_STR_INIT("g.tracked.config"), true, PM_STR_INIT("tracked"), PM_STR_INIT("config"), 0},
    {PM_STR_INIT("g.tracked.evals.40"), true, PM_STR_INIT("tracked"), PM_STR_INIT("evals"), 40},
    {PM_STR_INIT("g.runs.7"), true, PM_STR_INIT("runs"), PM_STR_INIT(""), 7},
    {PM_STR_INIT(""), false, PM_STR_INIT(""), PM_STR_INIT(""), 0},
    {PM_STR_INIT("g"), false, PM_STR_INIT(""), PM_STR_INIT(""), 0},
    {PM_STR_INIT("g."), false, PM_STR_INIT(""), PM_STR_INIT(""), 0},
    {PM_STR_INIT("r.tracked"), false, PM_STR_INIT(""), PM_STR_INIT(""), 0},
    {PM_STR_INIT("g.Tracked"), false, PM_STR_INIT(""), PM_STR_INIT(""), 0},
    {PM_STR_INIT("g.{tracked"), false, PM_STR_INIT(""), PM_STR_INIT(""), 0},
    {PM_STR_INIT("g.tracked.Config"), false, PM_STR_INIT(""), PM_STR_INIT(""), 0},
    {PM_STR_INIT("g.tracked.evals.x"), false, PM_STR_INIT(""), PM_STR_INIT(""), 0},
    {PM_STR_INIT("g.tracked.evals.1.2"), false, PM_STR_INIT(""), PM_STR_INIT(""), 0},
    {PM_STR_INIT("g.runs.7.8"), false, PM_STR_INIT(""), PM_STR_INIT(""), 0},
    {PM_STR_INIT("g.runs.99999999999999999999"), false, PM_STR_INIT(""), PM_STR_INIT(""), 0},
};

static void check_pages(void)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct pm_arena arena;
        pm_arena_init(&arena, SIZE_MAX / 2);
        struct pm_answer *answer = pm_answer_make(&arena, "run_details");
        CHECK(pm_answer_only_page(answer, pages[i].page) == pages[i].is_read, "%.*s",
              PM_STR_ARG(pages[i].page));
        CHECK_TEXT(answer->only_group, pages[i].group, "group");
        CHECK_TEXT(answer->only_part, pages[i].part, "part");
        CHECK(answer->only_from == pages[i].from, "%.*s: from %llu", PM_STR_ARG(pages[i].page),
              (unsigned long long)answer->only_from);
        pm_arena_finish(&arena);
    }
}

/* --- what is brief --- */

static void check_brief(void)
{
    static const struct {
        const char *key, *own; /* own NULL: the number 1 */
        bool is_brief;
    } rows[] = {
        {"action", "full", true},  {"detail", "brief", true}, {"detail", "fully", true},
        {"detail", "full", false}, {"detail", NULL, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_arena arena;
        struct pm_arguments request = {0};
        pm_arena_init(&arena, SIZE_MAX / 2);
        struct pm_answer *answer = pm_answer_make(&arena, "run_details");
        if (rows[i].own) {
            pm_arguments_own(&request, &arena, rows[i].key, rows[i].own);
        } else {
            pm_arguments_number(&request, rows[i].key, 1);
        }
        pm_answer_request(answer, &request);
        CHECK(pm_call_is_brief(answer) == rows[i].is_brief, "%s: %s", rows[i].key, rows[i].own);
        pm_answer_only(answer, PM_STR("tracked"), PM_STR(""), 0);
        CHECK(!pm_call_is_brief(answer), "a part that was asked for is shown whole");
        pm_arena_finish(&arena);
    }
}

/* --- more tables than are cut --- */

static void check_many_tables(void)
{
    static char names[TABLES][8];
    struct pm_arena arena;
    struct pm_settings settings = {.clock = {.is_frozen = true}};
    struct pm_batch batch = {.arena = &arena, .settings = &settings};
    struct pm_entry entry = {0};
    struct pm_ask ask = {.kind = &runs_kind,
                         .url = PM_STR("http://h/"),
                         .is_in = true,
                         .facts = "",
                         .entry = &entry};
    pm_arena_init(&arena, SIZE_MAX / 2);
    const struct pm_origin *origin = pm_origin_of(&batch, &ask);
    struct pm_answer *answer = pm_answer_make(&arena, "run_details");
    for (unsigned i = 0; i < TABLES; i++) {
        (void)snprintf(names[i], sizeof names[i], "t%u", i);
        struct pm_table *table = pm_table_open(answer, names[i], &plain, &origin, 1);
        for (int row = 0; row < 8; row++) {
            pm_cell_own(table, "a name of some length");
            pm_cell_null(table);
            pm_row_end(table, NULL);
        }
    }
    size_t whole = pm_answer_write(answer, SIZE_MAX).len, cut = pm_answer_write(answer, 1).len;
    CHECK(cut > 0 && cut < whole, "%zu of %zu bytes are left", cut, whole);
    CHECK(pm_answer_write(answer, SIZE_MAX).len == whole, "and with room all comes back");
    pm_arena_finish(&arena);
}

/* --- nothing to write into: memory was out, or nobody answered --- */

static void put_nothing(struct pm_arena *arena, struct pm_group *group)
{
    const struct pm_clean *text = pm_clean_own(arena, "text");
    pm_put_text(group, "a", text);
    pm_put_own(group, "b", "own");
    pm_put_count(group, "c", 1);
    pm_put_seconds(group, "d", 1);
    pm_put_big(group, "e", pm_big_from_u64(1));
    pm_put_float(group, "f", 1.5);
    pm_put_fixed(group, "g", 1.5, 1);
    pm_put_percent(group, "h", 1.5);
    pm_put_flag(group, "i", true);
    pm_put_date(group, "j", 0);
    CHECK(!pm_group_sub(group, "sub"), "no group inside");
    CHECK(!pm_table_sub(group, "table", &plain), "no table inside");
}

static void write_nothing(struct pm_arena *arena, struct pm_table *table)
{
    pm_cell_text(table, pm_clean_own(arena, "text"));
    pm_cell_own(table, "own");
    pm_cell_count(table, 1);
    pm_cell_seconds(table, 1);
    pm_cell_big(table, pm_big_from_u64(1));
    pm_cell_float(table, 1.5);
    pm_cell_fixed(table, 1.5, 1);
    pm_cell_date(table, 0);
    pm_cell_null(table);
    pm_row_end(table, NULL);
    pm_table_total(table, 5);
    pm_table_earlier(table, 5);
}

static void check_nothing(void)
{
    struct pm_arena arena;
    struct pm_say say;
    struct pm_arguments request = {0};
    pm_arena_init(&arena, SIZE_MAX / 2);
    pm_say_init(&say, &arena);
    pm_say_own(&say, "said");
    put_nothing(&arena, NULL);
    write_nothing(&arena, NULL);
    CHECK(!pm_group_open(NULL, "tracked", pm_origin_of_machine(&arena)), "no group");
    CHECK(!pm_answer_verdict(NULL, "agreement"), "no verdict");
    CHECK(!pm_table_open(NULL, "runs", &plain, NULL, 0), "no table");
    CHECK(pm_table_is_full(NULL), "nor room in it");
    pm_table_count_more(NULL, 1);
    CHECK(pm_answer_is_found(NULL) == PM_FOUND_UNKNOWN, "nothing is known");
    pm_answer_found(NULL, PM_FOUND_TRUE);
    pm_answer_asked(NULL, "run_id", pm_clean_own(&arena, "text"));
    pm_answer_summary(NULL, &say);
    pm_answer_note(NULL, &say);
    pm_answer_note_own(NULL, "own");
    pm_answer_note_clean(NULL, pm_clean_own(&arena, "text"));
    pm_answer_next(NULL, "psyche_monitor", &request, "why");
    pm_answer_request(NULL, &request);
    pm_answer_only(NULL, PM_STR("tracked"), PM_STR(""), 0);
    pm_answer_guide_source(NULL, NULL);
    pm_answer_sources(NULL, NULL);
    CHECK_TEXT(pm_answer_write(NULL, SIZE_MAX), PM_STR(""), "no answer");
    CHECK(!arena.failed, "and no harm is done");
    pm_arena_finish(&arena);
}

/* A text that is not known is a member that is not there. */
static void check_unknown_text(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, SIZE_MAX / 2);
    struct pm_answer *answer = pm_answer_make(&arena, "run_details");
    struct pm_group *group = pm_group_open(answer, "local", pm_origin_of_machine(&arena));
    pm_put_text(group, "name", NULL);
    pm_put_own(group, "word", NULL);
    pm_answer_asked(answer, "run_id", NULL);
    pm_answer_guide_source(answer, NULL);
    pm_str json = pm_answer_write(answer, SIZE_MAX);
    CHECK(!pm_str_has_nocase(json, PM_STR("\"name\"")), "%.*s", PM_STR_ARG(json));
    CHECK(!pm_str_has_nocase(json, PM_STR("\"word\"")), "%.*s", PM_STR_ARG(json));
    CHECK(!pm_str_has_nocase(json, PM_STR("\"run_id\"")), "%.*s", PM_STR_ARG(json));
    CHECK(pm_str_has_nocase(json, PM_STR("\"sources\":[]")), "%.*s", PM_STR_ARG(json));
    pm_arena_finish(&arena);
}

int main(void)
{
    check_pages();
    check_brief();
    check_many_tables();
    check_nothing();
    check_unknown_text();
    return check_done();
}
