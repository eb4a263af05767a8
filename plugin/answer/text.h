/* text.h - the one gate for text that outsiders set.
 *
 * Anyone can name a run; an answer is read by a model that follows what it reads, and shown on
 * terminals that obey control characters. So outside text becomes `struct pm_clean` here, and the
 * answer writer takes nothing else. The form is one-to-one: two different texts never look equal,
 * and an id can be read back.
 *
 *   controls, bidirectional marks, zero-width and tag characters,
 *   stray variation selectors (hidden.h says which)                -> <U+202E>
 *   a byte that is no UTF-8                                        -> <xFF>
 *   a '<' before "U+" or 'x'                                       -> <U+3C>
 *
 * In ids, names, places and repositories newline and tab are escaped too; in other text any run of
 * white space is one space (a passage keeps its lines), and what is too long is cut: these two alone
 * cannot be undone. */
#ifndef PM_ANSWER_TEXT_H
#define PM_ANSWER_TEXT_H

#include "base/arena.h"

#define PM_TEXT_NOTE_MOST 300

enum pm_text_use {
    PM_TEXT_ID,          /* never cut; may be quoted in a summary */
    PM_TEXT_REPOSITORY,  /* the same */
    PM_TEXT_PLACE,       /* 200 bytes: a revision, a key, a path; uncut ones never look alike */
    PM_TEXT_NAME,        /* 64 bytes */
    PM_TEXT_DESCRIPTION, /* 280 bytes */
    PM_TEXT_OTHER,       /* 200 bytes: words the source sent, problems */
    PM_TEXT_GUIDE,       /* 400 bytes: a sentence of the references; may be quoted in a summary */
    PM_TEXT_NOTE,        /* PM_TEXT_NOTE_MOST bytes: what the host has to say; only in a note */
    PM_TEXT_PASSAGE,     /* 3000 bytes: a section of the references; keeps its lines */
};

struct pm_clean; /* made only in text.c */

/* Never NULL (an empty one when memory is out: the arena remembers). Bounds count bytes after
 * escaping; a cut ends in "…" at a code point and never inside an escape. */
const struct pm_clean *pm_clean(struct pm_arena *arena, enum pm_text_use use, pm_str raw);
/* Our own words. The two kinds of text have two types on purpose: what this program says is a
 * `const char *`, what came from outside is a pm_str, and neither passes for the other. */
const struct pm_clean *pm_clean_own(struct pm_arena *arena, const char *own);

pm_str pm_clean_text(const struct pm_clean *clean);
enum pm_text_use pm_clean_use(const struct pm_clean *clean);

/* The raw bytes behind a shown text; text without escapes comes back as it is. */
pm_str pm_unclean(struct pm_arena *arena, pm_str shown);

#endif
