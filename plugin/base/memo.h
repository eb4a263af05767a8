/* memo.h - a small table of results that are dear to work out, by the bytes that they follow from.
 *
 * It forgets: a new result takes the place of an older one, so the table never grows. A result must
 * follow from its name alone; then it does not matter who put it there. Safe for threads. */
#ifndef PM_BASE_MEMO_H
#define PM_BASE_MEMO_H

#include "base/str.h"

#include <pthread.h>

#define PM_MEMO_SETS 32
#define PM_MEMO_WAYS 4        /* results in a set: the name says which set it is */
#define PM_MEMO_NAME_MOST 100 /* bytes; longer ones are not kept */
#define PM_MEMO_BYTES 32      /* of a result */

struct pm_memo_row {
    size_t len; /* of the name; 0: nothing is here */
    unsigned char name[PM_MEMO_NAME_MOST];
    unsigned char result[PM_MEMO_BYTES];
};

struct pm_memo_set {
    struct pm_memo_row rows[PM_MEMO_WAYS];
    unsigned oldest;
};

struct pm_memo {
    pthread_mutex_t lock;
    struct pm_memo_set sets[PM_MEMO_SETS];
};

PM_CHECKED bool pm_memo_init(struct pm_memo *memo);
void pm_memo_finish(struct pm_memo *memo);

/* Both take NULL for a memo that keeps nothing. */
PM_CHECKED bool pm_memo_recall(struct pm_memo *memo, pm_str name,
                               unsigned char result[PM_MEMO_BYTES]);
void pm_memo_keep(struct pm_memo *memo, pm_str name, const unsigned char result[PM_MEMO_BYTES]);

#endif
