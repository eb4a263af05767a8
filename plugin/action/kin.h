/* kin.h - is somebody in charge of an unlisted run who is in charge of a listed one?
 *
 * Of a run that the dashboard does not list the authorities are compared with those of all that it
 * does list: one question more, for their instances, unless all runs on chain were looked through for
 * this one. It is company: no answer waits for it longer than for others. */
#ifndef PM_ACTION_KIN_H
#define PM_ACTION_KIN_H

#include "action/look.h"

struct pm_kin {
    bool is_asked;
    unsigned moves;
    struct pm_key instance_key; /* of the run */
    struct pm_key keys[PM_RPC_KEYS_MOST];
    size_t count;
    struct pm_question question;
};

/* Asks as soon as the run and the list are known; whether it asked anything. */
bool pm_kin_go_on(struct pm_kin *kin, struct pm_look *look);
/* Notes what came of it: nothing when it is not known of all that are listed. */
void pm_kin_note(const struct pm_kin *kin, const struct pm_look *look, const struct pm_view *view,
                 struct pm_answer *answer);

#endif
