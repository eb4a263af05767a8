/* pool_status.c - how full the mining pool is, and who filled it.
 *
 * People deposit a token, the collateral, up to a cap. The dashboard sends the amounts in base
 * units and every contributor with a rank. A page token is the rank of the row it begins after;
 * ranks are not shared, but should a reply share one all the same, "c5.2" is the second row of
 * rank 5. */

#include "action/pool_status.h"

#include "action/frame.h"
#include "action/quote.h"

#include <stdlib.h>

#define BRIEF_ROWS 5
#define AMOUNT_MOST 160 /* bytes of an amount as text */

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
    static const char *const parts[] = {"tracked", "contributors", "guide", "agreement", NULL};
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
        *has_key = *has_key || is_same;
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

static size_t rows_wanted(const struct pm_call *call)
{
    const struct pm_request *request = call->request;
    bool is_brief =
        !request->is_full && !request->has_limit && !pm_str_starts(request->page, PM_STR("g."));
    return is_brief ? BRIEF_ROWS : (size_t)request->limit;
}

static void write_contributors(struct pm_call *call, struct pm_answer *answer,
                               const struct pm_pool *pool, const struct ranking *ranking,
                               size_t first, const struct pm_origin *origin)
{
    static const struct pm_table_spec spec = {.columns = COLUMNS, .is_paged = true};
    struct pm_table *table = pm_table_open(answer, "contributors", &spec, &origin, 1);
    size_t most = rows_wanted(call);
    for (size_t i = first; i < ranking->count && i - first < most; i++) {
        add_row(call, table, pool, &ranking->rows[i]);
    }
    pm_table_total(table, ranking->count);
    pm_table_earlier(table, first);
}

/* --- the pool --- */

static void put_amount(struct pm_call *call, struct pm_group *group, const char *name,
                       const struct pm_pool *pool, struct pm_big amount)
{
    struct pm_group *sub = pm_group_sub(group, name);
    struct pm_buf tokens;
    pm_put_big(sub, "base_units", amount);
    pm_buf_init(&tokens, call->arena, AMOUNT_MOST);
    pm_pool_add_tokens(&tokens, pool, amount);
    if (tokens.len) {
        pm_put_own(sub, "tokens", pm_arena_cstr(call->arena, pm_buf_text(&tokens)));
    }
}

/* An address has 44 characters at most: what is longer is none, and cut like a name. */
static void put_address_if(struct pm_call *call, struct pm_group *group, const char *key,
                           pm_str text)
{
    if (text.len) {
        pm_put_text(group, key, pm_clean(call->arena, PM_TEXT_NAME, text));
    }
}

static void write_token(struct pm_call *call, struct pm_group *group, const struct pm_pool *pool)
{
    struct pm_group *token = pm_group_sub(group, "token");
    put_address_if(call, token, "mint", pool->mint);
    if (pool->decimals.is_known) {
        pm_put_count(token, "decimals", pool->decimals.value);
    }
    if (pm_pool_token_name(pool)) {
        pm_put_own(token, "name", pm_pool_token_name(pool));
        pm_put_own(token, "known_by", "its mint");
    }
}

static void write_pool(struct pm_call *call, struct pm_answer *answer, const struct pm_pool *pool,
                       const struct pm_origin *origin)
{
    struct pm_group *group = pm_group_open(answer, "tracked", origin);
    bool is_full = call->request->is_full;
    struct pm_number fill = is_full ? pm_pool_fill(pool) : pm_pool_fill_floor(pool);
    struct pm_big over = pm_pool_over(pool);
    pm_put_own(group, "state", pm_pool_state_word(pm_pool_state(pool)));
    put_amount(call, group, "deposited", pool, pool->deposited);
    put_amount(call, group, "cap", pool, pool->cap);
    put_amount(call, group, "room", pool, pm_pool_room(pool));
    if (over.is_known && !pm_big_is_zero(over)) {
        put_amount(call, group, "over_by", pool, over);
    }
    if (fill.is_known && is_full) {
        pm_put_float(group, "fill_percent", fill.value);
    } else if (fill.is_known) {
        pm_put_fixed(group, "fill_percent", fill.value, 2);
    }
    write_token(call, group, pool);
    put_address_if(call, group, "program", pool->program);
}

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

static void write_answer(struct pm_call *call, struct pm_answer *answer, const struct pm_ask *ask,
                         const struct pm_pool *pool, const struct place *place)
{
    static const char *const given_up[] = {"guide", "tracked.program", "tracked.token", NULL};
    const struct pm_origin *origin = pm_origin_of(&call->batch, ask);
    struct ranking ranking = rank_all(call->arena, pool);
    bool has_key = true;
    size_t first = find_first(&ranking, place, &has_key);
    pm_answer_found(answer, pool->deposited.is_known ? PM_FOUND_TRUE : PM_FOUND_UNKNOWN);
    pm_pool_write_summary(call, answer, pool, ask);
    write_pool(call, answer, pool, origin);
    if (pool->is_read || ranking.count) {
        write_contributors(call, answer, pool, &ranking, first, origin);
    }
    write_guide(call, answer);
    pm_frame_agree_single(call, answer, PM_SOURCE_TRACKED, NULL);
    pm_pool_write_notes(call, answer, pool, has_key);
    pm_answer_cut_order(answer, given_up);
    pm_answer_sources(answer, &call->batch);
}

bool pm_action_pool_status(struct pm_call *call, struct pm_answer *answer)
{
    struct place place = {0};
    if (!read_place(call, answer, &place)) {
        return false;
    }
    struct pm_ask *ask = pm_dashboard_ask_pool(&call->batch, true);
    while (pm_batch_wait(&call->batch)) {
    }
    const struct pm_pool *pool = ask ? pm_dashboard_pool(ask) : NULL;
    if (!pool || pm_batch_cancelled(&call->batch)) {
        return pm_action_no_source(call, ask, "the state of the mining pool");
    }
    write_answer(call, answer, ask, pool, &place);
    return true;
}
