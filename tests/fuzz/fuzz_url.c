/* fuzz_url.c - whom a URL means: libcurl, which is the one to go there, must read the same. */

#include "fuzz.h"

#include "codec/url.h"

#include <curl/curl.h>

static bool is_part(CURLU *handle, CURLUPart part, pm_str want)
{
    char *got = NULL;
    HOLDS(curl_url_get(handle, part, &got, CURLU_DEFAULT_PORT) == CURLUE_OK);
    bool is_same = pm_str_equal_nocase(pm_str_from(got), want);
    curl_free(got);
    return is_same;
}

static void check_curl(struct pm_arena *arena, pm_str text, const struct pm_url *url)
{
    CURLU *handle = curl_url();
    char port[8];
    struct pm_buf host;
    HOLDS(handle != NULL);
    if (curl_url_set(handle, CURLUPART_URL, pm_arena_cstr(arena, text), 0) == CURLUE_OK) {
        (void)snprintf(port, sizeof port, "%u", (unsigned)url->port);
        bool has_colons = pm_str_find(url->host, ':') < url->host.len;
        pm_buf_init(&host, arena, SIZE_MAX / 2);
        pm_buf_addf(&host, has_colons ? "[%.*s]" : "%.*s", PM_STR_ARG(url->host));
        HOLDS(is_part(handle, CURLUPART_SCHEME, url->scheme));
        /* Addresses of six parts may be written shorter; of the others no letter changes. */
        HOLDS(is_part(handle, CURLUPART_HOST, pm_buf_text(&host)) || has_colons);
        HOLDS(is_part(handle, CURLUPART_PORT, pm_str_from(port)));
    }
    curl_url_cleanup(handle);
}

/* Its parts, put together again, are the whole. */
static void check_parts(struct pm_arena *arena, pm_str text, const struct pm_url *url)
{
    struct pm_buf whole;
    bool has_colons = pm_str_find(url->host, ':') < url->host.len;
    size_t authority_end = text.len - url->path.len;
    pm_buf_init(&whole, arena, SIZE_MAX / 2);
    pm_buf_addf(&whole, has_colons ? "%.*s://[%.*s]" : "%.*s://%.*s", PM_STR_ARG(url->scheme),
                PM_STR_ARG(url->host));
    HOLDS(pm_str_starts_nocase(text, pm_buf_text(&whole)));
    HOLDS(url->has_port == (authority_end > whole.len));
    HOLDS(pm_str_equal(pm_str_tail(text, authority_end), url->path));
    HOLDS(url->port != 0 && url->host.len > 0);
    HOLDS(url->path.len == 0 || url->path.ptr[0] == '/' || url->path.ptr[0] == '?');
    for (size_t i = 0; i < url->host.len; i++) {
        HOLDS(!strchr("/?#@\\% \t\r\n[]", url->host.ptr[i]));
    }
    HOLDS(pm_url_same_place(url, url));
    HOLDS(!pm_str_equal(url->scheme, PM_STR("http")) || url->has_port || url->port == 80);
    (void)pm_url_is_loopback(url);
    HOLDS(!has_colons || pm_url_is_address(url));
}

static void check_segment(struct pm_arena *arena, pm_str segment)
{
    struct pm_buf out;
    char *back = malloc(segment.len + 1);
    size_t len = 0;
    pm_buf_init(&out, arena, SIZE_MAX / 2);
    pm_url_add_segment(&out, segment);
    pm_str text = pm_buf_text(&out);
    HOLDS(back != NULL && !out.failed);
    HOLDS(!pm_str_equal(text, PM_STR(".")) && !pm_str_equal(text, PM_STR("..")));
    for (size_t i = 0; i < text.len; i++, len++) {
        unsigned value = (unsigned char)text.ptr[i];
        HOLDS(len < segment.len && value > ' ' && value < 0x7F && !strchr("/?#&=+", (int)value));
        if (value == '%') {
            char hex[3] = {text.ptr[i + 1], text.ptr[i + 2], '\0'};
            value = (unsigned)strtoul(hex, NULL, 16);
            i += 2;
        }
        back[len] = (char)(unsigned char)value;
    }
    HOLDS(pm_str_equal(segment, (pm_str){back, len}));
    free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pm_str text = fuzz_text(data, size);
    struct pm_arena arena;
    struct pm_url url;
    const char *problem = NULL;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    if (pm_url_read(text, &url, &problem)) {
        check_parts(&arena, text, &url);
        check_curl(&arena, text, &url);
    } else {
        HOLDS(problem != NULL && problem[0]);
    }
    check_segment(&arena, text);
    pm_arena_finish(&arena);
    return 0;
}
