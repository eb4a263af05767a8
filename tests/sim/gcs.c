/* gcs.c - how Google's storage answers who asks for an object by its address. */

#include "gcs.h"

#include "data.h"
#include "hub_query.h"
#include "rpc_text.h"
#include "text.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <yyjson.h>

#define WRITTEN INT64_C(1795235411) /* 2026-11-21T04:30:11Z, when nothing says when */
#define DENIED                                                                                     \
    "Anonymous caller does not have storage.objects.get access to the Google Cloud Storage "       \
    "object. Permission &apos;storage.objects.get&apos; denied on resource (or it may not exist)."

bool sim_gcs_open(struct sim_gcs *gcs, const char *folder)
{
    gcs->folder = sim_format("%s/gcs", folder);
    return true;
}

void sim_gcs_finish(struct sim_gcs *gcs)
{
    free(gcs->folder);
    gcs->folder = NULL;
}

/* --- headers --- */

static void add_common(struct sim_reply *reply)
{
    sim_reply_set_header(reply, "X-GUploader-UploadID", "AFeK7c0a25c06ea30bae50e39a37a5997e31a1a9");
    sim_reply_set_header(reply, "Server", "UploadServer");
    reply->has_own_headers = true;
}

static void add_date(struct sim_reply *reply, const char *name, int64_t seconds)
{
    char text[64];
    time_t moment = (time_t)seconds;
    struct tm parts = {0};
    (void)gmtime_r(&moment, &parts);
    (void)strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    sim_reply_set_header(reply, name, text);
}

static void add_number(struct sim_reply *reply, const char *name, uint64_t number)
{
    char *text = sim_format("%llu", (unsigned long long)number);
    sim_reply_set_header(reply, name, text);
    free(text);
}

/* Sums in the shape of the real ones, which are no sums of these bytes; but others for others. */
static void add_sums(struct sim_reply *reply)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256(hash, (const unsigned char *)reply->body, reply->body_bytes);
    char *four = sim_base64((pm_str){(const char *)hash, 4});
    char *sixteen = sim_base64((pm_str){(const char *)hash, 16});
    char *short_sum = sim_format("crc32c=%s", four), *long_sum = sim_format("md5=%s", sixteen);
    char hex[33];
    (void)sodium_bin2hex(hex, sizeof hex, hash, 16);
    char *etag = sim_format("\"%s\"", hex);
    sim_reply_set_header(reply, "x-goog-hash", short_sum);
    sim_reply_add_header(reply, "x-goog-hash", long_sum);
    sim_reply_set_header(reply, "ETag", etag);
    uint64_t micros = (uint64_t)(hash[0] << 8 | hash[1]);
    add_number(reply, "x-goog-generation", (uint64_t)WRITTEN * 1000000 + micros);
    free(four);
    free(sixteen);
    free(short_sum);
    free(long_sum);
    free(etag);
}

static void replace_headers(struct sim_reply *reply, const char *file)
{
    char *name = sim_format("%s.headers", file);
    yyjson_doc *doc = yyjson_read_file(name, YYJSON_READ_NOFLAG, NULL, NULL);
    yyjson_val *key;
    yyjson_obj_iter all = yyjson_obj_iter_with(yyjson_doc_get_root(doc));
    while ((key = yyjson_obj_iter_next(&all))) {
        const char *value = yyjson_get_str(yyjson_obj_iter_get_val(key));
        sim_reply_set_header(reply, yyjson_get_str(key), value ? value : "");
    }
    yyjson_doc_free(doc);
    free(name);
}

static void add_headers(struct sim_reply *reply, const char *file)
{
    add_date(reply, "Expires", WRITTEN + 3600);
    add_date(reply, "Last-Modified", WRITTEN);
    sim_reply_set_header(reply, "Cache-Control", "public, max-age=3600");
    sim_reply_set_header(reply, "x-goog-metageneration", "1");
    sim_reply_set_header(reply, "x-goog-stored-content-encoding", "identity");
    add_number(reply, "x-goog-stored-content-length", reply->body_bytes);
    sim_reply_set_header(reply, "x-goog-storage-class", "STANDARD");
    sim_reply_set_header(reply, "Accept-Ranges", "bytes");
    add_sums(reply);
    replace_headers(reply, file);
}

/* --- answers --- */

static void fail(struct sim_reply *reply, unsigned status, const char *code, const char *message,
                 const char *details)
{
    char *more = details ? sim_format("<Details>%s</Details>", details) : sim_copy("");
    char *text = sim_format("<?xml version='1.0' encoding='UTF-8'?><Error><Code>%s</Code>"
                            "<Message>%s</Message>%s</Error>",
                            code, message, more);
    reply->status = status;
    reply->content_type = "application/xml; charset=UTF-8";
    sim_reply_own_body(reply, text, strlen(text));
    add_date(reply, "Expires", WRITTEN);
    sim_reply_set_header(reply, "Cache-Control", "private, max-age=0");
    free(more);
}

static bool is_there(const char *folder, const char *name, const char *ending)
{
    char *path = sim_format("%s/%s%s", folder, name, ending);
    bool is_found = access(path, F_OK) == 0;
    free(path);
    return is_found;
}

static void answer_missing(const struct sim_gcs *gcs, const char *bucket, const char *object,
                           struct sim_reply *reply)
{
    if (is_there(gcs->folder, bucket, ".unlisted")) {
        fail(reply, 403, "AccessDenied", "Access denied.", DENIED);
        return;
    }
    char *details = sim_format("No such object: %s/%s", bucket, object);
    fail(reply, 404, "NoSuchKey", "The specified key does not exist.", details);
    free(details);
}

static void answer_object(const struct sim_gcs *gcs, const char *bucket, const char *object,
                          struct sim_reply *reply)
{
    char *file = sim_format("%s/%s/%s", gcs->folder, bucket, object), *bytes = NULL;
    size_t count = 0;
    if (strstr(object, "..") || !*object || !sim_file_read(file, &bytes, &count)) {
        answer_missing(gcs, bucket, object, reply);
    } else {
        const char *dot = strrchr(object, '.');
        bool is_json = dot && strcmp(dot, ".json") == 0;
        reply->content_type = is_json ? "application/json" : "application/octet-stream";
        sim_reply_own_body(reply, bytes, count);
        add_headers(reply, file);
    }
    free(file);
}

static void answer(const struct sim_gcs *gcs, const char *bucket, const char *object,
                   const char *authorization, struct sim_reply *reply)
{
    reply->status = 200;
    if (authorization) {
        fail(reply, 401, "AuthenticationRequired", "Authentication required.", NULL);
    } else if (is_there(gcs->folder, bucket, ".denied")) {
        fail(reply, 403, "AccessDenied", "Access denied.", DENIED);
    } else if (!is_there(gcs->folder, bucket, "") && !is_there(gcs->folder, bucket, ".unlisted")) {
        fail(reply, 404, "NoSuchBucket", "The specified bucket does not exist.", NULL);
    } else {
        answer_object(gcs, bucket, object, reply);
    }
    add_common(reply);
}

char *sim_gcs_answer(const struct sim_gcs *gcs, const char *target, const char *authorization,
                     struct sim_reply *reply)
{
    static const char manifest[] = "manifest.json";
    const char *path = target + strlen("/gcs/");
    char *whole = sim_query_unescape(path, strcspn(path, "?"), false);
    size_t bytes = strcspn(whole, "/"), all = strlen(whole), ending = sizeof manifest - 1;
    char *bucket = sim_format("%.*s", (int)bytes, whole);
    answer(gcs, bucket, whole + bytes + (whole[bytes] == '/'), authorization, reply);
    bool is_manifest = all > ending && strcmp(whole + all - ending, manifest) == 0;
    char *route = is_manifest ? sim_format("/gcs/manifest/%.*s", (int)(all - ending - 1), whole)
                              : sim_format("/gcs/object/%s", whole);
    free(whole);
    free(bucket);
    return route;
}
