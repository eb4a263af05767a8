/* heading.c - what in the references is meant by a word. */

#include "action/heading.h"

#include "base/near.h"

#define FIRST "contribute"
#define PART_BYTES_LEAST 3 /* shorter words are in every other heading */

const char *pm_heading_match_word(enum pm_heading_match how)
{
    static const char *const words[] = {
        [PM_HEADING_NONE] = NULL,           [PM_HEADING_EXACT] = "heading",
        [PM_HEADING_DOCUMENT] = "document", [PM_HEADING_TOPIC] = "topic",
        [PM_HEADING_PART] = "part",
    };
    return words[how];
}

const struct pm_document *pm_heading_first_document(struct pm_guide *guide)
{
    return pm_guide_document(guide, PM_STR(FIRST));
}

bool pm_heading_visit(struct pm_guide *guide, pm_heading_visit_fn *visit, void *context)
{
    const struct pm_document *first = pm_heading_first_document(guide);
    if (first && visit(first, context)) {
        return true;
    }
    for (const char *const *name = pm_guide_names(guide); *name; name++) {
        const struct pm_document *document = pm_guide_document(guide, pm_str_from(*name));
        if (document && document != first && visit(document, context)) {
            return true;
        }
    }
    return false;
}

/* --- the steps, each over all documents before the next --- */

struct search {
    pm_str words;
    struct pm_heading *found;
};

static bool take(struct search *search, enum pm_heading_match how,
                 const struct pm_document *document, const struct pm_section *section)
{
    if (section) {
        *search->found = (struct pm_heading){how, document, section};
    }
    return section != NULL;
}

static bool try_heading(const struct pm_document *document, void *context)
{
    struct search *search = context;
    return take(search, PM_HEADING_EXACT, document, pm_document_section(document, search->words));
}

/* What stands at the head of a document says what it is about. */
static const struct pm_section *lead_of(const struct pm_document *document)
{
    for (size_t i = 0; i < document->section_count; i++) {
        if (document->sections[i].heading.len) {
            return &document->sections[i];
        }
    }
    return NULL;
}

static bool try_document(const struct pm_document *document, void *context)
{
    struct search *search = context;
    bool is_it = pm_str_equal_nocase(document->name, search->words) ||
                 pm_str_equal_nocase(document->title, search->words);
    return is_it && take(search, PM_HEADING_DOCUMENT, document, lead_of(document));
}

static const struct pm_section *section_with(const struct pm_document *document, pm_str words,
                                             bool in_text)
{
    for (size_t i = 0; i < document->section_count; i++) {
        const struct pm_section *section = &document->sections[i];
        if (section->heading.len &&
            pm_str_has_nocase(in_text ? section->text : section->heading, words)) {
            return section;
        }
    }
    return NULL;
}

static bool try_topic(const struct pm_document *document, void *context)
{
    struct search *search = context;
    for (size_t i = 0; i < document->topic_count; i++) {
        if (!pm_str_equal_nocase(document->topics[i], search->words)) {
            continue;
        }
        const struct pm_section *section = section_with(document, search->words, false);
        section = section ? section : section_with(document, search->words, true);
        return take(search, PM_HEADING_TOPIC, document, section ? section : lead_of(document));
    }
    return false;
}

static bool try_part(const struct pm_document *document, void *context)
{
    struct search *search = context;
    return search->words.len >= PART_BYTES_LEAST &&
           take(search, PM_HEADING_PART, document, section_with(document, search->words, false));
}

struct pm_heading pm_heading_find(struct pm_guide *guide, pm_str words)
{
    static pm_heading_visit_fn *const steps[] = {try_heading, try_document, try_topic, try_part};
    struct pm_heading found = {.how = PM_HEADING_NONE};
    struct search search = {.words = pm_str_trim(words), .found = &found};
    for (size_t i = 0; search.words.len && i < sizeof steps / sizeof *steps; i++) {
        if (pm_heading_visit(guide, steps[i], &search)) {
            break;
        }
    }
    return found;
}

/* --- what is near --- */

struct nearest {
    struct pm_near words;
    unsigned most;
    struct pm_heading *near;
    unsigned costs[PM_HEADING_NEAR_MOST];
    size_t count;
};

static void insert(struct nearest *nearest, struct pm_heading heading, unsigned cost)
{
    size_t place = nearest->count;
    while (place > 0 && nearest->costs[place - 1] > cost) {
        place--;
    }
    if (place == PM_HEADING_NEAR_MOST) {
        return;
    }
    nearest->count += nearest->count < PM_HEADING_NEAR_MOST;
    for (size_t k = nearest->count - 1; k > place; k--) {
        nearest->costs[k] = nearest->costs[k - 1];
        nearest->near[k] = nearest->near[k - 1];
    }
    nearest->costs[place] = cost;
    nearest->near[place] = heading;
}

static bool weigh(const struct pm_document *document, void *context)
{
    struct nearest *nearest = context;
    for (size_t i = 0; i < document->section_count; i++) {
        const struct pm_section *section = &document->sections[i];
        struct pm_near_cost cost = pm_near_compare(&nearest->words, section->heading);
        unsigned least = cost.whole <= cost.beginning + 1 ? cost.whole : cost.beginning + 1;
        if (section->heading.len && least <= nearest->most) {
            insert(nearest, (struct pm_heading){PM_HEADING_NONE, document, section}, least);
        }
    }
    return false;
}

size_t pm_heading_near(struct pm_guide *guide, pm_str words,
                       struct pm_heading near[PM_HEADING_NEAR_MOST])
{
    struct nearest nearest = {.near = near, .most = 1 + (unsigned)words.len / 3};
    if (!pm_near_compile(&nearest.words, words)) {
        return 0;
    }
    (void)pm_heading_visit(guide, weigh, &nearest);
    return nearest.count;
}
