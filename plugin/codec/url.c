/* url.c - the little of URLs that decides whom we talk to.
 *
 * Whatever the transfer library might read differently than we do is refused here: what we judge to
 * be a host must be the host that is asked. */

#include "codec/url.h"

#include <arpa/inet.h>
#include <string.h>

#define MOST_HOST_BYTES 253

static const struct {
    pm_str start, name;
    uint16_t port;
} schemes[] = {
    {PM_STR_INIT("https://"), PM_STR_INIT("https"), 443},
    {PM_STR_INIT("http://"), PM_STR_INIT("http"), 80},
};

static bool refuse(const char **problem, const char *text)
{
    *problem = text;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The bytes of an IPv4 (AF_INET) or IPv6 (AF_INET6) address. */
static bool read_address(pm_str host, int family, unsigned char bytes[16])
{
    char text[64];
    if (host.len == 0 || host.len >= sizeof text) {
        return false;
    }
    memcpy(text, host.ptr, host.len);
    text[host.len] = '\0';
    return inet_pton(family, text, bytes) == 1;
}

static bool is_ipv6(pm_str host)
{
    return pm_str_find(host, ':') < host.len;
}

/* Some resolvers take "127.1" or "0x7f.1" for an address. */
static bool ends_in_number(pm_str host)
{
    size_t len = host.len - (host.len > 0 && host.ptr[host.len - 1] == '.');
    size_t dot = pm_str_find_last(pm_str_slice(host, 0, len), '.');
    pm_str last = pm_str_slice(host, dot < len ? dot + 1 : 0, len);
    size_t digits = 0;
    while (digits < last.len && is_digit(last.ptr[digits])) {
        digits++;
    }
    return last.len > 0 && (digits == last.len || pm_str_starts_nocase(last, PM_STR("0x")));
}

static bool check_name(pm_str host, const char **problem)
{
    unsigned char bytes[16];
    for (size_t i = 0; i < host.len; i++) {
        char c = host.ptr[i];
        if (!is_letter(c) && !is_digit(c) && c != '-' && c != '.' && c != '_') {
            return refuse(problem, "the host holds a character that no host name has");
        }
    }
    if (host.len == 0 || host.ptr[0] == '.') {
        return refuse(problem, "the host is empty");
    }
    if (host.len > MOST_HOST_BYTES) {
        return refuse(problem, "the host is longer than 253 bytes");
    }
    if (ends_in_number(host) && !read_address(host, AF_INET, bytes)) {
        return refuse(problem, "the host ends in a number but is no IPv4 address");
    }
    return true;
}

static bool read_port(pm_str text, struct pm_url *out, const char **problem)
{
    uint64_t port;
    if (!pm_str_to_u64(text, &port) || port < 1 || port > UINT16_MAX) {
        return refuse(problem, "the port is not a number from 1 to 65535");
    }
    out->port = (uint16_t)port;
    out->has_port = true;
    return true;
}

/* host, host:port, [ipv6] or [ipv6]:port */
static bool read_authority(pm_str text, struct pm_url *out, const char **problem)
{
    unsigned char bytes[16];
    bool has_bracket = pm_str_starts(text, PM_STR("["));
    size_t host_end = pm_str_find(text, has_bracket ? ']' : ':');
    pm_str after = pm_str_tail(text, host_end + has_bracket);
    out->host = pm_str_slice(text, has_bracket, host_end);
    if (pm_str_find(text, '@') < text.len) {
        return refuse(problem, "user and password are not allowed");
    }
    if (has_bracket && (host_end == text.len || !read_address(out->host, AF_INET6, bytes))) {
        return refuse(problem, "no IPv6 address in the brackets");
    }
    if (!has_bracket && !check_name(out->host, problem)) {
        return false;
    }
    if (after.len == 0) {
        return true;
    }
    if (after.ptr[0] != ':') {
        return refuse(problem, "text after the host is neither port nor path");
    }
    return read_port(pm_str_tail(after, 1), out, problem);
}

static bool is_printable(pm_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~') {
            return false;
        }
    }
    return true;
}

bool pm_url_read(pm_str text, struct pm_url *out, const char **problem)
{
    *out = (struct pm_url){0};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes && !out->port; i++) {
        if (pm_str_starts_nocase(text, schemes[i].start)) {
            out->scheme = schemes[i].name;
            out->port = schemes[i].port;
        }
    }
    if (!is_printable(text)) {
        return refuse(problem, "a character is not printable ASCII");
    }
    if (!out->port) {
        return refuse(problem, "it does not begin with http:// or https://");
    }
    if (pm_str_find(text, '#') < text.len) {
        return refuse(problem, "a fragment (#) is not allowed");
    }
    pm_str rest = pm_str_tail(text, out->scheme.len + strlen("://"));
    size_t slash = pm_str_find(rest, '/'), question = pm_str_find(rest, '?');
    size_t end = slash < question ? slash : question;
    out->path = pm_str_tail(rest, end);
    return read_authority(pm_str_slice(rest, 0, end), out, problem);
}

bool pm_url_is_loopback(const struct pm_url *url)
{
    static const unsigned char loopback6[16] = {[15] = 1};
    unsigned char bytes[16];
    if (is_ipv6(url->host)) {
        return read_address(url->host, AF_INET6, bytes) && memcmp(bytes, loopback6, 16) == 0;
    }
    return pm_str_equal_nocase(url->host, PM_STR("localhost")) ||
           (read_address(url->host, AF_INET, bytes) && bytes[0] == 127);
}

bool pm_url_is_address(const struct pm_url *url)
{
    unsigned char bytes[16];
    return is_ipv6(url->host) || read_address(url->host, AF_INET, bytes);
}

bool pm_url_same_place(const struct pm_url *a, const struct pm_url *b)
{
    return pm_str_equal(a->scheme, b->scheme) && pm_str_equal_nocase(a->host, b->host) &&
           a->port == b->port;
}

static bool is_unreserved(char c)
{
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

void pm_url_add_segment(struct pm_buf *buf, pm_str segment)
{
    bool is_dots = pm_str_equal(segment, PM_STR(".")) || pm_str_equal(segment, PM_STR(".."));
    for (size_t i = 0; i < segment.len; i++) {
        char c = segment.ptr[i];
        if (is_unreserved(c) && !is_dots) {
            pm_buf_add_char(buf, c);
        } else {
            pm_buf_addf(buf, "%%%02X", (unsigned)(unsigned char)c);
        }
    }
}
