/* dashboard_inside.h - the address of a request, and the way from a body to facts or to why there
 * are none. Everything here works on bytes alone, so tests call it without a network. */
#ifndef PM_SOURCE_DASHBOARD_INSIDE_H
#define PM_SOURCE_DASHBOARD_INSIDE_H

#include "codec/json.h"
#include "net/entry.h"

extern const struct pm_kind pm_dashboard_kind_runs;   /* gives struct pm_runs */
extern const struct pm_kind pm_dashboard_kind_run;    /* gives struct pm_run_page */
extern const struct pm_kind pm_dashboard_kind_pool;   /* gives struct pm_pool */
extern const struct pm_kind pm_dashboard_kind_status; /* gives struct pm_dashboard_status */

/* `base` as it was configured, with the route behind it; empty when memory is out. */
pm_str pm_dashboard_runs_url(struct pm_arena *arena, pm_str base);
pm_str pm_dashboard_run_url(struct pm_arena *arena, pm_str base, pm_str id, uint64_t index);
pm_str pm_dashboard_pool_url(struct pm_arena *arena, pm_str base);
pm_str pm_dashboard_contributor_url(struct pm_arena *arena, pm_str base, pm_str address);
pm_str pm_dashboard_status_url(struct pm_arena *arena, pm_str base);

pm_decode_fn pm_dashboard_decode_runs;
pm_decode_fn pm_dashboard_decode_run;
pm_decode_fn pm_dashboard_decode_pool;
pm_decode_fn pm_dashboard_decode_status;
/* True for the dashboard's own error object: asking again gives the same. */
pm_refusal_fn pm_dashboard_refuse;

/* The parts of decoding that all routes share, beside those of body.h; each of these sets `outcome`
 * when it answers with false or NULL. */

/* False for a web page. */
PM_CHECKED bool pm_dashboard_is_no_page(const struct pm_body *body, struct pm_outcome *outcome);
/* The object that the body, read in place, is. */
PM_CHECKED yyjson_val *pm_dashboard_read(struct pm_arena *scratch, struct pm_body *body,
                                         struct pm_outcome *outcome);
/* An object, but not the expected one: an error object, or else `what` is amiss. Always NULL. */
void *pm_dashboard_note_form(yyjson_val *root, const char *what, struct pm_outcome *outcome);

#endif
