/* mcp_line.h - one line after the other, out of bytes as they come. */
#ifndef PM_CLI_MCP_LINE_H
#define PM_CLI_MCP_LINE_H

#include "base/str.h"

/* What a request of the library may have, and its dress. */
#define MCP_LINE_BYTES_MOST (((size_t)1 << 20) + 4096)

struct mcp_line {
    char *bytes;
    size_t len, room;
    bool is_whole;    /* what is kept was handed out */
    bool is_skipping; /* the rest of a line that was given up */
};

enum mcp_line_state {
    MCP_LINE_OPEN,     /* more bytes, please */
    MCP_LINE_WHOLE,    /* bytes and len are a line, without its end; valid until the next call */
    MCP_LINE_TOO_LONG, /* said once, when the limit is passed; the rest is skipped */
    MCP_LINE_NO_MEMORY,
};

/* Takes bytes from the front of `fresh`, at least one if there is one; how many. */
size_t mcp_line_take(struct mcp_line *line, pm_str fresh, enum mcp_line_state *state);
void mcp_line_finish(struct mcp_line *line); /* takes a zeroed one too */

#endif
