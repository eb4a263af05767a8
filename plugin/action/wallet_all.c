/* wallet_all.c - a wallet in all runs: who is asked, and what the answer is made of. */

#include "action/wallet.h"

#define FEW_RUNS (3 * (PM_WALLET_RUNS_A_QUESTION - 1))

/* --- which runs --- */

static void read_list(struct pm_wallet *wallet)
{
    const struct pm_runs *runs = pm_dashboard_runs(wallet->runs);
    if (runs && !wallet->is_list_read) {
        wallet->is_list_read = true;
        wallet->listing = pm_listing_make(wallet->call->arena, runs);
    }
}

/* Where nodes search for nobody, the ids that the dashboard lists are looked for. */
static bool try_known_ids(struct pm_wallet *wallet)
{
    size_t count = wallet->listing.count;
    if (!wallet->runs->is_in || !pm_chain_list_wants_ids(&wallet->list)) {
        return false;
    }
    pm_str *ids = pm_arena_array(wallet->call->arena, count + 1, sizeof *ids);
    for (size_t i = 0; ids && i < count; i++) {
        ids[i] = wallet->listing.rows[i].info->id;
    }
    pm_chain_list_try_ids(&wallet->list, ids, ids ? count : 0);
    return wallet->list.known_count > 0;
}

static bool ask_heads(struct pm_wallet *wallet)
{
    struct pm_chain_list *list = &wallet->list;
    struct pm_chain_row **rows =
        pm_arena_array(wallet->call->arena, list->count + 1, sizeof(struct pm_chain_row *));
    for (size_t i = 0; rows && i < list->count; i++) {
        rows[i] = &list->rows[i];
    }
    wallet->are_heads_asked = true;
    pm_chain_list_look_at_heads(list, rows, rows ? list->count : 0);
    return list->look_chunks > 0;
}

static bool are_heads_in(const struct pm_wallet *wallet)
{
    const struct pm_chain_list *list = &wallet->list;
    for (size_t i = 0; i < list->look_chunks; i++) {
        if (!pm_question_is_over(&list->looks[i]->question, list->nodes)) {
            return false;
        }
    }
    return wallet->are_heads_asked;
}

/* A run whose head is not known may well go on; one whose account is bad is told of. */
static bool is_wanted(const struct pm_wallet *wallet, const struct pm_chain_row *row)
{
    return wallet->call->request->is_full || !row->head ||
           row->head->state != PM_CHAIN_STATE_FINISHED;
}

static void ask_accounts(struct pm_wallet *wallet)
{
    const struct pm_chain_list *list = &wallet->list;
    const struct pm_instance **wanted =
        pm_arena_array(wallet->call->arena, list->count + 1, sizeof(struct pm_instance *));
    size_t count = 0;
    wallet->finished = 0;
    for (size_t i = 0; wanted && i < list->count; i++) {
        if (is_wanted(wallet, &list->rows[i])) {
            wanted[count++] = &list->rows[i].instance;
        } else {
            wallet->finished++;
        }
    }
    pm_wallet_look_ask(&wallet->look, wanted, count);
}

/* A full answer looks at all of them, so their heads need not be known before; and few are asked
 * for as quickly as their heads. */
static bool look(struct pm_wallet *wallet)
{
    struct pm_chain_list *list = &wallet->list;
    bool needs_heads = !wallet->call->request->is_full && list->count > FEW_RUNS;
    if (wallet->look.is_asked || !pm_chain_list_is_ready(list)) {
        return false;
    }
    if (needs_heads && !wallet->are_heads_asked) {
        return ask_heads(wallet);
    }
    if (needs_heads && !are_heads_in(wallet)) {
        return false;
    }
    ask_accounts(wallet);
    return true;
}

/* --- asking --- */

static void begin_look(struct pm_wallet *wallet)
{
    pm_wallet_look_init(&wallet->look, &wallet->nodes, &wallet->who,
                        wallet->call->request->is_full ? PM_WALLET_MONEY_HELD
                                                       : PM_WALLET_MONEY_OWED);
}

/* The dashboard may read another program: what was asked of ours is asked anew. */
static void follow_moves(struct pm_wallet *wallet)
{
    if (wallet->look.is_asked && wallet->look.moves != wallet->nodes.moves) {
        begin_look(wallet);
        wallet->are_heads_asked = false;
    }
}

static bool is_in_doubt(const struct pm_chain_list *list)
{
    return list->state == PM_CHAIN_LIST_DOUBTFUL ||
           (list->state == PM_CHAIN_LIST_PART && list->count == 0);
}

/* Whether something more was asked. */
static bool go_on(struct pm_wallet *wallet)
{
    read_list(wallet);
    bool has_asked = pm_chain_list_go_on(&wallet->list);
    has_asked = try_known_ids(wallet) || has_asked;
    has_asked = look(wallet) || has_asked;
    has_asked = pm_wallet_look_go_on(&wallet->look) || has_asked;
    if (has_asked && wallet->call->batch.patience_until_mono_ms) {
        pm_batch_begin_patience(&wallet->call->batch);
    }
    has_asked = pm_wallet_pool_go_on(&wallet->pool) || has_asked;
    pm_nodes_check(&wallet->nodes, is_in_doubt(&wallet->list));
    pm_nodes_check(&wallet->pool_nodes, wallet->pool.found == PM_CHAIN_ABSENT ||
                                            wallet->pool.found == PM_CHAIN_DOUBTFUL);
    follow_moves(wallet);
    return has_asked || wallet->nodes.moves != wallet->list.moves ||
           wallet->pool_nodes.moves != wallet->pool.moves;
}

static void ask(struct pm_wallet *wallet)
{
    struct pm_batch *batch = &wallet->call->batch;
    pm_nodes_init(&wallet->nodes, batch, PM_PSYCHE_COORDINATOR);
    pm_nodes_init(&wallet->pool_nodes, batch, PM_PSYCHE_POOL);
    wallet->runs = pm_dashboard_ask_runs(batch, false);
    /* Where the chain is not asked, its deposit is all that can be told. */
    wallet->contributor =
        pm_dashboard_ask_contributor(batch, wallet->address, wallet->nodes.is_off);
    pm_nodes_ask_check(&wallet->nodes);
    pm_nodes_ask_check(&wallet->pool_nodes);
    begin_look(wallet);
    pm_wallet_pool_ask(&wallet->pool, &wallet->pool_nodes, &wallet->who, pm_pool_usual_mint());
    pm_chain_list_ask(&wallet->list, &wallet->nodes, false);
    while (pm_batch_wait(batch)) {
        while (go_on(wallet)) {
        }
    }
    read_list(wallet);
    pm_chain_list_settle(&wallet->list);
    pm_wallet_look_settle(&wallet->look);
    pm_wallet_pool_settle(&wallet->pool);
}

/* --- the answer --- */

static bool has_trace(const struct pm_wallet *wallet)
{
    struct pm_big deposit;
    bool has_any = false;
    for (size_t i = 0; i < wallet->look.count; i++) {
        const struct pm_wallet_run *run = &wallet->look.runs[i];
        has_any = has_any || pm_wallet_has_part(run) ||
                  run->grants[PM_GRANTEE_WALLET].leave > PM_LEAVE_UNREADABLE;
    }
    return has_any || wallet->look.account.is_there ||
           (pm_wallet_deposit(wallet, &deposit) && !pm_big_is_zero(deposit));
}

/* Everybody answered, and nobody has ever heard of it. */
static enum pm_found is_found(const struct pm_wallet *wallet)
{
    struct pm_big deposit;
    if (has_trace(wallet)) {
        return PM_FOUND_TRUE;
    }
    bool is_sure = wallet->list.state == PM_CHAIN_LIST_WHOLE && wallet->look.account_ask &&
                   !pm_wallet_look_trouble(&wallet->look) && wallet->finished == 0 &&
                   pm_wallet_deposit(wallet, &deposit);
    return is_sure ? PM_FOUND_FALSE : PM_FOUND_UNKNOWN;
}

static void put_totals(const struct pm_wallet *wallet, struct pm_group *group)
{
    struct pm_wallet_sums sums = pm_wallet_sum(wallet);
    struct pm_group *totals = pm_group_sub(group, "totals");
    pm_put_count(totals, "runs_looked_at", wallet->look.count);
    pm_put_count(totals, "joined", sums.runs);
    pm_put_big(totals, "earned", sums.earned);
    pm_put_big(totals, "slashed", sums.slashed);
    if (sums.unsure == 0) {
        pm_put_big(totals, "unclaimed", sums.unclaimed);
        pm_put_big(totals, "claimed", sums.claimed);
    }
}

static void write_on_chain(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    if (wallet->look.account_ask) {
        struct pm_group *group = pm_group_open(
            answer, "on_chain", pm_origin_of(&wallet->call->batch, wallet->look.account_ask));
        pm_wallet_put_account(wallet, group);
        put_totals(wallet, group);
    }
}

static void suggest_next(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    struct pm_arena *arena = wallet->call->arena;
    const struct pm_wallet_look *found = &wallet->look;
    for (size_t i = 0; i < found->count; i++) {
        const struct pm_wallet_run *run = &found->runs[i];
        if (pm_wallet_has_part(run) || pm_wallet_is_joining(wallet, run)) {
            struct pm_arguments arguments = {0};
            pm_arguments_text(&arguments, "address", pm_clean(arena, PM_TEXT_ID, wallet->address));
            pm_arguments_text(&arguments, "run_id",
                              pm_clean(arena, PM_TEXT_ID, run->instance.run_id));
            pm_answer_next(answer, "psyche_wallet", &arguments,
                           "whether it can join this run, with all reasons");
            return;
        }
    }
}

bool pm_wallet_answer_all(struct pm_wallet *wallet, struct pm_answer *answer)
{
    static const char *const given_up[] = {"guide", NULL};
    struct pm_call *call = wallet->call;
    struct pm_big deposit;
    ask(wallet);
    bool has_any = wallet->look.account_ask || pm_wallet_deposit(wallet, &deposit);
    if (!has_any || pm_batch_cancelled(&call->batch)) {
        return pm_action_no_source_of_both(call, wallet->contributor,
                                           pm_chain_list_trouble(&wallet->list),
                                           "anything about this wallet");
    }
    pm_answer_found(answer, is_found(wallet));
    pm_wallet_write_summary(wallet, answer);
    write_on_chain(wallet, answer);
    pm_wallet_write_tables(wallet, answer);
    pm_wallet_write_pool(wallet, answer);
    pm_wallet_agree_pool(wallet, answer);
    pm_wallet_write_notes(wallet, answer);
    pm_answer_cut_order(answer, given_up);
    suggest_next(wallet, answer);
    pm_answer_sources(answer, &call->batch);
    return true;
}
