/* test_zstd.c - codec/zstd. */

#include "base/buf.h"
#include "codec/zstd.h"

#include "check.h"
#include "data.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#define LARGE ((size_t)1 << 20)
#define COORDINATOR_BYTES ((size_t)119160)

static struct pm_arena arena;

/* From a copy of exactly its size, so that a sanitizer sees each byte too far. */
static enum pm_zstd_verdict expand(pm_str packed, size_t most, pm_str *out)
{
    char *copy = malloc(packed.len ? packed.len : 1);
    if (!copy) {
        abort();
    }
    memcpy(copy, packed.ptr, packed.len);
    enum pm_zstd_verdict verdict = pm_zstd_expand(&arena, (pm_str){copy, packed.len}, most, out);
    free(copy);
    return verdict;
}

/* As a node packs: without the size in the frame's head. */
static pm_str pack(pm_str bytes, int checksum, int window_log)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    size_t room = ZSTD_compressBound(bytes.len) + 64;
    char *packed = pm_arena_alloc(&arena, room);
    if (!context || !packed) {
        abort();
    }
    (void)ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
    (void)ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum);
    (void)ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    ZSTD_outBuffer to = {packed, room, 0};
    ZSTD_inBuffer from = {bytes.ptr, bytes.len, 0};
    while (from.pos < from.size) { /* a size that is not known in advance needs a stream */
        (void)ZSTD_compressStream2(context, &to, &from, ZSTD_e_continue);
    }
    size_t left = ZSTD_compressStream2(context, &to, &from, ZSTD_e_end);
    CHECK(left == 0, "packing left %zu", left);
    (void)ZSTD_freeCCtx(context);
    return (pm_str){packed, to.pos};
}

static pm_str join(pm_str a, pm_str b)
{
    struct pm_buf buf;
    pm_buf_init(&buf, &arena, SIZE_MAX / 2);
    pm_buf_add(&buf, a);
    pm_buf_add(&buf, b);
    return pm_buf_text(&buf);
}

static pm_str noise(size_t len)
{
    char *bytes = pm_arena_alloc(&arena, len);
    uint32_t state = 12345;
    if (!bytes) {
        abort();
    }
    for (size_t i = 0; i < len; i++) {
        state = state * 1664525u + 1013904223u;
        bytes[i] = (char)(unsigned char)(state >> (i % 3 ? 24 : 30));
    }
    return (pm_str){bytes, len};
}

static void test_recorded(void)
{
    static const char *const names[] = {"01", "02", "05", "13"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[64];
        pm_str out = {NULL, 0};
        (void)snprintf(name, sizeof name, "chain/coord/coord_%s.bin.zst", names[i]);
        pm_str packed = read_data(&arena, name);
        enum pm_zstd_verdict verdict = expand(packed, COORDINATOR_BYTES, &out);
        CHECK(verdict == PM_ZSTD_OK && out.len == COORDINATOR_BYTES, "%s: %d, %zu bytes", name,
              verdict, out.len);
        CHECK(out.len > 8 && memcmp(out.ptr, "\xEF\x21\xB1\x37\x2C\x9B\x56\x2B", 8) == 0,
              "%s: begins otherwise", name);
        verdict = expand(packed, COORDINATOR_BYTES - 1, &out);
        CHECK(verdict == PM_ZSTD_TOO_LARGE, "%s: a byte less: %d", name, verdict);
    }
}

static void test_frames(void)
{
    static const size_t sizes[] = {0, 1, 2, 100, 1048, 65536, 131072, 131073, 400000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        pm_str bytes = noise(sizes[i]), out = {NULL, 0};
        for (int checksum = 0; checksum < 2; checksum++) {
            pm_str packed = pack(bytes, checksum, 21);
            CHECK(ZSTD_getFrameContentSize(packed.ptr, packed.len) == ZSTD_CONTENTSIZE_UNKNOWN ||
                      bytes.len == 0,
                  "%zu bytes: the frame tells its size", bytes.len);
            CHECK(expand(packed, LARGE, &out) == PM_ZSTD_OK, "%zu bytes", bytes.len);
            CHECK(pm_str_equal(out, bytes), "%zu bytes are others", bytes.len);
            CHECK(expand(packed, bytes.len, &out) == PM_ZSTD_OK, "%zu bytes exactly", bytes.len);
            CHECK(bytes.len == 0 || expand(packed, bytes.len - 1, &out) == PM_ZSTD_TOO_LARGE,
                  "%zu bytes and one less", bytes.len);
        }
    }
}

static void test_several(void)
{
    static const pm_str empty = PM_STR_INIT("\x28\xB5\x2F\xFD\x20\x00\x01\x00\x00");
    static const pm_str skipped = PM_STR_INIT("\x5A\x2A\x4D\x18\x03\x00\x00\x00xyz");
    pm_str hello = pack(PM_STR("hello "), 1, 21), world = pack(PM_STR("world"), 0, 21);
    const struct {
        const char *what;
        pm_str packed, want;
    } rows[] = {
        {"empty, as a node sends it", empty, PM_STR("")},
        {"two", join(hello, world), PM_STR("hello world")},
        {"an empty one first", join(empty, world), PM_STR("world")},
        {"an empty one last", join(hello, empty), PM_STR("hello ")},
        {"one to skip", join(skipped, world), PM_STR("world")},
        {"one to skip at the end", join(world, skipped), PM_STR("world")},
        {"only one to skip", skipped, PM_STR("")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pm_str out = PM_STR("before");
        CHECK(expand(rows[i].packed, 11, &out) == PM_ZSTD_OK, "%s", rows[i].what);
        CHECK_TEXT(out, rows[i].want, rows[i].what);
    }
    pm_str out;
    CHECK(expand(join(hello, world), 10, &out) == PM_ZSTD_TOO_LARGE, "the second has no room");
}

static void test_damaged(void)
{
    pm_str whole = pack(noise(3000), 1, 21), out = PM_STR("before");
    const struct {
        const char *what;
        pm_str packed;
    } rows[] = {
        {"nothing", PM_STR("")},
        {"only the mark", PM_STR("\x28\xB5\x2F\xFD")},
        {"text", PM_STR("no zstd at all, but text")},
        {"zeros", PM_STR("\0\0\0\0\0\0\0\0\0\0\0\0")},
        {"gzip", PM_STR("\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00")},
        {"a format from before 0.8", PM_STR("\x27\xB5\x2F\xFD\x20\x00\x01\x00\x00")},
        {"a dictionary", PM_STR("\x37\xA4\x30\xEC\x20\x00\x01\x00\x00")},
        {"a byte behind the end", join(whole, PM_STR("x"))},
        {"a line end behind the end", join(whole, PM_STR("\n"))},
        {"text behind the end", join(whole, PM_STR("and then some more text"))},
        {"half a frame behind the end", join(whole, pm_str_slice(whole, 0, whole.len / 2))},
        {"a dictionary is needed", PM_STR("\x28\xB5\x2F\xFD\x21\x07\x00\x01\x00\x00")},
        {"a frame to skip, cut short", PM_STR("\x5A\x2A\x4D\x18\x04\x00\x00\x00xyz")},
        {"a size that is not the block's", PM_STR("\x28\xB5\x2F\xFD\x20\x05\x01\x00\x00")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum pm_zstd_verdict verdict = expand(rows[i].packed, LARGE, &out);
        CHECK(verdict == PM_ZSTD_DAMAGED, "%s: %d", rows[i].what, verdict);
    }
    for (size_t len = 0; len < whole.len; len++) {
        enum pm_zstd_verdict verdict = expand(pm_str_slice(whole, 0, len), LARGE, &out);
        CHECK(verdict == PM_ZSTD_DAMAGED, "cut at %zu: %d", len, verdict);
    }
    CHECK_TEXT(out, PM_STR("before"), "result of what is damaged");
}

/* A checksum knows of all changes but those that change nothing, such as of bits without use. */
static void test_checksum(void)
{
    pm_str bytes = noise(700), packed = pack(bytes, 1, 21);
    size_t missed = 0;
    char *changed = malloc(packed.len);
    if (!changed) {
        abort();
    }
    for (size_t bit = 0; bit < packed.len * 8; bit++) {
        pm_str out = PM_STR("before");
        memcpy(changed, packed.ptr, packed.len);
        changed[bit / 8] = (char)(changed[bit / 8] ^ (1 << bit % 8));
        enum pm_zstd_verdict verdict = expand((pm_str){changed, packed.len}, LARGE, &out);
        CHECK(verdict != PM_ZSTD_NO_MEMORY, "bit %zu", bit);
        CHECK_TEXT(out, verdict == PM_ZSTD_OK ? bytes : PM_STR("before"), "a bit changed");
        missed += verdict == PM_ZSTD_OK;
    }
    CHECK(missed < 40, "%zu of %zu bits do not matter", missed, packed.len * 8);
    free(changed);
}

/* A few kilobytes that stand for 64 megabytes, once with the size told and once without. */
static void test_bombs(void)
{
    size_t bomb_bytes = (size_t)64 << 20, room = ZSTD_compressBound(bomb_bytes);
    char *zeros = calloc(1, bomb_bytes), *packed = malloc(room);
    pm_str out;
    if (!zeros || !packed) {
        abort();
    }
    size_t len = ZSTD_compress(packed, room, zeros, bomb_bytes, 3);
    CHECK(len < 16384, "the bomb has %zu bytes", len);
    CHECK(expand((pm_str){packed, len}, LARGE, &out) == PM_ZSTD_TOO_LARGE, "a bomb");
    CHECK(expand((pm_str){packed, len}, 0, &out) == PM_ZSTD_TOO_LARGE, "a bomb, nothing allowed");
    CHECK(expand((pm_str){packed, len / 2}, LARGE, &out) == PM_ZSTD_DAMAGED, "half a bomb");
    free(packed);
    free(zeros);
    pm_str wide = pack(noise(100000), 0, 27); /* asks for 128 MB of memory */
    CHECK(expand(wide, LARGE, &out) == PM_ZSTD_OK && out.len == 100000, "a wide window");
    /* A head that promises 2^62 bytes, before one empty block. */
    pm_str boast = PM_STR("\x28\xB5\x2F\xFD\xE0\x00\x00\x00\x00\x00\x00\x00\x40\x01\x00\x00");
    CHECK(expand(boast, LARGE, &out) != PM_ZSTD_OK, "a boast");
}

static void test_memory(void)
{
    struct pm_arena small;
    pm_str packed = pack(noise(5000), 0, 21), out = PM_STR("before");
    pm_arena_init(&small, 1000);
    CHECK(pm_zstd_expand(&small, packed, LARGE, &out) == PM_ZSTD_NO_MEMORY, "no memory");
    CHECK(small.failed, "the arena does not know");
    CHECK_TEXT(out, PM_STR("before"), "result without memory");
    pm_arena_finish(&small);
}

int main(void)
{
    pm_arena_init(&arena, (size_t)512 << 20);
    test_recorded();
    test_frames();
    test_several();
    test_damaged();
    test_checksum();
    test_bombs();
    test_memory();
    pm_arena_finish(&arena);
    return check_done();
}
