/* fuzz_hub.c - replies of the model hub: the first byte says to which question, then a whole reply. */

#include "whole_reply.h"

#include "codec/hub_name.h"
#include "source/hub_inside.h"

static const struct pm_kind *const kinds[] = {
    &pm_hub_kind_search,          &pm_hub_kinds_model.moving, &pm_hub_kinds_tree.moving,
    &pm_hub_kinds_commits.moving, &pm_hub_kinds_index.moving,
};

static void look_files(struct fuzz_digest *digest, const struct pm_hub_file *files, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        HOLDS(files[i].path.len > 0);
        HOLDS(files[i].has_size || files[i].size == 0);
        fuzz_add_text(digest, files[i].path);
        fuzz_add_u64(digest, files[i].size);
    }
}

static void look_model(struct fuzz_digest *digest, const struct pm_hub_model *model)
{
    const pm_str texts[] = {model->id,      model->sha,      model->author,
                            model->library, model->pipeline, model->licence};
    const struct pm_count counts[] = {model->downloads, model->likes, model->used_storage,
                                      model->params};
    HOLDS(model->id.len > 0 || model->has_files || pm_hub_is_commit(model->sha));
    HOLDS(model->gate <= PM_HUB_GATE_OTHER);
    HOLDS(!model->has_all_sizes || model->has_files);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fuzz_add_text(digest, texts[i]);
    }
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        HOLDS(counts[i].is_known || counts[i].value == 0);
        fuzz_add_u64(digest, counts[i].value);
    }
    look_files(digest, model->files, model->file_count);
}

static void look_models(struct fuzz_digest *digest, const struct pm_hub_models *models)
{
    for (size_t i = 0; i < models->count; i++) {
        look_model(digest, &models->rows[i]);
    }
}

static void look_tree(struct fuzz_digest *digest, const struct pm_hub_tree *tree)
{
    HOLDS(tree->has_more || tree->next.len == 0);
    for (size_t i = 0; i < tree->next.len; i++) {
        HOLDS(tree->next.ptr[i] > ' ' && tree->next.ptr[i] < 0x7F);
        HOLDS(!strchr("&#?\"<>\\", tree->next.ptr[i]));
    }
    fuzz_add_text(digest, tree->next);
    look_files(digest, tree->files, tree->count);
}

static void look_commits(struct fuzz_digest *digest, const struct pm_hub_commits *commits)
{
    for (size_t i = 0; i < commits->count; i++) {
        const struct pm_hub_commit *row = &commits->rows[i];
        uint64_t step = 0;
        HOLDS(pm_hub_is_commit(row->id));
        HOLDS(pm_hub_step(row->title, &step) == row->has_step);
        HOLDS(!row->has_step || step == row->step);
        fuzz_add_text(digest, row->id);
        fuzz_add_text(digest, row->title);
    }
    fuzz_add_u64(digest, commits->total);
}

/* Names that lead nowhere else, each once and in order. */
static void look_index(struct fuzz_digest *digest, const struct pm_hub_index *index)
{
    HOLDS(index->file_count <= PM_HUB_INDEX_FILES_MOST);
    HOLDS(index->file_count + (index->bad_names > 0) <= index->tensors);
    HOLDS(index->bad_names <= index->tensors);
    for (size_t i = 0; i < index->file_count; i++) {
        pm_str name = index->files[i];
        HOLDS(i == 0 || pm_str_compare(index->files[i - 1], name) < 0);
        HOLDS(name.len > 0 && name.ptr[0] != '/' && !pm_str_starts(name, PM_STR("../")));
        HOLDS(!pm_str_has_nocase(name, PM_STR("/../")) && !pm_str_has_nocase(name, PM_STR("%")));
        fuzz_add_text(digest, name);
    }
    fuzz_add_u64(digest, index->total_size);
    fuzz_add_u64(digest, index->tensors);
}

static void look(struct fuzz_digest *digest, const struct pm_kind *kind, const void *facts)
{
    if (kind == kinds[0]) {
        look_models(digest, facts);
        return;
    }
    enum pm_hub_found found = *(const enum pm_hub_found *)facts; /* the first of all others */
    HOLDS(found < PM_HUB_OTHER);
    fuzz_add_u64(digest, found);
    if (found != PM_HUB_THERE) {
        return;
    }
    if (kind == kinds[1]) {
        look_model(digest, facts);
    } else if (kind == kinds[2]) {
        look_tree(digest, facts);
    } else if (kind == kinds[3]) {
        look_commits(digest, facts);
    } else {
        look_index(digest, facts);
    }
}

static uint64_t digest_of(const struct pm_kind *kind, pm_str text)
{
    struct whole_reply reply;
    struct fuzz_digest digest = {0};
    whole_decode(&reply, kind, text);
    fuzz_add(&digest, reply.outcome.problem, strlen(reply.outcome.problem));
    if (reply.facts) {
        look(&digest, kind, reply.facts);
        HOLDS(kind == kinds[0] || (reply.outcome.http == 200) ==
                                      (*(const enum pm_hub_found *)reply.facts == PM_HUB_THERE));
    }
    whole_drop(&reply);
    return digest.sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pm_str text = fuzz_text(data, size);
    if (size == 0) {
        return 0;
    }
    const struct pm_kind *kind = kinds[data[0] % (sizeof kinds / sizeof *kinds)];
    HOLDS(digest_of(kind, pm_str_tail(text, 1)) == digest_of(kind, pm_str_tail(text, 1)));
    return 0;
}
