/* test_gcs.c - a checkpoint's manifest in a storage bucket, and what comes instead of one. */

#include "source/gcs_inside.h"

#include "base/date.h"

#include "check.h"
#include "recording.h"

#define OK "HTTP/1.1 200 OK\r\nx-goog-generation: 1795238411987654\r\n"
#define ARENA_BYTES ((size_t)8 << 20)
#define KIND &pm_gcs_kind_manifest

static struct recording read_with(const char *lines, const char *body)
{
    return recording_of(KIND, lines, pm_str_from(body), ARENA_BYTES);
}

static void add_count(struct pm_buf *line, const char *name, struct pm_count count)
{
    pm_buf_addf(line, ", %s ", name);
    if (count.is_known) {
        pm_buf_add_u64(line, count.value);
    } else {
        pm_buf_add_c(line, "?");
    }
}

static void add_manifest(struct pm_buf *line, const struct pm_gcs_manifest *manifest)
{
    static const char *const founds[] = {"there", "missing", "denied"};
    pm_buf_addf(line, "%s%s", founds[manifest->found],
                manifest->is_bucket_missing ? ", the bucket" : "");
    if (manifest->found != PM_GCS_THERE) {
        return;
    }
    pm_buf_addf(line, ", run %.*s, at ", PM_STR_ARG(manifest->run_id));
    if (!manifest->timestamp.has_time || !pm_date_add_rfc3339(line, manifest->timestamp.time_ms)) {
        pm_buf_add_c(line, "?");
    }
    add_count(line, "epoch", manifest->epoch);
    add_count(line, "step", manifest->step);
    pm_buf_addf(line, ", generation %.*s, %zu files, %zu unreadable, ",
                PM_STR_ARG(manifest->generation), manifest->count, manifest->unreadable);
    pm_buf_add_u64(line, manifest->total_size);
    pm_buf_addf(line, " bytes%s%s", manifest->has_files ? "" : ", no list",
                manifest->has_all_sizes ? ", all sized" : "");
    for (size_t i = 0; i < manifest->count; i++) {
        const struct pm_gcs_file *file = &manifest->files[i];
        pm_buf_addf(line, "; %.*s", PM_STR_ARG(file->name));
        add_count(line, "size", (struct pm_count){file->has_size, file->size});
        pm_buf_addf(line, ", generation %.*s", PM_STR_ARG(file->generation));
    }
}

static void check_line(const struct recording *recording, const char *want, const char *what)
{
    struct pm_arena arena;
    struct pm_buf line;
    pm_arena_init(&arena, (size_t)1 << 20);
    pm_buf_init(&line, &arena, 65536);
    if (recording->facts) {
        add_manifest(&line, recording->facts);
    } else {
        pm_buf_addf(&line, "%s: %s", pm_status_word(recording->outcome.status),
                    recording->outcome.problem);
    }
    CHECK_TEXT(pm_buf_text(&line), pm_str_from(want), what);
    pm_arena_finish(&arena);
}

static void test_places(void)
{
    static const struct {
        const char *bucket, *prefix;
        bool want;
        const char *url;
    } cases[] = {
        {"psyche-runs", "", true, "https://h/psyche-runs/manifest.json"},
        {"psyche-runs", "a/step 1", false, ""},
        {"a.b_c-9", "orion/run7", true, "https://h/a.b_c-9/orion/run7/manifest.json"},
        {"abc", "x%2f?y#z", true, "https://h/abc/x%252f%3Fy%23z/manifest.json"},
        {"abc", "a/../b", false, ""},
        {"abc", ".", false, ""},
        {"abc", "/a", false, ""},
        {"abc", "a//b", false, ""},
        {"abc", "a/", true, "https://h/abc/a/manifest.json"},
        {"abc", "a\\b", false, ""},
        {"abc", "\xC3\xA9", false, ""},
        {"ab", "", false, ""},
        {"", "", false, ""},
        {"Abc", "", false, ""},
        {"-abc", "", false, ""},
        {"abc.", "", false, ""},
        {"a/bc", "", false, ""},
        {"a bc", "", false, ""},
        {"..a", "", false, ""},
    };
    struct pm_arena arena;
    pm_arena_init(&arena, 65536);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pm_str bucket = pm_str_from(cases[i].bucket), prefix = pm_str_from(cases[i].prefix);
        CHECK(pm_gcs_is_place(bucket, prefix) == cases[i].want, "%s %s", cases[i].bucket,
              cases[i].prefix);
        if (cases[i].want) {
            CHECK_TEXT(pm_gcs_manifest_url(&arena, PM_STR("https://h"), bucket, prefix),
                       pm_str_from(cases[i].url), cases[i].bucket);
        }
    }
    pm_arena_finish(&arena);
}

#define FILE_1 "{\"filename\":\"model-00001-of-00002.safetensors\","
#define FILE_2 "{\"filename\":\"model-00002-of-00002.safetensors\","

static const struct {
    const char *lines, *body, *want;
} cases[] = {
    {OK,
     "{\"metadata\":{\"timestamp\":\"2026-11-21T05:20:11.5+01:00\",\"epoch\":3,\"step\":1200,"
     "\"run_id\":\"run-7\"},\"files\":[" FILE_1
     "\"generation\":1705312200123456,\"size_bytes\":5000000000}," FILE_2
     "\"generation\":\"1705312200123457\",\"size_bytes\":1}]}",
     "there, run run-7, at 2026-11-21T04:20:11Z, epoch 3, step 1200, generation 1795238411987654, "
     "2 files, 0 unreadable, 5000000001 bytes, all sized; model-00001-of-00002.safetensors, size "
     "5000000000, generation 1705312200123456; model-00002-of-00002.safetensors, size 1, "
     "generation 1705312200123457"},
    {"HTTP/1.1 200 OK\r\n",
     "{\"metadata\":{\"timestamp\":7,\"epoch\":-1,\"step\":\"12\",\"run_id\":[]},\"files\":{}}",
     "there, run , at ?, epoch ?, step ?, generation , 0 files, 0 unreadable, 0 bytes, no list"},
    {OK, "{\"files\":[]}",
     "there, run , at ?, epoch ?, step ?, generation 1795238411987654, 0 files, 0 unreadable, 0 "
     "bytes, all sized"},
    {"HTTP/1.1 200 OK\r\n",
     "{\"files\":[7,{\"size_bytes\":3},{\"filename\":\"a\",\"size_bytes\":-3,\"generation\":-1},"
     "{\"filename\":\"b\",\"size_bytes\":18446744073709551615,\"generation\":\"x\"},"
     "{\"filename\":\"c\",\"size_bytes\":1,\"generation\":9223372036854775807}]}",
     "there, run , at ?, epoch ?, step ?, generation , 3 files, 2 unreadable, 18446744073709551615 "
     "bytes; a, size ?, generation ; b, size 18446744073709551615, generation ; c, size 1, "
     "generation 9223372036854775807"},
    {OK, "{}",
     "bad_reply: no checkpoint's manifest: neither an object \"metadata\" nor an array \"files\""},
    {OK, "[]",
     "bad_reply: no checkpoint's manifest: neither an object \"metadata\" nor an array \"files\""},
    {OK, "", "not_json: not JSON at byte 0: empty text"},
    {OK, "<?xml version='1.0'?><Error/>", "not_json: a page or XML came instead of JSON"},
    {"HTTP/1.1 404 N\r\n", "<Error><Code>NoSuchKey</Code></Error>", "missing"},
    {"HTTP/1.1 404 N\r\n", "<Error><Code>NoSuchBucket</Code></Error>", "missing, the bucket"},
    {"HTTP/1.1 403 F\r\n", "<Error><Code>AccessDenied</Code></Error>", "denied"},
    {"HTTP/1.1 404 N\r\n", "<Error><Code>AccessDenied</Code></Error>",
     "http_status: HTTP 404: AccessDenied"},
    {"HTTP/1.1 403 F\r\n", "<Error><Code>NoSuchKey</Code></Error>",
     "http_status: HTTP 403: NoSuchKey"},
    {"HTTP/1.1 404 N\r\n", "<html>not here</html>", "http_status: HTTP 404"},
    {"HTTP/1.1 400 B\r\n", "<Error><Code>InvalidBucketName", "http_status: HTTP 400"},
    {"HTTP/1.1 404 N\r\n", "", "http_status: HTTP 404"},
    {"HTTP/1.1 403 F\r\n", "<Error>\n<Code> AccessDenied\n</Code></Error>", "denied"},
    {"HTTP/1.1 404 N\r\n", "<Code></Code><Code>NoSuchKey</Code>", "http_status: HTTP 404"},
};

static void test_replies(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct recording got = read_with(cases[i].lines, cases[i].body);
        check_line(&got, cases[i].want, cases[i].body);
        recording_drop(&got);
    }
}

static void test_recorded(const char *folder)
{
    static const struct {
        const char *name, *want;
    } recorded[] = {
        {"055-gcs-manifest",
         "bad_reply: no checkpoint's manifest: neither an object \"metadata\" nor an array "
         "\"files\""},
        {"057-gcs-access-denied-403", "denied"},
        {"058-gcs-no-such-bucket-404", "missing, the bucket"},
    };
    for (size_t i = 0; i < sizeof recorded / sizeof *recorded; i++) {
        struct recording got = recording_read(KIND, folder, recorded[i].name);
        CHECK(got.is_there, "%s is in %s", recorded[i].name, folder);
        if (got.is_there) {
            check_line(&got, recorded[i].want, recorded[i].name);
        }
        recording_drop(&got);
    }
}

/* Wherever a manifest is cut or memory ends, it is said so. */
static void test_ends(void)
{
    pm_str whole = pm_str_from(cases[0].body);
    size_t fitted = 0;
    for (size_t len = 0; len < whole.len; len++) {
        struct recording got = recording_of(KIND, OK, pm_str_slice(whole, 0, len), ARENA_BYTES);
        CHECK(!got.facts && got.outcome.status == PM_STATUS_NOT_JSON, "cut to %zu bytes", len);
        recording_drop(&got);
    }
    for (size_t ceiling = 0; ceiling < 16384; ceiling += 64) {
        struct recording got = recording_of(KIND, OK, whole, ceiling);
        CHECK(got.facts || got.outcome.status == PM_STATUS_TOO_LARGE, "in %zu bytes: %s", ceiling,
              pm_status_word(got.outcome.status));
        fitted += got.facts != NULL;
        recording_drop(&got);
    }
    CHECK(fitted > 0, "it fits at last");
}

int main(void)
{
    const char *golden = getenv("PSYCHE_GOLDEN_DIR"), *data = getenv("PSYCHE_TEST_DATA");
    char folder[512];
    test_places();
    test_replies();
    test_ends();
    (void)snprintf(folder, sizeof folder, "%s/hub", data ? data : "tests/data");
    test_recorded(folder);
    if (golden) {
        (void)snprintf(folder, sizeof folder, "%s/hub", golden);
        test_recorded(folder);
    } else {
        printf("SKIP recordings outside the tree: PSYCHE_GOLDEN_DIR is not set\n");
    }
    return check_done();
}
