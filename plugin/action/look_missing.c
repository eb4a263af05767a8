/* look_missing.c - the answer when no run fits the words.
 *
 * That one source lacks a run does not mean that there is none: hidden runs, other sources and
 * slips of the pen are all likelier, so this answer is mostly about what to try next. */

#include "action/look_chain.h"

#include "action/near.h"

static void suggest_list(const struct pm_look *look, struct pm_answer *answer)
{
    struct pm_arguments arguments = {0};
    pm_arguments_own(&arguments, look->call->arena, "action", "list_runs");
    pm_answer_next(answer, "psyche_monitor", &arguments, "the ids and states of all listed runs");
}

static void suggest_web_search(const struct pm_look *look, struct pm_answer *answer)
{
    struct pm_arena *arena = look->call->arena;
    struct pm_arguments arguments = {0};
    struct pm_buf query;
    pm_buf_init(&query, arena, look->wanted.id.len + 64);
    pm_buf_add_c(&query, "Psyche Nous Research training run ");
    pm_buf_add(&query, look->wanted.id);
    pm_arguments_text(&arguments, "query", pm_clean(arena, PM_TEXT_OTHER, pm_buf_text(&query)));
    pm_answer_next(answer, "web_search", &arguments,
                   "another tool, if you have it; whatever it finds is " PM_LABEL_UNVERIFIED);
}

/* --- none --- */

static void say_misses(struct pm_say *say, const struct pm_look *look,
                       const struct pm_listed *const *near, size_t near_count)
{
    pm_say_own(say, "No run on the dashboard's list has ");
    pm_look_say_asked(say, look, "the given words");
    pm_say_own(
        say, pm_can_be_id(look->wanted.id)
                 ? " in its id or name, and no hidden run has exactly that id [tracked:not-found]."
                 : " in its id or name [tracked:not-found].");
    if (near_count) {
        pm_say_own(say, near_count > 1 ? " The most similar ids are " : " The most similar id is ");
    }
    for (size_t i = 0; i < near_count; i++) {
        pm_say_own(say, i == 0 ? "" : i + 1 < near_count ? ", " : " and ");
        pm_say_text(say, pm_clean(look->call->arena, PM_TEXT_ID, near[i]->info->id));
    }
    pm_say_own(say, near_count ? "." : "");
}

static void say_unsure(struct pm_say *say, const struct pm_look *look)
{
    pm_say_own(say, "Whether the dashboard has a run of the id or name ");
    pm_look_say_asked(say, look, "given");
    pm_say_own(say, " is not known: ");
    if (!look->list) {
        pm_action_say_trouble(say, look->runs);
        pm_say_own(say, " when it was asked for its list.");
    } else {
        pm_say_own(
            say,
            "it is not on the dashboard's list [tracked], and the dashboard gave no clear answer "
            "whether it has a hidden run of that id.");
    }
}

/* What is known of the run's incarnations when one was named; none when that is not the trouble. */
struct known {
    pm_str id;
    uint64_t count, newest;
};

static struct known find_known(const struct pm_look *look)
{
    struct known known = {.id = look->wanted.id};
    if (!look->wanted.has_index) {
        return known;
    }
    if (look->match.count == 1) {
        const struct pm_listed *run = look->match.runs[0];
        return (struct known){
            run->info->id,
            run->incarnation_count,
            run->info->index,
        };
    }
    for (size_t i = 0; i < look->asked; i++) {
        const struct pm_run_page *page = pm_dashboard_run(look->incarnations[i]);
        if (page && page->is_there) {
            known.count++;
            known.newest = i;
        }
    }
    return known;
}

static void say_no_incarnation(struct pm_say *say, const struct pm_look *look,
                               const struct known *known, bool is_sure)
{
    pm_say_text(say, pm_clean(look->call->arena, PM_TEXT_ID, known->id));
    pm_say_own(say, is_sure ? " exists, but has no incarnation "
                            : " exists, but whether it has an incarnation ");
    pm_say_count(say, look->wanted.index);
    pm_say_own(say,
               is_sure ? " [tracked:not-found]: " : " is not known, for that page did not come: ");
    pm_say_counted(say, known->count, "is known, the newest is ", "are known, the newest is ");
    pm_say_count(say, known->newest);
    pm_say_own(say, " [tracked].");
}

/* An ask that came back with "no such run"; NULL when none did. */
static const struct pm_ask *find_refusal(const struct pm_look *look)
{
    const struct pm_batch *batch = &look->call->batch;
    for (size_t i = 0; i < batch->count; i++) {
        bool is_page = pm_dashboard_is_run(batch->asks[i]);
        const struct pm_run_page *page = is_page ? pm_dashboard_run(batch->asks[i]) : NULL;
        if (page && !page->is_there) {
            return batch->asks[i];
        }
    }
    return look->list && look->match.count == 0 ? look->runs : NULL;
}

static void write_not_found_group(const struct pm_look *look, struct pm_answer *answer)
{
    const struct pm_ask *refusal = find_refusal(look);
    struct pm_group *group = NULL;
    if (refusal) {
        group = pm_group_open(answer, "tracked", pm_origin_not_found(&look->call->batch, refusal));
    }
    if (look->list) {
        pm_put_flag(group, "listed", look->match.count == 1);
    }
    if (look->wanted.has_index) {
        pm_put_count(group, "index", look->wanted.index);
    }
}

static void note_missing(const struct pm_look *look, struct pm_answer *answer)
{
    if (!look->list) {
        pm_answer_note_own(
            answer,
            "the dashboard's list did not come: names and parts of them could not be tried");
    } else if (look->list->indexer_fault) {
        pm_answer_note_own(
            answer, "the dashboard says that its indexer stopped: it may know less than there is");
    }
}

static void suggest_others(const struct pm_look *look, struct pm_answer *answer,
                           const struct pm_listed *const *near, size_t near_count)
{
    if (near_count) {
        pm_look_write_candidates(look, answer, near, near_count, near_count);
        pm_look_suggest(look, answer, near[0]->info->id, "the most similar id");
    }
    suggest_list(look, answer);
    suggest_web_search(look, answer);
}

static void write_missing(const struct pm_look *look, struct pm_answer *answer)
{
    bool is_sure = pm_look_is_surely_missing(look), lacks_it = pm_look_tracked_lacks(look);
    const struct pm_listed *near[PM_NEAR_MOST];
    size_t near_count = pm_near_runs(&look->listing, look->wanted.id, near);
    struct known known = find_known(look);
    struct pm_say say;
    pm_say_init(&say, look->call->arena);
    if (known.count) {
        say_no_incarnation(&say, look, &known, lacks_it);
    } else if (lacks_it) {
        say_misses(&say, look, near, near_count);
    } else {
        say_unsure(&say, look);
    }
    if (!known.count && (lacks_it || !look->chain.nodes.is_off)) {
        pm_look_chain_say_missing(look, &say);
    }
    if (look->say_beside && !known.count) {
        look->say_beside(look, &say);
    }
    /* Which incarnations there were, the dashboard alone can say. */
    is_sure = is_sure || (known.count && lacks_it);
    pm_answer_found(answer, is_sure ? PM_FOUND_FALSE : PM_FOUND_UNKNOWN);
    pm_look_quote_asked(look, answer);
    pm_answer_summary(answer, &say);
    write_not_found_group(look, answer);
    note_missing(look, answer);
    pm_look_write_chain_notes(look, answer, NULL);
    if (known.count) {
        pm_look_suggest(look, answer, known.id, "its newest incarnation");
    } else {
        suggest_others(look, answer, near, near_count);
    }
}

void pm_look_write_none(const struct pm_look *look, struct pm_answer *answer)
{
    if (look->match.count > 1 || look->chain.match.count > 1) {
        pm_look_write_several(look, answer);
    } else {
        write_missing(look, answer);
    }
}
