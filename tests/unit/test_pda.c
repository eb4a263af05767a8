/* test_pda.c - chain/pda, with addresses that Solana's own library found. */

#include "chain/pda.h"
#include "codec/json.h"

#include "check.h"
#include "data.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static struct pm_arena arena;
static yyjson_val *vectors;

static size_t bytes_of(pm_str hex, uint8_t *out, size_t room)
{
    size_t len = hex.len / 2;
    CHECK(len <= room, "%zu bytes", len);
    for (size_t i = 0; i < len && i < room; i++) {
        char pair[3] = {hex.ptr[2 * i], hex.ptr[2 * i + 1], '\0'};
        out[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return len;
}

static struct pm_key key_named(yyjson_val *row, const char *name)
{
    struct pm_key key = {{0}};
    pm_str text = pm_json_text(pm_json_get(row, name));
    CHECK(pm_key_read(text, &key) == PM_KEY_OK, "%s \"%.*s\"", name, PM_STR_ARG(text));
    return key;
}

static pm_str text_of(const struct pm_key *key)
{
    struct pm_buf buf;
    pm_buf_init(&buf, &arena, SIZE_MAX / 2);
    pm_key_add(&buf, key);
    return pm_buf_text(&buf);
}

static uint64_t index_of(yyjson_val *args)
{
    return yyjson_get_uint(pm_json_get(args, "index"));
}

/* --- each account by the function that is meant for it --- */

static bool find_instance(const struct pm_key *program, yyjson_val *args, struct pm_key *out)
{
    pm_str run_id = pm_json_text(pm_json_get(args, "run_id"));
    if (run_id.len == 0) { /* no run has it, and yet it is a seed */
        const pm_str seeds[] = {PM_STR("coordinator"), run_id};
        CHECK(!pm_pda_instance(program, run_id, out), "empty run id");
        return pm_pda_find(seeds, 2, program, out, NULL);
    }
    return pm_pda_instance(program, run_id, out);
}

static bool find_pool(const struct pm_key *program, yyjson_val *args, struct pm_key *out)
{
    return pm_pda_pool(program, index_of(args), out);
}

static bool find_lender(const struct pm_key *program, yyjson_val *args, struct pm_key *out)
{
    struct pm_key pool = key_named(args, "pool"), user = key_named(args, "user");
    return pm_pda_lender(program, &pool, &user, out);
}

static bool find_run(const struct pm_key *program, yyjson_val *args, struct pm_key *out)
{
    pm_str run_id = pm_json_text(pm_json_get(args, "run_id"));
    if (run_id.ptr) {
        CHECK(pm_pda_run_index(run_id) == index_of(args), "index of \"%.*s\"", PM_STR_ARG(run_id));
    }
    return pm_pda_run(program, index_of(args), out);
}

static bool find_participant(const struct pm_key *program, yyjson_val *args, struct pm_key *out)
{
    struct pm_key run = key_named(args, "run"), user = key_named(args, "user");
    return pm_pda_participant(program, &run, &user, out);
}

static bool find_authorization(const struct pm_key *program, yyjson_val *args, struct pm_key *out)
{
    struct pm_key grantor = key_named(args, "grantor"), grantee = key_named(args, "grantee");
    return pm_pda_authorization(program, &grantor, &grantee, out);
}

static const struct {
    const char *kind;
    bool (*find)(const struct pm_key *program, yyjson_val *args, struct pm_key *out);
} finders[] = {
    {"coordinator_instance", find_instance},
    {"mining_pool", find_pool},
    {"lender", find_lender},
    {"treasurer_run", find_run},
    {"treasurer_participant", find_participant},
    {"authorization", find_authorization},
};

static size_t read_seeds(yyjson_val *row, uint8_t bytes[][33], pm_str *seeds, size_t room)
{
    size_t at, count, found = 0;
    yyjson_val *seed;
    yyjson_arr_foreach(pm_json_get(row, "seeds"), at, count, seed)
    {
        if (found < room) {
            size_t len = bytes_of(pm_json_text(seed), bytes[found], 33);
            seeds[found] = (pm_str){(const char *)bytes[found], len};
            found++;
        }
    }
    return found;
}

static void check_seeds(yyjson_val *row)
{
    uint8_t bytes[PM_PDA_SEEDS_MOST + 2][33], bump = 0;
    pm_str seeds[PM_PDA_SEEDS_MOST + 2];
    struct pm_key program = key_named(row, "program"), found = {{0}};
    size_t count = read_seeds(row, bytes, seeds, PM_PDA_SEEDS_MOST + 2);
    CHECK(count > 0 && pm_pda_find(seeds, count, &program, &found, &bump), "%zu seeds", count);
    CHECK_TEXT(text_of(&found), pm_json_text(pm_json_get(row, "pda")), "address");
    CHECK(bump == yyjson_get_uint(pm_json_get(row, "bump")), "bump %u", bump);
}

static void test_addresses(void)
{
    size_t at, count, named = 0;
    yyjson_val *row;
    yyjson_arr_foreach(pm_json_get(vectors, "pda"), at, count, row)
    {
        pm_str kind = pm_json_text(pm_json_get(row, "kind"));
        check_seeds(row);
        for (size_t i = 0; i < sizeof finders / sizeof *finders; i++) {
            if (pm_str_equal(kind, pm_str_from(finders[i].kind))) {
                struct pm_key program = key_named(row, "program"), found = {{0}};
                CHECK(finders[i].find(&program, pm_json_get(row, "args"), &found), "%s",
                      finders[i].kind);
                CHECK_TEXT(text_of(&found), pm_json_text(pm_json_get(row, "pda")), finders[i].kind);
                named++;
            }
        }
    }
    CHECK(count == 178 && named == 176, "%zu addresses, %zu of them of Psyche", count, named);
    check_seeds(pm_json_get(vectors, "bump_trace"));
}

static void test_token_accounts(void)
{
    size_t at, count;
    yyjson_val *row;
    yyjson_arr_foreach(pm_json_get(vectors, "associated_token_account"), at, count, row)
    {
        struct pm_key owner = key_named(row, "owner"), mint = key_named(row, "mint"), found;
        CHECK(pm_pda_token_account(&owner, &mint, &found), "row %zu", at);
        CHECK_TEXT(text_of(&found), pm_json_text(pm_json_get(row, "ata")), "token account");
    }
    CHECK(count == 30, "%zu rows", count);
}

static void test_programs(void)
{
    static const struct {
        enum pm_program program;
        const char *text;
    } rows[PM_PROGRAM_COUNT] = {
        {PM_PROGRAM_SYSTEM, "11111111111111111111111111111111"},
        {PM_PROGRAM_TOKEN, "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"},
        {PM_PROGRAM_TOKEN_ACCOUNTS, "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"},
    };
    for (size_t i = 0; i < PM_PROGRAM_COUNT; i++) {
        CHECK_TEXT(text_of(pm_program_key(rows[i].program)), pm_str_from(rows[i].text), "program");
    }
    CHECK(pm_key_is_zero(pm_program_key(PM_PROGRAM_SYSTEM)), "the system program");
}

static void test_curve(void)
{
    size_t at, count, on = 0;
    yyjson_val *row;
    yyjson_arr_foreach(pm_json_get(vectors, "on_curve"), at, count, row)
    {
        struct pm_key key = {{0}}, other;
        bool want = yyjson_get_bool(pm_json_get(row, "on_curve"));
        pm_str hex = pm_json_text(pm_json_get(row, "bytes"));
        CHECK(bytes_of(hex, key.bytes, sizeof key.bytes) == sizeof key.bytes, "row %zu", at);
        other = key;
        other.bytes[PM_KEY_BYTES - 1] ^= 0x80;
        CHECK(pm_key_is_on_curve(&key) == want, "%.*s", PM_STR_ARG(hex));
        CHECK(pm_key_is_on_curve(&other) == want, "%.*s with the other sign", PM_STR_ARG(hex));
        on += want;
    }
    CHECK(count == 147 && on > 50 && on < 147, "%zu rows, %zu on the curve", count, on);
}

/* Beside libsodium's addition of points, which refuses what has no x. It knows no y from p on, of
 * which these are none. */
static void test_curve_at_random(void)
{
    struct pm_key key = {{1}}, sum;
    unsigned on = 0;
    for (unsigned i = 0; i < 4000; i++) {
        (void)crypto_hash_sha256(key.bytes, key.bytes, sizeof key.bytes);
        struct pm_key point = key;
        point.bytes[PM_KEY_BYTES - 1] &= 0x7F;
        bool want = crypto_core_ed25519_add(sum.bytes, point.bytes, point.bytes) == 0;
        CHECK(pm_key_is_on_curve(&key) == want, "the hash number %u", i);
        on += want;
    }
    CHECK(on > 1800 && on < 2200, "%u of 4000 on the curve", on);
}

/* y from p to 2^255 - 1 is y - p, for each of them and for either sign. */
static void test_not_canonical(void)
{
    for (unsigned small = 0; small < 19; small++) {
        struct pm_key low = {{(uint8_t)small}}, high;
        memset(high.bytes, 0xFF, sizeof high.bytes);
        high.bytes[0] = (uint8_t)(0xED + small);
        bool want = pm_key_is_on_curve(&low);
        CHECK(pm_key_is_on_curve(&high) == want, "p + %u, sign set", small);
        high.bytes[PM_KEY_BYTES - 1] = 0x7F;
        CHECK(pm_key_is_on_curve(&high) == want, "p + %u", small);
        low.bytes[PM_KEY_BYTES - 1] = 0x80;
        CHECK(pm_key_is_on_curve(&low) == want, "%u, sign set", small);
    }
    /* p with one bit less is below p, and no point, unlike y = 0. */
    struct pm_key zero = {{0}}, near;
    memset(near.bytes, 0xFF, sizeof near.bytes);
    near.bytes[0] = 0xED;
    near.bytes[PM_KEY_BYTES - 1] = 0x7E;
    CHECK(pm_key_is_on_curve(&zero) && !pm_key_is_on_curve(&near), "p without its bit 248");
}

static void test_refused(void)
{
    static const char text[] = "0123456789abcdef0123456789abcdef0";
    const struct pm_key program = {{7}}, before = {{9}};
    struct pm_key out = before;
    pm_str seeds[PM_PDA_SEEDS_MOST + 1];
    uint8_t bump = 99;
    for (size_t i = 0; i < PM_PDA_SEEDS_MOST + 1; i++) {
        seeds[i] = (pm_str){text, PM_PDA_SEED_BYTES_MOST};
    }
    CHECK(!pm_pda_find(seeds, PM_PDA_SEEDS_MOST + 1, &program, &out, &bump), "16 seeds");
    seeds[3].len++;
    CHECK(!pm_pda_find(seeds, PM_PDA_SEEDS_MOST, &program, &out, &bump), "33 bytes in a seed");
    CHECK(!pm_pda_instance(&program, (pm_str){text, 33}, &out), "a run id of 33 bytes");
    CHECK(!pm_pda_instance(&program, PM_STR(""), &out), "an empty run id");
    CHECK(!pm_pda_instance(&program, (pm_str){NULL, 0}, &out), "no run id");
    CHECK(!pm_pda_instance(&program, PM_STR("a\0b"), &out), "a run id with a NUL");
    CHECK(!pm_pda_instance(&program, PM_STR("a\0"), &out), "a run id that ends in a NUL");
    CHECK(pm_key_equal(&out, &before) && bump == 99, "a refusal changed the result");
    seeds[3].len--;
    CHECK(pm_pda_find(seeds, PM_PDA_SEEDS_MOST, &program, &out, &bump), "15 seeds of 32 bytes");
    CHECK(!pm_key_equal(&out, &before) && bump != 99, "no result");
    CHECK(pm_pda_instance(&program, (pm_str){text, 32}, &out), "a run id of 32 bytes");
    CHECK(pm_pda_find(NULL, 0, &program, &out, NULL), "no seeds, no bump wanted");
}

int main(void)
{
    struct pm_json_problem problem;
    pm_arena_init(&arena, (size_t)32 << 20);
    vectors = pm_json_read_copy(&arena, read_data(&arena, "chain/pda.json"), &problem);
    test_addresses();
    test_token_accounts();
    test_programs();
    test_curve();
    test_curve_at_random();
    test_not_canonical();
    test_refused();
    pm_arena_finish(&arena);
    return check_done();
}
