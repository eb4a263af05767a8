/* env_file.c - the settings file that a Psyche client on this machine is run with.
 *
 * Lines of KEY=value, '#' before a comment, values perhaps in double quotes. Such a file also holds
 * the path of a wallet and other secrets: only the keys named here are looked at, all others are
 * skipped without being kept or shown. */

#include "api/config_inside.h"

#include "base/buf.h"

static const char *const URL_KEYS[] = {"RPC", "RPC_2", "RPC_3"};

static const struct {
    const char *key;
    enum pm_setting setting;
} KEYS[] = {
    {"RUN_ID", PM_SETTING_RUN_ID},
    {"ADDRESS", PM_SETTING_WALLET_ADDRESS},
    {"AUTHORIZER", PM_SETTING_WALLET_AUTHORIZER},
    {"COORDINATOR_PROGRAM_ID", PM_SETTING_COORDINATOR_ID},
    {"MINING_POOL_PROGRAM_ID", PM_SETTING_POOL_ID},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static pm_str strip_quotes(pm_str text)
{
    bool is_quoted = text.len >= 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"';
    return is_quoted ? pm_str_slice(text, 1, text.len - 1) : text;
}

static pm_str next_line(pm_str *rest)
{
    size_t end = pm_str_find(*rest, '\n');
    pm_str line = pm_str_trim(pm_str_slice(*rest, 0, end));
    *rest = pm_str_tail(*rest, end + 1);
    return line;
}

/* The value of the key, the first time it stands there; empty when it does not. */
static pm_str find_value(pm_str text, const char *key)
{
    while (text.len) {
        pm_str line = next_line(&text);
        size_t equals = pm_str_find(line, '=');
        pm_str name = pm_str_trim(pm_str_slice(line, 0, equals));
        if (pm_str_starts(name, PM_STR("export "))) {
            name = pm_str_trim(pm_str_tail(name, sizeof "export"));
        }
        if (equals < line.len && pm_str_equal(name, pm_str_from(key))) {
            return strip_quotes(pm_str_trim(pm_str_tail(line, equals + 1)));
        }
    }
    return PM_STR("");
}

static void take_nodes(struct pm_config *config, struct pm_arena *arena, pm_str text, pm_str place)
{
    struct pm_buf nodes;
    pm_buf_init(&nodes, arena, text.len + COUNT(URL_KEYS));
    for (size_t i = 0; i < COUNT(URL_KEYS); i++) {
        pm_str url = find_value(text, URL_KEYS[i]);
        pm_buf_add_c(&nodes, nodes.len && url.len ? "," : "");
        pm_buf_add(&nodes, url);
    }
    if (nodes.len) {
        pm_config_take(config, PM_SETTING_RPC_URL, pm_buf_text(&nodes), PM_FROM_ENV_FILE, place);
    }
}

bool pm_config_read_env_file(struct pm_config *config, struct pm_arena *arena)
{
    pm_str place = config->values[PM_SETTING_ENV_FILE].text, text;
    const char *reason;
    if (place.len == 0) {
        return true;
    }
    if (!pm_config_slurp(arena, pm_arena_cstr(arena, place), &text, &reason)) {
        return pm_fail(&config->error, PM_E_BAD_CONFIG, "env file %.120s: %s",
                       pm_arena_cstr(arena, place), reason);
    }
    take_nodes(config, arena, text, place);
    for (size_t i = 0; i < COUNT(KEYS); i++) {
        pm_str value = find_value(text, KEYS[i].key);
        if (value.len) {
            pm_config_take(config, KEYS[i].setting, value, PM_FROM_ENV_FILE, place);
        }
    }
    return true;
}
