/* mcp_message.h - JSON-RPC 2.0: what a line asks, and the lines that answer it. */
#ifndef PM_CLI_MCP_MESSAGE_H
#define PM_CLI_MCP_MESSAGE_H

#include "codec/json.h"

#define MCP_ID_BYTES_MOST 256
#define MCP_MESSAGE_ARENA_BYTES ((size_t)64 << 20)

/* JSON-RPC's numbers, and the one that the protocol adds. */
enum mcp_code {
    MCP_PARSE_ERROR = -32700,
    MCP_INVALID_REQUEST = -32600,
    MCP_UNKNOWN_METHOD = -32601,
    MCP_INVALID_PARAMS = -32602,
    MCP_INTERNAL = -32603,
    MCP_NO_RESOURCE = -32002,
};

enum mcp_kind {
    MCP_REQUEST,      /* has an id and wants an answer */
    MCP_NOTIFICATION, /* is never answered */
    MCP_RESPONSE,     /* we ask nothing, so it answers nothing */
    MCP_NO_MESSAGE,   /* see the error */
};

struct mcp_message {
    struct pm_arena *arena;
    yyjson_mut_doc *doc; /* for the answer; NULL when memory is out */
    enum mcp_kind kind;
    pm_str id;  /* as it stands in the line, "null" when there is none */
    pm_str key; /* the id in one spelling: two are the same when their keys are */
    pm_str method;
    yyjson_val *params; /* an object, or NULL */
    bool is_taken;      /* the answer comes later */
    bool has_error;
    enum mcp_code code;
    char problem[200];
};

/* Reads a line; what is on `arena` and what points into `line` both stay needed. */
void mcp_message_read(struct pm_arena *arena, pm_str line, struct mcp_message *out);

/* JSON again; empty when memory is out. */
pm_str mcp_value_write(struct pm_arena *arena, yyjson_val *value);

/* An id's one spelling; empty for what is no id. */
pm_str mcp_id_key(struct pm_arena *arena, yyjson_val *id);

/* Keeps the first error; always NULL, so that a handler can `return mcp_refuse(...)`. */
yyjson_mut_val *mcp_refuse(struct mcp_message *message, enum mcp_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A client's own words for an error message: printable ASCII, at most 60 bytes. */
struct mcp_shown {
    char text[64];
};
struct mcp_shown mcp_show(pm_str text);

/* The answer as one line without its end: the error, if there is one, else `result`. Never empty:
 * without memory it is that error, in `spare`. */
struct mcp_spare {
    char text[MCP_ID_BYTES_MOST + 128];
};
pm_str mcp_reply_write(struct mcp_message *message, yyjson_mut_val *result,
                       struct mcp_spare *spare);

/* {"jsonrpc":"2.0","method":…,"params":…} */
pm_str mcp_notification_write(yyjson_mut_doc *doc, struct pm_arena *arena, const char *method,
                              yyjson_mut_val *params);

/* JSON as it is, in the place of a value, and a text as a member. Neither is copied: both must
 * outlive the writing. */
yyjson_mut_val *mcp_raw(yyjson_mut_doc *doc, pm_str json);
void mcp_add_text(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *key, pm_str text);

#endif
