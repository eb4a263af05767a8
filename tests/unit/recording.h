/* recording.h - recorded replies: NAME.headers, as they came in, and the body beside it. */
#ifndef PM_TESTS_RECORDING_H
#define PM_TESTS_RECORDING_H

#include "codec/json.h"
#include "net/entry.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

#define RECORDING_ARENA_BYTES ((size_t)16 << 20)

struct recording {
    struct pm_arena arena; /* of all but the body */
    struct pm_headers headers;
    struct pm_body body;
    struct pm_outcome outcome; /* what the decoder made of it */
    const void *facts;
    bool is_there;
};

/* Empty and .ptr NULL when there is no such file. */
static pm_str recording_file(struct pm_arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t room = (size_t)1 << 20;
    char *bytes = file ? pm_arena_alloc(arena, room) : NULL;
    size_t len = bytes ? fread(bytes, 1, room, file) : 0;
    if (file) {
        (void)fclose(file);
    }
    return (pm_str){bytes, len};
}

/* The body in a block of exactly its size, so that a sanitizer sees each byte too far; none at all
 * for one that never had a byte. */
static void recording_fill(struct recording *recording, pm_str text)
{
    recording->body.headers = &recording->headers;
    if (text.len == 0) {
        return;
    }
    recording->body.ptr = malloc(text.len + PM_JSON_PADDING);
    recording->body.len = text.len;
    if (!recording->body.ptr) {
        abort();
    }
    memcpy(recording->body.ptr, text.ptr, text.len);
    memset(recording->body.ptr + text.len, 'x', PM_JSON_PADDING);
}

static void recording_take_headers(struct recording *recording, pm_str lines)
{
    recording->headers = pm_no_headers;
    for (pm_str rest = lines; rest.len;) {
        size_t end = pm_str_find(rest, '\n');
        pm_headers_take(&recording->headers, &recording->arena, pm_str_slice(rest, 0, end + 1));
        rest = pm_str_tail(rest, end + 1);
    }
    /* "HTTP/1.1 404 Not Found" */
    recording->outcome.http = strtol(lines.ptr + pm_str_find(lines, ' '), NULL, 10);
}

static void recording_decode(struct recording *recording, const struct pm_kind *kind)
{
    struct pm_arena scratch;
    pm_arena_init(&scratch, RECORDING_ARENA_BYTES);
    bool is_answer = recording->outcome.http == 200 ||
                     (kind->decodes_refusals && recording->outcome.http >= 400);
    if (is_answer) {
        recording->facts =
            kind->decode(&recording->arena, &scratch, &recording->body, &recording->outcome);
    } else if (!kind->refusal ||
               !kind->refusal(recording->outcome.http, &recording->body, &recording->outcome)) {
        pm_outcome_set(&recording->outcome, PM_STATUS_HTTP_STATUS, "not decoded");
    }
    pm_arena_finish(&scratch); /* facts must stand without it */
}

/* From written bytes: header lines, each with its end, and the body. */
static inline struct recording recording_of(const struct pm_kind *kind, const char *lines,
                                            pm_str text, size_t ceiling)
{
    struct recording recording = {.outcome = {.status = PM_STATUS_OK}};
    pm_arena_init(&recording.arena, ceiling);
    recording_fill(&recording, text);
    recording_take_headers(&recording, pm_str_from(lines));
    recording_decode(&recording, kind);
    recording.is_there = true;
    return recording;
}

static inline struct recording recording_read(const struct pm_kind *kind, const char *folder,
                                              const char *name)
{
    static const char *const endings[] = {"json", "txt", "xml", "html"};
    struct recording recording = {.outcome = {.status = PM_STATUS_OK}};
    struct pm_arena files;
    char path[512];
    pm_str text = {0};
    pm_arena_init(&recording.arena, RECORDING_ARENA_BYTES);
    pm_arena_init(&files, RECORDING_ARENA_BYTES);
    (void)snprintf(path, sizeof path, "%s/%s.headers", folder, name);
    pm_str lines = recording_file(&files, path);
    for (size_t i = 0; !text.ptr && i < sizeof endings / sizeof *endings; i++) {
        (void)snprintf(path, sizeof path, "%s/%s.%s", folder, name, endings[i]);
        text = recording_file(&files, path);
    }
    recording.is_there = lines.ptr != NULL;
    if (recording.is_there) {
        recording_fill(&recording, text);
        recording_take_headers(&recording, lines);
        recording_decode(&recording, kind);
    }
    pm_arena_finish(&files);
    return recording;
}

static inline void recording_drop(struct recording *recording)
{
    pm_arena_finish(&recording->arena);
    free(recording->body.ptr);
}

#endif
