/* frame.c - what stands around the facts of any answer. */

#include "action/frame.h"

static bool is_part(pm_str page, const char *name)
{
    pm_str rest = pm_str_tail(page, 2), part = pm_str_from(name);
    if (!pm_str_starts(page, PM_STR("g.")) || !pm_str_starts(rest, part)) {
        return false;
    }
    return rest.len == part.len || rest.ptr[part.len] == '.';
}

bool pm_frame_read_part(struct pm_call *call, struct pm_answer *answer, const char *const *parts)
{
    pm_str page = call->request->page;
    bool is_ours = page.len == 0;
    for (size_t i = 0; parts[i]; i++) {
        is_ours = is_ours || is_part(page, parts[i]);
    }
    if (!is_ours || (page.len && !pm_answer_only_page(answer, page))) {
        return pm_fail(&call->error, PM_E_BAD_REQUEST,
                       "page is not one of %s; copy it from get_more or omitted of its answer",
                       pm_action_row(call->request->action)->name);
    }
    return true;
}

void pm_frame_agree(struct pm_call *call, struct pm_answer *answer,
                    const struct pm_agreement *agreement)
{
    struct pm_group *group = pm_answer_verdict(answer, "agreement");
    pm_put_own(group, "verdict", agreement->verdict);
    pm_put_own(group, "trust", pm_source_label(agreement->trust));
    pm_put_own(group, "why", pm_arena_cstr(call->arena, pm_buf_text(&agreement->why.buf)));
}

void pm_frame_agree_single(struct pm_call *call, struct pm_answer *answer, enum pm_source trust,
                           const struct pm_ask *silent)
{
    bool is_tracked = trust == PM_SOURCE_TRACKED;
    struct pm_agreement agreement = {.verdict = "single", .trust = trust};
    pm_say_init(&agreement.why, call->arena);
    if (silent) {
        pm_action_say_trouble(&agreement.why, silent);
    } else if (is_tracked && call->settings->is_rpc_off) {
        pm_say_own(&agreement.why,
                   "only the dashboard was asked: asking the chain is switched off (rpc.off)");
    } else {
        pm_say_own(&agreement.why,
                   is_tracked ? "only the dashboard tells this" : "only the chain tells this");
    }
    pm_frame_agree(call, answer, &agreement);
}

void pm_frame_say_stale(struct pm_call *call, struct pm_say *say, const struct pm_ask *ask)
{
    const struct pm_origin *origin = ask->facts ? pm_origin_of(&call->batch, ask) : NULL;
    if (ask->is_stale && origin) {
        pm_say_own(say, " These facts are ");
        pm_say_span(say, pm_origin_age_s(origin));
        pm_say_own(say, " old: ");
        pm_action_say_trouble(say, ask);
        pm_say_own(say, ".");
    }
}

void pm_frame_note_slot_back(struct pm_call *call, struct pm_answer *answer, uint64_t before,
                             uint64_t now)
{
    struct pm_say say;
    pm_say_init(&say, call->arena);
    pm_say_own(&say, "slot_went_back: the chain's node first answered of slot ");
    pm_say_count(&say, before);
    pm_say_own(&say, ", later of slot ");
    pm_say_count(&say, now);
    pm_say_own(&say, ": what it says now is older than what it said before");
    pm_answer_note(answer, &say);
}

void pm_frame_note_slots(struct pm_call *call, struct pm_answer *answer)
{
    uint64_t before, now, worst_before = 0, worst_now = 0;
    for (size_t i = 0; i < call->batch.count; i++) {
        const struct pm_ask *ask = call->batch.asks[i];
        if (pm_ask_slot(ask, &now) && pm_batch_slot_before(&call->batch, ask, &before) &&
            now < before && before - now > worst_before - worst_now) {
            worst_before = before;
            worst_now = now;
        }
    }
    if (worst_before > worst_now) {
        pm_frame_note_slot_back(call, answer, worst_before, worst_now);
    }
}

void pm_frame_note_limit(struct pm_call *call, struct pm_answer *answer)
{
    uint64_t limit = call->request->limit;
    struct pm_say say;
    if (!call->request->limit_was_clamped) {
        return;
    }
    pm_say_init(&say, call->arena);
    pm_say_own(&say, "limit is 1 to ");
    pm_say_count(&say, limit > PM_LIMIT_MOST ? PM_LIMIT_MOST_PROGRAM : PM_LIMIT_MOST);
    pm_say_own(&say, "; ");
    pm_say_count(&say, limit);
    pm_say_own(&say, " was used");
    pm_answer_note(answer, &say);
}

static int64_t ahead_s(const struct pm_call *call, struct pm_moment newest)
{
    int64_t ahead_ms;
    if (!newest.has_time || __builtin_sub_overflow(newest.time_ms, call->now_ms, &ahead_ms)) {
        return 0;
    }
    return ahead_ms / 1000;
}

bool pm_frame_is_ahead(const struct pm_call *call, struct pm_moment newest)
{
    return ahead_s(call, newest) >= PM_CLOCK_SLACK_S;
}

void pm_frame_note_clocks(struct pm_call *call, struct pm_answer *answer, struct pm_moment newest)
{
    struct pm_say say;
    if (!pm_frame_is_ahead(call, newest)) {
        return;
    }
    pm_say_init(&say, call->arena);
    pm_say_own(&say, "clocks disagree: by the clock here the newest change is ");
    pm_say_span(&say, ahead_s(call, newest));
    pm_say_own(&say, " in the future, so ages, idle times and estimates are not to be trusted");
    pm_answer_note(answer, &say);
}

void pm_frame_note_indexer(struct pm_answer *answer, bool indexer_fault)
{
    if (indexer_fault) {
        pm_answer_note_own(answer,
                           "the dashboard says that its indexer stopped: its facts may be old");
    }
}
