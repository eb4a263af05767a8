/* coordinator.c - the account in which a run keeps its whole state. */

#include "chain/coordinator_parts.h"

#include <string.h>

static enum pm_account_verdict finish(const struct pm_arena *arena, const struct pm_reader *reader,
                                      struct pm_account_problem *problem)
{
    if (arena && arena->failed) {
        return pm_account_say(problem, PM_ACCOUNT_BAD, "no memory to read it");
    }
    return pm_account_judge(reader, problem);
}

enum pm_account_verdict pm_coordinator_read_head(const struct pm_account *account,
                                                 const struct pm_key *program,
                                                 struct pm_coordinator_head *out,
                                                 struct pm_account_problem *problem)
{
    const struct pm_layout *layout = NULL;
    enum pm_account_verdict verdict =
        pm_account_check(account, program, PM_ACCOUNT_COORDINATOR, &layout, problem);
    memset(out, 0, sizeof *out);
    if (verdict == PM_ACCOUNT_OK && layout) {
        struct pm_reader reader = pm_account_reader(account, layout->places.head);
        pm_coordinator_take_head(&reader, out);
        verdict = finish(NULL, &reader, problem);
    }
    if (verdict != PM_ACCOUNT_OK) {
        memset(out, 0, sizeof *out);
    }
    return verdict;
}

enum pm_account_verdict pm_coordinator_read_tail(struct pm_arena *arena,
                                                 const struct pm_account *account,
                                                 const struct pm_key *program,
                                                 struct pm_coordinator_tail *out,
                                                 struct pm_account_problem *problem)
{
    const struct pm_layout *layout = NULL;
    enum pm_account_verdict verdict =
        pm_account_check(account, program, PM_ACCOUNT_COORDINATOR, &layout, problem);
    memset(out, 0, sizeof *out);
    if (verdict == PM_ACCOUNT_OK && layout) {
        struct pm_reader reader = pm_account_reader(account, layout->places.tail);
        pm_coordinator_take_tail(arena, &reader, out);
        verdict = finish(arena, &reader, problem);
    }
    if (verdict != PM_ACCOUNT_OK) {
        memset(out, 0, sizeof *out);
    }
    return verdict;
}

/* Clients come before their number, which is the first value of the tail. */
static enum pm_account_verdict read_rest(struct pm_arena *arena, const struct pm_account *account,
                                         const struct pm_coordinator_places *places,
                                         struct pm_coordinator *out,
                                         struct pm_account_problem *problem)
{
    struct pm_reader reader = pm_account_reader(account, places->rounds);
    for (size_t i = 0; i < PM_COORDINATOR_ROUNDS; i++) {
        pm_coordinator_take_round(&reader, places, &out->rounds[i]);
    }
    if (!reader.bad) {
        reader = pm_account_reader(account, places->clients);
        out->clients = pm_coordinator_take_clients(arena, &reader, out->tail.client_count,
                                                   "state of a client");
    }
    return finish(arena, &reader, problem);
}

enum pm_account_verdict pm_coordinator_read(struct pm_arena *arena,
                                            const struct pm_account *account,
                                            const struct pm_key *program,
                                            struct pm_coordinator *out,
                                            struct pm_account_problem *problem)
{
    memset(out, 0, sizeof *out);
    enum pm_account_verdict verdict =
        pm_coordinator_read_head(account, program, &out->head, problem);
    if (verdict == PM_ACCOUNT_OK) {
        verdict = pm_coordinator_read_tail(arena, account, program, &out->tail, problem);
    }
    if (verdict == PM_ACCOUNT_OK) {
        const struct pm_layout *layout = pm_layout_find(PM_ACCOUNT_COORDINATOR, account->space);
        verdict = read_rest(arena, account, &layout->places, out, problem);
    }
    if (verdict != PM_ACCOUNT_OK) {
        memset(out, 0, sizeof *out);
    }
    return verdict;
}
