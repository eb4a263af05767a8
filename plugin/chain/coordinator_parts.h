/* coordinator_parts.h - the parts in which a coordinator account is read, between the files that
 * read them. */
#ifndef PM_CHAIN_COORDINATOR_PARTS_H
#define PM_CHAIN_COORDINATOR_PARTS_H

#include "chain/coordinator.h"

/* Each reads on from where the reader stands and leaves it behind the part. */
void pm_coordinator_take_head(struct pm_reader *reader, struct pm_coordinator_head *head);
void pm_coordinator_take_model(struct pm_reader *reader, struct pm_coordinator_model *model);
void pm_coordinator_take_tail(struct pm_arena *arena, struct pm_reader *reader,
                              struct pm_coordinator_tail *tail);
void pm_coordinator_take_round(struct pm_reader *reader, const struct pm_coordinator_places *places,
                               struct pm_coordinator_round *round);
/* `count` clients of an epoch; NULL when there are none, or when the reader or the arena failed. */
struct pm_coordinator_client *pm_coordinator_take_clients(struct pm_arena *arena,
                                                          struct pm_reader *reader, size_t count,
                                                          const char *what);

#endif
