/* dump_derived.h - what Psyche's run-manager makes of a coordinator account, for dump_account. */
#ifndef PM_TESTS_DUMP_DERIVED_H
#define PM_TESTS_DUMP_DERIVED_H

#include "chain/coordinator_derive.h"

#include "dump_coordinator.h"

static value *make_shown(const struct dump *dump, struct pm_fixed fixed)
{
    return make_lossy(dump, fixed.shown);
}

static value *make_checkpoint_shown(const struct dump *dump, const struct pm_coordinator *run)
{
    struct pm_buf buf;
    pm_buf_init(&buf, dump->arena, 4096);
    pm_coordinator_add_checkpoint(&buf, &run->head.model.checkpoint);
    return make_text_of(dump, &buf);
}

static value *make_predicates(const struct dump *dump, const struct pm_coordinator *run)
{
    value *object = new_object(dump);
    struct pm_coordinator_sums sums = pm_coordinator_sum(&run->tail);
    put_bool(dump, object, "active", pm_chain_state_is_active(run->head.state));
    put_u64(dump, object, "active_clients_next_epoch", sums.next_epoch_clients);
    put(dump, object, "checkpoint_display", make_checkpoint_shown(dump, run));
    put(dump, object, "client_version_display", make_shown(dump, run->tail.client_version));
    put(dump, object, "description_display", make_shown(dump, run->head.description));
    put_bool(dump, object, "halted", pm_chain_state_is_halted(run->head.state));
    put(dump, object, "name_display", make_shown(dump, run->head.name));
    put_bool(dump, object, "pending_pause", run->tail.pending_pause != 0);
    put(dump, object, "run_id_display", make_shown(dump, run->head.run_id));
    return object;
}

/* Clients by the first four bytes of their keys: the last of several with the same wins. */
static void put_client(const struct dump *dump, value *object,
                       const struct pm_coordinator_identity *id, value *member)
{
    pm_str start = {(const char *)id->signer.bytes, 4};
    yyjson_mut_obj_put(object, make_hex(dump, start), member);
}

static value *make_states(const struct dump *dump, const struct pm_coordinator_client *clients,
                          size_t count)
{
    value *object = new_object(dump);
    for (size_t i = 0; i < count; i++) {
        put_client(dump, object, &clients[i].id,
                   make_text(dump, pm_chain_client_state_word(clients[i].state)));
    }
    return object;
}

static value *make_members_by_key(const struct dump *dump, const struct pm_coordinator_tail *tail)
{
    value *object = new_object(dump);
    for (size_t i = 0; i < tail->member_count; i++) {
        const struct pm_coordinator_member *member = &tail->members[i];
        value *points = new_object(dump);
        put_u64(dump, points, "active", member->active);
        put_u64(dump, points, "earned", member->earned);
        put_u64(dump, points, "slashed", member->slashed);
        put_client(dump, object, &member->id, points);
    }
    return object;
}

static value *make_rate_pair(const struct dump *dump, const struct pm_coordinator_rates *rates)
{
    value *object = new_object(dump);
    put_u64(dump, object, "earning", rates->earning_total);
    put_u64(dump, object, "slashing", rates->slashing_per_client);
    return object;
}

static value *make_epoch_clients(const struct dump *dump, const struct pm_coordinator *run)
{
    const struct pm_coordinator_tail *tail = &run->tail;
    value *object = new_object(dump), *clients = new_object(dump), *rates = new_object(dump);
    put(dump, clients, "alive", make_states(dump, run->clients, tail->client_count));
    put(dump, clients, "exited", make_states(dump, tail->exited, tail->exited_count));
    put(dump, rates, "current", make_rate_pair(dump, &tail->current_rates));
    put(dump, rates, "future", make_rate_pair(dump, &tail->future_rates));
    put(dump, object, "clients", clients);
    put(dump, object, "rates", rates);
    return object;
}

static value *make_big(const struct dump *dump, struct pm_big big)
{
    struct pm_buf buf;
    pm_buf_init(&buf, dump->arena, 128);
    pm_big_add_text(&buf, big);
    return make_text_of(dump, &buf);
}

static value *make_accounting(const struct dump *dump, const struct pm_coordinator_tail *tail)
{
    value *object = new_object(dump);
    struct pm_coordinator_sums sums = pm_coordinator_sum(tail);
    put(dump, object, "max_active",
        sums.has_max_active ? make_u64(dump, sums.max_active) : yyjson_mut_null(dump->doc));
    put(dump, object, "sum_earned", make_big(dump, sums.earned));
    put(dump, object, "sum_slashed", make_big(dump, sums.slashed));
    return object;
}

static value *make_run_dump(const struct dump *dump, const struct pm_coordinator *run)
{
    value *object = new_object(dump), *setup = new_object(dump), *status = new_object(dump);
    put_fixed(dump, setup, "client_version", run->tail.client_version);
    put(dump, setup, "config", make_config(dump, &run->head.config));
    put(dump, setup, "metadata", make_metadata(dump, &run->head));
    put(dump, setup, "model", make_model(dump, &run->head.model));
    put_u64(dump, status, "epoch", run->head.epoch);
    put_u64(dump, status, "next_active", run->tail.next_active);
    put(dump, status, "state", make_text(dump, pm_chain_state_shown(run->head.state)));
    put_u64(dump, status, "step", run->head.step);
    put(dump, object, "accounting", make_accounting(dump, &run->tail));
    put(dump, object, "clients", make_members_by_key(dump, &run->tail));
    put(dump, object, "epoch", make_epoch_clients(dump, run));
    put_u64(dump, object, "nonce", run->tail.nonce);
    put(dump, object, "run_id", make_shown(dump, run->head.run_id));
    put(dump, object, "setup", setup);
    put(dump, object, "status", status);
    return object;
}

static value *make_list_row(const struct dump *dump, const struct pm_coordinator *run)
{
    const struct pm_coordinator_head *head = &run->head;
    value *object = new_object(dump);
    struct pm_buf clients;
    pm_buf_init(&clients, dump->arena, 128);
    pm_coordinator_add_clients(&clients, head->state, run->tail.client_count,
                               head->config.min_clients);
    put(dump, object, "clients_display", make_text_of(dump, &clients));
    put_u64(dump, object, "epoch_start_timestamp", run->tail.epoch_started_at);
    put_u64(dump, object, "epoch_time_secs", head->config.epoch_time);
    put_u64(dump, object, "min_clients", head->config.min_clients);
    put_u64(dump, object, "num_clients", run->tail.client_count);
    put(dump, object, "run_state", make_text(dump, pm_chain_state_shown(head->state)));
    put_bool(dump, object, "state_joinable", !pm_chain_state_is_halted(head->state));
    return object;
}

/* What is not of run-manager's making. */
static value *make_progress(const struct dump *dump, const struct pm_coordinator *run)
{
    value *object = new_object(dump);
    struct pm_coordinator_plan plan = pm_coordinator_plan(&run->head);
    put(dump, object, "tokens_done", make_big(dump, pm_coordinator_tokens_done(run)));
    put(dump, object, "tokens_planned", make_big(dump, plan.tokens));
    put_bool(dump, object, "is_about", plan.is_about);
    return object;
}

static value *make_derived(const struct dump *dump, const struct pm_coordinator *run)
{
    value *object = new_object(dump);
    put(dump, object, "derived", make_predicates(dump, run));
    put(dump, object, "json_dump_run.coordinator_account", make_run_dump(dump, run));
    put(dump, object, "list_runs.RunInfo", make_list_row(dump, run));
    put(dump, object, "progress", make_progress(dump, run));
    return object;
}

#endif
