/* test_config.c - settings from options, environment and files: which one counts. */

#include "config_given.h"

#define PROGRAM "4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT7"

/* --- which one counts --- */

#define FILE_SAYS "dashboard:\n  url: https://file/api\n"
#define SETTINGS_SAY "\"settings\":{\"dashboard\":{\"url\":\"https://settings/api\"}}"
#define OVERRIDE_SAYS "\"override\":{\"dashboard.url\":\"https://override/api\"}"

static const struct {
    struct given given;
    enum pm_setting setting;
    const char *want;
    enum pm_setting_from from;
} counts[] = {
    {{0}, PM_SETTING_API_URL, "https://psyche.network/api", PM_FROM_DEFAULT},
    {{.options = "  \n"}, PM_SETTING_TIMEOUT_MS, "15000", PM_FROM_DEFAULT},
    {{.file = FILE_SAYS}, PM_SETTING_API_URL, "https://file/api", PM_FROM_FILE},
    {{.file = FILE_SAYS, .options = "{" SETTINGS_SAY "}"},
     PM_SETTING_API_URL,
     "https://settings/api",
     PM_FROM_SETTINGS},
    {{.file = FILE_SAYS,
      .options = "{" SETTINGS_SAY "}",
      .variable = "PSYCHE_API_URL",
      .value = "https://environment/api"},
     PM_SETTING_API_URL,
     "https://environment/api",
     PM_FROM_ENVIRONMENT},
    {{.file = FILE_SAYS,
      .options = "{" SETTINGS_SAY "," OVERRIDE_SAYS "}",
      .variable = "PSYCHE_API_URL",
      .value = "https://environment/api"},
     PM_SETTING_API_URL,
     "https://override/api",
     PM_FROM_OVERRIDE},
    {{.file = FILE_SAYS, .variable = "PSYCHE_API_URL", .value = ""},
     PM_SETTING_API_URL,
     "https://file/api",
     PM_FROM_FILE},
    {{.variable = "PSYCHE_MONITOR_CONFIG", .value = ""},
     PM_SETTING_API_URL,
     "https://psyche.network/api",
     PM_FROM_DEFAULT},
    {{.variable = "XDG_CONFIG_HOME", .value = ""}, PM_SETTING_TIMEOUT_MS, "15000", PM_FROM_DEFAULT},
    {{.options = "{\"settings\":null,\"override\":null,\"offline\":null,\"store\":null}"},
     PM_SETTING_OFFLINE,
     "false",
     PM_FROM_DEFAULT},
    {{.options = "{\"offline\":true}"}, PM_SETTING_OFFLINE, "true", PM_FROM_OVERRIDE},
    {{.options = "{\"offline\":\"off\"}"}, PM_SETTING_OFFLINE, "off", PM_FROM_OVERRIDE},
    {{.options = "{\"store\":false}"}, PM_SETTING_CACHE_OFF, "true", PM_FROM_OVERRIDE},
    {{.options = "{\"store\":true}"}, PM_SETTING_CACHE_OFF, "false", PM_FROM_OVERRIDE},
    {{.options = "{\"store\":true}"}, PM_SETTING_CACHE_PATH, "", PM_FROM_DEFAULT},
    {{.options = "{\"store\":\"/a/b.db\"}"}, PM_SETTING_CACHE_PATH, "/a/b.db", PM_FROM_OVERRIDE},
    {{.options = "{\"references\":\"/r\"}"}, PM_SETTING_REFERENCES, "/r", PM_FROM_OVERRIDE},
    {{.options = "{\"references\":\"\"}"}, PM_SETTING_REFERENCES, "", PM_FROM_DEFAULT},
    {{.options = "{\"override\":{\"timeout_ms\":2000}}"},
     PM_SETTING_TIMEOUT_MS,
     "2000",
     PM_FROM_OVERRIDE},
    {{.options = "{\"settings\":{\"rpc\":{\"off\":true}}}"},
     PM_SETTING_RPC_OFF,
     "true",
     PM_FROM_SETTINGS},
};

static void check_counts(void)
{
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct pm_arena arena;
        struct pm_config config;
        pm_arena_init(&arena, SIZE_MAX / 2);
        load(&config, &arena, &counts[i].given);
        const struct pm_setting_value *value = &config.values[counts[i].setting];
        CHECK(!config.error.is_set, "%zu: %s", i, config.error.text);
        CHECK_TEXT(value->text, pm_str_from(counts[i].want), pm_setting_path(counts[i].setting));
        CHECK(value->from == counts[i].from, "%zu: from %s", i, pm_setting_from_name(value->from));
        pm_arena_finish(&arena);
    }
}

/* --- a Psyche client's own file --- */

static const struct {
    const char *text;
    enum pm_setting setting;
    const char *want;
} client_files[] = {
    {"RUN_ID=a-run\n", PM_SETTING_RUN_ID, "a-run"},
    {"# RUN_ID=no\n\n export RUN_ID = \"a run\" \r\nRUN_ID=later\n", PM_SETTING_RUN_ID, "a run"},
    {"RUN_ID=\"a\nRUN_ID=b\n", PM_SETTING_RUN_ID, "\"a"},
    {"RUN_ID=a\"\n", PM_SETTING_RUN_ID, "a\""},
    {"RUN_ID=\"\n", PM_SETTING_RUN_ID, "\""},
    {"RUN_ID=\"\"\n", PM_SETTING_RUN_ID, ""},
    {"RUN_IDS=a\nMY_RUN_ID=b\nRUN_ID\n", PM_SETTING_RUN_ID, ""},
    {"COORDINATOR_PROGRAM_ID=" PROGRAM, PM_SETTING_COORDINATOR_ID, PROGRAM},
    {"ADDRESS=" PROGRAM "\nAUTHORIZER=" PROGRAM, PM_SETTING_WALLET_AUTHORIZER, PROGRAM},
    {"RPC=https://a/\n", PM_SETTING_RPC_URL, "https://a/"},
    {"RPC=https://a/\nRPC_2=https://b\nRPC_3=\n", PM_SETTING_RPC_URL, "https://a/,https://b"},
    {"RPC_3=https://c\n", PM_SETTING_RPC_URL, "https://c"},
    {"WALLET_FILE=/secret\nHF_TOKEN=hf_x\n", PM_SETTING_HUB_TOKEN, ""},
};

static void check_client_files(void)
{
    char options[96];
    (void)snprintf(options, sizeof options, "{\"env_file\":\"%s/client.env\"}", folder);
    for (size_t i = 0; i < sizeof client_files / sizeof *client_files; i++) {
        struct pm_arena arena;
        struct pm_config config;
        const struct given given = {.options = options, .env_file = client_files[i].text};
        pm_arena_init(&arena, SIZE_MAX / 2);
        load(&config, &arena, &given);
        const struct pm_setting_value *value = &config.values[client_files[i].setting];
        CHECK(!config.error.is_set, "%s: %s", client_files[i].text, config.error.text);
        CHECK_TEXT(value->text, pm_str_from(client_files[i].want), client_files[i].text);
        CHECK(value->from == (value->text.len ? PM_FROM_ENV_FILE : PM_FROM_DEFAULT), "%s: from %s",
              client_files[i].text, pm_setting_from_name(value->from));
        pm_arena_finish(&arena);
    }
}

/* --- where files are --- */

static void check_places(void)
{
    static const struct {
        const char *cache, *home, *want;
    } rows[] = {
        {"/c", "/h", "/c/psyche-monitor/store.db"},
        {NULL, "/h", "/h/.cache/psyche-monitor/store.db"},
        {"", "/h", "/h/.cache/psyche-monitor/store.db"},
        {"relative", "/h", "/h/.cache/psyche-monitor/store.db"},
        {NULL, "relative", ""},
        {NULL, NULL, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_arena arena;
        struct pm_config config;
        (void)(rows[i].cache ? setenv("XDG_CACHE_HOME", rows[i].cache, 1)
                             : unsetenv("XDG_CACHE_HOME"));
        (void)(rows[i].home ? setenv("HOME", rows[i].home, 1) : unsetenv("HOME"));
        pm_arena_init(&arena, SIZE_MAX / 2);
        pm_config_load(&config, &arena, PM_STR(""));
        CHECK_TEXT(config.settings.store_path, pm_str_from(rows[i].want), "store");
        pm_arena_finish(&arena);
    }
    (void)unsetenv("XDG_CACHE_HOME");
    (void)setenv("HOME", folder, 1);
}

/* The file that nobody names, in either of its two places; a home that is none is no trouble. */
static void check_usual_file(void)
{
    static const struct {
        const char *variable, *below;
    } rows[] = {{"XDG_CONFIG_HOME", ""}, {"HOME", "/.config"}};
    char path[128];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_arena arena;
        struct pm_config config;
        (void)snprintf(path, sizeof path, "%s%s", folder, rows[i].below);
        (void)mkdir(path, 0700);
        (void)snprintf(path, sizeof path, "%s%s/psyche-monitor", folder, rows[i].below);
        (void)mkdir(path, 0700);
        (void)snprintf(path, sizeof path, "%s/psyche-monitor/config.yaml", rows[i].below);
        write_file(path + 1, "run_id: usual\n");
        (void)setenv(rows[i].variable, folder, 1);
        pm_arena_init(&arena, SIZE_MAX / 2);
        pm_config_load(&config, &arena, PM_STR(""));
        CHECK_TEXT(config.settings.run_id, PM_STR("usual"), rows[i].variable);
        pm_arena_finish(&arena);
        (void)unsetenv("XDG_CONFIG_HOME");
        write_file(path + 1, NULL);
        (void)snprintf(path, sizeof path, "%s%s/psyche-monitor", folder, rows[i].below);
        CHECK(rmdir(path) == 0, "%s is empty", path);
    }
    (void)snprintf(path, sizeof path, "%s/.config", folder);
    CHECK(rmdir(path) == 0, "%s is empty", path);
}

static void check_long_names(void)
{
    static char name[5000], options[5100];
    struct pm_arena arena;
    struct pm_config config;
    memset(name, 'x', sizeof name - 1);
    (void)snprintf(options, sizeof options, "{\"config\":\"%s\"}", name);
    pm_arena_init(&arena, SIZE_MAX / 2);
    pm_config_load(&config, &arena, pm_str_from(options));
    CHECK(strstr(config.error.text, "config file: its name has more than 4096 bytes"), "%s",
          config.error.text);
    pm_arena_finish(&arena);
    (void)setenv("HOME", "", 1);
    pm_arena_init(&arena, SIZE_MAX / 2);
    pm_config_load(&config, &arena, PM_STR(""));
    CHECK(!config.error.is_set && config.file.len == 0, "no home, no file: %s", config.error.text);
    pm_arena_finish(&arena);
}

/* With little memory the configuration is whole or says why it is not. */
static void check_no_memory(void)
{
    const struct given given = {
        .file = "rpc:\n  url: https://a/key\n",
        .options = "{\"override\":{\"dashboard.url\":\"https://b/\"},\"settings\":{\"rpc\":"
                   "{\"pool_url\":\"https://c\"}}}"};
    bool is_whole = false;
    for (size_t ceiling = 0; !is_whole && ceiling < (1 << 18); ceiling += 64) {
        struct pm_arena arena;
        struct pm_config config;
        pm_arena_init(&arena, ceiling);
        load(&config, &arena, &given);
        is_whole = !config.error.is_set;
        CHECK(is_whole == !arena.failed, "%zu: %s", ceiling, config.error.text);
        CHECK(is_whole || config.error.code == PM_E_NO_MEMORY, "%zu: %s", ceiling,
              config.error.text);
        CHECK(!is_whole || (config.settings.rpc.count == 1 && config.settings.pool_rpc.count == 1),
              "%zu: whole", ceiling);
        pm_arena_finish(&arena);
    }
    CHECK(is_whole, "there is a ceiling that is enough");
}

int main(void)
{
    if (!begin_without_settings()) {
        return 1;
    }
    check_counts();
    check_client_files();
    check_places();
    check_usual_file();
    check_no_memory();
    check_long_names();
    remove_folder();
    return check_done();
}
