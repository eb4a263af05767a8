/* test_chain_nodes.c - which nodes are asked how they are, one after the other, and which of
 * them count. */

#include "source/chain_nodes.h"

#include "chain_lists.h"

#include "check.h"

#define DEVNET "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"
#define MAINNET "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"
#define SOMEBODYS "8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR9"
#define SLOT 421337042

struct nodes_world {
    struct pm_arena arena;
    struct pm_settings settings;
    struct pm_net *net;
    struct pm_wait wait;
    struct pm_batch batch;
    struct pm_nodes nodes[2];
    struct pm_chain_nodes looks[2];
};

static struct pm_urls urls_of(const char *const *words)
{
    struct pm_urls urls = {.count = 0};
    for (; words[urls.count]; urls.count++) {
        urls.url[urls.count] = pm_str_from(words[urls.count]);
    }
    return urls;
}

/* Both programs are read through these nodes. Nothing is sent: what a node would have said is
 * put in. */
static void open_nodes(struct nodes_world *world, const char *const *words)
{
    *world = (struct nodes_world){0};
    pm_arena_init(&world->arena, LIST_ARENA_BYTES);
    world->settings = (struct pm_settings){
        .rpc = urls_of(words),
        .rpc_only_configured = true,
        .coordinator_cluster = PM_CLUSTER_DEVNET,
        .pool_cluster = PM_CLUSTER_MAINNET,
        .patience_ms = 60000,
        .is_offline = true,
    };
    for (size_t i = 0; i < PM_PSYCHE_COUNT; i++) {
        world->settings.programs[i].text = PM_STR(LIST_PROGRAM);
    }
    world->net = pm_net_make(&world->settings);
    if (!world->net || !pm_wait_init(&world->wait)) {
        abort();
    }
    pm_batch_init(&world->batch, world->net, &world->wait, &world->arena, &world->settings, 60000);
    for (size_t i = 0; i < 2; i++) {
        pm_nodes_init(&world->nodes[i], &world->batch, (enum pm_psyche)i);
        pm_chain_nodes_ask(&world->looks[i], &world->nodes[i]);
    }
}

static void close_nodes(struct nodes_world *world)
{
    pm_batch_finish(&world->batch);
    pm_wait_finish(&world->wait);
    pm_net_close(world->net);
    pm_arena_finish(&world->arena);
}

/* --- what nodes say --- */

static const struct pm_rpc_epoch epoch = {.epoch = 975, .slot = SLOT};

static struct pm_ask *find(struct nodes_world *world, const char *url, const struct pm_kind *kind)
{
    for (size_t i = 0; i < world->batch.count; i++) {
        struct pm_ask *ask = world->batch.asks[i];
        if (ask->kind == kind && pm_str_equal(ask->url, pm_str_from(url))) {
            return ask;
        }
    }
    abort();
}

static void say_epoch(struct nodes_world *world, const char *url, enum pm_status status,
                      bool is_stale)
{
    struct pm_ask *ask = find(world, url, &pm_rpc_kind_epoch);
    ask->is_in = true;
    ask->facts = status == PM_STATUS_OK || is_stale ? &epoch : NULL;
    ask->is_stale = is_stale;
    ask->outcome = (struct pm_outcome){.status = status};
}

static void say_genesis(struct nodes_world *world, const char *url, const char *hash)
{
    struct pm_ask *ask = find(world, url, &pm_rpc_kind_genesis);
    struct pm_rpc_genesis *genesis = pm_arena_zero(&world->arena, sizeof *genesis);
    if (!genesis) {
        abort();
    }
    genesis->hash = pm_str_from(hash);
    ask->is_in = true;
    ask->facts = genesis;
    ask->outcome = (struct pm_outcome){0};
}

static void say_nothing_yet(struct nodes_world *world, const char *url)
{
    struct pm_ask *ask = find(world, url, &pm_rpc_kind_epoch);
    ask->is_in = false;
    ask->outcome = (struct pm_outcome){0};
}

/* Whether it asked; what was looked at is as the action would see it. */
static bool go_on(struct nodes_world *world, size_t look)
{
    pm_nodes_check(&world->nodes[look], false);
    return pm_chain_nodes_go_on(&world->looks[look]);
}

static void check_answer(const struct pm_chain_nodes *look, const char *url, const char *what)
{
    const struct pm_node_state *good = pm_chain_nodes_answer(look);
    CHECK((good != NULL) == (url != NULL), "%s: an answer", what);
    if (good && url) {
        CHECK_TEXT(good->node->url, pm_str_from(url), what);
    }
}

/* --- tests --- */

#define A "http://127.0.0.1:1/"
#define B "http://127.0.0.1:2/"
#define C "http://127.0.0.1:3/"

static const char *const one[] = {A, NULL}, *const two[] = {A, B, NULL},
                         *const three[] = {A, B, C, NULL};

static void test_equal_asks(void)
{
    struct nodes_world world;
    open_nodes(&world, three);
    CHECK(world.batch.count == 4, "both ask the first node the same four things: %zu",
          world.batch.count);
    CHECK(world.looks[0].states[0].epoch == world.looks[1].states[0].epoch, "the same ask");
    CHECK(world.looks[0].count == 1, "one node is asked: %zu", world.looks[0].count);
    CHECK(!go_on(&world, 0), "offline no other is asked");
    CHECK(pm_chain_nodes_is_over(&world.looks[0]), "offline all is over");
    CHECK(pm_chain_nodes_status(&world.looks[0]) == PM_STATUS_OFFLINE, "offline");
    close_nodes(&world);
}

static void test_healthy(void)
{
    struct nodes_world world;
    open_nodes(&world, two);
    say_epoch(&world, A, PM_STATUS_OK, false);
    CHECK(!go_on(&world, 0), "it answered");
    check_answer(&world.looks[0], A, "its cluster is not known yet");
    say_genesis(&world, A, DEVNET);
    CHECK(!go_on(&world, 0) && pm_chain_nodes_is_over(&world.looks[0]), "nothing more to ask");
    check_answer(&world.looks[0], A, "devnet");
    CHECK_TEXT(pm_str_from(world.looks[0].states[0].epoch->cluster), PM_STR("devnet"), "cluster");
    close_nodes(&world);
}

static void test_wrong_cluster(void)
{
    struct nodes_world world;
    open_nodes(&world, two);
    say_epoch(&world, A, PM_STATUS_OK, false);
    say_genesis(&world, A, MAINNET);
    pm_nodes_check(&world.nodes[0], false);
    CHECK(!pm_chain_nodes_is_over(&world.looks[0]), "its answer does not end it");
    CHECK(go_on(&world, 0), "the next one is asked");
    CHECK(!go_on(&world, 1), "it is the pool's");
    check_answer(&world.looks[0], NULL, "the first one is of another cluster");
    check_answer(&world.looks[1], A, "the pool's");
    say_epoch(&world, B, PM_STATUS_OK, false);
    say_genesis(&world, B, DEVNET);
    CHECK(!go_on(&world, 0), "it answered");
    pm_chain_nodes_settle(world.looks, 2);
    check_answer(&world.looks[0], B, "the second one");
    check_answer(&world.looks[1], A, "still the pool's");
    CHECK(find(&world, A, &pm_rpc_kind_epoch)->outcome.status == PM_STATUS_OK,
          "nothing is wrong with it");
    close_nodes(&world);
}

/* Its cluster may be known before its slot is; for the other program it is the right one. */
static void test_wrong_cluster_first(void)
{
    struct nodes_world world;
    open_nodes(&world, two);
    say_nothing_yet(&world, A);
    say_genesis(&world, A, MAINNET);
    CHECK(go_on(&world, 0), "the next one is asked");
    CHECK(!find(&world, A, &pm_rpc_kind_epoch)->is_in, "and the first one still waited for");
    CHECK(!go_on(&world, 1) && world.looks[1].count == 1, "it is the pool's");
    say_epoch(&world, A, PM_STATUS_OK, false);
    check_answer(&world.looks[1], A, "the pool's");
    close_nodes(&world);
}

/* The last node turns out to be of another cluster: its slot is not waited for. */
static void test_wrong_and_silent(void)
{
    struct nodes_world world;
    open_nodes(&world, one);
    say_nothing_yet(&world, A);
    CHECK(!pm_chain_nodes_is_over(&world.looks[0]), "it may still come");
    say_genesis(&world, A, MAINNET);
    CHECK(pm_chain_nodes_is_over(&world.looks[0]), "it would be of no use");
    CHECK(!pm_chain_nodes_is_over(&world.looks[1]), "but to the pool");
    close_nodes(&world);
}

/* Of nobody's cluster: said once, in the list of sources. */
static void test_wrong_for_all(void)
{
    struct nodes_world world;
    open_nodes(&world, one);
    say_epoch(&world, A, PM_STATUS_OK, false);
    say_genesis(&world, A, "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY");
    CHECK(!go_on(&world, 0) && !go_on(&world, 1), "nobody else to ask");
    CHECK(pm_chain_nodes_is_over(&world.looks[0]), "over");
    CHECK(pm_chain_nodes_status(&world.looks[1]) == PM_STATUS_WRONG_CLUSTER, "status");
    pm_chain_nodes_settle(world.looks, 2);
    const struct pm_ask *ask = find(&world, A, &pm_rpc_kind_epoch);
    CHECK(ask->outcome.status == PM_STATUS_WRONG_CLUSTER && !ask->facts, "what it said is dropped");
    CHECK(pm_str_starts(pm_str_from(ask->outcome.problem), PM_STR("this node is of testnet, not")),
          "%s", ask->outcome.problem);
    CHECK(pm_chain_nodes_trouble(&world.looks[0]) == ask, "trouble");
    close_nodes(&world);
}

static void test_localnet(void)
{
    struct nodes_world world;
    open_nodes(&world, one);
    say_epoch(&world, A, PM_STATUS_OK, false);
    say_genesis(&world, A, SOMEBODYS);
    CHECK(!go_on(&world, 0) && !go_on(&world, 1), "it serves both");
    check_answer(&world.looks[0], A, "coordinator");
    check_answer(&world.looks[1], A, "pool");
    close_nodes(&world);
}

static void test_dead(void)
{
    struct nodes_world world;
    open_nodes(&world, two);
    say_epoch(&world, A, PM_STATUS_UNAVAILABLE, false);
    CHECK(!pm_chain_nodes_is_over(&world.looks[0]), "another one is left");
    CHECK(go_on(&world, 0) && world.looks[0].count == 2, "the next one is asked");
    say_epoch(&world, B, PM_STATUS_REFUSED, false);
    CHECK(!go_on(&world, 0) && pm_chain_nodes_is_over(&world.looks[0]), "none is left");
    check_answer(&world.looks[0], NULL, "nobody answered");
    CHECK(pm_chain_nodes_status(&world.looks[0]) == PM_STATUS_REFUSED, "the last one's");
    pm_chain_nodes_settle(world.looks, 2);
    CHECK(world.looks[0].states[0].health->is_aside && !world.looks[0].states[0].epoch->is_aside,
          "one row in the list of sources is enough");
    close_nodes(&world);
}

static void test_stale(void)
{
    struct nodes_world world;
    open_nodes(&world, two);
    say_epoch(&world, A, PM_STATUS_UNAVAILABLE, true);
    CHECK(go_on(&world, 0), "an older answer does not end it");
    check_answer(&world.looks[0], A, "better than none");
    say_epoch(&world, B, PM_STATUS_OK, false);
    CHECK(!go_on(&world, 0), "answered");
    check_answer(&world.looks[0], B, "a fresh one counts before");
    say_epoch(&world, B, PM_STATUS_UNAVAILABLE, true);
    check_answer(&world.looks[0], A, "of two older ones the first");
    say_epoch(&world, B, PM_STATUS_OK, false);
    struct pm_ask *health = find(&world, A, &pm_rpc_kind_health);
    static const struct pm_rpc_health kept = {.state = PM_RPC_HEALTHY};
    health->facts = &kept;
    health->is_stale = true;
    pm_chain_nodes_settle(world.looks, 2);
    CHECK(!health->facts && health->is_aside, "its older health is dropped");
    CHECK(!find(&world, B, &pm_rpc_kind_health)->is_aside, "the other one's is shown");
    close_nodes(&world);
}

static void test_slow(void)
{
    struct nodes_world world;
    open_nodes(&world, two);
    say_nothing_yet(&world, A);
    CHECK(!go_on(&world, 0), "there is time");
    world.looks[0].states[0].asked_mono_ms -= pm_nodes_pass_over_ms(&world.nodes[0]);
    world.looks[0].states[0].version = NULL; /* there was no memory for it */
    CHECK(go_on(&world, 0), "passed over");
    CHECK(find(&world, A, &pm_rpc_kind_epoch)->outcome.status == PM_STATUS_TIMEOUT,
          "and not waited for");
    say_nothing_yet(&world, B);
    world.looks[0].states[1].asked_mono_ms -= pm_nodes_pass_over_ms(&world.nodes[0]);
    CHECK(!go_on(&world, 0), "the last one has all the time there is");
    CHECK(!find(&world, B, &pm_rpc_kind_epoch)->is_in, "and is waited for");
    CHECK(!pm_chain_nodes_is_over(&world.looks[0]), "so it is not over");
    close_nodes(&world);
}

static void test_moved(void)
{
    struct nodes_world world;
    open_nodes(&world, two);
    say_epoch(&world, A, PM_STATUS_OK, false);
    say_genesis(&world, A, MAINNET);
    CHECK(go_on(&world, 0), "another cluster");
    world.nodes[0].expected = PM_CLUSTER_MAINNET;
    world.nodes[0].moves++;
    CHECK(go_on(&world, 0) && world.looks[0].count == 1, "all is asked anew");
    CHECK(!go_on(&world, 0), "its answer is in already");
    check_answer(&world.looks[0], A, "the right one after all");
    close_nodes(&world);
}

static void test_ends(void)
{
    struct nodes_world world;
    open_nodes(&world, two);
    say_epoch(&world, A, PM_STATUS_UNAVAILABLE, false);
    world.nodes[0].is_over = true;
    CHECK(!go_on(&world, 0), "the call waits no longer");
    world.nodes[0].is_over = false;
    world.batch.deadline_mono_ms = pm_clock_mono_ms();
    CHECK(!go_on(&world, 0), "no time is left");
    world.batch.deadline_mono_ms += 60000;
    world.wait.is_cancelled = true;
    CHECK(!go_on(&world, 0), "nobody waits any more");
    close_nodes(&world);
}

/* As many nodes as can be set, all dead: the rest of the call keeps its room. */
static void test_no_room(void)
{
    struct nodes_world world;
    open_nodes(&world, one);
    struct pm_nodes *nodes = &world.nodes[0];
    while (world.batch.count < PM_BATCH_MOST - 2) {
        uint64_t number = world.batch.count;
        struct pm_key key = {{0}};
        memcpy(key.bytes, &number, sizeof number);
        (void)pm_rpc_ask_account(&world.batch, PM_STR(A), &key, NULL, false);
    }
    nodes->list[nodes->count++] = (struct pm_node){.url = PM_STR(B)};
    say_epoch(&world, A, PM_STATUS_UNAVAILABLE, false);
    CHECK(!go_on(&world, 0) && world.looks[0].count == 1, "no room for four more");
    CHECK(world.batch.count == PM_BATCH_MOST - 2, "nothing was asked in part");
    struct pm_chain_nodes look;
    pm_chain_nodes_ask(&look, &world.nodes[1]);
    CHECK(look.count == 0 && !pm_chain_nodes_go_on(&look), "not even the first node");
    close_nodes(&world);
}

static void test_off(void)
{
    struct nodes_world world;
    open_nodes(&world, one);
    struct pm_chain_nodes look;
    world.nodes[0].is_off = true;
    pm_chain_nodes_ask(&look, &world.nodes[0]);
    CHECK(look.count == 0 && !pm_chain_nodes_go_on(&look), "nobody is asked");
    CHECK(!pm_chain_nodes_trouble(&look) && !pm_chain_nodes_answer(&look), "nothing is known");
    CHECK(pm_chain_nodes_is_over(&look), "over");
    CHECK(pm_chain_nodes_status(&look) == PM_STATUS_OFFLINE, "nobody was asked");
    pm_chain_nodes_settle(&look, 1);
    close_nodes(&world);
}

int main(void)
{
    test_equal_asks();
    test_healthy();
    test_wrong_cluster();
    test_wrong_cluster_first();
    test_wrong_and_silent();
    test_wrong_for_all();
    test_localnet();
    test_dead();
    test_stale();
    test_slow();
    test_moved();
    test_ends();
    test_no_room();
    test_off();
    return check_done();
}
