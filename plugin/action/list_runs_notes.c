/* list_runs_notes.c - what is to be known of a list of runs beside its summary: above all what the
 * chain's part of it lacks, and why. */

#include "action/frame.h"
#include "action/list_runs.h"

#define NAMED_MOST 3       /* runs whose accounts cannot be read, */
#define NAMED_MOST_FULL 10 /* and in a full answer */
#define SLOT_SLACK 150     /* slots, about a minute: the nodes behind one address differ by some */

/* --- the dashboard's list --- */

static void note_unreadable_rows(const struct pm_list *list, struct pm_answer *answer)
{
    struct pm_say say;
    if (list->listing.unreadable) {
        pm_say_init(&say, list->call->arena);
        pm_say_counted(&say, list->listing.unreadable, "row", "rows");
        pm_say_own(&say, " of the dashboard's list could not be read and are not counted");
        pm_answer_note(answer, &say);
    }
}

/* --- rows --- */

typedef bool row_fn(const struct pm_list_row *row);

static size_t count_shown(const struct pm_list *list, row_fn *is_meant)
{
    size_t count = 0;
    for (size_t i = list->first; i < pm_list_end(list); i++) {
        count += is_meant(&list->ordered.rows[i]);
    }
    return count;
}

static bool is_told_by_chain(const struct pm_list_row *row)
{
    return !row->run && row->chain->head;
}

static bool is_about(const struct pm_list_row *row)
{
    return pm_list_is_about(row);
}

static bool is_bad(const struct pm_list_row *row)
{
    return row->chain && row->chain->verdict != PM_ACCOUNT_OK;
}

static bool was_not_looked_at(const struct pm_list_row *row)
{
    return row->chain && !row->chain->is_looked_at;
}

static bool is_unanswered(const struct pm_list_row *row)
{
    return row->chain && row->chain->is_looked_at && row->chain->verdict == PM_ACCOUNT_OK &&
           (!row->chain->head || !row->chain->tail);
}

static void note_tokens(const struct pm_list *list, struct pm_answer *answer)
{
    struct pm_say say;
    size_t about = list->call->request->is_full ? count_shown(list, is_about) : 0;
    if (!list->call->request->is_full && list->ordered.count) {
        pm_answer_note_own(answer, "tokens and size are rounded; run_details has exact figures");
    }
    if (count_shown(list, is_told_by_chain)) {
        pm_answer_note_own(answer, "tokens of a run that is only on chain are as of the start of "
                                   "its epoch; run_details adds what came since");
    }
    if (about) {
        pm_say_init(&say, list->call->arena);
        pm_say_own(&say, "tokens_planned of ");
        pm_say_counted(&say, about, "run that is only on chain is",
                       "runs that are only on chain are");
        pm_say_own(&say, " worked out step by step: the batch grows on the way");
        pm_answer_note(answer, &say);
    }
}

/* --- accounts --- */

/* "the account of a-run cannot be read: layout_unknown (120,080 bytes; this version knows
 * 119,160)". The words in brackets are ours. */
static void note_bad_account(const struct pm_list *list, struct pm_answer *answer,
                             const struct pm_list_row *row)
{
    bool is_unknown = row->chain->verdict == PM_ACCOUNT_LAYOUT_UNKNOWN;
    bool is_absent = row->chain->verdict == PM_ACCOUNT_ABSENT;
    struct pm_arena *arena = list->call->arena;
    struct pm_say say;
    pm_say_init(&say, arena);
    pm_say_own(&say, "the account of ");
    pm_say_text(&say, pm_clean(arena, PM_TEXT_ID, pm_list_id(row)));
    if (is_absent) {
        pm_say_own(&say, " is not on chain, though the run's instance names it");
        pm_answer_note(answer, &say);
        return;
    }
    pm_say_own(&say, " cannot be read: ");
    pm_say_own(&say, pm_status_word(is_unknown ? PM_STATUS_LAYOUT_UNKNOWN : PM_STATUS_BAD_ACCOUNT));
    pm_say_own(&say, " (");
    pm_say_own(&say, pm_arena_cstr(arena, pm_str_from(row->chain->problem.text)));
    pm_say_own(&say, ")");
    pm_answer_note(answer, &say);
}

static void note_bad_accounts(const struct pm_list *list, struct pm_answer *answer)
{
    size_t count = count_shown(list, is_bad), named = 0;
    size_t most = list->call->request->is_full ? NAMED_MOST_FULL : NAMED_MOST;
    struct pm_say say;
    for (size_t i = list->first; i < pm_list_end(list) && named < most; i++) {
        if (is_bad(&list->ordered.rows[i])) {
            note_bad_account(list, answer, &list->ordered.rows[i]);
            named++;
        }
    }
    if (count > named) {
        pm_say_init(&say, list->call->arena);
        pm_say_counted(&say, count - named, "more account of this page is",
                       "more accounts of this page are");
        pm_say_own(&say, " missing or cannot be read");
        pm_answer_note(answer, &say);
    }
}

static void note_unreadable_accounts(const struct pm_list *list, struct pm_answer *answer)
{
    struct pm_say say;
    if (list->chain.unreadable) {
        pm_say_init(&say, list->call->arena);
        pm_say_counted(&say, list->chain.unreadable, "account", "accounts");
        pm_say_own(&say, " found on chain cannot be used: broken, or not at the address that "
                         "fits the run's id");
        pm_answer_note(answer, &say);
    }
}

/* --- what was not answered --- */

static const struct pm_ask *find_trouble(const struct pm_chain_list *chain)
{
    for (size_t i = 0; i < chain->look_chunks; i++) {
        const struct pm_chain_chunk *chunk = chain->looks[i];
        if (!chunk->taken) {
            return pm_question_trouble(&chunk->question);
        }
        if (!chunk->tail_taken) {
            return pm_question_trouble(&chunk->tail_question);
        }
    }
    return NULL;
}

static void note_unanswered(const struct pm_list *list, struct pm_answer *answer)
{
    size_t skipped = count_shown(list, was_not_looked_at);
    size_t unanswered = count_shown(list, is_unanswered);
    const struct pm_ask *trouble = find_trouble(&list->chain);
    struct pm_say say;
    if (unanswered && trouble) {
        pm_say_init(&say, list->call->arena);
        pm_say_own(&say, "what the chain knows of ");
        pm_say_counted(&say, unanswered, "run", "runs");
        pm_say_own(&say, " of this page is not all here: ");
        pm_action_say_trouble(&say, trouble);
        pm_answer_note(answer, &say);
    }
    if (skipped) {
        pm_say_init(&say, list->call->arena);
        pm_say_counted(&say, skipped, "run was", "runs were");
        pm_say_own(&say, " not looked at on chain; one answer looks at ");
        pm_say_count(&say, PM_CHAIN_LOOK_MOST);
        pm_say_own(&say, " at most");
        pm_answer_note(answer, &say);
    }
}

static void note_missing(const struct pm_list *list, struct pm_answer *answer)
{
    size_t missing = list->listing.count - list->ordered.on_chain;
    struct pm_say say;
    if (list->chain.state == PM_CHAIN_LIST_WHOLE && list->chain.ask->cluster && missing) {
        pm_say_init(&say, list->call->arena);
        pm_say_counted(&say, missing, "run of the dashboard's list is",
                       "runs of the dashboard's list are");
        pm_say_own(&say, list->chain.unreadable
                             ? " not found on chain: closed since, of another program or cluster, "
                               "or among the accounts that cannot be used"
                             : " not on chain: closed since, or of another program or cluster");
        pm_answer_note(answer, &say);
    }
}

/* --- nodes --- */

struct slots {
    bool is_known;
    uint64_t oldest, newest;
};

static void widen(struct slots *slots, const struct pm_ask *ask)
{
    uint64_t slot;
    if (ask && !ask->is_stale && pm_ask_slot(ask, &slot)) {
        slots->oldest = !slots->is_known || slot < slots->oldest ? slot : slots->oldest;
        slots->newest = !slots->is_known || slot > slots->newest ? slot : slots->newest;
        slots->is_known = true;
    }
}

/* Accounts are read after the search that named them, and heads beside tails. */
static void note_slots(const struct pm_list *list, struct pm_answer *answer)
{
    const struct pm_chain_list *chain = &list->chain;
    struct slots search = {0}, looks = {0};
    struct pm_say say;
    widen(&search, chain->ask);
    for (size_t i = 0; i < chain->look_chunks; i++) {
        widen(&looks, chain->looks[i]->taken);
        widen(&looks, chain->looks[i]->tail_taken);
    }
    bool is_older = search.is_known && looks.is_known && search.newest > looks.newest;
    uint64_t newest = is_older ? search.newest : looks.newest;
    if (!looks.is_known || newest - looks.oldest <= SLOT_SLACK) {
        pm_frame_note_slots(list->call, answer);
        return;
    }
    pm_say_init(&say, list->call->arena);
    pm_say_own(&say, "the chain's answers go back from slot ");
    pm_say_count(&say, newest);
    pm_say_own(&say, " to slot ");
    pm_say_count(&say, looks.oldest);
    pm_say_own(&say, ": they may not fit together");
    pm_answer_note(answer, &say);
}

static void note_program(const struct pm_list *list, struct pm_answer *answer)
{
    if (list->nodes.is_contradicted) {
        pm_answer_note_own(answer, "the dashboard reads another program or cluster than the one "
                                   "that is set here: its runs are not those on chain");
    } else if (list->nodes.moves) {
        pm_answer_note_own(answer, "the chain was asked for the program and cluster that the "
                                   "dashboard names, which are not the usual ones");
    }
}

void pm_list_write_notes(const struct pm_list *list, struct pm_answer *answer)
{
    struct pm_call *call = list->call;
    note_tokens(list, answer);
    if (!list->has_key) {
        pm_answer_note_own(answer, "list changed since the first page");
    }
    pm_frame_note_limit(call, answer);
    note_unreadable_rows(list, answer);
    note_unreadable_accounts(list, answer);
    note_bad_accounts(list, answer);
    note_unanswered(list, answer);
    note_missing(list, answer);
    note_slots(list, answer);
    note_program(list, answer);
    const struct pm_run_info *newest = pm_listing_newest(&list->listing);
    pm_frame_note_clocks(call, answer, newest ? newest->last_update : (struct pm_moment){0});
    pm_frame_note_indexer(answer, list->runs && list->runs->indexer_fault);
}
