/* utf8.h - code points out of bytes that may be anything. */
#ifndef PM_CODEC_UTF8_H
#define PM_CODEC_UTF8_H

#include "base/str.h"

#define PM_UTF8_INVALID UINT32_MAX

/* The code point at the start of `text` and how many bytes it takes. Overlong forms, surrogates and
 * anything above U+10FFFF are PM_UTF8_INVALID and take one byte. 0 bytes only for empty text. */
size_t pm_utf8_next(pm_str text, uint32_t *code_point);

/* Writes 1..4 bytes; 0 when `code_point` is no scalar value. */
size_t pm_utf8_write(uint32_t code_point, char out[4]);

#endif
