/* config.c - from options, environment and config file to settings. */

#include "api/config.h"

#include "base/date.h"
#include "base/near.h"
#include "codec/json.h"
#include "codec/url.h"
#include "codec/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES_MOST 65536
#define PATH_BYTES_MOST 4096
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

static void take(struct pm_config *config, enum pm_setting setting, pm_str text,
                 enum pm_setting_from from, pm_str place)
{
    struct pm_setting_value *value = &config->values[setting];
    if (from >= value->from) {
        *value = (struct pm_setting_value){.text = text, .from = from, .place = place};
    }
}

static bool find_setting(pm_str path, enum pm_setting *out)
{
    for (int i = 0; i < PM_SETTING_COUNT; i++) {
        if (pm_str_equal(pm_str_from(rows[i].path), path)) {
            *out = (enum pm_setting)i;
            return true;
        }
    }
    return false;
}

static bool fail_unknown(struct pm_config *config, pm_str place, pm_str path)
{
    pm_str shown = pm_str_slice(path, 0, 60);
    config->error.supported = paths;
    config->error.nearest = pm_near_word(shown, paths);
    return pm_fail(&config->error, PM_E_BAD_CONFIG, "%.*s: there is no setting \"%.*s\"",
                   PM_STR_ARG(place), PM_STR_ARG(shown));
}

/* --- the config file --- */

static pm_str format_place(struct pm_arena *arena, pm_str file, unsigned line, unsigned column)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 8192);
    pm_buf_addf(&buf, "%.*s line %u, column %u", PM_STR_ARG(file), line, column);
    return pm_buf_text(&buf);
}

static bool read_rows(struct pm_config *config, struct pm_arena *arena, pm_str text)
{
    struct pm_yaml yaml;
    struct pm_yaml_problem problem;
    if (!pm_yaml_read(arena, text, &yaml, &problem)) {
        pm_str place = format_place(arena, config->file, problem.line, problem.column);
        return pm_fail(&config->error, PM_E_BAD_CONFIG, "%.*s: %s", PM_STR_ARG(place),
                       problem.text);
    }
    for (size_t i = 0; i < yaml.count; i++) {
        const struct pm_yaml_row *row = &yaml.rows[i];
        pm_str place = format_place(arena, config->file, row->line, row->column);
        enum pm_setting setting;
        if (row->is_list_item || !find_setting(row->path, &setting)) {
            place = format_place(arena, config->file, row->key_line, row->key_column);
            return fail_unknown(config, place, row->path);
        }
        take(config, setting, row->value, PM_FROM_FILE, place);
    }
    return true;
}

/* The whole file, or a reason. A missing one is fine unless somebody named it. */
static bool read_file(struct pm_config *config, struct pm_arena *arena, const char *path,
                      bool is_named)
{
    struct stat info;
    char *text = NULL;
    const char *reason = NULL;
    ssize_t got = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        if (errno == ENOENT && !is_named) {
            return true;
        }
        return pm_fail(&config->error, PM_E_BAD_CONFIG, "config file %.120s: %s", path,
                       errno == ENOENT ? "no such file" : "cannot be read");
    }
    if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        reason = "is no ordinary file";
    } else if (info.st_size > FILE_BYTES_MOST) {
        reason = "is larger than 64 kB";
    } else {
        text = pm_arena_alloc(arena, FILE_BYTES_MOST);
        got = text ? read(file, text, FILE_BYTES_MOST) : -1;
        reason = got < 0 ? "cannot be read" : NULL;
    }
    (void)close(file);
    if (reason) {
        return pm_fail(&config->error, PM_E_BAD_CONFIG, "config file %.120s: %s", path, reason);
    }
    config->file = pm_arena_copy(arena, pm_str_from(path));
    return read_rows(config, arena, (pm_str){text, (size_t)got});
}

static bool load_file(struct pm_config *config, struct pm_arena *arena, pm_str named)
{
    const char *from_env = getenv("PSYCHE_MONITOR_CONFIG");
    const char *xdg = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    struct pm_buf path;
    if (named.len == 0 && from_env && *from_env) {
        named = pm_str_from(from_env);
    }
    pm_buf_init(&path, arena, PATH_BYTES_MOST);
    if (named.len) {
        pm_buf_add(&path, named);
    } else if (xdg && *xdg) {
        pm_buf_addf(&path, "%s/psyche-monitor/config.yaml", xdg);
    } else if (home && *home) {
        pm_buf_addf(&path, "%s/.config/psyche-monitor/config.yaml", home);
    }
    if (path.failed) {
        return pm_fail(&config->error, PM_E_BAD_CONFIG,
                       "config file: its name has more than %d bytes", PATH_BYTES_MOST);
    }
    return path.len == 0 ||
           read_file(config, arena, pm_arena_cstr(arena, pm_buf_text(&path)), named.len > 0);
}

/* --- the environment --- */

static void load_environment(struct pm_config *config)
{
    for (int i = 0; i < PM_SETTING_COUNT; i++) {
        const char *text = rows[i].env ? getenv(rows[i].env) : NULL;
        if (text && *text) {
            take(config, (enum pm_setting)i, pm_str_from(text), PM_FROM_ENVIRONMENT,
                 pm_str_from(rows[i].env));
        }
    }
}

/* --- options --- */

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
        } else if (!find_setting(pm_buf_text(&path), &setting)) {
            return fail_unknown(config, pm_str_from(option), pm_buf_text(&path));
        } else if (!scalar_text(arena, value, &text)) {
            return pm_fail(&config->error, PM_E_BAD_CONFIG,
                           "option %s: %s is text, a number or true/false", option,
                           rows[setting].path);
        } else {
            take(config, setting, text, from, pm_str_from(option));
        }
    }
    return true;
}

static const char *const option_names[] = {
    "config", "env_file", "settings", "override", "references", "offline", "store", "now", NULL};

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

/* Options that are text or absent. */
static bool text_option(struct pm_config *config, yyjson_val *options, const char *name,
                        pm_str *out)
{
    yyjson_val *value = pm_json_get(options, name);
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
    take(config, PM_SETTING_OFFLINE, text, PM_FROM_OVERRIDE, PM_STR("option offline"));
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
        take(config, setting, text, PM_FROM_OVERRIDE, place);
    }
    return true;
}

static bool take_options(struct pm_config *config, struct pm_arena *arena, yyjson_val *options,
                         pm_str *file)
{
    static const char *const later[] = {"env_file", "store"};
    yyjson_val *settings = pm_json_get(options, "settings"),
               *override = pm_json_get(options, "override");
    pm_str now = PM_STR(""), unused;
    for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
        if (!text_option(config, options, later[i], &unused)) {
            return false;
        }
    }
    return know_options(config, options) && text_option(config, options, "config", file) &&
           text_option(config, options, "now", &now) && take_now(config, now) &&
           take_offline(config, arena, pm_json_get(options, "offline")) &&
           take_path(config, options, "references", PM_SETTING_REFERENCES,
                     PM_STR("option references")) &&
           (!settings ||
            take_object(config, arena, "settings", settings, PM_STR(""), PM_FROM_SETTINGS)) &&
           (!override ||
            take_object(config, arena, "override", override, PM_STR(""), PM_FROM_OVERRIDE));
}

static bool load_options(struct pm_config *config, struct pm_arena *arena, pm_str text,
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
    if (load_options(config, arena, options, &file) && load_file(config, arena, file)) {
        load_environment(config);
        (void)settle(config);
    }
    if (arena->failed) {
        config->error = (struct pm_error){0};
        (void)pm_fail(&config->error, PM_E_NO_MEMORY,
                      "memory ran out while the configuration was read");
    }
}
