/* hub.c - the repositories of the simulated hub, and who may read them. */

#include "hub.h"

#include "hub_call.h"
#include "text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "/hub"

/* --- the folder --- */

static bool add_repo(struct sim_hub *hub, const char *owner, const char *name)
{
    size_t bytes = strlen(name), ending = strlen(".json");
    if (name[0] == '.' || bytes <= ending || strcmp(name + bytes - ending, ".json") != 0) {
        return true;
    }
    if (hub->count == hub->room) {
        hub->room = hub->room ? hub->room * 2 : 16;
        hub->repos = sim_grow(hub->repos, hub->room * sizeof *hub->repos);
    }
    char *id = sim_format("%s/%.*s", owner, (int)(bytes - ending), name);
    char *file = sim_format("%s/%s/%s", hub->folder, owner, name);
    bool is_added = sim_hub_repo_open(&hub->repos[hub->count], id, file);
    hub->count += is_added;
    free(id);
    free(file);
    return is_added;
}

static bool add_owner(struct sim_hub *hub, const char *owner)
{
    char *folder = sim_format("%s/%s", hub->folder, owner);
    struct dirent **names = NULL;
    int count = owner[0] == '.' ? 0 : scandir(folder, &names, NULL, alphasort);
    bool is_good = true;
    for (int i = 0; i < count; i++) {
        is_good = is_good && add_repo(hub, owner, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    free(folder);
    return is_good;
}

bool sim_hub_open(struct sim_hub *hub, const char *folder)
{
    *hub = (struct sim_hub){.folder = sim_format("%s" PREFIX, folder)};
    char *moods = sim_format("%s/moods.json", hub->folder);
    struct dirent **owners = NULL;
    int count = scandir(hub->folder, &owners, NULL, alphasort);
    bool is_good = true;
    for (int i = 0; i < count; i++) {
        is_good = is_good && add_owner(hub, owners[i]->d_name);
        free(owners[i]);
    }
    free(owners);
    if (access(moods, F_OK) == 0) {
        hub->moods = yyjson_read_file(moods, YYJSON_READ_NOFLAG, NULL, NULL);
        is_good = is_good && hub->moods;
    }
    if (!is_good) {
        fprintf(stderr, "psyche-sim: %s cannot be used\n", hub->folder);
        sim_hub_finish(hub);
    }
    free(moods);
    return is_good;
}

void sim_hub_finish(struct sim_hub *hub)
{
    for (size_t i = 0; i < hub->count; i++) {
        sim_hub_repo_finish(&hub->repos[i]);
    }
    yyjson_doc_free(hub->moods);
    free(hub->repos);
    free(hub->folder);
    *hub = (struct sim_hub){0};
}

const struct sim_hub_repo *sim_hub_find(const struct sim_hub *hub, const char *id)
{
    for (size_t i = 0; i < hub->count; i++) {
        if (strcasecmp(hub->repos[i].id, id) == 0) {
            return &hub->repos[i];
        }
    }
    return NULL;
}

enum sim_bucket sim_hub_bucket(const char *target)
{
    size_t path = strcspn(target, "?");
    bool is_file = memmem(target, path, "/resolve/", strlen("/resolve/")) ||
                   sim_starts(target, PREFIX "/api/resolve-cache/");
    return is_file ? SIM_BUCKET_RESOLVERS : SIM_BUCKET_API;
}

/* --- who asks --- */

static bool is_listed(yyjson_val *list, const char *word)
{
    yyjson_val *each;
    yyjson_arr_iter all = yyjson_arr_iter_with(list);
    while ((each = yyjson_arr_iter_next(&all))) {
        if (yyjson_equals_str(each, word)) {
            return true;
        }
    }
    return false;
}

enum sim_hub_reader sim_hub_reader(const struct sim_hub_call *call, const struct sim_hub_repo *repo)
{
    const char *given = call->ask->authorization;
    if (!given) {
        return SIM_NOBODY;
    }
    const char *token = sim_starts(given, "Bearer ") ? given + strlen("Bearer ") : "";
    if (repo && is_listed(yyjson_obj_get(repo->root, "readers"), token)) {
        return SIM_READER;
    }
    return strcmp(token, "hf_valid") == 0 ? SIM_STRANGER : SIM_BAD_TOKEN;
}

bool sim_hub_has(const struct sim_hub_repo *repo, const char *flag)
{
    return yyjson_is_true(yyjson_obj_get(repo->info, flag));
}

bool sim_hub_is_gated(const struct sim_hub_repo *repo)
{
    return yyjson_is_str(yyjson_obj_get(repo->info, "gated"));
}
