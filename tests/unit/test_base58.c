/* test_base58.c - chain/base58 and chain/key. */

#include "chain/base58.h"
#include "chain/key.h"
#include "codec/json.h"

#include "check.h"
#include "data.h"

#include <stdlib.h>
#include <string.h>

#define COORDINATOR "4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT7"

static struct pm_arena arena;
static yyjson_val *vectors;

static pm_str hex_of(const uint8_t *bytes, size_t len)
{
    struct pm_buf buf;
    pm_buf_init(&buf, &arena, SIZE_MAX / 2);
    for (size_t i = 0; i < len; i++) {
        pm_buf_addf(&buf, "%02x", bytes[i]);
    }
    return pm_buf_text(&buf);
}

static size_t bytes_of(pm_str hex, uint8_t *out)
{
    for (size_t i = 0; i + 1 < hex.len; i += 2) {
        char pair[3] = {hex.ptr[i], hex.ptr[i + 1], '\0'};
        out[i / 2] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return hex.len / 2;
}

/* A copy of exactly its size, so that a sanitizer sees each byte too far. */
static bool decode_copy(pm_str text, uint8_t *out, size_t room, size_t *len)
{
    char *copy = malloc(text.len ? text.len : 1);
    if (!copy) {
        abort();
    }
    memcpy(copy, text.ptr, text.len);
    bool is_read = pm_base58_decode((pm_str){copy, text.len}, out, room, len);
    free(copy);
    return is_read;
}

static pm_str encode(const uint8_t *bytes, size_t len)
{
    struct pm_buf buf;
    pm_buf_init(&buf, &arena, SIZE_MAX / 2);
    pm_base58_add(&buf, bytes, len);
    return pm_buf_text(&buf);
}

static const char *problem_word(enum pm_key_problem problem)
{
    static const char *const words[] = {
        [PM_KEY_OK] = "Ok",
        [PM_KEY_WRONG_SIZE] = "WrongSize",
        [PM_KEY_INVALID] = "Invalid",
    };
    return words[problem];
}

/* `want` is "WrongSize", "Invalid: ..." or, where it was read, "Ok" or the key itself. */
static void check_key(pm_str text, pm_str want)
{
    struct pm_key key;
    enum pm_key_problem problem = pm_key_read(text, &key);
    bool is_word = pm_str_starts(want, pm_str_from(problem_word(problem)));
    CHECK(is_word || (problem == PM_KEY_OK && pm_str_equal(text, want)), "\"%.*s\": %s, want %.*s",
          PM_STR_ARG(text), problem_word(problem), PM_STR_ARG(want));
    if (problem == PM_KEY_OK) {
        struct pm_buf buf;
        pm_buf_init(&buf, &arena, SIZE_MAX / 2);
        pm_key_add(&buf, &key);
        CHECK_TEXT(pm_buf_text(&buf), text, "key written again");
    }
}

static void check_pair(pm_str text, pm_str hex)
{
    uint8_t bytes[PM_BASE58_BYTES_MOST], want[PM_BASE58_BYTES_MOST];
    size_t len = 0, want_len = bytes_of(hex, want);
    CHECK(decode_copy(text, bytes, sizeof bytes, &len), "%.*s", PM_STR_ARG(text));
    CHECK_TEXT(hex_of(bytes, len), hex, "decoded");
    CHECK_TEXT(encode(want, want_len), text, "encoded");
    CHECK(decode_copy(text, bytes, want_len, &len), "%.*s: just enough room", PM_STR_ARG(text));
    CHECK(want_len == 0 || !decode_copy(text, bytes, want_len - 1, &len), "%.*s: a byte less room",
          PM_STR_ARG(text));
}

static void test_vectors(void)
{
    uint8_t bytes[PM_BASE58_BYTES_MOST];
    size_t at, count, len, pairs = 0, bad = 0;
    yyjson_val *row;
    yyjson_arr_foreach(pm_json_get(vectors, "base58"), at, count, row)
    {
        pm_str want = pm_json_text(pm_json_get(row, "pubkey_from_str"));
        pm_str text = pm_json_text(pm_json_get(row, "base58"));
        pm_str hex = pm_json_text(pm_json_get(row, "hex"));
        if (!text.ptr) {
            text = pm_json_text(pm_json_get(row, "input"));
            hex = pm_json_text(pm_json_get(pm_json_get(row, "decode"), "ok_hex"));
        }
        check_key(text, want);
        if (hex.ptr) {
            check_pair(text, hex);
            pairs++;
        } else {
            CHECK(!decode_copy(text, bytes, sizeof bytes, &len), "%.*s", PM_STR_ARG(text));
            bad++;
        }
    }
    CHECK(pairs == 58 && bad == 10, "%zu pairs, %zu bad", pairs, bad);
}

static void test_bad_characters(void)
{
    static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    uint8_t bytes[PM_BASE58_BYTES_MOST];
    for (int c = 0; c < 256; c++) {
        bool is_good = c && strchr(alphabet, c);
        size_t len = 77;
        char text[] = "2z?z2z";
        text[2] = (char)(unsigned char)c;
        bool is_read = decode_copy((pm_str){text, 6}, bytes, sizeof bytes, &len);
        CHECK(is_read == is_good, "the character %d", c);
        CHECK(is_read || len == 77, "len after the character %d", c);
    }
}

static void test_keys(void)
{
    static const struct {
        const char *what;
        pm_str text;
        enum pm_key_problem want;
    } rows[] = {
        {"a program", PM_STR_INIT(COORDINATOR), PM_KEY_OK},
        {"nothing", PM_STR_INIT(""), PM_KEY_WRONG_SIZE},
        {"45 characters, one bad", PM_STR_INIT(COORDINATOR "0"), PM_KEY_WRONG_SIZE},
        {"44 characters, the last a NUL",
         PM_STR_INIT("4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT\0"), PM_KEY_INVALID},
        {"44 characters of UTF-8",
         PM_STR_INIT("\xC3\xA4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT"), PM_KEY_INVALID},
        {"short and bad", PM_STR_INIT("0"), PM_KEY_INVALID},
        {"31 ones", PM_STR_INIT("1111111111111111111111111111111"), PM_KEY_WRONG_SIZE},
        {"33 ones", PM_STR_INIT("111111111111111111111111111111111"), PM_KEY_INVALID},
        {"44 ones", PM_STR_INIT("11111111111111111111111111111111111111111111"), PM_KEY_INVALID},
        {"45 ones", PM_STR_INIT("111111111111111111111111111111111111111111111"),
         PM_KEY_WRONG_SIZE},
        {"44 of the highest digit", PM_STR_INIT("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"),
         PM_KEY_INVALID},
        {"a one before 32 bytes", PM_STR_INIT("1JEKNVnkbo3jma5nREBBJCDoXFVeKkD56V3xKrvRmWxFG"),
         PM_KEY_WRONG_SIZE},
        {"a one before 32 bytes, 44 characters",
         PM_STR_INIT("1GJkRerm2wFVdLUWVDNEZWh5SfReEKhNTMd9m7NAdGbD"), PM_KEY_INVALID},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_key key = {{1, 2, 3}};
        const struct pm_key before = key;
        enum pm_key_problem got = pm_key_read(rows[i].text, &key);
        CHECK(got == rows[i].want, "%s: %s", rows[i].what, problem_word(got));
        CHECK(got == PM_KEY_OK || pm_key_equal(&key, &before), "%s: key was changed", rows[i].what);
    }
}

static void test_compare(void)
{
    struct pm_key zero = {{0}}, last = {{0}}, first = {{0}};
    last.bytes[PM_KEY_BYTES - 1] = 1;
    first.bytes[0] = 1;
    CHECK(pm_key_is_zero(&zero) && !pm_key_is_zero(&last) && !pm_key_is_zero(&first), "zeros");
    CHECK(pm_key_equal(&last, &last) && !pm_key_equal(&last, &zero), "last byte");
    CHECK(!pm_key_equal(&first, &zero), "first byte");
}

static void test_limits(void)
{
    uint8_t ones[PM_BASE58_BYTES_MOST + 1], back[PM_BASE58_BYTES_MOST];
    size_t len;
    memset(ones, 0xFF, sizeof ones);
    for (size_t zeros = 0; zeros <= PM_BASE58_BYTES_MOST; zeros++) {
        memset(ones, 0, zeros);
        pm_str text = encode(ones, PM_BASE58_BYTES_MOST);
        bool is_read = decode_copy(text, back, sizeof back, &len);
        CHECK(is_read && len == sizeof back && memcmp(back, ones, len) == 0, "%zu zeros", zeros);
    }
    struct pm_buf buf;
    pm_buf_init(&buf, &arena, SIZE_MAX / 2);
    pm_base58_add(&buf, ones, sizeof ones);
    CHECK(buf.failed, "a byte too much");
    size_t long_bytes = (size_t)16 << 20;
    char *text = malloc(long_bytes);
    if (!text) {
        abort();
    }
    for (int turn = 0; turn < 2; turn++) { /* would take hours if it were all read */
        memset(text, turn ? 'z' : '1', long_bytes);
        CHECK(!pm_base58_decode((pm_str){text, long_bytes}, back, sizeof back, &len), "long text");
    }
    free(text);
}

int main(void)
{
    struct pm_json_problem problem;
    pm_arena_init(&arena, (size_t)32 << 20);
    vectors = pm_json_read_copy(&arena, read_data(&arena, "chain/pda.json"), &problem);
    test_vectors();
    test_bad_characters();
    test_keys();
    test_compare();
    test_limits();
    pm_arena_finish(&arena);
    return check_done();
}
