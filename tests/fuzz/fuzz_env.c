/* fuzz_env.c - a Psyche client's own settings file: only the keys that are known count, and nothing
 * else that stands in it comes out. */

#include "fuzz.h"

#include "api/config.h"
#include "base/buf.h"

#include <sys/mman.h>
#include <unistd.h>

#define FILE_BYTES_MOST 65536
#define SECRET "sEcReTsEcReTsEcReT"

static const struct {
    const char *key;
    enum pm_setting setting;
} known[] = {
    {"RPC", PM_SETTING_RPC_URL},
    {"RPC_2", PM_SETTING_RPC_URL},
    {"RPC_3", PM_SETTING_RPC_URL},
    {"RUN_ID", PM_SETTING_RUN_ID},
    {"ADDRESS", PM_SETTING_WALLET_ADDRESS},
    {"AUTHORIZER", PM_SETTING_WALLET_AUTHORIZER},
    {"COORDINATOR_PROGRAM_ID", PM_SETTING_COORDINATOR_ID},
    {"MINING_POOL_PROGRAM_ID", PM_SETTING_POOL_ID},
};

#define KNOWN (sizeof known / sizeof *known)

/* A file that stands nowhere; the same one for every input. */
static int open_file(void)
{
    static int file = -1;
    if (file < 0) {
        file = memfd_create("env", MFD_CLOEXEC);
        HOLDS(file >= 0);
        HOLDS(clearenv() == 0 && setenv("HOME", "/nonexistent", 1) == 0);
    }
    return file;
}

/* `text` between two lines, of which neither is wanted. */
static void load(struct pm_config *config, struct pm_arena *arena, pm_str before, pm_str text)
{
    struct pm_buf buf;
    int file = open_file();
    HOLDS(ftruncate(file, 0) == 0);
    HOLDS(pwrite(file, before.ptr, before.len, 0) == (ssize_t)before.len);
    HOLDS(pwrite(file, text.ptr, text.len, (off_t)before.len) == (ssize_t)text.len);
    pm_buf_init(&buf, arena, 256);
    pm_buf_addf(&buf, "{\"override\":{\"env_file\":\"/proc/self/fd/%d\"}}", file);
    pm_config_load(config, arena, pm_buf_text(&buf));
    const struct pm_error *error = &config->error;
    HOLDS(memchr(error->text, '\0', sizeof error->text) != NULL);
    HOLDS(!error->is_set || (error->code == PM_E_BAD_CONFIG && error->text[0]));
}

/* Written another way than env_file.c reads it: each line in turn, the first of a key stays. */
static bool take_line(pm_str line, size_t at, pm_str *value)
{
    line = pm_str_trim(line);
    pm_str key = pm_str_from(known[at].key);
    if (pm_str_starts(line, PM_STR("export "))) {
        line = pm_str_trim(pm_str_tail(line, 7));
    }
    if (!pm_str_starts(line, key)) {
        return false;
    }
    line = pm_str_trim(pm_str_tail(line, key.len));
    if (line.len == 0 || line.ptr[0] != '=') {
        return false;
    }
    *value = pm_str_trim(pm_str_tail(line, 1));
    if (value->len > 1 && value->ptr[0] == '"' && value->ptr[value->len - 1] == '"') {
        *value = pm_str_slice(*value, 1, value->len - 1);
    }
    return true;
}

static pm_str find(pm_str text, size_t at)
{
    pm_str value = PM_STR("");
    for (bool is_found = false; text.len && !is_found;) {
        size_t end = pm_str_find(text, '\n');
        is_found = take_line(pm_str_slice(text, 0, end), at, &value);
        text = pm_str_tail(text, end + 1);
    }
    return value;
}

/* The three nodes are one setting, a comma between those that are there. */
static pm_str expect(struct pm_arena *arena, pm_str text, enum pm_setting setting)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, text.len + KNOWN);
    for (size_t i = 0; i < KNOWN; i++) {
        pm_str value = known[i].setting == setting ? find(text, i) : PM_STR("");
        pm_buf_add_c(&buf, buf.len && value.len ? "," : "");
        pm_buf_add(&buf, value);
    }
    return pm_buf_text(&buf);
}

static bool is_known(enum pm_setting setting)
{
    for (size_t i = 0; i < KNOWN; i++) {
        if (known[i].setting == setting) {
            return true;
        }
    }
    return false;
}

/* What was refused is the first setting whose value is wrong; up to it all are as they stand. */
static void check_values(struct pm_arena *arena, const struct pm_config *config, pm_str text)
{
    for (int i = 0; i < PM_SETTING_COUNT; i++) {
        const struct pm_setting_value *value = &config->values[i];
        enum pm_setting setting = (enum pm_setting)i;
        HOLDS(value->from != PM_FROM_ENV_FILE || is_known(setting));
        if (is_known(setting)) {
            pm_str want = expect(arena, text, setting);
            HOLDS((want.len > 0) == (value->from == PM_FROM_ENV_FILE));
            HOLDS(want.len == 0 || pm_str_equal(value->text, want));
        }
    }
}

/* A secret beside the settings changes nothing, and is never shown. */
static void check_secret(struct pm_arena *arena, const struct pm_config *plain, pm_str text)
{
    struct pm_config config;
    pm_str line = PM_STR("WALLET_PRIVATE_KEY_PATH=" SECRET "\n# RPC=" SECRET "\nRPC_4=" SECRET
                         "\nrun_id=" SECRET "\n");
    if (text.len + line.len > FILE_BYTES_MOST || pm_str_has_nocase(text, PM_STR(SECRET))) {
        return;
    }
    load(&config, arena, line, text);
    HOLDS(config.error.is_set == plain->error.is_set);
    HOLDS(strcmp(config.error.text, plain->error.text) == 0);
    for (int i = 0; i < PM_SETTING_COUNT; i++) {
        HOLDS(pm_str_equal(config.values[i].text, plain->values[i].text));
        HOLDS(config.values[i].from == plain->values[i].from);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pm_str text = fuzz_text(data, size);
    struct pm_arena arena;
    struct pm_config config;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    load(&config, &arena, PM_STR(""), text);
    if (text.len > FILE_BYTES_MOST) {
        HOLDS(config.error.is_set);
    } else {
        check_values(&arena, &config, text);
        check_secret(&arena, &config, text);
    }
    pm_arena_finish(&arena);
    return 0;
}
