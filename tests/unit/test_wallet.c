/* test_wallet.c - what accounts say of a wallet: what each may be instead of what it should be. */

#include "source/wallet.h"

#include "account_bytes.h"

static const struct pm_wallet_who who = {
    .key = {{0x77}},
    .coordinator = {{1, 2, 3}}, /* owns all accounts made here */
    .treasurer = {{1, 2, 3}},
    .authorizer = {{1, 2, 3}},
    .pool = {{1, 2, 3}},
};
static const struct pm_key instance_key = {{0x51}}, participant_key = {{0x52}},
                           funds_key = {{0x53}}, balance_key = {{0x54}}, first_place = {{0x55}},
                           second_place = {{0x56}}, nobody = {{0x99}}, off_curve = {{2}};

/* --- the wallet's own account --- */

static void test_own_account(void)
{
    struct bytes mint, tokens, any;
    struct pm_wallet_who others = {
        .coordinator = {{11}}, .treasurer = {{12}}, .authorizer = {{13}}, .pool = {{14}}};
    memset(others.key.bytes, 0x66, sizeof others.key.bytes); /* the curve's base point */
    others.key.bytes[0] = 0x58;
    const struct {
        struct pm_rpc_row row;
        struct pm_key owner;
        bool is_executable;
        enum pm_wallet_kind want;
    } cases[] = {
        {make_participant(&any, 1), *pm_program_key(PM_PROGRAM_SYSTEM), false, PM_WALLET_PLAIN},
        {make_participant(&any, 1), {{11}}, true, PM_WALLET_PROGRAM},
        {make_participant(&any, 1), {{11}}, false, PM_WALLET_COORDINATORS},
        {make_participant(&any, 1), {{12}}, false, PM_WALLET_TREASURERS},
        {make_participant(&any, 1), {{13}}, false, PM_WALLET_AUTHORIZERS},
        {make_participant(&any, 1), {{14}}, false, PM_WALLET_POOLS},
        {make_participant(&any, 1), {{15}}, false, PM_WALLET_OTHERS},
        {make_mint(&mint, 6), *pm_program_key(PM_PROGRAM_TOKEN), false, PM_WALLET_MINT},
        {make_tokens(&tokens, &nobody, 6), *pm_program_key(PM_PROGRAM_TOKEN), false,
         PM_WALLET_TOKENS},
        {make_participant(&any, 1), *pm_program_key(PM_PROGRAM_TOKEN), false, PM_WALLET_OTHERS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_rpc_row row = cases[i].row;
        row.account.owner = cases[i].owner;
        row.account.is_executable = cases[i].is_executable;
        row.account.lamports = 5;
        struct pm_wallet_account account = pm_wallet_read_account(&others, &row);
        CHECK(account.kind == cases[i].want && account.lamports == 5, "row %zu: %d", i,
              (int)account.kind);
    }
    struct pm_rpc_row absent = {0};
    CHECK(pm_wallet_read_account(&others, &absent).kind == PM_WALLET_ABSENT, "not there");
    CHECK(pm_wallet_read_account(&others, NULL).kind == PM_WALLET_UNKNOWN, "not asked for");
    others.key = others.treasurer;
    CHECK(pm_wallet_read_account(&others, &absent).kind == PM_WALLET_PROGRAM, "one of Psyche's");
    others.key = off_curve;
    CHECK(pm_wallet_read_account(&others, &absent).kind == PM_WALLET_KEYLESS, "off the curve");
}

/* --- a run's accounts --- */

/* A run whose accounts would be at these keys. */
static struct pm_wallet_run make_run(void)
{
    struct pm_wallet_run run = {
        .instance = {.run_id = PM_STR("one"),
                     .join_authority = join_authority,
                     .main_authority = second_place,
                     .coordinator_account = state_key},
        .instance_key = instance_key,
        .default_treasurer_key = first_place,
        .may_be_paid_by_owner = true,
        .participant_key = participant_key,
        .funds_key = funds_key,
        .balance_key = balance_key,
    };
    for (int i = 0; i < PM_GRANTEE_COUNT; i++) {
        run.grant_keys[i] = (struct pm_key){{0x60, (unsigned char)i}};
    }
    return run;
}

static struct pm_rpc_row at(struct pm_rpc_row row, const struct pm_key *key)
{
    row.key = *key;
    return row;
}

static struct pm_wallet_run read_rows(struct pm_rpc_row first, struct pm_rpc_row second)
{
    struct pm_wallet_run run = make_run();
    struct pm_rpc_row rows[] = {first, second};
    struct pm_rpc_accounts accounts = {.rows = rows, .count = 2};
    pm_wallet_read_run(&who, &accounts, &run);
    return run;
}

static void test_ids(void)
{
    struct pm_wallet_run run;
    struct pm_instance instance = {.run_id = PM_STR("one")};
    CHECK(pm_wallet_run_make(&who, &instance, &run), "an id");
    instance.run_id = PM_STR("an id that no run on chain can have");
    CHECK(!pm_wallet_run_make(&who, &instance, &run), "no run can have it");
}

static void test_state(struct pm_arena *arena)
{
    struct pm_rpc_row state = {.key = state_key,
                               .account = load_account(arena, "chain/coord/coord_01.bin.zst")};
    struct pm_rpc_row none = {.key = nobody};
    struct pm_wallet_run run = read_rows(state, none);
    CHECK(run.account_part.is_asked && run.account_part.verdict == PM_ACCOUNT_BAD && !run.has_state,
          "it names another run: %s", run.account_part.problem.text);
    run = read_rows(none, none);
    CHECK(!run.account_part.is_asked && !run.has_state, "not among the answers");
}

/* --- leave --- */

static enum pm_leave read_leave(const struct pm_wallet_who *reader, struct pm_rpc_row row, int at)
{
    struct pm_wallet_run run = make_run();
    struct pm_rpc_accounts accounts = {.rows = &row, .count = 1};
    row.key = run.grant_keys[at];
    pm_wallet_read_run(reader, &accounts, &run);
    return run.grants[at].leave;
}

static void test_leave(void)
{
    struct bytes bytes;
    struct pm_wallet_who names_another = who;
    names_another.has_other = true;
    names_another.other = nobody;
    struct pm_rpc_row row = make_leave(&bytes, &join_authority, &everybody, true);
    CHECK(read_leave(&who, row, PM_GRANTEE_EVERYBODY) == PM_LEAVE_VALID, "for all");
    CHECK(read_leave(&who, row, PM_GRANTEE_WALLET) == PM_LEAVE_VALID, "wherever it stands");
    row = make_leave(&bytes, &join_authority, &who.key, true);
    CHECK(read_leave(&who, row, PM_GRANTEE_WALLET) == PM_LEAVE_VALID, "its own");
    row = make_leave(&bytes, &join_authority, &nobody, true);
    CHECK(read_leave(&names_another, row, PM_GRANTEE_OTHER) == PM_LEAVE_OTHER_GRANTEE,
          "no delegate");
    CHECK(read_leave(&who, row, PM_GRANTEE_OTHER) == PM_LEAVE_UNKNOWN, "nobody asked for it");
    row.account.owner = other_program;
    CHECK(read_leave(&who, row, PM_GRANTEE_WALLET) == PM_LEAVE_UNREADABLE, "somebody's");
    row.account.is_there = false;
    CHECK(read_leave(&who, row, PM_GRANTEE_WALLET) == PM_LEAVE_ABSENT, "none");
}

/* A leave that could be the way in, and is not known. */
static void test_unsure(void)
{
    static const struct {
        enum pm_leave leave;
        enum pm_grantee grantee;
        bool has_other, is_unsure;
    } cases[] = {
        {PM_LEAVE_ABSENT, PM_GRANTEE_EVERYBODY, true, false},
        {PM_LEAVE_UNKNOWN, PM_GRANTEE_EVERYBODY, false, true},
        {PM_LEAVE_UNREADABLE, PM_GRANTEE_WALLET, false,
         false}, /* the program cannot read it either */
        {PM_LEAVE_UNKNOWN, PM_GRANTEE_OTHER, true, true},
        {PM_LEAVE_UNREADABLE, PM_GRANTEE_OTHER, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_wallet_run run = make_run();
        for (int k = 0; k < PM_GRANTEE_COUNT; k++) {
            run.grants[k].leave = PM_LEAVE_ABSENT;
        }
        run.grants[cases[i].grantee].leave = cases[i].leave;
        CHECK(pm_wallet_is_way_unsure(&run, cases[i].has_other) == cases[i].is_unsure, "row %zu",
              i);
    }
}

/* --- rewards --- */

static void check_treasurer(struct pm_rpc_row first, struct pm_rpc_row second, bool is_known,
                            bool has_treasurer, const char *what)
{
    struct pm_wallet_run run = read_rows(first, second);
    CHECK(run.rewards.is_known == is_known && run.rewards.has_treasurer == has_treasurer,
          "%s: known %d, there %d", what, run.rewards.is_known, run.rewards.has_treasurer);
}

static void test_treasurers(void)
{
    struct bytes right_bytes, wrong_bytes, any;
    struct pm_rpc_row right = make_treasurer(&right_bytes, &instance_key),
                      wrong = make_treasurer(&wrong_bytes, &nobody), none = {0},
                      unreadable = {.account = {.is_there = true, .unreadable = "no zstd"}},
                      bad = make_participant(&any, 1);
    check_treasurer(at(none, &first_place), at(none, &second_place), true, false, "none");
    check_treasurer(at(right, &first_place), at(none, &nobody), true, true, "the first");
    check_treasurer(at(none, &nobody), at(right, &second_place), true, true, "the second");
    check_treasurer(at(right, &first_place), at(right, &second_place), true, true, "both");
    check_treasurer(at(wrong, &first_place), at(none, &second_place), true, false, "another run's");
    check_treasurer(at(none, &first_place), at(none, &nobody), false, false, "one is not told");
    check_treasurer(at(none, &nobody), at(none, &second_place), false, false, "nor the other");
    check_treasurer(at(unreadable, &first_place), at(none, &second_place), false, false,
                    "unreadable");
    check_treasurer(at(bad, &first_place), at(none, &second_place), false, false, "another kind");
    right.account.owner = other_program;
    check_treasurer(at(right, &first_place), at(none, &second_place), true, false,
                    "another program's");
}

static struct pm_wallet_rewards read_money(const struct pm_rpc_row *rows, size_t count)
{
    struct pm_wallet_run run = make_run();
    struct pm_rpc_accounts accounts = {.rows = (struct pm_rpc_row *)(uintptr_t)rows,
                                       .count = count};
    run.rewards.treasurer.collateral_mint = some_mint;
    pm_wallet_read_money(&who, &accounts, &run);
    return run.rewards;
}

static void test_money(void)
{
    struct bytes participant, mint, funds, balance;
    struct pm_rpc_row rows[] = {
        at(make_participant(&participant, 70), &participant_key),
        at(make_mint(&mint, 6), &some_mint),
        at(make_tokens(&funds, &first_place, 1000), &funds_key),
        at(make_tokens(&balance, &who.key, 20), &balance_key),
    };
    struct pm_wallet_rewards got = read_money(rows, 4);
    CHECK(got.is_participant_known && got.has_participant && got.participant.claimed_points == 70,
          "claimed");
    CHECK(got.has_mint && got.mint.decimals == 6, "mint");
    CHECK(got.has_funds && got.funds == 1000 && got.has_balance && got.balance == 20, "held");
    got = read_money(rows, 0);
    CHECK(!got.is_participant_known && !got.has_mint && !got.has_funds && !got.has_balance,
          "nothing was told");
    for (size_t i = 0; i < 4; i++) {
        rows[i].account.owner = other_program;
    }
    got = read_money(rows, 4);
    CHECK(!got.is_participant_known && !got.has_mint && !got.has_funds && !got.has_balance,
          "accounts of another program");
    for (size_t i = 0; i < 4; i++) {
        rows[i].account.is_there = false;
    }
    got = read_money(rows, 4);
    CHECK(got.is_participant_known && !got.has_participant, "never claimed");
    CHECK(!got.has_mint && got.has_funds && got.funds == 0 && got.has_balance && got.balance == 0,
          "nothing is held");
}

int main(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, ARENA_BYTES);
    test_own_account();
    test_ids();
    test_state(&arena);
    test_leave();
    test_unsure();
    test_treasurers();
    test_money();
    pm_arena_finish(&arena);
    return check_done();
}
