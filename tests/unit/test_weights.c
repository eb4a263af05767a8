/* test_weights.c - what lists of files are as checkpoints.
 *
 * Files are written as "path=size", "path=?" for an unknown size, and "model-#-of-00014.bin*14=10"
 * for the numbered parts 1 to 14. An index is "total: names", its total "?" when it has none. */

#include "action/weights.h"
#include "base/buf.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

#define FILES_MOST 6000
#define OF_14 "model-#-of-00014.safetensors"
#define PARTS_14 OF_14 "*14=10 "
#define ST_INDEX "model.safetensors.index.json"
#define TORCH_INDEX "pytorch_model.bin.index.json"
#define TOP_64 "18446744073709551615"
#define HALF_64 "9223372036854775808"

enum read { UNREAD, GATED, BROKEN, BAD_NAMES, THERE };

struct row {
    const char *what, *files;
    enum read read;
    const char *index;
    bool is_cut;
    enum pm_weights_verdict verdict;
    const char *why; /* part of it */
    enum pm_weight_format format;
    size_t file_count, of;
    uint64_t bytes, other_bytes;
    size_t missing_count;
    const char *missing; /* the first */
};

#define COMPLETE PM_WEIGHTS_COMPLETE
#define INCOMPLETE PM_WEIGHTS_INCOMPLETE
#define UNKNOWN PM_WEIGHTS_UNKNOWN
#define ST PM_WEIGHTS_SAFETENSORS
#define TORCH PM_WEIGHTS_PYTORCH
#define GGUF PM_WEIGHTS_GGUF
#define ADAPTER PM_WEIGHTS_ADAPTER
#define ORIGINAL PM_WEIGHTS_ORIGINAL
#define OTHER PM_WEIGHTS_OTHER
#define NONE PM_WEIGHTS_NONE

/* --- single files --- */

static const struct row SINGLE[] = {
    {"one file", "config.json=7 model.safetensors=100", UNREAD, "", false, COMPLETE, "one file", ST,
     1, 1, 100, 0, 0, ""},
    {"one empty file", "model.safetensors=0", UNREAD, "", false, INCOMPLETE, "is empty", ST, 1, 1,
     0, 0, 0, ""},
    {"size unknown", "model.safetensors=?", UNREAD, "", false, UNKNOWN, "sizes", ST, 1, 1, 0, 0, 0,
     ""},
    {"before an index", "model.safetensors=100 " ST_INDEX "=3 " PARTS_14, THERE, "900: x", false,
     COMPLETE, "one file", ST, 1, 1, 100, 140, 0, ""},
    {"before PyTorch's", "pytorch_model.bin=90 model.safetensors=100", UNREAD, "", false, COMPLETE,
     "one file", ST, 1, 1, 100, 90, 0, ""},
    {"PyTorch's alone", "pytorch_model.bin=90 tf_model.h5=80 flax_model.msgpack=70", UNREAD, "",
     false, COMPLETE, "one file", TORCH, 1, 1, 90, 150, 0, ""},
    {"PyTorch's before parts without an index", "pytorch_model.bin=90 " PARTS_14, UNREAD, "", false,
     COMPLETE, "one file", TORCH, 1, 1, 90, 140, 0, ""},
    {"a diffusion model", "diffusion_pytorch_model.safetensors=90", UNREAD, "", false, COMPLETE,
     "one file", ST, 1, 1, 90, 0, 0, ""},
    {"seen in a cut list", "model.safetensors=100", UNREAD, "", true, COMPLETE, "one file", ST, 1,
     1, 100, 0, 0, ""},
    {"PyTorch's in a cut list", "pytorch_model.bin=90", UNREAD, "", true, UNKNOWN, "not all", TORCH,
     1, 1, 90, 0, 0, ""},
    {"an unusual name", "lora_v2.safetensors=5 config.json=1", UNREAD, "", false, UNKNOWN,
     "have names", ST, 1, 0, 5, 0, 0, ""},
    {"a variant", "model.fp16.safetensors=5", UNREAD, "", false, UNKNOWN, "have names", ST, 1, 0, 5,
     0, 0, ""},
    {"twice in a list, once empty", "model.safetensors=5 model.safetensors=0", UNREAD, "", false,
     UNKNOWN, "sizes", ST, 1, 1, 0, 0, 0, ""},
    {"twice in a list, with the same size", "model.safetensors=5 model.safetensors=5", UNREAD, "",
     false, COMPLETE, "one file", ST, 1, 1, 5, 0, 0, ""},
    {"twice in a list, once without a size", "model.safetensors=5 model.safetensors=?", UNREAD, "",
     false, UNKNOWN, "sizes", ST, 1, 1, 0, 0, 0, ""},
};

/* --- what an index names --- */

#define PARTS_3 "model-#-of-00003.safetensors*3=100 " ST_INDEX "=9 "
#define NAMES_3                                                                                    \
    "model-00001-of-00003.safetensors model-00002-of-00003.safetensors "                           \
    "model-00003-of-00003.safetensors"
#define TWO_OF_3                                                                                   \
    "model-00001-of-00003.safetensors=100 model-00003-of-00003.safetensors=100 " ST_INDEX "=9 "

static const struct row INDEXED[] = {
    {"a little more than the tensors", PARTS_3, THERE, "290: " NAMES_3, false, COMPLETE,
     "size fits", ST, 3, 3, 300, 0, 0, ""},
    {"as much as the tensors", PARTS_3, THERE, "300: " NAMES_3, false, COMPLETE, "size fits", ST, 3,
     3, 300, 0, 0, ""},
    {"a byte less", PARTS_3, THERE, "301: " NAMES_3, false, INCOMPLETE, "smaller", ST, 3, 3, 300, 0,
     0, ""},
    {"no total", PARTS_3, THERE, "?: " NAMES_3, false, COMPLETE, "names is there", ST, 3, 3, 300, 0,
     0, ""},
    {"one is missing", TWO_OF_3, THERE, "290: " NAMES_3, false, INCOMPLETE, "not there", ST, 2, 3,
     200, 0, 1, "model-00002-of-00003.safetensors"},
    {"one is empty", TWO_OF_3 "model-00002-of-00003.safetensors=0", THERE, "100: " NAMES_3, false,
     INCOMPLETE, "empty", ST, 3, 3, 200, 0, 0, ""},
    {"one has no size", TWO_OF_3 "model-00002-of-00003.safetensors=?", THERE, "100: " NAMES_3,
     false, UNKNOWN, "sizes", ST, 3, 3, 200, 0, 0, ""},
    {"one was not seen", TWO_OF_3, THERE, "290: " NAMES_3, true, UNKNOWN, "not all", ST, 2, 3, 200,
     0, 0, ""},
    {"one was not seen, one is empty",
     "model-00001-of-00003.safetensors=100 model-00003-of-00003.safetensors=0 " ST_INDEX "=9",
     THERE, "290: " NAMES_3, true, INCOMPLETE, "empty", ST, 2, 3, 100, 0, 0, ""},
    {"all were seen of a cut list", PARTS_3, THERE, "290: " NAMES_3, true, COMPLETE, "size fits",
     ST, 3, 3, 300, 0, 0, ""},
    {"all are missing", ST_INDEX "=9 config.json=1", THERE, "290: " NAMES_3, false, INCOMPLETE,
     "no file of weights", ST, 0, 3, 0, 0, 3, "model-00001-of-00003.safetensors"},
    {"stale parts beside", PARTS_3 "model-#-of-00002.safetensors*2=70", THERE, "290: " NAMES_3,
     false, COMPLETE, "size fits", ST, 3, 3, 300, 140, 0, ""},
    {"stale parts cannot help", TWO_OF_3 "model-#-of-00002.safetensors*2=70", THERE,
     "290: " NAMES_3, false, INCOMPLETE, "not there", ST, 2, 3, 200, 140, 1,
     "model-00002-of-00003.safetensors"},
    {"names without numbers", "a.safetensors=5 b.safetensors=6 " ST_INDEX "=9", THERE,
     "10: a.safetensors b.safetensors", false, COMPLETE, "size fits", ST, 2, 2, 11, 0, 0, ""},
    {"in a subfolder", "parts/a.safetensors=5 " ST_INDEX "=9", THERE, "5: parts/a.safetensors",
     false, COMPLETE, "size fits", ST, 1, 1, 5, 0, 0, ""},
    {"bad names", PARTS_3, BAD_NAMES, "290: " NAMES_3, false, UNKNOWN, "no repository can have", ST,
     3, 0, 300, 0, 0, ""},
    {"bad names, and one is missing", TWO_OF_3, BAD_NAMES, "290: " NAMES_3, false, UNKNOWN,
     "no repository can have", ST, 2, 0, 200, 0, 0, ""},
    {"names nothing", PARTS_3, THERE, "290: ", false, UNKNOWN, "names no file", ST, 0, 0, 0, 300, 0,
     ""},
    {"sums past 64 bits", "a.safetensors=" TOP_64 " b.safetensors=" TOP_64 " " ST_INDEX "=9", THERE,
     TOP_64 ": a.safetensors b.safetensors", false, COMPLETE, "size fits", ST, 2, 2, UINT64_MAX, 0,
     0, ""},
    {"a sum of just 64 bits", "a.safetensors=" TOP_64 " " ST_INDEX "=9", THERE,
     TOP_64 ": a.safetensors", false, COMPLETE, "size fits", ST, 1, 1, UINT64_MAX, 0, 0, ""},
    {"far below a total of 64 bits", "a.safetensors=1 " ST_INDEX "=9", THERE,
     TOP_64 ": a.safetensors", false, INCOMPLETE, "smaller", ST, 1, 1, 1, 0, 0, ""},
    {"PyTorch's", "pytorch_model-#-of-00002.bin*2=50 " TORCH_INDEX "=9", THERE,
     "99: pytorch_model-00001-of-00002.bin pytorch_model-00002-of-00002.bin", false, COMPLETE,
     "size fits", TORCH, 2, 2, 100, 0, 0, ""},
    {"both formats", PARTS_3 "pytorch_model-#-of-00002.bin*2=50 " TORCH_INDEX "=9", THERE,
     "290: " NAMES_3, false, COMPLETE, "size fits", ST, 3, 3, 300, 100, 0, ""},
    {"an original copy", PARTS_3 "consolidated.safetensors=300 original/consolidated.00.pth=300",
     THERE, "290: " NAMES_3, false, COMPLETE, "size fits", ST, 3, 3, 300, 600, 0, ""},
    {"an index of another name", "w-#-of-00002.safetensors*2=50 w.safetensors.index.json=9", THERE,
     "99: w-00001-of-00002.safetensors w-00002-of-00002.safetensors", false, COMPLETE, "size fits",
     ST, 2, 2, 100, 0, 0, ""},
    {"an index of another name, and one is missing",
     "w-00001-of-00002.safetensors=50 w.safetensors.index.json=9", THERE,
     "99: w-00001-of-00002.safetensors w-00002-of-00002.safetensors", false, INCOMPLETE,
     "not there", ST, 1, 2, 50, 0, 1, "w-00002-of-00002.safetensors"},
    {"a variant's", "model.fp16-#-of-00002.safetensors*2=50 model.safetensors.index.fp16.json=9",
     THERE, "99: model.fp16-00001-of-00002.safetensors model.fp16-00002-of-00002.safetensors",
     false, COMPLETE, "size fits", ST, 2, 2, 100, 0, 0, ""},
    {"PyTorch's of another name",
     "pytorch_model.v-#-of-00002.bin*2=50 pytorch_model.bin.index.v.json=9", THERE,
     "99: pytorch_model.v-00001-of-00002.bin pytorch_model.v-00002-of-00002.bin", false, COMPLETE,
     "size fits", TORCH, 2, 2, 100, 0, 0, ""},
    {"a trainer's state beside", PARTS_3 "optimizer.pt=600 training_args.bin=3", THERE,
     "290: " NAMES_3, false, COMPLETE, "size fits", ST, 3, 3, 300, 0, 0, ""},
};

/* --- an index that was not read, and numbers alone --- */

#define FIRST_6 "model-#-of-00014.safetensors*6=10 "

static const struct row NUMBERED[] = {
    {"gated, all there", PARTS_14 ST_INDEX "=9", GATED, "", false, UNKNOWN, "lets in", ST, 14, 14,
     140, 0, 0, ""},
    {"gated, some missing", FIRST_6 ST_INDEX "=9", GATED, "", false, INCOMPLETE, "parts", ST, 6, 14,
     60, 0, 8, "model-00007-of-00014.safetensors"},
    {"gated, list cut", FIRST_6 ST_INDEX "=9", GATED, "", true, UNKNOWN, "not all", ST, 6, 14, 60,
     0, 0, ""},
    {"two of other names, of which none counts",
     "w-#-of-00002.safetensors*2=50 v.safetensors.index.json=9 w.safetensors.index.json=9", THERE,
     "99: w-00001-of-00002.safetensors", false, UNKNOWN, "no index", ST, 2, 2, 100, 0, 0, ""},
    {"one of another name, that nothing can ask for",
     "w-#-of-00002.safetensors*2=50 w?.safetensors.index.json=9", THERE, "99: x", false, UNKNOWN,
     "no index", ST, 2, 2, 100, 0, 0, ""},
    {"one of another name, without files of its format",
     "pytorch_model-#-of-00002.bin*2=50 w.safetensors.index.json=9", THERE, "99: x", false, UNKNOWN,
     "no index", TORCH, 2, 2, 100, 0, 0, ""},
    {"not read, all there", PARTS_14 ST_INDEX "=9", UNREAD, "", false, UNKNOWN, "could not be read",
     ST, 14, 14, 140, 0, 0, ""},
    {"refused, all there", PARTS_14 ST_INDEX "=9", BROKEN, "", false, UNKNOWN, "could not be read",
     ST, 14, 14, 140, 0, 0, ""},
    {"not read, one empty", FIRST_6 "model-00007-of-00014.safetensors=0 " ST_INDEX "=9", UNREAD, "",
     true, UNKNOWN, "not all", ST, 7, 14, 60, 0, 0, ""},
    {"not read, all there but one empty",
     "model-00001-of-00002.safetensors=5 model-00002-of-00002.safetensors=0 " ST_INDEX "=9", UNREAD,
     "", false, INCOMPLETE, "empty", ST, 2, 2, 5, 0, 0, ""},
    {"not read, sizes unknown", "model-#-of-00002.safetensors*2=? " ST_INDEX "=9", UNREAD, "",
     false, UNKNOWN, "could not be read", ST, 2, 2, 0, 0, 0, ""},
    {"not read, names without numbers", "a.safetensors=5 " ST_INDEX "=9", UNREAD, "", false,
     UNKNOWN, "could not be read", ST, 1, 0, 5, 0, 0, ""},
    {"not read, nothing else", ST_INDEX "=9", UNREAD, "", false, INCOMPLETE, "no file of weights",
     ST, 0, 0, 0, 0, 0, ""},
    {"not read, nothing else seen", ST_INDEX "=9", UNREAD, "", true, UNKNOWN, "could not be read",
     ST, 0, 0, 0, 0, 0, ""},
    {"not read, a stale set is the whole one",
     FIRST_6 "model-#-of-00003.safetensors*3=7 " ST_INDEX "=9", UNREAD, "", false, UNKNOWN,
     "could not be read", ST, 3, 3, 21, 60, 0, ""},
    {"not read, no set is whole", FIRST_6 "model-#-of-00003.safetensors*2=7 " ST_INDEX "=9", UNREAD,
     "", false, INCOMPLETE, "parts", ST, 6, 14, 60, 14, 8, "model-00007-of-00014.safetensors"},
    {"parts of two formats, in two folders",
     "model-#-of-00002.safetensors*2=5 pytorch_model-#-of-00002.bin*2=6 "
     "sub/model-#-of-00002.safetensors*2=7",
     UNREAD, "", false, UNKNOWN, "no index", ST, 2, 2, 10, 26, 0, ""},
    {"the whole set is the smaller one",
     "model-#-of-00002.safetensors*2=5 model-#-of-00009.safetensors*3=6 "
     "other-#-of-00004.safetensors*4=7",
     UNREAD, "", false, UNKNOWN, "no index", ST, 4, 4, 28, 28, 0, ""},
    {"an upload under way", FIRST_6 "config.json=1", UNREAD, "", false, INCOMPLETE, "parts", ST, 6,
     14, 60, 0, 8, "model-00007-of-00014.safetensors"},
    {"an upload under way, list cut", FIRST_6, UNREAD, "", true, UNKNOWN, "not all", ST, 6, 14, 60,
     0, 0, ""},
    {"all there, no index", PARTS_14, UNREAD, "", false, UNKNOWN, "no index", ST, 14, 14, 140, 0, 0,
     ""},
    {"PyTorch's, one missing", "pytorch_model-00002-of-00002.bin=5", UNREAD, "", false, INCOMPLETE,
     "parts", TORCH, 1, 2, 5, 0, 1, "pytorch_model-00001-of-00002.bin"},
    {"six digits and underscores", "model_000002_of_000002.safetensors=5", UNREAD, "", false,
     INCOMPLETE, "parts", ST, 1, 2, 5, 0, 1, "model_000001_of_000002.safetensors"},
    {"a number written twice",
     "model-00001-of-00002.safetensors=5 model-000001-of-000002.safetensors=5", UNREAD, "", false,
     INCOMPLETE, "parts", ST, 1, 2, 5, 5, 1, "model-000002-of-000002.safetensors"},
    {"a great number", "model-00001-of-99999.safetensors=5", UNREAD, "", false, INCOMPLETE, "parts",
     ST, 1, 99999, 5, 0, 99998, "model-00002-of-99999.safetensors"},
    {"an original's parts", "consolidated-#-of-00003.safetensors*2=5", UNREAD, "", false,
     INCOMPLETE, "parts", ORIGINAL, 2, 3, 10, 0, 1, "consolidated-00003-of-00003.safetensors"},
};

/* --- other formats, and folders --- */

static const struct row OTHERS[] = {
    {"an adapter", "adapter_config.json=1 adapter_model.safetensors=30", UNREAD, "", false,
     COMPLETE, "kept elsewhere", ADAPTER, 1, 1, 30, 0, 0, ""},
    {"an adapter twice", "adapter_config.json=1 adapter_model.bin=31 adapter_model.safetensors=30",
     UNREAD, "", false, COMPLETE, "kept elsewhere", ADAPTER, 1, 1, 30, 31, 0, ""},
    {"an adapter alone", "adapter_model.bin=30", UNREAD, "", false, INCOMPLETE, "configuration",
     ADAPTER, 1, 1, 30, 0, 0, ""},
    {"an adapter in a cut list", "adapter_model.bin=30", UNREAD, "", true, UNKNOWN, "not all",
     ADAPTER, 1, 1, 30, 0, 0, ""},
    {"an empty adapter", "adapter_config.json=1 adapter_model.bin=0", UNREAD, "", false, INCOMPLETE,
     "is empty", ADAPTER, 1, 1, 0, 0, 0, ""},
    {"a model and an adapter", "adapter_config.json=1 adapter_model.bin=30 model.safetensors=100",
     UNREAD, "", false, COMPLETE, "one file", ST, 1, 1, 100, 30, 0, ""},
    {"one GGUF", "m-Q4.gguf=40 mmproj-m.gguf=5", UNREAD, "", false, COMPLETE, "one file", GGUF, 1,
     1, 40, 5, 0, ""},
    {"GGUF in parts", "m-#-of-00003.gguf*3=40", UNREAD, "", false, COMPLETE, "numbered parts", GGUF,
     3, 3, 120, 0, 0, ""},
    {"GGUF without a part", "m-#-of-00003.gguf*2=40", UNREAD, "", false, INCOMPLETE, "not there",
     GGUF, 2, 3, 80, 0, 1, "m-00003-of-00003.gguf"},
    {"several GGUF", "m-Q4.gguf=40 m-Q8.gguf=80 m-BF16-#-of-00002.gguf*2=80", UNREAD, "", false,
     COMPLETE, "to choose from", GGUF, 4, 0, 280, 0, 0, ""},
    {"several GGUF, one lacks a part", "m-Q4.gguf=40 m-BF16-#-of-00002.gguf*1=80", UNREAD, "",
     false, INCOMPLETE, "some lack", GGUF, 2, 0, 120, 0, 0, ""},
    {"several GGUF, one has no size", "m-Q4.gguf=40 m-Q8.gguf=?", UNREAD, "", false, UNKNOWN,
     "sizes", GGUF, 2, 0, 40, 0, 0, ""},
    {"several GGUF, none has a size", "m-Q4.gguf=? m-Q8.gguf=?", UNREAD, "", false, UNKNOWN,
     "sizes", GGUF, 2, 0, 0, 0, 0, ""},
    {"several GGUF, one lacks a part that was not seen", "m-Q4.gguf=40 m-BF16-#-of-00002.gguf*1=80",
     UNREAD, "", true, UNKNOWN, "not all", GGUF, 2, 0, 120, 0, 0, ""},
    {"parts of two models of a size", "m-#-of-00002.gguf*1=6 m-#-of-00003.gguf*1=6", UNREAD, "",
     false, INCOMPLETE, "some lack", GGUF, 2, 0, 12, 0, 0, ""},
    {"two formats in subfolders", "a/pytorch_model.bin=1 b/y.safetensors=2 c/z.safetensors=4",
     UNREAD, "", false, UNKNOWN, "in subfolders", ST, 2, 0, 6, 1, 0, ""},
    {"GGUF in folders", "BF16/m-#-of-00002.gguf*2=80 Q4/m.gguf=40 README.md=1", UNREAD, "", false,
     COMPLETE, "to choose from", GGUF, 3, 0, 200, 0, 0, ""},
    {"only a companion in the root", "mmproj-m.gguf=5 Q4/m.gguf=40", UNREAD, "", false, COMPLETE,
     "one file", GGUF, 1, 1, 40, 5, 0, ""},
    {"GGUF beside a model", "m-Q4.gguf=40 model.safetensors=100", UNREAD, "", false, COMPLETE,
     "one file", ST, 1, 1, 100, 40, 0, ""},
    {"an original alone", "consolidated.00.pth=9 consolidated.01.pth=9 params.json=1", UNREAD, "",
     false, UNKNOWN, "makers' own", ORIGINAL, 2, 0, 18, 0, 0, ""},
    {"another format", "model.onnx=9 tf_model.h5=8", UNREAD, "", false, UNKNOWN, "a format without",
     OTHER, 2, 0, 17, 0, 0, ""},
    {"the root before a trainer's folder",
     "model.safetensors=100 checkpoint-5/model.safetensors=99", UNREAD, "", false, COMPLETE,
     "one file", ST, 1, 1, 100, 99, 0, ""},
    {"the root before a trainer's last folder",
     "model.safetensors=100 last-checkpoint/model.safetensors=99 last-checkpoint/m.gguf=5", UNREAD,
     "", false, COMPLETE, "one file", ST, 1, 1, 100, 104, 0, ""},
    {"GGUF beside a trainer's last folder", "Q4/m.gguf=40 last-checkpoint/m.gguf=5", UNREAD, "",
     false, COMPLETE, "one file", GGUF, 1, 1, 40, 5, 0, ""},
    {"an adapter before a trainer's folder",
     "adapter_config.json=1 adapter_model.bin=30 checkpoint-5/model.safetensors=99", UNREAD, "",
     false, COMPLETE, "kept elsewhere", ADAPTER, 1, 1, 30, 99, 0, ""},
    {"a pipeline of models", "unet/model.safetensors=5 vae/model.safetensors=6 vae/x.bin=1", UNREAD,
     "", false, UNKNOWN, "in subfolders", ST, 2, 0, 11, 0, 0, ""},
    {"nothing", "", UNREAD, "", false, INCOMPLETE, "no file of weights", NONE, 0, 0, 0, 0, 0, ""},
    {"no weights", ".gitattributes=1 README.md=2 config.json=3 checkpoint-5/optimizer.pt=9", UNREAD,
     "", false, INCOMPLETE, "no file of weights", NONE, 0, 0, 0, 0, 0, ""},
    {"nothing seen", "README.md=2", UNREAD, "", true, UNKNOWN, "not all", NONE, 0, 0, 0, 0, 0, ""},
};

/* --- reading the rows --- */

struct files {
    struct pm_hub_file rows[FILES_MOST];
    size_t count;
};

static void add_file(struct files *files, pm_str path, pm_str size)
{
    struct pm_hub_file *file = &files->rows[files->count++];
    *file = (struct pm_hub_file){.path = path};
    file->has_size = !pm_str_equal(size, PM_STR("?"));
    CHECK(!file->has_size || pm_str_to_u64(size, &file->size), "a size: %.*s", PM_STR_ARG(size));
}

static void add_numbered(struct pm_arena *arena, struct files *files, pm_str path, pm_str size)
{
    uint64_t count;
    size_t star = pm_str_find(path, '*'), hash = pm_str_find(path, '#');
    if (star == path.len) {
        add_file(files, path, size);
        return;
    }
    CHECK(pm_str_to_u64(pm_str_tail(path, star + 1), &count), "%.*s", PM_STR_ARG(path));
    for (uint64_t n = 1; n <= count; n++) {
        struct pm_buf buf;
        pm_buf_init(&buf, arena, 1000);
        pm_buf_add(&buf, pm_str_slice(path, 0, hash));
        pm_buf_addf(&buf, "%05u", (unsigned)n);
        pm_buf_add(&buf, pm_str_slice(path, hash + 1, star));
        add_file(files, pm_buf_text(&buf), size);
    }
}

/* The text before the next blank; the rest stays. */
static pm_str next_word(pm_str *text)
{
    *text = pm_str_trim(*text);
    size_t end = pm_str_find(*text, ' ');
    pm_str word = pm_str_slice(*text, 0, end);
    *text = pm_str_tail(*text, end);
    return word;
}

static void read_files(struct pm_arena *arena, struct files *files, const char *text)
{
    pm_str rest = pm_str_from(text), word = next_word(&rest);
    for (files->count = 0; word.len; word = next_word(&rest)) {
        size_t equals = pm_str_find(word, '=');
        add_numbered(arena, files, pm_str_slice(word, 0, equals), pm_str_tail(word, equals + 1));
    }
}

static struct pm_hub_index read_index(const struct row *row, pm_str names[16])
{
    struct pm_hub_index index = {.files = names};
    pm_str text = pm_str_from(row->index);
    size_t colon = pm_str_find(text, ':');
    index.found = row->read == GATED    ? PM_HUB_GATED
                  : row->read == BROKEN ? PM_HUB_NO_FILE
                                        : PM_HUB_THERE;
    index.bad_names = row->read == BAD_NAMES ? 3 : 0;
    index.has_total_size = pm_str_to_u64(pm_str_slice(text, 0, colon), &index.total_size);
    text = pm_str_tail(text, colon + 1);
    for (pm_str word = next_word(&text); word.len; word = next_word(&text)) {
        names[index.file_count++] = word;
    }
    return index;
}

/* --- rows --- */

static struct pm_weights judge_list(struct pm_arena *arena, const struct files *files,
                                    const struct pm_hub_index *index, bool is_whole)
{
    struct pm_weights_list list = pm_weights_list_read(arena, files->rows, files->count, is_whole);
    return pm_weights_judge(&list, index);
}

static struct pm_weights judge(struct pm_arena *arena, struct files *files, const struct row *row)
{
    pm_str names[16];
    struct pm_hub_index index = read_index(row, names);
    return judge_list(arena, files, row->read == UNREAD ? NULL : &index, !row->is_cut);
}

static void check_row(const struct row *row, const struct pm_weights *got)
{
    CHECK(got->verdict == row->verdict, "%s: %s: %s", row->what,
          pm_weights_verdict_word(got->verdict), got->why);
    CHECK(pm_str_has_nocase(pm_str_from(got->why), pm_str_from(row->why)), "%s: %s", row->what,
          got->why);
    CHECK(got->format == row->format, "%s: %s", row->what, pm_weights_format_word(got->format));
    CHECK(got->file_count == row->file_count, "%s: %zu files", row->what, got->file_count);
    CHECK(got->of == row->of, "%s: of %zu", row->what, got->of);
    CHECK(got->bytes == row->bytes, "%s: %zu bytes", row->what, (size_t)got->bytes);
    CHECK(got->other_bytes == row->other_bytes, "%s: %zu others", row->what,
          (size_t)got->other_bytes);
    CHECK(got->missing_count == row->missing_count, "%s: %zu missing", row->what,
          got->missing_count);
    CHECK_TEXT(got->missing[0], pm_str_from(row->missing), row->what);
}

/* The order of a list says nothing. */
static void turn_round(struct files *files)
{
    for (size_t i = 0; i < files->count / 2; i++) {
        struct pm_hub_file file = files->rows[i];
        files->rows[i] = files->rows[files->count - 1 - i];
        files->rows[files->count - 1 - i] = file;
    }
}

static void test_rows(struct pm_arena *arena, struct files *files, const struct row *rows,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        read_files(arena, files, rows[i].files);
        struct pm_weights weights = judge(arena, files, &rows[i]);
        check_row(&rows[i], &weights);
        turn_round(files);
        weights = judge(arena, files, &rows[i]);
        check_row(&rows[i], &weights);
    }
}

/* --- single things --- */

static struct pm_weights judge_files(struct pm_arena *arena, struct files *files, const char *text)
{
    read_files(arena, files, text);
    return judge_list(arena, files, NULL, true);
}

static void test_index_path(struct pm_arena *arena, struct files *files)
{
    static const struct {
        const char *files, *path;
    } rows[] = {
        {PARTS_3, ST_INDEX},
        {PARTS_3 "model.safetensors=1", ""},
        {PARTS_3 TORCH_INDEX "=1", ST_INDEX},
        {TORCH_INDEX "=1", TORCH_INDEX},
        {TORCH_INDEX "=1 pytorch_model.bin=3", ""},
        {"diffusion_pytorch_model.safetensors.index.json=1",
         "diffusion_pytorch_model.safetensors.index.json"},
        {"checkpoint-5/" ST_INDEX "=1", ""},
        {"checkpoint-5/" ST_INDEX "=1 checkpoint-5/model-00001-of-00002.safetensors=1",
         "checkpoint-5/" ST_INDEX},
        {"checkpoint-9/" ST_INDEX "=1 checkpoint-9/model-00001-of-00002.safetensors=1 "
         "checkpoint-5/" ST_INDEX "=1 checkpoint-5/model-00001-of-00002.safetensors=1",
         "checkpoint-9/" ST_INDEX},
        {"last-checkpoint/" ST_INDEX "=1 last-checkpoint/model-00001-of-00002.safetensors=1",
         "last-checkpoint/" ST_INDEX},
        {"model-00001-of-00002.safetensors=1 m{1}.safetensors.index.json=1", ""},
        {"m.gguf=1 other.index.json=3", ""},
        {PARTS_14, ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        read_files(arena, files, rows[i].files);
        struct pm_weights_list list = pm_weights_list_read(arena, files->rows, files->count, true);
        pm_str path = pm_weights_index_path(&list);
        CHECK_TEXT(path, pm_str_from(rows[i].path), rows[i].files);
    }
}

static void test_folders(struct pm_arena *arena, struct files *files)
{
    static const struct {
        const char *files, *folder;
        uint64_t step, bytes, other_bytes;
    } rows[] = {
        {"checkpoint-9/model.safetensors=3 checkpoint-10/model.safetensors=4", "checkpoint-10", 10,
         4, 3},
        {"checkpoint-9/model.safetensors=3 checkpoint-10/optimizer.pt=4", "checkpoint-9", 9, 3, 0},
        {"last-checkpoint/model.safetensors=3 old/model.safetensors=4", "last-checkpoint", 0, 3, 4},
        {"last-checkpoint/model.safetensors=3 checkpoint-0/model.safetensors=4", "checkpoint-0", 0,
         4, 3},
        {"last-checkpoint/model.safetensors=3 checkpoint-1/model.safetensors=4", "checkpoint-1", 1,
         4, 3},
        {"checkpoint-9/deep/model.safetensors=3 checkpoint-8/model.safetensors=4", "checkpoint-8",
         8, 4, 3},
        {"checkpoint-x/model.safetensors=3 checkpoint-7/pytorch_model.bin=4", "checkpoint-7", 7, 4,
         3},
        {"checkpoint-18446744073709551616/model.safetensors=3 checkpoint-7/model.safetensors=4",
         "checkpoint-7", 7, 4, 3},
        {"checkpoint-9/m.gguf=3", "checkpoint-9", 9, 3, 0},
        {"model.safetensors=3 checkpoint-9/model.safetensors=4", "", 0, 3, 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_weights weights = judge_files(arena, files, rows[i].files);
        CHECK_TEXT(weights.folder, pm_str_from(rows[i].folder), rows[i].files);
        CHECK(weights.folder_step == rows[i].step, "%s: step", rows[i].files);
        CHECK(weights.has_folder_step == pm_str_starts(weights.folder, PM_STR("checkpoint-")),
              "%s: has step", rows[i].files);
        CHECK(weights.bytes == rows[i].bytes, "%s: bytes", rows[i].files);
        CHECK(weights.other_bytes == rows[i].other_bytes, "%s: others", rows[i].files);
    }
}

static void test_folder_index(struct pm_arena *arena, struct files *files)
{
    pm_str names[] = {PM_STR("a.safetensors"), PM_STR("b.safetensors")};
    const struct pm_hub_index index = {.found = PM_HUB_THERE, .files = names, .file_count = 2};
    read_files(arena, files, "checkpoint-5/a.safetensors=4 checkpoint-5/" ST_INDEX "=1");
    struct pm_weights weights = judge_list(arena, files, &index, true);
    CHECK(weights.verdict == PM_WEIGHTS_INCOMPLETE && weights.file_count == 1, "%s", weights.why);
    CHECK_TEXT(weights.missing[0], PM_STR("checkpoint-5/b.safetensors"), "beside its index");
    weights = judge_list(arena, files, &index, false);
    CHECK(weights.verdict == PM_WEIGHTS_UNKNOWN, "the root was not seen whole: %s", weights.why);
}

static void test_choices(struct pm_arena *arena, struct files *files)
{
    struct pm_weights weights = judge_files(
        arena, files, "Q8/m.gguf=80 m-Q4.gguf=40 m-#-of-00003.gguf*2=50 e.gguf=0 mmproj.gguf=3");
    static const struct pm_weights_choice wanted[] = {
        {PM_STR_INIT("m"), 2, 3, 100, true, PM_WEIGHTS_INCOMPLETE},
        {PM_STR_INIT("Q8/m"), 1, 1, 80, true, PM_WEIGHTS_COMPLETE},
        {PM_STR_INIT("m-Q4"), 1, 1, 40, true, PM_WEIGHTS_COMPLETE},
        {PM_STR_INIT("e"), 1, 1, 0, true, PM_WEIGHTS_INCOMPLETE},
    };
    CHECK(weights.choice_count == 4, "%zu choices", weights.choice_count);
    for (size_t i = 0; i < weights.choice_count && i < 4; i++) {
        const struct pm_weights_choice *got = &weights.choices[i], *want = &wanted[i];
        CHECK_TEXT(got->name, want->name, "the largest first");
        CHECK(got->file_count == want->file_count && got->of == want->of, "%zu: files", i);
        CHECK(got->bytes == want->bytes && got->is_bytes_exact == want->is_bytes_exact,
              "%zu: bytes", i);
        CHECK(got->verdict == want->verdict, "%zu: verdict", i);
    }
    CHECK(weights.verdict == PM_WEIGHTS_INCOMPLETE, "one lacks parts");
    CHECK(weights.empty_count == 1, "%zu empty", weights.empty_count);
    CHECK(judge_files(arena, files, "model.safetensors=1 m.gguf=2").choice_count == 0, "none");
}

static void test_sums(struct pm_arena *arena, struct files *files)
{
    static const struct {
        const char *files;
        uint64_t bytes, all_bytes;
        bool is_exact, is_all_exact;
    } rows[] = {
        {"model.safetensors=5 README.md=2 optimizer.pt=9", 5, 16, true, true},
        {"model.safetensors=5 README.md=?", 5, 5, true, false},
        {"model.safetensors=? README.md=2", 0, 2, false, false},
        {"model.safetensors=" HALF_64 " a.bin=" HALF_64, UINT64_MAX / 2 + 1, UINT64_MAX, true,
         false},
        {"m-1.gguf=" HALF_64 " m-2.gguf=" HALF_64, UINT64_MAX, UINT64_MAX, false, false},
        {"a-1.gguf=" HALF_64 " a-2.gguf=9223372036854775807", UINT64_MAX, UINT64_MAX, true, true},
        {"model.safetensors=1 m-1.gguf=" TOP_64 " m-2.gguf=" TOP_64, 1, UINT64_MAX, true, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_weights weights = judge_files(arena, files, rows[i].files);
        CHECK(weights.bytes == rows[i].bytes, "%s: bytes", rows[i].files);
        CHECK(weights.is_bytes_exact == rows[i].is_exact, "%s: exact", rows[i].files);
        CHECK(weights.all_bytes == rows[i].all_bytes, "%s: all", rows[i].files);
        CHECK(weights.is_all_exact == rows[i].is_all_exact, "%s: all exact", rows[i].files);
    }
    read_files(arena, files, "model.safetensors=5");
    CHECK(!judge_list(arena, files, NULL, false).is_all_exact, "a cut list");
}

/* A header has at most 25,000,008 bytes: more than that between files and tensors is odd. */
static void test_warnings(struct pm_arena *arena, struct files *files)
{
    static const struct {
        const char *index;
        bool warns;
    } rows[] = {
        {"50000017: a.safetensors b.safetensors", false},
        {"25000009: a.safetensors b.safetensors", false},
        {"25000008: a.safetensors b.safetensors", true},
        {"0: a.safetensors b.safetensors", true},
        {"?: a.safetensors b.safetensors", true},
    };
    read_files(arena, files, "a.safetensors=100000000 b.safetensors=32 " ST_INDEX "=9");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row row = {.read = THERE, .index = rows[i].index};
        struct pm_weights weights = judge(arena, files, &row);
        CHECK(weights.verdict == PM_WEIGHTS_COMPLETE, "%s: %s", rows[i].index, weights.why);
        CHECK((weights.warning != NULL) == rows[i].warns, "%s: %s", rows[i].index,
              weights.warning ? weights.warning : "none");
    }
}

static void test_missing_names(struct pm_arena *arena, struct files *files)
{
    struct pm_weights weights =
        judge_files(arena, files, "sub/x-00003-of-00009.gguf=1 sub/x-00005-of-00009.gguf=1");
    static const char *const wanted[PM_WEIGHTS_NAMED_MOST] = {
        "sub/x-00001-of-00009.gguf", "sub/x-00002-of-00009.gguf", "sub/x-00004-of-00009.gguf",
        "sub/x-00006-of-00009.gguf", "sub/x-00007-of-00009.gguf"};
    CHECK(weights.missing_count == 7, "%zu missing", weights.missing_count);
    for (size_t i = 0; i < PM_WEIGHTS_NAMED_MOST; i++) {
        CHECK_TEXT(weights.missing[i], pm_str_from(wanted[i]), "missing");
    }
    weights = judge_files(arena, files, PARTS_14 "model-#-of-00020.safetensors*3=1");
    CHECK(weights.stale_count == 3 && weights.file_count == 14, "%zu stale", weights.stale_count);
}

/* A hostile list is judged in no time. */
static void test_many(struct pm_arena *arena, struct files *files)
{
    read_files(arena, files,
               "model-#-of-05000.safetensors*5000=1000000000 " ST_INDEX "=9 config.json=1");
    turn_round(files);
    struct pm_weights weights = judge_list(arena, files, NULL, true);
    CHECK(weights.of == 5000 && weights.bytes == 5000000000000, "%zu parts", weights.of);
    CHECK(weights.verdict == PM_WEIGHTS_UNKNOWN, "%s", weights.why);
    pm_str *names = pm_arena_array(arena, 10000, sizeof *names);
    for (size_t i = 0; names && i < 10000; i++) {
        names[i] = i < 5000 ? files->rows[i + 1].path : PM_STR("gone.safetensors");
    }
    const struct pm_hub_index index = {.files = names, .file_count = 10000};
    weights = judge_list(arena, files, &index, true);
    CHECK(weights.missing_count == 5000 && weights.of == 10000, "%zu missing",
          weights.missing_count);
    for (unsigned i = 0; i < 5000; i++) { /* each a set of its own */
        struct pm_buf buf;
        pm_buf_init(&buf, arena, 100);
        pm_buf_addf(&buf, "model-00001-of-%05u.safetensors", i + 2);
        files->rows[i] = (struct pm_hub_file){pm_buf_text(&buf), 1, true, true};
    }
    files->count = 5000;
    weights = judge_list(arena, files, NULL, true);
    CHECK(weights.verdict == PM_WEIGHTS_INCOMPLETE && weights.file_count == 1, "%zu files",
          weights.file_count);
    CHECK(weights.stale_count == 4999, "%zu stale", weights.stale_count);
}

static void test_memory(struct files *files)
{
    struct pm_arena small;
    for (size_t ceiling = 0; ceiling < 20000; ceiling += 16) {
        struct pm_arena texts;
        pm_arena_init(&texts, 1 << 20);
        pm_arena_init(&small, ceiling);
        const struct row row = {.read = THERE, .index = "290: " NAMES_3};
        read_files(&texts, files, TWO_OF_3 "m-#-of-00003.gguf*2=3 checkpoint-5/x.gguf=3");
        struct pm_weights weights = judge(&small, files, &row);
        CHECK(small.failed || weights.missing_count == 1, "ceiling %zu", ceiling);
        read_files(&texts, files, "m-#-of-00003.gguf*2=3 a.gguf=1");
        weights = judge(&small, files, &row);
        CHECK(small.failed || weights.choice_count == 2, "ceiling %zu", ceiling);
        pm_arena_finish(&small);
        pm_arena_init(&small, ceiling);
        read_files(&texts, files, PARTS_14);
        weights = judge_list(&small, files, NULL, true);
        CHECK(small.failed || weights.of == 14, "ceiling %zu", ceiling);
        pm_arena_finish(&small);
        pm_arena_init(&small, ceiling);
        struct pm_gcs_file listed = {PM_STR("model.safetensors"), true, 9, PM_STR("17")};
        const struct pm_gcs_manifest manifest = {
            .found = PM_GCS_THERE, .has_files = true, .files = &listed, .count = 1};
        weights = pm_weights_of_manifest(&small, &manifest);
        CHECK(small.failed || weights.bytes == 9, "ceiling %zu", ceiling);
        pm_arena_finish(&small);
        pm_arena_finish(&texts);
    }
}

/* --- manifests --- */

static void test_manifests(struct pm_arena *arena, struct files *files)
{
    static const struct {
        const char *files;
        enum pm_gcs_found found;
        size_t unreadable;
        enum pm_weights_verdict verdict;
        size_t file_count, of, missing_count;
        uint64_t bytes;
    } rows[] = {
        {"model.safetensors=9", PM_GCS_THERE, 0, COMPLETE, 1, 1, 0, 9},
        {PARTS_14, PM_GCS_THERE, 0, COMPLETE, 14, 14, 0, 140},
        {FIRST_6, PM_GCS_THERE, 0, INCOMPLETE, 6, 14, 8, 60},
        {FIRST_6, PM_GCS_THERE, 1, UNKNOWN, 6, 0, 0, 60},
        {FIRST_6 "model-#-of-00003.safetensors*2=1", PM_GCS_THERE, 0, INCOMPLETE, 8, 17, 9, 62},
        {PARTS_14, PM_GCS_THERE, 2, UNKNOWN, 14, 0, 0, 140},
        {"model.safetensors=0", PM_GCS_THERE, 0, INCOMPLETE, 1, 1, 0, 0},
        {"model.safetensors=?", PM_GCS_THERE, 0, COMPLETE, 1, 1, 0, 0},
        {"deep/a.safetensors=3", PM_GCS_THERE, 0, COMPLETE, 1, 1, 0, 3},
        {"", PM_GCS_THERE, 0, INCOMPLETE, 0, 0, 0, 0},
        {"", PM_GCS_THERE, 1, UNKNOWN, 0, 0, 0, 0},
        {"", PM_GCS_MISSING, 0, UNKNOWN, 0, 0, 0, 0},
        {"model.safetensors=9", PM_GCS_DENIED, 0, UNKNOWN, 0, 0, 0, 0},
    };
    struct pm_gcs_file listed[32];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        read_files(arena, files, rows[i].files);
        for (size_t k = 0; k < files->count; k++) {
            const struct pm_hub_file *file = &files->rows[k];
            listed[k] = (struct pm_gcs_file){file->path, file->has_size, file->size, PM_STR("17")};
        }
        const struct pm_gcs_manifest manifest = {.found = rows[i].found,
                                                 .has_files = true,
                                                 .files = listed,
                                                 .count = files->count,
                                                 .unreadable = rows[i].unreadable};
        struct pm_weights weights = pm_weights_of_manifest(arena, &manifest);
        CHECK(weights.verdict == rows[i].verdict, "manifest %zu: %s", i, weights.why);
        CHECK(weights.file_count == rows[i].file_count, "manifest %zu: %zu", i, weights.file_count);
        CHECK(weights.of == rows[i].of, "manifest %zu: of %zu", i, weights.of);
        CHECK(weights.missing_count == rows[i].missing_count, "manifest %zu: %zu missing", i,
              weights.missing_count);
        CHECK(weights.bytes == rows[i].bytes && weights.other_bytes == 0, "manifest %zu: bytes", i);
    }
    const struct pm_gcs_manifest without = {.found = PM_GCS_THERE};
    CHECK(pm_weights_of_manifest(arena, &without).verdict == PM_WEIGHTS_UNKNOWN, "no files at all");
}

#define ROWS(rows) rows, sizeof(rows) / sizeof *(rows)

int main(void)
{
    struct pm_arena arena;
    struct files *files = calloc(1, sizeof *files);
    pm_arena_init(&arena, 64 << 20);
    if (files) {
        test_rows(&arena, files, ROWS(SINGLE));
        test_rows(&arena, files, ROWS(INDEXED));
        test_rows(&arena, files, ROWS(NUMBERED));
        test_rows(&arena, files, ROWS(OTHERS));
        test_index_path(&arena, files);
        test_folders(&arena, files);
        test_folder_index(&arena, files);
        test_choices(&arena, files);
        test_sums(&arena, files);
        test_warnings(&arena, files);
        test_missing_names(&arena, files);
        test_many(&arena, files);
        test_memory(files);
        test_manifests(&arena, files);
    }
    CHECK(files && !arena.failed, "memory");
    free(files);
    pm_arena_finish(&arena);
    return check_done();
}
