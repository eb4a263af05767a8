/* newest_models.c - the repositories that the foundation changed last, beside what was asked. */

#include "action/newest_models.h"

#include "action/candidates.h"
#include "action/clauses.h"
#include "codec/hub_name.h"

#define ROWS 3

struct pm_ask *pm_newest_models_ask(struct pm_batch *batch)
{
    const struct pm_hub_search wanted = {
        .author = PM_STR(PM_FOUNDATION), .limit = ROWS, .newest = true};
    return batch->settings->is_hub_off ? NULL : pm_hub_ask_search(batch, &wanted, false);
}

/* The hub is asked for the foundation's alone; who else comes with them is no newest of its. */
static bool is_one(const struct pm_hub_model *model)
{
    return pm_hub_is_repository(model->id) && pm_candidates_is_foundation(model->id);
}

static size_t pick(const struct pm_ask *ask, const struct pm_hub_model *picked[ROWS])
{
    const struct pm_hub_models *models = ask ? pm_hub_models(ask) : NULL;
    size_t count = 0;
    for (size_t i = 0; models && i < models->count && count < ROWS; i++) {
        if (is_one(&models->rows[i])) {
            picked[count++] = &models->rows[i];
        }
    }
    return count;
}

static void write_row(struct pm_call *call, struct pm_table *table,
                      const struct pm_hub_model *model)
{
    pm_cell_text(table, pm_clean(call->arena, PM_TEXT_REPOSITORY, model->id));
    if (model->last_modified.has_time) {
        pm_cell_date(table, model->last_modified.time_ms);
    } else {
        pm_cell_null(table);
    }
    pm_row_end(table, NULL);
}

void pm_newest_models_write(struct pm_call *call, struct pm_answer *answer,
                            const struct pm_ask *ask)
{
    static const char *const columns[] = {"repo", "updated", NULL};
    const struct pm_table_spec spec = {.columns = columns};
    const struct pm_hub_model *picked[ROWS] = {0};
    size_t count = pick(ask, picked);
    if (count == 0) {
        return;
    }
    const struct pm_origin *origin = pm_origin_of(&call->batch, ask);
    struct pm_table *table = pm_table_open(answer, "newest_models", &spec, &origin, 1);
    for (size_t i = 0; i < count; i++) {
        write_row(call, table, picked[i]);
    }
}

void pm_newest_models_say(struct pm_call *call, struct pm_say *say, const struct pm_ask *ask)
{
    const struct pm_hub_model *picked[ROWS] = {0};
    struct pm_clauses clauses = {.say = say,
                                 .lead = " The newest repositories of " PM_FOUNDATION
                                         " on the hub [best-effort]: "};
    size_t count = pick(ask, picked);
    for (size_t i = 0; i < count; i++) {
        pm_clauses_begin(&clauses);
        pm_say_text(say, pm_clean(call->arena, PM_TEXT_REPOSITORY, picked[i]->id));
    }
    pm_say_own(say, count ? "." : "");
}
