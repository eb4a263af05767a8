/* clauses.c - parts of a sentence, of which any may be missing. */

#include "action/clauses.h"

void pm_clauses_begin(struct pm_clauses *clauses)
{
    const char *between = clauses->between ? clauses->between : ", ";
    pm_say_own(clauses->say, clauses->count++ ? between : clauses->lead);
}
