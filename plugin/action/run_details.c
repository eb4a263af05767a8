/* run_details.c - one run in detail. */

#include "action/run_details.h"

#include "action/kin.h"
#include "action/run_details_chain.h"

bool pm_details_is_full(const struct pm_call *call)
{
    return call->request->is_full || call->request->page.len;
}

static void write_found(struct pm_look *look, struct pm_answer *answer, const struct pm_view *view)
{
    struct pm_agreement agreement = pm_chain_details_agree(look, view);
    pm_answer_found(answer, PM_FOUND_TRUE);
    pm_look_write_asked(look, answer, view);
    pm_details_write_words(look, answer, view, &agreement);
    pm_details_write_facts(look, answer, view, &agreement);
}

static bool ask_beside(struct pm_look *look)
{
    return pm_kin_go_on(look->beside_of, look);
}

bool pm_action_run_details(struct pm_call *call, struct pm_answer *answer)
{
    static const char *const parts[] = {"tracked",   "on_chain", "candidates",
                                        "agreement", "guide",    NULL};
    struct pm_kin kin = {0};
    struct pm_look look = {.call = call, .beside = ask_beside, .beside_of = &kin};
    struct pm_view view = {0};
    if (!pm_look_has_words(call)) {
        return pm_fail(&call->error, PM_E_BAD_REQUEST,
                       "run_details needs run_id, a run's id or name; list_runs gives them");
    }
    if (!pm_frame_read_part(call, answer, parts)) {
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
