/* mcp_session.h - one client: what it said of itself, and what its requests lead to. */
#ifndef PM_CLI_MCP_SESSION_H
#define PM_CLI_MCP_SESSION_H

#include "mcp_message.h"
#include "mcp_workers.h"
#include "skill/guide.h"

struct mcp_session {
    psyche_monitor *monitor;
    struct mcp_sink sink;
    struct mcp_workers *workers;
    struct pm_guide *guide;   /* NULL until a resource is asked for */
    enum cli_content wanted;  /* by the command line */
    enum cli_content content; /* what it comes to for this client */
    bool is_open;             /* initialize was answered */
};

/* False when memory is out. */
PM_CHECKED bool mcp_session_init(struct mcp_session *session, psyche_monitor *monitor,
                                 enum cli_content wanted, struct mcp_sink sink);
/* Ends what is under way and waits that long for it; false as mcp_workers_close. */
PM_CHECKED bool mcp_session_finish(struct mcp_session *session, long wait_ms);

/* One line of the client's; what it leads to goes to the sink, now or later. */
void mcp_session_take(struct mcp_session *session, pm_str line);
/* A line that could not be kept. */
void mcp_session_refuse(struct mcp_session *session, enum mcp_code code, const char *problem);

/* Handlers of requests: the result on message->doc, or NULL after mcp_refuse or with is_taken. */
typedef yyjson_mut_val *mcp_handler(struct mcp_session *session, struct mcp_message *message);
mcp_handler mcp_initialize;
mcp_handler mcp_tools_list, mcp_tools_call;
mcp_handler mcp_resources_list, mcp_resources_read, mcp_resource_templates_list;
mcp_handler mcp_prompts_list, mcp_prompts_get;

/* For handlers of lists: false after mcp_refuse when the request names a page, as no list of ours
 * has two. */
PM_CHECKED bool mcp_is_first_page(struct mcp_message *message);

#endif
