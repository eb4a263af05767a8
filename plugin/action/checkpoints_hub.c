/* checkpoints_hub.c - the facts of one repository, or of one bucket's manifest. */

#include "action/checkpoints_hub.h"

#include "action/declared.h"
#define CHOICES_BRIEF 4

static void put_text(struct pm_call *call, struct pm_group *group, const char *key,
                     enum pm_text_use use, pm_str text)
{
    if (text.len) {
        pm_put_text(group, key, pm_clean(call->arena, use, text));
    }
}

static void put_flag(struct pm_group *group, const char *key, struct pm_flag flag)
{
    if (flag.is_known) {
        pm_put_flag(group, key, flag.value);
    }
}

static void put_count(struct pm_group *group, const char *key, struct pm_count count)
{
    if (count.is_known) {
        pm_put_count(group, key, count.value);
    }
}

static void put_time(struct pm_group *group, const char *key, struct pm_time time)
{
    if (time.has_time) {
        pm_put_date(group, key, time.time_ms);
    }
}

/* --- a repository --- */

static const char *word_of_found(enum pm_hub_found found)
{
    static const char *const words[] = {
        [PM_HUB_THERE] = "yes",
        [PM_HUB_MISSING_OR_PRIVATE] = "missing, or private: both look alike without an account",
        [PM_HUB_NO_REVISION] = "the repository is there, this revision is not",
        [PM_HUB_NO_FILE] = "no such file",
        [PM_HUB_GATED] = "only with its owner's leave",
        [PM_HUB_DISABLED] = "disabled by the hub",
        [PM_HUB_BAD_TOKEN] = "not known: the hub refused the token that was sent",
        [PM_HUB_OTHER] = "not known",
    };
    return words[found];
}

static const char *word_of_gate(enum pm_hub_gate gate)
{
    static const char *const words[] = {
        [PM_HUB_GATE_UNKNOWN] = NULL,
        [PM_HUB_GATE_NONE] = "no",
        [PM_HUB_GATE_AUTO] = "yes: granted at once to whoever asks with an account",
        [PM_HUB_GATE_MANUAL] = "yes: the owner grants it",
        [PM_HUB_GATE_OTHER] = "yes",
    };
    return words[gate];
}

static const char *word_of_revision(enum pm_revision revision)
{
    static const char *const words[] = {
        [PM_REVISION_DEFAULT] = "none: the branch main",
        [PM_REVISION_COMMIT] = "commit",
        [PM_REVISION_SHORT] = "beginning of a commit",
        [PM_REVISION_NAME] = "branch or tag",
    };
    return words[revision];
}

static void put_commit(struct pm_call *call, struct pm_group *group,
                       const struct pm_hub_facts *facts)
{
    put_text(call, group, "revision", PM_TEXT_PLACE, facts->place->revision);
    pm_put_own(group, "revision_is", word_of_revision(facts->revision));
    pm_put_flag(group, "can_move",
                facts->revision == PM_REVISION_DEFAULT || facts->revision == PM_REVISION_NAME);
    put_text(call, group, "commit", PM_TEXT_PLACE, facts->sha);
    if (facts->is_other_commit) {
        pm_put_own(group, "commit_is", "another than the one that was asked for");
    }
    put_time(group, "commit_at", facts->commit_at);
    if (facts->commit && facts->commit->has_step) {
        pm_put_count(group, "step", facts->commit->step);
    }
    if (facts->newest && !facts->is_newest) {
        pm_put_count(group, "newest_step", facts->newest->step);
        put_time(group, "newest_step_at", facts->newest->date);
    }
    if (facts->hours_between > 0) {
        pm_put_fixed(group, "step_every_hours", facts->hours_between, 1);
    }
}

static void put_missing(struct pm_call *call, struct pm_group *group,
                        const struct pm_weights *weights)
{
    if (weights->missing_count) {
        pm_put_count(group, "missing", weights->missing_count);
        put_text(call, group, "first_missing", PM_TEXT_PLACE, weights->missing[0]);
    }
}

/* `whole` is the key of what fetching everything there takes. */
static void put_weights(struct pm_call *call, struct pm_group *group,
                        const struct pm_weights *weights, const char *whole)
{
    struct pm_group *sub = pm_group_sub(group, "weights");
    pm_put_own(sub, "verdict", pm_weights_verdict_word(weights->verdict));
    pm_put_own(sub, "why", weights->why);
    if (weights->warning) {
        pm_put_own(sub, "warning", weights->warning);
    }
    if (weights->format != PM_WEIGHTS_NONE) {
        pm_put_own(sub, "format", pm_weights_format_word(weights->format));
        pm_put_count(sub, "files", weights->file_count);
    }
    if (weights->of) {
        pm_put_count(sub, "of", weights->of);
    }
    put_text(call, sub, "folder", PM_TEXT_PLACE, weights->folder);
    if (weights->file_count && weights->is_bytes_exact) {
        pm_put_big(sub, "bytes", pm_big_from_u64(weights->bytes));
    }
    if (weights->is_all_exact && weights->all_bytes != weights->bytes) {
        pm_put_big(sub, whole, pm_big_from_u64(weights->all_bytes));
    }
    put_missing(call, sub, weights);
    if (weights->stale_count) {
        pm_put_count(sub, "left_over_parts", weights->stale_count);
    }
    if (weights->choice_count > 1) {
        pm_put_count(sub, "choices", weights->choice_count);
    }
}

/* Each of them is the whole model at its own precision. */
static void put_choices(struct pm_call *call, struct pm_group *group,
                        const struct pm_weights *weights)
{
    static const char *const columns[] = {"choice", "files", "bytes", "verdict", NULL};
    const struct pm_table_spec spec = {.columns = columns, .brief_rows = CHOICES_BRIEF};
    struct pm_table *table =
        weights->choice_count > 1 ? pm_table_sub(group, "choices", &spec) : NULL;
    for (size_t i = 0; table && i < weights->choice_count; i++) {
        const struct pm_weights_choice *choice = &weights->choices[i];
        pm_cell_text(table, pm_clean(call->arena, PM_TEXT_PLACE, choice->name));
        pm_cell_count(table, choice->file_count);
        if (choice->is_bytes_exact) {
            pm_cell_big(table, pm_big_from_u64(choice->bytes));
        } else {
            pm_cell_null(table);
        }
        pm_cell_own(table, pm_weights_verdict_word(choice->verdict));
        pm_row_end(table, NULL);
    }
}

static void put_access(struct pm_group *group, const struct pm_hub_model *model)
{
    const char *gate = word_of_gate(model->gate);
    struct pm_group *sub = pm_group_sub(group, "access");
    if (gate) {
        pm_put_own(sub, "gated", gate);
    }
    put_flag(sub, "private", model->private_);
    put_flag(sub, "disabled", model->disabled);
}

static void put_command(struct pm_call *call, struct pm_group *group,
                        const struct pm_hub_facts *facts)
{
    struct pm_buf buf;
    pm_buf_init(&buf, call->arena, SIZE_MAX / 2);
    pm_buf_add_c(&buf, "hf download ");
    pm_buf_add(&buf, facts->repo);
    pm_buf_add_c(&buf, " --revision ");
    pm_buf_add(&buf, facts->sha);
    /* Never cut: a command is whole or not there. */
    pm_put_text(group, "command", pm_clean(call->arena, PM_TEXT_REPOSITORY, pm_buf_text(&buf)));
}

static void put_about(struct pm_call *call, struct pm_group *group,
                      const struct pm_hub_model *model)
{
    put_text(call, group, "licence", PM_TEXT_NAME, model->licence);
    put_text(call, group, "library", PM_TEXT_NAME, model->library);
    put_count(group, "downloads_30_days", model->downloads);
    if (model->params.is_known) {
        pm_put_big(group, "params", pm_big_from_u64(model->params.value));
    }
}

static struct pm_group *open_group(struct pm_call *call, struct pm_answer *answer, const char *name,
                                   const struct pm_hub_facts *facts)
{
    struct pm_group *group = pm_group_open(answer, name, pm_origin_of(&call->batch, facts->ask));
    put_text(call, group, "repo", PM_TEXT_REPOSITORY, facts->place->repo);
    pm_put_own(group, "there", word_of_found(facts->found));
    return group;
}

void pm_hub_write_shortly(struct pm_call *call, struct pm_answer *answer, const char *name,
                          const struct pm_hub_facts *facts)
{
    const struct pm_weights *weights = &facts->weights;
    if (!facts->is_answered) {
        return;
    }
    struct pm_group *group = open_group(call, answer, name, facts);
    put_text(call, group, "revision", PM_TEXT_PLACE, facts->place->revision);
    if (!facts->model) {
        return;
    }
    put_text(call, group, "commit", PM_TEXT_PLACE, facts->sha);
    if (facts->commit && facts->commit->has_step) {
        pm_put_count(group, "step", facts->commit->step);
    }
    pm_put_own(group, "verdict", pm_weights_verdict_word(weights->verdict));
    if (weights->file_count && weights->is_bytes_exact) {
        pm_put_big(group, "bytes", pm_big_from_u64(weights->bytes));
    }
}

void pm_hub_write_facts(struct pm_call *call, struct pm_answer *answer,
                        const struct pm_hub_facts *facts, bool is_declared)
{
    const struct pm_hub_model *model = facts->model;
    if (!facts->is_answered) {
        return;
    }
    struct pm_group *group = open_group(call, answer, "hub", facts);
    if (!is_declared) {
        pm_put_own(group, "found_by", "its name alone: no source declares it");
    }
    if (model && !pm_str_equal(facts->repo, facts->place->repo)) {
        put_text(call, group, "now_called", PM_TEXT_REPOSITORY, facts->repo);
    }
    if (!model) {
        put_text(call, group, "revision", PM_TEXT_PLACE, facts->place->revision);
        if (facts->now) {
            put_text(call, group, "commit_of_main", PM_TEXT_PLACE, facts->now->sha);
        }
        return;
    }
    put_commit(call, group, facts);
    put_weights(call, group, &facts->weights, "whole_repository_bytes");
    put_access(group, model);
    put_about(call, group, model);
    put_choices(call, group, &facts->weights);
    if (is_declared && pm_hub_facts_is_sure(facts)) {
        put_command(call, group, facts);
    }
}

/* --- a bucket --- */

static const char *word_of_manifest(const struct pm_gcs_manifest *manifest)
{
    switch (manifest->found) {
    case PM_GCS_THERE:
        return "there: clients write it when all weights are uploaded";
    case PM_GCS_MISSING:
        return manifest->is_bucket_missing
                   ? "no such bucket"
                   : "not there: no upload was finished, or it is of a time before manifests";
    case PM_GCS_DENIED:
        break;
    }
    return "not shown: not written yet, or not public; the bucket does not say which";
}

void pm_hub_write_bucket(struct pm_call *call, struct pm_answer *answer, const char *name,
                         const struct pm_hub_bucket *bucket)
{
    const struct pm_gcs_manifest *manifest = pm_gcs_manifest(bucket->manifest);
    if (!manifest) {
        return;
    }
    struct pm_group *group =
        pm_group_open(answer, name, pm_origin_of(&call->batch, bucket->manifest));
    put_time(group, "changed_at", manifest->timestamp);
    put_text(call, group, "bucket", PM_TEXT_REPOSITORY, bucket->bucket);
    put_text(call, group, "prefix", PM_TEXT_REPOSITORY, bucket->prefix);
    pm_put_own(group, "manifest", word_of_manifest(manifest));
    if (manifest->found == PM_GCS_THERE) {
        put_text(call, group, "run_id", PM_TEXT_ID, manifest->run_id);
        put_count(group, "epoch", manifest->epoch);
        put_count(group, "step", manifest->step);
        if (manifest->has_files) {
            struct pm_weights weights = pm_weights_of_manifest(call->arena, manifest);
            put_weights(call, group, &weights, "whole_upload_bytes");
        }
    }
}
