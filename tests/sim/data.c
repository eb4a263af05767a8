/* data.c - the folder of replies that a simulator serves. */

#include "data.h"

#include "reply.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yyjson.h>

#define DEEPEST_FOLDER 4

static bool read_all(int fd, char *bytes, size_t count)
{
    for (size_t done = 0; done < count;) {
        ssize_t got = read(fd, bytes + done, count - done);
        if (got <= 0 && !(got < 0 && errno == EINTR)) {
            return false;
        }
        done += got > 0 ? (size_t)got : 0;
    }
    return true;
}

bool sim_file_read(const char *path, char **bytes, size_t *count)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    bool is_read = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    if (is_read) {
        *count = (size_t)info.st_size;
        *bytes = sim_alloc(*count + 1);
        (*bytes)[*count] = '\0';
        is_read = read_all(fd, *bytes, *count);
        if (!is_read) {
            free(*bytes);
            *bytes = NULL;
        }
    }
    (void)close(fd);
    return is_read;
}

/* Takes over `file`. A path that has no canonical spelling is kept as it was written: the
 * real server answers some of those too. */
static void add_entry(struct sim_data *data, const char *method, const char *path, unsigned status,
                      const char *content_type, char *file)
{
    if (data->count == data->room) {
        data->room = data->room ? data->room * 2 : 32;
        data->entries = sim_grow(data->entries, data->room * sizeof *data->entries);
    }
    struct sim_entry *entry = &data->entries[data->count++];
    *entry = (struct sim_entry){.method = sim_copy(method),
                                .content_type = sim_copy(content_type),
                                .file = file,
                                .status = status};
    if (!sim_path_canonical(path, &entry->path)) {
        entry->path = sim_copy(path);
    }
}

static void add_from_index(struct sim_data *data, const char *folder, const char *server,
                           yyjson_val *item)
{
    const char *of_server = yyjson_get_str(yyjson_obj_get(item, "server"));
    const char *kind = yyjson_get_str(yyjson_obj_get(item, "kind"));
    const char *method = yyjson_get_str(yyjson_obj_get(item, "method"));
    const char *path = yyjson_get_str(yyjson_obj_get(item, "path"));
    const char *body = yyjson_get_str(yyjson_obj_get(item, "body"));
    const char *type = yyjson_get_str(yyjson_obj_get(item, "content_type"));
    int status = yyjson_get_int(yyjson_obj_get(item, "status"));
    bool is_stream =
        yyjson_get_bool(yyjson_obj_get(item, "stream")) || (kind && strcmp(kind, "stream") == 0);
    bool is_wanted = !server || (of_server && sim_starts(of_server, server));
    if (is_wanted && !is_stream && method && path && body && status >= 200 && status <= 599) {
        add_entry(data, method, path, (unsigned)status, type ? type : SIM_JSON,
                  sim_format("%s/%s", folder, body));
    }
}

static bool open_index(struct sim_data *data, const char *folder, const char *server,
                       const char *file)
{
    yyjson_read_err error = {0};
    yyjson_doc *doc = yyjson_read_file(file, YYJSON_READ_NOFLAG, NULL, &error);
    yyjson_val *root = yyjson_doc_get_root(doc), *item;
    if (!yyjson_is_arr(root)) {
        fprintf(stderr, "psyche-sim: %s: %s, byte %zu\n", file, doc ? "not an array" : error.msg,
                error.pos);
        yyjson_doc_free(doc);
        return false;
    }
    yyjson_arr_iter all = yyjson_arr_iter_with(root);
    while ((item = yyjson_arr_iter_next(&all))) {
        add_from_index(data, folder, server, item);
    }
    yyjson_doc_free(doc);
    return true;
}

static void scan_folder(struct sim_data *data, const char *folder, const char *route,
                        unsigned depth);

static void add_file(struct sim_data *data, const char *file, const char *route, const char *name)
{
    size_t bytes = strlen(name), ending = strlen(".json");
    bool is_scenario = !*route && strcmp(name, "scenario.json") == 0;
    if (bytes > ending && strcmp(name + bytes - ending, ".json") == 0 && !is_scenario) {
        char *path = sim_format("%s/%.*s", route, (int)(bytes - ending), name);
        add_entry(data, "GET", path, 200, SIM_JSON, sim_copy(file));
        free(path);
    }
}

/* Accounts, repositories and objects are no replies. */
static bool is_of_another_role(const char *name)
{
    return sim_starts(name, "rpc") || strcmp(name, "hub") == 0 || strcmp(name, "gcs") == 0;
}

static void scan_name(struct sim_data *data, const char *folder, const char *route,
                      const char *name, unsigned depth)
{
    char *file = sim_format("%s/%s", folder, name);
    struct stat info;
    bool is_there = name[0] != '.' && stat(file, &info) == 0;
    bool is_other = !*route && is_of_another_role(name);
    if (is_there && S_ISDIR(info.st_mode) && !is_other) {
        char *below = sim_format("%s/%s", route, name);
        scan_folder(data, file, below, depth + 1);
        free(below);
    } else if (is_there && !S_ISDIR(info.st_mode)) {
        add_file(data, file, route, name);
    }
    free(file);
}

static void scan_folder(struct sim_data *data, const char *folder, const char *route,
                        unsigned depth)
{
    DIR *names = depth < DEEPEST_FOLDER ? opendir(folder) : NULL;
    struct dirent *name;
    while (names && (name = readdir(names))) {
        scan_name(data, folder, route, name->d_name, depth);
    }
    if (names) {
        (void)closedir(names);
    }
}

bool sim_data_open(struct sim_data *data, const char *folder, const char *server)
{
    struct stat info;
    *data = (struct sim_data){0};
    if (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode)) {
        fprintf(stderr, "psyche-sim: no folder %s\n", folder);
        return false;
    }
    char *index = sim_format("%s/index.json", folder);
    bool is_open = true;
    if (access(index, F_OK) == 0) {
        is_open = open_index(data, folder, server, index);
    } else {
        scan_folder(data, folder, "", 0);
    }
    free(index);
    return is_open;
}

void sim_data_finish(struct sim_data *data)
{
    for (size_t i = 0; i < data->count; i++) {
        struct sim_entry *entry = &data->entries[i];
        free(entry->method);
        free(entry->path);
        free(entry->content_type);
        free(entry->file);
        free(entry->body);
    }
    free(data->entries);
    *data = (struct sim_data){0};
}

bool sim_entry_load(struct sim_entry *entry)
{
    return entry->body || sim_file_read(entry->file, &entry->body, &entry->body_bytes);
}

bool sim_data_load(struct sim_data *data)
{
    for (size_t i = 0; i < data->count; i++) {
        if (!sim_entry_load(&data->entries[i])) {
            fprintf(stderr, "psyche-sim: cannot read %s\n", data->entries[i].file);
            return false;
        }
    }
    return true;
}

static struct sim_entry *newest(const struct sim_data *data, const char *method, const char *path,
                                size_t path_bytes)
{
    for (size_t i = data->count; i > 0; i--) {
        struct sim_entry *entry = &data->entries[i - 1];
        if (strcmp(entry->method, method) == 0 && strlen(entry->path) == path_bytes &&
            memcmp(entry->path, path, path_bytes) == 0) {
            return entry;
        }
    }
    return NULL;
}

struct sim_entry *sim_data_find(const struct sim_data *data, const char *method, const char *path)
{
    if (strcmp(method, "HEAD") == 0) {
        method = "GET";
    }
    struct sim_entry *entry = newest(data, method, path, strlen(path));
    return entry ? entry : newest(data, method, path, strcspn(path, "?"));
}
