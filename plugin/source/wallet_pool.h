/* wallet_pool.h - what a wallet has given to the mining pool, by the pool's accounts on Solana.
 *
 * One trip: the pool, the wallet's part in it, the program, and the mint that the pool usually takes;
 * of a pool of another token only base units are known. And what stands at the wallet's own address,
 * for the pool may be on another cluster than the runs, where there is nothing at a token's mint. */
#ifndef PM_SOURCE_WALLET_POOL_H
#define PM_SOURCE_WALLET_POOL_H

#include "source/chain_pool.h"
#include "source/wallet.h"

enum {
    PM_LENDER_AT_POOL,
    PM_LENDER_AT_PROGRAM,
    PM_LENDER_AT_MINT,
    PM_LENDER_AT_LENDER,
    PM_LENDER_AT_WALLET,
    PM_LENDER_KEYS
};

struct pm_wallet_pool {
    struct pm_nodes *nodes;
    unsigned moves;
    struct pm_wallet_who who;
    struct pm_key usual_mint, keys[PM_LENDER_KEYS];
    struct pm_question question;
    const struct pm_ask *ask; /* the answer that was read; NULL: none (yet) */
    enum pm_chain_found found;
    struct pm_chain_pool pool; /* PM_CHAIN_THERE */
    bool has_mint;             /* of the pool's token */
    struct pm_mint mint;
    struct pm_chain_part lender_part;
    struct pm_lender lender; /* zeros: there is none */
    struct pm_wallet_account account;
};

void pm_wallet_pool_ask(struct pm_wallet_pool *pool, struct pm_nodes *nodes,
                        const struct pm_wallet_who *who, pm_str usual_mint);
bool pm_wallet_pool_go_on(struct pm_wallet_pool *pool);
void pm_wallet_pool_settle(struct pm_wallet_pool *pool);
/* The wallet's deposit is known: also that there is none. */
bool pm_wallet_pool_knows(const struct pm_wallet_pool *pool);

#endif
