/* run_details.h - one run in detail: what the files of this action share.
 *
 * run_details.c asks and decides what was found; _facts, _config and _lists write the facts of a
 * run, _words and _notes what is said of it, _missing the answer when there is no such run or more
 * than one. */
#ifndef PM_ACTION_RUN_DETAILS_H
#define PM_ACTION_RUN_DETAILS_H

#include "action/action.h"
#include "action/derive.h"
#include "action/resolve.h"

#define PM_DETAILS_BRIEF_EVALS 8
#define PM_INCARNATIONS_MOST 16 /* looked for one after the other, when a run is not on the list */

/* One question about one run, while it is asked. */
struct pm_look {
    struct pm_call *call;
    struct pm_ask *runs;
    struct pm_ask *ahead; /* incarnation 0 of what may be an id, or NULL */
    pm_str ahead_id;
    bool is_list_read;          /* or known not to come */
    const struct pm_runs *list; /* NULL: not answered */
    struct pm_listing listing;
    struct pm_wanted wanted;
    struct pm_resolved match; /* on the list */
    struct pm_ask *page;      /* of the listed run, when there is one match */
    bool is_probing;          /* runs are also readable when they are not listed: */
    struct pm_ask *incarnations[PM_INCARNATIONS_MOST]; /* of exactly the wanted id, by index */
    size_t asked;
    struct pm_ask *named; /* the incarnation that was named */
};

/* What was found. */
struct pm_view {
    pm_str id;
    const struct pm_run_info *info;
    const struct pm_run_page *page; /* NULL: only the list's row is known */
    const struct pm_ask *ask;       /* where the facts come from */
    enum pm_match how;
    bool is_listed_known, is_listed;
    uint64_t index, older;
    bool has_newer;
    uint64_t newest;
    bool may_have_newer;           /* not every incarnation could be looked at */
    const struct pm_listed *other; /* a listed run that these words fit as well, or NULL */
};

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

void pm_details_write_ambiguous(const struct pm_look *look, struct pm_answer *answer);
/* `is_sure`: everyone who was asked answered, and nobody has it. */
void pm_details_write_missing(const struct pm_look *look, struct pm_answer *answer, bool is_sure);

#endif
