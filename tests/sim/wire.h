/* wire.h - what a fault does to a connection: waiting on it, pushing, tearing it down. */
#ifndef PM_SIM_WIRE_H
#define PM_SIM_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_FOR_EVER UINT64_MAX

/* Waits, but no longer than the client stays and the server runs (stop_fd becomes readable
 * when it ends). True when the time has passed with both still there. */
bool sim_wire_wait(int fd, int stop_fd, uint64_t ms);

/* Sends what the kernel holds back in the hope of a fuller packet. */
void sim_wire_push(int fd);

/* Tears the connection down with a RST; what was sent before still arrives first. */
void sim_wire_reset(int fd);

/* Writes past the HTTP library and past TLS. */
void sim_wire_write(int fd, const char *bytes, size_t count);

/* The beginning of a reply's head, and then a RST. */
void sim_wire_reset_in_head(int fd);

#endif
