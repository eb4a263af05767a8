/* test_hub_name.c - names on a hub, titles, links and limits, as tables. */

#include "codec/hub_name.h"

#include "check.h"

#include <string.h>

#define A10 "aaaaaaaaaa"
#define A90 A10 A10 A10 A10 A10 A10 A10 A10 A10
#define HEX40 "0123456789abcdef0123456789abcdef01234567"

static void test_repositories(void)
{
    static const struct {
        const char *text;
        bool want;
    } cases[] = {
        {"PsycheFoundation/consilience-40b-CqX3FUm4", true},
        {"a/b", true},
        {"_a_/0.5", true},
        {"a.b-c/d_e.f", true},
        {A90 "aaaaaa/" A90 "aaaaaa", true},
        {A90 "aaaaaaa/b", false},
        {"a/" A90 "aaaaaaa", false},
        {"", false},
        {"/", false},
        {"a", false},
        {"a/", false},
        {"/a", false},
        {"a/b/c", false},
        {"a//b", false},
        {"-a/b", false},
        {"a/b-", false},
        {".a/b", false},
        {"a/b.", false},
        {"a./b", false},
        {"a/b--c", false},
        {"a/b..c", false},
        {"a/..", false},
        {"a/.", false},
        {"a/b.git", false},
        {"a/b.GIT", false},
        {"a/b.gitx", true},
        {"a b/c", false},
        {"a/b?c", false},
        {"a/b#c", false},
        {"a/b%2e", false},
        {"a/b\n", false},
        {"a/\xC3\xA9", false},
        {"https://huggingface.co/a/b", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK(pm_hub_is_repository(pm_str_from(cases[i].text)) == cases[i].want, "%s",
              cases[i].text);
    }
    CHECK(!pm_hub_is_repository((pm_str){"a/b\0c", 5}), "a NUL inside");
}

static void test_revisions(void)
{
    static const struct {
        const char *text;
        bool is_revision, is_commit;
    } cases[] = {
        {HEX40, true, true},
        {"0123456789ABCDEF0123456789abcdef01234567", true, false},
        {HEX40 "8", true, false},
        {"0123456", true, false},
        {"main", true, false},
        {"HEAD", true, false},
        {"refs/pr/1", true, false},
        {"step-1000", true, false},
        {"v1.0_rc", true, false},
        {A90 A10 A10 A10 "aaaaaaaa", true, false},
        {A90 A10 A10 A10 "aaaaaaaaa", false, false},
        {"", false, false},
        {"-x", false, false},
        {".x", false, false},
        {"/x", false, false},
        {"x/", false, false},
        {"a//b", false, false},
        {"a/../b", false, false},
        {"a b", false, false},
        {"a\tb", false, false},
        {"a?b", false, false},
        {"a%2fb", false, false},
        {"\xE2\x80\xAE", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pm_str text = pm_str_from(cases[i].text);
        CHECK(pm_hub_is_revision(text) == cases[i].is_revision, "%s", cases[i].text);
        CHECK(pm_hub_is_commit(text) == cases[i].is_commit, "%s", cases[i].text);
    }
}

static void test_steps(void)
{
    static const struct {
        const char *title;
        bool want;
        uint64_t step;
    } cases[] = {
        {"step 1200", true, 1200},
        {"  step 0\t", true, 0},
        {"Step 7", true, 7},
        {"STEP 007", true, 7},
        {"Training in progress, step 900", true, 900},
        {"training IN progress, STEP 9", true, 9},
        {"step 9007199254740991", true, 9007199254740991},
        {"step 9007199254740992", false, 0},
        {"step 18446744073709551616", false, 0},
        {"Step 12,000", false, 0},
        {"step-500", false, 0},
        {"checkpoint at step 7 of epoch 2", false, 0},
        {"step", false, 0},
        {"step ", false, 0},
        {"step -1", false, 0},
        {"step 1.5", false, 0},
        {"step 1e3", false, 0},
        {"step  5", false, 0},
        {"step5", false, 0},
        {"steps 5", false, 0},
        {"a step 5", false, 0},
        {"step 700 \xE2\x80\x94 \"resumed\" after OOM", false, 0},
        {"Training in progress, epoch 3", false, 0},
        {"Training in progress, Training in progress, step 3", false, 0},
        {"End of training", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t step = 0;
        CHECK(pm_hub_step(pm_str_from(cases[i].title), &step) == cases[i].want, "%s",
              cases[i].title);
        CHECK(!cases[i].want || step == cases[i].step, "%s: %llu", cases[i].title,
              (unsigned long long)step);
    }
}

static void test_links(void)
{
    static const struct {
        const char *header, *want; /* NULL: none */
    } cases[] = {
        {"<https://h/a?p=1>; rel=\"next\"", "https://h/a?p=1"},
        {"<https://h/a>;rel=next", "https://h/a"},
        {"<https://h/a> ; REL = \"NEXT\"", "https://h/a"},
        {"<https://h/a>; title=\"x, <y>; rel=next\"; rel=prev, <https://h/b>; rel=\"next\"",
         "https://h/b"},
        {"<https://h/a>; rel=\"prev\", <https://h/b>; rel=\"last next\"", "https://h/b"},
        {"<https://h/a>; rel=prev; rel=next", NULL},
        {"<https://h/a>; foo; rel=next", "https://h/a"},
        {"<https://h/a>; title=\"a \\\" b\"; rel=next", "https://h/a"},
        {"<https://h/a,b>; rel=next", "https://h/a,b"},
        {", ,<https://h/a>;;rel=next", "https://h/a"},
        {"<https://h/x>; rel=\"xet-auth\", <https://h/y>; rel=\"xet-reconstruction-info\"", NULL},
        {"<>; rel=next", NULL},
        {"<https://h/a>", NULL},
        {"<https://h/a>; rel=nextish", NULL},
        {"<https://h/a>; rel=\"next", "https://h/a"},
        {"<https://h/a; rel=next", NULL},
        {"https://h/a; rel=next", NULL},
        {"rel=next", NULL},
        {"<", NULL},
        {"\"\\", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pm_str url = {0};
        bool got = pm_link_next(pm_str_from(cases[i].header), &url);
        CHECK(got == (cases[i].want != NULL), "%s", cases[i].header);
        if (got && cases[i].want) {
            CHECK_TEXT(url, pm_str_from(cases[i].want), cases[i].header);
        }
    }
}

static void test_cursors(void)
{
    static const struct {
        const char *url, *want;
    } cases[] = {
        {"https://h/tree/main?recursive=true&limit=5&cursor=ZXlK%3D", "ZXlK%3D"},
        {"https://h/commits/main?p=1&limit=10", "1"},
        {"https://h/x?p=1&cursor=a", "a"},
        {"https://h/x?cursor=a#b", "a"},
        {"https://h/x?cursor=a-b._~+/=c", "a-b._~+/=c"},
        {"https://h/x?xcursor=a&page=1", NULL},
        {"https://h/x?cursor=", NULL},
        {"https://h/x?cursor", NULL},
        {"https://h/x?cursor=a%2", NULL},
        {"https://h/x?cursor=a%zz", NULL},
        {"https://h/x?cursor=a\"b", NULL},
        {"https://h/x?cursor=a b", NULL},
        {"https://h/x?cursor=\xC3\xA9", NULL},
        {"https://h/cursor=a", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pm_str cursor = {0};
        bool got = pm_link_cursor(pm_str_from(cases[i].url), &cursor);
        CHECK(got == (cases[i].want != NULL), "%s", cases[i].url);
        if (got && cases[i].want) {
            CHECK_TEXT(cursor, pm_str_from(cases[i].want), cases[i].url);
        }
    }
    char url[4096] = "https://h/x?cursor=";
    size_t start = strlen(url);
    pm_str cursor;
    memset(url + start, 'a', 2049);
    CHECK(pm_link_cursor((pm_str){url, start + 2048}, &cursor), "a cursor of 2 kB");
    CHECK(!pm_link_cursor((pm_str){url, start + 2049}, &cursor), "and one byte more");
}

static void test_limits(void)
{
    static const struct {
        const char *header;
        bool want;
        uint64_t left, seconds;
    } cases[] = {
        {"\"api\";r=499;t=295", true, 499, 295},
        {"\"api\"; r = 0 ; t = 120", true, 0, 120},
        {"\"api\";t=9;r=0", true, 0, 9},
        {"api;r=1;t=2", true, 1, 2},
        {"\"a;r=9\";r=1;t=2", true, 1, 2},
        {"\"api\";r=5;t=10, \"resolvers\";r=0;t=20", true, 0, 20},
        {"\"api\";r=0;t=10, \"resolvers\";r=0;t=20", true, 0, 10},
        {"\"api\";r=1;t=10, \"resolvers\";r=2;t=20", true, 1, 10},
        {"\"api\";r=x;t=1, \"b\";r=3;t=4", true, 3, 4},
        {"\"api\";r=1", false, 0, 0},
        {"\"api\";t=1", false, 0, 0},
        {"\"api\";r=-1;t=1", false, 0, 0},
        {"\"api\";r=1.5;t=1", false, 0, 0},
        {"\"api\";r=99999999999999999999;t=1", false, 0, 0},
        {"\"api", false, 0, 0},
        {"", false, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t left = 0, seconds = 0;
        bool got = pm_rate_limit_read(pm_str_from(cases[i].header), &left, &seconds);
        CHECK(got == cases[i].want, "%s", cases[i].header);
        CHECK(!cases[i].want || (left == cases[i].left && seconds == cases[i].seconds),
              "%s: %llu, %llu", cases[i].header, (unsigned long long)left,
              (unsigned long long)seconds);
    }
}

int main(void)
{
    test_repositories();
    test_revisions();
    test_steps();
    test_links();
    test_cursors();
    test_limits();
    return check_done();
}
