/* hub_facts.c - several replies about one repository, put together. */

#include "action/hub_facts.h"

#include "action/hub_files.h"
#include "action/weights_why.h"
#include "codec/hub_name.h"

#define MS_AN_HOUR 3600000.0
#define BALLAST_BYTES 500000000 /* less beside the weights is not worth a word */

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
    const struct pm_hub_commit *newest = NULL, *oldest = NULL;
    size_t steps = 0;
    for (size_t i = 0; facts->commits && i < facts->commits->count; i++) {
        const struct pm_hub_commit *commit = &facts->commits->rows[i];
        if (commit->has_step) {
            newest = newest ? newest : commit;
            oldest = commit;
            steps++;
        }
    }
    facts->newest = newest;
    facts->steps = steps;
    if (steps > 1 && newest->date.has_time && oldest->date.has_time) {
        double ms = (double)(newest->date.time_ms - oldest->date.time_ms);
        facts->hours_between = ms > 0 ? ms / MS_AN_HOUR / (double)(steps - 1) : 0;
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
        facts->commit = find_commit(facts->commits, facts->sha);
        facts->commit = facts->commit ? facts->commit
                                      : find_commit(pm_hub_commits(facts->place->own), facts->sha);
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
                    pm_str_starts(facts->sha, checkpoint.revision);
    return revision != PM_REVISION_SHORT || is_short ? revision : PM_REVISION_NAME;
}

/* An index that the whole list turned out not to go by says nothing. */
static void read_weights(struct pm_hub_facts *facts)
{
    const struct pm_hub_place *place = facts->place;
    pm_str path = pm_weights_index_path(&facts->files);
    bool is_its_own = pm_str_equal(path, place->index_path);
    facts->weights =
        pm_weights_judge(&facts->files, is_its_own ? pm_hub_index(place->index) : NULL);
    if (facts->sha.len == 0 && path.len && facts->weights.verdict == PM_WEIGHTS_UNKNOWN) {
        pm_weights_conclude(&facts->weights, PM_WHY_NO_COMMIT);
    }
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
    facts->sha = facts->model ? pm_hub_look_commit(place, model) : PM_STR("");
    facts->repo = facts->model && model->id.len ? model->id : place->repo;
    facts->is_other_commit = facts->sha.len && pm_hub_is_commit(place->revision) &&
                             !pm_str_equal(facts->sha, place->revision);
    facts->revision = read_revision(facts);
    read_commits(facts);
    if (facts->model) {
        facts->files = pm_hub_files_read(arena, place);
        read_weights(facts);
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
    return model && facts->sha.len && !facts->is_other_commit &&
           pm_hub_is_repository(facts->repo) && facts->weights.verdict != PM_WEIGHTS_INCOMPLETE &&
           !(model->private_.is_known && model->private_.value) &&
           !(model->disabled.is_known && model->disabled.value);
}

bool pm_hub_facts_is_big(const struct pm_weights *weights)
{
    bool has_choices = weights->choice_count > 1;
    return (has_choices ? weights->choices[0].bytes : weights->bytes) >= PM_BIG_DOWNLOAD;
}

bool pm_hub_facts_has_ballast(const struct pm_hub_facts *facts)
{
    const struct pm_weights *weights = &facts->weights;
    bool is_exact = weights->is_all_exact && weights->is_bytes_exact && facts->files.is_whole;
    bool is_much = weights->all_bytes - weights->bytes > weights->bytes / 5 &&
                   weights->all_bytes - weights->bytes > BALLAST_BYTES;
    bool makes_it_big = weights->all_bytes >= PM_BIG_DOWNLOAD && !pm_hub_facts_is_big(weights);
    return is_exact && (is_much || makes_it_big);
}
