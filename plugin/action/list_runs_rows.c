/* list_runs_rows.c - the table of runs.
 *
 * The last columns are the chain's word on every run. The others are the dashboard's, or, for a run
 * that it does not list, what the same follows from in the run's account. */

#include "action/derive.h"
#include "action/list_runs.h"

#define RAMPS_MOST 100 /* more than a page has; a program's whole list may have more */

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

/* What a row says, from whichever source. */
struct facts {
    enum pm_source source;
    pm_str state, arch, name;
    struct pm_big params, done, planned, speed;
    bool is_about; /* planned */
    struct pm_number percent;
    struct pm_count idle_s;
    uint64_t older;
};

/* --- of the dashboard --- */

static struct facts read_tracked(const struct pm_listed *run, int64_t now_ms)
{
    const struct pm_run_info *info = run->info;
    return (struct facts){
        .source = PM_SOURCE_TRACKED,
        .state = info->state_word,
        .arch = info->arch,
        .name = info->name,
        .params = info->params,
        .done = pm_derive_done(info),
        .planned = info->tokens_planned,
        .speed = pm_derive_has_speed(info, now_ms) ? info->tokens_per_second : (struct pm_big){0},
        .percent = pm_derive_percent(info),
        .idle_s = pm_derive_idle_s(info, now_ms),
        .older = run->incarnation_count - 1,
    };
}

/* --- of the chain --- */

/* The account has no time of its last change. Each phase begins with a transaction, and so does an
 * epoch: the newer of the two is the last sign of life. A moment that is still to come is no sign at
 * all: the clocks differ, or the bytes are somebody's joke. */
static struct pm_count read_idle_s(const struct pm_coordinator_tail *tail, int64_t now_ms)
{
    uint64_t now_s = now_ms > 0 ? (uint64_t)now_ms / 1000 : 0, newest = 0;
    const uint64_t moments[] = {tail->state_started_at, tail->epoch_started_at};
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        newest = moments[i] <= now_s && moments[i] > newest ? moments[i] : newest;
    }
    return (struct pm_count){newest > 0, now_s - newest};
}

static bool has_ramp(const struct pm_coordinator_head *head)
{
    const struct pm_coordinator_config *config = &head->config;
    return config->batch_size_warmup_tokens > 0 &&
           config->batch_size_start != config->batch_size_end;
}

/* Planned tokens of a batch that grows take milliseconds to work out. */
static struct pm_coordinator_plan read_plan(const struct pm_coordinator_head *head,
                                            size_t *ramps_left)
{
    if (has_ramp(head)) {
        if (*ramps_left == 0) {
            return (struct pm_coordinator_plan){0};
        }
        --*ramps_left;
    }
    return pm_coordinator_plan(head);
}

static void read_head(struct facts *facts, const struct pm_coordinator_head *head,
                      size_t *ramps_left)
{
    struct pm_coordinator_plan plan = read_plan(head, ramps_left);
    bool has_plan = plan.tokens.is_known && !pm_big_is_zero(plan.tokens);
    bool has_model =
        head->parameters > 0 || head->model.max_seq_len > 0; /* zeros until it is set */
    facts->arch = has_model ? pm_chain_architecture_word(head->model.architecture) : PM_STR("");
    facts->name = head->name.text;
    facts->params = pm_big_from_u64(head->parameters);
    facts->is_about = plan.is_about;
    if (has_plan) { /* a run that nobody has set up yet has done nothing of nothing */
        facts->planned = plan.tokens;
        facts->done = pm_coordinator_tokens_at_epoch_start(head);
        facts->percent = pm_derive_percent(&(struct pm_run_info){
            .has_step = true, .tokens_done = facts->done, .tokens_planned = facts->planned});
    }
}

static struct facts read_chain(const struct pm_chain_row *run, int64_t now_ms, size_t *ramps_left)
{
    struct facts facts = {.source = PM_SOURCE_ON_CHAIN};
    if (run->head) {
        read_head(&facts, run->head, ramps_left);
    }
    if (run->head && run->tail) {
        facts.idle_s = read_idle_s(run->tail, now_ms);
    }
    return facts;
}

bool pm_list_is_about(const struct pm_list_row *row)
{
    const struct pm_coordinator_head *head = row->run ? NULL : row->chain->head;
    return head && has_ramp(head);
}

/* --- cells --- */

static void add_text_cell(struct pm_call *call, struct pm_table *table, const struct pm_buf *buf)
{
    pm_cell_own(table, pm_arena_cstr(call->arena, pm_buf_text(buf)));
}

static void add_short_cell(struct pm_call *call, struct pm_table *table, struct pm_big n)
{
    struct pm_buf buf;
    if (!n.is_known || pm_big_is_zero(n)) {
        pm_cell_null(table);
        return;
    }
    pm_buf_init(&buf, call->arena, 32);
    pm_big_add_short(&buf, n, 3, 1);
    add_text_cell(call, table, &buf);
}

static void add_tokens_cell(struct pm_call *call, struct pm_table *table, const struct facts *facts)
{
    struct pm_buf buf;
    if (!facts->done.is_known && !facts->planned.is_known) {
        pm_cell_null(table);
        return;
    }
    pm_buf_init(&buf, call->arena, 64);
    pm_big_add_short(&buf, facts->done, 3, 2);
    pm_buf_add_c(&buf, facts->is_about ? " of about " : " of ");
    pm_big_add_short(&buf, facts->planned, 3, 2);
    add_text_cell(call, table, &buf);
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

static void add_percent_cell(struct pm_call *call, struct pm_table *table, struct pm_number percent)
{
    if (!percent.is_known) {
        pm_cell_null(table);
    } else if (call->request->is_full) {
        pm_cell_float(table, percent.value);
    } else {
        pm_cell_fixed(table, percent.value, 2);
    }
}

static void add_size_cells(struct pm_call *call, struct pm_table *table, const struct facts *facts)
{
    bool has_params = facts->params.is_known && !pm_big_is_zero(facts->params);
    if (!call->request->is_full) {
        add_short_cell(call, table, facts->params);
        add_word_cell(call, table, PM_TEXT_OTHER, facts->arch);
        add_tokens_cell(call, table, facts);
    } else {
        pm_cell_big(table, has_params ? facts->params : (struct pm_big){0});
        add_word_cell(call, table, PM_TEXT_OTHER, facts->arch);
        pm_cell_big(table, facts->done);
        pm_cell_big(table, facts->planned);
    }
    add_percent_cell(call, table, facts->percent);
}

/* While it waits a run has no epoch, and those who joined for the next one are its clients. */
static void add_chain_cells(struct pm_call *call, struct pm_table *table,
                            const struct pm_chain_row *run)
{
    if (!run || !run->head) {
        pm_cell_null(table);
        pm_cell_null(table);
        return;
    }
    add_word_cell(call, table, PM_TEXT_OTHER, pm_chain_state_word(run->head->state));
    if (!run->tail) {
        pm_cell_null(table);
    } else if (run->head->state == PM_CHAIN_STATE_WAITING_FOR_MEMBERS) {
        pm_cell_count(table, pm_coordinator_sum(run->tail).next_epoch_clients);
    } else {
        pm_cell_count(table, run->tail->client_count);
    }
}

static void add_row(struct pm_call *call, struct pm_table *table, const struct pm_list_row *row,
                    size_t *ramps_left)
{
    struct facts facts = row->run ? read_tracked(row->run, call->now_ms)
                                  : read_chain(row->chain, call->now_ms, ramps_left);
    pm_cell_text(table, pm_clean(call->arena, PM_TEXT_ID, pm_list_id(row)));
    pm_cell_own(table, pm_source_label(facts.source));
    add_word_cell(call, table, PM_TEXT_OTHER, facts.state);
    add_size_cells(call, table, &facts);
    pm_cell_big(table, facts.speed);
    if (facts.idle_s.is_known) {
        pm_cell_count(table, facts.idle_s.value);
    } else {
        pm_cell_null(table);
    }
    pm_cell_count(table, facts.older);
    add_chain_cells(call, table, row->chain);
    if (call->request->is_full) {
        add_word_cell(call, table, PM_TEXT_NAME, facts.name);
    }
    pm_row_end(table, pm_list_token(call->arena, row));
}

/* --- the table --- */

#define ORIGINS_MOST (2 + 2 * PM_CHAIN_LOOK_CHUNKS)

struct origins {
    const struct pm_batch *batch;
    const struct pm_origin *list[ORIGINS_MOST];
    size_t count;
};

static void add_origin(struct origins *origins, const struct pm_ask *ask)
{
    if (ask && ask->facts) {
        origins->list[origins->count++] = pm_origin_of(origins->batch, ask);
    }
}

/* What cells are told by: the accounts that were looked at. That a run is there at all was told by
 * the search, which can be minutes old: it counts here only when nothing else was told. */
static void add_chain_origins(struct origins *origins, const struct pm_chain_list *chain)
{
    size_t before = origins->count;
    for (size_t i = 0; i < chain->look_chunks; i++) {
        add_origin(origins, chain->looks[i]->taken);
        add_origin(origins, chain->looks[i]->tail_taken);
    }
    if (origins->count == before && chain->count) {
        add_origin(origins, chain->ask);
    }
}

void pm_list_write_table(const struct pm_list *list, struct pm_answer *answer)
{
    struct pm_call *call = list->call;
    struct origins origins = {.batch = &call->batch};
    size_t ramps_left = RAMPS_MOST;
    const struct pm_table_spec spec = {
        .columns = call->request->is_full ? FULL_COLUMNS : BRIEF_COLUMNS,
        .is_paged = true,
    };
    add_origin(&origins, list->runs ? list->ask : NULL);
    add_chain_origins(&origins, &list->chain);
    if (origins.count == 0) {
        add_origin(&origins, list->chain.ask); /* an empty list of the chain's alone */
    }
    struct pm_table *table = pm_table_open(answer, "runs", &spec, origins.list, origins.count);
    for (size_t i = list->first; i < pm_list_end(list); i++) {
        add_row(call, table, &list->ordered.rows[i], &ramps_left);
    }
    pm_table_total(table, list->ordered.count);
    pm_table_earlier(table, list->first);
}
