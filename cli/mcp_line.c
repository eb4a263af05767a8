/* mcp_line.c - one line after the other, out of bytes as they come.
 *
 * A line is kept whole because its JSON is read as a tree; what is longer than any request may be
 * is dropped as it arrives, so a client cannot make us hold more than one line. */

#include "mcp_line.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 4096
#define ROOM_KEPT 65536 /* a larger buffer is given back after its line */

static bool make_room(struct mcp_line *line, size_t more)
{
    size_t room = line->room ? line->room : ROOM_FIRST;
    while (room - line->len < more) {
        room *= 2;
    }
    if (room > line->room) {
        char *bytes = realloc(line->bytes, room);
        if (!bytes) {
            return false;
        }
        line->bytes = bytes;
        line->room = room;
    }
    return true;
}

static enum mcp_line_state give_up(struct mcp_line *line, enum mcp_line_state why, bool has_end)
{
    mcp_line_finish(line);
    line->is_skipping = !has_end;
    return why;
}

static enum mcp_line_state keep(struct mcp_line *line, pm_str part, bool has_end)
{
    if (line->is_skipping) {
        line->is_skipping = !has_end;
        return MCP_LINE_OPEN;
    }
    if (part.len > MCP_LINE_BYTES_MOST - line->len) {
        return give_up(line, MCP_LINE_TOO_LONG, has_end);
    }
    if (!make_room(line, part.len)) {
        return give_up(line, MCP_LINE_NO_MEMORY, has_end);
    }
    memcpy(line->bytes + line->len, part.ptr, part.len);
    line->len += part.len;
    return has_end ? MCP_LINE_WHOLE : MCP_LINE_OPEN;
}

static void begin_next(struct mcp_line *line)
{
    if (line->room > ROOM_KEPT) {
        mcp_line_finish(line);
    }
    line->len = 0;
}

size_t mcp_line_take(struct mcp_line *line, pm_str fresh, enum mcp_line_state *state)
{
    if (line->is_whole) {
        begin_next(line);
    }
    size_t end = pm_str_find(fresh, '\n');
    bool has_end = end < fresh.len;
    *state = keep(line, pm_str_slice(fresh, 0, end), has_end);
    line->is_whole = *state == MCP_LINE_WHOLE;
    return end + has_end;
}

void mcp_line_finish(struct mcp_line *line)
{
    free(line->bytes);
    *line = (struct mcp_line){0};
}
