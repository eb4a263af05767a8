/* fuzz_mcp.c - whatever a client sends, each line of ours is one JSON-RPC message, and no line of
 * its has more than one answer. Calls are answered offline. */

#include "fuzz.h"

#include "cli/mcp_line.h"
#include "cli/mcp_session.h"

#include <pthread.h>

struct seen {
    pthread_mutex_t lock;
    size_t answers;
};

static void check_id(yyjson_val *id)
{
    HOLDS(yyjson_is_str(id) || yyjson_is_num(id) || yyjson_is_null(id));
}

static void check_line(void *user, pm_str line)
{
    struct seen *seen = user;
    struct pm_arena arena;
    struct pm_json_problem problem;
    HOLDS(pm_str_find(line, '\n') == line.len && fuzz_is_utf8(line));
    pm_arena_init(&arena, FUZZ_ARENA_BYTES * 2);
    yyjson_val *root = pm_json_read_copy(&arena, line, &problem);
    HOLDS(pm_str_equal(pm_json_text(pm_json_get(root, "jsonrpc")), PM_STR("2.0")));
    if (!pm_json_get(root, "method")) {
        check_id(pm_json_get(root, "id"));
        HOLDS(!pm_json_get(root, "result") == !!pm_json_get(root, "error"));
        pthread_mutex_lock(&seen->lock);
        seen->answers++;
        pthread_mutex_unlock(&seen->lock);
    }
    pm_arena_finish(&arena);
}

/* How many lines there were. */
static size_t feed(struct mcp_session *session, pm_str input, size_t step)
{
    struct mcp_line line = {0};
    enum mcp_line_state state;
    size_t ends = 0;
    for (size_t at = 0; at < input.len; at += step) {
        pm_str piece = pm_str_slice(input, at, at + step);
        while (piece.len > 0) {
            size_t took = mcp_line_take(&line, piece, &state);
            HOLDS(took > 0 && took <= piece.len && line.len <= MCP_LINE_BYTES_MOST);
            piece = pm_str_tail(piece, took);
            if (state == MCP_LINE_WHOLE) {
                ends++;
                mcp_session_take(session, (pm_str){line.bytes, line.len});
            }
        }
    }
    mcp_line_finish(&line);
    return ends;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static psyche_monitor *monitor;
    static const char options[] = "{\"offline\":true,\"store\":false}";
    struct seen seen = {PTHREAD_MUTEX_INITIALIZER, 0};
    struct mcp_session session;
    if (!monitor) {
        monitor = psyche_monitor_open(options, sizeof options - 1);
    }
    HOLDS(mcp_session_init(&session, monitor, CLI_CONTENT_AUTO,
                           (struct mcp_sink){check_line, &seen}));
    size_t ends = feed(&session, fuzz_text(data, size), size % 2 ? 7 : size + 1);
    mcp_workers_wait(session.workers);
    HOLDS(seen.answers <= ends);
    HOLDS(mcp_session_finish(&session, 10000));
    return 0;
}
