/* test_dashboard_pool.c - /contributionInfo, a body for each rule of decoding it, and what follows
 * from the amounts. */

#include "source/dashboard_pool.h"

#include "action/pool.h"

#include "check.h"
#include "reading.h"

#define MINT "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
#define BIG(digits) "\"" SIGIL "BIG" digits "\""

static struct reading read_pool(const char *text)
{
    return read_as(&pm_dashboard_kind_pool, text);
}

static void check_amount(struct reading *reading, struct pm_big got, const char *want,
                         const char *what)
{
    CHECK_TEXT(big_text(&reading->arena, got), pm_str_from(want), what);
}

static void test_urls(void)
{
    static const struct {
        const char *address, *want;
    } cases[] = {
        {"6biQmeJYXXLFdjM49EbkgfnM3Cnph31nuTnZWVCnAZXm",
         "http://h/api/contributionInfo/6biQmeJYXXLFdjM49EbkgfnM3Cnph31nuTnZWVCnAZXm"},
        {"a/b?c#d e", "http://h/api/contributionInfo/a%2Fb%3Fc%23d%20e"},
        {"..", "http://h/api/contributionInfo/%2E%2E"},
        {"\xE2\x80\xAE\xFF", "http://h/api/contributionInfo/%E2%80%AE%FF"},
    };
    struct pm_arena arena;
    pm_arena_init(&arena, 65536);
    CHECK_TEXT(pm_dashboard_pool_url(&arena, PM_STR("http://h/api")),
               PM_STR("http://h/api/contributionInfo"), "all contributors");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pm_str got = pm_dashboard_contributor_url(&arena, PM_STR("http://h/api"),
                                                  pm_str_from(cases[i].address));
        CHECK_TEXT(got, pm_str_from(cases[i].want), cases[i].address);
    }
    pm_arena_finish(&arena);
}

static void test_both_formats(void)
{
    static const struct {
        const char *open, *close; /* around the digits of an amount */
    } formats[] = {{"\"" SIGIL "BIG", "\""}, {"{\"___type\":\"bigint\",\"value\":\"", "\"}"}};
    for (size_t i = 0; i < 2; i++) {
        const char *open = formats[i].open, *close = formats[i].close;
        char text[2048];
        snprintf(text, sizeof text,
                 "{\"totalDepositedCollateralAmount\":%s1234567890123%s,"
                 "\"maxDepositCollateralAmount\":%s2500000000000%s,\"users\":["
                 "{\"address\":\"A\",\"funding\":%s900000000000%s,\"rank\":1},"
                 "{\"address\":\"B\",\"funding\":%s18446744073709551615%s,\"rank\":7}],"
                 "\"collateralMintDecimals\":6,\"collateralMintAddress\":\"" MINT "\","
                 "\"miningPoolProgramId\":\"Psy\",\"error\":null}",
                 open, close, open, close, open, close, open, close);
        struct reading got = read_pool(text);
        const struct pm_pool *pool = got.facts;
        CHECK(pool && pool->contributor_count == 2, "version %zu: %s", 1 - i, got.outcome.problem);
        if (pool && pool->contributor_count == 2) {
            CHECK(pool->is_read && !pool->indexer_fault && pool->unreadable == 0, "read");
            check_amount(&got, pool->deposited, "1234567890123", "deposited");
            check_amount(&got, pool->cap, "2500000000000", "cap");
            CHECK(pool->decimals.is_known && pool->decimals.value == 6, "decimals");
            CHECK_TEXT(pool->mint, PM_STR(MINT), "mint");
            CHECK_TEXT(pool->program, PM_STR("Psy"), "program");
            CHECK_TEXT(pool->contributors[1].address, PM_STR("B"), "address");
            check_amount(&got, pool->contributors[1].amount, "18446744073709551615", "amount");
            CHECK(pool->contributors[1].rank.value == 7, "rank as sent");
        }
        drop(&got);
    }
}

/* Zeros that mean nothing. */
static void test_not_read_yet(void)
{
    struct reading got = read_pool("{\"totalDepositedCollateralAmount\":" BIG(
        "0") ","
             "\"maxDepositCollateralAmount\":" BIG(
                 "0") ",\"users\":[],"
                      "\"collateralMintDecimals\":0,\"collateralMintAddress\":\"UNKNOWN\"}");
    const struct pm_pool *pool = got.facts;
    CHECK(pool && !pool->is_read && !pool->deposited.is_known && !pool->cap.is_known &&
              !pool->decimals.is_known && pool->mint.len == 0 && pool->program.len == 0,
          "nothing is known");
    drop(&got);
}

static void test_odd_fields(void)
{
    struct reading got = read_pool("{\"totalDepositedCollateralAmount\":" BIG(
        "-5") ",\"maxDepositCollateralAmount\":\"x\","
              "\"users\":[{\"address\":\"A\"},{\"funding\":" BIG(
                  "1") "},{},[],null,7,"
                       "{\"address\":\"\"},{\"address\":3},"
                       "{\"address\":\"a\\n\\u202eb\",\"funding\":1.5,\"rank\":-1},"
                       "{\"address\":\"C\",\"funding\":41,\"rank\":1e0}],"
                       "\"collateralMintDecimals\":31,"
                       "\"error\":{}}");
    const struct pm_pool *pool = got.facts;
    CHECK(pool && pool->contributor_count == 3 && pool->unreadable == 7, "%s", got.outcome.problem);
    if (pool && pool->contributor_count == 3) {
        CHECK(pool->is_read && pool->indexer_fault, "read, and its indexer stopped");
        CHECK(!pool->deposited.is_known && !pool->cap.is_known, "amounts that are none");
        CHECK(!pool->decimals.is_known, "31 decimals");
        CHECK(!pool->contributors[0].amount.is_known && !pool->contributors[0].rank.is_known,
              "neither was sent");
        CHECK_TEXT(pool->contributors[1].address,
                   PM_STR("a\n\xE2\x80\xAE"
                          "b"),
                   "as sent");
        CHECK(!pool->contributors[1].amount.is_known && !pool->contributors[1].rank.is_known,
              "1.5 and -1");
        check_amount(&got, pool->contributors[2].amount, "41", "a plain number");
        CHECK(pool->contributors[2].rank.value == 1, "1e0");
    }
    drop(&got);
}

static void test_refused_bodies(void)
{
    static const struct refused_body cases[] = {
        {&pm_dashboard_kind_pool, "<!doctype html>", PM_STATUS_NOT_JSON, "a web page"},
        {&pm_dashboard_kind_pool, "", PM_STATUS_NOT_JSON, "not JSON at byte 0"},
        {&pm_dashboard_kind_pool, "[]", PM_STATUS_BAD_REPLY, "not an object"},
        {&pm_dashboard_kind_pool, "{}", PM_STATUS_BAD_REPLY, "no array \"users\""},
        {&pm_dashboard_kind_pool, "{\"users\":{}}", PM_STATUS_BAD_REPLY, "no array \"users\""},
        {&pm_dashboard_kind_pool, "{\"runs\":[]}", PM_STATUS_BAD_REPLY, "no array \"users\""},
        {&pm_dashboard_kind_pool,
         "{\"statusCode\":500,\"error\":\"e\",\"message\":\"Non-base58 character\"}",
         PM_STATUS_BAD_REPLY, "error object with HTTP 200: Non-base58 character"},
    };
    check_refused(cases, sizeof cases / sizeof *cases);
}

static void test_memory_ends(void)
{
    size_t fitted = 0;
    for (size_t ceiling = 0; ceiling < 16384; ceiling += ceiling < 4096 ? 16 : 512) {
        struct reading got = read_bytes(
            &pm_dashboard_kind_pool,
            PM_STR("{\"users\":[{\"address\":\"a\"},{\"address\":\"b\"},{\"address\":\"c\"}]}"),
            ceiling);
        CHECK(got.facts || got.outcome.status == PM_STATUS_TOO_LARGE, "%zu bytes", ceiling);
        fitted += got.facts != NULL;
        drop(&got);
    }
    CHECK(fitted > 0, "it fits at last");
}

/* --- what follows from the amounts --- */

static struct pm_pool make_pool(const char *deposited, const char *cap)
{
    return (struct pm_pool){
        .is_read = true,
        .deposited = pm_big_read(pm_str_from(deposited)),
        .cap = pm_big_read(pm_str_from(cap)),
        .decimals = {true, 6},
        .mint = PM_STR(MINT),
        .program = PM_STR(""),
    };
}

#define U64_MOST "18446744073709551615"

static void test_state(void)
{
    static const struct {
        const char *deposited, *cap, *state, *room, *over, *fill;
    } cases[] = {
        {"0", "2500000000000", "open", "2500000000000", "0", "0"},
        {"1234567890123", "2500000000000", "open", "1265432109877", "0", "49.38"},
        {"2499999999999", "2500000000000", "open", "1", "0", "99.99"},
        {"2500000000000", "2500000000000", "full", "0", "0", "100"},
        {"2500000000001", "2500000000000", "over", "0", "1", "100"},
        {U64_MOST, "1", "over", "0", "18446744073709551614", "1844674407370955161500"},
        {U64_MOST, U64_MOST, "full", "0", "0", "100"},
        {"0", "0", "unknown", "", "", ""},
        {"5", "0", "unknown", "", "", ""},
        {"", "5", "unknown", "", "", ""},
        {"5", "", "unknown", "", "", ""},
    };
    struct pm_arena arena;
    pm_arena_init(&arena, 65536);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_pool pool = make_pool(cases[i].deposited, cases[i].cap);
        struct pm_number fill = pm_pool_fill_floor(&pool);
        CHECK_TEXT(pm_str_from(pm_pool_state_word(pm_pool_state(&pool))),
                   pm_str_from(cases[i].state), cases[i].deposited);
        CHECK_TEXT(big_text(&arena, pm_pool_room(&pool)), pm_str_from(cases[i].room), "room");
        CHECK_TEXT(big_text(&arena, pm_pool_over(&pool)), pm_str_from(cases[i].over), "over");
        CHECK(fill.is_known == (cases[i].fill[0] != '\0'), "%s of %s", cases[i].deposited,
              cases[i].cap);
        CHECK(!fill.is_known || fill.value == strtod(cases[i].fill, NULL), "%s of %s: %.17g",
              cases[i].deposited, cases[i].cap, fill.value);
        CHECK(pm_pool_fill(&pool).is_known == fill.is_known, "both are known or none");
    }
    pm_arena_finish(&arena);
}

static pm_str share_of(struct pm_arena *arena, const struct pm_pool *pool, const char *amount)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 200);
    pm_pool_add_share(&buf, pool, pm_big_read(pm_str_from(amount)));
    return pm_buf_text(&buf);
}

/* Shares as the web page shows them. */
static void test_shares(void)
{
    static const struct {
        const char *deposited, *amount, *want;
    } cases[] = {
        {"1234567890123", "900000000000", "72.9"}, /* 72.90000066… */
        {"1234567890123", "334567890123", "27.099"},
        {"1234567890123", "1", "<0.001"},
        {"1234567890123", "0", "0"},
        {"100000", "1", "0.001"},
        {"3", "1", "33.333"},
        {"3", "2", "66.666"},
        {"7", "7", "100"},
        {"1", U64_MOST, "1844674407370955161500"},
        {"0", "1", ""},
        {"", "1", ""},
        {"1", "", ""},
    };
    struct pm_arena arena;
    pm_arena_init(&arena, 65536);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_pool pool = make_pool(cases[i].deposited, "9");
        CHECK_TEXT(share_of(&arena, &pool, cases[i].amount), pm_str_from(cases[i].want),
                   cases[i].amount);
    }
    pm_arena_finish(&arena);
}

static void test_token(void)
{
    struct pm_pool pool = make_pool("1", "2");
    CHECK_TEXT(pm_str_from(pm_pool_token_name(&pool)), PM_STR("USDC"), "by its mint");
    pool.mint = PM_STR("USDC");
    CHECK(!pm_pool_token_name(&pool), "a symbol proves nothing");
}

static void test_sum(void)
{
    struct pm_contributor two[] = {
        {.address = PM_STR_INIT("a"), .amount = pm_big_from_u64(UINT64_MAX)},
        {.address = PM_STR_INIT("b"), .amount = pm_big_from_u64(UINT64_MAX)},
    };
    struct pm_pool pool = {.contributors = two, .contributor_count = 2};
    struct pm_arena arena;
    pm_arena_init(&arena, 65536);
    CHECK_TEXT(big_text(&arena, pm_pool_sum(&pool)), PM_STR("36893488147419103230"), "sum");
    pool.unreadable = 1;
    CHECK(!pm_pool_sum(&pool).is_known, "not of all");
    pool.unreadable = 0;
    two[1].amount = (struct pm_big){0};
    CHECK(!pm_pool_sum(&pool).is_known, "one amount is not known");
    pm_arena_finish(&arena);
}

int main(void)
{
    test_urls();
    test_both_formats();
    test_not_read_yet();
    test_odd_fields();
    test_refused_bodies();
    test_memory_ends();
    test_state();
    test_shares();
    test_token();
    test_sum();
    return check_done();
}
