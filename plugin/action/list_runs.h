/* list_runs.h - what the files of this action share.
 *
 * list_runs.c asks and puts the answer together, _order puts the runs of both sources into one
 * order, _rows writes the table, _words and _notes what is said. */
#ifndef PM_ACTION_LIST_RUNS_H
#define PM_ACTION_LIST_RUNS_H

#include "action/action.h"
#include "action/listed.h"
#include "source/chain_list.h"

/* A run as one of the sources has it, or both. */
struct pm_list_row {
    const struct pm_listed *run;      /* NULL: not on the dashboard's list */
    const struct pm_chain_row *chain; /* NULL: not known to be on chain */
};

struct pm_ordered {
    struct pm_list_row *rows; /* as they are shown */
    size_t count;
    size_t in_class[PM_CLASS_COUNT];
    size_t in_other_state; /* of those in the class of the completed */
    size_t on_chain;       /* of those on the dashboard's list */
};

struct pm_place { /* where a page begins: after this key */
    bool is_given;
    unsigned rank; /* its class */
    pm_str id;
};

/* One list while it is asked for, and then what was found. */
struct pm_list {
    struct pm_call *call;
    struct pm_place place;
    struct pm_nodes nodes;
    struct pm_chain_list chain;
    struct pm_ask *ask;         /* the dashboard's list */
    struct pm_ask *models;      /* the hub's newest, or NULL */
    const struct pm_runs *runs; /* NULL: there is none (yet) */
    struct pm_listing listing;
    struct pm_ordered ordered;
    size_t first;                /* of the rows shown, in ordered */
    bool has_key;                /* the row that the page begins after is still in the list */
    int64_t look_anyway_mono_ms; /* from then on the dashboard's list is not waited for */
};

/* --- _order --- */

struct pm_ordered pm_list_order(struct pm_arena *arena, const struct pm_listing *listing,
                                const struct pm_chain_list *chain);
unsigned pm_list_rank(const struct pm_list_row *row);
pm_str pm_list_id(const struct pm_list_row *row);

/* A token of the list, or a part of the answer alone; fails the call for any other page. */
bool pm_list_read_page(struct pm_call *call, struct pm_answer *answer, struct pm_place *place);
const struct pm_clean *pm_list_token(struct pm_arena *arena, const struct pm_list_row *row);
/* The first row behind that place; whether the place's own row is there. */
size_t pm_list_find(const struct pm_ordered *ordered, const struct pm_place *place, bool *has_key);
/* Behind the last row shown. */
size_t pm_list_end(const struct pm_list *list);

/* --- _rows --- */

void pm_list_write_table(const struct pm_list *list, struct pm_answer *answer);
/* What a plan was worked out to, since the batch grows on the way, is "about". */
bool pm_list_is_about(const struct pm_list_row *row);

/* --- _words --- */

/* Of the active runs that were heard of lately; NULL when there is none. */
const struct pm_run_info *pm_list_largest(const struct pm_ordered *ordered, int64_t now_ms);
void pm_list_write_summary(const struct pm_list *list, struct pm_answer *answer);

/* --- _notes --- */

void pm_list_write_notes(const struct pm_list *list, struct pm_answer *answer);

#endif
