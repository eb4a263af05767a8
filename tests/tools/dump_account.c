/* dump_account.c - prints what the decoders make of accounts, as the JSON of Psyche's own.
 *
 *     dump_account < QUESTIONS
 *
 * A question is a line `KIND FILE [CHANGE...]`, answered by a line {"verdict","problem","account"}.
 * KIND: coordinator, derived, head, tail, instance, pool, lender, run, participant, authorization,
 * mint, token, bytes. A FILE that ends in .zst is expanded. Changes to its bytes, in this order:
 *
 *     set=OFFSET:HEX    other bytes there
 *     cut=BYTES         no more than so many, and the account is that small
 *     space=BYTES       the size that is claimed
 *     slice=FROM:BYTES  only these of them
 *     owner=KEY         belongs to that program, while the kind's own is expected
 *     user=KEY          whether an authorization lets this one join runs; grantor=KEY on whose word
 *     at=KEY            whether an instance's run id leads to this address */

#include "chain/authorization.h"
#include "chain/instance.h"
#include "chain/pool.h"
#include "chain/token.h"
#include "chain/treasurer.h"
#include "codec/zstd.h"

#include "dump_derived.h"

#define ARENA_BYTES ((size_t)512 << 20)
#define FILE_BYTES ((size_t)1 << 20)
#define LINE_BYTES 65536
#define WORDS_MOST 64

#define COORDINATOR "4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT7"
#define MINING_POOL "CQy5JKR2Lrm16pqSY5nkMaMYSazRk2aYx99pJDNGupR7"
#define TREASURER "EnU7DRx5az5YWxaxgqEGbXSYtudcfnjXewyBRRZCjJPw"
#define AUTHORIZER "PsyAUmhpmiUouWsnJdNGFSX8vZ6rWjXjgDPHsgqPGyw"
#define TOKENS "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"

struct question {
    const struct dump *dump;
    struct pm_account account;
    struct pm_key program;
    const char *user, *grantor, *at;
    struct pm_account_problem problem;
    enum pm_account_verdict verdict;
};

static void give_up(const char *what, const char *about)
{
    fprintf(stderr, "dump_account: %s %s\n", what, about);
    exit(1);
}

static struct pm_key read_key(const char *text)
{
    struct pm_key key = {0};
    if (pm_key_read(pm_str_from(text), &key) != PM_KEY_OK) {
        give_up("no key:", text);
    }
    return key;
}

/* --- kinds: what each makes of an account it could read --- */

static value *ask_coordinator(struct question *q)
{
    static struct pm_coordinator run;
    q->verdict = pm_coordinator_read(q->dump->arena, &q->account, &q->program, &run, &q->problem);
    return q->verdict == PM_ACCOUNT_OK ? make_coordinator(q->dump, &run) : NULL;
}

static value *ask_derived(struct question *q)
{
    static struct pm_coordinator run;
    q->verdict = pm_coordinator_read(q->dump->arena, &q->account, &q->program, &run, &q->problem);
    return q->verdict == PM_ACCOUNT_OK ? make_derived(q->dump, &run) : NULL;
}

/* Only what the slices have; the rest of the JSON says zero. */
static value *ask_head(struct question *q)
{
    static struct pm_coordinator run;
    memset(&run, 0, sizeof run);
    q->verdict = pm_coordinator_read_head(&q->account, &q->program, &run.head, &q->problem);
    return q->verdict == PM_ACCOUNT_OK ? make_coordinator(q->dump, &run) : NULL;
}

static value *ask_tail(struct question *q)
{
    static struct pm_coordinator run;
    memset(&run, 0, sizeof run);
    q->verdict =
        pm_coordinator_read_tail(q->dump->arena, &q->account, &q->program, &run.tail, &q->problem);
    run.tail.client_count = 0; /* they are not in the slice */
    return q->verdict == PM_ACCOUNT_OK ? make_coordinator(q->dump, &run) : NULL;
}

static value *ask_instance(struct question *q)
{
    struct pm_instance instance;
    q->verdict = pm_instance_read(&q->account, &q->program, &instance, &q->problem);
    if (q->verdict != PM_ACCOUNT_OK) {
        return NULL;
    }
    value *object = new_object(q->dump);
    put_u64(q->dump, object, "bump", instance.bump);
    put_key(q->dump, object, "main_authority", &instance.main_authority);
    put_key(q->dump, object, "join_authority", &instance.join_authority);
    put_key(q->dump, object, "coordinator_account", &instance.coordinator_account);
    put(q->dump, object, "run_id", make_text(q->dump, instance.run_id));
    if (q->at) {
        struct pm_key address = read_key(q->at);
        put_bool(q->dump, object, "is_at", pm_instance_is_at(&instance, &address, &q->program));
    }
    return object;
}

static value *ask_pool(struct question *q)
{
    struct pm_chain_pool pool;
    q->verdict = pm_chain_pool_read(&q->account, &q->program, &pool, &q->problem);
    if (q->verdict != PM_ACCOUNT_OK) {
        return NULL;
    }
    value *object = new_object(q->dump), *metadata = new_object(q->dump);
    put_u64(q->dump, object, "bump", pool.bump);
    put_u64(q->dump, object, "index", pool.index);
    put_key(q->dump, object, "authority", &pool.authority);
    put_key(q->dump, object, "collateral_mint", &pool.collateral_mint);
    put_u64(q->dump, object, "max_deposit_collateral_amount", pool.max_deposit);
    put_u64(q->dump, object, "total_deposited_collateral_amount", pool.total_deposited);
    put_u64(q->dump, object, "total_extracted_collateral_amount", pool.total_extracted);
    put_bool(q->dump, object, "claiming_enabled", pool.claiming_enabled);
    put_key(q->dump, object, "redeemable_mint", &pool.redeemable_mint);
    put_u64(q->dump, object, "total_claimed_redeemable_amount", pool.total_claimed);
    put_bool(q->dump, object, "freeze", pool.is_frozen);
    put_u64(q->dump, metadata, "length", pool.metadata_length);
    put(q->dump, metadata, "bytes_hex", make_hex(q->dump, pool.metadata_bytes));
    put(q->dump, metadata, "text_lossy", make_lossy(q->dump, pool.metadata));
    put(q->dump, object, "metadata", metadata);
    return object;
}

static value *ask_lender(struct question *q)
{
    struct pm_lender lender;
    q->verdict = pm_lender_read(&q->account, &q->program, &lender, &q->problem);
    if (q->verdict != PM_ACCOUNT_OK) {
        return NULL;
    }
    value *object = new_object(q->dump);
    put_u64(q->dump, object, "bump", lender.bump);
    put_u64(q->dump, object, "deposited_collateral_amount", lender.deposited);
    put_u64(q->dump, object, "claimed_redeemable_amount", lender.claimed);
    return object;
}

static value *ask_run(struct question *q)
{
    struct pm_treasurer_run run;
    q->verdict = pm_treasurer_run_read(&q->account, &q->program, &run, &q->problem);
    if (q->verdict != PM_ACCOUNT_OK) {
        return NULL;
    }
    value *object = new_object(q->dump);
    put_u64(q->dump, object, "bump", run.bump);
    put_u64(q->dump, object, "index", run.index);
    put_key(q->dump, object, "main_authority", &run.main_authority);
    put_key(q->dump, object, "join_authority", &run.join_authority);
    put_key(q->dump, object, "coordinator_account", &run.coordinator_account);
    put_key(q->dump, object, "coordinator_instance", &run.coordinator_instance);
    put_key(q->dump, object, "collateral_mint", &run.collateral_mint);
    put_u64(q->dump, object, "total_claimed_collateral_amount", run.total_claimed_collateral);
    put_u64(q->dump, object, "total_claimed_earned_points", run.total_claimed_points);
    return object;
}

static value *ask_participant(struct question *q)
{
    struct pm_participant participant;
    q->verdict = pm_participant_read(&q->account, &q->program, &participant, &q->problem);
    if (q->verdict != PM_ACCOUNT_OK) {
        return NULL;
    }
    value *object = new_object(q->dump);
    put_u64(q->dump, object, "bump", participant.bump);
    put_u64(q->dump, object, "claimed_collateral_amount", participant.claimed_collateral);
    put_u64(q->dump, object, "claimed_earned_points", participant.claimed_points);
    return object;
}

static value *ask_authorization(struct question *q)
{
    struct pm_authorization given;
    q->verdict = pm_authorization_read(&q->account, &q->program, &given, &q->problem);
    if (q->verdict != PM_ACCOUNT_OK) {
        return NULL;
    }
    value *object = new_object(q->dump), *delegates = yyjson_mut_arr(q->dump->doc);
    for (size_t i = 0; i < given.delegate_count; i++) {
        struct pm_key delegate = pm_authorization_delegate(&given, i);
        yyjson_mut_arr_append(delegates, make_key(q->dump, &delegate));
    }
    put_u64(q->dump, object, "bump", given.bump);
    put_key(q->dump, object, "grantor", &given.grantor);
    put_key(q->dump, object, "grantee", &given.grantee);
    put(q->dump, object, "scope_hex", make_hex(q->dump, given.scope));
    put(q->dump, object, "scope_text_lossy", make_lossy(q->dump, given.scope));
    put_bool(q->dump, object, "active", given.is_active);
    put(q->dump, object, "delegates", delegates);
    put(q->dump, object, "grantor_update_unix_timestamp",
        yyjson_mut_sint(q->dump->doc, given.granted_at));
    if (q->user) {
        struct pm_key user = read_key(q->user);
        struct pm_key grantor = q->grantor ? read_key(q->grantor) : given.grantor;
        put_bool(
            q->dump, object, "allows",
            pm_authorization_allows(&given, &grantor, &user, PM_STR(PM_AUTHORIZATION_JOIN_RUN)));
    }
    return object;
}

static void put_optional_key(const struct dump *dump, value *object, const char *name,
                             struct pm_optional_key key)
{
    put(dump, object, name, key.is_there ? make_key(dump, &key.key) : yyjson_mut_null(dump->doc));
}

static value *ask_mint(struct question *q)
{
    struct pm_mint mint;
    q->verdict = pm_mint_read(&q->account, &mint, &q->problem);
    if (q->verdict != PM_ACCOUNT_OK) {
        return NULL;
    }
    value *object = new_object(q->dump);
    put_optional_key(q->dump, object, "mintAuthority", mint.mint_authority);
    put_u64(q->dump, object, "supply", mint.supply);
    put_u64(q->dump, object, "decimals", mint.decimals);
    put_optional_key(q->dump, object, "freezeAuthority", mint.freeze_authority);
    put_bool(q->dump, object, "is2022", mint.is_token_2022);
    return object;
}

static value *ask_token(struct question *q)
{
    struct pm_token_account token;
    q->verdict = pm_token_account_read(&q->account, &token, &q->problem);
    if (q->verdict != PM_ACCOUNT_OK) {
        return NULL;
    }
    value *object = new_object(q->dump);
    put_key(q->dump, object, "mint", &token.mint);
    put_key(q->dump, object, "owner", &token.owner);
    put_u64(q->dump, object, "amount", token.amount);
    put_optional_key(q->dump, object, "delegate", token.delegate);
    put_u64(q->dump, object, "delegatedAmount", token.delegated_amount);
    put(q->dump, object, "state",
        make_text(q->dump, token.is_frozen ? PM_STR("frozen") : PM_STR("initialized")));
    put_bool(q->dump, object, "isNative", token.is_native);
    put_u64(q->dump, object, "rentReserve", token.rent_reserve);
    put_optional_key(q->dump, object, "closeAuthority", token.close_authority);
    put_bool(q->dump, object, "is2022", token.is_token_2022);
    return object;
}

static value *ask_bytes(struct question *q)
{
    q->verdict = PM_ACCOUNT_OK;
    return make_hex(q->dump, q->account.data);
}

static const struct kind {
    const char *word, *program;
    value *(*ask)(struct question *q);
    bool widens;
} kinds[] = {
    {"coordinator", COORDINATOR, ask_coordinator, false},
    {"derived", COORDINATOR, ask_derived, true},
    {"head", COORDINATOR, ask_head, false},
    {"tail", COORDINATOR, ask_tail, false},
    {"instance", COORDINATOR, ask_instance, false},
    {"pool", MINING_POOL, ask_pool, false},
    {"lender", MINING_POOL, ask_lender, false},
    {"run", TREASURER, ask_run, false},
    {"participant", TREASURER, ask_participant, false},
    {"authorization", AUTHORIZER, ask_authorization, false},
    {"mint", TOKENS, ask_mint, false},
    {"token", TOKENS, ask_token, false},
    {"bytes", TOKENS, ask_bytes, false},
};

static const struct kind *find_kind(const char *word)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].word, word) == 0) {
            return &kinds[i];
        }
    }
    give_up("no such kind:", word);
    return NULL;
}

/* --- the account in question --- */

static pm_str load(struct pm_arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *bytes = pm_arena_alloc(arena, FILE_BYTES);
    if (!file || !bytes) {
        give_up("cannot read", path);
        return PM_STR("");
    }
    pm_str all = {bytes, fread(bytes, 1, FILE_BYTES, file)}, out;
    (void)fclose(file);
    if (!pm_str_ends_nocase(pm_str_from(path), PM_STR(".zst"))) {
        return all;
    }
    if (pm_zstd_expand(arena, all, FILE_BYTES, &out) != PM_ZSTD_OK) {
        give_up("cannot expand", path);
    }
    return out;
}

static void set_bytes(struct question *q, const char *change)
{
    char *hex, pair[3] = "";
    size_t at = strtoull(change, &hex, 10);
    char *bytes = pm_arena_alloc(q->dump->arena, q->account.data.len);
    if (!bytes || *hex != ':') {
        give_up("cannot set", change);
        return;
    }
    memcpy(bytes, q->account.data.ptr, q->account.data.len);
    for (hex++; hex[0] && hex[1] && at < q->account.data.len; hex += 2, at++) {
        memcpy(pair, hex, 2);
        bytes[at] = (char)(unsigned char)strtoul(pair, NULL, 16);
    }
    q->account.data.ptr = bytes;
}

static void cut(struct question *q, const char *bytes)
{
    q->account.data = pm_str_slice(q->account.data, 0, strtoull(bytes, NULL, 10));
    q->account.space = q->account.data.len;
}

static void set_space(struct question *q, const char *bytes)
{
    q->account.space = strtoull(bytes, NULL, 10);
}

static void slice(struct question *q, const char *range)
{
    char *len;
    size_t from = strtoull(range, &len, 10);
    size_t to = *len == ':' ? from + strtoull(len + 1, NULL, 10) : SIZE_MAX;
    q->account.slice_offset = from;
    q->account.data = pm_str_slice(q->account.data, from, to);
}

static void set_owner(struct question *q, const char *key)
{
    q->account.owner = read_key(key);
}

static void change(struct question *q, const char *word)
{
    static const struct {
        const char *name;
        void (*make)(struct question *q, const char *text);
    } rows[] = {{"set=", set_bytes},
                {"cut=", cut},
                {"space=", set_space},
                {"slice=", slice},
                {"owner=", set_owner}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t len = strlen(rows[i].name);
        if (strncmp(word, rows[i].name, len) == 0) {
            rows[i].make(q, word + len);
            return;
        }
    }
    if (strncmp(word, "user=", 5) == 0) {
        q->user = word + 5;
    } else if (strncmp(word, "grantor=", 8) == 0) {
        q->grantor = word + 8;
    } else if (strncmp(word, "at=", 3) == 0) {
        q->at = word + 3;
    } else {
        give_up("no such change:", word);
    }
}

/* In a block of its own, so that a sanitizer sees each byte too far. */
static char *set_apart(struct question *q)
{
    size_t len = q->account.data.len;
    char *bytes = malloc(len ? len : 1);
    if (!bytes) {
        abort();
    }
    memcpy(bytes, q->account.data.ptr, len);
    q->account.data.ptr = bytes;
    return bytes;
}

static void answer(struct question *q, const struct kind *kind)
{
    static const char *const verdicts[] = {"ok", "absent", "bad", "layout_unknown"};
    yyjson_mut_doc *doc = q->dump->doc;
    char *bytes = set_apart(q);
    value *account = kind->ask(q), *root = yyjson_mut_obj(doc);
    yyjson_mut_obj_add_str(doc, root, "verdict", verdicts[q->verdict]);
    yyjson_mut_obj_add_str(doc, root, "problem", q->problem.text);
    yyjson_mut_obj_add_val(doc, root, "account", account ? account : yyjson_mut_null(doc));
    yyjson_mut_doc_set_root(doc, root);
    char *text = yyjson_mut_write(doc, 0, NULL);
    if (!text) {
        give_up("an answer cannot be written:", kind->word);
    }
    puts(text);
    free(text);
    free(bytes);
}

static void ask(char *line)
{
    char *words[WORDS_MOST] = {0}, *rest = NULL;
    size_t count = 0;
    for (char *word = strtok_r(line, " \n", &rest); word && count < WORDS_MOST;
         word = strtok_r(NULL, " \n", &rest)) {
        words[count++] = word;
    }
    if (count < 2) {
        give_up("no question:", line);
    }
    const struct kind *kind = find_kind(words[0]);
    struct pm_arena arena;
    pm_arena_init(&arena, ARENA_BYTES);
    struct dump dump = {&arena, yyjson_mut_doc_new(NULL), kind->widens};
    pm_str data = load(&arena, words[1]);
    struct question question = {.dump = &dump, .program = read_key(kind->program)};
    question.account = (struct pm_account){
        .is_there = true, .owner = question.program, .space = data.len, .data = data};
    for (size_t i = 2; i < count; i++) {
        change(&question, words[i]);
    }
    answer(&question, kind);
    yyjson_mut_doc_free(dump.doc);
    pm_arena_finish(&arena);
}

int main(void)
{
    static char line[LINE_BYTES];
    while (fgets(line, sizeof line, stdin)) {
        ask(line);
    }
    return 0;
}
