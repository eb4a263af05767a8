/* derive.c - what follows from the dashboard's numbers.
 *
 * Times come from two clocks, the chain's and ours, so a span may be negative: that is none. */

#include "action/derive.h"

#include <math.h>

#define ETA_LIMIT_S 3155760000.0 /* 100 years: past that a rate says nothing */
#define MEAN_POINTS 50
#define SLOPE_POINTS_LEAST 20

static const struct pm_big unknown_big;

static struct pm_number known(double value)
{
    return isfinite(value) ? (struct pm_number){true, value} : (struct pm_number){0};
}

/* From `from_ms` to `to_ms`, not below 0; any two moments will do. */
static int64_t span_ms(int64_t from_ms, int64_t to_ms)
{
    int64_t span;
    if (to_ms <= from_ms) {
        return 0;
    }
    return __builtin_sub_overflow(to_ms, from_ms, &span) ? INT64_MAX : span;
}

/* --- tokens --------------------------------------------------------------------------------- */

struct pm_big pm_derive_done(const struct pm_run_info *info)
{
    if (!info->has_step) {
        return info->tokens_planned.is_known ? pm_big_from_u64(0) : unknown_big;
    }
    return info->tokens_done;
}

struct pm_number pm_derive_percent(const struct pm_run_info *info)
{
    struct pm_big done = pm_derive_done(info), planned = info->tokens_planned;
    if (!done.is_known || !planned.is_known || pm_big_is_zero(planned)) {
        return (struct pm_number){0};
    }
    return known(100 * pm_big_to_double(done) / pm_big_to_double(planned));
}

static struct pm_big multiply(struct pm_big n, uint64_t factor)
{
    struct pm_big high = pm_big_mul(n, (uint32_t)(factor >> 32));
    high = pm_big_mul(pm_big_mul(high, 1u << 16), 1u << 16);
    return pm_big_add(high, pm_big_mul(n, (uint32_t)factor));
}

/* What the rate makes of the time since the step began; while it lasts nine tenths of that, as the
 * web page counts. */
static struct pm_big made_since_start(const struct pm_run_info *info, int64_t now_ms)
{
    struct pm_moment started = info->step_started, ended = info->step_ended;
    if (!started.has_time) {
        return unknown_big;
    }
    int64_t span = span_ms(started.time_ms, ended.has_time ? ended.time_ms : now_ms);
    struct pm_big made = multiply(info->tokens_per_second, (uint64_t)span);
    return ended.has_time ? pm_big_div(made, 1000) : pm_big_div(pm_big_mul(made, 9), 10000);
}

struct pm_big pm_derive_done_now(const struct pm_run_info *info, int64_t now_ms)
{
    struct pm_big done = info->tokens_done, planned = info->tokens_planned;
    if (!info->has_step || !planned.is_known || !pm_derive_has_speed(info, now_ms)) {
        return unknown_big;
    }
    struct pm_big now = pm_big_add(done, made_since_start(info, now_ms));
    if (!now.is_known || pm_big_compare(now, planned) <= 0) {
        return now;
    }
    return pm_big_compare(done, planned) > 0 ? done : planned;
}

struct pm_eta pm_derive_eta(const struct pm_run_info *info, int64_t now_ms)
{
    struct pm_big left = pm_big_sub(info->tokens_planned, info->tokens_done);
    double rate = pm_big_to_double(info->tokens_per_second);
    if (!info->has_step || !pm_derive_has_speed(info, now_ms) || !left.is_known ||
        pm_big_is_zero(left) || !(rate > 0)) {
        return (struct pm_eta){0};
    }
    double seconds = floor(pm_big_to_double(left) / rate);
    if (seconds > ETA_LIMIT_S) {
        return (struct pm_eta){0};
    }
    return (struct pm_eta){true, (int64_t)seconds, now_ms + (int64_t)seconds * 1000};
}

/* --- time ----------------------------------------------------------------------------------- */

struct pm_count pm_derive_idle_s(const struct pm_run_info *info, int64_t now_ms)
{
    if (!info->last_update.has_time) {
        return (struct pm_count){0};
    }
    return (struct pm_count){true, (uint64_t)span_ms(info->last_update.time_ms, now_ms) / 1000};
}

bool pm_derive_has_speed(const struct pm_run_info *info, int64_t now_ms)
{
    struct pm_count idle = pm_derive_idle_s(info, now_ms);
    return info->state == PM_RUN_ACTIVE && idle.is_known && idle.value < PM_SPEED_GOOD_FOR_S;
}

/* Percent, capped at 100, to one decimal. 0 of 0 is unknown; some of 0 is all of it. */
static struct pm_number part_of(double part, double whole)
{
    if (!(whole > 0)) {
        return part > 0 ? known(100) : (struct pm_number){0};
    }
    return known(fmin(100, floor(1000 * part / whole + 0.5) / 10));
}

static struct pm_number time_part(bool has_start, int64_t start_ms, struct pm_count limit_s,
                                  int64_t now_ms)
{
    if (!has_start || start_ms <= 0 || !limit_s.is_known) {
        return (struct pm_number){0}; /* the chain's 0 means that it has not begun */
    }
    return part_of((double)span_ms(start_ms, now_ms), 1000 * (double)limit_s.value);
}

static struct pm_number phase_time_part(const struct pm_run_live *live, struct pm_count limit_s,
                                        int64_t now_ms)
{
    return time_part(live->has_phase_start, live->phase_start_ms, limit_s, now_ms);
}

static struct pm_number witness_part(const struct pm_run_live *live)
{
    size_t all = 0, done = 0;
    for (size_t i = 0; i < live->client_count; i++) {
        all += live->clients[i].witness != PM_WITNESS_NONE;
        done += live->clients[i].witness == PM_WITNESS_DONE;
    }
    return part_of((double)done, (double)all);
}

static struct pm_number waiting_part(const struct pm_run_live *live, int64_t now_ms)
{
    (void)now_ms;
    if (!live->has_clients || !live->config.min_clients.is_known) {
        return (struct pm_number){0};
    }
    return part_of((double)live->client_count, (double)live->config.min_clients.value);
}

static struct pm_number warmup_part(const struct pm_run_live *live, int64_t now_ms)
{
    return phase_time_part(live, live->config.warmup_s, now_ms);
}

/* Witnesses or time, whichever is further: either ends the round. */
static struct pm_number train_part(const struct pm_run_live *live, int64_t now_ms)
{
    struct pm_number by_witness = witness_part(live);
    struct pm_number by_time = phase_time_part(live, live->config.round_train_most_s, now_ms);
    bool is_witness =
        by_witness.is_known && (!by_time.is_known || by_witness.value > by_time.value);
    return is_witness ? by_witness : by_time;
}

static struct pm_number round_witness_part(const struct pm_run_live *live, int64_t now_ms)
{
    return phase_time_part(live, live->config.round_witness_s, now_ms);
}

static struct pm_number cooldown_part(const struct pm_run_live *live, int64_t now_ms)
{
    return phase_time_part(live, live->config.cooldown_s, now_ms);
}

static struct pm_number all_of_it(const struct pm_run_live *live, int64_t now_ms)
{
    (void)live;
    (void)now_ms;
    return known(100);
}

static struct pm_number none_of_it(const struct pm_run_live *live, int64_t now_ms)
{
    (void)live;
    (void)now_ms;
    return known(0);
}

static const struct phase {
    pm_str word;
    bool is_working; /* the epoch's time runs */
    struct pm_number (*part)(const struct pm_run_live *live, int64_t now_ms);
} phases[] = {
    {PM_STR_INIT("WaitingForMembers"), false, waiting_part},
    {PM_STR_INIT("Warmup"), true, warmup_part},
    {PM_STR_INIT("RoundTrain"), true, train_part},
    {PM_STR_INIT("RoundWitness"), true, round_witness_part},
    {PM_STR_INIT("Cooldown"), true, cooldown_part},
    {PM_STR_INIT("Finished"), false, all_of_it},
    {PM_STR_INIT("Paused"), false, none_of_it},
    {PM_STR_INIT("Uninitialized"), false, none_of_it},
};

static const struct phase *find_phase(const struct pm_run_live *live)
{
    for (size_t i = 0; live->is_there && i < sizeof phases / sizeof *phases; i++) {
        if (pm_str_equal(live->phase, phases[i].word)) {
            return &phases[i];
        }
    }
    return NULL;
}

struct pm_number pm_derive_phase_percent(const struct pm_run_live *live, int64_t now_ms)
{
    const struct phase *phase = find_phase(live);
    return phase ? phase->part(live, now_ms) : (struct pm_number){0};
}

struct pm_number pm_derive_epoch_percent(const struct pm_run_live *live, int64_t now_ms)
{
    const struct phase *phase = find_phase(live);
    if (!phase || !phase->is_working) {
        return (struct pm_number){0};
    }
    return time_part(live->has_epoch_start, live->epoch_start_ms, live->config.epoch_s, now_ms);
}

/* --- loss ----------------------------------------------------------------------------------- */

static struct pm_number mean_of(const struct pm_point *points, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += points[i].value / (double)count;
    }
    return count ? known(sum) : (struct pm_number){0};
}

/* Least squares, about the middle of the points and counted from the first: steps are large and
 * close together. */
static struct pm_number slope_of(const struct pm_point *points, size_t count)
{
    double middle_step = 0, middle_value = mean_of(points, count).value, rise = 0, run = 0;
    for (size_t i = 0; i < count; i++) {
        middle_step += (points[i].step - points[0].step) / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        double step = points[i].step - points[0].step - middle_step;
        rise += step * (points[i].value - middle_value);
        run += step * step;
    }
    return run > 0 ? known(rise / run) : (struct pm_number){0};
}

struct pm_loss pm_derive_loss(const struct pm_run_page *page)
{
    const struct pm_point *points = page->history.loss.points;
    size_t count = page->history.loss.count;
    struct pm_loss loss = {.last = page->loss};
    if (count == 0) {
        return loss;
    }
    struct pm_point newest = points[count - 1];
    if (!loss.last.is_known) {
        loss.last = known(newest.value);
    }
    if (loss.last.value == newest.value) {
        loss.at_step = known(newest.step);
    }
    loss.mean_points = count < MEAN_POINTS ? count : MEAN_POINTS;
    loss.mean_50 = mean_of(points + (count - loss.mean_points), loss.mean_points);
    if (count >= SLOPE_POINTS_LEAST) {
        struct pm_number slope = slope_of(points, count);
        loss.slope_per_1000_steps = slope.is_known ? known(1000 * slope.value) : slope;
        loss.slope_points = loss.slope_per_1000_steps.is_known ? count : 0;
    }
    return loss;
}

/* --- pauses --------------------------------------------------------------------------------- */

static void add_pause(int64_t *total_ms, struct pm_moment from, struct pm_moment to)
{
    if (from.has_time && to.has_time &&
        __builtin_add_overflow(*total_ms, span_ms(from.time_ms, to.time_ms), total_ms)) {
        *total_ms = INT64_MAX;
    }
}

/* When a pause that no entry ends did end, or now. A run can be told to pause and go on until its
 * epoch is over: then nothing has passed of it. */
static struct pm_moment end_of_open_pause(const struct pm_run_info *info, int64_t now_ms)
{
    if (info->state == PM_RUN_COMPLETED) {
        return info->completed_at;
    }
    return (struct pm_moment){.has_time = info->state == PM_RUN_PAUSED, .time_ms = now_ms};
}

struct pm_pauses pm_derive_pauses(const struct pm_run_info *info, int64_t now_ms)
{
    struct pm_pauses pauses = {.paused_now = info->state == PM_RUN_PAUSED};
    struct pm_moment began = {0};
    bool is_open = false;
    int64_t total_ms = 0;
    for (size_t i = 0; i < info->pause_count; i++) {
        const struct pm_pause *entry = &info->pauses[i];
        if (entry->is_pause && !is_open) {
            began = entry->at;
            pauses.count++;
        } else if (!entry->is_pause && is_open) {
            add_pause(&total_ms, began, entry->at);
        }
        is_open = entry->is_pause;
    }
    if (is_open) {
        add_pause(&total_ms, began, end_of_open_pause(info, now_ms));
    }
    pauses.total_s = total_ms / 1000;
    pauses.has_last = began.has_time;
    pauses.last_ms = began.time_ms;
    return pauses;
}
