/* look.h - looking for one run, for every action that is about one.
 *
 * look.c asks and decides what was found; look_words.c says which run it is, when that is not
 * plain; look_missing.c is the answer when no run fits the words, or more than one does. */
#ifndef PM_ACTION_LOOK_H
#define PM_ACTION_LOOK_H

#include "action/action.h"
#include "action/resolve.h"

#define PM_INCARNATIONS_MOST 16 /* looked for one after the other, when a run is not on the list */

/* One question about one run, while it is asked. */
struct pm_look {
    struct pm_call *call;
    bool only_ids; /* names and parts of them do not count: the words may mean something else */
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

/* Asks about the request's run_id until it is known or the time is over. False with call->error
 * set when nobody answered anything. `look` has its call, and only_ids if so, set. */
PM_CHECKED bool pm_look_around(struct pm_look *look);
PM_CHECKED bool pm_look_find(const struct pm_look *look, struct pm_view *view);
/* Everyone who was asked answered, and nobody has it. */
bool pm_look_is_surely_missing(const struct pm_look *look);

/* run_id and matched_by. */
void pm_look_write_asked(const struct pm_look *look, struct pm_answer *answer,
                         const struct pm_view *view);
/* What asks for this run again: its id, with the incarnation unless that is the newest. */
const struct pm_clean *pm_look_name(struct pm_arena *arena, const struct pm_view *view);
/* A whole answer, but for its sources: when pm_look_find found none. */
void pm_look_write_none(const struct pm_look *look, struct pm_answer *answer);

/* " It is the only listed run that begins like this."; nothing when it is plain. */
void pm_look_say_which(struct pm_call *call, struct pm_say *say, const struct pm_view *view);

#endif
