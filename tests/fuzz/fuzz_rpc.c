/* fuzz_rpc.c - what a Solana node answers: the first byte of an input says to which question. */

#include "fuzz.h"

#include "source/rpc_inside.h"

#define KEY_1 "CpPySXH57UPTpVUNFbG5NvvnwnLhyY8mfwRQf7kutoQM"
#define KEY_2 "EoAkjVeGRWzBLX1HwRzLT3aevcDWvYWv8m82vhyR8xgk"
#define ACCOUNT_MOST (256u << 10)

static const struct {
    const struct pm_kind *kind;
    pm_str asked;
    size_t keys; /* 0: as many as it finds */
    bool has_slice;
    struct pm_rpc_slice slice;
} questions[] = {
    {&pm_rpc_kind_account, PM_STR_INIT("{\"params\":[\"" KEY_1 "\",{}]}"), 1, false, {0, 0}},
    {&pm_rpc_kind_account,
     PM_STR_INIT("{\"params\":[\"" KEY_1 "\",{\"dataSlice\":{\"offset\":4,\"length\":8}}]}"),
     1,
     true,
     {4, 8}},
    {&pm_rpc_kind_accounts,
     PM_STR_INIT("{\"params\":[[\"" KEY_1 "\",\"" KEY_2 "\"],{}]}"),
     2,
     false,
     {0, 0}},
    {&pm_rpc_kind_search,
     PM_STR_INIT("{\"params\":[\"" KEY_1 "\",{\"dataSlice\":{\"offset\":0,\"length\":173}}]}"),
     0,
     true,
     {0, 173}},
    {&pm_rpc_kind_health, PM_STR_INIT(""), 0, false, {0, 0}},
    {&pm_rpc_kind_slot, PM_STR_INIT(""), 0, false, {0, 0}},
    {&pm_rpc_kind_genesis, PM_STR_INIT(""), 0, false, {0, 0}},
    {&pm_rpc_kind_version, PM_STR_INIT(""), 0, false, {0, 0}},
    {&pm_rpc_kind_epoch, PM_STR_INIT(""), 0, false, {0, 0}},
};

#define QUESTIONS (sizeof questions / sizeof *questions)

/* All or nothing, and never other bytes than the account's size allows. */
static void look_row(struct fuzz_digest *digest, size_t question, const struct pm_rpc_row *row)
{
    const struct pm_account *account = &row->account;
    uint64_t offset = questions[question].slice.offset;
    HOLDS(account->data.ptr && account->data.len <= ACCOUNT_MOST);
    HOLDS(account->is_there ||
          (account->space == 0 && account->lamports == 0 && !row->account.unreadable));
    HOLDS(!row->account.unreadable || account->data.len == 0);
    HOLDS(account->slice_offset == offset);
    if (account->is_there && !row->account.unreadable && !questions[question].has_slice) {
        bool is_oversized = account->space > ACCOUNT_MOST && account->data.len == 0;
        HOLDS(account->data.len == account->space || is_oversized);
    } else if (account->is_there && !row->account.unreadable) {
        HOLDS(account->data.len <= questions[question].slice.length);
        HOLDS(account->data.len == 0 || offset + account->data.len <= account->space);
    }
    fuzz_add(digest, row->key.bytes, sizeof row->key.bytes);
    fuzz_add(digest, account->owner.bytes, sizeof account->owner.bytes);
    fuzz_add_u64(digest, account->lamports);
    fuzz_add_u64(digest, account->space);
    fuzz_add_text(digest, account->data);
    fuzz_add_u64(digest, account->is_executable);
}

static void look_node(struct fuzz_digest *digest, const struct pm_kind *kind, const void *facts)
{
    if (kind == &pm_rpc_kind_health) {
        const struct pm_rpc_health *health = facts;
        HOLDS(health->state <= PM_RPC_UNHEALTHY);
        HOLDS(health->state == PM_RPC_BEHIND || health->slots_behind == 0);
        fuzz_add_u64(digest, health->slots_behind);
    } else if (kind == &pm_rpc_kind_genesis) {
        struct pm_key key;
        HOLDS(pm_key_read(((const struct pm_rpc_genesis *)facts)->hash, &key) == PM_KEY_OK);
        fuzz_add(digest, key.bytes, sizeof key.bytes);
    } else if (kind == &pm_rpc_kind_version) {
        fuzz_add_text(digest, ((const struct pm_rpc_version *)facts)->core);
    }
}

static void look(struct fuzz_digest *digest, size_t question, const void *facts)
{
    const struct pm_kind *kind = questions[question].kind;
    uint64_t slot = 0;
    if (kind->slot && kind->slot(facts, &slot)) {
        fuzz_add_u64(digest, slot);
    }
    if (kind->decode != pm_rpc_decode_account && kind->decode != pm_rpc_decode_accounts &&
        kind->decode != pm_rpc_decode_search) {
        look_node(digest, kind, facts);
        return;
    }
    const struct pm_rpc_accounts *accounts = facts;
    HOLDS(questions[question].keys == 0 || accounts->count == questions[question].keys);
    for (size_t i = 0; i < accounts->count; i++) {
        look_row(digest, question, &accounts->rows[i]);
    }
}

static void judge(const void *facts, const struct pm_outcome *outcome)
{
    static const enum pm_status possible[] = {
        PM_STATUS_NOT_JSON,       PM_STATUS_BAD_REPLY,   PM_STATUS_TOO_LARGE,   PM_STATUS_FAULT,
        PM_STATUS_METHOD_REFUSED, PM_STATUS_NODE_BEHIND, PM_STATUS_RATE_LIMITED};
    bool is_possible = facts && outcome->status == PM_STATUS_OK;
    for (size_t i = 0; i < sizeof possible / sizeof *possible && !facts; i++) {
        is_possible = is_possible || outcome->status == possible[i];
    }
    HOLDS(is_possible && (facts != NULL) == (outcome->problem[0] == '\0'));
    HOLDS(memchr(outcome->problem, '\0', sizeof outcome->problem));
}

/* The digest of what a reply says; 0 when it was refused. */
static uint64_t decode(size_t question, pm_str text, size_t ceiling)
{
    struct pm_arena arena, scratch;
    struct pm_outcome outcome = {.status = PM_STATUS_OK};
    struct fuzz_digest digest = {1};
    struct pm_body body = {malloc(text.len + PM_JSON_PADDING), text.len, questions[question].asked,
                           &pm_no_headers};
    if (!body.ptr) {
        abort();
    }
    memcpy(body.ptr, text.ptr, text.len);
    memset(body.ptr + text.len, 'x', PM_JSON_PADDING);
    pm_arena_init(&arena, ceiling);
    pm_arena_init(&scratch, ceiling);
    const void *facts = questions[question].kind->decode(&arena, &scratch, &body, &outcome);
    bool is_whole = !scratch.failed && !arena.failed;
    pm_arena_finish(&scratch); /* facts must stand without it */
    judge(facts, &outcome);
    if (facts && is_whole) {
        look(&digest, question, facts);
    }
    pm_arena_finish(&arena);
    free(body.ptr);
    return facts && is_whole ? digest.sum : 0;
}

/* Statuses other than 200 are judged from the same bytes. */
static void refuse(pm_str text)
{
    static const long statuses[] = {400, 403, 404, 410, 429, 500, 503};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct pm_outcome outcome = {.status = PM_STATUS_OK};
        char *bytes = malloc(text.len + PM_JSON_PADDING);
        if (!bytes) {
            abort();
        }
        memcpy(bytes, text.ptr, text.len);
        struct pm_body body = {bytes, text.len, PM_STR(""), &pm_no_headers};
        bool is_final = pm_rpc_refuse_search(statuses[i], &body, &outcome);
        HOLDS(is_final == (outcome.status != PM_STATUS_OK));
        free(bytes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    size_t question = (size_t)(data[0] - '0') % QUESTIONS;
    pm_str text = fuzz_text(data + 1, size - 1);
    uint64_t sum = decode(question, text, FUZZ_ARENA_BYTES);
    HOLDS(sum == decode(question, text, FUZZ_ARENA_BYTES));
    for (size_t ceiling = 64; ceiling <= 65536; ceiling *= 32) {
        uint64_t tight = decode(question, text, ceiling);
        HOLDS(tight == sum || tight == 0);
    }
    refuse(text);
    return 0;
}
