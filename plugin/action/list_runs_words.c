/* list_runs_words.c - the summary of a list of runs.
 *
 * First what the dashboard lists, then what the chain has beside it and how sure that is: a search
 * that was refused is never called a list of all runs. */

#include "action/derive.h"
#include "action/frame.h"
#include "action/list_runs.h"
#include "codec/url.h"

#define SEARCH_IS_OLD_S 60 /* its age is said from here on */

static bool is_silent(const struct pm_run_info *info, int64_t now_ms)
{
    struct pm_count idle = pm_derive_idle_s(info, now_ms);
    return idle.is_known && idle.value > PM_SILENT_AFTER_S;
}

const struct pm_run_info *pm_list_largest(const struct pm_ordered *ordered, int64_t now_ms)
{
    const struct pm_run_info *largest = NULL;
    for (size_t i = 0; i < ordered->in_class[PM_CLASS_ACTIVE]; i++) {
        const struct pm_run_info *info = ordered->rows[i].run->info;
        if (is_silent(info, now_ms)) {
            continue;
        }
        bool is_larger =
            largest && info->params.is_known &&
            (!largest->params.is_known || pm_big_compare(info->params, largest->params) > 0);
        if (!largest || is_larger) {
            largest = info;
        }
    }
    return largest;
}

static size_t count_silent(const struct pm_ordered *ordered, int64_t now_ms)
{
    size_t count = 0;
    for (size_t i = 0; i < ordered->in_class[PM_CLASS_ACTIVE]; i++) {
        count += is_silent(ordered->rows[i].run->info, now_ms);
    }
    return count;
}

static void say_class(struct pm_say *say, const char **lead, size_t count, const char *what)
{
    if (count) {
        pm_say_own(say, *lead);
        pm_say_count(say, count);
        pm_say_own(say, what);
        *lead = ", ";
    }
}

static void say_number_unless_all(struct pm_say *say, size_t number, size_t all)
{
    if (number < all) {
        pm_say_count(say, number);
        pm_say_own(say, " of them ");
    }
}

static void say_classes(struct pm_say *say, const struct pm_ordered *ordered, size_t silent)
{
    static const char *const words[] = {
        [PM_CLASS_ACTIVE] = " active",
        [PM_CLASS_WAITING] = " waiting for members",
        [PM_CLASS_PAUSED] = " paused",
        [PM_CLASS_COMPLETED] = " completed",
    };
    const char *lead = ": ";
    for (size_t rank = 0; rank < PM_CLASS_CHAIN_ONLY; rank++) {
        size_t others = rank == PM_CLASS_COMPLETED ? ordered->in_other_state : 0;
        say_class(say, &lead, ordered->in_class[rank] - others, words[rank]);
        say_class(say, &lead, others, " in another state");
        if (rank == PM_CLASS_ACTIVE && silent) {
            pm_say_own(say, " (");
            say_number_unless_all(say, silent, ordered->in_class[rank]);
            pm_say_own(say, "not heard of for over an hour)");
        }
    }
}

static void say_counts(struct pm_say *say, const struct pm_ordered *ordered, size_t silent)
{
    size_t listed = ordered->count - ordered->in_class[PM_CLASS_CHAIN_ONLY];
    if (listed == 0) {
        pm_say_own(say, "The dashboard lists no runs [tracked].");
        return;
    }
    pm_say_counted(say, listed, "run is", "runs are");
    pm_say_own(say, " on the dashboard's list");
    say_classes(say, ordered, silent);
    pm_say_own(say, " [tracked].");
}

static void say_largest(struct pm_call *call, struct pm_say *say, const struct pm_run_info *info)
{
    struct pm_number percent = pm_derive_percent(info);
    bool has_params = info->params.is_known && !pm_big_is_zero(info->params);
    pm_say_own(say, has_params ? " Largest active: " : " First active: ");
    pm_say_text(say, pm_clean(call->arena, PM_TEXT_ID, info->id));
    if (has_params) {
        pm_say_own(say, ", ");
        pm_say_short(say, info->params);
    }
    if (percent.is_known) {
        pm_say_own(say, ", ");
        pm_say_fixed(say, percent.value, 2);
        pm_say_own(say, " % of ");
        pm_say_short(say, info->tokens_planned);
        pm_say_own(say, " tokens");
    }
    if (pm_derive_has_speed(info, call->now_ms) && info->tokens_per_second.is_known) {
        pm_say_own(say, ", ");
        pm_say_short(say, info->tokens_per_second);
        pm_say_own(say, " tok/s");
    }
    pm_say_own(say, ".");
}

/* --- the chain --- */

static void say_cluster(const struct pm_list *list, struct pm_say *say, bool with_age)
{
    const struct pm_ask *ask = list->chain.ask;
    const struct pm_origin *origin = pm_origin_of(&list->call->batch, ask);
    int64_t age_s = origin ? pm_origin_age_s(origin) : 0;
    pm_say_own(say, " (");
    pm_say_own(say, ask->cluster ? ask->cluster : "cluster not known");
    if (with_age && age_s >= SEARCH_IS_OLD_S) {
        pm_say_own(say, ", searched ");
        pm_say_span(say, age_s);
        pm_say_own(say, " ago");
    }
    pm_say_own(say, ")");
}

static void say_host(struct pm_call *call, struct pm_say *say, const struct pm_ask *ask)
{
    struct pm_url url;
    const char *problem;
    if (pm_url_read(ask->url, &url, &problem)) {
        pm_say_text(say, pm_clean(call->arena, PM_TEXT_ID, url.host));
    } else {
        pm_say_own(say, "the node");
    }
}

static void say_why_not_whole(const struct pm_list *list, struct pm_say *say)
{
    const struct pm_ask *trouble = pm_chain_list_trouble(&list->chain);
    bool is_refused = trouble->outcome.status == PM_STATUS_METHOD_REFUSED;
    pm_say_own(say, is_refused ? "discovery refused by " : "no usable answer to discovery from ");
    say_host(list->call, say, trouble);
    if (!is_refused) {
        pm_say_own(say, " (");
        pm_say_own(say, pm_status_word(trouble->outcome.status));
        pm_say_own(say, ")");
    }
}

static size_t count_checked(const struct pm_chain_list *chain)
{
    size_t count = 0;
    for (size_t i = 0; i < chain->known_chunks; i++) {
        count += chain->known[i]->taken ? chain->known[i]->count : 0;
    }
    return count;
}

static void say_last_search(const struct pm_list *list, struct pm_say *say)
{
    const struct pm_ask *search = list->chain.discovered;
    const struct pm_origin *origin = search ? pm_origin_of(&list->call->batch, search) : NULL;
    if (origin) {
        pm_say_own(say, ", last full discovery ");
        pm_say_span(say, pm_origin_age_s(origin));
        pm_say_own(say, " ago");
    }
}

/* " On chain (devnet): discovery refused by api.devnet.solana.com, 8 known ids checked, last full
 * discovery 3 h ago; 6 of them are there, 2 of these not on the dashboard's list [on-chain]." */
static void say_part(const struct pm_list *list, struct pm_say *say)
{
    size_t checked = count_checked(&list->chain);
    size_t only_there = list->ordered.in_class[PM_CLASS_CHAIN_ONLY];
    pm_say_own(say, " On chain");
    say_cluster(list, say, false);
    pm_say_own(say, ": ");
    say_why_not_whole(list, say);
    if (checked) {
        pm_say_own(say, ", ");
        pm_say_counted(say, checked, "known id checked", "known ids checked");
    }
    say_last_search(list, say);
    pm_say_own(say, checked ? "; " : ", which had ");
    if (!checked) {
        pm_say_counted(say, list->chain.count, "run", "runs");
    } else if (list->chain.count) {
        pm_say_counted(say, list->chain.count, "of them is there", "of them are there");
    } else {
        pm_say_own(say, "none of them is there");
    }
    if (list->runs && only_there) {
        pm_say_own(say, ", ");
        pm_say_count(say, only_there);
        pm_say_own(say, " of these not on the dashboard's list");
    }
    pm_say_own(say, " [on-chain].");
}

static void say_whole(const struct pm_list *list, struct pm_say *say)
{
    size_t count = list->ordered.in_class[PM_CLASS_CHAIN_ONLY];
    bool is_more = list->ordered.count > count;
    pm_say_own(say, " ");
    if (count == 0 && list->chain.unreadable) {
        pm_say_own(say, "No run that can be read exists"); /* the notes count those that cannot */
    } else if (count) {
        pm_say_counted(say, count, is_more ? "more run exists" : "run exists",
                       is_more ? "more runs exist" : "runs exist");
    } else {
        pm_say_own(say, "No run exists");
    }
    pm_say_own(say, " only on chain");
    say_cluster(list, say, true);
    pm_say_own(say, " [on-chain]. The dashboard lists only an allow-list; the chain was asked for "
                    "all.");
}

static void say_chain(const struct pm_list *list, struct pm_say *say)
{
    static const char scope[] = " The dashboard lists only an allow-list; ";
    const struct pm_chain_list *chain = &list->chain;
    if (chain->state == PM_CHAIN_LIST_WHOLE) {
        say_whole(list, say);
        return;
    }
    if (chain->state == PM_CHAIN_LIST_PART) {
        say_part(list, say);
    }
    pm_say_own(say, scope);
    switch (chain->state) {
    case PM_CHAIN_LIST_OFF:
        pm_say_own(say, "the chain, where every run stands, was not asked (rpc.off).");
        break;
    case PM_CHAIN_LIST_DOUBTFUL:
        pm_say_own(say, "what else is on chain is not known: the node that was asked has neither a "
                        "run nor the coordinator program itself.");
        break;
    case PM_CHAIN_LIST_PART:
        pm_say_own(say, "what else is on chain is not known.");
        break;
    case PM_CHAIN_LIST_WHOLE:
    case PM_CHAIN_LIST_PENDING:
    case PM_CHAIN_LIST_SILENT:
        pm_say_own(say, "what else is on chain is not known: ");
        pm_action_say_trouble(say, pm_chain_list_trouble(chain));
        pm_say_own(say, ".");
        break;
    }
}

/* --- without the dashboard --- */

static void say_chain_alone(const struct pm_list *list, struct pm_say *say)
{
    const struct pm_chain_list *chain = &list->chain;
    if (chain->state == PM_CHAIN_LIST_PART) {
        pm_say_own(say, "What follows is from the chain alone.");
        say_part(list, say);
    } else {
        if (chain->count) {
            pm_say_counted(say, chain->count, "run is", "runs are");
        } else {
            pm_say_own(say, "No run is");
        }
        pm_say_own(say, " on chain");
        say_cluster(list, say, true);
        pm_say_own(say, ", which was asked for all [on-chain].");
    }
    pm_say_own(say, chain->count
                        ? " Which of them the dashboard lists, and what it says of them, is "
                          "not known: "
                        : " What the dashboard lists is not known: ");
    pm_action_say_trouble(say, list->ask);
    pm_say_own(say, ".");
}

void pm_list_write_summary(const struct pm_list *list, struct pm_answer *answer)
{
    struct pm_call *call = list->call;
    const struct pm_run_info *largest = pm_list_largest(&list->ordered, call->now_ms);
    struct pm_say say;
    pm_say_init(&say, call->arena);
    if (!list->runs) {
        say_chain_alone(list, &say);
        pm_answer_summary(answer, &say);
        return;
    }
    say_counts(&say, &list->ordered, count_silent(&list->ordered, call->now_ms));
    if (largest) {
        say_largest(call, &say, largest);
    }
    pm_frame_say_stale(call, &say, list->ask);
    say_chain(list, &say);
    pm_answer_summary(answer, &say);
}
