/* buf.h - text being built, on an arena, with its ceiling given at birth.
 *
 * A write that does not fit writes nothing and sets `failed`, which stays: build everything,
 * look once at the end. */
#ifndef PM_BASE_BUF_H
#define PM_BASE_BUF_H

#include "base/arena.h"

struct pm_buf {
    struct pm_arena *arena;
    char *ptr;
    size_t len, room, ceiling;
    bool failed;
};

void pm_buf_init(struct pm_buf *buf, struct pm_arena *arena, size_t ceiling);
void pm_buf_add(struct pm_buf *buf, pm_str text);
void pm_buf_add_c(struct pm_buf *buf, const char *c_text);
void pm_buf_add_char(struct pm_buf *buf, char c);
void pm_buf_add_u64(struct pm_buf *buf, uint64_t value);
void pm_buf_add_i64(struct pm_buf *buf, int64_t value);
/* printf without floating point: their text depends on the host's locale. */
void pm_buf_addf(struct pm_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

pm_str pm_buf_text(const struct pm_buf *buf); /* empty when failed */

#endif
