/* coordinator_derive.c - what follows from a coordinator account. */

#include "chain/coordinator_derive.h"

#include <math.h>

struct pm_coordinator_sums pm_coordinator_sum(const struct pm_coordinator_tail *tail)
{
    struct pm_coordinator_sums sums = {.earned = pm_big_from_u64(0), .slashed = pm_big_from_u64(0)};
    for (size_t i = 0; i < tail->member_count; i++) {
        const struct pm_coordinator_member *member = &tail->members[i];
        sums.next_epoch_clients += member->active == tail->next_active;
        if (!sums.has_max_active || member->active > sums.max_active) {
            sums.has_max_active = true;
            sums.max_active = member->active;
        }
        sums.earned = pm_big_add(sums.earned, pm_big_from_u64(member->earned));
        sums.slashed = pm_big_add(sums.slashed, pm_big_from_u64(member->slashed));
    }
    return sums;
}

const struct pm_coordinator_round *pm_coordinator_current_round(const struct pm_coordinator *run)
{
    uint32_t head = run->tail.rounds_head;
    return head < PM_COORDINATOR_ROUNDS ? &run->rounds[head] : NULL;
}

/* --- how far ---
 *
 * A round says how many sequences all rounds before it took. What the account holds by state, as
 * seen in a run that was followed through an epoch of 5 rounds with batches of 512:
 *
 *   state                 step  epoch_start_data_index  data_index of the current round  done
 *   WaitingForMembers     1     0                       0                                0
 *   RoundTrain, 1st round 1     0                       0                                0
 *   RoundWitness, 2nd     2     0                       512                              512
 *   Cooldown after 5th    6     0                       2048                             2560
 *   Paused after that     6     2560                    2048 (not cleared)               2560
 *
 * So within an epoch the current round counts up to its beginning, in Cooldown up to its end, which
 * is where the next epoch will begin; between epochs, and in Warmup, when rounds have been cleared
 * but none has begun, epoch_start_data_index counts alone. */

/* `sequences` as tokens within 64 bits; more than any warmup needs when they are more. */
static uint64_t to_tokens(const struct pm_coordinator_head *head, uint64_t sequences)
{
    uint64_t tokens;
    return __builtin_mul_overflow(sequences, head->model.max_seq_len, &tokens) ? UINT64_MAX
                                                                               : tokens;
}

static struct pm_big to_big_tokens(const struct pm_coordinator_head *head, uint64_t sequences)
{
    return pm_big_mul(pm_big_from_u64(sequences), head->model.max_seq_len);
}

uint16_t pm_coordinator_batch_size(const struct pm_coordinator_config *config, uint64_t tokens_done)
{
    if (tokens_done >= config->batch_size_warmup_tokens) {
        return config->batch_size_end;
    }
    double start = config->batch_size_start, end = config->batch_size_end;
    double part = (double)tokens_done / (double)config->batch_size_warmup_tokens;
    return (uint16_t)round(start + (end - start) * part);
}

uint64_t pm_coordinator_sequences_done(const struct pm_coordinator *run)
{
    const struct pm_coordinator_head *head = &run->head;
    const struct pm_coordinator_round *round = pm_coordinator_current_round(run);
    uint64_t at_start = head->epoch_start_data_index;
    /* One with less is of no epoch that has rounds. */
    if (!pm_chain_state_is_active(head->state) || !round || round->data_index < at_start) {
        return at_start;
    }
    if (head->state != PM_CHAIN_STATE_COOLDOWN) {
        return round->data_index;
    }
    uint64_t batch = pm_coordinator_batch_size(&head->config, to_tokens(head, round->data_index));
    bool fits = round->data_index <= UINT64_MAX - batch;
    return fits ? round->data_index + batch : UINT64_MAX;
}

struct pm_big pm_coordinator_tokens_done(const struct pm_coordinator *run)
{
    return to_big_tokens(&run->head, pm_coordinator_sequences_done(run));
}

struct pm_big pm_coordinator_tokens_at_epoch_start(const struct pm_coordinator_head *head)
{
    return to_big_tokens(head, head->epoch_start_data_index);
}

/* --- how far it is meant to go --- */

/* A stretch of steps with the same batch: step 1 has it, step `other` has not. */
struct stretch {
    const struct pm_coordinator_head *head;
    uint64_t sequences; /* before its first step */
    uint16_t batch;
    uint64_t equal, other; /* its end is from `equal` on, and before `other` */
};

static void try_step(struct stretch *stretch, uint64_t step)
{
    if (step <= stretch->equal || step >= stretch->other) {
        return;
    }
    uint64_t before = to_tokens(stretch->head, stretch->sequences + (step - 1) * stretch->batch);
    if (pm_coordinator_batch_size(&stretch->head->config, before) == stretch->batch) {
        stretch->equal = step;
    } else {
        stretch->other = step;
    }
}

/* At which step the rounded batch should change, by the straight line: right within a step or so. */
static uint64_t guess_end(const struct stretch *stretch)
{
    const struct pm_coordinator_config *config = &stretch->head->config;
    double start = config->batch_size_start, end = config->batch_size_end;
    double half = end > start ? 0.5 : -0.5;
    double tokens =
        (stretch->batch + half - start) / (end - start) * (double)config->batch_size_warmup_tokens;
    double step_tokens = (double)stretch->batch * (double)stretch->head->model.max_seq_len;
    double steps = (tokens - (double)to_tokens(stretch->head, stretch->sequences)) / step_tokens;
    return steps > 3 && steps < (double)stretch->other ? (uint64_t)steps : 3;
}

/* At most `most` steps whose batch is `batch`, from `sequences` on. The batch only ever grows with
 * the tokens (or only shrinks), so the end of a stretch is guessed, then found by halving: there are
 * at most as many stretches as batch sizes, while steps may be billions. */
static uint64_t count_equal_steps(const struct pm_coordinator_head *head, uint64_t sequences,
                                  uint16_t batch, uint64_t most)
{
    struct stretch stretch = {head, sequences, batch, 1, most + 1};
    try_step(&stretch, most);
    if (stretch.other <= most) {
        uint64_t guess = guess_end(&stretch);
        try_step(&stretch, guess - 2);
        try_step(&stretch, guess + 3);
    }
    while (stretch.other - stretch.equal > 1) {
        try_step(&stretch, stretch.equal + (stretch.other - stretch.equal) / 2);
    }
    return stretch.equal;
}

struct pm_coordinator_plan pm_coordinator_plan(const struct pm_coordinator_head *head)
{
    const struct pm_coordinator_config *config = &head->config;
    uint64_t sequences = 0; /* at most 2^32 steps of 2^16 */
    for (uint64_t left = config->total_steps; left > 0;) {
        uint16_t batch = pm_coordinator_batch_size(config, to_tokens(head, sequences));
        uint64_t steps = count_equal_steps(head, sequences, batch, left);
        sequences += steps * batch;
        left -= steps;
    }
    return (struct pm_coordinator_plan){
        .tokens = to_big_tokens(head, sequences),
        .is_about = config->batch_size_warmup_tokens > 0 &&
                    config->batch_size_start != config->batch_size_end,
    };
}

/* --- as Psyche's own tools show it --- */

static void add_bucket(struct pm_buf *buf, const struct pm_coordinator_checkpoint *checkpoint)
{
    pm_buf_add_c(buf, "gs://");
    pm_lossy_add(buf, checkpoint->place.shown);
    if (checkpoint->has_within) {
        pm_buf_add_char(buf, '/');
        pm_lossy_add(buf, checkpoint->within.shown);
    }
}

void pm_coordinator_add_checkpoint(struct pm_buf *buf,
                                   const struct pm_coordinator_checkpoint *checkpoint)
{
    switch (checkpoint->kind) {
    case PM_CHAIN_CHECKPOINT_P2P:
        pm_buf_add_c(buf, "P2P - Hub repo: ");
        pm_lossy_add(buf, checkpoint->place.shown);
        break;
    case PM_CHAIN_CHECKPOINT_HUB:
        pm_lossy_add(buf, checkpoint->place.shown);
        break;
    case PM_CHAIN_CHECKPOINT_GCS:
    case PM_CHAIN_CHECKPOINT_P2P_GCS:
        add_bucket(buf, checkpoint);
        break;
    case PM_CHAIN_CHECKPOINT_EPHEMERAL:
    case PM_CHAIN_CHECKPOINT_DUMMY:
    case PM_CHAIN_CHECKPOINT_COUNT:
        pm_buf_add(buf, pm_chain_checkpoint_word(checkpoint->kind));
        break;
    }
}

void pm_coordinator_add_clients(struct pm_buf *buf, enum pm_chain_state state, size_t client_count,
                                uint16_t min_clients)
{
    if (pm_chain_state_is_halted(state)) {
        pm_buf_add_char(buf, '-');
    } else if (client_count < min_clients) {
        pm_buf_addf(buf, "%zu/%u waiting", client_count, (unsigned)min_clients);
    } else {
        pm_buf_addf(buf, "%zu training", client_count);
    }
}
