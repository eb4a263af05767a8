/* config.h - from options, environment and config file to settings, and where each came from.
 *
 * Precedence: override (a command line's or caller's word) > environment > settings (the host's) >
 * config file > a Psyche client's own env file > default. */
#ifndef PM_API_CONFIG_H
#define PM_API_CONFIG_H

#include "base/arena.h"
#include "base/error.h"
#include "base/settings.h"

enum pm_setting_from {
    PM_FROM_DEFAULT,
    PM_FROM_ENV_FILE,
    PM_FROM_FILE,
    PM_FROM_SETTINGS,
    PM_FROM_ENVIRONMENT,
    PM_FROM_OVERRIDE,
};

/* The one list of settings: constant, path in the config file, environment variable or NULL, kind,
 * default, what it does (docs/configuration.md prints this row). */
#define PM_SETTINGS(X)                                                                             \
    X(API_URL, "dashboard.url", "PSYCHE_API_URL", URL, "https://psyche.network/api",               \
      "the dashboard's address, used as it is: /runs is appended")                                 \
    X(TIMEOUT_MS, "timeout_ms", NULL, MILLISECONDS, "15000", "deadline of a call, 100 to 600000")  \
    X(PATIENCE_MS, "patience_ms", NULL, MILLISECONDS, "2000",                                      \
      "how long an answer waits for further sources once it can stand")                            \
    X(ALLOW_PLAIN_HTTP, "allow_plain_http", NULL, FLAG, "false",                                   \
      "take http:// for other hosts than this machine")                                            \
    X(CACERT, "cacert", NULL, PATH, "", "PEM file of trusted roots instead of the system's")       \
    X(OFFLINE, "offline", "PSYCHE_MONITOR_OFFLINE", FLAG, "false", "ask nobody")                   \
    X(REFERENCES, "references", "PSYCHE_MONITOR_REFERENCES", PATH, "",                             \
      "folder of the references that answers quote, instead of the one that is looked for")        \
    X(RPC_URL, "rpc.url", "SOLANA_RPC_URL", URLS, "",                                              \
      "Solana nodes joined by commas, in order; each serves the program on its cluster")           \
    X(RPC_COORDINATOR_URL, "rpc.coordinator_url", "PSYCHE_COORDINATOR_RPC_URL", URLS, "",          \
      "the same for the coordinator alone")                                                        \
    X(RPC_POOL_URL, "rpc.pool_url", "PSYCHE_POOL_RPC_URL", URLS, "",                               \
      "the same for the mining pool alone")                                                        \
    X(RPC_ONLY_CONFIGURED, "rpc.only_configured", NULL, FLAG, "false",                             \
      "never ask the public nodes, whatever becomes of the configured ones")                       \
    X(RPC_OFF, "rpc.off", "PSYCHE_MONITOR_RPC_OFF", FLAG, "false", "do not ask the chain")         \
    X(COORDINATOR_CLUSTER, "rpc.coordinator_cluster", NULL, CLUSTER, "devnet",                     \
      "where the coordinator is: mainnet, devnet, testnet or localnet")                            \
    X(POOL_CLUSTER, "rpc.pool_cluster", NULL, CLUSTER, "mainnet", "where the mining pool is")      \
    X(COORDINATOR_ID, "programs.coordinator", "PSYCHE_COORDINATOR_PROGRAM_ID", KEY,                \
      "4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT7", "the coordinator program's address")         \
    X(POOL_ID, "programs.pool", "PSYCHE_POOL_PROGRAM_ID", KEY,                                     \
      "CQy5JKR2Lrm16pqSY5nkMaMYSazRk2aYx99pJDNGupR7", "the mining pool program's address")         \
    X(TREASURER_ID, "programs.treasurer", "PSYCHE_TREASURER_PROGRAM_ID", KEY,                      \
      "EnU7DRx5az5YWxaxgqEGbXSYtudcfnjXewyBRRZCjJPw", "the treasurer program's address")           \
    X(AUTHORIZER_ID, "programs.authorizer", "PSYCHE_AUTHORIZER_PROGRAM_ID", KEY,                   \
      "PsyAUmhpmiUouWsnJdNGFSX8vZ6rWjXjgDPHsgqPGyw", "the authorizer program's address")           \
    X(HUB_URL, "hub.url", "HF_ENDPOINT", URL, "https://huggingface.co", "the model hub's address") \
    X(HUB_TOKEN, "hub.token", "HF_TOKEN", SECRET, "",                                              \
      "sent to the hub and nowhere else, with hub.use_token; only the environment may hold it")    \
    X(HUB_USE_TOKEN, "hub.use_token", NULL, FLAG, "false",                                         \
      "ask the hub with HF_TOKEN instead of without an account")                                   \
    X(HUB_OFF, "hub.off", "PSYCHE_MONITOR_HUB_OFF", FLAG, "false",                                 \
      "ask neither the model hub nor Google's storage")                                            \
    X(GCS_URL, "gcs.url", "PSYCHE_GCS_URL", URL, "https://storage.googleapis.com",                 \
      "the address of Google's storage")                                                           \
    X(CACHE_PATH, "cache.path", NULL, PATH, "",                                                    \
      "file that keeps replies, instead of psyche-monitor/store.db in the cache folder")           \
    X(CACHE_OFF, "cache.off", "PSYCHE_MONITOR_CACHE_OFF", FLAG, "false",                           \
      "keep nothing beyond the process")                                                           \
    X(CACHE_TTL, "cache.ttl", NULL, TEXT, "",                                                      \
      "seconds that a reply serves without asking again, instead of its kind's own time")          \
    X(RUN_ID, "run_id", NULL, TEXT, "",                                                            \
      "the run that is meant when run_details is asked for none")                                  \
    X(WALLET_ADDRESS, "wallet.address", NULL, TEXT, "",                                            \
      "the wallet that is meant when psyche_wallet is asked for none: an address, no key")         \
    X(WALLET_AUTHORIZER, "wallet.authorizer", NULL, TEXT, "",                                      \
      "a key whose delegate that wallet may be, for runs that it may join by such leave")          \
    X(ENV_FILE, "env_file", NULL, PATH, "",                                                        \
      "a Psyche client's own env file: its nodes, run, wallet and program ids are read")

enum pm_setting {
#define PM_SETTING_ENUM(id, path, env, kind, initial, meaning) PM_SETTING_##id,
    PM_SETTINGS(PM_SETTING_ENUM)
#undef PM_SETTING_ENUM
        PM_SETTING_COUNT
};

struct pm_setting_value {
    pm_str text;
    enum pm_setting_from from;
    pm_str place; /* for messages: "config.yaml line 3, column 8", "PSYCHE_API_URL" */
};

struct pm_config {
    struct pm_settings settings;
    struct pm_setting_value values[PM_SETTING_COUNT];
    pm_str file;           /* the config file that was read, or empty */
    pm_str host_note;      /* stands behind the notes of each answer; outside text, or empty */
    struct pm_error error; /* set: every call answers with it */
};

/* Everything lives on `arena`. `options` is a JSON object or empty text. */
void pm_config_load(struct pm_config *config, struct pm_arena *arena, pm_str options);

/* A value as it may be shown: of a node's address only the host, since what follows may be a
 * key; of a secret only that it is set. */
pm_str pm_setting_shown(struct pm_arena *arena, enum pm_setting setting, pm_str text);
/* One that is wrong: of any address, too, only what can hold no password or key. */
pm_str pm_setting_shown_wrong(struct pm_arena *arena, enum pm_setting setting, pm_str text);
const char *pm_setting_path(enum pm_setting setting);
const char *pm_setting_from_name(enum pm_setting_from from);

#endif
