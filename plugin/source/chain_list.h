/* chain_list.h - every run that the coordinator program knows.
 *
 * One search gives all instances; head and tail of their coordinator accounts are then asked for
 * the runs that are wanted, a hundred a question. Many nodes refuse such a search: then the
 * instances of the ids that are known from elsewhere are looked at instead, and the list is what is
 * left of those, not of all. */
#ifndef PM_SOURCE_CHAIN_LIST_H
#define PM_SOURCE_CHAIN_LIST_H

#include "chain/coordinator_derive.h"
#include "chain/instance.h"
#include "source/nodes.h"
#include "source/rpc.h"

/* A call has room for 64 requests and 64 MiB; the tails of a hundred runs are 4 MiB. */
#define PM_CHAIN_KNOWN_CHUNKS 12 /* questions for instances by their ids */
#define PM_CHAIN_LOOK_CHUNKS 8   /* for heads, and for tails */
#define PM_CHAIN_LOOK_MOST (PM_CHAIN_LOOK_CHUNKS * PM_RPC_KEYS_MOST) /* runs */

struct pm_chain_row {
    struct pm_instance instance;
    bool is_looked_at; /* head and tail were asked for */
    enum pm_account_verdict verdict;
    struct pm_account_problem problem; /* for another verdict than OK */
    struct pm_coordinator_head *head;  /* NULL: not known */
    struct pm_coordinator_tail *tail;
};

enum pm_chain_list_state {
    PM_CHAIN_LIST_OFF,
    PM_CHAIN_LIST_PENDING,
    PM_CHAIN_LIST_SILENT,   /* no node answered */
    PM_CHAIN_LIST_PART,     /* no node searches: of the ids that were looked for alone */
    PM_CHAIN_LIST_DOUBTFUL, /* none were found, but the node does not show the program either */
    PM_CHAIN_LIST_WHOLE,
};

/* A hundred keys, and the question for each of the two slices. */
struct pm_chain_chunk {
    struct pm_key keys[PM_RPC_KEYS_MOST];
    size_t rows[PM_RPC_KEYS_MOST]; /* whose accounts they are */
    size_t count;
    struct pm_question question, tail_question; /* head and tail, or the instance alone */
    const struct pm_ask *taken, *tail_taken;
};

struct pm_chain_list {
    struct pm_nodes *nodes;
    unsigned moves;
    bool carries;
    struct pm_rpc_search search;
    struct pm_question discovery, program_question;
    const struct pm_ask *discovered; /* what rows were made from */
    struct pm_chain_chunk *known[PM_CHAIN_KNOWN_CHUNKS], *looks[PM_CHAIN_LOOK_CHUNKS];
    size_t known_chunks, look_chunks;
    size_t known_count; /* ids that were looked for by name */
    bool are_known_asked;

    enum pm_chain_list_state state;
    const struct pm_ask *ask;  /* where the instances come from */
    struct pm_chain_row *rows; /* by id, in byte order, each id once */
    size_t count, room;
    size_t unreadable; /* accounts found that are no instance of any run */
};

void pm_chain_list_ask(struct pm_chain_list *list, struct pm_nodes *nodes, bool carries);
bool pm_chain_list_go_on(struct pm_chain_list *list);
/* The search is refused everywhere, or failed: rows can come only from ids. */
bool pm_chain_list_wants_ids(const struct pm_chain_list *list);
/* Looks for the runs of these ids, and again for those of a search that is too old; once. Ids that
 * no run can have are passed over, and so is one that was there before. */
void pm_chain_list_try_ids(struct pm_chain_list *list, const pm_str *ids, size_t count);
/* The rows are what they will be: pointers to them stay good. */
bool pm_chain_list_is_ready(const struct pm_chain_list *list);
/* Once the list is ready: asks for head and tail of these rows (pointers into rows), unless they were
 * asked for already, or PM_CHAIN_LOOK_MOST were. */
void pm_chain_list_look_at(struct pm_chain_list *list, struct pm_chain_row *const *rows,
                           size_t count);
/* The same for the heads alone, where a run's name and phase are. */
void pm_chain_list_look_at_heads(struct pm_chain_list *list, struct pm_chain_row *const *rows,
                                 size_t count);
void pm_chain_list_settle(struct pm_chain_list *list);

/* NULL when it has none of that id. */
struct pm_chain_row *pm_chain_list_find(const struct pm_chain_list *list, pm_str id);
/* Why there is no whole list; NULL when there is, or nothing was asked. */
const struct pm_ask *pm_chain_list_trouble(const struct pm_chain_list *list);

#endif
