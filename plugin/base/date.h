/* date.h - moments as milliseconds since 1970, and the texts they come in.
 *
 * A moment that cannot be written as a four-digit year has no RFC 3339 form and is unknown. */
#ifndef PM_BASE_DATE_H
#define PM_BASE_DATE_H

#include "base/buf.h"

/* Furthest moment JavaScript's Date knows, either way. */
#define PM_DATE_LIMIT_MS INT64_C(8640000000000000)

/* "2026-11-21T04:49:10Z": whole seconds, earlier second for fractions. False and nothing
 * written for years outside 0000..9999. */
bool pm_date_add_rfc3339(struct pm_buf *buf, int64_t ms);

/* RFC 3339 with 'T' or a space, any offset, optional fraction. */
PM_CHECKED bool pm_date_read_rfc3339(pm_str text, int64_t *ms);

/* "Sat Nov 21 2026 04:24:42 GMT+0000 (Coordinated Universal Time)", any offset:
 * what JavaScript's Date.toString writes (the dashboard's older format). */
PM_CHECKED bool pm_date_read_js(pm_str text, int64_t *ms);

/* "Sat, 21 Nov 2026 04:49:37 GMT": HTTP's date. */
PM_CHECKED bool pm_date_read_http(pm_str text, int64_t *ms);

#endif
