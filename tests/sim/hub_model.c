/* hub_model.c - a model as the simulated hub tells it: in a search, alone, or by chosen fields. */

#include "hub_call.h"

#include "hub_query.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define CREATED "2026-10-02T08:15:42.000Z" /* where nothing says when */

struct view {
    yyjson_mut_doc *doc;
    const struct sim_hub_repo *repo;
    const struct sim_hub_revision *revision;
    bool has_sizes; /* of files */
};

typedef yyjson_mut_val *make_fn(const struct view *view);

/* --- what follows from the rest --- */

static yyjson_mut_val *make_author(const struct view *view)
{
    return yyjson_mut_strncpy(view->doc, view->repo->id, strcspn(view->repo->id, "/"));
}

static yyjson_mut_val *make_id(const struct view *view)
{
    return yyjson_mut_strcpy(view->doc, view->repo->id);
}

static yyjson_mut_val *make_sha(const struct view *view)
{
    return yyjson_mut_strcpy(view->doc, view->revision->id);
}

static yyjson_mut_val *make_changed(const struct view *view)
{
    yyjson_val *date = yyjson_obj_get(view->revision->commit, "date");
    return date ? yyjson_val_mut_copy(view->doc, date) : yyjson_mut_str(view->doc, CREATED);
}

static yyjson_mut_val *make_number(const struct view *view)
{
    char *number = sim_hub_repo_number(view->repo);
    yyjson_mut_val *value = yyjson_mut_strcpy(view->doc, number);
    free(number);
    return value;
}

static yyjson_mut_val *make_storage(const struct view *view)
{
    uint64_t total = 0;
    yyjson_val *file;
    yyjson_arr_iter all = yyjson_arr_iter_with(view->revision->files);
    while ((file = yyjson_arr_iter_next(&all))) {
        if (yyjson_obj_get(file, "sha256")) {
            total += yyjson_get_uint(yyjson_obj_get(file, "size"));
        }
    }
    return yyjson_mut_uint(view->doc, total);
}

static void add_copy(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *name,
                     yyjson_val *value)
{
    if (value) {
        (void)yyjson_mut_obj_add_val(doc, object, name, yyjson_val_mut_copy(doc, value));
    }
}

static void add_sizes(yyjson_mut_doc *doc, yyjson_mut_val *sibling, yyjson_val *file)
{
    yyjson_val *size = yyjson_obj_get(file, "size"), *sum = yyjson_obj_get(file, "sha256");
    add_copy(doc, sibling, "blobId", yyjson_obj_get(file, "oid"));
    add_copy(doc, sibling, "size", size);
    if (sum) {
        yyjson_mut_val *lfs = yyjson_mut_obj_add_obj(doc, sibling, "lfs");
        add_copy(doc, lfs, "sha256", sum);
        add_copy(doc, lfs, "size", size);
        (void)yyjson_mut_obj_add_uint(doc, lfs, "pointerSize", sim_hub_pointer_bytes(file));
    }
}

static yyjson_mut_val *make_siblings(const struct view *view)
{
    yyjson_mut_val *siblings = yyjson_mut_arr(view->doc);
    yyjson_val *file;
    yyjson_arr_iter all = yyjson_arr_iter_with(view->revision->files);
    while ((file = yyjson_arr_iter_next(&all))) {
        yyjson_mut_val *sibling = yyjson_mut_arr_add_obj(view->doc, siblings);
        add_copy(view->doc, sibling, "rfilename", yyjson_obj_get(file, "path"));
        if (view->has_sizes) {
            add_sizes(view->doc, sibling, file);
        }
    }
    return siblings;
}

/* --- fields --- */

enum { LIST = 1, FULL = 2, INFO = 4, CARD = 8, CONFIG = 16, NO_EXPAND = 32 };

/* In the hub's own order of those that can be chosen. */
static const struct field {
    const char *name;
    unsigned where;
    make_fn *make;        /* what it is when the info does not say */
    const char *constant; /* or this, as JSON; neither: it is then left out */
} fields[] = {
    {"_id", LIST | INFO | NO_EXPAND, make_number, NULL},
    {"id", LIST | INFO | NO_EXPAND, make_id, NULL},
    {"modelId", LIST | INFO | NO_EXPAND, make_id, NULL},
    {"author", FULL | INFO, make_author, NULL},
    {"baseModels", 0, NULL, NULL},
    {"cardData", INFO | CARD, NULL, NULL},
    {"config", INFO | CONFIG, NULL, NULL},
    {"createdAt", LIST | INFO, NULL, "\"" CREATED "\""},
    {"disabled", FULL | INFO, NULL, "false"},
    {"downloads", LIST | INFO, NULL, "0"},
    {"downloadsAllTime", 0, NULL, "0"},
    {"evalResults", 0, NULL, NULL},
    {"gated", FULL | INFO, NULL, "false"},
    {"inference", 0, NULL, NULL},
    {"inferenceProviderMapping", 0, NULL, NULL},
    {"lastModified", FULL | INFO, make_changed, NULL},
    {"library_name", LIST | INFO, NULL, NULL},
    {"likes", LIST | INFO, NULL, "0"},
    {"mask_token", 0, NULL, NULL},
    {"model-index", INFO, NULL, "null"},
    {"pipeline_tag", LIST | INFO, NULL, NULL},
    {"private", LIST | INFO, NULL, "false"},
    {"safetensors", INFO, NULL, NULL},
    {"sha", FULL | INFO, make_sha, NULL},
    {"siblings", FULL | INFO, make_siblings, NULL},
    {"spaces", INFO, NULL, "[]"},
    {"tags", LIST | INFO, NULL, "[]"},
    {"transformersInfo", 0, NULL, NULL},
    {"trendingScore", LIST, NULL, "0"},
    {"widgetData", 0, NULL, NULL},
    {"gguf", INFO, NULL, NULL},
    {"resourceGroup", 0, NULL, NULL},
    {"xetEnabled", 0, NULL, NULL},
    {"childrenModelCount", 0, NULL, NULL},
    {"usedStorage", INFO, make_storage, NULL},
};

#define FIELDS (sizeof fields / sizeof *fields)

bool sim_hub_is_field(const char *name)
{
    for (size_t i = 0; i < FIELDS; i++) {
        if (strcmp(fields[i].name, name) == 0) {
            return !(fields[i].where & NO_EXPAND);
        }
    }
    return false;
}

char *sim_hub_field_names(void)
{
    char *names = sim_copy("");
    for (size_t i = 0; i < FIELDS; i++) {
        if (!(fields[i].where & NO_EXPAND)) {
            char *longer = sim_format("%s%s\"%s\"", names, *names ? "|" : "", fields[i].name);
            free(names);
            names = longer;
        }
    }
    return names;
}

static bool is_chosen(const struct field *field, const char *query)
{
    static const char *const spellings[] = {"expand", "expand[]", "expand%5B%5D"};
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        char *name;
        for (size_t nth = 0; (name = sim_query_get(query, spellings[i], nth)); nth++) {
            bool is_it = strcmp(name, field->name) == 0;
            free(name);
            if (is_it) {
                return true;
            }
        }
    }
    return false;
}

static bool is_shown(const struct field *field, const char *query, enum sim_hub_shape shape)
{
    switch (shape) {
    case SIM_SHAPE_INFO:
        return field->where & INFO;
    case SIM_SHAPE_EXPAND:
        return strcmp(field->name, "_id") == 0 || strcmp(field->name, "id") == 0 ||
               is_chosen(field, query);
    case SIM_SHAPE_LIST:
    case SIM_SHAPE_FULL:
        break;
    }
    unsigned where = LIST | (shape == SIM_SHAPE_FULL ? FULL : 0);
    where |= sim_query_is_true(query, "cardData") ? CARD : 0;
    where |= sim_query_is_true(query, "config") ? CONFIG : 0;
    return field->where & where;
}

static bool is_left_out(const struct sim_hub_repo *repo, const char *name)
{
    yyjson_val *each;
    yyjson_arr_iter all = yyjson_arr_iter_with(yyjson_obj_get(repo->root, "without"));
    while ((each = yyjson_arr_iter_next(&all))) {
        if (yyjson_equals_str(each, name)) {
            return true;
        }
    }
    return false;
}

/* NULL when the repository has nothing such. */
static yyjson_mut_val *field_value(const struct view *view, const struct field *field)
{
    yyjson_val *given = yyjson_obj_get(view->repo->info, field->name);
    if (is_left_out(view->repo, field->name)) {
        return NULL;
    }
    if (given) {
        return yyjson_val_mut_copy(view->doc, given);
    }
    if (field->constant) {
        return yyjson_mut_rawcpy(view->doc, field->constant);
    }
    return field->make ? field->make(view) : NULL;
}

yyjson_mut_val *sim_hub_model(yyjson_mut_doc *doc, const struct sim_hub_repo *repo,
                              const struct sim_hub_revision *revision, const char *query,
                              enum sim_hub_shape shape)
{
    bool has_sizes = shape == SIM_SHAPE_INFO && sim_query_is_true(query, "blobs");
    const struct view view = {doc, repo, revision, has_sizes};
    yyjson_mut_val *model = yyjson_mut_obj(doc);
    for (size_t i = 0; i < FIELDS; i++) {
        yyjson_mut_val *value =
            is_shown(&fields[i], query, shape) ? field_value(&view, &fields[i]) : NULL;
        if (value) {
            (void)yyjson_mut_obj_add_val(doc, model, fields[i].name, value);
        }
    }
    return model;
}
