/* test_candidates.c - which finds of a search may be a run's weights, and in which order.
 *
 * Finds are written as "owner/name@time", several with blanks between; without a time it is not
 * known. The four searches are those of enum pm_search_kind. */

#include "action/candidates.h"
#include "base/buf.h"
#include "check.h"

#include <string.h>

#define SEARCHES 4
#define FINDS_MOST 16

struct searches {
    struct pm_hub_model models[SEARCHES][FINDS_MOST];
    struct pm_hub_models lists[SEARCHES];
    struct pm_search_result results[SEARCHES];
};

static void read_finds(struct pm_hub_models *list, pm_str text)
{
    text = pm_str_trim(text);
    for (list->count = 0; text.len; list->count++) {
        struct pm_hub_model *model = &list->rows[list->count];
        size_t blank = pm_str_find(text, ' '), at = pm_str_find(pm_str_slice(text, 0, blank), '@');
        uint64_t time_ms = 0;
        *model = (struct pm_hub_model){.id = pm_str_slice(text, 0, at)};
        model->last_modified.has_time = pm_str_to_u64(pm_str_slice(text, at + 1, blank), &time_ms);
        model->last_modified.time_ms = (int64_t)time_ms;
        text = pm_str_trim(pm_str_tail(text, blank));
    }
}

static struct pm_candidates rank(struct pm_arena *arena, struct searches *searches, const char *id,
                                 const char *name, const char *const finds[SEARCHES])
{
    for (size_t i = 0; i < SEARCHES; i++) {
        searches->lists[i] = (struct pm_hub_models){.rows = searches->models[i]};
        read_finds(&searches->lists[i], pm_str_from(finds[i]));
        searches->results[i] = (struct pm_search_result){
            .kind = (enum pm_search_kind)i,
            .models = finds[i] ? &searches->lists[i] : NULL,
        };
    }
    const struct pm_candidates_input input = {
        pm_str_from(id), pm_str_from(name), searches->results, SEARCHES, {0}};
    return pm_candidates_rank(arena, &input);
}

/* --- how a name is like a run --- */

#define IS_ID PM_CANDIDATE_IS_ID
#define IS_NAME PM_CANDIDATE_IS_NAME
#define HAS_ID PM_CANDIDATE_HAS_ID
#define HAS_NAME PM_CANDIDATE_HAS_NAME
#define WITHIN PM_CANDIDATE_WITHIN
#define SCATTERED PM_CANDIDATE_SCATTERED
#define DROPPED PM_CANDIDATE_RANK_COUNT

static const struct {
    const char *id, *name, *find;
    enum pm_candidate_rank rank;
} NAMES[] = {
    {"consilience-40b", "", "o/consilience-40b", IS_ID},
    {"consilience-40b", "", "o/Consilience_40B", IS_ID},
    {"consilience-40b", "", "o/CONSILIENCE.40b", IS_ID},
    {"", "Consilience 40B", "o/consilience-40b", IS_NAME},
    {"", "  Consilience:  40B (new)", "o/consilience-40b-new", IS_NAME},
    {"consilience-40b", "Consilience 40B", "o/consilience-40b", IS_ID},
    {"consilience-40b-1", "Consilience 40B", "o/consilience-40b", IS_NAME},
    {"consilience-40b-1", "Consilience 40B", "o/consilience-40b-7Y9v38s5", HAS_NAME},
    {"consilience-40b-1", "Consilience 40B", "o/x-consilience-40b-1-GGUF", HAS_ID},
    {"consilience-40b-1", "Consilience 40B", "o/consilience-40b-10", HAS_NAME},
    {"consilience-40b-1", "", "o/consilience-40b-10", WITHIN},
    {"hermes-3", "", "o/hermes-30b", WITHIN},
    {"hermes-3", "", "o/hermes3", DROPPED},
    {"dm-fwedu", "", "o/gdm-fwedu2", WITHIN},
    {"hermes-3-8b", "", "o/hermes-8b-of-3-parts", SCATTERED},
    {"hermes-3-8b", "", "o/hermes-4-38b", DROPPED},
    {"hermes-3-8b", "", "o/hermes-3", DROPPED},
    {"hermes-3-8b", "", "hermes-3-8b/weights", DROPPED}, /* the owner's name */
    {"moe", "", "o/moe", IS_ID},
    {"moe", "", "o/moe-10b", DROPPED},
    {"moe", "", "o/smoe", DROPPED},
    {"m-1", "", "o/m-1-b", DROPPED},
    {"moe1", "", "o/moe1-10b", HAS_ID},
    {"", "", "o/anything", DROPPED},
    {"---", " . ", "o/anything", DROPPED},
    {"\xC3\xA4pfel-40b", "", "o/pfel-40b", DROPPED},
    {"run@3", "", "o/run-3", IS_ID},
    {"run~3", "", "o/run-3", IS_ID},
    {"a-very-long-id-of-a-run-for-tests", "", "o/a", DROPPED},
};

static void test_names(struct pm_arena *arena, struct searches *searches)
{
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        const char *const finds[SEARCHES] = {NULL, NULL, NAMES[i].find, NULL};
        struct pm_candidates got = rank(arena, searches, NAMES[i].id, NAMES[i].name, finds);
        enum pm_candidate_rank its_rank = got.count ? got.rows[0].rank : DROPPED;
        CHECK(its_rank == NAMES[i].rank, "%s, %s, %s: rank %d", NAMES[i].id, NAMES[i].name,
              NAMES[i].find, (int)its_rank);
        CHECK(got.count + got.dropped == 1, "%s: one find", NAMES[i].find);
    }
}

/* --- order --- */

#define ID "consilience-40b-1"
#define NAME "Consilience 40B"
#define OURS PM_FOUNDATION "/"

static const struct {
    const char *what, *finds[SEARCHES], *order;
    size_t exact, foundation, dropped;
} ORDERS[] = {
    {"nothing came", {NULL, NULL, NULL, NULL}, "", 0, 0, 0},
    {"nothing was found", {"", "", "", ""}, "", 0, 0, 0},
    {"four times the same",
     {OURS ID "@5", OURS ID "@5", OURS ID "@5", OURS ID "@5"},
     OURS ID,
     1,
     1,
     0},
    {"the same in other letters",
     {OURS ID "@5", "", "psychefoundation/CONSILIENCE-40B-1@5", ""},
     OURS ID,
     1,
     1,
     0},
    {"the id before the name",
     {OURS ID "@1", OURS "consilience-40b@9", "", ""},
     OURS ID " " OURS "consilience-40b",
     2,
     2,
     0},
    {"the newest first",
     {OURS ID "-a@1 " OURS ID "-b@3 " OURS ID "-c " OURS ID "-d@2", "", "", ""},
     OURS ID "-b " OURS ID "-d " OURS ID "-a " OURS ID "-c",
     0,
     4,
     0},
    {"ties by id",
     {OURS ID "-b@1 " OURS ID "-c@1 " OURS ID "-a@1", "", "", ""},
     OURS ID "-a " OURS ID "-b " OURS ID "-c",
     0,
     3,
     0},
    {"the foundation's first of the exact ones",
     {"", OURS "consilience-40b@1", "", "zoe/" ID "@9 abe/" ID "@8 bea/consilience-40b@9"},
     OURS "consilience-40b zoe/" ID " abe/" ID " bea/consilience-40b",
     4,
     1,
     0},
    {"an exact name before one that contains it",
     {OURS ID "-base@9", "", "abe/" ID "@1", ""},
     "abe/" ID " " OURS ID "-base",
     1,
     1,
     0},
    {"the foundation's first of those that contain it",
     {"", OURS "consilience-40b-7Y9v38s5@1", "abe/" ID "-GGUF@9", "bea/consilience-40b-x@9"},
     OURS "consilience-40b-7Y9v38s5 abe/" ID "-GGUF bea/consilience-40b-x",
     0,
     1,
     0},
    {"loose likenesses come last",
     {OURS "40b-consilience@9", "", "abe/myconsilience-40b@9 bea/consilience-40b-9@1", ""},
     "bea/consilience-40b-9 " OURS "40b-consilience abe/myconsilience-40b",
     0,
     1,
     0},
    {"fuzzy finds are dropped",
     {OURS "hermes-3@9 " OURS ID "@1", "", "abe/consilience@9", "bea/40b@9 bea/40b@9"},
     OURS ID,
     1,
     1,
     3},
    {"names that are none are dropped unseen",
     {"consilience-40b-1 a/../b " OURS "../consilience-40b-1 /" ID, "", "", ""},
     "",
     0,
     0,
     0},
    {"an owner that begins like the foundation",
     {"", "", "PsycheFoundation2/" ID "@9 PsycheFoundation-x/" ID "@8", ""},
     "PsycheFoundation2/" ID " PsycheFoundation-x/" ID,
     2,
     0,
     0},
};

static pm_str say_order(struct pm_arena *arena, const struct pm_candidates *got)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 10000);
    for (size_t i = 0; i < got->count; i++) {
        pm_buf_add_c(&buf, i ? " " : "");
        pm_buf_add(&buf, got->rows[i].model->id);
    }
    return pm_buf_text(&buf);
}

static void test_orders(struct pm_arena *arena, struct searches *searches)
{
    for (size_t i = 0; i < sizeof ORDERS / sizeof *ORDERS; i++) {
        struct pm_candidates got = rank(arena, searches, ID, NAME, ORDERS[i].finds);
        CHECK_TEXT(say_order(arena, &got), pm_str_from(ORDERS[i].order), ORDERS[i].what);
        CHECK(got.exact == ORDERS[i].exact, "%s: %zu exact", ORDERS[i].what, got.exact);
        CHECK(got.foundation == ORDERS[i].foundation, "%s: %zu of the foundation", ORDERS[i].what,
              got.foundation);
        CHECK(got.dropped == ORDERS[i].dropped, "%s: %zu dropped", ORDERS[i].what, got.dropped);
    }
}

/* Whatever order the hub and the searches have. */
static void test_stable(struct pm_arena *arena, struct searches *searches)
{
    static const char *const words[] = {"o/" ID "@3",  "p/" ID "@3",           "q/" ID "-x@3",
                                        "q/" ID "-y@", OURS "40b-consilience", "o/hermes@4"};
    pm_str wanted = PM_STR("");
    for (size_t shift = 0; shift < 6; shift++) {
        const char *finds[SEARCHES];
        struct pm_buf buf;
        pm_buf_init(&buf, arena, 1000);
        for (size_t i = 0; i < 6; i++) {
            pm_buf_add_c(&buf, words[(i * 5 + shift) % 6]);
            pm_buf_add_char(&buf, ' ');
        }
        const char *text = pm_arena_cstr(arena, pm_buf_text(&buf));
        for (size_t i = 0; i < SEARCHES; i++) {
            finds[i] = (i + shift) % 3 == 0 ? text : "";
        }
        struct pm_candidates got = rank(arena, searches, ID, NAME, finds);
        pm_str order = say_order(arena, &got);
        wanted = shift ? wanted : order;
        CHECK(got.count == 5, "%zu finds", got.count);
        CHECK_TEXT(order, wanted, "the same order");
    }
}

static void test_what_is_told(struct pm_arena *arena, struct searches *searches)
{
    const char *const finds[SEARCHES] = {"", OURS "consilience-40b@1", "abe/" ID "@1 abe/" ID "@4",
                                         OURS "consilience-40b@2"};
    struct pm_candidates got = rank(arena, searches, ID, NAME, finds);
    CHECK(got.count == 2, "%zu", got.count);
    CHECK(got.rows[0].is_foundation && !got.rows[1].is_foundation, "whose");
    CHECK(got.rows[0].found_by == PM_SEARCH_FOUNDATION_BY_NAME, "the narrowest search");
    CHECK(got.rows[0].model == &searches->models[1][0], "as that search told it");
    CHECK(got.rows[1].model == &searches->models[2][1], "of two in one list the newest");
    CHECK(strcmp(got.rows[0].reason, "its name is the run's name") == 0, "%s", got.rows[0].reason);
    CHECK(strcmp(got.rows[1].reason, "its name is the run's id") == 0, "%s", got.rows[1].reason);
    CHECK(!got.has_more, "all that there is");
    searches->lists[3].has_more = true;
    const struct pm_candidates_input input = {
        PM_STR(ID), PM_STR(NAME), searches->results, SEARCHES, {0}};
    CHECK(pm_candidates_rank(arena, &input).has_more, "a search had more");
    searches->lists[0].has_more = true;
    CHECK(pm_candidates_rank(arena, &input).has_more, "so had another");
    CHECK(pm_candidates_is_foundation(PM_STR("psychefoundation/x")), "in any letters");
    CHECK(!pm_candidates_is_foundation(PM_STR("PsycheFoundation")), "no repository");
}

static void test_memory(struct searches *searches)
{
    const char *const finds[SEARCHES] = {OURS ID "@1", OURS "consilience-40b@1",
                                         "abe/" ID "@1 abe/b@4", ""};
    for (size_t ceiling = 0; ceiling < 12000; ceiling += 16) {
        struct pm_arena small;
        pm_arena_init(&small, ceiling);
        struct pm_candidates got = rank(&small, searches, ID, NAME, finds);
        CHECK(small.failed || got.count == 3, "ceiling %zu: %zu", ceiling, got.count);
        pm_arena_finish(&small);
    }
}

int main(void)
{
    struct pm_arena arena;
    static struct searches searches;
    pm_arena_init(&arena, 8 << 20);
    test_names(&arena, &searches);
    test_orders(&arena, &searches);
    test_stable(&arena, &searches);
    test_what_is_told(&arena, &searches);
    test_memory(&searches);
    CHECK(!arena.failed, "memory");
    pm_arena_finish(&arena);
    return check_done();
}
