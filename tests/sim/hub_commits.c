/* hub_commits.c - the history of a revision, and the names of revisions. */

#include "hub_call.h"

#include "hub_query.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 50
#define PAGE_MOST 1000

static void copy_or(yyjson_mut_doc *doc, yyjson_mut_val *to, yyjson_val *from, const char *name,
                    const char *otherwise)
{
    yyjson_val *value = yyjson_obj_get(from, name);
    if (value || otherwise) {
        (void)yyjson_mut_obj_add_val(doc, to, name,
                                     value ? yyjson_val_mut_copy(doc, value)
                                           : yyjson_mut_rawcpy(doc, otherwise));
    }
}

static void add_commit(yyjson_mut_doc *doc, yyjson_mut_val *list, yyjson_val *commit)
{
    yyjson_mut_val *item = yyjson_mut_arr_add_obj(doc, list);
    copy_or(doc, item, commit, "id", NULL);
    copy_or(doc, item, commit, "title", NULL);
    copy_or(doc, item, commit, "message", "\"\"");
    copy_or(doc, item, commit, "authors", "[{\"user\":\"system\"}]");
    copy_or(doc, item, commit, "date", NULL);
}

static void link_next(struct sim_hub_call *call, size_t page, size_t limit)
{
    char *number = sim_format("%zu", page), *size = sim_format("%zu", limit);
    char *paged = sim_query_with("", "p", number), *query = sim_query_with(paged, "limit", size);
    sim_hub_link_next(call, query);
    free(number);
    free(size);
    free(paged);
    free(query);
}

void sim_hub_commits(struct sim_hub_call *call)
{
    size_t limit = (size_t)sim_query_number(call->query, "limit", PAGE, PAGE_MOST);
    limit = limit ? limit : PAGE;
    size_t page = (size_t)sim_query_number(call->query, "p", 0, 1000000);
    size_t all = yyjson_arr_size(call->repo->commits), total = all - call->revision.at;
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *list = yyjson_mut_arr(doc);
    for (size_t i = page * limit; i < total && i < (page + 1) * limit; i++) {
        add_commit(doc, list, yyjson_arr_get(call->repo->commits, call->revision.at + i));
    }
    sim_hub_json(call, doc, list);
    sim_hub_set(call, "X-Total-Count", "%zu", total);
    if ((page + 1) * limit < total) {
        link_next(call, page + 1, limit);
    }
    yyjson_mut_doc_free(doc);
}

/* --- names --- */

static void add_ref(yyjson_mut_doc *doc, yyjson_mut_val *list, const char *prefix, const char *name,
                    const char *id)
{
    yyjson_mut_val *item = yyjson_mut_arr_add_obj(doc, list);
    char *whole = sim_format("refs/%s/%s", prefix, name);
    (void)yyjson_mut_obj_add_strcpy(doc, item, "name", name);
    (void)yyjson_mut_obj_add_strcpy(doc, item, "ref", whole);
    (void)yyjson_mut_obj_add_strcpy(doc, item, "targetCommit", id);
    free(whole);
}

static yyjson_mut_val *add_refs(yyjson_mut_doc *doc, yyjson_mut_val *to, const char *name,
                                yyjson_val *refs, const char *prefix)
{
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, to, name);
    yyjson_val *ref;
    yyjson_obj_iter all = yyjson_obj_iter_with(refs);
    while ((ref = yyjson_obj_iter_next(&all))) {
        const char *id = yyjson_get_str(yyjson_obj_iter_get_val(ref));
        add_ref(doc, list, prefix, yyjson_get_str(ref), id ? id : "");
    }
    return list;
}

void sim_hub_refs(struct sim_hub_call *call)
{
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *answer = yyjson_mut_obj(doc);
    yyjson_val *root = call->repo->root, *branches = yyjson_obj_get(root, "branches");
    (void)add_refs(doc, answer, "tags", yyjson_obj_get(root, "tags"), "tags");
    yyjson_mut_val *list = add_refs(doc, answer, "branches", branches, "heads");
    if (!yyjson_obj_get(branches, "main")) {
        add_ref(doc, list, "heads", "main", call->revision.id);
    }
    (void)yyjson_mut_obj_add_arr(doc, answer, "converts");
    if (sim_query_is_true(call->query, "include_prs")) {
        (void)add_refs(doc, answer, "pullRequests", yyjson_obj_get(root, "pull_requests"), "pr");
    }
    sim_hub_json(call, doc, answer);
    yyjson_mut_doc_free(doc);
}
