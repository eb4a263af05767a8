/* test_dashboard.c - bodies written by hand, one for each rule of decoding them.
 *
 * Whole recordings are compared in tests/contract/test_recordings.py. */

#include "source/dashboard.h"

#include "source/body.h"

#include "check.h"
#include "reading.h"

#include <stdlib.h>
#include <string.h>

/* The page {"run":{"info":{"id":"r", info} rest}}. */
static struct reading read_page(const char *info, const char *rest)
{
    char text[8192];
    snprintf(text, sizeof text, "{\"run\":{\"info\":{\"id\":\"r\"%s}%s}}", info, rest);
    return read_as(&pm_dashboard_kind_run, text);
}

static void test_urls(void)
{
    static const struct {
        const char *base, *id;
        uint64_t index;
        const char *want;
    } cases[] = {
        {"https://psyche.network/api", "hermes-3-8b", 0,
         "https://psyche.network/api/run/hermes-3-8b/0"},
        {"http://127.0.0.1:1", "a/b?c#d%e f", 2, "http://127.0.0.1:1/run/a%2Fb%3Fc%23d%25e%20f/2"},
        {"http://h/x", "..", UINT64_MAX, "http://h/x/run/%2E%2E/18446744073709551615"},
        {"http://h", "\xE2\x80\xAE\xFF", 1, "http://h/run/%E2%80%AE%FF/1"},
    };
    struct pm_arena arena;
    pm_arena_init(&arena, 65536);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pm_str got = pm_dashboard_run_url(&arena, pm_str_from(cases[i].base),
                                          pm_str_from(cases[i].id), cases[i].index);
        CHECK_TEXT(got, pm_str_from(cases[i].want), cases[i].id);
    }
    CHECK_TEXT(pm_dashboard_run_url(&arena, PM_STR("http://h"), (pm_str){"a\0b", 3}, 0),
               PM_STR("http://h/run/a%00b/0"), "an id with a NUL");
    CHECK_TEXT(pm_dashboard_runs_url(&arena, PM_STR("http://h/api")), PM_STR("http://h/api/runs"),
               "list");
    pm_arena_finish(&arena);
}

#define TIMES_8(text) text text text text text text text text
#define DEPTH_65                                                                                   \
    TIMES_8("[[[[[[[[")                                                                            \
    "["                                                                                            \
    "]" TIMES_8("]]]]]]]]")

static void test_refused_bodies(void)
{
    static const char error_object[] =
        "{\"statusCode\":500,\"error\":\"Internal Server Error\",\"message\":\"boom\"}";
    static const struct refused_body cases[] = {
        {&pm_dashboard_kind_runs, "<!doctype html><p>", PM_STATUS_NOT_JSON, "end in /api?"},
        {&pm_dashboard_kind_run, "\xEF\xBB\xBF \r\n\t<html>", PM_STATUS_NOT_JSON, "a web page"},
        {&pm_dashboard_kind_runs, "", PM_STATUS_NOT_JSON, "not JSON at byte 0"},
        {&pm_dashboard_kind_run, "", PM_STATUS_NOT_JSON, "not JSON at byte 0"},
        {&pm_dashboard_kind_runs, "Bad gateway", PM_STATUS_NOT_JSON, "not JSON"},
        {&pm_dashboard_kind_run, "Bad gateway", PM_STATUS_NOT_JSON, "not JSON"},
        {&pm_dashboard_kind_runs, "{\"runs\":[]}\n{\"runs\":[]}", PM_STATUS_NOT_JSON, "not JSON"},
        {&pm_dashboard_kind_run, "{\"run\":null} x", PM_STATUS_NOT_JSON, "not JSON"},
        {&pm_dashboard_kind_runs, "{\"runs\":" DEPTH_65 "}", PM_STATUS_BAD_REPLY, "deeper than 64"},
        {&pm_dashboard_kind_run, "{\"run\":" DEPTH_65 "}", PM_STATUS_BAD_REPLY, "deeper than 64"},
        {&pm_dashboard_kind_runs, "[]", PM_STATUS_BAD_REPLY, "not an object"},
        {&pm_dashboard_kind_run, "null", PM_STATUS_BAD_REPLY, "not an object"},
        {&pm_dashboard_kind_run, "\"<p>\"", PM_STATUS_BAD_REPLY, "not an object"},
        {&pm_dashboard_kind_runs, "{}", PM_STATUS_BAD_REPLY, "no array \"runs\""},
        {&pm_dashboard_kind_runs, "{\"runs\":{}}", PM_STATUS_BAD_REPLY, "no array \"runs\""},
        {&pm_dashboard_kind_runs, "{\"runs\":[],\"runs\":null}", PM_STATUS_BAD_REPLY, "no array"},
        {&pm_dashboard_kind_run, "{}", PM_STATUS_BAD_REPLY, "no field \"run\""},
        {&pm_dashboard_kind_run, "{\"run\":[]}", PM_STATUS_BAD_REPLY, "\"run\" is neither"},
        {&pm_dashboard_kind_run, "{\"run\":{}}", PM_STATUS_BAD_REPLY, "no object \"run.info\""},
        {&pm_dashboard_kind_run, "{\"run\":{\"info\":[]}}", PM_STATUS_BAD_REPLY, "\"run.info\""},
        {&pm_dashboard_kind_run, "{\"run\":{\"info\":{\"id\":7}}}", PM_STATUS_BAD_REPLY,
         "\"run.info.id\""},
        {&pm_dashboard_kind_run, "{\"run\":{\"info\":{\"id\":\"\"}}}", PM_STATUS_BAD_REPLY,
         "info.id\""},
        {&pm_dashboard_kind_runs, error_object, PM_STATUS_BAD_REPLY,
         "error object with HTTP 200: boom"},
        {&pm_dashboard_kind_run, error_object, PM_STATUS_BAD_REPLY,
         "error object with HTTP 200: boom"},
        {&pm_dashboard_kind_run, "{\"statusCode\":500,\"error\":{},\"message\":\"boom\"}",
         PM_STATUS_BAD_REPLY, "no field \"run\""},
    };
    check_refused(cases, sizeof cases / sizeof *cases);
}

static void test_refusals(void)
{
#define BOOM "{\"message\":\"boom\",\"error\":\"Not Found\",\"statusCode\":404}"
    static const struct {
        long http;
        const char *body;
        bool want;
        const char *problem;
    } cases[] = {
        {500, BOOM, true, "HTTP 500: boom"},
        {404, BOOM, true, "HTTP 404: boom"},
        {400, "{\"error\":\"e\",\"code\":\"X\",\"message\":\"\",\"statusCode\":400}", true,
         "HTTP 400: "},
        {429, BOOM, false, ""}, /* these two come from in front of the dashboard */
        {503, BOOM, false, ""},
        {304, BOOM, false, ""},
        {500, "<html>", false, ""},
        {500, "", false, ""},
        {502, "{\"message\":\"boom\"}", false, ""},
        {502, "{\"message\":1,\"error\":\"e\",\"statusCode\":502}", false, ""},
        {502, "[1]", false, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[256];
        struct pm_outcome outcome = {.status = PM_STATUS_OK};
        struct pm_body body = {.ptr = text, .len = strlen(cases[i].body)};
        memcpy(text, cases[i].body, body.len);
        bool got = pm_dashboard_kind_run.refusal(cases[i].http, &body, &outcome);
        CHECK(got == cases[i].want, "HTTP %ld %s", cases[i].http, cases[i].body);
        CHECK(outcome.status == (cases[i].want ? PM_STATUS_FAULT : PM_STATUS_OK), "%s",
              cases[i].body);
        CHECK_TEXT(pm_str_from(outcome.problem), pm_str_from(cases[i].problem), cases[i].body);
    }
}

/* A long message is cut between two characters. */
static void test_long_message(void)
{
    char text[1024];
    size_t len =
        (size_t)snprintf(text, sizeof text, "{\"statusCode\":500,\"error\":\"e\",\"message\":\"a");
    for (size_t i = 0; i < 300; i++) {
        text[len++] = '\xC3';
        text[len++] = '\xA9';
    }
    len += (size_t)snprintf(text + len, sizeof text - len, "\"}");
    struct pm_outcome outcome = {.status = PM_STATUS_OK};
    struct pm_body body = {.ptr = text, .len = len};
    CHECK(pm_dashboard_refuse(500, &body, &outcome), "a long message");
    size_t kept = strlen(outcome.problem);
    CHECK(kept > 100 && kept % 2 == 1, "\"HTTP 500: a\" is odd, and so is the whole: %zu", kept);
    char parts[300]; /* of characters, without a beginning */
    memset(parts, '\x80', sizeof parts);
    CHECK(pm_body_words((pm_str){parts, sizeof parts}).len == 0, "no whole character");
}

/* What is larger than any error object is none. */
static void test_large_refusal(void)
{
    static char text[80 << 10];
    int len = snprintf(text, sizeof text,
                       "{\"statusCode\":500,\"error\":\"e\",\"message\":\"a\"%79900s}", "");
    struct pm_outcome outcome = {.status = PM_STATUS_OK};
    struct pm_body body = {.ptr = text, .len = (size_t)len};
    CHECK(!pm_dashboard_refuse(500, &body, &outcome), "too large to be one");
    body.ptr[200] = '}';
    body.len = 201;
    CHECK(pm_dashboard_refuse(500, &body, &outcome), "the same, shorter");
}

static void test_list(void)
{
    struct reading got = read_as(
        &pm_dashboard_kind_runs,
        " {\"totalTokens\":\"" SIGIL
        "BIG42\",\"totalTokensPerSecondActive\":7.5,\"error\":{},\"runs\":["
        "{\"id\":\"a\",\"id\":\"b\",\"index\":1},{\"id\":3},{},[],null,\"x\",{\"id\":\"\"},"
        "{\"id\":"
        "\"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
        "890123456789\"},{\"id\":\"c\",\"index\":-1}]}");
    const struct pm_runs *runs = got.facts;
    CHECK(runs && runs->count == 2, "rows with an id");
    if (runs && runs->count == 2) {
        CHECK(runs->unreadable == 7, "%zu unreadable", runs->unreadable);
        CHECK_TEXT(runs->rows[0].id, PM_STR("b"), "the last of two ids counts");
        CHECK(runs->rows[0].index == 1 && runs->rows[1].index == 0, "index");
        CHECK_TEXT(big_text(&got.arena, runs->tokens_done), PM_STR("42"), "total");
        CHECK(!runs->tokens_per_second_active.is_known, "7.5 is no count");
        CHECK(runs->indexer_fault, "error is {}");
    }
    drop(&got);
    got = read_as(&pm_dashboard_kind_runs, "{\"runs\":[],\"error\":null}");
    runs = got.facts;
    CHECK(runs && runs->count == 0 && !runs->indexer_fault && !runs->tokens_done.is_known,
          "empty list");
    drop(&got);
}

static void test_states(void)
{
    static const struct {
        const char *status;
        enum pm_run_state want;
        const char *word;
    } cases[] = {
        {"{\"type\":\"active\"}", PM_RUN_ACTIVE, "active"},
        {"{\"type\":\"waitingForMembers\"}", PM_RUN_WAITING, "waitingForMembers"},
        {"{\"type\":\"paused\"}", PM_RUN_PAUSED, "paused"},
        {"{\"type\":\"completed\"}", PM_RUN_COMPLETED, "completed"},
        {"{\"type\":\"funding\"}", PM_RUN_OTHER, "funding"},
        {"{\"type\":\"active \"}", PM_RUN_OTHER, "active "},
        {"{\"type\":1}", PM_RUN_OTHER, ""},
        {"\"active\"", PM_RUN_OTHER, ""},
        {"null", PM_RUN_OTHER, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char info[256];
        snprintf(info, sizeof info, ",\"status\":%s", cases[i].status);
        struct reading got = read_page(info, "");
        const struct pm_run_page *page = got.facts;
        CHECK(page && page->info.state == cases[i].want, "%s", cases[i].status);
        CHECK_TEXT(page ? page->info.state_word : PM_STR("?"), pm_str_from(cases[i].word),
                   cases[i].status);
        drop(&got);
    }
}

static void test_info(void)
{
    struct reading got = read_page(
        ",\"name\":\"" SIGIL
        "BIG7\",\"description\":[1],\"arch\":\"A\\u0000B\",\"isOnlyRunAtThisIndex\":false,"
        "\"size\":\"" SIGIL "BIG0\",\"totalTokens\":{\"___type\":\"bigint\",\"value\":\"9\"},"
        "\"lastUpdate\":{\"time\":\"" SIGIL "DAT1500\"},"
        "\"status\":{\"type\":\"completed\",\"at\":{\"slot\":\"" SIGIL
        "BIG18446744073709551616\"}},"
        "\"pauseHistory\":[[\"paused\",{\"slot\":\"" SIGIL
        "BIG5\"}],[\"paused\"],[1,{}],7,{\"a\":1},"
        "[\"resumed\",{}],[\"paused\",null],[\"unpaused\",{\"time\":\"" SIGIL "DAT-3\"}]],"
        "\"trainingStep\":{\"lastTokensPerSecond\":\"" SIGIL
        "BIG340282346638528859811704183484516925440\","
        "\"tokensCompletedAtStartOfStep\":\"" SIGIL
        "BIG-1\",\"startedAt\":{\"slot\":3,\"time\":null}}",
        "");
    const struct pm_run_page *page = got.facts;
    CHECK(page, "a page: %s", got.outcome.problem);
    if (!page) {
        drop(&got);
        return;
    }
    const struct pm_run_info *info = &page->info;
    CHECK_TEXT(info->name, PM_STR(SIGIL "BIG7"), "a text is text");
    CHECK_TEXT(info->description, PM_STR(""), "a list is no text");
    CHECK_TEXT(info->arch, PM_STR("A\0B"), "NUL inside");
    CHECK(info->is_only_known && !info->is_only, "isOnlyRunAtThisIndex");
    CHECK(!info->params.is_known, "size 0 is unknown");
    CHECK_TEXT(big_text(&got.arena, info->tokens_planned), PM_STR("9"), "version 0");
    CHECK(!info->last_update.has_slot && info->last_update.has_time &&
              info->last_update.time_ms == 1500,
          "time alone");
    CHECK(!info->completed_at.has_slot && !info->completed_at.has_time, "slot past 64 bits");
    CHECK(info->pause_count == 2 && info->pauses[0].is_pause && info->pauses[0].at.slot == 5 &&
              !info->pauses[1].is_pause && info->pauses[1].at.time_ms == -3,
          "%zu pauses", info->pause_count);
    CHECK(info->has_step && info->step_started.has_slot && !info->step_started.has_time, "step");
    CHECK_TEXT(big_text(&got.arena, info->tokens_per_second),
               PM_STR("340282346638528859811704183484516925440"), "39 digits");
    CHECK(!info->tokens_done.is_known, "less than none is unknown");
    CHECK(!page->live.is_there && !page->history.is_there && !page->indexer_fault,
          "no more was sent");
    drop(&got);
}

static void test_live(void)
{
    struct reading got = read_page(
        "",
        ",\"state\":{\"phase\":\"RoundTrain\",\"phaseStartTime\":\"" SIGIL
        "DAT0\",\"epochStartTime\":\"soon\","
        "\"round\":4294967295,\"clients\":[{\"pubkey\":\"k\",\"witness\":\"waiting\"},"
        "{\"pubkey\":1,\"witness\":\"done\"},3,{\"witness\":false},{\"witness\":\"asleep\"}],"
        "\"config\":{\"minClients\":2,\"epochTime\":-1,\"warmupTime\":1.5,\"cooldownTime\":3e1,"
        "\"lrSchedule\":{\"Spiral\":{\"base_lr\":1e-4,\"warmup_steps\":10,\"final_lr\":\"x\"}}}}");
    const struct pm_run_page *page = got.facts;
    CHECK(page, "a page: %s", got.outcome.problem);
    if (!page) {
        drop(&got);
        return;
    }
    const struct pm_run_live *live = &page->live;
    CHECK_TEXT(live->phase, PM_STR("RoundTrain"), "phase");
    CHECK(live->has_phase_start && live->phase_start_ms == 0 && !live->has_epoch_start, "starts");
    CHECK(live->round.is_known && live->round.value == UINT32_MAX, "round");
    CHECK(live->has_clients && live->client_count == 4, "%zu clients", live->client_count);
    CHECK(live->clients[0].witness == PM_WITNESS_WAITING &&
              live->clients[1].witness == PM_WITNESS_DONE &&
              live->clients[2].witness == PM_WITNESS_NONE &&
              live->clients[3].witness == PM_WITNESS_NONE,
          "witnesses");
    CHECK_TEXT(live->clients[0].key, PM_STR("k"), "key");
    CHECK_TEXT(live->clients[1].key, PM_STR(""), "a number is no key");
    CHECK(!live->has_checkpoint && live->checkpoint.kind == PM_CHECKPOINT_NONE,
          "no checkpoint was sent");
    const struct pm_run_config *config = &live->config;
    CHECK(config->is_there && config->min_clients.value == 2 && config->cooldown_s.value == 30,
          "config");
    CHECK(!config->epoch_s.is_known && !config->warmup_s.is_known &&
              !config->round_witness_s.is_known,
          "-1, 1.5 and nothing");
    CHECK_TEXT(config->lr.kind, PM_STR("Spiral"), "a schedule of tomorrow keeps its name");
    CHECK(config->lr.base.is_known && config->lr.warmup_steps.value == 10 &&
              !config->lr.final.is_known,
          "and its fields");
    drop(&got);
}

static void test_checkpoints(void)
{
    static const struct {
        const char *json;
        bool is_sent, has_revision;
        int kind;
        const char *word, *place, *revision;
    } cases[] = {
        {"null", true, false, PM_CHECKPOINT_NONE, "", "", ""},
        {"{\"Hub\":{\"repo_id\":\"o/n\"}}", true, false, PM_CHECKPOINT_HUB, "Hub", "o/n", ""},
        {"{\"Hub\":{\"repo_id\":\"o/n\",\"revision\":\"\"}}", true, true, PM_CHECKPOINT_HUB, "Hub",
         "o/n", ""},
        {"{\"Hub\":{\"revision\":null}}", true, false, PM_CHECKPOINT_HUB, "Hub", "", ""},
        {"{\"Hub\":{},\"Hub\":{\"repo_id\":\"z\"}}", true, false, PM_CHECKPOINT_HUB, "Hub", "z",
         ""},
        {"{\"Gcs\":{\"bucket\":\"b\",\"prefix\":\"p/q\"}}", true, true, PM_CHECKPOINT_GCS, "Gcs",
         "b", "p/q"},
        {"{\"Ipfs\":{\"cid\":\"x\"}}", true, false, PM_CHECKPOINT_OTHER, "Ipfs", "", ""},
        {"{}", true, false, PM_CHECKPOINT_OTHER, "", "", ""},
        {"\"Dummy\"", true, false, PM_CHECKPOINT_OTHER, "Dummy", "", ""},
        {"17", false, false, PM_CHECKPOINT_NONE, "", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char rest[256];
        snprintf(rest, sizeof rest, ",\"state\":{\"checkpoint\":%s}", cases[i].json);
        struct reading got = read_page("", rest);
        const struct pm_run_page *page = got.facts;
        CHECK(page, "%s", cases[i].json);
        if (page) {
            const struct pm_checkpoint *checkpoint = &page->live.checkpoint;
            CHECK(page->live.has_checkpoint == cases[i].is_sent, "%s", cases[i].json);
            CHECK((int)checkpoint->kind == cases[i].kind, "%s: %d", cases[i].json,
                  (int)checkpoint->kind);
            CHECK_TEXT(checkpoint->kind_word, pm_str_from(cases[i].word), cases[i].json);
            CHECK_TEXT(checkpoint->place, pm_str_from(cases[i].place), cases[i].json);
            CHECK(checkpoint->has_revision == cases[i].has_revision, "%s", cases[i].json);
            CHECK_TEXT(checkpoint->revision, pm_str_from(cases[i].revision), cases[i].json);
        }
        drop(&got);
    }
}

static void check_eval(const struct pm_run_page *page, size_t at, const char *name, bool is_known,
                       double value, double step)
{
    if (at >= page->eval_count) {
        CHECK(false, "no eval %zu", at);
        return;
    }
    const struct pm_eval *eval = &page->evals[at];
    CHECK_TEXT(eval->name, pm_str_from(name), "eval");
    CHECK(eval->value.is_known == is_known && (!is_known || eval->value.value == value), "%s",
          name);
    CHECK(eval->step.is_known == (step >= 0) && (step < 0 || eval->step.value == step), "%s: step",
          name);
}

static void test_metrics(void)
{
    struct reading got = read_page(
        "",
        ",\"metrics\":{\"summary\":{\"loss\":null,\"bandwidth\":0,\"tokensPerSecond\":0,\"lr\":0.5,"
        "\"evals\":{\"a\":9,\"c\":1,\"c\":2,\"d\":null,\"e\":\"x\"}},"
        "\"history\":{\"loss\":[[1,2.5]],\"bandwidth\":[],\"tokensPerSecond\":[[1,0]],\"lr\":[[1,0."
        "5]],"
        "\"evals\":{\"a\":[[1,0.25],[2,0.5],[3,null]],\"b\":[[7,null]]}}}");
    const struct pm_run_page *page = got.facts;
    CHECK(page, "a page: %s", got.outcome.problem);
    if (page) {
        CHECK(!page->loss.is_known, "no loss");
        CHECK(page->history.loss.count == 1, "but a history of it");
        CHECK(!page->bandwidth.is_known, "0 without a history means none");
        CHECK(page->tokens_per_second.is_known && page->tokens_per_second.value == 0,
              "0 with one is 0");
        CHECK(page->lr.is_known && page->lr.value == 0.5, "lr");
        CHECK(page->eval_count == 5, "%zu evals", page->eval_count);
        check_eval(page, 0, "a", true, 0.5, 2);
        check_eval(page, 1, "b", false, 0, -1);
        check_eval(page, 2, "c", true, 2, -1);
        check_eval(page, 3, "d", false, 0, -1);
        check_eval(page, 4, "e", false, 0, -1);
    }
    drop(&got);
}

/* More names than are kept, in the summary alone. */
static void test_many_evals(void)
{
    char rest[4096] = ",\"metrics\":{\"summary\":{\"evals\":{\"e\":1";
    size_t len = strlen(rest);
    for (unsigned i = 1; i < PM_EVALS_MOST + 10; i++) {
        len += (size_t)snprintf(rest + len, sizeof rest - len, ",\"e%u\":1", i);
    }
    snprintf(rest + len, sizeof rest - len, "}}}");
    struct reading got = read_page("", rest);
    const struct pm_run_page *page = got.facts;
    CHECK(page && page->eval_count == PM_EVALS_MOST, "evals kept");
    CHECK(page && page->history.evals_dropped == 10, "and counted");
    drop(&got);
}

static void test_transactions(void)
{
    char rest[4096] = ",\"recentTxs\":[";
    size_t len = strlen(rest);
    for (int i = 0; i < 30; i++) {
        len += (size_t)snprintf(rest + len, sizeof rest - len,
                                "%s{\"method\":\"m%d\",\"txHash\":\"h\"}", i ? "," : "", i);
    }
    snprintf(rest + len, sizeof rest - len,
             ",null,{\"pubkey\":\"p\",\"timestamp\":{\"slot\":\"" SIGIL "BIG8\"}}]");
    struct reading got = read_page("", rest);
    const struct pm_run_page *page = got.facts;
    CHECK(page && page->tx_count == 24, "the last 25, of which one is none");
    if (page && page->tx_count == 24) {
        CHECK_TEXT(page->txs[0].method, PM_STR("m7"), "oldest first");
        CHECK_TEXT(page->txs[23].payer, PM_STR("p"), "newest last");
        CHECK_TEXT(page->txs[23].method, PM_STR(""), "without a method");
        CHECK(page->txs[23].at.slot == 8 && !page->txs[23].at.has_time, "when");
    }
    drop(&got);
}

static void test_no_run(void)
{
    struct reading got =
        read_as(&pm_dashboard_kind_run, "{\"run\":null,\"error\":{},\"isOnlyRun\":false}");
    const struct pm_run_page *page = got.facts;
    CHECK(page && !page->is_there && page->indexer_fault, "no run, and an indexer that stopped");
    CHECK(got.outcome.status == PM_STATUS_OK && got.outcome.problem[0] == '\0',
          "that is an answer");
    drop(&got);
}

static const char small_page[] =
    "{\"run\":{\"info\":{\"id\":\"r\\u00e9\",\"status\":{\"type\":\"active\"},\"size\":\"" SIGIL
    "BIG5\","
    "\"pauseHistory\":[[\"paused\",{\"time\":\"" SIGIL
    "DAT7\"}]],\"trainingStep\":{\"startedAt\":{}}},"
    "\"state\":{\"phase\":\"Warmup\",\"clients\":[{\"pubkey\":\"k\",\"witness\":false}],"
    "\"checkpoint\":{\"Hub\":{\"repo_id\":\"o/"
    "n\"}},\"config\":{\"lrSchedule\":{\"Constant\":{\"base_lr\":1e-4}}}},"
    "\"recentTxs\":[{\"method\":\"tick\"}],\"metrics\":{\"summary\":{\"loss\":2.5,\"evals\":{\"a\":"
    "1}},"
    "\"history\":{\"loss\":[[1,3],[2,2.5]],\"evals\":{\"a\":[[2,1]]},\"promptResults\":[[1,[2,3]]]}"
    "}}}";

/* Cut anywhere, it is not JSON, and no byte past its end is looked at. */
static void test_truncation(void)
{
    pm_str whole = PM_STR(small_page);
    for (size_t len = 0; len < whole.len; len++) {
        struct reading got =
            read_bytes(&pm_dashboard_kind_run, pm_str_slice(whole, 0, len), ARENA_BYTES);
        CHECK(!got.facts && got.outcome.status == PM_STATUS_NOT_JSON, "cut to %zu bytes: %s", len,
              got.outcome.problem);
        drop(&got);
        got = read_bytes(&pm_dashboard_kind_runs, pm_str_slice(whole, 0, len), ARENA_BYTES);
        CHECK(!got.facts && got.outcome.status == PM_STATUS_NOT_JSON, "cut list: %zu bytes", len);
        drop(&got);
    }
    struct reading got = read_bytes(&pm_dashboard_kind_run, whole, ARENA_BYTES);
    const struct pm_run_page *page = got.facts;
    CHECK(page, "whole: %s", got.outcome.problem);
    CHECK_TEXT(page ? page->info.id : PM_STR("?"), PM_STR("r\xC3\xA9"), "id");
    CHECK(page && page->history.loss.count == 2, "loss");
    drop(&got);
}

/* With any byte changed it may be anything, but is either facts or a reason. */
static void test_damage(void)
{
    static const char others[] = {'"', '{', ']', '0', '\\', '\0', '\xFF'};
    char text[sizeof small_page];
    for (size_t at = 0; at < sizeof text - 1; at++) {
        size_t consistent = 0;
        for (size_t i = 0; i < sizeof others; i++) {
            memcpy(text, small_page, sizeof text);
            text[at] = others[i];
            struct reading got =
                read_bytes(&pm_dashboard_kind_run, (pm_str){text, sizeof text - 1}, ARENA_BYTES);
            bool is_ok = got.outcome.status == PM_STATUS_OK,
                 has_problem = got.outcome.problem[0] != '\0';
            consistent += (got.facts != NULL) == is_ok && has_problem == !is_ok;
            drop(&got);
        }
        CHECK(consistent == sizeof others, "with byte %zu changed", at);
    }
}

/* Wherever memory ends, it is said so. */
static void test_memory_ends(void)
{
    size_t fitted = 0;
    for (size_t ceiling = 0; ceiling < 65536; ceiling += ceiling < 4096 ? 16 : 512) {
        struct reading got = read_bytes(&pm_dashboard_kind_run, PM_STR(small_page), ceiling);
        CHECK(got.facts || got.outcome.status == PM_STATUS_TOO_LARGE, "%zu bytes: %s", ceiling,
              pm_status_word(got.outcome.status));
        fitted += got.facts != NULL;
        drop(&got);
        got = read_bytes(&pm_dashboard_kind_runs,
                         PM_STR("{\"runs\":[{\"id\":\"a\"},{\"id\":\"b\"}]}"), ceiling);
        CHECK(got.facts || got.outcome.status == PM_STATUS_TOO_LARGE, "list in %zu bytes", ceiling);
        drop(&got);
    }
    CHECK(fitted > 0, "it fits at last");
}

int main(void)
{
    test_urls();
    test_refused_bodies();
    test_refusals();
    test_long_message();
    test_large_refusal();
    test_list();
    test_states();
    test_info();
    test_live();
    test_checkpoints();
    test_metrics();
    test_many_evals();
    test_transactions();
    test_no_run();
    test_truncation();
    test_damage();
    test_memory_ends();
    return check_done();
}
