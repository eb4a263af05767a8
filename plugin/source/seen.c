/* seen.c - what a call saw of runs, for the store.
 *
 * The dashboard's list has neither phase, step nor clients: those stay unknown in its rows. */

#include "source/seen.h"

#include "base/buf.h"
#include "net/net.h"
#include "source/dashboard.h"

#define TOKENS_ROOM 64 /* digits of the largest number */

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

static void note_runs(struct pm_batch *batch, const struct pm_ask *ask)
{
    const struct pm_runs *runs = pm_dashboard_runs(ask);
    struct pm_arena arena; /* not the call's: its answer is written already */
    pm_arena_init(&arena, batch->arena->ceiling_bytes);
    struct pm_seen *rows = pm_arena_array(&arena, runs->count, sizeof *rows);
    for (size_t i = 0; rows && i < runs->count; i++) {
        const struct pm_run_info *run = &runs->rows[i];
        rows[i] = (struct pm_seen){
            .id = run->id,
            .index = run->index,
            .at_ms = pm_entry_received_ms(ask->from),
            .state = run->state_word,
            .tokens = run->has_step ? tokens_text(&arena, run->tokens_done) : PM_STR(""),
            .step = -1,
            .clients = -1,
        };
    }
    if (!arena.failed) {
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
