/* pool_status.c - how full the mining pool is, and who filled it.
 *
 * People deposit a token, the collateral, up to a cap. The pool's account has the amounts; the
 * dashboard has them too, in base units, and every contributor with a rank, whom it would take a
 * search to find on chain. A page token is the rank of the row it begins after;
 * ranks are not shared, but should a reply share one all the same, "c5.2" is the second row of
 * rank 5. */

#include "action/pool_status.h"

#include "action/quote.h"

#include <stdlib.h>

#define BRIEF_ROWS 5
#define BRIEF_ROWS_BESIDE 3 /* where the chain's word needs room too */
#define AMOUNT_MOST 160     /* bytes of an amount as text */

static const char *const COLUMNS[] = {"rank", "address", "amount", "tokens", "share_percent", NULL};

struct key { /* of a row; rows are in this order */
    uint64_t rank;
    uint64_t nth; /* of that rank, from 1 */
};

struct ranked {
    const struct pm_contributor *who;
    struct key key;
};

struct ranking {
    struct ranked *rows;
    size_t count;
};

struct place { /* where a page begins: after this key */
    bool is_given;
    struct key key;
};

/* --- order and pages --- */

/* By rank, those without one last; of one rank in the order they were sent. */
static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->key.rank != b->key.rank) {
        return a->key.rank < b->key.rank ? -1 : 1;
    }
    return a->who < b->who ? -1 : a->who > b->who;
}

static struct ranking rank_all(struct pm_arena *arena, const struct pm_pool *pool)
{
    struct ranking ranking = {.count = pool->contributor_count};
    ranking.rows = pm_arena_array(arena, ranking.count + 1, sizeof *ranking.rows);
    if (!ranking.rows) {
        return (struct ranking){0};
    }
    for (size_t i = 0; i < ranking.count; i++) {
        const struct pm_contributor *who = &pool->contributors[i];
        ranking.rows[i].who = who;
        ranking.rows[i].key.rank = who->rank.is_known ? who->rank.value : UINT64_MAX;
    }
    qsort(ranking.rows, ranking.count, sizeof *ranking.rows, compare_ranked);
    for (size_t i = 0; i < ranking.count; i++) {
        struct key *key = &ranking.rows[i].key;
        bool is_shared = i > 0 && ranking.rows[i - 1].key.rank == key->rank;
        key->nth = is_shared ? ranking.rows[i - 1].key.nth + 1 : 1;
    }
    return ranking;
}

static bool read_key(pm_str token, struct key *key)
{
    pm_str rest = pm_str_tail(token, 1);
    size_t dot = pm_str_find(rest, '.');
    key->nth = 1;
    if (!pm_str_starts(token, PM_STR("c")) ||
        !pm_str_to_u64(pm_str_slice(rest, 0, dot), &key->rank)) {
        return false;
    }
    return dot == rest.len || pm_str_to_u64(pm_str_tail(rest, dot + 1), &key->nth);
}

static bool read_place(struct pm_call *call, struct pm_answer *answer, struct place *place)
{
    static const char *const parts[] = {"tracked", "on_chain",  "contributors",
                                        "guide",   "agreement", NULL};
    place->is_given = read_key(call->request->page, &place->key);
    return place->is_given || pm_frame_read_part(call, answer, parts);
}

static size_t find_first(const struct ranking *ranking, const struct place *place, bool *has_key)
{
    size_t first = 0;
    *has_key = !place->is_given;
    while (place->is_given && first < ranking->count) {
        struct key key = ranking->rows[first].key;
        bool is_same = key.rank == place->key.rank && key.nth == place->key.nth;
        bool is_after =
            key.rank > place->key.rank || (key.rank == place->key.rank && key.nth > place->key.nth);
        if (is_after) {
            break;
        }
        *has_key = is_same; /* no two have the same key */
        first++;
    }
    return first;
}

static const struct pm_clean *make_token(struct pm_arena *arena, struct key key)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, AMOUNT_MOST);
    pm_buf_add_char(&buf, 'c');
    pm_buf_add_u64(&buf, key.rank);
    if (key.nth > 1) {
        pm_buf_add_char(&buf, '.');
        pm_buf_add_u64(&buf, key.nth);
    }
    return pm_clean(arena, PM_TEXT_ID, pm_buf_text(&buf));
}

/* --- the list --- */

typedef void add_fn(struct pm_buf *buf, const struct pm_pool *pool, struct pm_big amount);

static void add_amount_cell(struct pm_call *call, struct pm_table *table, add_fn *add,
                            const struct pm_pool *pool, struct pm_big amount)
{
    struct pm_buf buf;
    pm_buf_init(&buf, call->arena, AMOUNT_MOST);
    add(&buf, pool, amount);
    if (buf.len) {
        pm_cell_own(table, pm_arena_cstr(call->arena, pm_buf_text(&buf)));
    } else {
        pm_cell_null(table);
    }
}

static void add_row(struct pm_call *call, struct pm_table *table, const struct pm_pool *pool,
                    const struct ranked *row)
{
    const struct pm_contributor *who = row->who;
    if (who->rank.is_known) {
        pm_cell_count(table, who->rank.value);
    } else {
        pm_cell_null(table);
    }
    pm_cell_text(table, pm_clean(call->arena, PM_TEXT_NAME, who->address));
    pm_cell_big(table, who->amount);
    add_amount_cell(call, table, pm_pool_add_tokens, pool, who->amount);
    add_amount_cell(call, table, pm_pool_add_share, pool, who->amount);
    pm_row_end(table, make_token(call->arena, row->key));
}

static size_t rows_wanted(const struct pm_pool_view *view)
{
    const struct pm_request *request = view->call->request;
    bool is_brief =
        !request->is_full && !request->has_limit && !pm_str_starts(request->page, PM_STR("g."));
    size_t brief_rows = view->on_chain ? BRIEF_ROWS_BESIDE : BRIEF_ROWS;
    return is_brief ? brief_rows : (size_t)request->limit;
}

static void write_contributors(const struct pm_pool_view *view, struct pm_answer *answer,
                               const struct ranking *ranking, size_t first)
{
    static const struct pm_table_spec spec = {.columns = COLUMNS, .is_paged = true};
    struct pm_call *call = view->call;
    const struct pm_origin *origin = pm_origin_of(&call->batch, view->ask);
    struct pm_table *table = pm_table_open(answer, "contributors", &spec, &origin, 1);
    size_t most = rows_wanted(view);
    for (size_t i = first; i < ranking->count && i - first < most; i++) {
        add_row(call, table, view->tracked, &ranking->rows[i]);
    }
    pm_table_total(table, ranking->count);
    pm_table_earlier(table, first);
}

/* --- the answer --- */

static void write_guide(struct pm_call *call, struct pm_answer *answer)
{
    const struct pm_document *document = pm_guide_document(call->guide, PM_STR("contribute"));
    struct pm_group *group = pm_quote_open(call, answer, document);
    struct pm_arguments arguments = {0};
    pm_quote_put(call, group, "how_it_works", document, PM_STR("Pool"));
    pm_arguments_own(&arguments, call->arena, "action", "contribute");
    pm_arguments_own(&arguments, call->arena, "page", "Pool");
    pm_answer_next(answer, "psyche_monitor", &arguments, "what a deposit is, and what to watch");
}

const struct pm_pool *pm_pool_main(const struct pm_pool_view *view)
{
    bool is_fresher =
        view->tracked && !view->ask->is_stale && view->chain->ask && view->chain->ask->is_stale;
    return view->on_chain && !is_fresher ? view->on_chain : view->tracked;
}

/* Not there is said only when nobody who was asked has it; before the dashboard has read the pool it
 * has none. */
static enum pm_found is_found(const struct pm_pool_view *view)
{
    const struct pm_pool *pool = pm_pool_main(view);
    if (pool && pool->deposited.is_known) {
        return PM_FOUND_TRUE;
    }
    bool is_absent = view->chain->found == PM_CHAIN_ABSENT;
    return is_absent && view->tracked && !view->tracked->is_read ? PM_FOUND_FALSE
                                                                 : PM_FOUND_UNKNOWN;
}

static void write_answer(const struct pm_pool_view *view, struct pm_answer *answer,
                         const struct place *place)
{
    static const char *const given_up[] = {"tracked.token", "on_chain.token", "on_chain.extracted",
                                           "guide", NULL};
    struct pm_call *call = view->call;
    const struct pm_pool *pool = view->tracked;
    struct pm_agreement agreement = pm_pool_compare(view);
    bool has_key = true;
    pm_answer_found(answer, is_found(view));
    pm_pool_write_summary(view, answer, &agreement);
    if (pool) {
        struct ranking ranking = rank_all(call->arena, pool);
        size_t first = find_first(&ranking, place, &has_key);
        pm_pool_write_tracked(view, answer);
        pm_pool_write_on_chain(view, answer);
        if (pool->is_read || ranking.count) {
            write_contributors(view, answer, &ranking, first);
        }
    } else {
        pm_pool_write_on_chain(view, answer);
    }
    write_guide(call, answer);
    pm_frame_agree(call, answer, &agreement);
    pm_pool_write_notes(view, answer, has_key);
    pm_answer_cut_order(answer, given_up);
    pm_answer_sources(answer, &call->batch);
}

/* --- asking --- */

/* A pool that was read on chain can carry the answer; only then does the dashboard's time begin. */
static void begin_patience(struct pm_batch *batch, const struct pm_pool_on_chain *chain)
{
    if (chain->found == PM_CHAIN_THERE && batch->patience_until_mono_ms == 0) {
        pm_batch_begin_patience(batch);
    }
}

/* Whether the dashboard reads the program that was asked is to be known: there is no such pool, or
 * another one than the dashboard's, which did not name its program beside it. */
static bool is_doubtful(struct pm_call *call, const struct pm_pool_on_chain *chain,
                        const struct pm_pool *tracked)
{
    if (chain->found == PM_CHAIN_ABSENT || chain->found == PM_CHAIN_DOUBTFUL) {
        return true;
    }
    const struct pm_pool *pool = pm_pool_of_chain(call->arena, chain);
    return pool && tracked && tracked->program.len == 0 && tracked->deposited.is_known &&
           pm_big_compare(pool->deposited, tracked->deposited) != 0;
}

static const struct pm_ask *ask_both(struct pm_call *call, struct pm_nodes *nodes,
                                     struct pm_pool_on_chain *chain)
{
    pm_nodes_init(nodes, &call->batch, PM_PSYCHE_POOL);
    const struct pm_ask *ask = pm_dashboard_ask_pool(&call->batch, true);
    pm_nodes_ask_check(nodes);
    pm_chain_pool_ask(chain, nodes, pm_pool_usual_mint());
    while (pm_batch_wait(&call->batch)) {
        const struct pm_pool *pool = pm_dashboard_pool(ask);
        if (pool) {
            pm_nodes_hear_program(nodes, pool->program);
        }
        (void)pm_chain_pool_go_on(chain);
        pm_nodes_check(nodes, is_doubtful(call, chain, pool));
        (void)pm_chain_pool_go_on(chain);
        begin_patience(&call->batch, chain);
    }
    pm_chain_pool_settle(chain);
    pm_nodes_check(nodes, is_doubtful(call, chain, pm_dashboard_pool(ask)));
    return ask;
}

bool pm_action_pool_status(struct pm_call *call, struct pm_answer *answer)
{
    struct place place = {0};
    struct pm_nodes nodes;
    struct pm_pool_on_chain chain;
    if (!read_place(call, answer, &place)) {
        return false;
    }
    const struct pm_ask *ask = ask_both(call, &nodes, &chain);
    const struct pm_pool_view view = {
        .call = call,
        .ask = ask,
        .tracked = pm_dashboard_pool(ask),
        .chain = &chain,
        .on_chain = pm_pool_of_chain(call->arena, &chain),
    };
    bool is_chain_silent = chain.found == PM_CHAIN_NOT_ASKED || chain.found == PM_CHAIN_SILENT;
    if ((!view.tracked && is_chain_silent) || pm_batch_cancelled(&call->batch)) {
        return pm_action_no_source_of_both(call, ask, pm_chain_pool_trouble(&chain),
                                           "the state of the mining pool");
    }
    write_answer(&view, answer, &place);
    return true;
}
