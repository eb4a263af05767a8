/* dashboard.c - what is asked of the dashboard, and the way back from an ask to its facts.
 *
 * Nothing is guessed: the base address is the one that was configured, with the route behind it. */

#include "source/dashboard.h"

#include "codec/url.h"
#include "source/dashboard_inside.h"
#include "source/dashboard_pool.h"
#include "source/dashboard_status.h"

#include <assert.h>

/* Its data changes when its indexer comes round, every 5 s at the soonest. */
#define KEEP_MS 10000
#define KEEP_POOL_MS 30000 /* deposits are rare */

const struct pm_kind pm_dashboard_kind_runs = {
    .name = "/runs",
    .source = PM_SOURCE_TRACKED,
    .keep_ms = KEEP_MS,
    .decode = pm_dashboard_decode_runs,
    .refusal = pm_dashboard_refuse,
};

const struct pm_kind pm_dashboard_kind_run = {
    .name = "/run",
    .source = PM_SOURCE_TRACKED,
    .keep_ms = KEEP_MS,
    .decode = pm_dashboard_decode_run,
    .refusal = pm_dashboard_refuse,
};

const struct pm_kind pm_dashboard_kind_pool = {
    .name = "/contributionInfo",
    .source = PM_SOURCE_TRACKED,
    .keep_ms = KEEP_POOL_MS,
    .decode = pm_dashboard_decode_pool,
    .refusal = pm_dashboard_refuse,
};

const struct pm_kind pm_dashboard_kind_status = {
    .name = "/status",
    .source = PM_SOURCE_TRACKED,
    .keep_ms = KEEP_MS,
    .decode = pm_dashboard_decode_status,
    .refusal = pm_dashboard_refuse,
};

static struct pm_buf begin_url(struct pm_arena *arena, pm_str base, pm_str route, size_t more)
{
    struct pm_buf url;
    pm_buf_init(&url, arena, base.len + route.len + more);
    pm_buf_add(&url, base);
    pm_buf_add(&url, route);
    return url;
}

pm_str pm_dashboard_runs_url(struct pm_arena *arena, pm_str base)
{
    struct pm_buf url = begin_url(arena, base, PM_STR("/runs"), 0);
    return pm_buf_text(&url);
}

pm_str pm_dashboard_run_url(struct pm_arena *arena, pm_str base, pm_str id, uint64_t index)
{
    /* Each byte of the id may become %XX, and an index has 20 digits at most. */
    struct pm_buf url = begin_url(arena, base, PM_STR("/run/"), 3 * id.len + 1 + 20);
    pm_url_add_segment(&url, id);
    pm_buf_add_char(&url, '/');
    pm_buf_add_u64(&url, index);
    return pm_buf_text(&url);
}

pm_str pm_dashboard_pool_url(struct pm_arena *arena, pm_str base)
{
    struct pm_buf url = begin_url(arena, base, PM_STR("/contributionInfo"), 0);
    return pm_buf_text(&url);
}

pm_str pm_dashboard_contributor_url(struct pm_arena *arena, pm_str base, pm_str address)
{
    struct pm_buf url = begin_url(arena, base, PM_STR("/contributionInfo/"), 3 * address.len);
    pm_url_add_segment(&url, address);
    return pm_buf_text(&url);
}

pm_str pm_dashboard_status_url(struct pm_arena *arena, pm_str base)
{
    struct pm_buf url = begin_url(arena, base, PM_STR("/status"), 0);
    return pm_buf_text(&url);
}

struct pm_ask *pm_dashboard_ask_runs(struct pm_batch *batch, bool carries)
{
    pm_str url = pm_dashboard_runs_url(batch->arena, batch->settings->api_url);
    return pm_batch_ask(batch, &pm_dashboard_kind_runs, url, carries);
}

struct pm_ask *pm_dashboard_ask_run(struct pm_batch *batch, pm_str id, uint64_t index, bool carries)
{
    pm_str url = pm_dashboard_run_url(batch->arena, batch->settings->api_url, id, index);
    return pm_batch_ask(batch, &pm_dashboard_kind_run, url, carries);
}

struct pm_ask *pm_dashboard_ask_pool(struct pm_batch *batch, bool carries)
{
    pm_str url = pm_dashboard_pool_url(batch->arena, batch->settings->api_url);
    return pm_batch_ask(batch, &pm_dashboard_kind_pool, url, carries);
}

struct pm_ask *pm_dashboard_ask_contributor(struct pm_batch *batch, pm_str address, bool carries)
{
    pm_str url = pm_dashboard_contributor_url(batch->arena, batch->settings->api_url, address);
    return pm_batch_ask(batch, &pm_dashboard_kind_pool, url, carries);
}

struct pm_ask *pm_dashboard_ask_status(struct pm_batch *batch, bool carries)
{
    pm_str url = pm_dashboard_status_url(batch->arena, batch->settings->api_url);
    return pm_batch_ask(batch, &pm_dashboard_kind_status, url, carries);
}

static const void *get_facts(const struct pm_ask *ask, const struct pm_kind *kind)
{
    assert(!ask || !ask->entry || pm_entry_kind(ask->entry) == kind);
    (void)kind;
    return ask && ask->is_in ? ask->facts : NULL;
}

const struct pm_runs *pm_dashboard_runs(const struct pm_ask *ask)
{
    return get_facts(ask, &pm_dashboard_kind_runs);
}

bool pm_dashboard_is_list(const struct pm_ask *ask)
{
    return ask->kind == &pm_dashboard_kind_runs;
}

bool pm_dashboard_is_run(const struct pm_ask *ask)
{
    return ask->kind == &pm_dashboard_kind_run;
}

const struct pm_run_page *pm_dashboard_run(const struct pm_ask *ask)
{
    return get_facts(ask, &pm_dashboard_kind_run);
}

const struct pm_pool *pm_dashboard_pool(const struct pm_ask *ask)
{
    return get_facts(ask, &pm_dashboard_kind_pool);
}

const struct pm_dashboard_status *pm_dashboard_status(const struct pm_ask *ask)
{
    return get_facts(ask, &pm_dashboard_kind_status);
}
