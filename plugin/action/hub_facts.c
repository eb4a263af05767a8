/* hub_facts.c - several replies about one repository, put together.
 *
 * The reply about the repository names the commit and, for most, every file with its size. Only a
 * list that may have been cut is read again, page by page. */

#include "action/hub_facts.h"

#include "codec/hub_name.h"

#define MS_AN_HOUR 3600000.0
#define BALLAST_BYTES 500000000 /* less beside the weights is not worth a word */

/* --- files --- */

static size_t count_tree_files(const struct pm_hub_place *place)
{
    size_t count = 0;
    for (size_t i = 0; i < place->tree_count; i++) {
        const struct pm_hub_tree *tree = pm_hub_tree(place->trees[i]);
        count += tree ? tree->count : 0;
    }
    return count;
}

/* The last page was read, and none before it is missing. */
static bool is_tree_whole(const struct pm_hub_place *place)
{
    const struct pm_hub_tree *last = NULL;
    for (size_t i = 0; i < place->tree_count; i++) {
        last = pm_hub_tree(place->trees[i]);
        if (!last || last->found != PM_HUB_THERE || last->unreadable) {
            return false;
        }
    }
    return last && !last->has_more;
}

static void read_tree(struct pm_arena *arena, struct pm_hub_facts *facts, size_t count)
{
    struct pm_hub_file *files = pm_arena_array(arena, count + 1, sizeof *files);
    size_t at = 0;
    for (size_t i = 0; files && i < facts->place->tree_count; i++) {
        const struct pm_hub_tree *tree = pm_hub_tree(facts->place->trees[i]);
        for (size_t j = 0; tree && j < tree->count; j++) {
            files[at++] = tree->files[j];
        }
    }
    facts->files = files;
    facts->file_count = files ? count : 0;
}

static void read_files(struct pm_arena *arena, struct pm_hub_facts *facts)
{
    size_t in_tree = count_tree_files(facts->place);
    bool is_whole = is_tree_whole(facts->place);
    if (in_tree && (is_whole || in_tree >= facts->model->file_count)) {
        read_tree(arena, facts, in_tree);
    } else {
        facts->files = facts->model->files;
        facts->file_count = facts->model->file_count;
    }
    facts->is_list_whole = facts->place->tree_count
                               ? is_whole && in_tree >= facts->model->file_count
                               : facts->model->has_files && facts->model->unreadable == 0;
}

/* --- commits --- */

static const struct pm_hub_commit *find_commit(const struct pm_hub_commits *commits, pm_str id)
{
    for (size_t i = 0; commits && i < commits->count; i++) {
        if (pm_str_equal(commits->rows[i].id, id)) {
            return &commits->rows[i];
        }
    }
    return NULL;
}

static void read_steps(struct pm_hub_facts *facts)
{
    const struct pm_hub_commit *oldest = NULL;
    for (size_t i = 0; facts->commits && i < facts->commits->count; i++) {
        const struct pm_hub_commit *commit = &facts->commits->rows[i];
        if (commit->has_step) {
            facts->newest = facts->newest ? facts->newest : commit;
            oldest = commit;
            facts->steps++;
        }
    }
    if (facts->steps > 1 && facts->newest->date.has_time && oldest->date.has_time) {
        double ms = (double)(facts->newest->date.time_ms - oldest->date.time_ms);
        facts->hours_between = ms > 0 ? ms / MS_AN_HOUR / (double)(facts->steps - 1) : 0;
    }
}

static void read_commits(struct pm_hub_facts *facts)
{
    const struct pm_hub_commits *commits = pm_hub_commits(facts->place->commits);
    facts->are_commits_gated = commits && commits->found == PM_HUB_GATED;
    if (commits && commits->found == PM_HUB_THERE) {
        facts->commits = commits;
        read_steps(facts);
    }
    if (facts->model) {
        facts->commit = find_commit(facts->commits, facts->model->sha);
        facts->commit = facts->commit
                            ? facts->commit
                            : find_commit(pm_hub_commits(facts->place->own), facts->model->sha);
    }
    if (facts->commit) {
        facts->commit_at = facts->commit->date;
    } else if (facts->model && facts->place->revision.len == 0) {
        facts->commit_at = facts->model->last_modified; /* that of the head of main */
    }
    facts->is_newest = facts->newest && facts->commit && facts->commit->has_step &&
                       facts->commit->step >= facts->newest->step;
}

/* --- all --- */

static enum pm_revision read_revision(const struct pm_hub_facts *facts)
{
    const struct pm_checkpoint checkpoint = {
        .kind = PM_CHECKPOINT_HUB,
        .revision = facts->place->revision,
    };
    enum pm_revision revision = pm_declared_revision(&checkpoint);
    bool is_short = revision == PM_REVISION_SHORT && facts->model &&
                    pm_str_starts(facts->model->sha, checkpoint.revision);
    return revision != PM_REVISION_SHORT || is_short ? revision : PM_REVISION_NAME;
}

struct pm_hub_facts pm_hub_facts_read(struct pm_arena *arena, const struct pm_hub_place *place)
{
    struct pm_hub_facts facts = {.place = place, .ask = place->model};
    const struct pm_hub_model *model = pm_hub_model(place->model);
    const struct pm_hub_model *anyhow = pm_hub_model(place->anyhow);
    facts.is_answered = model != NULL;
    facts.found = model ? model->found : PM_HUB_OTHER;
    facts.model = model && model->found == PM_HUB_THERE ? model : NULL;
    facts.now = anyhow && anyhow->found == PM_HUB_THERE ? anyhow : NULL;
    facts.revision = read_revision(&facts);
    read_commits(&facts);
    if (facts.model) {
        read_files(arena, &facts);
        facts.weights = pm_weights_judge(arena, facts.files, facts.file_count,
                                         pm_hub_index(place->index), facts.is_list_whole);
    }
    return facts;
}

bool pm_hub_facts_is_sure(const struct pm_hub_facts *facts)
{
    const struct pm_hub_model *model = facts->model;
    return model && pm_hub_is_commit(model->sha) && pm_hub_is_repository(model->id) &&
           facts->weights.verdict != PM_WEIGHTS_INCOMPLETE &&
           !(model->private_.is_known && model->private_.value) &&
           !(model->disabled.is_known && model->disabled.value);
}

bool pm_hub_facts_is_big(const struct pm_weights *weights)
{
    bool has_choices = weights->choice_count > 1;
    bool is_exact = has_choices ? weights->choices[0].is_bytes_exact : weights->is_bytes_exact;
    return is_exact &&
           (has_choices ? weights->choices[0].bytes : weights->bytes) >= PM_BIG_DOWNLOAD;
}

bool pm_hub_facts_has_ballast(const struct pm_hub_facts *facts)
{
    const struct pm_weights *weights = &facts->weights;
    return weights->is_all_exact && weights->is_bytes_exact && facts->is_list_whole &&
           weights->all_bytes - weights->bytes > weights->bytes / 5 &&
           weights->all_bytes - weights->bytes > BALLAST_BYTES;
}
