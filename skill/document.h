/* document.h - one reference: its front matter and its sections, out of the bytes of a file. */
#ifndef PM_SKILL_DOCUMENT_H
#define PM_SKILL_DOCUMENT_H

#include "skill/guide.h"

#define PM_DOCUMENT_BYTES_MOST 65536

/* Everything in `out` is on `arena`; its name and origin are left as they are. False when `text` is
 * no such document: then only out->problem is set, one phrase of our own words. When memory was what
 * it wanted, arena->failed is set, whose memory it was. */
PM_CHECKED bool pm_document_read(struct pm_arena *arena, pm_str text, struct pm_document *out);

#endif
