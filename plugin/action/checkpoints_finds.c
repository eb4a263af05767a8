/* checkpoints_finds.c - what is said of the finds of a search.
 *
 * Anybody may give any name to a repository of their own, so whose it is goes with each. */

#include "action/checkpoints_hub.h"

#include "action/clauses.h"

#define SAID_MOST 3

/* Every search was answered, and with all that it found. */
static bool has_all(const struct pm_hub_look *look, const struct pm_candidates *candidates)
{
    return pm_hub_look_is_searched(look) && !candidates->has_more && candidates->unreadable == 0;
}

static const char *words_before(const struct pm_candidates *candidates, bool has_all_finds)
{
    if (candidates->exact) {
        return candidates->exact == 1 ? " The hub has a repository of that name [best-effort]: "
                                      : " The hub has repositories of that name [best-effort]: ";
    }
    if (has_all_finds) {
        return candidates->count == 1
                   ? " The hub has no repository of that very name [best-effort]; like it is "
                   : " The hub has no repository of that very name [best-effort]; like it are ";
    }
    return candidates->count == 1 ? " Not all finds of the hub came, and none of that very name "
                                    "[best-effort]; like it is "
                                  : " Not all finds of the hub came, and none of that very name "
                                    "[best-effort]; like it are ";
}

/* The first few of them; which they are, and that a name proves nothing. */
static void say_finds(struct pm_call *call, struct pm_say *say, const struct pm_hub_look *look,
                      const struct pm_candidates *candidates)
{
    size_t count = candidates->exact ? candidates->exact : candidates->count;
    bool is_foundations = candidates->rows[0].is_foundation;
    bool is_nobodys = true; /* none of them is the foundation's */
    struct pm_clauses clauses = {.say = say,
                                 .lead = words_before(candidates, has_all(look, candidates))};
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
        say_finds(call, say, look, candidates);
    } else if (has_all(look, candidates)) {
        pm_say_own(say, " The hub has no repository of that name either [best-effort].");
    } else if (look->search_count) {
        pm_say_own(say, " Whether the hub has a repository of that name is not known.");
    } else if (!call->settings->is_hub_off) {
        pm_say_own(say, " The hub was not searched for it: its id and name are too short, or hold "
                        "what no repository's name does.");
    }
}
