/* weights.h - what a list of files is as a checkpoint.
 *
 * A repository can hold the same weights several times over, in several formats, in whole files or
 * in numbered parts, with parts of an earlier upload beside. What counts is what a loader would
 * take: one file under the known name, else what an index names. `complete` is said only when
 * nothing of that is missing, `incomplete` only of what was seen to be missing or too small, and
 * all else is `unknown`, with the reason. Of the files only the index is read. */
#ifndef PM_ACTION_WEIGHTS_H
#define PM_ACTION_WEIGHTS_H

#include "action/weights_list.h"
#include "source/gcs.h"

#define PM_WEIGHTS_NAMED_MOST 5

enum pm_weights_verdict { PM_WEIGHTS_UNKNOWN, PM_WEIGHTS_INCOMPLETE, PM_WEIGHTS_COMPLETE };

/* One of several GGUF files, or sets of numbered ones, that are the same model at different
 * precisions: a user takes one of them. */
struct pm_weights_choice {
    pm_str name; /* its files' common beginning, with the folder */
    size_t file_count, of;
    uint64_t bytes;
    bool is_bytes_exact;
    enum pm_weights_verdict verdict;
};

struct pm_weights {
    enum pm_weight_format format; /* NONE: no weights were seen */
    enum pm_weights_verdict verdict;
    const char *why;     /* a clause: "every file that its index names is there" */
    const char *warning; /* a clause on what else is odd, or NULL */

    /* Where a trainer left them, as "checkpoint-500", since the root has none; empty: the root. */
    pm_str folder;
    bool has_folder_step;
    uint64_t folder_step;

    /* The files that count: those that a loader takes, or all of a list's when nothing tells. With
     * several choices all of theirs. */
    size_t file_count;
    size_t of; /* how many there should be; 0: not known, or several choices */
    uint64_t bytes;
    bool is_bytes_exact; /* all their sizes are known and were added */

    uint64_t other_bytes; /* weights that do not count: other formats, copies, companions */
    uint64_t all_bytes;   /* everything in the list: what fetching the whole repository takes */
    bool is_all_exact;

    pm_str missing[PM_WEIGHTS_NAMED_MOST]; /* the first; outside text */
    size_t missing_count;                  /* of all */
    size_t empty_count;                    /* of those that count */
    size_t stale_count; /* numbered parts in the same place and format that do not count */

    struct pm_weights_choice *choices; /* the largest first */
    size_t choice_count;
};

/* The index that has to be read to judge these files; empty: none is needed, or there is none. */
pm_str pm_weights_index_path(const struct pm_weights_list *list);

/* `index` is what was read at that path, NULL when it was not read. In a list that is not whole a
 * file may stand elsewhere. Notes in the list which files count. */
struct pm_weights pm_weights_judge(struct pm_weights_list *list, const struct pm_hub_index *index);

/* Of a bucket: the manifest lists the weights alone. */
struct pm_weights pm_weights_of_manifest(struct pm_arena *arena,
                                         const struct pm_gcs_manifest *manifest);

const char *pm_weights_verdict_word(enum pm_weights_verdict verdict); /* "complete" */
const char *pm_weights_format_word(enum pm_weight_format format);     /* "safetensors" */

#endif
