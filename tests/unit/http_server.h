/* http_server.h - a server on loopback that says what a test wrote down, one request a connection.
 *
 * A path is a row of the table that server_start is given. What it counts is for the test to look
 * at when nothing is under way. */
#ifndef PM_TESTS_HTTP_SERVER_H
#define PM_TESTS_HTTP_SERVER_H

#include "base/str.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct page {
    const char *path, *head; /* the status line and what follows it, without the empty line */
    const char *body;
    size_t fill;      /* so many spaces behind the body */
    unsigned wait_ms; /* before the head */
    bool is_in_parts; /* the fill comes as three, with pauses: a, b, c */
};

struct server {
    int listener;
    unsigned port;
    const struct page *pages; /* ends with one without a path */
    pthread_t thread;
    atomic_uint asked, under_way, most_at_once, with_token;
    atomic_bool is_failing; /* 500, whatever is asked */
};

struct visit {
    struct server *server;
    int file;
};

static void send_all(int file, const char *bytes, size_t len)
{
    for (ssize_t sent; len > 0 && (sent = send(file, bytes, len, MSG_NOSIGNAL)) > 0;) {
        bytes += sent;
        len -= (size_t)sent;
    }
}

static void send_fill(int file, size_t count, char letter)
{
    char *fill = malloc(count + 1);
    if (fill) {
        memset(fill, letter, count);
        send_all(file, fill, count);
        free(fill);
    }
}

static const struct page *find_page(const struct server *server, const char *request)
{
    static const struct page none = {.head = "HTTP/1.1 404 Not Found", .body = "{}"};
    static const struct page failing = {.head = "HTTP/1.1 500 Failing", .body = "{}"};
    if (server->is_failing) {
        return &failing;
    }
    const char *host = strstr(request, "://"), *end = strchr(request, '\r');
    const char *path = strchr(host && host < end ? host + 3 : request, '/'); /* asked as a proxy */
    for (const struct page *page = server->pages; page->path; page++) {
        size_t len = strlen(page->path);
        if (path && strncmp(path, page->path, len) == 0 && strchr(" ?", path[len])) {
            return page;
        }
    }
    return &none;
}

static void send_page(int file, const struct page *page)
{
    char head[512];
    if (page->wait_ms) {
        (void)usleep(page->wait_ms * 1000);
    }
    int len = snprintf(head, sizeof head, "%s\r\nConnection: close\r\n\r\n%s", page->head,
                       page->body ? page->body : "");
    send_all(file, head, (size_t)len);
    if (page->is_in_parts) {
        static const char letters[] = "abc";
        static const size_t parts[] = {60000, 16000, 1000};
        for (size_t i = 0; i < 3; i++) {
            send_fill(file, parts[i], letters[i]);
            (void)usleep(100000);
        }
    } else if (page->fill) {
        send_fill(file, page->fill, ' ');
    }
}

/* Reads until the empty line; what may follow it is posted JSON and not looked at. */
static void *serve_one(void *user)
{
    struct visit visit = *(struct visit *)user;
    struct server *server = visit.server;
    char request[4096] = "";
    size_t len = 0;
    free(user);
    while (!strstr(request, "\r\n\r\n") && len < sizeof request - 1) {
        ssize_t got = recv(visit.file, request + len, sizeof request - 1 - len, 0);
        if (got <= 0) {
            break;
        }
        len += (size_t)got;
        request[len] = '\0';
    }
    if (strstr(request, "\r\n\r\n")) {
        unsigned now = atomic_fetch_add(&server->under_way, 1) + 1;
        unsigned most = server->most_at_once;
        while (now > most && !atomic_compare_exchange_weak(&server->most_at_once, &most, now)) {
        }
        atomic_fetch_add(&server->asked, 1);
        atomic_fetch_add(&server->with_token, strstr(request, "Authorization: Bearer t\r") != NULL);
        send_page(visit.file, find_page(server, request));
        atomic_fetch_sub(&server->under_way, 1);
    }
    (void)shutdown(visit.file, SHUT_WR); /* a reset could take the last bytes away */
    (void)poll(&(struct pollfd){.fd = visit.file, .events = POLLIN}, 1, 2000);
    (void)close(visit.file);
    return NULL;
}

static void *serve(void *user)
{
    struct server *server = user;
    for (int file; (file = accept(server->listener, NULL, NULL)) >= 0;) {
        pthread_t thread;
        struct visit *visit = malloc(sizeof *visit);
        if (visit) {
            *visit = (struct visit){server, file};
        }
        if (!visit || pthread_create(&thread, NULL, serve_one, visit) != 0) {
            abort();
        }
        (void)pthread_detach(thread);
    }
    return NULL;
}

static bool server_start(struct server *server, const struct page *pages)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof here;
    *server =
        (struct server){.pages = pages, .listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    bool is_open = server->listener >= 0 &&
                   bind(server->listener, (const struct sockaddr *)&here, size) == 0 &&
                   listen(server->listener, 128) == 0 &&
                   getsockname(server->listener, (struct sockaddr *)&here, &size) == 0;
    server->port = ntohs(here.sin_port);
    return is_open && pthread_create(&server->thread, NULL, serve, server) == 0;
}

static void server_end(struct server *server)
{
    (void)shutdown(server->listener, SHUT_RDWR);
    (void)pthread_join(server->thread, NULL);
    (void)close(server->listener);
    while (server->under_way) {
        (void)usleep(1000);
    }
}

#endif
