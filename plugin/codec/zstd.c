/* zstd.c - accounts as nodes pack them, and replies as we keep them.
 *
 * A frame names the window that its decoder must keep, which may be gigabytes, and a few bytes can
 * stand for as many. Both are settled by expanding into one block of the size that the caller
 * allows: the block itself is the window, and there is no way past its end. The block is the
 * system's and not the arena's, because it is known only afterwards how little of it was needed;
 * the same goes for the library's context, which takes another allocator only by functions that are
 * not part of its stable interface. */

#include "codec/zstd.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#define MAGIC_BYTES 4
#define PACK_LEVEL 1 /* JSON becomes a fifth; higher levels cost more than they gain here */

/* The library may have been built to read the formats from before version 0.8, which nobody sends
 * and hardly anybody tests. */
static bool starts_frame(pm_str packed)
{
    uint32_t magic = 0;
    for (size_t i = 0; i < MAGIC_BYTES && i < packed.len; i++) {
        magic |= (uint32_t)(unsigned char)packed.ptr[i] << (8 * i);
    }
    return packed.len > MAGIC_BYTES &&
           (magic == ZSTD_MAGICNUMBER ||
            (magic & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START);
}

static enum pm_zstd_verdict judge(size_t result)
{
    ZSTD_ErrorCode code = ZSTD_getErrorCode(result);
    if (code == ZSTD_error_no_error) {
        return PM_ZSTD_OK;
    }
    if (code == ZSTD_error_memory_allocation) {
        return PM_ZSTD_NO_MEMORY;
    }
    return code == ZSTD_error_dstSize_tooSmall ? PM_ZSTD_TOO_LARGE : PM_ZSTD_DAMAGED;
}

/* Takes the frame at the front of *packed and adds what it stands for to the block. */
static enum pm_zstd_verdict expand_frame(ZSTD_DCtx *context, pm_str *packed, char *block,
                                         size_t most, size_t *len)
{
    if (!starts_frame(*packed)) {
        return PM_ZSTD_DAMAGED;
    }
    size_t frame_bytes = ZSTD_findFrameCompressedSize(packed->ptr, packed->len);
    if (ZSTD_isError(frame_bytes)) {
        return PM_ZSTD_DAMAGED;
    }
    size_t added =
        ZSTD_decompressDCtx(context, block + *len, most - *len, packed->ptr, frame_bytes);
    if (ZSTD_isError(added)) {
        return judge(added);
    }
    *len += added;
    *packed = pm_str_tail(*packed, frame_bytes);
    return PM_ZSTD_OK;
}

static enum pm_zstd_verdict keep(struct pm_arena *arena, pm_str bytes, pm_str *out)
{
    char *copy = pm_arena_alloc(arena, bytes.len);
    if (!copy) {
        return PM_ZSTD_NO_MEMORY;
    }
    memcpy(copy, bytes.ptr, bytes.len);
    *out = (pm_str){copy, bytes.len};
    return PM_ZSTD_OK;
}

enum pm_zstd_verdict pm_zstd_expand(struct pm_arena *arena, pm_str packed, size_t most, pm_str *out)
{
    enum pm_zstd_verdict verdict = PM_ZSTD_NO_MEMORY;
    size_t len = 0;
    ZSTD_DCtx *context = ZSTD_createDCtx();
    char *block = malloc(most ? most : 1);
    if (!context || !block) {
        goto done;
    }
    do {
        verdict = expand_frame(context, &packed, block, most, &len);
    } while (verdict == PM_ZSTD_OK && packed.len > 0);
    if (verdict == PM_ZSTD_OK) {
        verdict = keep(arena, (pm_str){block, len}, out);
    }
done:
    (void)ZSTD_freeDCtx(context);
    free(block);
    return verdict;
}

bool pm_zstd_pack(pm_str bytes, pm_str *out)
{
    size_t room = ZSTD_compressBound(bytes.len), len = 0;
    ZSTD_CCtx *context = ZSTD_createCCtx();
    char *block = malloc(room);
    bool ok = context && block &&
              !ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, PACK_LEVEL)) &&
              !ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1));
    if (ok) {
        len = ZSTD_compress2(context, block, room, bytes.ptr, bytes.len);
        ok = !ZSTD_isError(len);
    }
    (void)ZSTD_freeCCtx(context);
    char *fitting = ok ? realloc(block, len) : NULL;
    if (!fitting) {
        free(block);
        return false;
    }
    *out = (pm_str){fitting, len};
    return true;
}

bool pm_zstd_unpack(pm_str packed, char *block, size_t room)
{
    return starts_frame(packed) && ZSTD_decompress(block, room, packed.ptr, packed.len) == room;
}

const char *pm_zstd_library_version(void)
{
    return ZSTD_versionString();
}
