/* hub_repo.h - a repository of the simulated hub, and what its revisions mean.
 *
 *   {"info": {"downloads": 12, "gated": "manual", "cardData": {"license": "mit"}},
 *    "without": ["likes"],
 *    "commits": [{"id": 40 hex, "title": "step 200", "date": "2026-11-20T21:04:09.000Z"}],
 *    "files": [{"path": "model.safetensors", "size": 988097824, "oid": 40 hex, "sha256": 64 hex}],
 *    "branches": {"main": 40 hex}, "tags": {}, "pull_requests": {},
 *    "readers": ["hf_friend"], "found_for": ["word"], "tree_page": 1000,
 *    "moved_to": "owner/other", "redirect_to": "https://elsewhere.example"}
 *
 * Everything but "commits", newest first, may be absent. "info" is told as it stands, whatever its
 * types; what it does not say follows from the rest; "without" is left out of answers. Whether the
 * repository is gated, private or disabled stands in "info" under the hub's own names. A commit may
 * have "files" of its own, a file "redirect_to" and "lastCommit", and other members of files are
 * told as they stand too. A file with "sha256" is a large one, which lies elsewhere. */
#ifndef PM_SIM_HUB_REPO_H
#define PM_SIM_HUB_REPO_H

#include <stdbool.h>
#include <stddef.h>
#include <yyjson.h>

struct sim_hub_repo {
    char *id; /* "owner/name" */
    yyjson_doc *doc;
    yyjson_val *root, *info, *commits;
};

/* A commit: its object, its place from the newest, and its files. */
struct sim_hub_revision {
    yyjson_val *commit, *files;
    size_t at;
    const char *id;
};

/* Says on stderr what is wrong with the file. */
bool sim_hub_repo_open(struct sim_hub_repo *repo, const char *id, const char *file);
void sim_hub_repo_finish(struct sim_hub_repo *repo);

/* A branch, a tag, refs/pr/N, HEAD, a commit or at least seven digits of one. */
bool sim_hub_repo_revision(const struct sim_hub_repo *repo, const char *name,
                           struct sim_hub_revision *out);

yyjson_val *sim_hub_repo_file(const struct sim_hub_revision *revision, const char *path);

/* Its "_id", by which it is known when its name changes; from malloc. */
char *sim_hub_repo_number(const struct sim_hub_repo *repo);

/* Hex digits that follow from two texts, for what a file does not say of itself; at most 64. */
char *sim_hub_digits(const char *one, const char *other, size_t digits);

#endif
