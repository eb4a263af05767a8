/* body.h - the first steps from a body to facts, the same for every source.
 *
 * A body is judged by itself, whatever its content type says. Each of these sets `outcome` when
 * there will be no facts. */
#ifndef PM_SOURCE_BODY_H
#define PM_SOURCE_BODY_H

#include "codec/json.h"
#include "net/entry.h"

/* A page of the web, as sites and proxies put it where JSON belongs. */
bool pm_body_is_page(const struct pm_body *body);
/* What a reader of JSON came upon. */
void pm_body_note_problem(const struct pm_json_problem *problem, struct pm_outcome *outcome);
/* The root of the body, read in place, or NULL. */
PM_CHECKED yyjson_val *pm_body_read(struct pm_arena *scratch, struct pm_body *body,
                                    struct pm_outcome *outcome);
/* `facts`, or NULL when the arena they were built on is full. */
void *pm_body_finish(const struct pm_arena *arena, void *facts, struct pm_outcome *outcome);

/* A source's own words, cut between two characters so that they fit into a problem. */
pm_str pm_body_words(pm_str words);

#endif
