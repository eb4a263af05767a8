/* frame.h - what stands around the facts of any answer: which part is shown, whom to trust, and
 * notes on age, limits and clocks. */
#ifndef PM_ACTION_FRAME_H
#define PM_ACTION_FRAME_H

#include "action/action.h"

/* From this difference on two clocks disagree; below it they are only not set to the second. */
#define PM_CLOCK_SLACK_S 300

/* A page "g.<part>…" of the parts named, NULL-terminated, is that part of the answer alone. Fails
 * the call for any other page; nothing is done without one. */
bool pm_frame_read_part(struct pm_call *call, struct pm_answer *answer, const char *const *parts);

/* What a comparison of the sources came to. */
struct pm_agreement {
    const char *verdict;  /* "agree", "lag", "conflict" or "single" */
    enum pm_source trust; /* whose word counts where they differ */
    struct pm_say why;    /* one sentence */
};

void pm_frame_agree(struct pm_call *call, struct pm_answer *answer,
                    const struct pm_agreement *agreement);
/* Only `trust` told anything. The other one was asked (`silent`), or was not (NULL). */
void pm_frame_agree_single(struct pm_call *call, struct pm_answer *answer, enum pm_source trust,
                           const struct pm_ask *silent);

/* " These facts are 3 min old: the dashboard gave …." when they are an older answer's. */
void pm_frame_say_stale(struct pm_call *call, struct pm_say *say, const struct pm_ask *ask);

/* What a node says now is of an earlier slot than what it said before: it was set back, or another
 * one stands behind the same address. */
void pm_frame_note_slot_back(struct pm_call *call, struct pm_answer *answer, uint64_t before,
                             uint64_t now);
/* The same of any question of this call that was put by an earlier call as well: the one that fell
 * behind most. */
void pm_frame_note_slots(struct pm_call *call, struct pm_answer *answer);

void pm_frame_note_limit(struct pm_call *call, struct pm_answer *answer);
/* The source puts what happened into the future. */
bool pm_frame_is_ahead(const struct pm_call *call, struct pm_moment newest);
void pm_frame_note_clocks(struct pm_call *call, struct pm_answer *answer, struct pm_moment newest);
void pm_frame_note_indexer(struct pm_answer *answer, bool indexer_fault);

#endif
