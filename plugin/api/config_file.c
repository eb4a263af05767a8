/* config_file.c - the config file, whichever it is. */

#include "api/config_inside.h"

#include "base/buf.h"
#include "codec/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES_MOST 65536
#define PATH_BYTES_MOST 4096

static const char NO_SUCH_FILE[] = "no such file";

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
        if (row->is_list_item || !pm_config_find(row->path, &setting)) {
            place = format_place(arena, config->file, row->key_line, row->key_column);
            return pm_config_fail_unknown(config, place, row->path);
        }
        pm_config_take(config, setting, row->value, PM_FROM_FILE, place);
    }
    return true;
}

bool pm_config_slurp(struct pm_arena *arena, const char *path, pm_str *out, const char **reason)
{
    struct stat info;
    char *text = NULL;
    ssize_t got = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        *reason = errno == ENOENT ? NO_SUCH_FILE : "cannot be read";
        return false;
    }
    *reason = NULL;
    if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        *reason = "is no ordinary file";
    } else if (info.st_size > FILE_BYTES_MOST) {
        *reason = "is larger than 64 kB";
    } else {
        text = pm_arena_alloc(arena, FILE_BYTES_MOST);
        got = text ? read(file, text, FILE_BYTES_MOST) : -1;
        *reason = got < 0 ? "cannot be read" : NULL;
    }
    (void)close(file);
    *out = *reason ? PM_STR("") : (pm_str){text, (size_t)got};
    return !*reason;
}

static bool read_file(struct pm_config *config, struct pm_arena *arena, const char *path,
                      bool is_named)
{
    pm_str text;
    const char *reason;
    if (!pm_config_slurp(arena, path, &text, &reason)) {
        return (reason == NO_SUCH_FILE && !is_named) ||
               pm_fail(&config->error, PM_E_BAD_CONFIG, "config file %.120s: %s", path, reason);
    }
    config->file = pm_arena_copy(arena, pm_str_from(path));
    return read_rows(config, arena, text);
}

bool pm_config_read_file(struct pm_config *config, struct pm_arena *arena, pm_str named)
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
