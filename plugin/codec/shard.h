/* shard.h - what the name of a file says of the weights in it. */
#ifndef PM_CODEC_SHARD_H
#define PM_CODEC_SHARD_H

#include "base/str.h"

enum pm_weight_format {
    PM_WEIGHTS_NONE,        /* no weights: a config, a tokenizer, an index, a trainer's state */
    PM_WEIGHTS_SAFETENSORS, /* *.safetensors */
    PM_WEIGHTS_PYTORCH,     /* pytorch_model*.bin */
    PM_WEIGHTS_GGUF,        /* *.gguf */
    PM_WEIGHTS_ADAPTER,     /* adapter_model.safetensors or .bin: a change to another model */
    PM_WEIGHTS_ORIGINAL,    /* consolidated*, original/: a second copy of the same weights */
    PM_WEIGHTS_OTHER,       /* of another program, or a companion that is no model by itself */
};

enum pm_weight_format pm_weight_format_of(pm_str path);

/* model-00003-of-00014.safetensors */
struct pm_shard {
    pm_str stem;      /* with its folder: "model" */
    pm_str extension; /* ".safetensors" */
    unsigned number;  /* 1 first */
    unsigned of;      /* never less than number */
    enum pm_weight_format format;
};

/* False for a path that is no numbered part of weights. */
PM_CHECKED bool pm_shard_read(pm_str path, struct pm_shard *out);

#endif
