/* look_chain.h - the chain's part in looking for a run; see look.h. */
#ifndef PM_ACTION_LOOK_CHAIN_H
#define PM_ACTION_LOOK_CHAIN_H

#include "action/look.h"

/* Asks at once for what can be asked without having looked at anything. */
void pm_look_chain_begin(struct pm_look *look);
/* Reads what is in and asks for what has become possible; whether that depends on an answer, and so
 * has a patience of its own. */
bool pm_look_chain_go_on(struct pm_look *look);
void pm_look_chain_settle(struct pm_look *look);

/* Whether the dashboard's pages still leave open that it has a run of exactly the wanted id. */
bool pm_look_is_open(const struct pm_look *look);

/* The run on chain that the words lead to, as far as that is known; NULL: none (yet). */
const struct pm_chain_run *pm_look_chain_current(const struct pm_look *look);
/* The run on chain of that id, as far as it was asked for; NULL when it was not. */
const struct pm_chain_run *pm_look_chain_find(const struct pm_look *look, pm_str id);
/* Everyone at the dashboard answered, and it has no such run. */
bool pm_look_tracked_lacks(const struct pm_look *look);
/* The same of a run that has the words as its id, whatever other runs they fit. */
bool pm_look_tracked_lacks_id(const struct pm_look *look);
/* Nobody can say more of the chain than that the run is not there: nothing was asked, or it was
 * answered that there is none. */
bool pm_look_chain_lacks(const struct pm_look *look);
/* Ids fit nothing, and the names of all runs on chain were looked at as well. */
bool pm_look_chain_were_named(const struct pm_look *look);
/* The chain's answer to words that no run was found for. */
void pm_look_chain_say_missing(const struct pm_look *look, struct pm_say *say);
/* "the chain (devnet)", by the answers of this run's nodes or by what was expected of them. */
void pm_look_chain_say_name(const struct pm_look *look, struct pm_say *say);

/* What was asked for, as it may be quoted; `unquoted` stands for what could be no id. */
void pm_look_say_asked(struct pm_say *say, const struct pm_look *look, const char *unquoted);
void pm_look_quote_asked(const struct pm_look *look, struct pm_answer *answer);
/* The same question about the run of this id. */
void pm_look_suggest(const struct pm_look *look, struct pm_answer *answer, pm_str id,
                     const char *why);
void pm_look_write_candidates(const struct pm_look *look, struct pm_answer *answer,
                              const struct pm_listed *const *runs, size_t count, size_t total);
/* More than one run fits. */
void pm_look_write_several(const struct pm_look *look, struct pm_answer *answer);

#endif
