/* rpc_text.c - bytes in the texts that Solana's nodes use. */

#include "rpc_text.h"

#include "base/buf.h"
#include "chain/base58.h"
#include "codec/base64.h"
#include "codec/utf8.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#define SMALL_BYTES ((size_t)16 << 10)

char *sim_base58(pm_str bytes)
{
    struct pm_arena arena;
    struct pm_buf buf;
    pm_arena_init(&arena, SMALL_BYTES);
    pm_buf_init(&buf, &arena, SMALL_BYTES / 2);
    pm_base58_add(&buf, (const uint8_t *)bytes.ptr, bytes.len);
    pm_str text = pm_buf_text(&buf);
    char *copy = sim_format("%.*s", PM_STR_ARG(text));
    pm_arena_finish(&arena);
    return copy;
}

char *sim_base64(pm_str bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *text = sim_alloc((bytes.len + 2) / 3 * 4 + 1), *to = text;
    for (size_t i = 0; i < bytes.len; i += 3) {
        uint32_t group = 0;
        size_t count = bytes.len - i < 3 ? bytes.len - i : 3;
        for (size_t k = 0; k < 3; k++) {
            group = group << 8 | (k < count ? (unsigned char)bytes.ptr[i + k] : 0);
        }
        for (size_t k = 0; k < 4; k++) {
            *to++ = k <= count ? digits[group >> (18 - 6 * k) & 63] : '=';
        }
    }
    *to = '\0';
    return text;
}

char *sim_zstd_base64(pm_str bytes)
{
    size_t room = ZSTD_compressBound(bytes.len);
    char *packed = sim_alloc(room);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_inBuffer in = {bytes.ptr, bytes.len, 0};
    ZSTD_outBuffer out = {packed, room, 0};
    /* Said in two steps, so that the size is not known when the frame begins. */
    if (bytes.len) {
        (void)ZSTD_compressStream2(context, &out, &in, ZSTD_e_continue);
    }
    (void)ZSTD_compressStream2(context, &out, &in, ZSTD_e_end);
    (void)ZSTD_freeCCtx(context);
    char *text = sim_base64((pm_str){packed, out.pos});
    free(packed);
    return text;
}

bool sim_unbase64(pm_str text, uint8_t *out, size_t room, size_t *len)
{
    struct pm_arena arena;
    pm_str bytes;
    pm_arena_init(&arena, SMALL_BYTES);
    bool is_read = pm_base64_decode(&arena, text, room, &bytes);
    if (is_read) {
        memcpy(out, bytes.ptr, bytes.len);
        *len = bytes.len;
    }
    pm_arena_finish(&arena);
    return is_read;
}

size_t sim_find_bad_utf8(pm_str text)
{
    size_t at = 0;
    while (at < text.len) {
        uint32_t code_point;
        size_t bytes = pm_utf8_next(pm_str_tail(text, at), &code_point);
        if (code_point == PM_UTF8_INVALID) {
            return at;
        }
        at += bytes;
    }
    return at;
}
