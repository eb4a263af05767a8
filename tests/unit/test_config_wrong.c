/* test_config_wrong.c - what is said of settings that are wrong. Nothing that may hold a key is
 * repeated. */

#include "config_given.h"

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

/* --- what is wrong --- */

#define OVERRIDE(key, value)                                                                       \
    {                                                                                              \
        .options = "{\"override\":{\"" key "\":\"" value "\"}}"                                    \
    }

static const struct {
    struct given given;
    const char *want; /* in the message */
} wrong[] = {
    {{.options = "{"}, "options: "},
    {{.options = "[]"}, "options: a JSON object belongs here"},
    {{.options = "{\"ofline\":true}"}, "there is no option \"ofline\""},
    {{.options = "{\"config\":1}"}, "option config: text belongs here"},
    {{.options = "{\"now\":\"yesterday\"}"}, "option now: a moment like"},
    {{.options = "{\"offline\":[]}"}, "option offline: true or false belongs here"},
    {{.options = "{\"offline\":\"maybe\"}"}, "option offline: offline is true or false"},
    {{.options = "{\"store\":7}"}, "option store: a path, true or false belongs here"},
    {{.options = "{\"store\":[]}"}, "option store: a path, true or false belongs here"},
    {{.options = "{\"store\":\"\"}"}, "option store: a path, true or false belongs here"},
    {{.options = "{\"store\":\"a/b\"}"}, "cache.path is a path of a file that begins with /"},
    {{.options = "{\"host_note\":1}"}, "option host_note: text belongs here"},
    {{.options = "{\"host_note\":\"" HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED "\"}"},
     "option host_note: 600 bytes, at most"},
    {{.options = "{\"references\":1}"}, "option references: text belongs here"},
    {{.options = "{\"settings\":[]}"}, "option settings: an object belongs here"},
    {{.options = "{\"settings\":{\"dashboard\":{\"url\":{}}}}"}, "dashboard.url is text, a number"},
    {{.options = "{\"settings\":{\"dashboard\":{\"urll\":\"\"}}}"},
     "settings: there is no setting \"dashboard.urll\""},
    {{.options = "{\"override\":{\"timeout_ms\":1.5}}"}, "timeout_ms is text, a number"},
    {{.options = "{\"override\":{\"hub.token\":\"hf_x\"}}"},
     "override: hub.token is taken from the environment alone"},

    {OVERRIDE("timeout_ms", "99"), "timeout_ms is 100 to 600000 milliseconds, not \"99\""},
    {OVERRIDE("timeout_ms", "600001"), "timeout_ms is 100 to 600000 milliseconds"},
    {OVERRIDE("timeout_ms", "soon"), "timeout_ms is 100 to 600000 milliseconds"},
    {OVERRIDE("patience_ms", "600001"), "patience_ms is 0 to 600000 milliseconds"},
    {OVERRIDE("dashboard.url", "nowhere"), "dashboard.url is an address like https://host/path"},
    {OVERRIDE("dashboard.url", "https://a/b?c"), "dashboard.url is an address like"},
    {OVERRIDE("dashboard.url", "http://a.example"), "dashboard.url is https:// (http:// only for"},
    {OVERRIDE("hub.url", "///"), "hub.url is an address like"},
    {OVERRIDE("gcs.url", "x"), "gcs.url is an address like"},
    {OVERRIDE("hub.off", "maybe"), "hub.off is true or false"},
    {OVERRIDE("hub.use_token", "maybe"), "hub.use_token is true or false"},
    {OVERRIDE("allow_plain_http", "maybe"), "allow_plain_http is true or false"},
    {OVERRIDE("rpc.off", "maybe"), "rpc.off is true or false"},
    {OVERRIDE("rpc.only_configured", "maybe"), "rpc.only_configured is true or false"},
    {{.options = "{\"override\":{\"rpc.only_configured\":\"true\",\"rpc.off\":\"false\"}}"},
     "override: rpc.only_configured needs nodes in rpc.url, or in both"},
    {{.options = "{\"override\":{\"rpc.only_configured\":\"true\",\"rpc.off\":\"false\","
                 "\"rpc.pool_url\":\"https://a\"}}"},
     "override: rpc.only_configured needs nodes"},
    {OVERRIDE("rpc.url", "nowhere"), "rpc.url is one or more addresses like https://host"},
    {OVERRIDE("rpc.coordinator_url", "nowhere"), "rpc.coordinator_url is one or more addresses"},
    {OVERRIDE("rpc.pool_url", "nowhere"), "rpc.pool_url is one or more addresses"},
    {OVERRIDE("rpc.url", "https://a,http://b.example"), "rpc.url is https:// (http:// only for"},
    {OVERRIDE("rpc.url", "https://a,https://b,https://c,https://d,https://e,https://f,https://g,"
                         "https://h,https://i"),
     "rpc.url is at most 8 addresses"},
    {OVERRIDE("rpc.coordinator_cluster", "moon"), "rpc.coordinator_cluster is mainnet, devnet"},
    {OVERRIDE("rpc.pool_cluster", "moon"), "rpc.pool_cluster is mainnet, devnet"},
    {OVERRIDE("programs.pool", "0OIl"), "programs.pool is an address in base58, of 32 bytes"},
    {OVERRIDE("wallet.address", "0OIl"), "wallet.address is an address in base58, of 32 bytes"},
    {OVERRIDE("wallet.authorizer", "0OIl"), "wallet.authorizer is an address in base58"},
    {OVERRIDE("cache.off", "maybe"), "cache.off is true or false"},
    {OVERRIDE("cache.ttl", "86401"), "cache.ttl is 0 to 86400 seconds"},
    {OVERRIDE("cache.ttl", "a day"), "cache.ttl is 0 to 86400 seconds"},

    {{.file = "a: [\n"}, "config.yaml line "},
    {{.file = "dashbord:\n  url: x\n"}, "there is no setting \"dashbord.url\""},
    {{.file = "offline:\n  - true\n"}, "there is no setting \"offline\""},
    {{.file = "hub:\n  token: hf_x\n"}, "hub.token is taken from the environment alone"},
    {{.file = "timeout_ms: 5\n"}, "line 1, column 13: timeout_ms is 100 to 600000"},
    {{.options = "{\"config\":\"/nowhere/at/all\"}"}, "config file /nowhere/at/all: no such file"},
    {{.options = "{\"config\":\"/\"}"}, "config file /: is no ordinary file"},
    {{.options = "{\"config\":\"/dev/null\"}"}, "config file /dev/null: is no ordinary file"},
    {{.options = "{\"config\":\"/dev/null/x\"}"}, "config file /dev/null/x: cannot be read"},
    {{.options = "{\"env_file\":\"/nowhere/at/all\"}"}, "env file /nowhere/at/all: no such file"},
    {{.variable = "PSYCHE_API_URL", .value = "x"}, "PSYCHE_API_URL: dashboard.url is an address"},
};

static void check_wrong(void)
{
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct pm_arena arena;
        struct pm_config config;
        pm_arena_init(&arena, SIZE_MAX / 2);
        load(&config, &arena, &wrong[i].given);
        CHECK(config.error.is_set && config.error.code == PM_E_BAD_CONFIG, "%s: it is refused",
              wrong[i].want);
        CHECK(strstr(config.error.text, wrong[i].want), "want %s: got %s", wrong[i].want,
              config.error.text);
        CHECK(!strstr(config.error.text, "hf_x"), "no token is repeated: %s", config.error.text);
        pm_arena_finish(&arena);
    }
}

/* --- what may be a key --- */

static void check_secrets(void)
{
    static const struct {
        enum pm_setting setting;
        const char *in, *want;
    } rows[] = {
        {PM_SETTING_RPC_URL, "", ""},
        {PM_SETTING_RPC_URL, "https://a/key", "https://a/…"},
        {PM_SETTING_RPC_URL, "https://a/", "https://a"},
        {PM_SETTING_RPC_URL, "https://a/key, https://b:99/x?y=key", "https://a/…,https://b:99/…"},
        {PM_SETTING_RPC_URL, "mainnet/key", "mainnet/…"},
        {PM_SETTING_RPC_URL, "word", "word"},
        {PM_SETTING_RPC_URL, "perhaps-a-key-without-any-host", "…"},
        {PM_SETTING_RPC_URL, "word,https://a/key", "word,https://a/…"},
        {PM_SETTING_HUB_TOKEN, "hf_x", "set"},
        {PM_SETTING_HUB_TOKEN, "", ""},
        {PM_SETTING_API_URL, "https://a/b", "https://a/b"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_arena arena;
        pm_arena_init(&arena, SIZE_MAX / 2);
        CHECK_TEXT(pm_setting_shown(&arena, rows[i].setting, pm_str_from(rows[i].in)),
                   pm_str_from(rows[i].want), rows[i].in);
        pm_arena_finish(&arena);
    }
}

static void check_tokens(void)
{
    static const struct {
        const char *token, *uses, *want; /* want NULL: refused */
    } rows[] = {
        {"hf_abc", "true", "hf_abc"},
        {"  hf_abc\n", "true", "hf_abc"},
        {"hf_abc", "false", ""},
        {"two words", "true", NULL},
        {"a\x7f", "true", NULL},
        {"two\r\nHeader: x", "true", NULL},
        {"two words", "false", ""},
        {HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED,
         "true", NULL},
    };
    char options[64];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_arena arena;
        struct pm_config config;
        (void)snprintf(options, sizeof options, "{\"override\":{\"hub.use_token\":\"%s\"}}",
                       rows[i].uses);
        const struct given given = {
            .options = options, .variable = "HF_TOKEN", .value = rows[i].token};
        pm_arena_init(&arena, SIZE_MAX / 2);
        load(&config, &arena, &given);
        CHECK(config.error.is_set == !rows[i].want, "%zu: %s", i, config.error.text);
        CHECK(!strstr(config.error.text, rows[i].token), "%s", config.error.text);
        if (rows[i].want) {
            CHECK_TEXT(config.settings.hub_token, pm_str_from(rows[i].want), "token");
        }
        pm_arena_finish(&arena);
    }
}

/* A private key in base58 is longer than an address; it is not shown. */
static void check_private_key(void)
{
    struct pm_arena arena;
    struct pm_config config;
    const struct given given = OVERRIDE("wallet.address", HUNDRED);
    pm_arena_init(&arena, SIZE_MAX / 2);
    load(&config, &arena, &given);
    CHECK(strstr(config.error.text, "wallet.address is an address in base58, of 32 bytes, and no "
                                    "key"),
          "%s", config.error.text);
    CHECK(!strstr(config.error.text, TEN), "%s", config.error.text);
    pm_arena_finish(&arena);
}

int main(void)
{
    if (!begin_without_settings()) {
        return 1;
    }
    check_wrong();
    check_secrets();
    check_tokens();
    check_private_key();
    remove_folder();
    return check_done();
}
