/* hub_reply.c - what all answers of the simulated hub have in common. */

#include "hub_call.h"

#include "rpc_text.h"
#include "text.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char exposed[] =
    "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,"
    "Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag,X-Xet-Hash";

void sim_hub_set(struct sim_hub_call *call, const char *name, const char *format, ...)
{
    char *value = NULL;
    va_list args;
    va_start(args, format);
    if (vasprintf(&value, format, args) < 0) {
        value = sim_copy("");
    }
    va_end(args);
    sim_reply_set_header(call->reply, name, value);
    free(value);
}

void sim_hub_json(struct sim_hub_call *call, yyjson_mut_doc *doc, yyjson_mut_val *root)
{
    size_t bytes = 0;
    yyjson_mut_doc_set_root(doc, root);
    char *text = yyjson_mut_write(doc, YYJSON_WRITE_ALLOW_INVALID_UNICODE, &bytes);
    call->reply->content_type = SIM_JSON;
    sim_reply_own_body(call->reply, text ? text : sim_copy(""), bytes);
}

static void give_text(struct sim_hub_call *call, const char *text)
{
    call->reply->content_type = "text/plain; charset=utf-8";
    sim_reply_copy_body(call->reply, text);
}

void sim_hub_fail(struct sim_hub_call *call, unsigned status, const char *code, const char *format,
                  ...)
{
    char *message = NULL;
    va_list args;
    va_start(args, format);
    if (vasprintf(&message, format, args) < 0) {
        message = sim_copy("");
    }
    va_end(args);
    const struct sim_member error[] = {{"error", message, 0}};
    sim_reply_object(call->reply, status, error, 1);
    if (call->is_file) {
        give_text(call, message);
    }
    sim_hub_set(call, "X-Error-Code", "%s", code ? code : "");
    sim_hub_set(call, "X-Error-Message", "%s", message);
    if (status == 401 && !code) {
        sim_hub_set(call, "WWW-Authenticate",
                    "Bearer realm=\"Authentication required\", charset=\"UTF-8\"");
    }
    free(message);
}

void sim_hub_redirect(struct sim_hub_call *call, unsigned status, const char *location)
{
    char *text = sim_format("%s. Redirecting to %s", status == 302 ? "Found" : "Temporary Redirect",
                            location);
    call->reply->status = status;
    give_text(call, text);
    sim_hub_set(call, "Location", "%s", location);
    free(text);
}

static const char *mood_text(const struct sim_hub_call *call, const char *name)
{
    return yyjson_get_str(yyjson_obj_get(yyjson_doc_get_root(call->hub->moods), name));
}

void sim_hub_link_next(struct sim_hub_call *call, const char *query)
{
    const char *target = call->ask->target, *elsewhere = mood_text(call, "links_to");
    const char *path = elsewhere ? target + strlen("/hub") : target;
    sim_hub_set(call, "Link", "<%s%.*s?%s>; rel=\"next\"",
                elsewhere ? elsewhere : call->ask->origin, (int)strcspn(path, "?"), path, query);
}

/* As the hub's own weak one looks: the length, and 27 characters of a hash. */
static void set_etag(struct sim_hub_call *call)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    const struct sim_reply *reply = call->reply;
    (void)crypto_hash_sha256(hash, (const unsigned char *)(reply->body ? reply->body : ""),
                             reply->body_bytes);
    char *text = sim_base64((pm_str){(const char *)hash, sizeof hash});
    sim_hub_set(call, "ETag", "W/\"%zx-%.27s\"", reply->body_bytes, text);
    free(text);
}

static bool has_header(const struct sim_reply *reply, const char *name)
{
    for (size_t i = 0; i < reply->header_count; i++) {
        if (strcasecmp(reply->headers[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* What of the hub's allowance is used up. Without a mood a new window begins when it is. */
struct rate {
    const char *name;
    uint64_t most, left, seconds;
    bool is_over;
};

static struct rate rate_of(const struct sim_hub_call *call)
{
    static const struct {
        const char *name;
        uint64_t most, most_by_token;
    } buckets[SIM_BUCKETS] = {{"api", 500, 1000}, {"resolvers", 3000, 5000}};
    enum sim_bucket which = sim_hub_bucket(call->ask->target);
    yyjson_val *moods = yyjson_doc_get_root(call->hub->moods);
    yyjson_val *given = yyjson_obj_get(moods, buckets[which].name);
    yyjson_val *seconds = yyjson_obj_get(moods, "seconds");
    bool is_known = sim_hub_reader(call, call->repo) >= SIM_STRANGER;
    uint64_t most = is_known ? buckets[which].most_by_token : buckets[which].most;
    most = given ? yyjson_get_uint(given) : most;
    uint64_t number = given ? call->ask->number : call->ask->number % most;
    return (struct rate){.name = buckets[which].name,
                         .most = most,
                         .left = number < most ? most - 1 - number : 0,
                         .seconds = seconds ? yyjson_get_uint(seconds) : 287,
                         .is_over = number >= most};
}

bool sim_hub_is_over(struct sim_hub_call *call)
{
    struct rate rate = rate_of(call);
    if (rate.is_over) {
        sim_hub_fail(call, 429, NULL,
                     "We had to rate limit you, you hit the quota of %llu %s requests per 5 "
                     "minutes period.",
                     (unsigned long long)rate.most, rate.name);
    }
    return rate.is_over;
}

static void set_rate(struct sim_hub_call *call)
{
    struct rate rate = rate_of(call);
    sim_hub_set(call, "RateLimit", "\"%s\";r=%llu;t=%llu", rate.name, (unsigned long long)rate.left,
                (unsigned long long)rate.seconds);
    sim_hub_set(call, "RateLimit-Policy", "\"fixed window\";\"%s\";q=%llu;w=300", rate.name,
                (unsigned long long)rate.most);
}

void sim_hub_finish_headers(struct sim_hub_call *call)
{
    struct sim_reply *reply = call->reply;
    set_rate(call);
    if (reply->status != 302 && !has_header(reply, "ETag")) {
        set_etag(call);
    }
    char *id = sim_hub_digits("request", call->ask->target, 24);
    sim_hub_set(call, "X-Request-Id", "Root=1-6b1f2a00-%s", id);
    free(id);
    sim_hub_set(call, "X-Powered-By", "huggingface-moon");
    sim_hub_set(call, "cross-origin-opener-policy", "same-origin");
    sim_hub_set(call, "Vary", "Origin");
    sim_hub_set(call, "Access-Control-Expose-Headers", "%s", exposed);
    sim_hub_set(call, "X-Cache", "%s from cloudfront", reply->status < 400 ? "Miss" : "Error");
    sim_hub_set(call, "Via", "1.1 0123456789abcdef.cloudfront.net (CloudFront)");
    reply->has_own_headers = true;
}
