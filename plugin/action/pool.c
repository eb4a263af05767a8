/* pool.c - what follows from the mining pool's amounts. */

#include "action/pool.h"

#define SHARE_PLACES 3
#define DECIMALS_MOST 30 /* of a mint: with more, all its base units are a tiny fraction */

static const struct pm_big unknown_big;

/* The one dollar token that the pool of psyche.network takes: USDC of Circle, on mainnet. */
static const pm_str usdc_mint = PM_STR_INIT("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v");

pm_str pm_pool_usual_mint(void)
{
    return usdc_mint;
}

pm_str pm_pool_key_text(struct pm_arena *arena, const struct pm_key *key)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, PM_KEY_TEXT_MOST);
    pm_key_add(&buf, key);
    return pm_buf_text(&buf);
}

const struct pm_pool *pm_pool_of_chain(struct pm_arena *arena,
                                       const struct pm_pool_on_chain *on_chain)
{
    struct pm_pool *pool =
        on_chain->found == PM_CHAIN_THERE ? pm_arena_zero(arena, sizeof *pool) : NULL;
    if (pool) {
        *pool = (struct pm_pool){
            .is_read = true,
            .deposited = pm_big_from_u64(on_chain->pool.total_deposited),
            .cap = pm_big_from_u64(on_chain->pool.max_deposit),
            .decimals = {on_chain->has_mint && on_chain->mint.decimals <= DECIMALS_MOST,
                         on_chain->mint.decimals},
            .mint = pm_pool_key_text(arena, &on_chain->pool.collateral_mint),
            .program = pm_pool_key_text(arena, &on_chain->nodes->program_key),
        };
    }
    return pool;
}

enum pm_pool_state pm_pool_state(const struct pm_pool *pool)
{
    if (!pool->deposited.is_known || !pool->cap.is_known || pm_big_is_zero(pool->cap)) {
        return PM_POOL_UNKNOWN;
    }
    int order = pm_big_compare(pool->deposited, pool->cap);
    return order < 0 ? PM_POOL_OPEN : order == 0 ? PM_POOL_FULL : PM_POOL_OVER;
}

const char *pm_pool_state_word(enum pm_pool_state state)
{
    static const char *const words[] = {
        [PM_POOL_UNKNOWN] = "unknown",
        [PM_POOL_OPEN] = "open",
        [PM_POOL_FULL] = "full",
        [PM_POOL_OVER] = "over",
    };
    return words[state];
}

/* a - b, or 0 when b is more; only where the state is known. */
static struct pm_big subtract(const struct pm_pool *pool, struct pm_big a, struct pm_big b)
{
    if (pm_pool_state(pool) == PM_POOL_UNKNOWN) {
        return unknown_big;
    }
    return pm_big_compare(a, b) > 0 ? pm_big_sub(a, b) : pm_big_from_u64(0);
}

struct pm_big pm_pool_room(const struct pm_pool *pool)
{
    return subtract(pool, pool->cap, pool->deposited);
}

struct pm_big pm_pool_over(const struct pm_pool *pool)
{
    return subtract(pool, pool->deposited, pool->cap);
}

struct pm_number pm_pool_fill_floor(const struct pm_pool *pool)
{
    struct pm_big hundredths = pm_big_ratio(pm_big_mul(pool->deposited, 10000), pool->cap);
    if (!hundredths.is_known) {
        return (struct pm_number){0};
    }
    return (struct pm_number){true, pm_big_to_double(hundredths) / 100};
}

struct pm_number pm_pool_fill(const struct pm_pool *pool)
{
    if (pm_pool_state(pool) == PM_POOL_UNKNOWN) {
        return (struct pm_number){0};
    }
    double percent = 100 * pm_big_to_double(pool->deposited) / pm_big_to_double(pool->cap);
    return (struct pm_number){true, percent};
}

void pm_pool_add_share(struct pm_buf *buf, const struct pm_pool *pool, struct pm_big amount)
{
    struct pm_big share = pm_big_ratio(pm_big_mul(amount, 100000), pool->deposited);
    if (pm_big_is_zero(share) && !pm_big_is_zero(amount)) {
        pm_buf_add_c(buf, "<0.001");
    } else {
        pm_big_add_shifted(buf, share, SHARE_PLACES);
    }
}

void pm_pool_add_tokens(struct pm_buf *buf, const struct pm_pool *pool, struct pm_big amount)
{
    if (pool->decimals.is_known) {
        pm_big_add_shifted(buf, amount, (unsigned)pool->decimals.value);
    }
}

const char *pm_pool_token_name(const struct pm_pool *pool)
{
    return pm_str_equal(pool->mint, usdc_mint) ? "USDC" : NULL;
}

struct pm_big pm_pool_sum(const struct pm_pool *pool)
{
    struct pm_big sum = pm_big_from_u64(0);
    for (size_t i = 0; i < pool->contributor_count; i++) {
        sum = pm_big_add(sum, pool->contributors[i].amount);
    }
    return pool->unreadable ? unknown_big : sum;
}
