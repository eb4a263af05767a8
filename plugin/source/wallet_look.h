/* wallet_look.h - asking the chain about one wallet in some runs.
 *
 * Two trips for all of them together, once their instances are known. The first asks for twenty
 * runs a question: each run's whole coordinator account, since what is wanted of it lies between
 * two lists of clients and whole accounts pack well, and beside it the small accounts that follow
 * from its instance, so that all facts about a run are of one slot; where there is room, what the
 * wallet claimed there, too. The second asks of the runs that have a treasurer for the tokens behind
 * it, and only for those that will be told: for fifty-seven runs it is one question. */
#ifndef PM_SOURCE_WALLET_LOOK_H
#define PM_SOURCE_WALLET_LOOK_H

#include "source/wallet.h"

#define PM_WALLET_RUNS_A_QUESTION 20
#define PM_WALLET_QUESTIONS_MOST 10
/* 24 MB of a call's memory. */
#define PM_WALLET_RUNS_MOST (PM_WALLET_RUNS_A_QUESTION * PM_WALLET_QUESTIONS_MOST)

/* Runs and the keys that are asked for together. */
struct pm_wallet_chunk {
    struct pm_key keys[PM_RPC_KEYS_MOST];
    size_t count;
    size_t runs[PM_RPC_KEYS_MOST];
    size_t run_count;
    struct pm_question question;
    const struct pm_ask *taken; /* the answer that was read */
};

/* Which tokens are asked for. */
enum pm_wallet_money {
    PM_WALLET_MONEY_OWED, /* what treasurers hold of which the wallet has earned a part */
    PM_WALLET_MONEY_HELD, /* and what the wallet holds itself */
    PM_WALLET_MONEY_ALL,  /* and the mints; all of it also where it has earned nothing */
};

struct pm_wallet_look {
    struct pm_nodes *nodes;
    unsigned moves;
    struct pm_wallet_who who;
    bool is_asked, is_money_asked;
    enum pm_wallet_money wanted; /* set by the caller */
    struct pm_wallet_run *runs;  /* in the order in which they were asked for */
    size_t count, skipped;       /* skipped: more than PM_WALLET_RUNS_MOST */
    struct pm_wallet_account account;
    const struct pm_ask *account_ask; /* NULL: not answered */
    struct pm_wallet_chunk *chunks[PM_WALLET_QUESTIONS_MOST];
    size_t chunk_count;
    struct pm_wallet_chunk *money[PM_WALLET_QUESTIONS_MOST];
    size_t money_count;
};

void pm_wallet_look_init(struct pm_wallet_look *look, struct pm_nodes *nodes,
                         const struct pm_wallet_who *who, enum pm_wallet_money wanted);
/* The wallet's own account, and what these runs have of it; once, unless the nodes have moved. */
void pm_wallet_look_ask(struct pm_wallet_look *look, const struct pm_instance *const *instances,
                        size_t count);
/* Reads what is in and asks for what has become possible; whether it asked. */
bool pm_wallet_look_go_on(struct pm_wallet_look *look);
/* What is not in now will not be waited for. */
void pm_wallet_look_settle(struct pm_wallet_look *look);
/* The ask that tells why something is not known; NULL when all was answered, or nothing asked. */
const struct pm_ask *pm_wallet_look_trouble(const struct pm_wallet_look *look);

#endif
