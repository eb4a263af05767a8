/* reading.h - one body decoded by hand, for tests of the dashboard's decoders. */
#ifndef PM_TESTS_READING_H
#define PM_TESTS_READING_H

#include "base/big.h"
#include "source/dashboard_inside.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

#define SIGIL "\xE0\xBF\x8F"
#define ARENA_BYTES ((size_t)8 << 20)

/* One decoded body, in a block of exactly its size, so that a sanitizer sees each byte too far. */
struct reading {
    struct pm_arena arena;
    struct pm_body body;
    struct pm_outcome outcome;
    const void *facts;
};

static void decode(struct reading *reading, const struct pm_kind *kind, size_t ceiling)
{
    struct pm_arena scratch;
    pm_arena_init(&scratch, ceiling);
    reading->facts = kind->decode(&reading->arena, &scratch, &reading->body, &reading->outcome);
    pm_arena_finish(&scratch); /* facts must stand without it */
}

/* `asked` is what was posted for it, if anything was. */
static struct reading read_reply(const struct pm_kind *kind, pm_str asked, pm_str text,
                                 size_t ceiling)
{
    struct reading reading = {.outcome = {.status = PM_STATUS_OK}};
    pm_arena_init(&reading.arena, ceiling);
    reading.body =
        (struct pm_body){malloc(text.len + PM_JSON_PADDING), text.len, asked, &pm_no_headers};
    if (!reading.body.ptr) {
        abort();
    }
    memcpy(reading.body.ptr, text.ptr, text.len);
    memset(reading.body.ptr + text.len, 'x', PM_JSON_PADDING);
    decode(&reading, kind, ceiling);
    return reading;
}

static inline struct reading read_bytes(const struct pm_kind *kind, pm_str text, size_t ceiling)
{
    return read_reply(kind, PM_STR(""), text, ceiling);
}

static inline struct reading read_as(const struct pm_kind *kind, const char *text)
{
    return read_bytes(kind, pm_str_from(text), ARENA_BYTES);
}

static void drop(struct reading *reading)
{
    pm_arena_finish(&reading->arena);
    free(reading->body.ptr);
}

/* A body that is no answer of its kind, and what is said of it. */
struct refused_body {
    const struct pm_kind *kind;
    const char *body;
    enum pm_status status;
    const char *problem; /* part of it */
};

static inline void check_refused(const struct refused_body *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct reading got = read_as(cases[i].kind, cases[i].body);
        CHECK(!got.facts, "%s of %s", cases[i].kind->name, cases[i].body);
        CHECK(got.outcome.status == cases[i].status, "%s of %s: %s", cases[i].kind->name,
              cases[i].body, pm_status_word(got.outcome.status));
        CHECK(strstr(got.outcome.problem, cases[i].problem), "%s: \"%s\" has no \"%s\"",
              cases[i].body, got.outcome.problem, cases[i].problem);
        drop(&got);
    }
}

static inline pm_str big_text(struct pm_arena *arena, struct pm_big big)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 128);
    pm_big_add_text(&buf, big);
    return pm_buf_text(&buf);
}

#endif
