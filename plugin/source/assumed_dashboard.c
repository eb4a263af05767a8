/* assumed_dashboard.c - whether the dashboard still answers as it did.
 *
 * A reply that cannot be read at all was judged when it was decoded. Here it is about the parts that
 * answers are built on: each may be absent from a reply and only makes an answer poorer, so that
 * nobody would notice if one had another name now. */

#include "source/assumed_inside.h"

#include "source/dashboard_pool.h"

#define JSON_TYPE PM_STR("application/json")

/* --- the parts that are missing --- */

static const char *missing_of_row(const struct pm_run_info *row)
{
    return row->state == PM_RUN_OTHER      ? "status"
           : !row->tokens_planned.is_known ? "totalTokens"
           : !row->last_update.has_time    ? "lastUpdate"
           : !row->params.is_known         ? "size"
           : row->arch.len == 0            ? "arch"
                                           : NULL;
}

static const char *missing_of_page(const struct pm_run_page *page)
{
    const struct pm_run_live *live = &page->live;
    return !live->is_there                      ? "state"
           : live->phase.len == 0               ? "state.phase"
           : !live->has_phase_start             ? "state.phaseStartTime"
           : !live->round.is_known              ? "state.round"
           : !live->has_clients                 ? "state.clients"
           : !live->has_checkpoint              ? "state.checkpoint"
           : !live->config.min_clients.is_known ? "state.config.minClients"
           : !live->config.epoch_s.is_known     ? "state.config.epochTime"
           : live->config.lr.kind.len == 0      ? "state.config.lrSchedule"
                                                : NULL;
}

static const char *missing_of_pool(const struct pm_pool *pool)
{
    const char *missing = !pool->deposited.is_known  ? "totalDepositedCollateralAmount"
                          : !pool->cap.is_known      ? "maxDepositCollateralAmount"
                          : !pool->decimals.is_known ? "collateralMintDecimals"
                          : pool->mint.len == 0      ? "collateralMintAddress"
                                                     : NULL;
    for (size_t i = 0; !missing && i < pool->contributor_count; i++) {
        missing = !pool->contributors[i].rank.is_known     ? "users.rank"
                  : !pool->contributors[i].amount.is_known ? "users.funding"
                                                           : NULL;
    }
    return missing;
}

static const char *missing_of_indexer(const struct pm_indexer *indexer)
{
    return !indexer->is_there              ? "the object itself"
           : !indexer->chain_slot.is_known ? "chain.chainSlotHeight"
           : indexer->program.len == 0     ? "chain.programId"
           : indexer->genesis.len == 0     ? "chain.networkGenesis"
                                           : NULL;
}

/* --- the routes --- */

void pm_assumed_check_runs(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_runs *runs = pm_dashboard_runs(assumed->runs);
    const char *missing = NULL;
    size_t poor = 0;
    if (!pm_finding_needs(finding, assumed->runs)) {
        return;
    }
    for (size_t i = 0; i < runs->count; i++) {
        const char *of_row = missing_of_row(&runs->rows[i]);
        poor += of_row != NULL;
        missing = missing ? missing : of_row;
    }
    if (runs->unreadable) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "no usable id in %zu of %zu runs",
                       runs->unreadable, runs->unreadable + runs->count);
    } else if (missing) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "no known %s, or the like, in %zu of %zu runs",
                       missing, poor, runs->count);
    } else {
        pm_finding_set(finding, PM_FINDING_OK, "%zu runs", runs->count);
    }
}

void pm_assumed_check_run(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_run_page *page = pm_dashboard_run(assumed->run);
    if (!assumed->run && assumed->batch->settings->is_offline) {
        pm_finding_set(finding, PM_FINDING_OFF, "offline: not asked");
    } else if (!assumed->run) {
        pm_finding_set(finding, PM_FINDING_UNKNOWN,
                       "no run is listed whose page could be asked for");
    } else if (!pm_finding_needs(finding, assumed->run)) {
        return;
    } else if (!page->is_there) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "no page of a run that is listed");
    } else if (missing_of_page(page)) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "no usable %s", missing_of_page(page));
    } else {
        pm_finding_set(finding, PM_FINDING_OK, "%.*s has all parts", PM_STR_ARG(page->info.id));
    }
}

void pm_assumed_check_contributions(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_pool *pool = pm_dashboard_pool(assumed->contributions);
    if (!pm_finding_needs(finding, assumed->contributions)) {
        return;
    }
    if (!pool->is_read) {
        pm_finding_set(finding, PM_FINDING_UNKNOWN, "the dashboard has not read the pool yet");
    } else if (pool->unreadable) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "no usable address in %zu of %zu users",
                       pool->unreadable, pool->unreadable + pool->contributor_count);
    } else if (missing_of_pool(pool)) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "no usable %s", missing_of_pool(pool));
    } else {
        pm_finding_set(finding, PM_FINDING_OK, "%zu contributors", pool->contributor_count);
    }
}

void pm_assumed_check_status(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_dashboard_status *status = pm_dashboard_status(assumed->status);
    if (!pm_finding_needs(finding, assumed->status)) {
        return;
    }
    const char *of_coordinator = missing_of_indexer(&status->coordinator);
    const char *of_pool = missing_of_indexer(&status->pool);
    if (of_coordinator || of_pool) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "no usable %s: %s",
                       of_coordinator ? "coordinator" : "miningPool",
                       of_coordinator ? of_coordinator : of_pool);
    } else {
        pm_finding_set(finding, PM_FINDING_OK, "incarnations of runs tracked: %zu",
                       status->tracked_runs);
    }
}

void pm_assumed_check_content_type(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_ask *asks[] = {assumed->runs, assumed->run, assumed->contributions,
                                   assumed->status};
    struct pm_finding ignored;
    size_t looked_at = 0;
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
        if (!pm_finding_needs(&ignored, asks[i])) {
            continue;
        }
        pm_str type = pm_entry_headers(asks[i]->entry)->content_type;
        looked_at++;
        if (!pm_str_starts_nocase(type, JSON_TYPE)) {
            pm_finding_set(finding, PM_FINDING_DIFFERS, "%s says %.*s", asks[i]->kind->name,
                           PM_STR_ARG(type.len ? pm_str_slice(type, 0, 63) : PM_STR("none")));
            return;
        }
    }
    if (looked_at) {
        pm_finding_set(finding, PM_FINDING_OK, "of all replies that could be read");
    } else {
        pm_finding_set(finding,
                       assumed->batch->settings->is_offline ? PM_FINDING_OFF : PM_FINDING_UNKNOWN,
                       "there is no reply to look at");
    }
}

/* --- where the dashboard reads --- */

static void check_place(const struct pm_assumed *assumed, const struct pm_assumed_side *side,
                        bool is_pool, struct pm_finding *finding)
{
    const struct pm_dashboard_status *status = pm_dashboard_status(assumed->status);
    pm_str program = assumed->batch->settings->programs[side->nodes.program].text;
    if (!pm_finding_needs(finding, assumed->status)) {
        if (finding->kind == PM_FINDING_DIFFERS) {
            finding->kind = PM_FINDING_UNKNOWN; /* that is another row's to say */
        }
        return;
    }
    const struct pm_indexer *indexer = is_pool ? &status->pool : &status->coordinator;
    enum pm_cluster cluster = pm_cluster_of_genesis(indexer->genesis);
    if (indexer->program.len == 0 || indexer->genesis.len == 0) {
        pm_finding_set(finding, PM_FINDING_UNKNOWN, "/status does not say");
    } else if (!pm_str_equal(indexer->program, program)) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "assumed %.*s, found %.*s", PM_STR_ARG(program),
                       PM_STR_ARG(indexer->program));
    } else if (cluster != side->nodes.expected) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "assumed %s, found %s (genesis %.*s)",
                       pm_cluster_name(side->nodes.expected), pm_cluster_name(cluster),
                       PM_STR_ARG(indexer->genesis));
    } else {
        pm_finding_set(finding, PM_FINDING_OK, "the same, on %s", pm_cluster_name(cluster));
    }
}

void pm_assumed_check_coordinator_place(const struct pm_assumed *assumed,
                                        struct pm_finding *finding)
{
    check_place(assumed, &assumed->coordinator, false, finding);
}

void pm_assumed_check_pool_place(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    check_place(assumed, &assumed->pool, true, finding);
}
