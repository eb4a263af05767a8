/* run_details_chain_lists.c - who is in a run by the chain: only a full answer has it.
 *
 * Keys stand whole: Psyche's own tools show the first four bytes, which two clients may share. */

#include "action/run_details_chain.h"

static const struct pm_clean *key_text(struct pm_call *call, const struct pm_key *key)
{
    struct pm_buf buf;
    pm_buf_init(&buf, call->arena, PM_KEY_TEXT_MOST + 1);
    pm_key_add(&buf, key);
    return pm_clean(call->arena, PM_TEXT_ID, pm_buf_text(&buf));
}

static void write_clients(struct pm_call *call, struct pm_group *group,
                          const struct pm_coordinator *state)
{
    static const char *const columns[] = {"key", "state", NULL};
    static const struct pm_table_spec spec = {.columns = columns, .rank = 1};
    if (state->tail.client_count == 0) {
        return;
    }
    struct pm_table *table = pm_table_sub(group, "client_list", &spec);
    for (size_t i = 0; i < state->tail.client_count; i++) {
        const struct pm_coordinator_client *client = &state->clients[i];
        pm_cell_text(table, key_text(call, &client->id.signer));
        pm_cell_text(table,
                     pm_clean(call->arena, PM_TEXT_ID, pm_chain_client_state_word(client->state)));
        pm_row_end(table, NULL);
    }
}

static void write_exited(struct pm_call *call, struct pm_group *group,
                         const struct pm_coordinator_tail *tail)
{
    static const char *const columns[] = {"key", "state", "round", NULL};
    static const struct pm_table_spec spec = {.columns = columns, .rank = 0};
    if (tail->exited_count == 0) {
        return;
    }
    struct pm_table *table = pm_table_sub(group, "exited_list", &spec);
    for (size_t i = 0; i < tail->exited_count; i++) {
        const struct pm_coordinator_client *client = &tail->exited[i];
        pm_cell_text(table, key_text(call, &client->id.signer));
        pm_cell_text(table,
                     pm_clean(call->arena, PM_TEXT_ID, pm_chain_client_state_word(client->state)));
        pm_cell_count(table, client->exited_height);
        pm_row_end(table, NULL);
    }
}

/* All who have joined, with what they have earned; those of the next epoch are said to be ready. */
static void write_members(struct pm_call *call, struct pm_group *group,
                          const struct pm_coordinator_tail *tail)
{
    static const char *const columns[] = {"key", "earned", "slashed", "active", "next_epoch", NULL};
    static const struct pm_table_spec spec = {.columns = columns, .rank = 0};
    if (tail->member_count == 0) {
        return;
    }
    struct pm_table *table = pm_table_sub(group, "member_list", &spec);
    for (size_t i = 0; i < tail->member_count; i++) {
        const struct pm_coordinator_member *member = &tail->members[i];
        pm_cell_text(table, key_text(call, &member->id.signer));
        pm_cell_big(table, pm_big_from_u64(member->earned));
        pm_cell_big(table, pm_big_from_u64(member->slashed));
        pm_cell_big(table, pm_big_from_u64(member->active));
        pm_cell_own(table, member->active == tail->next_active ? "yes" : "no");
        pm_row_end(table, NULL);
    }
}

void pm_chain_details_write_lists(struct pm_call *call, struct pm_group *group,
                                  const struct pm_coordinator *state)
{
    write_clients(call, group, state);
    write_exited(call, group, &state->tail);
    write_members(call, group, &state->tail);
}
