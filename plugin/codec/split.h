/* split.h - where one JSON document ends and the next begins, while bytes still arrive. */
#ifndef PM_CODEC_SPLIT_H
#define PM_CODEC_SPLIT_H

#include "base/str.h"

struct pm_split {
    size_t depth;
    bool in_document, in_string, after_backslash, is_scalar;
};

/* Looks at `fresh`, which follows what was shown before. When a document ends in it: its length
 * in fresh (*end) and true; call again with what follows. An object, array or string ends with
 * its last byte; a number, a word or text that is no JSON ends before white space, '{', '[' or
 * '"'. White space between documents belongs to none: *start is where the document begins in fresh
 * (0 when earlier). When none ends, *end is fresh.len, and *start too if none has begun. */
bool pm_split_next(struct pm_split *split, pm_str fresh, size_t *start, size_t *end);

/* At the end of input: is a document begun and not ended? */
bool pm_split_is_open(const struct pm_split *split);

#endif
