/* fuzz_run_page.c - a run's page: its facts, and the pass that lifts the long series out of the
 * text first.
 *
 * That pass is judged by a slower way to the same end: the whole text as a tree. */

#include "reply.h"

#include <math.h>

/* --- the facts --- */

static void look_series(struct fuzz_digest *digest, const struct pm_series *series)
{
    look_text(digest, series->name);
    HOLDS(series->count <= PM_SERIES_KEPT && series->count + series->holes <= series->seen);
    HOLDS(series->points || series->count == 0);
    for (size_t i = 0; i < series->count; i++) {
        HOLDS(isfinite(series->points[i].step) && isfinite(series->points[i].value));
        fuzz_add(digest, &series->points[i], sizeof series->points[i]);
    }
    fuzz_add_u64(digest, series->seen);
}

static void look_history(struct fuzz_digest *digest, const struct pm_history *history)
{
    look_series(digest, &history->loss);
    look_series(digest, &history->bandwidth);
    look_series(digest, &history->tokens_per_second);
    look_series(digest, &history->lr);
    HOLDS(history->eval_count <= PM_EVALS_MOST);
    for (size_t i = 0; i < history->eval_count; i++) {
        look_series(digest, &history->evals[i]);
    }
    HOLDS(!history->has_last_step || isfinite(history->last_step));
    HOLDS(history->is_there || (history->loss.seen == 0 && !history->has_last_step));
}

static void look_config(struct fuzz_digest *digest, const struct pm_run_config *config)
{
    const struct pm_lr_schedule *lr = &config->lr;
    const struct pm_count counts[] = {
        config->min_clients, config->epoch_s,         config->warmup_s,
        config->cooldown_s,  config->round_witness_s, config->round_train_most_s,
        lr->warmup_steps,    lr->total_steps,         lr->stable_steps,
        lr->cosine_steps,    lr->linear_steps,
    };
    const struct pm_number numbers[] = {lr->base, lr->warmup_init, lr->final, lr->cosine_final,
                                        lr->linear_final};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        HOLDS(config->is_there || !counts[i].is_known);
        look_count(digest, counts[i]);
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        look_number(digest, numbers[i]);
    }
    look_text(digest, lr->kind);
}

static void look_live(struct fuzz_digest *digest, const struct pm_run_live *live)
{
    look_text(digest, live->phase);
    look_ms(digest, live->has_phase_start, live->phase_start_ms);
    look_ms(digest, live->has_epoch_start, live->epoch_start_ms);
    look_count(digest, live->round);
    HOLDS(live->has_clients || live->client_count == 0);
    for (size_t i = 0; i < live->client_count; i++) {
        look_text(digest, live->clients[i].key);
        HOLDS(live->clients[i].witness <= PM_WITNESS_DONE);
        fuzz_add_u64(digest, live->clients[i].witness);
    }
    look_text(digest, live->checkpoint.kind_word);
    look_text(digest, live->checkpoint.place);
    look_text(digest, live->checkpoint.revision);
    HOLDS(live->has_checkpoint || live->checkpoint.kind == PM_CHECKPOINT_NONE);
    look_config(digest, &live->config);
}

static void look(struct fuzz_digest *digest, const void *facts)
{
    const struct pm_run_page *page = facts;
    look_history(digest, &page->history);
    fuzz_add_u64(digest, page->is_there);
    if (!page->is_there) {
        return;
    }
    look_info(digest, &page->info);
    look_live(digest, &page->live);
    look_number(digest, page->loss);
    look_number(digest, page->bandwidth);
    look_number(digest, page->tokens_per_second);
    look_number(digest, page->lr);
    HOLDS(page->eval_count <= PM_EVALS_MOST);
    for (size_t i = 0; i < page->eval_count; i++) {
        look_text(digest, page->evals[i].name);
        look_number(digest, page->evals[i].value);
        look_number(digest, page->evals[i].step);
    }
    HOLDS(page->tx_count <= 25);
    for (size_t i = 0; i < page->tx_count; i++) {
        look_text(digest, page->txs[i].method);
        look_text(digest, page->txs[i].payer);
        look_text(digest, page->txs[i].hash);
        look_moment(digest, page->txs[i].at);
    }
}

/* --- the tree that is left is the tree that was, but for what was lifted --- */

static bool is_lifted(pm_str key, yyjson_val *was, yyjson_val *is)
{
    bool is_samples = pm_str_equal(key, PM_STR("promptResults")) ||
                      pm_str_equal(key, PM_STR("cumulativePromptResults"));
    bool is_history = pm_str_equal(key, PM_STR("history"));
    return (is_samples && yyjson_is_arr(was) && yyjson_is_arr(is) && yyjson_arr_size(is) == 0) ||
           (is_history && yyjson_is_obj(was) && yyjson_is_null(is));
}

static void compare(yyjson_val *was, yyjson_val *is)
{
    yyjson_val *a, *b;
    HOLDS(yyjson_get_type(was) == yyjson_get_type(is));
    HOLDS(yyjson_get_len(was) == yyjson_get_len(is) || !yyjson_is_ctn(was));
    if (yyjson_is_obj(was)) {
        yyjson_obj_iter old = yyjson_obj_iter_with(was), new = yyjson_obj_iter_with(is);
        while ((a = yyjson_obj_iter_next(&old)) != NULL) {
            b = yyjson_obj_iter_next(&new);
            HOLDS(yyjson_equals(a, b));
            if (!is_lifted(pm_json_text(a), yyjson_obj_iter_get_val(a),
                           yyjson_obj_iter_get_val(b))) {
                compare(yyjson_obj_iter_get_val(a), yyjson_obj_iter_get_val(b));
            }
        }
    } else if (yyjson_is_arr(was)) {
        yyjson_arr_iter old = yyjson_arr_iter_with(was), new = yyjson_arr_iter_with(is);
        while ((a = yyjson_arr_iter_next(&old)) != NULL) {
            b = yyjson_arr_iter_next(&new);
            compare(a, b);
        }
    } else {
        HOLDS(yyjson_equals(was, is));
    }
}

/* --- the series are those of the tree --- */

static bool read_point(yyjson_val *entry, struct pm_point *point, bool *is_hole)
{
    *is_hole = !pm_json_number(yyjson_arr_get(entry, 1), &point->value);
    return pm_json_number(yyjson_arr_get(entry, 0), &point->step);
}

static void compare_series(yyjson_val *list, const struct pm_series *series)
{
    yyjson_val *entry;
    yyjson_arr_iter each = yyjson_arr_iter_with(list);
    struct pm_point point = {0, 0};
    bool is_hole;
    size_t seen = 0, holes = 0, points = 0;
    while ((entry = yyjson_arr_iter_next(&each)) != NULL) {
        if (read_point(entry, &point, &is_hole)) {
            seen++;
            holes += is_hole;
            points += !is_hole;
        }
    }
    HOLDS(series->seen == seen && series->holes == holes);
    HOLDS(series->count == (points < PM_SERIES_KEPT ? points : PM_SERIES_KEPT));
    size_t passed = points - series->count, at = 0;
    each = yyjson_arr_iter_with(list);
    while ((entry = yyjson_arr_iter_next(&each)) != NULL) {
        if (!read_point(entry, &point, &is_hole) || is_hole) {
            continue;
        }
        if (passed > 0) {
            passed--;
            continue;
        }
        HOLDS(series->points[at].step == point.step && series->points[at].value == point.value);
        at++;
    }
}

static void compare_history(yyjson_val *root, const struct pm_history *history)
{
    yyjson_val *metrics = pm_json_get(pm_json_get(root, "run"), "metrics");
    yyjson_val *tree = pm_json_get(metrics, "history"), *evals = pm_json_get(tree, "evals");
    HOLDS(history->is_there == yyjson_is_obj(tree));
    compare_series(pm_json_get(tree, "loss"), &history->loss);
    compare_series(pm_json_get(tree, "bandwidth"), &history->bandwidth);
    compare_series(pm_json_get(tree, "tokensPerSecond"), &history->tokens_per_second);
    compare_series(pm_json_get(tree, "lr"), &history->lr);
    for (size_t i = 0; i < history->eval_count; i++) {
        yyjson_val *key, *last = NULL;
        yyjson_obj_iter each = yyjson_obj_iter_with(evals);
        while ((key = yyjson_obj_iter_next(&each)) != NULL) {
            bool is_same = pm_str_equal(pm_json_text(key), history->evals[i].name);
            last = is_same ? yyjson_obj_iter_get_val(key) : last;
        }
        HOLDS(last != NULL);
        compare_series(last, &history->evals[i]);
    }
}

/* The tree takes control characters in a string as they are, the walk does not. */
static bool has_control(pm_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] < ' ') {
            return true;
        }
    }
    return false;
}

static void check_lift(pm_str text)
{
    struct pm_arena arena;
    struct pm_json_problem problem;
    struct pm_history history;
    struct reply copy, unlifted;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES * 4);
    reply_fill(&copy, PM_STR(""), text, PM_STR(""));
    reply_fill(&unlifted, PM_STR(""), text, PM_STR(""));
    yyjson_val *whole = pm_json_read(&arena, unlifted.body.ptr, text.len, &problem);
    bool is_lifted_out = pm_page_lift(&arena, copy.body.ptr, &copy.body.len, &history, &problem);
    HOLDS(is_lifted_out == (problem.fault == PM_JSON_OK));
    HOLDS(is_lifted_out || problem.at <= text.len);
    HOLDS(copy.body.len <= text.len);
    HOLDS(is_lifted_out || !whole || has_control(text));
    if (whole && is_lifted_out) {
        yyjson_val *left = pm_json_read(&arena, copy.body.ptr, copy.body.len, &problem);
        HOLDS(left != NULL);
        compare(whole, left);
        compare_history(whole, &history);
    }
    pm_arena_finish(&arena);
    free(copy.body.ptr);
    free(unlifted.body.ptr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pm_str text = fuzz_text(data, size);
    reply_check(&pm_dashboard_kind_run, look, text);
    check_lift(text);
    return 0;
}
