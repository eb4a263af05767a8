/* fuzz.h - what the fuzz targets share.
 *
 * A target is one decoder and the rules that hold for whatever it is given. clang's libFuzzer calls
 * it, or driver.c where there is no clang. */
#ifndef PM_FUZZ_FUZZ_H
#define PM_FUZZ_FUZZ_H

#include "base/arena.h"
#include "codec/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FUZZ_ARENA_BYTES ((size_t)32 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A rule that must hold; in every build, unlike assert. */
#define HOLDS(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "FAIL %s:%d: %s\n", __FILE__, __LINE__, #condition);                   \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static inline pm_str fuzz_text(const uint8_t *data, size_t size)
{
    return (pm_str){(const char *)data, size};
}

static inline bool fuzz_is_utf8(pm_str text)
{
    uint32_t code_point;
    for (size_t at = 0; at < text.len;) {
        at += pm_utf8_next(pm_str_tail(text, at), &code_point);
        if (code_point == PM_UTF8_INVALID) {
            return false;
        }
    }
    return true;
}

/* Two runs of a decoder gave the same facts when they gave the same digest. Reading every byte of
 * them is half of the purpose: a sanitizer sees those that are not there. */
struct fuzz_digest {
    uint64_t sum;
};

static inline void fuzz_add(struct fuzz_digest *digest, const void *bytes, size_t len)
{
    const unsigned char *each = bytes;
    for (size_t i = 0; i < len; i++) {
        digest->sum = (digest->sum ^ each[i]) * UINT64_C(0x100000001B3);
    }
}

static inline void fuzz_add_u64(struct fuzz_digest *digest, uint64_t value)
{
    fuzz_add(digest, &value, sizeof value);
}

static inline void fuzz_add_text(struct fuzz_digest *digest, pm_str text)
{
    fuzz_add_u64(digest, text.len);
    fuzz_add(digest, text.ptr, text.len);
}

#endif
