/* fuzz_base64.c - the input is once a text to decode and once bytes to encode. */

#include "fuzz.h"

#include "base/buf.h"
#include "codec/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Bit by bit, so that it shares no mistake with the decoder. */
static pm_str encode(struct pm_arena *arena, pm_str bytes)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, SIZE_MAX / 2);
    for (size_t bit = 0; bit < bytes.len * 8; bit += 6) {
        unsigned value = 0;
        for (size_t each = bit; each < bit + 6; each++) {
            bool is_set =
                each / 8 < bytes.len && ((unsigned char)bytes.ptr[each / 8] >> (7 - each % 8) & 1);
            value = value << 1 | is_set;
        }
        pm_buf_add_char(&buf, alphabet[value]);
    }
    while (buf.len % 4) {
        pm_buf_add_char(&buf, '=');
    }
    HOLDS(!buf.failed);
    return pm_buf_text(&buf);
}

static bool is_near_base64(pm_str text)
{
    size_t end = text.len;
    while (end > 0 && end + 2 > text.len && text.ptr[end - 1] == '=') {
        end--;
    }
    for (size_t i = 0; i < end; i++) {
        if (!text.ptr[i] || !strchr(alphabet, text.ptr[i])) {
            return false;
        }
    }
    return text.len % 4 == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pm_str text = fuzz_text(data, size), bytes = {NULL, 0}, back = {NULL, 0};
    struct pm_arena arena;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    if (pm_base64_decode(&arena, text, size, &bytes)) {
        HOLDS(pm_str_equal(encode(&arena, bytes), text));
        HOLDS(pm_base64_decode(&arena, text, bytes.len, &back));
        HOLDS(bytes.len == 0 || !pm_base64_decode(&arena, text, bytes.len - 1, &back));
    } else {
        HOLDS(!bytes.ptr);
        /* All characters are good, so it is for the bits behind the last byte. */
        HOLDS(!is_near_base64(text) || text.ptr[size - 1] == '=');
    }
    HOLDS(pm_base64_decode(&arena, encode(&arena, text), size, &back));
    HOLDS(pm_str_equal(back, text) && !arena.failed);
    pm_arena_finish(&arena);
    return 0;
}
