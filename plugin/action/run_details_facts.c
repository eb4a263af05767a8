/* run_details_facts.c - the facts of a run, group by group.
 *
 * A run that has ended keeps the live state it ended in; what would read as going on now (clients,
 * round, progress of a phase) is then left out, as the dashboard's own page does. */

#include "action/run_details_chain.h"

#include "action/alike.h"
#include "action/declared.h"
#include "action/look_chain.h"
#include "action/quote.h"

#include <math.h>

#define WHOLE_MOST 9007199254740992.0 /* 2^53 */
#define BRIEF_EVALS 8

/* --- values that may be absent --- */

void pm_details_put_count_if(struct pm_group *group, const char *key, struct pm_count count)
{
    if (count.is_known) {
        pm_put_count(group, key, count.value);
    }
}

void pm_details_put_float_if(struct pm_group *group, const char *key, struct pm_number number)
{
    if (number.is_known) {
        pm_put_float(group, key, number.value);
    }
}

static void put_percent_if(struct pm_group *group, const char *key, struct pm_number number)
{
    if (number.is_known) {
        pm_put_percent(group, key, number.value);
    }
}

/* A step: counted by the source in a floating point number. */
static void put_step_if(struct pm_group *group, const char *key, struct pm_number step)
{
    if (step.is_known && step.value >= 0 && step.value <= WHOLE_MOST) {
        pm_put_count(group, key, (uint64_t)step.value);
    }
}

static void put_text_if(struct pm_call *call, struct pm_group *group, const char *key,
                        enum pm_text_use use, pm_str text)
{
    if (text.len) {
        pm_put_text(group, key, pm_clean(call->arena, use, text));
    }
}

static void put_moment_if(struct pm_group *group, const char *key, struct pm_moment moment)
{
    if (moment.has_time) {
        pm_put_date(group, key, moment.time_ms);
    }
}

/* --- who and in what state --- */

static void write_identity(struct pm_call *call, struct pm_group *group, const struct pm_view *view)
{
    put_moment_if(group, "changed_at", view->info->last_update);
    if (view->is_listed_known) {
        pm_put_flag(group, "listed", view->is_listed);
    }
    pm_put_count(group, "index", view->index);
    pm_put_count(group, "older", view->older);
    if (view->has_newer) {
        pm_put_count(group, "newest_index", view->newest);
    }
    put_text_if(call, group, "name", PM_TEXT_NAME, view->info->name);
    put_text_if(call, group, "description", PM_TEXT_DESCRIPTION, view->info->description);
    put_text_if(call, group, "state", PM_TEXT_OTHER, view->info->state_word);
    put_moment_if(group, "completed_at", view->info->completed_at);
}

static bool has_ended(const struct pm_view *view)
{
    return view->info->state == PM_RUN_COMPLETED;
}

/* Whether a phase and an epoch are under way. */
static bool is_going_on(const struct pm_call *call, const struct pm_view *view)
{
    return view->info->state == PM_RUN_WAITING ||
           (view->info->state == PM_RUN_ACTIVE && !pm_details_is_silent(view, call->now_ms));
}

static void write_phase(struct pm_call *call, struct pm_group *group, const struct pm_view *view)
{
    const struct pm_run_live *live = view->page ? &view->page->live : NULL;
    if (!live || !live->is_there) {
        return;
    }
    put_text_if(call, group, "phase", PM_TEXT_OTHER, live->phase);
    if (is_going_on(call, view)) {
        put_percent_if(group, "phase_percent", pm_derive_phase_percent(live, call->now_ms));
    }
    if (!has_ended(view)) {
        pm_details_put_count_if(group, "round", live->round);
    }
    if (!has_ended(view) && live->has_epoch_start && live->epoch_start_ms > 0) {
        pm_put_date(group, "epoch_started_at", live->epoch_start_ms);
    }
    if (is_going_on(call, view)) {
        put_percent_if(group, "epoch_percent", pm_derive_epoch_percent(live, call->now_ms));
    }
}

/* --- how far and how fast --- */

static void write_tokens(struct pm_call *call, struct pm_group *group,
                         const struct pm_run_info *info)
{
    struct pm_big done = pm_derive_done(info), done_now = pm_derive_done_now(info, call->now_ms);
    struct pm_number percent = pm_derive_percent(info);
    if (!done.is_known && !info->tokens_planned.is_known) {
        return;
    }
    struct pm_group *tokens = pm_group_sub(group, "tokens");
    pm_put_big(tokens, "done", done);
    pm_put_big(tokens, "done_estimated_now", done_now);
    pm_put_big(tokens, "planned", info->tokens_planned);
    pm_details_put_float_if(tokens, "percent", percent);
}

/* Clients report floating point numbers, whole ones in practice. */
static struct pm_big whole_of(struct pm_number number)
{
    bool fits = number.is_known && number.value > 0 && number.value <= WHOLE_MOST;
    return fits ? pm_big_from_u64((uint64_t)number.value)
                : (struct pm_big){
                      0,
                  };
}

static void write_speed(struct pm_call *call, struct pm_group *group, const struct pm_view *view)
{
    struct pm_big bandwidth = view->page ? whole_of(view->page->bandwidth)
                                         : (struct pm_big){
                                               0,
                                           };
    bool has_rate = view->info->tokens_per_second.is_known;
    if (!pm_derive_has_speed(view->info, call->now_ms) || (!has_rate && !bandwidth.is_known)) {
        return;
    }
    struct pm_group *speed = pm_group_sub(group, "speed");
    pm_put_big(speed, "tok_s", view->info->tokens_per_second);
    pm_put_big(speed, "bandwidth_bytes_s", bandwidth);
}

static void write_eta(struct pm_call *call, struct pm_group *group, const struct pm_view *view)
{
    struct pm_eta eta = pm_derive_eta(view->info, call->now_ms);
    if (eta.is_known && pm_derive_has_speed(view->info, call->now_ms)) {
        struct pm_group *sub = pm_group_sub(group, "eta");
        pm_put_seconds(sub, "seconds", eta.seconds);
        pm_put_date(sub, "at", eta.at_ms);
        pm_put_own(sub, "assumes", "tok_s stays as it is, no pauses");
    }
}

/* --- how well --- */

static void write_loss(struct pm_group *group, const struct pm_run_page *page)
{
    struct pm_loss loss = pm_derive_loss(page);
    if (!loss.last.is_known && !loss.mean_50.is_known) {
        return;
    }
    struct pm_group *sub = pm_group_sub(group, "loss");
    pm_details_put_float_if(sub, "last", loss.last);
    put_step_if(sub, "at_step", loss.at_step);
    pm_details_put_float_if(sub, "mean_50", loss.mean_50);
    if (loss.mean_50.is_known && loss.mean_points < 50) {
        pm_put_count(sub, "mean_points", loss.mean_points);
    }
    if (loss.slope_per_1000_steps.is_known) {
        pm_put_float(sub, "slope_per_1000_steps", loss.slope_per_1000_steps.value);
        pm_put_count(sub, "slope_points", loss.slope_points);
    }
}

static void write_evals(struct pm_call *call, struct pm_group *group,
                        const struct pm_run_page *page)
{
    static const char *const columns[] = {"name", "value", "at_step", NULL};
    static const struct pm_table_spec spec = {
        .columns = columns,
        .rank = 3,
        .brief_rows = BRIEF_EVALS,
    };
    if (page->eval_count == 0) {
        return;
    }
    struct pm_table *table = pm_table_sub(group, "evals", &spec);
    for (size_t i = 0; i < page->eval_count; i++) {
        const struct pm_eval *eval = &page->evals[i];
        pm_cell_text(table, pm_clean(call->arena, PM_TEXT_NAME, eval->name));
        pm_cell_float(table, eval->value.is_known ? eval->value.value : (double)NAN);
        if (eval->step.is_known && eval->step.value >= 0 && eval->step.value <= WHOLE_MOST) {
            pm_cell_count(table, (uint64_t)eval->step.value);
        } else {
            pm_cell_null(table);
        }
        pm_row_end(table, NULL);
    }
}

/* The learning rate is sent as 0 when there is none, and with the first step before that was
 * trained. */
static void write_training(struct pm_call *call, struct pm_group *group,
                           const struct pm_run_page *page)
{
    bool has_trained = page->info.has_step;
    struct pm_number last_step = {
        has_trained && page->history.has_last_step,
        page->history.last_step,
    };
    bool has_lr = page->lr.is_known && (page->lr.value > 0 || page->history.lr.count);
    write_loss(group, page);
    put_step_if(group, "last_step", last_step);
    if (has_lr) {
        pm_put_float(group, "lr", page->lr.value);
    }
    write_evals(call, group, page);
}

/* --- who trains, and where the weights go --- */

static void write_clients(struct pm_group *group, const struct pm_view *view)
{
    const struct pm_run_live *live = &view->page->live;
    uint64_t witnesses = 0, done = 0;
    if (!live->has_clients || has_ended(view)) {
        return;
    }
    for (size_t i = 0; i < live->client_count; i++) {
        witnesses += live->clients[i].witness != PM_WITNESS_NONE;
        done += live->clients[i].witness == PM_WITNESS_DONE;
    }
    struct pm_group *clients = pm_group_sub(group, "clients");
    pm_put_count(clients, "count", live->client_count);
    pm_details_put_count_if(clients, "min", live->config.min_clients);
    if (view->info->state != PM_RUN_WAITING) {
        pm_put_count(clients, "witnesses", witnesses);
        pm_put_count(clients, "witnesses_done", done);
    }
}

static void write_checkpoint(struct pm_call *call, struct pm_group *group,
                             const struct pm_run_live *live)
{
    if (live->has_checkpoint) {
        pm_declared_put(call->arena, pm_group_sub(group, "checkpoint"), &live->checkpoint);
    }
}

static void write_pauses(struct pm_call *call, struct pm_group *group,
                         const struct pm_run_info *info)
{
    struct pm_pauses pauses = pm_derive_pauses(info, call->now_ms);
    struct pm_group *sub = pm_group_sub(group, "pauses");
    pm_put_count(sub, "count", pauses.count);
    pm_put_seconds(sub, "total_s", pauses.total_s);
    if (pauses.has_last) {
        pm_put_date(sub, "last", pauses.last_ms);
    }
    pm_put_flag(sub, "paused_now", pauses.paused_now);
}

/* --- the whole --- */

/* What the phase means: the chain's, where both tell one, for it is the newer as a rule. Of a run
 * that may be taken for another it matters more whom to trust. */
static void write_guide(const struct pm_look *look, struct pm_answer *answer,
                        const struct pm_view *view, const struct pm_agreement *agreement)
{
    struct pm_call *call = look->call;
    const struct pm_run_live *live = view->page ? &view->page->live : NULL;
    const struct pm_coordinator *state = pm_view_coordinator(view);
    bool is_chains = state && (!live || agreement->trust == PM_SOURCE_ON_CHAIN);
    pm_str phase = live && live->is_there ? live->phase : PM_STR("");
    phase = is_chains ? pm_chain_state_word(state->head.state) : phase;
    if (pm_alike_to_any(&look->listing, view->id, pm_view_name(view))) {
        pm_quote_trust(call, answer);
    } else if (phase.len) {
        pm_quote_meaning(call, answer, pm_guide_document(call->guide, PM_STR("run-states")),
                         "phase", phase);
    }
}

static void write_tracked(struct pm_call *call, struct pm_answer *answer,
                          const struct pm_view *view)
{
    const struct pm_run_info *info = view->info;
    struct pm_group *group =
        pm_group_open(answer, "tracked", pm_origin_of(&call->batch, view->ask));
    write_identity(call, group, view);
    write_phase(call, group, view);
    if (!pm_big_is_zero(info->params)) {
        pm_put_big(group, "params", info->params);
    }
    put_text_if(call, group, "arch", PM_TEXT_OTHER, info->arch);
    write_tokens(call, group, info);
    write_speed(call, group, view);
    write_eta(call, group, view);
    if (view->page) {
        write_training(call, group, view->page);
        write_clients(group, view);
        write_checkpoint(call, group, &view->page->live);
        pm_details_write_config(call, group, &view->page->live.config);
    }
    write_pauses(call, group, info);
    if (pm_details_is_full(call)) {
        pm_details_write_lists(call, group, view);
    }
}

/* The dashboard answered, and has nothing of a run that the chain has. */
static void write_not_tracked(const struct pm_look *look, struct pm_answer *answer,
                              const struct pm_view *view)
{
    if (pm_look_tracked_lacks_id(look) && view->how == PM_MATCH_ID) {
        struct pm_group *group =
            pm_group_open(answer, "tracked", pm_origin_not_found(&look->call->batch, look->runs));
        pm_put_flag(group, "listed", false);
    }
}

void pm_details_write_facts(const struct pm_look *look, struct pm_answer *answer,
                            const struct pm_view *view, const struct pm_agreement *agreement)
{
    static const char *const given_up[] = {
        "tracked.recent_txs",
        "on_chain.exited_list",
        "on_chain.member_list",
        "on_chain.client_list",
        "tracked.client_list",
        "tracked.pause_list",
        "on_chain.config",
        "tracked.config",
        "tracked.evals",
        "tracked.pauses",
        "guide",
        "on_chain.rewards",
        "on_chain.data",
        "on_chain.joining",
        "on_chain.description",
        "tracked.description",
        NULL,
    };
    struct pm_call *call = look->call;
    if (view->info) {
        write_tracked(call, answer, view);
    } else {
        write_not_tracked(look, answer, view);
    }
    pm_chain_details_write(call, answer, view);
    pm_frame_agree(call, answer, agreement);
    write_guide(look, answer, view, agreement);
    pm_answer_cut_order(answer, given_up);
}
