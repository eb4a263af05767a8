/* checkpoints_finds.c - what is said of the finds of a search.
 *
 * Anybody may give any name to a repository of their own, so whose it is goes with each. */

#include "action/checkpoints_hub.h"

#include "action/clauses.h"

#define SAID_MOST 3

/* The first few of them; which they are, and that a name proves nothing. */
static void say_finds(struct pm_call *call, struct pm_say *say,
                      const struct pm_candidates *candidates)
{
    size_t count = candidates->exact ? candidates->exact : candidates->count;
    bool is_foundations = candidates->rows[0].is_foundation;
    bool is_nobodys = true; /* none of them is the foundation's */
    struct pm_clauses clauses = {
        .say = say,
        .lead = candidates->exact == 1 ? " The hub has a repository of that name [best-effort]: "
                : candidates->exact > 1
                    ? " The hub has repositories of that name [best-effort]: "
                    : " The hub has no repository of that very name [best-effort]; "
                      "like it are "};
    for (size_t i = 0; i < count && i < SAID_MOST; i++) {
        pm_clauses_begin(&clauses);
        pm_say_text(say, pm_clean(call->arena, PM_TEXT_REPOSITORY, candidates->rows[i].model->id));
    }
    for (size_t i = 0; i < count; i++) {
        is_nobodys = is_nobodys && !candidates->rows[i].is_foundation;
    }
    if (count > SAID_MOST) {
        pm_say_own(say, " and ");
        pm_say_count(say, count - SAID_MOST);
        pm_say_own(say, " more");
    }
    pm_say_own(say, is_nobodys ? ", not of " PM_FOUNDATION "." : ".");
    pm_say_own(say, count > 1 ? " Anybody may use a name: which of them is this run's, if any, "
                                "nobody declares."
                    : is_foundations
                        ? " No source declares that it is this run's."
                        : " Anybody may use a name: nothing says that it is this run's.");
}

void pm_hub_say_candidates(struct pm_call *call, struct pm_say *say, const struct pm_hub_look *look,
                           const struct pm_candidates *candidates)
{
    if (candidates->count) {
        say_finds(call, say, candidates);
    } else if (pm_hub_look_is_searched(look)) {
        pm_say_own(say, " The hub has no repository of that name either [best-effort].");
    } else if (look->search_count) {
        pm_say_own(say, " Whether the hub has a repository of that name is not known.");
    }
}
