/* run_details_chain_setup.c - how a run is set up, by its account: data, times, batches, the plan of
 * its learning rate, and its optimizer. */

#include "action/run_details_chain.h"
#include "codec/number.h"

#include <math.h>

/* --- data --- */

static void say_files(struct pm_buf *buf, const struct pm_coordinator_http *http)
{
    switch (http->kind) {
    case PM_CHAIN_HTTP_SINGLE_URL:
        pm_buf_add_c(buf, " (one url)");
        break;
    case PM_CHAIN_HTTP_NUMBERED_FILES:
        pm_buf_addf(buf, " (%u numbered file%s)", (unsigned)http->file_count,
                    http->file_count == 1 ? "" : "s");
        break;
    case PM_CHAIN_HTTP_GCP:
        pm_buf_add_c(buf, " (a storage bucket)");
        break;
    case PM_CHAIN_HTTP_PLACE_COUNT:
        break;
    }
}

/* The 32 bytes by which the data are shuffled. */
static void put_seed(struct pm_call *call, struct pm_group *group, const uint8_t seed[32])
{
    struct pm_buf buf;
    pm_buf_init(&buf, call->arena, 80);
    for (size_t i = 0; i < 32; i++) {
        pm_buf_addf(&buf, "%02x", (unsigned)seed[i]);
    }
    pm_put_own(group, "shuffle_seed", pm_arena_cstr(call->arena, pm_buf_text(&buf)));
}

static void write_http(struct pm_call *call, struct pm_group *group,
                       const struct pm_coordinator_http *http)
{
    pm_chain_details_put_fixed(call, group, "address", PM_TEXT_OTHER, http->place);
    if (http->kind == PM_CHAIN_HTTP_NUMBERED_FILES) {
        pm_put_count(group, "first_file", http->start_index);
        pm_put_count(group, "left_pad_zeros", http->left_pad_zeros);
    }
    pm_chain_details_put_fixed(call, group, "directory", PM_TEXT_OTHER, http->filter_directory);
    pm_put_count(group, "token_bytes", http->token_size == PM_CHAIN_TOKEN_SIZE_TWO_BYTES ? 2 : 4);
    pm_put_flag(group, "shuffled", http->shuffle == PM_CHAIN_SHUFFLE_SEEDED);
    if (http->shuffle == PM_CHAIN_SHUFFLE_SEEDED) {
        put_seed(call, group, http->seed);
    }
}

void pm_chain_details_write_data(struct pm_call *call, struct pm_group *group,
                                 const struct pm_coordinator_model *model)
{
    const struct pm_coordinator_data *data = &model->data;
    bool is_http = data->kind == PM_CHAIN_DATA_HTTP;
    struct pm_group *sub = pm_group_sub(group, "data");
    struct pm_buf buf;
    pm_put_text(sub, "kind",
                pm_clean(call->arena, PM_TEXT_OTHER, pm_chain_data_type_word(model->data_type)));
    pm_buf_init(&buf, call->arena, 80);
    pm_buf_add(&buf, pm_chain_data_place_word(data->kind));
    if (is_http) {
        say_files(&buf, &data->http);
    }
    pm_put_own(sub, "place", pm_arena_cstr(call->arena, pm_buf_text(&buf)));
    pm_put_count(sub, "sequence_length", model->max_seq_len);
    if (!pm_details_is_full(call)) {
        return;
    }
    if (is_http) {
        write_http(call, sub, &data->http);
    } else {
        pm_chain_details_put_fixed(call, sub, "address", PM_TEXT_OTHER, data->place);
    }
}

/* --- learning rate and optimizer --- */

static struct pm_number rate(bool has, double value)
{
    return (struct pm_number){has && isfinite(value), value};
}

static struct pm_count steps(bool has, uint32_t count)
{
    return (struct pm_count){has, count};
}

/* As the dashboard would tell it: what a schedule does not have is not told. */
static struct pm_lr_schedule schedule_of(const struct pm_coordinator_lr *lr)
{
    bool is_staged = lr->kind == PM_CHAIN_LR_WARMUP_STABLE_DECAY;
    bool has_final = lr->kind == PM_CHAIN_LR_LINEAR || lr->kind == PM_CHAIN_LR_COSINE;
    return (struct pm_lr_schedule){
        .kind = pm_chain_lr_schedule_word(lr->kind),
        .base = rate(true, lr->base_lr),
        .warmup_init = rate(true, lr->warmup_init_lr),
        .final = rate(has_final, lr->final_lr),
        .cosine_final = rate(is_staged, lr->cosine_decay_final_lr),
        .linear_final = rate(is_staged, lr->linear_decay_final_lr),
        .warmup_steps = steps(true, lr->warmup_steps),
        .total_steps = steps(has_final, lr->total_steps),
        .stable_steps = steps(is_staged, lr->stable_steps),
        .cosine_steps = steps(is_staged, lr->cosine_decay_steps),
        .linear_steps = steps(is_staged, lr->linear_decay_steps),
    };
}

static void say_part(struct pm_buf *buf, const char *name, double value)
{
    if (isfinite(value)) {
        pm_buf_add_c(buf, name);
        pm_number_add_short(buf, value);
    }
}

static void say_optional(struct pm_buf *buf, const char *name, struct pm_optional_f32 value)
{
    if (value.is_there) {
        say_part(buf, name, (double)value.value);
    }
}

/* "AdamW, betas 0.9 and 0.95, eps 1e-08, weight decay 0.1" */
static void write_optimizer(struct pm_call *call, struct pm_group *config,
                            const struct pm_coordinator_optimizer *optimizer)
{
    struct pm_buf buf;
    pm_buf_init(&buf, call->arena, 512);
    pm_buf_add(&buf, pm_chain_optimizer_word(optimizer->kind));
    if (optimizer->kind == PM_CHAIN_OPTIMIZER_ADAMW) {
        say_part(&buf, ", betas ", (double)optimizer->betas[0]);
        say_part(&buf, " and ", (double)optimizer->betas[1]);
        say_part(&buf, ", eps ", (double)optimizer->eps);
    }
    say_optional(&buf, ", weight decay ", optimizer->weight_decay);
    say_optional(&buf, ", clips gradients at ", optimizer->clip_grad_norm);
    if (optimizer->kind == PM_CHAIN_OPTIMIZER_DISTRO) {
        say_part(&buf, ", decay ", (double)optimizer->compression_decay);
        pm_buf_addf(&buf, ", top %u of chunks of %u%s", (unsigned)optimizer->compression_topk,
                    (unsigned)optimizer->compression_chunk,
                    optimizer->quantize_1bit ? ", one bit each" : "");
    }
    pm_put_own(config, "optimizer", pm_arena_cstr(call->arena, pm_buf_text(&buf)));
}

/* --- the whole --- */

static void write_times(struct pm_group *config, const struct pm_coordinator_config *of)
{
    const struct {
        const char *key;
        uint64_t seconds;
    } times[] = {
        {"epoch_s", of->epoch_time},
        {"warmup_s", of->warmup_time},
        {"max_round_train_s", of->max_round_train_time},
        {"round_witness_s", of->round_witness_time},
        {"cooldown_s", of->cooldown_time},
    };
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        pm_put_big(config, times[i].key, pm_big_from_u64(times[i].seconds));
    }
}

static void write_numbers(struct pm_group *config, const struct pm_coordinator_head *head)
{
    const struct pm_coordinator_config *of = &head->config;
    pm_put_count(config, "total_steps", of->total_steps);
    pm_put_count(config, "batch_start", of->batch_size_start);
    pm_put_count(config, "batch_end", of->batch_size_end);
    pm_put_big(config, "batch_warmup_tokens", pm_big_from_u64(of->batch_size_warmup_tokens));
    pm_put_count(config, "witness_nodes", of->witness_nodes);
    pm_put_count(config, "verification_percent", of->verification_percent);
    pm_put_count(config, "waiting_extra_s", of->waiting_for_members_extra_time);
    pm_put_count(config, "cold_start_warmup_steps", head->model.cold_start_warmup_steps);
}

void pm_chain_details_write_config(struct pm_call *call, struct pm_group *group,
                                   const struct pm_coordinator_head *head)
{
    struct pm_lr_schedule lr = schedule_of(&head->model.lr);
    struct pm_group *config = pm_group_sub(group, "config");
    write_times(config, &head->config);
    if (pm_details_is_full(call)) {
        write_numbers(config, head);
    }
    pm_details_write_schedule(call, config, &lr);
    if (pm_details_is_full(call)) {
        write_optimizer(call, config, &head->model.optimizer);
    }
}
