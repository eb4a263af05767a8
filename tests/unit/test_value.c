/* test_value.c - how many bytes a value takes, and how old what was put together is. */

#include "answer/parts.h"
#include "codec/json.h"
#include "net/inside.h"
#include "check.h"

#include <math.h>

#define NOW_MS INT64_C(1700000100000)

/* --- sizes: what the budget reckons with is what is written --- */

static const char *const texts[] = {
    "null",
    "[true,false,null]",
    "[]",
    "{}",
    "[[],{},[{}]]",
    "\"\"",
    "\"a \\\"quoted\\\" \\\\ word\"",
    "\"\\b\\t\\n\\f\\r\"",
    "\"\\u0000\\u0001\\u0007\\u000b\\u000e\\u001f\\u007f\"",
    "\"a/b \xC3\xA9 \xE4\xB8\xAD \xF0\x9F\x91\xA9\"",
    "[0,9,10,99,100,18446744073709551615]",
    "[-1,-9,-10,-9223372036854775808]",
    "{\"a\":{\"b\":[1,{\"c\":\"d\"}]},\"e \\n\":-5,\"\":[\"\\\"\"]}",
};

static void check_size(struct pm_answer *answer, yyjson_mut_val *value, const char *what)
{
    pm_str json = pm_write_value(answer, value);
    CHECK(json.len > 0, "%s: it is written", what);
    CHECK(pm_value_size(value) == json.len, "%s: reckoned %zu, written %zu: %.*s", what,
          pm_value_size(value), json.len, PM_STR_ARG(json));
}

static void check_sizes(void)
{
    struct pm_arena arena;
    struct pm_json_problem problem;
    pm_arena_init(&arena, SIZE_MAX / 2);
    struct pm_answer *answer = pm_answer_make(&arena, "list_runs");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        yyjson_val *read = pm_json_read_copy(&arena, pm_str_from(texts[i]), &problem);
        CHECK(read != NULL, "%s is JSON", texts[i]);
        check_size(answer, yyjson_val_mut_copy(answer->doc, read), texts[i]);
    }
    check_size(answer, pm_value_float(answer, -2.5e-7), "a float");
    check_size(answer, pm_value_fixed(answer, 12.345, 2), "a rounded number");
    check_size(answer, pm_value_text(answer, PM_STR("an \"error")), "a word that is disguised");
    pm_arena_finish(&arena);
}

static void check_no_numbers(void)
{
    static const double none[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
    struct pm_arena arena;
    pm_arena_init(&arena, SIZE_MAX / 2);
    struct pm_answer *answer = pm_answer_make(&arena, "list_runs");
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        CHECK(!pm_value_float(answer, none[i]), "%zu: no float", i);
        CHECK(!pm_value_fixed(answer, none[i], 2), "%zu: no rounded number", i);
    }
    CHECK(!pm_value_own(answer, NULL), "no words");
    CHECK(!pm_value_date(answer, INT64_MAX), "no date");
    pm_arena_finish(&arena);
}

/* --- how old --- */

/* What a request of these rows holds is the slot it is of. */
static bool slot_of(const void *facts, uint64_t *slot)
{
    *slot = *(const uint64_t *)facts;
    return *slot > 0;
}

static const struct pm_kind runs_kind = {.name = "/runs", .source = PM_SOURCE_TRACKED};
static const struct pm_kind account_kind = {
    .name = "getAccountInfo", .source = PM_SOURCE_ON_CHAIN, .slot = slot_of};

struct one {
    const char *day; /* of a reference; NULL: a request */
    int64_t age_s;
    bool is_stale;
    uint64_t slot;
    const char *cluster;
};

static const struct {
    struct one of[3];
    const char *want;
} ages[] = {
    {{{.age_s = 3}}, "{\"age_s\":3}"},
    {{{.age_s = 3}, {.age_s = 90}, {.age_s = 8}}, "{\"age_s\":90}"},
    {{{.age_s = 3}, {.age_s = 2, .is_stale = true}, {.age_s = 1}}, "{\"age_s\":3,\"stale\":true}"},
    {{{.day = "2026-03-20"}}, "{\"as_of\":\"2026-03-20\"}"},
    {{{.day = "2026-03-20"}, {.day = "2026-01-05"}, {.day = "2026-02-01"}},
     "{\"as_of\":\"2026-01-05\"}"},
    {{{.age_s = 7}, {.day = "2026-03-20"}}, "{\"age_s\":7,\"as_of\":\"2026-03-20\"}"},
    {{{.age_s = 1, .slot = 90, .cluster = "devnet"}, {.age_s = 2, .slot = 70, .cluster = "devnet"}},
     "{\"age_s\":2,\"cluster\":\"devnet\",\"slot\":70}"},
    {{{.age_s = 1, .slot = 70, .cluster = "devnet"}, {.age_s = 2, .slot = 90}},
     "{\"age_s\":2,\"cluster\":\"devnet\",\"slot\":70}"},
};

static const struct pm_origin *make_origin(struct pm_batch *batch, struct pm_ask *ask,
                                           struct pm_entry *entry, const struct one *one)
{
    struct pm_document document = {.as_of = one->day ? pm_str_from(one->day) : PM_STR("")};
    if (one->day) {
        return pm_origin_of_guide(batch->arena, &document);
    }
    entry->received_ms = NOW_MS - one->age_s * 1000;
    *ask = (struct pm_ask){.kind = one->slot ? &account_kind : &runs_kind,
                           .url = PM_STR("http://h/"),
                           .is_in = true,
                           .is_stale = one->is_stale,
                           .facts = &one->slot,
                           .cluster = one->cluster,
                           .entry = entry,
                           .from = entry};
    return pm_origin_of(batch, ask);
}

static void check_ages(void)
{
    for (size_t i = 0; i < sizeof ages / sizeof *ages; i++) {
        struct pm_arena arena;
        struct pm_settings settings = {.clock = {.is_frozen = true, .frozen_ms = NOW_MS}};
        struct pm_batch batch = {.arena = &arena, .settings = &settings};
        struct pm_ask asks[3];
        struct pm_entry entries[3] = {0};
        const struct pm_origin *origins[3];
        size_t count = 0;
        pm_arena_init(&arena, SIZE_MAX / 2);
        struct pm_answer *answer = pm_answer_make(&arena, "list_runs");
        for (; count < 3 && (ages[i].of[count].day || ages[i].of[count].age_s); count++) {
            origins[count] = make_origin(&batch, &asks[count], &entries[count], &ages[i].of[count]);
        }
        yyjson_mut_val *object = yyjson_mut_obj(answer->doc);
        pm_value_set_time(answer, object, origins, count);
        CHECK_TEXT(pm_write_value(answer, object), pm_str_from(ages[i].want), "time");
        pm_arena_finish(&arena);
    }
}

int main(void)
{
    check_sizes();
    check_no_numbers();
    check_ages();
    return check_done();
}
