/* question.c - a question asked in words, as the request it stands for. Whether its words are any
 * good is for the library to say, as of every request. */

#include "question.h"

#include "base/str.h"
#include "codec/json.h"

#include <stdint.h>

struct arguments {
    yyjson_mut_doc *doc;
    yyjson_mut_val *object;
};

static void add_text(struct arguments *to, const char *key, const char *value)
{
    if (value) {
        (void)yyjson_mut_obj_add_str(to->doc, to->object, key, value);
    }
}

/* What is no number goes on as it is, and is refused with the bounds. */
static void add_number(struct arguments *to, const char *key, const char *value)
{
    uint64_t number;
    if (value && pm_str_to_u64(pm_str_from(value), &number)) {
        (void)yyjson_mut_obj_add_uint(to->doc, to->object, key, number);
    } else {
        add_text(to, key, value);
    }
}

char *cli_question_write(const struct cli_options *options, size_t *len)
{
    struct arguments to = {.doc = yyjson_mut_doc_new(NULL)};
    yyjson_mut_val *root = yyjson_mut_obj(to.doc);
    yyjson_mut_doc_set_root(to.doc, root);
    (void)yyjson_mut_obj_add_str(to.doc, root, "tool", options->question.tool);
    to.object = yyjson_mut_obj_add_obj(to.doc, root, "arguments");
    add_text(&to, "action", options->question.action);
    add_text(&to, options->question.word, options->word_count ? options->words[0] : NULL);
    add_text(&to, "run_id", options->run);
    add_number(&to, "limit", options->limit);
    add_text(&to, "page", options->page);
    add_text(&to, "detail", options->wants_all ? "full" : NULL);
    char *request = yyjson_mut_write(to.doc, YYJSON_WRITE_ALLOW_INVALID_UNICODE, len);
    yyjson_mut_doc_free(to.doc);
    return request;
}
