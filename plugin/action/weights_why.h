/* weights_why.h - what can be said of a checkpoint's files, one row each. */
#ifndef PM_ACTION_WEIGHTS_WHY_H
#define PM_ACTION_WEIGHTS_WHY_H

#include "action/weights.h"

enum pm_weights_why {
    PM_WHY_ONE_THERE,
    PM_WHY_INDEX_FITS,
    PM_WHY_INDEX_NAMES, /* its total size is absent or odd */
    PM_WHY_PARTS_THERE,
    PM_WHY_MODELS_THERE,
    PM_WHY_ADAPTER_THERE,
    PM_WHY_MANIFEST_FITS,
    PM_WHY_NO_WEIGHTS,
    PM_WHY_ONE_EMPTY,
    PM_WHY_SOME_EMPTY,
    PM_WHY_INDEX_ALONE,
    PM_WHY_INDEXED_MISSING,
    PM_WHY_TOO_SMALL,
    PM_WHY_PARTS_MISSING,
    PM_WHY_MODELS_LACK,
    PM_WHY_NO_ADAPTER_CONFIG,
    PM_WHY_LIST_CUT,
    PM_WHY_NO_SIZE,
    PM_WHY_INDEX_BAD,
    PM_WHY_INDEX_EMPTY,
    PM_WHY_INDEX_GATED,
    PM_WHY_INDEX_UNREAD,
    PM_WHY_NO_COMMIT,
    PM_WHY_NO_INDEX,
    PM_WHY_OTHER_NAMES,
    PM_WHY_ONLY_ORIGINAL,
    PM_WHY_OTHER_FORMAT,
    PM_WHY_IN_FOLDERS,
    PM_WHY_NO_MANIFEST,
};

enum pm_weights_verdict pm_weights_verdict_for(enum pm_weights_why why);
void pm_weights_conclude(struct pm_weights *weights, enum pm_weights_why why);

#endif
