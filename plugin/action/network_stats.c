/* network_stats.c - how the network is as a whole: its runs, the nodes of its chain, and how far
 * the dashboard that tells of the runs can be trusted to be up to date.
 *
 * One trip. The list of runs carries the answer, or a Solana node that says how it is. The
 * dashboard's own status is company: it asks its Solana nodes first and may take minutes, so its
 * silence is nothing unusual. */

#include "action/network_stats.h"

#include "action/derive.h"
#include "action/frame.h"
#include "action/newest_models.h"
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
    return slots / 1000 * PM_SLOT_MS + (slots % 1000 * PM_SLOT_MS + 500) / 1000;
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

/* Everything is shown, though it stands elsewhere too. */
static bool is_whole(const struct pm_network *network)
{
    const struct pm_request *request = network->call->request;
    return request->is_full || pm_str_starts(request->page, PM_STR("g."));
}

/* The node that was asked, of the same program on the same cluster, has it. */
static bool is_place_repeated(const struct pm_network *network, size_t program)
{
    const struct pm_node_state *state = network->on_chain[program];
    const struct pm_indexer *indexer = pm_network_indexer(network, program);
    struct pm_key key;
    return state && pm_str_equal(indexer->genesis, pm_rpc_genesis(state->node->genesis)) &&
           pm_key_read(indexer->program, &key) == PM_KEY_OK &&
           pm_key_equal(&key, &network->nodes[program].program_key);
}

/* How far the index is, and behind what; the agreement says it of the node that was asked. */
static void write_slots(const struct pm_network *network, struct pm_group *sub, size_t program)
{
    const struct pm_indexer *indexer = pm_network_indexer(network, program);
    struct pm_count lag = pm_network_lag_slots(indexer);
    if (!is_whole(network) && pm_network_index_behind(network, program).is_known) {
        return;
    }
    put_count_if(sub, "indexed_slot", indexer->indexed_slot);
    put_count_if(sub, "chain_slot", indexer->chain_slot);
    if (lag.is_known) {
        pm_put_count(sub, "lag_slots_at_most", lag.value);
        pm_put_count(sub, "lag_s_at_most", pm_network_slots_s(lag.value));
    }
}

static void write_place(struct pm_call *call, struct pm_group *sub,
                        const struct pm_indexer *indexer)
{
    put_text_if(call, sub, "program", indexer->program);
    if (pm_network_cluster(indexer)) {
        pm_put_own(sub, "cluster", pm_network_cluster(indexer));
    }
}

static void write_indexer(const struct pm_network *network, struct pm_group *group,
                          const char *name, size_t program)
{
    struct pm_call *call = network->call;
    const struct pm_indexer *indexer = pm_network_indexer(network, program);
    struct pm_group *sub = indexer ? pm_group_sub(group, name) : NULL;
    if (!sub) {
        return;
    }
    put_text_if(call, sub, "status", indexer->word);
    pm_put_count(sub, "errors_since_start", indexer->error_count);
    if (indexer->has_last_error) {
        pm_put_date(sub, "last_error_at", indexer->last_error_ms);
    }
    write_slots(network, sub, program);
    if (is_whole(network) || !is_place_repeated(network, program)) {
        write_place(call, sub, indexer);
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
    write_indexer(network, group, "coordinator", PM_PSYCHE_COORDINATOR);
    write_indexer(network, group, "pool", PM_PSYCHE_POOL);
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

static void suggest_next(const struct pm_network *network, struct pm_answer *answer)
{
    struct pm_arguments list = {0};
    if (network->runs || pm_network_has_chain(network)) {
        pm_arguments_own(&list, network->call->arena, "action", "list_runs");
        pm_answer_next(answer, "psyche_monitor", &list,
                       network->runs ? "the runs one by one" : "the runs that the chain has");
    }
}

static void write_answer(const struct pm_network *network, struct pm_answer *answer)
{
    static const char *const given_up[] = {"guide",
                                           "dashboard.pool",
                                           "dashboard.coordinator",
                                           "dashboard",
                                           "newest_models",
                                           "on_chain.pool",
                                           "on_chain.coordinator",
                                           "on_chain",
                                           NULL};
    pm_answer_found(answer, PM_FOUND_TRUE);
    pm_network_write_summary(network, answer);
    if (network->runs) {
        write_runs(network, answer);
    }
    suggest_next(network, answer);
    if (network->status) {
        write_status(network, answer);
    }
    pm_network_write_on_chain(network, answer);
    pm_newest_models_write(network->call, answer, network->models_ask);
    write_links(network->call, answer);
    pm_network_write_agreement(network, answer);
    pm_network_write_notes(network, answer);
    pm_answer_cut_order(answer, given_up);
    pm_answer_sources(answer, &network->call->batch);
}

/* --- asking --- */

static void ask(struct pm_network *network)
{
    struct pm_batch *batch = &network->call->batch;
    network->runs_ask = pm_dashboard_ask_runs(batch, true);
    network->status_ask = pm_dashboard_ask_status(batch, false);
    network->models_ask = pm_newest_models_ask(batch);
    for (size_t i = 0; i < PM_NETWORK_PROGRAMS; i++) {
        pm_nodes_init(&network->nodes[i], batch, (enum pm_psyche)i);
        pm_nodes_ask_check(&network->nodes[i]);
        pm_chain_nodes_ask(&network->looks[i], &network->nodes[i]);
    }
}

/* Whether something more was asked. */
static bool go_on(struct pm_network *network)
{
    bool has_asked = false;
    for (size_t i = 0; i < PM_NETWORK_PROGRAMS; i++) {
        pm_nodes_check(&network->nodes[i], false);
        has_asked = pm_chain_nodes_go_on(&network->looks[i]) || has_asked;
        network->on_chain[i] = pm_chain_nodes_answer(&network->looks[i]);
    }
    return has_asked;
}

static bool is_chain_over(const struct pm_network *network)
{
    return pm_chain_nodes_is_over(&network->looks[PM_PSYCHE_COORDINATOR]) &&
           pm_chain_nodes_is_over(&network->looks[PM_PSYCHE_POOL]);
}

/* Of a node whose cluster it was asked for: another one's word carries nothing. */
static bool is_carried_by_chain(const struct pm_network *network)
{
    enum pm_cluster cluster;
    for (size_t i = 0; i < PM_NETWORK_PROGRAMS; i++) {
        const struct pm_node_state *state = network->on_chain[i];
        if (state && !state->epoch->is_stale && pm_node_cluster(state->node, &cluster)) {
            return true;
        }
    }
    return false;
}

/* The list of runs has its patience by itself. Without it the status is waited for as long as
 * company is, once no node can carry the answer any more. */
static void begin_patience(const struct pm_network *network)
{
    struct pm_batch *batch = &network->call->batch;
    const struct pm_ask *runs = network->runs_ask, *status = network->status_ask;
    bool has_no_runs = runs->is_in && !runs->facts;
    bool is_waiting = has_no_runs && (is_chain_over(network) || (status->is_in && status->facts));
    if (batch->patience_until_mono_ms == 0 && (is_waiting || is_carried_by_chain(network))) {
        pm_batch_begin_patience(batch);
    }
}

static void ask_all(struct pm_network *network)
{
    ask(network);
    while (pm_batch_wait(&network->call->batch)) {
        while (go_on(network)) {
        }
        begin_patience(network);
    }
    for (size_t i = 0; i < PM_NETWORK_PROGRAMS; i++) {
        network->nodes[i].is_over = true;
    }
    (void)go_on(network);
    pm_chain_nodes_settle(network->looks, PM_NETWORK_PROGRAMS);
    network->runs = pm_dashboard_runs(network->runs_ask);
    network->status = pm_dashboard_status(network->status_ask);
}

static bool fail(const struct pm_network *network)
{
    const struct pm_ask *trouble = pm_chain_nodes_trouble(&network->looks[PM_PSYCHE_COORDINATOR]);
    if (pm_network_is_chain_off(network)) {
        return pm_action_no_source(network->call, network->runs_ask,
                                   "anything on the network; the chain was not asked (rpc.off)");
    }
    return pm_action_no_source_of_both(network->call, network->runs_ask, trouble,
                                       "anything on the network");
}

bool pm_action_network_stats(struct pm_call *call, struct pm_answer *answer)
{
    static const char *const parts[] = {"tracked",   "dashboard",     "on_chain", "guide",
                                        "agreement", "newest_models", NULL};
    struct pm_network network = {.call = call};
    if (!pm_frame_read_part(call, answer, parts)) {
        return false;
    }
    ask_all(&network);
    bool has_any = network.runs || network.status || pm_network_has_chain(&network);
    if (!has_any || pm_batch_cancelled(&call->batch)) {
        return fail(&network);
    }
    if (network.runs) {
        network.listing = pm_listing_make(call->arena, network.runs);
        count_runs(&network);
    }
    write_answer(&network, answer);
    return true;
}
