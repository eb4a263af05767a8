/* dashboard.h - the part of a simulator that knows how psyche.network answers. */
#ifndef PM_SIM_DASHBOARD_H
#define PM_SIM_DASHBOARD_H

#include "data.h"
#include "reply.h"

/* The route inside the API for a request's target ("/api/runs?x" gives "/runs?x"). Without a
 * prefix the API answers with and without /api; with one only below it, and NULL says that
 * the target belongs to the web page. */
const char *sim_dashboard_route(const char *prefix, const char *target);

/* What a healthy dashboard says. `route` may be NULL: the web page. The body may stay the
 * data's; it must outlive the reply. */
void sim_dashboard_answer(const struct sim_data *data, const char *method, const char *route,
                          struct sim_reply *reply);

#endif
