/* test_page.c - codec/page. */

#include "codec/page.h"

#include "base/buf.h"
#include "codec/number.h"

#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A page with one of everything. */
#define SERIES                                                                                     \
    "\"loss\":[[1,2.5],[2,null],[3,-1e-2],[5,0.25]],\"bandwidth\":[[1,0]],"                        \
    "\"tokensPerSecond\":[[4,1e3]],\"lr\":[[1,0.0001],[2,0.00020],[7,3E-4]],"                      \
    "\"evals\":{\"arc\":[[2,0.5],[4,null]],\"m\\u00e4\\n\":[[3,1]]},"                              \
    "\"promptResults\":[[1,[1,2,3]],[2,[40,50,60]]],\"promptIndex\":[[1,0]]"
#define BEFORE "{\"run\":{\"info\":{\"id\":\"r\",\"x\":\"\\\"}{\"},\"metrics\":{\"history\":"
#define AFTER                                                                                      \
    ",\"summary\":{\"loss\":1.5,\"promptResults\":[11,222,3333,44444,5,66,777,8888,9,0,1]}},"      \
    "\"promptResults\":[ 1 , 2 ],\"cumulativePromptResults\":[0,10,200]},\"error\":null}"
#define PAGE BEFORE "{" SERIES "}" AFTER
#define LEFT                                                                                       \
    BEFORE "null,\"summary\":{\"loss\":1.5,\"promptResults\":[]}},\"promptResults\":[],"           \
           "\"cumulativePromptResults\":[]},\"error\":null}"

struct result {
    struct pm_arena arena;
    char *text;
    size_t len;
    bool is_lifted;
    struct pm_history history;
    struct pm_json_problem problem;
};

/* The text stands in memory of exactly its size, so that one byte too far is seen. */
static void lift(struct result *result, pm_str page, size_t ceiling)
{
    pm_arena_init(&result->arena, ceiling);
    result->text = malloc(page.len ? page.len : 1);
    result->len = page.len;
    if (!result->text) {
        abort();
    }
    if (page.len) {
        memcpy(result->text, page.ptr, page.len);
    }
    result->is_lifted = pm_page_lift(&result->arena, result->text, &result->len, &result->history,
                                     &result->problem);
}

static void finish(struct result *result)
{
    pm_arena_finish(&result->arena);
    free(result->text);
}

static void add_series(struct pm_buf *buf, const char *name, const struct pm_series *series)
{
    pm_buf_add_c(buf, name);
    pm_buf_add(buf, series->name);
    pm_buf_addf(buf, " %zu-%zu:", series->seen, series->holes);
    for (size_t i = 0; i < series->count; i++) {
        pm_buf_add_char(buf, ' ');
        pm_number_add_fixed(buf, series->points[i].step, 9);
        pm_buf_add_char(buf, '=');
        pm_number_add_fixed(buf, series->points[i].value, 9);
    }
    pm_buf_add_char(buf, '\n');
}

/* Series that were not seen are left out. */
static pm_str show(struct pm_arena *arena, const struct pm_history *history)
{
    struct pm_buf buf;
    const struct pm_series *all[] = {&history->loss, &history->bandwidth,
                                     &history->tokens_per_second, &history->lr};
    static const char *const names[] = {"loss", "bandwidth", "tps", "lr"};
    pm_buf_init(&buf, arena, 1 << 20);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (all[i]->seen) {
            add_series(&buf, names[i], all[i]);
        }
    }
    for (size_t i = 0; i < history->eval_count; i++) {
        add_series(&buf, "eval ", &history->evals[i]);
    }
    pm_buf_add_c(&buf, history->is_there ? "last " : "none");
    if (history->has_last_step) {
        pm_number_add_fixed(&buf, history->last_step, 9);
    }
    return pm_buf_text(&buf);
}

static void test_whole_page(void)
{
    struct result result;
    lift(&result, PM_STR(PAGE), 1 << 20);
    CHECK(result.is_lifted, "%s at %zu", result.problem.text, result.problem.at);
    CHECK_TEXT(((pm_str){result.text, result.len}), PM_STR(LEFT), "what is left");
    CHECK_TEXT(show(&result.arena, &result.history),
               PM_STR("loss 4-1: 1=2.5 3=-0.01 5=0.25\nbandwidth 1-0: 1=0\ntps 1-0: 4=1000\n"
                      "lr 3-0: 1=0.0001 2=0.0002 7=0.0003\neval arc 2-1: 2=0.5\n"
                      "eval m\xC3\xA4\n 1-0: 3=1\nlast 7"),
               "history");
    finish(&result);
}

/* history's value, and what it shows. */
static void test_histories(void)
{
    static const struct {
        const char *history, *want;
    } rows[] = {
        {"{}", "last "},
        {"[]", "none"},
        {"null", "none"},
        {"7", "none"},
        {"{\"loss\":[]}", "last "},
        {"{\"loss\":{}}", "last "},
        {"{\"loss\":{\"1\":2}}", "last "},
        {"{\"loss\":[1,2,3]}", "last "},
        {"{\"loss\":\"text\"}", "last "},
        {"{\"loss\":null,\"lr\":[[1,2]]}", "lr 1-0: 1=2\nlast 1"},
        {"{\"loss\":[[],[1],[2,3],[4,5,6],[7,\"8\"],[\"9\",1],[null,1],[{},1],[10,[]]]}",
         "loss 5-3: 2=3 4=5\nlast 10"},
        {"{\"loss\":[[1,1e400],[1e400,1],[2,-1e400]]}", "loss 2-2:\nlast 2"},
        {"{\"loss\":[[5,1],[6,2],[3,3],[4,4]]}", "loss 4-0: 5=1 6=2 3=3 4=4\nlast 6"},
        {"{\"loss\":[[-3,1],[-5,2]]}", "loss 2-0: -3=1 -5=2\nlast -3"},
        {"{\"loss\":[[1,1]],\"loss\":[[2,2]]}", "loss 1-0: 2=2\nlast 2"},
        {"{\"loss\":[[1,1]],\"loss\":null}", "last 1"},
        {"{\"evals\":{\"a\":[[1,1]],\"b\":[],\"a\":[[2,2]]}}",
         "eval a 1-0: 2=2\neval b 0-0:\nlast 2"},
        {"{\"evals\":{\"a\":[[1,1]]},\"evals\":{\"b\":[[2,2]]}}", "eval b 1-0: 2=2\nlast 2"},
        {"{\"evals\":{\"a\":{\"b\":1},\"c\":3}}", "eval a 0-0:\neval c 0-0:\nlast "},
        {"{\"evals\":[[1,2]]}", "last "},
        {"{\"evals\":{\"\":[[1,2]],\"\\u0000\":[[1,3]]}}",
         "eval  1-0: 1=2\neval \xFF 1-0: 1=3\nlast 1"},
        {"{\"evals\":{\"\\uDBFF\\uDFFF\\t\\/\":[[1,2]]}}",
         "eval \xF4\x8F\xBF\xBF\t/ 1-0: 1=2\nlast 1"},
        {"{\"evals\":{\"\\uD800\":[[1,2]],\"\\uDC00\\u0041\":[[1,3]]}}",
         "eval \xED\xA0\x80 1-0: 1=2\neval \xED\xB0\x80\x41 1-0: 1=3\nlast 1"},
        {"{\"evals\":{\"\xC0\x80\":[[1,2]]}}", "eval \xC0\x80 1-0: 1=2\nlast 1"},
        {" { \"loss\" : [ [ 1 , 2 ] , [ 3\n,\t4 ] ] } ", "loss 2-0: 1=2 3=4\nlast 3"},
        {"{\"l\\u006fss\":[[1,2]]}", "last "},
        {"{\"other\":[{\"loss\":[[1,2]]},true,false,null,\"x\"]}", "last "},
        {"{\"loss\":[[1,2]]},\"history\":{\"lr\":[[3,4]]}", "lr 1-0: 3=4\nlast 3"},
        {"{\"loss\":[[1,2]]},\"history\":null", "none"},
        {"{\"loss\":[[1,2]]}},\"metrics\":{\"x\":1", "none"},
        {"{\"loss\":[[1,2]]}},\"metrics\":null,\"y\":{\"z\":1", "none"},
        {"{\"loss\":[[1,2]]}}},\"run\":{\"x\":{\"y\":1", "none"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result result;
        struct pm_buf page;
        struct pm_arena arena;
        pm_arena_init(&arena, 1 << 16);
        pm_buf_init(&page, &arena, 10000);
        pm_buf_add_c(&page, "{\"run\":{\"metrics\":{\"history\":");
        pm_buf_add_c(&page, rows[i].history);
        pm_buf_add_c(&page, "}}}");
        lift(&result, pm_buf_text(&page), 1 << 20);
        CHECK(result.is_lifted, "%s: %s", rows[i].history, result.problem.text);
        pm_str got = show(&result.arena, &result.history), want = pm_str_from(rows[i].want);
        size_t mark = pm_str_find(want, '\xFF'); /* stands for the NUL that C text cannot hold */
        if (mark < want.len) {
            CHECK(got.len == want.len && got.ptr[mark] == '\0', "%s", rows[i].history);
        } else {
            CHECK_TEXT(got, want, rows[i].history);
        }
        finish(&result);
        pm_arena_finish(&arena);
    }
}

/* Text that has no history at its place, and what is left of it. */
static void test_left(void)
{
    static const struct {
        const char *in, *want;
    } rows[] = {
        {"null", "null"},
        {" [1,2] ", " [1,2] "},
        {"{}", "{}"},
        {"{\"run\":null}", "{\"run\":null}"},
        {"{\"history\":{\"loss\":[[1,2]]}}", "{\"history\":{\"loss\":[[1,2]]}}"},
        {"{\"run\":{\"history\":{\"loss\":[[1,2]]}}}",
         "{\"run\":{\"history\":{\"loss\":[[1,2]]}}}"},
        {"{\"metrics\":{\"history\":{\"a\":1}}}", "{\"metrics\":{\"history\":{\"a\":1}}}"},
        {"{\"run\":[{\"metrics\":{\"history\":{\"a\":1}}}]}",
         "{\"run\":[{\"metrics\":{\"history\":{\"a\":1}}}]}"},
        {"{\"promptResults\":[1,2]}", "{\"promptResults\":[1,2]}"},
        {"{\"run\":{\"a\":[{\"promptResults\":[1,[2]]},{\"b\":{\"cumulativePromptResults\":[ "
         "]}}]}}",
         "{\"run\":{\"a\":[{\"promptResults\":[]},{\"b\":{\"cumulativePromptResults\":[]}}]}}"},
        {"{\"run\":{\"promptResults\":{\"a\":1},\"cumulativePromptResults\":null}}",
         "{\"run\":{\"promptResults\":{\"a\":1},\"cumulativePromptResults\":null}}"},
        {"{\"run\":{\"promptResults\":[]}}", "{\"run\":{\"promptResults\":[]}}"},
        {"{\"run\":{\"prompt\\u0052esults\":[1]}}", "{\"run\":{\"prompt\\u0052esults\":[1]}}"},
        {"{\"run\":{\"metrics\":{\"history\":{}}}}", "{\"run\":{\"metrics\":{\"history\":{}}}}"},
        {"{\"run\":{\"metrics\":{\"history\":{ }}}}", "{\"run\":{\"metrics\":{\"history\":{ }}}}"},
        {"{\"run\":{\"metrics\":{\"history\":{  }}}}",
         "{\"run\":{\"metrics\":{\"history\":null}}}"},
        {"\xEF\xBB\xBF{\"run\":{\"metrics\":{\"history\":{\"a\":1}}}}",
         "\xEF\xBB\xBF{\"run\":{\"metrics\":{\"history\":null}}}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result result;
        lift(&result, pm_str_from(rows[i].in), 1 << 20);
        CHECK(result.is_lifted, "%s: %s", rows[i].in, result.problem.text);
        CHECK_TEXT(((pm_str){result.text, result.len}), pm_str_from(rows[i].want), rows[i].in);
        finish(&result);
    }
}

/* Broken inside what is taken away, where nobody looks again. */
static void test_broken(void)
{
    static const pm_str rows[] = {
        PM_STR_INIT("{\"loss\":[[1,2]}"),
        PM_STR_INIT("{\"loss\":[[1,2],]}"),
        PM_STR_INIT("{\"loss\":[[1,2,]]}"),
        PM_STR_INIT("{\"loss\":[[1 2]]}"),
        PM_STR_INIT("{\"loss\":[[01,2]]}"),
        PM_STR_INIT("{\"loss\":[[1.,2]]}"),
        PM_STR_INIT("{\"loss\":[[1,.5]]}"),
        PM_STR_INIT("{\"loss\":[[1,NaN]]}"),
        PM_STR_INIT("{\"loss\":[[1,-]]}"),
        PM_STR_INIT("{\"loss\":[[1,1e]]}"),
        PM_STR_INIT("{\"loss\":[[1,nul]]}"),
        PM_STR_INIT("{\"loss\" [[1,2]]}"),
        PM_STR_INIT("{\"loss\":}"),
        PM_STR_INIT("{\"loss\":[,[1,2]]}"),
        PM_STR_INIT("{loss:[[1,2]]}"),
        PM_STR_INIT("{,}"),
        PM_STR_INIT("{\"a\":1,}"),
        PM_STR_INIT("{\"a\":[1,2,3,4,5,6,7,8,,9]}"),
        PM_STR_INIT("{\"a\":[1,2,3,4,5,6,7,08,9]}"),
        PM_STR_INIT("{\"a\":[12345,67,00,8,9,10,11]}"),
        PM_STR_INIT("{\"a\":[,1,2,3,4,5,6,7,8,9]}"),
        PM_STR_INIT("{\"a\":[1,2,3,4,5,6,7,8,9,]}"),
        PM_STR_INIT("{\"a\":[11,22,33,4/,55,66,77]}"),
        PM_STR_INIT("{\"a\":[11,22,33,4:,55,66,77]}"),
        PM_STR_INIT("{\"a\":[11,22,33,4\xB1,55,66,77]}"),
        PM_STR_INIT("{\"a\":[1,2,3,4,5,6,7\0,8,9]}"),
        PM_STR_INIT("{\"a\":[1234567,01234567,1]}"),
        PM_STR_INIT("{\"a\":[123456,01,1234567,1]}"),
        PM_STR_INIT("{\"evals\":{\"\\x\":[]}}"),
        PM_STR_INIT("{\"evals\":{\"\\u12\":[]}}"),
        PM_STR_INIT("{\"evals\":{\"\\u12g4\":[]}}"),
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result result;
        struct pm_buf page;
        struct pm_arena arena;
        pm_arena_init(&arena, 1 << 16);
        pm_buf_init(&page, &arena, 10000);
        pm_buf_add_c(&page, "{\"run\":{\"metrics\":{\"history\":");
        pm_buf_add(&page, rows[i]);
        pm_buf_add_c(&page, "}}}");
        lift(&result, pm_buf_text(&page), 1 << 20);
        CHECK(!result.is_lifted && result.problem.fault == PM_JSON_BAD, "%.*s",
              PM_STR_ARG(rows[i]));
        CHECK(result.problem.at < page.len && result.problem.text, "%.*s", PM_STR_ARG(rows[i]));
        finish(&result);
        pm_arena_finish(&arena);
    }
}

static void test_truncated(void)
{
    pm_str page = PM_STR(PAGE);
    for (size_t len = 0; len < page.len; len++) {
        struct result result;
        lift(&result, pm_str_slice(page, 0, len), 1 << 20);
        CHECK(!result.is_lifted && result.problem.fault == PM_JSON_BAD, "cut at %zu", len);
        CHECK(result.problem.at <= len, "cut at %zu", len);
        finish(&result);
    }
}

/* Whatever a tree can be built of as it was, can be lifted and built afterwards. */
static void check_mutant(pm_str page)
{
    struct result result;
    struct pm_arena arena;
    struct pm_json_problem problem;
    pm_arena_init(&arena, 1 << 20);
    bool was_good = pm_json_read_copy(&arena, page, &problem) != NULL;
    lift(&result, page, 1 << 20);
    bool is_good = result.is_lifted &&
                   pm_json_read_copy(&arena, (pm_str){result.text, result.len}, &problem) != NULL;
    CHECK(is_good || !was_good, "%.*s", PM_STR_ARG(page));
    CHECK(result.len <= page.len, "%.*s", PM_STR_ARG(page));
    finish(&result);
    pm_arena_finish(&arena);
}

static void test_mutants(void)
{
    static const char replacements[] = "\0 0,:\"\\[]{}-e.n\x80\xE0";
    char page[] = PAGE;
    for (size_t at = 0; at < sizeof page - 1; at++) {
        char kept = page[at];
        for (size_t i = 0; i < sizeof replacements - 1; i++) {
            page[at] = replacements[i];
            check_mutant((pm_str){page, sizeof page - 1});
        }
        page[at] = kept;
    }
}

static void test_depth(void)
{
    static const struct {
        const char *before, *after;
        size_t outer; /* levels around the nest */
    } rows[] = {
        {"{\"run\":{\"metrics\":{\"history\":{\"loss\":[[1,", "]]}}}}", 6},
        {"{\"run\":{\"metrics\":{\"history\":{\"other\":", "}}}}", 4},
        {"{\"run\":{\"metrics\":{\"history\":{\"evals\":{\"a\":", "}}}}}", 5},
        {"{\"run\":{\"promptResults\":", "}}", 2},
        {"{\"run\":{\"x\":", "}}", 2},
        {"{\"x\":", "}", 1},
        {"", "", 0},
    };
    for (size_t i = 0; i < 3 * sizeof rows / sizeof *rows; i++) {
        struct pm_arena arena;
        struct pm_buf page;
        struct result result;
        size_t row = i / 3, levels = i % 3 == 2 ? 200000 : 64 - rows[row].outer + i % 3;
        pm_arena_init(&arena, 4 << 20);
        pm_buf_init(&page, &arena, 1 << 20);
        pm_buf_add_c(&page, rows[row].before);
        for (size_t j = 0; j < levels; j++) {
            pm_buf_add_char(&page, '[');
        }
        for (size_t j = 0; j < levels; j++) {
            pm_buf_add_char(&page, ']');
        }
        pm_buf_add_c(&page, rows[row].after);
        lift(&result, pm_buf_text(&page), 1 << 20);
        CHECK(result.is_lifted == (i % 3 == 0), "row %zu: %zu levels", row, levels);
        CHECK(result.problem.fault == (i % 3 ? PM_JSON_TOO_DEEP : PM_JSON_OK), "row %zu", row);
        finish(&result);
        pm_arena_finish(&arena);
    }
}

/* Series shorter than, as long as and longer than what is kept. */
static void test_kept(void)
{
    static const size_t lengths[] = {1, 199, 200, 201, 399, 400, 401, 6000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct pm_arena arena;
        struct pm_buf page;
        struct result result;
        size_t kept = lengths[i] < PM_SERIES_KEPT ? lengths[i] : PM_SERIES_KEPT;
        pm_arena_init(&arena, 4 << 20);
        pm_buf_init(&page, &arena, 1 << 20);
        pm_buf_add_c(&page, "{\"run\":{\"metrics\":{\"history\":{\"lr\":[");
        for (size_t step = 0; step < lengths[i]; step++) {
            pm_buf_addf(&page, "%s[%zu,%zu.5]", step ? "," : "", step, 2 * step);
        }
        pm_buf_add_c(&page, "]}}}}");
        lift(&result, pm_buf_text(&page), 1 << 20);
        const struct pm_series *lr = &result.history.lr;
        CHECK(lr->seen == lengths[i] && lr->count == kept && lr->holes == 0, "%zu: %zu", lr->seen,
              lr->count);
        bool is_right = lr->count == kept;
        for (size_t j = 0; j < kept && is_right; j++) {
            double step = (double)(lengths[i] - kept + j);
            is_right = fabs(lr->points[j].step - step) <= 0 &&
                       fabs(lr->points[j].value - (2 * step + 0.5)) <= 0;
        }
        CHECK(is_right, "the last %zu of %zu, oldest first", kept, lengths[i]);
        CHECK(fabs(result.history.last_step - (double)(lengths[i] - 1)) <= 0, "last step");
        finish(&result);
        pm_arena_finish(&arena);
    }
}

static void test_many_evals(void)
{
    struct pm_arena arena;
    struct pm_buf page;
    struct result result;
    pm_arena_init(&arena, 1 << 20);
    pm_buf_init(&page, &arena, 1 << 18);
    pm_buf_add_c(&page, "{\"run\":{\"metrics\":{\"history\":{\"evals\":{");
    for (unsigned i = 0; i < 100; i++) {
        pm_buf_addf(&page, "\"e%u\":[[%u,1]],", i, i);
    }
    pm_buf_add_c(&page, "\"e\\u0037\":[[1000,2],[1001,3]]}}}}}");
    lift(&result, pm_buf_text(&page), 1 << 20);
    const struct pm_history *history = &result.history;
    CHECK(result.is_lifted && history->eval_count == PM_EVALS_MOST, "%zu kept",
          history->eval_count);
    CHECK(history->evals_dropped == 36, "%zu dropped", history->evals_dropped);
    CHECK(history->eval_count == PM_EVALS_MOST && history->evals[7].count == 2,
          "the seventh, anew");
    finish(&result);
    pm_arena_finish(&arena);
}

static void test_ceilings(void)
{
    size_t lifted = 0, refused = 0;
    for (size_t ceiling = 0; ceiling < 8000; ceiling += 16) {
        struct result result;
        lift(&result, PM_STR(PAGE), ceiling);
        lifted +=
            result.is_lifted && result.history.loss.count == 3 && result.history.eval_count == 2;
        refused += !result.is_lifted && result.problem.fault == PM_JSON_NO_MEMORY;
        finish(&result);
    }
    CHECK(lifted > 0 && refused > 0 && lifted + refused == 500, "%zu, %zu", lifted, refused);
}

/* All ways a sample of 1..5 digit integers can lie across eight-byte words. */
static void test_integers(void)
{
    for (unsigned first = 1; first < 100000000; first *= 10) {
        for (unsigned count = 0; count < 40; count++) {
            struct pm_arena arena;
            struct pm_buf page;
            struct result result;
            pm_arena_init(&arena, 1 << 16);
            pm_buf_init(&page, &arena, 4000);
            pm_buf_addf(&page, "{\"run\":{\"promptResults\":[%u", first);
            for (unsigned i = 0; i < count; i++) {
                pm_buf_addf(&page, ",%u", i % 7 * (first / 10 + 3));
            }
            pm_buf_add_c(&page, "]}}");
            lift(&result, pm_buf_text(&page), 1 << 16);
            CHECK(result.is_lifted, "%.*s", PM_STR_ARG(pm_buf_text(&page)));
            CHECK_TEXT(((pm_str){result.text, result.len}),
                       PM_STR("{\"run\":{\"promptResults\":[]}}"), "samples");
            finish(&result);
            pm_arena_finish(&arena);
        }
    }
}

int main(void)
{
    test_whole_page();
    test_histories();
    test_left();
    test_broken();
    test_truncated();
    test_mutants();
    test_depth();
    test_kept();
    test_many_evals();
    test_ceilings();
    test_integers();
    return check_done();
}
