/* hub_inside.h - the address of a request to the hub, and the way from a body to facts or to why
 * there are none. Everything here works on bytes alone, so tests call it without a network. */
#ifndef PM_SOURCE_HUB_INSIDE_H
#define PM_SOURCE_HUB_INSIDE_H

#include "codec/json.h"
#include "source/hub.h"

/* What is of a branch or tag may change; what is of a commit never does. */
struct pm_hub_kinds {
    struct pm_kind moving, pinned;
};

extern const struct pm_kind pm_hub_kind_search;        /* gives struct pm_hub_models */
extern const struct pm_hub_kinds pm_hub_kinds_model;   /* gives struct pm_hub_model */
extern const struct pm_hub_kinds pm_hub_kinds_tree;    /* gives struct pm_hub_tree */
extern const struct pm_hub_kinds pm_hub_kinds_commits; /* gives struct pm_hub_commits */
extern const struct pm_hub_kinds pm_hub_kinds_index;   /* gives struct pm_hub_index */

/* --- addresses; empty when memory is out --- */

pm_str pm_hub_search_url(struct pm_arena *arena, pm_str base, const struct pm_hub_search *search);
pm_str pm_hub_model_url(struct pm_arena *arena, pm_str base, pm_str repo, pm_str revision);
pm_str pm_hub_tree_url(struct pm_arena *arena, pm_str base, pm_str repo, pm_str revision,
                       pm_str cursor);
pm_str pm_hub_commits_url(struct pm_arena *arena, pm_str base, pm_str repo, pm_str revision,
                          unsigned limit, unsigned page);
pm_str pm_hub_index_url(struct pm_arena *arena, pm_str base, pm_str repo, pm_str revision,
                        pm_str path);

/* --- replies --- */

pm_decode_fn pm_hub_decode_search;
pm_decode_fn pm_hub_decode_model;
pm_decode_fn pm_hub_decode_tree;
pm_decode_fn pm_hub_decode_commits;
pm_decode_fn pm_hub_decode_index;
/* For a request that is about no repository: any 4xx is its own word. */
pm_refusal_fn pm_hub_refuse;

/* --- the parts of decoding that they share; each sets `outcome` when it gives false or NULL --- */

/* What a 4xx means. PM_HUB_OTHER comes with a reason in `outcome`. */
enum pm_hub_found pm_hub_judge(const struct pm_body *body, struct pm_outcome *outcome);
/* The object (or array) that the body of a 200, read in place, is. */
PM_CHECKED yyjson_val *pm_hub_read_object(struct pm_arena *scratch, struct pm_body *body,
                                          struct pm_outcome *outcome);
PM_CHECKED yyjson_val *pm_hub_read_array(struct pm_arena *scratch, struct pm_body *body,
                                         struct pm_outcome *outcome);
/* False for a web page. */
PM_CHECKED bool pm_hub_is_no_page(const struct pm_body *body, struct pm_outcome *outcome);

/* One model, of a search or by itself; false when it has no id. */
PM_CHECKED bool pm_hub_read_model(struct pm_arena *arena, yyjson_val *object,
                                  struct pm_hub_model *model);
/* One file, as a model or a tree lists it, with its path under that key; false when it has none. */
PM_CHECKED bool pm_hub_read_file(yyjson_val *entry, const char *path_key, struct pm_hub_file *file);
/* Is there another page, and where: `cursor` is empty when that cannot be said. */
bool pm_hub_has_more(const struct pm_headers *headers, pm_str *cursor);

#endif
