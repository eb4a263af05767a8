/* mcp_workers.h - calls under way, each on a thread of its own, up to eight at once.
 *
 * The others wait in line. Whoever asked may cancel a call, and hears of its progress if he gave a
 * token for it: first when it is taken, then each second, never after its answer. */
#ifndef PM_CLI_MCP_WORKERS_H
#define PM_CLI_MCP_WORKERS_H

#include "mcp_message.h"
#include "mcp_sink.h"
#include "options.h"
#include "psyche_monitor.h"

#define MCP_WORKERS_MOST 8
#define MCP_WAITING_MOST 256
#define MCP_WAITING_BYTES_MOST ((size_t)16 << 20)

struct mcp_workers;

/* What is asked; everything is copied. */
struct mcp_call {
    pm_str id, key;         /* of the request */
    pm_str tool, arguments; /* JSON */
    pm_str progress_token;  /* JSON, or empty */
    enum cli_content content;
};

/* NULL when memory is out. Threads are started when they are needed. */
struct mcp_workers *mcp_workers_open(psyche_monitor *monitor, struct mcp_sink sink);

/* True when the call is taken: the answer will come by the sink. Else `message` has the error. */
PM_CHECKED bool mcp_workers_take(struct mcp_workers *workers, const struct mcp_call *call,
                                 struct mcp_message *message);

/* The call of that key gets no answer; one that is not under way is nothing to cancel. */
void mcp_workers_cancel(struct mcp_workers *workers, pm_str key);

/* Says how far the calls are that are due; in how many milliseconds to ask again, -1 for never. */
int mcp_workers_tell_progress(struct mcp_workers *workers);

/* Waits until nothing is under way. */
void mcp_workers_wait(struct mcp_workers *workers);

/* Cancels all calls without an answer and waits that long for them to end. False when one has not:
 * then nothing is freed and the process has to end. Takes NULL. */
PM_CHECKED bool mcp_workers_close(struct mcp_workers *workers, long wait_ms);

#endif
