/* buf.c - text being built, on an arena. */

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void pm_buf_init(struct pm_buf *buf, struct pm_arena *arena, size_t ceiling)
{
    *buf = (struct pm_buf){.arena = arena, .ceiling = ceiling};
}

/* Room for `more` bytes after the text, or NULL. */
static char *reserve(struct pm_buf *buf, size_t more)
{
    if (buf->failed || more > buf->ceiling - buf->len) {
        buf->failed = true;
        return NULL;
    }
    if (buf->room - buf->len < more) {
        size_t wanted = buf->room ? buf->room * 2 : 128;
        while (wanted < buf->len + more) {
            wanted *= 2;
        }
        char *grown = pm_arena_grow(buf->arena, buf->ptr, buf->room, wanted);
        if (!grown) {
            buf->failed = true;
            return NULL;
        }
        buf->ptr = grown;
        buf->room = wanted;
    }
    return buf->ptr + buf->len;
}

void pm_buf_add(struct pm_buf *buf, pm_str text)
{
    char *at = text.len ? reserve(buf, text.len) : NULL;
    if (at) {
        memcpy(at, text.ptr, text.len);
        buf->len += text.len;
    }
}

void pm_buf_add_c(struct pm_buf *buf, const char *c_text)
{
    pm_buf_add(buf, pm_str_from(c_text));
}

void pm_buf_add_char(struct pm_buf *buf, char c)
{
    pm_buf_add(buf, (pm_str){&c, 1});
}

void pm_buf_add_u64(struct pm_buf *buf, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    pm_buf_add(buf, (pm_str){digits + at, sizeof digits - at});
}

void pm_buf_add_i64(struct pm_buf *buf, int64_t value)
{
    if (value < 0) {
        pm_buf_add_char(buf, '-');
    }
    pm_buf_add_u64(buf, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void pm_buf_addf(struct pm_buf *buf, const char *format, ...)
{
    char small[512];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (length < 0) {
        buf->failed = true;
    } else if ((size_t)length < sizeof small) {
        pm_buf_add(buf, (pm_str){small, (size_t)length});
    } else {
        char *at = reserve(buf, (size_t)length + 1); /* vsnprintf's NUL is not counted after */
        if (at) {
            va_start(args, format);
            (void)vsnprintf(at, (size_t)length + 1, format, args);
            va_end(args);
            buf->len += (size_t)length;
        }
    }
}

pm_str pm_buf_text(const struct pm_buf *buf)
{
    return buf->failed || !buf->ptr ? PM_STR("") : (pm_str){buf->ptr, buf->len};
}
