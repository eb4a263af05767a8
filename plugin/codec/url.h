/* url.h - the little of URLs that decides whom we talk to. */
#ifndef PM_CODEC_URL_H
#define PM_CODEC_URL_H

#include "base/buf.h"

struct pm_url {
    pm_str scheme; /* "http" or "https", lower case */
    pm_str host;   /* without brackets, as written */
    uint16_t port; /* the scheme's own when none is written */
    bool has_port; /* a port is written */
    pm_str path;   /* from the '/' or '?' on, query included; may be empty */
};

/* An absolute http(s) URL without user, password or fragment, of printable ASCII; false and a
 * phrase. */
PM_CHECKED bool pm_url_read(pm_str text, struct pm_url *out, const char **problem);

/* 127.0.0.0/8, ::1, localhost. */
bool pm_url_is_loopback(const struct pm_url *url);
/* An address rather than a name: nothing to resolve. */
bool pm_url_is_address(const struct pm_url *url);
/* Scheme, host (case ignored) and port. */
bool pm_url_same_place(const struct pm_url *a, const struct pm_url *b);

/* One path segment, percent-encoded: unreserved bytes stay, all others become %XX. "." and ".."
 * become %2E and %2E%2E. */
void pm_url_add_segment(struct pm_buf *buf, pm_str segment);

#endif
