/* config_values.c - what the texts that were found for the settings are worth. */

#include "api/config_inside.h"

#include "base/buf.h"
#include "chain/key.h"
#include "codec/url.h"

#include <stdlib.h>

#define TIMEOUT_LEAST_MS 100
#define TIMEOUT_MOST_MS 600000
#define TOKEN_MOST 512
#define TTL_MOST_S 86400
#define PATH_BYTES_MOST 4096
#define STORE_NAME "psyche-monitor/store.db"

static bool fail_value(struct pm_config *config, struct pm_arena *arena, enum pm_setting setting,
                       const char *wanted)
{
    const struct pm_setting_value *value = &config->values[setting];
    pm_str shown = pm_str_slice(pm_setting_shown_wrong(arena, setting, value->text), 0, 80);
    return pm_fail(&config->error, PM_E_BAD_CONFIG, "%.*s: %s is %s, not \"%.*s\"",
                   PM_STR_ARG(value->place), pm_setting_path(setting), wanted, PM_STR_ARG(shown));
}

struct reading {
    struct pm_config *config;
    struct pm_arena *arena;
};

static bool refuse(const struct reading *in, enum pm_setting setting, const char *wanted)
{
    return fail_value(in->config, in->arena, setting, wanted);
}

static pm_str text_of(const struct reading *in, enum pm_setting setting)
{
    return in->config->values[setting].text;
}

/* --- one value --- */

static bool read_flag(const struct reading *in, enum pm_setting setting, bool *out)
{
    static const struct {
        pm_str word;
        bool value;
    } words[] = {{PM_STR_INIT("true"), true},   {PM_STR_INIT("yes"), true},
                 {PM_STR_INIT("on"), true},     {PM_STR_INIT("1"), true},
                 {PM_STR_INIT("false"), false}, {PM_STR_INIT("no"), false},
                 {PM_STR_INIT("off"), false},   {PM_STR_INIT("0"), false}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (pm_str_equal_nocase(text_of(in, setting), words[i].word)) {
            *out = words[i].value;
            return true;
        }
    }
    return refuse(in, setting, "true or false");
}

static bool read_ms(const struct reading *in, enum pm_setting setting, uint64_t least,
                    uint64_t *out)
{
    return (pm_str_to_u64(text_of(in, setting), out) && *out >= least && *out <= TIMEOUT_MOST_MS) ||
           refuse(in, setting, least ? "100 to 600000 milliseconds" : "0 to 600000 milliseconds");
}

static bool is_safe(const struct reading *in, const struct pm_url *url)
{
    return !pm_str_equal(url->scheme, PM_STR("http")) || in->config->settings.allow_plain_http ||
           pm_url_is_loopback(url);
}

#define SAFE_ONLY "https:// (http:// only for this machine, or with allow_plain_http: true)"

static bool read_url(const struct reading *in, enum pm_setting setting, pm_str *out)
{
    struct pm_url url;
    const char *problem = "has no query";
    pm_str text = text_of(in, setting);
    while (text.len && text.ptr[text.len - 1] == '/') {
        text = pm_str_slice(text, 0, text.len - 1);
    }
    *out = text;
    if (!pm_url_read(text, &url, &problem) || pm_str_find(url.path, '?') < url.path.len) {
        return refuse(in, setting, "an address like https://host/path");
    }
    return is_safe(in, &url) || refuse(in, setting, SAFE_ONLY);
}

static bool read_urls(const struct reading *in, enum pm_setting setting, struct pm_urls *out)
{
    pm_str rest = text_of(in, setting);
    *out = (struct pm_urls){0};
    while (rest.len) {
        size_t comma = pm_str_find(rest, ',');
        pm_str one = pm_str_trim(pm_str_slice(rest, 0, comma));
        struct pm_url url;
        const char *problem;
        rest = pm_str_tail(rest, comma + 1);
        if (one.len == 0) {
            continue;
        }
        if (!pm_url_read(one, &url, &problem)) {
            return refuse(in, setting, "one or more addresses like https://host, with commas");
        }
        if (!is_safe(in, &url)) {
            return refuse(in, setting, SAFE_ONLY);
        }
        if (out->count == PM_URLS_MOST) {
            return refuse(in, setting, "at most 8 addresses");
        }
        out->url[out->count++] = one;
    }
    return true;
}

static bool read_cluster(const struct reading *in, enum pm_setting setting, enum pm_cluster *out)
{
    return pm_cluster_read(text_of(in, setting), out) ||
           refuse(in, setting, "mainnet, devnet, testnet or localnet");
}

static bool is_given(const struct reading *in, enum pm_setting setting)
{
    return in->config->values[setting].from != PM_FROM_DEFAULT;
}

static bool read_program(const struct reading *in, enum pm_setting setting,
                         struct pm_program_id *out)
{
    struct pm_key key;
    *out = (struct pm_program_id){
        .text = text_of(in, setting),
        .is_given = is_given(in, setting),
    };
    return pm_key_read(out->text, &key) == PM_KEY_OK ||
           refuse(in, setting, "an address in base58, of 32 bytes");
}

static bool read_address(const struct reading *in, enum pm_setting setting, pm_str *out)
{
    struct pm_key key;
    *out = pm_str_trim(text_of(in, setting));
    if (out->len > PM_KEY_TEXT_MOST) { /* perhaps a private key: it is not repeated */
        return pm_fail(&in->config->error, PM_E_BAD_CONFIG,
                       "%.*s: %s is an address in base58, of 32 bytes, and no key",
                       PM_STR_ARG(in->config->values[setting].place), pm_setting_path(setting));
    }
    return out->len == 0 || pm_key_read(*out, &key) == PM_KEY_OK ||
           refuse(in, setting, "an address in base58, of 32 bytes");
}

/* --- all of them --- */

/* Who forgot to name a node would be surprised by the public one. */
static bool has_nodes(const struct reading *in, const struct pm_settings *settings)
{
    const struct pm_urls *others[] = {&settings->coordinator_rpc, &settings->pool_rpc};
    bool is_any = settings->is_rpc_off || !settings->rpc_only_configured || settings->rpc.count;
    for (size_t i = 0; !is_any && i < sizeof others / sizeof *others; i++) {
        if (others[i]->count == 0) {
            return pm_fail(&in->config->error, PM_E_BAD_CONFIG,
                           "%.*s: rpc.only_configured needs nodes in rpc.url, or in both "
                           "rpc.coordinator_url and rpc.pool_url; rpc.off asks none",
                           PM_STR_ARG(in->config->values[PM_SETTING_RPC_ONLY_CONFIGURED].place));
        }
    }
    return true;
}

static bool settle_chain(const struct reading *in, struct pm_settings *settings)
{
    static const enum pm_setting programs[PM_PSYCHE_COUNT] = {
        [PM_PSYCHE_COORDINATOR] = PM_SETTING_COORDINATOR_ID,
        [PM_PSYCHE_POOL] = PM_SETTING_POOL_ID,
        [PM_PSYCHE_TREASURER] = PM_SETTING_TREASURER_ID,
        [PM_PSYCHE_AUTHORIZER] = PM_SETTING_AUTHORIZER_ID,
    };
    bool ok = read_flag(in, PM_SETTING_RPC_OFF, &settings->is_rpc_off) &&
              read_flag(in, PM_SETTING_RPC_ONLY_CONFIGURED, &settings->rpc_only_configured) &&
              read_urls(in, PM_SETTING_RPC_URL, &settings->rpc) &&
              read_urls(in, PM_SETTING_RPC_COORDINATOR_URL, &settings->coordinator_rpc) &&
              read_urls(in, PM_SETTING_RPC_POOL_URL, &settings->pool_rpc) &&
              read_cluster(in, PM_SETTING_COORDINATOR_CLUSTER, &settings->coordinator_cluster) &&
              read_cluster(in, PM_SETTING_POOL_CLUSTER, &settings->pool_cluster) &&
              has_nodes(in, settings);
    settings->is_coordinator_cluster_given = is_given(in, PM_SETTING_COORDINATOR_CLUSTER);
    settings->is_pool_cluster_given = is_given(in, PM_SETTING_POOL_CLUSTER);
    for (int i = 0; ok && i < PM_PSYCHE_COUNT; i++) {
        ok = read_program(in, programs[i], &settings->programs[i]);
    }
    return ok;
}

/* What may stand in a header, and nothing that could begin another one. */
static bool is_token(pm_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~') {
            return false;
        }
    }
    return text.len <= TOKEN_MOST;
}

static bool settle_hub(const struct reading *in, struct pm_settings *settings)
{
    bool uses_token = false;
    pm_str token = pm_str_trim(text_of(in, PM_SETTING_HUB_TOKEN));
    bool ok = read_flag(in, PM_SETTING_HUB_OFF, &settings->is_hub_off) &&
              read_flag(in, PM_SETTING_HUB_USE_TOKEN, &uses_token) &&
              read_url(in, PM_SETTING_HUB_URL, &settings->hub_url) &&
              read_url(in, PM_SETTING_GCS_URL, &settings->gcs_url);
    settings->hub_token = ok && uses_token ? token : PM_STR("");
    return ok &&
           (is_token(settings->hub_token) ||
            pm_fail(&in->config->error, PM_E_BAD_CONFIG,
                    "HF_TOKEN: hub.token is one word of at most %d printable bytes", TOKEN_MOST));
}

/* Where caches lie by custom; empty when there is no such place. */
static pm_str usual_store(struct pm_arena *arena)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    struct pm_buf path;
    pm_buf_init(&path, arena, PATH_BYTES_MOST);
    if (cache && *cache == '/') {
        pm_buf_addf(&path, "%s/" STORE_NAME, cache);
    } else if (home && *home == '/') {
        pm_buf_addf(&path, "%s/.cache/" STORE_NAME, home);
    }
    return pm_buf_text(&path);
}

static bool settle_cache(const struct reading *in, struct pm_settings *settings)
{
    bool is_off = false;
    pm_str path = text_of(in, PM_SETTING_CACHE_PATH), ttl = text_of(in, PM_SETTING_CACHE_TTL);
    uint64_t ttl_s = 0;
    settings->has_keep_ms = ttl.len > 0;
    if (!read_flag(in, PM_SETTING_CACHE_OFF, &is_off)) {
        return false;
    }
    if (ttl.len && (!pm_str_to_u64(ttl, &ttl_s) || ttl_s > TTL_MOST_S)) {
        return refuse(in, PM_SETTING_CACHE_TTL, "0 to 86400 seconds");
    }
    if (path.len && path.ptr[0] != '/') {
        return refuse(in, PM_SETTING_CACHE_PATH, "a path of a file that begins with /");
    }
    settings->keep_ms = ttl_s * 1000;
    if (!is_off) {
        settings->store_path = path.len ? path : usual_store(in->arena);
    }
    return true;
}

bool pm_config_settle(struct pm_config *config, struct pm_arena *arena)
{
    struct pm_settings *settings = &config->settings;
    const struct reading in = {config, arena};
    settings->cacert = config->values[PM_SETTING_CACERT].text;
    settings->run_id = config->values[PM_SETTING_RUN_ID].text;
    return read_flag(&in, PM_SETTING_ALLOW_PLAIN_HTTP, &settings->allow_plain_http) &&
           read_flag(&in, PM_SETTING_OFFLINE, &settings->is_offline) &&
           read_ms(&in, PM_SETTING_TIMEOUT_MS, TIMEOUT_LEAST_MS, &settings->timeout_ms) &&
           read_ms(&in, PM_SETTING_PATIENCE_MS, 0, &settings->patience_ms) &&
           read_url(&in, PM_SETTING_API_URL, &settings->api_url) && settle_chain(&in, settings) &&
           settle_hub(&in, settings) &&
           read_address(&in, PM_SETTING_WALLET_ADDRESS, &settings->wallet_address) &&
           read_address(&in, PM_SETTING_WALLET_AUTHORIZER, &settings->wallet_authorizer) &&
           settle_cache(&in, settings);
}
