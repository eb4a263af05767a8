/* weights_ways.h - the way in which a loader would take the weights of a list. */
#ifndef PM_ACTION_WEIGHTS_WAYS_H
#define PM_ACTION_WEIGHTS_WAYS_H

#include "action/weights_list.h"

enum pm_weights_way_kind {
    PM_WAY_NONE,
    PM_WAY_SINGLE,  /* one file of a known name */
    PM_WAY_INDEXED, /* what an index names */
    PM_WAY_PARTS,   /* numbered parts without an index */
    PM_WAY_ADAPTER,
    PM_WAY_MODELS,    /* one of several */
    PM_WAY_LOOSE,     /* all files of the format */
    PM_WAY_SCATTERED, /* the same, in all folders */
};

struct pm_weights_way {
    enum pm_weights_way_kind kind;
    enum pm_weight_format format;
    pm_str name;   /* of the file or index */
    pm_str folder; /* empty: the root */
};

/* The root decides. Only when it has nothing, a folder does. */
struct pm_weights_way pm_weights_choose(const struct pm_weights_list *list);

#endif
