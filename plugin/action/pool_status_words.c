/* pool_status_words.c - what is said of the mining pool: its summary and notes. */

#include "action/pool_status.h"

#include <string.h>

/* "1234567.890123"; base units when the token's decimals are not known. */
void pm_pool_say_amount(struct pm_say *say, const struct pm_pool *pool, struct pm_big amount)
{
    if (pool->decimals.is_known) {
        pm_pool_add_tokens(&say->buf, pool, amount);
    } else {
        pm_big_add_text(&say->buf, amount);
    }
}

const char *pm_pool_unit(const struct pm_pool *pool)
{
    const char *name = pm_pool_token_name(pool);
    return !pool->decimals.is_known ? " base units" : name ? " USDC" : " tokens";
}

static void say_fill(struct pm_say *say, const struct pm_pool *pool)
{
    struct pm_number fill = pm_pool_fill_floor(pool);
    pm_pool_say_amount(say, pool, pool->deposited);
    pm_say_own(say, " of ");
    pm_pool_say_amount(say, pool, pool->cap);
    pm_say_own(say, pm_pool_unit(pool));
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
    pm_pool_say_amount(say, pool, pool->deposited);
    pm_say_own(say, pm_pool_unit(pool));
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
        pm_pool_say_amount(say, pool, pm_pool_room(pool));
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
        pm_pool_say_amount(say, pool, pm_pool_over(pool));
        break;
    case PM_POOL_UNKNOWN:
        say_uncapped(say, pool);
        break;
    }
}

static void say_frozen(struct pm_say *say, const struct pm_pool *pool)
{
    pm_say_own(say, "The mining pool is frozen and takes no deposits now: ");
    say_fill(say, pool);
}

/* What the chain's account says, and of the dashboard only who gave. */
static void say_on_chain(const struct pm_pool_view *view, struct pm_say *say)
{
    if (view->chain->pool.is_frozen) {
        say_frozen(say, view->on_chain);
    } else {
        say_state(say, view->on_chain);
    }
    pm_say_own(say, " [on-chain]");
    if (view->tracked && view->tracked->is_read) {
        pm_say_own(say, "; ");
        pm_say_counted(say, view->tracked->contributor_count, "contributor", "contributors");
        pm_say_own(say, " [tracked]");
    }
    pm_say_own(say, ".");
}

static void say_tracked(struct pm_say *say, const struct pm_pool *pool)
{
    if (!pool->is_read) {
        pm_say_own(say, "The dashboard has not read the mining pool yet: what is deposited and "
                        "whether there is room is not known [tracked].");
        return;
    }
    say_state(say, pool);
    pm_say_own(say, "; ");
    pm_say_counted(say, pool->contributor_count, "contributor", "contributors");
    pm_say_own(say, " [tracked].");
}

static void say_cluster(const struct pm_pool_view *view, struct pm_say *say)
{
    const char *cluster = view->chain->ask->cluster;
    pm_say_own(say, cluster ? " on " : "");
    pm_say_own(say, cluster ? cluster : "");
}

/* Why the account was no help. */
static void say_without_chain(const struct pm_pool_view *view, struct pm_say *say)
{
    const struct pm_pool_on_chain *chain = view->chain;
    const struct pm_ask *trouble = pm_chain_pool_trouble(chain);
    switch (chain->found) {
    case PM_CHAIN_NOT_ASKED:
        pm_say_own(say, "The pool's account on chain was not asked for (rpc.off).");
        break;
    case PM_CHAIN_ABSENT:
        pm_say_own(say, "No pool number 0 stands under the program that was asked for");
        say_cluster(view, say);
        pm_say_own(say, " [on-chain].");
        break;
    case PM_CHAIN_DOUBTFUL:
        pm_say_own(say, "The chain cannot tell: the node that was asked");
        say_cluster(view, say);
        pm_say_own(say, " shows neither the pool nor its program [on-chain].");
        break;
    case PM_CHAIN_BAD:
        pm_say_own(say, "The pool's account could not be read");
        say_cluster(view, say);
        pm_say_own(say, " [on-chain].");
        break;
    case PM_CHAIN_PENDING:
    case PM_CHAIN_SILENT:
    case PM_CHAIN_THERE:
        pm_say_own(say, "The pool's account on chain is not known now (");
        pm_say_own(say, pm_status_word(trouble ? trouble->outcome.status : PM_STATUS_TIMEOUT));
        pm_say_own(say, ").");
        break;
    }
}

static void say_lag(const struct pm_pool_view *view, struct pm_say *say)
{
    pm_say_own(say, "The dashboard is behind: it shows ");
    pm_pool_say_amount(say, view->tracked, view->tracked->deposited);
    pm_say_own(say, pm_pool_unit(view->tracked));
    pm_say_own(say, " deposited [tracked].");
}

/* Why the dashboard does not count beside the account. */
static void say_dashboard_silent(const struct pm_pool_view *view, struct pm_say *say)
{
    if (view->tracked && !view->ask->is_stale) {
        pm_say_own(say, view->tracked->is_read
                            ? "The dashboard does not say how much is deposited [tracked]."
                            : "The dashboard has not read the pool yet [tracked].");
        return;
    }
    pm_say_own(say, "The dashboard does not answer now (");
    pm_say_own(say, pm_status_word(view->ask->outcome.status));
    pm_say_own(say, view->tracked ? "): its list of contributors is an older one."
                                  : "), and only it lists who contributed.");
}

static void say_agreement(const struct pm_pool_view *view, struct pm_say *say,
                          const struct pm_agreement *agreement)
{
    pm_say_own(say, " ");
    if (strcmp(agreement->verdict, "agree") == 0) {
        pm_say_own(say, "The dashboard agrees.");
    } else if (strcmp(agreement->verdict, "lag") == 0) {
        say_lag(view, say);
    } else if (strcmp(agreement->verdict, "conflict") == 0) {
        pm_say_own(say, "The sources disagree: ");
        pm_say_own(say, pm_arena_cstr(view->call->arena, pm_buf_text(&agreement->why.buf)));
        pm_say_own(say, ".");
    } else if (!view->tracked || pm_pool_main(view) == view->on_chain) {
        say_dashboard_silent(view, say);
    } else {
        say_without_chain(view, say);
    }
}

void pm_pool_write_summary(const struct pm_pool_view *view, struct pm_answer *answer,
                           const struct pm_agreement *agreement)
{
    const struct pm_pool *pool = pm_pool_main(view);
    struct pm_say say;
    pm_say_init(&say, view->call->arena);
    if (!pool) {
        say_without_chain(view, &say);
    } else if (pool == view->on_chain) {
        say_on_chain(view, &say);
    } else {
        say_tracked(&say, pool);
    }
    if (pool && pm_pool_token_name(pool)) {
        pm_say_own(&say, " The pool takes USDC, not SOL; its token is known by its mint.");
    }
    if (pool) {
        pm_frame_say_stale(view->call, &say, pool == view->on_chain ? view->chain->ask : view->ask);
    }
    say_agreement(view, &say, agreement);
    pm_answer_summary(answer, &say);
}

/* --- notes --- */

static void note_sum(struct pm_call *call, struct pm_answer *answer, const struct pm_pool *pool)
{
    struct pm_big sum = pm_pool_sum(pool);
    struct pm_say say;
    if (!sum.is_known || !pool->deposited.is_known || pm_big_compare(sum, pool->deposited) == 0) {
        return;
    }
    pm_say_init(&say, call->arena);
    pm_say_own(&say, "the contributors' amounts add up to ");
    pm_pool_say_amount(&say, pool, sum);
    pm_say_own(&say, pm_pool_unit(pool));
    pm_say_own(&say, ", which is not what is deposited in all");
    pm_answer_note(answer, &say);
}

static void note_tracked(struct pm_call *call, struct pm_answer *answer, const struct pm_pool *pool)
{
    struct pm_say say;
    note_sum(call, answer, pool);
    if (pool->unreadable) {
        pm_say_init(&say, call->arena);
        pm_say_counted(&say, pool->unreadable, "contributor has", "contributors have");
        pm_say_own(&say, " no address and stand in no list");
        pm_answer_note(answer, &say);
    }
    pm_frame_note_indexer(answer, pool->indexer_fault);
}

static void note_program(const struct pm_nodes *nodes, struct pm_answer *answer)
{
    if (nodes->is_contradicted) {
        pm_answer_note_own(answer, "the dashboard reads another program or cluster for the pool "
                                   "than the one that was set; the chain was asked as set");
    } else if (nodes->moves) {
        pm_answer_note_own(answer, "the dashboard reads another program or cluster for the pool "
                                   "than the built-in one; the chain was asked there");
    }
}

void pm_pool_write_notes(const struct pm_pool_view *view, struct pm_answer *answer, bool has_key)
{
    struct pm_call *call = view->call;
    const struct pm_pool *pool = pm_pool_main(view);
    if (pool && pool->is_read && !pool->decimals.is_known) {
        pm_answer_note_own(answer, "the decimals of the token are not known: amounts are in base "
                                   "units only");
    }
    if (view->on_chain && pm_big_is_zero(view->on_chain->cap)) {
        pm_answer_note_own(answer, "a pool whose cap is 0 takes no deposits until its authority "
                                   "sets one");
    }
    if (!has_key) {
        pm_answer_note_own(answer, "list changed since the first page");
    }
    if (view->tracked) {
        note_tracked(call, answer, view->tracked);
    }
    pm_frame_note_limit(call, answer);
    note_program(view->chain->nodes, answer);
    pm_frame_note_slots(call, answer);
}
