/* mcp_message.c - JSON-RPC 2.0: what a line asks, and the lines that answer it.
 *
 * An id goes back exactly as it came: a client may compare text. So besides the tree the line
 * itself is walked, for the place of the id. */

#include "mcp_message.h"

#include "codec/scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- errors --- */

yyjson_mut_val *mcp_refuse(struct mcp_message *message, enum mcp_code code, const char *format, ...)
{
    va_list values;
    if (!message->has_error) {
        message->has_error = true;
        message->code = code;
        va_start(values, format);
        (void)vsnprintf(message->problem, sizeof message->problem, format, values);
        va_end(values);
    }
    return NULL;
}

struct mcp_shown mcp_show(pm_str text)
{
    struct mcp_shown shown = {""};
    const size_t most = 60;
    size_t len = 0;
    for (; len < text.len && len < most; len++) {
        char c = text.ptr[len];
        shown.text[len] = c;
        if (c < ' ' || c > '~' || c == '"' || c == '\\') {
            shown.text[len] = '?';
        }
    }
    if (len < text.len) {
        memcpy(shown.text + len, "...", 3);
    }
    return shown;
}

/* --- reading --- */

pm_str mcp_value_write(struct pm_arena *arena, yyjson_val *value)
{
    yyjson_alc allocator = pm_json_alc(arena);
    size_t len = 0;
    const char *text = yyjson_val_write_opts(value, 0, &allocator, &len, NULL);
    return (pm_str){text, text ? len : 0};
}

pm_str mcp_id_key(struct pm_arena *arena, yyjson_val *id)
{
    return yyjson_is_str(id) || yyjson_is_num(id) ? mcp_value_write(arena, id) : PM_STR("");
}

/* The id as it stands in the line, which is known to be an object. */
static pm_str find_id(pm_str line)
{
    struct pm_scan scan = pm_scan_from(line);
    pm_str found = PM_STR(""), key;
    for (bool has = pm_scan_first(&scan, '}'); has; has = pm_scan_next(&scan, '}')) {
        if (!pm_scan_key(&scan, &key)) {
            break;
        }
        (void)pm_scan_peek(&scan);
        const char *start = scan.at;
        if (!pm_scan_skip(&scan)) {
            break;
        }
        if (pm_str_equal(key, PM_STR("id"))) {
            found = (pm_str){start, (size_t)(scan.at - start)};
        }
    }
    return found;
}

static void read_id(pm_str line, yyjson_val *id, struct mcp_message *out)
{
    pm_str key = mcp_id_key(out->arena, id), raw = find_id(line);
    if (key.len == 0) {
        (void)mcp_refuse(out, MCP_INVALID_REQUEST, "id: a string or a number");
    } else if (key.len > MCP_ID_BYTES_MOST || raw.len > MCP_ID_BYTES_MOST) {
        (void)mcp_refuse(out, MCP_INVALID_REQUEST, "id: at most %d bytes", MCP_ID_BYTES_MOST);
    } else {
        out->key = key;
        out->id = raw.len ? raw : key; /* its name was written with escapes */
    }
}

static void refuse_json(const struct pm_json_problem *problem, struct mcp_message *out)
{
    if (problem->fault == PM_JSON_NO_MEMORY) {
        (void)mcp_refuse(out, MCP_INTERNAL, "memory ran out");
    } else {
        (void)mcp_refuse(out, MCP_PARSE_ERROR, "no JSON at byte %zu: %s", problem->at,
                         problem->text);
    }
}

static enum mcp_kind read_parts(yyjson_val *root, struct mcp_message *out)
{
    yyjson_val *params = pm_json_get(root, "params");
    pm_str version = pm_json_text(pm_json_get(root, "jsonrpc"));
    out->method = pm_json_text(pm_json_get(root, "method"));
    if (!out->method.ptr && (pm_json_get(root, "result") || pm_json_get(root, "error"))) {
        return MCP_RESPONSE;
    }
    if (!pm_str_equal(version, PM_STR("2.0"))) {
        (void)mcp_refuse(out, MCP_INVALID_REQUEST, "jsonrpc: \"2.0\"");
    } else if (!out->method.ptr) {
        (void)mcp_refuse(out, MCP_INVALID_REQUEST, "method: a string");
    } else if (params && !yyjson_is_obj(params) && !yyjson_is_null(params)) {
        (void)mcp_refuse(out, MCP_INVALID_PARAMS, "params: an object");
    }
    out->params = yyjson_is_obj(params) ? params : NULL;
    bool is_invalid = out->has_error && out->code == MCP_INVALID_REQUEST;
    if (out->method.ptr && !pm_json_get(root, "id") &&
        (!is_invalid || pm_str_starts(out->method, PM_STR("notifications/")))) {
        return MCP_NOTIFICATION;
    }
    return is_invalid ? MCP_NO_MESSAGE : MCP_REQUEST;
}

void mcp_message_read(struct pm_arena *arena, pm_str line, struct mcp_message *out)
{
    struct pm_json_problem problem;
    yyjson_alc allocator = pm_json_alc(arena);
    *out = (struct mcp_message){.arena = arena, .kind = MCP_NO_MESSAGE, .id = PM_STR("null")};
    yyjson_val *root = pm_json_read_copy(arena, line, &problem);
    out->doc = yyjson_mut_doc_new(&allocator);
    if (!root) {
        refuse_json(&problem, out);
    } else if (yyjson_is_arr(root)) {
        (void)mcp_refuse(out, MCP_INVALID_REQUEST,
                         "no batches: since 2025-06-18 a line holds one message");
    } else if (!yyjson_is_obj(root)) {
        (void)mcp_refuse(out, MCP_INVALID_REQUEST, "a message is a JSON object");
    } else {
        yyjson_val *id = pm_json_get(root, "id");
        if (id) {
            read_id(line, id, out);
        }
        out->kind = read_parts(root, out);
    }
}

/* --- writing --- */

yyjson_mut_val *mcp_raw(yyjson_mut_doc *doc, pm_str json)
{
    return yyjson_mut_rawn(doc, json.ptr, json.len);
}

void mcp_add_text(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *key, pm_str text)
{
    (void)yyjson_mut_obj_add_strn(doc, object, key, text.ptr, text.len);
}

/* Empty when memory is out. */
static pm_str write_root(struct pm_arena *arena, yyjson_mut_val *root)
{
    yyjson_alc allocator = pm_json_alc(arena);
    size_t len = 0;
    const char *text = yyjson_mut_val_write_opts(root, 0, &allocator, &len, NULL);
    return text && !arena->failed ? (pm_str){text, len} : PM_STR("");
}

static yyjson_mut_val *error_value(struct mcp_message *message)
{
    yyjson_mut_val *error = yyjson_mut_obj(message->doc);
    (void)yyjson_mut_obj_add_int(message->doc, error, "code", message->code);
    (void)yyjson_mut_obj_add_str(message->doc, error, "message", message->problem);
    return error;
}

static pm_str write_spare(const struct mcp_message *message, struct mcp_spare *spare)
{
    int len = snprintf(spare->text, sizeof spare->text,
                       "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"error\":{\"code\":%d,"
                       "\"message\":\"memory ran out\"}}",
                       PM_STR_ARG(message->id), MCP_INTERNAL);
    return (pm_str){spare->text, len < 0 ? 0 : (size_t)len};
}

pm_str mcp_reply_write(struct mcp_message *message, yyjson_mut_val *result, struct mcp_spare *spare)
{
    yyjson_mut_doc *doc = message->doc;
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    (void)yyjson_mut_obj_add_str(doc, root, "jsonrpc", "2.0");
    (void)yyjson_mut_obj_add_val(doc, root, "id", mcp_raw(doc, message->id));
    if (message->has_error) {
        (void)yyjson_mut_obj_add_val(doc, root, "error", error_value(message));
    } else {
        (void)yyjson_mut_obj_add_val(doc, root, "result", result);
    }
    pm_str text = write_root(message->arena, root);
    return text.len && (result || message->has_error) ? text : write_spare(message, spare);
}

pm_str mcp_notification_write(yyjson_mut_doc *doc, struct pm_arena *arena, const char *method,
                              yyjson_mut_val *params)
{
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    (void)yyjson_mut_obj_add_str(doc, root, "jsonrpc", "2.0");
    (void)yyjson_mut_obj_add_str(doc, root, "method", method);
    (void)yyjson_mut_obj_add_val(doc, root, "params", params);
    return write_root(arena, root);
}
