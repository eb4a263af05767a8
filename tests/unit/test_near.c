/* test_near.c - the runs most like a word that fits none; distances against the textbook table. */

#include "action/near.h"
#include "base/near.h"
#include "check.h"

#include <string.h>

static const struct {
    const char *words, *text;
    unsigned whole, beginning;
} CASES[] = {
    {"kitten", "sitting", 3, 2},
    {"same", "same", 0, 0},
    {"same", "", 4, 4},
    {"Hermes 3_8B", "hermes-3-8b", 0, 0},
    {"conciliense", "consilience-40b-1", 8, 2},
    {"a", "b", 1, 1},
    {"abc", "xyz", 3, 3},
};

static const char *const IDS[] = {
    "consilience-40b-1", "hermes-3-8b", "hermes-3-8b-2", "hermes-4-8b", "hermes-4-8b-2",
    "hermes-5-8b",       "dm-fwedu",    "moe-10b",       "hermes-6-8b", "hermes-7-8b",
};

static void test_cases(void)
{
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct pm_near near;
        CHECK(pm_near_compile(&near, pm_str_from(CASES[i].words)), "%s", CASES[i].words);
        struct pm_near_cost cost = pm_near_compare(&near, pm_str_from(CASES[i].text));
        CHECK(cost.whole == CASES[i].whole, "%s, %s: %u", CASES[i].words, CASES[i].text,
              cost.whole);
        CHECK(cost.beginning == CASES[i].beginning, "%s, %s: begins %u", CASES[i].words,
              CASES[i].text, cost.beginning);
    }
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* The last row of the table has the distances to all beginnings. */
static void fill_table(const char *words, size_t rows, const char *text, size_t columns,
                       unsigned *last)
{
    unsigned table[65][80] = {{0}};
    for (size_t i = 0; i <= rows; i++) {
        for (size_t j = 0; j <= columns; j++) {
            if (i == 0 || j == 0) {
                table[i][j] = (unsigned)(i + j);
            } else {
                unsigned changed = words[i - 1] != text[j - 1];
                table[i][j] =
                    least(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + changed);
            }
        }
    }
    memcpy(last, table[rows], (columns + 1) * sizeof *last);
}

static uint32_t next_number(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

static void test_against_table(void)
{
    uint32_t seed = 7;
    char words[64], text[79];
    unsigned last[80];
    for (size_t round = 0; round < 500; round++) {
        size_t rows = 1 + next_number(&seed) % 64, columns = next_number(&seed) % 79;
        unsigned best = UINT32_MAX;
        struct pm_near near;
        for (size_t i = 0; i < sizeof text; i++) {
            text[i] = (char)('a' + next_number(&seed) % 3);
            words[i % sizeof words] = (char)('a' + next_number(&seed) % 3);
        }
        fill_table(words, rows, text, columns, last);
        for (size_t j = 0; j <= columns; j++) {
            best = last[j] < best ? last[j] : best;
        }
        CHECK(pm_near_compile(&near, (pm_str){words, rows}), "fits");
        struct pm_near_cost cost = pm_near_compare(&near, (pm_str){text, columns});
        CHECK(cost.whole == last[columns] && cost.beginning == best,
              "%zu x %zu: %u, %u instead of %u, %u", rows, columns, cost.whole, cost.beginning,
              last[columns], best);
    }
}

static void test_limits(void)
{
    char words[65];
    struct pm_near near;
    memset(words, 'a', sizeof words);
    CHECK(pm_near_compile(&near, (pm_str){words, 64}), "64 bytes");
    CHECK(!pm_near_compile(&near, (pm_str){words, 65}), "65 bytes");
    CHECK(!pm_near_compile(&near, PM_STR("")), "nothing");
}

static void test_words(void)
{
    static const char *const actions[] = {"list_runs", "run_details", "checkpoints", NULL};
    static const struct {
        const char *given, *want;
    } rows[] = {{"runs", "list_runs"},
                {"list-run", "list_runs"},
                {"details", "run_details"},
                {"chekpoints", "checkpoints"},
                {"", NULL},
                {"zzzzzz", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = pm_near_word(pm_str_from(rows[i].given), actions);
        CHECK(got ? rows[i].want && strcmp(got, rows[i].want) == 0 : !rows[i].want, "\"%s\": %s",
              rows[i].given, got ? got : "none");
    }
}

static void test_runs(struct pm_arena *arena)
{
    struct pm_run_info rows[sizeof IDS / sizeof *IDS] = {0};
    struct pm_runs runs = {.rows = rows, .count = sizeof IDS / sizeof *IDS};
    const struct pm_listed *near[PM_NEAR_MOST];
    for (size_t i = 0; i < runs.count; i++) {
        rows[i].id = pm_str_from(IDS[i]);
    }
    rows[6].name = PM_STR("Fine Web");
    struct pm_listing listing = pm_listing_make(arena, &runs);
    CHECK(pm_near_runs(&listing, PM_STR("conciliense"), near) == 1, "a slip in a beginning");
    CHECK_TEXT(near[0]->info->id, PM_STR("consilience-40b-1"), "a slip in a beginning");
    CHECK(pm_near_runs(&listing, PM_STR("hermse-3-8b"), near) == PM_NEAR_MOST, "five at most");
    CHECK_TEXT(near[0]->info->id, PM_STR("hermes-3-8b"), "the nearest first");
    CHECK_TEXT(near[1]->info->id, PM_STR("hermes-3-8b-2"), "of equal ones by id");
    CHECK(pm_near_runs(&listing, PM_STR("fine-wev"), near) == 1, "by name");
    CHECK_TEXT(near[0]->info->id, PM_STR("dm-fwedu"), "by name");
    CHECK(pm_near_runs(&listing, PM_STR("does-not-exist"), near) == 0, "nothing like it");
}

int main(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, 1 << 20);
    test_cases();
    test_against_table();
    test_limits();
    test_words();
    test_runs(&arena);
    pm_arena_finish(&arena);
    return check_done();
}
