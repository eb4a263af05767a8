/* dashboard_run.c - one incarnation of a run: /run/{id}/{index}.
 *
 * Pages are read in two steps: codec/page.h lifts the series out of the text, and what is left, a
 * few kB, becomes a tree. */

#include "source/dashboard_inside.h"

#include "source/body.h"
#include "source/dashboard_fields.h"
#include "source/dashboard_live.h"

#define TXS_MOST 25

/* The dashboard writes 0 for "none yet". A series without an entry gives that away. */
static struct pm_number drop_idle_zero(struct pm_number newest, const struct pm_history *history,
                                       const struct pm_series *series)
{
    if (newest.value == 0 && history->is_there && series->seen == 0) {
        newest.is_known = false;
    }
    return newest;
}

static struct pm_eval *find_eval(struct pm_run_page *page, pm_str name)
{
    for (size_t i = 0; i < page->eval_count; i++) {
        if (pm_str_equal(page->evals[i].name, name)) {
            return &page->evals[i];
        }
    }
    return NULL;
}

static void read_eval_series(const struct pm_history *history, struct pm_run_page *page)
{
    for (size_t i = 0; i < history->eval_count && page->eval_count < PM_EVALS_MOST; i++) {
        const struct pm_series *series = &history->evals[i];
        struct pm_eval eval = {.name = series->name};
        if (series->count > 0) {
            struct pm_point newest = series->points[series->count - 1];
            eval.value = (struct pm_number){true, newest.value};
            eval.step = (struct pm_number){true, newest.step};
        }
        page->evals[page->eval_count++] = eval;
    }
}

/* Adds those without a series; of a name that occurs twice the last value counts. */
static void read_eval_summary(yyjson_val *evals, struct pm_run_page *page)
{
    yyjson_val *name;
    yyjson_obj_iter members = yyjson_obj_iter_with(evals);
    size_t from_series = page->eval_count, left_out = 0;
    while ((name = yyjson_obj_iter_next(&members)) != NULL) {
        struct pm_number value = {0};
        value.is_known = pm_json_number(yyjson_obj_iter_get_val(name), &value.value);
        struct pm_eval *known = find_eval(page, pm_json_text(name));
        if (!known && page->eval_count < PM_EVALS_MOST) {
            page->evals[page->eval_count++] = (struct pm_eval){pm_json_text(name), value, {0}};
        } else if (!known) {
            left_out++;
        } else if (known >= page->evals + from_series) {
            known->value = value;
        }
    }
    if (left_out > page->history.evals_dropped) {
        page->history.evals_dropped = left_out;
    }
}

static void read_metrics(struct pm_arena *arena, yyjson_val *metrics, struct pm_run_page *page)
{
    const struct pm_history *history = &page->history;
    yyjson_val *summary = pm_json_get(metrics, "summary");
    page->loss = pm_field_number(summary, "loss");
    page->bandwidth =
        drop_idle_zero(pm_field_number(summary, "bandwidth"), history, &history->bandwidth);
    page->tokens_per_second = drop_idle_zero(pm_field_number(summary, "tokensPerSecond"), history,
                                             &history->tokens_per_second);
    page->lr = drop_idle_zero(pm_field_number(summary, "lr"), history, &history->lr);
    page->evals = pm_arena_array(arena, PM_EVALS_MOST, sizeof *page->evals);
    if (page->evals) {
        read_eval_series(history, page);
        read_eval_summary(pm_json_get(summary, "evals"), page);
    }
}

static void read_txs(struct pm_arena *arena, yyjson_val *list, struct pm_run_page *page)
{
    size_t size = yyjson_arr_size(list), passed = 0;
    yyjson_val *tx;
    yyjson_arr_iter each = yyjson_arr_iter_with(list);
    page->txs = pm_arena_array(arena, TXS_MOST, sizeof *page->txs);
    while (page->txs && (tx = yyjson_arr_iter_next(&each)) != NULL) {
        bool is_recent = size - passed++ <= TXS_MOST;
        if (is_recent && yyjson_is_obj(tx)) {
            page->txs[page->tx_count++] = (struct pm_tx){
                .method = pm_field_text(tx, "method"),
                .payer = pm_field_text(tx, "pubkey"),
                .hash = pm_field_text(tx, "txHash"),
                .at = pm_field_moment(tx, "timestamp"),
            };
        }
    }
}

/* What is amiss with the form of a page, or NULL. */
static const char *find_fault(yyjson_val *run)
{
    if (!run) {
        return "no field \"run\"";
    }
    if (yyjson_is_null(run)) {
        return NULL;
    }
    if (!yyjson_is_obj(run)) {
        return "\"run\" is neither an object nor null";
    }
    if (!yyjson_is_obj(pm_json_get(run, "info"))) {
        return "no object \"run.info\"";
    }
    return pm_field_has_id(pm_json_get(run, "info")) ? NULL : "no usable \"run.info.id\"";
}

static void read_page(struct pm_arena *arena, yyjson_val *root, struct pm_run_page *page)
{
    yyjson_val *run = pm_json_get(root, "run");
    page->is_there = yyjson_is_obj(run);
    page->indexer_fault = pm_field_is_set(root, "error");
    if (page->is_there) {
        pm_field_info(arena, pm_json_get(run, "info"), &page->info);
        pm_dashboard_read_live(arena, pm_json_get(run, "state"), &page->live);
        read_metrics(arena, pm_json_get(run, "metrics"), page);
        read_txs(arena, pm_json_get(run, "recentTxs"), page);
    }
}

void *pm_dashboard_decode_run(struct pm_arena *arena, struct pm_arena *scratch,
                              struct pm_body *body, struct pm_outcome *outcome)
{
    struct pm_json_problem problem;
    if (!pm_dashboard_is_no_page(body, outcome)) {
        return NULL;
    }
    struct pm_run_page *page = pm_arena_zero(arena, sizeof *page);
    if (!page) {
        return pm_body_finish(arena, page, outcome);
    }
    if (!pm_page_lift(arena, body->ptr, &body->len, &page->history, &problem)) {
        pm_body_note_problem(&problem, outcome);
        return NULL;
    }
    yyjson_val *root = pm_dashboard_read(scratch, body, outcome);
    if (!root) {
        return NULL;
    }
    const char *fault = find_fault(pm_json_get(root, "run"));
    if (fault) {
        return pm_dashboard_note_form(root, fault, outcome);
    }
    read_page(arena, root, page);
    return pm_body_finish(arena, page, outcome);
}
