/* gcs_manifest.c - a checkpoint's manifest, and what the storage says instead of one.
 *
 *     {"metadata":{"timestamp":"…","epoch":1,"step":10,"run_id":"…"},
 *      "files":[{"filename":"…","generation":1705312200123456,"size_bytes":10}]}
 *
 * Refusals are XML: <Error><Code>NoSuchKey</Code>…; only the code is looked for. */

#include "source/gcs_inside.h"

#include "base/buf.h"
#include "source/body.h"
#include "source/fields.h"

#include <string.h>

#define CODE_MOST 64

/* --- refusals --- */

/* What stands between <Code> and </Code>; empty when nothing does. */
static pm_str read_code(pm_str xml)
{
    const pm_str opening = PM_STR("<Code>");
    const char *at = xml.len ? memmem(xml.ptr, xml.len, opening.ptr, opening.len) : NULL;
    if (!at) {
        return PM_STR("");
    }
    pm_str rest = pm_str_tail(xml, (size_t)(at - xml.ptr) + opening.len);
    size_t end = pm_str_find(rest, '<');
    return end < rest.len && end <= CODE_MOST ? pm_str_trim(pm_str_slice(rest, 0, end))
                                              : PM_STR("");
}

static const struct {
    long http;
    pm_str code;
    enum pm_gcs_found found;
    bool is_bucket_missing;
} refusals[] = {
    {404, PM_STR_INIT("NoSuchKey"), PM_GCS_MISSING, false},
    {404, PM_STR_INIT("NoSuchBucket"), PM_GCS_MISSING, true},
    {403, PM_STR_INIT("AccessDenied"), PM_GCS_DENIED, false},
};

static struct pm_gcs_manifest *read_refusal(const struct pm_body *body,
                                            struct pm_gcs_manifest *manifest,
                                            struct pm_outcome *outcome)
{
    pm_str code = read_code((pm_str){body->ptr, body->len});
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (outcome->http == refusals[i].http && pm_str_equal(code, refusals[i].code)) {
            manifest->found = refusals[i].found;
            manifest->is_bucket_missing = refusals[i].is_bucket_missing;
            return manifest;
        }
    }
    pm_outcome_set(outcome, PM_STATUS_HTTP_STATUS, "HTTP %ld%s%.*s", outcome->http,
                   code.len ? ": " : "", PM_STR_ARG(code));
    return NULL;
}

/* --- the manifest --- */

/* A number of 64 bits, which the storage's own lists write as text. */
static pm_str read_generation(struct pm_arena *arena, yyjson_val *file)
{
    struct pm_count number = pm_field_u64(file, "generation");
    struct pm_buf digits;
    uint64_t value;
    if (number.is_known) {
        pm_buf_init(&digits, arena, 20);
        pm_buf_add_u64(&digits, number.value);
        return pm_buf_text(&digits);
    }
    pm_str text = pm_field_text(file, "generation");
    return pm_str_to_u64(text, &value) ? text : PM_STR("");
}

static bool read_file(struct pm_arena *arena, yyjson_val *entry, struct pm_gcs_file *file)
{
    struct pm_count size = pm_field_u64(entry, "size_bytes");
    *file = (struct pm_gcs_file){
        .name = pm_field_text(entry, "filename"),
        .has_size = size.is_known,
        .size = size.value,
        .generation = read_generation(arena, entry),
    };
    return file->name.len > 0;
}

static bool add_size(struct pm_gcs_manifest *manifest, const struct pm_gcs_file *file)
{
    bool fits = file->has_size && file->size <= UINT64_MAX - manifest->total_size;
    manifest->total_size += fits ? file->size : 0;
    return fits;
}

static void read_files(struct pm_arena *arena, yyjson_val *entries,
                       struct pm_gcs_manifest *manifest)
{
    yyjson_val *entry;
    yyjson_arr_iter each = yyjson_arr_iter_with(entries);
    manifest->has_files = manifest->has_all_sizes = yyjson_is_arr(entries);
    manifest->files = pm_arena_array(arena, yyjson_arr_size(entries), sizeof *manifest->files);
    while (manifest->files && (entry = yyjson_arr_iter_next(&each)) != NULL) {
        struct pm_gcs_file *file = &manifest->files[manifest->count];
        bool is_file = read_file(arena, entry, file);
        bool is_sized = is_file && add_size(manifest, file);
        manifest->has_all_sizes = manifest->has_all_sizes && is_sized;
        manifest->count += is_file;
        manifest->unreadable += !is_file;
    }
}

void *pm_gcs_decode_manifest(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                             struct pm_outcome *outcome)
{
    struct pm_gcs_manifest *manifest = pm_arena_zero(arena, sizeof *manifest);
    if (!manifest) {
        return pm_body_finish(arena, NULL, outcome);
    }
    if (outcome->http >= 400) {
        return read_refusal(body, manifest, outcome);
    }
    if (pm_body_is_page(body)) {
        pm_outcome_set(outcome, PM_STATUS_NOT_JSON, "a page or XML came instead of JSON");
        return NULL;
    }
    yyjson_val *root = pm_body_read(scratch, body, outcome);
    if (!root) {
        return NULL;
    }
    yyjson_val *metadata = pm_json_get(root, "metadata"), *files = pm_json_get(root, "files");
    if (!yyjson_is_obj(metadata) && !yyjson_is_arr(files)) {
        pm_outcome_set(outcome, PM_STATUS_BAD_REPLY,
                       "no checkpoint's manifest: neither an object "
                       "\"metadata\" nor an array \"files\"");
        return NULL;
    }
    manifest->timestamp = pm_field_time(metadata, "timestamp");
    manifest->epoch = pm_field_count(metadata, "epoch");
    manifest->step = pm_field_count(metadata, "step");
    manifest->run_id = pm_field_text(metadata, "run_id");
    manifest->generation = body->headers->generation;
    read_files(arena, files, manifest);
    return pm_body_finish(arena, manifest, outcome);
}
