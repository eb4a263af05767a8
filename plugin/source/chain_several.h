/* chain_several.h - one thing about each of a few runs whose ids are known.
 *
 * Two trips for all of them together: their instances, then either the head of each run's state or
 * the leave of its join authority for everybody. Each account is judged by itself. */
#ifndef PM_SOURCE_CHAIN_SEVERAL_H
#define PM_SOURCE_CHAIN_SEVERAL_H

#include "source/chain_run.h"

#define PM_CHAIN_SEVERAL_MOST 8

enum pm_chain_wanted {
    PM_CHAIN_WANTED_HEADS,   /* what the run is and where it stands, its checkpoint with it */
    PM_CHAIN_WANTED_JOINING, /* who may join */
};

struct pm_chain_one {
    pm_str id;
    bool has_key; /* false: no run can have such an id */
    struct pm_key key, authorizer_key;
    enum pm_chain_found found;
    struct pm_chain_part instance_part; /* asked for while `found` is not PENDING or SILENT */
    struct pm_instance instance;
    size_t at;                       /* in keys; SIZE_MAX: not asked for */
    struct pm_chain_part part;       /* of the second account */
    struct pm_coordinator_head head; /* when part.is_asked and its verdict is OK */
    enum pm_joining joining;
};

struct pm_chain_several {
    struct pm_nodes *nodes;
    unsigned moves;
    enum pm_chain_wanted wanted;
    bool carries;
    struct pm_key authorizer_program;
    struct pm_question first_question, second_question;
    struct pm_key first_keys[PM_CHAIN_SEVERAL_MOST + 1], keys[PM_CHAIN_SEVERAL_MOST];
    size_t first_count, key_count;
    const struct pm_ask *first, *second; /* the answers that were read; NULL: none yet */
    struct pm_chain_one runs[PM_CHAIN_SEVERAL_MOST];
    size_t count;
};

/* Asks for the runs of exactly these ids, of the first PM_CHAIN_SEVERAL_MOST of them. */
void pm_chain_several_ask(struct pm_chain_several *several, struct pm_nodes *nodes,
                          enum pm_chain_wanted wanted, const pm_str *ids, size_t count,
                          bool carries);
/* Reads what is in and asks for what has become possible; whether it asked. Nothing before the first
 * pm_chain_several_ask. */
bool pm_chain_several_go_on(struct pm_chain_several *several);
/* The waiting is over: nothing is pending afterwards. */
void pm_chain_several_settle(struct pm_chain_several *several);
/* The run of that id; NULL when it was not asked for. */
const struct pm_chain_one *pm_chain_several_find(const struct pm_chain_several *several, pm_str id);
/* One of them is said not to be there, or it is not sure that it is not. */
bool pm_chain_several_lacks_any(const struct pm_chain_several *several);
/* The ask that tells why something is not known; NULL when all was answered, or nothing asked. */
const struct pm_ask *pm_chain_several_trouble(const struct pm_chain_several *several);

/* --- what is done with replies, without a network --- */

/* The first rows are the instances of `runs` that have a key, in order; the last is the program. */
void pm_chain_several_take_first(struct pm_chain_several *several,
                                 const struct pm_rpc_accounts *accounts);
void pm_chain_several_take_second(struct pm_chain_several *several,
                                  const struct pm_rpc_accounts *accounts);

#endif
