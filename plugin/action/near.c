/* near.c - the runs whose id or name is most like a word that fits none. */

#include "action/near.h"

#include "base/near.h"

/* A beginning is a weaker hint than the whole, by one change. */
static unsigned cost(const struct pm_near *words, pm_str text)
{
    struct pm_near_cost cost = pm_near_compare(words, text);
    return cost.whole <= cost.beginning + 1 ? cost.whole : cost.beginning + 1;
}

static unsigned cost_of_run(const struct pm_near *words, const struct pm_run_info *info)
{
    unsigned by_id = cost(words, info->id);
    unsigned by_name = info->name.len ? cost(words, info->name) : by_id;
    return by_id < by_name ? by_id : by_name;
}

size_t pm_near_runs(const struct pm_listing *listing, pm_str words,
                    const struct pm_listed *near[PM_NEAR_MOST])
{
    struct pm_near compiled;
    unsigned costs[PM_NEAR_MOST] = {0}, most = 1 + (unsigned)words.len / 4;
    size_t count = 0;
    if (!pm_near_compile(&compiled, words)) {
        return 0;
    }
    for (size_t i = 0; i < listing->count; i++) {
        unsigned its_cost = cost_of_run(&compiled, listing->rows[i].info);
        size_t place = count;
        while (place > 0 && costs[place - 1] > its_cost) {
            place--;
        }
        if (its_cost > most || place == PM_NEAR_MOST) {
            continue;
        }
        count += count < PM_NEAR_MOST;
        for (size_t k = count - 1; k > place; k--) {
            costs[k] = costs[k - 1];
            near[k] = near[k - 1];
        }
        costs[place] = its_cost;
        near[place] = &listing->rows[i];
    }
    return count;
}
