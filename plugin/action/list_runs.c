/* list_runs.c - which runs there are.
 *
 * One table, one row an id, in an order that does not move by the minute: by class (active first),
 * then by id. A page token is the key of the row it begins after, so that following the pages shows
 * every row once, whatever numbers change in between. */

#include "action/list_runs.h"

#include "action/action.h"
#include "action/derive.h"
#include "action/frame.h"

#define TOKEN_ID_AT 3 /* "r0." */

static const char *const BRIEF_COLUMNS[] = {
    "run_id",
    "source",
    "state",
    "size",
    "arch",
    "tokens",
    "percent",
    "tok_s",
    "idle_s",
    "older",
    "phase [on-chain]",
    "clients [on-chain]",
    NULL,
};

static const char *const FULL_COLUMNS[] = {
    "run_id",
    "source",
    "state",
    "params",
    "arch",
    "tokens_done",
    "tokens_planned",
    "percent",
    "tok_s",
    "idle_s",
    "older",
    "phase [on-chain]",
    "clients [on-chain]",
    "name",
    NULL,
};

struct place { /* where a page begins: after this key */
    bool is_given;
    unsigned rank; /* its class */
    pm_str id;
};

/* The listing is in the order of ids, so one pass a class sorts it. */
struct pm_ordered pm_list_order(struct pm_arena *arena, const struct pm_listing *listing)
{
    struct pm_ordered ordered = {0};
    ordered.rows = pm_arena_array(arena, listing->count + 1, sizeof *ordered.rows);
    for (unsigned rank = 0; ordered.rows && rank < PM_CLASS_COUNT; rank++) {
        for (size_t i = 0; i < listing->count; i++) {
            if (pm_run_class_of(listing->rows[i].info) == rank) {
                ordered.rows[ordered.count++] = &listing->rows[i];
                ordered.in_class[rank]++;
                ordered.in_other_state += listing->rows[i].info->state == PM_RUN_OTHER;
            }
        }
    }
    return ordered;
}

/* --- pages --- */

/* A token of the list, or a part of the answer alone. */
static bool read_page(struct pm_call *call, struct pm_answer *answer, struct place *place)
{
    static const char *const parts[] = {"runs", "totals", NULL};
    pm_str page = call->request->page;
    bool is_token = page.len > TOKEN_ID_AT && page.ptr[0] == 'r' && page.ptr[1] >= '0' &&
                    page.ptr[1] < '0' + PM_CLASS_COUNT && page.ptr[2] == '.';
    if (!is_token) {
        return pm_frame_read_part(call, answer, parts);
    }
    *place = (struct place){
        .is_given = true,
        .rank = (unsigned)(page.ptr[1] - '0'),
        .id = pm_unclean(call->arena, pm_str_tail(page, TOKEN_ID_AT)),
    };
    return true;
}

static int compare_to_place(const struct pm_listed *run, const struct place *place)
{
    unsigned rank = pm_run_class_of(run->info);
    return rank == place->rank ? pm_str_compare(run->info->id, place->id)
                               : (rank > place->rank) - (rank < place->rank);
}

static size_t find_first(const struct pm_ordered *ordered, const struct place *place, bool *has_key)
{
    size_t first = 0;
    *has_key = !place->is_given;
    while (place->is_given && first < ordered->count) {
        int order = compare_to_place(ordered->rows[first], place);
        if (order > 0) {
            break;
        }
        *has_key = *has_key || order == 0;
        first++;
    }
    return first;
}

static const struct pm_clean *make_token(struct pm_arena *arena, const struct pm_run_info *info)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, info->id.len + TOKEN_ID_AT);
    pm_buf_addf(&buf, "r%u.", (unsigned)pm_run_class_of(info));
    pm_buf_add(&buf, info->id);
    return pm_clean(arena, PM_TEXT_ID, pm_buf_text(&buf));
}

/* --- rows --- */

static void add_short_cell(struct pm_call *call, struct pm_table *table, struct pm_big n)
{
    struct pm_buf buf;
    if (!n.is_known || pm_big_is_zero(n)) {
        pm_cell_null(table);
        return;
    }
    pm_buf_init(&buf, call->arena, 32);
    pm_big_add_short(&buf, n, 3, 1);
    pm_cell_own(table, pm_arena_cstr(call->arena, pm_buf_text(&buf)));
}

static void add_tokens_cell(struct pm_call *call, struct pm_table *table,
                            const struct pm_run_info *info)
{
    struct pm_buf buf;
    if (!pm_derive_done(info).is_known && !info->tokens_planned.is_known) {
        pm_cell_null(table);
        return;
    }
    pm_buf_init(&buf, call->arena, 64);
    pm_action_say_tokens(&buf, info);
    pm_cell_own(table, pm_arena_cstr(call->arena, pm_buf_text(&buf)));
}

static void add_word_cell(struct pm_call *call, struct pm_table *table, enum pm_text_use use,
                          pm_str word)
{
    if (word.len) {
        pm_cell_text(table, pm_clean(call->arena, use, word));
    } else {
        pm_cell_null(table);
    }
}

static void add_size_cells(struct pm_call *call, struct pm_table *table,
                           const struct pm_run_info *info)
{
    struct pm_number percent = pm_derive_percent(info);
    bool has_params = info->params.is_known && !pm_big_is_zero(info->params);
    if (!call->request->is_full) {
        add_short_cell(call, table, info->params);
        add_word_cell(call, table, PM_TEXT_OTHER, info->arch);
        add_tokens_cell(call, table, info);
    } else {
        pm_cell_big(table, has_params ? info->params : (struct pm_big){0});
        add_word_cell(call, table, PM_TEXT_OTHER, info->arch);
        pm_cell_big(table, pm_derive_done(info));
        pm_cell_big(table, info->tokens_planned);
    }
    if (!percent.is_known) {
        pm_cell_null(table);
    } else if (call->request->is_full) {
        pm_cell_float(table, percent.value);
    } else {
        pm_cell_fixed(table, percent.value, 2);
    }
}

static void add_row(struct pm_call *call, struct pm_table *table, const struct pm_listed *run)
{
    const struct pm_run_info *info = run->info;
    struct pm_count idle = pm_derive_idle_s(info, call->now_ms);
    bool has_speed = pm_derive_has_speed(info, call->now_ms);
    pm_cell_text(table, pm_clean(call->arena, PM_TEXT_ID, info->id));
    pm_cell_own(table, pm_source_label(PM_SOURCE_TRACKED));
    add_word_cell(call, table, PM_TEXT_OTHER, info->state_word);
    add_size_cells(call, table, info);
    pm_cell_big(table, has_speed ? info->tokens_per_second : (struct pm_big){0});
    if (idle.is_known) {
        pm_cell_count(table, idle.value);
    } else {
        pm_cell_null(table);
    }
    pm_cell_count(table, run->incarnation_count - 1);
    pm_cell_null(table); /* the dashboard's list has neither phase nor clients */
    pm_cell_null(table);
    if (call->request->is_full) {
        add_word_cell(call, table, PM_TEXT_NAME, info->name);
    }
    pm_row_end(table, make_token(call->arena, info));
}

/* --- the answer --- */

static void write_table(struct pm_call *call, struct pm_answer *answer,
                        const struct pm_ordered *ordered, size_t first,
                        const struct pm_origin *origin)
{
    const struct pm_table_spec spec = {
        .columns = call->request->is_full ? FULL_COLUMNS : BRIEF_COLUMNS,
        .is_paged = true,
    };
    struct pm_table *table = pm_table_open(answer, "runs", &spec, &origin, 1);
    for (size_t i = first; i < ordered->count && i - first < call->request->limit; i++) {
        add_row(call, table, ordered->rows[i]);
    }
    pm_table_total(table, ordered->count);
    pm_table_earlier(table, first);
}

static void write_totals(struct pm_answer *answer, const struct pm_runs *runs, size_t count,
                         const struct pm_origin *origin)
{
    struct pm_group *totals = pm_group_open(answer, "totals", origin);
    pm_put_count(totals, "runs", count);
    pm_put_big(totals, "tokens_done", runs->tokens_done);
    pm_put_big(totals, "tok_s_active", runs->tokens_per_second_active);
}

static void suggest_next(struct pm_call *call, struct pm_answer *answer,
                         const struct pm_ordered *ordered, const struct pm_run_info *largest)
{
    struct pm_arguments arguments = {0};
    const struct pm_run_info *info = largest          ? largest
                                     : ordered->count ? ordered->rows[0]->info
                                                      : NULL;
    if (info) {
        pm_arguments_own(&arguments, call->arena, "action", "run_details");
        pm_arguments_text(&arguments, "run_id", pm_clean(call->arena, PM_TEXT_ID, info->id));
        pm_answer_next(answer, "psyche_monitor", &arguments,
                       largest ? "the largest active run in detail"
                               : "the first run of the list in detail");
    }
}

static void write_answer(struct pm_call *call, struct pm_answer *answer, const struct pm_ask *ask,
                         const struct pm_runs *runs, const struct place *place)
{
    const struct pm_origin *origin = pm_origin_of(&call->batch, ask);
    struct pm_listing listing = pm_listing_make(call->arena, runs);
    struct pm_ordered ordered = pm_list_order(call->arena, &listing);
    const struct pm_run_info *largest = pm_list_largest(&ordered, call->now_ms);
    bool has_key = true;
    size_t first = find_first(&ordered, place, &has_key);
    pm_answer_found(answer, PM_FOUND_TRUE);
    pm_list_write_summary(call, answer, &ordered, ask);
    write_table(call, answer, &ordered, first, origin);
    write_totals(answer, runs, ordered.count, origin);
    pm_list_write_notes(call, answer, runs, &listing, has_key);
    suggest_next(call, answer, &ordered, largest);
    pm_answer_sources(answer, &call->batch);
}

bool pm_action_list_runs(struct pm_call *call, struct pm_answer *answer)
{
    struct place place = {0};
    if (!read_page(call, answer, &place)) {
        return false;
    }
    struct pm_ask *ask = pm_dashboard_ask_runs(&call->batch, true);
    while (pm_batch_wait(&call->batch)) {
    }
    const struct pm_runs *runs = pm_dashboard_runs(ask);
    if (!runs || pm_batch_cancelled(&call->batch)) {
        return pm_action_no_source(call, ask, "a list of runs");
    }
    write_answer(call, answer, ask, runs, &place);
    return true;
}
