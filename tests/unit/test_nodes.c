/* test_nodes.c - the nodes that a program is read through: which there are, what the dashboard's word
 * changes, and which one a question goes to. */

#include "source/nodes.h"

#include "source/dashboard_inside.h"

#include "chain_lists.h"

#include "check.h"

#include "net/inside.h"

#define A "http://127.0.0.1:1/"
#define B "http://127.0.0.1:2/"
#define OTHER_PROGRAM "EoAkjVeGRWzBLX1HwRzLT3aevcDWvYWv8m82vhyR8xgk"
#define DEVNET "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"
#define MAINNET "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"
#define SOMEBODYS "8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR9"

/* Opened with one node alone, A. */
static struct chain_world world;

static struct pm_nodes *set_nodes(size_t count, pm_str first, pm_str second, bool only_configured)
{
    world.settings.rpc = (struct pm_urls){.url = {first, second, first}, .count = count};
    world.settings.rpc_only_configured = only_configured;
    pm_nodes_init(&world.nodes, &world.batch, PM_PSYCHE_COORDINATOR);
    return &world.nodes;
}

/* --- which there are --- */

static void test_list(void)
{
    open_world(&world);
    pm_str usual = pm_cluster_node(PM_CLUSTER_DEVNET);
    CHECK(set_nodes(1, PM_STR(A), PM_STR(""), true)->count == 1, "the one that is set");
    CHECK(set_nodes(3, PM_STR(A), PM_STR(B), true)->count == 2, "each once");
    CHECK(set_nodes(1, PM_STR(A), PM_STR(""), false)->count == 2, "and the cluster's own");
    CHECK_TEXT(world.nodes.list[1].url, usual, "behind it");
    CHECK(set_nodes(1, usual, PM_STR(""), false)->count == 1, "which may be the one that is set");
    CHECK(set_nodes(0, PM_STR(""), PM_STR(""), true)->count == 1, "without one it is all there is");
    CHECK_TEXT(world.nodes.list[0].url, usual, "alone");
    close_world(&world);
}

/* --- the dashboard's word --- */

struct word {
    const char *what, *program, *genesis;
    bool is_program_given, is_cluster_given;
    /* what comes of it */
    enum pm_cluster expected;
    unsigned moves;
    bool is_contradicted, is_heard;
};

static const struct word words[] = {
    {"the same", LIST_PROGRAM, DEVNET, false, false, PM_CLUSTER_DEVNET, 0, false, true},
    {"the same, as it was set", LIST_PROGRAM, DEVNET, true, true, PM_CLUSTER_DEVNET, 0, false,
     true},
    {"no genesis hash", OTHER_PROGRAM, "", false, false, PM_CLUSTER_DEVNET, 0, false, false},
    {"no address", "a program", MAINNET, false, false, PM_CLUSTER_DEVNET, 0, false, false},
    {"another cluster", LIST_PROGRAM, MAINNET, false, false, PM_CLUSTER_MAINNET, 1, false, true},
    {"another cluster than was set", LIST_PROGRAM, MAINNET, false, true, PM_CLUSTER_DEVNET, 0, true,
     true},
    {"another program", OTHER_PROGRAM, DEVNET, false, true, PM_CLUSTER_DEVNET, 1, false, true},
    {"another program than was set", OTHER_PROGRAM, DEVNET, true, false, PM_CLUSTER_DEVNET, 0, true,
     true},
    {"somebody's own network", OTHER_PROGRAM, SOMEBODYS, false, false, PM_CLUSTER_DEVNET, 1, false,
     true},
};

static void hear(const struct word *word, struct pm_dashboard_status *status, struct pm_ask *ask)
{
    *status = (struct pm_dashboard_status){
        .coordinator = {.program = pm_str_from(word->program),
                        .genesis = pm_str_from(word->genesis)},
    };
    *ask = (struct pm_ask){.kind = &pm_dashboard_kind_status, .facts = status, .is_in = true};
    world.nodes.status = ask;
    pm_nodes_check(&world.nodes, false);
}

static void test_words(void)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const struct word *word = &words[i];
        struct pm_dashboard_status status;
        struct pm_ask ask;
        open_world(&world);
        world.settings.programs[PM_PSYCHE_COORDINATOR].is_given = word->is_program_given;
        world.settings.is_coordinator_cluster_given = word->is_cluster_given;
        struct pm_nodes *nodes = set_nodes(1, PM_STR(A), PM_STR(""), true);
        hear(word, &status, &ask);
        CHECK(nodes->expected == word->expected && nodes->moves == word->moves, "%s: %s, %u",
              word->what, pm_cluster_name(nodes->expected), nodes->moves);
        CHECK(nodes->is_contradicted == word->is_contradicted, "%s: contradicted", word->what);
        CHECK(nodes->has_heard_status == word->is_heard, "%s: heard", word->what);
        CHECK(nodes->count == 1, "%s: no node but the one that is set", word->what);
        pm_nodes_check(nodes, false);
        CHECK(nodes->moves == word->moves, "%s: once", word->what);
        close_world(&world);
    }
}

/* What is set for the one program is not set for the other. */
static void test_word_on_pool(void)
{
    struct pm_dashboard_status status;
    struct pm_ask ask;
    for (int is_given = 0; is_given < 2; is_given++) {
        open_world(&world);
        world.settings.pool_cluster = PM_CLUSTER_DEVNET;
        world.settings.is_pool_cluster_given = is_given;
        world.settings.is_coordinator_cluster_given = !is_given;
        pm_nodes_init(&world.nodes, &world.batch, PM_PSYCHE_POOL);
        status.pool =
            (struct pm_indexer){.program = PM_STR(LIST_PROGRAM), .genesis = PM_STR(MAINNET)};
        ask = (struct pm_ask){.kind = &pm_dashboard_kind_status, .facts = &status, .is_in = true};
        world.nodes.status = &ask;
        pm_nodes_check(&world.nodes, false);
        CHECK(world.nodes.is_contradicted == is_given && world.nodes.moves == !is_given,
              "given %d: %u moves", is_given, world.nodes.moves);
        close_world(&world);
    }
}

/* Another cluster brings its node, as long as there is room for it. */
static void test_new_node(void)
{
    struct pm_dashboard_status status;
    struct pm_ask ask;
    open_world(&world);
    struct pm_nodes *nodes = set_nodes(1, PM_STR(A), PM_STR(""), false);
    hear(&words[4], &status, &ask);
    CHECK(nodes->count == 3, "%zu", nodes->count);
    CHECK_TEXT(nodes->list[2].url, pm_cluster_node(PM_CLUSTER_MAINNET), "the new one's");
    close_world(&world);
    open_world(&world);
    nodes = set_nodes(1, PM_STR(A), PM_STR(""), false);
    nodes->count = PM_NODES_MOST;
    hear(&words[4], &status, &ask);
    CHECK(nodes->count == PM_NODES_MOST && nodes->moves == 1, "no room");
    close_world(&world);
}

/* --- a question --- */

static const struct pm_rpc_slot slot = {.slot = 5};
static const struct pm_rpc_genesis mainnet = {PM_STR_INIT(MAINNET)};

static struct pm_ask *put(struct pm_batch *batch, pm_str url, const void *what, bool carries)
{
    (void)what;
    return pm_rpc_ask_slot(batch, url, carries);
}

static void say(struct pm_ask *ask, const void *facts, enum pm_status status)
{
    ask->is_in = true;
    ask->facts = facts;
    ask->outcome = (struct pm_outcome){.status = status};
}

/* What was never asked is not waited for; a dead node is followed by the next one. */
static void test_question(void)
{
    struct pm_question question = {0};
    open_world(&world);
    struct pm_nodes *nodes = set_nodes(2, PM_STR(A), PM_STR(B), true);
    CHECK(pm_question_is_over(&question, nodes) && !pm_question_trouble(&question), "not asked");
    nodes->is_over = true;
    pm_question_ask(&question, nodes, put, NULL, false);
    CHECK(!question.is_asked && !pm_question_go_on(&question, nodes), "nobody waits any more");
    nodes->is_over = false;
    pm_question_ask(&question, nodes, put, NULL, false);
    say(question.asks[0], NULL, PM_STATUS_UNAVAILABLE);
    CHECK(!pm_question_is_over(&question, nodes), "another node is left");
    CHECK(pm_question_go_on(&question, nodes) && question.node == 1 && nodes->at == 1, "asks it");
    struct pm_question next;
    size_t asked = nodes->asked_count;
    pm_question_ask(&next, nodes, put, NULL, false);
    CHECK(next.node == 1 && next.asks[1] == question.asks[1] && nodes->asked_count == asked,
          "the next question begins there, and is the same one");
    say(question.asks[1], NULL, PM_STATUS_UNAVAILABLE);
    CHECK(!pm_question_go_on(&question, nodes) && pm_question_is_over(&question, nodes),
          "nobody is left");
    say(question.asks[1], &slot, PM_STATUS_OK);
    CHECK(pm_question_is_over(&question, nodes), "answered");
    close_world(&world);
}

static void test_slow(void)
{
    struct pm_question question;
    open_world(&world);
    world.settings.patience_ms = 60000;
    struct pm_nodes *nodes = set_nodes(2, PM_STR(A), PM_STR(B), true);
    pm_question_ask(&question, nodes, put, NULL, false);
    say(question.asks[0], NULL, PM_STATUS_OK);
    question.asks[0]->is_in = false;
    CHECK(!pm_question_go_on(&question, nodes) && question.node == 0, "there is time");
    question.asked_mono_ms -= pm_nodes_pass_over_ms(nodes);
    CHECK(pm_question_go_on(&question, nodes) && question.node == 1, "passed over");
    CHECK(question.asks[0]->outcome.status == PM_STATUS_TIMEOUT, "and not waited for");
    say(question.asks[1], NULL, PM_STATUS_OK);
    question.asks[1]->is_in = false;
    question.asked_mono_ms -= pm_nodes_pass_over_ms(nodes);
    CHECK(!pm_question_go_on(&question, nodes) && !question.asks[1]->is_in,
          "the last one has all the time there is");
    close_world(&world);
}

/* No room for another request is no answer of the node's. */
static void test_lost(void)
{
    struct pm_question question;
    open_world(&world);
    struct pm_nodes *nodes = set_nodes(1, PM_STR(A), PM_STR(""), true);
    for (uint64_t number = 1; world.batch.count < PM_BATCH_MOST; number++) {
        struct pm_key key = {{0}};
        memcpy(key.bytes, &number, sizeof number);
        (void)pm_rpc_ask_account(&world.batch, PM_STR(A), &key, NULL, false);
    }
    pm_question_ask(&question, nodes, put, NULL, false);
    CHECK(question.asks[0] == &world.batch.lost && nodes->asked_count == 0, "lost");
    CHECK(pm_question_trouble(&question)->outcome.status == PM_STATUS_NO_MEMORY, "says so");
    close_world(&world);
}

/* An answer of another cluster is put aside, and good again when that was the right one. */
static void test_restored(void)
{
    struct pm_question question;
    open_world(&world);
    struct pm_nodes *nodes = set_nodes(1, PM_STR(A), PM_STR(""), true);
    pm_question_ask(&question, nodes, put, NULL, false);
    struct pm_ask *ask = question.asks[0];
    struct pm_entry *entry = pm_entry_make(ask->kind, ask->url, ask->body);
    if (!entry) {
        abort();
    }
    entry->is_decoded = true;
    entry->facts = (void *)(uintptr_t)&slot;
    ask->entry = entry;
    ask->from = pm_entry_retain(entry); /* the batch lets go of it */
    say(ask, &slot, PM_STATUS_OK);
    (void)pm_question_go_on(&question, nodes);
    CHECK(pm_question_answer(&question) == ask, "an answer");
    nodes->list[0].genesis->facts = &mainnet;
    (void)pm_question_go_on(&question, nodes);
    CHECK(!pm_question_answer(&question) && ask->outcome.status == PM_STATUS_WRONG_CLUSTER,
          "of another cluster");
    nodes->expected = PM_CLUSTER_MAINNET;
    (void)pm_question_go_on(&question, nodes);
    CHECK(pm_question_answer(&question) == ask && ask->outcome.status == PM_STATUS_OK, "restored");
    ask->entry = NULL;
    pm_entry_release(entry);
    close_world(&world);
}

int main(void)
{
    test_list();
    test_words();
    test_word_on_pool();
    test_new_node();
    test_question();
    test_slow();
    test_lost();
    test_restored();
    return check_done();
}
