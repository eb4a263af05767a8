/* quote.h - sentences of the references in an answer. */
#ifndef PM_ACTION_QUOTE_H
#define PM_ACTION_QUOTE_H

#include "action/action.h"

/* The answer's group "guide" with the date of that document; what is wrong with it is noted. NULL
 * when there is nothing to quote. */
struct pm_group *pm_quote_open(struct pm_call *call, struct pm_answer *answer,
                               const struct pm_document *document);

/* The meaning of that heading under `key`; nothing when there is no such heading. */
void pm_quote_put(struct pm_call *call, struct pm_group *group, const char *key,
                  const struct pm_document *document, pm_str heading);

/* A group with one meaning, "Hub: The weights are in …"; no group without one. The heading is said,
 * not the word it was found by: that may be an outsider's. */
void pm_quote_meaning(struct pm_call *call, struct pm_answer *answer,
                      const struct pm_document *document, const char *key, pm_str heading);

/* That no tool can tell a scam, and what to compare. */
void pm_quote_trust(struct pm_call *call, struct pm_answer *answer);

#endif
