/* test_split.c - codec/split: each sample whole, and cut in two at every place, and byte by byte.
 */

#include "codec/split.h"

#include "check.h"

/* What the documents are, each followed by '|'; an open one at the end by '~'. */
struct found {
    char text[400];
    size_t len;
};

static void add(struct found *found, pm_str text)
{
    for (size_t i = 0; i < text.len && found->len < sizeof found->text; i++) {
        found->text[found->len++] = text.ptr[i];
    }
}

static void feed(struct pm_split *split, pm_str fresh, struct found *found)
{
    size_t start, end;
    while (pm_split_next(split, fresh, &start, &end)) {
        add(found, pm_str_slice(fresh, start, end));
        add(found, PM_STR("|"));
        fresh = pm_str_tail(fresh, end);
    }
    CHECK(end == fresh.len && start <= end, "%zu..%zu of %zu", start, end, fresh.len);
    add(found, pm_str_tail(fresh, start));
}

static void check_split(pm_str in, size_t step, size_t first, pm_str want)
{
    struct pm_split split = {0};
    struct found found = {.len = 0};
    feed(&split, pm_str_slice(in, 0, first), &found);
    for (size_t at = first; at < in.len; at += step) {
        feed(&split, pm_str_slice(in, at, at + step), &found);
    }
    if (pm_split_is_open(&split)) {
        add(&found, PM_STR("~"));
    }
    CHECK_TEXT(((pm_str){found.text, found.len}), want, "documents");
}

int main(void)
{
    static const struct {
        pm_str in, want;
    } rows[] = {
        {PM_STR_INIT(""), PM_STR_INIT("")},
        {PM_STR_INIT(" \n\t\r "), PM_STR_INIT("")},
        {PM_STR_INIT("{}"), PM_STR_INIT("{}|")},
        {PM_STR_INIT(" {} \n[] "), PM_STR_INIT("{}|[]|")},
        {PM_STR_INIT("{}{}[]\"a\""), PM_STR_INIT("{}|{}|[]|\"a\"|")},
        {PM_STR_INIT("{\"a\":[1,{\"b\":\"}]\"}]}{}"),
         PM_STR_INIT("{\"a\":[1,{\"b\":\"}]\"}]}|{}|")},
        {PM_STR_INIT("{\"a\":\"\\\"}\"}x"), PM_STR_INIT("{\"a\":\"\\\"}\"}|x~")},
        {PM_STR_INIT("\"\\\\\"\"b\""), PM_STR_INIT("\"\\\\\"|\"b\"|")},
        {PM_STR_INIT("\"\\\\\\\"\" 1"), PM_STR_INIT("\"\\\\\\\"\"|1~")},
        {PM_STR_INIT("1 2\n3"), PM_STR_INIT("1|2|3~")},
        {PM_STR_INIT("12\n"), PM_STR_INIT("12|")},
        {PM_STR_INIT("true{}null[]"), PM_STR_INIT("true|{}|null|[]|")},
        {PM_STR_INIT("1\"a\""), PM_STR_INIT("1|\"a\"|")},
        {PM_STR_INIT("hello world\n{}"), PM_STR_INIT("hello|world|{}|")},
        {PM_STR_INIT("] }{}"), PM_STR_INIT("]|}|{}|")},
        {PM_STR_INIT("{]}"), PM_STR_INIT("{]|}~")},
        {PM_STR_INIT("{\"a\":"), PM_STR_INIT("{\"a\":~")},
        {PM_STR_INIT("\"open"), PM_STR_INIT("\"open~")},
        {PM_STR_INIT("\"open\\"), PM_STR_INIT("\"open\\~")},
        {PM_STR_INIT("\0 {}\0"), PM_STR_INIT("\0|{}|\0~")},
        {PM_STR_INIT("{\"a\":\"\0\"}"), PM_STR_INIT("{\"a\":\"\0\"}|")},
        {PM_STR_INIT("\xEF\xBB\xBF{}"), PM_STR_INIT("\xEF\xBB\xBF|{}|")},
        {PM_STR_INIT("[[[[[[[[[[[[[[]]]]]]]]]]]]]] 7 "),
         PM_STR_INIT("[[[[[[[[[[[[[[]]]]]]]]]]]]]]|7|")},
        {PM_STR_INIT("{\"\xC3\xA4\":\"\xF0\x9F\x8E\x89\"}\n"),
         PM_STR_INIT("{\"\xC3\xA4\":\"\xF0\x9F\x8E\x89\"}|")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_split(rows[i].in, 1, 0, rows[i].want);
        check_split(rows[i].in, 3, 0, rows[i].want);
        for (size_t cut = 0; cut <= rows[i].in.len; cut++) {
            check_split(rows[i].in, rows[i].in.len, cut, rows[i].want);
        }
    }
    return check_done();
}
