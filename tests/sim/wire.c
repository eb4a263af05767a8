/* wire.c - what a fault does to a connection. */

#include "wire.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

static uint64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

bool sim_wire_wait(int fd, int stop_fd, uint64_t ms)
{
    uint64_t start = now_ms(), passed = 0;
    struct pollfd ends[] = {{.fd = fd, .events = POLLRDHUP}, {.fd = stop_fd, .events = POLLIN}};
    while (passed < ms) {
        uint64_t left = ms - passed;
        int ready = poll(ends, 2, left < INT_MAX ? (int)left : INT_MAX);
        if (ready > 0 || (ready < 0 && errno != EINTR)) {
            return false;
        }
        passed = now_ms() - start;
    }
    return true;
}

void sim_wire_push(int fd)
{
    int on = 1, off = 0;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_CORK, &off, sizeof off);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void sim_wire_reset(int fd)
{
    /* Closing with SO_LINGER 0 would do, but the HTTP library sends a FIN before it closes;
     * Linux answers a connect to no address with an immediate RST. */
    struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
    sim_wire_push(fd);
    (void)connect(fd, &nowhere, sizeof nowhere);
}

void sim_wire_write(int fd, const char *bytes, size_t count)
{
    sim_wire_push(fd);
    (void)send(fd, bytes, count, MSG_NOSIGNAL);
}

void sim_wire_reset_in_head(int fd)
{
    static const char half[] = "HTTP/1.1 200 OK\r\nContent-Le";
    sim_wire_write(fd, half, sizeof half - 1);
    sim_wire_reset(fd);
}
