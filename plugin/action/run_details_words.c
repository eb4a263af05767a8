/* run_details_words.c - what is said of a run: a summary that can be read out to a person as it is.
 *
 * One sentence tells the state, a second what to expect, a third which run this is when that is not
 * plain, a fourth where the weights are said to be. Of what outsiders wrote only the id and the
 * repository are said. */

#include "action/run_details.h"

/* Slower change than this part of the loss, over the points of the slope, is called flat. */
#define FLAT_PART 0.01

bool pm_details_is_silent(const struct pm_view *view, int64_t now_ms)
{
    struct pm_count idle = pm_derive_idle_s(view->info, now_ms);
    return view->info->state == PM_RUN_ACTIVE && idle.is_known && idle.value > PM_SILENT_AFTER_S;
}

/* --- clauses: ", 24 clients, loss 2.12" --- */

struct clauses {
    struct pm_say *say;
    const char *lead;    /* before the first one */
    const char *between; /* the others; ", " when NULL */
    size_t count;
};

static void begin_clause(struct clauses *clauses)
{
    const char *between = clauses->between ? clauses->between : ", ";
    pm_say_own(clauses->say, clauses->count++ ? between : clauses->lead);
}

static void say_progress(struct clauses *clauses, const struct pm_run_info *info)
{
    struct pm_number percent = pm_derive_percent(info);
    struct pm_big done = pm_derive_done(info);
    if (percent.is_known) {
        begin_clause(clauses);
        pm_say_fixed(clauses->say, percent.value, 2);
        pm_say_own(clauses->say, " % of ");
        pm_say_short(clauses->say, info->tokens_planned);
        pm_say_own(clauses->say, " tokens");
    } else if (done.is_known && !pm_big_is_zero(done)) {
        begin_clause(clauses);
        pm_say_short(clauses->say, done);
        pm_say_own(clauses->say, " tokens done");
    }
}

static void say_speed(struct clauses *clauses, const struct pm_run_info *info, int64_t now_ms)
{
    struct pm_big speed = info->tokens_per_second;
    if (pm_derive_has_speed(info, now_ms) && speed.is_known && !pm_big_is_zero(speed)) {
        begin_clause(clauses);
        pm_say_short(clauses->say, speed);
        pm_say_own(clauses->say, " tok/s");
    }
}

static void say_clients(struct clauses *clauses, const struct pm_view *view)
{
    if (view->page && view->page->live.has_clients) {
        begin_clause(clauses);
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

static void say_loss(struct clauses *clauses, const struct pm_view *view, bool is_going_on)
{
    if (!view->page) {
        return;
    }
    struct pm_loss loss = pm_derive_loss(view->page);
    const char *trend = name_trend(view->page, &loss);
    if (!loss.last.is_known) {
        return;
    }
    begin_clause(clauses);
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
    struct clauses clauses = {.say = say, .lead = lead};
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
    struct clauses clauses = {.say = say, .lead = ": "};
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

/* --- which run this is --- */

static void say_match(struct clauses *clauses, enum pm_match how)
{
    static const char *const words[] = {
        [PM_MATCH_NONE] = NULL,
        [PM_MATCH_ID] = NULL,
        [PM_MATCH_NAME] = "the run of that name",
        [PM_MATCH_PREFIX] = "the only listed run that begins like this",
        [PM_MATCH_PART] = "the only listed run that has these words in its id or name",
    };
    if (words[how]) {
        begin_clause(clauses);
        pm_say_own(clauses->say, words[how]);
    }
}

static void say_incarnation(struct clauses *clauses, const struct pm_view *view)
{
    if (view->index == 0 && !view->has_newer) {
        return;
    }
    begin_clause(clauses);
    pm_say_own(clauses->say, "incarnation ");
    pm_say_count(clauses->say, view->index);
    pm_say_own(clauses->say, " of a run that was made anew under the same id");
    if (view->has_newer) {
        pm_say_own(clauses->say, " (the newest is ");
        pm_say_count(clauses->say, view->newest);
        pm_say_own(clauses->say, ")");
    } else if (view->older) {
        pm_say_own(clauses->say, " (");
        pm_say_counted(clauses->say, view->older, "older one is known)", "older ones are known)");
    }
}

static void say_which(struct pm_call *call, struct pm_say *say, const struct pm_view *view)
{
    struct clauses clauses = {.say = say, .lead = " It is ", .between = "; it is "};
    say_match(&clauses, view->how);
    if (view->is_listed_known && !view->is_listed) {
        begin_clause(&clauses);
        pm_say_own(say, "not on the dashboard's list, which shows only an allow-list");
    }
    say_incarnation(&clauses, view);
    if (clauses.count) {
        pm_say_own(say, ".");
    }
    if (view->may_have_newer) {
        pm_say_own(say, " A newer incarnation may exist: not all could be looked at.");
    }
    if (view->other) {
        pm_say_own(say, " These words also fit the listed run ");
        pm_say_text(say, pm_clean(call->arena, PM_TEXT_ID, view->other->info->id));
        pm_say_own(say, ".");
    }
}

/* --- weights --- */

static bool is_word(pm_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_letter && c != '-' && c != '_' && c != '.') {
            return false;
        }
    }
    return text.len > 0;
}

/* The field may hold any words; a repository is two of them with a slash between. */
static bool is_repository(pm_str text)
{
    size_t slash = pm_str_find(text, '/');
    return slash < text.len && is_word(pm_str_slice(text, 0, slash)) &&
           is_word(pm_str_tail(text, slash + 1));
}

static void say_weights(struct pm_call *call, struct pm_say *say, const struct pm_view *view)
{
    const struct pm_run_live *live = view->page ? &view->page->live : NULL;
    if (live && live->checkpoint.kind == PM_CHECKPOINT_HUB &&
        is_repository(live->checkpoint.place)) {
        pm_say_own(say, " Declared weights: ");
        pm_say_text(say, pm_clean(call->arena, PM_TEXT_REPOSITORY, live->checkpoint.place));
        pm_say_own(say, ".");
    }
}

static void say_staleness(struct pm_say *say, const struct pm_view *view,
                          const struct pm_origin *origin)
{
    pm_say_own(say, " These facts are ");
    pm_say_span(say, pm_origin_age_s(origin));
    pm_say_own(say, " old: ");
    pm_action_say_trouble(say, view->ask);
    pm_say_own(say, ".");
}

static void write_summary(struct pm_call *call, struct pm_answer *answer,
                          const struct pm_view *view)
{
    const struct pm_origin *origin = pm_origin_of(&call->batch, view->ask);
    struct pm_say say;
    pm_say_init(&say, call->arena);
    pm_say_text(&say, pm_clean(call->arena, PM_TEXT_ID, view->id));
    say_state(&say, view, call->now_ms);
    say_which(call, &say, view);
    if (view->ask->is_stale && origin) {
        say_staleness(&say, view, origin);
    } else if (!view->page) {
        pm_say_own(&say,
                   " Only the list's row of it is known: its own page did not come or was empty.");
    } else if (!view->other && !view->may_have_newer) {
        say_weights(call, &say, view);
    }
    pm_answer_summary(answer, &say);
}

void pm_details_write_words(struct pm_call *call, struct pm_answer *answer,
                            const struct pm_view *view)
{
    struct pm_arguments arguments = {0};
    write_summary(call, answer, view);
    pm_details_write_notes(call, answer, view);
    pm_arguments_own(&arguments, call->arena, "action", "list_runs");
    pm_answer_next(answer, "psyche_monitor", &arguments, "the other runs, to compare");
}
