/* test_base64.c - codec/base64. */

#include "codec/base64.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

#define LARGE ((size_t)1 << 20)

static struct pm_arena arena;

/* From a copy of exactly its size, so that a sanitizer sees each byte too far. */
static bool decode(pm_str text, size_t most, pm_str *out)
{
    char *copy = malloc(text.len ? text.len : 1);
    if (!copy) {
        abort();
    }
    memcpy(copy, text.ptr, text.len);
    bool is_read = pm_base64_decode(&arena, (pm_str){copy, text.len}, most, out);
    free(copy);
    return is_read;
}

static void test_good(void)
{
    static const struct {
        pm_str in, want;
    } rows[] = {
        {PM_STR_INIT(""), PM_STR_INIT("")},
        {PM_STR_INIT("Zg=="), PM_STR_INIT("f")},
        {PM_STR_INIT("Zm8="), PM_STR_INIT("fo")},
        {PM_STR_INIT("Zm9v"), PM_STR_INIT("foo")},
        {PM_STR_INIT("Zm9vYg=="), PM_STR_INIT("foob")},
        {PM_STR_INIT("Zm9vYmE="), PM_STR_INIT("fooba")},
        {PM_STR_INIT("Zm9vYmFy"), PM_STR_INIT("foobar")},
        {PM_STR_INIT("AAAA"), PM_STR_INIT("\0\0\0")},
        {PM_STR_INIT("////"), PM_STR_INIT("\xFF\xFF\xFF")},
        {PM_STR_INIT("+/+/"), PM_STR_INIT("\xFB\xFF\xBF")},
        {PM_STR_INIT("/w=="), PM_STR_INIT("\xFF")},
        {PM_STR_INIT("KLUv/SAAAQAA"), PM_STR_INIT("\x28\xB5\x2F\xFD\x20\x00\x01\x00\x00")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pm_str got = {NULL, 0}, same = {NULL, 0};
        CHECK(decode(rows[i].in, LARGE, &got), "%.*s", PM_STR_ARG(rows[i].in));
        CHECK_TEXT(got, rows[i].want, rows[i].in.ptr);
        CHECK(decode(rows[i].in, rows[i].want.len, &same), "%s: just enough", rows[i].in.ptr);
        CHECK(rows[i].want.len == 0 || !decode(rows[i].in, rows[i].want.len - 1, &same),
              "%s: a byte over the ceiling", rows[i].in.ptr);
    }
}

static void test_bad(void)
{
    static const pm_str rows[] = {
        PM_STR_INIT("Z"),
        PM_STR_INIT("Zg"),
        PM_STR_INIT("Zg="),
        PM_STR_INIT("Zg==="),
        PM_STR_INIT("Z==="),
        PM_STR_INIT("===="),
        PM_STR_INIT("="),
        PM_STR_INIT("=="),
        PM_STR_INIT("Zm9vZg"),
        PM_STR_INIT("Zm9v="),
        PM_STR_INIT("Zm9vYg=\n"),
        PM_STR_INIT("Zm9v\n"),
        PM_STR_INIT("Zm 9"),
        PM_STR_INIT(" Zm9"),
        PM_STR_INIT("Zm9v Zm9"),
        PM_STR_INIT("Zg==Zg=="),
        PM_STR_INIT("Zm8=Zm8="),
        PM_STR_INIT("Z=g="),
        PM_STR_INIT("=Zg="),
        PM_STR_INIT("Zh=="),
        PM_STR_INIT("Zn=="),
        PM_STR_INIT("Zm9="),
        PM_STR_INIT("Zm-_"),
        PM_STR_INIT("Zm9\0"),
        PM_STR_INIT("Zm9\xC3"),
        PM_STR_INIT("\xFF\xFF\xFF\xFF"),
        PM_STR_INIT("Zm9vZg==\n\n\n\n"),
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pm_str out = PM_STR("before");
        CHECK(!decode(rows[i], LARGE, &out), "\"%.*s\"", PM_STR_ARG(rows[i]));
        CHECK_TEXT(out, PM_STR("before"), "result of a bad text");
    }
}

/* Each character in each place of a group. */
static void test_characters(void)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t place = 0; place < 4; place++) {
        for (int c = 0; c < 256; c++) {
            char text[] = "AAAAAAAA";
            const char *found = c ? strchr(alphabet, c) : NULL;
            pm_str out = {NULL, 0};
            text[place] = (char)(unsigned char)c;
            bool is_read = decode((pm_str){text, 8}, LARGE, &out);
            CHECK(is_read == (found != NULL), "%d in place %zu", c, place);
            if (is_read && found) {
                uint32_t bits = (uint32_t)(unsigned char)out.ptr[0] << 16 |
                                (uint32_t)(unsigned char)out.ptr[1] << 8 |
                                (unsigned char)out.ptr[2];
                CHECK(bits == (uint32_t)(found - alphabet) << (18 - 6 * place), "%c in place %zu",
                      c, place);
            }
        }
    }
}

static void test_memory(void)
{
    struct pm_arena small;
    pm_str out;
    pm_arena_init(&small, 2);
    CHECK(!pm_base64_decode(&small, PM_STR("Zm9v"), LARGE, &out) && small.failed, "no memory");
    pm_arena_finish(&small);
}

int main(void)
{
    pm_arena_init(&arena, (size_t)8 << 20);
    test_good();
    test_bad();
    test_characters();
    test_memory();
    pm_arena_finish(&arena);
    return check_done();
}
