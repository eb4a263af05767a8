/* whole_reply.h - an input that is a whole reply: status line, headers, an empty line, the body. */
#ifndef PM_FUZZ_WHOLE_REPLY_H
#define PM_FUZZ_WHOLE_REPLY_H

#include "fuzz.h"

#include "codec/json.h"
#include "net/entry.h"

struct whole_reply {
    struct pm_arena arena, header_arena;
    struct pm_headers headers;
    struct pm_body body;
    struct pm_outcome outcome;
    const void *facts;
};

/* Lines until an empty one; what follows them. */
static inline pm_str whole_take_headers(struct whole_reply *reply, pm_str text)
{
    reply->headers = pm_no_headers;
    while (text.len) {
        size_t end = pm_str_find(text, '\n');
        pm_str line = pm_str_slice(text, 0, end + 1);
        text = pm_str_tail(text, end + 1);
        if (pm_str_trim(line).len == 0) {
            break;
        }
        pm_headers_take(&reply->headers, &reply->header_arena, line);
    }
    return text;
}

/* "HTTP/1.1 404 Not Found": 200 or a 4xx, as that is all that reaches a decoder. */
static inline long whole_status(pm_str text, const struct pm_kind *kind)
{
    uint64_t status = 0;
    pm_str rest = pm_str_tail(text, pm_str_find(text, ' ') + 1);
    bool is_number = pm_str_to_u64(pm_str_slice(rest, 0, 3), &status);
    return is_number && kind->decodes_refusals && status >= 400 && status < 500 ? (long)status
                                                                                : 200;
}

/* The body in a block of exactly its size. */
static inline void whole_decode(struct whole_reply *reply, const struct pm_kind *kind, pm_str text)
{
    struct pm_arena scratch;
    *reply = (struct whole_reply){.outcome = {.http = whole_status(text, kind)}};
    pm_arena_init(&reply->arena, FUZZ_ARENA_BYTES);
    pm_arena_init(&reply->header_arena, FUZZ_ARENA_BYTES);
    pm_arena_init(&scratch, FUZZ_ARENA_BYTES);
    pm_str body = whole_take_headers(reply, text);
    char *bytes = malloc(body.len + PM_JSON_PADDING);
    HOLDS(bytes != NULL);
    memcpy(bytes, body.len ? body.ptr : "", body.len);
    memset(bytes + body.len, 'x', PM_JSON_PADDING);
    reply->body = (struct pm_body){.ptr = bytes, .len = body.len, .headers = &reply->headers};
    reply->facts = kind->decode(&reply->arena, &scratch, &reply->body, &reply->outcome);
    pm_arena_finish(&scratch); /* facts must stand without it */
    HOLDS((reply->facts != NULL) == (reply->outcome.status == PM_STATUS_OK));
    HOLDS((reply->facts != NULL) == (reply->outcome.problem[0] == '\0'));
    HOLDS(memchr(reply->outcome.problem, '\0', sizeof reply->outcome.problem));
}

static inline void whole_drop(struct whole_reply *reply)
{
    pm_arena_finish(&reply->arena);
    pm_arena_finish(&reply->header_arena);
    free(reply->body.ptr);
}

#endif
