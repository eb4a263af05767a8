/* test_assumed.c - the doctor's rows about the dashboard, the hub and the storage: each part of a
 * reply goes missing by itself, and the row of that reply says so. */

#include "source/assumed_inside.h"
#include "source/dashboard_inside.h"
#include "source/dashboard_pool.h"
#include "source/gcs_inside.h"
#include "source/hub_inside.h"

#include "net/inside.h"

#include "check.h"

#include <stddef.h>
#include <string.h>

#define COMMIT PM_STR("0123456789abcdef0123456789abcdef01234567")
#define DEVNET PM_STR("EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG")
#define PROGRAM PM_STR("4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT7")

/* Replies that lack nothing, and the requests that they answer. */
struct world {
    struct pm_settings settings;
    struct pm_batch batch;
    struct pm_assumed assumed;
    struct pm_run_info rows[2];
    struct pm_runs runs;
    struct pm_run_page page;
    struct pm_contributor contributor;
    struct pm_pool pool;
    struct pm_dashboard_status status;
    struct pm_hub_model found[2], model;
    struct pm_hub_models models;
    struct pm_hub_commit commit;
    struct pm_hub_commits commits;
    struct pm_gcs_manifest manifest;
    struct pm_entry entries[8];
    struct pm_ask asks[8];
};

enum { RUNS, RUN, POOL, STATUS, SEARCH, MODEL, COMMITS, STORAGE };

static const struct pm_ask *answer(struct world *world, int which, const struct pm_kind *kind,
                                   const void *facts)
{
    struct pm_entry *entry = &world->entries[which];
    entry->kind = kind;
    entry->headers.content_type = PM_STR("application/json");
    entry->headers.rate_limit = PM_STR("\"api\";r=499;t=299");
    world->asks[which] =
        (struct pm_ask){.kind = kind, .facts = facts, .is_in = true, .entry = entry};
    return &world->asks[which];
}

static void fill_dashboard(struct world *world)
{
    static const struct pm_big some = {.is_known = true};
    for (size_t i = 0; i < 2; i++) {
        world->rows[i] = (struct pm_run_info){.id = PM_STR("a"),
                                              .arch = PM_STR("HfLlama"),
                                              .last_update = {.has_time = true},
                                              .params = some,
                                              .tokens_planned = some};
    }
    world->runs = (struct pm_runs){.rows = world->rows, .count = 2};
    world->page = (struct pm_run_page){.is_there = true, .info = world->rows[0]};
    world->page.live = (struct pm_run_live){.is_there = true,
                                            .phase = PM_STR("RoundTrain"),
                                            .has_phase_start = true,
                                            .round = {true, 1},
                                            .has_clients = true,
                                            .has_checkpoint = true};
    world->page.live.config.min_clients = world->page.live.config.epoch_s =
        (struct pm_count){true, 1};
    world->page.live.config.lr.kind = PM_STR("Cosine");
    world->contributor = (struct pm_contributor){.rank = {true, 1}, .amount = some};
    world->pool = (struct pm_pool){.is_read = true,
                                   .deposited = some,
                                   .cap = some,
                                   .decimals = {true, 6},
                                   .mint = PM_STR("mint"),
                                   .contributors = &world->contributor,
                                   .contributor_count = 1};
    world->status.coordinator = (struct pm_indexer){
        .is_there = true, .chain_slot = {true, 9}, .program = PROGRAM, .genesis = DEVNET};
    world->status.pool = world->status.coordinator;
}

static void fill_hub(struct world *world)
{
    for (size_t i = 0; i < 2; i++) {
        world->found[i] =
            (struct pm_hub_model){.id = PM_STR("Owner/name"), .last_modified = {true, 1}};
    }
    world->models = (struct pm_hub_models){.rows = world->found, .count = 2};
    world->model = (struct pm_hub_model){.sha = COMMIT,
                                         .has_files = true,
                                         .has_all_sizes = true,
                                         .last_modified = {true, 1},
                                         .gate = PM_HUB_GATE_NONE,
                                         .private_ = {true, false}};
    world->commit =
        (struct pm_hub_commit){.id = COMMIT, .title = PM_STR("step 1"), .date = {true, 1}};
    world->commits = (struct pm_hub_commits){.rows = &world->commit, .count = 1, .has_total = true};
    world->manifest = (struct pm_gcs_manifest){.found = PM_GCS_MISSING, .is_bucket_missing = true};
}

static void fill(struct world *world)
{
    memset(world, 0, sizeof *world);
    fill_dashboard(world);
    fill_hub(world);
    world->batch.settings = &world->settings;
    struct pm_assumed *assumed = &world->assumed;
    assumed->batch = &world->batch;
    assumed->foundation = PM_STR("Owner");
    for (int i = 0; i < PM_PSYCHE_COUNT; i++) {
        world->settings.programs[i].text = PROGRAM;
    }
    assumed->coordinator.nodes.expected = assumed->pool.nodes.expected = PM_CLUSTER_DEVNET;
    assumed->pool.nodes.program = PM_PSYCHE_POOL;
    assumed->runs = answer(world, RUNS, &pm_dashboard_kind_runs, &world->runs);
    assumed->run = answer(world, RUN, &pm_dashboard_kind_run, &world->page);
    assumed->contributions = answer(world, POOL, &pm_dashboard_kind_pool, &world->pool);
    assumed->status = answer(world, STATUS, &pm_dashboard_kind_status, &world->status);
    assumed->hub_search = answer(world, SEARCH, &pm_hub_kind_search, &world->models);
    assumed->hub_model = answer(world, MODEL, &pm_hub_kinds_model.moving, &world->model);
    assumed->hub_commits = answer(world, COMMITS, &pm_hub_kinds_commits.moving, &world->commits);
    assumed->storage = answer(world, STORAGE, &pm_gcs_kind_manifest, &world->manifest);
}

/* --- one thing is otherwise --- */

/* The place of a member of struct world, which becomes 0, or a small number. */
#define AT(member) offsetof(struct world, member), sizeof(((struct world *)0)->member)
#define GONE(member) AT(member), 0

#define COORDINATOR status.coordinator
#define CONFIG page.live.config

static const struct {
    pm_assumed_fn *check;
    size_t offset, size;
    unsigned char value;
    enum pm_finding_kind want;
    const char *words; /* in the detail */
} rows[] = {
    {pm_assumed_check_runs, 0, 0, 0, PM_FINDING_OK, "2 runs"},
    {pm_assumed_check_runs, AT(rows[1].state), PM_RUN_OTHER, PM_FINDING_DIFFERS, "no known status"},
    {pm_assumed_check_runs, GONE(rows[0].tokens_planned), PM_FINDING_DIFFERS,
     "no known totalTokens"},
    {pm_assumed_check_runs, GONE(rows[1].last_update), PM_FINDING_DIFFERS,
     "no known lastUpdate, or the like, in 1 of 2 runs"},
    {pm_assumed_check_runs, GONE(rows[1].params), PM_FINDING_DIFFERS, "no known size"},
    {pm_assumed_check_runs, GONE(rows[1].arch), PM_FINDING_DIFFERS, "no known arch"},
    {pm_assumed_check_runs, GONE(rows), PM_FINDING_DIFFERS,
     "no known totalTokens, or the like, in 2 of 2"},
    {pm_assumed_check_runs, AT(runs.unreadable), 3, PM_FINDING_DIFFERS,
     "no usable id in 3 of 5 runs"},
    {pm_assumed_check_runs, GONE(asks[RUNS].facts), PM_FINDING_UNKNOWN, "ok: "},
    {pm_assumed_check_runs, AT(asks[RUNS].is_stale), 1, PM_FINDING_UNKNOWN, "ok: "},

    {pm_assumed_check_run, 0, 0, 0, PM_FINDING_OK, "a has all parts"},
    {pm_assumed_check_run, GONE(assumed.run), PM_FINDING_UNKNOWN, "no run is listed"},
    {pm_assumed_check_run, GONE(asks[RUN].is_in), PM_FINDING_UNKNOWN, "not asked"},
    {pm_assumed_check_run, GONE(page.is_there), PM_FINDING_DIFFERS,
     "no page of a run that is listed"},
    {pm_assumed_check_run, GONE(page.live.is_there), PM_FINDING_DIFFERS, "no usable state"},
    {pm_assumed_check_run, GONE(page.live.phase), PM_FINDING_DIFFERS, "no usable state.phase"},
    {pm_assumed_check_run, GONE(page.live.has_phase_start), PM_FINDING_DIFFERS,
     "state.phaseStartTime"},
    {pm_assumed_check_run, GONE(page.live.round), PM_FINDING_DIFFERS, "no usable state.round"},
    {pm_assumed_check_run, GONE(page.live.has_clients), PM_FINDING_DIFFERS,
     "no usable state.clients"},
    {pm_assumed_check_run, GONE(page.live.has_checkpoint), PM_FINDING_DIFFERS, "state.checkpoint"},
    {pm_assumed_check_run, GONE(CONFIG.min_clients), PM_FINDING_DIFFERS, "state.config.minClients"},
    {pm_assumed_check_run, GONE(CONFIG.epoch_s), PM_FINDING_DIFFERS, "state.config.epochTime"},
    {pm_assumed_check_run, GONE(CONFIG.lr.kind), PM_FINDING_DIFFERS, "state.config.lrSchedule"},

    {pm_assumed_check_contributions, 0, 0, 0, PM_FINDING_OK, "1 contributors"},
    {pm_assumed_check_contributions, GONE(pool.is_read), PM_FINDING_UNKNOWN,
     "has not read the pool"},
    {pm_assumed_check_contributions, AT(pool.unreadable), 2, PM_FINDING_DIFFERS, "in 2 of 3 users"},
    {pm_assumed_check_contributions, GONE(pool.deposited), PM_FINDING_DIFFERS,
     "no usable totalDepositedCollateralAmount"},
    {pm_assumed_check_contributions, GONE(pool.cap), PM_FINDING_DIFFERS,
     "maxDepositCollateralAmount"},
    {pm_assumed_check_contributions, GONE(pool.decimals), PM_FINDING_DIFFERS,
     "collateralMintDecimals"},
    {pm_assumed_check_contributions, GONE(pool.mint), PM_FINDING_DIFFERS, "collateralMintAddress"},
    {pm_assumed_check_contributions, GONE(contributor.rank), PM_FINDING_DIFFERS, "users.rank"},
    {pm_assumed_check_contributions, GONE(contributor.amount), PM_FINDING_DIFFERS, "users.funding"},
    {pm_assumed_check_contributions, GONE(asks[POOL].facts), PM_FINDING_UNKNOWN, "ok: "},

    {pm_assumed_check_status, 0, 0, 0, PM_FINDING_OK, "incarnations of runs tracked: 0"},
    {pm_assumed_check_status, GONE(COORDINATOR.is_there), PM_FINDING_DIFFERS,
     "no usable coordinator: the object itself"},
    {pm_assumed_check_status, GONE(COORDINATOR.chain_slot), PM_FINDING_DIFFERS,
     "chain.chainSlotHeight"},
    {pm_assumed_check_status, GONE(COORDINATOR.program), PM_FINDING_DIFFERS, "chain.programId"},
    {pm_assumed_check_status, GONE(status.pool.genesis), PM_FINDING_DIFFERS,
     "no usable miningPool: chain.networkGenesis"},
    {pm_assumed_check_status, GONE(asks[STATUS].facts), PM_FINDING_UNKNOWN, "ok: "},

    {pm_assumed_check_content_type, 0, 0, 0, PM_FINDING_OK, "of all replies that could be read"},
    {pm_assumed_check_content_type, GONE(entries[RUN].headers.content_type), PM_FINDING_DIFFERS,
     "/run says none"},
    {pm_assumed_check_content_type, GONE(asks), PM_FINDING_UNKNOWN, "there is no reply to look at"},

    {pm_assumed_check_coordinator_place, 0, 0, 0, PM_FINDING_OK, "the same, on devnet"},
    {pm_assumed_check_pool_place, 0, 0, 0, PM_FINDING_OK, "the same, on devnet"},
    {pm_assumed_check_coordinator_place, GONE(COORDINATOR.program), PM_FINDING_UNKNOWN,
     "does not say"},
    {pm_assumed_check_coordinator_place, GONE(COORDINATOR.genesis), PM_FINDING_UNKNOWN,
     "does not say"},
    {pm_assumed_check_pool_place, GONE(settings.programs[PM_PSYCHE_POOL].text), PM_FINDING_DIFFERS,
     "assumed , found 4SHug"},
    {pm_assumed_check_pool_place, AT(assumed.pool.nodes.expected), PM_CLUSTER_TESTNET,
     PM_FINDING_DIFFERS, "assumed testnet, found devnet (genesis EtWTR"},
    {pm_assumed_check_pool_place, GONE(asks[STATUS].facts), PM_FINDING_UNKNOWN, "ok: "},

    {pm_assumed_check_hub_search, 0, 0, 0, PM_FINDING_OK, "2 repositories, the newest Owner/name"},
    {pm_assumed_check_hub_search, GONE(found[1].id), PM_FINDING_DIFFERS, "no usable id"},
    {pm_assumed_check_hub_search, GONE(found[1].last_modified), PM_FINDING_DIFFERS, "lastModified"},
    {pm_assumed_check_hub_search, AT(models.unreadable), 1, PM_FINDING_DIFFERS, "no usable id"},
    {pm_assumed_check_hub_search, GONE(models.count), PM_FINDING_DIFFERS, "no repository of Owner"},
    {pm_assumed_check_hub_search, GONE(asks[SEARCH].facts), PM_FINDING_UNKNOWN, "ok: "},
    {pm_assumed_check_hub_search, GONE(asks[SEARCH].is_in), PM_FINDING_UNKNOWN, "not asked"},
    {pm_assumed_check_hub_search, GONE(assumed.hub_search), PM_FINDING_UNKNOWN, "not asked"},

    {pm_assumed_check_hub_repository, 0, 0, 0, PM_FINDING_OK, "0 files, all with sizes"},
    {pm_assumed_check_hub_repository, AT(model.found), PM_HUB_GATED, PM_FINDING_DIFFERS,
     "one that a search finds is not shown"},
    {pm_assumed_check_hub_repository, GONE(model.sha), PM_FINDING_DIFFERS, "no usable sha"},
    {pm_assumed_check_hub_repository, GONE(model.has_files), PM_FINDING_DIFFERS,
     "no usable siblings"},
    {pm_assumed_check_hub_repository, GONE(model.has_all_sizes), PM_FINDING_DIFFERS,
     "siblings.size"},
    {pm_assumed_check_hub_repository, GONE(model.last_modified), PM_FINDING_DIFFERS,
     "lastModified"},
    {pm_assumed_check_hub_repository, GONE(model.gate), PM_FINDING_DIFFERS, "no usable gated"},
    {pm_assumed_check_hub_repository, GONE(model.private_), PM_FINDING_DIFFERS,
     "no usable private"},
    {pm_assumed_check_hub_repository, GONE(assumed.hub_model), PM_FINDING_UNKNOWN,
     "no repository is known to ask for"},

    {pm_assumed_check_hub_commits, 0, 0, 0, PM_FINDING_OK, "0 of them"},
    {pm_assumed_check_hub_commits, AT(commits.found), PM_HUB_GATED, PM_FINDING_UNKNOWN, "is gated"},
    {pm_assumed_check_hub_commits, AT(commits.found), PM_HUB_NO_REVISION, PM_FINDING_DIFFERS,
     "the branch main has no commits"},
    {pm_assumed_check_hub_commits, GONE(commits.count), PM_FINDING_DIFFERS, "main has no commits"},
    {pm_assumed_check_hub_commits, AT(commits.unreadable), 1, PM_FINDING_DIFFERS, "no usable id"},
    {pm_assumed_check_hub_commits, GONE(commit.id), PM_FINDING_DIFFERS, "no usable id"},
    {pm_assumed_check_hub_commits, GONE(commit.title), PM_FINDING_DIFFERS, "no usable title"},
    {pm_assumed_check_hub_commits, GONE(commit.date), PM_FINDING_DIFFERS, "no usable date"},
    {pm_assumed_check_hub_commits, GONE(commits.has_total), PM_FINDING_DIFFERS, "X-Total-Count"},
    {pm_assumed_check_hub_commits, GONE(asks[COMMITS].is_in), PM_FINDING_UNKNOWN, "not asked"},

    {pm_assumed_check_hub_headers, 0, 0, 0, PM_FINDING_OK, "JSON, and says how often"},
    {pm_assumed_check_hub_headers, GONE(entries[SEARCH].headers.content_type), PM_FINDING_DIFFERS,
     "the content type is none"},
    {pm_assumed_check_hub_headers, GONE(entries[SEARCH].headers.rate_limit), PM_FINDING_DIFFERS,
     "no usable RateLimit"},
    {pm_assumed_check_hub_headers, GONE(asks[SEARCH].facts), PM_FINDING_UNKNOWN, "ok: "},

    {pm_assumed_check_storage, 0, 0, 0, PM_FINDING_OK, "says that there is no such bucket"},
    {pm_assumed_check_storage, GONE(manifest.is_bucket_missing), PM_FINDING_OK, "it is not there"},
    {pm_assumed_check_storage, AT(manifest.found), PM_GCS_THERE, PM_FINDING_DIFFERS,
     "found an object that cannot be there"},
    {pm_assumed_check_storage, GONE(asks[STORAGE].facts), PM_FINDING_UNKNOWN, "ok: "},
    {pm_assumed_check_storage, GONE(asks[STORAGE].is_in), PM_FINDING_UNKNOWN, "not asked"},
    {pm_assumed_check_storage, GONE(assumed.storage), PM_FINDING_UNKNOWN, "not asked"},
};

static void check_alone(struct world *world, pm_assumed_fn *check, enum pm_finding_kind want,
                        const char *words_of_it)
{
    struct pm_finding finding = {.detail = ""};
    check(&world->assumed, &finding);
    CHECK(finding.kind == want && strstr(finding.detail, words_of_it), "got %s, %s",
          pm_finding_word(finding.kind), finding.detail);
}

/* Two things at once. */
static void test_more(void)
{
    struct world world;
    fill(&world);
    world.manifest.found = PM_GCS_DENIED;
    world.manifest.is_bucket_missing = false;
    check_alone(&world, pm_assumed_check_storage, PM_FINDING_OK, "does not say whether");
    world.asks[STATUS].facts = NULL;
    world.asks[STATUS].outcome.status = PM_STATUS_BAD_REPLY;
    check_alone(&world, pm_assumed_check_status, PM_FINDING_DIFFERS, "bad_reply");
    check_alone(&world, pm_assumed_check_pool_place, PM_FINDING_UNKNOWN, "bad_reply");
}

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world world;
        struct pm_finding finding = {.detail = ""};
        fill(&world);
        if (rows[i].size) {
            unsigned char *place = (unsigned char *)&world + rows[i].offset;
            memset(place, 0, rows[i].size);
            place[0] = rows[i].value; /* of an enumeration or a count: its low byte */
        }
        rows[i].check(&world.assumed, &finding);
        CHECK(finding.kind == rows[i].want && strstr(finding.detail, rows[i].words),
              "%zu: want %s, %s: got %s, %s", i, pm_finding_word(rows[i].want), rows[i].words,
              pm_finding_word(finding.kind), finding.detail);
    }
    test_more();
    return check_done();
}
