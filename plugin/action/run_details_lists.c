/* run_details_lists.c - the long lists of a run, which only a full answer has. */

#include "action/run_details.h"

/* Whom or what it was, is not known when nothing is said. */
static void write_text_cell(struct pm_call *call, struct pm_table *table, enum pm_text_use use,
                            pm_str text)
{
    pm_cell_text(table, text.len ? pm_clean(call->arena, use, text) : NULL);
}

static void write_client_list(struct pm_call *call, struct pm_group *group,
                              const struct pm_run_live *live)
{
    static const char *const columns[] = {"key", "witness", NULL};
    static const struct pm_table_spec spec = {.columns = columns, .rank = 1};
    static const char *const words[] = {
        [PM_WITNESS_NONE] = "no",
        [PM_WITNESS_WAITING] = "waiting",
        [PM_WITNESS_DONE] = "done",
    };
    if (!live->has_clients || live->client_count == 0) {
        return;
    }
    struct pm_table *table = pm_table_sub(group, "client_list", &spec);
    for (size_t i = 0; i < live->client_count; i++) {
        write_text_cell(call, table, PM_TEXT_PLACE, live->clients[i].key);
        pm_cell_own(table, words[live->clients[i].witness]);
        pm_row_end(table, NULL);
    }
}

static void write_time_cell(struct pm_table *table, struct pm_moment at)
{
    if (at.has_time) {
        pm_cell_date(table, at.time_ms);
    } else {
        pm_cell_null(table);
    }
}

static void write_slot_cell(struct pm_table *table, struct pm_moment at)
{
    if (at.has_slot) {
        pm_cell_count(table, at.slot);
    } else {
        pm_cell_null(table);
    }
}

static void write_pause_list(struct pm_group *group, const struct pm_run_info *info)
{
    static const char *const columns[] = {"what", "at", "slot", NULL};
    static const struct pm_table_spec spec = {.columns = columns, .rank = 2};
    if (info->pause_count == 0) {
        return;
    }
    struct pm_table *table = pm_table_sub(group, "pause_list", &spec);
    for (size_t i = info->pause_count; i > 0; i--) {
        const struct pm_pause *pause = &info->pauses[i - 1];
        pm_cell_own(table, pause->is_pause ? "paused" : "unpaused");
        write_time_cell(table, pause->at);
        write_slot_cell(table, pause->at);
        pm_row_end(table, NULL);
    }
}

static void write_recent_txs(struct pm_call *call, struct pm_group *group,
                             const struct pm_run_page *page)
{
    static const char *const columns[] = {"method", "payer", "at", "slot", "hash", NULL};
    static const struct pm_table_spec spec = {.columns = columns, .rank = 0};
    if (page->tx_count == 0) {
        return;
    }
    struct pm_table *table = pm_table_sub(group, "recent_txs", &spec);
    for (size_t i = page->tx_count; i > 0; i--) {
        const struct pm_tx *tx = &page->txs[i - 1];
        write_text_cell(call, table, PM_TEXT_OTHER, tx->method);
        write_text_cell(call, table, PM_TEXT_PLACE, tx->payer);
        write_time_cell(table, tx->at);
        write_slot_cell(table, tx->at);
        write_text_cell(call, table, PM_TEXT_PLACE, tx->hash);
        pm_row_end(table, NULL);
    }
}

/* The newest first. A run that has ended has no clients any more. */
void pm_details_write_lists(struct pm_call *call, struct pm_group *group,
                            const struct pm_view *view)
{
    if (view->page && view->info->state != PM_RUN_COMPLETED) {
        write_client_list(call, group, &view->page->live);
    }
    write_pause_list(group, view->info);
    if (view->page) {
        write_recent_txs(call, group, view->page);
    }
}
