/* body.c - the first steps from a body to facts, the same for every source. */

#include "source/body.h"

#define WORDS_MOST 180 /* bytes; a problem holds 240 */

bool pm_body_is_page(const struct pm_body *body)
{
    const pm_str byte_order_mark = PM_STR("\xEF\xBB\xBF");
    pm_str text = {body->ptr, body->len};
    text = pm_str_tail(text, pm_str_starts(text, byte_order_mark) ? byte_order_mark.len : 0);
    return pm_str_starts(pm_str_trim(text), PM_STR("<"));
}

void pm_body_note_problem(const struct pm_json_problem *problem, struct pm_outcome *outcome)
{
    switch (problem->fault) {
    case PM_JSON_NO_MEMORY:
        pm_outcome_set(outcome, PM_STATUS_TOO_LARGE, "more than can be held while reading it");
        break;
    case PM_JSON_TOO_DEEP:
        pm_outcome_set(outcome, PM_STATUS_BAD_REPLY, "nested deeper than %d levels, at byte %zu",
                       PM_JSON_MAX_DEPTH, problem->at);
        break;
    case PM_JSON_OK:
    case PM_JSON_BAD:
        pm_outcome_set(outcome, PM_STATUS_NOT_JSON, "not JSON at byte %zu: %s", problem->at,
                       problem->text);
        break;
    }
}

yyjson_val *pm_body_read(struct pm_arena *scratch, struct pm_body *body, struct pm_outcome *outcome)
{
    struct pm_json_problem problem;
    yyjson_val *root = pm_json_read(scratch, body->ptr, body->len, &problem);
    if (!root) {
        pm_body_note_problem(&problem, outcome);
    }
    return root;
}

void *pm_body_finish(const struct pm_arena *arena, void *facts, struct pm_outcome *outcome)
{
    if (!facts || arena->failed) {
        pm_outcome_set(outcome, PM_STATUS_TOO_LARGE, "more than can be held while reading it");
        return NULL;
    }
    return facts;
}

pm_str pm_body_words(pm_str words)
{
    if (words.len > WORDS_MOST) {
        words.len = WORDS_MOST;
        while (words.len > 0 && ((unsigned char)words.ptr[words.len] & 0xC0) == 0x80) {
            words.len--;
        }
    }
    return words;
}
