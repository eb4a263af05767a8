/* test_chain_run.c - one run's accounts on chain, trip by trip: what each may be instead of what it
 * should be, and what is made of it. */

#include "source/chain_run.h"

#include "account_bytes.h"
#include "chain_lists.h"

#include "net/inside.h"

/* Places of the first question, and of one for the state. */
enum { AT_INSTANCE, AT_PROGRAM, AT_TREASURER };
enum { AT_STATE, AT_INSTANCE_AGAIN, AT_LEAVE, AT_REWARDS, AT_MINT, AT_FUNDS };

struct run_world {
    struct chain_world chain;
    struct pm_chain_run run;
    char id[64]; /* that of a recorded state */
    struct bytes instance, other, leave, treasurer, mint, funds;
    struct pm_rpc_row first[3], second[6], third[6];
    struct pm_rpc_accounts first_accounts, second_accounts, third_accounts;
};

static const struct pm_rpc_genesis mainnet = {
    PM_STR_INIT("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d")};

/* A run that everybody may join, and that pays nothing. `id` other than its state's: NULL for that. */
static void open_run(struct run_world *world, const char *id)
{
    *world = (struct run_world){0};
    open_world(&world->chain);
    struct pm_account_problem problem;
    struct pm_coordinator_head head;
    struct pm_rpc_row state = {
        .account = load_account(&world->chain.arena, "chain/coord/coord_01.bin.zst")};
    CHECK(pm_coordinator_read_head(&state.account, &program, &head, &problem) == PM_ACCOUNT_OK,
          "the sample: %s", problem.text);
    (void)snprintf(world->id, sizeof world->id, "%.*s", PM_STR_ARG(head.run_id.text));
    id = id ? id : world->id;
    world->chain.nodes.program_key = program;
    pm_chain_run_ask(&world->run, &world->chain.nodes, pm_str_from(id), true);
    world->run.treasurer_program = world->run.authorizer_program = program;
    world->first[AT_INSTANCE] = make_instance(&world->instance, id);
    world->first[AT_PROGRAM].account.is_there = true;
    world->second[AT_STATE] = world->third[AT_STATE] = state;
    world->second[AT_INSTANCE_AGAIN] = world->third[AT_INSTANCE_AGAIN] = world->first[AT_INSTANCE];
    world->second[AT_LEAVE] = world->third[AT_LEAVE] =
        make_leave(&world->leave, &join_authority, &everybody, true);
    world->first_accounts = (struct pm_rpc_accounts){.rows = world->first, .count = 3};
    world->second_accounts = (struct pm_rpc_accounts){.rows = world->second, .count = 4};
    world->third_accounts = (struct pm_rpc_accounts){.rows = world->third, .count = 6};
}

static void say_first(struct run_world *world)
{
    answer(&world->run.instance_question, &world->first_accounts, false);
    CHECK(pm_chain_run_go_on(&world->run) == world->run.second.question.is_asked, "asks for more");
}

static void say_second(struct run_world *world)
{
    answer(&world->run.second.question, &world->second_accounts, false);
    CHECK(pm_chain_run_go_on(&world->run) == world->run.third.question.is_asked, "asks for more");
}

static void close_run(struct run_world *world)
{
    close_world(&world->chain);
}

static void test_plain(void)
{
    struct run_world world;
    open_run(&world, NULL);
    CHECK(!pm_chain_run_go_on(&world.run) && world.run.found == PM_CHAIN_PENDING, "no answer");
    CHECK(pm_chain_run_trouble(&world.run) == world.run.instance_question.asks[0], "trouble");
    say_first(&world);
    CHECK(world.run.found == PM_CHAIN_THERE && world.run.rewards.is_known, "there, no treasurer");
    CHECK(!pm_chain_run_has_state(&world.run), "its state is not in");
    CHECK(pm_chain_run_trouble(&world.run) == world.run.second.question.asks[0], "trouble");
    say_second(&world);
    CHECK(pm_chain_run_has_state(&world.run) && world.run.joining == PM_JOINING_OPEN, "all");
    CHECK(!world.run.has_changed && !world.run.went_back, "as it was");
    CHECK(!world.run.third.question.is_asked, "nothing else to ask");
    pm_chain_run_settle(&world.run);
    CHECK(world.chain.batch.told, "remembered for the store");
    close_run(&world);
}

/* Its address comes from the id, and its state has another. */
static void test_other_state(void)
{
    struct run_world world;
    open_run(&world, "somebody-else");
    say_first(&world);
    say_second(&world);
    CHECK(world.run.account_part.verdict == PM_ACCOUNT_BAD && !world.run.has_coordinator, "%s",
          world.run.account_part.problem.text);
    close_run(&world);
}

/* --- made anew while it was read --- */

static void test_changed(void)
{
    struct run_world world;
    open_run(&world, NULL);
    say_first(&world);
    world.second[AT_INSTANCE_AGAIN].account.is_there = false;
    say_second(&world);
    CHECK(world.run.has_changed, "its instance is gone");
    close_run(&world);
    open_run(&world, NULL);
    say_first(&world);
    struct pm_rpc_row *again = &world.second[AT_INSTANCE_AGAIN];
    *again = make_instance(&world.other, world.id);
    world.other.data[9 + 2 * PM_KEY_BYTES] ^= 1;
    say_second(&world);
    CHECK(world.run.has_changed, "it leads to another account");
    CHECK(pm_key_equal(&world.run.instance.coordinator_account, &state_key), "the old one stays");
    close_run(&world);
}

/* --- rewards --- */

static void test_no_treasurer(void)
{
    struct run_world world;
    open_run(&world, NULL);
    struct pm_rpc_row *row = &world.first[AT_TREASURER];
    *row = make_treasurer(&world.treasurer, &state_key);
    say_first(&world);
    CHECK(world.run.rewards.is_known && !world.run.rewards.has_treasurer, "of another run");
    close_run(&world);
    open_run(&world, NULL);
    *row = make_treasurer(&world.treasurer, &world.run.instance_key);
    row->account.owner = other_program;
    say_first(&world);
    CHECK(world.run.rewards.is_known && !world.run.rewards.has_treasurer, "another program's");
    close_run(&world);
    open_run(&world, NULL);
    row->account.unreadable = "its data are no zstd";
    say_first(&world);
    CHECK(!world.run.rewards.is_known, "not readable");
    close_run(&world);
}

static const struct pm_key treasurer_key = {{0x61}};

/* What stands in the place of the treasurer's tokens: amount, and whether that is known. */
static void check_funds(struct pm_rpc_row funds, bool has_funds, uint64_t amount, const char *what)
{
    struct run_world world;
    open_run(&world, NULL);
    world.first[AT_TREASURER] = make_treasurer(&world.treasurer, &world.run.instance_key);
    world.first[AT_TREASURER].key = treasurer_key;
    say_first(&world);
    CHECK(world.run.second.count == 6 && !world.run.second.has_authority, "%s: asks", what);
    world.second[AT_REWARDS] = world.first[AT_TREASURER];
    world.second[AT_MINT] = make_mint(&world.mint, 6);
    world.second[AT_FUNDS] = funds;
    world.second_accounts.count = 6;
    say_second(&world);
    CHECK(world.run.rewards.has_treasurer && world.run.rewards.has_mint, "%s: rewards", what);
    CHECK(world.run.rewards.has_funds == has_funds && world.run.rewards.funds == amount, "%s: %llu",
          what, (unsigned long long)world.run.rewards.funds);
    close_run(&world);
}

static void test_treasurer(void)
{
    static const struct pm_key somebody = {{0x99}};
    struct bytes bytes;
    struct pm_rpc_row funds = make_tokens(&bytes, &somebody, 77);
    check_funds(funds, false, 0, "given away");
    funds = make_tokens(&bytes, &treasurer_key, 77);
    check_funds(funds, true, 77, "an amount");
    funds.account.owner = program;
    check_funds(funds, false, 0, "no tokens");
    funds.account.is_there = false;
    check_funds(funds, true, 0, "none yet");
}

/* Under a number of its maker's choice: the main authority is the treasurer's account. */
static void test_third(void)
{
    struct run_world world;
    open_run(&world, NULL);
    say_first(&world);
    world.second[AT_REWARDS] = make_treasurer(&world.treasurer, &world.run.instance_key);
    say_second(&world);
    CHECK(world.run.third.question.is_asked && world.run.third.count == 6, "asks once more");
    CHECK(pm_chain_run_trouble(&world.run) == world.run.third.question.asks[0], "trouble");
    world.third[AT_REWARDS] = world.second[AT_REWARDS];
    world.third[AT_MINT] = make_mint(&world.mint, 6);
    world.third[AT_FUNDS] = make_tokens(&world.funds, &world.third[AT_REWARDS].key, 5);
    answer(&world.run.third.question, &world.third_accounts, false);
    CHECK(!pm_chain_run_go_on(&world.run), "nothing more");
    CHECK(world.run.rewards.has_funds && world.run.rewards.funds == 5, "funds");
    CHECK(pm_chain_run_trouble(&world.run) == world.run.instance_question.asks[0], "all is in");
    close_run(&world);
}

/* --- slots --- */

static void set_slot(struct pm_rpc_accounts *accounts, uint64_t slot)
{
    accounts->has_slot = true;
    accounts->slot = slot;
}

static void test_slots(void)
{
    struct run_world world;
    open_run(&world, NULL);
    set_slot(&world.first_accounts, 10);
    set_slot(&world.second_accounts, 7);
    set_slot(&world.third_accounts, 3);
    say_first(&world);
    world.second[AT_REWARDS] = make_treasurer(&world.treasurer, &world.run.instance_key);
    say_second(&world);
    CHECK(world.run.went_back && world.run.went_back_from == 10 && world.run.went_back_to == 7,
          "back");
    answer(&world.run.third.question, &world.third_accounts, false);
    (void)pm_chain_run_go_on(&world.run);
    CHECK(world.run.went_back_from == 10 && world.run.went_back_to == 7, "the first time counts");
    close_run(&world);
    open_run(&world, NULL);
    set_slot(&world.second_accounts, 7);
    say_first(&world);
    say_second(&world);
    CHECK(!world.run.went_back, "the first one did not say");
    close_run(&world);
    open_run(&world, NULL);
    set_slot(&world.first_accounts, 10);
    say_first(&world);
    say_second(&world);
    CHECK(!world.run.went_back, "the later one did not say");
    close_run(&world);
    open_run(&world, NULL);
    set_slot(&world.first_accounts, 10);
    set_slot(&world.second_accounts, 7);
    say_first(&world);
    answer(&world.run.second.question, &world.second_accounts, true);
    (void)pm_chain_run_go_on(&world.run);
    CHECK(!world.run.went_back, "an older answer is of an earlier slot");
    close_run(&world);
}

/* An answer that replaces a newer one, of a call before. */
static void test_slot_of_before(uint64_t before, bool is_back)
{
    static struct pm_rpc_accounts kept = {.has_slot = true};
    struct run_world world;
    open_run(&world, NULL);
    kept.slot = before;
    struct pm_ask *ask = world.run.instance_question.asks[0];
    struct pm_entry *entry = pm_entry_make(ask->kind, ask->url, ask->body),
                    *older = pm_entry_make(ask->kind, ask->url, ask->body);
    if (!entry || !older) {
        abort();
    }
    older->is_decoded = true;
    older->facts = &kept;
    entry->last_good = older;
    ask->entry = entry;
    set_slot(&world.first_accounts, 10);
    say_first(&world);
    CHECK(world.run.went_back == is_back, "%llu before 10", (unsigned long long)before);
    ask->entry = NULL;
    pm_entry_release(entry);
    close_run(&world);
}

/* --- nodes --- */

static void test_other_cluster(void)
{
    struct run_world world;
    open_run(&world, NULL);
    say_first(&world);
    say_second(&world);
    world.chain.nodes.list[0].genesis->facts = &mainnet;
    pm_chain_run_settle(&world.run);
    CHECK(world.run.found == PM_CHAIN_SILENT && !pm_chain_run_has_state(&world.run), "forgotten");
    CHECK(!world.chain.batch.told, "nothing is remembered");
    world.chain.nodes.moves++;
    CHECK(pm_chain_run_go_on(&world.run) && world.run.found == PM_CHAIN_PENDING, "asked anew");
    close_run(&world);
}

int main(void)
{
    test_plain();
    test_other_state();
    test_changed();
    test_no_treasurer();
    test_treasurer();
    test_third();
    test_slots();
    test_slot_of_before(11, true);
    test_slot_of_before(9, false);
    test_other_cluster();
    return check_done();
}
