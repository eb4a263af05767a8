/* mcp_tools.c - the library's tools in the protocol's words. */

#include "mcp_session.h"

#include <string.h>

/* What a person sees; a tool without a row is called by its name. */
static const struct {
    const char *name, *title;
} titles[] = {
    {"psyche_monitor", "Psyche network monitor"},
    {"psyche_wallet", "A wallet in Psyche"},
};

/* The top of every answer, failures included: what there is beside the groups and lists of facts.
 * `found` is true, false or a word, so it has no type here. */
static const struct {
    const char *name, *type, *meaning;
} answer_keys[] = {
    {"summary", "string", "The answer in one to four sentences, with labels."},
    {"success", "boolean", "false: there is no answer, error says why."},
    {"schema", "string", "psyche.monitor/1"},
    {"action", "string", "What was asked."},
    {"found", NULL, "true, false, \"unknown\" (a source was silent) or \"ambiguous\"."},
    {"address", "string", "The wallet that is meant."},
    {"run_id", "string", "The run that is meant."},
    {"matched_by", "string", "id, name, prefix or part."},
    {"page", "string", "The page that was asked for."},
    {"tracked", "object", "Facts of the dashboard."},
    {"on_chain", "object", "Facts decoded from accounts."},
    {"hub", "object", "Facts of the model hub or a bucket."},
    {"guide", "object", "What the references say."},
    {"local", "object", "Facts of this machine."},
    {"agreement", "object", "Whether the sources agree, and which to trust."},
    {"sources", "array", "Who was asked, and what became of it."},
    {"notes", "array", "What else to know."},
    {"omitted", "array", "What was left out, and the call that gets it."},
    {"next", "array", "Calls that lead on."},
    {"error", "string", "Why there is no answer."},
    {"error_code", "string", "The same from one list."},
    {"retryable", "boolean", "Whether asking again may help."},
    {"supported", "array", "What would have been accepted."},
    {"refusal", "string", "What must not be claimed."},
};

static pm_str schema_text(void)
{
    size_t len = 0;
    const char *text = psyche_monitor_schema(&len);
    return (pm_str){text, len};
}

static yyjson_val *read_schema(struct pm_arena *arena)
{
    struct pm_json_problem problem;
    return pm_json_read_copy(arena, schema_text(), &problem);
}

/* --- tools/list --- */

static void add_output_schema(yyjson_mut_doc *doc, yyjson_mut_val *tool)
{
    yyjson_mut_val *schema = yyjson_mut_obj_add_obj(doc, tool, "outputSchema");
    (void)yyjson_mut_obj_add_str(doc, schema, "type", "object");
    yyjson_mut_val *properties = yyjson_mut_obj_add_obj(doc, schema, "properties");
    for (size_t i = 0; i < sizeof answer_keys / sizeof *answer_keys; i++) {
        yyjson_mut_val *key = yyjson_mut_obj_add_obj(doc, properties, answer_keys[i].name);
        if (answer_keys[i].type) {
            (void)yyjson_mut_obj_add_str(doc, key, "type", answer_keys[i].type);
        }
        (void)yyjson_mut_obj_add_str(doc, key, "description", answer_keys[i].meaning);
    }
    yyjson_mut_val *required = yyjson_mut_obj_add_arr(doc, schema, "required");
    (void)yyjson_mut_arr_add_str(doc, required, "success");
}

static pm_str title_of(pm_str name)
{
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        if (pm_str_equal(name, pm_str_from(titles[i].name))) {
            return pm_str_from(titles[i].title);
        }
    }
    return name;
}

static void add_annotations(yyjson_mut_doc *doc, yyjson_mut_val *tool, pm_str title)
{
    yyjson_mut_val *hints = yyjson_mut_obj_add_obj(doc, tool, "annotations");
    mcp_add_text(doc, hints, "title", title);
    (void)yyjson_mut_obj_add_bool(doc, hints, "readOnlyHint", true);
    (void)yyjson_mut_obj_add_bool(doc, hints, "destructiveHint", false);
    (void)yyjson_mut_obj_add_bool(doc, hints, "idempotentHint", true);
    (void)yyjson_mut_obj_add_bool(doc, hints, "openWorldHint", true);
}

static void add_tool(yyjson_mut_doc *doc, yyjson_mut_val *list, yyjson_val *definition,
                     bool has_structure)
{
    yyjson_mut_val *tool = yyjson_mut_arr_add_obj(doc, list);
    pm_str name = pm_json_text(pm_json_get(definition, "name"));
    mcp_add_text(doc, tool, "name", name);
    mcp_add_text(doc, tool, "title", title_of(name));
    mcp_add_text(doc, tool, "description", pm_json_text(pm_json_get(definition, "description")));
    yyjson_val *parameters = pm_json_get(definition, "parameters");
    (void)yyjson_mut_obj_add_val(doc, tool, "inputSchema", yyjson_val_mut_copy(doc, parameters));
    if (has_structure) {
        add_output_schema(doc, tool);
    }
    add_annotations(doc, tool, title_of(name));
}

yyjson_mut_val *mcp_tools_list(struct mcp_session *session, struct mcp_message *message)
{
    yyjson_val *definition;
    size_t at, count;
    if (!mcp_is_first_page(message)) {
        return NULL;
    }
    yyjson_mut_val *result = yyjson_mut_obj(message->doc);
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(message->doc, result, "tools");
    yyjson_val *schema = read_schema(message->arena);
    yyjson_arr_foreach(schema, at, count, definition)
    {
        add_tool(message->doc, list, definition, session->content != CLI_CONTENT_TEXT);
    }
    return result;
}

/* --- tools/call --- */

static bool is_tool(struct pm_arena *arena, pm_str name)
{
    yyjson_val *schema = read_schema(arena), *definition;
    size_t at, count;
    yyjson_arr_foreach(schema, at, count, definition)
    {
        if (pm_str_equal(name, pm_json_text(pm_json_get(definition, "name")))) {
            return true;
        }
    }
    return false;
}

/* A token is a string or a number, as an id is. */
static pm_str progress_token(struct mcp_message *message)
{
    yyjson_val *token = pm_json_get(pm_json_get(message->params, "_meta"), "progressToken");
    pm_str text = mcp_id_key(message->arena, token);
    if (token && (text.len == 0 || text.len > MCP_ID_BYTES_MOST)) {
        (void)mcp_refuse(message, MCP_INVALID_PARAMS,
                         "progressToken: a string or a number, at most %d bytes",
                         MCP_ID_BYTES_MOST);
    }
    return text;
}

/* What is inside `arguments` is the library's to judge: its answer teaches the model more than an
 * error of the protocol would. */
yyjson_mut_val *mcp_tools_call(struct mcp_session *session, struct mcp_message *message)
{
    yyjson_val *name = pm_json_get(message->params, "name");
    yyjson_val *arguments = pm_json_get(message->params, "arguments");
    bool has_none = !arguments || yyjson_is_null(arguments);
    if (!pm_json_text(name).ptr) {
        return mcp_refuse(message, MCP_INVALID_PARAMS, "name: a string");
    }
    if (!is_tool(message->arena, pm_json_text(name))) {
        return mcp_refuse(message, MCP_INVALID_PARAMS, "there is no tool \"%s\"",
                          mcp_show(pm_json_text(name)).text);
    }
    if (!has_none && !yyjson_is_obj(arguments)) {
        return mcp_refuse(message, MCP_INVALID_PARAMS, "arguments: an object");
    }
    struct mcp_call call = {
        .id = message->id,
        .key = message->key,
        .tool = mcp_value_write(message->arena, name),
        .arguments = has_none ? PM_STR("{}") : mcp_value_write(message->arena, arguments),
        .progress_token = progress_token(message),
        .content = session->content,
    };
    if (message->arena->failed) {
        return mcp_refuse(message, MCP_INTERNAL, "memory ran out");
    }
    message->is_taken = !message->has_error && mcp_workers_take(session->workers, &call, message);
    return NULL;
}
