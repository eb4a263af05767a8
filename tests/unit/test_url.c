/* test_url.c - codec/url. */

#include "codec/url.h"

#include "check.h"

static void test_good(void)
{
    static const struct {
        const char *in, *scheme, *host, *path;
        uint16_t port;
        bool has_port, is_loopback, is_address;
    } rows[] = {
        {"https://psyche.network/api", "https", "psyche.network", "/api", 443, false, false, false},
        {"HTTPS://Psyche.Network", "https", "Psyche.Network", "", 443, false, false, false},
        {"http://127.0.0.1:8080/a?b=c", "http", "127.0.0.1", "/a?b=c", 8080, true, true, true},
        {"http://127.255.0.3", "http", "127.255.0.3", "", 80, false, true, true},
        {"http://128.0.0.1", "http", "128.0.0.1", "", 80, false, false, true},
        {"http://LocalHost:1", "http", "LocalHost", "", 1, true, true, false},
        {"http://localhost.evil.example/", "http", "localhost.evil.example", "/", 80, false, false,
         false},
        {"http://127.0.0.1.evil.example/", "http", "127.0.0.1.evil.example", "/", 80, false, false,
         false},
        {"http://[::1]:65535/", "http", "::1", "/", 65535, true, true, true},
        {"https://[2001:DB8::7]", "https", "2001:DB8::7", "", 443, false, false, true},
        {"https://[0:0:0:0:0:0:0:1]", "https", "0:0:0:0:0:0:0:1", "", 443, false, true, true},
        {"https://h?q=/", "https", "h", "?q=/", 443, false, false, false},
        {"https://h/a@b:c", "https", "h", "/a@b:c", 443, false, false, false},
        {"https://a-b_c.example.:443//", "https", "a-b_c.example.", "//", 443, true, false, false},
        {"https://1host", "https", "1host", "", 443, false, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_url url;
        const char *problem = "";
        bool is_read = pm_url_read(pm_str_from(rows[i].in), &url, &problem);
        CHECK(is_read, "%s: %s", rows[i].in, problem);
        CHECK_TEXT(url.scheme, pm_str_from(rows[i].scheme), rows[i].in);
        CHECK_TEXT(url.host, pm_str_from(rows[i].host), rows[i].in);
        CHECK_TEXT(url.path, pm_str_from(rows[i].path), rows[i].in);
        CHECK(url.port == rows[i].port && url.has_port == rows[i].has_port, "%s", rows[i].in);
        CHECK(pm_url_is_loopback(&url) == rows[i].is_loopback, "%s", rows[i].in);
        CHECK(pm_url_is_address(&url) == rows[i].is_address, "%s", rows[i].in);
    }
}

static void test_bad(void)
{
    static const pm_str rows[] = {
        PM_STR_INIT(""),
        {NULL, 0},
        PM_STR_INIT("psyche.network"),
        PM_STR_INIT("ftp://h/"),
        PM_STR_INIT("http:/h/"),
        PM_STR_INIT("http:h"),
        PM_STR_INIT("http://"),
        PM_STR_INIT("http:///path"),
        PM_STR_INIT("http://:80/"),
        PM_STR_INIT("http://?q"),
        PM_STR_INIT("http://."),
        PM_STR_INIT("http://user@h/"),
        PM_STR_INIT("http://user:pass@h/"),
        PM_STR_INIT("http://@h/"),
        PM_STR_INIT("http://h/#part"),
        PM_STR_INIT("http://h#part"),
        PM_STR_INIT("http://h:0/"),
        PM_STR_INIT("http://h:65536/"),
        PM_STR_INIT("http://h:99999999999999999999/"),
        PM_STR_INIT("http://h:/"),
        PM_STR_INIT("http://h:8a/"),
        PM_STR_INIT("http://h:-1/"),
        PM_STR_INIT("http://h:80:80/"),
        PM_STR_INIT("http://::1/"),
        PM_STR_INIT("http://[::1"),
        PM_STR_INIT("http://[]/"),
        PM_STR_INIT("http://[::g]/"),
        PM_STR_INIT("http://[127.0.0.1]/"),
        PM_STR_INIT("http://[fe80::1%25eth0]/"),
        PM_STR_INIT("http://[::1]x/"),
        PM_STR_INIT("http://[::1]]/"),
        PM_STR_INIT("http://127.1/"),
        PM_STR_INIT("http://127.0.0.1./"),
        PM_STR_INIT("http://0x7f.0x1/"),
        PM_STR_INIT("http://2130706433/"),
        PM_STR_INIT("http://256.0.0.1/"),
        PM_STR_INIT("http://h%2e/"),
        PM_STR_INIT("http://h\\@evil/"),
        PM_STR_INIT("http://h/ a"),
        PM_STR_INIT(" http://h/"),
        PM_STR_INIT("http://h/\n"),
        PM_STR_INIT("http://h/\r\nHost: evil"),
        PM_STR_INIT("http://h/\0"),
        PM_STR_INIT("http://h\0.evil/"),
        PM_STR_INIT("http://h\xC3\xA4/"),
        PM_STR_INIT("http://h/\xE2\x80\xAE"),
        PM_STR_INIT("http://h/\x7F"),
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_url url;
        const char *problem = NULL;
        CHECK(!pm_url_read(rows[i], &url, &problem), "\"%.*s\"", PM_STR_ARG(rows[i]));
        CHECK(problem && problem[0], "a phrase for \"%.*s\"", PM_STR_ARG(rows[i]));
    }
}

static void test_long_host(void)
{
    char text[300] = "http://";
    for (size_t i = 7; i < sizeof text; i++) {
        text[i] = 'a';
    }
    struct pm_url url;
    const char *problem;
    CHECK(pm_url_read((pm_str){text, 7 + 253}, &url, &problem), "253 bytes");
    CHECK(!pm_url_read((pm_str){text, 7 + 254}, &url, &problem), "254 bytes");
}

static void test_same_place(void)
{
    static const struct {
        const char *a, *b;
        bool is_same;
    } rows[] = {
        {"https://h/a", "https://H:443/b", true},
        {"http://h", "http://h:80", true},
        {"http://h", "https://h", false},
        {"http://h:443", "https://h", false},
        {"http://h:81", "http://h:82", false},
        {"http://h", "http://h.", false},
        {"http://[::1]", "http://[::1]:80/x", true},
        {"http://h", "http://hh", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_url a, b;
        const char *problem;
        bool is_read = pm_url_read(pm_str_from(rows[i].a), &a, &problem) &&
                       pm_url_read(pm_str_from(rows[i].b), &b, &problem);
        CHECK(is_read && pm_url_same_place(&a, &b) == rows[i].is_same, "%s, %s", rows[i].a,
              rows[i].b);
        CHECK(is_read && pm_url_same_place(&b, &a) == rows[i].is_same, "%s, %s", rows[i].b,
              rows[i].a);
    }
}

static void test_segment(struct pm_arena *arena)
{
    static const struct {
        pm_str in;
        const char *want;
    } rows[] = {
        {PM_STR_INIT(""), ""},
        {PM_STR_INIT("hermes-4_8B.x~"), "hermes-4_8B.x~"},
        {PM_STR_INIT("a/b?c#d%e"), "a%2Fb%3Fc%23d%25e"},
        {PM_STR_INIT("\0 \n"), "%00%20%0A"},
        {PM_STR_INIT("\xE2\x80\xAE\xFF"), "%E2%80%AE%FF"},
        {PM_STR_INIT("."), "%2E"},
        {PM_STR_INIT(".."), "%2E%2E"},
        {PM_STR_INIT("..."), "..."},
        {PM_STR_INIT("@:+&="), "%40%3A%2B%26%3D"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_buf buf;
        pm_buf_init(&buf, arena, 100);
        pm_url_add_segment(&buf, rows[i].in);
        CHECK_TEXT(pm_buf_text(&buf), pm_str_from(rows[i].want), "segment");
    }
}

int main(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, 1 << 16);
    test_good();
    test_bad();
    test_long_host();
    test_same_place();
    test_segment(&arena);
    pm_arena_finish(&arena);
    return check_done();
}
