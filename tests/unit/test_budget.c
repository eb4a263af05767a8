/* test_budget.c - answers that are too long: what goes first, that the rest fits, and that the
 * calls named in the answer bring back whatever was left out. */

#include "answer/answer.h"
#include "codec/json.h"
#include "net/inside.h"
#include "check.h"

#include <string.h>
#include <time.h>

#define CONFIG_MEMBERS 20
#define LIST_ROWS 57
#define EVAL_ROWS 40
#define MODEL_ROWS 12

static const struct pm_kind runs_kind = {.name = "/runs", .source = PM_SOURCE_TRACKED};
static const char *const list_columns[] = {"run_id", "size", NULL};
static const char *const eval_columns[] = {"name", "value", NULL};
static const struct pm_table_spec list_table = {
    .columns = list_columns, .rank = 2, .is_paged = true};
static const struct pm_table_spec model_table = {
    .columns = list_columns, .rank = 1, .is_paged = false};
static const struct pm_table_spec eval_table = {
    .columns = eval_columns, .rank = 0, .is_paged = false};
static const char *const subjects[] = {
    "tracked.config", "guide",        "tracked.description", "tracked.none",
    "nowhere.at_all", "tracked.flag", "runs.none",           NULL};

/* A question, its answer, and the memory both are in. */
struct call {
    struct pm_arena arena;
    struct pm_settings settings;
    struct pm_entry entry;
    struct pm_ask ask;
    struct pm_batch batch;
    struct pm_answer *answer;
    pm_str json;
    yyjson_val *root;
};

static const struct pm_clean *numbered(struct call *call, const char *word, size_t n)
{
    struct pm_buf buf;
    pm_buf_init(&buf, &call->arena, 64);
    pm_buf_add_c(&buf, word);
    pm_buf_add_u64(&buf, n);
    return pm_clean(&call->arena, PM_TEXT_ID, pm_buf_text(&buf));
}

/* A page "r.<n>" begins at row n. */
static size_t first_row(pm_str page)
{
    uint64_t n = 0;
    return pm_str_starts(page, PM_STR("r.")) && pm_str_to_u64(pm_str_tail(page, 2), &n) ? (size_t)n
                                                                                        : 0;
}

static void fill_list(struct call *call, const struct pm_origin *origin, pm_str page, size_t count)
{
    struct pm_table *table = pm_table_open(call->answer, "runs", &list_table, &origin, 1);
    size_t from = first_row(page);
    for (size_t i = from; i < count; i++) {
        pm_cell_text(table, numbered(call, "a-run-with-a-\"name\"-", i));
        pm_cell_count(table, i);
        pm_row_end(table, numbered(call, "r.", i + 1));
    }
    pm_table_earlier(table, from);
    pm_table_total(table, count);
}

static void fill_rows(struct call *call, struct pm_table *table, const char *word, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        pm_cell_text(table, numbered(call, word, i));
        pm_cell_float(table, 0.5 + (double)i);
        pm_row_end(table, NULL);
    }
}

static void fill_groups(struct call *call, const struct pm_origin *origin)
{
    static const char *const keys[CONFIG_MEMBERS] = {
        "c00", "c01", "c02", "c03", "c04", "c05", "c06", "c07", "c08", "c09",
        "c10", "c11", "c12", "c13", "c14", "c15", "c16", "c17", "c18", "c19",
    };
    struct pm_group *tracked = pm_group_open(call->answer, "tracked", origin);
    pm_put_text(
        tracked, "description",
        pm_clean(&call->arena, PM_TEXT_DESCRIPTION,
                 PM_STR("A description of some length, so that leaving it out saves more than "
                        "the words that say how to get it: where it came from, what it is, what "
                        "it was made for, and by whom.")));
    pm_put_flag(tracked, "flag", true);
    pm_put_own(tracked, "odd", "\x01\n\"\\\xC3\xA9"); /* bytes that are longer as JSON */
    struct pm_group *config = pm_group_sub(tracked, "config");
    for (size_t i = 0; i < CONFIG_MEMBERS; i++) {
        pm_put_count(config, keys[i], i * 1000);
    }
    fill_rows(call, pm_table_sub(tracked, "evals", &eval_table), "an-eval-", EVAL_ROWS);
    struct pm_group *guide = pm_group_open(call->answer, "guide", origin);
    pm_put_own(guide, "text",
               "What these words mean, in a sentence that is longer than the sentence that "
               "would stand here in its place, if it were left out.");
    fill_rows(call, pm_table_sub(guide, "steps", &eval_table), "a-step-", 5);
}

static void ask(struct call *call, size_t list_rows, bool is_full, pm_str page)
{
    struct pm_arguments request = {0};
    const struct pm_origin *origin = pm_origin_of(&call->batch, &call->ask);
    struct pm_answer *answer = call->answer = pm_answer_make(&call->arena, "run_details");
    struct pm_say say;
    pm_arguments_own(&request, &call->arena, "action", "run_details");
    if (is_full) {
        pm_arguments_own(&request, &call->arena, "detail", "full");
    }
    if (page.len) {
        pm_arguments_text(&request, "page", pm_clean(&call->arena, PM_TEXT_ID, page));
    }
    pm_answer_request(answer, &request);
    CHECK(pm_answer_only_page(answer, page) == pm_str_starts(page, PM_STR("g.")), "%.*s",
          PM_STR_ARG(page));
    pm_say_init(&say, &call->arena);
    pm_say_own(&say, "The summary, which stays.");
    pm_answer_summary(answer, &say);
    fill_groups(call, origin);
    fill_list(call, origin, page, list_rows);
    fill_rows(call, pm_table_open(answer, "models", &model_table, &origin, 1), "a-model-",
              MODEL_ROWS);
    pm_put_own(pm_answer_verdict(answer, "agreement"), "verdict", "single");
    pm_answer_sources(answer, &call->batch);
    pm_answer_cut_order(answer, subjects);
}

static void call_begin(struct call *call, size_t ceiling)
{
    *call = (struct call){0};
    pm_arena_init(&call->arena, ceiling);
    call->settings.clock.is_frozen = true;
    call->ask = (struct pm_ask){.kind = &runs_kind,
                                .url = PM_STR("http://h/runs"),
                                .is_in = true,
                                .facts = "",
                                .entry = &call->entry,
                                .from = &call->entry};
    call->batch = (struct pm_batch){.arena = &call->arena, .settings = &call->settings, .count = 1};
    call->batch.asks[0] = &call->ask;
}

static void call_write(struct call *call, size_t budget)
{
    struct pm_json_problem problem;
    call->json = pm_answer_write(call->answer, budget);
    call->root = pm_json_read_copy(&call->arena, call->json, &problem);
}

static void call_end(struct call *call)
{
    pm_arena_finish(&call->arena);
}

static yyjson_val *get(yyjson_val *root, const char *path)
{
    pm_str rest = pm_str_from(path);
    while (rest.len && root) {
        char key[32] = "";
        size_t dot = pm_str_find(rest, '.');
        memcpy(key, rest.ptr, dot < sizeof key ? dot : sizeof key - 1);
        root = pm_json_get(root, key);
        rest = pm_str_tail(rest, dot + 1);
    }
    return root;
}

static size_t rows_at(const struct call *call, const char *path)
{
    return yyjson_arr_size(pm_json_get(get(call->root, path), "rows"));
}

/* The `get` of the entry for `what`; entries for rows begin with it. */
static yyjson_val *omitted(const struct call *call, const char *what)
{
    yyjson_val *list = pm_json_get(call->root, "omitted");
    for (size_t i = 0; i < yyjson_arr_size(list); i++) {
        yyjson_val *entry = yyjson_arr_get(list, i);
        pm_str said = pm_json_text(pm_json_get(entry, "what"));
        pm_str path = pm_str_slice(said, 0, pm_str_find(said, ':'));
        if (pm_str_equal(path, pm_str_from(what))) {
            return pm_json_get(entry, "get");
        }
    }
    return NULL;
}

static size_t uncut_size(bool is_full, pm_str page)
{
    struct call call;
    call_begin(&call, SIZE_MAX / 2);
    ask(&call, LIST_ROWS, is_full, page);
    call_write(&call, SIZE_MAX);
    size_t size = call.json.len;
    CHECK(!pm_json_get(call.root, "omitted"), "nothing is omitted");
    call_end(&call);
    return size;
}

/* --- what goes, in which order --- */

static void check_frame(const struct call *call, size_t budget)
{
    CHECK(pm_str_starts(call->json,
                        PM_STR("{\"summary\":\"The summary, which stays.\",\"success\":true,")),
          "budget %zu: %.*s", budget, PM_STR_ARG(pm_str_slice(call->json, 0, 80)));
    CHECK(yyjson_arr_size(pm_json_get(call->root, "sources")) == 1, "budget %zu: sources", budget);
    CHECK(get(call->root, "agreement.verdict"), "budget %zu: agreement", budget);
    CHECK_TEXT(pm_json_text(get(call->root, "tracked.source")), PM_STR("[tracked]"), "label");
}

/* Stage by stage; each is done before the next begins. */
static void check_order(const struct call *call, size_t budget)
{
    size_t evals = rows_at(call, "tracked.evals"), models = rows_at(call, "models");
    size_t runs = rows_at(call, "runs");
    bool has_config = get(call->root, "tracked.config") != NULL,
         has_guide = get(call->root, "guide") != NULL;
    CHECK(models == MODEL_ROWS || evals <= 3, "budget %zu: models before evals", budget);
    CHECK(runs == LIST_ROWS || models <= 3, "budget %zu: runs before models", budget);
    CHECK(has_config || runs <= 3, "budget %zu: config before rows", budget);
    CHECK(has_guide || !has_config, "budget %zu: guide before config", budget);
    CHECK(evals >= 3 || !has_guide, "budget %zu: last rows before guide", budget);
    CHECK(models >= 3 || evals == 0, "budget %zu: last models before last evals", budget);
    CHECK(get(call->root, "tracked.flag"), "budget %zu: what is shorter than its mention stays",
          budget);
}

static void check_named(const struct call *call, size_t budget)
{
    static const struct {
        const char *path;
        size_t rows;
    } lists[] = {{"tracked.evals", EVAL_ROWS}, {"models", MODEL_ROWS}, {"runs", LIST_ROWS}};
    static const char *const groups[] = {"tracked.config", "guide", "tracked.description"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        bool is_whole = rows_at(call, lists[i].path) == lists[i].rows;
        CHECK(is_whole == !omitted(call, lists[i].path), "budget %zu: %s", budget, lists[i].path);
    }
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        bool is_there = get(call->root, groups[i]) != NULL;
        CHECK(is_there == !omitted(call, groups[i]), "budget %zu: %s", budget, groups[i]);
    }
}

/* From far too small to more than enough: always within the budget when that can be, and no
 * shorter than it has to be. */
static void check_all_budgets(bool is_full)
{
    size_t whole = uncut_size(is_full, PM_STR("")), least = SIZE_MAX, slack_most = 0;
    for (size_t budget = 0; budget <= whole + 50; budget += budget < whole - 300 ? 37 : 1) {
        struct call call;
        call_begin(&call, SIZE_MAX / 2);
        ask(&call, LIST_ROWS, is_full, PM_STR(""));
        call_write(&call, budget);
        least = call.json.len < least ? call.json.len : least;
        CHECK(call.json.len <= budget || call.json.len == least, "budget %zu: %zu bytes", budget,
              call.json.len);
        CHECK((call.json.len == whole) == (budget >= whole), "budget %zu: whole", budget);
        if (call.json.len <= budget && budget < whole && rows_at(&call, "tracked.evals") > 3) {
            slack_most = budget - call.json.len > slack_most ? budget - call.json.len : slack_most;
        }
        check_frame(&call, budget);
        check_order(&call, budget);
        check_named(&call, budget);
        call_end(&call);
    }
    CHECK(least < 1500, "the shortest has %zu bytes", least);
    CHECK(slack_most < 200, "up to %zu bytes unused where one row more would have fitted",
          slack_most);
}

/* --- getting the rest --- */

static void mark(bool *seen, size_t count, yyjson_val *rows, const char *word)
{
    for (size_t i = 0; i < yyjson_arr_size(rows); i++) {
        pm_str text = pm_json_text(yyjson_arr_get(yyjson_arr_get(rows, i), 0));
        uint64_t n = 0;
        bool is_ours = pm_str_starts(text, pm_str_from(word)) &&
                       pm_str_to_u64(pm_str_tail(text, strlen(word)), &n) && n < count;
        CHECK(is_ours && !seen[n], "row %.*s: unknown or twice", PM_STR_ARG(text));
        if (is_ours) {
            seen[n] = true;
        }
    }
}

static size_t count_seen(const bool *seen, size_t count)
{
    size_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += seen[i];
    }
    return sum;
}

static bool is_detail_full(yyjson_val *arguments)
{
    return pm_str_equal(pm_json_text(pm_json_get(arguments, "detail")), PM_STR("full"));
}

struct page {
    char text[64];
    bool is_full;
};

static struct page page_of(yyjson_val *arguments)
{
    struct page page = {.is_full = is_detail_full(arguments)};
    pm_str text = pm_json_text(pm_json_get(arguments, "page"));
    if (text.len < sizeof page.text && text.len) {
        memcpy(page.text, text.ptr, text.len);
    }
    return page;
}

/* Follows one table from answer to answer, at the same budget each time. */
static void follow(const char *path, const char *word, size_t count, struct page page,
                   size_t budget, bool is_restarted)
{
    bool seen[64] = {0};
    bool goes_on = true;
    for (unsigned turn = 0; goes_on; turn++) {
        struct call call;
        call_begin(&call, SIZE_MAX / 2);
        ask(&call, LIST_ROWS, page.is_full, pm_str_from(page.text));
        call_write(&call, budget);
        CHECK(call.json.len <= budget, "%s: %zu bytes of %zu", page.text, call.json.len, budget);
        if (is_restarted && turn > 0 && strncmp(page.text, "g.", 2) == 0 &&
            strchr(page.text + 2, '.') == NULL) {
            memset(seen, 0, sizeof seen); /* the group alone, from its first row */
        }
        mark(seen, count, pm_json_get(get(call.root, path), "rows"), word);
        yyjson_val *next = omitted(&call, path);
        yyjson_val *more = pm_json_get(get(call.root, path), "get_more");
        next = next ? next : more;
        CHECK(!next || !page_of(next).is_full || page.is_full || turn == 0, "%s: full once", path);
        CHECK(page.is_full || !next || strncmp(page.text, "g.", 2) != 0 || !page_of(next).is_full,
              "%s: more room is no way on from here", page.text);
        goes_on = next && turn < 100;
        if (goes_on) {
            bool starts_over = page_of(next).is_full && !page.is_full;
            page = page_of(next);
            if (starts_over) {
                memset(seen, 0, sizeof seen);
            }
        }
        call_end(&call);
    }
    CHECK(count_seen(seen, count) == count, "%s: %zu of %zu rows at %zu", path,
          count_seen(seen, count), count, budget);
}

static void check_nothing_is_lost(void)
{
    static const size_t budgets[] = {1500, 1700, 2000, 2600, 3600, 5000};
    for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++) {
        for (int full = 0; full < 2; full++) {
            struct page page = {"", full != 0};
            follow("runs", "a-run-with-a-\"name\"-", LIST_ROWS, page, budgets[i], true);
            follow("tracked.evals", "an-eval-", EVAL_ROWS, page, budgets[i], true);
            follow("models", "a-model-", MODEL_ROWS, page, budgets[i], true);
        }
    }
}

/* A group alone that does not fit either: its table goes on row by row. */
static void check_alone(void)
{
    static const size_t budgets[] = {700, 800, 1000, 1200};
    for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++) {
        struct page brief = {"g.tracked", false}, full = {"g.tracked", true},
                    models = {"g.models", true};
        follow("tracked.evals", "an-eval-", EVAL_ROWS, brief, budgets[i], true);
        follow("tracked.evals", "an-eval-", EVAL_ROWS, full, budgets[i], true);
        follow("models", "a-model-", MODEL_ROWS, models, budgets[i], true);
    }
}

/* What was asked for by itself is never given up. */
static void check_asked_for(void)
{
    static const struct {
        const char *page, *path;
    } rows[] = {{"g.guide", "guide"}, {"g.tracked.config", "tracked.config"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct call call;
        call_begin(&call, SIZE_MAX / 2);
        ask(&call, LIST_ROWS, true, pm_str_from(rows[i].page));
        call_write(&call, 0);
        CHECK(get(call.root, rows[i].path), "%s: %.*s", rows[i].page, PM_STR_ARG(call.json));
        call_end(&call);
    }
}

/* A subject: more room first, then its group alone, then it alone. */
static void check_subject(void)
{
    struct page page = {"", false};
    static const char *const pages[] = {"", "", "g.tracked", "g.tracked.config"};
    for (size_t turn = 0; turn < 4; turn++) {
        struct call call;
        call_begin(&call, SIZE_MAX / 2);
        CHECK_TEXT(pm_str_from(page.text), pm_str_from(pages[turn]), "page");
        CHECK(page.is_full == (turn > 0), "turn %zu", turn);
        ask(&call, LIST_ROWS, page.is_full, pm_str_from(page.text));
        call_write(&call, turn == 2 ? 400 : 1700);
        CHECK((get(call.root, "tracked.config") != NULL) == (turn == 3), "turn %zu", turn);
        if (turn < 3) {
            page = page_of(omitted(&call, "tracked.config"));
        }
        call_end(&call);
    }
}

static void check_only(void)
{
    static const struct {
        const char *page;
        size_t config, evals, runs, models;
        bool has_guide, has_tracked;
    } rows[] = {
        {"g.tracked", CONFIG_MEMBERS, EVAL_ROWS, 0, 0, false, true},
        {"g.tracked.config", CONFIG_MEMBERS, 0, 0, 0, false, true},
        {"g.tracked.evals", 0, EVAL_ROWS, 0, 0, false, true},
        {"g.tracked.evals.38", 0, 2, 0, 0, false, true},
        {"g.tracked.evals.99", 0, 0, 0, 0, false, true},
        {"g.runs", 0, 0, LIST_ROWS, 0, false, false},
        {"g.models.10", 0, 0, 0, 2, false, false},
        {"g.guide", 0, 0, 0, 0, true, false},
        {"g.nothing", 0, 0, 0, 0, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct call call;
        call_begin(&call, SIZE_MAX / 2);
        ask(&call, LIST_ROWS, false, pm_str_from(rows[i].page));
        call_write(&call, SIZE_MAX);
        CHECK(yyjson_obj_size(get(call.root, "tracked.config")) == rows[i].config, "%s",
              rows[i].page);
        CHECK(rows_at(&call, "tracked.evals") == rows[i].evals, "%s", rows[i].page);
        CHECK(rows_at(&call, "runs") == rows[i].runs, "%s", rows[i].page);
        CHECK(rows_at(&call, "models") == rows[i].models, "%s", rows[i].page);
        CHECK((get(call.root, "guide") != NULL) == rows[i].has_guide, "%s", rows[i].page);
        CHECK((get(call.root, "tracked") != NULL) == rows[i].has_tracked, "%s", rows[i].page);
        CHECK(pm_json_get(call.root, "sources") && !pm_json_get(call.root, "omitted"), "%s",
              rows[i].page);
        call_end(&call);
    }
}

static void check_bad_pages(void)
{
    static const char *const pages[] = {"",        "g",         "g.",   "x.tracked", "r4.a",
                                        "g.a.b.c", "g.a.b.1.2", "g..b", "g.a.1.b"};
    struct call call;
    call_begin(&call, SIZE_MAX / 2);
    struct pm_answer *answer = pm_answer_make(&call.arena, "run_details");
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        CHECK(!pm_answer_only_page(answer, pm_str_from(pages[i])), "%s", pages[i]);
    }
    call_end(&call);
}

/* --- many rows, little memory --- */

static void check_many_rows(void)
{
    static const size_t budgets[] = {4800, 100000, 300000};
    for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++) {
        struct call call;
        struct timespec from, to;
        call_begin(&call, SIZE_MAX / 2);
        ask(&call, 10000, false, PM_STR(""));
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
        call_write(&call, budgets[i]);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
        double ms =
            (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
        CHECK(call.json.len <= budgets[i] && call.json.len + 200 > budgets[i], "%zu bytes of %zu",
              call.json.len, budgets[i]);
        CHECK(ms < 500, "%f ms", ms);
        call_end(&call);
    }
}

static void check_no_memory(size_t budget)
{
    struct call call;
    size_t done = 0;
    for (size_t ceiling = 0; done == 0 && ceiling < (1 << 20); ceiling += 64) {
        call_begin(&call, ceiling);
        call.answer = NULL;
        ask(&call, LIST_ROWS, true, PM_STR("r.2"));
        pm_str json = pm_answer_write(call.answer, budget);
        CHECK(call.arena.failed == (json.len == 0), "ceiling %zu: %zu bytes", ceiling, json.len);
        CHECK(json.len <= budget, "ceiling %zu: %zu bytes", ceiling, json.len);
        CHECK(json.len == 0 || json.ptr[json.len - 1] == '}', "ceiling %zu: not whole", ceiling);
        done = json.len;
        call_end(&call);
    }
    CHECK(done > 0, "never enough memory");
}

int main(void)
{
    check_all_budgets(false);
    check_all_budgets(true);
    check_nothing_is_lost();
    check_alone();
    check_asked_for();
    check_subject();
    check_only();
    check_bad_pages();
    check_many_rows();
    check_no_memory(SIZE_MAX);
    check_no_memory(2000);
    return check_done();
}
