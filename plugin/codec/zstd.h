/* zstd.h - accounts as nodes pack them, and replies as we keep them. */
#ifndef PM_CODEC_ZSTD_H
#define PM_CODEC_ZSTD_H

#include "base/arena.h"

enum pm_zstd_verdict {
    PM_ZSTD_OK,
    PM_ZSTD_DAMAGED,   /* no zstd, cut short, a wrong checksum, or something behind the end */
    PM_ZSTD_TOO_LARGE, /* it stands for more bytes than were allowed */
    PM_ZSTD_NO_MEMORY,
};

/* The bytes that one or more whole frames stand for, one after the other, on the arena; at most
 * `most`. Frames need not tell their size in advance. *out is set only for PM_ZSTD_OK. What is
 * needed while it works is `most` bytes and the library's own 100 kB, whatever a frame asks for. */
enum pm_zstd_verdict pm_zstd_expand(struct pm_arena *arena, pm_str packed, size_t most,
                                    pm_str *out);

/* One frame with its size and a checksum, quick rather than small; malloc'd, as large as it is.
 * False when memory is out. */
PM_CHECKED bool pm_zstd_pack(pm_str bytes, pm_str *out);

/* What such a frame stands for, into a block of `room` bytes; false unless it is `room` exactly. */
PM_CHECKED bool pm_zstd_unpack(pm_str packed, char *block, size_t room);

/* "1.5.4" */
const char *pm_zstd_library_version(void);

#endif
