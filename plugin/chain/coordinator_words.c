/* coordinator_words.c - the choices in a coordinator account, by number and by word. */

#include "chain/coordinator_words.h"

#include <assert.h>

pm_str pm_chain_state_word(enum pm_chain_state state)
{
    static const pm_str words[] = {
#define WORD(id, word, shown) PM_STR_INIT(word),
        PM_CHAIN_STATES(WORD)
#undef WORD
    };
    assert(state < PM_CHAIN_STATE_COUNT);
    return words[state];
}

pm_str pm_chain_state_shown(enum pm_chain_state state)
{
    static const pm_str words[] = {
#define WORD(id, word, shown) PM_STR_INIT(shown),
        PM_CHAIN_STATES(WORD)
#undef WORD
    };
    assert(state < PM_CHAIN_STATE_COUNT);
    return words[state];
}

/* pm_chain_NAME_word for one list. */
#define WORD(id, word) PM_STR_INIT(word),
#define WORDS_OF(name, list, count)                                                                \
    pm_str pm_chain_##name##_word(enum pm_chain_##name value)                                      \
    {                                                                                              \
        static const pm_str words[] = {list(WORD)};                                                \
        assert(value < (count));                                                                   \
        return words[value];                                                                       \
    }

WORDS_OF(client_state, PM_CHAIN_CLIENT_STATES, PM_CHAIN_CLIENT_STATE_COUNT)
WORDS_OF(model, PM_CHAIN_MODELS, PM_CHAIN_MODEL_COUNT)
WORDS_OF(architecture, PM_CHAIN_ARCHITECTURES, PM_CHAIN_ARCHITECTURE_COUNT)
WORDS_OF(checkpoint, PM_CHAIN_CHECKPOINTS, PM_CHAIN_CHECKPOINT_COUNT)
WORDS_OF(data_type, PM_CHAIN_DATA_TYPES, PM_CHAIN_DATA_TYPE_COUNT)
WORDS_OF(data_place, PM_CHAIN_DATA_PLACES, PM_CHAIN_DATA_PLACE_COUNT)
WORDS_OF(http_place, PM_CHAIN_HTTP_PLACES, PM_CHAIN_HTTP_PLACE_COUNT)
WORDS_OF(token_size, PM_CHAIN_TOKEN_SIZES, PM_CHAIN_TOKEN_SIZE_COUNT)
WORDS_OF(shuffle, PM_CHAIN_SHUFFLES, PM_CHAIN_SHUFFLE_COUNT)
WORDS_OF(lr_schedule, PM_CHAIN_LR_SCHEDULES, PM_CHAIN_LR_SCHEDULE_COUNT)
WORDS_OF(optimizer, PM_CHAIN_OPTIMIZERS, PM_CHAIN_OPTIMIZER_COUNT)

bool pm_chain_state_is_halted(enum pm_chain_state state)
{
    return state == PM_CHAIN_STATE_UNINITIALIZED || state == PM_CHAIN_STATE_FINISHED ||
           state == PM_CHAIN_STATE_PAUSED;
}

bool pm_chain_state_is_active(enum pm_chain_state state)
{
    return !pm_chain_state_is_halted(state) && state != PM_CHAIN_STATE_WAITING_FOR_MEMBERS &&
           state != PM_CHAIN_STATE_WARMUP;
}
