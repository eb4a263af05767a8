/* test_rpc.c - what is posted to a Solana node, and what its replies say: recorded ones, and a body
 * for each rule of decoding them. */

#include "source/rpc_inside.h"

#include "check.h"
#include "data.h"
#include "reading.h"

#define PROGRAM "4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT7"
#define INSTANCE "CpPySXH57UPTpVUNFbG5NvvnwnLhyY8mfwRQf7kutoQM"
#define OTHER "EoAkjVeGRWzBLX1HwRzLT3aevcDWvYWv8m82vhyR8xgk"
#define SYSTEM "11111111111111111111111111111111"
#define DEVNET "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"

static struct pm_key key_of(const char *text)
{
    struct pm_key key = {{0}};
    CHECK(pm_key_read(pm_str_from(text), &key) == PM_KEY_OK, "%s", text);
    return key;
}

static bool is_key(const struct pm_key *key, const char *text)
{
    struct pm_key wanted = key_of(text);
    return pm_key_equal(key, &wanted);
}

/* --- questions --- */

static void test_bodies(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, ARENA_BYTES);
    struct pm_key keys[PM_RPC_KEYS_MOST], program = key_of(PROGRAM);
    for (size_t i = 0; i < PM_RPC_KEYS_MOST; i++) {
        keys[i] = program;
    }
    keys[0] = key_of(SYSTEM);
    struct pm_rpc_slice slice = {75928, UINT64_MAX};
    struct pm_rpc_search search = {.program = program,
                                   .begins = PM_STR("\x9c\x09\x99\x10\xaf\x18\x1f\xfc"),
                                   .size = 173,
                                   .slice = {0, 173}};
    CHECK_TEXT(pm_rpc_plain_body(&arena, "getHealth"),
               PM_STR("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getHealth\"}"), "plain");
    CHECK_TEXT(pm_rpc_confirmed_body(&arena, "getSlot"),
               PM_STR("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getSlot\",\"params\":[{"
                      "\"commitment\":\"confirmed\"}]}"),
               "confirmed");
    CHECK_TEXT(
        pm_rpc_account_body(&arena, keys, &slice),
        PM_STR("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getAccountInfo\",\"params\":[\"" SYSTEM
               "\",{\"encoding\":\"base64+zstd\",\"commitment\":\"confirmed\","
               "\"dataSlice\":{\"offset\":75928,\"length\":18446744073709551615}}]}"),
        "one");
    CHECK_TEXT(pm_rpc_accounts_body(&arena, keys, 2, NULL),
               PM_STR("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getMultipleAccounts\",\"params\":"
                      "[[\"" SYSTEM "\",\"" PROGRAM "\"],{\"encoding\":\"base64+zstd\","
                      "\"commitment\":\"confirmed\"}]}"),
               "two");
    CHECK_TEXT(pm_rpc_search_body(&arena, &search),
               PM_STR("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getProgramAccounts\",\"params\":"
                      "[\"" PROGRAM "\",{\"encoding\":\"base64\",\"commitment\":\"confirmed\","
                      "\"dataSlice\":{\"offset\":0,\"length\":173},\"withContext\":true,"
                      "\"filters\":[{\"memcmp\":{\"offset\":0,\"bytes\":\"T6m2idpKaV1\"}},"
                      "{\"dataSize\":173}]}]}"),
               "search");
    search.begins = PM_STR("");
    pm_str by_size = pm_rpc_search_body(&arena, &search);
    CHECK(pm_str_has_nocase(by_size, PM_STR("\"filters\":[{\"dataSize\":173}]}]}")), "by size");
    CHECK(pm_rpc_accounts_body(&arena, keys, PM_RPC_KEYS_MOST, &slice).len > 4600, "100 keys");
    pm_arena_finish(&arena);
}

/* --- recorded replies --- */

static struct reading read_recorded(const struct pm_kind *kind, const char *name)
{
    static struct pm_arena arena; /* the question must outlive its reply */
    char file[128];
    if (!arena.ceiling_bytes) {
        pm_arena_init(&arena, (size_t)256 << 20);
    }
    (void)snprintf(file, sizeof file, "rpc/%s.req.json", name);
    pm_str asked = read_data(&arena, file);
    (void)snprintf(file, sizeof file, "rpc/%s.resp.json", name);
    return read_reply(kind, asked, read_data(&arena, file), ARENA_BYTES);
}

static void test_recorded_node(void)
{
    struct reading got = read_recorded(&pm_rpc_kind_health, "001_getHealth");
    const struct pm_rpc_health *health = got.facts;
    CHECK(health && health->state == PM_RPC_HEALTHY, "%s", got.outcome.problem);
    drop(&got);
    got = read_recorded(&pm_rpc_kind_slot, "002_getSlot");
    CHECK(got.facts && ((const struct pm_rpc_slot *)got.facts)->slot == 38, "slot");
    drop(&got);
    got = read_recorded(&pm_rpc_kind_genesis, "003_getGenesisHash");
    const struct pm_rpc_genesis *genesis = got.facts;
    CHECK(genesis, "%s", got.outcome.problem);
    if (genesis) {
        CHECK_TEXT(genesis->hash, PM_STR("CxQUWq8bYNUorGjB7RXH7jZs8MkExSiu9kzWXUCuBDmr"), "hash");
    }
    drop(&got);
    got = read_recorded(&pm_rpc_kind_version, "004_getVersion");
    const struct pm_rpc_version *version = got.facts;
    CHECK(version && pm_str_equal(version->core, PM_STR("3.1.12")), "%s", got.outcome.problem);
    drop(&got);
    got = read_recorded(&pm_rpc_kind_epoch, "013_getEpochInfo_confirmed");
    const struct pm_rpc_epoch *epoch = got.facts;
    CHECK(epoch && epoch->epoch == 0 && epoch->slot == 69 && epoch->slot_index == 69 &&
              epoch->slots_in_epoch == 432000,
          "%s", got.outcome.problem);
    drop(&got);
}

static const struct {
    const char *name;
    const struct pm_kind *kind;
    size_t count, there;
    uint64_t slot; /* 0: not told */
    /* of the first account */
    const char *key, *owner;
    uint64_t lamports, space, offset;
    size_t bytes;
    bool is_executable;
} recorded[] = {
    {"016_getAccountInfo_instance_base64", &pm_rpc_kind_account, 1, 1, 69, INSTANCE, PROGRAM,
     2094960, 173, 0, 173, false},
    {"019_getAccountInfo_instance_base64zstd", &pm_rpc_kind_account, 1, 1, 38, INSTANCE, PROGRAM,
     2094960, 173, 0, 173, false},
    {"036_getAccountInfo_slice_zstd", &pm_rpc_kind_account, 1, 1, 38,
     "DF7C8GeW87soZhYWeE7G2nqtdHTU4NN9q1gmBxYhqSxx", PROGRAM, 830244480, 119160, 0, 1048, false},
    {"038_getAccountInfo_missing", &pm_rpc_kind_account, 1, 0, 38,
     "4wBqpZM9xaSheZzJSMawUKKwhdpChKbZ5eu5ky4Vigw", SYSTEM, 0, 0, 0, 0, false},
    {"039_getAccountInfo_system_program", &pm_rpc_kind_account, 1, 1, 38, SYSTEM,
     "NativeLoader1111111111111111111111111111111", 1, 14, 0, 14, true},
    {"040_getAccountInfo_empty_data", &pm_rpc_kind_account, 1, 1, 38,
     "471PD1NQM6n88CW17qxyjcj39QMyPhPp81REypveE8yi", PROGRAM, 890880, 0, 0, 0, false},
    {"051_getMultipleAccounts", &pm_rpc_kind_accounts, 4, 3, 69, INSTANCE, PROGRAM, 2094960, 173, 0,
     173, false},
    {"053_getMultipleAccounts_slice_zstd", &pm_rpc_kind_accounts, 13, 13, 38,
     "6A4wmuC8qt2Yfj4gniMDmt2frRLqdJpgjZ2HjA9Mo3NB", PROGRAM, 830244480, 119160, 75928, 8, false},
    {"058_gPA_instances_memcmp_b58", &pm_rpc_kind_search, 14, 14, 0,
     "Navps7jFAgrddXPWm9T7MXZp4oPJhJ8KC2wbq7XufMM", PROGRAM, 2094960, 173, 0, 173, false},
    {"062_gPA_instances_withContext", &pm_rpc_kind_search, 14, 14, 38,
     "Navps7jFAgrddXPWm9T7MXZp4oPJhJ8KC2wbq7XufMM", PROGRAM, 2094960, 173, 0, 173, false},
    {"066_gPA_coordinators_slice_none", &pm_rpc_kind_search, 13, 13, 0,
     "32b8h28EqUbzCVcTMDhDfNw5pN9DD32jvEEAdoiNeyNA", PROGRAM, 830244480, 119160, 0, 0, false},
};

static void test_recorded_accounts(void)
{
    for (size_t i = 0; i < sizeof recorded / sizeof *recorded; i++) {
        const char *name = recorded[i].name;
        struct reading got = read_recorded(recorded[i].kind, name);
        const struct pm_rpc_accounts *accounts = got.facts;
        size_t there = 0;
        uint64_t slot = 0;
        CHECK(accounts, "%s: %s", name, got.outcome.problem);
        if (!accounts) {
            continue;
        }
        CHECK(accounts->count == recorded[i].count, "%s: %zu", name, accounts->count);
        CHECK(recorded[i].kind->slot(accounts, &slot) == (recorded[i].slot != 0) &&
                  slot == recorded[i].slot,
              "%s: slot %llu", name, (unsigned long long)slot);
        for (size_t k = 0; k < accounts->count; k++) {
            there += accounts->rows[k].account.is_there;
            CHECK(!accounts->rows[k].account.unreadable, "%s: %s", name,
                  accounts->rows[k].account.unreadable);
        }
        const struct pm_account *first = &accounts->rows[0].account;
        CHECK(there == recorded[i].there, "%s: %zu are there", name, there);
        CHECK(is_key(&accounts->rows[0].key, recorded[i].key), "%s: key", name);
        CHECK(is_key(&first->owner, recorded[i].owner), "%s: owner", name);
        CHECK(first->lamports == recorded[i].lamports && first->space == recorded[i].space &&
                  first->is_executable == recorded[i].is_executable,
              "%s: lamports, space, executable", name);
        CHECK(first->slice_offset == recorded[i].offset && first->data.len == recorded[i].bytes &&
                  first->data.ptr,
              "%s: %zu bytes from %llu", name, first->data.len,
              (unsigned long long)first->slice_offset);
        drop(&got);
    }
}

static void test_packed_is_plain(void)
{
    struct reading plain =
        read_recorded(&pm_rpc_kind_account, "016_getAccountInfo_instance_base64");
    struct reading packed =
        read_recorded(&pm_rpc_kind_account, "019_getAccountInfo_instance_base64zstd");
    const struct pm_rpc_accounts *one = plain.facts, *other = packed.facts;
    CHECK(one && other && pm_str_equal(one->rows->account.data, other->rows->account.data),
          "both encodings give the same bytes");
    drop(&plain);
    drop(&packed);
}

static const struct {
    const char *name;
    const struct pm_kind *kind;
    enum pm_status status;
    const char *problem;
} recorded_errors[] = {
    {"026_getAccountInfo_coordinator_base58_toolarge", &pm_rpc_kind_account, PM_STATUS_FAULT,
     "error -32600: Encoded binary (base 58)"},
    {"043_getAccountInfo_minContextSlot_future", &pm_rpc_kind_account, PM_STATUS_FAULT,
     "error -32016: Minimum context slot"},
    {"055_getMultipleAccounts_101", &pm_rpc_kind_accounts, PM_STATUS_FAULT,
     "error -32602: Too many inputs provided; max 100"},
    {"074_gPA_5_filters", &pm_rpc_kind_search, PM_STATUS_FAULT, "error -32602: Too many filters"},
    {"090_err_unknown_method", &pm_rpc_kind_slot, PM_STATUS_METHOD_REFUSED,
     "error -32601: Method not found"},
    {"108_err_malformed_json", &pm_rpc_kind_slot, PM_STATUS_FAULT, "error -32700: Parse error"},
    {"112_err_empty_batch", &pm_rpc_kind_slot, PM_STATUS_NOT_JSON, "empty"},
};

static void test_recorded_errors(void)
{
    for (size_t i = 0; i < sizeof recorded_errors / sizeof *recorded_errors; i++) {
        struct reading got = read_recorded(recorded_errors[i].kind, recorded_errors[i].name);
        CHECK(!got.facts && got.outcome.status == recorded_errors[i].status, "%s: %s",
              recorded_errors[i].name, pm_status_word(got.outcome.status));
        CHECK(strstr(got.outcome.problem, recorded_errors[i].problem), "%s: \"%s\"",
              recorded_errors[i].name, got.outcome.problem);
        drop(&got);
    }
}

/* --- replies that are none --- */

#define REPLY(result) "{\"jsonrpc\":\"2.0\",\"result\":" result ",\"id\":1}"
#define ERROR(error) "{\"jsonrpc\":\"2.0\",\"error\":" error ",\"id\":1}"

static const struct refused_body refused[] = {
    {&pm_rpc_kind_slot, "<html>busy</html>", PM_STATUS_NOT_JSON, "a web page"},
    {&pm_rpc_kind_slot, "upstream error", PM_STATUS_NOT_JSON, "not JSON"},
    {&pm_rpc_kind_slot, "null", PM_STATUS_BAD_REPLY, "not an object"},
    {&pm_rpc_kind_slot, "\"slow down\"", PM_STATUS_BAD_REPLY, "not an object"},
    {&pm_rpc_kind_slot, "[" REPLY("5") "]", PM_STATUS_BAD_REPLY, "a list of replies"},
    {&pm_rpc_kind_slot, "{}", PM_STATUS_BAD_REPLY, "no result and no error"},
    {&pm_rpc_kind_slot, REPLY("null"), PM_STATUS_BAD_REPLY, "no result and no error"},
    {&pm_rpc_kind_slot, "{\"result\":1,\"error\":{\"code\":-1,\"message\":\"m\"}}",
     PM_STATUS_BAD_REPLY, "a result and an error"},
    {&pm_rpc_kind_slot, REPLY("-1"), PM_STATUS_BAD_REPLY, "no whole number"},
    {&pm_rpc_kind_slot, REPLY("\"5\""), PM_STATUS_BAD_REPLY, "no whole number"},
    {&pm_rpc_kind_slot, REPLY("18446744073709551616"), PM_STATUS_BAD_REPLY, "no whole number"},
    {&pm_rpc_kind_slot, ERROR("\"out of credits\""), PM_STATUS_FAULT, "error: out of credits"},
    {&pm_rpc_kind_slot, ERROR("{\"message\":\"hm\"}"), PM_STATUS_FAULT, "error: hm"},
    {&pm_rpc_kind_slot, ERROR("{\"code\":-32603}"), PM_STATUS_FAULT, "without a message"},
    {&pm_rpc_kind_slot, ERROR("{}"), PM_STATUS_BAD_REPLY, "without code and message"},
    {&pm_rpc_kind_slot, ERROR("7"), PM_STATUS_BAD_REPLY, "without code and message"},
    {&pm_rpc_kind_slot, ERROR("{\"code\":429,\"message\":\"Too many\"}"), PM_STATUS_RATE_LIMITED,
     "error 429: Too many"},
    {&pm_rpc_kind_slot, ERROR("{\"code\":-32005,\"message\":\"Node is behind by 42 slots\"}"),
     PM_STATUS_NODE_BEHIND, "behind by 42 slots"},
    {&pm_rpc_kind_slot, ERROR("{\"code\":-32000,\"message\":\"disabled\"}"), PM_STATUS_FAULT,
     "error -32000: disabled"},
    {&pm_rpc_kind_search, ERROR("{\"code\":-32000,\"message\":\"Method is Disabled here\"}"),
     PM_STATUS_METHOD_REFUSED, "Disabled"},
    {&pm_rpc_kind_search, ERROR("{\"code\":-32010,\"message\":\"m\"}"), PM_STATUS_METHOD_REFUSED,
     "error -32010: m"},
    {&pm_rpc_kind_search, ERROR("{\"code\":403,\"message\":\"m\"}"), PM_STATUS_METHOD_REFUSED,
     "error 403"},
    {&pm_rpc_kind_search, ERROR("\"excluded from account secondary indexes; no\""),
     PM_STATUS_METHOD_REFUSED, "secondary indexes"},
    {&pm_rpc_kind_search, ERROR("{\"code\":-32005,\"message\":\"m\"}"), PM_STATUS_NODE_BEHIND, "m"},
    {&pm_rpc_kind_search, REPLY("{\"context\":{\"slot\":5}}"), PM_STATUS_BAD_REPLY, "no list"},
    {&pm_rpc_kind_search, REPLY("[7]"), PM_STATUS_BAD_REPLY, "a found account"},
    {&pm_rpc_kind_search, REPLY("[{\"pubkey\":\"0\",\"account\":{}}]"), PM_STATUS_BAD_REPLY,
     "whose key is none"},
    {&pm_rpc_kind_genesis, REPLY("5"), PM_STATUS_BAD_REPLY, "a genesis hash"},
    {&pm_rpc_kind_genesis, REPLY("\"\""), PM_STATUS_BAD_REPLY, "a genesis hash"},
    {&pm_rpc_kind_genesis, REPLY("\"0OIl\""), PM_STATUS_BAD_REPLY, "a genesis hash"},
    {&pm_rpc_kind_version, REPLY("\"1.18\""), PM_STATUS_BAD_REPLY, "solana-core"},
    {&pm_rpc_kind_version, REPLY("{\"solana-core\":1.18}"), PM_STATUS_BAD_REPLY, "solana-core"},
    {&pm_rpc_kind_epoch, REPLY("{\"epoch\":1,\"absoluteSlot\":2,\"slotIndex\":3}"),
     PM_STATUS_BAD_REPLY, "slotsInEpoch"},
    {&pm_rpc_kind_epoch, REPLY("[]"), PM_STATUS_BAD_REPLY, "no epoch"},
    {&pm_rpc_kind_health, REPLY("\"fine\""), PM_STATUS_BAD_REPLY, "another word"},
    {&pm_rpc_kind_health, REPLY("{}"), PM_STATUS_BAD_REPLY, "another word"},
    {&pm_rpc_kind_health, ERROR("{\"code\":-32601,\"message\":\"no\"}"), PM_STATUS_METHOD_REFUSED,
     "no"},
};

static void test_health(void)
{
    static const struct {
        const char *body;
        enum pm_rpc_wellness state;
        uint64_t behind;
    } cases[] = {
        {REPLY("\"ok\""), PM_RPC_HEALTHY, 0},
        {ERROR("{\"code\":-32005,\"message\":\"m\",\"data\":{\"numSlotsBehind\":42}}"),
         PM_RPC_BEHIND, 42},
        {ERROR("{\"code\":-32005,\"message\":\"m\",\"data\":{\"numSlotsBehind\":null}}"),
         PM_RPC_UNHEALTHY, 0},
        {ERROR("{\"code\":-32005,\"message\":\"m\",\"data\":null}"), PM_RPC_UNHEALTHY, 0},
        {ERROR("{\"code\":-32005}"), PM_RPC_UNHEALTHY, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading got = read_as(&pm_rpc_kind_health, cases[i].body);
        const struct pm_rpc_health *health = got.facts;
        CHECK(health && health->state == cases[i].state && health->slots_behind == cases[i].behind,
              "%s: %s", cases[i].body, got.outcome.problem);
        drop(&got);
    }
}

/* --- accounts, rule by rule --- */

#define ASK_WHOLE "{\"params\":[\"" INSTANCE "\",{\"encoding\":\"base64+zstd\"}]}"
#define ASK_SLICE "{\"params\":[\"" INSTANCE "\",{\"dataSlice\":{\"offset\":4,\"length\":4}}]}"
#define ACCOUNT(data, more)                                                                        \
    "{\"context\":{\"slot\":7},\"value\":{\"data\":" data ",\"owner\":\"" PROGRAM                  \
    "\",\"lamports\":18446744073709551615,\"rentEpoch\":18446744073709551615" more "}}"

/* "abcdefgh" as zstd, its content's size not told, and what it stands for cut or damaged. */
#define ZSTD_8 "KLUv/QBYQQAAYWJjZGVmZ2g="
#define ZSTD_CUT "KLUv/QBYQQAAYWJj"

static const struct {
    const char *what, *asked, *reply;
    const char *data; /* NULL: a refusal of the whole reply */
    uint64_t space;
    const char *unreadable; /* or of the refusal: part of it */
} accounts[] = {
    {"base64", ASK_WHOLE, ACCOUNT("[\"YWJjZGVmZ2g=\",\"base64\"]", ",\"space\":8"), "abcdefgh", 8,
     NULL},
    {"zstd", ASK_WHOLE, ACCOUNT("[\"" ZSTD_8 "\",\"base64+zstd\"]", ",\"space\":8"), "abcdefgh", 8,
     NULL},
    {"no space", ASK_WHOLE, ACCOUNT("[\"YWJjZGVmZ2g=\",\"base64\"]", ""), "abcdefgh", 8, NULL},
    {"no space, zstd", ASK_WHOLE, ACCOUNT("[\"" ZSTD_8 "\",\"base64+zstd\"]", ""), "abcdefgh", 8,
     NULL},
    {"no space of a slice", ASK_SLICE, ACCOUNT("[\"YWJj\",\"base64\"]", ""), "", 0,
     "does not say how large"},
    {"a slice", ASK_SLICE, ACCOUNT("[\"YWJjZA==\",\"base64\"]", ",\"space\":100"), "abcd", 100,
     NULL},
    {"a slice at the end", ASK_SLICE, ACCOUNT("[\"YWJj\",\"base64\"]", ",\"space\":7"), "abc", 7,
     NULL},
    {"a slice behind the end", ASK_SLICE, ACCOUNT("[\"\",\"base64\"]", ",\"space\":3"), "", 3,
     NULL},
    {"a slice cut short", ASK_SLICE, ACCOUNT("[\"YWJj\",\"base64\"]", ",\"space\":8"), "", 8,
     "cut short"},
    {"the whole instead of a slice", ASK_SLICE,
     ACCOUNT("[\"YWJjZGVmZ2g=\",\"base64\"]", ",\"space\":8"), "", 8, "no base64 of that length"},
    {"cut short", ASK_WHOLE, ACCOUNT("[\"YWJj\",\"base64\"]", ",\"space\":8"), "", 8, "cut short"},
    {"longer than its space", ASK_WHOLE,
     ACCOUNT("[\"" ZSTD_8 "\",\"base64+zstd\"]", ",\"space\":7"), "", 7, "more than they should"},
    {"damaged", ASK_WHOLE, ACCOUNT("[\"" ZSTD_CUT "\",\"base64+zstd\"]", ",\"space\":8"), "", 8,
     "no zstd"},
    {"no zstd", ASK_WHOLE, ACCOUNT("[\"YWJjZGVmZ2g=\",\"base64+zstd\"]", ",\"space\":8"), "", 8,
     "no zstd"},
    {"no base64", ASK_WHOLE, ACCOUNT("[\"a b\",\"base64\"]", ",\"space\":8"), "", 8, "no base64"},
    {"no base64 below zstd", ASK_WHOLE, ACCOUNT("[\"*\",\"base64+zstd\"]", ",\"space\":8"), "", 8,
     "no base64"},
    {"larger than is read", ASK_WHOLE, ACCOUNT("[\"YWJj\",\"base64\"]", ",\"space\":262145"), "",
     262145, NULL},
    {"larger than a size", ASK_WHOLE,
     ACCOUNT("[\"YWJj\",\"base64\"]", ",\"space\":18446744073709551615"), "", UINT64_MAX, NULL},
    {"base58", ASK_WHOLE, ACCOUNT("[\"3xyz\",\"base58\"]", ",\"space\":3"), NULL, 0, "encoding"},
    {"the oldest form", ASK_WHOLE, ACCOUNT("\"3xyz\"", ",\"space\":3"), NULL, 0, "encoding"},
    {"parsed", ASK_WHOLE, ACCOUNT("{\"program\":\"spl-token\",\"parsed\":{},\"space\":3}", ""),
     NULL, 0, "encoding"},
    {"no data", ASK_WHOLE, ACCOUNT("null", ""), NULL, 0, "encoding"},
    {"three data", ASK_WHOLE, ACCOUNT("[\"YWJj\",\"base64\",\"x\"]", ""), NULL, 0, "encoding"},
    {"a number as data", ASK_WHOLE, ACCOUNT("[5,\"base64\"]", ""), NULL, 0, "encoding"},
    {"no owner", ASK_WHOLE, REPLY("{\"value\":{\"lamports\":1,\"data\":[\"\",\"base64\"]}}"), NULL,
     0, "owner"},
    {"no owner of 32 bytes", ASK_WHOLE, REPLY("{\"value\":{\"owner\":\"abc\"}}"), NULL, 0, "owner"},
    {"no lamports", ASK_WHOLE, REPLY("{\"value\":{\"owner\":\"" PROGRAM "\"}}"), NULL, 0,
     "lamports"},
    {"lamports below zero", ASK_WHOLE,
     REPLY("{\"value\":{\"owner\":\"" PROGRAM "\",\"lamports\":-1}}"), NULL, 0, "lamports"},
    {"half a lamport", ASK_WHOLE, REPLY("{\"value\":{\"owner\":\"" PROGRAM "\",\"lamports\":0.5}}"),
     NULL, 0, "lamports"},
    {"no value", ASK_WHOLE, REPLY("{\"context\":{\"slot\":5}}"), NULL, 0, "no account and no null"},
    {"a list", ASK_WHOLE, REPLY("[]"), NULL, 0, "no account and no null"},
    {"text", ASK_WHOLE, REPLY("\"gone\""), NULL, 0, "no account and no null"},
};

static void test_accounts(void)
{
    for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++) {
        const char *what = accounts[i].what, *wanted = accounts[i].data;
        char reply[1024];
        bool is_whole = accounts[i].reply[1] == '"' && accounts[i].reply[2] == 'j';
        (void)snprintf(reply, sizeof reply, is_whole ? "%s" : REPLY("%s"), accounts[i].reply);
        struct reading got = read_reply(&pm_rpc_kind_account, pm_str_from(accounts[i].asked),
                                        pm_str_from(reply), ARENA_BYTES);
        const struct pm_rpc_accounts *read = got.facts;
        CHECK((read != NULL) == (wanted != NULL), "%s: %s", what, got.outcome.problem);
        if (!read) {
            CHECK(got.outcome.status == PM_STATUS_BAD_REPLY &&
                      strstr(got.outcome.problem, accounts[i].unreadable),
                  "%s: %s", what, got.outcome.problem);
        } else if (wanted) {
            const struct pm_rpc_row *row = read->rows;
            const char *unreadable = row->account.unreadable ? row->account.unreadable : "";
            CHECK_TEXT(row->account.data, pm_str_from(wanted), what);
            CHECK(row->account.space == accounts[i].space && row->account.lamports == UINT64_MAX &&
                      row->account.is_there,
                  "%s: space, lamports", what);
            CHECK(accounts[i].unreadable ? strstr(unreadable, accounts[i].unreadable) != NULL
                                         : !*unreadable,
                  "%s: unreadable: %s", what, unreadable);
        }
        drop(&got);
    }
}

static void test_context(void)
{
    static const struct {
        const char *context;
        bool has_slot;
        uint64_t slot;
    } cases[] = {{"{\"slot\":18446744073709551615}", true, UINT64_MAX},
                 {"{\"slot\":7.0}", true, 7},
                 {"{}", false, 0},
                 {"null", false, 0},
                 {"{\"slot\":\"7\"}", false, 0},
                 {"{\"slot\":-7}", false, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char reply[200];
        (void)snprintf(reply, sizeof reply, REPLY("{\"context\":%s,\"value\":null}"),
                       cases[i].context);
        struct reading got =
            read_reply(&pm_rpc_kind_account, PM_STR(ASK_WHOLE), pm_str_from(reply), ARENA_BYTES);
        const struct pm_rpc_accounts *read = got.facts;
        CHECK(read && read->has_slot == cases[i].has_slot && read->slot == cases[i].slot &&
                  !read->rows->account.is_there,
              "%s", cases[i].context);
        drop(&got);
    }
}

/* As many as were asked for, in that order; each has the key it was asked by. */
static void test_several(void)
{
    pm_str asked = PM_STR("{\"params\":[[\"" OTHER "\",\"" INSTANCE "\"],{}]}");
    static const struct {
        const char *values;
        bool is_good;
    } cases[] = {{"[null,null]", true}, {"[null]", false},   {"[null,null,null]", false},
                 {"[]", false},         {"{}", false},       {"null", false},
                 {"[null,5]", false},   {"[null,[]]", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char reply[200];
        (void)snprintf(reply, sizeof reply, REPLY("{\"value\":%s}"), cases[i].values);
        struct reading got =
            read_reply(&pm_rpc_kind_accounts, asked, pm_str_from(reply), ARENA_BYTES);
        const struct pm_rpc_accounts *read = got.facts;
        CHECK((read != NULL) == cases[i].is_good, "%s: %s", cases[i].values, got.outcome.problem);
        CHECK(!read || (is_key(&read->rows[0].key, OTHER) && is_key(&read->rows[1].key, INSTANCE)),
              "%s: keys", cases[i].values);
        CHECK(read || got.outcome.status == PM_STATUS_BAD_REPLY, "%s", cases[i].values);
        drop(&got);
    }
}

/* A hundred accounts that each stand for 256 kB are more than a reply may hold. */
static void test_too_much(void)
{
    enum { COUNT = 100, ROOM = 64 << 10 };
    static const char one[] =
        "{\"pubkey\":\"" INSTANCE "\",\"account\":{\"data\":[\"KLUv/QBYVAAAEAAAAQD7/znAAgIAEAABAAA="
        "\",\"base64+zstd\"],\"owner\":\"" PROGRAM "\",\"lamports\":1}},";
    char *text = malloc(ROOM);
    size_t len = 0;
    if (!text) {
        abort();
    }
    text[len++] = '[';
    for (size_t i = 0; i < COUNT; i++) {
        memcpy(text + len, one, sizeof one - 1);
        len += sizeof one - 1;
    }
    text[len - 1] = ']';
    char *reply = malloc(ROOM + 64);
    if (!reply) {
        abort();
    }
    (void)snprintf(reply, ROOM + 64, REPLY("%.*s"), (int)len, text);
    struct reading got = read_reply(&pm_rpc_kind_search, PM_STR("{\"params\":[\"\",{}]}"),
                                    pm_str_from(reply), (size_t)64 << 20);
    const struct pm_rpc_accounts *read = got.facts;
    CHECK(!read && got.outcome.status == PM_STATUS_TOO_LARGE, "%s: %s",
          pm_status_word(got.outcome.status),
          read ? read->rows->account.unreadable : got.outcome.problem);
    drop(&got);
    free(reply);
    free(text);
}

/* --- other statuses than 200 --- */

static void test_refusals(void)
{
    static const struct {
        long http;
        const char *body;
        bool is_search, is_final;
        enum pm_status status;
        const char *problem;
    } cases[] = {
        {403, "no", true, true, PM_STATUS_METHOD_REFUSED, "HTTP 403"},
        {410, ERROR("{\"code\":410,\"message\":\"gone\"}"), true, true, PM_STATUS_METHOD_REFUSED,
         "HTTP 410: gone"},
        {429, "", true, true, PM_STATUS_METHOD_REFUSED, "HTTP 429"},
        {404, "no", true, false, PM_STATUS_OK, ""},
        {500, ERROR("{\"code\":-32603,\"message\":\"m\"}"), true, false, PM_STATUS_OK, ""},
        {503, "", true, false, PM_STATUS_OK, ""},
        {400, ERROR("{\"code\":-32010,\"message\":\"m\"}"), true, true, PM_STATUS_METHOD_REFUSED,
         "error -32010: m"},
        {403, ERROR("{\"code\":403,\"message\":\"m\"}"), false, false, PM_STATUS_OK, ""},
        {429, ERROR("{\"code\":-32005,\"message\":\"m\"}"), false, false, PM_STATUS_OK, ""},
        {400, ERROR("{\"code\":-32602,\"message\":\"m\"}"), false, true, PM_STATUS_FAULT,
         "error -32602: m"},
        {404, "{\"error\":\"m\"}", false, false, PM_STATUS_OK, ""},
        {404, "<html>", false, false, PM_STATUS_OK, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[200];
        struct pm_outcome outcome = {0};
        (void)snprintf(text, sizeof text, "%s", cases[i].body);
        struct pm_body body = {.ptr = text, .len = strlen(text)};
        pm_refusal_fn *refuse = cases[i].is_search ? pm_rpc_refuse_search : pm_rpc_refuse;
        CHECK(refuse(cases[i].http, &body, &outcome) == cases[i].is_final, "HTTP %ld %s",
              cases[i].http, text);
        CHECK(outcome.status == cases[i].status && strcmp(outcome.problem, cases[i].problem) == 0,
              "HTTP %ld %s: %s", cases[i].http, text, outcome.problem);
    }
}

/* --- memory --- */

/* One body, with so much memory for what is kept of it. */
static struct reading read_tight(const struct pm_kind *kind, const char *asked, const char *text,
                                 size_t ceiling)
{
    struct reading reading = {.outcome = {.status = PM_STATUS_OK}};
    size_t len = strlen(text);
    pm_arena_init(&reading.arena, ceiling);
    reading.body =
        (struct pm_body){malloc(len + PM_JSON_PADDING), len, pm_str_from(asked), &pm_no_headers};
    if (!reading.body.ptr) {
        abort();
    }
    memcpy(reading.body.ptr, text, len);
    decode(&reading, kind, ARENA_BYTES);
    return reading;
}

/* Wherever it ends, it is said so. */
static void test_memory_ends(void)
{
    static const char asked[] = "{\"params\":[\"" INSTANCE "\"]}",
                      asked_many[] = "{\"params\":[[\"" INSTANCE "\"]]}";
    static const struct {
        const struct pm_kind *kind;
        const char *asked, *reply;
    } cases[] = {
        {&pm_rpc_kind_genesis, "", REPLY("\"" DEVNET "\"")},
        {&pm_rpc_kind_slot, "", REPLY("5")},
        {&pm_rpc_kind_health, "", REPLY("\"ok\"")},
        {&pm_rpc_kind_version, "", REPLY("{\"solana-core\":\"3.1.12\"}")},
        {&pm_rpc_kind_epoch, "",
         REPLY("{\"epoch\":1,\"absoluteSlot\":2,\"slotIndex\":3,\"slotsInEpoch\":4}")},
        {&pm_rpc_kind_account, asked, REPLY("{\"context\":{\"slot\":5},\"value\":null}")},
        {&pm_rpc_kind_accounts, asked_many, REPLY("{\"context\":{\"slot\":5},\"value\":[null]}")},
        {&pm_rpc_kind_search, asked, REPLY("[]")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t fitted = 0;
        for (size_t ceiling = 0; ceiling < 8192; ceiling += 64) {
            struct reading got = read_tight(cases[i].kind, cases[i].asked, cases[i].reply, ceiling);
            CHECK(got.facts || got.outcome.status == PM_STATUS_TOO_LARGE, "%s in %zu bytes: %s",
                  cases[i].kind->name, ceiling, got.outcome.problem);
            fitted += got.facts != NULL;
            drop(&got);
        }
        CHECK(fitted > 0 && fitted < 8192 / 64, "%s fits at last", cases[i].kind->name);
    }
}

/* Before an answer is in there are no facts, whatever stands there. */
static void test_not_in(void)
{
    static const struct pm_rpc_accounts found;
    struct pm_ask ask = {.kind = &pm_rpc_kind_accounts, .facts = &found};
    CHECK(!pm_rpc_accounts(&ask) && !pm_rpc_accounts(NULL), "not in");
    ask.is_in = true;
    CHECK(pm_rpc_accounts(&ask) == &found, "in");
}

/* What is larger than any error is not read. */
static void test_large_refusal(void)
{
    static char text[80 << 10];
    int len =
        snprintf(text, sizeof text, "%s%79900s", ERROR("{\"code\":-32602,\"message\":\"m\"}"), "");
    struct pm_outcome outcome = {0};
    struct pm_body body = {.ptr = text, .len = (size_t)len};
    CHECK(!pm_rpc_refuse(400, &body, &outcome), "too large to be one");
    body.len = 1000;
    CHECK(pm_rpc_refuse(400, &body, &outcome), "the same, shorter");
}

int main(void)
{
    test_bodies();
    test_recorded_node();
    test_recorded_accounts();
    test_packed_is_plain();
    test_recorded_errors();
    check_refused(refused, sizeof refused / sizeof *refused);
    test_health();
    test_accounts();
    test_context();
    test_several();
    test_too_much();
    test_refusals();
    test_memory_ends();
    test_not_in();
    test_large_refusal();
    return check_done();
}
