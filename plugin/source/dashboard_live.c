/* dashboard_live.c - the "state" of a run page.
 *
 * The dashboard hands on Rust enums as objects with one member, whose name is the variant. Both
 * such sets, checkpoints and learning rate schedules, may grow: a variant we do not know keeps its
 * name. */

#include "source/dashboard_live.h"

#include "source/dashboard_fields.h"

static enum pm_witness read_witness(yyjson_val *value)
{
    pm_str word = pm_json_text(value);
    if (pm_str_equal(word, PM_STR("waiting"))) {
        return PM_WITNESS_WAITING;
    }
    return pm_str_equal(word, PM_STR("done")) ? PM_WITNESS_DONE : PM_WITNESS_NONE;
}

static void read_clients(struct pm_arena *arena, yyjson_val *list, struct pm_run_live *live)
{
    yyjson_val *client;
    yyjson_arr_iter each = yyjson_arr_iter_with(list);
    if (!yyjson_is_arr(list)) {
        return;
    }
    live->clients = pm_arena_array(arena, yyjson_arr_size(list), sizeof *live->clients);
    live->has_clients = live->clients != NULL;
    while (live->clients && (client = yyjson_arr_iter_next(&each)) != NULL) {
        if (yyjson_is_obj(client)) {
            live->clients[live->client_count++] = (struct pm_client){
                .key = pm_field_text(client, "pubkey"),
                .witness = read_witness(pm_json_get(client, "witness")),
            };
        }
    }
}

/* The name of an object's last member, empty when there is none, and its value. */
static pm_str get_variant(yyjson_val *object, yyjson_val **fields)
{
    yyjson_val *key, *last = NULL;
    yyjson_obj_iter members = yyjson_obj_iter_with(object);
    while ((key = yyjson_obj_iter_next(&members)) != NULL) {
        last = key;
    }
    *fields = last ? yyjson_obj_iter_get_val(last) : NULL;
    return last ? pm_json_text(last) : PM_STR("");
}

static const struct pm_checkpoint no_checkpoint = {
    .kind = PM_CHECKPOINT_NONE,
    .kind_word = PM_STR_INIT(""),
    .place = PM_STR_INIT(""),
    .revision = PM_STR_INIT(""),
};

static struct pm_checkpoint read_place(yyjson_val *value)
{
    static const struct {
        const char *kind_word, *place, *revision;
        int kind;
    } rows[] = {
        {"Hub", "repo_id", "revision", PM_CHECKPOINT_HUB},
        {"Gcs", "bucket", "prefix", PM_CHECKPOINT_GCS},
    };
    yyjson_val *fields;
    struct pm_checkpoint checkpoint = no_checkpoint;
    checkpoint.kind = PM_CHECKPOINT_OTHER;
    checkpoint.kind_word = get_variant(value, &fields);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (pm_str_equal(checkpoint.kind_word, pm_str_from(rows[i].kind_word))) {
            checkpoint.kind = rows[i].kind;
            checkpoint.place = pm_field_text(fields, rows[i].place);
            checkpoint.has_revision = yyjson_is_str(pm_json_get(fields, rows[i].revision));
            checkpoint.revision = pm_field_text(fields, rows[i].revision);
        }
    }
    return checkpoint;
}

static void read_checkpoint(yyjson_val *value, struct pm_run_live *live)
{
    live->checkpoint = no_checkpoint;
    live->has_checkpoint = yyjson_is_null(value) || yyjson_is_obj(value) || yyjson_is_str(value);
    if (yyjson_is_obj(value)) {
        live->checkpoint = read_place(value);
    } else if (yyjson_is_str(value)) { /* how a variant without fields is written */
        live->checkpoint.kind = PM_CHECKPOINT_OTHER;
        live->checkpoint.kind_word = pm_json_text(value);
    }
}

static struct pm_lr_schedule read_schedule(yyjson_val *value)
{
    yyjson_val *fields;
    pm_str kind = get_variant(value, &fields);
    return (struct pm_lr_schedule){
        .kind = kind,
        .base = pm_field_number(fields, "base_lr"),
        .warmup_init = pm_field_number(fields, "warmup_init_lr"),
        .final = pm_field_number(fields, "final_lr"),
        .cosine_final = pm_field_number(fields, "cosine_decay_final_lr"),
        .linear_final = pm_field_number(fields, "linear_decay_final_lr"),
        .warmup_steps = pm_field_count(fields, "warmup_steps"),
        .total_steps = pm_field_count(fields, "total_steps"),
        .stable_steps = pm_field_count(fields, "stable_steps"),
        .cosine_steps = pm_field_count(fields, "cosine_decay_steps"),
        .linear_steps = pm_field_count(fields, "linear_decay_steps"),
    };
}

static struct pm_run_config read_config(yyjson_val *config)
{
    return (struct pm_run_config){
        .is_there = yyjson_is_obj(config),
        .min_clients = pm_field_count(config, "minClients"),
        .epoch_s = pm_field_count(config, "epochTime"),
        .warmup_s = pm_field_count(config, "warmupTime"),
        .cooldown_s = pm_field_count(config, "cooldownTime"),
        .round_train_most_s = pm_field_count(config, "maxRoundTrainTime"),
        .round_witness_s = pm_field_count(config, "roundWitnessTime"),
        .lr = read_schedule(pm_json_get(config, "lrSchedule")),
    };
}

void pm_dashboard_read_live(struct pm_arena *arena, yyjson_val *state, struct pm_run_live *live)
{
    *live = (struct pm_run_live){.is_there = yyjson_is_obj(state)};
    live->phase = pm_field_text(state, "phase");
    live->has_phase_start = pm_field_date(state, "phaseStartTime", &live->phase_start_ms);
    live->has_epoch_start = pm_field_date(state, "epochStartTime", &live->epoch_start_ms);
    live->round = pm_field_count(state, "round");
    live->config = read_config(pm_json_get(state, "config"));
    read_clients(arena, pm_json_get(state, "clients"), live);
    read_checkpoint(pm_json_get(state, "checkpoint"), live);
}
