/* fuzz_coordinator.c - the account of a run.
 *
 * It is larger than an input, and most of it is alike, so an input is a list of changes to an empty
 * account: three bytes say where, one how many bytes follow, and these are put there. */

#include "fuzz.h"

#include "chain/coordinator_derive.h"

#define ACCOUNT_BYTES ((size_t)119160)

static const struct pm_key program = {{7}};
static struct pm_coordinator run, again;

static void make_account(uint8_t *bytes, pm_str changes)
{
    static const uint8_t beginning[] = {0xEF, 0x21, 0xB1, 0x37, 0x2C, 0x9B, 0x56, 0x2B, 1};
    memset(bytes, 0, ACCOUNT_BYTES);
    memcpy(bytes, beginning, sizeof beginning);
    struct pm_reader reader = pm_reader_at(changes, 0);
    while (reader.left.len > 4) {
        size_t at = pm_read_u16(&reader);
        at += (size_t)pm_read_u8(&reader) << 16;
        pm_str part = pm_str_slice(reader.left, 1, 1 + (uint8_t)reader.left.ptr[0]);
        pm_read_skip(&reader, 1 + part.len);
        for (size_t i = 0; i < part.len && at < ACCOUNT_BYTES; i++, at++) {
            bytes[at] = (uint8_t)part.ptr[i];
        }
    }
}

static void check_text(pm_str data, pm_str text, struct fuzz_digest *digest)
{
    HOLDS(text.len == 0 || (text.ptr >= data.ptr && text.ptr + text.len <= data.ptr + data.len));
    fuzz_add_text(digest, text);
}

static void check_fixed(pm_str data, struct pm_fixed fixed, struct fuzz_digest *digest)
{
    struct pm_arena arena;
    struct pm_buf buf;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    pm_buf_init(&buf, &arena, 4096);
    check_text(data, fixed.text, digest);
    check_text(data, fixed.shown, digest);
    HOLDS(fixed.text.len == 0 ||
          (fixed.text.ptr[0] != '\0' && fixed.text.ptr[fixed.text.len - 1] != '\0'));
    HOLDS(pm_str_find(fixed.shown, '\0') == fixed.shown.len);
    pm_lossy_add(&buf, fixed.text);
    HOLDS(!buf.failed && fuzz_is_utf8(pm_buf_text(&buf)));
    pm_arena_finish(&arena);
}

static struct fuzz_digest digest_head(pm_str data, const struct pm_coordinator_head *head)
{
    struct fuzz_digest digest = {0};
    const struct pm_coordinator_model *model = &head->model;
    check_fixed(data, head->name, &digest);
    check_fixed(data, head->description, &digest);
    check_fixed(data, head->run_id, &digest);
    check_fixed(data, model->checkpoint.place, &digest);
    check_fixed(data, model->checkpoint.within, &digest);
    check_fixed(data, model->data.place, &digest);
    check_fixed(data, model->data.http.place, &digest);
    check_fixed(data, model->data.http.filter_directory, &digest);
    fuzz_add_text(&digest, pm_chain_state_word(head->state));
    fuzz_add_text(&digest, pm_chain_architecture_word(model->architecture));
    fuzz_add_text(&digest, pm_chain_checkpoint_word(model->checkpoint.kind));
    fuzz_add_text(&digest, pm_chain_data_type_word(model->data_type));
    fuzz_add_text(&digest, pm_chain_data_place_word(model->data.kind));
    fuzz_add_text(&digest, pm_chain_http_place_word(model->data.http.kind));
    fuzz_add_text(&digest, pm_chain_lr_schedule_word(model->lr.kind));
    fuzz_add_text(&digest, pm_chain_optimizer_word(model->optimizer.kind));
    fuzz_add_u64(&digest, head->config.total_steps);
    fuzz_add_u64(&digest, head->epoch_start_data_index);
    return digest;
}

static struct fuzz_digest digest_tail(pm_str data, const struct pm_coordinator_tail *tail)
{
    struct fuzz_digest digest = {0};
    HOLDS(tail->client_count <= PM_COORDINATOR_CLIENTS_MOST);
    HOLDS(tail->exited_count <= PM_COORDINATOR_CLIENTS_MOST);
    HOLDS(tail->member_count <= PM_COORDINATOR_CLIENTS_MOST);
    for (size_t i = 0; i < tail->exited_count; i++) {
        fuzz_add(&digest, tail->exited[i].id.signer.bytes, PM_KEY_BYTES);
        fuzz_add_text(&digest, pm_chain_client_state_word(tail->exited[i].state));
    }
    for (size_t i = 0; i < tail->member_count; i++) {
        fuzz_add(&digest, tail->members[i].id.p2p.bytes, PM_KEY_BYTES);
        fuzz_add_u64(&digest, tail->members[i].earned);
    }
    check_fixed(data, tail->client_version, &digest);
    fuzz_add_u64(&digest, tail->nonce);
    return digest;
}

static void check_rounds(pm_str data)
{
    struct fuzz_digest digest = {0};
    for (size_t i = 0; i < PM_COORDINATOR_ROUNDS; i++) {
        const struct pm_coordinator_round *round = &run.rounds[i];
        check_text(data, round->witnesses, &digest);
        HOLDS(round->witness_count <= PM_COORDINATOR_WITNESSES_MOST);
        for (size_t k = 0; k < round->witness_count; k++) {
            struct pm_coordinator_witness witness = pm_coordinator_witness(round, k);
            fuzz_add(&digest, witness.merkle, sizeof witness.merkle);
        }
    }
    for (size_t i = 0; i < run.tail.client_count; i++) {
        fuzz_add_text(&digest, pm_chain_client_state_word(run.clients[i].state));
    }
}

static void check_derived(struct pm_arena *arena)
{
    struct pm_buf buf;
    struct pm_coordinator_sums sums = pm_coordinator_sum(&run.tail);
    HOLDS(sums.next_epoch_clients <= run.tail.member_count && sums.earned.is_known);
    HOLDS(pm_coordinator_sequences_done(&run) >= run.head.epoch_start_data_index);
    HOLDS(pm_coordinator_tokens_done(&run).is_known);
    HOLDS(pm_coordinator_plan(&run.head).tokens.is_known);
    pm_buf_init(&buf, arena, 4096);
    pm_coordinator_add_checkpoint(&buf, &run.head.model.checkpoint);
    pm_coordinator_add_clients(&buf, run.head.state, run.tail.client_count,
                               run.head.config.min_clients);
    HOLDS(!buf.failed && fuzz_is_utf8(pm_buf_text(&buf)));
}

static bool is_zero(const void *bytes, size_t len)
{
    const uint8_t *each = bytes;
    while (len > 0 && *each == 0) {
        each++;
        len--;
    }
    return len == 0;
}

/* The slices say what the whole says. */
static void check_slices(struct pm_arena *arena, struct pm_account account)
{
    struct pm_account_problem problem;
    struct pm_account tail = account;
    pm_str data = account.data;
    account.data = pm_str_slice(data, 0, PM_COORDINATOR_HEAD_BYTES);
    tail.data = pm_str_tail(data, PM_COORDINATOR_TAIL_OFFSET);
    tail.slice_offset = PM_COORDINATOR_TAIL_OFFSET;
    HOLDS(pm_coordinator_read_head(&account, &program, &again.head, &problem) == PM_ACCOUNT_OK);
    HOLDS(pm_coordinator_read_tail(arena, &tail, &program, &again.tail, &problem) == PM_ACCOUNT_OK);
    HOLDS(digest_head(data, &run.head).sum == digest_head(data, &again.head).sum);
    HOLDS(digest_tail(data, &run.tail).sum == digest_tail(data, &again.tail).sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pm_arena arena;
    struct pm_account_problem problem;
    uint8_t *bytes = malloc(ACCOUNT_BYTES);
    HOLDS(bytes != NULL);
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    make_account(bytes, fuzz_text(data, size));
    struct pm_account account = {.is_there = true,
                                 .owner = program,
                                 .space = ACCOUNT_BYTES,
                                 .data = {(const char *)bytes, ACCOUNT_BYTES}};
    memset(&run, 0xAA, sizeof run);
    if (pm_coordinator_read(&arena, &account, &program, &run, &problem) == PM_ACCOUNT_OK) {
        HOLDS(!problem.text[0]);
        check_slices(&arena, account);
        check_rounds(account.data);
        check_derived(&arena);
    } else {
        HOLDS(problem.text[0] && is_zero(&run, sizeof run));
    }
    HOLDS(!arena.failed);
    pm_arena_finish(&arena);
    free(bytes);
    return 0;
}
