/* rpc_nodes.c - the nodes of one simulator, and which of them a request is for. */

#include "rpc.h"

#include "text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool add_node(struct sim_rpc *rpc, const char *path, const char *folder,
                     const struct sim_moods *moods)
{
    if (rpc->count == SIM_NODES_MOST) {
        fprintf(stderr, "psyche-sim: at most %d nodes\n", SIM_NODES_MOST);
        return false;
    }
    return sim_node_open(&rpc->nodes[rpc->count], path, folder, moods) && ++rpc->count;
}

/* "FOLDER" is /rpc, "NAME=FOLDER" is /NAME. */
static bool add_given(struct sim_rpc *rpc, const char *text, const struct sim_moods *moods)
{
    const char *equals = strchr(text, '=');
    char *path = equals ? sim_format("/%.*s", (int)(equals - text), text) : sim_copy("/rpc");
    bool is_added = add_node(rpc, path, equals ? equals + 1 : text, moods);
    free(path);
    return is_added;
}

static int is_node_name(const struct dirent *entry)
{
    const char *behind = entry->d_name + strlen("rpc");
    return sim_starts(entry->d_name, "rpc") && (!*behind || *behind == '-');
}

/* rpc/ and rpc-ANYTHING/ of the data folder, where they hold an accounts.json. */
static bool add_found(struct sim_rpc *rpc, const char *folder, const struct sim_moods *moods)
{
    struct dirent **names = NULL;
    int count = scandir(folder, &names, is_node_name, alphasort);
    bool is_good = true;
    for (int i = 0; i < count; i++) {
        char *below = sim_format("%s/%s", folder, names[i]->d_name);
        char *file = sim_format("%s/accounts.json", below);
        char *path = sim_format("/%s", names[i]->d_name);
        if (is_good && access(file, F_OK) == 0) {
            is_good = add_node(rpc, path, below, moods);
        }
        free(path);
        free(file);
        free(below);
        free(names[i]);
    }
    free(names);
    return is_good;
}

bool sim_rpc_open(struct sim_rpc *rpc, const char *folder, const struct sim_rpc_setup *setup)
{
    *rpc = (struct sim_rpc){0};
    bool is_open = true;
    for (size_t i = 0; i < setup->folder_count && is_open; i++) {
        is_open = add_given(rpc, setup->folders[i], &setup->moods);
    }
    is_open = is_open && add_found(rpc, folder, &setup->moods);
    if (!is_open) {
        sim_rpc_finish(rpc);
    }
    return is_open;
}

void sim_rpc_finish(struct sim_rpc *rpc)
{
    for (size_t i = 0; i < rpc->count; i++) {
        sim_node_finish(&rpc->nodes[i]);
    }
    rpc->count = 0;
}

size_t sim_rpc_find(const struct sim_rpc *rpc, const char *method, const char *target,
                    const char **below)
{
    *below = "";
    if (rpc->count && strcmp(method, "POST") == 0 && strcmp(target, "/") == 0) {
        return 0;
    }
    for (size_t i = 0; i < rpc->count; i++) {
        const char *rest = target + strlen(rpc->nodes[i].path);
        if (sim_starts(target, rpc->nodes[i].path) && (!*rest || strchr("/?", *rest))) {
            *below = rest;
            return i;
        }
    }
    return rpc->count;
}
