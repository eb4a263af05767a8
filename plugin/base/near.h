/* near.h - what was probably meant. */
#ifndef PM_BASE_NEAR_H
#define PM_BASE_NEAR_H

#include "base/str.h"

#define PM_NEAR_WORDS_MOST 64

/* Words to be compared with many texts. */
struct pm_near {
    uint64_t where[256]; /* of each byte: the positions at which it stands */
    size_t len;
};

struct pm_near_cost {
    unsigned whole;     /* bytes to put in, take out or change to make the text of the words */
    unsigned beginning; /* the same for the best beginning of the text */
};

/* Letters' case and the kind of separator ('-', '_', '.', ' ') do not count. False when `words` is
 * empty or longer than PM_NEAR_WORDS_MOST: no id, name or word of ours is. */
PM_CHECKED bool pm_near_compile(struct pm_near *near, pm_str words);
struct pm_near_cost pm_near_compare(const struct pm_near *near, pm_str text);

/* The word of a NULL-terminated list that is most like `given`, or NULL when none is like it. */
const char *pm_near_word(pm_str given, const char *const *words);

#endif
