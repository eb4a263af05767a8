/* checkpoints_repository.c - a repository of the hub, asked for by its name, and who declares it. */

#include "action/checkpoints.h"

#include "action/clauses.h"

/* Bytes; a longer one is so often in a brief answer that the words have to do for a table. */
#define NAME_LEAVES_ROOM 100

static bool names(const struct pm_checkpoint *checkpoint, pm_str repository)
{
    return checkpoint->kind == PM_CHECKPOINT_HUB &&
           pm_str_equal_nocase(checkpoint->place, repository);
}

static bool declares_tracked(const struct pm_active_runs *active, size_t at, pm_str repository)
{
    const struct pm_checkpoint *checkpoint = pm_active_declared(active, at);
    return checkpoint && names(checkpoint, repository);
}

static bool declares_on_chain(const struct pm_active_runs *active, size_t at, pm_str repository)
{
    const struct pm_coordinator_checkpoint *on_chain = pm_active_on_chain(active, at);
    struct pm_checkpoint checkpoint;
    if (!on_chain) {
        return false;
    }
    checkpoint = pm_declared_on_chain(on_chain);
    return names(&checkpoint, repository);
}

static size_t write_declaring(struct pm_look *look, struct pm_answer *answer,
                              const struct pm_active_runs *active, struct pm_clauses *clauses)
{
    struct pm_call *call = look->call;
    struct pm_table *table = NULL;
    size_t count_declaring = 0;
    bool has_room = call->request->is_full || call->request->run_id.len <= NAME_LEAVES_ROOM;
    for (size_t i = 0; i < active->shown; i++) {
        bool is_tracked = declares_tracked(active, i, call->request->run_id);
        bool is_on_chain = declares_on_chain(active, i, call->request->run_id);
        if (!is_tracked && !is_on_chain) {
            continue;
        }
        if (count_declaring++ == 0 && has_room) {
            table = pm_active_open_table(call, answer, active, look->runs, false);
        }
        if (table) {
            pm_active_write_row(call, table, active, i);
        }
        pm_clauses_begin(clauses);
        pm_say_text(clauses->say, pm_clean(call->arena, PM_TEXT_ID, pm_active_info(active, i)->id));
        pm_say_own(clauses->say, is_tracked ? " [tracked]" : "");
        pm_say_own(clauses->say, is_on_chain ? " [on-chain]" : "");
    }
    return count_declaring;
}

static void say_undeclared(struct pm_say *say, const struct pm_look *look,
                           const struct pm_active_runs *active)
{
    size_t read = 0;
    if (!look->list) {
        pm_say_own(say, " Whether a run declares it is not known: ");
        pm_action_say_trouble(say, look->runs);
        return;
    }
    for (size_t i = 0; i < active->shown; i++) {
        read += pm_active_declared(active, i) != NULL;
    }
    pm_say_own(say, " No run is known to declare it; the pages of ");
    pm_say_count(say, read);
    pm_say_own(say, " of ");
    pm_say_counted(say, active->count, "active run", "active runs");
    pm_say_own(say, " were read [tracked]");
}

/* What the hub says of it; whether that is a yes, a no, or nothing. */
static enum pm_found say_hub(struct pm_checkpoints *own, struct pm_say *say,
                             const struct pm_hub_place *place)
{
    struct pm_call *call = own->look.call;
    if (!place) {
        pm_say_own(say, " Whether it exists and what it holds is unknown: the hub was not asked "
                        "(hub.off).");
        return PM_FOUND_UNKNOWN;
    }
    const struct pm_hub_facts *facts = place->facts;
    pm_hub_say_facts(call, say, facts);
    return facts->model                                ? PM_FOUND_TRUE
           : !facts->is_answered                       ? PM_FOUND_UNKNOWN
           : facts->found == PM_HUB_MISSING_OR_PRIVATE ? PM_FOUND_FALSE
                                                       : PM_FOUND_UNKNOWN;
}

static const struct pm_hub_place *asked_for(const struct pm_checkpoints *own)
{
    const struct pm_checkpoint asked = {
        .kind = PM_CHECKPOINT_HUB,
        .place = own->look.call->request->run_id,
    };
    return pm_hub_look_place(&own->hub, &asked);
}

static void write_repository(struct pm_checkpoints *own, struct pm_answer *answer,
                             const struct pm_active_runs *active)
{
    struct pm_look *look = &own->look;
    struct pm_call *call = look->call;
    const struct pm_clean *repository =
        pm_clean(call->arena, PM_TEXT_REPOSITORY, call->request->run_id);
    const struct pm_hub_place *place = asked_for(own);
    struct pm_arguments arguments = {0};
    struct pm_say say;
    struct pm_clauses clauses = {.say = &say, .lead = " It is the declared checkpoint of "};
    pm_say_init(&say, call->arena);
    pm_say_text(&say, repository);
    pm_say_own(&say, " is taken for a repository of the model hub, for no run is known under that "
                     "id.");
    enum pm_found found = say_hub(own, &say, place);
    pm_answer_asked(answer, "run_id", repository);
    if (write_declaring(look, answer, active, &clauses) == 0) {
        say_undeclared(&say, look, active);
    } else if (found == PM_FOUND_FALSE) {
        found = PM_FOUND_UNKNOWN; /* a run names it: private is likelier than missing */
    }
    pm_answer_found(answer, found);
    pm_say_own(&say, ".");
    pm_answer_summary(answer, &say);
    if (place) {
        pm_hub_write_place(call, answer, &own->hub, place, &own->page, true);
    }
    pm_arguments_own(&arguments, call->arena, "action", "checkpoints");
    pm_answer_next(answer, "psyche_monitor", &arguments, "what the active runs declare");
}

void pm_checkpoints_of_repository(struct pm_checkpoints *own, struct pm_answer *answer)
{
    if (own->is_active_asked) {
        pm_chain_several_settle(&own->active.chain);
    }
    write_repository(own, answer, &own->active);
}
