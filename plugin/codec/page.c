/* page.c - one pass over a run page, before the tree is built.
 *
 * The text is walked once. What is lifted or dropped leaves a gap, and what stays moves down over
 * it, always behind the place that is being read. Text that stays is only walked over as far as
 * needed to find its parts: whoever builds the tree checks it again. */

#include "codec/page.h"

#include "codec/scan.h"

#include <math.h>
#include <string.h>

struct lift {
    struct pm_scan scan;
    struct pm_arena *arena;
    struct pm_history *history;
    char *text;
    const char *from; /* what stays and has not moved yet begins here */
    size_t len;       /* of what has moved */
};

/* The last points of a series, the oldest one at `next` once it is full. */
struct ring {
    struct pm_point points[PM_SERIES_KEPT];
    size_t count, next;
};

enum place {
    PLACE_ROOT,
    PLACE_RUN,
    PLACE_METRICS,
    PLACE_HISTORY,
    PLACE_UNDER_RUN,
    PLACE_ELSEWHERE,
};

static void keep_until(struct lift *lift, const char *end)
{
    size_t count = (size_t)(end - lift->from);
    if (lift->text + lift->len != lift->from) {
        memmove(lift->text + lift->len, lift->from, count);
    }
    lift->len += count;
}

/* The value from `begin` to where the scan stands gives way to a shorter one. */
static void replace(struct lift *lift, const char *begin, pm_str with)
{
    if (lift->scan.fault != PM_JSON_OK || (size_t)(lift->scan.at - begin) < with.len) {
        return; /* broken, or "{}": not worth it */
    }
    keep_until(lift, begin);
    memcpy(lift->text + lift->len, with.ptr, with.len);
    lift->len += with.len;
    lift->from = lift->scan.at;
}

static bool begins_number(char c)
{
    return c == '-' || (c >= '0' && c <= '9');
}

static void add_point(struct ring *ring, double step, double value)
{
    ring->points[ring->next] = (struct pm_point){step, value};
    ring->next = ring->next + 1 == PM_SERIES_KEPT ? 0 : ring->next + 1;
    ring->count += ring->count < PM_SERIES_KEPT;
}

static void note_step(struct pm_history *history, double step)
{
    if (!history->has_last_step || step > history->last_step) {
        history->last_step = step;
    }
    history->has_last_step = true;
}

/* [step, value]; anything else is passed over. */
static void read_entry(struct lift *lift, struct pm_series *series, struct ring *ring)
{
    struct pm_scan *scan = &lift->scan;
    double numbers[2] = {(double)NAN, (double)NAN};
    size_t count = 0;
    for (bool has = pm_scan_first(scan, ']'); has; has = pm_scan_next(scan, ']')) {
        if (count < 2 && begins_number(pm_scan_peek(scan))) {
            (void)pm_scan_number(scan, &numbers[count]);
        } else {
            (void)pm_scan_skip(scan);
        }
        count++;
    }
    if (!isfinite(numbers[0])) {
        return;
    }
    series->seen++;
    note_step(lift->history, numbers[0]);
    if (isfinite(numbers[1])) {
        add_point(ring, numbers[0], numbers[1]);
    } else {
        series->holes++;
    }
}

/* Copies the ring to the series, oldest point first. */
static void unroll(struct lift *lift, const struct ring *ring, struct pm_series *series)
{
    size_t oldest = ring->count == PM_SERIES_KEPT ? ring->next : 0;
    if (ring->count == 0) {
        return;
    }
    series->points = pm_arena_array(lift->arena, ring->count, sizeof *series->points);
    if (!series->points) {
        (void)pm_scan_fail(&lift->scan, PM_JSON_NO_MEMORY, "out of memory");
        return;
    }
    for (size_t i = 0; i < ring->count; i++) {
        series->points[i] = ring->points[(oldest + i) % PM_SERIES_KEPT];
    }
    series->count = ring->count;
}

static void read_series(struct lift *lift, struct pm_series *series)
{
    struct pm_scan *scan = &lift->scan;
    struct ring ring;
    ring.count = ring.next = 0;
    *series = (struct pm_series){.name = series->name};
    if (pm_scan_peek(scan) != '[') {
        (void)pm_scan_skip(scan);
        return;
    }
    for (bool has = pm_scan_first(scan, ']'); has; has = pm_scan_next(scan, ']')) {
        if (pm_scan_peek(scan) == '[') {
            read_entry(lift, series, &ring);
        } else {
            (void)pm_scan_skip(scan);
        }
    }
    unroll(lift, &ring, series);
}

/* The evaluation of that name, new if need be; NULL when there are too many already or memory is
 * out. */
static struct pm_series *find_eval(struct lift *lift, pm_str name)
{
    struct pm_history *history = lift->history;
    for (size_t i = 0; i < history->eval_count; i++) {
        if (pm_str_equal(history->evals[i].name, name)) {
            return &history->evals[i];
        }
    }
    if (history->eval_count == PM_EVALS_MOST) {
        history->evals_dropped++;
        return NULL;
    }
    if (!history->evals) {
        history->evals = pm_arena_array(lift->arena, PM_EVALS_MOST, sizeof *history->evals);
    }
    name = pm_arena_copy(lift->arena, name);
    if (lift->arena->failed || !history->evals) {
        (void)pm_scan_fail(&lift->scan, PM_JSON_NO_MEMORY, "out of memory");
        return NULL;
    }
    struct pm_series *eval = &history->evals[history->eval_count++];
    *eval = (struct pm_series){.name = name};
    return eval;
}

static void read_eval(struct lift *lift)
{
    pm_str key;
    if (!pm_scan_key(&lift->scan, &key)) {
        return;
    }
    char *name = lift->text + (key.ptr - lift->text); /* dropped text: free to be written over */
    if (!pm_scan_unescape(name, &key.len)) {
        (void)pm_scan_fail(&lift->scan, PM_JSON_BAD, "a wrong escape or byte in a name");
        return;
    }
    struct pm_series *eval = find_eval(lift, key);
    if (eval) {
        read_series(lift, eval);
    } else {
        (void)pm_scan_skip(&lift->scan);
    }
}

static void read_evals(struct lift *lift)
{
    struct pm_scan *scan = &lift->scan;
    lift->history->eval_count = lift->history->evals_dropped = 0;
    if (pm_scan_peek(scan) != '{') {
        (void)pm_scan_skip(scan);
        return;
    }
    for (bool has = pm_scan_first(scan, '}'); has; has = pm_scan_next(scan, '}')) {
        read_eval(lift);
    }
}

static void forget_history(struct lift *lift)
{
    pm_str none = PM_STR("");
    *lift->history = (struct pm_history){
        .loss.name = none, .bandwidth.name = none, .tokens_per_second.name = none, .lr.name = none};
}

static void read_history_member(struct lift *lift)
{
    struct pm_history *history = lift->history;
    const struct {
        pm_str name;
        struct pm_series *series;
    } known[] = {{PM_STR_INIT("loss"), &history->loss},
                 {PM_STR_INIT("bandwidth"), &history->bandwidth},
                 {PM_STR_INIT("tokensPerSecond"), &history->tokens_per_second},
                 {PM_STR_INIT("lr"), &history->lr}};
    pm_str key;
    if (!pm_scan_key(&lift->scan, &key)) {
        return;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (pm_str_equal(key, known[i].name)) {
            read_series(lift, known[i].series);
            return;
        }
    }
    if (pm_str_equal(key, PM_STR("evals"))) {
        read_evals(lift);
    } else {
        (void)pm_scan_skip(&lift->scan);
    }
}

static void lift_history(struct lift *lift)
{
    struct pm_scan *scan = &lift->scan;
    const char *begin = scan->at;
    lift->history->is_there = true;
    for (bool has = pm_scan_first(scan, '}'); has; has = pm_scan_next(scan, '}')) {
        read_history_member(lift);
    }
    replace(lift, begin, PM_STR("null"));
}

/* Where the value of that member of an object at `place` stands. */
static enum place enter(enum place place, pm_str key)
{
    static const struct {
        enum place outer, inner;
        pm_str key;
    } way[] = {{PLACE_ROOT, PLACE_RUN, PM_STR_INIT("run")},
               {PLACE_RUN, PLACE_METRICS, PM_STR_INIT("metrics")},
               {PLACE_METRICS, PLACE_HISTORY, PM_STR_INIT("history")}};
    for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
        if (place == way[i].outer && pm_str_equal(key, way[i].key)) {
            return way[i].inner;
        }
    }
    return place == PLACE_ROOT ? PLACE_ELSEWHERE : PLACE_UNDER_RUN;
}

static bool is_samples(pm_str key)
{
    return pm_str_equal(key, PM_STR("promptResults")) ||
           pm_str_equal(key, PM_STR("cumulativePromptResults"));
}

static void walk(struct lift *lift, enum place place);

static void walk_member(struct lift *lift, enum place place)
{
    struct pm_scan *scan = &lift->scan;
    pm_str key;
    if (!pm_scan_key(scan, &key)) {
        return;
    }
    char first = pm_scan_peek(scan);
    const char *begin = scan->at;
    enum place inner = enter(place, key);
    if (inner != PLACE_UNDER_RUN && inner != PLACE_ELSEWHERE) {
        forget_history(lift); /* of a name that occurs twice, the last one holds */
    }
    if (inner == PLACE_HISTORY && first == '{') {
        lift_history(lift);
    } else if (place != PLACE_ROOT && is_samples(key) && first == '[') {
        (void)pm_scan_skip(scan);
        replace(lift, begin, PM_STR("[]"));
    } else {
        walk(lift, inner);
    }
}

/* A value that stays. */
static void walk(struct lift *lift, enum place place)
{
    struct pm_scan *scan = &lift->scan;
    char first = pm_scan_peek(scan);
    if (place != PLACE_ELSEWHERE && first == '{') {
        for (bool has = pm_scan_first(scan, '}'); has; has = pm_scan_next(scan, '}')) {
            walk_member(lift, place);
        }
    } else if (place != PLACE_ELSEWHERE && place != PLACE_ROOT && first == '[') {
        for (bool has = pm_scan_first(scan, ']'); has; has = pm_scan_next(scan, ']')) {
            walk(lift, PLACE_UNDER_RUN);
        }
    } else {
        (void)pm_scan_skip(scan);
    }
}

bool pm_page_lift(struct pm_arena *arena, char *text, size_t *len, struct pm_history *history,
                  struct pm_json_problem *problem)
{
    struct lift lift = {.scan = pm_scan_from((pm_str){text, *len}),
                        .arena = arena,
                        .history = history,
                        .text = text,
                        .from = text};
    forget_history(&lift);
    walk(&lift, PLACE_ROOT);
    if (lift.scan.fault != PM_JSON_OK) {
        size_t at = (size_t)(lift.scan.at - text);
        *problem = (struct pm_json_problem){lift.scan.fault, at, lift.scan.problem};
        return false;
    }
    keep_until(&lift, text + *len);
    *len = lift.len;
    *problem = (struct pm_json_problem){PM_JSON_OK, 0, ""};
    return true;
}
