/* world.c - all that a simulator plays: which role a request is for. */

#include "world.h"

#include "dashboard.h"
#include "text.h"

#include <stdlib.h>

bool sim_world_open(struct sim_world *world, const struct sim_world_setup *setup)
{
    const char *hub_folder = setup->hub_folder ? setup->hub_folder : setup->folder;
    *world = (struct sim_world){0};
    bool is_open = sim_data_open(&world->data, setup->folder, setup->server) &&
                   sim_rpc_open(&world->rpc, setup->folder, &setup->rpc) &&
                   sim_hub_open(&world->hub, hub_folder) && sim_gcs_open(&world->gcs, hub_folder);
    if (!is_open) {
        sim_world_finish(world);
    }
    return is_open;
}

void sim_world_finish(struct sim_world *world)
{
    sim_data_finish(&world->data);
    sim_rpc_finish(&world->rpc);
    sim_hub_finish(&world->hub);
    sim_gcs_finish(&world->gcs);
}

/* Fills the reply when the request is for a node; otherwise the route is NULL. */
static struct sim_asked ask_node(const struct sim_world *world, struct sim_counts *counts,
                                 const struct sim_question *question, struct sim_reply *reply)
{
    struct sim_post post = {.method = question->method,
                            .content_type = question->content_type,
                            .body = question->body,
                            .body_bytes = question->body_bytes};
    size_t node = sim_rpc_find(&world->rpc, question->method, question->target, &post.below);
    if (node == world->rpc.count) {
        return (struct sim_asked){0};
    }
    post.number = atomic_fetch_add(&counts->nodes[node], sim_rpc_has_slot(&post));
    char *route = sim_rpc_answer(&world->rpc.nodes[node], &post, reply);
    return (struct sim_asked){route, sim_copy(route)};
}

static struct sim_asked ask_hub(const struct sim_world *world, struct sim_counts *counts,
                                const struct sim_question *question, struct sim_reply *reply)
{
    const char *host = question->host ? question->host : "127.0.0.1";
    char *origin = sim_format("http%s://%s", question->is_secure ? "s" : "", host);
    struct sim_hub_ask ask = {
        .target = question->target, .authorization = question->authorization, .origin = origin};
    ask.number = atomic_fetch_add(&counts->hub[sim_hub_bucket(ask.target)], 1);
    char *route = sim_hub_answer(&world->hub, &ask, reply);
    free(origin);
    return (struct sim_asked){route, sim_copy(question->target)};
}

static struct sim_asked ask_dashboard(const struct sim_world *world, const char *prefix,
                                      const struct sim_question *question, struct sim_reply *reply)
{
    const char *route = sim_dashboard_route(prefix, question->target);
    sim_dashboard_answer(&world->data, question->method, route, reply);
    return (struct sim_asked){sim_copy(route ? route : question->target),
                              sim_copy(question->target)};
}

struct sim_asked sim_world_answer(const struct sim_world *world,
                                  const struct sim_world_setup *setup, struct sim_counts *counts,
                                  const struct sim_question *question, struct sim_reply *reply)
{
    struct sim_asked asked = ask_node(world, counts, question, reply);
    if (asked.route) {
        return asked;
    }
    if (sim_starts(question->target, "/hub/")) {
        return ask_hub(world, counts, question, reply);
    }
    if (sim_starts(question->target, "/gcs/")) {
        char *route = sim_gcs_answer(&world->gcs, question->target, question->authorization, reply);
        return (struct sim_asked){route, sim_copy(question->target)};
    }
    return ask_dashboard(world, setup->prefix, question, reply);
}
