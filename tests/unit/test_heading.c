/* test_heading.c - what in the references is meant by a word. */

#include "action/heading.h"
#include "check.h"

#include <stdlib.h>
#include <unistd.h>

/* Documents of other names than those built in, beside the one on taking part: so the built-in ones
 * are there too, and the words below are in none of them. */
static const struct {
    const char *name, *text;
} DOCUMENTS[] = {
    {"contribute", "---\ntitle: Taking part\nas_of: 2026-01-01\nsources: [a book]\n"
                   "topics: [lamps, qwands, qfirst]\n---\n# Taking part\n\nThe lead.\n\n"
                   "## Lamps of the qtower\n\nThey shine.\n\n## Qstairs\n\nUp, with qwands.\n\n"
                   "## Qshared\n\nHere first.\n"},
    {"zz-more", "---\ntitle: Qmore\nas_of: 2026-01-02\nsources: [a book]\n"
                "topics: [qfirst, qlast]\n---\n# Qmore\n\nAll about more.\n\n## Qshared\n\nToo.\n\n"
                "## Qstairs (explained)\n\nDown.\n\n## lamps\n\nAnother.\n"},
    {"zz-titled", "---\ntitle: Of qtitles\nas_of: 2026-01-03\nsources: [a book]\n"
                  "topics: []\n---\nBefore all headings.\n\n# Qtitled\n\nText.\n"
                  "## Qzebra a\n\n.\n\n## Qzebra b\n\n.\n\n## Qzebra c\n\n.\n\n"
                  "## Qzebra d\n\n.\n\n## Qzebra e\n\n.\n\n## Qzebra f\n\n.\n"},
    {"zz-bare", "---\ntitle: Qbare\nas_of: 2026-01-03\nsources: [a book]\ntopics: []\n---\n"
                "No heading at all.\n"},
};

static const struct {
    const char *words, *document, *heading;
    enum pm_heading_match how;
} CASES[] = {
    {"Qstairs", "contribute", "Qstairs", PM_HEADING_EXACT},
    {" qSTAIRS ", "contribute", "Qstairs", PM_HEADING_EXACT},
    {"qshared", "contribute", "Qshared", PM_HEADING_EXACT}, /* the first document wins */
    {"LAMPS", "zz-more", "lamps", PM_HEADING_EXACT},        /* a heading over a topic */
    {"taking part", "contribute", "Taking part", PM_HEADING_EXACT},
    {"zz-more", "zz-more", "Qmore", PM_HEADING_DOCUMENT},
    {"ZZ-More", "zz-more", "Qmore", PM_HEADING_DOCUMENT},
    {"of QTITLES", "zz-titled", "Qtitled", PM_HEADING_DOCUMENT},
    {"qbare", NULL, NULL, PM_HEADING_NONE},                /* nothing to show of it */
    {"qwands", "contribute", "Qstairs", PM_HEADING_TOPIC}, /* the section that has the word */
    {"qlast", "zz-more", "Qmore", PM_HEADING_TOPIC},       /* none has it: the lead */
    {"qfirst", "contribute", "Taking part", PM_HEADING_TOPIC},
    {"qtower", "contribute", "Lamps of the qtower", PM_HEADING_PART},
    {"of the qtow", "contribute", "Lamps of the qtower", PM_HEADING_PART},
    {"qt", NULL, NULL, PM_HEADING_NONE}, /* too short for a part */
    {"", NULL, NULL, PM_HEADING_NONE},
    {"   ", NULL, NULL, PM_HEADING_NONE},
    {"nothing like qthis", NULL, NULL, PM_HEADING_NONE},
};

static void test_find(struct pm_guide *guide)
{
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct pm_heading found = pm_heading_find(guide, pm_str_from(CASES[i].words));
        CHECK(found.how == CASES[i].how, "%s: matched by %d", CASES[i].words, (int)found.how);
        if (found.how != PM_HEADING_NONE && CASES[i].heading) {
            CHECK_TEXT(found.document->name, pm_str_from(CASES[i].document), CASES[i].words);
            CHECK_TEXT(found.section->heading, pm_str_from(CASES[i].heading), CASES[i].words);
        }
    }
}

static void test_near(struct pm_guide *guide)
{
    static const struct {
        const char *words, *first; /* NULL: nothing is like it */
    } cases[] = {
        {"qstars", "Qstairs"},    {"qshraed", "Qshared"},
        {"Q-Shared", "Qshared"},  {"", NULL},
        {"qzebra x", "Qzebra a"}, {"xyxyxyxyxyxyxyxyxyxy", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_heading near[PM_HEADING_NEAR_MOST];
        size_t count = pm_heading_near(guide, pm_str_from(cases[i].words), near);
        CHECK((count > 0) == (cases[i].first != NULL), "%s: %zu near", cases[i].words, count);
        CHECK(count <= PM_HEADING_NEAR_MOST, "%s: %zu near", cases[i].words, count);
        if (count && cases[i].first) {
            CHECK_TEXT(near[0].section->heading, pm_str_from(cases[i].first), cases[i].words);
        }
    }
}

static void test_without_guide(void)
{
    struct pm_heading near[PM_HEADING_NEAR_MOST];
    CHECK(pm_heading_find(NULL, PM_STR("Qstairs")).how == PM_HEADING_NONE, "no guide");
    CHECK(pm_heading_near(NULL, PM_STR("Qstairs"), near) == 0, "no guide, nothing near");
    CHECK(pm_heading_match_word(PM_HEADING_NONE) == NULL, "no word for no match");
}

/* --- a folder --- */

static const char *path_of(char path[200], const char *folder, const char *name)
{
    (void)snprintf(path, 200, "%s/%s.md", folder, name);
    return path;
}

static bool write_documents(const char *folder)
{
    char path[200];
    for (size_t i = 0; i < sizeof DOCUMENTS / sizeof *DOCUMENTS; i++) {
        FILE *file = fopen(path_of(path, folder, DOCUMENTS[i].name), "w");
        if (!file) {
            return false;
        }
        bool is_written = fputs(DOCUMENTS[i].text, file) >= 0;
        if (fclose(file) != 0 || !is_written) {
            return false;
        }
    }
    return true;
}

static void remove_documents(const char *folder)
{
    char path[200];
    for (size_t i = 0; i < sizeof DOCUMENTS / sizeof *DOCUMENTS; i++) {
        (void)unlink(path_of(path, folder, DOCUMENTS[i].name));
    }
    (void)rmdir(folder);
}

int main(void)
{
    char folder[] = "/tmp/psyche-heading-XXXXXX";
    bool is_ready = mkdtemp(folder) && write_documents(folder);
    CHECK(is_ready, "no folder to write to");
    if (is_ready) {
        struct pm_guide *guide = pm_guide_open(pm_str_from(folder));
        test_find(guide);
        test_near(guide);
        pm_guide_close(guide);
    }
    remove_documents(folder);
    test_without_guide();
    return check_done();
}
