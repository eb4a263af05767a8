/* hub_look.c - asking the model hub and the buckets, as soon as there is something to ask. */

#include "action/hub_look.h"

#include "action/declared.h"
#include "action/hub_files.h"
#include "action/weights.h"
#include "codec/hub_name.h"

#define SEARCH_ROWS 20
#define SEARCH_BYTES_LEAST 3    /* shorter words are in half of all names */
#define SEARCH_BYTES_MOST 96    /* no name is longer */
#define SURELY_WHOLE_BELOW 1000 /* files: a longer list may have been cut */

static const pm_str MAIN = PM_STR_INIT("main");
static const pm_str USUAL_INDEX = PM_STR_INIT("model.safetensors.index.json");

void pm_hub_look_begin(struct pm_hub_look *look, struct pm_call *call)
{
    *look = (struct pm_hub_look){.call = call};
}

/* --- searching --- */

static void search(struct pm_hub_look *look, enum pm_search_kind kind, pm_str words)
{
    bool is_foundation = kind == PM_SEARCH_FOUNDATION_BY_ID || kind == PM_SEARCH_FOUNDATION_BY_NAME;
    const struct pm_hub_search wanted = {
        .author = is_foundation ? PM_STR(PM_FOUNDATION) : PM_STR(""),
        .words = words,
        .limit = SEARCH_ROWS,
        .newest = true,
    };
    look->is_ranked = false;
    look->searches[look->search_count].kind = kind;
    look->searches[look->search_count++].ask =
        pm_hub_ask_search(&look->call->batch, &wanted, false);
}

/* A repository's name has no other bytes, so the search would come to nothing. */
static bool is_search_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == ' ';
}

static bool is_for_search(pm_str words)
{
    for (size_t i = 0; i < words.len; i++) {
        if (!is_search_byte(words.ptr[i])) {
            return false;
        }
    }
    return words.len >= SEARCH_BYTES_LEAST && words.len <= SEARCH_BYTES_MOST;
}

void pm_hub_look_search(struct pm_hub_look *look, pm_str words, bool is_name)
{
    pm_str *kept = is_name ? &look->name : &look->id;
    bool is_same = is_name && pm_str_equal_nocase(words, look->id);
    if (look->call->settings->is_hub_off || is_same || pm_str_equal(*kept, words) ||
        !is_for_search(words)) {
        return;
    }
    if (kept->len) { /* the words turned out to mean another run */
        pm_hub_look_leave_searches(look, true);
        look->search_count = 0;
        look->id = look->name = PM_STR("");
    }
    *kept = words;
    search(look, is_name ? PM_SEARCH_FOUNDATION_BY_NAME : PM_SEARCH_FOUNDATION_BY_ID, words);
    search(look, is_name ? PM_SEARCH_ANYONE_BY_NAME : PM_SEARCH_ANYONE_BY_ID, words);
}

void pm_hub_look_leave_searches(struct pm_hub_look *look, bool are_left)
{
    for (size_t i = 0; i < look->search_count; i++) {
        look->searches[i].ask->is_aside = are_left;
    }
}

bool pm_hub_look_is_searched(const struct pm_hub_look *look)
{
    for (size_t i = 0; i < look->search_count; i++) {
        if (!pm_hub_models(look->searches[i].ask)) {
            return false;
        }
    }
    return look->search_count > 0;
}

/* Searches can list for a while what is there no more. */
static pm_str find_lost(const struct pm_hub_look *look)
{
    for (size_t i = 0; i < look->place_count; i++) {
        const struct pm_hub_model *model = pm_hub_model(look->places[i].model);
        if (model && model->found == PM_HUB_MISSING_OR_PRIVATE) {
            return look->places[i].repo;
        }
    }
    return PM_STR("");
}

const struct pm_candidates *pm_hub_look_rank(struct pm_hub_look *look)
{
    struct pm_search_result results[PM_HUB_SEARCHES_MOST];
    if (look->is_ranked) {
        return &look->ranked;
    }
    for (size_t i = 0; i < look->search_count; i++) {
        results[i] = (struct pm_search_result){
            .kind = look->searches[i].kind,
            .models = pm_hub_models(look->searches[i].ask),
        };
    }
    const struct pm_candidates_input input = {
        .run_id = look->id,
        .run_name = look->name,
        .lost = find_lost(look),
        .results = results,
        .result_count = look->search_count,
    };
    look->ranked = pm_candidates_rank(look->call->arena, &input);
    look->is_ranked = pm_hub_look_is_searched(look);
    return &look->ranked;
}

/* --- a repository --- */

static bool is_same_place(const struct pm_hub_place *place, pm_str repo, pm_str revision)
{
    return pm_str_equal(place->repo, repo) && pm_str_equal(place->revision, revision);
}

struct pm_hub_place *pm_hub_look_at(struct pm_hub_look *look, pm_str repo, pm_str revision,
                                    bool carries)
{
    struct pm_batch *batch = &look->call->batch;
    for (size_t i = 0; i < look->place_count; i++) {
        if (is_same_place(&look->places[i], repo, revision)) {
            return &look->places[i];
        }
    }
    if (look->call->settings->is_hub_off || look->place_count == PM_HUB_PLACES_MOST ||
        !pm_hub_is_repository(repo) || (revision.len && !pm_hub_is_revision(revision))) {
        return NULL;
    }
    struct pm_hub_place *place = &look->places[look->place_count++];
    *place = (struct pm_hub_place){.repo = repo, .revision = revision};
    place->model = pm_hub_ask_model(batch, repo, revision, carries);
    place->ahead =
        pm_hub_ask_index(batch, repo, revision.len ? revision : MAIN, USUAL_INDEX, false);
    place->ahead->is_aside = true; /* many have none */
    /* Steps are put there, whatever else a revision may name. */
    place->commits = pm_hub_ask_commits(batch, repo, MAIN, PM_HUB_COMMITS_ASKED, 0, false);
    return place;
}

void pm_hub_look_older(struct pm_hub_look *look, struct pm_hub_place *place, pm_str commit,
                       unsigned page)
{
    if (!place->older) {
        place->older = pm_hub_ask_commits(&look->call->batch, place->repo, commit,
                                          PM_HUB_COMMITS_ASKED, page, false);
    }
}

static bool has_commit(const struct pm_hub_commits *commits, pm_str sha)
{
    for (size_t i = 0; commits && i < commits->count; i++) {
        if (pm_str_equal(commits->rows[i].id, sha)) {
            return true;
        }
    }
    return false;
}

/* A list without any file may be one that was cut. */
static bool needs_tree(const struct pm_hub_model *model)
{
    return !model->has_files || model->file_count == 0 || !model->has_all_sizes ||
           model->file_count >= SURELY_WHOLE_BELOW;
}

/* A renamed one leads on from its old name, at the cost of a request each time. */
static pm_str current_name(const struct pm_hub_place *place, const struct pm_hub_model *model)
{
    return pm_hub_is_repository(model->id) ? model->id : place->repo;
}

/* What was asked for ahead counts when it is of that very commit. */
static void ask_index(struct pm_hub_look *look, struct pm_hub_place *place, pm_str path)
{
    place->index = place->ahead;
    place->index_path = path;
    place->ahead->is_aside = false;
    if (!pm_str_equal(path, USUAL_INDEX)) {
        place->ahead->is_aside = true;
        place->index =
            pm_hub_ask_index(&look->call->batch, place->repo_now, place->commit, path, false);
    }
}

/* A push came between the two replies, or the hub did not say which commit it was. */
static bool ask_index_again(struct pm_hub_look *look, struct pm_hub_place *place)
{
    const struct pm_hub_index *index = pm_hub_index(place->index);
    bool is_of_commit = pm_str_equal(place->revision, place->commit) ||
                        (index && pm_str_equal(index->commit, place->commit));
    if (!place->index || place->index != place->ahead || !index || is_of_commit ||
        index->found == PM_HUB_GATED) {
        return false;
    }
    place->index =
        pm_hub_ask_index(&look->call->batch, place->repo_now, place->commit, USUAL_INDEX, false);
    return true;
}

pm_str pm_hub_look_commit(const struct pm_hub_place *place, const struct pm_hub_model *model)
{
    return pm_hub_is_commit(model->sha)        ? model->sha
           : pm_hub_is_commit(place->revision) ? place->revision
                                               : PM_STR("");
}

/* What stands at the commit that the revision turned out to be. */
static bool follow(struct pm_hub_look *look, struct pm_hub_place *place)
{
    struct pm_batch *batch = &look->call->batch;
    const struct pm_hub_model *model = pm_hub_model(place->model);
    pm_str commit =
        model && model->found == PM_HUB_THERE ? pm_hub_look_commit(place, model) : PM_STR("");
    if (!place->is_followed && commit.len) {
        place->is_followed = true;
        place->commit = commit;
        place->repo_now = current_name(place, model);
        place->named =
            pm_weights_list_read(look->call->arena, model->files, model->file_count, true);
        pm_str index = pm_weights_index_path(&place->named);
        if (index.len) {
            ask_index(look, place, index);
        }
        if (needs_tree(model)) {
            place->trees[place->tree_count++] =
                pm_hub_ask_tree(batch, place->repo_now, place->commit, PM_STR(""), false);
        }
        return index.len || place->tree_count;
    }
    return false;
}

static bool turn_page(struct pm_hub_look *look, struct pm_hub_place *place)
{
    size_t count = place->tree_count;
    const struct pm_hub_tree *tree = count ? pm_hub_tree(place->trees[count - 1]) : NULL;
    if (!tree || tree->next.len == 0 || count == PM_HUB_TREES_MOST) {
        return false;
    }
    place->trees[place->tree_count++] =
        pm_hub_ask_tree(&look->call->batch, place->repo_now, place->commit, tree->next, false);
    return true;
}

/* The files that the pages list may have another index than those that the repository named, or one
 * where it named none. */
static bool look_for_index(struct pm_hub_look *look, struct pm_hub_place *place)
{
    if (place->is_listed || !pm_hub_files_are_in(place)) {
        return false;
    }
    struct pm_weights_list files = pm_hub_files_read(look->call->arena, place);
    pm_str path = pm_weights_index_path(&files);
    place->is_listed = true;
    if (path.len && !pm_str_equal(path, place->index_path)) {
        ask_index(look, place, path);
        return true;
    }
    return false;
}

/* Its title tells the step. */
static bool look_for_own_commit(struct pm_hub_look *look, struct pm_hub_place *place)
{
    const struct pm_hub_commits *commits = pm_hub_commits(place->commits);
    bool is_due =
        !place->own && place->commit.len && place->commits->is_in &&
        !has_commit(commits, place->commit) &&
        (!commits || commits->found == PM_HUB_THERE || commits->found == PM_HUB_NO_REVISION);
    if (is_due) {
        place->own =
            pm_hub_ask_commits(&look->call->batch, place->repo_now, place->commit, 1, 0, false);
    }
    return is_due;
}

/* Without that revision: is the repository there at all, and how far is it? */
static bool look_anyhow(struct pm_hub_look *look, struct pm_hub_place *place)
{
    const struct pm_hub_model *model = pm_hub_model(place->model);
    if (place->anyhow || !model || model->found != PM_HUB_NO_REVISION) {
        return false;
    }
    place->anyhow = pm_hub_ask_model(&look->call->batch, place->repo, PM_STR(""), false);
    return true;
}

/* --- a bucket --- */

struct pm_hub_bucket *pm_hub_look_into(struct pm_hub_look *look, pm_str bucket, pm_str prefix)
{
    for (size_t i = 0; i < look->bucket_count; i++) {
        if (pm_str_equal(look->buckets[i].bucket, bucket) &&
            pm_str_equal(look->buckets[i].prefix, prefix)) {
            return &look->buckets[i];
        }
    }
    if (look->call->settings->is_hub_off || look->bucket_count == PM_HUB_BUCKETS_MOST ||
        !pm_gcs_is_place(bucket, prefix)) {
        return NULL;
    }
    struct pm_hub_bucket *place = &look->buckets[look->bucket_count++];
    *place = (struct pm_hub_bucket){.bucket = bucket, .prefix = prefix};
    place->manifest = pm_gcs_ask_manifest(&look->call->batch, bucket, prefix, false);
    return place;
}

/* --- steps --- */

void pm_hub_look_declared(struct pm_hub_look *look, const struct pm_checkpoint *checkpoint)
{
    pm_str place = pm_declared_place(checkpoint);
    switch (checkpoint->kind) {
    case PM_CHECKPOINT_HUB:
        (void)pm_hub_look_at(look, place, checkpoint->revision, false);
        break;
    case PM_CHECKPOINT_GCS:
        if (pm_declared_gs(look->call->arena, checkpoint).len) {
            (void)pm_hub_look_into(look, place, checkpoint->revision);
        }
        break;
    case PM_CHECKPOINT_NONE:
    case PM_CHECKPOINT_OTHER:
        break;
    }
}

bool pm_hub_look_go_on(struct pm_hub_look *look)
{
    bool has_asked = false;
    for (size_t i = 0; i < look->place_count; i++) {
        struct pm_hub_place *place = &look->places[i];
        has_asked = follow(look, place) || has_asked;
        has_asked = turn_page(look, place) || has_asked;
        has_asked = look_for_index(look, place) || has_asked;
        has_asked = ask_index_again(look, place) || has_asked;
        has_asked = look_for_own_commit(look, place) || has_asked;
        has_asked = look_anyhow(look, place) || has_asked;
    }
    return has_asked;
}

const struct pm_hub_place *pm_hub_look_place(const struct pm_hub_look *look,
                                             const struct pm_checkpoint *checkpoint)
{
    pm_str repo = pm_declared_place(checkpoint);
    for (size_t i = 0; checkpoint->kind == PM_CHECKPOINT_HUB && i < look->place_count; i++) {
        if (is_same_place(&look->places[i], repo, checkpoint->revision)) {
            return &look->places[i];
        }
    }
    return NULL;
}

const struct pm_hub_bucket *pm_hub_look_bucket(const struct pm_hub_look *look,
                                               const struct pm_checkpoint *checkpoint)
{
    pm_str bucket = pm_declared_place(checkpoint);
    for (size_t i = 0; checkpoint->kind == PM_CHECKPOINT_GCS && i < look->bucket_count; i++) {
        if (pm_str_equal(look->buckets[i].bucket, bucket) &&
            pm_str_equal(look->buckets[i].prefix, checkpoint->revision)) {
            return &look->buckets[i];
        }
    }
    return NULL;
}
