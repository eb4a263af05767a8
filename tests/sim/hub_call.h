/* hub_call.h - one request to the simulated hub, between its route and its answer. */
#ifndef PM_SIM_HUB_CALL_H
#define PM_SIM_HUB_CALL_H

#include "hub.h"

struct sim_hub_call {
    const struct sim_hub *hub;
    const struct sim_hub_ask *ask;
    struct sim_reply *reply;
    const struct sim_hub_repo *repo;  /* NULL: none of that name, or none is asked for */
    struct sim_hub_revision revision; /* where the route has one */
    char *id, *revision_name, *path;  /* as asked; "" for none */
    const char *query;                /* "" for none */
    bool is_file;                     /* errors are plain text */
};

/* Who asks, of one repository. */
enum sim_hub_reader { SIM_NOBODY, SIM_BAD_TOKEN, SIM_STRANGER, SIM_READER };
enum sim_hub_reader sim_hub_reader(const struct sim_hub_call *call,
                                   const struct sim_hub_repo *repo);
/* "private" or "disabled" of its info, and whether it is gated. */
bool sim_hub_has(const struct sim_hub_repo *repo, const char *flag);
bool sim_hub_is_gated(const struct sim_hub_repo *repo);

/* An error in the hub's shape; `code` NULL: the hub gives none. */
void sim_hub_fail(struct sim_hub_call *call, unsigned status, const char *code, const char *format,
                  ...) __attribute__((format(printf, 4, 5)));
void sim_hub_json(struct sim_hub_call *call, yyjson_mut_doc *doc, yyjson_mut_val *root);
void sim_hub_redirect(struct sim_hub_call *call, unsigned status, const char *location);
void sim_hub_set(struct sim_hub_call *call, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The Link to the next page: this request with another query. */
void sim_hub_link_next(struct sim_hub_call *call, const char *query);
/* True, and told so, when the moods allow no request more. */
bool sim_hub_is_over(struct sim_hub_call *call);
/* The headers that every answer has, once it is there. */
void sim_hub_finish_headers(struct sim_hub_call *call);

/* Bytes of what git holds in place of a large file. */
uint64_t sim_hub_pointer_bytes(yyjson_val *file);

/* hub_model.c: a model as search, info and expand tell it. */
bool sim_hub_is_field(const char *name);
char *sim_hub_field_names(void); /* "a"|"b"|..., from malloc */
enum sim_hub_shape { SIM_SHAPE_LIST, SIM_SHAPE_FULL, SIM_SHAPE_INFO, SIM_SHAPE_EXPAND };
yyjson_mut_val *sim_hub_model(yyjson_mut_doc *doc, const struct sim_hub_repo *repo,
                              const struct sim_hub_revision *revision, const char *query,
                              enum sim_hub_shape shape);

/* One route each. */
typedef void sim_hub_route_fn(struct sim_hub_call *call);
sim_hub_route_fn sim_hub_search, sim_hub_info, sim_hub_tree, sim_hub_treesize, sim_hub_commits,
    sim_hub_refs, sim_hub_resolve, sim_hub_bytes;

#endif
