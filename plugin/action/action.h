/* action.h - the questions that can be asked, and the little world one call is.
 *
 * One row of PM_ACTIONS and one file is all an action is. It asks its sources through the call's
 * batch, waits, and writes facts into the answer; the rest (parsing, deadline, budget, JSON) is
 * done around it. */
#ifndef PM_ACTION_ACTION_H
#define PM_ACTION_ACTION_H

#include "answer/answer.h"
#include "source/dashboard.h"

/* The one list of actions: constant, name, bytes of a brief answer. AND stands between two rows. */
/* clang-format off */
#define PM_ACTIONS_BETWEEN(X, AND)                                                                 \
    X(LIST_RUNS, list_runs, 4800)                                                                  \
    AND X(RUN_DETAILS, run_details, 4800)                                                          \
    AND X(CHECKPOINTS, checkpoints, 4000)                                                          \
    AND X(POOL_STATUS, pool_status, 2400)                                                          \
    AND X(NETWORK_STATS, network_stats, 2400)                                                      \
    AND X(CONTRIBUTE, contribute, 4800)
/* clang-format on */
#define PM_ACTIONS(X) PM_ACTIONS_BETWEEN(X, )

/* Questions that are tools of their own, "psyche_" before the name: they have no argument "action". */
#define PM_OWN_TOOLS(X) X(WALLET, wallet, 4800)

enum pm_action {
#define PM_ACTION_ENUM(id, name, brief_bytes) PM_ACTION_##id,
    PM_ACTIONS(PM_ACTION_ENUM) PM_ACTION_COUNT,
    PM_ACTION_LAST = PM_ACTION_COUNT - 1,
    PM_OWN_TOOLS(PM_ACTION_ENUM)
#undef PM_ACTION_ENUM
        PM_ACTION_ALL_COUNT
};

/* None given means this one. */
#define PM_ACTION_DEFAULT PM_ACTION_NETWORK_STATS

#define PM_FULL_BYTES 8000
#define PM_LIMIT_DEFAULT 20
#define PM_LIMIT_MOST 50 /* for agents */
#define PM_LIMIT_MOST_PROGRAM 10000
#define PM_RUN_TEXT_MOST 400 /* bytes of run_id */
#define PM_ADDRESS_MOST                                                                            \
    100 /* bytes of address: more than any address has, so that it can be said */
#define PM_PAGE_MOST 600

struct pm_request {
    enum pm_action action;
    pm_str run_id;  /* empty when not given */
    pm_str address; /* of a wallet; the same */
    uint64_t limit; /* within bounds */
    bool has_limit; /* it was given */
    bool limit_was_clamped;
    bool is_full;
    pm_str page;                      /* empty when not given */
    size_t budget;                    /* bytes of the answer */
    struct pm_arguments as_arguments; /* the request again, for get_more and omitted */
};

struct pm_call {
    struct pm_arena *arena;
    const struct pm_settings *settings;
    const struct pm_request *request;
    int64_t now_ms; /* one moment for the whole answer */
    struct pm_batch batch;
    struct pm_guide *guide; /* the handle's; NULL: nothing of it is known */
    bool has_guide_note;    /* what is wrong with the references was said */
    struct pm_error error;
};

/* Fills `answer`; false with call->error set when there is nothing to answer with. */
typedef bool pm_action_fn(struct pm_call *call, struct pm_answer *answer);

struct pm_action_row {
    const char *name;
    pm_action_fn *run;
    size_t brief_bytes;
};

const struct pm_action_row *pm_action_row(enum pm_action action);

/* --- what actions share --- */

/* From this age on an active run is not called training: an abandoned run stays active for ever. */
#define PM_SILENT_AFTER_S 3600

/* Fails the call: nobody told `what` ("a list of runs"), because of how `ask` ended. */
bool pm_action_no_source(struct pm_call *call, const struct pm_ask *ask, const char *what);
/* The same where the chain was asked too; `chain` may be NULL. */
bool pm_action_no_source_of_both(struct pm_call *call, const struct pm_ask *ask,
                                 const struct pm_ask *chain, const char *what);
/* "the dashboard gave no usable answer (timeout: no whole answer within the time there was)"; of a
 * node's answer "the chain gave …" */
void pm_action_say_trouble(struct pm_say *say, const struct pm_ask *ask);
/* Says what is wrong with this document of the guide (NULL: nothing), once a call. */
void pm_action_guide_note(struct pm_call *call, struct pm_answer *answer,
                          const struct pm_document *document);
/* "30.6B of 1.83T"; one of the two may be unknown. */
void pm_action_say_tokens(struct pm_buf *buf, const struct pm_run_info *info);

/* The tool that answers it: "psyche_monitor" or "psyche_wallet". */
const char *pm_action_tool(enum pm_action action);

#define PM_ACTION_DECLARE(id, name, brief_bytes) pm_action_fn pm_action_##name;
PM_ACTIONS(PM_ACTION_DECLARE)
PM_OWN_TOOLS(PM_ACTION_DECLARE)
#undef PM_ACTION_DECLARE

#endif
