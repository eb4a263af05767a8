/* settings.h - what a handle was told, as plain values; api/config.c reads them. */
#ifndef PM_BASE_SETTINGS_H
#define PM_BASE_SETTINGS_H

#include "base/clock.h"
#include "base/cluster.h"

#define PM_URLS_MOST 8

struct pm_urls { /* of equal servers, asked in this order */
    pm_str url[PM_URLS_MOST];
    size_t count;
};

enum pm_psyche {
    PM_PSYCHE_COORDINATOR,
    PM_PSYCHE_POOL,
    PM_PSYCHE_TREASURER,
    PM_PSYCHE_AUTHORIZER,
    PM_PSYCHE_COUNT
};

struct pm_program_id {
    pm_str text;   /* base58, of 32 bytes */
    bool is_given; /* somebody set it: it is not to be replaced by what the dashboard says */
};

struct pm_settings {
    pm_str api_url;     /* the dashboard's base, used as it is, without a slash at the end */
    struct pm_urls rpc; /* Solana nodes for whichever program is on their cluster */
    struct pm_urls coordinator_rpc, pool_rpc; /* instead of those, for one program */
    bool rpc_only_configured;                 /* never the public nodes when others are set */
    bool is_rpc_off;                          /* do not ask the chain */
    enum pm_cluster coordinator_cluster, pool_cluster;
    bool is_coordinator_cluster_given, is_pool_cluster_given; /* somebody set it */
    struct pm_program_id programs[PM_PSYCHE_COUNT];
    pm_str hub_url, gcs_url;  /* the model hub and Google's storage, without a slash at the end */
    pm_str hub_token;         /* goes to hub_url alone and is never shown; or empty */
    bool is_hub_off;          /* ask neither the hub nor the storage */
    pm_str run_id;            /* meant when a request names none, or empty */
    pm_str wallet_address;    /* the same for a wallet; base58 of 32 bytes, or empty */
    pm_str wallet_authorizer; /* of whom that wallet may be a delegate; the same */
    pm_str cacert;            /* PEM file of trusted roots instead of the system's, or empty */
    uint64_t timeout_ms;      /* a call's own deadline */
    uint64_t patience_ms;     /* for company, once the answer is in */
    bool allow_plain_http;    /* beyond loopback */
    bool is_offline;          /* ask nobody */
    pm_str store_path;        /* the file that outlives the process; empty: nothing is kept */
    bool has_keep_ms;
    uint64_t keep_ms; /* how long replies serve, instead of each kind's own time */
    struct pm_clock clock;
};

#endif
