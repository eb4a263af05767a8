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

static bool is_question(const struct pm_envelope *envelope)
{
    return envelope->tool == PM_TOOL_MONITOR || envelope->tool == PM_TOOL_WALLET;
}

static void check_bounds(const struct pm_envelope *envelope)
{
    const struct pm_request *request = &envelope->request;
    HOLDS(envelope->timeout_ms <= 600000 && envelope->call_id.len <= PM_CALL_ID_MOST);
    HOLDS(fuzz_is_utf8(envelope->call_id));
    if (!is_question(envelope)) {
        HOLDS(envelope->tool == PM_TOOL_INFO || envelope->tool == PM_TOOL_DOCTOR);
        return;
    }
    HOLDS(request->action < PM_ACTION_ALL_COUNT);
    HOLDS(request->address.len <= PM_ADDRESS_MOST && fuzz_is_utf8(request->address));
    HOLDS(envelope->tool == PM_TOOL_WALLET || request->address.len == 0);
    HOLDS(request->limit >= 1 && request->limit <= PM_LIMIT_MOST_PROGRAM);
    HOLDS(request->run_id.len <= PM_RUN_TEXT_MOST && fuzz_is_utf8(request->run_id));
    HOLDS(request->page.len <= PM_PAGE_MOST && fuzz_is_utf8(request->page));
    HOLDS(request->budget >= 1500 && request->budget <= (size_t)4 << 20);
}

static bool reads_back(struct pm_arena *arena, const struct pm_envelope *envelope,
                       struct pm_envelope *again)
{
    struct pm_error error = {0};
    struct pm_buf text;
    struct pm_answer *answer = pm_answer_make(arena, "list_runs");
    HOLDS(answer != NULL);
    pm_str arguments =
        pm_write_value(answer, pm_call_value(answer, &envelope->request.as_arguments));
    HOLDS(arguments.len > 0);
    pm_buf_init(&text, arena, PM_REQUEST_BYTES_MOST);
    if (envelope->tool == PM_TOOL_WALLET) {
        pm_buf_add_c(&text, "{\"tool\":\"psyche_wallet\",\"arguments\":");
        pm_buf_add(&text, arguments);
        pm_buf_add_char(&text, '}');
        arguments = pm_buf_text(&text);
    }
    return pm_request_read(arena, arguments, again, &error) && again->tool == envelope->tool;
}

static size_t shown_len(struct pm_arena *arena, pm_str text)
{
    return pm_clean_text(pm_clean(arena, PM_TEXT_ID, text)).len;
}

/* What get_more and omitted say is a request that means the same. */
static void check_repeat(struct pm_arena *arena, const struct pm_envelope *envelope)
{
    const struct pm_request *request = &envelope->request;
    struct pm_envelope again;
    bool is_read = reads_back(arena, envelope, &again);
    /* Escapes make a text longer, and a program may ask for more rows than an agent. */
    HOLDS(is_read || shown_len(arena, pm_unclean(arena, request->run_id)) > PM_RUN_TEXT_MOST ||
          shown_len(arena, request->address) > PM_ADDRESS_MOST);
    if (is_read) {
        HOLDS(again.request.action == request->action && again.request.is_full == request->is_full);
        HOLDS(again.request.limit == request->limit || again.request.limit_was_clamped);
        HOLDS(pm_str_equal(pm_unclean(arena, again.request.run_id),
                           pm_unclean(arena, request->run_id)));
        /* No address has a character that is shown otherwise, so none is read back as shown. */
        HOLDS(pm_str_equal(pm_unclean(arena, again.request.address), request->address));
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
        if (is_question(&envelope)) {
            check_repeat(&arena, &envelope);
        }
    } else {
        check_refusal(&error);
    }
    pm_arena_finish(&arena);
    return 0;
}
