/* request.h - from a request's JSON to what is asked. */
#ifndef PM_API_REQUEST_H
#define PM_API_REQUEST_H

#include "action/action.h"

#define PM_REQUEST_BYTES_MOST ((size_t)1 << 20)
#define PM_CALL_ID_MOST 128

enum pm_tool { PM_TOOL_MONITOR, PM_TOOL_WALLET, PM_TOOL_INFO, PM_TOOL_DOCTOR };

struct pm_envelope {
    enum pm_tool tool;
    struct pm_request request; /* PM_TOOL_MONITOR's, PM_TOOL_WALLET's */
    bool is_live;              /* PM_TOOL_DOCTOR: ask the network too */
    uint64_t timeout_ms;       /* 0: the setting's */
    pm_str call_id;            /* empty: none */
};

/* `text` is a tool's bare arguments or an envelope. False with `error` set. */
PM_CHECKED bool pm_request_read(struct pm_arena *arena, pm_str text, struct pm_envelope *out,
                                struct pm_error *error);

#endif
