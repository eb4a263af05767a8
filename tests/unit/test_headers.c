/* test_headers.c - the header lines of a reply, as libcurl hands them out. */

#include "net/headers.h"

#include "check.h"

#include <string.h>

static struct pm_headers take(struct pm_arena *arena, const char *const *lines)
{
    struct pm_headers headers = pm_no_headers;
    for (; *lines; lines++) {
        pm_headers_take(&headers, arena, pm_str_from(*lines));
    }
    return headers;
}

static void test_fields(struct pm_arena *arena)
{
    static const char *const lines[] = {
        "HTTP/1.1 200 OK\r\n",
        "Content-Type: application/json; charset=utf-8\r\n",
        "x-error-code:GatedRepo\r\n",
        "X-ERROR-MESSAGE:   with blanks \t\r\n",
        "X-Repo-Commit: abc\r\n",
        "X-Total-Count: 13\r\n",
        "X-Goog-Generation: 1795238411987654\r\n",
        "RateLimit: \"api\";r=1;t=2\r\n",
        "RateLimit-Policy: \"fixed window\";q=5\r\n",
        "Retry-After: 30\r\n",
        "Link: <a>; rel=next\r\n",
        "link: <b>; rel=prev\r\n",
        " Retry-After: 60\r\n",
        "no colon\r\n",
        "\r\n",
        NULL,
    };
    struct pm_headers headers = take(arena, lines);
    CHECK_TEXT(headers.content_type, PM_STR("application/json; charset=utf-8"), "type");
    CHECK_TEXT(headers.error_code, PM_STR("GatedRepo"), "code");
    CHECK_TEXT(headers.error_message, PM_STR("with blanks"), "message");
    CHECK_TEXT(headers.commit, PM_STR("abc"), "commit");
    CHECK_TEXT(headers.total_count, PM_STR("13"), "count");
    CHECK_TEXT(headers.generation, PM_STR("1795238411987654"), "generation");
    CHECK_TEXT(headers.rate_limit, PM_STR("\"api\";r=1;t=2"), "limit, not its policy");
    CHECK_TEXT(headers.retry_after, PM_STR("30"), "a line that begins with a blank is none");
    CHECK_TEXT(headers.link, PM_STR("<a>; rel=next, <b>; rel=prev"), "links are joined");
    CHECK(headers.has_link, "there is a link");
}

/* After a redirect, an interim reply or a proxy's own one, only the last counts. */
static void test_last_reply(struct pm_arena *arena)
{
    static const char *const lines[] = {
        "HTTP/1.1 200 Connection established\r\n",
        "Link: <a>; rel=next\r\n",
        "X-Error-Code: Old\r\n",
        "Retry-After: 3\r\n",
        "HTTP/2 404 \r\n",
        "x-repo-commit: c\r\n",
        NULL,
    };
    struct pm_headers headers = take(arena, lines);
    CHECK(headers.link.len == 0 && !headers.has_link && headers.error_code.len == 0 &&
              headers.retry_after.len == 0,
          "nothing of the first one is left");
    CHECK_TEXT(headers.commit, PM_STR("c"), "the second one's");
}

static struct pm_headers take_long(struct pm_arena *arena, const char *name, size_t bytes,
                                   const char *after)
{
    static char line[PM_HEADER_LINK_MOST + 64];
    struct pm_headers headers = pm_no_headers;
    size_t start = (size_t)snprintf(line, sizeof line, "%s: ", name);
    memset(line + start, 'x', bytes);
    pm_headers_take(&headers, arena, (pm_str){line, start + bytes});
    pm_headers_take(&headers, arena, pm_str_from(after));
    return headers;
}

static void test_sizes(struct pm_arena *arena)
{
    struct pm_headers headers = take_long(arena, "X-Error-Message", PM_HEADER_MOST, "");
    CHECK(headers.error_message.len == PM_HEADER_MOST, "as long as allowed");
    headers = take_long(arena, "X-Error-Message", PM_HEADER_MOST + 1, "");
    CHECK(headers.error_message.len == 0, "one byte more");
    headers = take_long(arena, "Link", PM_HEADER_LINK_MOST, "");
    CHECK(headers.link.len == PM_HEADER_LINK_MOST && headers.has_link, "a long link");
    headers = take_long(arena, "Link", PM_HEADER_LINK_MOST + 1, "");
    CHECK(headers.link.len == 0 && headers.has_link, "too long, but there was one");
    headers = take_long(arena, "Link", PM_HEADER_LINK_MOST, "Link: <b>\r\n");
    CHECK(headers.link.len == 0 && headers.has_link, "too long together");
}

static void test_no_memory(void)
{
    struct pm_arena none;
    pm_arena_init(&none, 0);
    struct pm_headers headers = take_long(&none, "Link", 10, "X-Repo-Commit: c\r\n");
    CHECK(headers.link.len == 0 && headers.has_link && headers.commit.len == 0, "no memory");
    pm_arena_finish(&none);
}

/* Written down and read again they are the same. */
static void test_kept(struct pm_arena *arena)
{
    static const char *const lines[] = {"Content-Type: text/html\r\n", "Link: <a>; rel=next\r\n",
                                        "X-Total-Count: 13\r\n", "x-goog-generation: 7\r\n", NULL};
    struct pm_headers headers = take(arena, lines), again = pm_no_headers;
    pm_headers_read(&again, arena, pm_headers_write(&headers, arena));
    CHECK_TEXT(again.content_type, headers.content_type, "type");
    CHECK_TEXT(again.link, headers.link, "link");
    CHECK_TEXT(again.total_count, headers.total_count, "count");
    CHECK_TEXT(again.generation, headers.generation, "generation");
    CHECK(again.has_link && again.commit.len == 0 && again.retry_after.len == 0, "no others");
    CHECK(pm_headers_write(&pm_no_headers, arena).len == 0, "none");
    headers = take_long(arena, "Link", PM_HEADER_LINK_MOST + 1, "");
    again = pm_no_headers;
    pm_headers_read(&again, arena, pm_headers_write(&headers, arena));
    CHECK(again.has_link && again.link.len == 0, "a link that was too long stays one");
}

int main(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, 65536);
    test_fields(&arena);
    test_last_reply(&arena);
    test_sizes(&arena);
    test_no_memory();
    test_kept(&arena);
    pm_arena_finish(&arena);
    return check_done();
}
