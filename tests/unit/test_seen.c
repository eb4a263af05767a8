/* test_seen.c - what a call saw of runs, as it comes to stand in the store: the dashboard's list, and
 * what the run's own page and its account tell beside it. */

#include "source/seen.h"

#include "net/inside.h"
#include "source/dashboard.h"
#include "source/dashboard_inside.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOW_MS INT64_C(1795236581000)
#define WRITTEN_MS 60000 /* at most, on a busy machine */

enum { LIST, PAGE, OLD_PAGE, NO_PAGE, SILENT_PAGE, ASKS };

struct world {
    char folder[32], path[64];
    struct pm_arena arena;
    struct pm_settings settings;
    struct pm_net *net;
    struct pm_batch batch;
    struct pm_ask asks[ASKS];
    struct pm_entry *news;
    struct pm_run_info rows[5];
    struct pm_runs runs;
    struct pm_run_page pages[3];
};

static struct pm_run_info run_of(const char *id)
{
    return (struct pm_run_info){.id = pm_str_from(id),
                                .is_only_known = true,
                                .is_only = true,
                                .state_word = PM_STR("active"),
                                .has_step = true,
                                .tokens_done = pm_big_from_u64(5)};
}

static struct pm_run_page page_of(const char *id)
{
    return (struct pm_run_page){.is_there = true,
                                .info = run_of(id),
                                .live = {.is_there = true, .phase = PM_STR("Warmup")}};
}

static void add_ask(struct world *world, size_t at, const struct pm_kind *kind, const void *facts)
{
    world->asks[at] = (struct pm_ask){.kind = kind, .is_in = true, .facts = facts};
    world->batch.asks[at] = &world->asks[at];
    world->batch.count = at + 1;
}

/* Five runs on a list that just came; a page, one of before, one that says that there is none, and one
 * that did not come. */
static void open_seen(struct world *world)
{
    *world = (struct world){.folder = "/tmp/pm-seen-XXXXXX"};
    CHECK(mkdtemp(world->folder), "a folder");
    (void)snprintf(world->path, sizeof world->path, "%s/store.db", world->folder);
    pm_arena_init(&world->arena, (size_t)8 << 20);
    world->settings = (struct pm_settings){.store_path = pm_str_from(world->path),
                                           .clock = {.is_frozen = true, .frozen_ms = NOW_MS}};
    world->net = pm_net_make(&world->settings);
    world->news = pm_entry_make(&pm_dashboard_kind_runs, PM_STR("http://h/runs"), PM_STR(""));
    if (!world->net || !world->news) {
        abort();
    }
    atomic_store(&world->news->is_news, true);
    world->news->received_ms = NOW_MS;
    world->batch =
        (struct pm_batch){.net = world->net, .arena = &world->arena, .settings = &world->settings};
    static const char *const ids[] = {"a", "b", "c", "d", "e"};
    for (size_t i = 0; i < 5; i++) {
        world->rows[i] = run_of(ids[i]);
    }
    world->runs = (struct pm_runs){.rows = world->rows, .count = 5};
    world->pages[0] = page_of("b");
    world->pages[1] = page_of("c");
    world->pages[2] = page_of("e");
    world->pages[2].is_there = false;
    add_ask(world, LIST, &pm_dashboard_kind_runs, &world->runs);
    add_ask(world, PAGE, &pm_dashboard_kind_run, &world->pages[0]);
    add_ask(world, OLD_PAGE, &pm_dashboard_kind_run, &world->pages[1]);
    add_ask(world, NO_PAGE, &pm_dashboard_kind_run, &world->pages[2]);
    add_ask(world, SILENT_PAGE, &pm_dashboard_kind_run, NULL);
    world->asks[LIST].entry = world->asks[LIST].from = world->news;
    world->asks[OLD_PAGE].is_stale = true;
}

static void tell(struct world *world, const char *id, enum pm_chain_state state, uint32_t step,
                 int64_t clients)
{
    struct pm_coordinator_head head = {.state = state, .step = step};
    pm_seen_on_chain(&world->batch, pm_str_from(id), &head, clients);
}

static int compare_ids(const void *left, const void *right)
{
    const struct pm_seen *a = left, *b = right;
    return pm_str_compare(a->id, b->id);
}

static void add_row(struct pm_buf *buf, const struct pm_seen *row)
{
    pm_buf_addf(buf, "%.*s %.*s phase %.*s tokens %.*s step %lld clients %lld; ",
                PM_STR_ARG(row->id), PM_STR_ARG(row->state), PM_STR_ARG(row->phase),
                PM_STR_ARG(row->tokens), (long long)row->step, (long long)row->clients);
}

/* What is in the store once it was written, by id. */
static pm_str read_store(struct world *world, size_t wanted)
{
    struct pm_seen *rows = NULL;
    struct pm_buf buf;
    struct pm_wait wait;
    size_t count = 0;
    int64_t until = pm_clock_mono_ms() + WRITTEN_MS;
    pm_buf_init(&buf, &world->arena, 4096);
    if (!pm_wait_init(&wait)) {
        abort();
    }
    while (count < wanted && pm_clock_mono_ms() < until) { /* reading goes before writing */
        count = pm_net_last_seen(world->net, &wait, &world->arena, 20, until, &rows);
        (void)usleep(count < wanted ? 10000 : 0);
    }
    pm_wait_finish(&wait);
    if (count) {
        qsort(rows, count, sizeof *rows, compare_ids);
    }
    for (size_t i = 0; i < count; i++) {
        add_row(&buf, &rows[i]);
    }
    return pm_buf_text(&buf);
}

static void close_seen(struct world *world)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    char name[128];
    pm_net_close(world->net);
    pm_entry_release(world->news);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        (void)snprintf(name, sizeof name, "%s%s", world->path, endings[i]);
        (void)unlink(name);
    }
    (void)rmdir(world->folder);
    pm_arena_finish(&world->arena);
}

/* Of what was told twice the last word counts; an account whose clients were not read has none. */
static void test_told(void)
{
    struct world world;
    open_seen(&world);
    tell(&world, "a", PM_CHAIN_STATE_WARMUP, 1, 2);
    tell(&world, "d", PM_CHAIN_STATE_COOLDOWN, 4, PM_SEEN_NO_CLIENTS);
    tell(&world, "a", PM_CHAIN_STATE_ROUND_TRAIN, 7, 3);
    tell(&world, "nobody's", PM_CHAIN_STATE_WARMUP, 1, 2);
    world.rows[4].tokens_done = (struct pm_big){0};
    pm_seen_note(&world.batch);
    CHECK_TEXT(read_store(&world, 5),
               PM_STR("a active phase RoundTrain tokens 5 step 7 clients 3; "
                      "b active phase Warmup tokens 5 step -1 clients -1; "
                      "c active phase  tokens 5 step -1 clients -1; "
                      "d active phase Cooldown tokens 5 step 4 clients -1; "
                      "e active phase  tokens  step -1 clients -1; "),
               "seen");
    close_seen(&world);
}

/* It is not sure that the account is of the row: that of several incarnations, or of one that is
 * over. */
static void test_not_told(void)
{
    struct world world;
    open_seen(&world);
    for (size_t i = 0; i < 5; i++) {
        tell(&world, world.rows[i].id.ptr, PM_CHAIN_STATE_ROUND_TRAIN, 7, 3);
    }
    world.pages[0].live.has_clients = true;
    world.pages[0].live.client_count = 12;
    world.rows[0].is_only_known = false;
    world.rows[1].is_only = false;
    world.rows[2].state = PM_RUN_COMPLETED;
    world.rows[3].has_step = false;
    pm_seen_note(&world.batch);
    CHECK_TEXT(read_store(&world, 5),
               PM_STR("a active phase  tokens 5 step -1 clients -1; "
                      "b active phase Warmup tokens 5 step -1 clients 12; "
                      "c active phase  tokens 5 step -1 clients -1; "
                      "d active phase RoundTrain tokens  step 7 clients 3; "
                      "e active phase RoundTrain tokens 5 step 7 clients 3; "),
               "seen");
    CHECK(!atomic_load(&world.news->is_news), "it is no news any more");
    close_seen(&world);
}

int main(void)
{
    test_told();
    test_not_told();
    return check_done();
}
