/* mcp.h - `psyche-monitor mcp`: the tools, references and common questions for programs that speak
 * the Model Context Protocol over standard input and output. */
#ifndef PM_CLI_MCP_H
#define PM_CLI_MCP_H

#include "options.h"
#include "psyche_monitor.h"

/* Serves until standard input ends, standard output is closed, or SIGTERM or SIGINT comes; the exit
 * status. Call it before any other thread is started: it blocks these signals. Ends the process
 * itself when something that cannot be waited for is still under way. */
int cli_mcp_run(psyche_monitor *monitor, enum cli_content content);

#endif
