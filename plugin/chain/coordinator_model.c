/* coordinator_model.c - what a run trains: model, data, schedule of the learning rate, optimizer.
 *
 * Each choice is a number and, behind it, room for the largest of its alternatives; what an earlier
 * alternative left there is not looked at. Choices with f64 inside begin at a multiple of 8. */

#include "chain/coordinator_parts.h"

#define TEXT_BYTES 64
#define URL_BYTES 192
#define CHECKPOINT_BYTES 136 /* room of each choice, its number included */
#define DATA_BYTES 304
#define HTTP_PLACE_BYTES 260
#define LR_BYTES 56
#define OPTIMIZER_BYTES 32

/* A reader of the choice's own room, while `reader` goes on behind it. */
static struct pm_reader open_choice(struct pm_reader *reader, size_t bytes)
{
    struct pm_reader choice = {.left = pm_read_bytes(reader, bytes), .bad = reader->bad};
    return choice;
}

/* What was wrong in the choice is wrong in the whole. */
static void close_choice(struct pm_reader *reader, const struct pm_reader *choice)
{
    if (choice->bad && !reader->bad) {
        pm_str left = reader->left;
        *reader = *choice;
        reader->left = left;
    }
}

/* This struct alone is not laid out as declared: Rust was free to order it and put the optional text
 * first. Compilers of several years and machines all did. */
static void take_repository(struct pm_reader *reader, struct pm_coordinator_checkpoint *checkpoint)
{
    checkpoint->has_within = pm_read_bool(reader, "whether the checkpoint has a revision");
    struct pm_fixed within = pm_read_fixed(reader, TEXT_BYTES);
    if (checkpoint->has_within) {
        checkpoint->within = within;
    }
    checkpoint->place = pm_read_fixed(reader, TEXT_BYTES);
}

static void take_checkpoint(struct pm_reader *reader, struct pm_coordinator_checkpoint *checkpoint)
{
    struct pm_reader choice = open_choice(reader, CHECKPOINT_BYTES);
    checkpoint->kind = (enum pm_chain_checkpoint)pm_read_u32_to(
        &choice, PM_CHAIN_CHECKPOINT_COUNT - 1, "kind of checkpoint");
    if (checkpoint->kind != PM_CHAIN_CHECKPOINT_EPHEMERAL) {
        take_repository(&choice, checkpoint);
    }
    close_choice(reader, &choice);
}

static void take_http_place(struct pm_reader *reader, struct pm_coordinator_http *http)
{
    struct pm_reader choice = open_choice(reader, HTTP_PLACE_BYTES);
    http->kind = (enum pm_chain_http_place)pm_read_u32_to(&choice, PM_CHAIN_HTTP_PLACE_COUNT - 1,
                                                          "kind of data address");
    switch (http->kind) {
    case PM_CHAIN_HTTP_SINGLE_URL:
        http->place = pm_read_fixed(&choice, URL_BYTES);
        break;
    case PM_CHAIN_HTTP_NUMBERED_FILES:
        http->place = pm_read_fixed(&choice, TEXT_BYTES);
        http->start_index = pm_read_u32(&choice);
        http->left_pad_zeros = pm_read_u8(&choice);
        pm_read_skip(&choice, 3);
        http->file_count = pm_read_u32(&choice);
        break;
    case PM_CHAIN_HTTP_GCP:
    case PM_CHAIN_HTTP_PLACE_COUNT:
        http->place = pm_read_fixed(&choice, TEXT_BYTES);
        http->filter_directory = pm_read_fixed(&choice, URL_BYTES);
        break;
    }
    close_choice(reader, &choice);
}

static void take_http(struct pm_reader *reader, struct pm_coordinator_http *http)
{
    take_http_place(reader, http);
    http->token_size = (enum pm_chain_token_size)pm_read_u32_to(
        reader, PM_CHAIN_TOKEN_SIZE_COUNT - 1, "kind of token size");
    http->shuffle = (enum pm_chain_shuffle)pm_read_u32_to(reader, PM_CHAIN_SHUFFLE_COUNT - 1,
                                                          "kind of shuffle");
    if (http->shuffle == PM_CHAIN_SHUFFLE_SEEDED) {
        pm_read_into(reader, http->seed, sizeof http->seed);
    }
}

static void take_data(struct pm_reader *reader, struct pm_coordinator_data *data)
{
    struct pm_reader choice = open_choice(reader, DATA_BYTES);
    data->kind = (enum pm_chain_data_place)pm_read_u32_to(&choice, PM_CHAIN_DATA_PLACE_COUNT - 1,
                                                          "kind of data place");
    switch (data->kind) {
    case PM_CHAIN_DATA_DUMMY:
    case PM_CHAIN_DATA_PLACE_COUNT:
        break;
    case PM_CHAIN_DATA_SERVER:
        data->place = pm_read_fixed(&choice, TEXT_BYTES);
        break;
    case PM_CHAIN_DATA_HTTP:
        take_http(&choice, &data->http);
        break;
    case PM_CHAIN_DATA_LOCAL:
    case PM_CHAIN_DATA_WEIGHTED_HTTP:
    case PM_CHAIN_DATA_PREPROCESSED:
        data->place = pm_read_fixed(&choice, URL_BYTES);
        break;
    }
    close_choice(reader, &choice);
}

static void take_stable_decay(struct pm_reader *reader, struct pm_coordinator_lr *lr)
{
    lr->cosine_decay_final_lr = pm_read_f64(reader);
    lr->linear_decay_final_lr = pm_read_f64(reader);
    lr->warmup_steps = pm_read_u32(reader);
    lr->stable_steps = pm_read_u32(reader);
    lr->cosine_decay_steps = pm_read_u32(reader);
    lr->linear_decay_steps = pm_read_u32(reader);
}

static void take_lr(struct pm_reader *reader, struct pm_coordinator_lr *lr)
{
    struct pm_reader choice = open_choice(reader, LR_BYTES);
    lr->kind = (enum pm_chain_lr_schedule)pm_read_u32_to(&choice, PM_CHAIN_LR_SCHEDULE_COUNT - 1,
                                                         "kind of learning rate schedule");
    pm_read_skip(&choice, 4);
    lr->base_lr = pm_read_f64(&choice);
    lr->warmup_init_lr = pm_read_f64(&choice);
    switch (lr->kind) {
    case PM_CHAIN_LR_CONSTANT:
    case PM_CHAIN_LR_SCHEDULE_COUNT:
        lr->warmup_steps = pm_read_u32(&choice);
        break;
    case PM_CHAIN_LR_LINEAR:
    case PM_CHAIN_LR_COSINE:
        lr->final_lr = pm_read_f64(&choice);
        lr->warmup_steps = pm_read_u32(&choice);
        lr->total_steps = pm_read_u32(&choice);
        break;
    case PM_CHAIN_LR_WARMUP_STABLE_DECAY:
        take_stable_decay(&choice, lr);
        break;
    }
    close_choice(reader, &choice);
}

static struct pm_optional_f32 take_optional(struct pm_reader *reader, const char *what)
{
    bool is_there = pm_read_u32_to(reader, 1, what) == 1;
    float value = pm_read_f32(reader);
    return (struct pm_optional_f32){is_there, is_there ? value : 0};
}

static void take_adamw(struct pm_reader *reader, struct pm_coordinator_optimizer *optimizer)
{
    optimizer->betas[0] = pm_read_f32(reader);
    optimizer->betas[1] = pm_read_f32(reader);
    optimizer->weight_decay = (struct pm_optional_f32){true, pm_read_f32(reader)};
    optimizer->eps = pm_read_f32(reader);
    optimizer->clip_grad_norm = take_optional(reader, "whether gradients are clipped");
}

static void take_distro(struct pm_reader *reader, struct pm_coordinator_optimizer *optimizer)
{
    optimizer->clip_grad_norm = take_optional(reader, "whether gradients are clipped");
    optimizer->weight_decay = take_optional(reader, "whether weights decay");
    optimizer->compression_decay = pm_read_f32(reader);
    optimizer->compression_topk = pm_read_u16(reader);
    optimizer->compression_chunk = pm_read_u16(reader);
    optimizer->quantize_1bit = pm_read_bool(reader, "whether it quantizes to one bit");
}

static void take_optimizer(struct pm_reader *reader, struct pm_coordinator_optimizer *optimizer)
{
    struct pm_reader choice = open_choice(reader, OPTIMIZER_BYTES);
    optimizer->kind = (enum pm_chain_optimizer)pm_read_u32_to(&choice, PM_CHAIN_OPTIMIZER_COUNT - 1,
                                                              "kind of optimizer");
    if (optimizer->kind == PM_CHAIN_OPTIMIZER_ADAMW) {
        take_adamw(&choice, optimizer);
    } else if (optimizer->kind == PM_CHAIN_OPTIMIZER_DISTRO) {
        take_distro(&choice, optimizer);
    }
    close_choice(reader, &choice);
}

void pm_coordinator_take_model(struct pm_reader *reader, struct pm_coordinator_model *model)
{
    model->kind =
        (enum pm_chain_model)pm_read_u32_to(reader, PM_CHAIN_MODEL_COUNT - 1, "kind of model");
    pm_read_skip(reader, 4);
    model->max_seq_len = pm_read_u32(reader);
    model->cold_start_warmup_steps = pm_read_u32(reader);
    model->architecture = (enum pm_chain_architecture)pm_read_u32_to(
        reader, PM_CHAIN_ARCHITECTURE_COUNT - 1, "kind of architecture");
    take_checkpoint(reader, &model->checkpoint);
    model->data_type = (enum pm_chain_data_type)pm_read_u32_to(reader, PM_CHAIN_DATA_TYPE_COUNT - 1,
                                                               "kind of training");
    take_data(reader, &model->data);
    take_lr(reader, &model->lr);
    take_optimizer(reader, &model->optimizer);
}
