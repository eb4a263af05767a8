/* plain.h - Markdown to the plain text of its sections. */
#ifndef PM_SKILL_PLAIN_H
#define PM_SKILL_PLAIN_H

#include "skill/guide.h"

/* Every heading of the document begins a section; text before the first one is a section of its own
 * without heading, of level 0. All on `arena`. False when memory is out, or when the text is so
 * intricate that it would take too much of it. `markdown` has no NUL and is UTF-8. */
PM_CHECKED bool pm_plain_read(struct pm_arena *arena, pm_str markdown,
                              const struct pm_section **sections, size_t *count);

#endif
