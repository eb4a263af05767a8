/* run_details.h - one run in detail: what the files of this action share.
 *
 * _facts, _config and _lists write the facts of a run, _words and _notes what is said of it. */
#ifndef PM_ACTION_RUN_DETAILS_H
#define PM_ACTION_RUN_DETAILS_H

#include "action/derive.h"
#include "action/look.h"

/* Active by its word, but heard of too long ago to be called training. */
bool pm_details_is_silent(const struct pm_view *view, int64_t now_ms);

/* Everything is to be written: a full answer, or a page of it. */
bool pm_details_is_full(const struct pm_call *call);

/* Nothing when it is not known. */
void pm_details_put_count_if(struct pm_group *group, const char *key, struct pm_count count);
void pm_details_put_float_if(struct pm_group *group, const char *key, struct pm_number number);

void pm_details_write_facts(struct pm_call *call, struct pm_answer *answer,
                            const struct pm_view *view);
void pm_details_write_config(struct pm_call *call, struct pm_group *group,
                             const struct pm_run_config *config);
void pm_details_write_lists(struct pm_call *call, struct pm_group *group,
                            const struct pm_view *view);
void pm_details_write_notes(struct pm_call *call, struct pm_answer *answer,
                            const struct pm_view *view);
void pm_details_write_words(struct pm_call *call, struct pm_answer *answer,
                            const struct pm_view *view);

#endif
