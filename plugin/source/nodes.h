/* nodes.h - the Solana nodes that one of Psyche's programs is read through.
 *
 * A list in order: those that were configured, then the public one of the cluster. Each is asked
 * which cluster it belongs to (its genesis hash, kept for ever) beside the first real question, and
 * what a node of another cluster says is not used. A question goes to the next node when one fails,
 * refuses it, or lets it wait; all later questions begin where the last one got through. */
#ifndef PM_SOURCE_NODES_H
#define PM_SOURCE_NODES_H

#include "chain/key.h"
#include "net/batch.h"
#include "source/dashboard_status.h"

#define PM_NODES_MOST (PM_URLS_MOST + 2)

struct pm_node {
    pm_str url;
    struct pm_ask *genesis; /* NULL: not asked yet */
};

struct pm_nodes {
    struct pm_batch *batch;
    enum pm_psyche program; /* the coordinator or the pool */
    struct pm_key program_key;
    enum pm_cluster expected;
    struct pm_node list[PM_NODES_MOST];
    size_t count, at; /* at: where questions begin */
    struct {
        struct pm_ask *ask;
        size_t node;
    } asked[PM_BATCH_MOST]; /* all that was put to them, also by questions that are gone */
    size_t asked_count;
    bool is_off;           /* the chain is not to be asked */
    bool is_over;          /* nothing more is asked: the call does not wait any longer */
    unsigned moves;        /* how often the dashboard's word led elsewhere: at most twice */
    struct pm_ask *status; /* the dashboard's word on where the program is; NULL: not asked */
    bool is_status_ours, has_heard_status, has_heard_program;
    bool is_contradicted; /* the dashboard names another place, but ours was set by somebody */
};

/* One question, put to node after node until one answers. */
typedef struct pm_ask *pm_question_fn(struct pm_batch *batch, pm_str url, const void *what,
                                      bool carries);

struct pm_question {
    pm_question_fn *put;
    const void *what; /* for put; lives as long as the call */
    bool carries;
    bool is_asked;
    size_t node; /* the one asked last */
    struct pm_ask *asks[PM_NODES_MOST];
    int64_t asked_mono_ms;
};

void pm_nodes_init(struct pm_nodes *nodes, struct pm_batch *batch, enum pm_psyche program);

/* Asks the dashboard which program it reads, and on which cluster. That answer can take long, so it
 * is only looked at if it comes in time, unless it turns out to be needed. */
void pm_nodes_ask_check(struct pm_nodes *nodes);
/* Looks at it. Another program or cluster than the built-in one is taken over, once: questions are
 * then to be asked anew. One that was set stays. With `is_needed` the call waits for it, and lists it
 * among the sources even when it failed. */
void pm_nodes_check(struct pm_nodes *nodes, bool is_needed);
/* The same for what another reply of the dashboard says of the program alone, until the status has
 * spoken; nothing for a text that is no address. */
void pm_nodes_hear_program(struct pm_nodes *nodes, pm_str text);

/* Which cluster a node turned out to be of; false while it has not said, or will not. */
bool pm_node_cluster(const struct pm_node *node, enum pm_cluster *cluster);
/* It is of another cluster than the program. Somebody's own network never is: it serves every program
 * that was set up on it. */
bool pm_node_is_wrong(const struct pm_nodes *nodes, const struct pm_node *node);
/* A node that has not answered by then is passed over while another one is left. */
int64_t pm_nodes_pass_over_ms(const struct pm_nodes *nodes);

void pm_question_ask(struct pm_question *question, struct pm_nodes *nodes, pm_question_fn *put,
                     const void *what, bool carries);
/* Asks the next node where that is due; whether it did. */
bool pm_question_go_on(struct pm_question *question, struct pm_nodes *nodes);
/* The ask to take facts from: in, with facts, of a node of the right cluster or of one whose
 * cluster is not known; a fresh one before a stale one. NULL: nobody answered (yet). */
const struct pm_ask *pm_question_answer(const struct pm_question *question);
/* The ask that tells why there is no answer: the last one. NULL: nothing was asked. */
const struct pm_ask *pm_question_trouble(const struct pm_question *question);
/* No node is left that could still answer. */
bool pm_question_is_over(const struct pm_question *question, const struct pm_nodes *nodes);

#endif
