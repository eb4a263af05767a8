/* data.h - the folder of recorded or written replies that a simulator serves.
 *
 * Two forms. With an index.json: an array of {server, method, path, status, content_type,
 * body, kind}, where body is a file beside it. Without: each file NAME.json answers GET /NAME
 * with status 200, so that run/hermes-3-8b/0.json is the page /run/hermes-3-8b/0. */
#ifndef PM_SIM_DATA_H
#define PM_SIM_DATA_H

#include <stdbool.h>
#include <stddef.h>

struct sim_entry {
    char *method, *path; /* path in its canonical spelling, with its query if it has one */
    char *content_type, *file;
    unsigned status;
    char *body; /* NULL until read */
    size_t body_bytes;
};

struct sim_data {
    struct sim_entry *entries;
    size_t count, room;
};

/* `server`: only index entries whose server begins so; NULL for all. Reads no bodies. On
 * failure says why on stderr and leaves *data empty. */
bool sim_data_open(struct sim_data *data, const char *folder, const char *server);
void sim_data_finish(struct sim_data *data);

/* Reads the bodies of all entries; says on stderr which one cannot be read. */
bool sim_data_load(struct sim_data *data);

/* The newest entry of that method and path: as asked, then without the query. HEAD is
 * answered like GET. NULL when there is none. */
struct sim_entry *sim_data_find(const struct sim_data *data, const char *method, const char *path);

bool sim_entry_load(struct sim_entry *entry);
bool sim_file_read(const char *path, char **bytes, size_t *count);

#endif
