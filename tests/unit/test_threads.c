/* test_threads.c - one handle, many threads, over a real socket: calls, cancels, close.
 *
 * The server is a thread of this program, so that a data-race detector sees both sides. It answers
 * three requests in four and leaves the fourth without an answer. */

#include "psyche_monitor.h"

#include "check.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define THREADS 16
#define ROUNDS 12

static const char runs[] =
    "{\"runs\":[{\"arch\":\"HfLlama\",\"id\":\"a-run\",\"index\":0,\"isOnlyRunAtThisIndex\":true,"
    "\"name\":\"A\",\"description\":\"\",\"status\":{\"type\":\"active\"},\"pauseHistory\":[]}],"
    "\"error\":null}";
static const char page[] = "{\"run\":{\"info\":{\"arch\":\"HfLlama\",\"id\":\"a-run\",\"index\":0,"
                           "\"isOnlyRunAtThisIndex\":true,"
                           "\"name\":\"A\",\"description\":\"\",\"status\":{\"type\":\"active\"},"
                           "\"pauseHistory\":[]}},\"error\":null}";

static atomic_uint requests, answers, cancelled;

static void *serve_one(void *user)
{
    int connection = (int)(intptr_t)user;
    char request[4096], head[160];
    for (;;) {
        size_t len = 0;
        while (len < 4 || !memmem(request, len, "\r\n\r\n", 4)) {
            ssize_t got = read(connection, request + len, sizeof request - len);
            if (got <= 0) {
                (void)close(connection);
                return NULL;
            }
            len += (size_t)got;
        }
        if (atomic_fetch_add(&requests, 1) % 4 == 3) {
            continue; /* never answered */
        }
        const char *body = memmem(request, len, " /run/", 6) ? page : runs;
        int head_len = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n",
                                strlen(body));
        if (write(connection, head, (size_t)head_len) < 0 ||
            write(connection, body, strlen(body)) < 0) {
            (void)close(connection);
            return NULL;
        }
    }
}

static void *serve(void *user)
{
    int listener = (int)(intptr_t)user;
    for (;;) {
        pthread_t thread;
        int connection = accept(listener, NULL, NULL);
        if (connection < 0) {
            return NULL;
        }
        if (pthread_create(&thread, NULL, serve_one, (void *)(intptr_t)connection) == 0) {
            (void)pthread_detach(thread);
        }
    }
}

static int start_server(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    pthread_t thread;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 64) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0 ||
        pthread_create(&thread, NULL, serve, (void *)(intptr_t)listener) != 0) {
        return -1;
    }
    (void)pthread_detach(thread);
    return ntohs(address.sin_port);
}

static void ask(psyche_monitor *monitor, const char *request)
{
    size_t len = 0;
    psyche_monitor_reply *reply = psyche_monitor_call(monitor, request, strlen(request));
    const char *text = psyche_monitor_reply_text(reply, &len);
    atomic_fetch_add(&answers,
                     len > 2 && text[0] == '{' && text[len - 1] == '}' && text[len] == '\0');
    atomic_fetch_add(&cancelled, psyche_monitor_reply_status(reply) == 130);
    psyche_monitor_reply_free(reply);
}

static void *work(void *user)
{
    psyche_monitor *monitor = user;
    for (int round = 0; round < ROUNDS; round++) {
        char request[200];
        (void)snprintf(
            request, sizeof request,
            "{\"tool\":\"psyche_monitor\",\"timeout_ms\":%d,\"call_id\":\"c%d\",\"arguments\":"
            "{\"action\":\"%s\",\"run_id\":\"run-%d\"}}",
            50 + round * 10, round, round % 2 ? "run_details" : "list_runs", round % 5);
        ask(monitor, request);
    }
    return NULL;
}

static void *interrupt(void *user)
{
    psyche_monitor *monitor = user;
    for (int i = 0; i < 40; i++) {
        char id[16];
        int len = snprintf(id, sizeof id, "c%d", i % ROUNDS);
        (void)usleep(10000);
        psyche_monitor_cancel(monitor, i % 10 == 9 ? NULL : id, (size_t)len);
    }
    return NULL;
}

/* Two handles, or one twice. */
static void hammer(psyche_monitor *one, psyche_monitor *other)
{
    pthread_t threads[THREADS + 1];
    for (int i = 0; i <= THREADS; i++) {
        psyche_monitor *monitor = i % 2 ? one : other;
        int failed = pthread_create(&threads[i], NULL, i < THREADS ? work : interrupt, monitor);
        CHECK(failed == 0, "thread %d", i);
    }
    for (int i = 0; i <= THREADS; i++) {
        (void)pthread_join(threads[i], NULL);
    }
}

static void *ask_long(void *user)
{
    ask(user, "{\"tool\":\"psyche_monitor\",\"timeout_ms\":20000,\"arguments\":{\"run_id\":\"zz\","
              "\"action\":\"run_details\"}}");
    return NULL;
}

/* Calls under way when the handle is closed end, and the handle outlives them. */
static void close_under_calls(const char *options)
{
    psyche_monitor *monitor = psyche_monitor_open(options, strlen(options));
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        (void)pthread_create(&threads[i], NULL, ask_long, monitor);
    }
    (void)usleep(100000);
    int64_t before = (int64_t)clock();
    psyche_monitor_close(monitor);
    for (int i = 0; i < 4; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    CHECK(((int64_t)clock() - before) / CLOCKS_PER_SEC < 5, "close hangs");
}

/* Two handles with one store, whose replies are never fresh: each asks for itself, or waits for
 * what the other brings. */
static void share_a_store(int port)
{
    char folder[] = "/tmp/psyche-threads-XXXXXX", options[300], command[64];
    CHECK(mkdtemp(folder) != NULL, "no folder");
    (void)snprintf(options, sizeof options,
                   "{\"store\":\"%s/store.db\",\"override\":{\"dashboard.url\":"
                   "\"http://127.0.0.1:%d\",\"patience_ms\":40,\"cache.ttl\":0}}",
                   folder, port);
    psyche_monitor *one = psyche_monitor_open(options, strlen(options));
    psyche_monitor *other = psyche_monitor_open(options, strlen(options));
    atomic_store(&answers, 0);
    hammer(one, other);
    psyche_monitor_close(one);
    psyche_monitor_close(other);
    CHECK(atomic_load(&answers) == THREADS * ROUNDS, "%u answers", atomic_load(&answers));
    close_under_calls(options);
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    CHECK(system(command) == 0, "no store was made");
}

int main(void)
{
    char options[160];
    int port = start_server();
    CHECK(port > 0, "no server");
    (void)snprintf(options, sizeof options,
                   "{\"store\":false,\"override\":{\"dashboard.url\":\"http://127.0.0.1:%d\","
                   "\"patience_ms\":40}}",
                   port);
    psyche_monitor *monitor = psyche_monitor_open(options, strlen(options));
    hammer(monitor, monitor);
    psyche_monitor_close(monitor);
    CHECK(atomic_load(&answers) == THREADS * ROUNDS, "%u answers", atomic_load(&answers));
    CHECK(atomic_load(&cancelled) > 0, "nothing was cancelled");
    CHECK(atomic_load(&requests) > 0 && atomic_load(&requests) < THREADS * ROUNDS,
          "%u requests: equal ones are not shared", atomic_load(&requests));
    close_under_calls(options);
    share_a_store(port);
    return check_done();
}
