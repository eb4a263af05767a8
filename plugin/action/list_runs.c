/* list_runs.c - which runs there are.
 *
 * One table, one row an id: those on the dashboard's list, then those that only the chain has. Both
 * sources are asked for all runs at once. What the chain says of each is asked for in a second trip:
 * of all runs when they are few, else of those on the page, which the dashboard's list decides. */

#include "action/list_runs.h"

#include "action/newest_models.h"

#include "net/net.h"

#define FEW_RUNS 100 /* looked at together: one question for heads, one for tails */
#define SEEN_MOST 1000
#define SEEN_WAIT_MS 100 /* for the store: without it the list is what the dashboard knows */

/* --- asking --- */

static void read_list(struct pm_list *list)
{
    if (!list->runs && list->ask->is_in) {
        list->runs = pm_dashboard_runs(list->ask);
        if (list->runs) {
            list->listing = pm_listing_make(list->call->arena, list->runs);
        }
    }
}

static void order(struct pm_list *list)
{
    list->ordered = pm_list_order(list->call->arena, &list->listing, &list->chain);
    list->first = pm_list_find(&list->ordered, &list->place, &list->has_key);
}

/* Those on the dashboard's list, and those that were seen before. */
static bool try_known_ids(struct pm_list *list)
{
    struct pm_arena *arena = list->call->arena;
    struct pm_seen *seen = NULL;
    size_t listed = list->listing.count, count = 0;
    if (!list->ask->is_in || !pm_chain_list_wants_ids(&list->chain)) {
        return false;
    }
    struct pm_batch *batch = &list->call->batch;
    size_t known = pm_net_last_seen(batch->net, batch->wait, arena, SEEN_MOST,
                                    pm_clock_mono_ms() + SEEN_WAIT_MS, &seen);
    pm_str *ids = pm_arena_array(arena, listed + known + 1, sizeof *ids);
    for (size_t i = 0; ids && i < listed; i++) {
        ids[count++] = list->listing.rows[i].info->id;
    }
    for (size_t i = 0; ids && i < known; i++) {
        ids[count++] = seen[i].id;
    }
    pm_chain_list_try_ids(&list->chain, ids, count);
    return list->chain.known_count > 0;
}

/* A dashboard that is silent must not cost the chain's part of the page. */
static bool is_page_known(struct pm_list *list)
{
    int64_t now = pm_clock_mono_ms();
    if (list->ask->is_in) {
        return true;
    }
    if (list->look_anyway_mono_ms == 0) {
        list->look_anyway_mono_ms = now + (int64_t)list->call->settings->patience_ms / 2;
        pm_batch_wake_at(&list->call->batch, list->look_anyway_mono_ms);
    }
    return now >= list->look_anyway_mono_ms;
}

static bool look(struct pm_list *list)
{
    struct pm_chain_list *chain = &list->chain;
    struct pm_chain_row **wanted;
    size_t before = chain->look_chunks, count = 0;
    bool are_few = chain->count <= FEW_RUNS;
    if (!chain->count || !pm_chain_list_is_ready(chain) || (!are_few && !is_page_known(list))) {
        return false;
    }
    wanted = pm_arena_array(list->call->arena, chain->count + 1, sizeof(struct pm_chain_row *));
    if (are_few) {
        for (; wanted && count < chain->count; count++) {
            wanted[count] = &chain->rows[count];
        }
    } else {
        order(list);
        for (size_t i = list->first; wanted && i < pm_list_end(list); i++) {
            const struct pm_chain_row *row = list->ordered.rows[i].chain;
            if (row) {
                wanted[count++] = &chain->rows[row - chain->rows];
            }
        }
    }
    pm_chain_list_look_at(chain, wanted, count);
    return chain->look_chunks > before;
}

/* The dashboard may read another program: that is waited for when ours has nothing to show. */
static bool is_in_doubt(const struct pm_chain_list *chain)
{
    return chain->state == PM_CHAIN_LIST_DOUBTFUL ||
           (chain->state == PM_CHAIN_LIST_PART && chain->count == 0);
}

/* Whether something more was asked. */
static bool go_on(struct pm_list *list)
{
    read_list(list);
    bool has_asked = pm_chain_list_go_on(&list->chain);
    has_asked = try_known_ids(list) || has_asked;
    has_asked = look(list) || has_asked;
    pm_nodes_check(&list->nodes, is_in_doubt(&list->chain));
    return has_asked || list->nodes.moves != list->chain.moves;
}

static void ask(struct pm_list *list)
{
    struct pm_batch *batch = &list->call->batch;
    list->ask = pm_dashboard_ask_runs(batch, true);
    list->models = list->place.is_given ? NULL : pm_newest_models_ask(batch);
    pm_nodes_init(&list->nodes, batch, PM_PSYCHE_COORDINATOR);
    pm_nodes_ask_check(&list->nodes);
    pm_chain_list_ask(&list->chain, &list->nodes, true);
    while (pm_batch_wait(batch)) {
        while (go_on(list)) {
        }
    }
    read_list(list);
    pm_chain_list_settle(&list->chain);
    pm_nodes_check(&list->nodes, is_in_doubt(&list->chain));
    order(list);
}

/* --- the answer --- */

static void write_totals(const struct pm_list *list, struct pm_answer *answer)
{
    const struct pm_origin *origin = pm_origin_of(&list->call->batch, list->ask);
    struct pm_group *totals = pm_group_open(answer, "totals", origin);
    pm_put_count(totals, "runs", list->listing.count);
    pm_put_big(totals, "tokens_done", list->runs->tokens_done);
    pm_put_big(totals, "tok_s_active", list->runs->tokens_per_second_active);
}

static void suggest_next(const struct pm_list *list, struct pm_answer *answer)
{
    struct pm_arena *arena = list->call->arena;
    const struct pm_run_info *largest = pm_list_largest(&list->ordered, list->call->now_ms);
    struct pm_arguments arguments = {0};
    if (list->ordered.count) {
        pm_str id = largest ? largest->id : pm_list_id(&list->ordered.rows[0]);
        pm_arguments_own(&arguments, arena, "action", "run_details");
        pm_arguments_text(&arguments, "run_id", pm_clean(arena, PM_TEXT_ID, id));
        pm_answer_next(answer, "psyche_monitor", &arguments,
                       largest ? "the largest active run in detail"
                               : "the first run of the list in detail");
    }
}

/* The chain gave a list of some kind. */
static bool has_chain(const struct pm_chain_list *chain)
{
    return chain->state == PM_CHAIN_LIST_WHOLE ||
           (chain->state == PM_CHAIN_LIST_PART && chain->count);
}

bool pm_action_list_runs(struct pm_call *call, struct pm_answer *answer)
{
    struct pm_list list = {.call = call};
    if (!pm_list_read_page(call, answer, &list.place)) {
        return false;
    }
    ask(&list);
    if ((!list.runs && !has_chain(&list.chain)) || pm_batch_cancelled(&call->batch)) {
        return pm_action_no_source_of_both(call, list.ask, pm_chain_list_trouble(&list.chain),
                                           "a list of runs");
    }
    pm_answer_found(answer, PM_FOUND_TRUE);
    pm_list_write_summary(&list, answer);
    pm_list_write_table(&list, answer);
    if (list.runs) {
        write_totals(&list, answer);
    }
    pm_newest_models_write(call, answer, list.models);
    pm_list_write_notes(&list, answer);
    suggest_next(&list, answer);
    pm_answer_sources(answer, &call->batch);
    return true;
}
