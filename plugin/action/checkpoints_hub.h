/* checkpoints_hub.h - what the hub and the buckets say, as parts of an answer about weights.
 *
 * checkpoints_hub.c writes the facts of one repository or bucket, checkpoints_lists.c its files,
 * its commits and the finds of a search; checkpoints_say.c and
 * checkpoints_finds.c are what is said of them. */
#ifndef PM_ACTION_CHECKPOINTS_HUB_H
#define PM_ACTION_CHECKPOINTS_HUB_H

#include "action/hub_facts.h"

/* The request's page, when it is a place in one of these lists. */
struct pm_hub_page {
    bool is_files, is_commits;
    pm_str commit;     /* that the list is of */
    uint64_t position; /* how many rows of it were shown */
};

/* False when it is of another kind. */
bool pm_hub_page_read(const struct pm_call *call, struct pm_hub_page *page);

/* --- facts --- */

/* Only what is `declared`, or was asked for, gets a command. */
void pm_hub_write_facts(struct pm_call *call, struct pm_answer *answer,
                        const struct pm_hub_facts *facts, bool is_declared);
/* The least, as a group of this name: of a place that is not the answer's own. */
void pm_hub_write_shortly(struct pm_call *call, struct pm_answer *answer, const char *name,
                          const struct pm_hub_facts *facts);
void pm_hub_write_bucket(struct pm_call *call, struct pm_answer *answer, const char *name,
                         const struct pm_hub_bucket *bucket);

/* --- lists --- */

/* Of the page's commit, when it is a page of files and that commit was looked at. */
void pm_hub_write_files(struct pm_call *call, struct pm_answer *answer,
                        const struct pm_hub_look *look, const struct pm_hub_facts *facts,
                        const struct pm_hub_page *page);
void pm_hub_write_commits(struct pm_call *call, struct pm_answer *answer,
                          const struct pm_hub_facts *facts, const struct pm_hub_page *page);
/* As a table of this name. */
void pm_hub_write_candidates(struct pm_call *call, struct pm_answer *answer, const char *name,
                             const struct pm_hub_look *look,
                             const struct pm_candidates *candidates);

/* All that is known of a repository: facts, files, commits, notes. */
void pm_hub_write_place(struct pm_call *call, struct pm_answer *answer,
                        const struct pm_hub_look *look, const struct pm_hub_place *place,
                        const struct pm_hub_page *page, bool is_declared);

/* --- words --- */

/* " The hub has it [best-effort]: step 6000 (commit 0123456789ab, 49 min old), 14 weight files of
 * 59.9 GB (a big download), complete." */
void pm_hub_say_facts(struct pm_call *call, struct pm_say *say, const struct pm_hub_facts *facts);
/* The same of a repository that a search found, whose owner was told. */
void pm_hub_say_find(struct pm_call *call, struct pm_say *say, const struct pm_hub_facts *facts);
/* "complete", "gone": the same in a few words. */
void pm_hub_say_shortly(struct pm_say *say, const struct pm_hub_facts *facts);
/* `run_id` may be empty: then any run's upload is as good. */
void pm_hub_say_bucket(struct pm_call *call, struct pm_say *say, const struct pm_hub_bucket *bucket,
                       pm_str run_id);
/* What a search for the run's weights came to, if there was one. */
void pm_hub_say_candidates(struct pm_call *call, struct pm_say *say, const struct pm_hub_look *look,
                           const struct pm_candidates *candidates);
/* A big download, files that need leave, a revision that moves. */
void pm_hub_note_facts(struct pm_answer *answer, const struct pm_hub_facts *facts,
                       bool is_declared);

#endif
