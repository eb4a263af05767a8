/* dashboard.h - what the dashboard of psyche.network says.
 *
 * Two routes: /runs (a list without the hidden runs) and /run/{id}/{index} (one incarnation of any
 * run). Decoded by field; what is absent, of the wrong type or out of range is unknown, never
 * zero. */
#ifndef PM_SOURCE_DASHBOARD_H
#define PM_SOURCE_DASHBOARD_H

#include "base/big.h"
#include "codec/page.h"
#include "net/batch.h"
#include "source/known.h"

#define PM_RUN_ID_MOST 32 /* bytes: the seed of the run's account; longer ids cannot exist */

struct pm_moment { /* when, by the chain */
    bool has_slot, has_time;
    uint64_t slot;
    int64_t time_ms;
};

struct pm_pause {
    bool is_pause; /* else the end of one */
    struct pm_moment at;
};

enum pm_run_state {
    PM_RUN_ACTIVE,
    PM_RUN_WAITING,
    PM_RUN_PAUSED,
    PM_RUN_COMPLETED,
    PM_RUN_OTHER, /* a word this version does not know; see state_word */
};

struct pm_run_info {
    pm_str id, name, description, arch;
    uint64_t index;              /* incarnation, 0 first */
    bool is_only_known, is_only; /* the id has just this one incarnation */
    enum pm_run_state state;
    pm_str state_word; /* as sent */
    struct pm_moment completed_at, last_update;
    struct pm_pause *pauses;
    size_t pause_count;
    struct pm_big params, tokens_planned; /* params 0 is unknown */
    bool has_step;                        /* training was seen; else the next four are unknown */
    struct pm_big tokens_per_second, tokens_done;
    struct pm_moment step_started, step_ended;
};

struct pm_runs {
    struct pm_run_info *rows;
    size_t count;
    size_t unreadable; /* rows without an id */
    struct pm_big tokens_done, tokens_per_second_active;
    bool indexer_fault; /* the reply says its indexer stopped */
};

enum pm_witness { PM_WITNESS_NONE, PM_WITNESS_WAITING, PM_WITNESS_DONE };

struct pm_client {
    pm_str key;
    enum pm_witness witness;
};

struct pm_checkpoint {
    enum { PM_CHECKPOINT_NONE, PM_CHECKPOINT_HUB, PM_CHECKPOINT_GCS, PM_CHECKPOINT_OTHER } kind;
    pm_str kind_word; /* as sent */
    pm_str place;     /* repository or bucket */
    bool has_revision;
    pm_str revision; /* or prefix */
};

struct pm_lr_schedule {
    pm_str kind; /* "Cosine"; empty when none was sent */
    struct pm_number base, warmup_init, final, cosine_final, linear_final;
    struct pm_count warmup_steps, total_steps, stable_steps, cosine_steps, linear_steps;
};

struct pm_run_config {
    bool is_there;
    struct pm_count min_clients;
    struct pm_count epoch_s, warmup_s, cooldown_s, round_train_most_s, round_witness_s;
    struct pm_lr_schedule lr;
};

struct pm_run_live { /* "state": what the chain's coordinator says, by way of the dashboard */
    bool is_there;
    pm_str phase;
    bool has_phase_start, has_epoch_start;
    int64_t phase_start_ms, epoch_start_ms;
    struct pm_count round;
    bool has_clients;
    struct pm_client *clients;
    size_t client_count;
    bool has_checkpoint; /* the field was sent; kind NONE then says there is none */
    struct pm_checkpoint checkpoint;
    struct pm_run_config config;
};

struct pm_eval {
    pm_str name;
    struct pm_number value; /* the newest that is a number */
    struct pm_number step;
};

struct pm_tx {
    pm_str method, payer, hash;
    struct pm_moment at;
};

struct pm_run_page {
    bool is_there; /* false: the dashboard has no such run or incarnation */
    bool indexer_fault;
    struct pm_run_info info;
    struct pm_run_live live;
    struct pm_number loss, bandwidth, tokens_per_second, lr; /* newest values */
    struct pm_history history;
    struct pm_eval *evals;
    size_t eval_count;
    struct pm_tx *txs; /* oldest first, at most 25 */
    size_t tx_count;
};

struct pm_ask *pm_dashboard_ask_runs(struct pm_batch *batch, bool carries);
struct pm_ask *pm_dashboard_ask_run(struct pm_batch *batch, pm_str id, uint64_t index,
                                    bool carries);

/* NULL unless the ask is in and was answered. */
const struct pm_runs *pm_dashboard_runs(const struct pm_ask *ask);
const struct pm_run_page *pm_dashboard_run(const struct pm_ask *ask);
bool pm_dashboard_is_list(const struct pm_ask *ask); /* it asks for the list of runs */
bool pm_dashboard_is_run(const struct pm_ask *ask);  /* it asks for a run's page */

#endif
