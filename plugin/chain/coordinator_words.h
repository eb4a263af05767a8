/* coordinator_words.h - the choices in a coordinator account, by number and by word.
 *
 * Each list is in the order of its numbers on chain; a number past its end means nothing and makes
 * the account bad. The words are those of Psyche's own JSON and of its dashboard. */
#ifndef PM_CHAIN_COORDINATOR_WORDS_H
#define PM_CHAIN_COORDINATOR_WORDS_H

#include "base/str.h"

/* constant, word, and how Psyche's tools show it to people */
#define PM_CHAIN_STATES(X)                                                                         \
    X(UNINITIALIZED, "Uninitialized", "Uninitialized")                                             \
    X(WAITING_FOR_MEMBERS, "WaitingForMembers", "Waiting for members")                             \
    X(WARMUP, "Warmup", "Warmup")                                                                  \
    X(ROUND_TRAIN, "RoundTrain", "Training")                                                       \
    X(ROUND_WITNESS, "RoundWitness", "Witness")                                                    \
    X(COOLDOWN, "Cooldown", "Cooldown")                                                            \
    X(FINISHED, "Finished", "Finished")                                                            \
    X(PAUSED, "Paused", "Paused")

#define PM_CHAIN_CLIENT_STATES(X)                                                                  \
    X(HEALTHY, "Healthy")                                                                          \
    X(DROPPED, "Dropped")                                                                          \
    X(WITHDRAWN, "Withdrawn")                                                                      \
    X(EJECTED, "Ejected")

#define PM_CHAIN_MODELS(X) X(LLM, "LLM")

#define PM_CHAIN_ARCHITECTURES(X)                                                                  \
    X(HF_LLAMA, "HfLlama")                                                                         \
    X(HF_DEEPSEEK, "HfDeepseek")                                                                   \
    X(HF_AUTO, "HfAuto")                                                                           \
    X(TORCHTITAN, "Torchtitan")

/* The two of Google's storage came last and left the size of the account as it was. */
#define PM_CHAIN_CHECKPOINTS(X)                                                                    \
    X(EPHEMERAL, "Ephemeral")                                                                      \
    X(DUMMY, "Dummy")                                                                              \
    X(HUB, "Hub")                                                                                  \
    X(P2P, "P2P")                                                                                  \
    X(GCS, "Gcs")                                                                                  \
    X(P2P_GCS, "P2PGcs")

#define PM_CHAIN_DATA_TYPES(X)                                                                     \
    X(PRETRAINING, "Pretraining")                                                                  \
    X(FINETUNING, "Finetuning")

#define PM_CHAIN_DATA_PLACES(X)                                                                    \
    X(DUMMY, "Dummy")                                                                              \
    X(SERVER, "Server")                                                                            \
    X(LOCAL, "Local")                                                                              \
    X(HTTP, "Http")                                                                                \
    X(WEIGHTED_HTTP, "WeightedHttp")                                                               \
    X(PREPROCESSED, "Preprocessed")

#define PM_CHAIN_HTTP_PLACES(X)                                                                    \
    X(SINGLE_URL, "SingleUrl")                                                                     \
    X(NUMBERED_FILES, "NumberedFiles")                                                             \
    X(GCP, "Gcp")

#define PM_CHAIN_TOKEN_SIZES(X)                                                                    \
    X(TWO_BYTES, "TwoBytes")                                                                       \
    X(FOUR_BYTES, "FourBytes")

#define PM_CHAIN_SHUFFLES(X)                                                                       \
    X(NONE, "DontShuffle")                                                                         \
    X(SEEDED, "Seeded")

#define PM_CHAIN_LR_SCHEDULES(X)                                                                   \
    X(CONSTANT, "Constant")                                                                        \
    X(LINEAR, "Linear")                                                                            \
    X(COSINE, "Cosine")                                                                            \
    X(WARMUP_STABLE_DECAY, "WarmupStableDecay")

#define PM_CHAIN_OPTIMIZERS(X)                                                                     \
    X(DUMMY, "Dummy")                                                                              \
    X(ADAMW, "AdamW")                                                                              \
    X(DISTRO, "Distro")

enum pm_chain_state {
#define PM_CHAIN_ENUM(id, word, shown) PM_CHAIN_STATE_##id,
    PM_CHAIN_STATES(PM_CHAIN_ENUM)
#undef PM_CHAIN_ENUM
        PM_CHAIN_STATE_COUNT
};

enum pm_chain_client_state {
#define PM_CHAIN_ENUM(id, word) PM_CHAIN_CLIENT_##id,
    PM_CHAIN_CLIENT_STATES(PM_CHAIN_ENUM)
#undef PM_CHAIN_ENUM
        PM_CHAIN_CLIENT_STATE_COUNT
};

enum pm_chain_model {
#define PM_CHAIN_ENUM(id, word) PM_CHAIN_MODEL_##id,
    PM_CHAIN_MODELS(PM_CHAIN_ENUM)
#undef PM_CHAIN_ENUM
        PM_CHAIN_MODEL_COUNT
};

enum pm_chain_architecture {
#define PM_CHAIN_ENUM(id, word) PM_CHAIN_ARCHITECTURE_##id,
    PM_CHAIN_ARCHITECTURES(PM_CHAIN_ENUM)
#undef PM_CHAIN_ENUM
        PM_CHAIN_ARCHITECTURE_COUNT
};

enum pm_chain_checkpoint {
#define PM_CHAIN_ENUM(id, word) PM_CHAIN_CHECKPOINT_##id,
    PM_CHAIN_CHECKPOINTS(PM_CHAIN_ENUM)
#undef PM_CHAIN_ENUM
        PM_CHAIN_CHECKPOINT_COUNT
};

enum pm_chain_data_type {
#define PM_CHAIN_ENUM(id, word) PM_CHAIN_DATA_TYPE_##id,
    PM_CHAIN_DATA_TYPES(PM_CHAIN_ENUM)
#undef PM_CHAIN_ENUM
        PM_CHAIN_DATA_TYPE_COUNT
};

enum pm_chain_data_place {
#define PM_CHAIN_ENUM(id, word) PM_CHAIN_DATA_##id,
    PM_CHAIN_DATA_PLACES(PM_CHAIN_ENUM)
#undef PM_CHAIN_ENUM
        PM_CHAIN_DATA_PLACE_COUNT
};

enum pm_chain_http_place {
#define PM_CHAIN_ENUM(id, word) PM_CHAIN_HTTP_##id,
    PM_CHAIN_HTTP_PLACES(PM_CHAIN_ENUM)
#undef PM_CHAIN_ENUM
        PM_CHAIN_HTTP_PLACE_COUNT
};

enum pm_chain_token_size {
#define PM_CHAIN_ENUM(id, word) PM_CHAIN_TOKEN_SIZE_##id,
    PM_CHAIN_TOKEN_SIZES(PM_CHAIN_ENUM)
#undef PM_CHAIN_ENUM
        PM_CHAIN_TOKEN_SIZE_COUNT
};

enum pm_chain_shuffle {
#define PM_CHAIN_ENUM(id, word) PM_CHAIN_SHUFFLE_##id,
    PM_CHAIN_SHUFFLES(PM_CHAIN_ENUM)
#undef PM_CHAIN_ENUM
        PM_CHAIN_SHUFFLE_COUNT
};

enum pm_chain_lr_schedule {
#define PM_CHAIN_ENUM(id, word) PM_CHAIN_LR_##id,
    PM_CHAIN_LR_SCHEDULES(PM_CHAIN_ENUM)
#undef PM_CHAIN_ENUM
        PM_CHAIN_LR_SCHEDULE_COUNT
};

enum pm_chain_optimizer {
#define PM_CHAIN_ENUM(id, word) PM_CHAIN_OPTIMIZER_##id,
    PM_CHAIN_OPTIMIZERS(PM_CHAIN_ENUM)
#undef PM_CHAIN_ENUM
        PM_CHAIN_OPTIMIZER_COUNT
};

/* The words; each value must be one of its enum. */
pm_str pm_chain_state_word(enum pm_chain_state state);
pm_str pm_chain_state_shown(enum pm_chain_state state);
pm_str pm_chain_client_state_word(enum pm_chain_client_state value);
pm_str pm_chain_model_word(enum pm_chain_model value);
pm_str pm_chain_architecture_word(enum pm_chain_architecture value);
pm_str pm_chain_checkpoint_word(enum pm_chain_checkpoint value);
pm_str pm_chain_data_type_word(enum pm_chain_data_type value);
pm_str pm_chain_data_place_word(enum pm_chain_data_place value);
pm_str pm_chain_http_place_word(enum pm_chain_http_place value);
pm_str pm_chain_token_size_word(enum pm_chain_token_size value);
pm_str pm_chain_shuffle_word(enum pm_chain_shuffle value);
pm_str pm_chain_lr_schedule_word(enum pm_chain_lr_schedule value);
pm_str pm_chain_optimizer_word(enum pm_chain_optimizer value);

/* Uninitialized, Finished and Paused: nothing happens until somebody does something. */
bool pm_chain_state_is_halted(enum pm_chain_state state);
/* From the first round of an epoch to its end. */
bool pm_chain_state_is_active(enum pm_chain_state state);

#endif
