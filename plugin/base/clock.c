/* clock.c - the two clocks. */

#include "base/clock.h"

#include <time.h>

static int64_t read_ms(clockid_t id)
{
    struct timespec now;
    (void)clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t pm_clock_now_ms(const struct pm_clock *clock)
{
    return clock->is_frozen ? clock->frozen_ms : read_ms(CLOCK_REALTIME);
}

int64_t pm_clock_mono_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}
