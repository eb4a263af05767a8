/* mcp_result.h - a tool's answer as the result of tools/call. */
#ifndef PM_CLI_MCP_RESULT_H
#define PM_CLI_MCP_RESULT_H

#include "mcp_message.h"
#include "options.h"

/* The line for request `id`. `answer` is the library's, which goes into structuredContent byte for
 * byte; `status` is its exit status. */
pm_str mcp_result_write(struct pm_arena *arena, pm_str id, enum cli_content content, pm_str answer,
                        int status, struct mcp_spare *spare);

#endif
