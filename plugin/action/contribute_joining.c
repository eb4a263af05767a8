/* contribute_joining.c - who may join the runs that are open now.
 *
 * A run names a join authority, and that key gives leave to single keys or to everybody. Whether it
 * gave leave to everybody is one account at a known address; a single key's leave cannot be looked
 * for without the key. */

#include "action/contribute.h"

#include "action/clauses.h"

#define SAID_MOST 3

void pm_open_joining_init(struct pm_call *call, struct pm_open *open)
{
    pm_nodes_init(&open->nodes, &call->batch, PM_PSYCHE_COORDINATOR);
    pm_nodes_ask_check(&open->nodes);
}

static size_t add_ids(pm_str *ids, size_t count, const struct pm_listed *const *runs,
                      size_t run_count)
{
    for (size_t i = 0; i < run_count && i < PM_OPEN_PAGES_MOST; i++) {
        ids[count++] = runs[i]->info->id;
    }
    return count;
}

void pm_open_joining_ask(struct pm_open *open)
{
    pm_str ids[2 * PM_OPEN_PAGES_MOST];
    size_t count = add_ids(ids, 0, open->waiting, open->waiting_count);
    count = add_ids(ids, count, open->active, open->active_count);
    pm_chain_several_ask(&open->joining, &open->nodes, PM_CHAIN_WANTED_JOINING, ids, count, false);
}

void pm_open_joining_go_on(struct pm_open *open)
{
    (void)pm_chain_several_go_on(&open->joining);
    pm_nodes_check(&open->nodes, pm_chain_several_lacks_any(&open->joining));
    (void)pm_chain_several_go_on(&open->joining); /* elsewhere, when the check led there */
}

void pm_open_joining_settle(struct pm_open *open)
{
    pm_chain_several_settle(&open->joining);
}

static enum pm_joining joining_of(const struct pm_open *open, pm_str id)
{
    const struct pm_chain_one *run = pm_chain_several_find(&open->joining, id);
    return run ? run->joining : PM_JOINING_UNKNOWN;
}

const char *pm_open_joining_word(const struct pm_open *open, pm_str id)
{
    static const char *const words[] = {
        [PM_JOINING_UNKNOWN] = NULL,
        [PM_JOINING_OPEN] = "everybody",
        [PM_JOINING_AUTHORIZED] = "holders of an authorization",
    };
    return words[joining_of(open, id)];
}

size_t pm_open_joining_asks(const struct pm_open *open, const struct pm_ask *asks[2])
{
    size_t count = 0;
    if (open->joining.first && open->joining.second) {
        asks[count++] = open->joining.first;
        asks[count++] = open->joining.second;
    }
    return count;
}

/* --- what is said --- */

static size_t count_of(const struct pm_open *open, enum pm_joining joining)
{
    size_t count = 0;
    for (size_t i = 0; i < open->joining.count; i++) {
        count += open->joining.runs[i].joining == joining;
    }
    return count;
}

static void say_ids(struct pm_call *call, struct pm_clauses *clauses, const struct pm_open *open,
                    enum pm_joining joining)
{
    size_t said = 0, count = count_of(open, joining);
    for (size_t i = 0; i < open->joining.count && said < SAID_MOST; i++) {
        if (open->joining.runs[i].joining == joining) {
            pm_say_own(clauses->say, said++ ? ", " : "");
            pm_say_text(clauses->say, pm_clean(call->arena, PM_TEXT_ID, open->joining.runs[i].id));
        }
    }
    pm_say_own(clauses->say, count > SAID_MOST ? ", …" : "");
}

void pm_open_joining_say(struct pm_call *call, struct pm_say *say, const struct pm_open *open)
{
    static const struct {
        enum pm_joining joining;
        const char *words;
    } kinds[] = {{PM_JOINING_OPEN, "to everybody: "},
                 {PM_JOINING_AUTHORIZED, "to holders of an authorization: "}};
    struct pm_clauses clauses = {.say = say, .lead = " Open ", .between = "; "};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (count_of(open, kinds[i].joining)) {
            pm_clauses_begin(&clauses);
            pm_say_own(say, kinds[i].words);
            say_ids(call, &clauses, open, kinds[i].joining);
        }
    }
    if (clauses.count) {
        const struct pm_origin *origin = pm_origin_of(&call->batch, open->joining.second);
        pm_say_own(say, " (");
        pm_say_own(say, origin ? pm_origin_cluster(origin) : "");
        pm_say_own(say, ") [on-chain].");
    }
}

/* Why nothing at all is known of any of them. */
static void note_silence(struct pm_call *call, struct pm_answer *answer, const struct pm_open *open)
{
    const struct pm_ask *trouble = pm_chain_several_trouble(&open->joining);
    struct pm_say say;
    pm_say_init(&say, call->arena);
    pm_say_own(&say, "open_to is not known: ");
    if (open->nodes.is_off) {
        pm_say_own(&say, "asking the chain is switched off (rpc.off)");
    } else if (trouble) {
        pm_action_say_trouble(&say, trouble);
    } else {
        pm_say_own(&say, "the chain was not asked in time");
    }
    pm_answer_note(answer, &say);
}

static const char *reason(const struct pm_chain_one *run)
{
    switch (run->found) {
    case PM_CHAIN_NOT_ASKED:
        return " (no run on chain can have that id)";
    case PM_CHAIN_ABSENT:
        return " (not on chain there)";
    case PM_CHAIN_DOUBTFUL:
        return " (the node does not show the program)";
    case PM_CHAIN_BAD:
        return " (its account cannot be read)";
    case PM_CHAIN_PENDING:
    case PM_CHAIN_SILENT:
    case PM_CHAIN_THERE:
        break;
    }
    return " (the authorization cannot be read)";
}

/* Why of some of them. */
static void note_rest(struct pm_call *call, struct pm_answer *answer, const struct pm_open *open)
{
    struct pm_say say;
    struct pm_clauses clauses = {.say = &say, .lead = "open_to is not known for "};
    pm_say_init(&say, call->arena);
    for (size_t i = 0; i < open->joining.count; i++) {
        const struct pm_chain_one *run = &open->joining.runs[i];
        if (run->joining == PM_JOINING_UNKNOWN) {
            pm_clauses_begin(&clauses);
            pm_say_text(&say, pm_clean(call->arena, PM_TEXT_ID, run->id));
            pm_say_own(&say, reason(run));
        }
    }
    if (clauses.count) {
        pm_answer_note(answer, &say);
    }
}

void pm_open_joining_note(struct pm_call *call, struct pm_answer *answer,
                          const struct pm_open *open)
{
    bool is_answered = open->joining.first && !pm_chain_several_trouble(&open->joining);
    if (is_answered) {
        note_rest(call, answer, open);
    } else {
        note_silence(call, answer, open);
    }
}
