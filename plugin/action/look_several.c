/* look_several.c - the answer when more than one run fits the words, and what it shares with the
 * answer when none does. */

#include "action/look_chain.h"

/* --- candidates --- */

static const char *const CANDIDATE_COLUMNS[] = {"run_id", "state", "size", "source", NULL};
static const struct pm_table_spec CANDIDATES = {.columns = CANDIDATE_COLUMNS};

static void write_candidate(struct pm_call *call, struct pm_table *table, pm_str id, pm_str state,
                            struct pm_big params, enum pm_source source)
{
    struct pm_buf buf;
    pm_cell_text(table, pm_clean(call->arena, PM_TEXT_ID, id));
    if (state.len) {
        pm_cell_text(table, pm_clean(call->arena, PM_TEXT_OTHER, state));
    } else {
        pm_cell_null(table);
    }
    if (params.is_known && !pm_big_is_zero(params)) {
        pm_buf_init(&buf, call->arena, 32);
        pm_big_add_short(&buf, params, 3, 1);
        pm_cell_own(table, pm_arena_cstr(call->arena, pm_buf_text(&buf)));
    } else {
        pm_cell_null(table);
    }
    pm_cell_own(table, pm_source_label(source));
    pm_row_end(table, NULL);
}

void pm_look_write_candidates(const struct pm_look *look, struct pm_answer *answer,
                              const struct pm_listed *const *runs, size_t count, size_t total)
{
    const struct pm_origin *origin = pm_origin_of(&look->call->batch, look->runs);
    struct pm_table *table = pm_table_open(answer, "candidates", &CANDIDATES, &origin, 1);
    for (size_t i = 0; i < count; i++) {
        const struct pm_run_info *info = runs[i]->info;
        write_candidate(look->call, table, info->id, info->state_word, info->params,
                        PM_SOURCE_TRACKED);
    }
    pm_table_total(table, total);
}

static void write_chain_candidates(const struct pm_look *look, struct pm_answer *answer,
                                   size_t count, size_t total)
{
    const struct pm_chain_list *list = &look->chain.list;
    const struct pm_origin *origin = pm_origin_of(&look->call->batch, list->ask);
    struct pm_table *table = pm_table_open(answer, "candidates", &CANDIDATES, &origin, 1);
    for (size_t i = 0; i < count; i++) {
        const struct pm_chain_row *row = look->chain.match.rows[i];
        static const struct pm_big unknown;
        write_candidate(look->call, table, row->instance.run_id,
                        row->head ? pm_chain_state_word(row->head->state) : PM_STR(""),
                        row->head ? pm_big_from_u64(row->head->parameters) : unknown,
                        PM_SOURCE_ON_CHAIN);
    }
    pm_table_total(table, total);
}

/* --- what was asked for --- */

/* What was asked for is quoted whole only when it could be an id: a request may hold 400 bytes of
 * anything. */
void pm_look_quote_asked(const struct pm_look *look, struct pm_answer *answer)
{
    enum pm_text_use use = pm_can_be_id(look->wanted.id) ? PM_TEXT_ID : PM_TEXT_OTHER;
    pm_answer_asked(answer, "run_id", pm_clean(look->call->arena, use, look->wanted.id));
}

void pm_look_say_asked(struct pm_say *say, const struct pm_look *look, const char *unquoted)
{
    if (pm_can_be_id(look->wanted.id)) {
        pm_say_text(say, pm_clean(look->call->arena, PM_TEXT_ID, look->wanted.id));
    } else {
        pm_say_own(say, unquoted);
    }
}

void pm_look_suggest(const struct pm_look *look, struct pm_answer *answer, pm_str id,
                     const char *why)
{
    const struct pm_request *request = look->call->request;
    struct pm_arguments arguments = {0};
    if (request->action < PM_ACTION_COUNT) {
        pm_arguments_own(&arguments, look->call->arena, "action",
                         pm_action_row(request->action)->name);
    } else if (request->address.len) {
        pm_arguments_text(&arguments, "address",
                          pm_clean(look->call->arena, PM_TEXT_ID, request->address));
    }
    pm_arguments_text(&arguments, "run_id", pm_clean(look->call->arena, PM_TEXT_ID, id));
    pm_answer_next(answer, pm_action_tool(request->action), &arguments, why);
}

/* --- more than one --- */

static void say_several(struct pm_say *say, const struct pm_look *look, enum pm_match how)
{
    static const char *const fit[] = {
        [PM_MATCH_NONE] = "",
        [PM_MATCH_ID] = " have the id ",
        [PM_MATCH_NAME] = " have the name ",
        [PM_MATCH_PREFIX] = " have an id or name that begins with ",
        [PM_MATCH_PART] = " have an id or name that contains ",
    };
    pm_say_own(say, fit[how]);
    pm_look_say_asked(say, look, how == PM_MATCH_NAME ? "given" : "what was given");
    pm_say_own(say, ", and none has exactly that id ");
}

void pm_look_write_several(const struct pm_look *look, struct pm_answer *answer)
{
    struct pm_call *call = look->call;
    bool is_tracked = look->match.count > 1;
    size_t total = is_tracked ? look->match.count : look->chain.match.count;
    size_t shown = total < call->request->limit ? total : (size_t)call->request->limit;
    struct pm_say say;
    pm_say_init(&say, call->arena);
    pm_say_counted(&say, total, is_tracked ? "listed run" : "run on chain",
                   is_tracked ? "listed runs" : "runs on chain");
    say_several(&say, look, is_tracked ? look->match.how : look->chain.match.how);
    pm_say_own(&say, is_tracked   ? "[tracked]."
                     : look->list ? "[on-chain]; the dashboard lists none of them."
                                  : "[on-chain]; the dashboard's list did not come.");
    pm_say_own(&say, " Ask again with one of the ids in candidates.");
    pm_answer_found(answer, PM_FOUND_AMBIGUOUS);
    pm_look_quote_asked(look, answer);
    pm_answer_summary(answer, &say);
    if (is_tracked) {
        pm_look_write_candidates(look, answer, look->match.runs, shown, total);
        pm_look_suggest(look, answer, look->match.runs[0]->info->id, "the first of the candidates");
    } else {
        write_chain_candidates(look, answer, shown, total);
        pm_look_suggest(look, answer, look->chain.match.rows[0]->instance.run_id,
                        "the first of the candidates");
    }
}
