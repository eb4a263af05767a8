/* fuzz_zstd.c - the input is once something packed and once something to pack. */

#include "fuzz.h"

#include "codec/zstd.h"

#include <zstd.h>

#define MOST ((size_t)1 << 20)

/* Into a block of exactly its size. */
static void check_unpack(pm_str packed, pm_str out)
{
    char *block = malloc(out.len + 1);
    HOLDS(block != NULL);
    HOLDS(pm_zstd_unpack(packed, block, out.len));
    HOLDS(pm_str_equal((pm_str){block, out.len}, out));
    HOLDS(!pm_zstd_unpack(packed, block, out.len + 1));
    HOLDS(out.len == 0 || !pm_zstd_unpack(packed, block, out.len - 1));
    free(block);
}

static void check_packed(struct pm_arena *arena, pm_str packed)
{
    char block[64];
    pm_str out = {NULL, 0}, same = {NULL, 0};
    enum pm_zstd_verdict verdict = pm_zstd_expand(arena, packed, MOST, &out);
    HOLDS(verdict != PM_ZSTD_NO_MEMORY);
    HOLDS(!pm_zstd_unpack(packed, block, sizeof block) ||
          (verdict == PM_ZSTD_OK && out.len == sizeof block));
    if (verdict != PM_ZSTD_OK) {
        HOLDS(!out.ptr);
        return;
    }
    struct fuzz_digest digest = {0};
    fuzz_add_text(&digest, out);
    HOLDS(out.len <= MOST && packed.len > 0);
    check_unpack(packed, out);
    HOLDS(pm_zstd_expand(arena, packed, out.len, &same) == PM_ZSTD_OK);
    HOLDS(pm_str_equal(same, out));
    HOLDS(out.len == 0 || pm_zstd_expand(arena, packed, out.len - 1, &same) == PM_ZSTD_TOO_LARGE);
}

static void check_bytes(struct pm_arena *arena, pm_str bytes)
{
    size_t room = ZSTD_compressBound(bytes.len) + 1;
    char *packed = malloc(room);
    pm_str out;
    HOLDS(packed != NULL);
    size_t len = ZSTD_compress(packed, room, bytes.ptr, bytes.len, 1);
    HOLDS(!ZSTD_isError(len) && len < room);
    HOLDS(pm_zstd_expand(arena, (pm_str){packed, len}, bytes.len, &out) == PM_ZSTD_OK);
    HOLDS(pm_str_equal(out, bytes));
    packed[len] = bytes.len ? bytes.ptr[0] : 'x';
    HOLDS(pm_zstd_expand(arena, (pm_str){packed, len + 1}, MOST, &out) == PM_ZSTD_DAMAGED);
    HOLDS(pm_zstd_expand(arena, (pm_str){packed, len - 1}, MOST, &out) == PM_ZSTD_DAMAGED);
    free(packed);
}

static void check_own(pm_str bytes)
{
    pm_str packed;
    HOLDS(pm_zstd_pack(bytes, &packed));
    check_unpack(packed, bytes);
    free((void *)(uintptr_t)packed.ptr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pm_arena arena;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    check_packed(&arena, fuzz_text(data, size));
    if (size <= MOST) {
        check_bytes(&arena, fuzz_text(data, size));
        check_own(fuzz_text(data, size));
    }
    HOLDS(!arena.failed);
    pm_arena_finish(&arena);
    return 0;
}
