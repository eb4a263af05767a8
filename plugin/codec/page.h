/* page.h - one pass over a run page, before the tree is built.
 *
 * A page can be 10 MB, nearly all of it series and inference samples of which an answer needs a
 * few points. A tree takes 7 to 11 bytes a byte, so this pass lifts run.metrics.history out
 * first: it walks the text once, keeps the end of each number series and drops the rest, and
 * closes the gap in place. Samples (promptResults, cumulativePromptResults), wherever they stand
 * under "run", become empty arrays. What is left is a few kB and is read as a tree. */
#ifndef PM_CODEC_PAGE_H
#define PM_CODEC_PAGE_H

#include "codec/json.h"

#define PM_SERIES_KEPT 200
#define PM_EVALS_MOST 64

struct pm_point {
    double step, value;
};

/* A number series, by step as sent; points without a finite value are counted and left out. */
struct pm_series {
    pm_str name;  /* evals: the name, unescaped; else "" */
    size_t seen;  /* entries in the reply */
    size_t holes; /* of them without a value */
    size_t count; /* kept in points, oldest first */
    struct pm_point *points;
};

struct pm_history {
    bool is_there;
    struct pm_series loss, bandwidth, tokens_per_second, lr;
    size_t eval_count, evals_dropped; /* beyond PM_EVALS_MOST */
    struct pm_series *evals;
    bool has_last_step;
    double last_step; /* the greatest step in any series */
};

/* Shortens `text` in place (its new length in *len; the padding of pm_json_read stays valid) and
 * fills `history` on the arena. False with `problem` when the text is not JSON, too deep, or
 * memory is out. A series of a shape we do not know (an object, numbers alone) is empty, not a
 * fault. */
PM_CHECKED bool pm_page_lift(struct pm_arena *arena, char *text, size_t *len,
                             struct pm_history *history, struct pm_json_problem *problem);

#endif
