/* run_details_chain_rewards.c - what those who train are promised, and what is there to pay it.
 *
 * The run's account counts points. A treasurer, where there is one, holds tokens of a mint and gives
 * one base unit of it for each point, as Psyche's own tools reckon. */

#include "action/run_details_chain.h"

static void put_big(struct pm_group *group, const char *name, uint64_t value)
{
    pm_put_big(group, name, pm_big_from_u64(value));
}

/* Not below zero. */
static struct pm_big minus(struct pm_big a, struct pm_big b)
{
    return pm_big_compare(a, b) > 0 ? pm_big_sub(a, b) : pm_big_from_u64(0);
}

static void write_rates(struct pm_group *rewards, const struct pm_coordinator_tail *tail)
{
    const struct pm_coordinator_rates *now = &tail->current_rates, *next = &tail->future_rates;
    put_big(rewards, "per_epoch_earn", now->earning_total);
    put_big(rewards, "per_epoch_slash", now->slashing_per_client);
    if (next->earning_total != now->earning_total ||
        next->slashing_per_client != now->slashing_per_client) {
        put_big(rewards, "next_per_epoch_earn", next->earning_total);
        put_big(rewards, "next_per_epoch_slash", next->slashing_per_client);
    }
}

static void write_funds(struct pm_group *rewards, const struct pm_chain_rewards *of,
                        const struct pm_coordinator_tail *tail, struct pm_big unclaimed)
{
    struct pm_big funds = pm_big_from_u64(of->funds);
    struct pm_big surplus = minus(funds, unclaimed);
    put_big(rewards, "funded", of->funds);
    pm_put_big(rewards, "missing", minus(unclaimed, funds));
    pm_put_big(rewards, "surplus", surplus);
    if (tail->current_rates.earning_total) {
        pm_put_float(rewards, "estimated_funded_epochs",
                     pm_big_to_double(surplus) / (double)tail->current_rates.earning_total);
    } else {
        pm_put_own(rewards, "estimate", "no reward rate set");
    }
}

static void write_points(struct pm_call *call, struct pm_group *rewards,
                         const struct pm_chain_rewards *of, const struct pm_coordinator_tail *tail)
{
    struct pm_coordinator_sums sums = pm_coordinator_sum(tail);
    struct pm_big claimed = pm_big_from_u64(of->treasurer.total_claimed_points);
    struct pm_big unclaimed = minus(sums.earned, claimed);
    pm_put_big(rewards, "unclaimed", unclaimed);
    if (!pm_details_is_full(call)) {
        return;
    }
    pm_put_big(rewards, "claimed", claimed);
    pm_put_big(rewards, "claimable", sums.earned);
    if (of->has_funds) {
        write_funds(rewards, of, tail, unclaimed);
    }
}

static void write_treasurer(struct pm_call *call, struct pm_group *rewards,
                            const struct pm_chain_rewards *of)
{
    if (of->is_known) {
        pm_put_flag(rewards, "treasurer", of->has_treasurer);
    }
    if (!of->has_treasurer) {
        return;
    }
    pm_chain_details_put_key(call, rewards, "mint", &of->treasurer.collateral_mint);
    if (of->has_mint) {
        pm_put_count(rewards, "decimals", of->mint.decimals);
    }
    if (pm_details_is_full(call)) {
        pm_chain_details_put_key(call, rewards, "address", &of->address);
        put_big(rewards, "index", of->treasurer.index);
        pm_chain_details_put_key(call, rewards, "main_authority", &of->treasurer.main_authority);
        pm_chain_details_put_key(call, rewards, "join_authority", &of->treasurer.join_authority);
        put_big(rewards, "claimed_amount", of->treasurer.total_claimed_collateral);
    }
}

void pm_chain_details_write_rewards(struct pm_call *call, struct pm_group *group,
                                    const struct pm_chain_run *run)
{
    const struct pm_chain_rewards *of = &run->rewards;
    struct pm_group *rewards = pm_group_sub(group, "rewards");
    if (run->has_coordinator) {
        write_rates(rewards, &run->coordinator.tail);
    }
    write_treasurer(call, rewards, of);
    if (run->has_coordinator && of->has_treasurer) {
        write_points(call, rewards, of, &run->coordinator.tail);
    }
    if (run->has_coordinator && pm_details_is_full(call)) {
        struct pm_coordinator_sums sums = pm_coordinator_sum(&run->coordinator.tail);
        if (!of->has_treasurer) { /* else it is what can be claimed */
            pm_put_big(rewards, "earned", sums.earned);
        }
        pm_put_big(rewards, "slashed", sums.slashed);
    }
}
