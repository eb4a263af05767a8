/* config.c - the table of settings, and where each one's text is taken from: options, environment,
 * config file. */

#include "api/config_inside.h"

#include "base/buf.h"
#include "base/near.h"
#include "codec/url.h"

#include <stdlib.h>
#include <string.h>

enum kind {
    KIND_URL,
    KIND_URLS,
    KIND_MILLISECONDS,
    KIND_FLAG,
    KIND_PATH,
    KIND_CLUSTER,
    KIND_KEY,
    KIND_SECRET,
    KIND_TEXT
};

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
    static const char *const names[] = {"default",       "env file",    "config file",
                                        "host settings", "environment", "option"};
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
        bool is_public = rows[i].kind != KIND_SECRET; /* a secret comes from the environment */
        if (is_public && pm_str_equal(pm_str_from(rows[i].path), path)) {
            *out = (enum pm_setting)i;
            return true;
        }
    }
    return false;
}

static bool is_secret(pm_str path)
{
    for (int i = 0; i < PM_SETTING_COUNT; i++) {
        if (rows[i].kind == KIND_SECRET && pm_str_equal(pm_str_from(rows[i].path), path)) {
            return true;
        }
    }
    return false;
}

bool pm_config_fail_unknown(struct pm_config *config, pm_str place, pm_str path)
{
    pm_str shown = pm_str_slice(path, 0, 60);
    if (is_secret(path)) {
        return pm_fail(&config->error, PM_E_BAD_CONFIG,
                       "%.*s: %.*s is taken from the environment alone", PM_STR_ARG(place),
                       PM_STR_ARG(path));
    }
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

/* --- how a value is shown --- */

#define PASTED_LEAST 24 /* bytes; a word so long that could be a key and is no name of a host */

/* What is no address may hold a key, whatever is wrong with it: it is shown up to where one could
 * begin. */
static pm_str harmless_part(pm_str text)
{
    bool has_mark = pm_str_find(text, '.') < text.len || pm_str_find(text, ':') < text.len;
    if (pm_str_find(text, '@') < text.len || (!has_mark && text.len >= PASTED_LEAST)) {
        return PM_STR("");
    }
    size_t end = 0;
    while (end < text.len && !memchr("/?#& ", text.ptr[end], 5)) {
        end++;
    }
    return pm_str_slice(text, 0, end);
}

/* Of each address its scheme and host. */
static void add_hosts(struct pm_buf *buf, pm_str text)
{
    while (text.len) {
        size_t comma = pm_str_find(text, ',');
        pm_str one = pm_str_trim(pm_str_slice(text, 0, comma));
        struct pm_url url;
        const char *problem;
        if (!pm_url_read(one, &url, &problem)) {
            pm_str part = harmless_part(one);
            bool is_cut = part.len < one.len;
            pm_buf_add(buf, part);
            pm_buf_add_c(buf, !is_cut ? "" : one.ptr[part.len] == '/' ? "/…" : "…");
        } else {
            pm_buf_add(buf, pm_str_slice(one, 0, one.len - url.path.len));
            pm_buf_add_c(buf, url.path.len > 1 ? "/…" : "");
        }
        pm_buf_add_c(buf, comma < text.len ? "," : "");
        text = pm_str_tail(text, comma + 1);
    }
}

static pm_str hosts_of(struct pm_arena *arena, pm_str text)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 4 * text.len + 8);
    add_hosts(&buf, text);
    return pm_buf_text(&buf);
}

pm_str pm_setting_shown(struct pm_arena *arena, enum pm_setting setting, pm_str text)
{
    if (rows[setting].kind == KIND_SECRET) {
        return text.len ? PM_STR("set") : PM_STR("");
    }
    return rows[setting].kind == KIND_URLS ? hosts_of(arena, text) : text;
}

pm_str pm_setting_shown_wrong(struct pm_arena *arena, enum pm_setting setting, pm_str text)
{
    return rows[setting].kind == KIND_URL ? hosts_of(arena, text)
                                          : pm_setting_shown(arena, setting, text);
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
        if (pm_config_read_env_file(config, arena)) {
            (void)pm_config_settle(config, arena);
        }
    }
    if (arena->failed) {
        config->error = (struct pm_error){0};
        (void)pm_fail(&config->error, PM_E_NO_MEMORY,
                      "memory ran out while the configuration was read");
    }
}
