/* checkpoints_active.c - what the active runs declare, and the organisation's newest repositories. */

#include "action/checkpoints.h"

#include "action/clauses.h"
#include "action/frame.h"
#include "action/newest_models.h"

#define SAID_MOST 3 /* runs named in a summary */

/* --- the table --- */

void pm_active_write_row(struct pm_call *call, struct pm_table *table,
                         const struct pm_active_runs *active, size_t at)
{
    const struct pm_run_info *info = pm_active_info(active, at);
    const struct pm_checkpoint *checkpoint = pm_active_declared(active, at);
    const struct pm_coordinator_checkpoint *on_chain = pm_active_on_chain(active, at);
    struct pm_arena *arena = call->arena;
    pm_cell_text(table, pm_clean(arena, PM_TEXT_ID, info->id));
    if (checkpoint && checkpoint->kind == PM_CHECKPOINT_NONE) {
        pm_cell_own(table, "none");
    } else {
        pm_cell_text(table,
                     checkpoint ? pm_clean(arena, PM_TEXT_OTHER, checkpoint->kind_word) : NULL);
    }
    pm_cell_text(table, checkpoint && checkpoint->place.len
                            ? pm_clean(arena, PM_TEXT_REPOSITORY, checkpoint->place)
                            : NULL);
    pm_cell_text(table, checkpoint && checkpoint->revision.len
                            ? pm_clean(arena, PM_TEXT_PLACE, checkpoint->revision)
                            : NULL);
    if (info->last_update.has_time) {
        pm_cell_date(table, info->last_update.time_ms);
    } else {
        pm_cell_null(table);
    }
    pm_cell_text(table, pm_clean(arena, PM_TEXT_OTHER, info->state_word));
    pm_cell_text(table,
                 on_chain ? pm_clean(arena, PM_TEXT_OTHER, pm_chain_checkpoint_word(on_chain->kind))
                          : NULL);
    pm_row_end(table, pm_active_token(arena, info));
}

struct pm_table *pm_active_open_table(struct pm_call *call, struct pm_answer *answer,
                                      const struct pm_active_runs *active,
                                      const struct pm_ask *runs, bool is_paged)
{
    static const char *const columns[] = {
        "run_id",     "kind",  "repo_or_bucket",  "revision_or_prefix",
        "changed_at", "state", "kind [on-chain]", NULL};
    const struct pm_table_spec spec = {.columns = columns, .is_paged = is_paged};
    const struct pm_origin *origins[PM_ACTIVE_PAGES_MOST + 2] = {pm_origin_of(&call->batch, runs)};
    size_t count = 1;
    for (size_t i = 0; i < active->shown; i++) {
        if (pm_active_declared(active, i)) {
            origins[count++] = pm_origin_of(&call->batch, active->pages[i]);
        }
    }
    if (active->chain.second) {
        origins[count++] = pm_origin_of(&call->batch, active->chain.second);
    }
    return pm_table_open(answer, "candidates", &spec, origins, count);
}

static void write_table(struct pm_call *call, struct pm_answer *answer,
                        const struct pm_active_runs *active, const struct pm_ask *runs)
{
    struct pm_table *table = pm_active_open_table(call, answer, active, runs, true);
    for (size_t i = 0; i < active->shown; i++) {
        pm_active_write_row(call, table, active, i);
    }
    pm_table_total(table, active->count);
    pm_table_earlier(table, active->first);
}

/* --- what is said --- */

static void say_run(struct pm_call *call, struct pm_clauses *clauses,
                    const struct pm_active_runs *active, size_t at)
{
    const struct pm_checkpoint *checkpoint = pm_active_declared(active, at);
    pm_str address = checkpoint ? pm_declared_address(call->arena, checkpoint) : PM_STR("");
    if (address.len == 0 || clauses->count == SAID_MOST) {
        return;
    }
    pm_clauses_begin(clauses);
    pm_say_text(clauses->say, pm_clean(call->arena, PM_TEXT_ID, pm_active_info(active, at)->id));
    pm_say_own(clauses->say, checkpoint->kind == PM_CHECKPOINT_GCS ? " in the bucket " : " in ");
    pm_say_text(clauses->say, pm_clean(call->arena, PM_TEXT_REPOSITORY, checkpoint->place));
}

struct counts {
    size_t declaring, none, unread; /* by the dashboard */
    size_t shared, on_chain;        /* by the chain */
    size_t silent;                  /* neither tells */
};

static struct counts count(const struct pm_active_runs *active)
{
    struct counts counts = {0};
    for (size_t i = 0; i < active->shown; i++) {
        const struct pm_checkpoint *checkpoint = pm_active_declared(active, i);
        const struct pm_coordinator_checkpoint *on_chain = pm_active_on_chain(active, i);
        counts.on_chain += on_chain != NULL;
        counts.shared += on_chain && pm_declared_is_shared(on_chain);
        counts.unread += !checkpoint;
        counts.silent += !checkpoint && !on_chain;
        counts.none += checkpoint && checkpoint->kind == PM_CHECKPOINT_NONE;
        counts.declaring += checkpoint && checkpoint->kind != PM_CHECKPOINT_NONE;
    }
    return counts;
}

/* "8 of 12 active runs were looked at, the largest first; 7 of them declare …" */
static void say_counts(struct pm_say *say, const struct pm_active_runs *active,
                       struct counts counts)
{
    pm_say_counted(say, active->count, "run is active", "runs are active");
    pm_say_own(say, " on the dashboard's list");
    if (active->shown < active->count) {
        pm_say_own(say, active->first ? "; of the next " : "; of the largest ");
        pm_say_count(say, active->shown);
    }
    pm_say_own(say, active->shown < active->count ? ", " : "; ");
    pm_say_counted(say, counts.declaring, "declares", "declare");
    pm_say_own(say, " a checkpoint");
}

static void say_rest(struct pm_say *say, struct counts counts)
{
    if (counts.shared) {
        pm_say_own(say, " Of ");
        pm_say_count(say, counts.shared);
        pm_say_own(say,
                   " the live weights pass from client to client, and the place holds the last "
                   "upload [on-chain].");
    }
    if (counts.none) {
        pm_say_own(say, " ");
        pm_say_counted(say, counts.none, "declares none, which is no sign of trouble.",
                       "declare none, which is no sign of trouble.");
    }
    if (counts.silent) {
        pm_say_own(say, " What ");
        pm_say_counted(say, counts.silent,
                       "other declares is not known: its own page did not come or was empty.",
                       "others declare is not known: their own pages did not come or were empty.");
    }
    if (counts.declaring) {
        pm_say_own(say, " Files, sizes and completeness: ask for one run_id.");
    }
}

static void write_summary(struct pm_call *call, struct pm_answer *answer,
                          const struct pm_active_runs *active, const struct pm_ask *runs,
                          const struct pm_ask *newest)
{
    struct pm_say say;
    struct pm_clauses clauses = {.say = &say, .lead = ": ", .between = "; "};
    struct counts counts = count(active);
    pm_say_init(&say, call->arena);
    if (active->count == 0) {
        pm_say_own(&say, "No run is active on the dashboard's list, so none was looked at "
                         "[tracked]. With run_id, the place of any other run's weights is told.");
    } else {
        say_counts(&say, active, counts);
        for (size_t i = 0; i < active->shown; i++) {
            say_run(call, &clauses, active, i);
        }
        pm_say_own(&say, " [tracked].");
        say_rest(&say, counts);
    }
    pm_newest_models_say(call, &say, newest);
    pm_frame_say_stale(call, &say, runs);
    pm_answer_summary(answer, &say);
}

static void note_silent(struct pm_call *call, struct pm_answer *answer,
                        const struct pm_active_runs *active)
{
    struct pm_say say;
    struct pm_clauses clauses = {.say = &say, .lead = "nothing of its own page is known for "};
    pm_say_init(&say, call->arena);
    for (size_t i = 0; i < active->shown; i++) {
        if (!pm_active_declared(active, i)) {
            pm_clauses_begin(&clauses);
            pm_say_text(&say, pm_clean(call->arena, PM_TEXT_ID, pm_active_info(active, i)->id));
        }
    }
    if (clauses.count) {
        pm_answer_note(answer, &say);
    }
}

static void note_unreadable(struct pm_call *call, struct pm_answer *answer,
                            const struct pm_active_runs *active)
{
    struct pm_say say;
    struct pm_clauses clauses = {.say = &say, .lead = "accounts on chain that cannot be read, of "};
    pm_say_init(&say, call->arena);
    for (size_t i = 0; i < active->chain.count; i++) {
        const struct pm_chain_one *run = &active->chain.runs[i];
        if (run->found == PM_CHAIN_BAD ||
            (run->part.is_asked && run->part.verdict != PM_ACCOUNT_OK)) {
            pm_clauses_begin(&clauses);
            pm_say_text(&say, pm_clean(call->arena, PM_TEXT_ID, run->id));
        }
    }
    if (clauses.count) {
        pm_answer_note(answer, &say);
    }
}

/* What the chain has to say beside it, or why it says nothing. */
static void note_chain(struct pm_call *call, struct pm_answer *answer,
                       const struct pm_active_runs *active)
{
    const struct pm_ask *trouble = pm_chain_several_trouble(&active->chain);
    struct pm_say say;
    struct pm_clauses clauses = {
        .say = &say,
        .lead = "the chain names another place than the dashboard, and checkpoints with run_id "
                "compares them, for "};
    pm_say_init(&say, call->arena);
    for (size_t i = 0; i < active->shown; i++) {
        const struct pm_checkpoint *shown = pm_active_declared(active, i);
        const struct pm_coordinator_checkpoint *on_chain = pm_active_on_chain(active, i);
        if (shown && on_chain && !pm_declared_is_shown_as(call->arena, on_chain, shown)) {
            pm_clauses_begin(&clauses);
            pm_say_text(&say, pm_clean(call->arena, PM_TEXT_ID, pm_active_info(active, i)->id));
        }
    }
    note_unreadable(call, answer, active);
    if (trouble && clauses.count == 0) {
        pm_say_own(&say, "the kinds on chain are not known: ");
        pm_action_say_trouble(&say, trouble);
    }
    if (trouble || clauses.count) {
        pm_answer_note(answer, &say);
    }
}

/* 0 when none does. */
static size_t first_declaring(const struct pm_active_runs *active)
{
    for (size_t i = 0; i < active->shown; i++) {
        const struct pm_checkpoint *checkpoint = pm_active_declared(active, i);
        if (checkpoint && checkpoint->kind != PM_CHECKPOINT_NONE) {
            return i;
        }
    }
    return 0;
}

static void suggest_first(struct pm_call *call, struct pm_answer *answer,
                          const struct pm_active_runs *active, const struct pm_listing *listing)
{
    struct pm_arguments arguments = {0};
    size_t at = first_declaring(active);
    const struct pm_run_info *info = active->shown    ? pm_active_info(active, at)
                                     : listing->count ? listing->rows[0].info
                                                      : NULL;
    if (info) {
        pm_arguments_own(&arguments, call->arena, "action", "checkpoints");
        pm_arguments_text(&arguments, "run_id", pm_clean(call->arena, PM_TEXT_ID, info->id));
        pm_answer_next(answer, "psyche_monitor", &arguments,
                       active->shown ? "the first of them: files, sizes, completeness"
                                     : "the first run of the list");
    }
}

/* --- the active runs --- */

/* Chooses from it, once; whether it did. */
static bool look_at_list(struct pm_call *call, struct pm_active_runs *active,
                         struct pm_listing *listing, const struct pm_active_place *place,
                         const struct pm_ask *runs)
{
    const struct pm_runs *list = pm_dashboard_runs(runs);
    if (!list || active->runs) {
        return false;
    }
    *listing = pm_listing_make(call->arena, list);
    pm_active_choose(call, active, listing, place);
    return true;
}

bool pm_checkpoints_of_active(struct pm_call *call, struct pm_answer *answer)
{
    struct pm_active_place place = {0};
    struct pm_nodes nodes;
    struct pm_active_runs active = {.nodes = &nodes};
    struct pm_listing listing = {0};
    if (!pm_active_read_place(call, &place)) {
        return false;
    }
    pm_nodes_init(&nodes, &call->batch, PM_PSYCHE_COORDINATOR);
    pm_nodes_ask_check(&nodes);
    struct pm_ask *runs = pm_dashboard_ask_runs(&call->batch, false);
    struct pm_ask *newest = pm_newest_models_ask(&call->batch);
    while (pm_batch_wait(&call->batch)) {
        if (look_at_list(call, &active, &listing, &place, runs)) {
            pm_active_ask(call, &active);
        }
        pm_active_go_on(&active);
    }
    (void)look_at_list(call, &active, &listing, &place, runs); /* an older one, too late to ask */
    pm_chain_several_settle(&active.chain);
    if (!pm_dashboard_runs(runs) || pm_batch_cancelled(&call->batch)) {
        return pm_action_no_source(call, runs, "a list of runs");
    }
    pm_answer_found(answer, PM_FOUND_TRUE);
    write_summary(call, answer, &active, runs, newest);
    write_table(call, answer, &active, runs);
    pm_newest_models_write(call, answer, newest);
    pm_frame_note_limit(call, answer);
    if (!active.has_key) {
        pm_answer_note_own(answer, "list changed since the first page");
    }
    note_silent(call, answer, &active);
    note_chain(call, answer, &active);
    pm_frame_note_slots(call, answer);
    struct counts counts = count(&active);
    if (counts.declaring && counts.on_chain < active.shown) {
        pm_checkpoints_note_peers(answer);
    }
    suggest_first(call, answer, &active, &listing);
    return true;
}
