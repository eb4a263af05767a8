/* chain_look.c - head and tail of the coordinator accounts of a list.
 *
 * Two slices of each account, since nearly all of its bytes are empty slots between them; the two
 * may be of different slots. */

#include "source/chain_list_inside.h"

static const struct pm_rpc_slice HEAD = {0, PM_COORDINATOR_HEAD_BYTES};
static const struct pm_rpc_slice TAIL = {PM_COORDINATOR_TAIL_OFFSET, PM_COORDINATOR_TAIL_BYTES};

bool pm_chain_chunk_add(struct pm_chain_chunk **chunks, size_t *count, size_t most,
                        struct pm_arena *arena, const struct pm_key *key, size_t row)
{
    struct pm_chain_chunk *chunk = *count ? chunks[*count - 1] : NULL;
    if (!chunk || chunk->count == PM_RPC_KEYS_MOST || chunk->question.is_asked) {
        chunk = *count < most ? pm_arena_zero(arena, sizeof *chunk) : NULL;
        if (!chunk) {
            return false;
        }
        chunks[(*count)++] = chunk;
    }
    chunk->keys[chunk->count] = *key;
    chunk->rows[chunk->count++] = row;
    return true;
}

static struct pm_ask *put_head(struct pm_batch *batch, pm_str url, const void *what, bool carries)
{
    const struct pm_chain_chunk *chunk = what;
    return pm_rpc_ask_accounts(batch, url, chunk->keys, chunk->count, &HEAD, carries);
}

static struct pm_ask *put_tail(struct pm_batch *batch, pm_str url, const void *what, bool carries)
{
    const struct pm_chain_chunk *chunk = what;
    return pm_rpc_ask_accounts(batch, url, chunk->keys, chunk->count, &TAIL, carries);
}

static void look_at(struct pm_chain_list *list, struct pm_chain_row *const *rows, size_t count,
                    bool with_tails)
{
    size_t before = list->look_chunks;
    for (size_t i = 0; i < count; i++) {
        if (!rows[i]->is_looked_at) {
            rows[i]->is_looked_at = pm_chain_chunk_add(
                list->looks, &list->look_chunks, PM_CHAIN_LOOK_CHUNKS, list->nodes->batch->arena,
                &rows[i]->instance.coordinator_account, (size_t)(rows[i] - list->rows));
        }
    }
    for (size_t i = before; i < list->look_chunks; i++) {
        struct pm_chain_chunk *chunk = list->looks[i];
        pm_question_ask(&chunk->question, list->nodes, put_head, chunk, false);
        if (with_tails) {
            pm_question_ask(&chunk->tail_question, list->nodes, put_tail, chunk, false);
        }
    }
}

void pm_chain_list_look_at(struct pm_chain_list *list, struct pm_chain_row *const *rows,
                           size_t count)
{
    look_at(list, rows, count, true);
}

void pm_chain_list_look_at_heads(struct pm_chain_list *list, struct pm_chain_row *const *rows,
                                 size_t count)
{
    look_at(list, rows, count, false);
}

/* The first verdict that is not OK stays, and then neither slice is used. */
static void note_verdict(struct pm_chain_row *row, enum pm_account_verdict verdict,
                         const struct pm_account_problem *problem)
{
    if (row->verdict == PM_ACCOUNT_OK && verdict != PM_ACCOUNT_OK) {
        row->verdict = verdict;
        row->problem = *problem;
    }
    if (row->verdict != PM_ACCOUNT_OK) {
        row->head = NULL;
        row->tail = NULL;
    }
}

static enum pm_account_verdict read_head(struct pm_chain_list *list, const struct pm_rpc_row *from,
                                         struct pm_chain_row *row,
                                         struct pm_account_problem *problem)
{
    struct pm_coordinator_head *head = pm_arena_zero(list->nodes->batch->arena, sizeof *head);
    if (!head) {
        return pm_account_say(problem, PM_ACCOUNT_BAD, "memory ran out");
    }
    enum pm_account_verdict verdict =
        pm_coordinator_read_head(&from->account, &list->nodes->program_key, head, problem);
    if (verdict == PM_ACCOUNT_OK && !pm_instance_has_run_id(&row->instance, head->run_id)) {
        verdict = pm_account_say(problem, PM_ACCOUNT_BAD, "it names another run than its instance");
    }
    row->head = head;
    return verdict;
}

static enum pm_account_verdict read_tail(struct pm_chain_list *list, const struct pm_rpc_row *from,
                                         struct pm_chain_row *row,
                                         struct pm_account_problem *problem)
{
    struct pm_arena *arena = list->nodes->batch->arena;
    struct pm_coordinator_tail *tail = pm_arena_zero(arena, sizeof *tail);
    if (!tail) {
        return pm_account_say(problem, PM_ACCOUNT_BAD, "memory ran out");
    }
    row->tail = tail;
    return pm_coordinator_read_tail(arena, &from->account, &list->nodes->program_key, tail,
                                    problem);
}

typedef enum pm_account_verdict read_fn(struct pm_chain_list *list, const struct pm_rpc_row *from,
                                        struct pm_chain_row *row,
                                        struct pm_account_problem *problem);

static void take(struct pm_chain_list *list, const struct pm_chain_chunk *chunk,
                 const struct pm_ask *ask, read_fn *read)
{
    const struct pm_rpc_accounts *accounts = pm_rpc_accounts(ask);
    for (size_t i = 0; i < accounts->count && i < chunk->count; i++) {
        const struct pm_rpc_row *from = &accounts->rows[i];
        struct pm_chain_row *row = &list->rows[chunk->rows[i]];
        struct pm_account_problem problem = {0};
        enum pm_account_verdict verdict = read(list, from, row, &problem);
        note_verdict(row, verdict, &problem);
    }
}

static bool go_on(struct pm_chain_list *list, struct pm_chain_chunk *chunk,
                  struct pm_question *question, const struct pm_ask **taken, read_fn *read)
{
    bool has_asked = pm_question_go_on(question, list->nodes);
    const struct pm_ask *ask = pm_question_answer(question);
    if (ask && ask != *taken) {
        *taken = ask;
        take(list, chunk, ask, read);
    }
    return has_asked;
}

bool pm_chain_looks_go_on(struct pm_chain_list *list)
{
    bool has_asked = false;
    for (size_t i = 0; i < list->look_chunks; i++) {
        struct pm_chain_chunk *chunk = list->looks[i];
        has_asked |= go_on(list, chunk, &chunk->question, &chunk->taken, read_head);
        has_asked |= go_on(list, chunk, &chunk->tail_question, &chunk->tail_taken, read_tail);
    }
    return has_asked;
}
