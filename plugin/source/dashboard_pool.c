/* dashboard_pool.c - the mining pool: /contributionInfo and /contributionInfo/{address}.
 *
 * Both send the same form; with an address the list has that contributor alone, or nobody. */

#include "source/dashboard_pool.h"

#include "source/body.h"
#include "source/dashboard_fields.h"
#include "source/dashboard_inside.h"

#define DECIMALS_MOST 30 /* no token has more; a u64 of base units would be all fraction anyway */

static bool has_address(yyjson_val *user)
{
    return pm_field_text(user, "address").len > 0;
}

static size_t count_addressed(yyjson_val *list)
{
    yyjson_val *user;
    yyjson_arr_iter each = yyjson_arr_iter_with(list);
    size_t count = 0;
    while ((user = yyjson_arr_iter_next(&each)) != NULL) {
        count += has_address(user);
    }
    return count;
}

static void read_contributors(struct pm_arena *arena, yyjson_val *list, struct pm_pool *pool)
{
    yyjson_val *user;
    yyjson_arr_iter each = yyjson_arr_iter_with(list);
    pool->contributors = pm_arena_array(arena, count_addressed(list), sizeof *pool->contributors);
    while (pool->contributors && (user = yyjson_arr_iter_next(&each)) != NULL) {
        if (!has_address(user)) {
            pool->unreadable++;
            continue;
        }
        pool->contributors[pool->contributor_count++] = (struct pm_contributor){
            .address = pm_field_text(user, "address"),
            .amount = pm_field_amount(user, "funding"),
            .rank = pm_field_count(user, "rank"),
        };
    }
}

static struct pm_count read_decimals(yyjson_val *root)
{
    struct pm_count decimals = pm_field_count(root, "collateralMintDecimals");
    if (decimals.value > DECIMALS_MOST) {
        decimals = (struct pm_count){0};
    }
    return decimals;
}

/* The zeros that are sent before the pool was read are no amounts. */
static void read_amounts(yyjson_val *root, struct pm_pool *pool)
{
    pool->deposited = pm_field_amount(root, "totalDepositedCollateralAmount");
    pool->cap = pm_field_amount(root, "maxDepositCollateralAmount");
    pool->decimals = read_decimals(root);
    pool->mint = pm_field_text(root, "collateralMintAddress");
}

void *pm_dashboard_decode_pool(struct pm_arena *arena, struct pm_arena *scratch,
                               struct pm_body *body, struct pm_outcome *outcome)
{
    if (!pm_dashboard_is_no_page(body, outcome)) {
        return NULL;
    }
    yyjson_val *root = pm_dashboard_read(scratch, body, outcome);
    yyjson_val *list = pm_json_get(root, "users");
    if (!root) {
        return NULL;
    }
    if (!yyjson_is_arr(list)) {
        return pm_dashboard_note_form(root, "no array \"users\"", outcome);
    }
    struct pm_pool *pool = pm_arena_zero(arena, sizeof *pool);
    if (pool) {
        pm_str mint = pm_field_text(root, "collateralMintAddress");
        pool->is_read = !pm_str_equal(mint, PM_STR("UNKNOWN"));
        pool->mint = PM_STR("");
        pool->program = pm_field_text(root, "miningPoolProgramId");
        pool->indexer_fault = pm_field_is_set(root, "error");
        if (pool->is_read) {
            read_amounts(root, pool);
        }
        read_contributors(arena, list, pool);
    }
    return pm_body_finish(arena, pool, outcome);
}
