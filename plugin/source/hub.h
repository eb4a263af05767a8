/* hub.h - what the model hub says of repositories, their files and their commits.
 *
 * A name that the hub does not know and one that it keeps private look the same to a caller without
 * an account. What the hub refuses is a fact of a source that answered: it stands in `found`, and
 * nothing else is known then. In all facts what is absent or of the wrong type is unknown; texts are
 * outside text. With hub.off nothing is sent, and an ask ends as PM_STATUS_OFFLINE. */
#ifndef PM_SOURCE_HUB_H
#define PM_SOURCE_HUB_H

#include "net/batch.h"
#include "source/known.h"

#define PM_HUB_INDEX_FILES_MOST 10000

enum pm_hub_found {
    PM_HUB_THERE,
    PM_HUB_MISSING_OR_PRIVATE,
    PM_HUB_NO_REVISION,
    PM_HUB_NO_FILE,
    PM_HUB_GATED,     /* to be read only after its owner's leave */
    PM_HUB_DISABLED,  /* by the hub's operator */
    PM_HUB_BAD_TOKEN, /* the hub does not know the token that was sent */
    PM_HUB_OTHER,     /* never in facts: such a refusal is the ask's outcome */
};

enum pm_hub_gate {
    PM_HUB_GATE_UNKNOWN,
    PM_HUB_GATE_NONE,
    PM_HUB_GATE_AUTO,
    PM_HUB_GATE_MANUAL,
    PM_HUB_GATE_OTHER, /* there is one, of another kind */
};

struct pm_hub_file {
    pm_str path;
    uint64_t size; /* of the file itself, also where git holds only a pointer */
    bool has_size;
    bool is_large; /* git holds only a pointer */
};

struct pm_hub_model {
    enum pm_hub_found found;
    pm_str id;  /* as the hub spells it now: another one after a renaming; or empty */
    pm_str sha; /* of the commit that these facts are of */
    pm_str author, library, pipeline, licence;
    struct pm_time last_modified, created;
    struct pm_flag private_, disabled;
    enum pm_hub_gate gate;
    struct pm_count downloads; /* of the last 30 days */
    struct pm_count likes, used_storage, params;
    struct pm_hub_file *files; /* a search tells their names alone */
    size_t file_count;
    size_t unreadable; /* entries without a path */
    bool has_files, has_all_sizes;
};

struct pm_hub_models {
    struct pm_hub_model *rows;
    size_t count;
    size_t unreadable; /* rows without an id */
    bool has_more;
};

struct pm_hub_tree {
    enum pm_hub_found found;
    struct pm_hub_file *files; /* without the folders */
    size_t count;
    size_t unreadable; /* entries without a path */
    bool has_more;     /* this is not the last page */
    pm_str next;       /* the cursor of the next one; empty: the last, or it cannot be asked for */
};

struct pm_hub_commit {
    pm_str id, title;
    struct pm_time date;
    bool has_step; /* the title is a trainer's "step N" */
    uint64_t step;
};

struct pm_hub_commits {
    enum pm_hub_found found;
    struct pm_hub_commit *rows; /* newest first */
    size_t count;
    size_t unreadable; /* rows without a commit's name */
    bool has_total;
    uint64_t total; /* commits there are, on all pages */
    bool has_more;
};

/* model.safetensors.index.json and its like: which file holds which tensor. */
struct pm_hub_index {
    enum pm_hub_found found;
    pm_str commit; /* that the index is of, as far as the hub said it; or empty */
    bool has_total_size;
    uint64_t total_size; /* bytes of all tensors */
    pm_str *files;       /* each once, in byte order */
    size_t file_count;
    size_t tensors;
    size_t bad_names; /* tensors whose file cannot be one of the repository */
};

struct pm_hub_search {
    pm_str author;  /* empty: anyone */
    pm_str words;   /* part of the name; the hub's own, loose way of matching. Empty: any */
    unsigned limit; /* at most 100 */
    bool newest;    /* the last modified first; else as the hub likes */
};

/* --- asking: `repo` and `revision` must be names by codec/hub_name.h, `sha` a commit --- */

struct pm_ask *pm_hub_ask_search(struct pm_batch *batch, const struct pm_hub_search *search,
                                 bool carries);
/* `revision` is a branch, tag or commit; empty: the default branch. */
struct pm_ask *pm_hub_ask_model(struct pm_batch *batch, pm_str repo, pm_str revision, bool carries);
/* `cursor` is what the page before gave as `next`; empty: the first page. */
struct pm_ask *pm_hub_ask_tree(struct pm_batch *batch, pm_str repo, pm_str revision, pm_str cursor,
                               bool carries);
/* `page` counts from 0; `limit` is 1 to 1000. */
struct pm_ask *pm_hub_ask_commits(struct pm_batch *batch, pm_str repo, pm_str revision,
                                  unsigned limit, unsigned page, bool carries);
/* `path` is one that a list of files has. */
struct pm_ask *pm_hub_ask_index(struct pm_batch *batch, pm_str repo, pm_str revision, pm_str path,
                                bool carries);

/* --- facts: NULL unless the ask is in and was answered --- */

const struct pm_hub_models *pm_hub_models(const struct pm_ask *ask);
const struct pm_hub_model *pm_hub_model(const struct pm_ask *ask);
const struct pm_hub_tree *pm_hub_tree(const struct pm_ask *ask);
const struct pm_hub_commits *pm_hub_commits(const struct pm_ask *ask);
const struct pm_hub_index *pm_hub_index(const struct pm_ask *ask);

#endif
