/* rest.c - who asked to be left alone, and for how long.
 *
 * After a reply that says "too often" and when to come back, no request of that kind goes to that
 * server before then, whoever wants it. */

#include "net/inside.h"

#include "codec/url.h"

#include <stdio.h>
#include <string.h>

/* No source silences itself for longer than this by one wrong number. */
#define REST_MOST_MS INT64_C(900000)

static bool name_place(pm_str text, char place[PM_PLACE_ROOM])
{
    struct pm_url url;
    const char *problem = NULL;
    if (!pm_url_read(text, &url, &problem)) {
        return false;
    }
    (void)snprintf(place, PM_PLACE_ROOM, "%.*s://%.*s:%u", PM_STR_ARG(url.scheme),
                   PM_STR_ARG(url.host), (unsigned)url.port);
    return true;
}

/* Its row, or NULL. */
static struct rest *find(struct pm_net *net, const struct pm_kind *kind, const char *place)
{
    for (size_t i = 0; i < RESTS_MOST; i++) {
        const struct pm_kind *other = net->rests[i].kind;
        if (other && strcmp(other->name, kind->name) == 0 &&
            pm_str_equal_nocase(pm_str_from(net->rests[i].place), pm_str_from(place))) {
            return &net->rests[i];
        }
    }
    return NULL;
}

static struct rest *first_to_end(struct pm_net *net)
{
    struct rest *first = &net->rests[0];
    for (size_t i = 1; i < RESTS_MOST; i++) {
        if (net->rests[i].until_mono_ms < first->until_mono_ms) {
            first = &net->rests[i];
        }
    }
    return first;
}

void pm_rest_note(struct pm_net *net, const struct pm_kind *kind, pm_str url, int64_t rest_ms)
{
    struct rest fresh = {.kind = kind};
    if (!name_place(url, fresh.place)) {
        return;
    }
    fresh.until_mono_ms = pm_clock_mono_ms() + (rest_ms < REST_MOST_MS ? rest_ms : REST_MOST_MS);
    struct rest *row = find(net, kind, fresh.place);
    *(row ? row : first_to_end(net)) = fresh;
}

int64_t pm_rest_until(struct pm_net *net, const struct pm_kind *kind, pm_str url)
{
    char place[PM_PLACE_ROOM];
    const struct rest *row = name_place(url, place) ? find(net, kind, place) : NULL;
    return row && row->until_mono_ms > pm_clock_mono_ms() ? row->until_mono_ms : 0;
}
