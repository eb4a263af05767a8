/* fuzz_config.c - settings out of a config file or, when the input begins with '{', out of the
 * options of a handle. Whatever is taken is within its bounds. */

#include "fuzz.h"

#include "api/config.h"
#include "codec/url.h"

#include <sys/mman.h>
#include <unistd.h>

/* A file that stands nowhere; the same one for every input. */
static int open_file(void)
{
    static int file = -1;
    if (file < 0) {
        file = memfd_create("config", MFD_CLOEXEC);
        HOLDS(file >= 0);
        HOLDS(clearenv() == 0 && setenv("HOME", "/nonexistent", 1) == 0);
    }
    return file;
}

static pm_str make_options(struct pm_arena *arena, pm_str text)
{
    struct pm_buf buf;
    int file = open_file();
    if (pm_str_starts(text, PM_STR("{"))) {
        return text;
    }
    HOLDS(ftruncate(file, 0) == 0);
    HOLDS(pwrite(file, text.ptr, text.len, 0) == (ssize_t)text.len);
    pm_buf_init(&buf, arena, 256);
    pm_buf_addf(&buf, "{\"config\":\"/proc/self/fd/%d\"}", file);
    return pm_buf_text(&buf);
}

static void check_settings(const struct pm_settings *settings)
{
    struct pm_url url;
    const char *problem;
    HOLDS(settings->timeout_ms >= 100 && settings->timeout_ms <= 600000);
    HOLDS(settings->patience_ms <= 600000);
    HOLDS(pm_url_read(settings->api_url, &url, &problem));
    HOLDS(pm_str_equal(url.scheme, PM_STR("https")) || settings->allow_plain_http ||
          pm_url_is_loopback(&url));
    HOLDS(settings->api_url.ptr[settings->api_url.len - 1] != '/');
    enum pm_cluster cluster;
    HOLDS(pm_cluster_read(pm_str_from(pm_cluster_name(settings->coordinator_cluster)), &cluster));
    HOLDS(cluster == settings->coordinator_cluster);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pm_str text = fuzz_text(data, size);
    struct pm_arena arena;
    struct pm_config config;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    pm_str options = make_options(&arena, text);
    if (pm_str_starts(text, PM_STR("{")) && pm_str_has_nocase(text, PM_STR("config"))) {
        pm_arena_finish(&arena); /* would read whatever file it names */
        return 0;
    }
    pm_config_load(&config, &arena, options);
    if (config.error.is_set) {
        HOLDS(config.error.code == PM_E_BAD_CONFIG || config.error.code == PM_E_NO_MEMORY);
        HOLDS(config.error.text[0] &&
              memchr(config.error.text, '\0', sizeof config.error.text) != NULL);
    } else {
        check_settings(&config.settings);
    }
    struct fuzz_digest digest = {1};
    for (int i = 0; i < PM_SETTING_COUNT; i++) {
        HOLDS(config.values[i].from <= PM_FROM_OVERRIDE);
        fuzz_add_text(&digest, config.values[i].text);
        fuzz_add_text(&digest, config.values[i].place);
    }
    pm_arena_finish(&arena);
    return 0;
}
