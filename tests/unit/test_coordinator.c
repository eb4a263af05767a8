/* test_coordinator.c - chain/coordinator*. What each field of the recorded accounts says is compared
 * in tests/contract/test_accounts.py. */

#include "chain/coordinator_derive.h"

#include "account_data.h"

#define TRAINING "chain/coord/coord_04.bin.zst"
#define FULL "chain/coord/coord_05.bin.zst"
#define EXTREME "chain/coord/coord_17.bin.zst"

static struct pm_coordinator run; /* large, and one at a time */

static enum pm_account_verdict read_run(struct pm_arena *arena, const struct pm_account *account,
                                        struct pm_account_problem *problem)
{
    memset(&run, 0xAA, sizeof run);
    return pm_coordinator_read(arena, account, &program, &run, problem);
}

static void test_whole(void)
{
    struct pm_arena arena;
    struct pm_account_problem problem;
    pm_arena_init(&arena, ARENA_BYTES);
    struct pm_account account = load_account(&arena, FULL);
    CHECK(read_run(&arena, &account, &problem) == PM_ACCOUNT_OK, "%s", problem.text);
    CHECK_TEXT(run.head.run_id.text, PM_STR("witness-max"), "run id");
    CHECK_TEXT(pm_chain_state_word(run.head.state), PM_STR("RoundWitness"), "state");
    CHECK_TEXT(pm_chain_state_shown(run.head.state), PM_STR("Witness"), "state, for people");
    CHECK(run.tail.client_count == 256 && run.tail.exited_count == 256, "clients of the epoch");
    CHECK(run.tail.member_count == 256, "joined clients: %zu", run.tail.member_count);
    CHECK(run.clients[255].state == PM_CHAIN_CLIENT_HEALTHY, "last client");
    CHECK(run.rounds[3].witness_count == 32, "witnesses: %zu", run.rounds[3].witness_count);
    struct pm_coordinator_witness witness = pm_coordinator_witness(&run.rounds[0], 0);
    CHECK(witness.position == 238 && witness.index == 0 && witness.is_witness == 1, "witness");
    CHECK(witness.participants.keys[0] == UINT64_C(2728177074517362830), "its first key");
    CHECK(witness.broadcasts.bits[15] == 4295098368, "its last bits");
    CHECK(witness.merkle[31] == 86, "its hash");
    pm_arena_finish(&arena);
}

/* A whole account from the beginning of the memory page, and one byte later: it has no alignment. */
static void test_alignment(void)
{
    struct pm_arena arena;
    struct pm_account_problem problem;
    pm_arena_init(&arena, ARENA_BYTES);
    struct pm_account account = load_account(&arena, TRAINING);
    for (size_t shift = 0; shift < 8; shift++) {
        char *bytes = pm_arena_alloc(&arena, account.data.len + 8);
        struct pm_account moved = account;
        memcpy(bytes + shift, account.data.ptr, account.data.len);
        moved.data.ptr = bytes + shift;
        CHECK(read_run(&arena, &moved, &problem) == PM_ACCOUNT_OK, "at %zu: %s", shift,
              problem.text);
        CHECK(run.tail.nonce == 7 && run.head.step == 1234, "at %zu", shift);
    }
    pm_arena_finish(&arena);
}

static void test_cuts(void)
{
    struct pm_arena arena;
    struct pm_account_problem problem;
    struct pm_coordinator_head head;
    struct pm_coordinator_tail tail;
    pm_arena_init(&arena, ARENA_BYTES);
    struct pm_account account = load_account(&arena, TRAINING);
    for (size_t bytes = 0; bytes < account.data.len; bytes += bytes < 3000 ? 1 : 997) {
        struct pm_account part = set_apart(account, bytes);
        enum pm_account_verdict want = bytes < 8 ? PM_ACCOUNT_BAD : PM_ACCOUNT_LAYOUT_UNKNOWN;
        CHECK(read_run(&arena, &part, &problem) == want, "%zu bytes: %s", bytes, problem.text);
        CHECK(is_zero(&run, sizeof run), "%zu bytes: no field is given", bytes);
        part.space = account.space; /* the account is whole, the reply is not */
        CHECK(read_run(&arena, &part, &problem) == PM_ACCOUNT_BAD, "%zu bytes came", bytes);
        CHECK(is_zero(&run, sizeof run), "%zu bytes came: no field is given", bytes);
        bool has_head = bytes >= PM_COORDINATOR_HEAD_BYTES;
        CHECK((pm_coordinator_read_head(&part, &program, &head, &problem) == PM_ACCOUNT_OK) ==
                  has_head,
              "head of %zu bytes: %s", bytes, problem.text);
        CHECK(has_head || is_zero(&head, sizeof head), "head of %zu bytes", bytes);
        CHECK(pm_coordinator_read_tail(&arena, &part, &program, &tail, &problem) == PM_ACCOUNT_BAD,
              "tail of %zu bytes", bytes);
        release(part);
    }
    pm_arena_finish(&arena);
}

static void test_slices(void)
{
    struct pm_arena arena;
    struct pm_account_problem problem;
    struct pm_coordinator_head head;
    struct pm_coordinator_tail tail;
    pm_arena_init(&arena, ARENA_BYTES);
    struct pm_account account = load_account(&arena, TRAINING), slice = account;
    CHECK(PM_COORDINATOR_TAIL_OFFSET + PM_COORDINATOR_TAIL_BYTES == account.space, "the end");
    slice.data = pm_str_slice(account.data, 0, PM_COORDINATOR_HEAD_BYTES);
    CHECK(pm_coordinator_read_head(&slice, &program, &head, &problem) == PM_ACCOUNT_OK, "%s",
          problem.text);
    CHECK_TEXT(head.run_id.text, PM_STR("train-17"), "run id");
    CHECK(head.epoch_start_data_index == 98765, "the last value of the head");
    slice.slice_offset = PM_COORDINATOR_TAIL_OFFSET;
    slice.data = pm_str_tail(account.data, PM_COORDINATOR_TAIL_OFFSET);
    CHECK(pm_coordinator_read_tail(&arena, &slice, &program, &tail, &problem) == PM_ACCOUNT_OK,
          "%s", problem.text);
    CHECK(tail.client_count == 17 && tail.exited_count == 3 && tail.member_count == 20, "counts");
    CHECK(tail.nonce == 7, "the last value of the tail");
    CHECK(pm_coordinator_read_head(&slice, &program, &head, &problem) == PM_ACCOUNT_BAD, "no head");
    slice.data = pm_str_slice(slice.data, 0, slice.data.len - 1);
    CHECK(pm_coordinator_read_tail(&arena, &slice, &program, &tail, &problem) == PM_ACCOUNT_BAD,
          "a byte is missing");
    pm_arena_finish(&arena);
}

static void test_guards(void)
{
    static const struct {
        size_t at;
        const char *bytes;
        size_t len;
        enum pm_account_verdict verdict;
        const char *problem;
    } rows[] = {
        {0, "\0", 1, PM_ACCOUNT_BAD, "not a coordinator account"},
        {8, "\2", 1, PM_ACCOUNT_LAYOUT_UNKNOWN, "version 2; this version knows 1"},
        {12, "\1", 1, PM_ACCOUNT_LAYOUT_UNKNOWN, "version 4294967297; this version knows 1"},
        {408, "\10", 1, PM_ACCOUNT_BAD, "state of the run: 8, at most 7"},
        {436, "\6", 1, PM_ACCOUNT_BAD, "kind of checkpoint: 6, at most 5"},
        {440, "\2", 1, PM_ACCOUNT_BAD, "whether the checkpoint has a revision: 2, at most 1"},
        {75928, "\1\1", 2, PM_ACCOUNT_BAD, "number of clients: 257, at most 256"},
        {75932, "\1", 1, PM_ACCOUNT_BAD, "number of clients: 4294967313, at most 256"},
        {15128 + 14112, "\41", 1, PM_ACCOUNT_BAD, "number of witnesses: 33, at most 32"},
        {57496 + 64, "\4", 1, PM_ACCOUNT_BAD, "state of a client: 4, at most 3"},
        {75936 + 64, "\377", 1, PM_ACCOUNT_BAD, "state of an exited client: 255, at most 3"},
        {119007, "\200", 1, PM_ACCOUNT_BAD,
         "number of joined clients: 9223372036854775828, at most 256"},
    };
    struct pm_arena arena;
    struct pm_account_problem problem;
    pm_arena_init(&arena, ARENA_BYTES);
    struct pm_account account = load_account(&arena, TRAINING);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_account broken = set_apart(account, account.data.len);
        set_bytes(&broken, rows[i].at, rows[i].bytes, rows[i].len);
        CHECK(read_run(&arena, &broken, &problem) == rows[i].verdict, "%s", rows[i].problem);
        CHECK_TEXT(pm_str_from(problem.text), pm_str_from(rows[i].problem), "problem");
        CHECK(is_zero(&run, sizeof run), "%s: no field is given", rows[i].problem);
        broken.owner = other_program; /* that is looked at first */
        CHECK(read_run(&arena, &broken, &problem) == PM_ACCOUNT_BAD, "owner");
        CHECK_TEXT(pm_str_from(problem.text), PM_STR("it belongs to another program"), "owner");
        broken.is_there = false; /* and that before */
        CHECK(read_run(&arena, &broken, &problem) == PM_ACCOUNT_ABSENT, "not there");
        release(broken);
    }
    account.space = 120080;
    CHECK(read_run(&arena, &account, &problem) == PM_ACCOUNT_LAYOUT_UNKNOWN, "larger");
    CHECK_TEXT(pm_str_from(problem.text), PM_STR("120,080 bytes; this version knows 119,160"),
               "larger");
    pm_arena_finish(&arena);
}

static void test_no_memory(void)
{
    struct pm_arena arena, small;
    struct pm_account_problem problem;
    pm_arena_init(&arena, ARENA_BYTES);
    pm_arena_init(&small, 4096);
    struct pm_account account = load_account(&arena, FULL);
    CHECK(read_run(&small, &account, &problem) == PM_ACCOUNT_BAD && small.failed, "no memory");
    CHECK(is_zero(&run, sizeof run), "no field is given");
    pm_arena_finish(&small);
    pm_arena_finish(&arena);
}

static pm_str as_text(struct pm_arena *arena, struct pm_big big)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 128);
    pm_big_add_text(&buf, big);
    return pm_buf_text(&buf);
}

static void test_sums(void)
{
    struct pm_arena arena;
    struct pm_account_problem problem;
    pm_arena_init(&arena, ARENA_BYTES);
    struct pm_account account = load_account(&arena, EXTREME);
    CHECK(read_run(&arena, &account, &problem) == PM_ACCOUNT_OK, "%s", problem.text);
    struct pm_coordinator_sums sums = pm_coordinator_sum(&run.tail);
    CHECK(sums.has_max_active && sums.max_active == UINT64_MAX, "most active");
    CHECK_TEXT(as_text(&arena, sums.earned), PM_STR("36893488147419103230"), "more than 64 bits");
    CHECK(!pm_coordinator_current_round(&run), "there is no round 4294967295");
    run.tail.member_count = 0;
    sums = pm_coordinator_sum(&run.tail);
    CHECK(!sums.has_max_active && sums.next_epoch_clients == 0, "nobody");
    CHECK(pm_big_is_zero(sums.earned), "nothing");
    pm_arena_finish(&arena);
}

/* By state, for a run whose current round is at 600 in an epoch that began at 500, batches of 10. */
static void test_done(void)
{
    static const struct {
        enum pm_chain_state state;
        uint64_t round_at, done;
        uint32_t head;
    } rows[] = {
        {PM_CHAIN_STATE_WAITING_FOR_MEMBERS, 600, 500, 1},
        {PM_CHAIN_STATE_WARMUP, 0, 500, 1},
        {PM_CHAIN_STATE_ROUND_TRAIN, 600, 600, 1},
        {PM_CHAIN_STATE_ROUND_WITNESS, 600, 600, 1},
        {PM_CHAIN_STATE_COOLDOWN, 600, 610, 1},
        {PM_CHAIN_STATE_COOLDOWN, UINT64_MAX, UINT64_MAX, 1},
        {PM_CHAIN_STATE_FINISHED, 600, 500, 1},
        {PM_CHAIN_STATE_PAUSED, 490, 500, 1},
        {PM_CHAIN_STATE_ROUND_TRAIN, 499, 500, 1},
        {PM_CHAIN_STATE_ROUND_TRAIN, 600, 500, 0},
        {PM_CHAIN_STATE_ROUND_TRAIN, 600, 500, 4},
        {PM_CHAIN_STATE_COOLDOWN, 600, 500, UINT32_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        memset(&run, 0, sizeof run);
        run.head.state = rows[i].state;
        run.head.epoch_start_data_index = 500;
        run.head.model.max_seq_len = 3;
        run.head.config.batch_size_start = 5;
        run.head.config.batch_size_end = 10;
        run.tail.rounds_head = rows[i].head;
        run.rounds[1].data_index = rows[i].round_at;
        CHECK(pm_coordinator_sequences_done(&run) == rows[i].done, "row %zu: %llu", i,
              (unsigned long long)pm_coordinator_sequences_done(&run));
    }
}

static void test_plan(void)
{
    static const struct {
        uint16_t start, end;
        uint64_t warmup;
        uint32_t steps, seq_len;
        const char *tokens;
        bool is_about;
    } rows[] = {
        {512, 512, 0, 25000, 2048, "26214400000", false},
        {512, 2048, 0, 25000, 2048, "104857600000", false},
        {512, 512, 99999, 25000, 2048, "26214400000", false},
        {1, 3, 4, 3, 1, "6", true}, /* 1, then 1.5 and 2.5 rounded up, then 3: 1 + 2 + 3 */
        {0, 3, 4, 1000000000, 1, "0", true},
        {3, 0, 4, 1000000000, 1, "4", true}, /* 3, then 0.75: 1, then 0 */
        {65535, 65535, UINT64_MAX, UINT32_MAX, UINT32_MAX, "1208907372307614101733375", false},
        {1, 65535, UINT64_MAX, UINT32_MAX, 1, "", true},
        {9, 9, 9, 0, 9, "0", false},
    };
    struct pm_arena arena;
    pm_arena_init(&arena, ARENA_BYTES);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_coordinator_head head = {0};
        head.config.batch_size_start = rows[i].start;
        head.config.batch_size_end = rows[i].end;
        head.config.batch_size_warmup_tokens = rows[i].warmup;
        head.config.total_steps = rows[i].steps;
        head.model.max_seq_len = rows[i].seq_len;
        struct pm_coordinator_plan plan = pm_coordinator_plan(&head);
        pm_str got = as_text(&arena, plan.tokens);
        CHECK(plan.is_about == rows[i].is_about && plan.tokens.is_known, "row %zu", i);
        if (rows[i].tokens[0]) {
            CHECK_TEXT(got, pm_str_from(rows[i].tokens), "tokens");
        }
    }
    pm_arena_finish(&arena);
}

int main(void)
{
    test_whole();
    test_alignment();
    test_cuts();
    test_slices();
    test_guards();
    test_no_memory();
    test_sums();
    test_done();
    test_plan();
    return check_done();
}
