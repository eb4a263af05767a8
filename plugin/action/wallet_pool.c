/* wallet_pool.c - a wallet's part in the mining pool: deposit and share by both sources, the rank by
 * the dashboard alone. */

#include "action/wallet.h"

#define AMOUNT_MOST 160 /* bytes of an amount as text */

/* The row of this wallet; NULL: the dashboard has none, or did not answer. */
static const struct pm_contributor *find_row(const struct pm_wallet *wallet)
{
    const struct pm_pool *pool = pm_dashboard_pool(wallet->contributor);
    for (size_t i = 0; pool && i < pool->contributor_count; i++) {
        if (pm_str_equal(pool->contributors[i].address, wallet->address)) {
            return &pool->contributors[i];
        }
    }
    return NULL;
}

/* It has read the pool, and so would know. */
static const struct pm_pool *tracked_pool(const struct pm_wallet *wallet)
{
    const struct pm_pool *pool = pm_dashboard_pool(wallet->contributor);
    return pool && pool->is_read ? pool : NULL;
}

static struct pm_big tracked_deposit(const struct pm_wallet *wallet)
{
    const struct pm_contributor *row = find_row(wallet);
    return row ? row->amount : pm_big_from_u64(0);
}

bool pm_wallet_deposit(const struct pm_wallet *wallet, struct pm_big *deposit)
{
    if (pm_wallet_pool_knows(&wallet->pool)) {
        *deposit = pm_big_from_u64(wallet->pool.lender.deposited);
        return true;
    }
    *deposit = tracked_deposit(wallet);
    return tracked_pool(wallet) != NULL && deposit->is_known;
}

/* The pool on chain in the dashboard's form, for shares and decimals. */
static struct pm_pool of_chain(const struct pm_wallet *wallet)
{
    const struct pm_wallet_pool *from = &wallet->pool;
    return (struct pm_pool){
        .is_read = true,
        .deposited = pm_big_from_u64(from->pool.total_deposited),
        .cap = pm_big_from_u64(from->pool.max_deposit),
        .decimals = {from->has_mint && from->mint.decimals <= 30, from->mint.decimals},
        .mint = pm_pool_key_text(wallet->call->arena, &from->pool.collateral_mint),
    };
}

static void put_deposit(const struct pm_wallet *wallet, struct pm_group *group,
                        const struct pm_pool *pool, struct pm_big amount)
{
    struct pm_arena *arena = wallet->call->arena;
    struct pm_buf tokens, share;
    pm_put_big(group, "deposited_base_units", amount);
    pm_buf_init(&tokens, arena, AMOUNT_MOST);
    pm_pool_add_tokens(&tokens, pool, amount);
    if (tokens.len) {
        pm_put_own(group, "deposited_tokens", pm_arena_cstr(arena, pm_buf_text(&tokens)));
    }
    if (pm_pool_token_name(pool)) {
        pm_put_own(group, "token", pm_pool_token_name(pool));
    }
    pm_buf_init(&share, arena, AMOUNT_MOST);
    pm_pool_add_share(&share, pool, amount);
    if (share.len) {
        pm_put_own(group, "share_percent", pm_arena_cstr(arena, pm_buf_text(&share)));
    }
}

static void write_tracked(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    const struct pm_pool *pool = tracked_pool(wallet);
    const struct pm_contributor *row = find_row(wallet);
    struct pm_group *group, *sub;
    if (!pool) {
        return;
    }
    group = pm_group_open(answer, "tracked",
                          row ? pm_origin_of(&wallet->call->batch, wallet->contributor)
                              : pm_origin_not_found(&wallet->call->batch, wallet->contributor));
    sub = pm_group_sub(group, "pool");
    pm_put_flag(sub, "contributor", row != NULL);
    if (row) {
        put_deposit(wallet, sub, pool, row->amount);
        if (row->rank.is_known) {
            pm_put_count(sub, "rank", row->rank.value);
        }
    }
}

static void write_on_chain(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    const struct pm_wallet_pool *from = &wallet->pool;
    struct pm_group *group;
    if (!from->ask) {
        return;
    }
    group = pm_group_open(answer, "pool", pm_origin_of(&wallet->call->batch, from->ask));
    if (pm_wallet_pool_knows(from)) {
        const struct pm_pool pool = of_chain(wallet);
        pm_put_flag(group, "lender", from->lender_part.verdict == PM_ACCOUNT_OK);
        put_deposit(wallet, group, &pool, pm_big_from_u64(from->lender.deposited));
        pm_put_big(group, "claimed_base_units", pm_big_from_u64(from->lender.claimed));
        pm_put_flag(group, "claiming_enabled", from->pool.claiming_enabled);
    } else {
        pm_put_own(group, "status",
                   from->found == PM_CHAIN_ABSENT  ? "no pool on this cluster"
                   : from->found == PM_CHAIN_THERE ? "the wallet's account cannot be read"
                                                   : "the pool cannot be read");
    }
}

void pm_wallet_write_pool(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    write_tracked(wallet, answer);
    write_on_chain(wallet, answer);
}

/* --- words --- */

static void say_amount(const struct pm_wallet *wallet, struct pm_say *say,
                       const struct pm_pool *pool, struct pm_big amount)
{
    const char *name = pm_pool_token_name(pool);
    struct pm_buf tokens;
    pm_buf_init(&tokens, wallet->call->arena, AMOUNT_MOST);
    pm_pool_add_tokens(&tokens, pool, amount);
    if (tokens.len) {
        pm_say_own(say, pm_arena_cstr(wallet->call->arena, pm_buf_text(&tokens)));
        pm_say_own(say, name ? " " : " tokens");
        pm_say_own(say, name ? name : "");
    } else {
        pm_big_add_text(&say->buf, amount);
        pm_say_own(say, " base units");
    }
}

void pm_wallet_say_pool(const struct pm_wallet *wallet, struct pm_say *say)
{
    bool is_on_chain = pm_wallet_pool_knows(&wallet->pool);
    const struct pm_pool *tracked = tracked_pool(wallet);
    const struct pm_contributor *row = find_row(wallet);
    struct pm_big deposit;
    if (!pm_wallet_deposit(wallet, &deposit)) {
        pm_say_own(say, " Its deposit in the mining pool is not known.");
        return;
    }
    if (pm_big_is_zero(deposit)) {
        pm_say_own(say, " It has nothing in the mining pool ");
    } else {
        const struct pm_pool on_chain = is_on_chain ? of_chain(wallet) : (struct pm_pool){0};
        pm_say_own(say, " It has ");
        say_amount(wallet, say, is_on_chain ? &on_chain : tracked, deposit);
        pm_say_own(say, " in the mining pool ");
    }
    pm_say_own(say, is_on_chain ? "[on-chain]" : "[tracked]");
    if (row && row->rank.is_known && pm_big_compare(deposit, tracked_deposit(wallet)) == 0) {
        pm_say_own(say, ", rank ");
        pm_say_count(say, row->rank.value);
        pm_say_own(say, " [tracked]");
    }
    pm_say_own(say, ".");
}

void pm_wallet_agree_pool(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    struct pm_call *call = wallet->call;
    bool is_on_chain = pm_wallet_pool_knows(&wallet->pool);
    const struct pm_pool *tracked = tracked_pool(wallet);
    struct pm_agreement agreement = {.verdict = "agree", .trust = PM_SOURCE_ON_CHAIN};
    if (!is_on_chain || !tracked) {
        bool has_chain = is_on_chain || wallet->look.account_ask != NULL;
        const struct pm_ask *silent = !tracked      ? wallet->contributor
                                      : is_on_chain ? NULL
                                                    : pm_question_trouble(&wallet->pool.question);
        bool is_silent = silent && silent->outcome.status != PM_STATUS_OK;
        pm_frame_agree_single(call, answer, has_chain ? PM_SOURCE_ON_CHAIN : PM_SOURCE_TRACKED,
                              is_silent ? silent : NULL);
        return;
    }
    struct pm_big deposit = pm_big_from_u64(wallet->pool.lender.deposited);
    struct pm_big shown = tracked_deposit(wallet);
    int order = shown.is_known ? pm_big_compare(deposit, shown) : 0;
    pm_say_init(&agreement.why, call->arena);
    if (order == 0) {
        pm_say_own(&agreement.why, "both tell the same deposit in the pool; all else the chain "
                                   "alone tells");
    } else {
        agreement.verdict = order > 0 ? "lag" : "conflict";
        pm_say_own(&agreement.why,
                   order > 0 ? "the dashboard has not seen the newest deposit: deposits only grow"
                             : "the dashboard tells a larger deposit than the pool's account");
    }
    pm_frame_agree(call, answer, &agreement);
}
