/* failure.c - the answer to a call that has none.
 *
 * A model that gets no data fills the gap from memory unless it is told not to: `refusal` says
 * what must not be claimed. */

#include "answer/parts.h"

static const char nothing_looked_up[] = "Do not answer from memory: nothing was looked up.";

static const char no_source_answered[] =
    "Do not answer from memory, and do not say that a run, model or pool does not exist or is "
    "down: no source answered.";

static const char *const refusals[PM_CODE_COUNT] = {
    [PM_E_INTERNAL] = "Do not answer from memory: what was looked up is lost.",
    [PM_E_NO_MEMORY] = "Do not answer from memory: what was looked up is lost.",
    [PM_E_NO_SOURCE] = no_source_answered,
    [PM_E_CANCELLED] = "Do not answer from memory: the look-up was ended before its answer.",
};

static yyjson_mut_val *supported_value(struct pm_answer *answer, const struct pm_error *error)
{
    yyjson_mut_val *list = yyjson_mut_arr(answer->doc);
    for (size_t i = 0; error->supported && error->supported[i]; i++) {
        yyjson_mut_arr_append(list, pm_value_own(answer, error->supported[i]));
    }
    return list;
}

static void add_nearest(struct pm_answer *answer, const struct pm_error *error, const char *tool,
                        const struct pm_arguments *nearest)
{
    bool is_action = error->code == PM_E_UNKNOWN_ACTION;
    if (tool && nearest) {
        pm_answer_next(answer, tool, nearest,
                       is_action ? "the nearest action" : "a call that is answered");
    }
}

static yyjson_mut_val *failure_value(struct pm_answer *answer, const struct pm_error *error)
{
    const char *refusal = refusals[error->code];
    const struct pm_clean *said =
        pm_clean(answer->arena, PM_TEXT_DESCRIPTION, pm_str_from(error->text));
    yyjson_mut_val *root = yyjson_mut_obj(answer->doc);
    pm_value_set(answer, root, "success", yyjson_mut_false(answer->doc));
    pm_value_set(answer, root, "error", pm_value_text(answer, pm_clean_text(said)));
    pm_value_set(answer, root, "error_code", pm_value_own(answer, pm_code_name(error->code)));
    pm_value_set(answer, root, "retryable",
                 yyjson_mut_bool(answer->doc, pm_code_retryable(error->code)));
    pm_value_set(answer, root, "supported", supported_value(answer, error));
    pm_value_set(answer, root, "refusal",
                 pm_value_own(answer, refusal ? refusal : nothing_looked_up));
    if (yyjson_mut_arr_size(answer->sources)) {
        pm_value_set(answer, root, "sources", answer->sources);
    }
    pm_value_set(answer, root, "next", answer->next);
    return root;
}

pm_str pm_answer_failure(struct pm_arena *arena, const struct pm_error *error,
                         const struct pm_batch *batch, const char *nearest_tool,
                         const struct pm_arguments *nearest)
{
    struct pm_answer *answer = pm_answer_make(arena, "");
    if (!answer) {
        return PM_STR("");
    }
    if (batch) {
        pm_answer_sources(answer, batch);
    }
    add_nearest(answer, error, nearest_tool, nearest);
    return pm_write_value(answer, failure_value(answer, error));
}
