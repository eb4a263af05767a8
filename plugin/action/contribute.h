/* contribute.h - what the files of this action share.
 *
 * contribute.c answers how to take part, contribute_open.c has the live part of that,
 * contribute_joining.c who may join, contribute_page.c answers with one section of the references. */
#ifndef PM_ACTION_CONTRIBUTE_H
#define PM_ACTION_CONTRIBUTE_H

#include "action/heading.h"
#include "action/listed.h"
#include "action/quote.h"
#include "source/chain_several.h"

#define PM_OPEN_PAGES_MOST 4 /* own pages asked for, of waiting and of active runs */

/* What is live about taking part: all of it company of the guide. */
struct pm_open {
    struct pm_ask *runs, *pool;
    bool is_list_read;
    struct pm_listing listing;
    const struct pm_listed **waiting; /* the largest first */
    size_t waiting_count;
    const struct pm_listed **active; /* those heard of lately, the largest first */
    size_t active_count;
    size_t silent; /* active by their word alone */
    struct pm_ask *waiting_pages[PM_OPEN_PAGES_MOST], *active_pages[PM_OPEN_PAGES_MOST];
    struct pm_nodes nodes;
    struct pm_chain_several joining; /* of the runs whose pages are asked for */
};

/* Waits for it no longer than patience_ms. */
void pm_open_ask(struct pm_call *call, struct pm_open *open);
void pm_open_write(struct pm_call *call, struct pm_answer *answer, const struct pm_open *open);
/* " Open now: …"; what did not come is said. */
void pm_open_say(struct pm_call *call, struct pm_say *say, const struct pm_open *open);
void pm_open_note(struct pm_call *call, struct pm_answer *answer, const struct pm_open *open);

/* --- who may join: the chain alone tells --- */

void pm_open_joining_init(struct pm_call *call, struct pm_open *open);
/* For those runs of the list whose pages are asked for. */
void pm_open_joining_ask(struct pm_open *open);
void pm_open_joining_go_on(struct pm_open *open);
/* The waiting is over. */
void pm_open_joining_settle(struct pm_open *open);
/* NULL: not known. */
const char *pm_open_joining_word(const struct pm_open *open, pm_str id);
/* Where the words come from, up to two asks. */
size_t pm_open_joining_asks(const struct pm_open *open, const struct pm_ask *asks[2]);
void pm_open_joining_say(struct pm_call *call, struct pm_say *say, const struct pm_open *open);
/* "open_to is not known: …"; nothing when it is, of all. */
void pm_open_joining_note(struct pm_call *call, struct pm_answer *answer,
                          const struct pm_open *open);

/* --- the references --- */

/* The section that `page` names, or what is like it. */
void pm_contribute_write_page(struct pm_call *call, struct pm_answer *answer);

/* The words that can be asked for. */
void pm_contribute_write_topics(struct pm_call *call, struct pm_answer *answer);

#endif
