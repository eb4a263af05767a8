/* resolve.h - which run is meant.
 *
 * People and agents name a run by its id, its name, or the part they remember. An exact word wins
 * over a partial one, and a partial one counts only when it fits a single run. */
#ifndef PM_ACTION_RESOLVE_H
#define PM_ACTION_RESOLVE_H

#include "action/listed.h"
#include "source/chain_list.h"

enum pm_match {
    PM_MATCH_NONE,
    PM_MATCH_ID,
    PM_MATCH_NAME,   /* ASCII case ignored, as in the next two */
    PM_MATCH_PREFIX, /* of an id or a name */
    PM_MATCH_PART,
};

struct pm_resolved {
    enum pm_match how;
    const struct pm_listed **runs; /* more than one: the words fit each of them equally well */
    size_t count;
};

/* The same among the runs on chain. */
struct pm_chain_match {
    enum pm_match how;
    const struct pm_chain_row **rows;
    size_t count;
};

struct pm_wanted {
    pm_str id;      /* or name, or part of either */
    bool has_index; /* one incarnation was named: "id@index" */
    uint64_t index;
};

/* What a request's run_id asks for, raw or as answers show it. Without a list (NULL) an '@' is
 * always taken to come before an incarnation where that is possible. */
struct pm_wanted pm_wanted_read(struct pm_arena *arena, const struct pm_listing *listing,
                                pm_str given);

struct pm_resolved pm_resolve(struct pm_arena *arena, const struct pm_listing *listing,
                              pm_str words);

/* By ids alone; when none fits, by the names of those whose head is known. */
struct pm_chain_match pm_resolve_on_chain(struct pm_arena *arena, const struct pm_chain_list *list,
                                          pm_str words);

/* "id", "name", "prefix", "part"; NULL for PM_MATCH_NONE. */
const char *pm_match_word(enum pm_match how);

/* The account of a run is found by its id, which must fit the seed. */
bool pm_can_be_id(pm_str words);

#endif
