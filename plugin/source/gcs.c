/* gcs.c - what is asked of Google's storage: one object of a bucket. */

#include "source/gcs.h"

#include "codec/url.h"
#include "source/gcs_inside.h"

#include <assert.h>

#define KEEP_MS 60000
#define BUCKET_LEAST 3
#define BUCKET_MOST 222 /* with dots; without them it is 63 */
#define PREFIX_MOST 1000
#define MANIFEST PM_STR("manifest.json")

const struct pm_kind pm_gcs_kind_manifest = {
    .name = "/gcs/manifest",
    .source = PM_SOURCE_BEST_EFFORT,
    .keep_ms = KEEP_MS,
    .decodes_refusals = true,
    .decode = pm_gcs_decode_manifest,
};

/* --- places --- */

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_bucket(pm_str text)
{
    if (text.len < BUCKET_LEAST || text.len > BUCKET_MOST || !is_letter_or_digit(text.ptr[0]) ||
        !is_letter_or_digit(text.ptr[text.len - 1])) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_letter_or_digit(c) && c != '-' && c != '_' && c != '.') {
            return false;
        }
    }
    return true;
}

/* Object names may be any text; only those are asked for that read in one way. */
static bool is_prefix(pm_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~' || text.ptr[i] == '\\') {
            return false;
        }
    }
    for (pm_str rest = text; rest.len;) {
        size_t slash = pm_str_find(rest, '/');
        pm_str part = pm_str_slice(rest, 0, slash);
        if (part.len == 0 || pm_str_equal(part, PM_STR(".")) || pm_str_equal(part, PM_STR(".."))) {
            return false;
        }
        rest = pm_str_tail(rest, slash + 1);
    }
    return text.len <= PREFIX_MOST;
}

bool pm_gcs_is_place(pm_str bucket, pm_str prefix)
{
    return is_bucket(bucket) && is_prefix(prefix);
}

pm_str pm_gcs_manifest_url(struct pm_arena *arena, pm_str base, pm_str bucket, pm_str prefix)
{
    struct pm_buf url;
    pm_buf_init(&url, arena, base.len + 3 * (bucket.len + prefix.len) + MANIFEST.len + 4);
    pm_buf_add(&url, base);
    pm_buf_add_char(&url, '/');
    pm_url_add_segment(&url, bucket);
    for (pm_str rest = prefix; rest.len;) {
        size_t slash = pm_str_find(rest, '/');
        pm_buf_add_char(&url, '/');
        pm_url_add_segment(&url, pm_str_slice(rest, 0, slash));
        rest = pm_str_tail(rest, slash + 1);
    }
    pm_buf_add_char(&url, '/');
    pm_buf_add(&url, MANIFEST);
    return pm_buf_text(&url);
}

/* --- asking --- */

struct pm_ask *pm_gcs_ask_manifest(struct pm_batch *batch, pm_str bucket, pm_str prefix,
                                   bool carries)
{
    assert(pm_gcs_is_place(bucket, prefix));
    pm_str url = pm_gcs_manifest_url(batch->arena, batch->settings->gcs_url, bucket, prefix);
    if (batch->settings->is_hub_off) {
        return pm_batch_decline(batch, &pm_gcs_kind_manifest, url,
                                "not asked: the model hub and storage are switched off (hub.off)");
    }
    return pm_batch_ask(batch, &pm_gcs_kind_manifest, url, carries);
}

bool pm_gcs_is_manifest(const struct pm_ask *ask)
{
    return ask->kind == &pm_gcs_kind_manifest;
}

const struct pm_gcs_manifest *pm_gcs_manifest(const struct pm_ask *ask)
{
    assert(!ask || !ask->entry || ask->kind == &pm_gcs_kind_manifest);
    return ask && ask->is_in ? ask->facts : NULL;
}
