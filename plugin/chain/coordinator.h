/* coordinator.h - the account in which a run keeps its whole state.
 *
 * It is 119,160 bytes and nearly all of them are slots for rounds and clients, so a list of runs
 * asks for two slices of each: the head says what the run is and where it stands, the tail who is
 * in it. Texts point into the account's data, which must live as long as the facts. */
#ifndef PM_CHAIN_COORDINATOR_H
#define PM_CHAIN_COORDINATOR_H

#include "chain/account.h"
#include "chain/coordinator_words.h"
#include "chain/fixed.h"

#define PM_COORDINATOR_ROUNDS 4
#define PM_COORDINATOR_CLIENTS_MOST 256
#define PM_COORDINATOR_WITNESSES_MOST 32
#define PM_COORDINATOR_HEAD_BYTES 1048  /* the head is this much from the beginning */
#define PM_COORDINATOR_TAIL_BYTES 43232 /* the tail is this much up to the end */
#define PM_COORDINATOR_TAIL_OFFSET 75928

/* --- the head --- */

struct pm_coordinator_checkpoint {
    enum pm_chain_checkpoint kind;
    struct pm_fixed place;  /* Hub, P2P, Dummy: repository; Gcs, P2PGcs: bucket */
    bool has_within;        /* may be there and empty */
    struct pm_fixed within; /* revision in the repository, or prefix in the bucket */
};

struct pm_coordinator_http {
    enum pm_chain_http_place kind;
    struct pm_fixed place; /* URL, template of URLs, or bucket */
    uint32_t start_index;  /* of numbered files, as the next two */
    uint8_t left_pad_zeros;
    uint32_t file_count;
    struct pm_fixed filter_directory; /* of a bucket */
    enum pm_chain_token_size token_size;
    enum pm_chain_shuffle shuffle;
    uint8_t seed[32];
};

struct pm_coordinator_data {
    enum pm_chain_data_place kind;
    struct pm_fixed place;           /* unless Dummy or Http */
    struct pm_coordinator_http http; /* for Http */
};

/* Steps and rates that a schedule does not have are zero. */
struct pm_coordinator_lr {
    enum pm_chain_lr_schedule kind;
    double base_lr, warmup_init_lr;
    double final_lr;                                     /* Linear, Cosine */
    double cosine_decay_final_lr, linear_decay_final_lr; /* WarmupStableDecay */
    uint32_t warmup_steps;
    uint32_t total_steps;                                          /* Linear, Cosine */
    uint32_t stable_steps, cosine_decay_steps, linear_decay_steps; /* WarmupStableDecay */
};

struct pm_optional_f32 {
    bool is_there;
    float value;
};

struct pm_coordinator_optimizer {
    enum pm_chain_optimizer kind;
    float betas[2], eps;                 /* AdamW */
    struct pm_optional_f32 weight_decay; /* always there for AdamW */
    struct pm_optional_f32 clip_grad_norm;
    float compression_decay; /* Distro, as all that follows */
    uint16_t compression_topk, compression_chunk;
    bool quantize_1bit;
};

struct pm_coordinator_model {
    enum pm_chain_model kind;
    uint32_t max_seq_len; /* tokens of one sequence */
    uint32_t cold_start_warmup_steps;
    enum pm_chain_architecture architecture;
    struct pm_coordinator_checkpoint checkpoint;
    enum pm_chain_data_type data_type;
    struct pm_coordinator_data data;
    struct pm_coordinator_lr lr;
    struct pm_coordinator_optimizer optimizer;
};

/* Times are seconds, batch sizes are sequences. */
struct pm_coordinator_config {
    uint64_t warmup_time, cooldown_time, max_round_train_time, round_witness_time;
    uint64_t batch_size_warmup_tokens; /* the batch grows from start to end over so many tokens */
    uint64_t epoch_time;
    uint32_t total_steps;
    uint16_t init_min_clients, min_clients; /* to begin an epoch, and to go on with it */
    uint16_t witness_nodes;
    uint16_t batch_size_start, batch_size_end;
    uint8_t verification_percent;
    uint8_t waiting_for_members_extra_time;
};

struct pm_coordinator_head {
    struct pm_fixed name, description;
    uint64_t parameters, vocab_size; /* as the run's owner says */
    struct pm_fixed run_id;
    enum pm_chain_state state;
    struct pm_coordinator_model model;
    struct pm_coordinator_config config;
    uint16_t epoch;
    uint32_t step;                   /* the one being done; 1 is the first */
    uint64_t epoch_start_data_index; /* sequences of all epochs before this one */
};

/* --- the tail --- */

struct pm_coordinator_identity {
    struct pm_key signer, p2p;
};

/* A client of this epoch. */
struct pm_coordinator_client {
    struct pm_coordinator_identity id;
    enum pm_chain_client_state state;
    uint32_t exited_height; /* the round in which it left, for those that did */
};

/* One that has joined the run, at any time. */
struct pm_coordinator_member {
    struct pm_coordinator_identity id;
    uint8_t unused[8];
    uint64_t earned, slashed; /* points */
    uint64_t active;          /* equals next_active: it takes part in the next epoch */
};

/* Points of one epoch. */
struct pm_coordinator_rates {
    uint64_t earning_total, slashing_per_client; /* shared by all who finish it; of each */
};

/* Moments are unix seconds; the five flags are bytes of which each but 0 is true. */
struct pm_coordinator_tail {
    size_t client_count; /* clients of this epoch, who are not in the tail themselves */
    struct pm_coordinator_client *exited;
    size_t exited_count;
    uint32_t rounds_head; /* the round under way; past PM_COORDINATOR_ROUNDS there is none */
    uint32_t start_step, last_step;
    uint64_t epoch_started_at; /* 0: never */
    uint8_t first_round, cold_start_epoch;
    uint64_t state_started_at;
    uint8_t pending_pause; /* pauses when this epoch has ended */
    struct pm_coordinator_member *members;
    size_t member_count;
    uint64_t next_active;
    struct pm_coordinator_rates current_rates, future_rates;
    uint8_t warmup_first_tick, training_first_tick;
    struct pm_fixed client_version;
    uint64_t nonce;
};

/* --- the whole --- */

struct pm_coordinator_round {
    size_t witness_count;
    pm_str witnesses;    /* as they lie there; see pm_coordinator_witness */
    uint64_t data_index; /* sequences of all rounds before this one, of all epochs */
    uint64_t random_seed;
    uint32_t height; /* within the epoch */
    uint16_t client_count, tie_breaker_tasks;
};

struct pm_coordinator_bloom {
    uint64_t keys[8];
    uint64_t bits[16]; /* bit i is (bits[i / 64] >> (i % 64)) & 1 */
};

struct pm_coordinator_witness {
    uint64_t position, index;
    uint8_t is_witness; /* each but 0 is true */
    struct pm_coordinator_bloom participants, broadcasts;
    uint8_t merkle[32];
};

struct pm_coordinator {
    struct pm_coordinator_head head;
    struct pm_coordinator_round rounds[PM_COORDINATOR_ROUNDS];
    struct pm_coordinator_client *clients; /* tail.client_count of them */
    struct pm_coordinator_tail tail;
};

/* --- reading --- */

/* The whole account, all of whose bytes must be there. For another verdict than PM_ACCOUNT_OK *out
 * is all zero and `problem` says why. Lists are on the arena; when it has no room the verdict is
 * PM_ACCOUNT_BAD and the arena's `failed` is set. */
PM_CHECKED enum pm_account_verdict pm_coordinator_read(struct pm_arena *arena,
                                                       const struct pm_account *account,
                                                       const struct pm_key *program,
                                                       struct pm_coordinator *out,
                                                       struct pm_account_problem *problem);
/* The same of slices that hold at least the head, or the tail. A tail alone is judged by owner, size
 * and its own values: whether it is of a coordinator account at all, only the head can say. */
PM_CHECKED enum pm_account_verdict pm_coordinator_read_head(const struct pm_account *account,
                                                            const struct pm_key *program,
                                                            struct pm_coordinator_head *out,
                                                            struct pm_account_problem *problem);
PM_CHECKED enum pm_account_verdict pm_coordinator_read_tail(struct pm_arena *arena,
                                                            const struct pm_account *account,
                                                            const struct pm_key *program,
                                                            struct pm_coordinator_tail *out,
                                                            struct pm_account_problem *problem);

/* Witness `at` of a round; at < witness_count. */
struct pm_coordinator_witness pm_coordinator_witness(const struct pm_coordinator_round *round,
                                                     size_t at);

#endif
