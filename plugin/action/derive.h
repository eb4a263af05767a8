/* derive.h - what follows from the dashboard's numbers: what its web page computes, and better.
 *
 * Pure arithmetic on facts and one moment. What cannot be computed is not known, never zero. */
#ifndef PM_ACTION_DERIVE_H
#define PM_ACTION_DERIVE_H

#include "source/dashboard.h"

/* From this age on a run the dashboard calls active says nothing of its speed (its own rule). */
#define PM_SPEED_GOOD_FOR_S 600

/* 100 * done / planned; unknown for 0 of 0 and unknown parts. May exceed 100. */
struct pm_number pm_derive_percent(const struct pm_run_info *info);
/* Tokens at the start of the step; 0 when the run was never seen training but the rest is known. */
struct pm_big pm_derive_done(const struct pm_run_info *info);
/* done + what the last rate makes of the time since the step began (9/10 of it while it lasts, all
 * of it when it has ended): an estimate, at most `planned` unless `done` is more already. Unknown
 * when any part is, or when the run has no speed (pm_derive_has_speed). */
struct pm_big pm_derive_done_now(const struct pm_run_info *info, int64_t now_ms);

struct pm_eta {
    bool is_known;
    int64_t seconds, at_ms;
};
/* (planned - done) / rate, for a run that has speed and something left. */
struct pm_eta pm_derive_eta(const struct pm_run_info *info, int64_t now_ms);

/* Seconds since anything changed; unknown without a time; 0 when the other clock is ahead. */
struct pm_count pm_derive_idle_s(const struct pm_run_info *info, int64_t now_ms);
/* Active by its word, and heard of within PM_SPEED_GOOD_FOR_S. */
bool pm_derive_has_speed(const struct pm_run_info *info, int64_t now_ms);

/* Of this phase, 0..100, as the web page draws it. */
struct pm_number pm_derive_phase_percent(const struct pm_run_live *live, int64_t now_ms);
/* Of the epoch's time, 0..100, in the four working phases. */
struct pm_number pm_derive_epoch_percent(const struct pm_run_live *live, int64_t now_ms);

struct pm_loss {
    struct pm_number last, at_step;
    struct pm_number
        mean_50; /* of the last 50 points present, or of all if fewer; see mean_points */
    size_t mean_points;
    struct pm_number
        slope_per_1000_steps; /* least squares over the last 200 points, from 20 points on */
    size_t slope_points;
};
struct pm_loss pm_derive_loss(const struct pm_run_page *page);

struct pm_pauses {
    size_t count;    /* times the run went from running to paused; repeats are one */
    int64_t total_s; /* of those that ended, and of the present one until now */
    bool paused_now;
    bool has_last;
    int64_t last_ms; /* when the last pause began */
};
struct pm_pauses pm_derive_pauses(const struct pm_run_info *info, int64_t now_ms);

#endif
