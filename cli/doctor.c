/* doctor.c - the doctor's checks as lines for people.
 *
 *   ok       run account sizes         57 of 57 have 119160 bytes
 *   differs  pool mint                 assumed 6 decimals, found 9
 *                                      please report this line: …
 *
 * On a terminal long lines are broken between words; elsewhere a check is one line, and what mends
 * it another, so that they can be searched. */

#include "doctor.h"

#include "codec/json.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define RESULT_WIDTH 8
#define NAME_WIDTH 27
#define LEFT_WIDTH (RESULT_WIDTH + 1 + NAME_WIDTH + 1)
#define NARROWEST (LEFT_WIDTH + 20)

/* Columns of the answer's table, by name. */
struct columns {
    size_t check, result, detail, mend;
};

const char *cli_doctor_request(bool is_live)
{
    return is_live ? "{\"tool\":\"doctor\",\"arguments\":{\"live\":true}}"
                   : "{\"tool\":\"doctor\"}";
}

/* --- lines --- */

/* Places on a line; 0: as many as it takes. */
static size_t screen_width(void)
{
    struct winsize size = {0};
    if (!isatty(STDOUT_FILENO)) {
        return 0;
    }
    (void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size); /* 0 stays where nobody knows */
    size_t width = size.ws_col ? size.ws_col : 80;
    return width < NARROWEST ? NARROWEST : width;
}

/* Places that a text takes, near enough: one a code point. */
static size_t places(pm_str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        count += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
    }
    return count;
}

/* Word by word; `left` places are taken on the first line and left free on the others. */
static void print_words(pm_str text, int left, size_t width)
{
    size_t at = (size_t)left;
    while (text.len) {
        size_t end = pm_str_find(text, ' ');
        pm_str word = pm_str_slice(text, 0, end);
        bool is_first = at == (size_t)left;
        if (width && !is_first && at + 1 + places(word) > width) {
            (void)printf("\n%*s", left, "");
            at = (size_t)left;
            is_first = true;
        }
        (void)printf("%s%.*s", is_first ? "" : " ", PM_STR_ARG(word));
        at += places(word) + !is_first;
        text = pm_str_tail(text, end + 1);
    }
    (void)fputc('\n', stdout);
}

static void print_check(yyjson_val *row, const struct columns *columns, size_t width)
{
    pm_str check = pm_json_text(yyjson_arr_get(row, columns->check)),
           result = pm_json_text(yyjson_arr_get(row, columns->result)),
           mend = pm_json_text(yyjson_arr_get(row, columns->mend));
    (void)printf("%-*.*s %-*.*s ", RESULT_WIDTH, PM_STR_ARG(result), NAME_WIDTH, PM_STR_ARG(check));
    print_words(pm_json_text(yyjson_arr_get(row, columns->detail)), LEFT_WIDTH, width);
    if (mend.len) {
        (void)printf("%*s", LEFT_WIDTH, "");
        print_words(mend, LEFT_WIDTH, width);
    }
}

/* --- the answer --- */

static size_t find_column(yyjson_val *table, const char *name)
{
    yyjson_val *column;
    yyjson_arr_iter each = yyjson_arr_iter_with(pm_json_get(table, "columns"));
    for (size_t at = 0; (column = yyjson_arr_iter_next(&each)) != NULL; at++) {
        if (yyjson_equals_str(column, name)) {
            return at;
        }
    }
    return SIZE_MAX;
}

static void print_checks(yyjson_val *root, size_t width)
{
    yyjson_val *table = pm_json_get(root, "checks"), *row;
    yyjson_arr_iter each = yyjson_arr_iter_with(pm_json_get(table, "rows"));
    struct columns columns = {find_column(table, "check"), find_column(table, "result"),
                              find_column(table, "detail"), find_column(table, "mend")};
    while ((row = yyjson_arr_iter_next(&each)) != NULL) {
        print_check(row, &columns, width);
    }
}

static void print_notes(yyjson_val *root, size_t width)
{
    yyjson_val *note;
    yyjson_arr_iter each = yyjson_arr_iter_with(pm_json_get(root, "notes"));
    while ((note = yyjson_arr_iter_next(&each)) != NULL) {
        print_words(pm_json_text(note), 0, width);
    }
}

int cli_doctor_run(psyche_monitor *monitor, bool is_live)
{
    const char *ask = cli_doctor_request(is_live);
    struct pm_arena arena;
    struct pm_json_problem problem;
    size_t len = 0;
    psyche_monitor_reply *reply = psyche_monitor_call(monitor, ask, strlen(ask));
    const char *text = psyche_monitor_reply_text(reply, &len);
    int status = psyche_monitor_reply_status(reply);
    pm_arena_init(&arena, SIZE_MAX / 4);
    yyjson_val *root = pm_json_read_copy(&arena, (pm_str){text, len}, &problem);
    pm_str summary = pm_json_text(pm_json_get(root, "summary")),
           trouble = pm_json_text(pm_json_get(root, "error"));
    if (summary.ptr) {
        size_t width = screen_width();
        print_checks(root, width);
        (void)fputc('\n', stdout);
        print_words(summary, 0, width);
        print_notes(root, width);
    } else {
        (void)printf("No check was made: %.*s\n", PM_STR_ARG(trouble));
    }
    pm_arena_finish(&arena);
    psyche_monitor_reply_free(reply);
    return status;
}
