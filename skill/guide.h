/* guide.h - SKILL.md and the references as data.
 *
 * What a phase means, what a label means, how to take part: such sentences stand once, in
 * references/, where people and agents read them, and answers quote them from there. A document has
 * front matter (YAML) and sections (Markdown headings); the meaning of a heading is the first
 * paragraph under it.
 *
 * A document is a file NAME.md of the folder, NAME of lower-case letters, digits and '-'; at most
 * 64 KiB each, at most 64 of them. One that is missing or broken is replaced by the copy that was
 * built in, and `problem` says so: a guide never fails. One that is broken and was not built in has
 * a problem and no sections. Documents are read when they are first needed, once a guide; one that
 * there was no memory for has a problem and no name, and is read anew the next time. */
#ifndef PM_SKILL_GUIDE_H
#define PM_SKILL_GUIDE_H

#include "base/arena.h"

struct pm_section {
    pm_str heading; /* plain text; empty for what stands before the first one (level 0) */
    unsigned level; /* 1 for "#", … */
    pm_str meaning; /* its first paragraph as plain text; empty when there is none */
    pm_str text;    /* all of it up to the next heading, a paragraph or item a line */
};

struct pm_document {
    pm_str name;                  /* "run-states" */
    pm_str title, summary, as_of; /* front matter; as_of is "2026-03-20" */
    const pm_str *topics;
    size_t topic_count;
    const pm_str *sources;
    size_t source_count;
    const struct pm_section *sections;
    size_t section_count;
    bool is_built_in; /* not from the folder */
    pm_str problem;   /* why, one line of our own words, or empty */
};

struct pm_guide;

/* All functions that take a guide take NULL too: then nothing is known.
 *
 * `folder` is where the references are, or empty for none. NULL only when memory is out. Does not
 * read yet. */
struct pm_guide *pm_guide_open(pm_str folder);
void pm_guide_close(struct pm_guide *guide); /* takes NULL */

pm_str pm_guide_folder(const struct pm_guide *guide);

/* Whether this path is a folder of references: at least one document that is built in is there. */
bool pm_guide_is_folder(pm_str path);

const char *pm_guide_library_version(void); /* of cmark */

/* The names of all documents: those built in, and what else the folder holds. NULL-terminated. */
const char *const *pm_guide_names(struct pm_guide *guide);

/* From any thread; lives as long as the guide. NULL for a name that is neither in the folder nor
 * built in. */
const struct pm_document *pm_guide_document(struct pm_guide *guide, pm_str name);

/* The section of that heading, case and a trailing explanation in brackets ignored, or NULL. */
const struct pm_section *pm_document_section(const struct pm_document *document, pm_str heading);

#endif
