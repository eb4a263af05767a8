/* pool.h - what follows from the mining pool's amounts. Exact: base units are whole numbers.
 *
 * What cannot be computed is not known, never zero. A cap of 0 says nothing of how full the pool
 * is. */
#ifndef PM_ACTION_POOL_H
#define PM_ACTION_POOL_H

#include "source/chain_pool.h"
#include "source/dashboard_pool.h"

/* The address of the token that the pool takes as long as nothing else is known. */
pm_str pm_pool_usual_mint(void);
/* A pool on chain in the same form; decimals are unknown without its mint. NULL when it is not there
 * or memory is out. */
const struct pm_pool *pm_pool_of_chain(struct pm_arena *arena,
                                       const struct pm_pool_on_chain *on_chain);
pm_str pm_pool_key_text(struct pm_arena *arena, const struct pm_key *key);

enum pm_pool_state { PM_POOL_UNKNOWN, PM_POOL_OPEN, PM_POOL_FULL, PM_POOL_OVER };

enum pm_pool_state pm_pool_state(const struct pm_pool *pool);
const char *pm_pool_state_word(enum pm_pool_state state); /* "open" */

/* What the cap leaves, 0 when it is reached, and what is deposited beyond it, 0 when nothing is. */
struct pm_big pm_pool_room(const struct pm_pool *pool);
struct pm_big pm_pool_over(const struct pm_pool *pool);

/* Percent of the cap. Rounded down to two decimals or as it is, so that 100 is never reached by
 * rounding where it matters. */
struct pm_number pm_pool_fill_floor(const struct pm_pool *pool);
struct pm_number pm_pool_fill(const struct pm_pool *pool);

/* Percent of all that is deposited, rounded down to three decimals as the web page does: "72.9",
 * "<0.001"; nothing is added when it is not known. */
void pm_pool_add_share(struct pm_buf *buf, const struct pm_pool *pool, struct pm_big amount);

/* Base units as tokens, exact; nothing without the token's decimals. */
void pm_pool_add_tokens(struct pm_buf *buf, const struct pm_pool *pool, struct pm_big amount);

/* "USDC", or NULL: a mint's address is proof, a symbol on it would not be. */
const char *pm_pool_token_name(const struct pm_pool *pool);

/* Unknown when one amount is, or when there are contributors that could not be read. */
struct pm_big pm_pool_sum(const struct pm_pool *pool);

#endif
