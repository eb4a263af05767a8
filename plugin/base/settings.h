/* settings.h - what a handle was told, as plain values; api/config.c reads them. */
#ifndef PM_BASE_SETTINGS_H
#define PM_BASE_SETTINGS_H

#include "base/clock.h"

struct pm_settings {
    pm_str api_url;        /* the dashboard's base, used as it is, without a slash at the end */
    pm_str cacert;         /* PEM file of trusted roots instead of the system's, or empty */
    uint64_t timeout_ms;   /* a call's own deadline */
    uint64_t patience_ms;  /* for company, once the answer is in */
    bool allow_plain_http; /* beyond loopback */
    bool is_offline;       /* ask nobody */
    struct pm_clock clock;
};

#endif
