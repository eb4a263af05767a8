/* pool_status_words.c - what is said of the mining pool: its summary and notes. */

#include "action/frame.h"
#include "action/pool_status.h"

/* "1234567.890123"; base units when the token's decimals are not known. */
static void say_amount(struct pm_say *say, const struct pm_pool *pool, struct pm_big amount)
{
    if (pool->decimals.is_known) {
        pm_pool_add_tokens(&say->buf, pool, amount);
    } else {
        pm_big_add_text(&say->buf, amount);
    }
}

static const char *unit_of(const struct pm_pool *pool)
{
    const char *name = pm_pool_token_name(pool);
    return !pool->decimals.is_known ? " base units" : name ? " USDC" : " tokens";
}

static void say_fill(struct pm_say *say, const struct pm_pool *pool)
{
    struct pm_number fill = pm_pool_fill_floor(pool);
    say_amount(say, pool, pool->deposited);
    pm_say_own(say, " of ");
    say_amount(say, pool, pool->cap);
    pm_say_own(say, unit_of(pool));
    pm_say_own(say, " deposited");
    if (fill.is_known) {
        pm_say_own(say, " (");
        pm_say_fixed(say, fill.value, 2);
        pm_say_own(say, " %)");
    }
}

/* Without a cap, or with a cap of 0. */
static void say_uncapped(struct pm_say *say, const struct pm_pool *pool)
{
    if (!pool->deposited.is_known) {
        pm_say_own(say, "The dashboard did not say how much is deposited in the mining pool");
        return;
    }
    pm_say_own(say, "Whether the mining pool has room is not known: ");
    say_amount(say, pool, pool->deposited);
    pm_say_own(say, unit_of(pool));
    pm_say_own(say, pool->cap.is_known ? " deposited, and its cap is 0"
                                       : " deposited, and no cap was sent");
}

static void say_state(struct pm_say *say, const struct pm_pool *pool)
{
    switch (pm_pool_state(pool)) {
    case PM_POOL_OPEN:
        pm_say_own(say, "The mining pool is open: ");
        say_fill(say, pool);
        pm_say_own(say, ", room for ");
        say_amount(say, pool, pm_pool_room(pool));
        break;
    case PM_POOL_FULL:
        pm_say_own(say, "The mining pool is full: ");
        say_fill(say, pool);
        pm_say_own(say, ", no room");
        break;
    case PM_POOL_OVER:
        pm_say_own(say, "The mining pool is over its cap and has no room: ");
        say_fill(say, pool);
        pm_say_own(say, ", over by ");
        say_amount(say, pool, pm_pool_over(pool));
        break;
    case PM_POOL_UNKNOWN:
        say_uncapped(say, pool);
        break;
    }
}

void pm_pool_write_summary(struct pm_call *call, struct pm_answer *answer,
                           const struct pm_pool *pool, const struct pm_ask *ask)
{
    struct pm_say say;
    pm_say_init(&say, call->arena);
    if (!pool->is_read) {
        pm_say_own(&say, "The dashboard has not read the mining pool yet: what is deposited and "
                         "whether there is room is not known [tracked].");
    } else {
        say_state(&say, pool);
        pm_say_own(&say, "; ");
        pm_say_counted(&say, pool->contributor_count, "contributor", "contributors");
        pm_say_own(&say, " [tracked].");
    }
    if (pm_pool_token_name(pool)) {
        pm_say_own(&say, " The pool takes USDC, not SOL; its token is known by its mint.");
    }
    pm_frame_say_stale(call, &say, ask);
    pm_say_own(&say, " The pool's account on chain was not asked by this version.");
    pm_answer_summary(answer, &say);
}

static void note_sum(struct pm_call *call, struct pm_answer *answer, const struct pm_pool *pool)
{
    struct pm_big sum = pm_pool_sum(pool);
    struct pm_say say;
    if (!sum.is_known || !pool->deposited.is_known || pm_big_compare(sum, pool->deposited) == 0) {
        return;
    }
    pm_say_init(&say, call->arena);
    pm_say_own(&say, "the contributors' amounts add up to ");
    say_amount(&say, pool, sum);
    pm_say_own(&say, unit_of(pool));
    pm_say_own(&say, ", which is not what is deposited in all");
    pm_answer_note(answer, &say);
}

void pm_pool_write_notes(struct pm_call *call, struct pm_answer *answer, const struct pm_pool *pool,
                         bool has_key)
{
    struct pm_say say;
    if (pool->is_read && !pool->decimals.is_known) {
        pm_answer_note_own(answer, "the decimals of the token are not known: amounts are in base "
                                   "units only");
    }
    note_sum(call, answer, pool);
    if (!has_key) {
        pm_answer_note_own(answer, "list changed since the first page");
    }
    pm_frame_note_limit(call, answer);
    if (pool->unreadable) {
        pm_say_init(&say, call->arena);
        pm_say_counted(&say, pool->unreadable, "contributor has", "contributors have");
        pm_say_own(&say, " no address and stand in no list");
        pm_answer_note(answer, &say);
    }
    pm_frame_note_indexer(answer, pool->indexer_fault);
}
