/* serve.h - the HTTP server: requests in, replies out, faults on the wire. */
#ifndef PM_SIM_SERVE_H
#define PM_SIM_SERVE_H

#include "faults.h"
#include "world.h"

#include <stdint.h>

struct sim_setup {
    struct sim_world_setup world;
    const char *log_file;     /* NULL: none */
    char *tls_cert, *tls_key; /* PEM texts; NULL: plain HTTP */
    const char *bind;         /* a loopback address */
    uint16_t port;            /* 0: any free one */
    uint64_t latency_ms;
    bool reloads; /* read the folders anew for each request */
    struct sim_fault *faults;
    size_t fault_count;
};

struct sim_server;

/* Listening when it returns; NULL after saying why on stderr. `setup` outlives the server. */
struct sim_server *sim_server_open(const struct sim_setup *setup);
uint16_t sim_server_port(const struct sim_server *server);
/* Ends every answer at once, finished or not. */
void sim_server_close(struct sim_server *server);

#endif
