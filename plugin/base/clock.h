/* clock.h - the two clocks, and the seam at which tests set one of them. */
#ifndef PM_BASE_CLOCK_H
#define PM_BASE_CLOCK_H

#include "base/str.h"

struct pm_clock {
    bool is_frozen; /* facts are as old as at frozen_ms; measured times read 0 */
    int64_t frozen_ms;
};

int64_t pm_clock_now_ms(const struct pm_clock *clock); /* since 1970, UTC */
int64_t pm_clock_mono_ms(void);                        /* for deadlines; never frozen */

#endif
