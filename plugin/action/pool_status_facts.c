/* pool_status_facts.c - what each source says of the mining pool, in a group of its own. */

#include "action/pool_status.h"

#define AMOUNT_MOST 160 /* bytes of an amount as text */

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

static void put_key(struct pm_call *call, struct pm_group *group, const char *name,
                    const struct pm_key *key)
{
    put_address_if(call, group, name, pm_pool_key_text(call->arena, key));
}

/* Everything is shown, though the other group has the same. */
static bool is_whole(const struct pm_call *call)
{
    return call->request->is_full || pm_str_starts(call->request->page, PM_STR("g."));
}

static void write_deposits(struct pm_call *call, struct pm_group *group, const struct pm_pool *pool,
                           const char *state)
{
    pm_put_own(group, "state", state);
    put_amount(call, group, "deposited", pool, pool->deposited);
}

static void write_cap(struct pm_call *call, struct pm_group *group, const struct pm_pool *pool)
{
    bool is_full = call->request->is_full;
    struct pm_number fill = is_full ? pm_pool_fill(pool) : pm_pool_fill_floor(pool);
    struct pm_big over = pm_pool_over(pool);
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
}

static struct pm_group *write_token(struct pm_call *call, struct pm_group *group,
                                    const struct pm_pool *pool)
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
    return token;
}

/* A brief answer has once what both say alike. */
static bool is_repeated(const struct pm_pool_view *view, bool is_same)
{
    return view->on_chain && is_same && !is_whole(view->call);
}

static bool is_same_cap(const struct pm_pool_view *view)
{
    return view->on_chain && view->tracked->cap.is_known &&
           pm_big_compare(view->tracked->cap, view->on_chain->cap) == 0;
}

static bool is_same_token(const struct pm_pool_view *view)
{
    const struct pm_pool *tracked = view->tracked, *on_chain = view->on_chain;
    return on_chain && pm_str_equal(tracked->mint, on_chain->mint) &&
           tracked->decimals.is_known == on_chain->decimals.is_known &&
           tracked->decimals.value == on_chain->decimals.value;
}

static bool is_same_program(const struct pm_pool_view *view)
{
    return view->on_chain && pm_str_equal(view->tracked->program, view->on_chain->program);
}

void pm_pool_write_tracked(const struct pm_pool_view *view, struct pm_answer *answer)
{
    struct pm_call *call = view->call;
    const struct pm_pool *pool = view->tracked;
    struct pm_group *group =
        pm_group_open(answer, "tracked", pm_origin_of(&call->batch, view->ask));
    write_deposits(call, group, pool, pm_pool_state_word(pm_pool_state(pool)));
    if (!is_repeated(view, is_same_cap(view))) {
        write_cap(call, group, pool);
    }
    if (!is_repeated(view, is_same_token(view))) {
        (void)write_token(call, group, pool);
    }
    if (!is_repeated(view, is_same_program(view))) {
        put_address_if(call, group, "program", pool->program);
    }
}

/* --- on chain --- */

static const char *state_on_chain(const struct pm_pool_view *view)
{
    return view->chain->pool.is_frozen ? "frozen"
                                       : pm_pool_state_word(pm_pool_state(view->on_chain));
}

static void write_claiming(const struct pm_pool_view *view, struct pm_group *group)
{
    const struct pm_chain_pool *pool = &view->chain->pool;
    pm_put_flag(group, "claiming_enabled", pool->claiming_enabled);
    if (pool->claiming_enabled && is_whole(view->call)) {
        put_key(view->call, group, "redeemable_mint", &pool->redeemable_mint);
        pm_put_big(group, "claimed_base_units", pm_big_from_u64(pool->total_claimed));
    }
}

static void write_there(const struct pm_pool_view *view, struct pm_group *group)
{
    struct pm_call *call = view->call;
    const struct pm_pool_on_chain *chain = view->chain;
    write_deposits(call, group, view->on_chain, state_on_chain(view));
    write_cap(call, group, view->on_chain);
    put_amount(call, group, "extracted", view->on_chain,
               pm_big_from_u64(chain->pool.total_extracted));
    struct pm_group *token = write_token(call, group, view->on_chain);
    if (chain->has_mint && is_whole(call)) {
        put_amount(call, token, "supply", view->on_chain, pm_big_from_u64(chain->mint.supply));
    }
    if (chain->pool.claiming_enabled || is_whole(call)) {
        write_claiming(view, group);
    }
    if (is_whole(call)) {
        put_key(call, group, "authority", &chain->pool.authority);
    }
}

/* "layout_unknown" and why, in place of any field. */
static void write_problem(const struct pm_pool_view *view, struct pm_group *group)
{
    const struct pm_chain_part *part = &view->chain->part;
    bool is_unknown = part->verdict == PM_ACCOUNT_LAYOUT_UNKNOWN;
    pm_put_own(group, "status",
               pm_status_word(is_unknown ? PM_STATUS_LAYOUT_UNKNOWN : PM_STATUS_BAD_ACCOUNT));
    pm_put_text(group, "problem",
                pm_clean(view->call->arena, PM_TEXT_OTHER, pm_str_from(part->problem.text)));
}

/* A node that does not show the program either proves nothing of the pool. */
static void write_absence(const struct pm_pool_on_chain *chain, struct pm_group *group)
{
    bool has_program = chain->found == PM_CHAIN_ABSENT;
    if (has_program) {
        pm_put_flag(group, "pool_is_there", false);
    }
    pm_put_flag(group, "program_is_there", has_program);
}

void pm_pool_write_on_chain(const struct pm_pool_view *view, struct pm_answer *answer)
{
    struct pm_call *call = view->call;
    const struct pm_pool_on_chain *chain = view->chain;
    if (!chain->ask) {
        return;
    }
    struct pm_group *group =
        pm_group_open(answer, "on_chain", pm_origin_of(&call->batch, chain->ask));
    if (view->on_chain) {
        write_there(view, group);
    } else if (chain->found == PM_CHAIN_BAD) {
        write_problem(view, group);
    } else {
        write_absence(chain, group);
    }
    put_key(call, group, "program", &chain->nodes->program_key);
    if (!view->on_chain || is_whole(call)) {
        put_key(call, group, "account", &chain->key);
    }
}
