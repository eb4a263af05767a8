/* contribute_open.c - where one could take part now: runs and the pool.
 *
 * A waiting run takes clients now, an active one for its next epoch. How many are there and how many
 * are needed stands on a run's own page, so the pages of a few are asked for. */

#include "action/contribute.h"

#include "action/clauses.h"
#include "action/declared.h"
#include "action/derive.h"
#include "action/pool.h"

#define SAID_MOST 3
#define AMOUNT_MOST 128
#define ORIGINS_MOST (1 + 2 * PM_OPEN_PAGES_MOST + 2) /* the list, pages, the chain's two */

/* --- asking --- */

static bool is_silent(const struct pm_run_info *info, int64_t now_ms)
{
    struct pm_count idle = pm_derive_idle_s(info, now_ms);
    return idle.is_known && idle.value > PM_SILENT_AFTER_S;
}

static void drop_silent(const struct pm_call *call, struct pm_open *open)
{
    size_t kept = 0;
    for (size_t i = 0; i < open->active_count; i++) {
        if (is_silent(open->active[i]->info, call->now_ms)) {
            open->silent++;
        } else {
            open->active[kept++] = open->active[i];
        }
    }
    open->active_count = kept;
}

static void ask_pages(struct pm_call *call, const struct pm_listed *const *runs, size_t count,
                      struct pm_ask *pages[PM_OPEN_PAGES_MOST])
{
    for (size_t i = 0; i < count && i < PM_OPEN_PAGES_MOST; i++) {
        const struct pm_run_info *info = runs[i]->info;
        pages[i] = pm_dashboard_ask_run(&call->batch, info->id, info->index, false);
    }
}

static void read_list(struct pm_call *call, struct pm_open *open)
{
    const struct pm_runs *list = pm_dashboard_runs(open->runs);
    if (!list || open->is_list_read) {
        return;
    }
    open->is_list_read = true;
    open->listing = pm_listing_make(call->arena, list);
    open->waiting =
        pm_listing_largest(call->arena, &open->listing, PM_CLASS_WAITING, &open->waiting_count);
    open->active =
        pm_listing_largest(call->arena, &open->listing, PM_CLASS_ACTIVE, &open->active_count);
    drop_silent(call, open);
}

void pm_open_ask(struct pm_call *call, struct pm_open *open)
{
    pm_open_joining_init(call, open);
    open->runs = pm_dashboard_ask_runs(&call->batch, false);
    open->pool = pm_dashboard_ask_pool(&call->batch, false);
    pm_batch_begin_patience(&call->batch);
    while (pm_batch_wait(&call->batch)) {
        bool was_read = open->is_list_read;
        read_list(call, open);
        if (open->is_list_read && !was_read) {
            ask_pages(call, open->waiting, open->waiting_count, open->waiting_pages);
            ask_pages(call, open->active, open->active_count, open->active_pages);
            pm_open_joining_ask(open);
        }
        pm_open_joining_go_on(open);
    }
    read_list(call, open); /* an older one, when the time is over */
    pm_open_joining_settle(open);
}

/* --- the runs --- */

static const struct pm_run_live *live_of(const struct pm_ask *ask)
{
    const struct pm_run_page *page = pm_dashboard_run(ask);
    return page && page->is_there && page->live.is_there ? &page->live : NULL;
}

static void add_count_cell(struct pm_table *table, bool is_known, uint64_t value)
{
    if (is_known) {
        pm_cell_count(table, value);
    } else {
        pm_cell_null(table);
    }
}

static void add_size_cell(struct pm_call *call, struct pm_table *table, struct pm_big params)
{
    struct pm_buf buf;
    if (!params.is_known || pm_big_is_zero(params)) {
        pm_cell_null(table);
        return;
    }
    pm_buf_init(&buf, call->arena, AMOUNT_MOST);
    pm_big_add_short(&buf, params, 3, 1);
    pm_cell_own(table, pm_arena_cstr(call->arena, pm_buf_text(&buf)));
}

static void write_row(struct pm_call *call, struct pm_table *table, const struct pm_open *open,
                      const struct pm_run_info *info, const char *when, const struct pm_ask *page)
{
    const char *open_to = pm_open_joining_word(open, info->id);
    const struct pm_run_live *live = live_of(page);
    struct pm_count idle = pm_derive_idle_s(info, call->now_ms);
    pm_cell_text(table, pm_clean(call->arena, PM_TEXT_ID, info->id));
    pm_cell_own(table, when);
    add_size_cell(call, table, info->params);
    pm_cell_big(table, pm_declared_bf16_bytes(info->params));
    add_count_cell(table, live && live->has_clients, live ? live->client_count : 0);
    add_count_cell(table, live && live->config.min_clients.is_known,
                   live ? live->config.min_clients.value : 0);
    add_count_cell(table, idle.is_known, idle.value);
    if (open_to) {
        pm_cell_own(table, open_to);
    } else {
        pm_cell_null(table);
    }
    pm_row_end(table, NULL);
}

static size_t gather_origins(struct pm_call *call, const struct pm_open *open,
                             const struct pm_origin *origins[ORIGINS_MOST])
{
    const struct pm_ask *chain[2];
    size_t count = 0, chain_count = pm_open_joining_asks(open, chain);
    origins[count++] = pm_origin_of(&call->batch, open->runs);
    for (size_t i = 0; i < PM_OPEN_PAGES_MOST; i++) {
        if (live_of(open->waiting_pages[i])) {
            origins[count++] = pm_origin_of(&call->batch, open->waiting_pages[i]);
        }
        if (live_of(open->active_pages[i])) {
            origins[count++] = pm_origin_of(&call->batch, open->active_pages[i]);
        }
    }
    for (size_t i = 0; i < chain_count; i++) {
        origins[count++] = pm_origin_of(&call->batch, chain[i]);
    }
    return count;
}

static void write_runs(struct pm_call *call, struct pm_answer *answer, const struct pm_open *open)
{
    static const char *const columns[] = {"run_id",  "join",        "size",   "bf16_bytes",
                                          "clients", "min_clients", "idle_s", "open_to [on-chain]",
                                          NULL};
    static const struct pm_table_spec spec = {.columns = columns};
    const struct pm_origin *origins[ORIGINS_MOST];
    size_t most = (size_t)call->request->limit, written = 0;
    struct pm_table *table =
        pm_table_open(answer, "open_now", &spec, origins, gather_origins(call, open, origins));
    for (size_t i = 0; i < open->waiting_count && written < most; i++, written++) {
        write_row(call, table, open, open->waiting[i]->info, "now",
                  i < PM_OPEN_PAGES_MOST ? open->waiting_pages[i] : NULL);
    }
    for (size_t i = 0; i < open->active_count && written < most; i++, written++) {
        write_row(call, table, open, open->active[i]->info, "next epoch",
                  i < PM_OPEN_PAGES_MOST ? open->active_pages[i] : NULL);
    }
    pm_table_total(table, open->waiting_count + open->active_count);
}

/* --- the pool --- */

static const char *tokens_text(struct pm_call *call, const struct pm_pool *pool,
                               struct pm_big amount)
{
    struct pm_buf buf;
    pm_buf_init(&buf, call->arena, AMOUNT_MOST);
    pm_pool_add_tokens(&buf, pool, amount);
    return buf.len ? pm_arena_cstr(call->arena, pm_buf_text(&buf)) : NULL;
}

static void write_pool(struct pm_call *call, struct pm_answer *answer, const struct pm_open *open)
{
    const struct pm_pool *pool = pm_dashboard_pool(open->pool);
    if (!pool || pm_pool_state(pool) == PM_POOL_UNKNOWN) {
        return;
    }
    struct pm_group *group =
        pm_group_open(answer, "tracked", pm_origin_of(&call->batch, open->pool));
    struct pm_group *sub = pm_group_sub(group, "pool");
    const char *room = tokens_text(call, pool, pm_pool_room(pool));
    pm_put_own(sub, "state", pm_pool_state_word(pm_pool_state(pool)));
    pm_put_big(sub, "room_base_units", pm_pool_room(pool));
    if (room) {
        pm_put_own(sub, "room_tokens", room);
    }
    if (pm_pool_token_name(pool)) {
        pm_put_own(sub, "token", pm_pool_token_name(pool));
    }
}

void pm_open_write(struct pm_call *call, struct pm_answer *answer, const struct pm_open *open)
{
    if (open->is_list_read) {
        write_runs(call, answer, open);
    }
    write_pool(call, answer, open);
}

/* --- what is said --- */

static void say_names(struct pm_call *call, struct pm_say *say, const struct pm_listed *const *runs,
                      size_t count)
{
    struct pm_clauses clauses = {.say = say, .lead = " ("};
    for (size_t i = 0; i < count && i < SAID_MOST; i++) {
        pm_clauses_begin(&clauses);
        pm_say_text(say, pm_clean(call->arena, PM_TEXT_ID, runs[i]->info->id));
    }
    pm_say_own(say, count > SAID_MOST ? ", …)" : count ? ")" : "");
}

static void say_runs(struct pm_call *call, struct pm_say *say, const struct pm_open *open)
{
    if (!open->is_list_read) {
        pm_say_own(say, " Which runs are open now is not known: ");
        pm_action_say_trouble(say, open->runs);
        pm_say_own(say, ".");
        return;
    }
    if (open->waiting_count + open->active_count == 0) {
        pm_say_own(say, " No listed run waits for members now, and none that is heard of is active "
                        "[tracked].");
        return;
    }
    pm_say_own(say, " Now ");
    pm_say_counted(say, open->waiting_count, "run waits for members", "runs wait for members");
    say_names(call, say, open->waiting, open->waiting_count);
    pm_say_own(say, ", and ");
    pm_say_counted(say, open->active_count, "active one takes new clients at its next epoch",
                   "active ones take new clients at their next epoch");
    say_names(call, say, open->active, open->active_count);
    pm_say_own(say, " [tracked].");
}

static void say_pool(struct pm_call *call, struct pm_say *say, const struct pm_open *open)
{
    const struct pm_pool *pool = pm_dashboard_pool(open->pool);
    enum pm_pool_state state = pool ? pm_pool_state(pool) : PM_POOL_UNKNOWN;
    const char *room = pool ? tokens_text(call, pool, pm_pool_room(pool)) : NULL;
    if (state == PM_POOL_UNKNOWN) {
        pm_say_own(say, " Whether the pool has room is not known.");
    } else if (state != PM_POOL_OPEN) {
        pm_say_own(say, " The pool is full [tracked].");
    } else {
        const char *name = pm_pool_token_name(pool);
        pm_say_own(say, " The pool has room");
        pm_say_own(say, room ? " for " : "");
        pm_say_own(say, room ? room : "");
        pm_say_own(say, room && name ? " " : "");
        pm_say_own(say, room && name ? name : room ? " tokens" : "");
        pm_say_own(say, " [tracked].");
    }
}

void pm_open_say(struct pm_call *call, struct pm_say *say, const struct pm_open *open)
{
    say_runs(call, say, open);
    pm_open_joining_say(call, say, open);
    say_pool(call, say, open);
}

void pm_open_note(struct pm_call *call, struct pm_answer *answer, const struct pm_open *open)
{
    size_t count = open->waiting_count + open->active_count;
    struct pm_say say;
    if (count) {
        pm_answer_note_own(answer, "open_now: bf16_bytes is 2 bytes a parameter, computed");
        pm_open_joining_note(call, answer, open);
    }
    if (open->silent) {
        pm_say_init(&say, call->arena);
        pm_say_counted(&say, open->silent, "run that is called active is",
                       "runs that are called active are");
        pm_say_own(&say, " left out: not heard of for over an hour");
        pm_answer_note(answer, &say);
    }
    if (open->waiting_count > PM_OPEN_PAGES_MOST || open->active_count > PM_OPEN_PAGES_MOST) {
        pm_answer_note_own(answer,
                           "clients and open_to are asked for the largest 4 of each kind of "
                           "run; run_details has them for any");
    }
}
