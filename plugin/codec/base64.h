/* base64.h - the way in which bytes travel inside JSON. */
#ifndef PM_CODEC_BASE64_H
#define PM_CODEC_BASE64_H

#include "base/arena.h"

/* The bytes of `text`, on the arena. Only what an encoder writes is read: the standard alphabet,
 * whole groups of four with their padding, no white space, no bits lost at the end. False for
 * anything else, for more than `most` bytes, and when memory is out (then arena->failed). */
PM_CHECKED bool pm_base64_decode(struct pm_arena *arena, pm_str text, size_t most, pm_str *out);

#endif
