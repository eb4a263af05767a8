/* run_details_notes.c - what a reader of a run's numbers should know beside them. */

#include "action/run_details.h"

#include "action/alike.h"
#include "action/kin.h"

static void note_numbers(struct pm_call *call, struct pm_answer *answer, const struct pm_view *view)
{
    struct pm_number percent = pm_derive_percent(view->info);
    struct pm_count idle = pm_derive_idle_s(view->info, call->now_ms);
    struct pm_say say;
    if (percent.is_known && percent.value > 100) {
        pm_answer_note_own(answer, "percent is over 100: more tokens were done than planned");
    }
    if (view->page && !pm_derive_loss(view->page).last.is_known) {
        pm_answer_note_own(answer, "no loss yet: the dashboard has none of this run");
    }
    if (view->info->state == PM_RUN_ACTIVE && !pm_derive_has_speed(view->info, call->now_ms)) {
        pm_say_init(&say, call->arena);
        pm_say_own(&say, "speed and eta are left out: the run was last heard of ");
        if (idle.is_known) {
            pm_say_span(&say, (int64_t)idle.value);
            pm_say_own(&say, " ago");
        } else {
            pm_say_own(&say, "at a time that is not known");
        }
        pm_answer_note(answer, &say);
    }
}

static void note_gaps(struct pm_answer *answer, const struct pm_view *view)
{
    pm_frame_note_indexer(answer, view->page && view->page->indexer_fault);
    if (view->page && view->page->info.id.len && !pm_str_equal(view->page->info.id, view->id)) {
        pm_answer_note_own(answer, "the page that the dashboard sent names another run");
    }
    if (!view->is_listed_known) {
        pm_answer_note_own(
            answer, "the dashboard's list did not come: whether the run is listed is not known");
    }
    if (view->page && view->page->history.evals_dropped) {
        pm_answer_note_own(answer, "there are more evals than this version reads");
    }
}

void pm_details_write_notes(const struct pm_look *look, struct pm_answer *answer,
                            const struct pm_view *view)
{
    if (view->info) {
        note_numbers(look->call, answer, view);
        note_gaps(answer, view);
        pm_frame_note_clocks(look->call, answer, view->info->last_update);
    }
    pm_alike_note(look->call, answer, &look->listing, view->id, pm_view_name(view));
    pm_kin_note(look->beside_of, look, view, answer);
    pm_look_write_chain_notes(look, answer, view);
}
