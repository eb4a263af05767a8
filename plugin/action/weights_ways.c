/* weights_ways.c - the way in which a loader would take the weights of a list. */

#include "action/weights_ways.h"

#define MODEL "model.safetensors"
#define TORCH "pytorch_model.bin"
#define DIFFUSION "diffusion_pytorch_model.safetensors"
#define INDEX ".index.json"
#define INDEX_NAME_MOST 200 /* bytes */

/* The loaders' order: one file before an index, .safetensors before PyTorch's. What no loader takes
 * by itself comes behind. */
static const struct pm_weights_way WAYS[] = {
    {PM_WAY_SINGLE, PM_WEIGHTS_SAFETENSORS, PM_STR_INIT(MODEL), {0}},
    {PM_WAY_INDEXED, PM_WEIGHTS_SAFETENSORS, PM_STR_INIT(MODEL INDEX), {0}},
    {PM_WAY_SINGLE, PM_WEIGHTS_PYTORCH, PM_STR_INIT(TORCH), {0}},
    {PM_WAY_INDEXED, PM_WEIGHTS_PYTORCH, PM_STR_INIT(TORCH INDEX), {0}},
    {PM_WAY_SINGLE, PM_WEIGHTS_SAFETENSORS, PM_STR_INIT(DIFFUSION), {0}},
    {PM_WAY_INDEXED, PM_WEIGHTS_SAFETENSORS, PM_STR_INIT(DIFFUSION INDEX), {0}},
    {PM_WAY_INDEXED, PM_WEIGHTS_SAFETENSORS, {0}, {0}},
    {PM_WAY_INDEXED, PM_WEIGHTS_PYTORCH, {0}, {0}},
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

/* It becomes part of an address. */
static bool is_plain_name(pm_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        if (!is_plain) {
            return false;
        }
    }
    return name.len <= INDEX_NAME_MOST;
}

/* "weights.safetensors.index.json", and of a variant "model.safetensors.index.fp16.json". */
static bool is_index(pm_str name, enum pm_weight_format format)
{
    return is_plain_name(name) && pm_str_ends_nocase(name, PM_STR(".json")) &&
           pm_str_has_nocase(name, format == PM_WEIGHTS_PYTORCH ? PM_STR(".bin.index.")
                                                                : PM_STR(".safetensors.index."));
}

/* The only index of another name than the usual ones, beside files of its format; with several nothing
 * tells which one counts. */
static pm_str find_index(const struct pm_weights_list *list, const struct pm_weights_way *way)
{
    pm_str found = PM_STR("");
    bool has_files = has_format(list, way);
    for (size_t i = 0; has_files && i < list->count; i++) {
        const struct pm_weights_file *row = &list->rows[i];
        if (pm_str_equal(row->folder, way->folder) && is_index(row->base, way->format)) {
            if (found.len) {
                return PM_STR("");
            }
            found = row->base;
        }
    }
    return found;
}

static bool is_there(const struct pm_weights_list *list, const struct pm_weights_way *way)
{
    return way->name.len ? pm_weights_find(list, way->folder, way->name) != NULL
                         : way->kind != PM_WAY_INDEXED && has_format(list, way);
}

static struct pm_weights_way choose_in(const struct pm_weights_list *list, pm_str folder)
{
    for (size_t i = 0; i < sizeof WAYS / sizeof *WAYS; i++) {
        struct pm_weights_way way = WAYS[i];
        way.folder = folder;
        if (way.kind == PM_WAY_INDEXED && way.name.len == 0) {
            way.name = find_index(list, &way);
        }
        if (is_there(list, &way)) {
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
