/* agree.c - do the dashboard and the chain say the same of a run? */

#include "action/agree.h"

#include "action/declared.h"
#include "base/date.h"
#include "chain/coordinator_derive.h"

/* Past it JavaScript has no date, and the dashboard sends one that is not valid. */
#define SECONDS_MOST ((uint64_t)PM_DATE_LIMIT_MS / 1000)

/* --- in the dashboard's form --- */

/* All of the text, as it is put into JSON. */
static bool is_text(struct pm_arena *arena, pm_str tracked, pm_str chain)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, SIZE_MAX / 2);
    pm_lossy_add(&buf, chain);
    return pm_str_equal(tracked, pm_buf_text(&buf));
}

static struct pm_count moment_of(uint64_t seconds)
{
    return (struct pm_count){seconds <= SECONDS_MOST, seconds};
}

static struct pm_count seconds_of(bool has_time, int64_t ms)
{
    return (struct pm_count){has_time && ms >= 0, has_time && ms >= 0 ? (uint64_t)ms / 1000 : 0};
}

/* Everything but these four is called active, a run that is not set up as well. */
static enum pm_run_state state_of(enum pm_chain_state state)
{
    switch (state) {
    case PM_CHAIN_STATE_WAITING_FOR_MEMBERS:
        return PM_RUN_WAITING;
    case PM_CHAIN_STATE_PAUSED:
        return PM_RUN_PAUSED;
    case PM_CHAIN_STATE_FINISHED:
        return PM_RUN_COMPLETED;
    case PM_CHAIN_STATE_UNINITIALIZED:
    case PM_CHAIN_STATE_WARMUP:
    case PM_CHAIN_STATE_ROUND_TRAIN:
    case PM_CHAIN_STATE_ROUND_WITNESS:
    case PM_CHAIN_STATE_COOLDOWN:
    case PM_CHAIN_STATE_COUNT:
        break;
    }
    return PM_RUN_ACTIVE;
}

/* --- clients --- */

static bool has_key(const struct pm_run_live *live, const struct pm_key *key)
{
    struct pm_key other;
    for (size_t i = 0; i < live->client_count; i++) {
        if (pm_key_read(live->clients[i].key, &other) == PM_KEY_OK && pm_key_equal(&other, key)) {
            return true;
        }
    }
    return false;
}

/* While a run waits, those who will take part in the next epoch; else those of this one. */
static bool are_clients(const struct pm_run_live *live, const struct pm_coordinator *chain)
{
    const struct pm_coordinator_tail *tail = &chain->tail;
    bool is_waiting = chain->head.state == PM_CHAIN_STATE_WAITING_FOR_MEMBERS;
    size_t count = 0;
    for (size_t i = 0; is_waiting && i < tail->member_count; i++) {
        if (tail->members[i].active == tail->next_active) {
            count++;
            if (!has_key(live, &tail->members[i].id.signer)) {
                return false;
            }
        }
    }
    for (size_t i = 0; !is_waiting && i < tail->client_count; i++) {
        count++;
        if (!has_key(live, &chain->clients[i].id.signer)) {
            return false;
        }
    }
    return count == live->client_count;
}

/* --- the order of things --- */

struct place {
    struct pm_count epoch_start, round, phase_start;
};

static struct place place_of_page(const struct pm_run_live *live)
{
    return (struct place){
        seconds_of(live->has_epoch_start, live->epoch_start_ms),
        live->round,
        seconds_of(live->has_phase_start, live->phase_start_ms),
    };
}

static struct place place_on_chain(const struct pm_coordinator *chain)
{
    const struct pm_coordinator_round *round = pm_coordinator_current_round(chain);
    return (struct place){
        moment_of(chain->tail.epoch_started_at),
        {round != NULL, round ? round->height : 0},
        moment_of(chain->tail.state_started_at),
    };
}

/* What one side knows and the other does not cannot be put in order; neither knowing it is the same
 * moment that has no date. */
static bool compare(struct pm_count tracked, struct pm_count chain, int *order)
{
    *order = 0;
    if (tracked.is_known && chain.is_known && tracked.value != chain.value) {
        *order = tracked.value < chain.value ? 1 : -1;
    }
    return tracked.is_known == chain.is_known;
}

static void put_in_order(struct pm_agreed *agreed, const struct pm_run_live *live,
                         const struct pm_coordinator *chain)
{
    struct place here = place_of_page(live), there = place_on_chain(chain);
    const struct {
        enum pm_agree_fact fact;
        struct pm_count tracked, chain;
    } parts[] = {
        {PM_AGREE_EPOCH_START, here.epoch_start, there.epoch_start},
        {PM_AGREE_ROUND, here.round, there.round},
        {PM_AGREE_PHASE_START, here.phase_start, there.phase_start},
    };
    agreed->has_order = true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && agreed->order == 0; i++) {
        agreed->has_order = compare(parts[i].tracked, parts[i].chain, &agreed->order);
        if (!agreed->has_order) {
            return;
        }
        agreed->differs[parts[i].fact] = agreed->order != 0;
    }
}

/* --- facts --- */

static void compare_state(struct pm_arena *arena, struct pm_agreed *agreed,
                          const struct pm_run_info *info, const struct pm_run_live *live,
                          const struct pm_coordinator *chain)
{
    bool *differs = agreed->differs;
    differs[PM_AGREE_STATE] = info->state != state_of(chain->head.state);
    if (!live) {
        return;
    }
    differs[PM_AGREE_PHASE] =
        live->phase.len && !pm_str_equal(live->phase, pm_chain_state_word(chain->head.state));
    differs[PM_AGREE_CLIENTS] = live->has_clients && !are_clients(live, chain);
    differs[PM_AGREE_CHECKPOINT] =
        live->has_checkpoint &&
        !pm_declared_is_shown_as(arena, &chain->head.model.checkpoint, &live->checkpoint);
}

static void compare_static(struct pm_arena *arena, struct pm_agreed *agreed,
                           const struct pm_run_info *info, const struct pm_run_live *live,
                           const struct pm_coordinator *chain)
{
    const struct pm_coordinator_head *head = &chain->head;
    bool *differs = agreed->differs;
    differs[PM_AGREE_PARAMS] = info->params.is_known &&
                               pm_big_compare(info->params, pm_big_from_u64(head->parameters)) != 0;
    differs[PM_AGREE_ARCH] =
        info->arch.len &&
        !pm_str_equal(info->arch, pm_chain_architecture_word(head->model.architecture));
    differs[PM_AGREE_NAME] = !is_text(arena, info->name, head->name.text);
    differs[PM_AGREE_MIN_CLIENTS] = live && live->config.min_clients.is_known &&
                                    live->config.min_clients.value != head->config.init_min_clients;
}

/* --- the verdict --- */

static bool differs_anywhere(const struct pm_agreed *agreed)
{
    for (size_t i = 0; i < PM_AGREE_FACT_COUNT; i++) {
        if (agreed->differs[i]) {
            return true;
        }
    }
    return false;
}

/* The side with the older slot is behind, unless it shows the newer state. */
static void judge(struct pm_agreed *agreed)
{
    bool is_tracked_older = agreed->tracked_slot < agreed->chain_slot;
    bool is_chain_older = agreed->tracked_slot > agreed->chain_slot;
    if (!differs_anywhere(agreed)) {
        agreed->verdict = PM_AGREE_SAME;
        return;
    }
    agreed->verdict = PM_AGREE_CONFLICT;
    if (agreed->has_slots && is_tracked_older && agreed->order >= 0) {
        agreed->verdict = PM_AGREE_LAG;
        agreed->behind = PM_SOURCE_TRACKED;
    } else if (agreed->has_slots && is_chain_older && agreed->order <= 0) {
        agreed->verdict = PM_AGREE_LAG;
        agreed->behind = PM_SOURCE_ON_CHAIN;
    }
}

struct pm_agreed pm_agree(struct pm_arena *arena, const struct pm_run_info *info,
                          const struct pm_run_page *page, const struct pm_coordinator *chain,
                          bool has_chain_slot, uint64_t chain_slot)
{
    const struct pm_run_live *live = page && page->live.is_there ? &page->live : NULL;
    struct pm_agreed agreed = {
        .has_slots = has_chain_slot && info->last_update.has_slot,
        .tracked_slot = info->last_update.slot,
        .chain_slot = chain_slot,
    };
    if (live) {
        put_in_order(&agreed, live, chain);
    }
    /* A row of the list does not say when: its state is compared all the same. */
    if (!live || (agreed.has_order && agreed.order == 0)) {
        compare_state(arena, &agreed, info, live, chain);
    }
    compare_static(arena, &agreed, info, live, chain);
    judge(&agreed);
    return agreed;
}

struct pm_agreed pm_agree_absent(const struct pm_run_info *info, bool has_chain_slot,
                                 uint64_t chain_slot)
{
    struct pm_agreed agreed = {
        .is_absent = true,
        .has_slots = has_chain_slot && info->last_update.has_slot,
        .tracked_slot = info->last_update.slot,
        .chain_slot = chain_slot,
    };
    agreed.differs[PM_AGREE_ACCOUNT] = info->state != PM_RUN_COMPLETED;
    judge(&agreed);
    return agreed;
}

/* --- in words --- */

static void say_slots(struct pm_say *say, const struct pm_agreed *agreed)
{
    uint64_t chain = agreed->chain_slot, tracked = agreed->tracked_slot;
    uint64_t apart = chain > tracked ? chain - tracked : tracked - chain;
    if (!agreed->has_slots) {
        pm_say_own(say, "; which of the two is newer is not known, for a slot is missing");
    } else if (apart == 0) {
        pm_say_own(say, "; both are of slot ");
        pm_say_count(say, chain);
    } else {
        pm_say_own(say, "; the chain's slot ");
        pm_say_count(say, chain);
        pm_say_own(say, " is ");
        pm_say_count(say, apart);
        pm_say_own(say, chain > tracked ? " newer (" : " older (");
        uint64_t most = (uint64_t)INT64_MAX / PM_SLOT_MS;
        pm_say_span(say, (int64_t)((apart < most ? apart : most) * PM_SLOT_MS / 1000));
        pm_say_own(say, ") than the dashboard's ");
        pm_say_count(say, tracked);
    }
}

static void say_differences(struct pm_say *say, const struct pm_agreed *agreed)
{
    static const char *const names[] = {
        [PM_AGREE_EPOCH_START] = "epoch start",
        [PM_AGREE_ROUND] = "round",
        [PM_AGREE_PHASE_START] = "phase start",
        [PM_AGREE_STATE] = "state",
        [PM_AGREE_PHASE] = "phase",
        [PM_AGREE_CLIENTS] = "clients",
        [PM_AGREE_CHECKPOINT] = "checkpoint",
        [PM_AGREE_PARAMS] = "params",
        [PM_AGREE_ARCH] = "arch",
        [PM_AGREE_NAME] = "name",
        [PM_AGREE_MIN_CLIENTS] = "min clients",
        [PM_AGREE_ACCOUNT] = "whether there is such a run",
    };
    size_t count = 0;
    for (size_t i = 0; i < PM_AGREE_FACT_COUNT; i++) {
        if (agreed->differs[i]) {
            pm_say_own(say, count++ ? ", " : "");
            pm_say_own(say, names[i]);
        }
    }
    pm_say_own(say, count == 1 ? " differs" : " differ");
}

static void say_why(struct pm_say *say, const struct pm_agreed *agreed)
{
    bool is_chain_behind = agreed->behind == PM_SOURCE_ON_CHAIN;
    switch (agreed->verdict) {
    case PM_AGREE_SAME:
        pm_say_own(say, agreed->is_absent   ? "the run is completed, and its account is gone"
                        : agreed->has_order ? "same epoch start, round and phase"
                                            : "what can be compared is the same");
        break;
    case PM_AGREE_LAG:
        pm_say_own(say,
                   is_chain_behind ? "the chain's node is behind: " : "the dashboard is behind: ");
        say_differences(say, agreed);
        break;
    case PM_AGREE_CONFLICT:
        pm_say_own(say, "age does not explain it: ");
        say_differences(say, agreed);
        pm_say_own(say, agreed->order > 0   ? ", and the dashboard shows the earlier state"
                        : agreed->order < 0 ? ", and the chain shows the earlier state"
                                            : "");
        break;
    }
    say_slots(say, agreed);
    if (agreed->verdict == PM_AGREE_CONFLICT && !agreed->is_absent) {
        pm_say_own(say, "; the account itself counts, from which the dashboard is made");
    }
}

struct pm_agreement pm_agree_words(struct pm_arena *arena, const struct pm_agreed *agreed)
{
    static const char *const verdicts[] = {
        [PM_AGREE_SAME] = "agree",
        [PM_AGREE_LAG] = "lag",
        [PM_AGREE_CONFLICT] = "conflict",
    };
    bool is_chain_behind = agreed->verdict == PM_AGREE_LAG && agreed->behind == PM_SOURCE_ON_CHAIN;
    struct pm_agreement words = {
        .verdict = verdicts[agreed->verdict],
        .trust = is_chain_behind ? PM_SOURCE_TRACKED : PM_SOURCE_ON_CHAIN,
    };
    pm_say_init(&words.why, arena);
    say_why(&words.why, agreed);
    return words;
}
