/* wallet_words.c - what is said of a wallet in all runs. */

#include "action/wallet.h"

#include "action/alike.h"
#include "action/clauses.h"
#include "action/quote.h"

#define NAMED_MOST 3

static const char *cluster_of(const struct pm_wallet *wallet)
{
    const struct pm_ask *ask = wallet->look.account_ask;
    return ask->cluster ? ask->cluster : "unknown cluster";
}

/* --- the summary --- */

typedef bool run_fn(const struct pm_wallet *wallet, const struct pm_wallet_run *run);

static bool has_joined(const struct pm_wallet *wallet, const struct pm_wallet_run *run)
{
    (void)wallet;
    return pm_wallet_has_joined(run);
}

static bool is_listed(const struct pm_wallet *wallet, pm_str id)
{
    for (size_t i = 0; i < wallet->listing.count; i++) {
        if (pm_str_equal(wallet->listing.rows[i].info->id, id)) {
            return true;
        }
    }
    return false;
}

/* " (a, b, …)": of those that are meant the ones on the dashboard's list. What only the chain has, and
 * nobody asked for, anybody may have named. */
static void say_names(const struct pm_wallet *wallet, struct pm_say *say, run_fn *is_meant)
{
    struct pm_clauses clauses = {.say = say, .lead = " ("};
    size_t count = 0;
    for (size_t i = 0; i < wallet->look.count; i++) {
        const struct pm_wallet_run *run = &wallet->look.runs[i];
        if (is_meant(wallet, run)) {
            count++;
            if (clauses.count < NAMED_MOST && is_listed(wallet, run->instance.run_id)) {
                pm_clauses_begin(&clauses);
                pm_say_text(say, pm_clean(wallet->call->arena, PM_TEXT_ID, run->instance.run_id));
            }
        }
    }
    pm_say_own(say, clauses.count == 0 ? "" : count > clauses.count ? ", …)" : ")");
}

static void say_status(struct pm_say *say, const struct pm_wallet_sums *sums)
{
    const struct {
        size_t count;
        const char *words;
    } parts[] = {
        {sums->active, "active in "},
        {sums->pending, "pending for the next epoch in "},
        {sums->exited, "exited from "},
        {sums->past, "in no current epoch of "},
    };
    struct pm_clauses clauses = {.say = say, .lead = ": "};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].count) {
            pm_clauses_begin(&clauses);
            pm_say_own(say, parts[i].words);
            pm_say_count(say, parts[i].count);
        }
    }
}

static void say_points(struct pm_say *say, const struct pm_wallet_sums *sums)
{
    pm_say_own(say, " It has earned ");
    pm_say_short(say, sums->earned);
    pm_say_own(say, " points, lost ");
    pm_say_short(say, sums->slashed);
    if (sums->unsure) {
        pm_say_own(say, ", and how many wait to be claimed is not known");
    } else {
        pm_say_own(say, ", and ");
        pm_say_short(say, sums->unclaimed);
        pm_say_own(say, " wait to be claimed");
    }
    if (sums->short_of) {
        pm_say_own(say, ", though ");
        pm_say_counted(say, sums->short_of, "treasurer holds", "treasurers hold");
        pm_say_own(say, " less than that");
    }
    pm_say_own(say, " [on-chain].");
}

/* One reason says more than none, when all that was earned is nothing. */
static void say_why_zero(const struct pm_wallet *wallet, struct pm_say *say)
{
    for (size_t i = 0; i < wallet->look.count; i++) {
        const struct pm_wallet_run *run = &wallet->look.runs[i];
        const char *why = pm_why_zero(run);
        if (why) {
            pm_say_own(say, " Why zero: ");
            pm_say_own(say, why);
            pm_say_own(say, " (why_zero has it for each run).");
            return;
        }
    }
}

static size_t count_unreadable(const struct pm_wallet_look *look)
{
    size_t count = 0;
    for (size_t i = 0; i < look->count; i++) {
        const struct pm_wallet_run *run = &look->runs[i];
        count += run->ask && run->ask->facts && !run->has_state;
    }
    return count;
}

/* How many it is that nothing was found in. */
static void say_looked_at(const struct pm_wallet *wallet, struct pm_say *say)
{
    size_t unreadable = count_unreadable(&wallet->look);
    pm_say_counted(say, wallet->look.count - unreadable, "was", "were");
    pm_say_own(say, " looked at");
    if (unreadable) {
        pm_say_own(say, ", and of ");
        pm_say_count(say, unreadable);
        pm_say_own(say, " the account cannot be read");
    }
}

static void say_runs(const struct pm_wallet *wallet, struct pm_say *say)
{
    struct pm_wallet_sums sums = pm_wallet_sum(wallet);
    if (wallet->look.count == 0) {
        pm_say_own(say, ": there is no run to look at on chain (");
        pm_say_own(say, cluster_of(wallet));
        pm_say_own(say, ") [on-chain].");
    } else if (sums.runs == 0) {
        pm_say_own(say, " has joined none of the runs on chain; ");
        say_looked_at(wallet, say);
        pm_say_own(say, " (");
        pm_say_own(say, cluster_of(wallet));
        pm_say_own(say, ") [on-chain].");
    } else {
        pm_say_own(say, " has joined ");
        pm_say_counted(say, sums.runs, "run", "runs");
        say_names(wallet, say, has_joined);
        pm_say_own(say, " on chain (");
        pm_say_own(say, cluster_of(wallet));
        pm_say_own(say, ")");
        say_status(say, &sums);
        pm_say_own(say, " [on-chain].");
        say_points(say, &sums);
        bool has_nothing_left = sums.unsure == 0 && pm_big_is_zero(sums.unclaimed);
        if (pm_big_is_zero(sums.earned) || has_nothing_left) {
            say_why_zero(wallet, say);
        }
    }
    if (sums.may_join) {
        pm_say_own(say, " It can join ");
        pm_say_counted(say, sums.may_join, "run", "runs");
        say_names(wallet, say, pm_wallet_may_join);
        pm_say_own(say, " [on-chain].");
    }
}

static void say_account(const struct pm_wallet *wallet, struct pm_say *say)
{
    const struct pm_wallet_account *account = &wallet->look.account;
    if (!pm_wallet_is_plain(wallet)) {
        pm_say_own(say, " It is no wallet's address: see notes.");
    } else if (account->lamports == 0 && account->kind != PM_WALLET_UNKNOWN) {
        pm_say_own(say, " It holds no SOL on ");
        pm_say_own(say, cluster_of(wallet));
        pm_say_own(say, ", so it cannot pay fees [on-chain].");
    }
}

void pm_wallet_write_summary(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    struct pm_say say;
    pm_say_init(&say, wallet->call->arena);
    pm_say_text(&say, pm_clean(wallet->call->arena, PM_TEXT_ID, wallet->address));
    if (wallet->look.account_ask) {
        say_runs(wallet, &say);
        say_account(wallet, &say);
    } else {
        const struct pm_ask *trouble = pm_wallet_look_trouble(&wallet->look);
        trouble = trouble ? trouble : pm_chain_list_trouble(&wallet->list);
        pm_say_own(&say, ": its runs, points and SOL are not known: ");
        if (trouble) {
            pm_action_say_trouble(&say, trouble);
        } else {
            pm_say_own(&say, "asking the chain is switched off (rpc.off)");
        }
        pm_say_own(&say, ".");
    }
    pm_wallet_say_pool(wallet, &say);
    pm_answer_summary(answer, &say);
}

/* --- notes --- */

static void note_count(const struct pm_wallet *wallet, struct pm_answer *answer, size_t count,
                       const char *one, const char *many)
{
    struct pm_say say;
    if (count) {
        pm_say_init(&say, wallet->call->arena);
        pm_say_counted(&say, count, one, many);
        pm_answer_note(answer, &say);
    }
}

static void note_part(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    const struct pm_ask *trouble = pm_chain_list_trouble(&wallet->list);
    struct pm_say say;
    pm_say_init(&say, wallet->call->arena);
    if (!trouble || trouble->outcome.status == PM_STATUS_METHOD_REFUSED) {
        pm_say_own(&say, "the nodes do not search: ");
    }
    pm_say_own(&say, "of the runs on chain only those that the dashboard lists were looked at");
    if (trouble && trouble->outcome.status != PM_STATUS_METHOD_REFUSED) {
        pm_say_own(&say, ": ");
        pm_action_say_trouble(&say, trouble);
    }
    pm_answer_note(answer, &say);
}

static void note_runs(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    const struct pm_ask *trouble = pm_wallet_look_trouble(&wallet->look);
    struct pm_say say;
    note_count(wallet, answer, wallet->finished,
               "finished run was not looked at: detail full looks at it, too",
               "finished runs were not looked at: detail full looks at them, too");
    note_count(wallet, answer, count_unreadable(&wallet->look),
               "run's account is missing or cannot be read",
               "runs' accounts are missing or cannot be read");
    note_count(wallet, answer, wallet->look.skipped,
               "run more was not looked at: one answer looks at 200",
               "runs more were not looked at: one answer looks at 200");
    if (trouble && wallet->look.account_ask) {
        pm_say_init(&say, wallet->call->arena);
        pm_say_own(&say, "not all accounts are here: ");
        pm_action_say_trouble(&say, trouble);
        pm_answer_note(answer, &say);
    }
    if (wallet->list.state == PM_CHAIN_LIST_PART) {
        note_part(wallet, answer);
    }
}

static bool note_alike(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    bool is_any = false;
    for (size_t i = 0; i < wallet->look.count; i++) {
        const struct pm_wallet_run *run = &wallet->look.runs[i];
        if (pm_wallet_has_part(run) || pm_wallet_is_joining(wallet, run)) {
            is_any = is_any ||
                     pm_alike_to_any(&wallet->listing, run->instance.run_id, run->state.name.shown);
            pm_alike_note(wallet->call, answer, &wallet->listing, run->instance.run_id,
                          run->state.name.shown);
        }
    }
    return is_any;
}

static bool shares_authority(const struct pm_instance *a, const struct pm_instance *b)
{
    return pm_key_equal(&a->main_authority, &b->main_authority) ||
           pm_key_equal(&a->join_authority, &b->join_authority);
}

/* It could be joined, the dashboard does not list it, and nobody who is in charge of it is in charge
 * of a run that is listed. */
static bool is_strange(const struct pm_wallet *wallet, const struct pm_wallet_run *run)
{
    if (pm_wallet_way_in(run) == PM_GRANTEE_COUNT || is_listed(wallet, run->instance.run_id)) {
        return false;
    }
    for (size_t i = 0; i < wallet->list.count; i++) {
        const struct pm_instance *other = &wallet->list.rows[i].instance;
        if (is_listed(wallet, other->run_id) && shares_authority(&run->instance, other)) {
            return false;
        }
    }
    return true;
}

static bool note_strangers(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    size_t count = 0;
    struct pm_say say;
    for (size_t i = 0; i < wallet->look.count; i++) {
        count += is_strange(wallet, &wallet->look.runs[i]);
    }
    if (count == 0 || wallet->listing.count == 0) {
        return false;
    }
    pm_say_init(&say, wallet->call->arena);
    pm_say_counted(&say, count, "run that lets it in is", "runs that let it in are");
    pm_say_own(&say,
               " not on the dashboard's list [tracked], and no authority of a listed run is in "
               "charge there [on-chain]");
    say_names(wallet, &say, is_strange);
    pm_answer_note(answer, &say);
    return true;
}

void pm_wallet_write_notes(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    pm_wallet_note_account(wallet, answer);
    pm_frame_note_limit(wallet->call, answer);
    if (wallet->look.account_ask) {
        note_runs(wallet, answer);
        pm_wallet_note_delegates(wallet, answer);
        bool is_alike = note_alike(wallet, answer);
        if (note_strangers(wallet, answer) || is_alike) {
            pm_quote_trust(wallet->call, answer);
        }
    }
    pm_frame_note_slots(wallet->call, answer);
}
