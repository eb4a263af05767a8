/* look_chain_words.c - what was asked of the chain about a run, and how that ended, in words. */

#include "action/look_chain.h"

#include "action/frame.h"

/* --- the summary --- */

void pm_look_chain_say_name(const struct pm_look *look, struct pm_say *say)
{
    const struct pm_nodes *nodes = &look->chain.nodes;
    const struct pm_ask *ask = look->chain.exact.ask ? look->chain.exact.ask : look->chain.list.ask;
    pm_say_own(say, "the chain (");
    pm_say_own(say, ask && ask->cluster ? ask->cluster : pm_cluster_name(nodes->expected));
    pm_say_own(say, ")");
}

static void say_silent(const struct pm_look *look, struct pm_say *say, const struct pm_ask *trouble)
{
    (void)look;
    pm_say_own(say, " Whether it is on chain is not known");
    if (trouble && trouble->outcome.status != PM_STATUS_OK) {
        pm_say_own(say, ": ");
        pm_action_say_trouble(say, trouble);
    }
    pm_say_own(say, ".");
}

static void say_doubtful(const struct pm_look *look, struct pm_say *say)
{
    pm_say_own(say, " Whether it is on chain is not known: ");
    pm_look_chain_say_name(look, say);
    pm_say_own(say, " shows neither such a run nor the program that keeps runs.");
}

/* All runs were looked through, and none fits. */
static void say_none_fits(const struct pm_look *look, struct pm_say *say)
{
    size_t count = look->chain.list.count;
    if (count == 0) {
        pm_say_own(say, look->chain.list.unreadable ? " There is no readable run on "
                                                    : " There is no run at all on ");
    } else if (count == 1) {
        pm_say_own(say, " The only run on ");
    } else {
        pm_say_own(say, " None of the ");
        pm_say_count(say, count);
        pm_say_own(say, " runs on ");
    }
    pm_look_chain_say_name(look, say);
    if (count && pm_look_chain_were_named(look)) {
        pm_say_own(say, count == 1 ? " fits neither by id nor by name" : " fits by id or by name");
    } else if (count && look->chain.list.look_chunks) {
        pm_say_own(say, count == 1 ? " does not fit by its id; its name could not be read"
                                   : " fits by its id, or by a name that could be read");
    } else if (count) {
        pm_say_own(say, count == 1 ? " does not fit by its id; its name was not looked at"
                                   : " fits by its id; names were not looked at");
    }
    pm_say_own(say, " [on-chain].");
}

static void say_absent(const struct pm_look *look, struct pm_say *say)
{
    const struct pm_look_chain *chain = &look->chain;
    if (chain->is_list_asked && chain->list.state == PM_CHAIN_LIST_WHOLE) {
        say_none_fits(look, say);
    } else if (chain->exact.found == PM_CHAIN_ABSENT) {
        pm_say_own(say, " No run on ");
        pm_look_chain_say_name(look, say);
        pm_say_own(say, " has exactly that id [on-chain]");
        pm_say_own(say,
                   look->only_ids ? "." : "; the other runs there could not be looked through.");
    } else {
        pm_say_own(say, " Whether a run on ");
        pm_look_chain_say_name(look, say);
        pm_say_own(say, " fits is not known: the runs there could not be looked through.");
    }
}

void pm_look_chain_say_missing(const struct pm_look *look, struct pm_say *say)
{
    const struct pm_look_chain *chain = &look->chain;
    const struct pm_chain_run *run = chain->is_matched_asked ? &chain->matched : &chain->exact;
    if (chain->nodes.is_off) {
        pm_say_own(say, " It may still exist: the chain, where every run stands, was not asked "
                        "(rpc.off).");
        return;
    }
    switch (run->found) {
    case PM_CHAIN_PENDING:
    case PM_CHAIN_SILENT:
        say_silent(look, say, pm_chain_run_trouble(run));
        break;
    case PM_CHAIN_DOUBTFUL:
        say_doubtful(look, say);
        break;
    case PM_CHAIN_BAD:
        pm_say_own(say, " On ");
        pm_look_chain_say_name(look, say);
        pm_say_own(say, " there is an account at that run's address, but it cannot be read: see "
                        "notes.");
        break;
    case PM_CHAIN_THERE:
        pm_say_own(say, " On ");
        pm_look_chain_say_name(look, say);
        pm_say_own(say, " there is a run of that id [on-chain]; which incarnation it is, the chain "
                        "does not say. Ask for the id alone.");
        break;
    case PM_CHAIN_NOT_ASKED:
    case PM_CHAIN_ABSENT:
        say_absent(look, say);
        break;
    }
}

/* --- notes --- */

/* "bad_account: it names …" */
static void note_part(const struct pm_look *look, struct pm_answer *answer, const char *what,
                      const struct pm_chain_part *part)
{
    struct pm_say say;
    bool is_layout = part->verdict == PM_ACCOUNT_LAYOUT_UNKNOWN;
    if (!part->is_asked || part->verdict == PM_ACCOUNT_OK) {
        return;
    }
    pm_say_init(&say, look->call->arena);
    pm_say_own(&say, what);
    if (part->verdict == PM_ACCOUNT_ABSENT) {
        pm_say_own(&say, " is not on chain, though it is named there");
    } else {
        pm_say_own(&say, is_layout ? " cannot be read: layout_unknown ("
                                   : " cannot be read: bad_account (");
        /* Made of our own words and of numbers. */
        pm_say_own(&say, part->problem.text);
        pm_say_own(&say, ")");
    }
    pm_answer_note(answer, &say);
}

/* The second answer did not come, so the state is not known though the run is there. */
static void note_half(const struct pm_look *look, struct pm_answer *answer,
                      const struct pm_chain_run *run)
{
    const struct pm_ask *trouble = pm_chain_run_trouble(run);
    struct pm_say say;
    if (run->found != PM_CHAIN_THERE || !trouble || trouble->outcome.status == PM_STATUS_OK) {
        return;
    }
    pm_say_init(&say, look->call->arena);
    pm_say_own(&say, run->account_part.is_asked ? "what the treasurer holds is not known: "
                                                : "the run's state on chain is not known: ");
    pm_action_say_trouble(&say, trouble);
    pm_answer_note(answer, &say);
}

static void note_nodes(const struct pm_look *look, struct pm_answer *answer)
{
    const struct pm_nodes *nodes = &look->chain.nodes;
    struct pm_say say;
    if (nodes->is_contradicted) {
        pm_answer_note_own(answer, "the dashboard reads another coordinator program or cluster "
                                   "than the one that is configured here, which was asked");
    } else if (nodes->moves) {
        pm_say_init(&say, look->call->arena);
        pm_say_own(&say, "the chain was asked where the dashboard's /status says that it reads: "
                         "another coordinator program or cluster (");
        pm_say_own(&say, pm_cluster_name(nodes->expected));
        pm_say_own(&say, ") than the built-in one");
        pm_answer_note(answer, &say);
    }
}

void pm_look_write_chain_notes(const struct pm_look *look, struct pm_answer *answer,
                               const struct pm_view *view)
{
    const struct pm_chain_run *run = pm_look_chain_run(look, view);
    if (look->is_configured) {
        pm_answer_note_own(answer, "no run_id was given: the configured one (run_id) was used");
    }
    if (look->chain.nodes.is_off) {
        return;
    }
    if (view && view->is_chain_newer) {
        pm_answer_note_own(answer, "the chain has only the newest incarnation of this run, so it "
                                   "tells nothing of this one");
    }
    note_nodes(look, answer);
    if (run->found == PM_CHAIN_BAD) {
        note_part(look, answer, "the run's instance account", &run->instance_part);
    }
    note_part(look, answer, "the run's coordinator account", &run->account_part);
    if (run->permit_part.verdict != PM_ACCOUNT_ABSENT) {
        note_part(look, answer, "the authorization for everybody", &run->permit_part);
    }
    note_part(look, answer, "the treasurer's account", &run->rewards.part);
    note_part(look, answer, "the mint that rewards are paid in", &run->rewards.mint_part);
    if (run->rewards.funds_part.verdict != PM_ACCOUNT_ABSENT) { /* then it holds nothing */
        note_part(look, answer, "the account of what the treasurer holds",
                  &run->rewards.funds_part);
    }
    if (run->has_changed) {
        pm_answer_note_own(answer, "the run was made anew on chain while it was read: ask again");
    }
    note_half(look, answer, run);
    if (run->went_back) {
        pm_frame_note_slot_back(look->call, answer, run->went_back_from, run->went_back_to);
    }
}
