/* run_details_words.c - what is said of a run: a summary that can be read out to a person as it is.
 *
 * One sentence tells the state, a second what to expect, a third which run this is when that is not
 * plain, a fourth where the weights are said to be. Of what outsiders wrote only the id and the
 * repository are said. */

#include "action/run_details_chain.h"

#include "action/clauses.h"
#include "action/declared.h"
#include "action/look_chain.h"

/* Slower change than this part of the loss, over the points of the slope, is called flat. */
#define FLAT_PART 0.01

bool pm_details_is_silent(const struct pm_view *view, int64_t now_ms)
{
    struct pm_count idle = pm_derive_idle_s(view->info, now_ms);
    return view->info->state == PM_RUN_ACTIVE && idle.is_known && idle.value > PM_SILENT_AFTER_S;
}

/* --- clauses: ", 24 clients, loss 2.12" --- */

static void say_progress(struct pm_clauses *clauses, const struct pm_run_info *info)
{
    struct pm_number percent = pm_derive_percent(info);
    struct pm_big done = pm_derive_done(info);
    if (percent.is_known) {
        pm_clauses_begin(clauses);
        pm_say_fixed(clauses->say, percent.value, 2);
        pm_say_own(clauses->say, " % of ");
        pm_say_short(clauses->say, info->tokens_planned);
        pm_say_own(clauses->say, " tokens");
    } else if (done.is_known && !pm_big_is_zero(done)) {
        pm_clauses_begin(clauses);
        pm_say_short(clauses->say, done);
        pm_say_own(clauses->say, " tokens done");
    }
}

static void say_speed(struct pm_clauses *clauses, const struct pm_run_info *info, int64_t now_ms)
{
    struct pm_big speed = info->tokens_per_second;
    if (pm_derive_has_speed(info, now_ms) && speed.is_known && !pm_big_is_zero(speed)) {
        pm_clauses_begin(clauses);
        pm_say_short(clauses->say, speed);
        pm_say_own(clauses->say, " tok/s");
    }
}

static void say_clients(struct pm_clauses *clauses, const struct pm_view *view)
{
    if (view->page && view->page->live.has_clients) {
        pm_clauses_begin(clauses);
        pm_say_counted(clauses->say, view->page->live.client_count, "client", "clients");
    }
}

/* "falling", "rising" or "flat" over the points of the slope; NULL when that is not known. */
static const char *name_trend(const struct pm_run_page *page, const struct pm_loss *loss)
{
    const struct pm_series *series = &page->history.loss;
    if (!loss->slope_per_1000_steps.is_known || series->count < loss->slope_points ||
        !loss->slope_points) {
        return NULL;
    }
    double steps = series->points[series->count - 1].step -
                   series->points[series->count - loss->slope_points].step;
    double change = loss->slope_per_1000_steps.value * steps / 1000;
    double flat =
        FLAT_PART * (loss->mean_50.value < 0 ? -loss->mean_50.value : loss->mean_50.value);
    if (change > -flat && change < flat) {
        return "flat";
    }
    return change < 0 ? "falling" : "rising";
}

static void say_loss(struct pm_clauses *clauses, const struct pm_view *view, bool is_going_on)
{
    if (!view->page) {
        return;
    }
    struct pm_loss loss = pm_derive_loss(view->page);
    const char *trend = name_trend(view->page, &loss);
    if (!loss.last.is_known) {
        return;
    }
    pm_clauses_begin(clauses);
    pm_say_own(clauses->say, is_going_on ? "loss " : "last loss ");
    pm_say_fixed(clauses->say, loss.last.value, 2);
    if (trend && is_going_on) {
        pm_say_own(clauses->say, " and ");
        pm_say_own(clauses->say, trend);
        pm_say_own(clauses->say, " over the last ");
        pm_say_count(clauses->say, loss.slope_points);
        pm_say_own(clauses->say, " points");
    }
}

/* How far it came, for a run that stands still. */
static void say_where_it_stands(struct pm_say *say, const struct pm_view *view, const char *lead)
{
    struct pm_clauses clauses = {.say = say, .lead = lead};
    say_progress(&clauses, view->info);
    say_loss(&clauses, view, false);
}

/* --- the first sentence, by state --- */

static const char *name_activity(const struct pm_view *view)
{
    static const struct {
        const char *phase, *activity;
    } activities[] = {
        {"Warmup", " is warming up (the clients load the model)"},
        {"RoundTrain", " is training"},
        {"RoundWitness", " is training (witnesses confirm the round)"},
        {"Cooldown", " is in cooldown (the epoch ends and its weights are saved)"},
        {"Uninitialized", " is called active, but its coordinator is not set up yet"},
    };
    pm_str phase = view->page ? view->page->live.phase : PM_STR("");
    for (size_t i = 0; i < sizeof activities / sizeof *activities; i++) {
        if (pm_str_equal(phase, pm_str_from(activities[i].phase))) {
            return activities[i].activity;
        }
    }
    return " is active";
}

static void say_active(struct pm_say *say, const struct pm_view *view, int64_t now_ms)
{
    struct pm_clauses clauses = {.say = say, .lead = ": "};
    struct pm_eta eta = pm_derive_eta(view->info, now_ms);
    pm_say_own(say, name_activity(view));
    say_progress(&clauses, view->info);
    say_speed(&clauses, view->info, now_ms);
    say_clients(&clauses, view);
    say_loss(&clauses, view, true);
    pm_say_own(say, " [tracked].");
    if (eta.is_known && pm_derive_has_speed(view->info, now_ms)) {
        pm_say_own(say, " About ");
        pm_say_span(say, eta.seconds);
        pm_say_own(say, " remain if this rate holds and nothing pauses.");
    } else if (!pm_derive_has_speed(view->info, now_ms)) {
        struct pm_count idle = pm_derive_idle_s(view->info, now_ms);
        pm_say_own(say, idle.is_known ? " It was last heard of "
                                      : " When it was last heard of is not known.");
        if (idle.is_known) {
            pm_say_span(say, (int64_t)idle.value);
            pm_say_own(say, " ago, so its speed is not known.");
        }
    }
}

static void say_silent(struct pm_say *say, const struct pm_view *view, int64_t now_ms)
{
    pm_say_own(say, " is called active by the dashboard, but nothing was heard of it for ");
    pm_say_span(say, (int64_t)pm_derive_idle_s(view->info, now_ms).value);
    say_where_it_stands(say, view, "; it stands at ");
    pm_say_own(say, " [tracked]. It is probably stalled or abandoned: abandoned runs stay active "
                    "there for ever.");
}

static void say_waiting(struct pm_say *say, const struct pm_view *view, int64_t now_ms)
{
    const struct pm_run_live *live = view->page ? &view->page->live : NULL;
    (void)now_ms;
    pm_say_own(say, " is waiting for members");
    if (live && live->has_clients) {
        pm_say_own(say, ": ");
        pm_say_counted(say, live->client_count, "client is there", "clients are there");
        if (live->config.min_clients.is_known) {
            pm_say_own(say, ", it starts with ");
            pm_say_count(say, live->config.min_clients.value);
        }
    }
    pm_say_own(say, " [tracked].");
    if (!view->info->has_step) {
        pm_say_own(say, " It has not trained yet.");
    } else {
        say_where_it_stands(say, view, " It stands at ");
        pm_say_own(say, ".");
    }
}

static void say_paused(struct pm_say *say, const struct pm_view *view, int64_t now_ms)
{
    struct pm_pauses pauses = pm_derive_pauses(view->info, now_ms);
    pm_say_own(say, " is paused");
    if (pauses.paused_now && pauses.has_last && pauses.last_ms <= now_ms) {
        pm_say_own(say, ", for ");
        pm_say_span(say, (now_ms - pauses.last_ms) / 1000);
        pm_say_own(say, " now");
    }
    say_where_it_stands(say, view, ", at ");
    pm_say_own(say, " [tracked]. Those who run it can resume it.");
}

static void say_completed(struct pm_say *say, const struct pm_view *view, int64_t now_ms)
{
    struct pm_moment at = view->info->completed_at;
    struct pm_number percent = pm_derive_percent(view->info);
    pm_say_own(say, at.has_time ? " was completed" : " is completed");
    if (at.has_time && at.time_ms <= now_ms) {
        pm_say_own(say, " ");
        pm_say_span(say, (now_ms - at.time_ms) / 1000);
        pm_say_own(say, " ago");
    }
    say_where_it_stands(say, view, ", at ");
    pm_say_own(say, " [tracked].");
    if (percent.is_known && percent.value < 99) {
        pm_say_own(
            say, " It ended before all planned tokens were done: finished and closed runs are both "
                 "called completed.");
    }
}

static void say_other(struct pm_say *say, const struct pm_view *view, int64_t now_ms)
{
    (void)now_ms;
    pm_say_own(say, " is in a state that this version does not know");
    say_where_it_stands(say, view, ", at ");
    pm_say_own(say, " [tracked].");
}

static void say_state(struct pm_say *say, const struct pm_view *view, int64_t now_ms)
{
    static void (*const sayings[])(struct pm_say *, const struct pm_view *, int64_t) = {
        [PM_RUN_ACTIVE] = say_active, [PM_RUN_WAITING] = say_waiting,
        [PM_RUN_PAUSED] = say_paused, [PM_RUN_COMPLETED] = say_completed,
        [PM_RUN_OTHER] = say_other,
    };
    if (pm_details_is_silent(view, now_ms)) {
        say_silent(say, view, now_ms);
    } else {
        sayings[view->info->state](say, view, now_ms);
    }
}

/* --- weights --- */

/* Where the run says that its weights are, by whoever tells it; false when nobody does. */
static bool find_declared(const struct pm_view *view, struct pm_checkpoint *checkpoint)
{
    const struct pm_run_live *live = view->page ? &view->page->live : NULL;
    const struct pm_coordinator *state = pm_view_coordinator(view);
    if (live && live->has_checkpoint) {
        *checkpoint = live->checkpoint;
    } else if (state) {
        *checkpoint = pm_declared_on_chain(&state->head.model.checkpoint);
    } else {
        return false;
    }
    return checkpoint->kind != PM_CHECKPOINT_NONE;
}

static void say_weights(struct pm_call *call, struct pm_say *say, const struct pm_view *view)
{
    struct pm_checkpoint checkpoint;
    if (!find_declared(view, &checkpoint) || checkpoint.kind != PM_CHECKPOINT_HUB ||
        !pm_declared_is_repository(checkpoint.place)) {
        return;
    }
    pm_say_own(say, " Declared weights: ");
    pm_say_text(say, pm_clean(call->arena, PM_TEXT_REPOSITORY, checkpoint.place));
    if (pm_declared_is_plain_revision(&checkpoint)) {
        pm_say_own(say, ", revision ");
        pm_say_text(say, pm_clean(call->arena, PM_TEXT_REPOSITORY, checkpoint.revision));
    }
    pm_say_own(say, "; ask checkpoints before downloading.");
}

/* --- the summary --- */

static void say_tracked(const struct pm_look *look, struct pm_say *say, const struct pm_view *view,
                        const struct pm_agreement *agreement)
{
    struct pm_call *call = look->call;
    say_state(say, view, call->now_ms);
    pm_look_say_which(call, say, view);
    if (view->ask->is_stale) {
        pm_frame_say_stale(call, say, view->ask);
    } else if (!view->page) {
        pm_say_own(say,
                   " Only the list's row of it is known: its own page did not come or was empty.");
    }
    pm_chain_details_say_agreement(look, say, view, agreement);
    if (!view->ask->is_stale && view->page && !view->other && !view->may_have_newer) {
        say_weights(call, say, view);
    }
}

static void say_on_chain(const struct pm_look *look, struct pm_say *say, const struct pm_view *view)
{
    struct pm_call *call = look->call;
    pm_chain_details_say_state(call, say, view->chain);
    pm_look_say_which(call, say, view);
    if (pm_look_tracked_lacks_id(look) && view->how == PM_MATCH_ID) {
        pm_say_own(say, " The dashboard does not have it [tracked:not-found].");
    } else if (look->list && view->how != PM_MATCH_ID) {
        pm_say_own(say,
                   " It is not on the dashboard's list [tracked]; the dashboard may still have "
                   "it: ask again by its id.");
    } else {
        pm_say_own(say, " Whether the dashboard has it is not known");
        if (look->runs->outcome.status != PM_STATUS_OK) {
            pm_say_own(say, ": ");
            pm_action_say_trouble(say, look->runs);
        }
        pm_say_own(say, ".");
    }
    pm_frame_say_stale(call, say, view->chain->ask);
    say_weights(call, say, view);
}

static void write_summary(const struct pm_look *look, struct pm_answer *answer,
                          const struct pm_view *view, const struct pm_agreement *agreement)
{
    struct pm_say say;
    pm_say_init(&say, look->call->arena);
    pm_say_text(&say, pm_clean(look->call->arena, PM_TEXT_ID, view->id));
    if (view->info) {
        say_tracked(look, &say, view, agreement);
    } else {
        say_on_chain(look, &say, view);
    }
    pm_answer_summary(answer, &say);
}

static void suggest_next(struct pm_call *call, struct pm_answer *answer, const struct pm_view *view)
{
    struct pm_arguments others = {0}, weights = {0};
    struct pm_checkpoint checkpoint;
    if (find_declared(view, &checkpoint)) {
        pm_arguments_own(&weights, call->arena, "action", "checkpoints");
        pm_arguments_text(&weights, "run_id", pm_look_name(call->arena, view));
        pm_answer_next(answer, "psyche_monitor", &weights, "where the declared weights are");
    }
    pm_arguments_own(&others, call->arena, "action", "list_runs");
    pm_answer_next(answer, "psyche_monitor", &others, "the other runs, to compare");
}

void pm_details_write_words(const struct pm_look *look, struct pm_answer *answer,
                            const struct pm_view *view, const struct pm_agreement *agreement)
{
    write_summary(look, answer, view, agreement);
    pm_details_write_notes(look, answer, view);
    suggest_next(look->call, answer, view);
}
