/* network_stats.c - how the network is as a whole: its runs, and how far the dashboard that tells
 * of them can be trusted to be up to date.
 *
 * Two requests. The list of runs carries the answer. The dashboard's own status is company: it asks
 * its Solana nodes first and may take minutes, so its silence is nothing unusual. */

#include "action/network_stats.h"

#include "action/derive.h"
#include "action/frame.h"
#include "action/quote.h"

/* --- what follows from the facts --- */

static void count_runs(struct pm_network *network)
{
    for (size_t i = 0; i < network->listing.count; i++) {
        network->in_state[network->listing.rows[i].info->state]++;
    }
    network->newest = pm_listing_newest(&network->listing);
}

struct pm_moment pm_network_newest_at(const struct pm_network *network)
{
    return network->newest ? network->newest->last_update : (struct pm_moment){0};
}

struct pm_count pm_network_lag_slots(const struct pm_indexer *indexer)
{
    struct pm_count chain = indexer->chain_slot, indexed = indexer->indexed_slot;
    if (!chain.is_known || !indexed.is_known) {
        return (struct pm_count){0};
    }
    return (struct pm_count){true, chain.value > indexed.value ? chain.value - indexed.value : 0};
}

uint64_t pm_network_slots_s(uint64_t slots)
{
    return (slots * PM_SLOT_MS + 500) / 1000; /* slots are at most 2^53 */
}

const char *pm_network_cluster(const struct pm_indexer *indexer)
{
    static const struct {
        pm_str genesis;
        const char *name;
    } clusters[] = {
        {PM_STR_INIT("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"), "mainnet"},
        {PM_STR_INIT("EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"), "devnet"},
        {PM_STR_INIT("4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY"), "testnet"},
    };
    for (size_t i = 0; i < sizeof clusters / sizeof *clusters; i++) {
        if (pm_str_equal(indexer->genesis, clusters[i].genesis)) {
            return clusters[i].name;
        }
    }
    return indexer->genesis.len ? "localnet" : NULL;
}

bool pm_network_has_speed(const struct pm_network *network)
{
    struct pm_count idle = {0};
    if (network->newest) {
        idle = pm_derive_idle_s(network->newest, network->call->now_ms);
    }
    return idle.is_known && idle.value < PM_SPEED_GOOD_FOR_S;
}

/* --- facts --- */

static void write_states(const struct pm_network *network, struct pm_group *group)
{
    static const char *const names[] = {
        [PM_RUN_ACTIVE] = "active",       [PM_RUN_WAITING] = "waiting", [PM_RUN_PAUSED] = "paused",
        [PM_RUN_COMPLETED] = "completed", [PM_RUN_OTHER] = "other",
    };
    struct pm_group *runs = pm_group_sub(group, "runs");
    pm_put_count(runs, "total", network->listing.count);
    for (size_t state = 0; state < sizeof names / sizeof *names; state++) {
        if (state != PM_RUN_OTHER || network->in_state[state]) {
            pm_put_count(runs, names[state], network->in_state[state]);
        }
    }
}

static void write_activity(const struct pm_network *network, struct pm_group *group)
{
    struct pm_call *call = network->call;
    struct pm_moment at = pm_network_newest_at(network);
    if (!at.has_time) {
        return;
    }
    pm_put_date(group, "last_activity_at", at.time_ms);
    pm_put_text(group, "last_activity_run", pm_clean(call->arena, PM_TEXT_ID, network->newest->id));
    if (!pm_frame_is_ahead(call, at)) {
        pm_put_count(group, "idle_s", pm_derive_idle_s(network->newest, call->now_ms).value);
    }
}

static void write_runs(const struct pm_network *network, struct pm_answer *answer)
{
    struct pm_call *call = network->call;
    struct pm_group *group =
        pm_group_open(answer, "tracked", pm_origin_of(&call->batch, network->runs_ask));
    write_states(network, group);
    pm_put_big(group, "tokens_done", network->runs->tokens_done);
    if (pm_network_has_speed(network)) {
        pm_put_big(group, "tok_s_active", network->runs->tokens_per_second_active);
    }
    write_activity(network, group);
}

static void put_text_if(struct pm_call *call, struct pm_group *group, const char *key, pm_str text)
{
    if (text.len) {
        pm_put_text(group, key, pm_clean(call->arena, PM_TEXT_OTHER, text));
    }
}

static void put_count_if(struct pm_group *group, const char *key, struct pm_count count)
{
    if (count.is_known) {
        pm_put_count(group, key, count.value);
    }
}

static void write_indexer(struct pm_call *call, struct pm_group *group, const char *name,
                          const struct pm_indexer *indexer)
{
    struct pm_count lag = pm_network_lag_slots(indexer);
    struct pm_group *sub = indexer->is_there ? pm_group_sub(group, name) : NULL;
    put_text_if(call, sub, "status", indexer->word);
    if (sub) {
        pm_put_count(sub, "errors_since_start", indexer->error_count);
    }
    if (indexer->has_last_error) {
        pm_put_date(sub, "last_error_at", indexer->last_error_ms);
    }
    put_count_if(sub, "indexed_slot", indexer->indexed_slot);
    put_count_if(sub, "chain_slot", indexer->chain_slot);
    if (lag.is_known) {
        pm_put_count(sub, "lag_slots_at_most", lag.value);
        pm_put_count(sub, "lag_s_at_most", pm_network_slots_s(lag.value));
    }
    put_text_if(call, sub, "program", indexer->program);
    if (pm_network_cluster(indexer)) {
        pm_put_own(sub, "cluster", pm_network_cluster(indexer));
    }
}

static void write_status(const struct pm_network *network, struct pm_answer *answer)
{
    struct pm_call *call = network->call;
    const struct pm_dashboard_status *status = network->status;
    struct pm_group *group =
        pm_group_open(answer, "dashboard", pm_origin_of(&call->batch, network->status_ask));
    put_text_if(call, group, "commit", status->commit);
    if (status->has_start) {
        pm_put_date(group, "started_at", status->start_ms);
    }
    pm_put_count(group, "incarnations_known", status->tracked_runs);
    write_indexer(call, group, "coordinator", &status->coordinator);
    write_indexer(call, group, "pool", &status->pool);
}

/* --- links --- */

/* The first address in a text; empty when there is none. */
static pm_str find_link(pm_str text)
{
    size_t from = 0, len = 0;
    while (from < text.len && !pm_str_starts(pm_str_tail(text, from), PM_STR("https://"))) {
        from++;
    }
    pm_str rest = pm_str_tail(text, from);
    while (len < rest.len && (unsigned char)rest.ptr[len] > ' ' && rest.ptr[len] != ',') {
        len++;
    }
    return pm_str_slice(rest, 0, len);
}

static void write_links(struct pm_call *call, struct pm_answer *answer)
{
    static const struct {
        const char *key;
        pm_str heading;
    } links[] = {
        {"dashboard", PM_STR_INIT("Dashboard")},
        {"docs", PM_STR_INIT("Documentation")},
        {"source_code", PM_STR_INIT("Source code")},
    };
    const struct pm_document *document = pm_guide_document(call->guide, PM_STR("links"));
    struct pm_group *group = pm_quote_open(call, answer, document);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        const struct pm_section *section = pm_document_section(document, links[i].heading);
        pm_str link = section ? find_link(section->text) : PM_STR("");
        if (link.len) {
            pm_put_text(group, links[i].key, pm_clean(call->arena, PM_TEXT_OTHER, link));
        }
    }
}

/* --- the answer --- */

static void write_answer(const struct pm_network *network, struct pm_answer *answer)
{
    static const char *const given_up[] = {"guide", "dashboard.pool", "dashboard.coordinator",
                                           NULL};
    struct pm_arguments list = {0};
    pm_answer_found(answer, PM_FOUND_TRUE);
    pm_network_write_summary(network, answer);
    if (network->runs) {
        write_runs(network, answer);
        pm_arguments_own(&list, network->call->arena, "action", "list_runs");
        pm_answer_next(answer, "psyche_monitor", &list, "the runs one by one");
    }
    if (network->status) {
        write_status(network, answer);
    }
    write_links(network->call, answer);
    pm_frame_agree_single(network->call, answer, PM_SOURCE_TRACKED, NULL);
    pm_network_write_notes(network, answer);
    pm_answer_cut_order(answer, given_up);
    pm_answer_sources(answer, &network->call->batch);
}

bool pm_action_network_stats(struct pm_call *call, struct pm_answer *answer)
{
    static const char *const parts[] = {"tracked", "dashboard", "guide", "agreement", NULL};
    struct pm_network network = {.call = call};
    bool has_given_up = false;
    if (!pm_frame_read_part(call, answer, parts)) {
        return false;
    }
    const struct pm_ask *runs = pm_dashboard_ask_runs(&call->batch, true);
    const struct pm_ask *status = pm_dashboard_ask_status(&call->batch, false);
    while (pm_batch_wait(&call->batch)) {
        if (runs && runs->is_in && !runs->facts && !has_given_up) {
            has_given_up = true;
            pm_batch_begin_patience(&call->batch);
        }
    }
    network.runs_ask = runs;
    network.status_ask = status;
    network.runs = pm_dashboard_runs(runs);
    network.status = pm_dashboard_status(status);
    if ((!network.runs && !network.status) || pm_batch_cancelled(&call->batch)) {
        return pm_action_no_source(call, runs,
                                   "anything on the network; this version does not ask the chain");
    }
    if (network.runs) {
        network.listing = pm_listing_make(call->arena, network.runs);
        count_runs(&network);
    }
    write_answer(&network, answer);
    return true;
}
