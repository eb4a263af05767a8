/* hub_name.h - names on a model hub, and the small texts in which it speaks of pages, steps and
 * limits. What does not fit here never becomes part of an address. */
#ifndef PM_CODEC_HUB_NAME_H
#define PM_CODEC_HUB_NAME_H

#include "base/str.h"

/* owner/name; each part 1 to 96 of [A-Za-z0-9._-], with no '-' or '.' at its ends. */
bool pm_hub_is_repository(pm_str text);
/* 40 hexadecimal digits, in lower case. */
bool pm_hub_is_commit(pm_str text);
/* A branch, tag or commit: 1 to 128 of [A-Za-z0-9._/-], no empty part, no "..", no '-' or '.' in
 * front. */
bool pm_hub_is_revision(pm_str text);

/* The N of a commit's title "step N" or "Training in progress, step N", and of no other. */
PM_CHECKED bool pm_hub_step(pm_str title, uint64_t *step);

/* The address that a Link header calls the next one; it points into the header. */
PM_CHECKED bool pm_link_next(pm_str header, pm_str *url);
/* The value of `cursor`, or else of `p`, in an address, still percent-encoded and fit to be put into
 * another one. */
PM_CHECKED bool pm_link_cursor(pm_str url, pm_str *cursor);

/* `"api";r=499;t=295`: how many requests are left, and in how many seconds all are again. Of several
 * limits, one that is used up. */
PM_CHECKED bool pm_rate_limit_read(pm_str header, uint64_t *left, uint64_t *seconds);

#endif
