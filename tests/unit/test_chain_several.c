/* test_chain_several.c - what is read of a few runs' accounts. */

#include "source/chain_several.h"

#include "account_data.h"

#include <string.h>

static const struct pm_key join_authority = {{7}};
static const struct pm_key everybody;

/* --- accounts made here --- */

struct bytes {
    unsigned char data[300];
    size_t len;
};

static void add(struct bytes *bytes, const void *more, size_t len)
{
    memcpy(bytes->data + bytes->len, more, len);
    bytes->len += len;
}

static void add_text(struct bytes *bytes, const char *text)
{
    unsigned char len[4] = {(unsigned char)strlen(text)};
    add(bytes, len, sizeof len);
    add(bytes, text, strlen(text));
}

static void begin(struct bytes *bytes, enum pm_account_kind kind)
{
    unsigned char bump = 255;
    *bytes = (struct bytes){0};
    add(bytes, pm_layout_newest(kind)->discriminator, PM_DISCRIMINATOR_BYTES);
    add(bytes, &bump, 1);
}

static struct pm_rpc_row make_row(struct bytes *bytes, size_t space)
{
    return (struct pm_rpc_row){
        .account =
            {
                .is_there = true,
                .owner = program,
                .space = space,
                .data = {(const char *)bytes->data, space},
            },
    };
}

static struct pm_rpc_row make_instance(struct bytes *bytes, const char *run_id)
{
    static const struct pm_key main_authority = {{6}}, state = {{8}};
    begin(bytes, PM_ACCOUNT_INSTANCE);
    add(bytes, &main_authority, sizeof main_authority);
    add(bytes, &join_authority, sizeof join_authority);
    add(bytes, &state, sizeof state);
    add_text(bytes, run_id);
    return make_row(bytes, 173);
}

static struct pm_rpc_row make_leave(struct bytes *bytes, const struct pm_key *grantor,
                                    const struct pm_key *grantee, bool is_active)
{
    unsigned char rest[12] = {0}, active = is_active;
    begin(bytes, PM_ACCOUNT_AUTHORIZATION);
    add(bytes, grantor, sizeof *grantor);
    add(bytes, grantee, sizeof *grantee);
    add_text(bytes, PM_AUTHORIZATION_JOIN_RUN);
    add(bytes, &active, 1);
    add(bytes, rest, sizeof rest); /* no delegates; a moment */
    return make_row(bytes, bytes->len);
}

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

int main(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, ARENA_BYTES);
    test_joining();
    test_first(true);
    test_first(false);
    test_second_joining();
    test_second_heads(&arena);
    pm_arena_finish(&arena);
    return check_done();
}
