/* dashboard_fields.c - the small parts of which the dashboard's replies are made. */

#include "source/dashboard_fields.h"

#include "codec/tagged.h"

/* On chain an id is 32 bytes; those that are no UTF-8 reach us as a U+FFFD each, of three bytes. */
#define ID_BYTES_MOST (3 * PM_RUN_ID_MOST)

static const struct {
    pm_str word;
    enum pm_run_state state;
} states[] = {
    {PM_STR_INIT("active"), PM_RUN_ACTIVE},
    {PM_STR_INIT("waitingForMembers"), PM_RUN_WAITING},
    {PM_STR_INIT("paused"), PM_RUN_PAUSED},
    {PM_STR_INIT("completed"), PM_RUN_COMPLETED},
};

static struct pm_big read_amount(yyjson_val *value)
{
    static const struct pm_big unknown;
    struct pm_big amount = pm_tagged_big(value);
    return amount.is_negative ? unknown : amount;
}

struct pm_big pm_field_amount(yyjson_val *object, const char *name)
{
    return read_amount(pm_json_get(object, name));
}

bool pm_field_date(yyjson_val *object, const char *name, int64_t *ms)
{
    return pm_tagged_date(pm_json_get(object, name), ms);
}

static struct pm_moment read_moment(yyjson_val *value)
{
    struct pm_moment at = {0};
    at.has_slot = pm_big_to_u64(read_amount(pm_json_get(value, "slot")), &at.slot);
    at.has_time = pm_field_date(value, "time", &at.time_ms);
    return at;
}

struct pm_moment pm_field_moment(yyjson_val *object, const char *name)
{
    return read_moment(pm_json_get(object, name));
}

bool pm_field_has_id(yyjson_val *summary)
{
    pm_str id = pm_field_text(summary, "id");
    return id.len > 0 && id.len <= ID_BYTES_MOST;
}

/* ["paused" or "unpaused", moment] */
static bool read_pause(yyjson_val *entry, struct pm_pause *pause)
{
    pm_str word = pm_json_text(yyjson_arr_get(entry, 0));
    yyjson_val *at = yyjson_arr_get(entry, 1);
    bool is_pause = pm_str_equal(word, PM_STR("paused"));
    if (!yyjson_is_obj(at) || (!is_pause && !pm_str_equal(word, PM_STR("unpaused")))) {
        return false;
    }
    *pause = (struct pm_pause){is_pause, read_moment(at)};
    return true;
}

static void read_pauses(struct pm_arena *arena, yyjson_val *entries, struct pm_run_info *info)
{
    yyjson_val *entry;
    yyjson_arr_iter each = yyjson_arr_iter_with(entries);
    info->pauses = pm_arena_array(arena, yyjson_arr_size(entries), sizeof *info->pauses);
    while (info->pauses && (entry = yyjson_arr_iter_next(&each)) != NULL) {
        info->pause_count += read_pause(entry, &info->pauses[info->pause_count]);
    }
}

static void read_status(yyjson_val *status, struct pm_run_info *info)
{
    info->state = PM_RUN_OTHER;
    info->state_word = pm_field_text(status, "type");
    info->completed_at = pm_field_moment(status, "at");
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (pm_str_equal(info->state_word, states[i].word)) {
            info->state = states[i].state;
        }
    }
}

static void read_step(yyjson_val *step, struct pm_run_info *info)
{
    info->has_step = yyjson_is_obj(step);
    info->tokens_per_second = pm_field_amount(step, "lastTokensPerSecond");
    info->tokens_done = pm_field_amount(step, "tokensCompletedAtStartOfStep");
    info->step_started = pm_field_moment(step, "startedAt");
    info->step_ended = pm_field_moment(step, "endedAt");
}

void pm_field_info(struct pm_arena *arena, yyjson_val *summary, struct pm_run_info *info)
{
    yyjson_val *is_only = pm_json_get(summary, "isOnlyRunAtThisIndex");
    *info = (struct pm_run_info){
        .id = pm_field_text(summary, "id"),
        .name = pm_field_text(summary, "name"),
        .description = pm_field_text(summary, "description"),
        .arch = pm_field_text(summary, "arch"),
        .index = pm_field_count(summary, "index").value,
        .is_only_known = yyjson_is_bool(is_only),
        .is_only = yyjson_is_true(is_only),
        .last_update = pm_field_moment(summary, "lastUpdate"),
        .params = pm_field_amount(summary, "size"),
        .tokens_planned = pm_field_amount(summary, "totalTokens"),
    };
    if (pm_big_is_zero(info->params)) {
        info->params = (struct pm_big){0};
    }
    read_status(pm_json_get(summary, "status"), info);
    read_pauses(arena, pm_json_get(summary, "pauseHistory"), info);
    read_step(pm_json_get(summary, "trainingStep"), info);
}
