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
     true},                                                           /* a wide hyphen */
    {"consilience-40b-1", "co\xF0\x9D\x90\xA7silience-40b-1", true},  /* n in bold */
    {"consilience-40b-1", "\xF0\x9D\x91\x90onsilience-40b-1", true},  /* c in italics */
    {"consilience-40b-1", "consilience-40b-\xF0\x9D\x9F\xB7", true},  /* a digit of one width */
    {"consilience-40b-1", "\xF0\x9D\x90\x82onsilience-40b-1", true},  /* capitals of mathematics */
    {"consilience-40b-1", "consili\xC3\xA9nce-40b-1", true},          /* a mark on a letter */
    {"consilience-40b-1", "consilie\xCC\x81nce-40b-1", true},         /* a mark behind it */
    {"consilience-40b-1", "\xE2\x93\x92onsilience-40b-1", true},      /* c in a circle */
    {"consilience-40b-1", "\xE2\x85\xBDonsilience-40b-1", true},      /* a Roman 100 */
    {"consilience-40b-1", "consi\xE2\x85\xBCience-40b-1", true},      /* a Roman 50 */
    {"consilience-40b-1", "c\xE1\xB4\x8Fnsilience-40b-1", true},      /* a small capital */
    {"consilience-40b-1", "\xCF\xB2onsilience-40b-1", true},          /* a Greek c */
    {"consilience-40b-1", "c\xD6\x85nsilience-40b-1", true},          /* an Armenian o */
    {"consilience-40b-1", "\xE1\x8F\x9Fonsilience-40b-1", true},      /* Cherokee */
    {"consilience-40b-1", "\xEA\x93\x9Aonsilience-40b-1", true},      /* Lisu */
    {"consilience-40b-1", "\xE2\xB2\xA5onsilience-40b-1", true},      /* Coptic */
    {"consilience-40b-1", "consilience-40b-\xC2\xB9", true},          /* raised */
    {"consilience-40b-1", "consilience-40\xD1\x8C-1", true},          /* a soft sign */
    {"consilience-40b-1", "consilience\xE3\x85\xA4-40b-1", true},     /* a filler */
    {"consilience-40b-1", "consilience-40b-1\xF3\xA0\x81\x81", true}, /* a tag */
    {"consilience-40b-1", "consilience-40b-1\xE2\xA0\x80", true},     /* Braille without dots */
    {"consilience-40b-1",
     "consilience\xC2\xB7"
     "40b\xC2\xB7"
     "1",
     true},                                           /* a dot between */
    {"consilience-40b-1", "consilience/40b/1", true}, /* a slash */
    {"consilience-40b-1", "consilience:40b:1", true}, /* a colon */
    {"consilience-40b-1", "consi|ience-40b-|", true}, /* a bar upright */
    {"consilience-40b-1",
     "consilience-\xEF\xBC\x94\xEF\xBC\x90"
     "b-1",
     true},                                                  /* wide */
    {"consilience-40b-1", "consi\xC5\x82ience-40b-1", true}, /* l with a stroke */
    {"consilience-40b-1", "consili\xD1\x91nce-40b-1", true}, /* a Cyrillic e with a mark */
    {"hermes-3-8b", "herrnes-3-8b", true},
    {"hermes-3-8b", "her-rnes-3-8b", true},
    {"hermes-3-8b", "hernes-3-8b", false},
    {"swarm", "svvarrn", true},
    {"arn", "am", true},
    {"ar", "an", false},
    {"vn", "m", false},
    {"rv", "w", false},
    {"consilience-40b-1", "consilience-40b-\xC2\xB2", false}, /* a raised 2 */
    {"a\xC3\x97", "a", false},                                /* a sign in a row of letters */
    {"a\xF0\x9D\x9A\xA8", "aa", false},                       /* behind the alphabets of signs */
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
