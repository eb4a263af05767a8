/* alike.h - ids that a reader takes for one another.
 *
 * Anybody may name a run almost as a known one is called. Two ids are alike when they differ only in
 * what is easily overlooked: letters' case and marks, separators, digits that look like letters,
 * letters of other scripts and signs that look like Latin ones, "rn" for "m", and characters that
 * cannot be seen. Hermes-3 and hermes-4 are not alike: such a difference is meant to be read. */
#ifndef PM_ACTION_ALIKE_H
#define PM_ACTION_ALIKE_H

#include "action/action.h"
#include "action/listed.h"

/* False for equal texts, and for texts of which nothing is left. */
bool pm_is_alike(pm_str a, pm_str b);

/* The run is not on the dashboard's list, but one that is written almost like it, by its id or its
 * name (which may be empty). */
bool pm_alike_to_any(const struct pm_listing *listing, pm_str id, pm_str name);

/* Notes that a run which is not on the dashboard's list is written almost like one that is, by its id
 * or its name (which may be empty). Facts with their source: what follows from them is for people. */
void pm_alike_note(const struct pm_call *call, struct pm_answer *answer,
                   const struct pm_listing *listing, pm_str id, pm_str name);

#endif
