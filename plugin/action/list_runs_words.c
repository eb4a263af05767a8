/* list_runs_words.c - what is said of a list of runs: its summary and notes. */

#include "action/derive.h"
#include "action/frame.h"
#include "action/list_runs.h"

static bool is_silent(const struct pm_run_info *info, int64_t now_ms)
{
    struct pm_count idle = pm_derive_idle_s(info, now_ms);
    return idle.is_known && idle.value > PM_SILENT_AFTER_S;
}

const struct pm_run_info *pm_list_largest(const struct pm_ordered *ordered, int64_t now_ms)
{
    const struct pm_run_info *largest = NULL;
    for (size_t i = 0; i < ordered->in_class[PM_CLASS_ACTIVE]; i++) {
        const struct pm_run_info *info = ordered->rows[i]->info;
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
        count += is_silent(ordered->rows[i]->info, now_ms);
    }
    return count;
}

static void say_part(struct pm_say *say, const char **lead, size_t count, const char *what)
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
    static const char *const words[PM_CLASS_COUNT] = {
        [PM_CLASS_ACTIVE] = " active",
        [PM_CLASS_WAITING] = " waiting for members",
        [PM_CLASS_PAUSED] = " paused",
        [PM_CLASS_COMPLETED] = " completed",
        [PM_CLASS_CHAIN_ONLY] = " only on chain",
    };
    const char *lead = ": ";
    for (size_t rank = 0; rank < PM_CLASS_COUNT; rank++) {
        size_t others = rank == PM_CLASS_COMPLETED ? ordered->in_other_state : 0;
        say_part(say, &lead, ordered->in_class[rank] - others, words[rank]);
        say_part(say, &lead, others, " in another state");
        if (rank == PM_CLASS_ACTIVE && silent) {
            pm_say_own(say, " (");
            say_number_unless_all(say, silent, ordered->in_class[rank]);
            pm_say_own(say, "not heard of for over an hour)");
        }
    }
}

static void say_counts(struct pm_say *say, const struct pm_ordered *ordered, size_t silent)
{
    if (ordered->count == 0) {
        pm_say_own(say, "The dashboard lists no runs [tracked].");
        return;
    }
    pm_say_counted(say, ordered->count, "run is", "runs are");
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

void pm_list_write_summary(struct pm_call *call, struct pm_answer *answer,
                           const struct pm_ordered *ordered, const struct pm_ask *ask)
{
    const struct pm_run_info *largest = pm_list_largest(ordered, call->now_ms);
    struct pm_say say;
    pm_say_init(&say, call->arena);
    say_counts(&say, ordered, count_silent(ordered, call->now_ms));
    if (largest) {
        say_largest(call, &say, largest);
    }
    pm_frame_say_stale(call, &say, ask);
    pm_say_own(
        &say, " The dashboard lists only an allow-list; the chain, where every run stands, was not "
              "asked by this version.");
    pm_answer_summary(answer, &say);
}

void pm_list_write_notes(struct pm_call *call, struct pm_answer *answer, const struct pm_runs *runs,
                         const struct pm_listing *listing, bool has_key)
{
    struct pm_say say;
    if (!call->request->is_full && listing->count) {
        pm_answer_note_own(answer, "tokens and size are rounded; run_details has exact figures");
    }
    if (!has_key) {
        pm_answer_note_own(answer, "list changed since the first page");
    }
    pm_frame_note_limit(call, answer);
    if (listing->unreadable) {
        pm_say_init(&say, call->arena);
        pm_say_counted(&say, listing->unreadable, "row", "rows");
        pm_say_own(&say, " of the dashboard's list could not be read and are not counted");
        pm_answer_note(answer, &say);
    }
    const struct pm_run_info *newest = pm_listing_newest(listing);
    pm_frame_note_clocks(call, answer, newest ? newest->last_update : (struct pm_moment){0});
    pm_frame_note_indexer(answer, runs->indexer_fault);
}
