/* chain_list.c - every run that the coordinator program knows: the search, and what replaces it. */

#include "source/chain_list_inside.h"

#include "source/derived.h"
#include "source/seen.h"

#include <stdlib.h>

#define INSTANCE_BYTES 173
#define ROWS_MOST 20000
#define KNOWN_MOST ((size_t)PM_CHAIN_KNOWN_CHUNKS * PM_RPC_KEYS_MOST)

/* --- rows --- */

static int compare_ids(const void *left, const void *right)
{
    const struct pm_chain_row *a = left, *b = right;
    return pm_str_compare(a->instance.run_id, b->instance.run_id);
}

/* Of those with the same id, the one that the coordinator program would have made comes first: it
 * takes the highest bump that gives an address. */
static int compare_rows(const void *left, const void *right)
{
    const struct pm_chain_row *a = left, *b = right;
    int by_id = compare_ids(left, right);
    return by_id ? by_id : (int)b->instance.bump - (int)a->instance.bump;
}

struct pm_chain_row *pm_chain_list_find(const struct pm_chain_list *list, pm_str id)
{
    struct pm_chain_row wanted = {.instance.run_id = id};
    return list->count ? bsearch(&wanted, list->rows, list->count, sizeof wanted, compare_ids)
                       : NULL;
}

static void drop_rows(struct pm_chain_list *list)
{
    list->count = list->unreadable = list->look_chunks = 0;
}

/* One that nobody can ask for by its id is not listed either. */
static bool can_be_asked_for(pm_str id)
{
    return id.len > 0 && pm_str_find(id, '\0') == id.len;
}

static void add_row(struct pm_chain_list *list, const struct pm_rpc_row *from)
{
    struct pm_instance instance;
    struct pm_account_problem problem;
    if (!from->account.is_there) {
        return;
    }
    if (pm_instance_read(&from->account, &list->nodes->program_key, &instance, &problem) !=
            PM_ACCOUNT_OK ||
        !can_be_asked_for(instance.run_id) ||
        !pm_instance_is_at(&instance, &from->key, &list->nodes->program_key) ||
        list->count == list->room) {
        list->unreadable++;
    } else {
        list->rows[list->count++] = (struct pm_chain_row){.instance = instance};
    }
}

static void make_room(struct pm_chain_list *list, size_t more)
{
    size_t room = list->count + more < ROWS_MOST ? list->count + more : ROWS_MOST;
    struct pm_chain_row *rows = pm_arena_array(list->nodes->batch->arena, room + 1, sizeof *rows);
    for (size_t i = 0; rows && i < list->count; i++) {
        rows[i] = list->rows[i];
    }
    list->rows = rows ? rows : list->rows;
    list->room = rows ? room : list->room;
}

static void sort_rows(struct pm_chain_list *list)
{
    size_t kept = 0;
    if (list->count) {
        qsort(list->rows, list->count, sizeof *list->rows, compare_rows);
    }
    for (size_t i = 0; i < list->count; i++) {
        if (kept && compare_ids(&list->rows[kept - 1], &list->rows[i]) == 0) {
            list->unreadable++;
        } else {
            list->rows[kept++] = list->rows[i];
        }
    }
    list->count = kept;
}

static void add_rows(struct pm_chain_list *list, const struct pm_rpc_accounts *accounts)
{
    make_room(list, accounts->count);
    for (size_t i = 0; i < accounts->count; i++) {
        add_row(list, &accounts->rows[i]);
    }
    sort_rows(list);
}

/* --- the search --- */

static struct pm_ask *put_search(struct pm_batch *batch, pm_str url, const void *what, bool carries)
{
    return pm_rpc_ask_search(batch, url, what, carries);
}

static struct pm_ask *put_program(struct pm_batch *batch, pm_str url, const void *what,
                                  bool carries)
{
    return pm_rpc_ask_account(batch, url, what, NULL, carries);
}

void pm_chain_list_ask(struct pm_chain_list *list, struct pm_nodes *nodes, bool carries)
{
    const struct pm_layout *layout = pm_layout_newest(PM_ACCOUNT_INSTANCE);
    *list = (struct pm_chain_list){
        .nodes = nodes,
        .moves = nodes->moves,
        .carries = carries,
        .state = nodes->is_off ? PM_CHAIN_LIST_OFF : PM_CHAIN_LIST_PENDING,
        .search =
            {
                .program = nodes->program_key,
                .begins = {(const char *)layout->discriminator, PM_DISCRIMINATOR_BYTES},
                .slice = {0, INSTANCE_BYTES},
            },
    };
    pm_question_ask(&list->discovery, nodes, put_search, &list->search, carries);
}

static void take_discovery(struct pm_chain_list *list, const struct pm_ask *ask)
{
    list->discovered = list->ask = ask;
    drop_rows(list);
    add_rows(list, pm_rpc_accounts(ask));
    list->state = ask->is_stale ? PM_CHAIN_LIST_PART
                  : list->count ? PM_CHAIN_LIST_WHOLE
                                : PM_CHAIN_LIST_DOUBTFUL;
    if (list->state == PM_CHAIN_LIST_DOUBTFUL) {
        pm_question_ask(&list->program_question, list->nodes, put_program,
                        &list->nodes->program_key, false);
    }
}

/* An empty list is proof only beside the program's own account. */
static void take_program(struct pm_chain_list *list)
{
    const struct pm_ask *ask = pm_question_answer(&list->program_question);
    const struct pm_rpc_accounts *accounts = ask ? pm_rpc_accounts(ask) : NULL;
    if (list->state == PM_CHAIN_LIST_DOUBTFUL && accounts && accounts->rows[0].account.is_there) {
        list->state = PM_CHAIN_LIST_WHOLE;
    }
}

/* --- ids that are known from elsewhere --- */

static struct pm_ask *put_instances(struct pm_batch *batch, pm_str url, const void *what,
                                    bool carries)
{
    const struct pm_chain_chunk *chunk = what;
    return pm_rpc_ask_accounts(batch, url, chunk->keys, chunk->count, NULL, carries);
}

/* A node that cannot be reached answers no other question either. */
static bool is_worth_another_question(enum pm_status status)
{
    return status != PM_STATUS_OFFLINE && status != PM_STATUS_WRONG_CLUSTER &&
           status != PM_STATUS_UNRESOLVED && status != PM_STATUS_REFUSED &&
           status != PM_STATUS_BAD_TLS;
}

bool pm_chain_list_wants_ids(const struct pm_chain_list *list)
{
    const struct pm_ask *trouble = pm_question_trouble(&list->discovery);
    const struct pm_ask *answer = pm_question_answer(&list->discovery);
    return !list->are_known_asked && trouble && trouble->is_in && (!answer || answer->is_stale) &&
           list->discovery.node + 1 >= list->nodes->count &&
           is_worth_another_question(trouble->outcome.status);
}

static bool is_known(const struct pm_chain_list *list, const struct pm_key *key)
{
    for (size_t i = 0; i < list->known_count; i++) {
        const struct pm_chain_chunk *chunk = list->known[i / PM_RPC_KEYS_MOST];
        if (pm_key_equal(&chunk->keys[i % PM_RPC_KEYS_MOST], key)) {
            return true;
        }
    }
    return false;
}

/* One that is asked for twice would be answered twice, and be taken for two accounts of one run. */
static void add_known(struct pm_chain_list *list, pm_str id)
{
    struct pm_key key;
    if (list->known_count < KNOWN_MOST &&
        pm_derived_instance(list->nodes->batch->memo, &list->nodes->program_key, id, &key) &&
        !is_known(list, &key) &&
        pm_chain_chunk_add(list->known, &list->known_chunks, PM_CHAIN_KNOWN_CHUNKS,
                           list->nodes->batch->arena, &key, 0)) {
        list->known_count++;
    }
}

/* Those of an older search are looked for again, with the ids that it did not have. */
void pm_chain_list_try_ids(struct pm_chain_list *list, const pm_str *ids, size_t count)
{
    list->are_known_asked = true;
    for (size_t i = 0; i < list->count; i++) {
        add_known(list, list->rows[i].instance.run_id);
    }
    for (size_t i = 0; i < count; i++) {
        add_known(list, ids[i]);
    }
    for (size_t i = 0; i < list->known_chunks; i++) {
        pm_question_ask(&list->known[i]->question, list->nodes, put_instances, list->known[i],
                        list->carries);
    }
}

static void forget(struct pm_chain_list *list)
{
    list->discovered = list->ask = NULL;
    list->state = PM_CHAIN_LIST_PENDING;
    drop_rows(list);
    for (size_t i = 0; i < list->known_chunks; i++) {
        list->known[i]->taken = NULL;
    }
}

/* The first answer about known ids: what an older search had is now told by these. */
static void take_known(struct pm_chain_list *list, const struct pm_ask *ask)
{
    if (list->state != PM_CHAIN_LIST_PART || list->ask == list->discovered) {
        drop_rows(list);
        list->ask = ask;
        list->state = PM_CHAIN_LIST_PART;
    }
    add_rows(list, pm_rpc_accounts(ask));
}

static bool go_on_known(struct pm_chain_list *list)
{
    bool has_asked = false;
    for (size_t i = 0; i < list->known_chunks; i++) {
        struct pm_chain_chunk *chunk = list->known[i];
        has_asked |= pm_question_go_on(&chunk->question, list->nodes);
        const struct pm_ask *ask = pm_question_answer(&chunk->question);
        if (ask && !chunk->taken) {
            chunk->taken = ask;
            take_known(list, ask);
        } else if (!ask && chunk->taken) {
            forget(list); /* it was of another cluster */
        }
    }
    return has_asked;
}

bool pm_chain_list_is_ready(const struct pm_chain_list *list)
{
    if (list->state == PM_CHAIN_LIST_WHOLE) {
        return true;
    }
    for (size_t i = 0; i < list->known_chunks; i++) {
        const struct pm_chain_chunk *chunk = list->known[i];
        if (!chunk->taken && !pm_question_is_over(&chunk->question, list->nodes)) {
            return false;
        }
    }
    return list->are_known_asked;
}

/* --- steps --- */

bool pm_chain_list_go_on(struct pm_chain_list *list)
{
    if (list->state == PM_CHAIN_LIST_OFF) {
        return false;
    }
    if (list->moves != list->nodes->moves) {
        pm_chain_list_ask(list, list->nodes, list->carries);
        return true;
    }
    bool has_asked = pm_question_go_on(&list->discovery, list->nodes);
    const struct pm_ask *found = pm_question_answer(&list->discovery);
    if (found && found != list->discovered) {
        take_discovery(list, found);
        has_asked |= list->program_question.is_asked;
    } else if (!found && list->discovered) {
        forget(list); /* it was of another cluster */
    }
    has_asked |= pm_question_go_on(&list->program_question, list->nodes);
    take_program(list);
    has_asked |= go_on_known(list);
    has_asked |= pm_chain_looks_go_on(list);
    return has_asked;
}

void pm_chain_list_settle(struct pm_chain_list *list)
{
    list->nodes->is_over = true; /* what is not in now will not be waited for */
    (void)pm_chain_list_go_on(list);
    list->nodes->is_over = false;
    if (list->state == PM_CHAIN_LIST_PENDING) {
        list->state = PM_CHAIN_LIST_SILENT;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct pm_chain_row *row = &list->rows[i];
        if (row->head) {
            pm_seen_on_chain(list->nodes->batch, row->instance.run_id, row->head,
                             row->tail ? (int64_t)row->tail->client_count : PM_SEEN_NO_CLIENTS);
        }
    }
}

const struct pm_ask *pm_chain_list_trouble(const struct pm_chain_list *list)
{
    return list->state == PM_CHAIN_LIST_WHOLE ? NULL : pm_question_trouble(&list->discovery);
}
