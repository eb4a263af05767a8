/* coordinator_rounds.c - the last rounds of an epoch, and what their witnesses reported.
 *
 * Witnesses are most of the account's bytes and hardly ever asked for, so they are only counted
 * when the account is read. */

#include "chain/coordinator_parts.h"

#include <assert.h>

void pm_coordinator_take_round(struct pm_reader *reader, const struct pm_coordinator_places *places,
                               struct pm_coordinator_round *round)
{
    size_t bytes = places->witness_bytes;
    pm_str slots = pm_read_bytes(reader, bytes * PM_COORDINATOR_WITNESSES_MOST);
    round->witness_count =
        (size_t)pm_read_u64_to(reader, PM_COORDINATOR_WITNESSES_MOST, "number of witnesses");
    round->witnesses = pm_str_slice(slots, 0, round->witness_count * bytes);
    round->data_index = pm_read_u64(reader);
    round->random_seed = pm_read_u64(reader);
    round->height = pm_read_u32(reader);
    round->client_count = pm_read_u16(reader);
    round->tie_breaker_tasks = pm_read_u16(reader);
}

static void take_bloom(struct pm_reader *reader, struct pm_coordinator_bloom *bloom)
{
    for (size_t i = 0; i < sizeof bloom->keys / sizeof *bloom->keys; i++) {
        bloom->keys[i] = pm_read_u64(reader);
    }
    for (size_t i = 0; i < sizeof bloom->bits / sizeof *bloom->bits; i++) {
        bloom->bits[i] = pm_read_u64(reader);
    }
}

struct pm_coordinator_witness pm_coordinator_witness(const struct pm_coordinator_round *round,
                                                     size_t at)
{
    assert(at < round->witness_count);
    size_t bytes = round->witnesses.len / round->witness_count;
    struct pm_reader reader = pm_reader_at(round->witnesses, at * bytes);
    struct pm_coordinator_witness witness;
    witness.position = pm_read_u64(&reader);
    witness.index = pm_read_u64(&reader);
    witness.is_witness = pm_read_u8(&reader);
    pm_read_skip(&reader, 7);
    take_bloom(&reader, &witness.participants);
    take_bloom(&reader, &witness.broadcasts);
    pm_read_into(&reader, witness.merkle, sizeof witness.merkle);
    return witness;
}
