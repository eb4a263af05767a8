/* headers.c - what a reply says of itself before its body begins. */

#include "net/headers.h"

#include "base/buf.h"

#include <stddef.h>

#define NOT_SENT                                                                                   \
    {                                                                                              \
        "", 0                                                                                      \
    }

const struct pm_headers pm_no_headers = {
    .content_type = NOT_SENT,
    .link = NOT_SENT,
    .rate_limit = NOT_SENT,
    .retry_after = NOT_SENT,
    .error_code = NOT_SENT,
    .error_message = NOT_SENT,
    .commit = NOT_SENT,
    .total_count = NOT_SENT,
    .generation = NOT_SENT,
};

static const struct {
    pm_str name;
    size_t at; /* of the field */
} known[] = {
    {PM_STR_INIT("Content-Type"), offsetof(struct pm_headers, content_type)},
    {PM_STR_INIT("Link"), offsetof(struct pm_headers, link)},
    {PM_STR_INIT("RateLimit"), offsetof(struct pm_headers, rate_limit)},
    {PM_STR_INIT("Retry-After"), offsetof(struct pm_headers, retry_after)},
    {PM_STR_INIT("X-Error-Code"), offsetof(struct pm_headers, error_code)},
    {PM_STR_INIT("X-Error-Message"), offsetof(struct pm_headers, error_message)},
    {PM_STR_INIT("X-Repo-Commit"), offsetof(struct pm_headers, commit)},
    {PM_STR_INIT("X-Total-Count"), offsetof(struct pm_headers, total_count)},
    {PM_STR_INIT("x-goog-generation"), offsetof(struct pm_headers, generation)},
};

static pm_str join(struct pm_arena *arena, pm_str first, pm_str second)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, PM_HEADER_LINK_MOST);
    pm_buf_add(&buf, first);
    pm_buf_add_c(&buf, ", ");
    pm_buf_add(&buf, second);
    return pm_buf_text(&buf);
}

static void take_value(struct pm_headers *headers, struct pm_arena *arena, pm_str *field,
                       pm_str value)
{
    bool is_link = field == &headers->link;
    headers->has_link = headers->has_link || is_link;
    if (is_link && field->len && value.len) {
        *field = join(arena, *field, value);
    } else {
        bool fits = value.len <= (is_link ? PM_HEADER_LINK_MOST : PM_HEADER_MOST);
        *field = fits ? pm_arena_copy(arena, value) : PM_STR("");
    }
}

void pm_headers_take(struct pm_headers *headers, struct pm_arena *arena, pm_str line)
{
    size_t colon = pm_str_find(line, ':');
    pm_str name = pm_str_slice(line, 0, colon);
    if (pm_str_starts_nocase(line, PM_STR("HTTP/"))) {
        *headers = pm_no_headers;
        return;
    }
    for (size_t i = 0; colon < line.len && i < sizeof known / sizeof *known; i++) {
        if (pm_str_equal_nocase(name, known[i].name)) {
            pm_str *field = (pm_str *)(void *)((char *)headers + known[i].at);
            take_value(headers, arena, field, pm_str_trim(pm_str_tail(line, colon + 1)));
        }
    }
}

pm_str pm_headers_write(const struct pm_headers *headers, struct pm_arena *arena)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 4 * PM_HEADER_LINK_MOST);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const pm_str *field = (const pm_str *)(const void *)((const char *)headers + known[i].at);
        if (field->len || (field == &headers->link && headers->has_link)) {
            pm_buf_add(&buf, known[i].name);
            pm_buf_add_c(&buf, ": ");
            pm_buf_add(&buf, *field);
            pm_buf_add_c(&buf, "\r\n");
        }
    }
    return pm_buf_text(&buf);
}

void pm_headers_read(struct pm_headers *headers, struct pm_arena *arena, pm_str lines)
{
    while (lines.len) {
        size_t end = pm_str_find(lines, '\n');
        pm_headers_take(headers, arena, pm_str_slice(lines, 0, end));
        lines = pm_str_tail(lines, end + 1);
    }
}
