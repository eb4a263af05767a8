/* checkpoints_say.c - what is said of a repository or a bucket.
 *
 * Of outside text only repositories and commits are quoted. */

#include "action/checkpoints_hub.h"

#include "action/clauses.h"
#include "action/declared.h"
#include "codec/hub_name.h"

#define SHORT_COMMIT 12

static void say_repository(struct pm_call *call, struct pm_say *say, pm_str repository)
{
    pm_say_text(say, pm_clean(call->arena, PM_TEXT_REPOSITORY, repository));
}

/* --- a repository --- */

static void say_age(struct pm_call *call, struct pm_say *say, const char *before, struct pm_time at)
{
    if (at.has_time && call->now_ms >= at.time_ms) {
        pm_say_own(say, before);
        pm_say_span(say, (call->now_ms - at.time_ms) / 1000);
        pm_say_own(say, " old");
    }
}

/* "step 6000 (commit 0123456789ab, 49 min old)" */
static void say_commit(struct pm_call *call, struct pm_clauses *clauses,
                       const struct pm_hub_facts *facts)
{
    bool has_commit = facts->sha.len > 0;
    if (facts->commit || has_commit) {
        pm_clauses_begin(clauses);
    }
    if (facts->commit && facts->commit->has_step) {
        pm_say_own(clauses->say, "step ");
        pm_say_count(clauses->say, facts->commit->step);
    } else if (facts->commit) {
        pm_say_own(clauses->say, "no step known from its title");
    } else if (has_commit) {
        pm_say_own(clauses->say, "its step is not known");
    }
    if (has_commit) {
        pm_say_own(clauses->say, " (commit ");
        say_repository(call, clauses->say, pm_str_slice(facts->sha, 0, SHORT_COMMIT));
        say_age(call, clauses->say, ", ", facts->commit_at);
        pm_say_own(clauses->say, ")");
    }
}

static void say_bytes(struct pm_say *say, const char *before, uint64_t bytes)
{
    pm_say_own(say, before);
    pm_declared_say_bytes(say, pm_big_from_u64(bytes));
}

static void say_choices(struct pm_clauses *clauses, const struct pm_weights *weights)
{
    const struct pm_weights_choice *rows = weights->choices;
    const struct pm_weights_choice *least = &rows[weights->choice_count - 1];
    pm_clauses_begin(clauses);
    pm_say_count(clauses->say, weights->choice_count);
    pm_say_own(clauses->say, " models to choose one from");
    if (weights->is_bytes_exact) {
        pm_say_own(clauses->say, ", the largest");
        say_bytes(clauses->say, " of ", rows[0].bytes);
        pm_say_own(clauses->say, pm_hub_facts_is_big(weights) ? " (a big download)" : "");
        pm_say_own(clauses->say, " and the smallest");
        say_bytes(clauses->say, " of ", least->bytes);
    }
}

/* "13 of 14 weight files, 55.6 GB in all" */
static void say_files(struct pm_clauses *clauses, const struct pm_weights *weights)
{
    struct pm_say *say = clauses->say;
    if (weights->file_count == 0) {
        return;
    }
    pm_clauses_begin(clauses);
    if (weights->of > weights->file_count) {
        pm_say_count(say, weights->file_count);
        pm_say_own(say, " of ");
        pm_say_counted(say, weights->of, "weight file", "weight files");
    } else {
        pm_say_counted(say, weights->file_count, "weight file", "weight files");
    }
    if (weights->is_bytes_exact) {
        say_bytes(say, " of ", weights->bytes);
    } else if (pm_hub_facts_is_big(weights)) {
        say_bytes(say, " of at least ", weights->bytes);
    }
    pm_say_own(say, pm_hub_facts_is_big(weights) ? " (a big download)" : "");
}

static void say_verdict(struct pm_clauses *clauses, const struct pm_weights *weights)
{
    static const char *const words[] = {
        [PM_WEIGHTS_UNKNOWN] = "whether complete is not known: ",
        [PM_WEIGHTS_INCOMPLETE] = "incomplete: ",
        [PM_WEIGHTS_COMPLETE] = "complete",
    };
    pm_clauses_begin(clauses);
    pm_say_own(clauses->say, words[weights->verdict]);
    if (weights->verdict != PM_WEIGHTS_COMPLETE) {
        pm_say_own(clauses->say, weights->why);
    } else if (weights->warning) {
        pm_say_own(clauses->say, ", but ");
        pm_say_own(clauses->say, weights->warning);
    }
}

static void say_weights(struct pm_clauses *clauses, const struct pm_weights *weights)
{
    if (weights->choice_count > 1) {
        say_choices(clauses, weights);
    } else {
        say_files(clauses, weights);
    }
    say_verdict(clauses, weights);
}

/* Whether another step is newer, and how often one comes. */
static void say_steps(struct pm_call *call, struct pm_say *say, const struct pm_hub_facts *facts)
{
    const struct pm_hub_commit *newest = facts->newest;
    if (!newest) {
        return;
    }
    if (facts->is_newest) {
        pm_say_own(say, " No newer step is there");
    } else {
        pm_say_own(say, facts->commit && facts->commit->has_step ? " Newer there: step "
                                                                 : " The newest step there is ");
        pm_say_count(say, newest->step);
        say_age(call, say, ", ", newest->date);
    }
    if (facts->hours_between > 0) {
        pm_say_own(say, "; one comes about every ");
        pm_say_span(say, (int64_t)(facts->hours_between * 3600 + 0.5));
    }
    pm_say_own(say, ".");
}

/* May it be read? */
static void say_access(struct pm_say *say, const struct pm_hub_model *model)
{
    if (model->disabled.is_known && model->disabled.value) {
        pm_say_own(say, " The hub has disabled it: its files cannot be downloaded.");
    } else if (model->private_.is_known && model->private_.value) {
        pm_say_own(say, " It is private: seen only with the token that is configured.");
    } else if (model->gate > PM_HUB_GATE_NONE) {
        pm_say_own(say, model->gate == PM_HUB_GATE_AUTO
                            ? " It is gated: its files need an account, which is let in at once."
                            : " It is gated: its files need an account and the owner's leave.");
    } else if (model->gate == PM_HUB_GATE_NONE && model->private_.is_known) {
        pm_say_own(say, " Anyone may download it.");
    }
}

static void say_ballast(struct pm_say *say, const struct pm_hub_facts *facts)
{
    if (pm_hub_facts_has_ballast(facts)) {
        pm_say_own(say, " All files of the repository together are ");
        pm_declared_say_bytes(say, pm_big_from_u64(facts->weights.all_bytes));
        pm_say_own(say, facts->weights.all_bytes >= PM_BIG_DOWNLOAD &&
                                !pm_hub_facts_is_big(&facts->weights)
                            ? " (a big download)."
                            : ".");
    }
}

static void say_there(struct pm_call *call, struct pm_say *say, const struct pm_hub_facts *facts)
{
    struct pm_clauses clauses = {.say = say, .lead = ": "};
    say_commit(call, &clauses, facts);
    say_weights(&clauses, &facts->weights);
    pm_say_own(say, ".");
    say_ballast(say, facts);
    say_steps(call, say, facts);
    say_access(say, facts->model);
}

static void say_name_now(struct pm_call *call, struct pm_say *say, const struct pm_hub_facts *facts)
{
    pm_str id = facts->repo;
    if (pm_hub_is_repository(id) && !pm_str_equal(id, facts->place->repo)) {
        pm_say_own(say, pm_str_equal_nocase(id, facts->place->repo) ? ", spelt " : ", now called ");
        say_repository(call, say, id);
    }
}

/* Words for a repository that answered, but not with facts. */
static const char *words_of_absence(enum pm_hub_found found)
{
    static const char *const words[] = {
        [PM_HUB_THERE] = "",
        [PM_HUB_MISSING_OR_PRIVATE] = " The hub does not show it [best-effort]: it is missing, or "
                                      "private; both look alike from outside.",
        [PM_HUB_NO_REVISION] = " The hub has the repository, but not that revision "
                               "[best-effort].",
        [PM_HUB_NO_FILE] = " The hub does not show it [best-effort].",
        [PM_HUB_GATED] = " The hub shows it only with its owner's leave [best-effort].",
        [PM_HUB_DISABLED] = " The hub has disabled it [best-effort].",
        [PM_HUB_BAD_TOKEN] = " The hub refused the token that is configured, so it is not known "
                             "what is there.",
        [PM_HUB_OTHER] = " What the hub has there is not known.",
    };
    return words[found];
}

/* Nothing of the repository itself: why. */
static void say_absence(struct pm_say *say, const struct pm_hub_facts *facts)
{
    if (!facts->is_answered) {
        pm_say_own(say, " What is there is not known: ");
        pm_action_say_trouble(say, facts->ask);
        pm_say_own(say, ".");
        return;
    }
    pm_say_own(say, words_of_absence(facts->found));
    if (facts->now && facts->newest) {
        pm_say_own(say, " The newest step on its main branch is ");
        pm_say_count(say, facts->newest->step);
        pm_say_own(say, ".");
    }
}

void pm_hub_say_facts(struct pm_call *call, struct pm_say *say, const struct pm_hub_facts *facts)
{
    if (!facts->model) {
        say_absence(say, facts);
        return;
    }
    pm_say_own(say, " The hub has it [best-effort]");
    say_name_now(call, say, facts);
    if (facts->is_other_commit) {
        pm_say_own(say, ", but shows another commit than the one that was asked for");
    }
    say_there(call, say, facts);
    if (!pm_candidates_is_foundation(facts->repo)) {
        pm_say_own(say, " Its owner is not " PM_FOUNDATION ".");
    }
}

void pm_hub_say_find(struct pm_call *call, struct pm_say *say, const struct pm_hub_facts *facts)
{
    if (facts->model) {
        pm_say_own(say, " ");
        pm_say_text(say, pm_clean(call->arena, PM_TEXT_REPOSITORY, facts->place->repo));
        pm_say_own(say, " holds");
        say_there(call, say, facts);
    } else {
        say_absence(say, facts);
    }
}

void pm_hub_say_shortly(struct pm_say *say, const struct pm_hub_facts *facts)
{
    static const char *const words[] = {
        [PM_HUB_THERE] = "there",
        [PM_HUB_MISSING_OR_PRIVATE] = "missing or private",
        [PM_HUB_NO_REVISION] = "without that revision",
        [PM_HUB_NO_FILE] = "not there",
        [PM_HUB_GATED] = "gated",
        [PM_HUB_DISABLED] = "disabled",
        [PM_HUB_BAD_TOKEN] = "not known",
        [PM_HUB_OTHER] = "not known",
    };
    if (!facts->model) {
        pm_say_own(say, facts->is_answered ? words[facts->found] : "not known");
        return;
    }
    if (facts->commit && facts->commit->has_step) {
        pm_say_own(say, "step ");
        pm_say_count(say, facts->commit->step);
        pm_say_own(say, ", ");
    }
    pm_say_own(say, facts->weights.verdict == PM_WEIGHTS_UNKNOWN
                        ? "not known whether complete"
                        : pm_weights_verdict_word(facts->weights.verdict));
}

/* --- a bucket --- */

static void say_manifest(struct pm_call *call, struct pm_say *say,
                         const struct pm_gcs_manifest *manifest, pm_str run_id)
{
    struct pm_clauses clauses = {.say = say, .lead = " Its manifest says [best-effort]: "};
    if (manifest->step.is_known) {
        pm_clauses_begin(&clauses);
        pm_say_own(say, "step ");
        pm_say_count(say, manifest->step.value);
    }
    if (manifest->epoch.is_known) {
        pm_clauses_begin(&clauses);
        pm_say_own(say, "epoch ");
        pm_say_count(say, manifest->epoch.value);
    }
    if (manifest->timestamp.has_time && call->now_ms >= manifest->timestamp.time_ms) {
        pm_clauses_begin(&clauses);
        pm_say_own(say, "written ");
        pm_say_span(say, (call->now_ms - manifest->timestamp.time_ms) / 1000);
        pm_say_own(say, " ago");
    }
    if (manifest->has_files) {
        struct pm_weights weights = pm_weights_of_manifest(call->arena, manifest);
        say_weights(&clauses, &weights);
    }
    pm_say_own(say, clauses.count ? "." : " Its manifest is there, but says nothing of use.");
    if (run_id.len && manifest->run_id.len && !pm_str_equal(run_id, manifest->run_id)) {
        pm_say_own(say, " The manifest is of another run than this one (see bucket.run_id).");
    }
}

void pm_hub_say_bucket(struct pm_call *call, struct pm_say *say, const struct pm_hub_bucket *bucket,
                       pm_str run_id)
{
    const struct pm_gcs_manifest *manifest = pm_gcs_manifest(bucket->manifest);
    if (!manifest) {
        pm_say_own(say, " What is there is not known: ");
        pm_action_say_trouble(say, bucket->manifest);
        pm_say_own(say, ".");
        return;
    }
    switch (manifest->found) {
    case PM_GCS_THERE:
        say_manifest(call, say, manifest, run_id);
        break;
    case PM_GCS_MISSING:
        pm_say_own(say, manifest->is_bucket_missing
                            ? " There is no such bucket [best-effort]."
                            : " It has no manifest [best-effort]: no upload was finished, or it is "
                              "of a time before manifests.");
        break;
    case PM_GCS_DENIED:
        pm_say_own(say,
                   " It does not show a manifest [best-effort]: none was written yet, or it is "
                   "not public.");
        break;
    }
}

/* --- beside it --- */

void pm_hub_note_facts(struct pm_answer *answer, const struct pm_hub_facts *facts, bool is_declared)
{
    const struct pm_weights *weights = &facts->weights;
    if (!facts->model) {
        return;
    }
    if (pm_hub_facts_is_big(weights) || weights->all_bytes >= PM_BIG_DOWNLOAD) {
        pm_answer_note_own(answer, "a big download: look at the free disk space and ask before "
                                   "starting it");
    }
    if (is_declared && facts->revision != PM_REVISION_COMMIT && pm_hub_facts_is_sure(facts)) {
        pm_answer_note_own(answer, facts->revision == PM_REVISION_SHORT
                                       ? "command names the whole of that commit"
                                       : "the revision can move: command names the commit that it "
                                         "stands for now");
    }
    if (facts->model->gate > PM_HUB_GATE_NONE) {
        pm_answer_note_own(answer,
                           "gated: ask for leave on the repository's page with an account of "
                           "the hub, then download with that account's token");
    }
}
