/* fuzz_request.c - requests: what is taken is within its bounds, and says the same when repeated.
 */

#include "fuzz.h"

#include "answer/parts.h"
#include "api/request.h"

static void check_refusal(const struct pm_error *error)
{
    HOLDS(error->is_set && error->text[0] && memchr(error->text, '\0', sizeof error->text));
    HOLDS(error->code == PM_E_BAD_REQUEST || error->code == PM_E_UNKNOWN_ACTION);
}

static void check_bounds(const struct pm_envelope *envelope)
{
    const struct pm_request *request = &envelope->request;
    HOLDS(envelope->timeout_ms <= 600000 && envelope->call_id.len <= PM_CALL_ID_MOST);
    HOLDS(fuzz_is_utf8(envelope->call_id));
    if (envelope->tool != PM_TOOL_MONITOR) {
        HOLDS(envelope->tool == PM_TOOL_INFO);
        return;
    }
    HOLDS(request->action < PM_ACTION_ALL_COUNT);
    HOLDS(request->limit >= 1 && request->limit <= PM_LIMIT_MOST_PROGRAM);
    HOLDS(request->run_id.len <= PM_RUN_TEXT_MOST && fuzz_is_utf8(request->run_id));
    HOLDS(request->page.len <= PM_PAGE_MOST && fuzz_is_utf8(request->page));
    HOLDS(request->budget >= 1500 && request->budget <= (size_t)4 << 20);
}

/* What get_more and omitted say is a request that means the same. */
static void check_repeat(struct pm_arena *arena, const struct pm_request *request)
{
    struct pm_envelope again;
    struct pm_error error = {0};
    struct pm_answer *answer = pm_answer_make(arena, "list_runs");
    HOLDS(answer != NULL);
    pm_str text = pm_write_value(answer, pm_call_value(answer, &request->as_arguments));
    HOLDS(text.len > 0);
    bool is_read = pm_request_read(arena, text, &again, &error);
    /* Escapes make a run_id longer, and a program may ask for more rows than an agent. */
    pm_str shown = pm_clean_text(pm_clean(arena, PM_TEXT_ID, pm_unclean(arena, request->run_id)));
    HOLDS(is_read || shown.len > PM_RUN_TEXT_MOST);
    if (is_read) {
        HOLDS(again.request.action == request->action && again.request.is_full == request->is_full);
        HOLDS(again.request.limit == request->limit || again.request.limit_was_clamped);
        HOLDS(pm_str_equal(pm_unclean(arena, again.request.run_id),
                           pm_unclean(arena, request->run_id)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pm_arena arena;
    struct pm_envelope envelope;
    struct pm_error error = {0};
    pm_arena_init(&arena, FUZZ_ARENA_BYTES * 2);
    if (pm_request_read(&arena, fuzz_text(data, size), &envelope, &error)) {
        HOLDS(!error.is_set);
        check_bounds(&envelope);
        if (envelope.tool == PM_TOOL_MONITOR) {
            check_repeat(&arena, &envelope.request);
        }
    } else {
        check_refusal(&error);
    }
    pm_arena_finish(&arena);
    return 0;
}
