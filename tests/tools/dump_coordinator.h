/* dump_coordinator.h - a coordinator account as the JSON of Psyche's own decoder, for dump_account. */
#ifndef PM_TESTS_DUMP_COORDINATOR_H
#define PM_TESTS_DUMP_COORDINATOR_H

#include "chain/coordinator.h"

#include "dump_values.h"

static value *make_checkpoint(const struct dump *dump,
                              const struct pm_coordinator_checkpoint *checkpoint)
{
    pm_str word = pm_chain_checkpoint_word(checkpoint->kind);
    bool is_bucket = checkpoint->kind == PM_CHAIN_CHECKPOINT_GCS ||
                     checkpoint->kind == PM_CHAIN_CHECKPOINT_P2P_GCS;
    if (checkpoint->kind == PM_CHAIN_CHECKPOINT_EPHEMERAL) {
        return make_text(dump, word);
    }
    value *object = new_object(dump);
    put_fixed(dump, object, is_bucket ? "bucket" : "repo_id", checkpoint->place);
    put(dump, object, is_bucket ? "prefix" : "revision",
        checkpoint->has_within ? make_fixed(dump, checkpoint->within) : yyjson_mut_null(dump->doc));
    return make_choice(dump, word, object);
}

static value *make_http_place(const struct dump *dump, const struct pm_coordinator_http *http)
{
    value *object = new_object(dump);
    pm_str word = pm_chain_http_place_word(http->kind);
    if (http->kind == PM_CHAIN_HTTP_SINGLE_URL) {
        return make_choice(dump, word, make_fixed(dump, http->place));
    }
    if (http->kind == PM_CHAIN_HTTP_GCP) {
        put_fixed(dump, object, "bucket_name", http->place);
        put_fixed(dump, object, "filter_directory", http->filter_directory);
        return make_choice(dump, word, object);
    }
    put_fixed(dump, object, "url_template", http->place);
    put_u64(dump, object, "start_index", http->start_index);
    put_u64(dump, object, "n_left_pad_zeros", http->left_pad_zeros);
    put_u64(dump, object, "num_files", http->file_count);
    return make_choice(dump, word, object);
}

static value *make_http(const struct dump *dump, const struct pm_coordinator_http *http)
{
    value *object = new_object(dump);
    pm_str shuffle = pm_chain_shuffle_word(http->shuffle);
    put(dump, object, "location", make_http_place(dump, http));
    put(dump, object, "token_size_in_bytes",
        make_text(dump, pm_chain_token_size_word(http->token_size)));
    put(dump, object, "shuffle",
        http->shuffle == PM_CHAIN_SHUFFLE_SEEDED
            ? make_choice(dump, shuffle, make_bytes(dump, http->seed, sizeof http->seed))
            : make_text(dump, shuffle));
    return object;
}

static value *make_data(const struct dump *dump, const struct pm_coordinator_data *data)
{
    pm_str word = pm_chain_data_place_word(data->kind);
    if (data->kind == PM_CHAIN_DATA_DUMMY) {
        return make_text(dump, word);
    }
    return make_choice(dump, word,
                       data->kind == PM_CHAIN_DATA_HTTP ? make_http(dump, &data->http)
                                                        : make_fixed(dump, data->place));
}

static value *make_lr(const struct dump *dump, const struct pm_coordinator_lr *lr)
{
    value *object = new_object(dump);
    put(dump, object, "base_lr", make_f64(dump, lr->base_lr));
    put(dump, object, "warmup_init_lr", make_f64(dump, lr->warmup_init_lr));
    put_u64(dump, object, "warmup_steps", lr->warmup_steps);
    if (lr->kind == PM_CHAIN_LR_LINEAR || lr->kind == PM_CHAIN_LR_COSINE) {
        put(dump, object, "final_lr", make_f64(dump, lr->final_lr));
        put_u64(dump, object, "total_steps", lr->total_steps);
    } else if (lr->kind == PM_CHAIN_LR_WARMUP_STABLE_DECAY) {
        put(dump, object, "cosine_decay_final_lr", make_f64(dump, lr->cosine_decay_final_lr));
        put(dump, object, "linear_decay_final_lr", make_f64(dump, lr->linear_decay_final_lr));
        put_u64(dump, object, "stable_steps", lr->stable_steps);
        put_u64(dump, object, "cosine_decay_steps", lr->cosine_decay_steps);
        put_u64(dump, object, "linear_decay_steps", lr->linear_decay_steps);
    }
    return make_choice(dump, pm_chain_lr_schedule_word(lr->kind), object);
}

static value *make_optional_f32(const struct dump *dump, struct pm_optional_f32 number)
{
    return number.is_there ? make_f32(dump, number.value) : yyjson_mut_null(dump->doc);
}

static value *make_optimizer(const struct dump *dump,
                             const struct pm_coordinator_optimizer *optimizer)
{
    pm_str word = pm_chain_optimizer_word(optimizer->kind);
    if (optimizer->kind == PM_CHAIN_OPTIMIZER_DUMMY) {
        return make_text(dump, word);
    }
    value *object = new_object(dump);
    put(dump, object, "clip_grad_norm", make_optional_f32(dump, optimizer->clip_grad_norm));
    put(dump, object, "weight_decay", make_optional_f32(dump, optimizer->weight_decay));
    if (optimizer->kind == PM_CHAIN_OPTIMIZER_ADAMW) {
        value *betas = yyjson_mut_arr(dump->doc);
        yyjson_mut_arr_append(betas, make_f32(dump, optimizer->betas[0]));
        yyjson_mut_arr_append(betas, make_f32(dump, optimizer->betas[1]));
        put(dump, object, "betas", betas);
        put(dump, object, "eps", make_f32(dump, optimizer->eps));
        return make_choice(dump, word, object);
    }
    put(dump, object, "compression_decay", make_f32(dump, optimizer->compression_decay));
    put_u64(dump, object, "compression_topk", optimizer->compression_topk);
    put_u64(dump, object, "compression_chunk", optimizer->compression_chunk);
    put_bool(dump, object, "quantize_1bit", optimizer->quantize_1bit);
    return make_choice(dump, word, object);
}

static value *make_model(const struct dump *dump, const struct pm_coordinator_model *model)
{
    value *object = new_object(dump);
    put_u64(dump, object, "max_seq_len", model->max_seq_len);
    put_u64(dump, object, "cold_start_warmup_steps", model->cold_start_warmup_steps);
    put(dump, object, "architecture",
        make_text(dump, pm_chain_architecture_word(model->architecture)));
    put(dump, object, "checkpoint", make_checkpoint(dump, &model->checkpoint));
    put(dump, object, "data_type", make_text(dump, pm_chain_data_type_word(model->data_type)));
    put(dump, object, "data_location", make_data(dump, &model->data));
    put(dump, object, "lr_schedule", make_lr(dump, &model->lr));
    put(dump, object, "optimizer", make_optimizer(dump, &model->optimizer));
    return make_choice(dump, pm_chain_model_word(model->kind), object);
}

static value *make_config(const struct dump *dump, const struct pm_coordinator_config *config)
{
    value *object = new_object(dump);
    put_u64(dump, object, "warmup_time", config->warmup_time);
    put_u64(dump, object, "cooldown_time", config->cooldown_time);
    put_u64(dump, object, "max_round_train_time", config->max_round_train_time);
    put_u64(dump, object, "round_witness_time", config->round_witness_time);
    put_u64(dump, object, "global_batch_size_warmup_tokens", config->batch_size_warmup_tokens);
    put_u64(dump, object, "epoch_time", config->epoch_time);
    put_u64(dump, object, "total_steps", config->total_steps);
    put_u64(dump, object, "init_min_clients", config->init_min_clients);
    put_u64(dump, object, "min_clients", config->min_clients);
    put_u64(dump, object, "witness_nodes", config->witness_nodes);
    put_u64(dump, object, "global_batch_size_start", config->batch_size_start);
    put_u64(dump, object, "global_batch_size_end", config->batch_size_end);
    put_u64(dump, object, "verification_percent", config->verification_percent);
    put_u64(dump, object, "waiting_for_members_extra_time", config->waiting_for_members_extra_time);
    return object;
}

static value *make_bloom(const struct dump *dump, const struct pm_coordinator_bloom *bloom)
{
    value *object = new_object(dump), *bits = new_object(dump), *head = new_object(dump);
    put_u64(dump, head, "width", 64);
    put_u64(dump, head, "index", 0);
    put(dump, bits, "order", make_text(dump, PM_STR("bitvec::order::Lsb0")));
    put(dump, bits, "head", head);
    put_u64(dump, bits, "bits", 64 * sizeof bloom->bits / sizeof *bloom->bits);
    put(dump, bits, "data", make_u64s(dump, bloom->bits, sizeof bloom->bits / sizeof *bloom->bits));
    put(dump, object, "keys",
        make_u64s(dump, bloom->keys, sizeof bloom->keys / sizeof *bloom->keys));
    put(dump, object, "bits", bits);
    return object;
}

static value *make_witness(const struct dump *dump, const struct pm_coordinator_witness *witness)
{
    value *object = new_object(dump), *proof = new_object(dump), *merkle = new_object(dump);
    put_u64(dump, proof, "position", witness->position);
    put_u64(dump, proof, "index", witness->index);
    put_u64(dump, proof, "witness", witness->is_witness);
    put(dump, merkle, "inner", make_bytes(dump, witness->merkle, sizeof witness->merkle));
    put(dump, object, "proof", proof);
    put(dump, object, "participant_bloom", make_bloom(dump, &witness->participants));
    put(dump, object, "broadcast_bloom", make_bloom(dump, &witness->broadcasts));
    put(dump, object, "broadcast_merkle", merkle);
    return object;
}

static value *make_round(const struct dump *dump, const struct pm_coordinator_round *round)
{
    value *object = new_object(dump), *witnesses = yyjson_mut_arr(dump->doc);
    for (size_t i = 0; i < round->witness_count; i++) {
        struct pm_coordinator_witness witness = pm_coordinator_witness(round, i);
        yyjson_mut_arr_append(witnesses, make_witness(dump, &witness));
    }
    put(dump, object, "witnesses", witnesses);
    put_u64(dump, object, "data_index", round->data_index);
    put_u64(dump, object, "random_seed", round->random_seed);
    put_u64(dump, object, "height", round->height);
    put_u64(dump, object, "clients_len", round->client_count);
    put_u64(dump, object, "tie_breaker_tasks", round->tie_breaker_tasks);
    return object;
}

static value *make_identity(const struct dump *dump, const struct pm_coordinator_identity *id)
{
    value *object = new_object(dump);
    put(dump, object, "signer", make_bytes(dump, id->signer.bytes, PM_KEY_BYTES));
    put(dump, object, "p2p_identity", make_bytes(dump, id->p2p.bytes, PM_KEY_BYTES));
    return object;
}

static value *make_clients(const struct dump *dump, const struct pm_coordinator_client *clients,
                           size_t count)
{
    value *list = yyjson_mut_arr(dump->doc);
    for (size_t i = 0; i < count; i++) {
        value *object = yyjson_mut_arr_add_obj(dump->doc, list);
        put(dump, object, "id", make_identity(dump, &clients[i].id));
        put(dump, object, "state", make_text(dump, pm_chain_client_state_word(clients[i].state)));
        put_u64(dump, object, "exited_height", clients[i].exited_height);
    }
    return list;
}

static value *make_members(const struct dump *dump, const struct pm_coordinator_tail *tail)
{
    value *list = yyjson_mut_arr(dump->doc);
    for (size_t i = 0; i < tail->member_count; i++) {
        const struct pm_coordinator_member *member = &tail->members[i];
        value *object = yyjson_mut_arr_add_obj(dump->doc, list);
        put(dump, object, "id", make_identity(dump, &member->id));
        put(dump, object, "_unused", make_bytes(dump, member->unused, sizeof member->unused));
        put_u64(dump, object, "earned", member->earned);
        put_u64(dump, object, "slashed", member->slashed);
        put_u64(dump, object, "active", member->active);
    }
    return list;
}

static value *make_epoch(const struct dump *dump, const struct pm_coordinator *run)
{
    value *object = new_object(dump), *rounds = yyjson_mut_arr(dump->doc);
    for (size_t i = 0; i < PM_COORDINATOR_ROUNDS; i++) {
        yyjson_mut_arr_append(rounds, make_round(dump, &run->rounds[i]));
    }
    put(dump, object, "rounds", rounds);
    put(dump, object, "clients", make_clients(dump, run->clients, run->tail.client_count));
    put(dump, object, "exited_clients",
        make_clients(dump, run->tail.exited, run->tail.exited_count));
    put_u64(dump, object, "rounds_head", run->tail.rounds_head);
    put_u64(dump, object, "start_step", run->tail.start_step);
    put_u64(dump, object, "last_step", run->tail.last_step);
    put_u64(dump, object, "start_timestamp", run->tail.epoch_started_at);
    put_u64(dump, object, "first_round", run->tail.first_round);
    put_u64(dump, object, "cold_start_epoch", run->tail.cold_start_epoch);
    return object;
}

static value *make_rates(const struct dump *dump, const struct pm_coordinator_rates *rates)
{
    value *object = new_object(dump);
    put_u64(dump, object, "earning_rate_total_shared", rates->earning_total);
    put_u64(dump, object, "slashing_rate_per_client", rates->slashing_per_client);
    return object;
}

static value *make_metadata(const struct dump *dump, const struct pm_coordinator_head *head)
{
    value *object = new_object(dump);
    put_fixed(dump, object, "name", head->name);
    put_fixed(dump, object, "description", head->description);
    put_u64(dump, object, "num_parameters", head->parameters);
    put_u64(dump, object, "vocab_size", head->vocab_size);
    return object;
}

static value *make_run(const struct dump *dump, const struct pm_coordinator *run)
{
    const struct pm_coordinator_head *head = &run->head;
    value *object = new_object(dump), *progress = new_object(dump);
    put_u64(dump, progress, "epoch", head->epoch);
    put_u64(dump, progress, "step", head->step);
    put_u64(dump, progress, "epoch_start_data_index", head->epoch_start_data_index);
    put_fixed(dump, object, "run_id", head->run_id);
    put(dump, object, "run_state", make_text(dump, pm_chain_state_word(head->state)));
    put(dump, object, "model", make_model(dump, &head->model));
    put(dump, object, "config", make_config(dump, &head->config));
    put(dump, object, "progress", progress);
    put(dump, object, "epoch_state", make_epoch(dump, run));
    put_u64(dump, object, "run_state_start_unix_timestamp", run->tail.state_started_at);
    put_u64(dump, object, "pending_pause", run->tail.pending_pause);
    return object;
}

static value *make_coordinator(const struct dump *dump, const struct pm_coordinator *run)
{
    const struct pm_coordinator_tail *tail = &run->tail;
    value *object = new_object(dump), *state = new_object(dump), *clients = new_object(dump);
    put(dump, clients, "clients", make_members(dump, tail));
    put_u64(dump, clients, "next_active", tail->next_active);
    put(dump, clients, "current_epoch_rates", make_rates(dump, &tail->current_rates));
    put(dump, clients, "future_epoch_rates", make_rates(dump, &tail->future_rates));
    put(dump, state, "metadata", make_metadata(dump, &run->head));
    put(dump, state, "coordinator", make_run(dump, run));
    put(dump, state, "clients_state", clients);
    put_u64(dump, state, "is_warmup_first_tick", tail->warmup_first_tick);
    put_u64(dump, state, "is_training_first_tick", tail->training_first_tick);
    put_fixed(dump, state, "client_version", tail->client_version);
    put_u64(dump, object, "version", 1);
    put(dump, object, "state", state);
    put_u64(dump, object, "nonce", tail->nonce);
    return object;
}

#endif
