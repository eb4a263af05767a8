/* known.h - plain values of a source that may be absent: unknown, never zero. */
#ifndef PM_SOURCE_KNOWN_H
#define PM_SOURCE_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

struct pm_count { /* a whole number that may be absent */
    bool is_known;
    uint64_t value;
};

struct pm_number { /* a finite number that may be absent */
    bool is_known;
    double value;
};

struct pm_flag {
    bool is_known;
    bool value;
};

struct pm_time {
    bool has_time;
    int64_t time_ms;
};

#endif
