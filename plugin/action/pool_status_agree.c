/* pool_status_agree.c - what the dashboard says of the pool beside what its account says.
 *
 * The dashboard does not say of which slot its amounts are. Cap, token and program do not change by
 * themselves, so another one is a contradiction; another sum of deposits only means that it has not
 * seen the latest ones yet. */

#include "action/pool_status.h"

static struct pm_agreement begin(const struct pm_pool_view *view, const char *verdict,
                                 enum pm_source trust)
{
    struct pm_agreement agreement = {.verdict = verdict, .trust = trust};
    pm_say_init(&agreement.why, view->call->arena);
    return agreement;
}

static struct pm_agreement say(const struct pm_pool_view *view, const char *verdict,
                               enum pm_source trust, const char *why)
{
    struct pm_agreement agreement = begin(view, verdict, trust);
    pm_say_own(&agreement.why, why);
    return agreement;
}

static struct pm_agreement say_silent(const struct pm_pool_view *view, enum pm_source trust,
                                      const struct pm_ask *silent)
{
    struct pm_agreement agreement = begin(view, "single", trust);
    if (silent) {
        pm_action_say_trouble(&agreement.why, silent);
    } else {
        pm_say_own(&agreement.why, "there was no time left to ask the chain");
    }
    return agreement;
}

/* --- both told --- */

static bool differ(struct pm_big a, struct pm_big b)
{
    return a.is_known && b.is_known && pm_big_compare(a, b) != 0;
}

static void say_both(struct pm_say *say, const struct pm_pool_view *view, struct pm_big tracked,
                     struct pm_big on_chain)
{
    pm_pool_say_amount(say, view->tracked, tracked);
    pm_say_own(say, pm_pool_unit(view->tracked));
    pm_say_own(say, " by the dashboard, ");
    pm_pool_say_amount(say, view->on_chain, on_chain);
    pm_say_own(say, pm_pool_unit(view->on_chain));
    pm_say_own(say, " by the pool's account");
}

static void say_slot(struct pm_say *say, const struct pm_pool_view *view)
{
    uint64_t slot;
    if (pm_ask_slot(view->chain->ask, &slot)) {
        pm_say_own(say, " at slot ");
        pm_say_count(say, slot);
    }
}

static bool is_other_text(pm_str tracked, pm_str on_chain)
{
    return tracked.len && !pm_str_equal(tracked, on_chain);
}

static struct pm_agreement compare_amounts(const struct pm_pool_view *view)
{
    const struct pm_pool *tracked = view->tracked, *on_chain = view->on_chain;
    struct pm_agreement agreement = begin(view, "agree", PM_SOURCE_ON_CHAIN);
    struct pm_say *why = &agreement.why;
    if (differ(tracked->cap, on_chain->cap)) {
        agreement.verdict = "conflict";
        pm_say_own(why, "the cap is ");
        say_both(why, view, tracked->cap, on_chain->cap);
    } else if (!tracked->deposited.is_known) {
        agreement.verdict = "single";
        pm_say_own(why, "the dashboard does not say how much is deposited");
        return agreement;
    } else if (differ(tracked->deposited, on_chain->deposited)) {
        agreement.verdict = "lag";
        pm_say_own(why, "deposited are ");
        say_both(why, view, tracked->deposited, on_chain->deposited);
    } else {
        pm_say_own(why, tracked->cap.is_known ? "the same deposits and cap as the account's"
                                              : "the same deposits as the account's");
    }
    say_slot(why, view);
    return agreement;
}

static struct pm_agreement compare_both(const struct pm_pool_view *view)
{
    const struct pm_pool *tracked = view->tracked, *on_chain = view->on_chain;
    if (is_other_text(tracked->program, on_chain->program)) {
        return say(
            view, "conflict", PM_SOURCE_ON_CHAIN,
            "the dashboard reads the pool of another program than the one that was asked for "
            "on chain");
    }
    if (is_other_text(tracked->mint, on_chain->mint)) {
        return say(view, "conflict", PM_SOURCE_ON_CHAIN,
                   "the dashboard names another token than the pool's account");
    }
    if (tracked->decimals.is_known && on_chain->decimals.is_known &&
        tracked->decimals.value != on_chain->decimals.value) {
        return say(view, "conflict", PM_SOURCE_ON_CHAIN,
                   "the dashboard gives the token other decimals than its mint");
    }
    return compare_amounts(view);
}

/* --- one told --- */

/* Which program the dashboard reads is known, and it is the one that was asked for. */
static bool is_same_program(const struct pm_pool_view *view)
{
    const struct pm_dashboard_status *status = pm_dashboard_status(view->chain->nodes->status);
    struct pm_key program;
    pm_str text = view->tracked->program.len ? view->tracked->program
                  : status                   ? status->pool.program
                                             : PM_STR("");
    return pm_key_read(text, &program) == PM_KEY_OK &&
           pm_key_equal(&program, &view->chain->nodes->program_key);
}

static struct pm_agreement compare_with_none(const struct pm_pool_view *view)
{
    if (view->tracked->is_read && is_same_program(view)) {
        return say(view, "conflict", PM_SOURCE_ON_CHAIN,
                   "the dashboard shows a pool, but under its program there is none of that number "
                   "on chain");
    }
    return say(view, "single", PM_SOURCE_TRACKED,
               "under the program that was asked for there is no such pool on chain, and the "
               "dashboard does not name that program as its own");
}

static struct pm_agreement tracked_alone(const struct pm_pool_view *view)
{
    switch (view->chain->found) {
    case PM_CHAIN_NOT_ASKED:
        return say(view, "single", PM_SOURCE_TRACKED,
                   "only the dashboard was asked: asking the chain is switched off (rpc.off)");
    case PM_CHAIN_ABSENT:
        return compare_with_none(view);
    case PM_CHAIN_DOUBTFUL:
        return say(view, "single", PM_SOURCE_TRACKED,
                   "the node that was asked shows neither the pool nor its program");
    case PM_CHAIN_BAD:
        return say(view, "single", PM_SOURCE_TRACKED,
                   "the pool's account on chain could not be read");
    case PM_CHAIN_PENDING:
    case PM_CHAIN_SILENT:
    case PM_CHAIN_THERE: /* an older answer */
        break;
    }
    return say_silent(view, PM_SOURCE_TRACKED, pm_chain_pool_trouble(view->chain));
}

struct pm_agreement pm_pool_compare(const struct pm_pool_view *view)
{
    bool has_chain = view->on_chain && !view->chain->ask->is_stale;
    if (!view->tracked || (view->ask->is_stale && has_chain)) {
        return say_silent(view, PM_SOURCE_ON_CHAIN, view->ask);
    }
    if (!has_chain) {
        return tracked_alone(view);
    }
    if (!view->tracked->is_read) {
        return say(view, "single", PM_SOURCE_ON_CHAIN, "the dashboard has not read the pool yet");
    }
    return compare_both(view);
}
