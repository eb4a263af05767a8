/* test_chain_list.c - the chain's list of runs: what is made of a search, of one that is too old,
 * and of ids that are looked for instead. */

#include "chain_lists.h"

#include "check.h"

static struct pm_rpc_accounts *accounts_of(struct pm_arena *arena, const char *const *ids)
{
    struct pm_rpc_accounts *accounts = pm_arena_zero(arena, sizeof *accounts);
    struct pm_rpc_row *rows = pm_arena_array(arena, 64, sizeof *rows);
    if (!accounts || !rows) {
        abort();
    }
    *accounts = (struct pm_rpc_accounts){.has_slot = true, .slot = 7, .rows = rows};
    for (; ids[accounts->count]; accounts->count++) {
        rows[accounts->count] = instance_row(arena, pm_str_from(ids[accounts->count]));
    }
    return accounts;
}

static void check_ids(const struct pm_chain_list *list, const char *const *ids, const char *what)
{
    size_t count = 0;
    for (; ids[count]; count++) {
        CHECK(count < list->count, "%s: %zu rows", what, list->count);
        if (count < list->count) {
            CHECK_TEXT(list->rows[count].instance.run_id, pm_str_from(ids[count]), what);
            CHECK(pm_chain_list_find(list, pm_str_from(ids[count])) == &list->rows[count],
                  "%s: find", what);
        }
    }
    CHECK(list->count == count, "%s: %zu rows", what, list->count);
    CHECK(!pm_chain_list_find(list, PM_STR("nobody's")), "%s", what);
}

static void test_search(void)
{
    struct chain_world world;
    open_world(&world);
    struct pm_chain_list *list = &world.list;
    struct pm_rpc_accounts *found = accounts_of(
        &world.arena, (const char *const[]){"b", "a", "c", "a", "d", "e", "", "x", NULL});
    found->rows[4].account.owner = (struct pm_key){{1}};
    found->rows[5].key.bytes[0] ^= 1;
    found->rows[7] = instance_row(&world.arena, (pm_str){"x\0y", 3});
    CHECK(list->state == PM_CHAIN_LIST_PENDING, "at first");
    answer(&list->discovery, found, false);
    CHECK(!pm_chain_list_go_on(list), "nothing more to ask");
    CHECK(list->state == PM_CHAIN_LIST_WHOLE && pm_chain_list_is_ready(list), "a whole list");
    check_ids(list, (const char *const[]){"a", "b", "c", NULL}, "search");
    CHECK(list->unreadable == 5,
          "one twice, another owner's, at another place, without an id, with a NUL in it: %zu",
          list->unreadable);
    CHECK(!pm_chain_list_trouble(list) && !pm_chain_list_wants_ids(list), "no trouble");
    close_world(&world);
}

static void test_empty_search(bool has_program)
{
    struct chain_world world;
    open_world(&world);
    struct pm_chain_list *list = &world.list;
    struct pm_rpc_accounts *none = accounts_of(&world.arena, (const char *const[]){NULL});
    answer(&list->discovery, none, false);
    CHECK(pm_chain_list_go_on(list), "asks for the program");
    CHECK(list->state == PM_CHAIN_LIST_DOUBTFUL, "no run may mean no program");
    struct pm_rpc_accounts *program = accounts_of(&world.arena, (const char *const[]){"x", NULL});
    program->rows[0].account.is_there = has_program;
    answer(&list->program_question, program, false);
    (void)pm_chain_list_go_on(list);
    CHECK(list->state == (has_program ? PM_CHAIN_LIST_WHOLE : PM_CHAIN_LIST_DOUBTFUL) &&
              list->count == 0,
          "the program is there, and no run: %d", has_program);
    close_world(&world);
}

static void test_refused(void)
{
    struct chain_world world;
    open_world(&world);
    struct pm_chain_list *list = &world.list;
    const pm_str ids[] = {PM_STR("known"),
                          PM_STR("gone"),
                          PM_STR(""),
                          PM_STR("known"),
                          PM_STR("known"),
                          PM_STR("gone"),
                          PM_STR("an id that is far too long for a seed")};
    answer(&list->discovery, NULL, false);
    (void)pm_chain_list_go_on(list);
    CHECK(pm_chain_list_wants_ids(list) && !pm_chain_list_is_ready(list), "ids are wanted");
    pm_chain_list_try_ids(list, ids, sizeof ids / sizeof *ids);
    CHECK(list->known_count == 2 && list->known_chunks == 1 && list->known[0]->count == 2,
          "those that can be, each once: %zu", list->known_count);
    CHECK(!pm_chain_list_wants_ids(list), "once");
    struct pm_rpc_accounts *found =
        accounts_of(&world.arena, (const char *const[]){"known", "gone", NULL});
    found->rows[1].account.is_there = false;
    answer(&list->known[0]->question, found, false);
    (void)pm_chain_list_go_on(list);
    CHECK(list->state == PM_CHAIN_LIST_PART && pm_chain_list_is_ready(list), "a part");
    check_ids(list, (const char *const[]){"known", NULL}, "by id");
    CHECK(list->unreadable == 0 && pm_chain_list_trouble(list),
          "absence is no trouble, refusal is");
    close_world(&world);
}

/* A kept search that could not be repeated. */
static void test_old_search(bool is_answered)
{
    struct chain_world world;
    open_world(&world);
    struct pm_chain_list *list = &world.list;
    const pm_str ids[] = {PM_STR("listed"), PM_STR("old"), PM_STR("listed")};
    answer(&list->discovery,
           accounts_of(&world.arena, (const char *const[]){"old", "closed", NULL}), true);
    (void)pm_chain_list_go_on(list);
    CHECK(list->state == PM_CHAIN_LIST_PART && pm_chain_list_wants_ids(list), "old");
    pm_chain_list_try_ids(list, ids, sizeof ids / sizeof *ids);
    CHECK(list->known_count == 3, "its ids and the new one: %zu", list->known_count);
    if (!is_answered) {
        (void)pm_chain_list_settle(list);
        check_ids(list, (const char *const[]){"closed", "old", NULL}, "the old one stays");
        CHECK(list->ask->is_stale, "and says so");
    } else {
        struct pm_rpc_accounts *found =
            accounts_of(&world.arena, (const char *const[]){"closed", "old", "listed", NULL});
        found->rows[0].account.is_there = false;
        answer(&list->known[0]->question, found, false);
        (void)pm_chain_list_settle(list);
        check_ids(list, (const char *const[]){"listed", "old", NULL}, "what is there now");
        CHECK(list->unreadable == 0, "none twice: %zu", list->unreadable);
        CHECK(!list->ask->is_stale && list->discovered->is_stale, "told anew");
    }
    close_world(&world);
}

static const struct pm_rpc_genesis mainnet = {
    PM_STR_INIT("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d")};

static void test_other_cluster(void)
{
    struct chain_world world;
    open_world(&world);
    struct pm_chain_list *list = &world.list;
    struct pm_chain_row *wanted[1];
    answer(&list->discovery, accounts_of(&world.arena, (const char *const[]){"run", NULL}), false);
    (void)pm_chain_list_go_on(list);
    wanted[0] = list->rows;
    pm_chain_list_look_at(list, wanted, 1);
    CHECK(list->count == 1 && list->look_chunks == 1 && list->rows[0].is_looked_at,
          "before it is known");
    const struct pm_question *look_question = &list->looks[0]->question;
    world.nodes.list[0].genesis->facts = &mainnet;
    (void)pm_chain_list_settle(list);
    CHECK(list->count == 0 && list->state == PM_CHAIN_LIST_SILENT, "nothing of it is used");
    const struct pm_ask *look = look_question->asks[0];
    CHECK(look->outcome.status == PM_STATUS_WRONG_CLUSTER, "nor called good: %s",
          pm_status_word(look->outcome.status));
    close_world(&world);
}

/* Two answers about ids, of which the second is in when the node turns out to be another one's. */
static void test_known_of_other_cluster(void)
{
    static char texts[120][16];
    static pm_str ids[120];
    struct chain_world world;
    open_world(&world);
    struct pm_chain_list *list = &world.list;
    for (size_t i = 0; i < 120; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "run-%zu", i);
        ids[i] = pm_str_from(texts[i]);
    }
    answer(&list->discovery, accounts_of(&world.arena, (const char *const[]){"old", NULL}), true);
    (void)pm_chain_list_go_on(list);
    pm_chain_list_try_ids(list, ids, 120);
    CHECK(list->known_chunks == 2, "two questions");
    answer(&list->known[0]->question,
           accounts_of(&world.arena, (const char *const[]){"run-0", NULL}), false);
    (void)pm_chain_list_go_on(list);
    CHECK(!pm_chain_list_is_ready(list) || list->count == 1, "the first part");
    answer(&list->known[1]->question,
           accounts_of(&world.arena, (const char *const[]){"run-119", NULL}), false);
    (void)pm_chain_list_go_on(list);
    check_ids(list, (const char *const[]){"run-0", "run-119", NULL}, "both parts");
    world.nodes.list[0].genesis->facts = &mainnet;
    (void)pm_chain_list_settle(list);
    CHECK(list->count == 0 && list->state == PM_CHAIN_LIST_SILENT && !list->known[0]->taken,
          "nothing of it is used");
    close_world(&world);
}

/* The same when nobody searched: the ids are all there is. */
static void test_ids_of_other_cluster(void)
{
    static const pm_str ids[] = {PM_STR_INIT("a")};
    struct chain_world world;
    open_world(&world);
    struct pm_chain_list *list = &world.list;
    answer(&list->discovery, NULL, false);
    (void)pm_chain_list_go_on(list);
    pm_chain_list_try_ids(list, ids, 1);
    answer(&list->known[0]->question, accounts_of(&world.arena, (const char *const[]){"a", NULL}),
           false);
    (void)pm_chain_list_go_on(list);
    check_ids(list, (const char *const[]){"a", NULL}, "by id");
    world.nodes.list[0].genesis->facts = &mainnet;
    (void)pm_chain_list_go_on(list);
    CHECK(list->count == 0 && list->state == PM_CHAIN_LIST_PENDING, "forgotten");
    close_world(&world);
}

/* More accounts than are kept: here one account again and again. */
static void test_too_many(void)
{
    enum { ROWS = 20001 };
    struct chain_world world;
    open_world(&world);
    struct pm_chain_list *list = &world.list;
    struct pm_rpc_row *rows = pm_arena_array(&world.arena, ROWS, sizeof *rows);
    if (!rows) {
        abort();
    }
    rows[0] = instance_row(&world.arena, PM_STR("a"));
    for (size_t i = 1; i < ROWS; i++) {
        rows[i] = rows[0];
    }
    const struct pm_rpc_accounts found = {.rows = rows, .count = ROWS};
    answer(&list->discovery, &found, false);
    (void)pm_chain_list_go_on(list);
    CHECK(list->room == ROWS - 1 && list->count == 1 && list->unreadable == ROWS - 1,
          "one past the end, all but one the same: %zu", list->unreadable);
    close_world(&world);
}

static void test_moved(void)
{
    struct chain_world world;
    open_world(&world);
    struct pm_chain_list *list = &world.list;
    answer(&list->discovery, accounts_of(&world.arena, (const char *const[]){"a", NULL}), false);
    (void)pm_chain_list_go_on(list);
    world.nodes.program_key = (struct pm_key){{5}};
    world.nodes.moves++;
    CHECK(pm_chain_list_go_on(list), "asks anew");
    CHECK(list->count == 0 && list->state == PM_CHAIN_LIST_PENDING, "another program's runs");
    CHECK(pm_key_equal(&list->search.program, &world.nodes.program_key), "of the new one");
    close_world(&world);
}

/* How the search ended, and whether another question is worth while. */
static void test_silence(void)
{
    static const struct {
        enum pm_status status;
        bool wants_ids;
    } cases[] = {
        {PM_STATUS_OFFLINE, false},     {PM_STATUS_WRONG_CLUSTER, false},
        {PM_STATUS_UNRESOLVED, false},  {PM_STATUS_REFUSED, false},
        {PM_STATUS_BAD_TLS, false},     {PM_STATUS_TIMEOUT, true},
        {PM_STATUS_UNAVAILABLE, true},  {PM_STATUS_METHOD_REFUSED, true},
        {PM_STATUS_RATE_LIMITED, true},
    };
    struct chain_world world;
    open_world(&world);
    struct pm_ask *ask = world.list.discovery.asks[0];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ask->outcome.status = cases[i].status;
        CHECK(pm_chain_list_wants_ids(&world.list) == cases[i].wants_ids, "%s",
              pm_status_word(cases[i].status));
    }
    ask->is_in = false;
    CHECK(!pm_chain_list_wants_ids(&world.list), "it may still come");
    ask->is_in = true;
    world.nodes.list[world.nodes.count++] = (struct pm_node){.url = PM_STR("http://127.0.0.1:2/")};
    CHECK(!pm_chain_list_wants_ids(&world.list), "another node is left to search");
    close_world(&world);
}

/* Head and tail that do not both fit say nothing; the row stays. */
static void test_looks(void)
{
    struct chain_world world;
    open_world(&world);
    struct pm_chain_list *list = &world.list;
    struct pm_chain_row *wanted[2];
    answer(&list->discovery, accounts_of(&world.arena, (const char *const[]){"a", "b", NULL}),
           false);
    (void)pm_chain_list_go_on(list);
    wanted[0] = &list->rows[0];
    wanted[1] = &list->rows[1];
    pm_chain_list_look_at(list, wanted, 2);
    pm_chain_list_look_at(list, wanted, 2);
    CHECK(list->look_chunks == 1 && list->looks[0]->count == 2, "each once");
    struct pm_rpc_accounts *heads =
        accounts_of(&world.arena, (const char *const[]){"a", "b", NULL});
    heads->rows[0].account.unreadable = "its data are no zstd";
    heads->rows[1].account.is_there = false;
    answer(&list->looks[0]->question, heads, false);
    (void)pm_chain_list_go_on(list);
    CHECK(list->rows[0].verdict == PM_ACCOUNT_BAD && strstr(list->rows[0].problem.text, "zstd"),
          "%s", list->rows[0].problem.text);
    CHECK(list->rows[1].verdict == PM_ACCOUNT_ABSENT && !list->rows[1].head, "%s",
          list->rows[1].problem.text);
    struct pm_rpc_accounts *tails =
        accounts_of(&world.arena, (const char *const[]){"a", "b", NULL});
    tails->rows[0].account.space = 120080;
    answer(&list->looks[0]->tail_question, tails, false);
    (void)pm_chain_list_go_on(list);
    CHECK(strstr(list->rows[0].problem.text, "zstd"), "the first problem stays: %s",
          list->rows[0].problem.text);
    CHECK(list->count == 2 && !list->rows[0].tail, "both stay listed");
    close_world(&world);
}

/* Asked for at different times, each goes into a question that was not put yet; and only so many. */
static void test_more_looks(void)
{
    static struct pm_chain_row rows[PM_CHAIN_LOOK_MOST + 1];
    static struct pm_chain_row *wanted[PM_CHAIN_LOOK_MOST + 1];
    struct chain_world world;
    open_world(&world);
    struct pm_chain_list *list = &world.list;
    answer(&list->discovery, accounts_of(&world.arena, (const char *const[]){"a", "b", NULL}),
           false);
    (void)pm_chain_list_go_on(list);
    for (size_t i = 0; i < 2; i++) {
        wanted[0] = &list->rows[i];
        pm_chain_list_look_at(list, wanted, 1);
        CHECK(list->look_chunks == i + 1 && list->looks[i]->count == 1, "a question of its own");
    }
    struct pm_rpc_accounts *heads =
        accounts_of(&world.arena, (const char *const[]){"a", "b", NULL});
    heads->rows[0].account.is_there = false;
    answer(&list->looks[0]->question, heads, false);
    (void)pm_chain_list_go_on(list);
    CHECK(list->rows[0].verdict == PM_ACCOUNT_ABSENT && list->rows[1].verdict == PM_ACCOUNT_OK,
          "an account that was not asked for is nobody's");
    struct pm_chain_list many = {.nodes = list->nodes, .rows = rows};
    for (size_t i = 0; i <= PM_CHAIN_LOOK_MOST; i++) {
        memcpy(rows[i].instance.coordinator_account.bytes, &i, sizeof i);
        wanted[i] = &rows[i];
    }
    pm_chain_list_look_at_heads(&many, wanted, PM_CHAIN_LOOK_MOST + 1);
    CHECK(many.look_chunks == PM_CHAIN_LOOK_CHUNKS && rows[PM_CHAIN_LOOK_MOST - 1].is_looked_at &&
              !rows[PM_CHAIN_LOOK_MOST].is_looked_at,
          "as many as there is room for");
    close_world(&world);
}

/* More than there is room for, with doubles on both sides of where a question is full. */
static void test_many_ids(void)
{
    static char texts[1500][16];
    static pm_str ids[3000];
    struct chain_world world;
    open_world(&world);
    struct pm_chain_list *list = &world.list;
    for (size_t i = 0; i < 1500; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "run-%zu", i);
        ids[2 * i] = pm_str_from(texts[i]);
        ids[2 * i + 1] = pm_str_from(texts[i / 2]);
    }
    answer(&list->discovery, NULL, false);
    (void)pm_chain_list_go_on(list);
    pm_chain_list_try_ids(list, ids, 240);
    CHECK(list->known_count == 120 && list->known_chunks == 2 && list->known[1]->count == 20,
          "each once: %zu", list->known_count);
    close_world(&world);
    open_world(&world);
    answer(&list->discovery, NULL, false);
    (void)pm_chain_list_go_on(list);
    pm_chain_list_try_ids(list, ids, 3000);
    CHECK(list->known_count == 1200 && list->known_chunks == PM_CHAIN_KNOWN_CHUNKS,
          "as many as there is room for: %zu", list->known_count);
    close_world(&world);
}

/* A name stands in the head: nothing else is asked for. */
static void test_heads(void)
{
    struct chain_world world;
    open_world(&world);
    struct pm_chain_list *list = &world.list;
    struct pm_chain_row *wanted[1];
    answer(&list->discovery, accounts_of(&world.arena, (const char *const[]){"a", NULL}), false);
    (void)pm_chain_list_go_on(list);
    wanted[0] = list->rows;
    pm_chain_list_look_at_heads(list, wanted, 1);
    CHECK(list->look_chunks == 1 && list->looks[0]->question.is_asked, "its head");
    CHECK(!list->looks[0]->tail_question.is_asked, "not its tail");
    (void)pm_chain_list_settle(list);
    CHECK(list->count == 1 && !list->rows[0].tail, "nor is one made up");
    close_world(&world);
}

int main(void)
{
    test_search();
    test_empty_search(true);
    test_empty_search(false);
    test_silence();
    test_refused();
    test_many_ids();
    test_old_search(false);
    test_old_search(true);
    test_other_cluster();
    test_known_of_other_cluster();
    test_ids_of_other_cluster();
    test_too_many();
    test_moved();
    test_looks();
    test_more_looks();
    test_heads();
    return check_done();
}
