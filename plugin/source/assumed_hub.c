/* assumed_hub.c - whether the model hub and the storage still answer as they did.
 *
 * Each part may be absent from a reply and only makes an answer poorer: a file without a size is one
 * whose completeness is not known. */

#include "source/assumed_inside.h"

#include "codec/hub_name.h"
#include "source/gcs.h"
#include "source/hub.h"

#define COMMITS_ASKED 3
/* Nobody's: the storage is to say that there is no such thing, in its own form. */
#define NO_BUCKET PM_STR("psyche-monitor-doctor-asks-for-nothing")
#define JSON_TYPE PM_STR("application/json")

/* --- asking --- */

void pm_assumed_ask_hub(struct pm_assumed *assumed)
{
    const struct pm_hub_search newest = {.author = assumed->foundation, .limit = 3, .newest = true};
    assumed->hub_search = pm_hub_ask_search(assumed->batch, &newest, false);
    assumed->storage = pm_gcs_ask_manifest(assumed->batch, NO_BUCKET, PM_STR(""), false);
}

void pm_assumed_go_on_hub(struct pm_assumed *assumed)
{
    const struct pm_hub_models *models = pm_hub_models(assumed->hub_search);
    for (size_t i = 0; models && !assumed->hub_model && i < models->count; i++) {
        pm_str repo = models->rows[i].id;
        if (pm_hub_is_repository(repo)) {
            assumed->hub_model = pm_hub_ask_model(assumed->batch, repo, PM_STR(""), false);
            assumed->hub_commits =
                pm_hub_ask_commits(assumed->batch, repo, PM_STR("main"), COMMITS_ASKED, 0, false);
        }
    }
}

/* --- the parts that are missing --- */

static const char *missing_of_row(const struct pm_hub_model *row)
{
    return !pm_hub_is_repository(row->id) ? "id"
           : !row->last_modified.has_time ? "lastModified"
                                          : NULL;
}

static const char *missing_of_model(const struct pm_hub_model *model)
{
    return !pm_hub_is_commit(model->sha)        ? "sha"
           : !model->has_files                  ? "siblings"
           : !model->has_all_sizes              ? "siblings.size"
           : !model->last_modified.has_time     ? "lastModified"
           : model->gate == PM_HUB_GATE_UNKNOWN ? "gated"
           : !model->private_.is_known          ? "private"
                                                : NULL;
}

static const char *missing_of_commits(const struct pm_hub_commits *commits)
{
    const char *missing = commits->has_total ? NULL : "X-Total-Count";
    for (size_t i = 0; !missing && i < commits->count; i++) {
        missing = !pm_hub_is_commit(commits->rows[i].id) ? "id"
                  : commits->rows[i].title.len == 0      ? "title"
                  : !commits->rows[i].date.has_time      ? "date"
                                                         : NULL;
    }
    return missing;
}

/* --- the hub --- */

void pm_assumed_check_hub_search(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_hub_models *models = pm_hub_models(assumed->hub_search);
    const char *missing = NULL;
    if (!pm_finding_needs(finding, assumed->hub_search)) {
        return;
    }
    for (size_t i = 0; !missing && i < models->count; i++) {
        missing = missing_of_row(&models->rows[i]);
    }
    if (models->unreadable || missing) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "no usable %s", missing ? missing : "id");
    } else if (models->count == 0) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "no repository of %.*s is shown",
                       PM_STR_ARG(assumed->foundation));
    } else {
        pm_finding_set(finding, PM_FINDING_OK, "%zu repositories, the newest %.*s", models->count,
                       PM_STR_ARG(models->rows[0].id));
    }
}

/* What is asked for after the search; false with the finding set. */
static bool needs_second(const struct pm_assumed *assumed, const struct pm_ask *ask,
                         struct pm_finding *finding)
{
    if (ask) {
        return pm_finding_needs(finding, ask);
    }
    if (pm_finding_needs(finding, assumed->hub_search) || finding->kind == PM_FINDING_DIFFERS) {
        pm_finding_set(finding, PM_FINDING_UNKNOWN, "no repository is known to ask for");
    }
    return false;
}

void pm_assumed_check_hub_repository(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_hub_model *model = pm_hub_model(assumed->hub_model);
    if (!needs_second(assumed, assumed->hub_model, finding)) {
        return;
    }
    if (model->found != PM_HUB_THERE) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "one that a search finds is not shown");
    } else if (missing_of_model(model)) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "no usable %s", missing_of_model(model));
    } else {
        pm_finding_set(finding, PM_FINDING_OK, "%zu files, all with sizes", model->file_count);
    }
}

void pm_assumed_check_hub_commits(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_hub_commits *commits = pm_hub_commits(assumed->hub_commits);
    if (!needs_second(assumed, assumed->hub_commits, finding)) {
        return;
    }
    if (commits->found == PM_HUB_GATED) {
        pm_finding_set(finding, PM_FINDING_UNKNOWN, "the newest repository is gated");
    } else if (commits->found != PM_HUB_THERE || commits->count == 0) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "the branch main has no commits");
    } else if (commits->unreadable || missing_of_commits(commits)) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "no usable %s",
                       commits->unreadable ? "id" : missing_of_commits(commits));
    } else {
        pm_finding_set(finding, PM_FINDING_OK, "%llu of them", (unsigned long long)commits->total);
    }
}

void pm_assumed_check_hub_headers(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    uint64_t left, seconds;
    if (!pm_finding_needs(finding, assumed->hub_search)) {
        if (finding->kind == PM_FINDING_DIFFERS) {
            finding->kind = PM_FINDING_UNKNOWN; /* that is another row's to say */
        }
        return;
    }
    const struct pm_headers *headers = pm_entry_headers(assumed->hub_search->entry);
    pm_str type = headers->content_type;
    if (!pm_str_starts_nocase(type, JSON_TYPE)) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "the content type is %.*s",
                       PM_STR_ARG(type.len ? pm_str_slice(type, 0, 63) : PM_STR("none")));
    } else if (!pm_rate_limit_read(headers->rate_limit, &left, &seconds)) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "no usable RateLimit");
    } else {
        pm_finding_set(finding, PM_FINDING_OK, "JSON, and says how often it may be asked");
    }
}

/* --- the storage --- */

void pm_assumed_check_storage(const struct pm_assumed *assumed, struct pm_finding *finding)
{
    const struct pm_gcs_manifest *manifest = pm_gcs_manifest(assumed->storage);
    if (!pm_finding_needs(finding, assumed->storage)) {
        return;
    }
    if (manifest->found == PM_GCS_THERE) {
        pm_finding_set(finding, PM_FINDING_DIFFERS, "found an object that cannot be there");
    } else {
        pm_finding_set(finding, PM_FINDING_OK, "%s",
                       manifest->is_bucket_missing        ? "says that there is no such bucket"
                       : manifest->found == PM_GCS_DENIED ? "does not say whether it is there"
                                                          : "says that it is not there");
    }
}
