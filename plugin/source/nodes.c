/* nodes.c - the Solana nodes that one of Psyche's programs is read through. */

#include "source/nodes.h"

#include "source/rpc.h"

#include <assert.h>

/* --- the list --- */

static void add_node(struct pm_nodes *nodes, pm_str url)
{
    for (size_t i = 0; i < nodes->count; i++) {
        if (pm_str_equal(nodes->list[i].url, url)) {
            return;
        }
    }
    if (nodes->count < PM_NODES_MOST) {
        nodes->list[nodes->count++] = (struct pm_node){.url = url};
    }
}

static void add_nodes(struct pm_nodes *nodes, const struct pm_urls *urls)
{
    for (size_t i = 0; i < urls->count; i++) {
        add_node(nodes, urls->url[i]);
    }
}

void pm_nodes_init(struct pm_nodes *nodes, struct pm_batch *batch, enum pm_psyche program)
{
    const struct pm_settings *settings = batch->settings;
    bool is_pool = program == PM_PSYCHE_POOL;
    const struct pm_urls *own = is_pool ? &settings->pool_rpc : &settings->coordinator_rpc;
    *nodes = (struct pm_nodes){
        .batch = batch,
        .program = program,
        .expected = is_pool ? settings->pool_cluster : settings->coordinator_cluster,
        .is_off = settings->is_rpc_off,
    };
    (void)pm_key_read(settings->programs[program].text, &nodes->program_key);
    add_nodes(nodes, own->count ? own : &settings->rpc);
    if (nodes->count == 0 || !settings->rpc_only_configured) {
        add_node(nodes, pm_cluster_node(nodes->expected));
    }
}

static void move_to(struct pm_nodes *nodes, enum pm_cluster expected, const struct pm_key *program)
{
    nodes->expected = expected;
    nodes->program_key = *program;
    nodes->at = 0;
    nodes->moves++;
    if (!nodes->batch->settings->rpc_only_configured) {
        add_node(nodes, pm_cluster_node(expected));
    }
}

static bool is_cluster_given(const struct pm_nodes *nodes)
{
    const struct pm_settings *settings = nodes->batch->settings;
    return nodes->program == PM_PSYCHE_POOL ? settings->is_pool_cluster_given
                                            : settings->is_coordinator_cluster_given;
}

/* The dashboard reads this program, on this cluster. What somebody set is not to be replaced. */
static void hear(struct pm_nodes *nodes, const struct pm_key *program, enum pm_cluster cluster)
{
    bool is_other_program = !pm_key_equal(program, &nodes->program_key);
    bool is_other_cluster = cluster != nodes->expected;
    if ((is_other_program && nodes->batch->settings->programs[nodes->program].is_given) ||
        (is_other_cluster && is_cluster_given(nodes))) {
        nodes->is_contradicted = true;
    } else if (is_other_program || is_other_cluster) {
        move_to(nodes, cluster, program);
    }
}

static void hear_status(struct pm_nodes *nodes, const struct pm_indexer *indexer)
{
    enum pm_cluster cluster = pm_cluster_of_genesis(indexer->genesis);
    struct pm_key program;
    if (nodes->has_heard_status || indexer->genesis.len == 0 ||
        pm_key_read(indexer->program, &program) != PM_KEY_OK) {
        return;
    }
    nodes->has_heard_status = true;
    /* A dashboard on somebody's own network reads a node that we have no address of. */
    hear(nodes, &program, cluster == PM_CLUSTER_LOCALNET ? nodes->expected : cluster);
}

void pm_nodes_hear_program(struct pm_nodes *nodes, pm_str text)
{
    struct pm_key program;
    if (!nodes->is_off && !nodes->has_heard_program && !nodes->has_heard_status &&
        pm_key_read(text, &program) == PM_KEY_OK) {
        nodes->has_heard_program = true;
        hear(nodes, &program, nodes->expected);
    }
}

/* --- which cluster --- */

bool pm_node_cluster(const struct pm_node *node, enum pm_cluster *cluster)
{
    pm_str genesis = pm_rpc_genesis(node->genesis);
    if (genesis.len == 0) {
        return false;
    }
    *cluster = pm_cluster_of_genesis(genesis);
    return true;
}

/* Whoever asked it, and however that ended: a node is where it is. */
static void note_cluster(const struct pm_nodes *nodes, const struct pm_node *node)
{
    enum pm_cluster cluster;
    if (!pm_node_cluster(node, &cluster)) {
        return;
    }
    for (size_t i = 0; i < nodes->batch->count; i++) {
        struct pm_ask *ask = nodes->batch->asks[i];
        if (ask->kind->source == PM_SOURCE_ON_CHAIN && pm_str_equal(ask->url, node->url)) {
            ask->cluster = pm_cluster_name(cluster);
        }
    }
}

/* --- what the dashboard reads --- */

void pm_nodes_ask_check(struct pm_nodes *nodes)
{
    size_t before = nodes->batch->count;
    if (!nodes->is_off) {
        nodes->status = pm_dashboard_ask_status(nodes->batch, false);
        nodes->is_status_ours = nodes->batch->count > before; /* else somebody waits for it */
        nodes->status->is_aside = nodes->is_status_ours;
    }
}

void pm_nodes_check(struct pm_nodes *nodes, bool is_needed)
{
    const struct pm_dashboard_status *status = pm_dashboard_status(nodes->status);
    if (nodes->is_status_ours) {
        nodes->status->is_aside = !is_needed;
    }
    if (status) {
        hear_status(nodes, nodes->program == PM_PSYCHE_POOL ? &status->pool : &status->coordinator);
    }
    for (size_t i = 0; i < nodes->count; i++) {
        note_cluster(nodes, &nodes->list[i]);
    }
}

/* --- of the right one? --- */

bool pm_node_is_wrong(const struct pm_nodes *nodes, const struct pm_node *node)
{
    enum pm_cluster cluster;
    return pm_node_cluster(node, &cluster) && cluster != nodes->expected &&
           cluster != PM_CLUSTER_LOCALNET;
}

/* The dashboard's word has made another cluster the right one since. */
static void restore(struct pm_ask *ask)
{
    if (ask->from && ask->outcome.status == PM_STATUS_WRONG_CLUSTER) {
        ask->facts = pm_entry_facts(ask->from);
        ask->is_stale = ask->from != ask->entry;
        ask->outcome = *pm_entry_outcome(ask->entry);
    }
}

/* What a node of another cluster said is about other accounts. */
static void judge(const struct pm_nodes *nodes, const struct pm_node *node, struct pm_ask *ask)
{
    enum pm_cluster cluster;
    if (!ask->is_in || !pm_node_cluster(node, &cluster)) {
        return;
    }
    ask->cluster = pm_cluster_name(cluster);
    node->genesis->cluster = ask->cluster;
    if (pm_node_is_wrong(nodes, node) && ask->outcome.status != PM_STATUS_WRONG_CLUSTER) {
        ask->facts = NULL;
        ask->is_stale = false;
        pm_outcome_set(&ask->outcome, PM_STATUS_WRONG_CLUSTER, "this node is of %s, not of %s",
                       pm_cluster_name(cluster), pm_cluster_name(nodes->expected));
    } else if (!pm_node_is_wrong(nodes, node)) {
        restore(ask);
    }
}

/* Also what nobody needs any more: it is not to pass for good in the list of sources. */
static void judge_all(const struct pm_nodes *nodes)
{
    for (size_t i = 0; i < nodes->asked_count; i++) {
        judge(nodes, &nodes->list[nodes->asked[i].node], nodes->asked[i].ask);
    }
}

static void note_asked(struct pm_nodes *nodes, struct pm_ask *ask, size_t node)
{
    size_t at = 0;
    while (at < nodes->asked_count && nodes->asked[at].ask != ask) {
        at++;
    }
    if (at == nodes->asked_count && ask != &nodes->batch->lost) {
        assert(at < PM_BATCH_MOST); /* a batch has no more */
        nodes->asked[nodes->asked_count].ask = ask;
        nodes->asked[nodes->asked_count++].node = node;
    }
}

/* --- asking --- */

int64_t pm_nodes_pass_over_ms(const struct pm_nodes *nodes)
{
    return (int64_t)nodes->batch->settings->patience_ms / 2;
}

static void ask_node(struct pm_question *question, struct pm_nodes *nodes, size_t at)
{
    struct pm_node *node = &nodes->list[at];
    question->node = at;
    question->is_asked = true;
    question->asked_mono_ms = pm_clock_mono_ms();
    question->asks[at] = question->put(nodes->batch, node->url, question->what, question->carries);
    if (!node->genesis) {
        node->genesis = pm_rpc_ask_genesis(nodes->batch, node->url, false);
    }
    if (at + 1 < nodes->count) {
        pm_batch_wake_at(nodes->batch, question->asked_mono_ms + pm_nodes_pass_over_ms(nodes));
    }
    note_asked(nodes, question->asks[at], at);
    judge(nodes, node, question->asks[at]);
}

void pm_question_ask(struct pm_question *question, struct pm_nodes *nodes, pm_question_fn *put,
                     const void *what, bool carries)
{
    *question = (struct pm_question){.put = put, .what = what, .carries = carries};
    assert(nodes->at < nodes->count); /* there is always one */
    if (!nodes->is_off && !nodes->is_over) {
        ask_node(question, nodes, nodes->at);
    }
}

/* An answer is final only when the node's cluster is known, or will not be. */
static bool is_settled(const struct pm_question *question, const struct pm_nodes *nodes)
{
    const struct pm_node *node = &nodes->list[question->node];
    return question->asks[question->node]->is_in && node->genesis->is_in;
}

static bool is_answered(const struct pm_ask *ask)
{
    return ask->facts && !ask->is_stale;
}

/* A node that does not answer this one question may well answer others. */
static bool is_only_refused(const struct pm_ask *ask)
{
    return ask->outcome.status == PM_STATUS_METHOD_REFUSED;
}

static bool is_too_slow(const struct pm_question *question, const struct pm_nodes *nodes)
{
    bool has_next = question->node + 1 < nodes->count;
    int64_t until = question->asked_mono_ms + pm_nodes_pass_over_ms(nodes);
    if (is_settled(question, nodes) || !has_next) {
        return false;
    }
    if (pm_clock_mono_ms() < until) {
        pm_batch_wake_at(nodes->batch, until);
        return false;
    }
    return true;
}

bool pm_question_go_on(struct pm_question *question, struct pm_nodes *nodes)
{
    static const char passed_over[] = "no answer yet when the next node was asked";
    if (!question->is_asked) {
        return false;
    }
    struct pm_node *node = &nodes->list[question->node];
    struct pm_ask *ask = question->asks[question->node];
    judge_all(nodes); /* also when the time is over: of another cluster is no answer */
    if (pm_clock_mono_ms() >= nodes->batch->deadline_mono_ms || pm_batch_cancelled(nodes->batch)) {
        return false;
    }
    bool is_slow = is_too_slow(question, nodes);
    if (is_slow) {
        pm_batch_give_up(nodes->batch, ask, passed_over);
        pm_batch_give_up(nodes->batch, node->genesis, passed_over);
    }
    bool is_done = is_answered(ask) || ask->outcome.status == PM_STATUS_OFFLINE ||
                   (!ask->is_in && !pm_node_is_wrong(nodes, node));
    if (is_done || nodes->is_over || question->node + 1 >= nodes->count) {
        return false;
    }
    if (!is_only_refused(ask) && nodes->at <= question->node) {
        nodes->at = question->node + 1;
    }
    ask_node(question, nodes, question->node + 1);
    return true;
}

/* --- answers --- */

const struct pm_ask *pm_question_answer(const struct pm_question *question)
{
    const struct pm_ask *stale = NULL;
    for (size_t i = 0; question->is_asked && i <= question->node; i++) {
        const struct pm_ask *ask = question->asks[i];
        if (ask && ask->is_in && is_answered(ask)) {
            return ask;
        }
        if (ask && ask->is_in && ask->facts) {
            stale = ask;
        }
    }
    return stale;
}

const struct pm_ask *pm_question_trouble(const struct pm_question *question)
{
    return question->is_asked ? question->asks[question->node] : NULL;
}

bool pm_question_is_over(const struct pm_question *question, const struct pm_nodes *nodes)
{
    if (!question->is_asked) {
        return true;
    }
    return is_settled(question, nodes) &&
           (is_answered(question->asks[question->node]) || question->node + 1 >= nodes->count);
}
