/* test_derive.c - arithmetic on facts: the values at hand, and the edges where there are none.
 *
 * The same over whole recordings is calculated again in tests/contract/test_recordings.py. */

#include "action/derive.h"

#include "check.h"

#include <math.h>
#include <string.h>

#define NOW_MS INT64_C(1795236591000) /* 2026-11-21T04:49:51Z */
#define AGO(seconds)                                                                               \
    {                                                                                              \
        .has_time = true, .time_ms = NOW_MS - (seconds)*INT64_C(1000)                              \
    }
#define NEVER                                                                                      \
    {                                                                                              \
        0                                                                                          \
    }

static bool is_near(struct pm_number got, double want)
{
    return got.is_known && fabs(got.value - want) <= 1e-9 * fabs(want);
}

static struct pm_big big(const char *decimal) /* "?" is unknown */
{
    return pm_big_read(pm_str_from(decimal));
}

/* What of a run the tokens' arithmetic looks at; "" in tokens_done: never seen training. */
struct tokens {
    const char *what;
    enum pm_run_state state;
    const char *planned, *done, *rate;
    struct pm_moment updated, started, ended;
    const char *want_done, *want_now; /* "?" is unknown */
    double want_percent;              /* < 0: unknown */
    int64_t want_eta_s;               /* < 0: unknown */
};

#define A PM_RUN_ACTIVE
static const struct tokens token_cases[] = {
    {"the example", A, "1826798661632", "30567071744", "1546111", AGO(41), AGO(41), NEVER,
     "30567071744", "30624123239", 1.6732589302803853, 1161774},
    {"a step that has ended", A, "1000", "100", "7", AGO(1), AGO(13), AGO(2), "100", "177", 10,
     128},
    {"less than a token", A, "1000", "100", "1", AGO(1), AGO(1), NEVER, "100", "100", 10, 900},
    {"the clock is behind", A, "1000", "100", "7", AGO(-5), AGO(-5), NEVER, "100", "100", 10, 128},
    {"no more than planned", A, "1000", "900", "7", AGO(1), AGO(599), NEVER, "900", "1000", 90, 14},
    {"all done", A, "1000", "1000", "7", AGO(1), AGO(9), NEVER, "1000", "1000", 100, -1},
    {"more than planned", A, "1000", "1500", "7", AGO(1), AGO(9), NEVER, "1500", "1500", 150, -1},
    {"no rate", A, "1000", "100", "0", AGO(1), AGO(9), NEVER, "100", "100", 10, -1},
    {"unknown rate", A, "1000", "100", "?", AGO(1), AGO(9), NEVER, "100", "?", 10, -1},
    {"unknown start", A, "1000", "100", "7", AGO(1), NEVER, NEVER, "100", "?", 10, 128},
    {"unknown plan", A, "?", "100", "7", AGO(1), AGO(9), NEVER, "100", "?", -1, -1},
    {"unknown tokens", A, "1000", "?", "7", AGO(1), AGO(9), NEVER, "?", "?", -1, -1},
    {"0 of 0", A, "0", "0", "7", AGO(1), AGO(9), NEVER, "0", "0", -1, -1},
    {"never trained", A, "1000", "", "7", AGO(1), NEVER, NEVER, "0", "?", 0, -1},
    {"never trained, no plan", A, "?", "", "7", AGO(1), NEVER, NEVER, "?", "?", -1, -1},
    {"heard of 599 s ago", A, "1000", "100", "1", AGO(599), AGO(20), NEVER, "100", "118", 10, 900},
    {"heard of 600 s ago", A, "1000", "100", "1", AGO(600), AGO(20), NEVER, "100", "?", 10, -1},
    {"never heard of", A, "1000", "100", "1", NEVER, AGO(20), NEVER, "100", "?", 10, -1},
    {"paused", PM_RUN_PAUSED, "1000", "100", "1", AGO(1), AGO(20), NEVER, "100", "?", 10, -1},
    {"waiting", PM_RUN_WAITING, "1000", "100", "1", AGO(1), AGO(20), NEVER, "100", "?", 10, -1},
    {"completed", PM_RUN_COMPLETED, "1000", "100", "1", AGO(1), AGO(20), NEVER, "100", "?", 10, -1},
    {"another word", PM_RUN_OTHER, "1000", "100", "1", AGO(1), AGO(20), NEVER, "100", "?", 10, -1},
    {"just within 100 years", A, "3155760100", "100", "1", AGO(1), AGO(1), NEVER, "100", "100",
     100 * 100.0 / 3155760100.0, 3155760000},
    {"past 100 years", A, "3155760101", "100", "1", AGO(1), AGO(1), NEVER, "100", "100",
     100 * 100.0 / 3155760101.0, -1},
    {"39 digits, for 158 years", A, "9999999999999999999999999999999999999999999999999999999", "1",
     "340282346638528859811704183484516925440", AGO(1), AGO(INT64_C(5000000000)), NEVER, "1",
     "1531270559873379869152668825680326164480000000001", 1e-53, -1},
};
#undef A

static void check_big(struct pm_big got, const char *want, const char *what, const char *field)
{
    struct pm_arena arena;
    struct pm_buf buf;
    pm_arena_init(&arena, 8192);
    pm_buf_init(&buf, &arena, 128);
    pm_big_add_text(&buf, got);
    pm_str text = got.is_known ? pm_buf_text(&buf) : PM_STR("?");
    CHECK(pm_str_equal(text, pm_str_from(want)), "%s: %s: got %.*s, want %s", what, field,
          PM_STR_ARG(text), want);
    pm_arena_finish(&arena);
}

static void test_tokens(void)
{
    for (size_t i = 0; i < sizeof token_cases / sizeof *token_cases; i++) {
        const struct tokens *row = &token_cases[i];
        struct pm_run_info info = {
            .state = row->state,
            .tokens_planned = big(row->planned),
            .has_step = row->done[0] != '\0',
            .tokens_done = big(row->done),
            .tokens_per_second = big(row->rate),
            .last_update = row->updated,
            .step_started = row->started,
            .step_ended = row->ended,
        };
        struct pm_number percent = pm_derive_percent(&info);
        struct pm_eta eta = pm_derive_eta(&info, NOW_MS);
        check_big(pm_derive_done(&info), row->want_done, row->what, "done");
        check_big(pm_derive_done_now(&info, NOW_MS), row->want_now, row->what, "done now");
        CHECK(row->want_percent < 0 ? !percent.is_known : is_near(percent, row->want_percent),
              "%s: %.17g %%", row->what, percent.value);
        CHECK(eta.is_known == (row->want_eta_s >= 0), "%s: %lld s", row->what,
              (long long)eta.seconds);
        CHECK(!eta.is_known || eta.seconds == row->want_eta_s, "%s: %lld s", row->what,
              (long long)eta.seconds);
        CHECK(!eta.is_known || eta.at_ms == NOW_MS + 1000 * row->want_eta_s, "%s: at", row->what);
    }
}

static void test_idle(void)
{
    static const struct {
        struct pm_moment updated;
        bool is_known;
        uint64_t want;
    } cases[] = {
        {NEVER, false, 0},
        {AGO(0), true, 0},
        {AGO(-60), true, 0},
        {{.has_time = true, .time_ms = NOW_MS - 1999}, true, 1},
        {AGO(7029), true, 7029},
        {{.has_time = true, .time_ms = INT64_C(-8640000000000000)}, true, UINT64_C(8641795236591)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_run_info info = {.last_update = cases[i].updated};
        struct pm_count got = pm_derive_idle_s(&info, NOW_MS);
        CHECK(got.is_known == cases[i].is_known && got.value == cases[i].want, "case %zu: %llu", i,
              (unsigned long long)got.value);
    }
}

#define COUNT(n)                                                                                   \
    {                                                                                              \
        true, (n)                                                                                  \
    }
#define SOME(seconds) true, NOW_MS - (seconds)*INT64_C(1000)

struct phase_case {
    const char *phase;
    bool has_start;
    int64_t start_ms;
    const char *clients; /* one letter each: - none, w waiting, d done */
    struct pm_count least, limit_s;
    double want, want_epoch; /* < 0: unknown */
};

static const struct phase_case phase_cases[] = {
    {"WaitingForMembers", SOME(9), "---", COUNT(4), COUNT(30), 75, -1},
    {"WaitingForMembers", SOME(9), "-----", COUNT(4), COUNT(30), 100, -1},
    {"WaitingForMembers", SOME(9), "", COUNT(0), COUNT(30), -1, -1},
    {"WaitingForMembers", SOME(9), "-", COUNT(0), COUNT(30), 100, -1},
    {"WaitingForMembers", SOME(9), "-", {0}, COUNT(30), -1, -1},
    {"Warmup", SOME(10), "", COUNT(4), COUNT(30), 33.3, 27.8},
    {"Warmup", SOME(31), "", COUNT(4), COUNT(30), 100, 86.1},
    {"Warmup", SOME(-10), "", COUNT(4), COUNT(30), 0, 0},
    {"Warmup", SOME(0), "", COUNT(4), COUNT(0), -1, 0},
    {"Warmup", SOME(1), "", COUNT(4), COUNT(0), 100, 2.8},
    {"Warmup", true, 0, "", COUNT(4), COUNT(30), -1, -1},
    {"Warmup", false, 0, "", COUNT(4), COUNT(30), -1, -1},
    {"Warmup", SOME(10), "", COUNT(4), {0}, -1, 27.8},
    {"Cooldown", SOME(36), "ddd", COUNT(4), COUNT(240), 15, 100},
    {"RoundWitness", SOME(12), "ddd", COUNT(4), COUNT(16), 75, 33.3},
    {"RoundTrain", SOME(12), "-wwddd-", COUNT(4), COUNT(240), 60, 33.3},
    {"RoundTrain", SOME(30), "wwwwwwwwwd", COUNT(4), COUNT(240), 12.5, 83.3},
    {"RoundTrain", SOME(30), "---", COUNT(4), COUNT(240), 12.5, 83.3},
    {"RoundTrain", SOME(30), "", COUNT(4), {0}, -1, 83.3},
    {"RoundTrain", false, 0, "wd", COUNT(4), COUNT(240), 50, -1},
    {"Finished", SOME(1), "", COUNT(4), COUNT(30), 100, -1},
    {"Paused", SOME(1), "", COUNT(4), COUNT(30), 0, -1},
    {"Uninitialized", false, 0, "", {0}, {0}, 0, -1},
    {"Meditation", SOME(1), "", COUNT(4), COUNT(30), -1, -1},
    {"", SOME(1), "", COUNT(4), COUNT(30), -1, -1},
};

static bool is_as_wanted(struct pm_number got, double want)
{
    return want < 0 ? !got.is_known : got.is_known && got.value == want;
}

/* The epoch begins with the phase here and lasts 36 s. */
static void test_phases(void)
{
    for (size_t i = 0; i < sizeof phase_cases / sizeof *phase_cases; i++) {
        const struct phase_case *row = &phase_cases[i];
        struct pm_client clients[16] = {0};
        struct pm_run_live live = {
            .is_there = true,
            .phase = pm_str_from(row->phase),
            .has_phase_start = row->has_start,
            .has_epoch_start = row->has_start,
            .phase_start_ms = row->start_ms,
            .epoch_start_ms = row->start_ms,
            .has_clients = true,
            .clients = clients,
            .client_count = strlen(row->clients),
            .config = {.min_clients = row->least,
                       .epoch_s = COUNT(36),
                       .warmup_s = row->limit_s,
                       .cooldown_s = row->limit_s,
                       .round_train_most_s = row->limit_s,
                       .round_witness_s = row->limit_s},
        };
        for (size_t c = 0; c < live.client_count; c++) {
            clients[c].witness = row->clients[c] == 'd'   ? PM_WITNESS_DONE
                                 : row->clients[c] == 'w' ? PM_WITNESS_WAITING
                                                          : PM_WITNESS_NONE;
        }
        struct pm_number phase = pm_derive_phase_percent(&live, NOW_MS);
        struct pm_number epoch = pm_derive_epoch_percent(&live, NOW_MS);
        CHECK(is_as_wanted(phase, row->want), "%zu %s: %.17g", i, row->phase, phase.value);
        CHECK(is_as_wanted(epoch, row->want_epoch), "%zu %s: epoch %.17g", i, row->phase,
              epoch.value);
        live.is_there = false;
        CHECK(!pm_derive_phase_percent(&live, NOW_MS).is_known, "%s: nothing was sent", row->phase);
    }
}

/* Each phase has a time of its own. */
static void test_phase_times(void)
{
    static const struct {
        const char *phase;
        double want;
    } cases[] = {{"Warmup", 50}, {"Cooldown", 25}, {"RoundTrain", 10}, {"RoundWitness", 20}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_run_live live = {
            .is_there = true,
            .phase = pm_str_from(cases[i].phase),
            .has_phase_start = true,
            .phase_start_ms = NOW_MS - 10000,
            .config = {.warmup_s = COUNT(20),
                       .cooldown_s = COUNT(40),
                       .round_train_most_s = COUNT(100),
                       .round_witness_s = COUNT(50)},
        };
        struct pm_number got = pm_derive_phase_percent(&live, NOW_MS);
        CHECK(is_as_wanted(got, cases[i].want), "%s: %.17g", cases[i].phase, got.value);
    }
}

/* `count` points of value = first + by * step, at steps 1000, 1002, 1004… */
static struct pm_loss loss_of_line(size_t count, double first, double by, struct pm_number newest)
{
    struct pm_point points[PM_SERIES_KEPT];
    struct pm_run_page page = {.loss = newest};
    for (size_t i = 0; i < count; i++) {
        double step = 1000 + 2 * (double)i;
        points[i] = (struct pm_point){step, first + by * step};
    }
    page.history.loss.points = points;
    page.history.loss.count = count;
    return pm_derive_loss(&page);
}

static void test_loss(void)
{
    const struct pm_number none = {0}, three = {true, 3}, line_end = {true, 1.0 + 0.5 * 1398};
    struct pm_loss got = loss_of_line(0, 0, 0, none);
    CHECK(!got.last.is_known && !got.at_step.is_known && !got.mean_50.is_known &&
              got.mean_points == 0 && !got.slope_per_1000_steps.is_known && got.slope_points == 0,
          "no loss at all");
    got = loss_of_line(0, 0, 0, three);
    CHECK(is_near(got.last, 3) && !got.at_step.is_known && got.mean_points == 0, "a loss alone");
    got = loss_of_line(1, 3, 0, none);
    CHECK(is_near(got.last, 3) && is_near(got.at_step, 1000) && is_near(got.mean_50, 3),
          "one point");
    CHECK(got.mean_points == 1 && got.slope_points == 0, "is no slope");
    got = loss_of_line(1, 4, 0, three);
    CHECK(is_near(got.last, 3) && !got.at_step.is_known, "a newest loss from some other step");
    got = loss_of_line(19, 1, 0.5, none);
    CHECK(got.mean_points == 19 && is_near(got.mean_50, 1 + 0.5 * 1018), "19 points");
    CHECK(!got.slope_per_1000_steps.is_known && got.slope_points == 0, "are too few for a slope");
    got = loss_of_line(20, 1, 0.5, none);
    CHECK(got.slope_points == 20 && is_near(got.slope_per_1000_steps, 500), "20 are enough: %.17g",
          got.slope_per_1000_steps.value);
    got = loss_of_line(200, 1, 0.5, line_end);
    CHECK(is_near(got.at_step, 1398) && got.mean_points == 50 && got.slope_points == 200,
          "200 points");
    CHECK(is_near(got.mean_50, 1 + 0.5 * 1349), "the last 50: %.17g", got.mean_50.value);
    CHECK(is_near(got.slope_per_1000_steps, 500), "slope %.17g", got.slope_per_1000_steps.value);
    got = loss_of_line(20, -1, -1e-3, none);
    CHECK(is_near(got.slope_per_1000_steps, -1), "falling: %.17g", got.slope_per_1000_steps.value);
    got = loss_of_line(20, 1e308, 0, none);
    CHECK(is_near(got.mean_50, 1e308), "a mean without overflow: %.17g", got.mean_50.value);
}

static void test_loss_on_one_step(void)
{
    struct pm_point points[30];
    struct pm_run_page page = {0};
    for (size_t i = 0; i < 30; i++) {
        points[i] = (struct pm_point){7, (double)i};
    }
    page.history.loss.points = points;
    page.history.loss.count = 30;
    struct pm_loss got = pm_derive_loss(&page);
    CHECK(!got.slope_per_1000_steps.is_known && got.slope_points == 0, "no slope on one step");
    CHECK(is_near(got.mean_50, 14.5), "but a mean");
}

/* Entries as "p100 u40": paused 100 s ago, unpaused 40 s ago; p? is without a time. */
static size_t read_history(const char *text, struct pm_pause pauses[16])
{
    size_t count = 0;
    for (; *text; count++) {
        pauses[count] =
            (struct pm_pause){.is_pause = *text++ == 'p', .at = {.has_time = *text != '?'}};
        int64_t ago_s = 0;
        for (; *text && *text != ' '; text++) {
            ago_s = *text == '?' ? 0 : ago_s * 10 + (*text - '0');
        }
        pauses[count].at.time_ms = NOW_MS - ago_s * 1000;
        text += *text == ' ';
    }
    return count;
}

static void test_pauses(void)
{
    static const struct {
        const char *history;
        enum pm_run_state state;
        size_t count;
        int64_t total_s, last_ago_s; /* < 0: none */
    } cases[] = {
        {"", PM_RUN_ACTIVE, 0, 0, -1},
        {"", PM_RUN_PAUSED, 0, 0, -1},
        {"p100 u40", PM_RUN_ACTIVE, 1, 60, 100},
        {"p100 u40 p30 u25", PM_RUN_ACTIVE, 2, 65, 30},
        {"p100 u40 p30", PM_RUN_PAUSED, 2, 90, 30},
        {"p100 p80 p60 u40", PM_RUN_ACTIVE, 1, 60, 100},
        {"u200 p100 u40 u30", PM_RUN_ACTIVE, 1, 60, 100},
        {"p100", PM_RUN_ACTIVE, 1, 0, 100},     /* told to pause, and still running */
        {"p100", PM_RUN_COMPLETED, 1, 90, 100}, /* ended 10 s ago */
        {"p40 u100", PM_RUN_ACTIVE, 1, 0, 40},
        {"p? u40", PM_RUN_ACTIVE, 1, 0, -1},
        {"p100 u?", PM_RUN_ACTIVE, 1, 0, 100},
        {"p100 u90", PM_RUN_PAUSED, 1, 10, 100}, /* paused by other means than the owner's */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_pause pauses[16];
        struct pm_run_info info = {
            .state = cases[i].state, .pauses = pauses, .completed_at = AGO(10)};
        info.pause_count = read_history(cases[i].history, pauses);
        struct pm_pauses got = pm_derive_pauses(&info, NOW_MS);
        CHECK(got.count == cases[i].count && got.total_s == cases[i].total_s, "%s: %zu, %lld s",
              cases[i].history, got.count, (long long)got.total_s);
        CHECK(got.paused_now == (cases[i].state == PM_RUN_PAUSED), "%s", cases[i].history);
        CHECK(got.has_last == (cases[i].last_ago_s >= 0), "%s: last", cases[i].history);
        CHECK(!got.has_last || got.last_ms == NOW_MS - 1000 * cases[i].last_ago_s, "%s: last",
              cases[i].history);
    }
}

int main(void)
{
    test_tokens();
    test_idle();
    test_phases();
    test_phase_times();
    test_loss();
    test_loss_on_one_step();
    test_pauses();
    return check_done();
}
