/* hub_file.c - one file of a repository: where it lies, and what a small one holds. */

#include "hub_call.h"

#include "data.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define SMALL_MOST ((size_t)64 << 20) /* of what is made up for want of bytes */

static yyjson_val *take_file(struct sim_hub_call *call)
{
    yyjson_val *file = sim_hub_repo_file(&call->revision, call->path);
    sim_hub_set(call, "X-Repo-Commit", "%s", call->revision.id);
    sim_hub_set(call, "Accept-Ranges", "bytes");
    if (!file) {
        sim_hub_fail(call, 404, "EntryNotFound", "Entry not found");
        sim_hub_set(call, "X-Hub-Cache", "MISS");
    }
    return file;
}

static const char *member(yyjson_val *file, const char *name)
{
    const char *text = yyjson_get_str(yyjson_obj_get(file, name));
    return text ? text : "";
}

/* --- where it lies --- */

/* On another host, by a signed address that is good for a while. */
static void send_away(struct sim_hub_call *call, yyjson_val *file)
{
    const char *sum = member(file, "sha256"), *id = call->repo->id;
    char *pieces = sim_hub_digits("pieces", sum, 64), *number = sim_hub_repo_number(call->repo);
    const char *given = yyjson_get_str(yyjson_obj_get(file, "xetHash"));
    const char *xet = given ? given : pieces;
    char *location =
        sim_format("https://us.aws.cdn.hf.co/xet-bridge-us/%s/%s?X-Amz-Content-Sha256="
                   "UNSIGNED-PAYLOAD&X-Xet-Cas-Uid=public&Expires=1795240000&Policy=e30_&"
                   "Signature=AAAA&Key-Pair-Id=K000",
                   number, xet);
    sim_hub_redirect(call, 302, location);
    sim_hub_set(call, "Cache-Control", "no-store");
    sim_hub_set(call, "X-Linked-Size", "%llu",
                (unsigned long long)yyjson_get_uint(yyjson_obj_get(file, "size")));
    sim_hub_set(call, "X-Linked-ETag", "\"%s\"", sum);
    sim_hub_set(call, "X-Xet-Hash", "%s", xet);
    sim_hub_set(call, "Link",
                "<https://huggingface.co/api/models/%s/xet-read-token/%s>; rel=\"xet-auth\", "
                "<https://cas-server.xethub.hf.co/v1/reconstructions/%s>; "
                "rel=\"xet-reconstruction-info\"",
                id, call->revision.id, xet);
    free(pieces);
    free(number);
    free(location);
}

/* A query's name holds no plain slash. */
static char *escape_slashes(const char *text)
{
    char *out = sim_alloc(strlen(text) * 3 + 1), *to = out;
    for (; *text; text++) {
        if (*text == '/') {
            memcpy(to, "%2F", 3);
            to += 3;
        } else {
            *to++ = *text;
        }
    }
    *to = '\0';
    return out;
}

/* On the same host, by its commit. */
static void send_to_cache(struct sim_hub_call *call, yyjson_val *file)
{
    const char *slash = strrchr(call->path, '/'), *id = call->repo->id;
    const char *oid = member(file, "oid");
    char *asked = sim_format("/%s/resolve/%s/%s", id, call->revision_name, call->path);
    char *name = escape_slashes(asked);
    char *location = sim_format("/hub/api/resolve-cache/models/%s/%s/%s?%s=&etag=%%22%s%%22", id,
                                call->revision.id, call->path, name, oid);
    sim_hub_redirect(call, 307, location);
    sim_hub_set(call, "X-Linked-ETag", "\"%s\"", oid);
    sim_hub_set(call, "Content-Disposition", "inline; filename=\"%s\";",
                slash ? slash + 1 : call->path);
    free(asked);
    free(name);
    free(location);
}

void sim_hub_resolve(struct sim_hub_call *call)
{
    yyjson_val *file = take_file(call);
    const char *elsewhere = member(file, "redirect_to");
    if (*elsewhere) {
        sim_hub_redirect(call, 302, elsewhere);
    } else if (file && yyjson_obj_get(file, "sha256")) {
        send_away(call, file);
    } else if (file) {
        send_to_cache(call, file);
    }
}

/* --- what it holds --- */

/* An empty JSON object and blanks, as many as the file is said to have. */
static char *make_up(size_t bytes)
{
    char *text = sim_alloc(bytes + 1);
    memset(text, ' ', bytes);
    memcpy(text, "{}", bytes < 2 ? bytes : 2);
    return text;
}

static void give_bytes(struct sim_hub_call *call, yyjson_val *file)
{
    const char *folder = call->hub->folder, *id = call->repo->id, *path = member(file, "path");
    char *own = sim_format("%s/%s@%s/%s", folder, id, call->revision.id, path);
    char *name = sim_format("%s/%s/%s", folder, id, path);
    size_t bytes = 0;
    char *text = NULL;
    if (strstr(path, "..") ||
        (!sim_file_read(own, &text, &bytes) && !sim_file_read(name, &text, &bytes))) {
        uint64_t size = yyjson_get_uint(yyjson_obj_get(file, "size"));
        bytes = size < SMALL_MOST ? (size_t)size : SMALL_MOST;
        text = make_up(bytes);
    }
    call->reply->content_type = "text/plain; charset=utf-8";
    sim_reply_own_body(call->reply, text, bytes);
    sim_hub_set(call, "ETag", "\"%s\"", member(file, "oid"));
    free(own);
    free(name);
}

void sim_hub_bytes(struct sim_hub_call *call)
{
    yyjson_val *file = take_file(call);
    if (file && yyjson_obj_get(file, "sha256")) {
        send_away(call, file);
    } else if (file) {
        give_bytes(call, file);
    }
}
