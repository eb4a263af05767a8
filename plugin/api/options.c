/* options.c - what psyche_monitor_open was told. */

#include "api/config_inside.h"

#include "answer/text.h"
#include "base/date.h"
#include "base/near.h"
#include "codec/json.h"

/* A JSON scalar as the text a config file would have. */
static bool scalar_text(struct pm_arena *arena, yyjson_val *value, pm_str *out)
{
    struct pm_buf buf;
    uint64_t whole;
    if (yyjson_is_str(value)) {
        *out = pm_arena_copy(arena, pm_json_text(value));
        return true;
    }
    if (yyjson_is_bool(value)) {
        *out = yyjson_get_bool(value) ? PM_STR("true") : PM_STR("false");
        return true;
    }
    if (!pm_json_whole(value, &whole)) {
        return false;
    }
    pm_buf_init(&buf, arena, 32);
    pm_buf_add_u64(&buf, whole);
    *out = pm_buf_text(&buf);
    return true;
}

/* {"dashboard.url":"…"} or {"dashboard":{"url":"…"}} */
static bool take_object(struct pm_config *config, struct pm_arena *arena, const char *option,
                        yyjson_val *object, pm_str prefix, enum pm_setting_from from)
{
    size_t at, count;
    yyjson_val *key, *value;
    if (!yyjson_is_obj(object)) {
        return pm_fail(&config->error, PM_E_BAD_CONFIG, "option %s: an object belongs here",
                       option);
    }
    yyjson_obj_foreach(object, at, count, key, value)
    {
        struct pm_buf path;
        enum pm_setting setting;
        pm_str text;
        pm_buf_init(&path, arena, 4096);
        pm_buf_add(&path, prefix);
        pm_buf_add_c(&path, prefix.len ? "." : "");
        pm_buf_add(&path, pm_json_text(key));
        if (yyjson_is_obj(value) && prefix.len == 0) {
            if (!take_object(config, arena, option, value, pm_buf_text(&path), from)) {
                return false;
            }
        } else if (!pm_config_find(pm_buf_text(&path), &setting)) {
            return pm_config_fail_unknown(config, pm_str_from(option), pm_buf_text(&path));
        } else if (!scalar_text(arena, value, &text)) {
            return pm_fail(&config->error, PM_E_BAD_CONFIG,
                           "option %s: %s is text, a number or true/false", option,
                           pm_setting_path(setting));
        } else {
            pm_config_take(config, setting, text, from, pm_str_from(option));
        }
    }
    return true;
}

static const char *const option_names[] = {"config",     "env_file", "settings", "override",
                                           "references", "offline",  "store",    "now",
                                           "host_note",  NULL};

static bool know_options(struct pm_config *config, yyjson_val *options)
{
    size_t at, count;
    yyjson_val *key, *value;
    yyjson_obj_foreach(options, at, count, key, value)
    {
        pm_str name = pm_str_slice(pm_json_text(key), 0, 60);
        bool is_known = false;
        for (const char *const *known = option_names; *known; known++) {
            is_known = is_known || pm_str_equal(name, pm_str_from(*known));
        }
        if (!is_known) {
            config->error.supported = option_names;
            config->error.nearest = pm_near_word(name, option_names);
            return pm_fail(&config->error, PM_E_BAD_CONFIG, "there is no option \"%.*s\"",
                           PM_STR_ARG(name));
        }
    }
    return true;
}

/* The option of that name; NULL when it is absent or null. */
static yyjson_val *get_option(yyjson_val *options, const char *name)
{
    yyjson_val *value = pm_json_get(options, name);
    return yyjson_is_null(value) ? NULL : value;
}

/* Options that are text or absent. */
static bool text_option(struct pm_config *config, yyjson_val *options, const char *name,
                        pm_str *out)
{
    yyjson_val *value = get_option(options, name);
    *out = value ? pm_json_text(value) : PM_STR("");
    if (!value || out->ptr) {
        return true;
    }
    return pm_fail(&config->error, PM_E_BAD_CONFIG, "option %s: text belongs here", name);
}

static bool take_now(struct pm_config *config, pm_str text)
{
    struct pm_clock *clock = &config->settings.clock;
    if (text.len == 0) {
        return true;
    }
    if (!pm_date_read_rfc3339(text, &clock->frozen_ms)) {
        return pm_fail(&config->error, PM_E_BAD_CONFIG,
                       "option now: a moment like 2026-11-21T04:49:51Z belongs here");
    }
    clock->is_frozen = true;
    return true;
}

/* The host's own words; whole or not at all, since a cut could turn their meaning. */
static bool take_host_note(struct pm_config *config, yyjson_val *options)
{
    if (!text_option(config, options, "host_note", &config->host_note)) {
        return false;
    }
    if (config->host_note.len > PM_TEXT_NOTE_MOST) {
        return pm_fail(&config->error, PM_E_BAD_CONFIG, "option host_note: %zu bytes, at most %d",
                       config->host_note.len, PM_TEXT_NOTE_MOST);
    }
    config->host_note = pm_str_trim(config->host_note);
    return true;
}

static bool take_offline(struct pm_config *config, struct pm_arena *arena, yyjson_val *value)
{
    pm_str text;
    if (!value) {
        return true;
    }
    if (!scalar_text(arena, value, &text)) {
        return pm_fail(&config->error, PM_E_BAD_CONFIG,
                       "option offline: true or false belongs here");
    }
    pm_config_take(config, PM_SETTING_OFFLINE, text, PM_FROM_OVERRIDE, PM_STR("option offline"));
    return true;
}

/* A named file or folder as a setting. */
static bool take_path(struct pm_config *config, yyjson_val *options, const char *name,
                      enum pm_setting setting, pm_str place)
{
    pm_str text;
    if (!text_option(config, options, name, &text)) {
        return false;
    }
    if (text.len) {
        pm_config_take(config, setting, text, PM_FROM_OVERRIDE, place);
    }
    return true;
}

/* False: none; true: the usual one; other text: that file. */
static bool take_store(struct pm_config *config, struct pm_arena *arena, yyjson_val *value)
{
    static const char place[] = "option store";
    pm_str text;
    if (!value) {
        return true;
    }
    if (yyjson_is_num(value) || !scalar_text(arena, value, &text) || text.len == 0) {
        return pm_fail(&config->error, PM_E_BAD_CONFIG,
                       "option store: a path, true or false belongs here");
    }
    bool is_off = pm_str_equal(text, PM_STR("false"));
    if (!is_off && !pm_str_equal(text, PM_STR("true"))) {
        pm_config_take(config, PM_SETTING_CACHE_PATH, text, PM_FROM_OVERRIDE, PM_STR(place));
    }
    pm_config_take(config, PM_SETTING_CACHE_OFF, is_off ? PM_STR("true") : PM_STR("false"),
                   PM_FROM_OVERRIDE, PM_STR(place));
    return true;
}

static bool take_options(struct pm_config *config, struct pm_arena *arena, yyjson_val *options,
                         pm_str *file)
{
    yyjson_val *settings = get_option(options, "settings"),
               *override = get_option(options, "override");
    pm_str now = PM_STR("");
    return know_options(config, options) &&
           take_store(config, arena, get_option(options, "store")) &&
           take_path(config, options, "env_file", PM_SETTING_ENV_FILE, PM_STR("option env_file")) &&
           text_option(config, options, "config", file) &&
           text_option(config, options, "now", &now) && take_now(config, now) &&
           take_host_note(config, options) &&
           take_offline(config, arena, get_option(options, "offline")) &&
           take_path(config, options, "references", PM_SETTING_REFERENCES,
                     PM_STR("option references")) &&
           (!settings ||
            take_object(config, arena, "settings", settings, PM_STR(""), PM_FROM_SETTINGS)) &&
           (!override ||
            take_object(config, arena, "override", override, PM_STR(""), PM_FROM_OVERRIDE));
}

bool pm_config_read_options(struct pm_config *config, struct pm_arena *arena, pm_str text,
                            pm_str *file)
{
    struct pm_json_problem problem;
    if (pm_str_trim(text).len == 0) {
        return true;
    }
    yyjson_val *options = pm_json_read_copy(arena, text, &problem);
    if (!options) {
        return pm_fail(&config->error, PM_E_BAD_CONFIG, "options: %s at byte %zu", problem.text,
                       problem.at);
    }
    if (!yyjson_is_obj(options)) {
        return pm_fail(&config->error, PM_E_BAD_CONFIG, "options: a JSON object belongs here");
    }
    return take_options(config, arena, options, file);
}
