/* test_resolve.c - which run is meant, and the list that is looked at. */

#include "action/resolve.h"
#include "check.h"

static struct pm_run_info rows[] = {
    {.id = PM_STR_INIT("hermes-3-8b"), .name = PM_STR_INIT("Hermes 3 8B"), .index = 0},
    {.id = PM_STR_INIT("consilience-40b-1"), .name = PM_STR_INIT("Consilience 40B")},
    {.id = PM_STR_INIT("hermes-3-8b"), .name = PM_STR_INIT("Hermes 3 8B"), .index = 4},
    {.id = PM_STR_INIT("hermes-3-8b"), .name = PM_STR_INIT("Hermes 3 8B"), .index = 1},
    {.id = PM_STR_INIT("hermes-3-8b"), .name = PM_STR_INIT("again"), .index = 4},
    {.id = PM_STR_INIT("hermes-3-8b-2"), .name = PM_STR_INIT("")},
    {.id = PM_STR_INIT("team@2"), .name = PM_STR_INIT("The Team")},
    {.id = PM_STR_INIT("team"), .name = PM_STR_INIT("a@7")},
    {.id = PM_STR_INIT("bell\a"), .name = PM_STR_INIT("same")},
    {.id = PM_STR_INIT("x<U+0007>"), .name = PM_STR_INIT("SAME")},
    {.id = PM_STR_INIT("a-run-of-which-the-id-is-32-byte"), .name = PM_STR_INIT("z")},
};

static const struct {
    const char *given, *id;
    enum pm_match how;
    size_t count;
    int index; /* -1: none was named */
} CASES[] = {
    {"consilience-40b-1", "consilience-40b-1", PM_MATCH_ID, 1, -1},
    {"Consilience-40B-1", "consilience-40b-1", PM_MATCH_PREFIX, 1, -1},
    {"consilience 40b", "consilience-40b-1", PM_MATCH_NAME, 1, -1},
    {"cons", "consilience-40b-1", PM_MATCH_PREFIX, 1, -1},
    {"the te", "team@2", PM_MATCH_PREFIX, 1, -1},
    {"e tea", "team@2", PM_MATCH_PART, 1, -1},
    {"40b", "consilience-40b-1", PM_MATCH_PART, 1, -1},
    {"40B-", "consilience-40b-1", PM_MATCH_PART, 1, -1},
    {"hermes-3-8b", "hermes-3-8b", PM_MATCH_ID, 1, -1},
    {"hermes 3 8b", "hermes-3-8b", PM_MATCH_NAME, 1, -1},
    {"hermes", "hermes-3-8b", PM_MATCH_PREFIX, 2, -1},
    {"8b", "hermes-3-8b", PM_MATCH_PART, 2, -1},
    {"hermes-3-8b@1", "hermes-3-8b", PM_MATCH_ID, 1, 1},
    {"hermes-3-8b@0", "hermes-3-8b", PM_MATCH_ID, 1, 0},
    {"cons@0", "consilience-40b-1", PM_MATCH_PREFIX, 1, 0},
    {"hermes-3-8b@01", NULL, PM_MATCH_NONE, 0, -1},
    {"hermes-3-8b@-1", NULL, PM_MATCH_NONE, 0, -1},
    {"hermes-3-8b@", NULL, PM_MATCH_NONE, 0, -1},
    {"@1", NULL, PM_MATCH_NONE, 0, -1},
    {"team@2", "team@2", PM_MATCH_ID, 1, -1},
    {"team@3", "team", PM_MATCH_ID, 1, 3},
    {"team@2@1", "team@2", PM_MATCH_ID, 1, 1},
    {"a@7", "team", PM_MATCH_NAME, 1, -1},
    {"A@7", "team", PM_MATCH_NAME, 1, -1},
    {"bell\a", "bell\a", PM_MATCH_ID, 1, -1},
    {"bell<U+7>", "bell\a", PM_MATCH_ID, 1, -1},
    {"x<U+0007>", "x<U+0007>", PM_MATCH_ID, 1, -1},      /* as it is, for it is no escape */
    {"x<U+3C>U+0007>", "x<U+0007>", PM_MATCH_ID, 1, -1}, /* as it is shown */
    {"same", "bell\a", PM_MATCH_NAME, 2, -1},
    {"nothing like it", NULL, PM_MATCH_NONE, 0, -1},
    {"", NULL, PM_MATCH_NONE, 0, -1},
};

static void test_words(struct pm_arena *arena, const struct pm_listing *listing)
{
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct pm_wanted wanted = pm_wanted_read(arena, listing, pm_str_from(CASES[i].given));
        struct pm_resolved got = pm_resolve(arena, listing, wanted.id);
        CHECK(got.how == CASES[i].how, "%s: how %d", CASES[i].given, (int)got.how);
        CHECK(got.count == CASES[i].count, "%s: %zu fit", CASES[i].given, got.count);
        CHECK(wanted.has_index == (CASES[i].index >= 0), "%s: an index", CASES[i].given);
        CHECK(!wanted.has_index || wanted.index == (uint64_t)CASES[i].index, "%s: which",
              CASES[i].given);
        if (got.count && CASES[i].id) {
            CHECK_TEXT(got.runs[0]->info->id, pm_str_from(CASES[i].id), CASES[i].given);
        }
    }
}

static void test_without_list(struct pm_arena *arena)
{
    struct pm_wanted wanted = pm_wanted_read(arena, NULL, PM_STR("team@2"));
    CHECK_TEXT(wanted.id, PM_STR("team"), "no list: before the '@'");
    CHECK(wanted.has_index && wanted.index == 2, "no list: behind the '@'");
}

static void test_listing(const struct pm_listing *listing)
{
    static const char *const ids[] = {
        "a-run-of-which-the-id-is-32-byte",
        "bell\a",
        "consilience-40b-1",
        "hermes-3-8b",
        "hermes-3-8b-2",
        "team",
        "team@2",
        "x<U+0007>",
    };
    CHECK(listing->count == sizeof ids / sizeof *ids, "%zu entries", listing->count);
    for (size_t i = 0; i < listing->count && i < sizeof ids / sizeof *ids; i++) {
        CHECK_TEXT(listing->rows[i].info->id, pm_str_from(ids[i]), "in the order of ids");
    }
    const struct pm_listed *hermes = &listing->rows[3];
    CHECK(hermes->incarnation_count == 3, "%zu incarnations", hermes->incarnation_count);
    CHECK(hermes->info->index == 4, "the newest is %d", (int)hermes->info->index);
    CHECK_TEXT(hermes->info->name, PM_STR("Hermes 3 8B"), "of two that say the same the first");
    CHECK(pm_listed_older(hermes, 4) == 2, "older than the newest");
    CHECK(pm_listed_older(hermes, 1) == 1, "older than the second");
    CHECK(pm_listed_incarnation(hermes, 1) != NULL, "the second");
    CHECK(pm_listed_incarnation(hermes, 2) == NULL, "a gap");
}

static void test_unusable(struct pm_arena *arena)
{
    static char bells[120];
    for (size_t i = 0; i < sizeof bells; i++) {
        bells[i] = '\a';
    }
    struct pm_run_info odd[] = {
        {.id = {bells, sizeof bells}}, {.id = PM_STR_INIT("")}, {.id = PM_STR_INIT("a")}};
    struct pm_runs runs = {.rows = odd, .count = 3, .unreadable = 2};
    struct pm_listing listing = pm_listing_make(arena, &runs);
    CHECK(listing.count == 1, "%zu usable", listing.count);
    CHECK(listing.unreadable == 4, "%zu unreadable", listing.unreadable);
}

static void test_can_be_id(void)
{
    CHECK(!pm_can_be_id(PM_STR("")), "nothing");
    CHECK(pm_can_be_id(PM_STR("a-run-of-which-the-id-is-32-byte")), "32 bytes");
    CHECK(!pm_can_be_id(PM_STR("a-run-of-which-the-id-is-33-bytes")), "33 bytes");
}

int main(void)
{
    struct pm_arena arena;
    struct pm_runs runs = {.rows = rows, .count = sizeof rows / sizeof *rows};
    pm_arena_init(&arena, 1 << 20);
    struct pm_listing listing = pm_listing_make(&arena, &runs);
    test_words(&arena, &listing);
    test_without_list(&arena);
    test_listing(&listing);
    test_unusable(&arena);
    test_can_be_id();
    pm_arena_finish(&arena);
    return check_done();
}
