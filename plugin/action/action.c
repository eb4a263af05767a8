/* action.c - the table of questions, and what their files share. */

#include "action/action.h"

#include "action/derive.h"
#include "source/gcs.h"

#include <assert.h>

static const struct pm_action_row ROWS[] = {
#define PM_ACTION_ROW(id, name, brief_bytes)                                                       \
    [PM_ACTION_##id] = {#name, pm_action_##name, brief_bytes},
    PM_ACTIONS(PM_ACTION_ROW) PM_OWN_TOOLS(PM_ACTION_ROW)
#undef PM_ACTION_ROW
};

const struct pm_action_row *pm_action_row(enum pm_action action)
{
    assert(action < PM_ACTION_ALL_COUNT);
    return &ROWS[action];
}

const char *pm_action_tool(enum pm_action action)
{
    static const char *const tools[PM_ACTION_ALL_COUNT] = {
#define PM_ACTION_TOOL(id, name, brief_bytes) [PM_ACTION_##id] = ("psyche_" #name),
        PM_OWN_TOOLS(PM_ACTION_TOOL)
#undef PM_ACTION_TOOL
    };
    assert(action < PM_ACTION_ALL_COUNT);
    return tools[action] ? tools[action] : "psyche_monitor";
}

/* The outcome's own words may be the source's: they stand in `sources`, cleaned, and nowhere else.
 */
static const char *status_meaning(enum pm_status status)
{
    static const char *const meanings[] = {
#define PM_STATUS_MEANING(id, word, meaning) [PM_STATUS_##id] = (meaning),
        PM_STATUSES(PM_STATUS_MEANING)
#undef PM_STATUS_MEANING
    };
    assert(status < PM_STATUS_COUNT);
    return meanings[status];
}

bool pm_action_no_source(struct pm_call *call, const struct pm_ask *ask, const char *what)
{
    if (pm_batch_cancelled(&call->batch)) {
        return pm_fail(&call->error, PM_E_CANCELLED, "cancelled by the caller");
    }
    if (call->arena->failed) {
        return pm_fail(&call->error, PM_E_NO_MEMORY, "memory ran out before anything was asked");
    }
    return pm_fail(&call->error, PM_E_NO_SOURCE,
                   "no source gave %s; the dashboard's answer: %s (%s)", what,
                   pm_status_word(ask->outcome.status), status_meaning(ask->outcome.status));
}

bool pm_action_no_source_of_both(struct pm_call *call, const struct pm_ask *ask,
                                 const struct pm_ask *chain, const char *what)
{
    if (!chain || pm_batch_cancelled(&call->batch) || call->arena->failed) {
        return pm_action_no_source(call, ask, what);
    }
    return pm_fail(&call->error, PM_E_NO_SOURCE,
                   "no source gave %s; the dashboard's answer: %s (%s); the chain's: %s (%s)", what,
                   pm_status_word(ask->outcome.status), status_meaning(ask->outcome.status),
                   pm_status_word(chain->outcome.status), status_meaning(chain->outcome.status));
}

static const char *name_source(const struct pm_ask *ask)
{
    if (ask->kind->source == PM_SOURCE_BEST_EFFORT) {
        return pm_gcs_is_manifest(ask) ? "the bucket" : "the hub";
    }
    return ask->kind->source == PM_SOURCE_ON_CHAIN ? "the chain" : "the dashboard";
}

void pm_action_say_trouble(struct pm_say *say, const struct pm_ask *ask)
{
    pm_say_own(say, name_source(ask));
    pm_say_own(say, " gave no usable answer (");
    pm_say_own(say, pm_status_word(ask->outcome.status));
    pm_say_own(say, ": ");
    pm_say_own(say, status_meaning(ask->outcome.status));
    pm_say_own(say, ")");
}

/* A problem is made of our own words and the name of a file, which holds only letters and digits.
 */
void pm_action_guide_note(struct pm_call *call, struct pm_answer *answer,
                          const struct pm_document *document)
{
    struct pm_say say;
    if (!document || document->problem.len == 0 || call->has_guide_note) {
        return;
    }
    call->has_guide_note = true;
    pm_say_init(&say, call->arena);
    pm_say_own(&say, "references: ");
    pm_say_own(&say, pm_arena_cstr(call->arena, document->problem));
    pm_say_own(&say, document->is_built_in ? "; built-in copies are used" : "");
    pm_answer_note(answer, &say);
}

void pm_action_say_tokens(struct pm_buf *buf, const struct pm_run_info *info)
{
    pm_big_add_short(buf, pm_derive_done(info), 3, 2);
    pm_buf_add_c(buf, " of ");
    pm_big_add_short(buf, info->tokens_planned, 3, 2);
}
