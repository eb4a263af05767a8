/* hub_model.c - a repository: by itself, and as a search lists it.
 *
 * Only its id is always there. A search tells the names of its files, a model by itself also their
 * sizes; where several members say the same, the one that says most goes first. */

#include "source/hub_inside.h"

#include "codec/hub_name.h"
#include "source/body.h"
#include "source/fields.h"

static enum pm_hub_gate read_gate(yyjson_val *object)
{
    static const struct {
        pm_str word;
        enum pm_hub_gate gate;
    } words[] = {
        {PM_STR_INIT("auto"), PM_HUB_GATE_AUTO},
        {PM_STR_INIT("manual"), PM_HUB_GATE_MANUAL},
    };
    yyjson_val *value = pm_json_get(object, "gated");
    if (yyjson_is_false(value)) {
        return PM_HUB_GATE_NONE;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (pm_str_equal_nocase(pm_json_text(value), words[i].word)) {
            return words[i].gate;
        }
    }
    return yyjson_is_true(value) || yyjson_is_str(value) ? PM_HUB_GATE_OTHER : PM_HUB_GATE_UNKNOWN;
}

/* Its card names it, one outside the hub's own list by a second member; or else a tag
 * "license:apache-2.0". */
static pm_str read_licence(yyjson_val *object)
{
    const pm_str prefix = PM_STR("license:");
    yyjson_val *tag, *card = pm_json_get(object, "cardData");
    pm_str licence = pm_field_text(card, "license"), name = pm_field_text(card, "license_name");
    if (pm_str_equal_nocase(licence, PM_STR("other")) && name.len) {
        licence = name;
    }
    yyjson_arr_iter tags = yyjson_arr_iter_with(pm_json_get(object, "tags"));
    while (licence.len == 0 && (tag = yyjson_arr_iter_next(&tags)) != NULL) {
        pm_str text = pm_json_text(tag);
        if (pm_str_starts(text, prefix)) {
            licence = pm_str_tail(text, prefix.len);
        }
    }
    return licence;
}

static struct pm_count read_params(yyjson_val *object)
{
    struct pm_count total = pm_field_count(pm_json_get(object, "safetensors"), "total");
    return total.is_known ? total : pm_field_count(pm_json_get(object, "gguf"), "total");
}

bool pm_hub_read_file(yyjson_val *entry, const char *path_key, struct pm_hub_file *file)
{
    yyjson_val *large = pm_json_get(entry, "lfs");
    struct pm_count size = pm_field_count(entry, "size");
    if (!size.is_known) {
        size = pm_field_count(large, "size");
    }
    *file = (struct pm_hub_file){
        .path = pm_field_text(entry, path_key),
        .size = size.value,
        .has_size = size.is_known,
        .is_large = yyjson_is_obj(large),
    };
    return file->path.len > 0;
}

static void read_files(struct pm_arena *arena, yyjson_val *siblings, struct pm_hub_model *model)
{
    yyjson_val *sibling;
    yyjson_arr_iter each = yyjson_arr_iter_with(siblings);
    model->has_files = model->has_all_sizes = yyjson_is_arr(siblings);
    model->files = pm_arena_array(arena, yyjson_arr_size(siblings), sizeof *model->files);
    while (model->files && (sibling = yyjson_arr_iter_next(&each)) != NULL) {
        struct pm_hub_file *file = &model->files[model->file_count];
        bool has_path = pm_hub_read_file(sibling, "rfilename", file);
        model->has_all_sizes = model->has_all_sizes && has_path && file->has_size;
        model->file_count += has_path;
        model->unreadable += !has_path;
    }
}

bool pm_hub_read_model(struct pm_arena *arena, yyjson_val *object, struct pm_hub_model *model)
{
    pm_str id = pm_field_text(object, "id");
    *model = (struct pm_hub_model){
        .found = PM_HUB_THERE,
        .id = id.len ? id : pm_field_text(object, "modelId"),
        .sha = pm_field_text(object, "sha"),
        .author = pm_field_text(object, "author"),
        .library = pm_field_text(object, "library_name"),
        .pipeline = pm_field_text(object, "pipeline_tag"),
        .licence = read_licence(object),
        .last_modified = pm_field_time(object, "lastModified"),
        .created = pm_field_time(object, "createdAt"),
        .private_ = pm_field_flag(object, "private"),
        .disabled = pm_field_flag(object, "disabled"),
        .gate = read_gate(object),
        .downloads = pm_field_count(object, "downloads"),
        .likes = pm_field_count(object, "likes"),
        .used_storage = pm_field_count(object, "usedStorage"),
        .params = read_params(object),
    };
    read_files(arena, pm_json_get(object, "siblings"), model);
    return model->id.len > 0;
}

void *pm_hub_decode_model(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                          struct pm_outcome *outcome)
{
    struct pm_hub_model *model = pm_arena_zero(arena, sizeof *model);
    if (!model) {
        return pm_body_finish(arena, NULL, outcome);
    }
    if (outcome->http >= 400) {
        model->found = pm_hub_judge(body, outcome);
        return model->found == PM_HUB_OTHER ? NULL : model;
    }
    yyjson_val *root = pm_hub_read_object(scratch, body, outcome);
    if (!root) {
        return NULL;
    }
    /* Who asked for it by its name can do without it. */
    bool has_id = pm_hub_read_model(arena, root, model);
    if (!has_id && !model->has_files && !pm_hub_is_commit(model->sha)) {
        pm_outcome_set(outcome, PM_STATUS_BAD_REPLY, "no text \"id\"");
        return NULL;
    }
    return pm_body_finish(arena, model, outcome);
}
