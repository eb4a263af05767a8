/* test_answer.c - the shape of an answer: order, types, labels, sources, words. */

#include "answer/answer.h"
#include "codec/json.h"
#include "net/inside.h"
#include "check.h"

#include <math.h>
#include <string.h>

#define NOW_MS INT64_C(1700000100000)

static const struct pm_kind runs_kind = {.name = "/runs", .source = PM_SOURCE_TRACKED};
static const struct pm_kind run_kind = {.name = "/run", .source = PM_SOURCE_TRACKED};
static const struct pm_kind hub_kind = {.name = "models", .source = PM_SOURCE_BEST_EFFORT};

/* A call whose requests are in, without a network. */
struct world {
    struct pm_arena arena;
    struct pm_settings settings;
    struct pm_batch batch;
    struct pm_ask asks[8];
    struct pm_entry entries[8];
};

static void world_begin(struct world *world, size_t ceiling)
{
    *world = (struct world){0};
    pm_arena_init(&world->arena, ceiling);
    world->settings.clock = (struct pm_clock){.is_frozen = true, .frozen_ms = NOW_MS};
    world->batch.arena = &world->arena;
    world->batch.settings = &world->settings;
}

static struct pm_ask *world_ask(struct world *world, const struct pm_kind *kind, pm_str url,
                                int64_t age_s)
{
    size_t at = world->batch.count++;
    struct pm_ask *ask = &world->asks[at];
    world->entries[at].received_ms = NOW_MS - age_s * 1000;
    *ask = (struct pm_ask){
        .kind = kind, .url = url, .is_in = true, .facts = "", .entry = &world->entries[at]};
    ask->from = ask->entry;
    world->batch.asks[at] = ask;
    return ask;
}

static void world_end(struct world *world)
{
    pm_arena_finish(&world->arena);
}

static const struct pm_clean *id(struct world *world, pm_str raw)
{
    return pm_clean(&world->arena, PM_TEXT_ID, raw);
}

/* Strings that look like a failed call to a host, in any case. */
static bool looks_failed(pm_str json)
{
    return pm_str_has_nocase(json, PM_STR("\"error\"")) ||
           pm_str_has_nocase(json, PM_STR("\"failed\""));
}

/* --- one answer with everything in it --- */

static const char *const run_columns[] = {"run_id", "percent", "params", NULL};
static const char *const eval_columns[] = {"name", "value", NULL};
static const struct pm_table_spec run_table = {.columns = run_columns, .rank = 1, .is_paged = true};
static const struct pm_table_spec eval_table = {
    .columns = eval_columns, .rank = 0, .is_paged = false};

static void fill_group(struct world *world, struct pm_answer *answer,
                       const struct pm_origin *origin)
{
    struct pm_group *group = pm_group_open(answer, "tracked", origin);
    pm_put_text(group, "name", pm_clean(&world->arena, PM_TEXT_NAME, PM_STR("A \"run\"\n")));
    pm_put_own(group, "state", "active");
    pm_put_big(group, "params", pm_big_from_u64(40));
    pm_put_big(group, "unknown", (struct pm_big){0});
    pm_put_float(group, "loss", 2.12378111111);
    pm_put_float(group, "infinite", (double)INFINITY);
    pm_put_percent(group, "phase_percent", 37.46);
    pm_put_flag(group, "listed", true);
    pm_put_date(group, "changed_at", 1763700550000);
    pm_put_date(group, "never", INT64_MAX);
    pm_put_seconds(group, "eta_s", -5);
    struct pm_group *clients = pm_group_sub(group, "clients");
    pm_put_count(clients, "count", 24);
    (void)pm_group_sub(group, "speed"); /* nothing is known: left out */
    struct pm_table *evals = pm_table_sub(group, "evals", &eval_table);
    pm_cell_text(evals, id(world, PM_STR("mmlu")));
    pm_cell_float(evals, 0.64666491);
    pm_row_end(evals, NULL);
}

static void fill_table(struct world *world, struct pm_answer *answer,
                       const struct pm_origin *const *origins, size_t count)
{
    struct pm_table *table = pm_table_open(answer, "runs", &run_table, origins, count);
    pm_cell_text(table, id(world, PM_STR("a")));
    pm_cell_fixed(table, 1.6732, 2);
    pm_cell_big(table, pm_big_from_u64(7));
    pm_row_end(table, id(world, PM_STR("r1.a")));
    pm_cell_text(table, id(world, PM_STR("b")));
    pm_cell_null(table);
    pm_cell_big(table, (struct pm_big){0});
    pm_row_end(table, id(world, PM_STR("r1.b")));
    pm_table_total(table, 5);
}

static pm_str whole_answer(struct world *world)
{
    struct pm_ask *runs =
        world_ask(world, &runs_kind, PM_STR("https://psyche.network/api/runs"), 3);
    struct pm_ask *hub =
        world_ask(world, &hub_kind, PM_STR("https://huggingface.co/api/models"), 8);
    struct pm_answer *answer = pm_answer_make(&world->arena, "run_details");
    struct pm_arguments request = {0};
    pm_arguments_own(&request, &world->arena, "action", "run_details");
    pm_arguments_text(&request, "run_id", id(world, PM_STR("a")));
    pm_arguments_number(&request, "limit", 2);
    pm_answer_request(answer, &request);
    pm_answer_next(answer, "psyche_monitor", &request, "again");
    pm_answer_sources(answer, &world->batch);
    pm_answer_note_own(answer, "a note");
    struct pm_group *verdict = pm_answer_verdict(answer, "agreement");
    pm_put_own(verdict, "verdict", "single");
    fill_group(world, answer, pm_origin_of(&world->batch, runs));
    const struct pm_origin *origins[] = {pm_origin_of(&world->batch, runs), NULL,
                                         pm_origin_of(&world->batch, hub),
                                         pm_origin_of(&world->batch, runs)};
    fill_table(world, answer, origins, 4);
    pm_answer_asked(answer, "run_id", id(world, PM_STR("a")));
    pm_answer_found(answer, PM_FOUND_TRUE);
    struct pm_say say;
    pm_say_init(&say, &world->arena);
    pm_say_text(&say, id(world, PM_STR("a")));
    pm_say_own(&say, " is training.");
    pm_answer_summary(answer, &say);
    return pm_answer_write(answer, SIZE_MAX);
}

static void check_whole(void)
{
    static const char want[] =
        "{\"summary\":\"a is training.\",\"success\":true,\"schema\":\"psyche.monitor/1\","
        "\"action\":\"run_details\",\"found\":true,\"run_id\":\"a\","
        "\"tracked\":{\"source\":\"[tracked]\",\"age_s\":3,\"name\":\"A \\\"run\\\"<U+A>\","
        "\"state\":\"active\",\"params\":\"40\",\"loss\":2.123781,\"phase_percent\":37.5,"
        "\"listed\":true,"
        "\"changed_at\":\"2025-11-21T04:49:10Z\",\"eta_s\":-5,\"clients\":{\"count\":24},"
        "\"evals\":{\"columns\":[\"name\",\"value\"],\"rows\":[[\"mmlu\",0.6466649]]}},"
        "\"runs\":{\"sources\":[\"[tracked]\",\"[best-effort]\"],\"age_s\":8,"
        "\"columns\":[\"run_id\",\"percent\",\"params\"],\"rows\":[[\"a\",1.67,\"7\"],[\"b\",null,"
        "null]],"
        "\"returned\":2,\"total\":5,"
        "\"get_more\":{\"action\":\"run_details\",\"run_id\":\"a\",\"limit\":2,\"page\":\"r1.b\"}},"
        "\"agreement\":{\"verdict\":\"single\"},"
        "\"sources\":[{\"source\":\"[tracked]\",\"host\":\"psyche.network\",\"status\":\"ok\","
        "\"ms\":0,"
        "\"age_s\":3},{\"source\":\"[best-effort]\",\"host\":\"huggingface.co\",\"status\":\"ok\","
        "\"ms\":0,"
        "\"age_s\":8}],\"notes\":[\"a note\"],"
        "\"next\":[{\"tool\":\"psyche_monitor\",\"arguments\":{\"action\":\"run_details\",\"run_"
        "id\":\"a\","
        "\"limit\":2},\"why\":\"again\"}]}";
    for (unsigned round = 0; round < 2; round++) { /* same input, same bytes */
        struct world world;
        world_begin(&world, SIZE_MAX / 2);
        CHECK_TEXT(whole_answer(&world), PM_STR(want), "whole answer");
        world_end(&world);
    }
}

/* With little memory an answer is whole or none. */
static void check_no_memory(void)
{
    size_t ceiling = 0, whole = 0;
    for (; whole == 0 && ceiling < (1 << 20); ceiling += 64) {
        struct world world;
        world_begin(&world, ceiling);
        pm_str json = whole_answer(&world);
        CHECK(world.arena.failed == (json.len == 0), "ceiling %zu: %zu bytes", ceiling, json.len);
        whole = json.len;
        world_end(&world);
    }
    CHECK(whole > 0 && ceiling > whole, "%zu bytes at ceiling %zu", whole, ceiling);
}

/* --- tables and groups by themselves --- */

static void check_found(void)
{
    static const struct {
        enum pm_found found;
        const char *want;
    } rows[] = {
        {PM_FOUND_TRUE, "\"found\":true,"},
        {PM_FOUND_FALSE, "\"found\":false,"},
        {PM_FOUND_UNKNOWN, "\"found\":\"unknown\","},
        {PM_FOUND_AMBIGUOUS, "\"found\":\"ambiguous\","},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world world;
        world_begin(&world, SIZE_MAX / 2);
        struct pm_answer *answer = pm_answer_make(&world.arena, "list_runs");
        CHECK(pm_answer_is_found(answer) == PM_FOUND_UNKNOWN, "unknown until said");
        pm_answer_found(answer, rows[i].found);
        CHECK(pm_answer_is_found(answer) == rows[i].found, "%s", rows[i].want);
        pm_str json = pm_answer_write(answer, SIZE_MAX);
        CHECK(pm_str_has_nocase(json, pm_str_from(rows[i].want)), "%s", rows[i].want);
        world_end(&world);
    }
}

struct page_case {
    const char *what;
    uint64_t earlier, total;
    const char *token;
    const char *want;
};

static void check_pages(void)
{
    static const struct page_case cases[] = {
        {"first of several", 0, 3, "t",
         "\"returned\":1,\"total\":3,\"get_more\":{\"page\":\"t\"}}"},
        {"in the middle", 1, 3, "t", "\"returned\":1,\"total\":3,\"get_more\":{\"page\":\"t\"}}"},
        {"the last", 2, 3, "t", "\"returned\":1,\"total\":3}"},
        {"no token", 0, 3, NULL, "\"returned\":1,\"total\":3}"},
        {"the only one", 0, 1, "t", "\"returned\":1,\"total\":1}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world world;
        world_begin(&world, SIZE_MAX / 2);
        struct pm_ask *ask = world_ask(&world, &runs_kind, PM_STR("http://h/runs"), 0);
        const struct pm_origin *origin = pm_origin_of(&world.batch, ask);
        struct pm_answer *answer = pm_answer_make(&world.arena, "list_runs");
        struct pm_table *table = pm_table_open(answer, "runs", &run_table, &origin, 1);
        pm_cell_own(table, "a");
        pm_cell_count(table, 1);
        pm_cell_seconds(table, -1);
        pm_row_end(table, cases[i].token ? pm_clean_own(&world.arena, cases[i].token) : NULL);
        pm_table_earlier(table, cases[i].earlier);
        pm_table_total(table, cases[i].total);
        pm_str json = pm_answer_write(answer, SIZE_MAX);
        CHECK(pm_str_has_nocase(json, pm_str_from(cases[i].want)), "%s: %.*s", cases[i].what,
              PM_STR_ARG(json));
        CHECK(pm_str_has_nocase(json, PM_STR("\"runs\":{\"source\":\"[tracked]\",\"age_s\":0,")),
              "source");
        world_end(&world);
    }
}

static void check_stale_and_missing(void)
{
    struct world world;
    world_begin(&world, SIZE_MAX / 2);
    struct pm_ask *ask = world_ask(&world, &runs_kind, PM_STR("http://h/runs"), 90);
    ask->is_stale = true;
    const struct pm_origin *origins[] = {pm_origin_of(&world.batch, ask)};
    struct pm_answer *answer = pm_answer_make(&world.arena, "list_runs");
    (void)pm_group_open(answer, "tracked", pm_origin_not_found(&world.batch, ask));
    (void)pm_table_open(answer, "runs", &eval_table, origins, 1);
    pm_put_count(pm_group_open(answer, "nowhere", NULL), "count", 1);
    pm_cell_null(pm_table_open(answer, "none", &eval_table, origins, 0));
    pm_row_end(NULL, NULL);
    pm_str json = pm_answer_write(answer, SIZE_MAX);
    CHECK(pm_str_has_nocase(
              json, PM_STR("\"tracked\":{\"source\":\"[tracked:not-found]\",\"age_s\":90,"
                           "\"stale\":true},\"runs\":{\"source\":\"[tracked]\",\"age_s\":90,"
                           "\"stale\":true,\"columns\":[\"name\",\"value\"],\"rows\":[]},"
                           "\"sources\":[]")),
          "%.*s", PM_STR_ARG(json));
    world_end(&world);
}

/* --- words that hosts take for a failed call --- */

static void check_words(void)
{
    static const struct {
        pm_str in, want; /* want as JSON */
    } rows[] = {
        {PM_STR_INIT("error"), PM_STR_INIT("\"erro\\u0072\"")},
        {PM_STR_INIT("ERROR"), PM_STR_INIT("\"ERRO\\u0052\"")},
        {PM_STR_INIT("Failed"), PM_STR_INIT("\"Faile\\u0064\"")},
        {PM_STR_INIT("faileD"), PM_STR_INIT("\"faile\\u0044\"")},
        {PM_STR_INIT("an \"error"), PM_STR_INIT("\"an \\\"erro\\u0072\"")},
        {PM_STR_INIT("\"\\\"FAILED"), PM_STR_INIT("\"\\\"\\\\\\\"FAILE\\u0044\"")},
        {PM_STR_INIT("error\""), PM_STR_INIT("\"error\\\"\"")},
        {PM_STR_INIT("an \"error\" it is"), PM_STR_INIT("\"an \\\"error\\\" it is\"")},
        {PM_STR_INIT("an error"), PM_STR_INIT("\"an error\"")},
        {PM_STR_INIT("\\error"), PM_STR_INIT("\"\\\\error\"")},
        {PM_STR_INIT("errors"), PM_STR_INIT("\"errors\"")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world world;
        struct pm_say say;
        struct pm_arguments arguments = {0};
        world_begin(&world, SIZE_MAX / 2);
        struct pm_ask *ask = world_ask(&world, &runs_kind, PM_STR("http://error/runs"), 0);
        const struct pm_origin *origin = pm_origin_of(&world.batch, ask);
        pm_outcome_set(&ask->outcome, PM_STATUS_FAULT, "%.*s", PM_STR_ARG(rows[i].in));
        const struct pm_clean *text = id(&world, rows[i].in);
        struct pm_answer *answer = pm_answer_make(&world.arena, "list_runs");
        pm_say_init(&say, &world.arena);
        const struct pm_clean *said = pm_clean(&world.arena, PM_TEXT_GUIDE, rows[i].in);
        pm_say_text(&say, said);
        pm_answer_summary(answer, &say);
        pm_say_text(&say, said);
        pm_answer_note(answer, &say);
        pm_answer_asked(answer, "run_id", text);
        pm_put_text(pm_group_open(answer, "tracked", origin), "name", text);
        pm_arguments_text(&arguments, "run_id", text);
        pm_answer_request(answer, &arguments);
        pm_answer_next(answer, "psyche_monitor", &arguments, "because");
        struct pm_table *table = pm_table_open(answer, "runs", &eval_table, &origin, 1);
        pm_cell_text(table, text);
        pm_cell_null(table);
        pm_row_end(table, text);
        pm_table_total(table, 2);
        pm_answer_sources(answer, &world.batch);
        pm_str json = pm_answer_write(answer, SIZE_MAX);
        CHECK(pm_str_has_nocase(pm_str_slice(json, 0, 100), rows[i].want), "%.*s: %.*s",
              PM_STR_ARG(rows[i].in), PM_STR_ARG(json));
        CHECK(!looks_failed(json), "%.*s", PM_STR_ARG(json));
        CHECK_TEXT(pm_answer_write(answer, json.len), json, "its size is known exactly");
        struct pm_json_problem problem;
        yyjson_val *root = pm_json_read_copy(&world.arena, json, &problem);
        CHECK_TEXT(pm_json_text(pm_json_get(root, "summary")), rows[i].in, "the same to a reader");
        world_end(&world);
    }
}

/* --- sources --- */

static void check_sources(void)
{
    struct world world;
    world_begin(&world, SIZE_MAX / 2);
    world.settings.clock.is_frozen = false;
    struct pm_ask *first =
        world_ask(&world, &runs_kind, PM_STR("https://psyche.network/api/runs"), 0);
    struct pm_ask *slow =
        world_ask(&world, &run_kind, PM_STR("https://psyche.network:443/api/run/a/0"), 0);
    struct pm_ask *late =
        world_ask(&world, &run_kind, PM_STR("https://psyche.network/api/run/a/1"), 0);
    struct pm_ask *old = world_ask(&world, &hub_kind, PM_STR("http://[::1]:8080/models"), 0);
    struct pm_ask *other = world_ask(&world, &hub_kind, PM_STR("http://[::1]/models"), 0);
    first->outcome.took_ms = 12;
    slow->outcome.took_ms = 340;
    late->facts = NULL;
    pm_outcome_set(&late->outcome, PM_STATUS_TIMEOUT, "no answer\n in time \x1b[1m");
    late->outcome.took_ms = 2000;
    old->is_stale = true;
    pm_outcome_set(&old->outcome, PM_STATUS_REFUSED, "nobody there");
    other->facts = NULL;
    other->entry = other->from = NULL;
    pm_outcome_set(&other->outcome, PM_STATUS_OFFLINE, "not asked");
    for (size_t i = 0; i < world.batch.count; i++) {
        world.entries[i].received_ms =
            pm_clock_now_ms(&world.settings.clock) - (int64_t)i * 100000 - 500;
    }
    struct pm_answer *answer = pm_answer_make(&world.arena, "list_runs");
    pm_answer_sources(answer, &world.batch);
    pm_str json = pm_answer_write(answer, SIZE_MAX);
    static const char want[] =
        "\"sources\":[{\"source\":\"[tracked]\",\"host\":\"psyche.network\",\"status\":\"ok\","
        "\"ms\":340,"
        "\"age_s\":100},{\"source\":\"[tracked]\",\"host\":\"psyche.network\",\"request\":\"/run\","
        "\"status\":\"timeout\",\"ms\":2000,\"problem\":\"no answer in time <U+1B>[1m\"},"
        "{\"source\":\"[best-effort]\",\"host\":\"[::1]:8080\",\"request\":\"models\","
        "\"status\":\"refused\",\"ms\":0,\"age_s\":300,\"stale\":true,\"problem\":\"nobody "
        "there\"},"
        "{\"source\":\"[best-effort]\",\"host\":\"[::1]\",\"request\":\"models\",\"status\":"
        "\"offline\","
        "\"ms\":0,\"problem\":\"not asked\"}]";
    CHECK(pm_str_has_nocase(json, PM_STR(want)), "%.*s", PM_STR_ARG(json));
    world_end(&world);
}

/* --- words --- */

static void check_spans(void)
{
    static const struct {
        int64_t seconds;
        const char *want;
    } rows[] = {
        {0, "0 s"},
        {41, "41 s"},
        {59, "59 s"},
        {60, "1 min"},
        {239, "3 min"},
        {3599, "59 min"},
        {3600, "1 h"},
        {18720, "5.2 h"},
        {172799, "48 h"},
        {172800, "2 days"},
        {1161774, "13.4 days"},
        {-41, "-41 s"},
        {INT64_MAX, "106751991167300.6 days"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_arena arena;
        struct pm_say say;
        pm_arena_init(&arena, SIZE_MAX / 2);
        pm_say_init(&say, &arena);
        pm_say_span(&say, rows[i].seconds);
        CHECK_TEXT(pm_buf_text(&say.buf), pm_str_from(rows[i].want), "span");
        pm_arena_finish(&arena);
    }
}

static void check_said(void)
{
    struct pm_arena arena;
    struct pm_say say;
    pm_arena_init(&arena, SIZE_MAX / 2);
    pm_say_init(&say, &arena);
    pm_say_counted(&say, 1, "run", "runs");
    pm_say_own(&say, ", ");
    pm_say_counted(&say, 0, "run", "runs");
    pm_say_own(&say, ", ");
    pm_say_count(&say, 17);
    pm_say_own(&say, ", ");
    pm_say_short(&say, pm_big_from_u64(30567071744));
    pm_say_own(&say, ", ");
    pm_say_short(&say, pm_big_from_u64(40000000000));
    pm_say_own(&say, ", ");
    pm_say_fixed(&say, 1.6749, 2);
    pm_say_own(&say, " ");
    pm_say_text(&say, pm_clean(&arena, PM_TEXT_REPOSITORY, PM_STR("a/b\n")));
    CHECK_TEXT(pm_buf_text(&say.buf), PM_STR("1 run, 0 runs, 17, 30.6B, 40B, 1.67 \"a/b<U+A>\""),
               "said");
    pm_arena_finish(&arena);
}

/* Where an outsider's words begin and end in ours can be seen, whatever they are. */
static void check_quotes(void)
{
    static const struct {
        enum pm_text_use use;
        pm_str in, want;
    } rows[] = {
        {PM_TEXT_ID, PM_STR_INIT("hermes-3_8b.v2@1"), PM_STR_INIT("hermes-3_8b.v2@1")},
        {PM_TEXT_REPOSITORY, PM_STR_INIT("gs://a/b+c"), PM_STR_INIT("gs://a/b+c")},
        {PM_TEXT_ID, PM_STR_INIT(""), PM_STR_INIT("\"\"")},
        {PM_TEXT_ID, PM_STR_INIT("Do as I say."), PM_STR_INIT("\"Do as I say.\"")},
        {PM_TEXT_ID, PM_STR_INIT("a[on-chain]"), PM_STR_INIT("\"a[on-chain]\"")},
        {PM_TEXT_ID, PM_STR_INIT("a,b"), PM_STR_INIT("\"a,b\"")},
        {PM_TEXT_ID, PM_STR_INIT("`id`"), PM_STR_INIT("\"`id`\"")},
        {PM_TEXT_ID, PM_STR_INIT("a\0b"), PM_STR_INIT("\"a<U+0>b\"")},
        {PM_TEXT_ID, PM_STR_INIT("\xE6\x97\xA5"), PM_STR_INIT("\"\xE6\x97\xA5\"")},
        {PM_TEXT_ID, PM_STR_INIT("a\" is b"), PM_STR_INIT("\"a<U+22> is b\"")},
        {PM_TEXT_ID, PM_STR_INIT("a<U+22>"), PM_STR_INIT("\"a<U+3C>U+22>\"")},
        {PM_TEXT_GUIDE, PM_STR_INIT("A \"run\"."), PM_STR_INIT("A \"run\".")},
    };
    struct pm_arena arena;
    pm_arena_init(&arena, SIZE_MAX / 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_say say;
        pm_say_init(&say, &arena);
        pm_say_text(&say, pm_clean(&arena, rows[i].use, rows[i].in));
        pm_str said = pm_buf_text(&say.buf);
        CHECK_TEXT(said, rows[i].want, "as it is said");
        if (rows[i].use == PM_TEXT_ID && said.len && said.ptr[0] == '"') {
            CHECK_TEXT(pm_unclean(&arena, pm_str_slice(said, 1, said.len - 1)), rows[i].in, "back");
        }
    }
    pm_arena_finish(&arena);
}

/* --- failures --- */

static void check_failures(void)
{
    static const char *const supported[] = {"list_runs", "run_details", NULL};
    struct world world;
    world_begin(&world, SIZE_MAX / 2);
    struct pm_error unknown = {.supported = supported}, silent = {0};
    struct pm_arguments nearest = {0};
    pm_fail(&unknown, PM_E_UNKNOWN_ACTION, "unknown action \"%s\"", "runs\x1b");
    pm_arguments_own(&nearest, &world.arena, "action", "list_runs");
    CHECK_TEXT(
        pm_answer_failure(&world.arena, &unknown, NULL, "psyche_monitor", &nearest),
        PM_STR("{\"success\":false,\"error\":\"unknown action \\\"runs<U+1B>\\\"\","
               "\"error_code\":\"unknown_action\",\"retryable\":false,"
               "\"supported\":[\"list_runs\",\"run_details\"],"
               "\"refusal\":\"Do not answer from memory: nothing was looked up.\","
               "\"next\":[{\"tool\":\"psyche_monitor\",\"arguments\":{\"action\":\"list_runs\"},"
               "\"why\":\"the nearest action\"}]}"),
        "unknown action");
    struct pm_ask *ask = world_ask(&world, &runs_kind, PM_STR("http://127.0.0.1:1/runs"), 0);
    ask->facts = NULL;
    pm_outcome_set(&ask->outcome, PM_STATUS_REFUSED, "nobody there");
    pm_fail(&silent, PM_E_NO_SOURCE, "no source answered");
    CHECK_TEXT(
        pm_answer_failure(&world.arena, &silent, &world.batch, NULL, NULL),
        PM_STR(
            "{\"success\":false,\"error\":\"no source answered\",\"error_code\":\"no_source\","
            "\"retryable\":true,\"supported\":[],"
            "\"refusal\":\"Do not answer from memory, and do not say that a run, model or pool "
            "does "
            "not exist or is down: no source answered.\","
            "\"sources\":[{\"source\":\"[tracked]\",\"host\":\"127.0.0.1\",\"request\":\"/runs\","
            "\"status\":\"refused\",\"ms\":0,\"problem\":\"nobody there\"}],\"next\":[]}"),
        "no source");
    world_end(&world);
    for (int code = 0; code < PM_CODE_COUNT; code++) {
        struct pm_error error = {.is_set = true, .code = (enum pm_code)code};
        world_begin(&world, SIZE_MAX / 2);
        pm_str json = pm_answer_failure(&world.arena, &error, NULL, NULL, NULL);
        CHECK(pm_str_has_nocase(json, PM_STR("\"refusal\":\"Do not answer from memory")), "code %d",
              code);
        world_end(&world);
        world_begin(&world, 0);
        CHECK_TEXT(pm_answer_failure(&world.arena, &error, NULL, NULL, NULL), PM_STR(""),
                   "no memory");
        world_end(&world);
    }
}

int main(void)
{
    check_whole();
    check_no_memory();
    check_found();
    check_pages();
    check_stale_and_missing();
    check_words();
    check_sources();
    check_spans();
    check_said();
    check_quotes();
    check_failures();
    return check_done();
}
