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
static bool is_whole_tree(const struct pm_hub_place *place)
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

static struct pm_weights_list read_tree(struct pm_arena *arena, const struct pm_hub_place *place,
                                        size_t count, bool is_whole)
{
    struct pm_hub_file *files = pm_arena_array(arena, count + 1, sizeof *files);
    size_t at = 0;
    for (size_t i = 0; files && i < place->tree_count; i++) {
        const struct pm_hub_tree *tree = pm_hub_tree(place->trees[i]);
        for (size_t j = 0; tree && j < tree->count; j++) {
            files[at++] = tree->files[j];
        }
    }
    return pm_weights_list_read(arena, files, at, is_whole);
}

static struct pm_weights_list read_files(struct pm_arena *arena, const struct pm_hub_facts *facts)
{
    const struct pm_hub_place *place = facts->place;
    const struct pm_hub_model *model = facts->model;
    size_t in_tree = count_tree_files(place);
    bool is_tree_enough = in_tree >= model->file_count;
    bool is_tree_whole = is_whole_tree(place);
    bool is_whole = place->tree_count ? is_tree_whole && is_tree_enough
                                      : model->has_files && model->unreadable == 0;
    if (in_tree && (is_tree_whole || is_tree_enough)) {
        return read_tree(arena, place, in_tree, is_whole);
    }
    struct pm_weights_list files =
        place->is_followed ? place->named
                           : pm_weights_list_read(arena, model->files, model->file_count, is_whole);
    files.is_whole = is_whole;
    return files;
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

static void read_facts(struct pm_arena *arena, struct pm_hub_facts *facts)
{
    const struct pm_hub_place *place = facts->place;
    const struct pm_hub_model *model = pm_hub_model(place->model);
    const struct pm_hub_model *anyhow = pm_hub_model(place->anyhow);
    facts->ask = place->model;
    facts->is_answered = model != NULL;
    facts->found = model ? model->found : PM_HUB_OTHER;
    facts->model = model && model->found == PM_HUB_THERE ? model : NULL;
    facts->now = anyhow && anyhow->found == PM_HUB_THERE ? anyhow : NULL;
    facts->revision = read_revision(facts);
    read_commits(facts);
    if (facts->model) {
        facts->files = read_files(arena, facts);
        facts->weights = pm_weights_judge(&facts->files, pm_hub_index(place->index));
    }
}

bool pm_hub_facts_settle(struct pm_hub_look *look)
{
    struct pm_arena *arena = look->call->arena;
    struct pm_hub_facts *all = pm_arena_array(arena, look->place_count + 1, sizeof *all);
    for (size_t i = 0; all && i < look->place_count; i++) {
        all[i] = (struct pm_hub_facts){.place = &look->places[i]};
        read_facts(arena, &all[i]);
        look->places[i].facts = &all[i];
    }
    (void)pm_hub_look_rank(look);
    return !arena->failed;
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
    return weights->is_all_exact && weights->is_bytes_exact && facts->files.is_whole &&
           weights->all_bytes - weights->bytes > weights->bytes / 5 &&
           weights->all_bytes - weights->bytes > BALLAST_BYTES;
}
