/* mcp.c - `psyche-monitor mcp`: standard input and output as one client's connection.
 *
 * One thread reads lines and answers what needs no network at once; calls run on threads of their
 * own (mcp_workers.c) and another thread writes (mcp_out.c). So whatever a client asks for or leaves
 * unread, it is heard when it cancels, pings or goes. */

#include "mcp.h"

#include "mcp_line.h"
#include "mcp_out.h"
#include "mcp_session.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define EXIT_INTERNAL 1
#define LAST_CALLS_MS 100 /* a cancelled call of the library ends within this */
#define LAST_LINES_MS 150 /* for a reader that is slow */

struct server {
    struct mcp_session session;
    struct mcp_out *out;
    struct mcp_line line;
    int signals, wake;
};

static void take_line(void *user, pm_str line)
{
    mcp_out_line(user, line);
}

/* --- input --- */

static void take_bytes(struct server *server, pm_str fresh)
{
    enum mcp_line_state state;
    while (fresh.len > 0) {
        fresh = pm_str_tail(fresh, mcp_line_take(&server->line, fresh, &state));
        switch (state) {
        case MCP_LINE_OPEN:
            break;
        case MCP_LINE_WHOLE:
            mcp_session_take(&server->session, (pm_str){server->line.bytes, server->line.len});
            break;
        case MCP_LINE_TOO_LONG:
            mcp_session_refuse(&server->session, MCP_INVALID_REQUEST, "a line has at most 1 MiB");
            break;
        case MCP_LINE_NO_MEMORY:
            mcp_session_refuse(&server->session, MCP_INTERNAL, "memory ran out");
            break;
        }
    }
}

/* False at the end. What comes without an end of line is no message. */
static bool read_input(struct server *server)
{
    static char chunk[65536];
    ssize_t got = read(STDIN_FILENO, chunk, sizeof chunk);
    if (got > 0) {
        take_bytes(server, (pm_str){chunk, (size_t)got});
    }
    return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

static void clear(int event)
{
    uint64_t count;
    ssize_t got = read(event, &count, sizeof count);
    (void)got;
}

/* One round; false when it is time to end. */
static bool serve_once(struct server *server)
{
    bool is_full = mcp_out_is_full(server->out);
    struct pollfd files[] = {
        {.fd = STDIN_FILENO, .events = is_full ? 0 : POLLIN},
        {.fd = STDOUT_FILENO}, /* an error there: its reader is gone */
        {.fd = server->signals, .events = POLLIN},
        {.fd = server->wake, .events = POLLIN},
    };
    int wait_ms = mcp_workers_tell_progress(server->session.workers);
    if (poll(files, sizeof files / sizeof *files, wait_ms) < 0) {
        return errno == EINTR;
    }
    if (files[3].revents) {
        clear(server->wake);
    }
    if (files[1].revents || files[2].revents || mcp_out_is_broken(server->out)) {
        return false;
    }
    if (is_full && files[0].revents) {
        return false; /* it neither reads nor writes any more */
    }
    return !files[0].revents || read_input(server);
}

/* --- beginning and end --- */

static bool start(struct server *server, psyche_monitor *monitor, enum cli_content content)
{
    sigset_t ends;
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGINT);
    (void)sigaddset(&ends, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    server->signals = signalfd(-1, &ends, SFD_CLOEXEC);
    server->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (server->signals < 0 || server->wake < 0) {
        return false;
    }
    server->out = mcp_out_open(STDOUT_FILENO, server->wake);
    return server->out && mcp_session_init(&server->session, monitor, content,
                                           (struct mcp_sink){take_line, server->out});
}

static void finish(struct server *server)
{
    bool have_ended = mcp_session_finish(&server->session, LAST_CALLS_MS);
    bool is_written = mcp_out_close(server->out, LAST_LINES_MS);
    if (!have_ended || !is_written) {
        _exit(0); /* a call is still inside the library, or nobody reads a line */
    }
    mcp_line_finish(&server->line);
    (void)close(server->signals);
    (void)close(server->wake);
}

int cli_mcp_run(psyche_monitor *monitor, enum cli_content content)
{
    struct server server = {.signals = -1, .wake = -1};
    bool is_started = start(&server, monitor, content);
    if (is_started) {
        while (serve_once(&server)) {
        }
    } else {
        (void)fputs("psyche-monitor: memory or files ran out\n", stderr);
    }
    finish(&server);
    return is_started ? 0 : EXIT_INTERNAL;
}
