/* look_chain.c - the chain's part in looking for a run.
 *
 * An account is found by its run's exact id, so words that can be one are asked for at once, and the
 * id that they turn out to mean as soon as it is known. When nobody knows such a run, all runs on
 * chain are looked through: by id, and if none fits, by the names that their owners gave them. */

#include "action/look_chain.h"

#define NAMED_MOST 200 /* runs whose names are looked at: a question for each hundred */

/* --- asking --- */

void pm_look_chain_begin(struct pm_look *look)
{
    struct pm_look_chain *chain = &look->chain;
    pm_str words = pm_unclean(look->call->arena, look->given);
    pm_nodes_init(&chain->nodes, &look->call->batch, PM_PSYCHE_COORDINATOR);
    pm_nodes_ask_check(&chain->nodes);
    pm_chain_run_ask(&chain->exact, &chain->nodes, words, true);
}

static bool is_there(const struct pm_chain_run *run)
{
    return run->found == PM_CHAIN_THERE;
}

static bool is_undecided(const struct pm_chain_run *run)
{
    return run->found == PM_CHAIN_PENDING;
}

/* The chain says no, or will not say yes: it may be the wrong program that was asked. */
static bool is_negative(const struct pm_chain_run *run)
{
    return run->found == PM_CHAIN_ABSENT || run->found == PM_CHAIN_DOUBTFUL ||
           run->found == PM_CHAIN_BAD;
}

static bool lacks_all(const struct pm_look_chain *chain)
{
    bool is_exact_lacking = is_negative(&chain->exact) || chain->exact.found == PM_CHAIN_NOT_ASKED;
    return is_exact_lacking && (!chain->is_matched_asked || is_negative(&chain->matched)) &&
           (is_negative(&chain->exact) || chain->is_matched_asked || chain->is_list_asked);
}

/* The one id that the words mean, when it is not the words themselves; empty while it is not known. */
static pm_str meant_id(const struct pm_look *look)
{
    const struct pm_look_chain *chain = &look->chain;
    pm_str id = PM_STR("");
    if (!look->is_list_read) {
        return id;
    }
    if (look->match.count) {
        id = look->match.count == 1 ? look->match.runs[0]->info->id : id;
    } else if (chain->match.count) {
        id = chain->match.count == 1 ? chain->match.rows[0]->instance.run_id : id;
    } else if (look->wanted.has_index) {
        id = look->wanted.id;
    }
    return pm_str_equal(id, chain->exact.id) ? PM_STR("") : id;
}

/* A search has just told of that run, and needs no help by other questions. */
static bool is_by_search(const struct pm_look *look)
{
    const struct pm_chain_list *list = &look->chain.list;
    return look->match.count == 0 && look->chain.match.count == 1 &&
           list->state == PM_CHAIN_LIST_WHOLE && list->ask == list->discovered;
}

static bool ask_meant(struct pm_look *look)
{
    struct pm_look_chain *chain = &look->chain;
    pm_str id = meant_id(look);
    bool is_new = !chain->is_matched_asked || !pm_str_equal(chain->matched.id, id);
    if (id.len == 0 || !is_new || is_there(&chain->exact) ||
        (look->only_ids && !look->match.count && !look->wanted.has_index)) {
        return false;
    }
    chain->is_matched_asked = true;
    if (is_by_search(look)) {
        pm_chain_run_ask_found(&chain->matched, &chain->nodes, id, &chain->list.discovery, true);
    } else {
        pm_chain_run_ask(&chain->matched, &chain->nodes, id, true);
    }
    return chain->matched.found == PM_CHAIN_PENDING;
}

/* Nobody who was asked for the words as an id has such a run, and none on the dashboard's list fits
 * them. */
static bool is_list_needed(const struct pm_look *look)
{
    const struct pm_look_chain *chain = &look->chain;
    bool is_hidden_one = look->is_probing && pm_look_is_open(look);
    bool is_matched_open =
        chain->is_matched_asked && (is_there(&chain->matched) || is_undecided(&chain->matched));
    return look->is_list_read && look->match.count == 0 && !look->only_ids && !is_hidden_one &&
           !is_there(&chain->exact) && !is_undecided(&chain->exact) && !is_matched_open;
}

/* --- all runs on chain --- */

static bool are_heads_in(const struct pm_chain_list *list)
{
    for (size_t i = 0; i < list->look_chunks; i++) {
        if (!pm_question_is_over(&list->looks[i]->question, list->nodes)) {
            return false;
        }
    }
    return true;
}

static bool ask_heads(struct pm_look *look)
{
    struct pm_look_chain *chain = &look->chain;
    struct pm_chain_list *list = &chain->list;
    struct pm_chain_row **rows = pm_arena_array(look->call->arena, list->count + 1, sizeof *rows);
    for (size_t i = 0; rows && i < list->count; i++) {
        rows[i] = &list->rows[i];
    }
    chain->are_heads_asked = true;
    if (rows && list->count && list->count <= NAMED_MOST) {
        pm_chain_list_look_at_heads(list, rows, list->count);
    }
    return list->look_chunks > 0;
}

/* Whether the list is there to be looked through. */
static bool has_list(const struct pm_chain_list *list)
{
    return list->state == PM_CHAIN_LIST_WHOLE ||
           (list->state == PM_CHAIN_LIST_PART && list->discovered);
}

static bool look_through(struct pm_look *look)
{
    struct pm_look_chain *chain = &look->chain;
    if (!has_list(&chain->list) || chain->match.count) {
        return false;
    }
    if (!chain->are_heads_asked || are_heads_in(&chain->list)) {
        chain->match = pm_resolve_on_chain(look->call->arena, &chain->list, look->wanted.id);
    }
    return chain->match.count == 0 && !chain->are_heads_asked && ask_heads(look);
}

static bool go_on_list(struct pm_look *look)
{
    struct pm_look_chain *chain = &look->chain;
    bool has_asked = false;
    if (!chain->is_list_asked && is_list_needed(look)) {
        chain->is_list_asked = has_asked = true;
        pm_chain_list_ask(&chain->list, &chain->nodes, false);
    }
    if (chain->is_list_asked) {
        unsigned moves = chain->list.moves;
        (void)pm_chain_list_go_on(&chain->list);
        if (moves != chain->list.moves) {
            chain->are_heads_asked = false;
            chain->match = (struct pm_chain_match){0};
        }
        has_asked = look_through(look) || has_asked;
    }
    return has_asked;
}

/* --- steps --- */

static bool go_on_run(struct pm_chain_run *run)
{
    const struct pm_ask *before = run->ask;
    bool was_pending = run->found == PM_CHAIN_PENDING, was_by_search = run->is_by_search;
    (void)pm_chain_run_go_on(run);
    if (was_by_search && !run->is_by_search) {
        return run->found == PM_CHAIN_PENDING; /* asked for anew */
    }
    return run->ask && run->ask != before && (was_pending || run->third.question.is_asked) &&
           is_there(run);
}

bool pm_look_chain_go_on(struct pm_look *look)
{
    struct pm_look_chain *chain = &look->chain;
    bool depends = false;
    unsigned moves;
    if (chain->nodes.is_off) {
        return false;
    }
    do {
        moves = chain->nodes.moves;
        depends = go_on_run(&chain->exact) || depends;
        depends = go_on_list(look) || depends;
        depends = ask_meant(look) || depends;
        if (chain->is_matched_asked) {
            depends = go_on_run(&chain->matched) || depends;
        }
        pm_nodes_check(&chain->nodes, lacks_all(chain));
        depends = depends || moves != chain->nodes.moves;
    } while (moves != chain->nodes.moves); /* elsewhere, when the check led there */
    return depends;
}

void pm_look_chain_settle(struct pm_look *look)
{
    struct pm_look_chain *chain = &look->chain;
    if (chain->nodes.is_off) {
        return;
    }
    pm_chain_run_settle(&chain->exact);
    if (chain->is_list_asked) {
        pm_chain_list_settle(&chain->list);
    }
    if (chain->is_matched_asked) {
        pm_chain_run_settle(&chain->matched);
    }
    pm_nodes_check(&chain->nodes, lacks_all(chain));
}

/* --- what was found --- */

const struct pm_chain_run *pm_look_chain_find(const struct pm_look *look, pm_str id)
{
    const struct pm_look_chain *chain = &look->chain;
    if (pm_str_equal(chain->exact.id, id)) {
        return &chain->exact;
    }
    return chain->is_matched_asked && pm_str_equal(chain->matched.id, id) ? &chain->matched : NULL;
}

bool pm_look_chain_lacks(const struct pm_look *look)
{
    const struct pm_look_chain *chain = &look->chain;
    const struct pm_chain_run *runs[] = {
        &chain->exact,
        chain->is_matched_asked ? &chain->matched : NULL,
    };
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        bool lacks =
            !runs[i] || runs[i]->found == PM_CHAIN_NOT_ASKED || runs[i]->found == PM_CHAIN_ABSENT;
        if (!lacks) {
            return false;
        }
    }
    /* The words may still be a part of an id on chain, or of a name. */
    bool is_id_alone = look->only_ids || look->match.count;
    return chain->nodes.is_off || is_id_alone || pm_look_chain_were_named(look);
}

bool pm_look_chain_were_named(const struct pm_look *look)
{
    const struct pm_chain_list *list = &look->chain.list;
    if (!look->chain.is_list_asked || list->state != PM_CHAIN_LIST_WHOLE || list->unreadable) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct pm_chain_row *row = &list->rows[i];
        bool has_no_name = row->is_looked_at && row->verdict == PM_ACCOUNT_ABSENT;
        if (!row->head && !has_no_name) { /* one that cannot be read may be the one */
            return false;
        }
    }
    return true;
}

const struct pm_chain_run *pm_look_chain_current(const struct pm_look *look)
{
    const struct pm_look_chain *chain = &look->chain;
    bool is_matched = chain->is_matched_asked && chain->matched.found == PM_CHAIN_THERE;
    const struct pm_chain_run *run = is_matched ? &chain->matched : &chain->exact;
    return run->found == PM_CHAIN_THERE ? run : NULL;
}

struct pm_big pm_view_params(const struct pm_view *view)
{
    const struct pm_coordinator *state = pm_view_coordinator(view);
    static const struct pm_big unknown;
    if (view->info && view->info->params.is_known && !pm_big_is_zero(view->info->params)) {
        return view->info->params;
    }
    return state && state->head.parameters ? pm_big_from_u64(state->head.parameters) : unknown;
}

pm_str pm_view_name(const struct pm_view *view)
{
    const struct pm_coordinator *state = pm_view_coordinator(view);
    return view->info ? view->info->name : state ? state->head.name.shown : PM_STR("");
}

const struct pm_coordinator *pm_view_coordinator(const struct pm_view *view)
{
    return pm_chain_run_has_state(view->chain) ? &view->chain->coordinator : NULL;
}

const struct pm_chain_run *pm_look_chain_run(const struct pm_look *look, const struct pm_view *view)
{
    const struct pm_look_chain *chain = &look->chain;
    const struct pm_chain_run *run = view ? pm_look_chain_find(look, view->id) : NULL;
    if (!view && chain->is_matched_asked) {
        return &chain->matched; /* the words led to it, but it could not be shown */
    }
    return run ? run : &chain->exact;
}
