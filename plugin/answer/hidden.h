/* hidden.h - characters that nobody sees, and the few places where they belong.
 *
 * A character without a glyph of its own can hide words from a person, make two names look alike or
 * turn a line around. Nearly all of them are always escaped. Some are part of clean writing, where
 * what they do can be seen:
 *
 *   U+FE0F, U+FE0E  directly after a pictograph, and U+FE0F in a keycap
 *                   (a digit, # or *, then U+FE0F, then U+20E3)
 *   U+200D          between two pictographs, and as the next line says
 *   U+200C, U+200D  between two letters of a script whose letters join; U+200D also after a virama
 *   U+180B..D, F    after a Mongolian letter
 *
 * Ids and repositories are held to more, because there two texts must not look alike: a selector
 * passes only where it changes the pictograph's usual form, and nothing passes between letters. */
#ifndef PM_ANSWER_HIDDEN_H
#define PM_ANSWER_HIDDEN_H

#include "base/str.h"

/* A code point and its neighbours; 0 at an end of the text. */
struct pm_place {
    uint32_t before_last, before, code_point, after;
    bool is_strict; /* ids and repositories */
};

/* Must this character be written as an escape here? */
bool pm_hidden(const struct pm_place *place);

/* White space of any kind, line ends and the C1 one included. */
bool pm_hidden_is_space(uint32_t code_point);

#endif
