/* test_dashboard_status.c - /status, a body for each rule of decoding it. */

#include "source/dashboard_status.h"

#include "check.h"
#include "reading.h"

static struct reading read_status(const char *text)
{
    return read_as(&pm_dashboard_kind_status, text);
}

static void test_whole(void)
{
    struct reading got = read_status(
        "{\"commit\":\"0bdb13d9\",\"initTime\":1795236350278,\"coordinator\":{\"status\":\"ok\","
        "\"errors\":[],\"trackedRuns\":[{\"id\":\"a\"},{\"id\":\"a\"},7],\"chain\":{"
        "\"chainSlotHeight\":421337042,\"indexedSlot\":421336970,\"programId\":\"P\","
        "\"networkGenesis\":\"G\"}},\"miningPool\":{\"status\":\"node is behind\",\"errors\":["
        "{\"error\":{},\"time\":\"" SIGIL "DAT1795236360282\"},"
        "{\"error\":{},\"time\":\"" SIGIL "DAT1795236355228\"},{\"error\":{}},null],"
        "\"chain\":{\"chainSlotHeight\":5,\"indexedSlot\":0}}}");
    const struct pm_dashboard_status *status = got.facts;
    CHECK(status, "%s", got.outcome.problem);
    if (status) {
        const struct pm_indexer *runs = &status->coordinator, *pool = &status->pool;
        CHECK_TEXT(status->commit, PM_STR("0bdb13d9"), "commit");
        CHECK(status->has_start && status->start_ms == 1795236350278, "start");
        CHECK(status->tracked_runs == 2, "%zu tracked runs", status->tracked_runs);
        CHECK(runs->is_there && runs->error_count == 0 && !runs->has_last_error, "no errors");
        CHECK_TEXT(runs->word, PM_STR("ok"), "word");
        CHECK(runs->chain_slot.value == 421337042 && runs->indexed_slot.is_known &&
                  runs->indexed_slot.value == 421336970,
              "slots");
        CHECK_TEXT(runs->program, PM_STR("P"), "program");
        CHECK_TEXT(runs->genesis, PM_STR("G"), "genesis");
        CHECK_TEXT(pool->word, PM_STR("node is behind"), "another word is kept");
        CHECK(pool->error_count == 4 && pool->has_last_error &&
                  pool->last_error_ms == 1795236360282,
              "errors are counted, the latest one has a time");
        CHECK(pool->chain_slot.is_known && !pool->indexed_slot.is_known, "0 is nothing indexed");
        CHECK(pool->program.len == 0 && pool->genesis.len == 0, "not sent");
    }
    drop(&got);
}

static void test_odd_fields(void)
{
    struct reading got =
        read_status("{\"commit\":7,\"initTime\":1e17,\"coordinator\":{\"status\":{},\"errors\":"
                    "{\"time\":1},\"trackedRuns\":null,\"chain\":[]},\"miningPool\":\"x\"}");
    const struct pm_dashboard_status *status = got.facts;
    CHECK(status && status->commit.len == 0 && !status->has_start && status->tracked_runs == 0,
          "%s", got.outcome.problem);
    if (status) {
        CHECK(status->coordinator.is_there && status->coordinator.word.len == 0 &&
                  status->coordinator.error_count == 0 && !status->coordinator.chain_slot.is_known,
              "nothing of the coordinator");
        CHECK(!status->pool.is_there, "no object");
    }
    drop(&got);
}

/* The older format differs only in dates. */
static void test_old_dates(void)
{
    struct reading got = read_status(
        "{\"coordinator\":{\"errors\":[{\"error\":{},\"time\":{\"___type\":\"date\",\"value\":"
        "\"Fri Nov 20 2026 04:44:37 GMT+0000 (Coordinated Universal Time)\"}}]}}");
    const struct pm_dashboard_status *status = got.facts;
    CHECK(status && status->coordinator.has_last_error &&
              status->coordinator.last_error_ms == 1795149877000,
          "%s", got.outcome.problem);
    drop(&got);
}

static void test_refused_bodies(void)
{
    static const struct refused_body cases[] = {
        {&pm_dashboard_kind_status, "<html>", PM_STATUS_NOT_JSON, "a web page"},
        {&pm_dashboard_kind_status, "ok", PM_STATUS_NOT_JSON, "not JSON"},
        {&pm_dashboard_kind_status, "\"ok\"", PM_STATUS_BAD_REPLY, "not an object"},
        {&pm_dashboard_kind_status, "{}", PM_STATUS_BAD_REPLY, "no object \"coordinator\""},
        {&pm_dashboard_kind_status, "{\"coordinator\":[]}", PM_STATUS_BAD_REPLY,
         "no object \"coordinator\""},
        {&pm_dashboard_kind_status,
         "{\"statusCode\":500,\"error\":\"e\",\"message\":\"failed to get slot\"}",
         PM_STATUS_BAD_REPLY, "error object with HTTP 200: failed to get slot"},
    };
    check_refused(cases, sizeof cases / sizeof *cases);
}

static void test_memory_ends(void)
{
    size_t fitted = 0;
    for (size_t ceiling = 0; ceiling < 16384; ceiling += ceiling < 4096 ? 16 : 512) {
        struct reading got =
            read_bytes(&pm_dashboard_kind_status, PM_STR("{\"coordinator\":{}}"), ceiling);
        CHECK(got.facts || got.outcome.status == PM_STATUS_TOO_LARGE, "%zu bytes", ceiling);
        fitted += got.facts != NULL;
        drop(&got);
    }
    CHECK(fitted > 0, "it fits at last");
}

static void test_url(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, 65536);
    CHECK_TEXT(pm_dashboard_status_url(&arena, PM_STR("http://h/api")),
               PM_STR("http://h/api/status"), "status");
    pm_arena_finish(&arena);
}

int main(void)
{
    test_url();
    test_whole();
    test_odd_fields();
    test_old_dates();
    test_refused_bodies();
    test_memory_ends();
    return check_done();
}
