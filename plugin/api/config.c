/* config.c - from options, environment and config file to settings: the table of settings, and what
 * the texts that were found are worth. */

#include "api/config_inside.h"

#include "base/near.h"
#include "codec/url.h"

#include <stdlib.h>

#define TIMEOUT_LEAST_MS 100
#define TIMEOUT_MOST_MS 600000

enum kind { KIND_URL, KIND_MILLISECONDS, KIND_FLAG, KIND_PATH };

static const struct {
    const char *path, *env, *initial;
    enum kind kind;
} rows[] = {
#define SETTING_ROW(id, path, env, kind, initial, meaning) {path, env, initial, KIND_##kind},
    PM_SETTINGS(SETTING_ROW)
#undef SETTING_ROW
};

static const char *const paths[] = {
#define SETTING_PATH(id, path, env, kind, initial, meaning) path,
    PM_SETTINGS(SETTING_PATH)
#undef SETTING_PATH
        NULL,
};

const char *pm_setting_path(enum pm_setting setting)
{
    return rows[setting].path;
}

const char *pm_setting_from_name(enum pm_setting_from from)
{
    static const char *const names[] = {"default", "config file", "host settings", "environment",
                                        "option"};
    return names[from];
}

/* --- taking values; a higher source is never overwritten by a lower one --- */

void pm_config_take(struct pm_config *config, enum pm_setting setting, pm_str text,
                    enum pm_setting_from from, pm_str place)
{
    struct pm_setting_value *value = &config->values[setting];
    if (from >= value->from) {
        *value = (struct pm_setting_value){.text = text, .from = from, .place = place};
    }
}

bool pm_config_find(pm_str path, enum pm_setting *out)
{
    for (int i = 0; i < PM_SETTING_COUNT; i++) {
        if (pm_str_equal(pm_str_from(rows[i].path), path)) {
            *out = (enum pm_setting)i;
            return true;
        }
    }
    return false;
}

bool pm_config_fail_unknown(struct pm_config *config, pm_str place, pm_str path)
{
    pm_str shown = pm_str_slice(path, 0, 60);
    config->error.supported = paths;
    config->error.nearest = pm_near_word(shown, paths);
    return pm_fail(&config->error, PM_E_BAD_CONFIG, "%.*s: there is no setting \"%.*s\"",
                   PM_STR_ARG(place), PM_STR_ARG(shown));
}

/* --- the environment --- */

static void load_environment(struct pm_config *config)
{
    for (int i = 0; i < PM_SETTING_COUNT; i++) {
        const char *text = rows[i].env ? getenv(rows[i].env) : NULL;
        if (text && *text) {
            pm_config_take(config, (enum pm_setting)i, pm_str_from(text), PM_FROM_ENVIRONMENT,
                           pm_str_from(rows[i].env));
        }
    }
}

/* --- from text to values --- */

static bool fail_value(struct pm_config *config, enum pm_setting setting, const char *wanted)
{
    const struct pm_setting_value *value = &config->values[setting];
    return pm_fail(&config->error, PM_E_BAD_CONFIG, "%.*s: %s is %s, not \"%.*s\"",
                   PM_STR_ARG(value->place), rows[setting].path, wanted,
                   PM_STR_ARG(pm_str_slice(value->text, 0, 80)));
}

static bool read_flag(struct pm_config *config, enum pm_setting setting, bool *out)
{
    static const struct {
        pm_str word;
        bool value;
    } words[] = {{PM_STR_INIT("true"), true},   {PM_STR_INIT("yes"), true},
                 {PM_STR_INIT("on"), true},     {PM_STR_INIT("1"), true},
                 {PM_STR_INIT("false"), false}, {PM_STR_INIT("no"), false},
                 {PM_STR_INIT("off"), false},   {PM_STR_INIT("0"), false}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (pm_str_equal_nocase(config->values[setting].text, words[i].word)) {
            *out = words[i].value;
            return true;
        }
    }
    return fail_value(config, setting, "true or false");
}

static bool read_ms(struct pm_config *config, enum pm_setting setting, uint64_t least,
                    uint64_t *out)
{
    return (pm_str_to_u64(config->values[setting].text, out) && *out >= least &&
            *out <= TIMEOUT_MOST_MS) ||
           fail_value(config, setting,
                      least ? "100 to 600000 milliseconds" : "0 to 600000 milliseconds");
}

static bool read_url(struct pm_config *config, enum pm_setting setting, pm_str *out)
{
    struct pm_url url;
    const char *problem = "has no query";
    pm_str text = config->values[setting].text;
    while (text.len && text.ptr[text.len - 1] == '/') {
        text = pm_str_slice(text, 0, text.len - 1);
    }
    *out = text;
    if (!pm_url_read(text, &url, &problem) || pm_str_find(url.path, '?') < url.path.len) {
        return fail_value(config, setting, "an address like https://host/path");
    }
    if (pm_str_equal(url.scheme, PM_STR("http")) && !config->settings.allow_plain_http &&
        !pm_url_is_loopback(&url)) {
        return fail_value(
            config, setting,
            "https:// (http:// only for this machine, or with allow_plain_http: true)");
    }
    return true;
}

static bool settle(struct pm_config *config)
{
    struct pm_settings *settings = &config->settings;
    settings->cacert = config->values[PM_SETTING_CACERT].text;
    return read_flag(config, PM_SETTING_ALLOW_PLAIN_HTTP, &settings->allow_plain_http) &&
           read_flag(config, PM_SETTING_OFFLINE, &settings->is_offline) &&
           read_ms(config, PM_SETTING_TIMEOUT_MS, TIMEOUT_LEAST_MS, &settings->timeout_ms) &&
           read_ms(config, PM_SETTING_PATIENCE_MS, 0, &settings->patience_ms) &&
           read_url(config, PM_SETTING_API_URL, &settings->api_url);
}

void pm_config_load(struct pm_config *config, struct pm_arena *arena, pm_str options)
{
    pm_str file = PM_STR("");
    *config = (struct pm_config){0};
    for (int i = 0; i < PM_SETTING_COUNT; i++) {
        config->values[i].text = pm_str_from(rows[i].initial);
    }
    if (pm_config_read_options(config, arena, options, &file) &&
        pm_config_read_file(config, arena, file)) {
        load_environment(config);
        (void)settle(config);
    }
    if (arena->failed) {
        config->error = (struct pm_error){0};
        (void)pm_fail(&config->error, PM_E_NO_MEMORY,
                      "memory ran out while the configuration was read");
    }
}
