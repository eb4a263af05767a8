/* reply.c - one answer, and how it is to be delivered. */

#include "reply.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

static void drop_body(struct sim_reply *reply)
{
    if (reply->body_is_ours) {
        free(reply->body);
    }
    reply->body = NULL;
    reply->body_bytes = 0;
    reply->body_is_ours = false;
}

void sim_reply_finish(struct sim_reply *reply)
{
    drop_body(reply);
    while (reply->header_count > 0) {
        struct sim_header *header = &reply->headers[--reply->header_count];
        free(header->name);
        free(header->value);
    }
}

void sim_reply_add_header(struct sim_reply *reply, const char *name, const char *value)
{
    if (reply->header_count < SIM_HEADERS_MOST && *value) {
        reply->headers[reply->header_count++] =
            (struct sim_header){sim_copy(name), sim_copy(value)};
    }
}

void sim_reply_set_header(struct sim_reply *reply, const char *name, const char *value)
{
    size_t kept = 0;
    for (size_t i = 0; i < reply->header_count; i++) {
        struct sim_header *header = &reply->headers[i];
        if (strcasecmp(header->name, name) == 0) {
            free(header->name);
            free(header->value);
        } else {
            reply->headers[kept++] = *header;
        }
    }
    reply->header_count = kept;
    sim_reply_add_header(reply, name, value);
}

void sim_reply_own_body(struct sim_reply *reply, char *body, size_t bytes)
{
    drop_body(reply);
    reply->body = body;
    reply->body_bytes = bytes;
    reply->body_is_ours = true;
}

void sim_reply_copy_body(struct sim_reply *reply, const char *text)
{
    sim_reply_own_body(reply, sim_copy(text), strlen(text));
}

void sim_reply_object(struct sim_reply *reply, unsigned status, const struct sim_member *members,
                      size_t count)
{
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *object = yyjson_mut_obj(doc);
    for (size_t i = 0; i < count; i++) {
        const struct sim_member *member = &members[i];
        if (member->text) {
            (void)yyjson_mut_obj_add_strcpy(doc, object, member->key, member->text);
        } else {
            (void)yyjson_mut_obj_add_int(doc, object, member->key, member->number);
        }
    }
    yyjson_mut_doc_set_root(doc, object);
    size_t bytes = 0;
    char *text = yyjson_mut_write(doc, YYJSON_WRITE_ALLOW_INVALID_UNICODE, &bytes);
    yyjson_mut_doc_free(doc);
    reply->status = status;
    reply->content_type = SIM_JSON;
    sim_reply_own_body(reply, text ? text : sim_copy(""), bytes);
}
