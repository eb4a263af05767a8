/* agree.h - do the dashboard and the chain say the same of a run?
 *
 * The dashboard is made from the very account that the chain shows, so it can only be behind, or
 * wrong. It sends neither epoch nor step: what both tell of the order of things are the moment the
 * epoch began, the round within it, and the moment the phase began. What changes all the time is
 * compared only when these are the same; what the run is, always. Each side's words are first
 * brought into the form that the dashboard would give them. */
#ifndef PM_ACTION_AGREE_H
#define PM_ACTION_AGREE_H

#include "action/frame.h"
#include "chain/coordinator.h"

#define PM_SLOT_MS 400 /* about how long one lasts */

enum pm_agree_verdict { PM_AGREE_SAME, PM_AGREE_LAG, PM_AGREE_CONFLICT };

/* What can differ, in the order in which it is named. */
enum pm_agree_fact {
    PM_AGREE_EPOCH_START,
    PM_AGREE_ROUND,
    PM_AGREE_PHASE_START,
    PM_AGREE_STATE,
    PM_AGREE_PHASE,
    PM_AGREE_CLIENTS,
    PM_AGREE_CHECKPOINT,
    PM_AGREE_PARAMS,
    PM_AGREE_ARCH,
    PM_AGREE_NAME,
    PM_AGREE_MIN_CLIENTS,
    PM_AGREE_ACCOUNT, /* there at all */
    PM_AGREE_FACT_COUNT
};

struct pm_agreed {
    enum pm_agree_verdict verdict;
    enum pm_source behind; /* for PM_AGREE_LAG */
    bool is_absent;        /* the chain does not have the run */
    bool has_order;        /* both tell when: else only what the run is was compared */
    int order;             /* < 0: the chain is behind in that order; > 0: the dashboard */
    bool differs[PM_AGREE_FACT_COUNT];
    bool has_slots;
    uint64_t tracked_slot, chain_slot;
};

/* `page` may be NULL: then only the list's row is compared. `info` is that row, or the page's. The
 * dashboard's slot is that of its last update of the run. */
struct pm_agreed pm_agree(struct pm_arena *arena, const struct pm_run_info *info,
                          const struct pm_run_page *page, const struct pm_coordinator *chain,
                          bool has_chain_slot, uint64_t chain_slot);

/* The same for a run that the chain does not have, or no longer: closing a run removes its account. */
struct pm_agreed pm_agree_absent(const struct pm_run_info *info, bool has_chain_slot,
                                 uint64_t chain_slot);

/* The verdict, whom to trust, and why in one sentence. */
struct pm_agreement pm_agree_words(struct pm_arena *arena, const struct pm_agreed *agreed);

#endif
