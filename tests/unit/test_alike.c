/* test_alike.c - which ids a reader takes for one another. */

#include "action/alike.h"
#include "check.h"

static const struct {
    const char *a, *b;
    bool want;
} CASES[] = {
    {"consilience-40b-1", "consilience-40b-1", false}, /* the same run */
    {"consilience-40b-1", "consilience_40b_1", true},
    {"consilience-40b-1", "Consilience-40B-1", true},
    {"consilience-40b-1", "consilience-40b-l", true},
    {"consilience-40b-1", "consilience-4ob-I", true},
    {"consilience-40b-1", "c\xD0\xBEnsilience-40b-1", true},      /* a Cyrillic o */
    {"consilience-40b-1", "\xEF\xBD\x83onsilience-40b-1", true},  /* a wide c */
    {"consilience-40b-1", "consilience\xE2\x80\x8B-40b-1", true}, /* a space of no width */
    {"consilience-40b-1",
     "consilience\xE2\x80\x91"
     "40b-1",
     true}, /* another hyphen */
    {"a-b",
     "a\xE2\x80\x80"
     "b",
     true}, /* a wide space */
    {"a-b",
     "a\xE2\x80\x95"
     "b",
     true}, /* a bar */
    {"a-b",
     "a\xE2\x80\x96"
     "b",
     false}, /* two bars: seen */
    {"a-b",
     "a\xE2\x80\xAF"
     "b",
     true}, /* a narrow space */
    {"a-b",
     "a\xE2\x80\xB0"
     "b",
     false}, /* per mille */
    {"a-b",
     "a\xE2\x81\xA0"
     "b",
     true}, /* a joiner of words */
    {"a-b",
     "a\xE2\x81\xB0"
     "b",
     false}, /* a raised 0 */
    {"a-b",
     "a\xE2\x88\x92"
     "b",
     true}, /* a minus sign */
    {"a-b",
     "a\xEF\xBB\xBF"
     "b",
     true}, /* a byte order mark */
    {"a-b",
     "a\xEF\xB8\x8F"
     "b",
     true}, /* a selector */
    {"a-b",
     "a\xEF\xB8\x90"
     "b",
     false},                              /* a comma for upright lines */
    {"a-b", "a\xC2\xA0\xC2\xAD b", true}, /* a hard space, a soft hyphen */
    {"a-b", "a\tb", true},
    {"a-b",
     "a\xEF\xBC\x8D"
     "b",
     true}, /* a wide hyphen */
    {"consilience-40b-1", "consilience-40b-2", false},
    {"consilience-40b-1", "consilience-40b-11", false},
    {"consilience-40b-1", "consilience-40b", false},
    {"hermes-3-8b", "hermes-4-8b", false},
    {"hermes-3-8b", "hermes-38b", true},
    {"run\xFF", "run\xFE", true}, /* bytes that are no text look alike */
    {"", "", false},
    {"-", "_", false}, /* nothing is left of them */
    {"a", "", false},
};

int main(void)
{
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        pm_str a = pm_str_from(CASES[i].a), b = pm_str_from(CASES[i].b);
        CHECK(pm_is_alike(a, b) == CASES[i].want, "%s and %s", CASES[i].a, CASES[i].b);
        CHECK(pm_is_alike(b, a) == CASES[i].want, "%s and %s", CASES[i].b, CASES[i].a);
    }
    return check_done();
}
