/* config.h - from options, environment and config file to settings, and where each came from.
 *
 * Precedence: override (a command line's or caller's word) > environment > settings (the host's) >
 * config file > default. */
#ifndef PM_API_CONFIG_H
#define PM_API_CONFIG_H

#include "base/arena.h"
#include "base/error.h"
#include "base/settings.h"

enum pm_setting_from {
    PM_FROM_DEFAULT,
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
      "folder of the references that answers quote, instead of the one that is looked for")

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

const char *pm_setting_path(enum pm_setting setting);
const char *pm_setting_from_name(enum pm_setting_from from);

#endif
