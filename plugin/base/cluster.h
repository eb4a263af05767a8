/* cluster.h - the networks that run Solana, told apart by the hash of their first block. */
#ifndef PM_BASE_CLUSTER_H
#define PM_BASE_CLUSTER_H

#include "base/str.h"

/* constant, name, genesis hash, public node. Any other genesis is somebody's own network. */
#define PM_CLUSTERS(X)                                                                             \
    X(MAINNET, "mainnet", "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d",                          \
      "https://api.mainnet-beta.solana.com")                                                       \
    X(DEVNET, "devnet", "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG",                            \
      "https://api.devnet.solana.com")                                                             \
    X(TESTNET, "testnet", "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY",                          \
      "https://api.testnet.solana.com")                                                            \
    X(LOCALNET, "localnet", "", "http://127.0.0.1:8899")

enum pm_cluster {
#define PM_CLUSTER_ENUM(id, name, genesis, node) PM_CLUSTER_##id,
    PM_CLUSTERS(PM_CLUSTER_ENUM)
#undef PM_CLUSTER_ENUM
        PM_CLUSTER_COUNT
};

const char *pm_cluster_name(enum pm_cluster cluster);
pm_str pm_cluster_node(enum pm_cluster cluster);
PM_CHECKED bool pm_cluster_read(pm_str name, enum pm_cluster *out);
/* LOCALNET for a hash that is none of the public networks'. */
enum pm_cluster pm_cluster_of_genesis(pm_str genesis);

#endif
