/* weights_ways.c - the way in which a loader would take the weights of a list. */

#include "action/weights_ways.h"

#define MODEL "model.safetensors"
#define TORCH "pytorch_model.bin"
#define DIFFUSION "diffusion_pytorch_model.safetensors"
#define INDEX ".index.json"

/* The loaders' order: one file before an index, .safetensors before PyTorch's. What no loader takes
 * by itself comes behind. */
static const struct pm_weights_way WAYS[] = {
    {PM_WAY_SINGLE, PM_WEIGHTS_SAFETENSORS, PM_STR_INIT(MODEL), {0}},
    {PM_WAY_INDEXED, PM_WEIGHTS_SAFETENSORS, PM_STR_INIT(MODEL INDEX), {0}},
    {PM_WAY_SINGLE, PM_WEIGHTS_PYTORCH, PM_STR_INIT(TORCH), {0}},
    {PM_WAY_INDEXED, PM_WEIGHTS_PYTORCH, PM_STR_INIT(TORCH INDEX), {0}},
    {PM_WAY_SINGLE, PM_WEIGHTS_SAFETENSORS, PM_STR_INIT(DIFFUSION), {0}},
    {PM_WAY_INDEXED, PM_WEIGHTS_SAFETENSORS, PM_STR_INIT(DIFFUSION INDEX), {0}},
    {PM_WAY_PARTS, PM_WEIGHTS_SAFETENSORS, {0}, {0}},
    {PM_WAY_PARTS, PM_WEIGHTS_PYTORCH, {0}, {0}},
    {PM_WAY_ADAPTER, PM_WEIGHTS_ADAPTER, PM_STR_INIT("adapter_model.safetensors"), {0}},
    {PM_WAY_ADAPTER, PM_WEIGHTS_ADAPTER, PM_STR_INIT("adapter_model.bin"), {0}},
    {PM_WAY_MODELS, PM_WEIGHTS_GGUF, {0}, {0}},
    {PM_WAY_LOOSE, PM_WEIGHTS_SAFETENSORS, {0}, {0}},
    {PM_WAY_LOOSE, PM_WEIGHTS_PYTORCH, {0}, {0}},
    {PM_WAY_PARTS, PM_WEIGHTS_ORIGINAL, {0}, {0}},
    {PM_WAY_LOOSE, PM_WEIGHTS_ORIGINAL, {0}, {0}},
};

static bool has_format(const struct pm_weights_list *list, const struct pm_weights_way *way)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct pm_weights_file *row = &list->rows[i];
        if (row->format == way->format && (row->is_part || way->kind != PM_WAY_PARTS) &&
            pm_str_equal(row->folder, way->folder)) {
            return true;
        }
    }
    return false;
}

static struct pm_weights_way choose_in(const struct pm_weights_list *list, pm_str folder)
{
    for (size_t i = 0; i < sizeof WAYS / sizeof *WAYS; i++) {
        struct pm_weights_way way = WAYS[i];
        way.folder = folder;
        if (way.name.len ? pm_weights_find(list, folder, way.name) != NULL
                         : has_format(list, &way)) {
            return way;
        }
    }
    return (struct pm_weights_way){0};
}

static struct pm_weights_way choose_scattered(const struct pm_weights_list *list)
{
    struct pm_weights_way way = {0};
    for (size_t i = 0; i < list->count; i++) {
        enum pm_weight_format format = list->rows[i].format;
        bool is_better =
            format != PM_WEIGHTS_NONE && (way.format == PM_WEIGHTS_NONE || format < way.format);
        if (is_better) {
            way = (struct pm_weights_way){.kind = PM_WAY_SCATTERED, .format = format};
        }
    }
    return way;
}

struct pm_weights_way pm_weights_choose(const struct pm_weights_list *list)
{
    struct pm_weights_way way = choose_in(list, PM_STR(""));
    if (way.kind == PM_WAY_NONE && pm_weights_models(list).count > 0) {
        way = (struct pm_weights_way){.kind = PM_WAY_MODELS, .format = PM_WEIGHTS_GGUF};
    }
    if (way.kind == PM_WAY_NONE) {
        pm_str folder = pm_weights_newest_folder(list);
        way = folder.len ? choose_in(list, folder) : way;
    }
    if (way.kind == PM_WAY_NONE) {
        way = (struct pm_weights_way){.kind = PM_WAY_LOOSE, .format = PM_WEIGHTS_OTHER};
        way = has_format(list, &way) ? way : choose_scattered(list);
    }
    return way;
}
