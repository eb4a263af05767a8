/* fuzz_part.c - the page that asks for one part of an answer: "g.<group>.<table>.<row>".
 *
 * The first byte says how much room there is; the rest is the page. A page that is none changes
 * nothing, any other only leaves something out, and each page that `omitted` names is one. */

#include "fuzz.h"

#include "answer/answer.h"
#include "codec/json.h"

#define ROWS 9

static const char *const columns[] = {"name", "value", NULL};
static const struct pm_table_spec inner_table = {.columns = columns, .rank = 0};
static const struct pm_table_spec outer_table = {.columns = columns, .rank = 1};
static const char *const cut_order[] = {"machine.config", "other", "machine.words", NULL};

static void fill_rows(struct pm_table *table)
{
    for (uint64_t i = 0; i < ROWS; i++) {
        pm_cell_own(table, "a row of some length, so that leaving it out is worth it");
        pm_cell_count(table, i);
        pm_row_end(table, NULL);
    }
}

static pm_str write_answer(struct pm_arena *arena, pm_str page, bool *is_page, size_t budget)
{
    struct pm_arguments request = {0};
    struct pm_say say;
    const struct pm_origin *origin = pm_origin_of_machine(arena);
    struct pm_answer *answer = pm_answer_make(arena, "run_details");
    HOLDS(origin != NULL && answer != NULL);
    pm_arguments_own(&request, arena, "action", "run_details");
    if (page.len) {
        pm_arguments_text(&request, "page", pm_clean(arena, PM_TEXT_ID, page));
    }
    pm_answer_request(answer, &request);
    *is_page = pm_answer_only_page(answer, page);
    pm_say_init(&say, arena);
    pm_say_own(&say, "What there is.");
    pm_answer_summary(answer, &say);
    struct pm_group *machine = pm_group_open(answer, "machine", origin);
    pm_put_own(machine, "words",
               "Some words, as many as it takes to be longer than their mention "
               "would be if they were left out for want of room.");
    pm_put_count(pm_group_sub(machine, "config"), "steps", 15258);
    fill_rows(pm_table_sub(machine, "rows_of_it", &inner_table));
    pm_put_flag(pm_group_open(answer, "other", origin), "flag", true);
    fill_rows(pm_table_open(answer, "list", &outer_table, &origin, 1));
    pm_answer_cut_order(answer, cut_order);
    return pm_answer_write(answer, budget);
}

static yyjson_val *read_answer(struct pm_arena *arena, pm_str text)
{
    struct pm_json_problem problem;
    yyjson_val *root = pm_json_read_copy(arena, text, &problem);
    HOLDS(yyjson_is_obj(root) && fuzz_is_utf8(text));
    HOLDS(pm_str_equal(pm_json_text(pm_json_get(root, "summary")), PM_STR("What there is.")));
    return root;
}

/* What is there is what the whole answer has there, or a part of its rows. */
static void check_part(yyjson_val *whole, yyjson_val *part)
{
    static const char *const keys[] = {"machine", "other", "list"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        yyjson_val *all = pm_json_get(whole, keys[i]), *some = pm_json_get(part, keys[i]);
        HOLDS(all && (!some || yyjson_get_type(all) == yyjson_get_type(some)));
        HOLDS(yyjson_arr_size(pm_json_get(some, "rows")) <=
              yyjson_arr_size(pm_json_get(all, "rows")));
        HOLDS(yyjson_obj_size(some) <= yyjson_obj_size(all) + 2); /* counts of what is missing */
    }
}

static void check_omitted(yyjson_val *root, size_t budget)
{
    size_t at, count;
    yyjson_val *entry, *list = pm_json_get(root, "omitted");
    yyjson_arr_foreach(list, at, count, entry)
    {
        struct pm_arena arena;
        bool is_page = false;
        pm_arena_init(&arena, FUZZ_ARENA_BYTES);
        pm_str page = pm_json_text(pm_json_get(pm_json_get(entry, "get"), "page"));
        HOLDS(write_answer(&arena, page, &is_page, budget).len > 0);
        HOLDS(is_page || page.len == 0);
        pm_arena_finish(&arena);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pm_arena arena;
    bool is_page = false, is_whole_page = false;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    size_t budget = size && data[0] >= 'a' ? 100 * (size_t)(data[0] - 'a') : SIZE_MAX;
    pm_str page = pm_str_slice(fuzz_text(data, size), 1, 1 + 200);
    pm_str text = write_answer(&arena, page, &is_page, budget);
    yyjson_val *root = read_answer(&arena, text);
    pm_str whole = write_answer(&arena, PM_STR(""), &is_whole_page, SIZE_MAX);
    HOLDS(!is_whole_page && (!is_page || pm_str_starts(page, PM_STR("g."))));
    if (page.len && !is_page) {
        HOLDS(budget != SIZE_MAX || pm_str_equal(text, whole)); /* and the call is refused */
    } else if (budget != SIZE_MAX) {
        check_omitted(root, budget);
    } else {
        check_part(read_answer(&arena, whole), root);
    }
    pm_arena_finish(&arena);
    return 0;
}
