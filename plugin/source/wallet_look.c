/* wallet_look.c - asking the chain about one wallet in some runs. */

#include "source/wallet_look.h"

#include <string.h>

#define MONEY_A_RUN 4 /* the wallet's part, the mint, what the treasurer and the wallet hold */

void pm_wallet_look_init(struct pm_wallet_look *look, struct pm_nodes *nodes,
                         const struct pm_wallet_who *who, enum pm_wallet_money wanted)
{
    *look = (struct pm_wallet_look){.nodes = nodes, .who = *who, .wanted = wanted};
}

/* --- keys --- */

/* Runs of one owner share authorities: each account is asked for once. */
static void add_key(struct pm_wallet_chunk *chunk, const struct pm_key *key)
{
    for (size_t i = 0; i < chunk->count; i++) {
        if (pm_key_equal(&chunk->keys[i], key)) {
            return;
        }
    }
    chunk->keys[chunk->count++] = *key;
}

/* The last chunk when it has room for one more run, or a new one; NULL past the last. */
static struct pm_wallet_chunk *open_chunk(struct pm_wallet_look *look,
                                          struct pm_wallet_chunk **chunks, size_t *count,
                                          size_t runs_most, size_t keys_a_run)
{
    struct pm_wallet_chunk *chunk = *count ? chunks[*count - 1] : NULL;
    bool has_room =
        chunk && chunk->run_count < runs_most && chunk->count + keys_a_run <= PM_RPC_KEYS_MOST;
    if (has_room || *count == PM_WALLET_QUESTIONS_MOST) {
        return has_room ? chunk : NULL;
    }
    chunk = pm_arena_zero(look->nodes->batch->arena, sizeof *chunk);
    if (chunk) {
        chunks[(*count)++] = chunk;
    }
    return chunk;
}

static bool add_run(struct pm_wallet_look *look, size_t at)
{
    const struct pm_wallet_run *run = &look->runs[at];
    bool has_second = run->may_be_paid_by_owner &&
                      !pm_key_equal(&run->instance.main_authority, &run->default_treasurer_key);
    /* The state, one place of a treasurer or two, and the leaves. */
    size_t keys = (size_t)PM_GRANTEE_COUNT + (has_second ? 3 : 2) - (look->who.has_other ? 0 : 1);
    struct pm_wallet_chunk *chunk =
        open_chunk(look, look->chunks, &look->chunk_count, PM_WALLET_RUNS_A_QUESTION, keys);
    if (!chunk) {
        return false;
    }
    chunk->runs[chunk->run_count++] = at;
    add_key(chunk, &run->instance.coordinator_account);
    add_key(chunk, &run->default_treasurer_key);
    if (has_second) {
        add_key(chunk, &run->instance.main_authority);
    }
    for (int i = 0; i < PM_GRANTEE_COUNT; i++) {
        if (i != PM_GRANTEE_OTHER || look->who.has_other) {
            add_key(chunk, &run->grant_keys[i]);
        }
    }
    return true;
}

/* What the wallet claimed, as far as the questions have room: the rest is asked for later. */
static void add_parts(struct pm_wallet_look *look)
{
    for (size_t i = 0; i < look->chunk_count; i++) {
        struct pm_wallet_chunk *chunk = look->chunks[i];
        for (size_t k = 0; k < chunk->run_count && chunk->count < PM_RPC_KEYS_MOST; k++) {
            const struct pm_wallet_run *run = &look->runs[chunk->runs[k]];
            if (run->may_be_paid_by_owner) {
                add_key(chunk, &run->presumed_part_key);
            }
        }
    }
}

static struct pm_ask *put_chunk(struct pm_batch *batch, pm_str url, const void *what, bool carries)
{
    const struct pm_wallet_chunk *chunk = what;
    return pm_rpc_ask_accounts(batch, url, chunk->keys, chunk->count, NULL, carries);
}

/* --- the first trip --- */

void pm_wallet_look_ask(struct pm_wallet_look *look, const struct pm_instance *const *instances,
                        size_t count)
{
    struct pm_arena *arena = look->nodes->batch->arena;
    struct pm_wallet_chunk *first;
    size_t most = count < PM_WALLET_RUNS_MOST ? count : PM_WALLET_RUNS_MOST;
    pm_wallet_look_init(look, look->nodes, &look->who, look->wanted);
    look->moves = look->nodes->moves;
    look->who.coordinator = look->nodes->program_key;
    look->is_asked = true;
    look->runs = pm_arena_array(arena, most + 1, sizeof *look->runs);
    first = open_chunk(look, look->chunks, &look->chunk_count, PM_WALLET_RUNS_A_QUESTION, 1);
    if (!look->runs || !first) {
        return;
    }
    add_key(first, &look->who.key);
    for (size_t i = 0; i < most; i++) {
        if (pm_wallet_run_make(&look->who, instances[i], &look->runs[look->count]) &&
            add_run(look, look->count)) {
            look->count++;
        }
    }
    look->skipped = count - look->count;
    add_parts(look);
    for (size_t i = 0; i < look->chunk_count; i++) {
        pm_question_ask(&look->chunks[i]->question, look->nodes, put_chunk, look->chunks[i], true);
    }
}

static void take_chunk(struct pm_wallet_look *look, struct pm_wallet_chunk *chunk,
                       const struct pm_ask *ask)
{
    const struct pm_rpc_accounts *accounts = pm_rpc_accounts(ask);
    const struct pm_rpc_row *own = pm_wallet_find_row(accounts, &look->who.key);
    chunk->taken = ask;
    if (own) {
        look->account = pm_wallet_read_account(&look->who, own);
        look->account_ask = ask;
    }
    for (size_t i = 0; i < chunk->run_count; i++) {
        struct pm_wallet_run *run = &look->runs[chunk->runs[i]];
        run->ask = ask;
        pm_wallet_read_run(&look->who, accounts, run);
        if (run->lacks_memory) {
            pm_arena_lack(look->nodes->batch->arena);
        }
    }
}

/* --- the second --- */

/* Of the second trip's accounts of a run those that are wanted. */
static size_t choose_money(const struct pm_wallet_look *look, const struct pm_wallet_run *run,
                           const struct pm_key *chosen[MONEY_A_RUN])
{
    const struct {
        const struct pm_key *key;
        bool is_wanted;
    } places[MONEY_A_RUN] = {
        {&run->participant_key, !run->rewards.is_participant_known},
        {&run->funds_key, run->member.earned > 0 || look->wanted == PM_WALLET_MONEY_ALL},
        {&run->balance_key, look->wanted >= PM_WALLET_MONEY_HELD},
        {&run->rewards.treasurer.collateral_mint, look->wanted == PM_WALLET_MONEY_ALL},
    };
    size_t count = 0;
    for (size_t i = 0; i < MONEY_A_RUN; i++) {
        if (places[i].is_wanted) {
            chosen[count++] = places[i].key;
        }
    }
    return count;
}

static void add_money(struct pm_wallet_look *look, size_t at)
{
    const struct pm_key *chosen[MONEY_A_RUN];
    size_t count = choose_money(look, &look->runs[at], chosen);
    struct pm_wallet_chunk *chunk =
        count ? open_chunk(look, look->money, &look->money_count, PM_RPC_KEYS_MOST, count) : NULL;
    if (chunk) {
        chunk->runs[chunk->run_count++] = at;
        for (size_t i = 0; i < count; i++) {
            add_key(chunk, chosen[i]);
        }
    }
}

/* Once all that will come of the first trip is in, even if it may still turn out to be of another
 * cluster: it is not waited for that. */
static bool ask_money(struct pm_wallet_look *look)
{
    for (size_t i = 0; i < look->chunk_count; i++) {
        const struct pm_question *question = &look->chunks[i]->question;
        if (!pm_question_answer(question) && !pm_question_is_over(question, look->nodes)) {
            return false;
        }
    }
    look->is_money_asked = true;
    for (size_t i = 0; i < look->count; i++) {
        if (look->runs[i].rewards.has_treasurer) {
            add_money(look, i);
        }
    }
    for (size_t i = 0; i < look->money_count; i++) {
        pm_question_ask(&look->money[i]->question, look->nodes, put_chunk, look->money[i], true);
    }
    return look->money_count > 0;
}

static void take_money(struct pm_wallet_look *look, struct pm_wallet_chunk *chunk,
                       const struct pm_ask *ask)
{
    chunk->taken = ask;
    for (size_t i = 0; i < chunk->run_count; i++) {
        pm_wallet_read_money(&look->who, pm_rpc_accounts(ask), &look->runs[chunk->runs[i]]);
    }
}

/* --- steps --- */

static void forget_run(struct pm_wallet_run *run)
{
    struct pm_wallet_run kept = {.instance = run->instance,
                                 .instance_key = run->instance_key,
                                 .default_treasurer_key = run->default_treasurer_key,
                                 .may_be_paid_by_owner = run->may_be_paid_by_owner,
                                 .presumed_part_key = run->presumed_part_key};
    memcpy(kept.grant_keys, run->grant_keys, sizeof kept.grant_keys);
    *run = kept;
}

/* What was read has turned out to be of another cluster, and what was asked for because of it. */
static void forget_chunk(struct pm_wallet_look *look, struct pm_wallet_chunk *chunk)
{
    for (size_t i = 0; i < chunk->run_count; i++) {
        forget_run(&look->runs[chunk->runs[i]]);
    }
    if (look->account_ask == chunk->taken) {
        look->account = (struct pm_wallet_account){0};
        look->account_ask = NULL;
    }
    chunk->taken = NULL;
    look->is_money_asked = false;
    look->money_count = 0;
}

static bool go_on_chunks(struct pm_wallet_look *look)
{
    bool has_asked = false;
    for (size_t i = 0; i < look->chunk_count; i++) {
        struct pm_wallet_chunk *chunk = look->chunks[i];
        has_asked |= pm_question_go_on(&chunk->question, look->nodes);
        const struct pm_ask *ask = pm_question_answer(&chunk->question);
        if (chunk->taken && ask != chunk->taken) {
            forget_chunk(look, chunk);
        }
        if (ask && ask != chunk->taken) {
            take_chunk(look, chunk, ask);
        }
    }
    return has_asked;
}

static bool go_on_money(struct pm_wallet_look *look)
{
    bool has_asked = false;
    for (size_t i = 0; i < look->money_count; i++) {
        struct pm_wallet_chunk *chunk = look->money[i];
        has_asked |= pm_question_go_on(&chunk->question, look->nodes);
        bool is_final = look->nodes->is_over || pm_question_is_over(&chunk->question, look->nodes);
        const struct pm_ask *ask = is_final ? pm_question_answer(&chunk->question) : NULL;
        if (ask && ask != chunk->taken) {
            take_money(look, chunk, ask);
        }
    }
    return has_asked;
}

bool pm_wallet_look_go_on(struct pm_wallet_look *look)
{
    if (!look->is_asked || look->moves != look->nodes->moves) {
        return false;
    }
    bool has_asked = go_on_chunks(look);
    if (!look->is_money_asked) {
        has_asked |= ask_money(look);
    }
    has_asked |= go_on_money(look);
    return has_asked;
}

void pm_wallet_look_settle(struct pm_wallet_look *look)
{
    look->nodes->is_over = true;
    (void)pm_wallet_look_go_on(look);
    look->nodes->is_over = false;
}

static const struct pm_ask *find_trouble(struct pm_wallet_chunk *const *chunks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!pm_question_answer(&chunks[i]->question)) {
            return pm_question_trouble(&chunks[i]->question);
        }
    }
    return NULL;
}

const struct pm_ask *pm_wallet_look_trouble(const struct pm_wallet_look *look)
{
    const struct pm_ask *ask = find_trouble(look->chunks, look->chunk_count);
    return ask ? ask : find_trouble(look->money, look->money_count);
}
