/* chain_list_inside.h - what the two files of the chain's list share. */
#ifndef PM_SOURCE_CHAIN_LIST_INSIDE_H
#define PM_SOURCE_CHAIN_LIST_INSIDE_H

#include "source/chain_list.h"

/* Adds a key to the last of `count` chunks, or to a new one; false past `most` of them. */
bool pm_chain_chunk_add(struct pm_chain_chunk **chunks, size_t *count, size_t most,
                        struct pm_arena *arena, const struct pm_key *key, size_t row);

/* Reads the heads and tails that are in; whether another node was asked for one. */
bool pm_chain_looks_go_on(struct pm_chain_list *list);

#endif
