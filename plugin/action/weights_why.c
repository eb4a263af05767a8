/* weights_why.c - what can be said of a checkpoint's files, one row each. */

#include "action/weights_why.h"

static const struct {
    enum pm_weights_verdict verdict;
    const char *why;
} ROWS[] = {
    [PM_WHY_ONE_THERE] = {PM_WEIGHTS_COMPLETE, "the weights are one file, and it is there"},
    [PM_WHY_INDEX_FITS] = {PM_WEIGHTS_COMPLETE,
                           "every file that its index names is there, and their size fits"},
    [PM_WHY_INDEX_NAMES] = {PM_WEIGHTS_COMPLETE, "every file that its index names is there"},
    [PM_WHY_PARTS_THERE] = {PM_WEIGHTS_COMPLETE, "all numbered parts are there"},
    [PM_WHY_MODELS_THERE] = {PM_WEIGHTS_COMPLETE, "each of the models to choose from is there"},
    [PM_WHY_ADAPTER_THERE] =
        {PM_WEIGHTS_COMPLETE,
         "the adapter and its configuration are there, for a model kept elsewhere"},
    [PM_WHY_MANIFEST_FITS] = {PM_WEIGHTS_COMPLETE,
                              "its manifest, which is written after the weights, is there"},
    [PM_WHY_NO_WEIGHTS] = {PM_WEIGHTS_INCOMPLETE, "no file of weights is there"},
    [PM_WHY_ONE_EMPTY] = {PM_WEIGHTS_INCOMPLETE, "the file of weights is empty"},
    [PM_WHY_SOME_EMPTY] = {PM_WEIGHTS_INCOMPLETE, "files of weights are empty"},
    [PM_WHY_INDEX_ALONE] = {PM_WEIGHTS_INCOMPLETE, "its index is there, but no file of weights"},
    [PM_WHY_INDEXED_MISSING] = {PM_WEIGHTS_INCOMPLETE, "files that its index names are not there"},
    [PM_WHY_TOO_SMALL] = {PM_WEIGHTS_INCOMPLETE,
                          "its files are smaller together than the tensors that its index counts"},
    [PM_WHY_PARTS_MISSING] = {PM_WEIGHTS_INCOMPLETE, "numbered parts are not there"},
    [PM_WHY_MODELS_LACK] = {PM_WEIGHTS_INCOMPLETE, "of the models to choose from, some lack parts"},
    [PM_WHY_NO_ADAPTER_CONFIG] = {PM_WEIGHTS_INCOMPLETE,
                                  "the adapter's configuration is not there"},
    [PM_WHY_LIST_CUT] = {PM_WEIGHTS_UNKNOWN, "not all of its files were seen"},
    [PM_WHY_NO_SIZE] = {PM_WEIGHTS_UNKNOWN, "not all sizes of its files are known"},
    [PM_WHY_INDEX_BAD] = {PM_WEIGHTS_UNKNOWN, "its index names files that no repository can have"},
    [PM_WHY_INDEX_EMPTY] = {PM_WEIGHTS_UNKNOWN, "its index names no file"},
    [PM_WHY_INDEX_GATED] =
        {PM_WEIGHTS_UNKNOWN,
         "its index, which names the files, is shown only to whom the owner lets in"},
    [PM_WHY_INDEX_UNREAD] = {PM_WEIGHTS_UNKNOWN,
                             "its index, which names the files, could not be read"},
    [PM_WHY_NO_COMMIT] = {PM_WEIGHTS_UNKNOWN,
                          "the hub does not tell which commit these files are of, so no index was "
                          "looked into"},
    [PM_WHY_NO_INDEX] =
        {PM_WEIGHTS_UNKNOWN,
         "all numbered parts are there, but no index, or not one alone, names them"},
    [PM_WHY_OTHER_NAMES] =
        {PM_WEIGHTS_UNKNOWN,
         "its files of weights have names that tell nothing of what belongs together"},
    [PM_WHY_ONLY_ORIGINAL] =
        {PM_WEIGHTS_UNKNOWN,
         "only the makers' own format is there, without a list of what belongs to it"},
    [PM_WHY_OTHER_FORMAT] = {PM_WEIGHTS_UNKNOWN,
                             "the weights are in a format without a list of what belongs to it"},
    [PM_WHY_IN_FOLDERS] =
        {PM_WEIGHTS_UNKNOWN,
         "the weights are in subfolders, and nothing tells what belongs together"},
    [PM_WHY_NO_MANIFEST] = {PM_WEIGHTS_UNKNOWN, "no manifest was read"},
};

enum pm_weights_verdict pm_weights_verdict_for(enum pm_weights_why why)
{
    return ROWS[why].verdict;
}

void pm_weights_conclude(struct pm_weights *weights, enum pm_weights_why why)
{
    weights->verdict = ROWS[why].verdict;
    weights->why = ROWS[why].why;
}

const char *pm_weights_verdict_word(enum pm_weights_verdict verdict)
{
    static const char *const words[] = {
        [PM_WEIGHTS_UNKNOWN] = "unknown",
        [PM_WEIGHTS_INCOMPLETE] = "incomplete",
        [PM_WEIGHTS_COMPLETE] = "complete",
    };
    return words[verdict];
}

const char *pm_weights_format_word(enum pm_weight_format format)
{
    static const char *const words[] = {
        [PM_WEIGHTS_NONE] = "none",       [PM_WEIGHTS_SAFETENSORS] = "safetensors",
        [PM_WEIGHTS_PYTORCH] = "PyTorch", [PM_WEIGHTS_GGUF] = "GGUF",
        [PM_WEIGHTS_ADAPTER] = "adapter", [PM_WEIGHTS_ORIGINAL] = "original",
        [PM_WEIGHTS_OTHER] = "other",
    };
    return words[format];
}
