/* seen.c - what a call saw of runs, for the store.
 *
 * A row is made of the dashboard's list, which has neither phase, step nor clients. Those are put to
 * it when the call also read the run's own page, or its account; what nobody told stays unknown. */

#include "source/seen.h"

#include "base/buf.h"
#include "net/net.h"
#include "source/dashboard.h"

#include <stdlib.h>

#define TOKENS_ROOM 64 /* digits of the largest number */

/* What an account told of one run. */
struct pm_told {
    pm_str id;
    enum pm_chain_state state;
    uint32_t step;
    int64_t clients;
    size_t number; /* of those told before */
    struct pm_told *before;
};

void pm_seen_on_chain(struct pm_batch *batch, pm_str id, const struct pm_coordinator_head *head,
                      int64_t clients)
{
    struct pm_told *told = pm_arena_alloc(batch->arena, sizeof *told);
    if (told) {
        *told = (struct pm_told){
            .id = id,
            .state = head->state,
            .step = head->step,
            .clients = clients,
            .number = batch->told ? batch->told->number + 1 : 0,
            .before = batch->told,
        };
        batch->told = told;
    }
}

/* --- what else is known of a run on the list --- */

/* By id, and of one id the last word first. */
static int compare_told(const void *left, const void *right)
{
    const struct pm_told *a = *(const struct pm_told *const *)left;
    const struct pm_told *b = *(const struct pm_told *const *)right;
    int order = pm_str_compare(a->id, b->id);
    return order == 0 ? (a->number < b->number) - (a->number > b->number) : order;
}

struct told_list {
    const struct pm_told **rows;
    size_t count;
};

static struct told_list sort_told(struct pm_arena *arena, const struct pm_told *last)
{
    size_t most = last ? last->number + 1 : 0;
    struct told_list list = {pm_arena_array(arena, most + 1, sizeof *list.rows), 0};
    for (; list.rows && last; last = last->before) {
        list.rows[list.count++] = last;
    }
    if (list.count) {
        qsort(list.rows, list.count, sizeof *list.rows, compare_told);
    }
    return list;
}

static const struct pm_told *find_told(const struct told_list *list, pm_str id)
{
    size_t from = 0, to = list->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        bool is_before = pm_str_compare(list->rows[middle]->id, id) < 0;
        from = is_before ? middle + 1 : from;
        to = is_before ? to : middle;
    }
    return from < list->count && pm_str_equal(list->rows[from]->id, id) ? list->rows[from] : NULL;
}

/* The account is that of the newest incarnation: of a run that had several it is not sure that this
 * row is the one, nor of one that is over. */
static bool is_of_row(const struct pm_told *told, const struct pm_run_info *run)
{
    bool is_over = run->state == PM_RUN_COMPLETED;
    return run->is_only_known && run->is_only &&
           is_over == (told->state == PM_CHAIN_STATE_FINISHED);
}

static void add_told(const struct told_list *list, const struct pm_run_info *run,
                     struct pm_seen *row)
{
    const struct pm_told *told = find_told(list, run->id);
    if (told && is_of_row(told, run)) {
        row->phase = pm_chain_state_word(told->state);
        row->step = told->step;
        row->clients = told->clients == PM_SEEN_NO_CLIENTS ? row->clients : told->clients;
    }
}

static void add_page(const struct pm_run_page *page, struct pm_seen *rows, size_t count)
{
    for (size_t i = 0; page->live.is_there && i < count; i++) {
        if (rows[i].index == page->info.index && pm_str_equal(rows[i].id, page->info.id)) {
            rows[i].phase = page->live.phase;
            rows[i].clients = page->live.has_clients ? (int64_t)page->live.client_count : -1;
        }
    }
}

static void add_pages(const struct pm_batch *batch, struct pm_seen *rows, size_t count)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct pm_ask *ask = batch->asks[i];
        bool is_page = pm_dashboard_is_run(ask) && !ask->is_stale;
        const struct pm_run_page *page = is_page ? pm_dashboard_run(ask) : NULL;
        if (page && page->is_there) {
            add_page(page, rows, count);
        }
    }
}

/* --- rows --- */

static pm_str tokens_text(struct pm_arena *arena, struct pm_big tokens)
{
    struct pm_buf buf;
    if (!tokens.is_known) {
        return PM_STR("");
    }
    pm_buf_init(&buf, arena, TOKENS_ROOM);
    pm_big_add_text(&buf, tokens);
    return pm_buf_text(&buf);
}

static struct pm_seen *list_runs(struct pm_arena *arena, const struct pm_ask *ask)
{
    const struct pm_runs *runs = pm_dashboard_runs(ask);
    struct pm_seen *rows = pm_arena_array(arena, runs->count, sizeof *rows);
    for (size_t i = 0; rows && i < runs->count; i++) {
        const struct pm_run_info *run = &runs->rows[i];
        rows[i] = (struct pm_seen){
            .id = run->id,
            .index = run->index,
            .at_ms = pm_entry_received_ms(ask->from),
            .state = run->state_word,
            .tokens = run->has_step ? tokens_text(arena, run->tokens_done) : PM_STR(""),
            .step = -1,
            .clients = -1,
        };
    }
    return rows;
}

static void note_runs(struct pm_batch *batch, const struct pm_ask *ask)
{
    const struct pm_runs *runs = pm_dashboard_runs(ask);
    struct pm_arena arena; /* not the call's: its answer is written already */
    pm_arena_init(&arena, batch->arena->ceiling_bytes);
    struct pm_seen *rows = list_runs(&arena, ask);
    struct told_list told = sort_told(&arena, batch->told);
    if (rows && !arena.failed) {
        add_pages(batch, rows, runs->count);
        for (size_t i = 0; i < runs->count; i++) {
            add_told(&told, &runs->rows[i], &rows[i]);
        }
        pm_net_see(batch->net, rows, runs->count);
    }
    pm_arena_finish(&arena);
}

void pm_seen_note(struct pm_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct pm_ask *ask = batch->asks[i];
        if (pm_dashboard_is_list(ask) && ask->facts && !ask->is_stale &&
            pm_net_is_news(ask->from)) {
            note_runs(batch, ask);
        }
    }
}
