/* hub.c - what is asked of the model hub, and the way back from an ask to its facts. */

#include "source/hub.h"

#include "codec/hub_name.h"
#include "source/hub_inside.h"

#include <assert.h>

#define KEEP_MS 60000 /* commits come by the hour */

#define KIND(route, keep, decoder)                                                                 \
    {                                                                                              \
        .name = (route), .source = PM_SOURCE_BEST_EFFORT, .keep_ms = (keep),                       \
        .carries_token = true, .decodes_refusals = true, .decode = (decoder),                      \
        .refusal = pm_hub_refuse,                                                                  \
    }

#define KINDS(route, decoder)                                                                      \
    {                                                                                              \
        .moving = KIND(route, KEEP_MS, decoder), .pinned = KIND(route, PM_KEEP_FOR_EVER, decoder), \
    }

/* Whether it is gated, private or disabled is not the commit's, and may change at any time. */
const struct pm_hub_kinds pm_hub_kinds_model = {
    .moving = KIND("/hub/model", KEEP_MS, pm_hub_decode_model),
    .pinned = KIND("/hub/model", KEEP_MS, pm_hub_decode_model),
};
const struct pm_hub_kinds pm_hub_kinds_tree = KINDS("/hub/tree", pm_hub_decode_tree);
const struct pm_hub_kinds pm_hub_kinds_commits = KINDS("/hub/commits", pm_hub_decode_commits);
const struct pm_hub_kinds pm_hub_kinds_index = KINDS("/hub/index", pm_hub_decode_index);

/* Whatever is refused here is about the question, never about a repository. */
const struct pm_kind pm_hub_kind_search = {
    .name = "/hub/search",
    .source = PM_SOURCE_BEST_EFFORT,
    .keep_ms = KEEP_MS,
    .carries_token = true,
    .decode = pm_hub_decode_search,
    .refusal = pm_hub_refuse,
};

/* --- asking --- */

static struct pm_ask *ask_hub(struct pm_batch *batch, const struct pm_kind *kind, pm_str url,
                              bool carries)
{
    if (batch->settings->is_hub_off) {
        return pm_batch_decline(batch, kind, url,
                                "not asked: the model hub is switched off "
                                "(hub.off)");
    }
    return pm_batch_ask(batch, kind, url, carries);
}

static const struct pm_kind *kind_at(const struct pm_hub_kinds *kinds, pm_str revision)
{
    return pm_hub_is_commit(revision) ? &kinds->pinned : &kinds->moving;
}

struct pm_ask *pm_hub_ask_search(struct pm_batch *batch, const struct pm_hub_search *search,
                                 bool carries)
{
    pm_str url = pm_hub_search_url(batch->arena, batch->settings->hub_url, search);
    return ask_hub(batch, &pm_hub_kind_search, url, carries);
}

struct pm_ask *pm_hub_ask_model(struct pm_batch *batch, pm_str repo, pm_str revision, bool carries)
{
    pm_str url = pm_hub_model_url(batch->arena, batch->settings->hub_url, repo, revision);
    return ask_hub(batch, kind_at(&pm_hub_kinds_model, revision), url, carries);
}

struct pm_ask *pm_hub_ask_tree(struct pm_batch *batch, pm_str repo, pm_str revision, pm_str cursor,
                               bool carries)
{
    pm_str url = pm_hub_tree_url(batch->arena, batch->settings->hub_url, repo, revision, cursor);
    return ask_hub(batch, kind_at(&pm_hub_kinds_tree, revision), url, carries);
}

struct pm_ask *pm_hub_ask_commits(struct pm_batch *batch, pm_str repo, pm_str revision,
                                  unsigned limit, unsigned page, bool carries)
{
    pm_str url =
        pm_hub_commits_url(batch->arena, batch->settings->hub_url, repo, revision, limit, page);
    return ask_hub(batch, kind_at(&pm_hub_kinds_commits, revision), url, carries);
}

struct pm_ask *pm_hub_ask_index(struct pm_batch *batch, pm_str repo, pm_str revision, pm_str path,
                                bool carries)
{
    pm_str url = pm_hub_index_url(batch->arena, batch->settings->hub_url, repo, revision, path);
    return ask_hub(batch, kind_at(&pm_hub_kinds_index, revision), url, carries);
}

/* --- facts --- */

static const void *get_facts(const struct pm_ask *ask, const struct pm_hub_kinds *kinds)
{
    assert(!ask || !ask->entry || ask->kind == &kinds->moving || ask->kind == &kinds->pinned);
    (void)kinds;
    return ask && ask->is_in ? ask->facts : NULL;
}

const struct pm_hub_models *pm_hub_models(const struct pm_ask *ask)
{
    assert(!ask || !ask->entry || ask->kind == &pm_hub_kind_search);
    return ask && ask->is_in ? ask->facts : NULL;
}

const struct pm_hub_model *pm_hub_model(const struct pm_ask *ask)
{
    return get_facts(ask, &pm_hub_kinds_model);
}

const struct pm_hub_tree *pm_hub_tree(const struct pm_ask *ask)
{
    return get_facts(ask, &pm_hub_kinds_tree);
}

const struct pm_hub_commits *pm_hub_commits(const struct pm_ask *ask)
{
    return get_facts(ask, &pm_hub_kinds_commits);
}

const struct pm_hub_index *pm_hub_index(const struct pm_ask *ask)
{
    return get_facts(ask, &pm_hub_kinds_index);
}
