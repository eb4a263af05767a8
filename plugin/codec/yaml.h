/* yaml.h - a config file as a flat list of settings with their places.
 *
 *     dashboard:
 *       url: https://…      ->  {"dashboard.url", "https://…", line 2, column 8}
 *
 * Lists become one row an element with the same path. Anchors, tags, several documents, duplicate
 * keys and nesting beyond eight levels are refused: a config needs none of them. */
#ifndef PM_CODEC_YAML_H
#define PM_CODEC_YAML_H

#include "base/arena.h"

struct pm_yaml_row {
    pm_str path, value;
    bool is_list_item;
    bool is_quoted;        /* "true" in quotes is text */
    unsigned line, column; /* of the value, from 1 */
    unsigned key_line, key_column;
};

struct pm_yaml {
    struct pm_yaml_row *rows;
    size_t count;
};

struct pm_yaml_problem {
    unsigned line, column; /* from 1 */
    char text[160];
};

/* False with `problem` (the first one) on text that is no such config; empty text has no rows. */
PM_CHECKED bool pm_yaml_read(struct pm_arena *arena, pm_str text, struct pm_yaml *out,
                             struct pm_yaml_problem *problem);

const char *pm_yaml_library_version(void);

#endif
