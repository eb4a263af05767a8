/* test_memo.c - a table that forgets, and the addresses that are kept in it. */

#include "base/memo.h"
#include "source/derived.h"

#include "check.h"

#include <string.h>

#define NAMES 2000
#define THREADS 4
#define ROUNDS 20000

static pm_str number_name(unsigned number, char text[16])
{
    int len = snprintf(text, 16, "name %u", number);
    return (pm_str){text, (size_t)len};
}

/* A result that tells the name it follows from. */
static void make_result(pm_str name, unsigned char result[PM_MEMO_BYTES])
{
    memset(result, 0, PM_MEMO_BYTES);
    memcpy(result, name.ptr, name.len);
}

static bool is_result_of(pm_str name, const unsigned char result[PM_MEMO_BYTES])
{
    unsigned char wanted[PM_MEMO_BYTES];
    make_result(name, wanted);
    return memcmp(wanted, result, PM_MEMO_BYTES) == 0;
}

static void test_table(struct pm_memo *memo)
{
    char text[16];
    unsigned char result[PM_MEMO_BYTES];
    size_t kept = 0;
    for (unsigned i = 0; i < NAMES; i++) {
        pm_str name = number_name(i, text);
        CHECK(!pm_memo_recall(memo, name, result), "%s before it was kept", text);
        make_result(name, result);
        pm_memo_keep(memo, name, result);
        memset(result, 0xAA, sizeof result);
        CHECK(pm_memo_recall(memo, name, result) && is_result_of(name, result), "%s", text);
    }
    for (unsigned i = 0; i < NAMES; i++) {
        pm_str name = number_name(i, text);
        if (pm_memo_recall(memo, name, result)) {
            CHECK(is_result_of(name, result), "%s later", text);
            kept++;
        }
    }
    CHECK(kept > PM_MEMO_SETS && kept <= PM_MEMO_SETS * PM_MEMO_WAYS, "%zu are kept", kept);
}

static void test_names(struct pm_memo *memo)
{
    static const char longest[PM_MEMO_NAME_MOST + 1] = {1};
    unsigned char result[PM_MEMO_BYTES] = {7}, got[PM_MEMO_BYTES];
    for (size_t len = 0; len <= sizeof longest; len++) {
        pm_str name = {longest, len};
        bool can_be_kept = len > 0 && len <= PM_MEMO_NAME_MOST;
        pm_memo_keep(memo, name, result);
        CHECK(pm_memo_recall(memo, name, got) == can_be_kept, "a name of %zu bytes", len);
    }
    pm_memo_keep(NULL, PM_STR("a"), result);
    CHECK(!pm_memo_recall(NULL, PM_STR("a"), got), "without a table");
}

/* --- threads --- */

struct thread {
    pthread_t thread;
    struct pm_memo *memo;
    unsigned wrong;
};

static void *go_round(void *user)
{
    struct thread *thread = user;
    char text[16];
    unsigned char result[PM_MEMO_BYTES];
    for (unsigned i = 0; i < ROUNDS; i++) {
        pm_str name = number_name(i * 7 % 300, text);
        if (pm_memo_recall(thread->memo, name, result)) {
            thread->wrong += !is_result_of(name, result);
        } else {
            make_result(name, result);
            pm_memo_keep(thread->memo, name, result);
        }
    }
    return NULL;
}

static void test_threads(struct pm_memo *memo)
{
    struct thread threads[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        threads[i] = (struct thread){.memo = memo};
        CHECK(pthread_create(&threads[i].thread, NULL, go_round, &threads[i]) == 0, "%zu", i);
    }
    for (size_t i = 0; i < THREADS; i++) {
        (void)pthread_join(threads[i].thread, NULL);
        CHECK(threads[i].wrong == 0, "%u wrong ones", threads[i].wrong);
    }
}

/* --- addresses --- */

static struct pm_key key_of(unsigned char byte)
{
    struct pm_key key;
    memset(key.bytes, byte, sizeof key.bytes);
    return key;
}

/* Twice each, so the second time from the table, beside what the plain derivation gives. */
static void test_addresses(struct pm_memo *memo)
{
    struct pm_key program = key_of(1), user = key_of(2), got, want;
    for (int again = 0; again < 2; again++) {
        CHECK(pm_derived_instance(memo, &program, PM_STR("a-run"), &got) &&
                  pm_pda_instance(&program, PM_STR("a-run"), &want) && pm_key_equal(&got, &want),
              "instance");
        CHECK(pm_derived_pool(memo, &program, 3, &got) && pm_pda_pool(&program, 3, &want) &&
                  pm_key_equal(&got, &want),
              "pool");
        CHECK(pm_derived_run(memo, &program, 3, &got) && pm_pda_run(&program, 3, &want) &&
                  pm_key_equal(&got, &want),
              "run");
        CHECK(pm_derived_authorization(memo, &program, &user, &program, &got) &&
                  pm_pda_authorization(&program, &user, &program, &want) &&
                  pm_key_equal(&got, &want),
              "authorization");
        CHECK(pm_derived_token_account(memo, &program, &user, &got) &&
                  pm_pda_token_account(&program, &user, &want) && pm_key_equal(&got, &want),
              "token account");
    }
}

/* What has no address has none from the table either. */
static void test_no_address(struct pm_memo *memo)
{
    static const pm_str ids[] = {
        PM_STR_INIT(""),
        {"a\0b", 3},
        PM_STR_INIT("an-id-of-more-than-thirty-two-bytes"),
    };
    struct pm_key program = key_of(1), got;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        CHECK(!pm_derived_instance(memo, &program, ids[i], &got), "%zu", i);
        CHECK(!pm_derived_instance(memo, &program, ids[i], &got), "%zu again", i);
    }
    CHECK(!pm_derived_instance(memo, &program, (pm_str){NULL, 0}, &got), "no id");
}

int main(void)
{
    static struct pm_memo memo;
    CHECK(pm_memo_init(&memo), "a table");
    test_table(&memo);
    test_names(&memo);
    test_threads(&memo);
    test_addresses(&memo);
    test_addresses(NULL);
    test_no_address(&memo);
    pm_memo_finish(&memo);
    return check_done();
}
