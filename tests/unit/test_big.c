/* test_big.c - base/big. */

#include "base/big.h"

#include "check.h"

#include <math.h>

#define NINES_72 "999999999999999999999999999999999999999999999999999999999999999999999999"
#define NINES_63 "999999999999999999999999999999999999999999999999999999999999999"

static struct pm_arena arena;

static pm_str text_of(struct pm_big n)
{
    struct pm_buf buf;
    pm_buf_init(&buf, &arena, 100);
    pm_big_add_text(&buf, n);
    return pm_buf_text(&buf);
}

static struct pm_big big(const char *text)
{
    return pm_big_read(pm_str_from(text));
}

/* `want` "" is unknown. */
static void test_read(void)
{
    static const struct {
        const char *in, *want;
    } rows[] = {
        {"0", "0"},
        {"-0", "0"},
        {"+0", "0"},
        {"000", "0"},
        {"42", "42"},
        {"+42", "42"},
        {"-42", "-42"},
        {"00012", "12"},
        {"999999999", "999999999"},
        {"1000000000", "1000000000"},
        {"30567071744", "30567071744"},
        {"18446744073709551616", "18446744073709551616"},
        {"340282346638528859811704183484516925440", "340282346638528859811704183484516925440"},
        {NINES_72, NINES_72},
        {"-" NINES_72, "-" NINES_72},
        {"0000" NINES_72, NINES_72},
        {"1" NINES_72, ""},
        {"1000000000000000000000000000000000000000000000000000000000000000000000000", ""},
        {"", ""},
        {"-", ""},
        {"+", ""},
        {"--1", ""},
        {"1.0", ""},
        {"1e3", ""},
        {"12n", ""},
        {" 1", ""},
        {"1_000", ""},
        {"a", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_TEXT(text_of(big(rows[i].in)), pm_str_from(rows[i].want), rows[i].in);
    }
    CHECK(!pm_big_read(PM_STR("1\0")).is_known, "NUL is no digit");
    CHECK(!big("").is_negative && !big("-x").is_negative, "unknown has no sign");
}

static void test_bases(void)
{
    static const struct {
        const char *in;
        unsigned base;
        const char *want;
    } rows[] = {
        {"101", 2, "5"},
        {"17", 8, "15"},
        {"fF", 16, "255"},
        {"ffffffffffffffffffffffffffffffff", 16, "340282366920938463463374607431768211455"},
        {"000000000000000000000000000000000000000000000000000000000000000000000000000001", 16, "1"},
        {"1000000000000000000000000000000000000000000000000000000000000", 16, ""},
        {"2", 2, ""},
        {"8", 8, ""},
        {"g", 16, ""},
        {"1:", 16, ""},
        {"1@", 16, ""},
        {"1`", 16, ""},
        {"", 16, ""},
        {"-1", 16, ""},
        {"1", 10, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_big n = pm_big_read_base(pm_str_from(rows[i].in), rows[i].base);
        CHECK_TEXT(text_of(n), pm_str_from(rows[i].want), rows[i].in);
    }
}

static void test_u64(void)
{
    static const uint64_t values[] = {0, 1, 999999999, 1000000000, UINT64_MAX - 1, UINT64_MAX};
    static const char *const not_u64[] = {"18446744073709551616", "-1", NINES_72, ""};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        uint64_t back = 1;
        CHECK(pm_big_to_u64(pm_big_from_u64(values[i]), &back) && back == values[i], "row %zu", i);
    }
    for (size_t i = 0; i < sizeof not_u64 / sizeof *not_u64; i++) {
        uint64_t back = 7;
        CHECK(!pm_big_to_u64(big(not_u64[i]), &back) && back == 7, "%s", not_u64[i]);
    }
}

static void test_compare(void)
{
    static const char *const rising[] = {("-" NINES_72), "-1000000000", "-1",    "0", "1",
                                         "999999999",    "1000000000",  NINES_72};
    for (size_t i = 0; i < sizeof rising / sizeof *rising; i++) {
        for (size_t j = 0; j < sizeof rising / sizeof *rising; j++) {
            int order = pm_big_compare(big(rising[i]), big(rising[j]));
            CHECK((order < 0) == (i < j) && (order > 0) == (i > j), "%s %s", rising[i], rising[j]);
        }
        CHECK(pm_big_is_zero(big(rising[i])) == (i == 3), "%s", rising[i]);
    }
    CHECK(!pm_big_is_zero(big("")), "unknown is not zero");
}

static void test_arithmetic(void)
{
    static const struct {
        const char *a, *b, *sum, *difference;
    } rows[] = {
        {"0", "0", "0", "0"},
        {"999999999", "1", "1000000000", "999999998"},
        {"1000000000", "1", "1000000001", "999999999"},
        {"1000000000000000000000000000000000000", "1", "1000000000000000000000000000000000001",
         "999999999999999999999999999999999999"},
        {"1", "2", "3", ""},
        {NINES_72, "0", NINES_72, NINES_72},
        {NINES_72, NINES_72, "", "0"},
        {NINES_72, "1", "",
         "999999999999999999999999999999999999999999999999999999999999999999999998"},
        {"340282346638528859811704183484516925440", "340282346638528859811704183484516925440",
         "680564693277057719623408366969033850880", "0"},
        {"-1", "1", "", ""},
        {"1", "-1", "", ""},
        {"", "1", "", ""},
        {"1", "", "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_big a = big(rows[i].a), b = big(rows[i].b);
        CHECK_TEXT(text_of(pm_big_add(a, b)), pm_str_from(rows[i].sum), rows[i].a);
        CHECK_TEXT(text_of(pm_big_sub(a, b)), pm_str_from(rows[i].difference), rows[i].a);
    }
}

static void test_scaling(void)
{
    static const struct {
        const char *a;
        uint32_t by;
        const char *product, *quotient;
    } rows[] = {
        {"0", 5, "0", "0"},
        {"30567071744", 100, "3056707174400", "305670717"},
        {"99999999999999999999", UINT32_MAX, "429496729499999999995705032705", "23283064370"},
        {NINES_72, 1, NINES_72, NINES_72},
        {NINES_72, 10, "",
         "99999999999999999999999999999999999999999999999999999999999999999999999"},
        {NINES_63, 1000000000, (NINES_63 "000000000"),
         "999999999999999999999999999999999999999999999999999999"},
        {"7", 0, "0", ""},
        {"-7", 2, "", ""},
        {"", 2, "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_big a = big(rows[i].a);
        CHECK_TEXT(text_of(pm_big_mul(a, rows[i].by)), pm_str_from(rows[i].product), rows[i].a);
        CHECK_TEXT(text_of(pm_big_div(a, rows[i].by)), pm_str_from(rows[i].quotient), rows[i].a);
    }
}

static void test_double(void)
{
    CHECK(pm_big_to_double(big("30567071744")) == 30567071744.0, "exact below 2^53");
    CHECK(pm_big_to_double(big("-5")) == -5.0, "negative");
    double rate = pm_big_to_double(big("340282346638528859811704183484516925440"));
    CHECK(fabs(rate / 3.4028234663852886e38 - 1) < 1e-15, "39 digits");
    CHECK(fabs(pm_big_to_double(big(NINES_72)) / 1e72 - 1) < 1e-15, "72 digits");
    CHECK(isnan(pm_big_to_double(big(""))), "unknown");
}

static void test_short(void)
{
    static const struct {
        const char *in;
        unsigned digits, decimals;
        const char *want;
    } rows[] = {
        {"8030261248", 3, 1, "8B"},
        {"8190735360", 3, 1, "8.2B"},
        {"30567071744", 3, 2, "30.6B"},
        {"1826798661632", 3, 2, "1.83T"},
        {"943718400", 3, 2, "944M"},
        {"0", 3, 2, "0"},
        {"999999999", 3, 2, "1B"},
        {"405000000000", 3, 1, "405B"},
        {"75555", 3, 2, "75.6K"},
        {"512", 3, 2, "512"},
        {"1", 3, 2, "1"},
        {"999", 3, 2, "999"},
        {"1000", 3, 2, "1K"},
        {"1005", 3, 2, "1.01K"},
        {"1004", 3, 2, "1K"},
        {"9995", 3, 2, "10K"},
        {"99949", 3, 2, "99.9K"},
        {"99950", 3, 2, "100K"},
        {"999499", 3, 2, "999K"},
        {"999500", 3, 2, "1M"},
        {"999", 2, 1, "1K"},
        {"512", 2, 1, "510"},
        {"512", 0, 1, "500"},
        {"40000000000", 3, 0, "40B"},
        {"1234567", 7, 3, "1.235M"},
        {"999499999999999", 3, 2, "999T"},
        {"999500000000000", 3, 2, "1e15"},
        {"1000000000000000", 3, 2, "1e15"},
        {"1250000000000000", 2, 2, "1.3e15"},
        {"340282346638528859811704183484516925440", 2, 1, "3.4e38"},
        {"340282346638528859811704183484516925440", 9, 9, "3.4e38"},
        {"345282346638528859811704183484516925440", 9, 9, "3.45e38"},
        {NINES_72, 3, 2, "1e72"},
        {"-1234", 3, 1, "-1.2K"},
        {"", 3, 2, "unknown"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_buf buf;
        pm_buf_init(&buf, &arena, 100);
        pm_big_add_short(&buf, big(rows[i].in), rows[i].digits, rows[i].decimals);
        CHECK_TEXT(pm_buf_text(&buf), pm_str_from(rows[i].want), rows[i].in);
    }
}

/* `want` "" is unknown. */
static void test_ratio(void)
{
    static const struct {
        const char *a, *b, *want;
    } rows[] = {
        {"0", "1", "0"},
        {"7", "2", "3"},
        {"6", "2", "3"},
        {"1", "2", "0"},
        {"123456789012345678901234567890", "987654321", "124999998873437499901"},
        {"18446744073709551615", "18446744073709551615", "1"},
        {"18446744073709551614", "18446744073709551615", "0"},
        {"1844674407370955161500000", "18446744073709551615", "100000"},
        {"999999999999999999", "1000000000", "999999999"},
        {"1000000000000000000", "1000000000", "1000000000"},
        {NINES_72, "1", NINES_72},
        {NINES_72, NINES_72, "1"},
        {"1", NINES_72, "0"},
        {"5", "0", ""},
        {"-5", "1", ""},
        {"5", "-1", ""},
        {"", "1", ""},
        {"1", "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_TEXT(text_of(pm_big_ratio(big(rows[i].a), big(rows[i].b))), pm_str_from(rows[i].want),
                   rows[i].a);
    }
}

static void test_shifted(void)
{
    static const struct {
        const char *in;
        unsigned places;
        const char *want;
    } rows[] = {
        {"1234567890123", 6, "1234567.890123"},
        {"2500000000000", 6, "2500000"},
        {"1", 6, "0.000001"},
        {"0", 6, "0"},
        {"0", 0, "0"},
        {"50", 3, "0.05"},
        {"500", 3, "0.5"},
        {"1000", 3, "1"},
        {"1010", 3, "1.01"},
        {"-1010", 3, "-1.01"},
        {"1200", 0, "1200"},
        {"18446744073709551615", 30, "0.000000000018446744073709551615"},
        {"18446744073709551615", 19, "1.8446744073709551615"},
        {"", 6, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_buf buf;
        pm_buf_init(&buf, &arena, 100);
        pm_big_add_shifted(&buf, big(rows[i].in), rows[i].places);
        CHECK_TEXT(pm_buf_text(&buf), pm_str_from(rows[i].want), rows[i].in);
    }
}

int main(void)
{
    pm_arena_init(&arena, 1 << 20);
    test_read();
    test_bases();
    test_u64();
    test_compare();
    test_arithmetic();
    test_scaling();
    test_double();
    test_short();
    test_ratio();
    test_shifted();
    pm_arena_finish(&arena);
    return check_done();
}
