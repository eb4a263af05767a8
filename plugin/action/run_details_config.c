/* run_details_config.c - how a run is set up: its times, and the plan of its learning rate. */

#include "action/run_details.h"
#include "codec/number.h"

static void say_rate_if(struct pm_buf *buf, const char *lead, struct pm_number rate)
{
    if (rate.is_known) {
        pm_buf_add_c(buf, lead);
        pm_number_add_short(buf, rate.value);
    }
}

static void say_steps_if(struct pm_buf *buf, struct pm_count steps, const char *what)
{
    if (steps.is_known) {
        pm_buf_add_c(buf, ", ");
        pm_buf_add_u64(buf, steps.value);
        pm_buf_add_c(buf, what);
    }
}

/* "Cosine 0.0001 to 1e-05, 500 warm-up, 119000 steps" */
static void write_lr_schedule(struct pm_call *call, struct pm_group *config,
                              const struct pm_lr_schedule *lr)
{
    struct pm_buf buf;
    if (lr->kind.len == 0) {
        return;
    }
    pm_buf_init(&buf, call->arena, lr->kind.len + 512);
    pm_buf_add(&buf, lr->kind);
    say_rate_if(&buf, " ", lr->base);
    say_rate_if(&buf, " to ", lr->final);
    say_steps_if(&buf, lr->warmup_steps, " warm-up");
    say_steps_if(&buf, lr->stable_steps, " stable");
    say_steps_if(&buf, lr->cosine_steps, " cosine");
    say_rate_if(&buf, " to ", lr->cosine_final);
    say_steps_if(&buf, lr->linear_steps, " linear");
    say_rate_if(&buf, " to ", lr->linear_final);
    say_steps_if(&buf, lr->total_steps, " steps");
    pm_put_text(config, "lr_schedule", pm_clean(call->arena, PM_TEXT_OTHER, pm_buf_text(&buf)));
}

static void write_lr_details(struct pm_group *config, const struct pm_lr_schedule *lr)
{
    const struct {
        const char *key;
        struct pm_number rate;
    } rates[] = {
        {"lr_base", lr->base},
        {"lr_warmup_init", lr->warmup_init},
        {"lr_final", lr->final},
        {"lr_cosine_final", lr->cosine_final},
        {"lr_linear_final", lr->linear_final},
    };
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        pm_details_put_float_if(config, rates[i].key, rates[i].rate);
    }
    pm_details_put_count_if(config, "lr_warmup_steps", lr->warmup_steps);
    pm_details_put_count_if(config, "lr_stable_steps", lr->stable_steps);
    pm_details_put_count_if(config, "lr_cosine_steps", lr->cosine_steps);
    pm_details_put_count_if(config, "lr_linear_steps", lr->linear_steps);
    pm_details_put_count_if(config, "lr_total_steps", lr->total_steps);
}

void pm_details_write_schedule(struct pm_call *call, struct pm_group *config,
                               const struct pm_lr_schedule *lr)
{
    write_lr_schedule(call, config, lr);
    if (pm_details_is_full(call)) {
        write_lr_details(config, lr);
    }
}

void pm_details_write_config(struct pm_call *call, struct pm_group *group,
                             const struct pm_run_config *config)
{
    if (!config->is_there) {
        return;
    }
    struct pm_group *sub = pm_group_sub(group, "config");
    pm_details_put_count_if(sub, "epoch_s", config->epoch_s);
    pm_details_put_count_if(sub, "warmup_s", config->warmup_s);
    pm_details_put_count_if(sub, "max_round_train_s", config->round_train_most_s);
    pm_details_put_count_if(sub, "round_witness_s", config->round_witness_s);
    pm_details_put_count_if(sub, "cooldown_s", config->cooldown_s);
    pm_details_write_schedule(call, sub, &config->lr);
}
