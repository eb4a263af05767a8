/* mcp_time.h - waiting on conditions until a moment of the clock that is never set back. */
#ifndef PM_CLI_MCP_TIME_H
#define PM_CLI_MCP_TIME_H

#include <pthread.h>
#include <time.h>

static inline void mcp_time_init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t how;
    pthread_condattr_init(&how);
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &how);
    pthread_condattr_destroy(&how);
}

static inline struct timespec mcp_time_after(long wait_ms)
{
    struct timespec moment;
    (void)clock_gettime(CLOCK_MONOTONIC, &moment);
    moment.tv_sec += wait_ms / 1000;
    moment.tv_nsec += wait_ms % 1000 * 1000000;
    if (moment.tv_nsec >= 1000000000) {
        moment.tv_sec++;
        moment.tv_nsec -= 1000000000;
    }
    return moment;
}

#endif
