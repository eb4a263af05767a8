/* hub_routes.c - which of the hub's pages is asked, and whether its reader may have it. */

#include "hub_call.h"

#include "hub_query.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_WORDS 64

/* What lies between two slashes, undone of its escapes, and where it stands in the target. */
struct word {
    char *text;
    size_t at, bytes;
};

struct words {
    struct word list[MOST_WORDS];
    size_t count;
};

enum { FILES = 1, NEEDS_LIFE = 2, NEEDS_ACCESS = 4 };

/* In patterns "@" is owner or name, "*" a revision, "..." any number of words of a path. */
static const struct route {
    const char *pattern, *name;
    unsigned flags;
    sim_hub_route_fn *answer;
} routes[] = {
    {"api/models", "search", 0, sim_hub_search},
    {"api/models/@/@", "model", 0, sim_hub_info},
    {"api/models/@/@/revision/*", "model", 0, sim_hub_info},
    {"api/models/@/@/tree/*/...", "tree", NEEDS_LIFE, sim_hub_tree},
    {"api/models/@/@/treesize/*/...", "treesize", NEEDS_LIFE, sim_hub_treesize},
    {"api/models/@/@/commits/*", "commits", NEEDS_LIFE | NEEDS_ACCESS, sim_hub_commits},
    {"api/models/@/@/refs", "refs", 0, sim_hub_refs},
    {"@/@/resolve/*/...", "resolve", FILES | NEEDS_LIFE | NEEDS_ACCESS, sim_hub_resolve},
    {"api/resolve-cache/models/@/@/*/...", "index", FILES | NEEDS_LIFE | NEEDS_ACCESS,
     sim_hub_bytes},
};

static void split(struct words *words, const char *target)
{
    size_t end = strcspn(target, "?"), at = strlen("/hub/");
    words->count = 0;
    while (at < end && words->count < MOST_WORDS) {
        size_t bytes = strcspn(target + at, "/?");
        char *text = sim_query_unescape(target + at, bytes, false);
        words->list[words->count++] = (struct word){text, at, bytes};
        at += bytes + 1;
    }
}

static bool is_for(const char *pattern, const struct words *words)
{
    size_t i = 0;
    for (const char *at = pattern; *at; i++) {
        size_t bytes = strcspn(at, "/");
        if (sim_starts(at, "...")) {
            return true;
        }
        bool is_any = *at == '@' || *at == '*';
        if (i == words->count || (!is_any && (strlen(words->list[i].text) != bytes ||
                                              memcmp(words->list[i].text, at, bytes) != 0))) {
            return false;
        }
        at += bytes + (at[bytes] == '/');
    }
    return i == words->count;
}

static const struct route *find_route(const struct words *words)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (is_for(routes[i].pattern, words)) {
            return &routes[i];
        }
    }
    return NULL;
}

/* --- what the words mean --- */

static char *join(const struct words *words, size_t from)
{
    char *text = sim_copy("");
    for (size_t i = from; i < words->count; i++) {
        char *longer = sim_format("%s%s%s", text, *text ? "/" : "", words->list[i].text);
        free(text);
        text = longer;
    }
    return text;
}

/* The place of the repository's owner among the words; words->count when there is none. */
static size_t read_words(struct sim_hub_call *call, const struct route *route,
                         const struct words *words)
{
    size_t owner = words->count, i = 0;
    for (const char *at = route->pattern; *at && i < words->count; i++) {
        if (sim_starts(at, "...")) {
            call->path = join(words, i);
            break;
        }
        if (*at == '@' && owner == words->count) {
            owner = i;
        }
        if (*at == '*') {
            call->revision_name = sim_copy(words->list[i].text);
        }
        at += strcspn(at, "/");
        at += *at == '/';
    }
    if (owner < words->count) {
        call->id = sim_format("%s/%s", words->list[owner].text, words->list[owner + 1].text);
    }
    call->id = call->id ? call->id : sim_copy("");
    call->revision_name = call->revision_name ? call->revision_name : sim_copy("");
    call->path = call->path ? call->path : sim_copy("");
    return owner;
}

static char *name_route(const struct sim_hub_call *call, const struct route *route)
{
    const char *parts[] = {call->id, call->revision_name, call->path};
    char *text = sim_format("/hub/%s", route->name);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char *longer = sim_format("%s%s%s", text, *parts[i] ? "/" : "", parts[i]);
        free(text);
        text = longer;
    }
    char *whole = sim_format("%s%s%s", text, *call->query ? "?" : "", call->query);
    free(text);
    return whole;
}

/* --- who may have it --- */

static void redirect_to_name(struct sim_hub_call *call, const struct word *owner, const char *id)
{
    const struct word *name = owner + 1;
    const char *target = call->ask->target;
    char *location =
        sim_format("%.*s%s%s", (int)owner->at, target, id, target + name->at + name->bytes);
    sim_hub_redirect(call, 307, location);
    free(location);
}

static void refuse_unknown(struct sim_hub_call *call)
{
    switch (sim_hub_reader(call, call->repo)) {
    case SIM_NOBODY:
        sim_hub_fail(call, 401, NULL, "Invalid username or password.");
        return;
    case SIM_BAD_TOKEN:
        sim_hub_fail(call, 401, NULL, "Invalid credentials in Authorization header");
        return;
    case SIM_STRANGER:
    case SIM_READER:
        sim_hub_fail(call, 404, "RepoNotFound", "Repository not found");
        return;
    }
}

static void refuse_gated(struct sim_hub_call *call)
{
    const char *id = call->repo->id;
    if (sim_hub_reader(call, call->repo) == SIM_STRANGER) {
        sim_hub_fail(call, 403, "GatedRepo",
                     "Access to model %s is restricted and you are not in the authorized list. "
                     "Visit https://huggingface.co/%s to ask for access.",
                     id, id);
        return;
    }
    sim_hub_fail(call, 401, "GatedRepo",
                 "Access to model %s is restricted. You must have access to it and be "
                 "authenticated to access it. Please log in.",
                 id);
}

/* True when the repository is this one, here, and there for whoever asks. */
static bool take_repo(struct sim_hub_call *call, const struct word *owner)
{
    const struct sim_hub_repo *repo = call->repo = sim_hub_find(call->hub, call->id);
    if (!repo || (sim_hub_has(repo, "private") && sim_hub_reader(call, repo) != SIM_READER)) {
        refuse_unknown(call);
        return false;
    }
    const char *other = yyjson_get_str(yyjson_obj_get(repo->root, "moved_to"));
    const char *elsewhere = yyjson_get_str(yyjson_obj_get(repo->root, "redirect_to"));
    if (elsewhere) {
        char *location = sim_format("%s%s", elsewhere, call->ask->target + strlen("/hub"));
        sim_hub_redirect(call, 302, location);
        free(location);
    } else if (other || strcmp(repo->id, call->id) != 0) {
        redirect_to_name(call, owner, other ? other : repo->id);
    }
    return call->reply->status == 200;
}

static bool may_read(struct sim_hub_call *call, unsigned flags)
{
    bool is_gated = (flags & NEEDS_ACCESS) && sim_hub_is_gated(call->repo) &&
                    sim_hub_reader(call, call->repo) != SIM_READER;
    if (is_gated) {
        refuse_gated(call);
    } else if ((flags & NEEDS_LIFE) && sim_hub_has(call->repo, "disabled")) {
        sim_hub_fail(call, 403, NULL, "Access to this resource is disabled.");
    }
    return call->reply->status == 200;
}

static bool take_revision(struct sim_hub_call *call)
{
    const char *name = *call->revision_name ? call->revision_name : "main";
    if (!sim_hub_repo_revision(call->repo, name, &call->revision)) {
        sim_hub_fail(call, 404, "RevisionNotFound", "Invalid rev id: %s", name);
        return false;
    }
    return true;
}

static void run(struct sim_hub_call *call, const struct route *route, const struct words *words,
                size_t owner)
{
    bool has_repo = owner < words->count;
    if (sim_hub_is_over(call)) {
        return;
    }
    if (!has_repo || (take_repo(call, &words->list[owner]) && may_read(call, route->flags) &&
                      take_revision(call))) {
        route->answer(call);
    }
}

char *sim_hub_answer(const struct sim_hub *hub, const struct sim_hub_ask *ask,
                     struct sim_reply *reply)
{
    const char *query = strchr(ask->target, '?');
    struct sim_hub_call call = {
        .hub = hub, .ask = ask, .reply = reply, .query = query ? query + 1 : ""};
    struct words words = {0};
    split(&words, ask->target);
    const struct route *route = find_route(&words);
    char *name = NULL;
    reply->status = 200;
    if (route) {
        size_t owner = read_words(&call, route, &words);
        call.is_file = route->flags & FILES;
        name = name_route(&call, route);
        run(&call, route, &words, owner);
    } else {
        name = sim_copy(ask->target);
        sim_hub_fail(&call, 404, NULL, "Sorry, we can't find the page you are looking for.");
    }
    sim_hub_finish_headers(&call);
    for (size_t i = 0; i < words.count; i++) {
        free(words.list[i].text);
    }
    free(call.id);
    free(call.revision_name);
    free(call.path);
    return name;
}
