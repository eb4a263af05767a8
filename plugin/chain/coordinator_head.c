/* coordinator_head.c - what a run is and where it stands. */

#include "chain/coordinator_parts.h"

#define NAME_BYTES 64
#define DESCRIPTION_BYTES 280
#define RUN_ID_BYTES 32

static void take_config(struct pm_reader *reader, struct pm_coordinator_config *config)
{
    config->warmup_time = pm_read_u64(reader);
    config->cooldown_time = pm_read_u64(reader);
    config->max_round_train_time = pm_read_u64(reader);
    config->round_witness_time = pm_read_u64(reader);
    config->batch_size_warmup_tokens = pm_read_u64(reader);
    config->epoch_time = pm_read_u64(reader);
    config->total_steps = pm_read_u32(reader);
    config->init_min_clients = pm_read_u16(reader);
    config->min_clients = pm_read_u16(reader);
    config->witness_nodes = pm_read_u16(reader);
    config->batch_size_start = pm_read_u16(reader);
    config->batch_size_end = pm_read_u16(reader);
    config->verification_percent = pm_read_u8(reader);
    config->waiting_for_members_extra_time = pm_read_u8(reader);
}

void pm_coordinator_take_head(struct pm_reader *reader, struct pm_coordinator_head *head)
{
    head->name = pm_read_fixed(reader, NAME_BYTES);
    head->description = pm_read_fixed(reader, DESCRIPTION_BYTES);
    head->parameters = pm_read_u64(reader);
    head->vocab_size = pm_read_u64(reader);
    head->run_id = pm_read_fixed(reader, RUN_ID_BYTES);
    head->state =
        (enum pm_chain_state)pm_read_u8_to(reader, PM_CHAIN_STATE_COUNT - 1, "state of the run");
    pm_read_skip(reader, 7);
    pm_coordinator_take_model(reader, &head->model);
    take_config(reader, &head->config);
    head->epoch = pm_read_u16(reader);
    pm_read_skip(reader, 2);
    head->step = pm_read_u32(reader);
    head->epoch_start_data_index = pm_read_u64(reader);
}
