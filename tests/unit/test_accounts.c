/* test_accounts.c - chain/reader, chain/fixed, chain/layout and the small accounts. What each field
 * of the recorded accounts says is compared in tests/contract/test_accounts.py. */

#include "chain/authorization.h"
#include "chain/fixed.h"
#include "chain/instance.h"
#include "chain/pool.h"
#include "chain/token.h"
#include "chain/treasurer.h"

#include "account_data.h"

static void test_reader(void)
{
    static const char bytes[] = "\1\2\1\4\3\2\1\10\7\6\5\4\3\2\1\0\0\200\277\0\0\0\0\0\0\4\300\376"
                                "\377\377\377\377\377\377\377\1\0";
    struct pm_reader reader = pm_reader_at((pm_str){bytes, sizeof bytes - 1}, 0);
    CHECK(pm_read_u8(&reader) == 1, "u8");
    CHECK(pm_read_u16(&reader) == 0x102, "u16");
    CHECK(pm_read_u32(&reader) == 0x1020304, "u32");
    CHECK(pm_read_u64(&reader) == UINT64_C(0x102030405060708), "u64");
    CHECK(pm_read_f32(&reader) <= -1 && !reader.bad, "f32");
    CHECK(pm_read_f64(&reader) <= -2.5 && !reader.bad, "f64");
    CHECK(pm_read_i64(&reader) == -2, "i64");
    CHECK(pm_read_bool(&reader, "yes") && !pm_read_bool(&reader, "no"), "bool");
    CHECK(!reader.bad && reader.left.len == 0, "all is read");
    CHECK(pm_read_u8(&reader) == 0 && reader.bad && !reader.what, "past the end");
    CHECK(pm_reader_at(PM_STR("abc"), 3).bad == false, "begins at the end");
    CHECK(pm_reader_at(PM_STR("abc"), 4).bad, "begins past the end");
    CHECK(pm_reader_at(PM_STR("abc"), UINT64_MAX).bad, "begins far past the end");
}

/* The first fault stays, and all that follows is zero. */
static void test_reader_bad(void)
{
    struct pm_reader reader = pm_reader_at(PM_STR("\2\1\1\1\1\1\1\1\1"), 0);
    CHECK(!pm_read_bool(&reader, "first") && reader.bad, "2 is no bool");
    CHECK(pm_read_u32_to(&reader, 0, "second") == 0 && pm_read_u8(&reader) == 0, "then zero");
    CHECK(strcmp(reader.what, "first") == 0 && reader.value == 2 && reader.most == 1, "what");
    struct pm_key key = pm_read_key(&reader);
    CHECK(pm_key_is_zero(&key) && pm_read_text(&reader, "text").len == 0, "nothing more");
    reader = pm_reader_at(PM_STR("\1\1\1\1\1\1\1"), 0);
    CHECK(pm_read_u64(&reader) == 0 && reader.bad, "7 bytes are no u64, not even in part");
}

static void test_lists(void)
{
    static const struct {
        pm_str bytes;
        size_t item_bytes;
        bool is_good;
        size_t len;
    } rows[] = {
        {PM_STR_INIT("\0\0\0\0"), 1, true, 0},
        {PM_STR_INIT("\2\0\0\0ab"), 1, true, 2},
        {PM_STR_INIT("\2\0\0\0abc"), 1, true, 2},
        {PM_STR_INIT("\3\0\0\0ab"), 1, false, 0},
        {PM_STR_INIT("\2\0\0\0abcd"), 2, true, 4},
        {PM_STR_INIT("\2\0\0\0abc"), 2, false, 0},
        {PM_STR_INIT("\377\377\377\377abc"), 1, false, 0},
        {PM_STR_INIT("\0\0\0\10abc"), 32, false, 0},
        {PM_STR_INIT("\0\0\0"), 1, false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_reader reader = pm_reader_at(rows[i].bytes, 0);
        pm_str list = pm_read_list(&reader, rows[i].item_bytes, "list");
        CHECK(reader.bad != rows[i].is_good && list.len == rows[i].len, "row %zu: %zu", i,
              list.len);
    }
    static const char *const not_utf8[] = {"\xFF", "\xC0\x80", "\xED\xA0\x80", "\xE2\x82",
                                           "\xF4\x90\x80\x80"};
    for (size_t i = 0; i < sizeof not_utf8 / sizeof *not_utf8; i++) {
        char bytes[16] = {(char)strlen(not_utf8[i])};
        memcpy(bytes + 4, not_utf8[i], strlen(not_utf8[i]));
        struct pm_reader reader = pm_reader_at((pm_str){bytes, sizeof bytes}, 0);
        CHECK(pm_read_text(&reader, "text").len == 0 && reader.bad, "text %zu", i);
    }
}

static void test_fixed(void)
{
    static const struct {
        pm_str in, text, shown;
    } rows[] = {
        {PM_STR_INIT("abc\0\0"), PM_STR_INIT("abc"), PM_STR_INIT("abc")},
        {PM_STR_INIT("abcde"), PM_STR_INIT("abcde"), PM_STR_INIT("abcde")},
        {PM_STR_INIT("\0\0\0\0\0"), PM_STR_INIT(""), PM_STR_INIT("")},
        {PM_STR_INIT("\0ab\0c\0"), PM_STR_INIT("ab\0c"), PM_STR_INIT("")},
        {PM_STR_INIT("a\0b"), PM_STR_INIT("a\0b"), PM_STR_INIT("a")},
        {PM_STR_INIT(" a \0"), PM_STR_INIT(" a "), PM_STR_INIT(" a ")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_reader reader = pm_reader_at(rows[i].in, 0);
        struct pm_fixed fixed = pm_read_fixed(&reader, rows[i].in.len);
        CHECK_TEXT(fixed.text, rows[i].text, "without NULs at both ends");
        CHECK_TEXT(fixed.shown, rows[i].shown, "up to the first NUL");
    }
}

#define R "\xEF\xBF\xBD"

/* One U+FFFD for each longest beginning of a character: as the examples of the Unicode standard. */
static void test_lossy(void)
{
    static const struct {
        pm_str in, want;
    } rows[] = {
        {PM_STR_INIT("a\xC3\xA9\xE8\xAA\x9E\xF0\x9F\x9A\x80"),
         PM_STR_INIT("a\xC3\xA9\xE8\xAA\x9E\xF0\x9F\x9A\x80")},
        {PM_STR_INIT("a\0b"), PM_STR_INIT("a\0b")},
        {PM_STR_INIT("\xFF"), PM_STR_INIT(R)},
        {PM_STR_INIT("\xC3"), PM_STR_INIT(R)},
        {PM_STR_INIT("\xC3("), PM_STR_INIT(R "(")},
        {PM_STR_INIT("\xE2\x82"), PM_STR_INIT(R)},
        {PM_STR_INIT("\xE2\x82x"), PM_STR_INIT(R "x")},
        {PM_STR_INIT("\xF0\x9F\x9A"), PM_STR_INIT(R)},
        {PM_STR_INIT("\xF0\x9F\x9A\xF0"), PM_STR_INIT(R R)},
        {PM_STR_INIT("\xC0\xAF"), PM_STR_INIT(R R)},
        {PM_STR_INIT("\xE0\x80\xAF"), PM_STR_INIT(R R R)},
        {PM_STR_INIT("\xED\xA0\x80"), PM_STR_INIT(R R R)},
        {PM_STR_INIT("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"), PM_STR_INIT(R R R R R "A" R R "B")},
        {PM_STR_INIT("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), PM_STR_INIT(R R R R "A")},
        {PM_STR_INIT("\x80\x80"), PM_STR_INIT(R R)},
    };
    struct pm_arena arena;
    pm_arena_init(&arena, ARENA_BYTES);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_buf buf;
        pm_buf_init(&buf, &arena, 256);
        pm_lossy_add(&buf, rows[i].in);
        CHECK_TEXT(pm_buf_text(&buf), rows[i].want, "lossy");
    }
    pm_arena_finish(&arena);
}

static void test_layouts(void)
{
    for (int kind = 0; kind < PM_ACCOUNT_KIND_COUNT; kind++) {
        const struct pm_layout *row = pm_layout_newest((enum pm_account_kind)kind);
        CHECK(row && row->kind == (enum pm_account_kind)kind && row->name, "kind %d", kind);
        if (!row) {
            continue;
        }
        CHECK(pm_layout_find(row->kind, row->size_least) == row, "%s", row->name);
        CHECK(!pm_layout_find(row->kind, row->size_least - 1), "%s, smaller", row->name);
    }
    CHECK(!pm_layout_find(PM_ACCOUNT_COORDINATOR, 119161), "one size alone");
}

/* Decoders by one form, to be tried alike. */
static enum pm_account_verdict read_any(size_t which, const struct pm_account *account, void *out,
                                        struct pm_account_problem *problem)
{
    switch (which) {
    case 0:
        return pm_instance_read(account, &program, out, problem);
    case 1:
        return pm_chain_pool_read(account, &program, out, problem);
    case 2:
        return pm_lender_read(account, &program, out, problem);
    case 3:
        return pm_treasurer_run_read(account, &program, out, problem);
    case 4:
        return pm_participant_read(account, &program, out, problem);
    default:
        return pm_authorization_read(account, &program, out, problem);
    }
}

static const struct sample {
    const char *file;
    size_t out_bytes, used;
} samples[] = {
    {"chain/borsh/instance_16.raw", sizeof(struct pm_instance), 173},
    {"chain/borsh/pool_02.raw", sizeof(struct pm_chain_pool), 549},
    {"chain/borsh/lender_05.raw", sizeof(struct pm_lender), 25},
    {"chain/borsh/treasurer_run_05.raw", sizeof(struct pm_treasurer_run), 193},
    {"chain/borsh/participant_05.raw", sizeof(struct pm_participant), 25},
    {"chain/borsh/authorization_07.raw", sizeof(struct pm_authorization), 164},
};

/* All or nothing, wherever an account ends. */
static void test_cuts(void)
{
    static char room[1024];
    struct pm_arena arena;
    struct pm_account_problem problem;
    pm_arena_init(&arena, ARENA_BYTES);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct pm_account account = load_account(&arena, samples[i].file);
        for (size_t bytes = 0; bytes <= account.data.len; bytes++) {
            struct pm_account part = set_apart(account, bytes);
            bool is_ok = read_any(i, &part, room, &problem) == PM_ACCOUNT_OK;
            CHECK(is_ok == (bytes >= samples[i].used), "%s, %zu bytes: %s", samples[i].file, bytes,
                  problem.text);
            CHECK(is_ok ? !problem.text[0] : problem.text[0] != '\0', "%s, %zu bytes: problem",
                  samples[i].file, bytes);
            CHECK(is_ok || is_zero(room, samples[i].out_bytes), "%s, %zu bytes: no field",
                  samples[i].file, bytes);
            release(part);
        }
        account.owner = other_program;
        CHECK(read_any(i, &account, room, &problem) == PM_ACCOUNT_BAD, "%s", samples[i].file);
        account.is_there = false;
        CHECK(read_any(i, &account, room, &problem) == PM_ACCOUNT_ABSENT, "%s", samples[i].file);
        account = load_account(&arena, samples[i].file);
        account.slice_offset = 1;
        account.space++;
        CHECK(read_any(i, &account, room, &problem) == PM_ACCOUNT_BAD, "%s, from its second byte",
              samples[i].file);
        account.slice_offset = UINT64_MAX;
        CHECK(read_any(i, &account, room, &problem) == PM_ACCOUNT_BAD, "%s, from nowhere",
              samples[i].file);
    }
    pm_arena_finish(&arena);
}

/* The rule of the authorizer: active, of this grantor, for this, and to this key. */
static void test_allows(void)
{
    const struct pm_key grantor = {{1}}, user = {{2}}, friend = {{3}}, nobody = {{0}};
    const pm_str join = PM_STR(PM_AUTHORIZATION_JOIN_RUN);
    struct pm_authorization given = {.grantor = grantor, .grantee = user, .scope = join};
    CHECK(!pm_authorization_allows(&given, &grantor, &user, join), "not active");
    given.is_active = true;
    CHECK(pm_authorization_allows(&given, &grantor, &user, join), "its grantee");
    CHECK(!pm_authorization_allows(&given, &grantor, &friend, join), "somebody else");
    CHECK(!pm_authorization_allows(&given, &user, &user, join), "another grantor");
    CHECK(!pm_authorization_allows(&given, &grantor, &user, PM_STR("Coordinator")), "scope");
    given.delegates = (pm_str){(const char *)friend.bytes, sizeof friend.bytes};
    given.delegate_count = 1;
    CHECK(pm_authorization_allows(&given, &grantor, &friend, join), "its delegate");
    CHECK(!pm_authorization_allows(&given, &grantor, &nobody, join), "not yet everybody");
    given.grantee = nobody;
    given.delegate_count = 0;
    CHECK(pm_authorization_allows(&given, &grantor, &friend, join), "everybody");
}

static void test_run_id(void)
{
    struct pm_instance instance = {.run_id = PM_STR("run")};
    struct pm_fixed same = {PM_STR("run"), PM_STR("run")},
                    longer = {PM_STR("run2"), PM_STR("run2")};
    CHECK(pm_instance_has_run_id(&instance, same), "same");
    CHECK(!pm_instance_has_run_id(&instance, longer), "longer");
}

int main(void)
{
    test_reader();
    test_reader_bad();
    test_lists();
    test_fixed();
    test_lossy();
    test_layouts();
    test_cuts();
    test_allows();
    test_run_id();
    return check_done();
}
