/* pool_status.h - what the files of this action share: pool_status.c asks and lists contributors,
 * _facts writes what each source says of the pool, _agree compares the two, _words is what is said. */
#ifndef PM_ACTION_POOL_STATUS_H
#define PM_ACTION_POOL_STATUS_H

#include "action/frame.h"
#include "action/pool.h"

struct pm_pool_view {
    struct pm_call *call;
    const struct pm_ask *ask;      /* the dashboard's */
    const struct pm_pool *tracked; /* NULL: the dashboard gave nothing */
    const struct pm_pool_on_chain *chain;
    const struct pm_pool *on_chain; /* NULL: the chain has no pool that can be read */
};

/* What the answer rests on: the chain's word before the dashboard's. NULL: nobody's. */
const struct pm_pool *pm_pool_main(const struct pm_pool_view *view);

void pm_pool_write_tracked(const struct pm_pool_view *view, struct pm_answer *answer);
/* Nothing when no node answered. */
void pm_pool_write_on_chain(const struct pm_pool_view *view, struct pm_answer *answer);

/* Compares the two; `why` is what the answer says of it. */
struct pm_agreement pm_pool_compare(const struct pm_pool_view *view);

void pm_pool_say_amount(struct pm_say *say, const struct pm_pool *pool, struct pm_big amount);
const char *pm_pool_unit(const struct pm_pool *pool); /* " USDC" */
void pm_pool_write_summary(const struct pm_pool_view *view, struct pm_answer *answer,
                           const struct pm_agreement *agreement);
/* `has_key`: the row that a page begins after is still in the list. */
void pm_pool_write_notes(const struct pm_pool_view *view, struct pm_answer *answer, bool has_key);

#endif
