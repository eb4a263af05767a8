/* chain_run.h - one run as its accounts on Solana have it.
 *
 * Two trips: the instance, whose address follows from the run's id, names the coordinator account,
 * which is asked for together with all that says who may join and what is paid, and with the
 * instance again, so that all facts are of one slot. A treasurer's account under a number of its
 * maker's choice is seen only then, and what it holds takes a third trip, which asks for all of it
 * once more. A run that a search has found has its instance there already, and needs no first trip;
 * an instance that has changed since is asked for after all. Each account is judged by itself: one that cannot be read takes nothing from the
 * others. */
#ifndef PM_SOURCE_CHAIN_RUN_H
#define PM_SOURCE_CHAIN_RUN_H

#include "chain/authorization.h"
#include "chain/coordinator_derive.h"
#include "chain/instance.h"
#include "chain/token.h"
#include "chain/treasurer.h"
#include "source/nodes.h"
#include "source/rpc.h"

enum pm_chain_found {
    PM_CHAIN_NOT_ASKED, /* the chain is off, or no run can have such an id */
    PM_CHAIN_PENDING,
    PM_CHAIN_SILENT,   /* no node answered */
    PM_CHAIN_DOUBTFUL, /* no account, but the node does not show the program either */
    PM_CHAIN_ABSENT,   /* there is no such run on this cluster */
    PM_CHAIN_BAD,      /* the instance cannot be read */
    PM_CHAIN_THERE,
};

enum pm_joining {
    PM_JOINING_UNKNOWN,
    PM_JOINING_OPEN,       /* to everybody */
    PM_JOINING_AUTHORIZED, /* to holders of an authorization */
};

/* What was read of one account; `problem` for another verdict than OK. */
struct pm_chain_part {
    bool is_asked; /* and answered */
    enum pm_account_verdict verdict;
    struct pm_account_problem problem;
};

struct pm_chain_rewards {
    bool is_known; /* false: whether there is a treasurer is not known */
    bool has_treasurer;
    struct pm_chain_part part; /* of the account that should be the treasurer's */
    struct pm_key address;
    struct pm_treasurer_run treasurer;
    bool has_mint;
    struct pm_mint mint;
    bool has_funds; /* what the treasurer holds of the mint */
    uint64_t funds;
    struct pm_chain_part mint_part, funds_part;
};

/* Accounts asked for in one question, and which is which; 0: not asked for. */
struct pm_chain_trip {
    struct pm_key keys[8];
    size_t count;
    size_t instance_at, treasurer_at, permit_at, mint_at, funds_at; /* the first is the state */
    bool has_authority; /* the treasurer's place holds the main authority's account */
    struct pm_question question;
    const struct pm_ask *taken; /* the answer that was read */
};

struct pm_chain_run {
    struct pm_nodes *nodes;
    unsigned moves; /* of the nodes, when this was asked */
    pm_str id;
    bool carries;
    struct pm_key treasurer_program, authorizer_program;
    struct pm_key instance_key, default_treasurer_key;
    bool is_by_search; /* that question was a search, whose rows stand in any order */
    struct pm_question instance_question;
    const struct pm_ask *instance_from; /* the answer that the second trip was built on */
    struct pm_chain_trip second, third;

    /* What was found. */
    enum pm_chain_found found;
    const struct pm_ask *ask; /* where the facts come from */
    struct pm_instance instance;
    struct pm_chain_part instance_part, account_part;
    bool has_coordinator;
    struct pm_coordinator coordinator;
    enum pm_joining joining;
    struct pm_chain_part permit_part;
    struct pm_chain_rewards rewards;
    bool has_changed; /* made anew while it was read: the state is of the old one */
    bool went_back;   /* a later answer is of an earlier slot */
    uint64_t went_back_from, went_back_to;
};

/* Asks for the run of exactly this id. */
void pm_chain_run_ask(struct pm_chain_run *run, struct pm_nodes *nodes, pm_str id, bool carries);
/* The same for a run that is among the answers to this search. */
void pm_chain_run_ask_found(struct pm_chain_run *run, struct pm_nodes *nodes, pm_str id,
                            const struct pm_question *search, bool carries);
/* Reads what is in and asks for what has become possible; whether it asked. */
bool pm_chain_run_go_on(struct pm_chain_run *run);
/* The waiting is over: reads what came last. Nothing is pending afterwards. */
void pm_chain_run_settle(struct pm_chain_run *run);
/* The run is there and its state could be read. */
bool pm_chain_run_has_state(const struct pm_chain_run *run);
/* The ask that tells why something is not known; NULL when nothing was asked. */
const struct pm_ask *pm_chain_run_trouble(const struct pm_chain_run *run);

/* Who may join a run of that join authority, by its leave for everybody: `row` is what stands at
 * the address of such a leave, and without one only holders of their own may. Not known when it is
 * none; `part` says why. */
enum pm_joining pm_joining_read(const struct pm_rpc_row *row, const struct pm_key *authorizer,
                                const struct pm_key *join_authority, struct pm_chain_part *part);

#endif
