/* look_words.c - which run was found: what several actions say alike. */

#include "action/look.h"

#include "action/clauses.h"

void pm_look_write_asked(const struct pm_look *look, struct pm_answer *answer,
                         const struct pm_view *view)
{
    struct pm_arena *arena = look->call->arena;
    pm_answer_asked(answer, "run_id", pm_clean(arena, PM_TEXT_ID, view->id));
    pm_answer_asked(answer, "matched_by", pm_clean_own(arena, pm_match_word(view->how)));
}

const struct pm_clean *pm_look_name(struct pm_arena *arena, const struct pm_view *view)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, SIZE_MAX / 2);
    pm_buf_add(&buf, view->id);
    if (view->has_newer) {
        pm_buf_add_char(&buf, '@');
        pm_buf_add_u64(&buf, view->index);
    }
    return pm_clean(arena, PM_TEXT_ID, pm_buf_text(&buf));
}

static void say_match(struct pm_clauses *clauses, const struct pm_view *view)
{
    static const char *const words[][2] = {
        [PM_MATCH_NONE] = {NULL, NULL},
        [PM_MATCH_ID] = {NULL, NULL},
        [PM_MATCH_NAME] = {"the run of that name", "the only run on chain of that name"},
        [PM_MATCH_PREFIX] = {"the only listed run that begins like this",
                             "the only run on chain that begins like this"},
        [PM_MATCH_PART] = {"the only listed run that has these words in its id or name",
                           "the only run on chain that has these words in its id or name"},
    };
    const char *fit = words[view->how][view->info == NULL];
    if (fit) {
        pm_clauses_begin(clauses);
        pm_say_own(clauses->say, fit);
    }
}

static void say_incarnation(struct pm_clauses *clauses, const struct pm_view *view)
{
    if (view->index == 0 && !view->has_newer) {
        return;
    }
    pm_clauses_begin(clauses);
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

void pm_look_say_which(struct pm_call *call, struct pm_say *say, const struct pm_view *view)
{
    struct pm_clauses clauses = {.say = say, .lead = " It is ", .between = "; it is "};
    say_match(&clauses, view);
    if (view->info && view->is_listed_known && !view->is_listed) {
        pm_clauses_begin(&clauses);
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
