/* heading.h - what in the references is meant by a word.
 *
 * People ask for a heading ("Cooldown"), a document ("checkpoints"), a subject that a document
 * names in its front matter ("gpu"), or part of a heading. An exact word wins over a partial one,
 * and the document on taking part over the others. */
#ifndef PM_ACTION_HEADING_H
#define PM_ACTION_HEADING_H

#include "skill/guide.h"

#define PM_HEADING_NEAR_MOST 5

enum pm_heading_match {
    PM_HEADING_NONE,
    PM_HEADING_EXACT, /* case ignored, as in all of these */
    PM_HEADING_DOCUMENT,
    PM_HEADING_TOPIC,
    PM_HEADING_PART,
};

struct pm_heading {
    enum pm_heading_match how;
    const struct pm_document *document;
    const struct pm_section *section;
};

/* how is NONE when nothing fits. */
struct pm_heading pm_heading_find(struct pm_guide *guide, pm_str words);

/* Headings that are like the words, the nearest first. */
size_t pm_heading_near(struct pm_guide *guide, pm_str words,
                       struct pm_heading near[PM_HEADING_NEAR_MOST]);

/* "heading", "document", "topic", "part"; NULL for NONE. */
const char *pm_heading_match_word(enum pm_heading_match how);

/* The document on taking part, which is looked at first; NULL when there is none. */
const struct pm_document *pm_heading_first_document(struct pm_guide *guide);

/* The documents in the order in which they are looked at: `visit` until it answers true; whether it
 * did. */
typedef bool pm_heading_visit_fn(const struct pm_document *document, void *context);
bool pm_heading_visit(struct pm_guide *guide, pm_heading_visit_fn *visit, void *context);

#endif
