/* origin.c - proof that a fact came from somewhere, at some time. */

#include "source/origin.h"

struct pm_origin {
    const char *label;
    int64_t age_s;
    pm_str as_of;
    bool is_stale;
    const char *cluster;
    bool has_slot;
    uint64_t slot;
};

static const struct pm_origin *make(const struct pm_batch *batch, const struct pm_ask *ask,
                                    const char *label)
{
    struct pm_origin *origin = pm_arena_zero(batch->arena, sizeof *origin);
    if (origin) {
        const struct pm_entry *from = ask->from ? ask->from : ask->entry;
        int64_t age_ms =
            from ? pm_clock_now_ms(&batch->settings->clock) - pm_entry_received_ms(from) : 0;
        origin->label = label;
        origin->age_s = age_ms > 0 ? age_ms / 1000 : 0;
        origin->is_stale = ask->is_stale;
        if (ask->kind->source == PM_SOURCE_ON_CHAIN) {
            origin->cluster = ask->cluster ? ask->cluster : "unknown";
            origin->has_slot = pm_ask_slot(ask, &origin->slot);
        }
    }
    return origin;
}

const struct pm_origin *pm_origin_of(const struct pm_batch *batch, const struct pm_ask *ask)
{
    return make(batch, ask, pm_source_label(ask->kind->source));
}

const struct pm_origin *pm_origin_not_found(const struct pm_batch *batch, const struct pm_ask *ask)
{
    return make(batch, ask, PM_LABEL_TRACKED_NOT_FOUND);
}

const struct pm_origin *pm_origin_of_guide(struct pm_arena *arena,
                                           const struct pm_document *document)
{
    bool has_date = document && document->as_of.len > 0;
    struct pm_origin *origin = has_date ? pm_arena_zero(arena, sizeof *origin) : NULL;
    if (origin) {
        origin->label = pm_source_label(PM_SOURCE_GUIDE);
        origin->as_of = document->as_of;
    }
    return origin;
}

const struct pm_origin *pm_origin_of_machine(struct pm_arena *arena)
{
    struct pm_origin *origin = pm_arena_zero(arena, sizeof *origin);
    if (origin) {
        origin->label = pm_source_label(PM_SOURCE_LOCAL);
    }
    return origin;
}

const char *pm_origin_label(const struct pm_origin *origin)
{
    return origin->label;
}

int64_t pm_origin_age_s(const struct pm_origin *origin)
{
    return origin->age_s;
}

pm_str pm_origin_as_of(const struct pm_origin *origin)
{
    return origin->as_of;
}

bool pm_origin_is_stale(const struct pm_origin *origin)
{
    return origin->is_stale;
}

const char *pm_origin_cluster(const struct pm_origin *origin)
{
    return origin->cluster;
}

bool pm_origin_slot(const struct pm_origin *origin, uint64_t *slot)
{
    *slot = origin->slot;
    return origin->has_slot;
}
