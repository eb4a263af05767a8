/* mcp_out.h - what we say, in the order in which it was handed in, a whole line at a time.
 *
 * A client that does not read must not keep us from hearing that it cancels or leaves. So lines
 * wait in a queue and one thread writes them. */
#ifndef PM_CLI_MCP_OUT_H
#define PM_CLI_MCP_OUT_H

#include "base/str.h"

struct mcp_out;

/* Writes to `file`; `wake` is an eventfd that is signalled when `file` can no longer be written and
 * when a full queue has room again. NULL when memory or threads are out. */
struct mcp_out *mcp_out_open(int file, int wake);

/* From any thread; copies, and adds the end of line. Without memory for a copy it waits until all
 * before it is written and writes from the caller's bytes. */
void mcp_out_line(struct mcp_out *out, pm_str line);

bool mcp_out_is_broken(struct mcp_out *out);
bool mcp_out_is_full(struct mcp_out *out); /* no more questions, please */

/* Waits that long for the queue to be written. False when it is not: its thread still waits for the
 * client, nothing is freed and the process has to end. Takes NULL. */
PM_CHECKED bool mcp_out_close(struct mcp_out *out, long wait_ms);

#endif
