/* test_chain_several.c - what is read of a few runs' accounts. */

#include "source/chain_several.h"

#include "account_bytes.h"
#include "chain_lists.h"

/* --- who may join --- */

static void test_joining(void)
{
    struct bytes bytes;
    struct pm_chain_part part;
    struct pm_rpc_row absent = {0}, row = make_leave(&bytes, &join_authority, &everybody, true);
    CHECK(pm_joining_read(&row, &program, &join_authority, &part) == PM_JOINING_OPEN, "open");
    CHECK(pm_joining_read(&row, &other_program, &join_authority, &part) == PM_JOINING_UNKNOWN,
          "owner");
    CHECK(pm_joining_read(&row, &program, &other_program, &part) == PM_JOINING_AUTHORIZED,
          "another authority's leave");
    row.account.data.len--;
    row.account.space--;
    CHECK(pm_joining_read(&row, &program, &join_authority, &part) == PM_JOINING_UNKNOWN,
          "cut short");
    row = make_leave(&bytes, &join_authority, &everybody, true);
    row.account.unreadable = "its data are no zstd";
    CHECK(pm_joining_read(&row, &program, &join_authority, &part) == PM_JOINING_UNKNOWN,
          "unreadable");
    row = make_leave(&bytes, &join_authority, &everybody, false);
    CHECK(pm_joining_read(&row, &program, &join_authority, &part) == PM_JOINING_AUTHORIZED,
          "taken back");
    row = make_leave(&bytes, &join_authority, &other_program, true);
    CHECK(pm_joining_read(&row, &program, &join_authority, &part) == PM_JOINING_AUTHORIZED,
          "somebody's alone");
    CHECK(pm_joining_read(&absent, &program, &join_authority, &part) == PM_JOINING_AUTHORIZED,
          "none");
}

/* --- several runs --- */

static struct pm_chain_several make_several(struct pm_nodes *nodes, enum pm_chain_wanted wanted)
{
    nodes->program_key = program;
    return (struct pm_chain_several){
        .nodes = nodes,
        .wanted = wanted,
        .authorizer_program = program,
        .count = 4,
        .runs = {{.id = PM_STR("one"), .has_key = true, .at = SIZE_MAX},
                 {.id = PM_STR("an id that no run on chain can have"), .at = SIZE_MAX},
                 {.id = PM_STR("two"), .has_key = true, .at = SIZE_MAX},
                 {.id = PM_STR("three"), .has_key = true, .at = SIZE_MAX}},
    };
}

static void test_first(bool has_program)
{
    struct pm_nodes nodes = {0};
    struct bytes one, two;
    struct pm_chain_several several = make_several(&nodes, PM_CHAIN_WANTED_JOINING);
    struct pm_rpc_row rows[4] = {make_instance(&one, "one"), make_instance(&two, "another")};
    struct pm_rpc_accounts accounts = {.rows = rows, .count = 4};
    rows[3].account.is_there = has_program;
    pm_chain_several_take_first(&several, &accounts);
    CHECK(several.runs[0].found == PM_CHAIN_THERE, "one is there");
    CHECK(pm_key_equal(&several.runs[0].instance.join_authority, &join_authority), "its authority");
    CHECK(several.runs[1].found == PM_CHAIN_NOT_ASKED, "one that cannot be");
    CHECK(several.runs[2].found == PM_CHAIN_BAD, "it names another run");
    CHECK(several.runs[3].found == (has_program ? PM_CHAIN_ABSENT : PM_CHAIN_DOUBTFUL),
          "none there, program %d", has_program);
    CHECK(pm_chain_several_lacks_any(&several), "lacks one");
    CHECK(pm_chain_several_find(&several, PM_STR("two")) == &several.runs[2], "find");
    CHECK(!pm_chain_several_find(&several, PM_STR("tw")), "find none");
}

static void test_second_joining(void)
{
    struct pm_nodes nodes = {0};
    struct bytes one, leave;
    struct pm_chain_several several = make_several(&nodes, PM_CHAIN_WANTED_JOINING);
    struct pm_rpc_row rows[4] = {make_instance(&one, "one")},
                      second[2] = {{.account.unreadable = "x"}};
    struct pm_rpc_accounts accounts = {.rows = rows, .count = 4};
    struct pm_rpc_accounts leaves = {.rows = second, .count = 2};
    pm_chain_several_take_first(&several, &accounts);
    second[1] = make_leave(&leave, &join_authority, &everybody, true);
    pm_chain_several_take_second(&several, &leaves);
    CHECK(several.runs[0].joining == PM_JOINING_UNKNOWN, "not asked for");
    several.runs[0].at = 1;
    pm_chain_several_take_second(&several, &leaves);
    CHECK(several.runs[0].joining == PM_JOINING_OPEN, "open");
    several.runs[0].at = 2;
    pm_chain_several_take_second(&several, &leaves);
    pm_chain_several_take_first(&several, &accounts);
    CHECK(several.runs[0].joining == PM_JOINING_UNKNOWN, "forgotten with a new first answer");
}

/* A recorded state, whose run's id stands in it; and the same under another run's instance. */
static void test_second_heads(struct pm_arena *arena)
{
    struct pm_nodes nodes = {0};
    struct pm_chain_several several = make_several(&nodes, PM_CHAIN_WANTED_HEADS);
    struct pm_coordinator_head head;
    struct pm_account_problem problem;
    struct pm_rpc_row rows[2] = {{.account = load_account(arena, "chain/coord/coord_01.bin.zst")}};
    struct pm_rpc_accounts accounts = {.rows = rows, .count = 2};
    enum pm_account_verdict verdict =
        pm_coordinator_read_head(&rows[0].account, &program, &head, &problem);
    CHECK(verdict == PM_ACCOUNT_OK, "the sample: %s", problem.text);
    rows[1] = rows[0];
    several.runs[0].at = 0;
    several.runs[0].instance.run_id = head.run_id.text;
    several.runs[2].at = 1;
    several.runs[2].instance.run_id = PM_STR("somebody else's");
    pm_chain_several_take_second(&several, &accounts);
    CHECK(several.runs[0].part.is_asked && several.runs[0].part.verdict == PM_ACCOUNT_OK, "read");
    CHECK(several.runs[0].head.model.checkpoint.kind == head.model.checkpoint.kind, "checkpoint");
    CHECK(several.runs[2].part.verdict == PM_ACCOUNT_BAD, "of another run");
    CHECK(!several.runs[3].part.is_asked, "not asked for");
}

/* --- asking --- */

#define LONG_ID "an id that no run on chain can have"

/* Asked of two nodes, as many as there is room for. */
static void open_several(struct chain_world *world, struct pm_chain_several *several)
{
    static const pm_str ids[] = {PM_STR_INIT("one"), PM_STR_INIT(LONG_ID), PM_STR_INIT("3"),
                                 PM_STR_INIT("4"),   PM_STR_INIT("5"),     PM_STR_INIT("6"),
                                 PM_STR_INIT("7"),   PM_STR_INIT("8"),     PM_STR_INIT("nine")};
    open_world(world);
    world->nodes.list[world->nodes.count++] =
        (struct pm_node){.url = PM_STR("http://127.0.0.1:2/")};
    world->nodes.program_key = program;
    pm_chain_several_ask(several, &world->nodes, PM_CHAIN_WANTED_JOINING, ids, 9, true);
    several->authorizer_program = program;
}

/* The first run's instance alone, or none; and the program behind the six others. */
static struct pm_rpc_accounts first_answer(struct pm_rpc_row *rows, struct bytes *bytes,
                                           bool has_run)
{
    memset(rows, 0, 8 * sizeof *rows);
    rows[0] = has_run ? make_instance(bytes, "one") : (struct pm_rpc_row){0};
    rows[7].account.is_there = true;
    return (struct pm_rpc_accounts){.rows = rows, .count = 8};
}

static void test_asking(void)
{
    struct chain_world world;
    struct pm_chain_several several;
    struct bytes one, leave;
    struct pm_rpc_row rows[8], second[1];
    open_several(&world, &several);
    CHECK(several.count == PM_CHAIN_SEVERAL_MOST && several.first_count == 8, "%zu keys",
          several.first_count);
    CHECK(!pm_chain_several_find(&several, PM_STR("nine")), "no room for nine");
    CHECK(pm_chain_several_trouble(&several) == several.first_question.asks[0], "trouble");
    several.first_question.asks[0]->outcome.status = PM_STATUS_UNAVAILABLE;
    CHECK(pm_chain_several_go_on(&several) && several.first_question.node == 1, "the next node");
    struct pm_rpc_accounts found = first_answer(rows, &one, true);
    answer(&several.first_question, &found, false);
    CHECK(pm_chain_several_go_on(&several) && several.key_count == 1, "asks for the leave");
    CHECK(pm_chain_several_trouble(&several) == several.second_question.asks[1], "trouble");
    second[0] = make_leave(&leave, &join_authority, &everybody, true);
    struct pm_rpc_accounts leaves = {.rows = second, .count = 1};
    answer(&several.second_question, &leaves, false);
    CHECK(!pm_chain_several_go_on(&several) && !pm_chain_several_trouble(&several), "all is in");
    CHECK(several.runs[0].joining == PM_JOINING_OPEN, "open");
    CHECK(several.runs[1].found == PM_CHAIN_NOT_ASKED, "no run can have such an id");
    CHECK(several.runs[2].found == PM_CHAIN_ABSENT, "not there");
    static const struct pm_rpc_genesis mainnet = {
        PM_STR_INIT("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d")};
    world.nodes.list[1].genesis->facts = &mainnet;
    pm_chain_several_settle(&several);
    CHECK(several.runs[0].found == PM_CHAIN_SILENT && several.runs[0].joining == PM_JOINING_UNKNOWN,
          "of another cluster");
    world.nodes.moves++;
    CHECK(pm_chain_several_go_on(&several) && several.runs[0].found == PM_CHAIN_PENDING, "anew");
    close_world(&world);
}

/* Nothing follows from runs that are not there, nor from a reply that is too short. */
static void test_asking_no_more(void)
{
    struct chain_world world;
    struct pm_chain_several several;
    struct bytes one;
    struct pm_rpc_row rows[8];
    open_several(&world, &several);
    struct pm_rpc_accounts none = first_answer(rows, &one, false);
    answer(&several.first_question, &none, false);
    CHECK(!pm_chain_several_go_on(&several) && !several.second_question.is_asked, "none is there");
    static const pm_str impossible[] = {PM_STR_INIT(LONG_ID)};
    pm_chain_several_ask(&several, &world.nodes, PM_CHAIN_WANTED_HEADS, impossible, 1, true);
    CHECK(!several.first_question.is_asked && !pm_chain_several_trouble(&several), "no id to ask");
    pm_chain_several_settle(&several);
    CHECK(several.runs[0].found == PM_CHAIN_NOT_ASKED, "no run can have it");
    close_world(&world);
    open_several(&world, &several);
    none.count = 2;
    pm_chain_several_take_first(&several, &none);
    CHECK(several.runs[0].found == PM_CHAIN_DOUBTFUL, "the last one is the program");
    CHECK(several.runs[7].found == PM_CHAIN_PENDING, "as it was");
    close_world(&world);
}

int main(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, ARENA_BYTES);
    test_joining();
    test_first(true);
    test_first(false);
    test_second_joining();
    test_second_heads(&arena);
    test_asking();
    test_asking_no_more();
    pm_arena_finish(&arena);
    return check_done();
}
