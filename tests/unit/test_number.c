/* test_number.c - codec/number. */

#include "codec/number.h"

#include "codec/json.h"

#include "check.h"
#include "data.h"

#include <float.h>
#include <math.h>
#include <string.h>

static struct pm_arena arena;

static bool is_same(double a, double b)
{
    uint64_t bits[2];
    memcpy(&bits[0], &a, sizeof a);
    memcpy(&bits[1], &b, sizeof b);
    return bits[0] == bits[1];
}

#define TEN_ONES "1111111111"
#define ONES                                                                                       \
    TEN_ONES TEN_ONES TEN_ONES TEN_ONES TEN_ONES TEN_ONES TEN_ONES TEN_ONES TEN_ONES TEN_ONES

static void test_read(void)
{
    static const struct {
        const char *in;
        double want;
    } rows[] = {
        {"0", 0},
        {"-0", -0.0},
        {"-0.0e5", -0.0},
        {"1", 1},
        {"3.141593", 3.141593},
        {"-2.5", -2.5},
        {"1e22", 1e22},
        {"1e23", 1e23},
        {"1E+2", 100},
        {"1e-22", 1e-22},
        {"1e-23", 1e-23},
        {"123456789012345e22", 123456789012345e22},
        {"9007199254740993", 9007199254740992.0},
        {"9007199254740993.00000000000000000000000000000000001", 9007199254740994.0},
        {"12345678901234567890", 12345678901234567890.0},
        {"3.4028234663852886e+38", 3.4028234663852886e+38},
        {"340282346638528859811704183484516925440", 3.4028234663852886e+38},
        {"1.7976931348623157e308", DBL_MAX},
        {"5e-324", 5e-324},
        {"2.2250738585072014e-308", DBL_MIN},
        {"1e-400", 0},
        {ONES ONES ONES ONES ONES ONES ONES ONES ONES "e-880", 1.1111111111111111e19},
        {ONES ONES ONES ONES ONES ONES ONES ONES ONES ".5e-880", 1.1111111111111111e19},
        {"-1e-999999999999999999999", -0.0},
        {"0e999999999999999999999", 0},
        {"0.1", 0.1},
        {"0.30000000000000004", 0.30000000000000004},
        {"100000000000000000000000.0000", 1e23},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double value = 77;
        bool is_read = pm_number_read(pm_str_from(rows[i].in), &value);
        CHECK(is_read && is_same(value, rows[i].want), "%s: %.17g", rows[i].in, value);
    }
}

static void test_refuse(void)
{
    static const char *const rows[] = {
        "",    "-",     "+1",    "01",       "-01",
        ".5",  "5.",    "1e",    "1e+",      "1.e5",
        "e5",  "0x10",  "NaN",   "1e400",    "-1e400",
        "1,5", " 1",    "1 ",    "Infinity", "1_000",
        "--1", "1.2.3", "1e5.5", "00",       "1e999999999999999999999",
        "nan", "inf",   "1.5f",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double value = 77;
        CHECK(!pm_number_read(pm_str_from(rows[i]), &value) && is_same(value, 77), "%s", rows[i]);
    }
    double value;
    CHECK(!pm_number_read(PM_STR("1\0"), &value), "NUL after");
    CHECK(!pm_number_read((pm_str){NULL, 0}, &value), "nothing");
}

static void put(char *at, const char *text)
{
    for (size_t i = 0; text[i]; i++) {
        at[i] = text[i];
    }
}

/* Digits without end: the halfway point between two doubles, and just above. */
static void test_long_digits(void)
{
    char text[3000];
    double value = 0;
    memset(text, '0', sizeof text);
    put(text, "9007199254740993.");
    CHECK(pm_number_read((pm_str){text, sizeof text}, &value) && is_same(value, 9007199254740992.0),
          "a tie goes to even: %.17g", value);
    text[sizeof text - 1] = '1';
    CHECK(pm_number_read((pm_str){text, sizeof text}, &value) && is_same(value, 9007199254740994.0),
          "a digit far behind decides: %.17g", value);
    memset(text, '0', sizeof text);
    put(text, "0.");
    text[2000] = '7';
    put(text + 2990, "e+00001999");
    CHECK(pm_number_read((pm_str){text, sizeof text}, &value) && is_same(value, 7), "%.17g", value);
}

static void test_js(void)
{
    static const struct {
        const char *in;
        bool is_read;
        double want;
    } rows[] = {
        {"+5", true, 5},     {"007", true, 7},   {".5", true, 0.5},    {"5.", true, 5},
        {"-.5e1", true, -5}, {"5.e1", true, 50}, {"1e12", true, 1e12}, {"+-5", false, 0},
        {".", false, 0},     {"", false, 0},     {"-", false, 0},      {".e5", false, 0},
        {"1_0", false, 0},   {"1e", false, 0},   {"0x1", false, 0},    {"Infinity", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double value = 0;
        bool is_read = pm_number_read_js(pm_str_from(rows[i].in), &value);
        CHECK(is_read == rows[i].is_read && is_same(value, rows[i].want), "%s", rows[i].in);
    }
}

/* `shown` bytes of the text; none behind them may matter. */
static void test_take(void)
{
    static const struct {
        const char *in;
        size_t shown, taken;
        double value;
    } rows[] = {
        {"12,3", 4, 2, 12},
        {"1.5]", 4, 3, 1.5},
        {"-1e5}", 5, 4, -1e5},
        {"1e400 ", 6, 5, (double)INFINITY},
        {"0,", 2, 1, 0},
        {"12345678901234567890,", 21, 20, 12345678901234567890.0},
        {"1.2345678901234567890]", 22, 21, 1.2345678901234567890},
        {"123", 2, 2, 12},
        {"12.5", 2, 2, 12},
        {"12e5", 2, 2, 12},
        {"1.25e1", 3, 3, 1.2},
        {"1e10", 3, 3, 10},
        {"123456789012345678", 17, 17, 12345678901234567.0},
        {"12345678901234567e5", 17, 17, 12345678901234567.0},
        {"1.5", 2, 0, 77},
        {"1e5", 2, 0, 77},
        {"-1", 1, 0, 77},
        {"01", 2, 0, 77},
        {"1.", 2, 0, 77},
        {"1e,", 3, 0, 77},
        {"x", 1, 0, 77},
        {"", 0, 0, 77},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double value = 77;
        CHECK(pm_number_take((pm_str){rows[i].in, rows[i].shown}, &value) == rows[i].taken, "%.*s",
              (int)rows[i].shown, rows[i].in);
        CHECK(is_same(value, rows[i].value), "%.*s: %.17g", (int)rows[i].shown, rows[i].in, value);
    }
}

/* Every double reads back from its 17 digits. */
static void test_many(void)
{
    uint64_t bits = 88172645463325252, wrong = 0;
    for (unsigned i = 0; i < 200000; i++) {
        char text[64];
        double value, back = 0;
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value)) {
            int len = snprintf(text, sizeof text, i % 2 ? "%.16e" : "%.30e", value);
            bool is_read = pm_number_read((pm_str){text, (size_t)len}, &back);
            wrong += !is_read || !is_same(value, back);
        }
    }
    CHECK(wrong == 0, "%llu differ", (unsigned long long)wrong);
}

static void test_round(void)
{
    static const struct {
        double in;
        unsigned digits;
        double want;
    } rows[] = {
        {0, 7, 0},
        {-0.0, 7, -0.0},
        {1.0 / 3, 7, 0.3333333},
        {2.0 / 3, 7, 0.6666667},
        {-2.0 / 3, 1, -0.7},
        {1.005, 3, 1.01},
        {-1.005, 3, -1.01},
        {9.9999999, 7, 10},
        {123456.78951, 7, 123456.8},
        {1e300, 7, 1e300},
        {1.5e300, 1, 2e300},
        {5e-324, 7, 5e-324},
        {1.23456789012345678e-310, 3, 1.23e-310},
        {1e20, 2, 1e20},
        {123456789012345678901.0, 17, 123456789012345680000.0},
        {0.1 + 0.2, 17, 0.1 + 0.2},
        {0.1 + 0.2, 16, 0.3},
        {DBL_MAX, 1, DBL_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double got = pm_number_round(rows[i].in, rows[i].digits);
        CHECK(is_same(got, rows[i].want), "%.17g at %u: %.17g", rows[i].in, rows[i].digits, got);
    }
    CHECK(isnan(pm_number_round((double)NAN, 7)), "not a number");
    CHECK(isinf(pm_number_round((double)INFINITY, 7)), "infinite");
}

static double from_bits(pm_str hex)
{
    uint64_t bits = 0;
    double value;
    for (size_t i = 0; i < hex.len; i++) {
        char c = hex.ptr[i];
        bits = bits << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The dashboard rounds the exact binary value, we the shortest decimal: where that ends in a lone 5
 * the two may go different ways. */
static bool is_decimal_tie(pm_str shortest)
{
    size_t count = 0;
    for (size_t i = 0; i < shortest.len && shortest.ptr[i] != 'e'; i++) {
        char c = shortest.ptr[i];
        count += c >= '0' && c <= '9' && (count || c != '0');
    }
    return count == 8 && shortest.ptr[shortest.len - 1] == '5';
}

static void test_vectors(void)
{
    struct pm_json_problem problem;
    pm_str text = read_data(&arena, "dashboard/vectors_encode_numbers.json");
    yyjson_val *rows = pm_json_read_copy(&arena, text, &problem);
    CHECK(yyjson_arr_size(rows) >= 30, "%zu vectors", yyjson_arr_size(rows));
    for (size_t i = 0; i < yyjson_arr_size(rows); i++) {
        yyjson_val *row = yyjson_arr_get(rows, i);
        pm_str js = pm_json_text(pm_json_get(row, "js")), v1 = pm_json_text(pm_json_get(row, "v1"));
        double value = from_bits(pm_json_text(pm_json_get(row, "ieee754_be"))), want, exact;
        if (!pm_number_read(v1, &want)) {
            CHECK(isnan(value) && pm_str_equal(v1, PM_STR("null")), "vector %zu", i);
            continue;
        }
        CHECK(pm_number_read(js, &exact) && is_same(exact, value), "vector %zu: js", i);
        if (value != floor(value) && !is_decimal_tie(js)) {
            CHECK(is_same(pm_number_round(value, 7), want), "vector %zu: %.17g", i, value);
        }
    }
}

static void test_fixed(void)
{
    static const struct {
        double in;
        unsigned decimals;
        const char *want;
    } rows[] = {
        {0, 2, "0"},
        {-0.0, 2, "0"},
        {1.67, 2, "1.67"},
        {1.666666, 2, "1.67"},
        {-3.5, 3, "-3.5"},
        {-0.004, 2, "0"},
        {-0.005, 2, "-0.01"},
        {1.005, 2, "1.01"},
        {0.05, 1, "0.1"},
        {0.0499, 1, "0"},
        {99.95, 1, "100"},
        {100, 3, "100"},
        {12.3456789, 0, "12"},
        {12.5, 0, "13"},
        {1200.05, 3, "1200.05"},
        {0.000000001, 9, "0.000000001"},
        {0.0000000005, 9, "0.000000001"},
        {0.0001234567, 10, "0.0001234567"},
        {0.00000000049, 9, "0"},
        {5e-324, 9, "0"},
        {1e22, 2, "10000000000000000000000"},
        {123456789012345678.0, 2, "123456789012345680"},
        {1e-7, 9, "0.0000001"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_buf buf;
        pm_buf_init(&buf, &arena, 400);
        pm_number_add_fixed(&buf, rows[i].in, rows[i].decimals);
        CHECK_TEXT(pm_buf_text(&buf), pm_str_from(rows[i].want), "fixed");
    }
    struct pm_buf buf;
    pm_buf_init(&buf, &arena, 400);
    pm_number_add_fixed(&buf, DBL_MAX, 2);
    CHECK(pm_buf_text(&buf).len == 309, "the largest has 309 digits, got %zu", buf.len);
    pm_buf_init(&buf, &arena, 400);
    pm_number_add_fixed(&buf, (double)NAN, 2);
    CHECK_TEXT(pm_buf_text(&buf), PM_STR("unknown"), "not a number");
}

static void test_short(void)
{
    static const struct {
        double in;
        const char *want;
    } rows[] = {
        {0, "0"},
        {-0.0, "0"},
        {0.0001, "0.0001"},
        {-0.0001, "-0.0001"},
        {0.00012345674, "0.0001234567"},
        {0.00009999999, "9.999999e-05"},
        {0.00009999999999, "0.0001"},
        {0.00001, "1e-05"},
        {-0.000015, "-1.5e-05"},
        {1e-8F, "1e-08"},
        {1.00002e-300, "1.00002e-300"},
        {5e-324, "5e-324"},
        {-2.2250738585072014e-308, "-2.225074e-308"},
        {0.1F, "0.1"},
        {1, "1"},
        {-12.5, "-12.5"},
        {123456789, "123456800"},
        {999999949999999, "999999900000000"},
        {999999999999999, "1e+15"},
        {1e15, "1e+15"},
        {-1.2e100, "-1.2e+100"},
        {3.4028234663852886e+38, "3.402823e+38"},
        {DBL_MAX, "1.797693e+308"},
        {(double)NAN, "unknown"},
        {(double)INFINITY, "unknown"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_buf buf;
        pm_buf_init(&buf, &arena, 32);
        pm_number_add_short(&buf, rows[i].in);
        CHECK_TEXT(pm_buf_text(&buf), pm_str_from(rows[i].want), "short");
    }
}

int main(void)
{
    pm_arena_init(&arena, 16 << 20);
    test_read();
    test_refuse();
    test_long_digits();
    test_js();
    test_take();
    test_many();
    test_round();
    test_vectors();
    test_fixed();
    test_short();
    pm_arena_finish(&arena);
    return check_done();
}
