/* test_sources.c - which requests of a call are one row of `sources`, and what the row says. */

#include "answer/answer.h"
#include "net/inside.h"
#include "check.h"

#define NOW_MS INT64_C(1700000100000)
#define ASKS_MOST 4

/* A reply of these kinds is nothing but the slot it is of; 0: it does not say. */
static bool slot_of(const void *facts, uint64_t *slot)
{
    *slot = *(const uint64_t *)facts;
    return *slot > 0;
}

static const struct pm_kind runs_kind = {.name = "/runs", .source = PM_SOURCE_TRACKED};
static const struct pm_kind hub_kind = {.name = "models", .source = PM_SOURCE_BEST_EFFORT};
static const struct pm_kind account_kind = {
    .name = "getAccountInfo", .source = PM_SOURCE_ON_CHAIN, .slot = slot_of};
static const struct pm_kind several_kind = {
    .name = "getMultipleAccounts", .source = PM_SOURCE_ON_CHAIN, .slot = slot_of};

struct asked {
    const struct pm_kind *kind;
    const char *url, *cluster, *problem;
    enum pm_status status;
    uint64_t slot;
    int64_t age_s, ms;
    bool has_facts, is_stale, is_aside;
};

#define NODE "http://node:8899/"
#define FAILED(in_kind, at, as, why)                                                               \
    {                                                                                              \
        .kind = (in_kind), .url = (at), .status = (as), .problem = (why)                           \
    }
#define SILENT FAILED(&account_kind, NODE, PM_STATUS_TIMEOUT, "late")

#define ROW_OF_THE_SILENT                                                                          \
    "{\"source\":\"[on-chain]\",\"host\":\"node:8899\",\"request\":\"getAccountInfo\","            \
    "\"status\":\"timeout\",\"ms\":0,\"problem\":\"late\"}"

static const struct {
    const char *what;
    struct asked asks[ASKS_MOST];
    const char *want; /* without the brackets around */
} rows[] = {
    {"a URL that is none has no host",
     {{.kind = &hub_kind, .url = "nowhere", .status = PM_STATUS_FAULT, .problem = "no URL"}},
     "{\"source\":\"[best-effort]\",\"host\":\"\",\"request\":\"models\",\"status\":\"source_"
     "fault\","
     "\"ms\":0,\"problem\":\"no URL\"}"},
    {"the slowest and the oldest of a source that went well",
     {{.kind = &runs_kind, .url = "https://d/a", .has_facts = true, .age_s = 90, .ms = 5},
      {.kind = &runs_kind, .url = "https://d/b", .has_facts = true, .age_s = 3, .ms = 70},
      {.kind = &runs_kind, .url = "https://d/c", .ms = 1}},
     "{\"source\":\"[tracked]\",\"host\":\"d\",\"status\":\"ok\",\"ms\":70,\"age_s\":90}"},
    {"one that has no facts first",
     {{.kind = &runs_kind, .url = "https://d/c", .ms = 1},
      {.kind = &runs_kind, .url = "https://d/a", .has_facts = true, .age_s = 90, .ms = 5}},
     "{\"source\":\"[tracked]\",\"host\":\"d\",\"status\":\"ok\",\"ms\":5,\"age_s\":90}"},
    {"another host, another port",
     {{.kind = &runs_kind, .url = "https://d/a", .has_facts = true},
      {.kind = &runs_kind, .url = "https://e/a", .has_facts = true},
      {.kind = &runs_kind, .url = "https://d:81/a", .has_facts = true}},
     "{\"source\":\"[tracked]\",\"host\":\"d\",\"status\":\"ok\",\"ms\":0,\"age_s\":0},"
     "{\"source\":\"[tracked]\",\"host\":\"e\",\"status\":\"ok\",\"ms\":0,\"age_s\":0},"
     "{\"source\":\"[tracked]\",\"host\":\"d:81\",\"status\":\"ok\",\"ms\":0,\"age_s\":0}"},
    {"the newest slot, whoever says it, and the cluster",
     {{.kind = &account_kind, .url = NODE, .has_facts = true, .slot = 7},
      {.kind = &several_kind, .url = NODE, .has_facts = true, .slot = 9, .cluster = "devnet"},
      {.kind = &account_kind, .url = NODE, .has_facts = true, .slot = 8, .cluster = "devnet"},
      {.kind = &account_kind, .url = NODE, .has_facts = true, .cluster = "devnet"}},
     "{\"source\":\"[on-chain]\",\"host\":\"node:8899\",\"cluster\":\"devnet\",\"slot\":9,"
     "\"status\":\"ok\",\"ms\":0,\"age_s\":0}"},
    {"a cluster that the first one alone knows",
     {{.kind = &account_kind, .url = NODE, .has_facts = true, .slot = 7, .cluster = "devnet"},
      {.kind = &several_kind, .url = NODE, .has_facts = true, .slot = 9}},
     "{\"source\":\"[on-chain]\",\"host\":\"node:8899\",\"cluster\":\"devnet\",\"slot\":9,"
     "\"status\":\"ok\",\"ms\":0,\"age_s\":0}"},
    {"a slot that comes second",
     {{.kind = &account_kind, .url = NODE, .has_facts = true},
      {.kind = &account_kind, .url = NODE, .has_facts = true, .slot = 8}},
     "{\"source\":\"[on-chain]\",\"host\":\"node:8899\",\"slot\":8,\"status\":\"ok\",\"ms\":0,"
     "\"age_s\":0}"},
    {"nodes of two clusters at one host",
     {{.kind = &account_kind, .url = NODE, .has_facts = true, .cluster = "devnet"},
      {.kind = &account_kind, .url = NODE, .has_facts = true, .cluster = "testnet"}},
     "{\"source\":\"[on-chain]\",\"host\":\"node:8899\",\"cluster\":\"devnet\",\"status\":\"ok\","
     "\"ms\":0,\"age_s\":0},"
     "{\"source\":\"[on-chain]\",\"host\":\"node:8899\",\"cluster\":\"testnet\",\"status\":\"ok\","
     "\"ms\":0,\"age_s\":0}"},
    {"a node that fails in one way fails once", {SILENT, SILENT, SILENT}, ROW_OF_THE_SILENT},
    {"and in two ways twice",
     {SILENT, FAILED(&account_kind, NODE, PM_STATUS_TIMEOUT, "later")},
     ROW_OF_THE_SILENT ",{\"source\":\"[on-chain]\",\"host\":\"node:8899\",\"request\":"
                       "\"getAccountInfo\",\"status\":\"timeout\",\"ms\":0,\"problem\":\"later\"}"},
    {"with another word twice",
     {SILENT, FAILED(&account_kind, NODE, PM_STATUS_BROKEN, "late")},
     ROW_OF_THE_SILENT
     ",{\"source\":\"[on-chain]\",\"host\":\"node:8899\",\"request\":"
     "\"getAccountInfo\",\"status\":\"broken_off\",\"ms\":0,\"problem\":\"late\"}"},
    {"another question, too",
     {SILENT, FAILED(&several_kind, NODE, PM_STATUS_TIMEOUT, "late")},
     ROW_OF_THE_SILENT ",{\"source\":\"[on-chain]\",\"host\":\"node:8899\",\"request\":"
                       "\"getMultipleAccounts\",\"status\":\"timeout\",\"ms\":0,\"problem\":"
                       "\"late\"}"},
    {"and another node",
     {SILENT, FAILED(&account_kind, "http://node:8900/", PM_STATUS_TIMEOUT, "late")},
     ROW_OF_THE_SILENT ",{\"source\":\"[on-chain]\",\"host\":\"node:8900\",\"request\":"
                       "\"getAccountInfo\",\"status\":\"timeout\",\"ms\":0,\"problem\":\"late\"}"},
    {"what older facts stand in for is another",
     {SILENT,
      {.kind = &account_kind,
       .url = NODE,
       .status = PM_STATUS_TIMEOUT,
       .problem = "late",
       .is_stale = true,
       .has_facts = true,
       .age_s = 60}},
     ROW_OF_THE_SILENT ",{\"source\":\"[on-chain]\",\"host\":\"node:8899\",\"request\":"
                       "\"getAccountInfo\",\"status\":\"timeout\",\"ms\":0,\"age_s\":60,"
                       "\"stale\":true,\"problem\":\"late\"}"},
    {"pages of the dashboard fail one by one",
     {{.kind = &runs_kind, .url = "https://d/", .status = PM_STATUS_BROKEN, .problem = "x"},
      {.kind = &runs_kind, .url = "https://d/", .status = PM_STATUS_BROKEN, .problem = "x"}},
     "{\"source\":\"[tracked]\",\"host\":\"d\",\"request\":\"/runs\",\"status\":\"broken_off\","
     "\"ms\":0,\"problem\":\"x\"},"
     "{\"source\":\"[tracked]\",\"host\":\"d\",\"request\":\"/runs\",\"status\":\"broken_off\","
     "\"ms\":0,\"problem\":\"x\"}"},
    {"older facts that nothing went wrong with",
     {{.kind = &runs_kind, .url = "https://d/", .has_facts = true, .is_stale = true, .age_s = 9}},
     "{\"source\":\"[tracked]\",\"host\":\"d\",\"request\":\"/runs\",\"status\":\"ok\",\"ms\":0,"
     "\"age_s\":9,\"stale\":true,\"problem\":\"\"}"},
    {"what nobody waited for is not said, unless it came",
     {{.kind = &account_kind,
       .url = NODE,
       .status = PM_STATUS_TIMEOUT,
       .problem = "late",
       .is_aside = true},
      {.kind = &runs_kind, .url = "https://d/a", .has_facts = true, .is_aside = true},
      {.kind = &hub_kind, .url = "https://h/", .has_facts = true, .is_aside = true}},
     "{\"source\":\"[tracked]\",\"host\":\"d\",\"status\":\"ok\",\"ms\":0,\"age_s\":0}"},
};

static void fill_ask(struct pm_ask *ask, struct pm_entry *entry, const struct asked *asked)
{
    entry->received_ms = NOW_MS - asked->age_s * 1000;
    *ask = (struct pm_ask){.kind = asked->kind,
                           .url = pm_str_from(asked->url),
                           .is_in = true,
                           .is_stale = asked->is_stale,
                           .is_aside = asked->is_aside,
                           .facts = asked->has_facts ? &asked->slot : NULL,
                           .cluster = asked->cluster,
                           .entry = entry,
                           .from = entry};
    if (asked->problem) {
        pm_outcome_set(&ask->outcome, asked->status, "%s", asked->problem);
    }
    ask->outcome.took_ms = asked->ms;
}

static void check_row(size_t i)
{
    struct pm_arena arena;
    struct pm_settings settings = {.clock = {.is_frozen = false}};
    struct pm_batch batch = {.arena = &arena, .settings = &settings};
    struct pm_ask asks[ASKS_MOST] = {0};
    struct pm_entry entries[ASKS_MOST] = {0};
    struct pm_buf want;
    pm_arena_init(&arena, SIZE_MAX / 2);
    int64_t late_ms = pm_clock_now_ms(&settings.clock) - NOW_MS - 500;
    for (; batch.count < ASKS_MOST && rows[i].asks[batch.count].kind; batch.count++) {
        size_t at = batch.count;
        fill_ask(&asks[at], &entries[at], &rows[i].asks[at]);
        entries[at].received_ms += late_ms;
        batch.asks[at] = &asks[at];
    }
    struct pm_answer *answer = pm_answer_make(&arena, "list_runs");
    pm_answer_sources(answer, &batch);
    pm_str json = pm_answer_write(answer, SIZE_MAX);
    pm_buf_init(&want, &arena, SIZE_MAX / 2);
    pm_buf_addf(&want, "\"sources\":[%s]", rows[i].want);
    CHECK(pm_str_has_nocase(json, pm_buf_text(&want)), "%s: %.*s", rows[i].what, PM_STR_ARG(json));
    pm_arena_finish(&arena);
}

/* Hosts without their ports where the clock stands still. */
static void check_host_of_a_test(void)
{
    struct pm_arena arena;
    struct pm_settings settings = {.clock = {.is_frozen = true, .frozen_ms = NOW_MS}};
    struct pm_batch batch = {.arena = &arena, .settings = &settings};
    pm_arena_init(&arena, SIZE_MAX / 2);
    CHECK_TEXT(pm_answer_host(&batch, PM_STR("http://[::1]:81/a")), PM_STR("[::1]"), "still");
    settings.clock.is_frozen = false;
    CHECK_TEXT(pm_answer_host(&batch, PM_STR("http://[::1]:81/a")), PM_STR("[::1]:81"), "going");
    pm_arena_finish(&arena);
}

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(i);
    }
    check_host_of_a_test();
    return check_done();
}
