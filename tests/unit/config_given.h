/* config_given.h - a configuration read from what a test puts into options, environment and files. */
#ifndef PM_TESTS_CONFIG_GIVEN_H
#define PM_TESTS_CONFIG_GIVEN_H

#include "api/config.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/psyche-config-XXXXXX";

/* What a reading starts from; what is NULL is absent. */
struct given {
    const char *options, *variable, *value; /* a variable of the environment, and what it is */
    const char *file, *env_file;            /* what stands in them */
};

static void write_file(const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = text ? fopen(path, "we") : NULL;
    if (file) {
        (void)fputs(text, file);
        (void)fclose(file);
    } else {
        (void)unlink(path);
    }
}

static void remove_folder(void)
{
    write_file("config.yaml", NULL);
    write_file("client.env", NULL);
    CHECK(rmdir(folder) == 0, "%s is empty", folder);
}

static void load(struct pm_config *config, struct pm_arena *arena, const struct given *given)
{
    char path[64];
    write_file("config.yaml", given->file);
    write_file("client.env", given->env_file);
    if (given->file) {
        (void)snprintf(path, sizeof path, "%s/config.yaml", folder);
        (void)setenv("PSYCHE_MONITOR_CONFIG", path, 1);
    }
    if (given->variable) {
        (void)setenv(given->variable, given->value, 1);
    }
    pm_config_load(config, arena, pm_str_from(given->options ? given->options : ""));
    (void)unsetenv("PSYCHE_MONITOR_CONFIG");
    if (given->variable) {
        (void)unsetenv(given->variable);
    }
}

/* Away with everything that would be read, a home included. */
static bool begin_without_settings(void)
{
    static const char *const variables[] = {
#define VARIABLE(id, path, env, kind, initial, meaning) env,
        PM_SETTINGS(VARIABLE)
#undef VARIABLE
            "PSYCHE_MONITOR_CONFIG",
        "XDG_CONFIG_HOME", "XDG_CACHE_HOME"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        (void)(variables[i] ? unsetenv(variables[i]) : 0);
    }
    return mkdtemp(folder) && setenv("HOME", folder, 1) == 0;
}

#endif
