/* mcp_sink.h - where lines go that answer. */
#ifndef PM_CLI_MCP_SINK_H
#define PM_CLI_MCP_SINK_H

#include "base/str.h"

struct mcp_sink {
    void (*take)(void *user, pm_str line); /* from any thread; without its end; copies */
    void *user;
};

static inline void mcp_sink_take(struct mcp_sink sink, pm_str line)
{
    sink.take(sink.user, line);
}

#endif
