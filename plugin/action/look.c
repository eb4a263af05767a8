/* look.c - looking for one run: who is asked, and what was found.
 *
 * The list tells which run is meant and which incarnation is its newest; the run's page has the
 * facts. Both are asked at once, the page by guess: most words are ids, and most runs were never
 * recreated. A run that is not on the list may be hidden and still have its page, so its
 * incarnations are looked for one after the other, and a run is missing only when they are all
 * answered with "none". The chain is asked beside all this; it knows runs by their exact ids, and
 * only the newest incarnation of each. */

#include "action/look_chain.h"

/* --- asking --- */

static struct pm_ask *ask_page(struct pm_look *look, pm_str id, uint64_t index)
{
    return pm_dashboard_ask_run(&look->call->batch, id, index, true);
}

static void ask_ahead(struct pm_look *look)
{
    pm_str words = pm_unclean(look->call->arena, look->given);
    look->runs = pm_dashboard_ask_runs(&look->call->batch, false);
    if (pm_can_be_id(words) && pm_str_find(words, '@') == words.len) {
        look->ahead_id = words;
        look->ahead = ask_page(look, words, 0);
    }
    pm_look_chain_begin(look);
    if (look->beside) {
        (void)look->beside(look);
    }
}

static void read_list(struct pm_look *look)
{
    struct pm_arena *arena = look->call->arena;
    look->is_list_read = true;
    look->list = pm_dashboard_runs(look->runs);
    if (look->list) {
        look->listing = pm_listing_make(arena, look->list);
    }
    look->wanted = pm_wanted_read(arena, look->list ? &look->listing : NULL, look->given);
    look->match = pm_resolve(arena, &look->listing, look->wanted.id);
    if (look->only_ids && look->match.how != PM_MATCH_ID) {
        look->match = (struct pm_resolved){0};
    }
    look->is_probing = look->match.how != PM_MATCH_ID && pm_can_be_id(look->wanted.id);
}

/* Of the incarnation that is meant, of the run that is. */
static void ask_match(struct pm_look *look)
{
    const struct pm_run_info *info = look->match.runs[0]->info;
    look->page =
        ask_page(look, info->id, look->wanted.has_index ? look->wanted.index : info->index);
}

static void ask_incarnations(struct pm_look *look, size_t count)
{
    while (count-- > 0 && look->asked < PM_INCARNATIONS_MOST) {
        look->incarnations[look->asked] = ask_page(look, look->wanted.id, look->asked);
        look->asked++;
    }
}

/* 0 and 1 at once, then two more while the last one exists. While nobody at all has answered, 0
 * alone. */
static void probe(struct pm_look *look)
{
    if (look->asked == 0) {
        ask_incarnations(look, look->list ? 2 : 1);
        if (look->wanted.has_index) {
            look->named = ask_page(look, look->wanted.id, look->wanted.index);
        }
    }
    /* The page that was asked ahead may be in already. */
    const struct pm_run_page *last = pm_dashboard_run(look->incarnations[look->asked - 1]);
    if (last && look->asked == 1) {
        ask_incarnations(look, 1);
    } else if (last && last->is_there) {
        ask_incarnations(look, 2);
    }
}

/* Asks for what has become possible; whether that was anything. */
static bool go_on(struct pm_look *look)
{
    struct pm_batch *batch = &look->call->batch;
    size_t before = batch->count;
    if (pm_clock_mono_ms() >= batch->deadline_mono_ms || pm_batch_cancelled(batch)) {
        return false;
    }
    if (!look->is_list_read && look->runs->is_in) {
        read_list(look);
        if (look->match.count == 1) {
            ask_match(look);
        }
    }
    if (look->is_probing) {
        probe(look);
    }
    bool depends = batch->count > before;
    depends = pm_look_chain_go_on(look) || depends;
    depends = (look->beside && look->beside(look)) || depends;
    if (depends && batch->patience_until_mono_ms) {
        /* What depends on an answer has the patience that the answer's company had. */
        pm_batch_begin_patience(batch);
    }
    return batch->count > before;
}

/* The time is over: the page that was asked ahead may be all there is. */
static void settle(struct pm_look *look)
{
    if (!look->is_list_read) {
        read_list(look);
    }
    pm_look_chain_settle(look);
    if (!look->ahead || !pm_str_equal(look->ahead_id, look->wanted.id)) {
        return;
    }
    if (look->is_probing && look->asked == 0) {
        look->incarnations[look->asked++] = look->ahead;
    } else if (look->match.how == PM_MATCH_ID && !look->page &&
               look->match.runs[0]->info->index == 0) {
        look->page = look->ahead;
    }
}

/* --- what was found --- */

static bool is_there(const struct pm_ask *ask)
{
    const struct pm_run_page *page = pm_dashboard_run(ask);
    return page && page->is_there;
}

/* The dashboard says, now and in good order, that there is no such page. */
static bool is_surely_absent(const struct pm_ask *ask)
{
    const struct pm_run_page *page = pm_dashboard_run(ask);
    return page && !page->is_there && !page->indexer_fault && !ask->is_stale;
}

bool pm_look_is_open(const struct pm_look *look)
{
    const struct pm_ask *first = look->asked ? look->incarnations[0] : look->ahead;
    return !first || !first->is_in || is_there(first);
}

static void take_page(struct pm_view *view, const struct pm_ask *ask, uint64_t index)
{
    view->page = pm_dashboard_run(ask);
    view->info = &view->page->info;
    view->ask = ask;
    view->index = index;
}

static uint64_t count_probed_below(const struct pm_look *look, uint64_t index)
{
    uint64_t count = 0;
    for (size_t i = 0; i < look->asked && i < index; i++) {
        count += is_there(look->incarnations[i]);
    }
    return count;
}

/* The newest incarnation of exactly the wanted id that is there. */
static bool find_newest_probed(const struct pm_look *look, size_t *index)
{
    for (size_t i = look->asked; i > 0; i--) {
        if (is_there(look->incarnations[i - 1])) {
            *index = i - 1;
            return true;
        }
    }
    return false;
}

/* Whether everything above is known: each is there or absent, and the last one is absent. */
static bool is_newest_sure(const struct pm_look *look, uint64_t index)
{
    bool is_sure = look->asked > 0 && is_surely_absent(look->incarnations[look->asked - 1]);
    for (size_t i = 0; i < look->asked; i++) {
        const struct pm_ask *ask = look->incarnations[i];
        is_sure = is_sure && (i <= index || is_there(ask) || is_surely_absent(ask));
    }
    return is_sure;
}

static bool find_unlisted(const struct pm_look *look, struct pm_view *view)
{
    size_t newest = 0;
    bool has_newest = find_newest_probed(look, &newest);
    if (look->named && is_there(look->named)) {
        take_page(view, look->named, look->wanted.index);
    } else if (!look->named && has_newest) {
        take_page(view, look->incarnations[newest], newest);
    } else {
        return false;
    }
    view->id = look->wanted.id;
    view->how = PM_MATCH_ID;
    view->is_listed_known = look->list != NULL;
    view->older = count_probed_below(look, view->index);
    view->has_newer = has_newest && newest > view->index;
    view->newest = newest;
    view->may_have_newer = !is_newest_sure(look, view->index);
    view->other = look->match.count ? look->match.runs[0] : NULL;
    return true;
}

static bool find_listed(const struct pm_look *look, struct pm_view *view)
{
    if (look->match.count != 1) {
        return false;
    }
    const struct pm_listed *run = look->match.runs[0];
    uint64_t index = look->wanted.has_index ? look->wanted.index : run->info->index;
    const struct pm_run_info *row = pm_listed_incarnation(run, index);
    if (is_there(look->page)) {
        take_page(view, look->page, index);
    } else if (row) {
        view->info = row;
        view->ask = look->runs;
        view->index = index;
    } else {
        return false;
    }
    view->id = run->info->id;
    view->how = look->match.how;
    view->is_listed_known = view->is_listed = true;
    view->older = pm_listed_older(run, index);
    view->has_newer = run->info->index > index;
    view->newest = run->info->index;
    return true;
}

/* What the chain alone has: words that are exactly an id, or all that they can mean. */
static bool find_on_chain(const struct pm_look *look, const struct pm_chain_run *run,
                          struct pm_view *view)
{
    bool is_exact = run == &look->chain.exact;
    /* Which of several incarnations it is, the chain cannot say. */
    bool is_numbered = !is_exact && look->wanted.has_index && look->wanted.index > 0;
    if (run->found != PM_CHAIN_THERE || is_numbered) {
        return false;
    }
    *view = (struct pm_view){
        .id = run->id,
        .chain = run,
        .how = look->chain.match.count && !is_exact ? look->chain.match.how : PM_MATCH_ID,
        .is_listed_known = look->list != NULL,
        .other = is_exact && look->match.count ? look->match.runs[0] : NULL,
    };
    return true;
}

/* The chain has the newest incarnation alone. */
static bool add_chain(const struct pm_look *look, struct pm_view *view)
{
    const struct pm_chain_run *run = pm_look_chain_find(look, view->id);
    if (run && run->found == PM_CHAIN_THERE) {
        view->is_chain_newer = view->has_newer;
        view->chain = view->has_newer ? NULL : run;
    }
    return true;
}

/* A node's cluster, or where a program is, is nothing about a run. */
static bool is_about_runs(const struct pm_look *look, const struct pm_ask *ask)
{
    const struct pm_nodes *nodes = &look->chain.nodes;
    bool is_about = ask != nodes->status;
    for (size_t i = 0; i < nodes->count; i++) {
        is_about &= ask != nodes->list[i].genesis;
    }
    return is_about;
}

static bool has_any_facts(const struct pm_look *look)
{
    const struct pm_batch *batch = &look->call->batch;
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->asks[i]->facts && is_about_runs(look, batch->asks[i])) {
            return true;
        }
    }
    return false;
}

bool pm_look_tracked_lacks_id(const struct pm_look *look)
{
    bool is_sure = look->list && !look->list->indexer_fault && !look->runs->is_stale;
    for (size_t i = 0; i < look->asked; i++) {
        is_sure =
            is_sure && (is_there(look->incarnations[i]) || is_surely_absent(look->incarnations[i]));
    }
    return is_sure && (!look->named || is_surely_absent(look->named));
}

bool pm_look_tracked_lacks(const struct pm_look *look)
{
    return pm_look_tracked_lacks_id(look) &&
           (look->match.count != 1 || is_surely_absent(look->page));
}

bool pm_look_is_surely_missing(const struct pm_look *look)
{
    return pm_look_tracked_lacks(look) && pm_look_chain_lacks(look);
}

bool pm_look_has_words(const struct pm_call *call)
{
    return call->request->run_id.len || call->settings->run_id.len;
}

bool pm_look_around(struct pm_look *look)
{
    look->given = look->call->request->run_id;
    look->is_configured = look->given.len == 0;
    look->given = look->is_configured ? look->call->settings->run_id : look->given;
    ask_ahead(look);
    do {
        while (pm_batch_wait(&look->call->batch)) {
            (void)go_on(look);
        }
        /* By now the list is in or given up, and its silence may be a reason to ask more. */
    } while (go_on(look));
    settle(look);
    if (pm_batch_cancelled(&look->call->batch) || !has_any_facts(look)) {
        return pm_action_no_source(look->call, look->runs, "anything about this run");
    }
    return true;
}

bool pm_look_find(const struct pm_look *look, struct pm_view *view)
{
    const struct pm_look_chain *chain = &look->chain;
    bool is_listed_id = look->match.how == PM_MATCH_ID;
    if (find_unlisted(look, view) || (is_listed_id && find_listed(look, view))) {
        return add_chain(look, view);
    }
    /* An id wins over a name or a beginning, whoever knows it. */
    if (find_on_chain(look, &chain->exact, view)) {
        return true;
    }
    if (find_listed(look, view)) {
        return add_chain(look, view);
    }
    return chain->is_matched_asked && find_on_chain(look, &chain->matched, view);
}
