/* chain_pool.h - the mining pool as its accounts on Solana have it.
 *
 * The pool is one account, whose address follows from its number; psyche.network uses number 0. It
 * holds amounts of a token, whose decimals stand in the token's mint: the usual mint is asked for
 * together with the pool, so that one trip is enough. A pool of another token is asked for once
 * more, beside its own mint, so that all facts are of one slot. */
#ifndef PM_SOURCE_CHAIN_POOL_H
#define PM_SOURCE_CHAIN_POOL_H

#include "chain/pool.h"
#include "source/chain_run.h"

#define PM_POOL_INDEX 0

struct pm_pool_on_chain {
    struct pm_nodes *nodes;
    unsigned moves; /* of the nodes, when this was asked */
    struct pm_key key, usual_mint;
    struct pm_question question, mint_question;
    const struct pm_ask *from, *mint_from; /* the answers that were read; NULL: none yet */

    /* What was found. */
    enum pm_chain_found found;
    const struct pm_ask *ask; /* where the facts come from */
    struct pm_chain_part part;
    struct pm_chain_pool pool; /* PM_CHAIN_THERE: of this number */
    bool has_mint;
    struct pm_mint mint; /* of its token */
};

/* `usual_mint` in base58; an empty or unreadable one costs a trip, no more. */
void pm_chain_pool_ask(struct pm_pool_on_chain *pool, struct pm_nodes *nodes, pm_str usual_mint);
/* Reads what is in and asks for what has become possible; whether it asked. */
bool pm_chain_pool_go_on(struct pm_pool_on_chain *pool);
/* The waiting is over: nothing is pending afterwards. */
void pm_chain_pool_settle(struct pm_pool_on_chain *pool);
/* The ask that tells why nothing is known; NULL when nothing was asked. */
const struct pm_ask *pm_chain_pool_trouble(const struct pm_pool_on_chain *pool);

#endif
