/* sources.c - who was asked, and how that went. */

#include "answer/parts.h"

#include "codec/url.h"

#include <string.h>

/* A source whose requests all went well so far, or one request that did not. */
struct row {
    const struct pm_ask *ask; /* the first of them */
    pm_str label, host;
    const char *cluster; /* NULL: no node of the chain, or one that did not say */
    bool went_well, has_age, has_slot;
    int64_t ms, age_s;
    uint64_t slot;
};

/* An address with colons stands in brackets, as in the URL. */
static void add_host(struct pm_buf *buf, const struct pm_url *url)
{
    bool has_colons = pm_str_find(url->host, ':') < url->host.len;
    pm_buf_add_c(buf, has_colons ? "[" : "");
    pm_buf_add(buf, url->host);
    pm_buf_add_c(buf, has_colons ? "]" : "");
}

pm_str pm_answer_host(const struct pm_batch *batch, pm_str text)
{
    struct pm_url url;
    const char *problem;
    struct pm_buf buf;
    if (!pm_url_read(text, &url, &problem)) {
        return PM_STR("");
    }
    pm_buf_init(&buf, batch->arena, SIZE_MAX / 2);
    add_host(&buf, &url);
    uint16_t own_port = pm_str_equal(url.scheme, PM_STR("https")) ? 443 : 80;
    if (url.port != own_port && !batch->settings->clock.is_frozen) {
        pm_buf_add_char(&buf, ':');
        pm_buf_add_u64(&buf, url.port);
    }
    return pm_buf_text(&buf);
}

static struct row read_ask(const struct pm_batch *batch, const struct pm_ask *ask)
{
    const struct pm_origin *origin = ask->facts ? pm_origin_of(batch, ask) : NULL;
    struct row row = {
        .ask = ask,
        .label = pm_str_from(pm_source_label(ask->kind->source)),
        .host = pm_answer_host(batch, ask->url),
        .went_well = ask->outcome.status == PM_STATUS_OK && !ask->is_stale,
        .has_age = origin != NULL,
        .ms = batch->settings->clock.is_frozen ? 0 : ask->outcome.took_ms,
        .age_s = origin ? pm_origin_age_s(origin) : 0,
        .cluster = ask->cluster,
    };
    row.has_slot = pm_ask_slot(ask, &row.slot);
    return row;
}

/* Many accounts take several questions of one kind; a node that fails them all does so once. */
static bool is_same_trouble(const struct row *a, const struct row *b)
{
    const struct pm_outcome *one = &a->ask->outcome, *other = &b->ask->outcome;
    return !a->went_well && !b->went_well && a->ask->kind == b->ask->kind &&
           a->ask->kind->source == PM_SOURCE_ON_CHAIN && pm_str_equal(a->ask->url, b->ask->url) &&
           a->ask->is_stale == b->ask->is_stale && one->status == other->status &&
           pm_str_equal(pm_str_from(one->problem), pm_str_from(other->problem));
}

/* One host may have nodes of several clusters. */
static bool is_same_cluster(const char *a, const char *b)
{
    return !a || !b || strcmp(a, b) == 0;
}

static bool is_same_source(const struct row *a, const struct row *b)
{
    if (!a->went_well || !b->went_well) {
        return is_same_trouble(a, b);
    }
    return pm_str_equal(a->label, b->label) && pm_str_equal(a->host, b->host) &&
           is_same_cluster(a->cluster, b->cluster);
}

/* What was only to be looked at if it came in time, and did not; and of the hub also what was
 * asked for at the beginning and turned out to be of no use, whenever it came. */
static bool is_left_aside(const struct pm_ask *ask)
{
    return ask->is_aside && (!ask->facts || ask->kind->source == PM_SOURCE_BEST_EFFORT);
}

static void merge(struct row *into, const struct row *row)
{
    into->ms = row->ms > into->ms ? row->ms : into->ms;
    into->age_s = row->age_s > into->age_s ? row->age_s : into->age_s;
    into->has_age = into->has_age || row->has_age;
    into->cluster = into->cluster ? into->cluster : row->cluster;
    if (row->has_slot && (!into->has_slot || row->slot > into->slot)) {
        into->slot = row->slot;
    }
    into->has_slot = into->has_slot || row->has_slot;
}

static size_t gather(const struct pm_batch *batch, struct row rows[PM_BATCH_MOST])
{
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct row row = read_ask(batch, batch->asks[i]);
        size_t at = 0;
        while (at < count && !is_same_source(&rows[at], &row)) {
            at++;
        }
        if (is_left_aside(batch->asks[i])) {
            continue;
        }
        if (at == count) {
            rows[count++] = row;
        } else {
            merge(&rows[at], &row);
        }
    }
    return count;
}

static yyjson_mut_val *outside_words(struct pm_answer *answer, pm_str words)
{
    return pm_value_text(answer, pm_clean_text(pm_clean(answer->arena, PM_TEXT_OTHER, words)));
}

static yyjson_mut_val *row_value(struct pm_answer *answer, const struct row *row)
{
    const struct pm_outcome *outcome = &row->ask->outcome;
    yyjson_mut_val *object = yyjson_mut_obj(answer->doc);
    pm_value_set(answer, object, "source", pm_value_text(answer, row->label));
    pm_value_set(answer, object, "host", outside_words(answer, row->host));
    if (row->cluster) {
        pm_value_set(answer, object, "cluster", pm_value_own(answer, row->cluster));
    }
    if (row->has_slot) {
        pm_value_set(answer, object, "slot", yyjson_mut_uint(answer->doc, row->slot));
    }
    if (!row->went_well) {
        pm_value_set(answer, object, "request", pm_value_own(answer, row->ask->kind->name));
    }
    pm_value_set(answer, object, "status", pm_value_own(answer, pm_status_word(outcome->status)));
    pm_value_set(answer, object, "ms", yyjson_mut_sint(answer->doc, row->ms));
    if (row->has_age) {
        pm_value_set(answer, object, "age_s", yyjson_mut_sint(answer->doc, row->age_s));
    }
    if (row->ask->is_stale) {
        pm_value_set(answer, object, "stale", yyjson_mut_true(answer->doc));
    }
    if (!row->went_well) {
        pm_value_set(answer, object, "problem",
                     outside_words(answer, pm_str_from(outcome->problem)));
    }
    return object;
}

void pm_answer_sources(struct pm_answer *answer, const struct pm_batch *batch)
{
    struct row rows[PM_BATCH_MOST];
    size_t count = answer ? gather(batch, rows) : 0;
    for (size_t i = 0; i < count; i++) {
        yyjson_mut_arr_append(answer->sources, row_value(answer, &rows[i]));
    }
}

void pm_answer_guide_source(struct pm_answer *answer, const struct pm_origin *guide)
{
    if (answer && guide) {
        yyjson_mut_val *object = yyjson_mut_obj(answer->doc);
        pm_value_set(answer, object, "source", pm_value_own(answer, pm_origin_label(guide)));
        pm_value_set(answer, object, "status", pm_value_own(answer, pm_status_word(PM_STATUS_OK)));
        pm_value_set(answer, object, "as_of", pm_value_text(answer, pm_origin_as_of(guide)));
        yyjson_mut_arr_append(answer->sources, object);
    }
}
