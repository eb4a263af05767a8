/* reply.c - one answer, and how it is to be delivered. */

#include "reply.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

void sim_reply_finish(struct sim_reply *reply)
{
    if (reply->body_is_ours) {
        free(reply->body);
    }
    reply->body = NULL;
    reply->body_bytes = 0;
    reply->body_is_ours = false;
}

void sim_reply_own_body(struct sim_reply *reply, char *body, size_t bytes)
{
    sim_reply_finish(reply);
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
