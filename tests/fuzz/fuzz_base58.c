/* fuzz_base58.c - the input is once a text to decode and once bytes to encode. */

#include "fuzz.h"

#include "chain/base58.h"
#include "chain/key.h"

static bool is_alphabet(pm_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!text.ptr[i] ||
            !strchr("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", text.ptr[i])) {
            return false;
        }
    }
    return true;
}

static pm_str encode(struct pm_arena *arena, const uint8_t *bytes, size_t len)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, SIZE_MAX / 2);
    pm_base58_add(&buf, bytes, len);
    HOLDS(buf.failed == (len > PM_BASE58_BYTES_MOST));
    return pm_buf_text(&buf);
}

static void check_text(struct pm_arena *arena, pm_str text)
{
    uint8_t bytes[PM_BASE58_BYTES_MOST], less[PM_BASE58_BYTES_MOST];
    size_t len = 0, less_len = 0;
    bool is_read = pm_base58_decode(text, bytes, sizeof bytes, &len);
    /* A character is at most a byte and at least five bits. */
    HOLDS(is_read ? is_alphabet(text) : !is_alphabet(text) || text.len > PM_BASE58_BYTES_MOST);
    if (!is_read) {
        return;
    }
    HOLDS(len <= text.len && text.len * 5 <= len * 8 + 5);
    HOLDS(pm_str_equal(encode(arena, bytes, len), text));
    HOLDS(pm_base58_decode(text, less, len, &less_len) && less_len == len);
    HOLDS(memcmp(less, bytes, len) == 0);
    HOLDS(len == 0 || !pm_base58_decode(text, less, len - 1, &less_len));
}

static void check_bytes(struct pm_arena *arena, const uint8_t *bytes, size_t len)
{
    uint8_t back[PM_BASE58_BYTES_MOST];
    size_t back_len = 0;
    pm_str text = encode(arena, bytes, len);
    if (len <= PM_BASE58_BYTES_MOST) {
        HOLDS(pm_base58_decode(text, back, len, &back_len));
        HOLDS(back_len == len && memcmp(back, bytes, len) == 0);
    }
}

static void check_key(pm_str text)
{
    struct pm_key key;
    uint8_t bytes[PM_BASE58_BYTES_MOST];
    size_t len = 0;
    enum pm_key_problem problem = pm_key_read(text, &key);
    bool is_read = pm_base58_decode(text, bytes, sizeof bytes, &len);
    if (text.len > PM_KEY_TEXT_MOST) {
        HOLDS(problem == PM_KEY_WRONG_SIZE);
    } else if (!is_read || len > PM_KEY_BYTES) {
        HOLDS(problem == PM_KEY_INVALID);
    } else {
        HOLDS(problem == (len == PM_KEY_BYTES ? PM_KEY_OK : PM_KEY_WRONG_SIZE));
        HOLDS(problem != PM_KEY_OK || memcmp(key.bytes, bytes, len) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pm_arena arena;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    check_text(&arena, fuzz_text(data, size));
    check_bytes(&arena, data, size);
    check_key(fuzz_text(data, size));
    pm_arena_finish(&arena);
    return 0;
}
