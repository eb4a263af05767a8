/* headers.h - what a reply says of itself before its body begins.
 *
 * Only of the last reply, after all redirects. They are a source's own words: unclean. */
#ifndef PM_NET_HEADERS_H
#define PM_NET_HEADERS_H

#include "base/arena.h"

#define PM_HEADER_MOST 512 /* bytes; a longer value is as if it had not been sent */
#define PM_HEADER_LINK_MOST 4096

/* Each is empty when it was not sent. */
struct pm_headers {
    pm_str content_type; /* "application/json; charset=utf-8"; bodies are judged by themselves */
    pm_str link;         /* several are joined by ", " */
    bool has_link;       /* one was sent, though it may have been too long to keep */
    pm_str rate_limit, retry_after;
    pm_str error_code, error_message; /* X-Error-Code, X-Error-Message */
    pm_str commit;                    /* X-Repo-Commit */
    pm_str total_count;               /* X-Total-Count */
    pm_str generation;                /* x-goog-generation */
};

extern const struct pm_headers pm_no_headers;

/* Takes one line as it came in, "Name: value\r\n", or a status line, which begins anew. Values are
 * copied to `arena`, whose failure leaves them empty. */
void pm_headers_take(struct pm_headers *headers, struct pm_arena *arena, pm_str line);

/* All of them as such lines, and back. */
pm_str pm_headers_write(const struct pm_headers *headers, struct pm_arena *arena);
void pm_headers_read(struct pm_headers *headers, struct pm_arena *arena, pm_str lines);

#endif
