/* hub.h - the part of a simulator that knows how Hugging Face's hub answers.
 *
 * FOLDER/hub/OWNER/NAME.json is a repository, as hub_repo.h says, FOLDER/hub/OWNER/NAME/PATH what
 * one of its small files holds, NAME@COMMIT/PATH what it held then. FOLDER/hub/moods.json may hold:
 *   "links_to": the origin that Link headers name, as the hub names its own behind a mirror
 *   "api", "resolvers": requests until 429, of which there is no end otherwise
 *   "seconds": when that is over, as its headers tell */
#ifndef PM_SIM_HUB_H
#define PM_SIM_HUB_H

#include "hub_repo.h"
#include "reply.h"

/* What the hub counts apart. */
enum sim_bucket { SIM_BUCKET_API, SIM_BUCKET_RESOLVERS, SIM_BUCKETS };

struct sim_hub {
    struct sim_hub_repo *repos; /* by id */
    size_t count, room;
    yyjson_doc *moods; /* or NULL */
    char *folder;
};

/* A request. Without a token authorization is NULL; the token hf_valid is good but may read no
 * closed repository, those that a repository names as readers may read it, others are bad. */
struct sim_hub_ask {
    const char *target; /* from "/hub/" on */
    const char *authorization, *origin;
    uint64_t number; /* how many came before, in its bucket */
};

/* `folder`: the data folder. Says on stderr what is wrong with it. */
bool sim_hub_open(struct sim_hub *hub, const char *folder);
void sim_hub_finish(struct sim_hub *hub); /* takes a zeroed one too */

enum sim_bucket sim_hub_bucket(const char *target);

/* The repository of that name in any spelling of its letters, or NULL. */
const struct sim_hub_repo *sim_hub_find(const struct sim_hub *hub, const char *id);

/* What the hub says. The result, from malloc, names the request for faults: what is asked, the
 * repository, the revision, the path, the query, such as "/hub/tree/owner/name/main?recursive=true".
 * What is asked is one of search, model, tree, treesize, commits, refs, resolve (of a file, which
 * leads elsewhere) and index (the file itself). */
char *sim_hub_answer(const struct sim_hub *hub, const struct sim_hub_ask *ask,
                     struct sim_reply *reply);

#endif
