/* coordinator_clients.c - who is in a run.
 *
 * A list has all its slots first and the number of those in use behind them; what stands in the
 * others is left over. So the number is read ahead. */

#include "chain/coordinator_parts.h"

#define CLIENT_BYTES 72
#define MEMBER_BYTES 96
#define VERSION_BYTES 96

/* A reader of the slots in use, and their number; `reader` goes on behind the number. */
static struct pm_reader open_list(struct pm_reader *reader, size_t slot_bytes, const char *what,
                                  size_t *count)
{
    pm_str slots = pm_read_bytes(reader, slot_bytes * PM_COORDINATOR_CLIENTS_MOST);
    *count = (size_t)pm_read_u64_to(reader, PM_COORDINATOR_CLIENTS_MOST, what);
    return (struct pm_reader){.left = pm_str_slice(slots, 0, *count * slot_bytes),
                              .bad = reader->bad};
}

static void take_identity(struct pm_reader *reader, struct pm_coordinator_identity *id)
{
    id->signer = pm_read_key(reader);
    id->p2p = pm_read_key(reader);
}

struct pm_coordinator_client *pm_coordinator_take_clients(struct pm_arena *arena,
                                                          struct pm_reader *reader, size_t count,
                                                          const char *what)
{
    struct pm_coordinator_client *clients =
        reader->bad || count == 0 ? NULL : pm_arena_array(arena, count, sizeof *clients);
    for (size_t i = 0; clients && i < count; i++) {
        take_identity(reader, &clients[i].id);
        clients[i].state = (enum pm_chain_client_state)pm_read_u8_to(
            reader, PM_CHAIN_CLIENT_STATE_COUNT - 1, what);
        pm_read_skip(reader, 3);
        clients[i].exited_height = pm_read_u32(reader);
    }
    return clients;
}

static void take_exited(struct pm_arena *arena, struct pm_reader *reader,
                        struct pm_coordinator_tail *tail)
{
    struct pm_reader list =
        open_list(reader, CLIENT_BYTES, "number of exited clients", &tail->exited_count);
    tail->exited =
        pm_coordinator_take_clients(arena, &list, tail->exited_count, "state of an exited client");
    if (list.bad && !reader->bad) {
        list.left = reader->left;
        *reader = list;
    }
}

static void take_members(struct pm_arena *arena, struct pm_reader *reader,
                         struct pm_coordinator_tail *tail)
{
    struct pm_reader list =
        open_list(reader, MEMBER_BYTES, "number of joined clients", &tail->member_count);
    if (list.bad || tail->member_count == 0) {
        return;
    }
    tail->members = pm_arena_array(arena, tail->member_count, sizeof *tail->members);
    for (size_t i = 0; tail->members && i < tail->member_count; i++) {
        struct pm_coordinator_member *member = &tail->members[i];
        take_identity(&list, &member->id);
        pm_read_into(&list, member->unused, sizeof member->unused);
        member->earned = pm_read_u64(&list);
        member->slashed = pm_read_u64(&list);
        member->active = pm_read_u64(&list);
    }
}

static struct pm_coordinator_rates take_rates(struct pm_reader *reader)
{
    struct pm_coordinator_rates rates;
    rates.earning_total = pm_read_u64(reader);
    rates.slashing_per_client = pm_read_u64(reader);
    return rates;
}

static void take_epoch(struct pm_reader *reader, struct pm_coordinator_tail *tail)
{
    tail->rounds_head = pm_read_u32(reader);
    tail->start_step = pm_read_u32(reader);
    tail->last_step = pm_read_u32(reader);
    pm_read_skip(reader, 4);
    tail->epoch_started_at = pm_read_u64(reader);
    tail->first_round = pm_read_u8(reader);
    tail->cold_start_epoch = pm_read_u8(reader);
    pm_read_skip(reader, 6);
    tail->state_started_at = pm_read_u64(reader);
    tail->pending_pause = pm_read_u8(reader);
    pm_read_skip(reader, 7);
}

void pm_coordinator_take_tail(struct pm_arena *arena, struct pm_reader *reader,
                              struct pm_coordinator_tail *tail)
{
    tail->client_count =
        (size_t)pm_read_u64_to(reader, PM_COORDINATOR_CLIENTS_MOST, "number of clients");
    take_exited(arena, reader, tail);
    take_epoch(reader, tail);
    take_members(arena, reader, tail);
    tail->next_active = pm_read_u64(reader);
    tail->current_rates = take_rates(reader);
    tail->future_rates = take_rates(reader);
    tail->warmup_first_tick = pm_read_u8(reader);
    tail->training_first_tick = pm_read_u8(reader);
    tail->client_version = pm_read_fixed(reader, VERSION_BYTES);
    pm_read_skip(reader, 6);
    tail->nonce = pm_read_u64(reader);
}
