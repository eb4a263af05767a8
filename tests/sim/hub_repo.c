/* hub_repo.c - a repository of the simulated hub, and what its revisions mean. */

#include "hub_repo.h"

#include "text.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHORTEST_COMMIT 7 /* digits */

static bool are_commits(yyjson_val *commits)
{
    yyjson_val *each;
    yyjson_arr_iter all = yyjson_arr_iter_with(commits);
    while ((each = yyjson_arr_iter_next(&all))) {
        if (!yyjson_is_str(yyjson_obj_get(each, "id"))) {
            return false;
        }
    }
    return yyjson_arr_size(commits) > 0;
}

bool sim_hub_repo_open(struct sim_hub_repo *repo, const char *id, const char *file)
{
    yyjson_read_err error = {0};
    *repo = (struct sim_hub_repo){.id = sim_copy(id)};
    /* A tag may be no UTF-8, since the hub does not look at it either. */
    repo->doc = yyjson_read_file(file, YYJSON_READ_ALLOW_INVALID_UNICODE, NULL, &error);
    repo->root = yyjson_doc_get_root(repo->doc);
    repo->info = yyjson_obj_get(repo->root, "info");
    repo->commits = yyjson_obj_get(repo->root, "commits");
    bool is_elsewhere = yyjson_obj_get(repo->root, "moved_to") != NULL;
    if (!repo->doc || (!is_elsewhere && !are_commits(repo->commits))) {
        fprintf(stderr, "psyche-sim: %s: %s\n", file,
                repo->doc ? "a repository has commits with ids" : error.msg);
        sim_hub_repo_finish(repo);
        return false;
    }
    return true;
}

void sim_hub_repo_finish(struct sim_hub_repo *repo)
{
    yyjson_doc_free(repo->doc);
    free(repo->id);
    *repo = (struct sim_hub_repo){0};
}

/* --- revisions --- */

static bool take_commit(const struct sim_hub_repo *repo, const char *id, size_t digits,
                        struct sim_hub_revision *out)
{
    yyjson_val *each;
    size_t at = 0;
    yyjson_arr_iter all = yyjson_arr_iter_with(repo->commits);
    while ((each = yyjson_arr_iter_next(&all))) {
        const char *its = yyjson_get_str(yyjson_obj_get(each, "id"));
        if (its && strncmp(its, id, digits) == 0) {
            yyjson_val *own = yyjson_obj_get(each, "files");
            *out = (struct sim_hub_revision){each, own ? own : yyjson_obj_get(repo->root, "files"),
                                             at, its};
            return true;
        }
        at++;
    }
    return false;
}

/* The commit that a name of this kind stands for, or NULL. */
static const char *look_up(const struct sim_hub_repo *repo, const char *kind, const char *name)
{
    return yyjson_get_str(yyjson_obj_get(yyjson_obj_get(repo->root, kind), name));
}

static const char *look_up_ref(const struct sim_hub_repo *repo, const char *name)
{
    static const struct {
        const char *prefix, *kind;
    } places[] = {{"refs/heads/", "branches"},
                  {"refs/tags/", "tags"},
                  {"refs/pr/", "pull_requests"},
                  {"", "branches"},
                  {"", "tags"}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (sim_starts(name, places[i].prefix)) {
            const char *id = look_up(repo, places[i].kind, name + strlen(places[i].prefix));
            if (id) {
                return id;
            }
        }
    }
    return NULL;
}

bool sim_hub_repo_revision(const struct sim_hub_repo *repo, const char *name,
                           struct sim_hub_revision *out)
{
    const char *asked = strcmp(name, "HEAD") == 0 ? "main" : name;
    const char *id = look_up_ref(repo, asked);
    size_t digits = strspn(asked, "0123456789abcdef");
    if (id) {
        return take_commit(repo, id, strlen(id) + 1, out);
    }
    if (strcmp(asked, "main") == 0) {
        return take_commit(repo, "", 0, out);
    }
    return digits >= SHORTEST_COMMIT && !asked[digits] && take_commit(repo, asked, digits, out);
}

/* --- files --- */

yyjson_val *sim_hub_repo_file(const struct sim_hub_revision *revision, const char *path)
{
    yyjson_val *each;
    yyjson_arr_iter all = yyjson_arr_iter_with(revision->files);
    while ((each = yyjson_arr_iter_next(&all))) {
        if (yyjson_equals_str(yyjson_obj_get(each, "path"), path)) {
            return each;
        }
    }
    return NULL;
}

char *sim_hub_repo_number(const struct sim_hub_repo *repo)
{
    const char *given = yyjson_get_str(yyjson_obj_get(repo->info, "_id"));
    char *digits = sim_hub_digits("repository", repo->id, 16);
    char *number = given ? sim_copy(given) : sim_format("6abf682e%s", digits);
    free(digits);
    return number;
}

char *sim_hub_digits(const char *one, const char *other, size_t digits)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[sizeof hash * 2 + 1], *text = sim_format("%s %s", one, other);
    (void)crypto_hash_sha256(hash, (const unsigned char *)text, strlen(text));
    free(text);
    for (size_t i = 0; i < sizeof hash; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", hash[i]);
    }
    return sim_format("%.*s", (int)(digits < sizeof hex ? digits : sizeof hex - 1), hex);
}
