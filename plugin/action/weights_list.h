/* weights_list.h - a list of files, sorted for the questions that weights.c has. */
#ifndef PM_ACTION_WEIGHTS_LIST_H
#define PM_ACTION_WEIGHTS_LIST_H

#include "codec/shard.h"
#include "source/hub.h"

struct pm_weights_file {
    const struct pm_hub_file *file;
    pm_str folder, base; /* "checkpoint-500", "model.safetensors" */
    enum pm_weight_format format;
    bool is_part; /* numbered: then `shard` is set */
    struct pm_shard shard;
    bool counts;
};

struct pm_weights_list {
    struct pm_arena *arena;
    struct pm_weights_file *rows; /* by path; no path twice */
    size_t count;
    bool is_whole;
};

/* Files that belong together. */
struct pm_weights_set {
    pm_str stem;
    size_t of;                      /* how many there should be */
    struct pm_weights_file **parts; /* those that are there, each once */
    size_t count;
    size_t empty, unsized;
    uint64_t bytes;
    bool is_exact;
};

struct pm_weights_sets {
    struct pm_weights_set *rows;
    size_t count;
};

/* Never past what 64 bits hold; *is_exact is cleared when they would not do. */
uint64_t pm_weights_add(uint64_t a, uint64_t b, bool *is_exact);

/* Rows is NULL when memory is out. */
struct pm_weights_list pm_weights_list_read(struct pm_arena *arena, const struct pm_hub_file *files,
                                            size_t count, bool is_whole);
/* "checkpoint-500" or last-checkpoint. */
PM_CHECKED bool pm_weights_is_trainers(pm_str folder);
PM_CHECKED bool pm_weights_folder_step(pm_str folder, uint64_t *step);
/* The trainer's folder of the highest step that has a loader's weights directly in it, or empty. */
pm_str pm_weights_newest_folder(const struct pm_weights_list *list);

/* NULL when the list does not have it. */
struct pm_weights_file *pm_weights_find(const struct pm_weights_list *list, pm_str folder,
                                        pm_str name);
pm_str pm_weights_path(struct pm_arena *arena, pm_str folder, pm_str name);

/* With room for `most` parts; they are put in by pm_weights_set_add. */
struct pm_weights_set pm_weights_set_make(struct pm_arena *arena, pm_str stem, size_t most);
void pm_weights_set_add(struct pm_weights_set *set, struct pm_weights_file *part);
/* Each one that should be there is there, and none is empty. */
bool pm_weights_set_is_full(const struct pm_weights_set *set);

/* The sets of numbered parts of a format directly in a folder, in the order of their stems. */
struct pm_weights_sets pm_weights_sets_in(const struct pm_weights_list *list, pm_str folder,
                                          enum pm_weight_format format);
/* The GGUF models outside trainers' folders: a file is a set of one. The largest first. */
struct pm_weights_sets pm_weights_models(const struct pm_weights_list *list);

#endif
