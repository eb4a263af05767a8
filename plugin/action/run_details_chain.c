/* run_details_chain.c - the group of facts that are decoded from a run's accounts. */

#include "action/run_details_chain.h"

#include "action/declared.h"
#include "base/date.h"

#define SECONDS_MOST ((uint64_t)PM_DATE_LIMIT_MS / 1000)

/* --- values --- */

void pm_chain_details_put_key(struct pm_call *call, struct pm_group *group, const char *name,
                              const struct pm_key *key)
{
    struct pm_buf buf;
    pm_buf_init(&buf, call->arena, PM_KEY_TEXT_MOST + 1);
    pm_key_add(&buf, key);
    pm_put_own(group, name, pm_arena_cstr(call->arena, pm_buf_text(&buf)));
}

void pm_chain_details_put_moment(struct pm_group *group, const char *name, uint64_t seconds)
{
    if (seconds > 0 && seconds <= SECONDS_MOST) {
        pm_put_date(group, name, (int64_t)seconds * 1000);
    }
}

void pm_chain_details_put_fixed(struct pm_call *call, struct pm_group *group, const char *name,
                                enum pm_text_use use, struct pm_fixed text)
{
    if (text.shown.len) {
        pm_put_text(group, name, pm_clean(call->arena, use, text.shown));
    }
}

static void put_big(struct pm_group *group, const char *name, uint64_t value)
{
    pm_put_big(group, name, pm_big_from_u64(value));
}

/* --- where it stands --- */

static void write_place(struct pm_call *call, struct pm_group *group,
                        const struct pm_coordinator *state)
{
    const struct pm_coordinator_round *round = pm_coordinator_current_round(state);
    const struct pm_coordinator_tail *tail = &state->tail;
    bool is_full = pm_details_is_full(call);
    pm_put_text(group, "phase",
                pm_clean(call->arena, PM_TEXT_OTHER, pm_chain_state_word(state->head.state)));
    if (is_full) {
        pm_chain_details_put_moment(group, "phase_started_at", tail->state_started_at);
    }
    pm_put_count(group, "epoch", state->head.epoch);
    pm_put_count(group, "step", state->head.step);
    if (round) {
        pm_put_count(group, "round", round->height);
    }
    pm_chain_details_put_moment(group, "epoch_started_at", tail->epoch_started_at);
    if (is_full || tail->pending_pause) {
        pm_put_flag(group, "pending_pause", tail->pending_pause != 0);
    }
}

/* What the dashboard tells as well stands here in a full answer, or when it tells nothing. */
static void write_identity(struct pm_call *call, struct pm_group *group,
                           const struct pm_coordinator_head *head)
{
    pm_chain_details_put_fixed(call, group, "name", PM_TEXT_NAME, head->name);
    pm_chain_details_put_fixed(call, group, "description", PM_TEXT_DESCRIPTION, head->description);
    if (head->parameters) {
        put_big(group, "params", head->parameters);
    }
    pm_put_text(
        group, "arch",
        pm_clean(call->arena, PM_TEXT_OTHER, pm_chain_architecture_word(head->model.architecture)));
}

static void write_tokens(struct pm_group *group, const struct pm_coordinator *state)
{
    struct pm_coordinator_plan plan = pm_coordinator_plan(&state->head);
    struct pm_big done = pm_coordinator_tokens_done(state);
    struct pm_group *tokens = pm_group_sub(group, "tokens");
    double planned = pm_big_to_double(plan.tokens);
    pm_put_big(tokens, "done", done);
    pm_put_big(tokens, "planned", plan.tokens);
    if (plan.is_about) {
        pm_put_flag(tokens, "planned_is_about", true);
    }
    if (planned > 0) {
        pm_put_float(tokens, "percent", 100 * pm_big_to_double(done) / planned);
    }
}

/* The number that marks who takes part in the next epoch, and the largest that anybody has. */
static void write_active(struct pm_group *clients, const struct pm_coordinator_tail *tail,
                         const struct pm_coordinator_sums *sums)
{
    put_big(clients, "next_active", tail->next_active);
    if (sums->has_max_active) {
        put_big(clients, "max_active", sums->max_active);
    }
}

static void write_clients(struct pm_call *call, struct pm_group *group,
                          const struct pm_coordinator *state, bool is_alone)
{
    struct pm_coordinator_sums sums = pm_coordinator_sum(&state->tail);
    bool is_waiting = state->head.state == PM_CHAIN_STATE_WAITING_FOR_MEMBERS;
    bool is_full = pm_details_is_full(call);
    struct pm_group *clients = pm_group_sub(group, "clients");
    pm_put_count(clients, "in_epoch", state->tail.client_count);
    pm_put_count(clients, "joined", state->tail.member_count);
    if (is_full || is_waiting || is_alone) {
        pm_put_count(clients, "next_epoch", sums.next_epoch_clients);
    }
    pm_put_count(clients, "exited", state->tail.exited_count);
    if (is_full || is_alone) {
        pm_put_count(clients, "min_to_begin", state->head.config.init_min_clients);
        pm_put_count(clients, "min", state->head.config.min_clients);
    }
    if (is_full) {
        write_active(clients, &state->tail, &sums);
    }
}

static void write_checkpoint(struct pm_call *call, struct pm_group *group,
                             const struct pm_coordinator_checkpoint *on_chain)
{
    struct pm_checkpoint checkpoint = pm_declared_on_chain(on_chain);
    struct pm_group *sub = pm_group_sub(group, "checkpoint");
    if (checkpoint.kind == PM_CHECKPOINT_NONE) {
        pm_put_text(sub, "kind",
                    pm_clean(call->arena, PM_TEXT_OTHER, pm_chain_checkpoint_word(on_chain->kind)));
        return;
    }
    pm_declared_put(call->arena, sub, &checkpoint);
}

static void write_joining(struct pm_call *call, struct pm_group *group,
                          const struct pm_chain_run *run)
{
    static const char *const words[] = {
        [PM_JOINING_UNKNOWN] = "unknown",
        [PM_JOINING_OPEN] = "everybody",
        [PM_JOINING_AUTHORIZED] = "holders of an authorization",
    };
    struct pm_group *joining = pm_group_sub(group, "joining");
    pm_put_own(joining, "open_to", words[run->joining]);
    pm_chain_details_put_key(call, joining, "join_authority", &run->instance.join_authority);
    pm_chain_details_put_key(call, joining, "main_authority", &run->instance.main_authority);
}

/* --- the whole --- */

static void write_state(struct pm_call *call, struct pm_group *group,
                        const struct pm_coordinator *state, bool is_alone)
{
    bool is_full = pm_details_is_full(call);
    const struct pm_coordinator_head *head = &state->head;
    write_place(call, group, state);
    if (is_full || is_alone) {
        write_identity(call, group, head);
    }
    if (head->vocab_size) {
        put_big(group, "vocab", head->vocab_size);
    }
    if (is_full || is_alone) {
        write_tokens(group, state);
    }
    write_clients(call, group, state, is_alone);
    pm_chain_details_write_data(call, group, &head->model);
    write_checkpoint(call, group, &head->model.checkpoint);
    if (is_full || is_alone) {
        pm_chain_details_write_config(call, group, head);
    }
}

static void write_end(struct pm_call *call, struct pm_group *group,
                      const struct pm_coordinator *state)
{
    pm_chain_details_put_fixed(call, group, "client_version", PM_TEXT_OTHER,
                               state->tail.client_version);
    put_big(group, "nonce", state->tail.nonce);
    pm_chain_details_write_lists(call, group, state);
}

static uint64_t changed_at(const struct pm_coordinator_tail *tail)
{
    return tail->state_started_at > tail->epoch_started_at ? tail->state_started_at
                                                           : tail->epoch_started_at;
}

void pm_chain_details_write(struct pm_call *call, struct pm_answer *answer,
                            const struct pm_view *view)
{
    const struct pm_chain_run *run = view->chain;
    const struct pm_coordinator *state = pm_view_coordinator(view);
    if (!run) {
        return;
    }
    struct pm_group *group =
        pm_group_open(answer, "on_chain", pm_origin_of(&call->batch, run->ask));
    if (state) {
        pm_chain_details_put_moment(group, "changed_at", changed_at(&state->tail));
    }
    pm_chain_details_put_key(call, group, "account", &run->instance.coordinator_account);
    if (pm_details_is_full(call)) {
        pm_chain_details_put_key(call, group, "instance", &run->instance_key);
    }
    if (state) {
        write_state(call, group, state, view->info == NULL);
    }
    write_joining(call, group, run);
    pm_chain_details_write_rewards(call, group, run);
    if (state && pm_details_is_full(call)) {
        write_end(call, group, state);
    }
}
