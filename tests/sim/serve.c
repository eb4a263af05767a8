/* serve.c - the HTTP server: requests in, replies out, faults on the wire.
 *
 * Each connection has a thread of its own, so a handler may simply wait: a request that
 * stalls delays no other. Faults inside a body are played by the reader that hands the body
 * to the HTTP library piece by piece. */

#include "serve.h"

#include "text.h"
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define MOST_CONNECTIONS 256
#define PIECE_BYTES ((size_t)65536)

static const char broken_chunk[] = "no-size\r\n{}\r\n0\r\n\r\n";

struct sim_server {
    const struct sim_setup *setup;
    struct sim_world world; /* empty when each request reads its own */
    struct sim_counts counts;
    struct MHD_Daemon *daemon;
    int stop_fd, log_fd;
    uint16_t port;
    atomic_uint connections; /* so far; the log numbers them */
};

struct request {
    struct sim_server *server;
    char *target; /* as it came: escapes and query untouched */
    bool has_started;
    int fd;
    char *body; /* what was posted; beyond SIM_POST_MOST only one byte more is kept */
    size_t body_bytes;
    struct sim_world world;
    struct sim_reply reply;
};

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* One write a line, so that lines of several threads do not mix. */
static void log_request(struct request *request, struct MHD_Connection *connection,
                        const char *method, const char *target, const char *faults)
{
    const char *accept = header_of(connection, "Accept");
    const char *authorization = header_of(connection, "Authorization");
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    char *line =
        sim_format("%lld\t%s\t%s\t%u\t%s\t%s\t%zu\t%s\n",
                   (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000, method, target,
                   request->reply.status, *faults ? faults : "-", accept && *accept ? accept : "-",
                   info ? (size_t)info->socket_context : 0, authorization ? authorization : "-");
    (void)!write(request->server->log_fd, line, strlen(line));
    free(line);
}

static struct sim_asked ask_world(struct request *request, struct MHD_Connection *connection,
                                  const char *method, const struct sim_world *world)
{
    struct sim_server *server = request->server;
    const struct sim_question question = {
        .method = method,
        .target = request->target,
        .content_type = header_of(connection, "Content-Type"),
        .authorization = header_of(connection, "Authorization"),
        .host = header_of(connection, "Host"),
        .body = request->body ? request->body : "",
        .body_bytes = request->body_bytes,
        .is_secure = server->setup->tls_cert != NULL,
    };
    return sim_world_answer(world, &server->setup->world, &server->counts, &question,
                            &request->reply);
}

static void decide(struct request *request, struct MHD_Connection *connection, const char *method)
{
    struct sim_server *server = request->server;
    const struct sim_setup *setup = server->setup;
    struct sim_world *world = &server->world;
    if (setup->reloads) {
        world = &request->world;
        (void)sim_world_open(world, &setup->world);
    }
    struct sim_asked asked = ask_world(request, connection, method, world);
    char *faults =
        sim_faults_apply(setup->faults, setup->fault_count, asked.route, &request->reply);
    request->reply.delay_ms += setup->latency_ms;
    if (server->log_fd >= 0) {
        log_request(request, connection, method, asked.shown, faults);
    }
    free(faults);
    free(asked.route);
    free(asked.shown);
}

static ssize_t end_early(const struct request *request)
{
    switch (request->reply.ending) {
    case SIM_END_STALL:
        sim_wire_push(request->fd);
        (void)sim_wire_wait(request->fd, request->server->stop_fd, SIM_FOR_EVER);
        break;
    case SIM_END_RESET:
        sim_wire_reset(request->fd);
        break;
    case SIM_END_BAD_CHUNK:
        sim_wire_write(request->fd, broken_chunk, sizeof broken_chunk - 1);
        break;
    case SIM_END_WHOLE:
    case SIM_END_CLOSE:
        break;
    }
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

/* The body's next piece: MHD_ContentReaderCallback. */
static ssize_t read_body(void *of_request, uint64_t position, char *to, size_t room)
{
    const struct request *request = of_request;
    const struct sim_reply *reply = &request->reply;
    size_t at = (size_t)position;
    size_t end = reply->ending == SIM_END_WHOLE ? reply->body_bytes : reply->cut_at;
    if (at >= end) {
        return reply->ending == SIM_END_WHOLE ? MHD_CONTENT_READER_END_OF_STREAM
                                              : end_early(request);
    }
    size_t bytes = end - at < room ? end - at : room;
    if (reply->drip_bytes) {
        if (bytes > reply->drip_bytes) {
            bytes = reply->drip_bytes;
        }
        sim_wire_push(request->fd);
        if (at > 0 && !sim_wire_wait(request->fd, request->server->stop_fd, reply->drip_ms)) {
            return MHD_CONTENT_READER_END_WITH_ERROR;
        }
    }
    memcpy(to, reply->body + at, bytes);
    return (ssize_t)bytes;
}

/* What Content-Length claims. */
static size_t told_bytes(const struct sim_reply *reply)
{
    int64_t told = (int64_t)reply->body_bytes + reply->length_lie;
    return told > 0 ? (size_t)told : 0;
}

/* The body is the request's and lives until it is completed. */
static struct MHD_Response *make_response(struct request *request)
{
    const struct sim_reply *reply = &request->reply;
    if (reply->ending == SIM_END_WHOLE && !reply->drip_bytes) {
        return MHD_create_response_from_buffer(told_bytes(reply), reply->body,
                                               MHD_RESPMEM_PERSISTENT);
    }
    uint64_t size = reply->ending == SIM_END_BAD_CHUNK ? MHD_SIZE_UNKNOWN : told_bytes(reply);
    return MHD_create_response_from_callback(size, PIECE_BYTES, read_body, request, NULL);
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (value && MHD_add_response_header(response, name, value) != MHD_YES) {
        fprintf(stderr, "psyche-sim: header %s: %s cannot be sent\n", name, value);
    }
}

static enum MHD_Result send_reply(struct request *request, struct MHD_Connection *connection)
{
    const struct sim_reply *reply = &request->reply;
    struct MHD_Response *response = make_response(request);
    if (!response) {
        return MHD_NO;
    }
    add_header(response, "content-type", reply->content_type);
    add_header(response, "vary", reply->has_own_headers ? NULL : "Origin");
    add_header(response, "content-encoding", reply->content_encoding);
    for (size_t i = 0; i < reply->header_count; i++) {
        add_header(response, reply->headers[i].name, reply->headers[i].value);
    }
    enum MHD_Result queued = MHD_queue_response(connection, reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

/* MHD_NO closes the connection without a word. */
static enum MHD_Result answer(struct request *request, struct MHD_Connection *connection,
                              const char *method)
{
    const struct sim_reply *reply = &request->reply;
    int stop_fd = request->server->stop_fd;
    decide(request, connection, method);
    if (!sim_wire_wait(request->fd, stop_fd, reply->delay_ms)) {
        return MHD_NO;
    }
    switch (reply->silence) {
    case SIM_NEVER_ANSWERS:
        (void)sim_wire_wait(request->fd, stop_fd, SIM_FOR_EVER);
        return MHD_NO;
    case SIM_RESETS_IN_HEAD:
        sim_wire_reset_in_head(request->fd);
        return MHD_NO;
    case SIM_RESETS_AT_ONCE:
        sim_wire_reset(request->fd);
        return MHD_NO;
    case SIM_ANSWERS:
        break;
    }
    return send_reply(request, connection);
}

static void *start_request(void *of_server, const char *target, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct request *request = sim_alloc(sizeof *request);
    *request = (struct request){
        .server = of_server, .target = sim_copy(target), .fd = info ? info->connect_fd : -1};
    return request;
}

static void take_body(struct request *request, const char *bytes, size_t count)
{
    size_t room = SIM_POST_MOST + 1 - request->body_bytes;
    size_t taken = count < room ? count : room;
    if (!request->body) {
        request->body = sim_alloc(SIM_POST_MOST + 1);
    }
    memcpy(request->body + request->body_bytes, bytes, taken);
    request->body_bytes += taken;
}

static enum MHD_Result handle(void *of_server, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_bytes, void **of_request)
{
    struct request *request = *of_request;
    (void)of_server;
    (void)url;
    (void)version;
    if (!request->has_started) {
        request->has_started = true; /* the request's body, if any, comes next */
        return MHD_YES;
    }
    if (*upload_bytes) {
        take_body(request, upload, *upload_bytes);
        *upload_bytes = 0;
        return MHD_YES;
    }
    return answer(request, connection, method);
}

/* The end of a body that is longer than its Content-Length says: to the client it is the
 * beginning of the next answer. */
static void send_untold(const struct request *request)
{
    const struct sim_reply *reply = &request->reply;
    size_t told = told_bytes(reply);
    if (told < reply->body_bytes && reply->ending == SIM_END_WHOLE) {
        sim_wire_write(request->fd, reply->body + told, reply->body_bytes - told);
    }
}

static void end_request(void *of_server, struct MHD_Connection *connection, void **of_request,
                        enum MHD_RequestTerminationCode why)
{
    struct request *request = *of_request;
    (void)of_server;
    (void)connection;
    if (request) {
        if (why == MHD_REQUEST_TERMINATED_COMPLETED_OK) {
            send_untold(request);
        }
        sim_reply_finish(&request->reply);
        sim_world_finish(&request->world);
        free(request->body);
        free(request->target);
        free(request);
        *of_request = NULL;
    }
}

static void number_connection(void *of_server, struct MHD_Connection *connection, void **number,
                              enum MHD_ConnectionNotificationCode what)
{
    struct sim_server *server = of_server;
    (void)connection;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *number = (void *)((size_t)atomic_fetch_add(&server->connections, 1) + 1);
    }
}

/* Leaves the target's escapes as they came: a/b and a%2Fb are different paths. */
static size_t keep_escapes(void *unused, struct MHD_Connection *connection, char *text)
{
    (void)unused;
    (void)connection;
    return strlen(text);
}

static bool start_listening(struct sim_server *server)
{
    const struct sim_setup *setup = server->setup;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(setup->port)};
    if (inet_pton(AF_INET, setup->bind, &address.sin_addr) != 1 ||
        ntohl(address.sin_addr.s_addr) >> 24 != 127) {
        fprintf(stderr, "psyche-sim: --bind takes a loopback address, not %s\n", setup->bind);
        return false;
    }
    /* MHD ends its option list at the first MHD_OPTION_END: here, or after the TLS pair. */
    enum MHD_OPTION tls = setup->tls_cert ? MHD_OPTION_HTTPS_MEM_CERT : MHD_OPTION_END;
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION;
    if (setup->tls_cert) {
        flags |= MHD_USE_TLS;
    }
    server->daemon = MHD_start_daemon(
        flags, setup->port, NULL, NULL, handle, server, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)MOST_CONNECTIONS, MHD_OPTION_URI_LOG_CALLBACK,
        start_request, server, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, end_request, server, MHD_OPTION_NOTIFY_CONNECTION,
        number_connection, server, tls, setup->tls_cert, MHD_OPTION_HTTPS_MEM_KEY, setup->tls_key,
        MHD_OPTION_END);
    const union MHD_DaemonInfo *info =
        server->daemon ? MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info) {
        fprintf(stderr, "psyche-sim: cannot listen on %s:%u%s\n", setup->bind, setup->port,
                setup->tls_cert ? " with that certificate" : "");
        return false;
    }
    server->port = info->port;
    return true;
}

static bool open_files(struct sim_server *server)
{
    const struct sim_setup *setup = server->setup;
    server->stop_fd = eventfd(0, EFD_CLOEXEC);
    if (setup->log_file) {
        server->log_fd = open(setup->log_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        if (server->log_fd < 0) {
            fprintf(stderr, "psyche-sim: %s: %s\n", setup->log_file, strerror(errno));
            return false;
        }
    }
    if (!sim_world_open(&server->world, &setup->world)) {
        return false;
    }
    if (setup->reloads) {
        sim_world_finish(&server->world);
        return true;
    }
    return sim_data_load(&server->world.data);
}

struct sim_server *sim_server_open(const struct sim_setup *setup)
{
    struct sim_server *server = sim_alloc(sizeof *server);
    *server = (struct sim_server){.setup = setup, .stop_fd = -1, .log_fd = -1};
    if (!open_files(server) || !start_listening(server)) {
        sim_server_close(server);
        return NULL;
    }
    return server;
}

uint16_t sim_server_port(const struct sim_server *server)
{
    return server->port;
}

void sim_server_close(struct sim_server *server)
{
    if (!server) {
        return;
    }
    if (server->stop_fd >= 0) {
        (void)eventfd_write(server->stop_fd, 1);
    }
    if (server->daemon) {
        MHD_stop_daemon(server->daemon);
    }
    if (server->log_fd >= 0) {
        (void)close(server->log_fd);
    }
    if (server->stop_fd >= 0) {
        (void)close(server->stop_fd);
    }
    sim_world_finish(&server->world);
    free(server);
}
