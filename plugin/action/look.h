/* look.h - looking for one run, for every action that is about one.
 *
 * look.c asks the dashboard and decides what was found; look_chain.c asks the chain beside it;
 * look_words.c says which run it is, when that is not plain; look_missing.c is the answer when no
 * run fits the words, look_several.c when more than one does. */
#ifndef PM_ACTION_LOOK_H
#define PM_ACTION_LOOK_H

#include "action/action.h"
#include "action/resolve.h"
#include "source/chain_list.h"
#include "source/chain_run.h"

#define PM_INCARNATIONS_MOST 16 /* looked for one after the other, when a run is not on the list */

/* The same question, put to the chain. The words are asked for as an id at once; when they lead to
 * another id, that one is asked for as well. */
struct pm_look_chain {
    struct pm_nodes nodes;
    struct pm_chain_run exact;   /* the words as they are */
    struct pm_chain_run matched; /* the id that they lead to, when it is another one */
    bool is_matched_asked;
    struct pm_chain_list list; /* every run: asked only when no run fits the words */
    bool is_list_asked, are_heads_asked;
    struct pm_chain_match match; /* on that list */
};

/* One question about one run, while it is asked. */
struct pm_look {
    struct pm_call *call;
    bool only_ids; /* names and parts of them do not count: the words may mean something else */
    pm_str given;  /* what was asked for: the request's run_id, or the configured one */
    bool is_configured;
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
    struct pm_look_chain chain;
    /* NULL, or what asks others than dashboard and chain about the run, after each reply; whether it
     * asked anything. */
    bool (*beside)(struct pm_look *look);
    void *beside_of; /* for it */
    /* NULL, or what they have to say when no run was found. */
    void (*say_beside)(const struct pm_look *look, struct pm_say *say);
};

/* What was found: by the dashboard (info), on chain (chain), or by both. Never neither. */
struct pm_view {
    pm_str id;
    const struct pm_run_info *info; /* NULL: only the chain has the run, and page is NULL too */
    const struct pm_run_page *page; /* NULL: only the list's row is known */
    const struct pm_ask *ask;       /* where info comes from; NULL without */
    /* NULL, or a run that is there (PM_CHAIN_THERE) and is this very incarnation. Its instance is
     * good; whether its coordinator account is, has_coordinator says. pm_view_coordinator asks
     * both. Its facts are of chain->ask (an origin can be made of that). */
    const struct pm_chain_run *chain;
    enum pm_match how;
    bool is_listed_known, is_listed;
    uint64_t index, older;
    bool has_newer;
    uint64_t newest;
    bool may_have_newer;           /* not every incarnation could be looked at */
    bool is_chain_newer;           /* the chain has the run, but another incarnation of it */
    const struct pm_listed *other; /* a listed run that these words fit as well, or NULL */
};

/* What the run is, by whichever source tells it: the dashboard before the chain. */
struct pm_big pm_view_params(const struct pm_view *view); /* unknown when neither does */
pm_str pm_view_name(const struct pm_view *view);          /* empty when it has none */
/* The run's whole state on chain; NULL when that is not known. */
const struct pm_coordinator *pm_view_coordinator(const struct pm_view *view);

/* run_id was given, or is configured: there is something to look for. */
bool pm_look_has_words(const struct pm_call *call);
/* Asks about the request's run_id until it is known or the time is over. False with call->error
 * set when nobody answered anything. `look` has its call, and only_ids if so, set; it must not be
 * moved or copied afterwards. */
PM_CHECKED bool pm_look_around(struct pm_look *look);
PM_CHECKED bool pm_look_find(const struct pm_look *look, struct pm_view *view);
/* Everyone who was asked answered, and nobody has it. */
bool pm_look_is_surely_missing(const struct pm_look *look);
/* What was asked of the chain about the run that was found, or about the words: never NULL. Its
 * `found` says how that ended (PM_CHAIN_NOT_ASKED: the chain is off), pm_chain_run_trouble why. */
const struct pm_chain_run *pm_look_chain_run(const struct pm_look *look,
                                             const struct pm_view *view);

/* run_id and matched_by. */
void pm_look_write_asked(const struct pm_look *look, struct pm_answer *answer,
                         const struct pm_view *view);
/* What asks for this run again: its id, with the incarnation unless that is the newest. */
const struct pm_clean *pm_look_name(struct pm_arena *arena, const struct pm_view *view);
/* A whole answer, but for its sources: when pm_look_find found none. */
void pm_look_write_none(const struct pm_look *look, struct pm_answer *answer);
/* Notes on what was asked of the chain, for an answer about a run that was found: another
 * incarnation, an account that could not be read, a node that contradicts another. */
void pm_look_write_chain_notes(const struct pm_look *look, struct pm_answer *answer,
                               const struct pm_view *view);

/* " It is the only listed run that begins like this."; nothing when it is plain. */
void pm_look_say_which(struct pm_call *call, struct pm_say *say, const struct pm_view *view);

#endif
