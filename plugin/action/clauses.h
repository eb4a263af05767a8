/* clauses.h - ": 24 clients, loss 2.12": parts of a sentence, of which any may be missing. */
#ifndef PM_ACTION_CLAUSES_H
#define PM_ACTION_CLAUSES_H

#include "answer/answer.h"

struct pm_clauses {
    struct pm_say *say;
    const char *lead;    /* before the first one */
    const char *between; /* the others; ", " when NULL */
    size_t count;
};

void pm_clauses_begin(struct pm_clauses *clauses);

#endif
