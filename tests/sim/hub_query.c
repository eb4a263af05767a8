/* hub_query.c - the query of a request's target. */

#include "hub_query.h"

#include "rpc_text.h"
#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CURSOR_BYTES 1024

char *sim_query_unescape(const char *text, size_t bytes, bool is_query)
{
    char *out = sim_alloc(bytes + 1), *to = out;
    for (size_t i = 0; i < bytes; i++) {
        char c = text[i];
        if (c == '%' && i + 2 < bytes && isxdigit((unsigned char)text[i + 1]) &&
            isxdigit((unsigned char)text[i + 2])) {
            char hex[3] = {text[i + 1], text[i + 2], '\0'};
            c = (char)strtol(hex, NULL, 16);
            i += 2;
        } else if (c == '+' && is_query) {
            c = ' ';
        }
        *to++ = c;
    }
    *to = '\0';
    return out;
}

/* The parameter that begins at `*at`, which is moved behind it; its bytes. */
static size_t next_parameter(const char **at)
{
    size_t bytes = strcspn(*at, "&");
    *at += bytes + ((*at)[bytes] == '&');
    return bytes;
}

static bool is_named(const char *parameter, size_t bytes, const char *name)
{
    size_t name_bytes = strlen(name);
    return bytes > name_bytes && memcmp(parameter, name, name_bytes) == 0 &&
           parameter[name_bytes] == '=';
}

char *sim_query_get(const char *query, const char *name, size_t nth)
{
    const char *at = query;
    while (*at) {
        const char *parameter = at;
        size_t bytes = next_parameter(&at);
        if (is_named(parameter, bytes, name) && nth-- == 0) {
            size_t skipped = strlen(name) + 1;
            return sim_query_unescape(parameter + skipped, bytes - skipped, true);
        }
    }
    return NULL;
}

bool sim_query_is_true(const char *query, const char *name)
{
    char *value = sim_query_get(query, name, 0);
    bool is_true = value && (strcasecmp(value, "true") == 0 || strcmp(value, "1") == 0);
    free(value);
    return is_true;
}

int64_t sim_query_number(const char *query, const char *name, int64_t unless_given, int64_t most)
{
    char *value = sim_query_get(query, name, 0);
    int64_t number = unless_given;
    if (value && (!sim_read_number(value, &number) || number < 0)) {
        number = unless_given;
    }
    free(value);
    return number < most ? number : most;
}

char *sim_query_with(const char *query, const char *name, const char *value)
{
    char *kept = sim_copy("");
    const char *at = query;
    while (*at) {
        const char *parameter = at;
        size_t bytes = next_parameter(&at);
        if (!is_named(parameter, bytes, name)) {
            char *longer = sim_format("%s%.*s&", kept, (int)bytes, parameter);
            free(kept);
            kept = longer;
        }
    }
    char *whole = sim_format("%s%s=%s", kept, name, value);
    free(kept);
    return whole;
}

/* --- cursors --- */

char *sim_cursor_make(size_t at, const char *last)
{
    /* As long as real ones, which describe the last item's place in the order. */
    char *plain = sim_format("{\"at\":%zu,\"$or\":[{\"trendingScore\":0,\"likes\":{\"$lt\":0}},"
                             "{\"trendingScore\":0,\"likes\":0,\"id\":{\"$gt\":\"%s\"}}]}",
                             at, last);
    char *packed = sim_base64((pm_str){plain, strlen(plain)});
    size_t bytes = strcspn(packed, "=");
    bool has_end = packed[bytes] != '\0', has_two = has_end && packed[bytes + 1];
    char *text =
        sim_format("%.*s%s%s", (int)bytes, packed, has_end ? "%3D" : "", has_two ? "%3D" : "");
    for (char *plus; (plus = strpbrk(text, "+/"));) {
        char *longer = sim_format("%.*s%s%s", (int)(plus - text), text,
                                  *plus == '+' ? "%2B" : "%2F", plus + 1);
        free(text);
        text = longer;
    }
    free(plain);
    free(packed);
    return text;
}

size_t sim_cursor_read(const char *query)
{
    char *text = sim_query_get(query, "cursor", 0);
    uint8_t plain[CURSOR_BYTES];
    size_t bytes = 0, at = 0;
    if (text && sim_unbase64(pm_str_from(text), plain, sizeof plain - 1, &bytes)) {
        plain[bytes] = '\0';
        if (sscanf((const char *)plain, "{\"at\":%zu", &at) != 1) {
            at = 0;
        }
    }
    free(text);
    return at;
}
