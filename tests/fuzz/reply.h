/* reply.h - bodies of the dashboard, decoded, and what holds for the facts in them. */
#ifndef PM_FUZZ_REPLY_H
#define PM_FUZZ_REPLY_H

#include "fuzz.h"

#include "base/date.h"
#include "source/dashboard.h"
#include "source/dashboard_inside.h"

struct reply {
    struct pm_arena arena;
    struct pm_body body;
    struct pm_outcome outcome;
    const void *facts;
};

/* The body in a block of exactly its size, `before` and `after` put around it. */
static inline void reply_fill(struct reply *reply, pm_str before, pm_str text, pm_str after)
{
    size_t len = before.len + text.len + after.len;
    reply->body = (struct pm_body){
        .ptr = malloc(len + PM_JSON_PADDING), .len = len, .headers = &pm_no_headers};
    char *bytes = reply->body.ptr;
    if (!bytes) {
        abort();
    }
    memcpy(bytes, before.ptr, before.len);
    memcpy(bytes + before.len, text.ptr, text.len);
    memcpy(bytes + before.len + text.len, after.ptr, after.len);
    memset(bytes + len, 'x', PM_JSON_PADDING);
}

static inline void reply_judge(const struct reply *reply)
{
    const struct pm_outcome *outcome = &reply->outcome;
    const char *end = memchr(outcome->problem, '\0', sizeof outcome->problem);
    HOLDS(end != NULL);
    HOLDS((reply->facts != NULL) == (outcome->status == PM_STATUS_OK));
    HOLDS(outcome->status == PM_STATUS_OK || outcome->status == PM_STATUS_NOT_JSON ||
          outcome->status == PM_STATUS_BAD_REPLY || outcome->status == PM_STATUS_TOO_LARGE);
    HOLDS(reply->facts || end > outcome->problem);
}

static inline void reply_decode(struct reply *reply, const struct pm_kind *kind, size_t ceiling)
{
    struct pm_arena scratch;
    reply->outcome = (struct pm_outcome){.status = PM_STATUS_OK};
    pm_arena_init(&reply->arena, ceiling);
    pm_arena_init(&scratch, ceiling);
    reply->facts = kind->decode(&reply->arena, &scratch, &reply->body, &reply->outcome);
    pm_arena_finish(&scratch); /* facts must stand without it */
    reply_judge(reply);
}

static inline void reply_finish(struct reply *reply)
{
    pm_arena_finish(&reply->arena);
    free(reply->body.ptr);
}

typedef void reply_look_fn(struct fuzz_digest *digest, const void *facts);

/* The digest of what a body says; 0 when it was refused. */
static inline uint64_t reply_digest(const struct pm_kind *kind, reply_look_fn *look, pm_str before,
                                    pm_str text, pm_str after, size_t ceiling)
{
    struct reply reply;
    struct fuzz_digest digest = {1};
    reply_fill(&reply, before, text, after);
    reply_decode(&reply, kind, ceiling);
    if (reply.facts) {
        look(&digest, reply.facts);
    }
    uint64_t sum = reply.facts ? digest.sum : 0;
    reply_finish(&reply);
    return sum;
}

/* What holds for every kind: white space and a byte order mark around a body mean nothing, and with
 * little memory it is refused or says the same. */
static inline void reply_check(const struct pm_kind *kind, reply_look_fn *look, pm_str text)
{
    const pm_str none = PM_STR(""), mark = PM_STR("\xEF\xBB\xBF");
    uint64_t sum = reply_digest(kind, look, none, text, none, FUZZ_ARENA_BYTES);
    HOLDS(sum ==
              reply_digest(kind, look, PM_STR("\r\n\t "), text, PM_STR(" \n"), FUZZ_ARENA_BYTES) ||
          pm_str_starts(text, mark));
    for (size_t ceiling = 64; ceiling <= 65536; ceiling *= 8) {
        uint64_t tight = reply_digest(kind, look, none, text, none, ceiling);
        HOLDS(tight == sum || tight == 0);
    }
}

/* --- facts --- */

static inline void look_text(struct fuzz_digest *digest, pm_str text)
{
    HOLDS(text.ptr != NULL);
    fuzz_add_text(digest, text);
}

static inline void look_amount(struct fuzz_digest *digest, struct pm_big amount)
{
    HOLDS(!amount.is_negative);
    for (size_t i = 0; i < PM_BIG_LIMBS && amount.is_known; i++) {
        HOLDS(amount.limbs[i] < 1000000000);
        fuzz_add_u64(digest, amount.limbs[i]);
    }
    fuzz_add_u64(digest, amount.is_known);
}

static inline void look_ms(struct fuzz_digest *digest, bool is_known, int64_t ms)
{
    HOLDS(!is_known || (ms >= -PM_DATE_LIMIT_MS && ms <= PM_DATE_LIMIT_MS));
    fuzz_add_u64(digest, is_known ? (uint64_t)ms : 1);
}

static inline void look_moment(struct fuzz_digest *digest, struct pm_moment at)
{
    look_ms(digest, at.has_time, at.time_ms);
    fuzz_add_u64(digest, at.has_slot ? at.slot : 1);
}

static inline void look_count(struct fuzz_digest *digest, struct pm_count count)
{
    HOLDS(!count.is_known || count.value <= UINT64_C(9007199254740992));
    fuzz_add_u64(digest, count.is_known ? count.value : UINT64_MAX);
}

static inline void look_number(struct fuzz_digest *digest, struct pm_number number)
{
    HOLDS(!number.is_known || (number.value - number.value == 0)); /* finite */
    if (number.is_known) {
        fuzz_add(digest, &number.value, sizeof number.value);
    }
    fuzz_add_u64(digest, number.is_known);
}

static inline void look_info(struct fuzz_digest *digest, const struct pm_run_info *info)
{
    HOLDS(info->id.len > 0 && info->id.len <= 3 * PM_RUN_ID_MOST);
    look_text(digest, info->id);
    look_text(digest, info->name);
    look_text(digest, info->description);
    look_text(digest, info->arch);
    look_text(digest, info->state_word);
    HOLDS(info->state <= PM_RUN_OTHER && (info->is_only_known || !info->is_only));
    fuzz_add_u64(digest, info->index);
    fuzz_add_u64(digest, info->state);
    look_moment(digest, info->completed_at);
    look_moment(digest, info->last_update);
    HOLDS(info->pauses || info->pause_count == 0);
    for (size_t i = 0; i < info->pause_count; i++) {
        fuzz_add_u64(digest, info->pauses[i].is_pause);
        look_moment(digest, info->pauses[i].at);
    }
    HOLDS(!info->params.is_known || !pm_big_is_zero(info->params));
    look_amount(digest, info->params);
    look_amount(digest, info->tokens_planned);
    look_amount(digest, info->tokens_per_second);
    look_amount(digest, info->tokens_done);
    look_moment(digest, info->step_started);
    look_moment(digest, info->step_ended);
}

#endif
