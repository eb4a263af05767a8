/* cluster.c - the networks that run Solana. */

#include "base/cluster.h"

static const struct {
    const char *name, *genesis, *node;
} rows[] = {
#define CLUSTER_ROW(id, name, genesis, node) {name, genesis, node},
    PM_CLUSTERS(CLUSTER_ROW)
#undef CLUSTER_ROW
};

const char *pm_cluster_name(enum pm_cluster cluster)
{
    return rows[cluster].name;
}

pm_str pm_cluster_node(enum pm_cluster cluster)
{
    return pm_str_from(rows[cluster].node);
}

bool pm_cluster_read(pm_str name, enum pm_cluster *out)
{
    for (int i = 0; i < PM_CLUSTER_COUNT; i++) {
        if (pm_str_equal(name, pm_str_from(rows[i].name))) {
            *out = (enum pm_cluster)i;
            return true;
        }
    }
    return false;
}

enum pm_cluster pm_cluster_of_genesis(pm_str genesis)
{
    int at = 0;
    while (at < PM_CLUSTER_LOCALNET && !pm_str_equal(genesis, pm_str_from(rows[at].genesis))) {
        at++;
    }
    return (enum pm_cluster)at;
}
