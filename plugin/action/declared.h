/* declared.h - where a run says that its weights are, and what follows from that alone.
 *
 * The field may hold anybody's words, so an address is made only of names in which every byte is
 * plain. */
#ifndef PM_ACTION_DECLARED_H
#define PM_ACTION_DECLARED_H

#include "answer/answer.h"
#include "chain/coordinator.h"
#include "source/dashboard.h"

enum pm_revision {
    PM_REVISION_DEFAULT, /* none was named: the newest commit of main */
    PM_REVISION_COMMIT,  /* 40 hexadecimal digits: always the same files */
    PM_REVISION_SHORT,   /* the beginning of a commit, unless a branch or a tag is called so */
    PM_REVISION_NAME,    /* a branch or a tag, which can be moved */
};

/* What the chain has, in the dashboard's terms but with the kind's own word: P2P is like Hub, P2PGcs
 * like Gcs, and the kinds without stored weights are PM_CHECKPOINT_NONE. */
struct pm_checkpoint pm_declared_on_chain(const struct pm_coordinator_checkpoint *checkpoint);
/* The live weights are with the run's clients; the place has the last upload. */
bool pm_declared_is_shared(const struct pm_coordinator_checkpoint *checkpoint);
/* The dashboard, which has fewer kinds, would show what the chain has as this. */
bool pm_declared_is_shown_as(struct pm_arena *arena,
                             const struct pm_coordinator_checkpoint *checkpoint,
                             const struct pm_checkpoint *shown);

/* The repository or bucket without control bytes at its end: they are found there, and clients
 * leave them away. Others stay, and make it a name that nobody is asked for. */
pm_str pm_declared_place(const struct pm_checkpoint *checkpoint);
/* owner/name */
bool pm_declared_is_repository(pm_str text);
/* Of a checkpoint on the hub. */
enum pm_revision pm_declared_revision(const struct pm_checkpoint *checkpoint);
/* May be quoted beside its repository: one plain word, and not a long one. */
bool pm_declared_is_plain_revision(const struct pm_checkpoint *checkpoint);

/* The page of the repository at that revision, or the bucket's manifest; empty when a name is not
 * plain, or the kind is another. */
pm_str pm_declared_address(struct pm_arena *arena, const struct pm_checkpoint *checkpoint);
/* "gs://bucket/prefix"; empty likewise. */
pm_str pm_declared_gs(struct pm_arena *arena, const struct pm_checkpoint *checkpoint);

/* "80 GB", "2.4 GB", "350 MB" */
void pm_declared_say_bytes(struct pm_say *say, struct pm_big bytes);

/* Two bytes a parameter; unknown when those are unknown or 0. */
struct pm_big pm_declared_bf16_bytes(struct pm_big params);

/* kind, repo or bucket, revision or prefix. */
void pm_declared_put(struct pm_arena *arena, struct pm_group *group,
                     const struct pm_checkpoint *checkpoint);

#endif
