/* mcp_result.c - a tool's answer as the result of tools/call. */

#include "mcp_result.h"

#include "base/error.h"

static bool is_success(int status)
{
    return status == PM_EXIT_FOUND || status == PM_EXIT_NOT_FOUND || status == PM_EXIT_UNSURE;
}

static void add_text_block(yyjson_mut_doc *doc, yyjson_mut_val *blocks, pm_str text)
{
    yyjson_mut_val *block = yyjson_mut_arr_add_obj(doc, blocks);
    (void)yyjson_mut_obj_add_str(doc, block, "type", "text");
    mcp_add_text(doc, block, "text", text);
}

pm_str mcp_result_write(struct pm_arena *arena, pm_str id, enum cli_content content, pm_str answer,
                        int status, struct mcp_spare *spare)
{
    yyjson_alc allocator = pm_json_alc(arena);
    struct mcp_message message = {.arena = arena, .id = id, .doc = yyjson_mut_doc_new(&allocator)};
    yyjson_mut_doc *doc = message.doc;
    yyjson_mut_val *result = yyjson_mut_obj(doc);
    yyjson_mut_val *blocks = yyjson_mut_obj_add_arr(doc, result, "content");
    bool is_failure = !is_success(status);
    /* Of a failure clients show the text alone. */
    if (content != CLI_CONTENT_STRUCTURED || is_failure) {
        add_text_block(doc, blocks, answer);
    }
    if (content != CLI_CONTENT_TEXT) {
        (void)yyjson_mut_obj_add_val(doc, result, "structuredContent", mcp_raw(doc, answer));
    }
    (void)yyjson_mut_obj_add_bool(doc, result, "isError", is_failure);
    return mcp_reply_write(&message, result, spare);
}
