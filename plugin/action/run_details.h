/* run_details.h - one run in detail: what the files of this action share.
 *
 * _facts, _config and _lists write what the dashboard tells of a run, _chain what the chain does;
 * _words and _notes what is said of it. */
#ifndef PM_ACTION_RUN_DETAILS_H
#define PM_ACTION_RUN_DETAILS_H

#include "action/derive.h"
#include "action/frame.h"
#include "action/look.h"

/* Active by its word, but heard of too long ago to be called training. */
bool pm_details_is_silent(const struct pm_view *view, int64_t now_ms);

/* Everything is to be written: a full answer, or a page of it. */
bool pm_details_is_full(const struct pm_call *call);

/* Nothing when it is not known. */
void pm_details_put_count_if(struct pm_group *group, const char *key, struct pm_count count);
void pm_details_put_float_if(struct pm_group *group, const char *key, struct pm_number number);

void pm_details_write_facts(const struct pm_look *look, struct pm_answer *answer,
                            const struct pm_view *view, const struct pm_agreement *agreement);
void pm_details_write_config(struct pm_call *call, struct pm_group *group,
                             const struct pm_run_config *config);
/* The plan of a learning rate, in a group of settings. */
void pm_details_write_schedule(struct pm_call *call, struct pm_group *config,
                               const struct pm_lr_schedule *lr);
void pm_details_write_lists(struct pm_call *call, struct pm_group *group,
                            const struct pm_view *view);
void pm_details_write_notes(const struct pm_look *look, struct pm_answer *answer,
                            const struct pm_view *view);
void pm_details_write_words(const struct pm_look *look, struct pm_answer *answer,
                            const struct pm_view *view, const struct pm_agreement *agreement);

#endif
