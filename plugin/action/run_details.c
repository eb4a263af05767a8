/* run_details.c - one run in detail. */

#include "action/run_details.h"

bool pm_details_is_full(const struct pm_call *call)
{
    return call->request->is_full || call->request->page.len;
}

/* A page ("g.tracked", "g.tracked.evals.3") is one part of this answer, written alone. */
static bool read_page(struct pm_call *call, struct pm_answer *answer)
{
    static const char *const parts[] = {"g.tracked", "g.candidates", "g.agreement", "g.guide"};
    pm_str page = call->request->page;
    bool is_ours = page.len == 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        pm_str part = pm_str_from(parts[i]), rest = pm_str_tail(page, part.len);
        is_ours = is_ours || (pm_str_starts(page, part) && (rest.len == 0 || rest.ptr[0] == '.'));
    }
    if (!is_ours || (page.len && !pm_answer_only_page(answer, page))) {
        return pm_fail(&call->error, PM_E_BAD_REQUEST,
                       "page is not one of run_details; copy it from omitted of its answer");
    }
    return true;
}

static void write_found(struct pm_look *look, struct pm_answer *answer, const struct pm_view *view)
{
    pm_answer_found(answer, PM_FOUND_TRUE);
    pm_look_write_asked(look, answer, view);
    pm_details_write_words(look->call, answer, view);
    pm_details_write_facts(look->call, answer, view);
}

bool pm_action_run_details(struct pm_call *call, struct pm_answer *answer)
{
    struct pm_look look = {.call = call};
    struct pm_view view = {0};
    if (call->request->run_id.len == 0) {
        return pm_fail(&call->error, PM_E_BAD_REQUEST,
                       "run_details needs run_id, a run's id or name; list_runs gives them");
    }
    if (!read_page(call, answer)) {
        return false;
    }
    if (!pm_look_around(&look)) {
        return false;
    }
    if (pm_look_find(&look, &view)) {
        write_found(&look, answer, &view);
    } else {
        pm_look_write_none(&look, answer);
    }
    pm_answer_sources(answer, &call->batch);
    return true;
}
