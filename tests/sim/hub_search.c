/* hub_search.c - models by search, and one by its name. */

#include "hub_call.h"

#include "hub_query.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_MOST 1000

struct hit {
    const struct sim_hub_repo *repo;
    struct sim_hub_revision revision;
};

/* --- expand --- */

/* True when some fields are chosen; false, and told so in the reply, when one of them is none. */
static bool take_expand(struct sim_hub_call *call, bool *is_chosen)
{
    static const char *const spellings[] = {"expand", "expand[]", "expand%5B%5D"};
    *is_chosen = false;
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        char *name;
        for (size_t nth = 0; (name = sim_query_get(call->query, spellings[i], nth)); nth++) {
            bool is_field = sim_hub_is_field(name);
            free(name);
            *is_chosen = true;
            if (!is_field) {
                char *names = sim_hub_field_names();
                sim_hub_fail(call, 400, NULL, "Invalid option: expected one of %s", names);
                free(names);
                return false;
            }
        }
    }
    return true;
}

/* --- what is found --- */

/* Each word of the search is somewhere in the name, in any spelling of its letters. */
static bool has_words(const struct sim_hub_repo *repo, const char *search)
{
    char *copy = sim_copy(search), *rest = copy, *word;
    bool has_all = true;
    while (has_all && (word = strsep(&rest, " "))) {
        has_all = strcasestr(repo->id, word) != NULL;
    }
    free(copy);
    return has_all;
}

/* A search finds more than a reader would think: what it does is the hub's choice. */
static bool is_found_anyway(const struct sim_hub_repo *repo, const char *search)
{
    yyjson_val *each;
    yyjson_arr_iter all = yyjson_arr_iter_with(yyjson_obj_get(repo->root, "found_for"));
    while ((each = yyjson_arr_iter_next(&all))) {
        if (yyjson_equals_str(each, search)) {
            return true;
        }
    }
    return false;
}

static bool has_tags(const struct sim_hub_repo *repo, const char *query)
{
    char *wanted;
    bool has_all = true;
    for (size_t nth = 0; has_all && (wanted = sim_query_get(query, "filter", nth)); nth++) {
        yyjson_val *tag;
        yyjson_arr_iter all = yyjson_arr_iter_with(yyjson_obj_get(repo->info, "tags"));
        has_all = false;
        while ((tag = yyjson_arr_iter_next(&all))) {
            has_all = has_all || yyjson_equals_str(tag, wanted);
        }
        free(wanted);
    }
    return has_all;
}

static bool is_hit(const struct sim_hub_call *call, const struct sim_hub_repo *repo)
{
    char *search = sim_query_get(call->query, "search", 0);
    char *author = sim_query_get(call->query, "author", 0);
    size_t owner = strcspn(repo->id, "/");
    bool is_one = !yyjson_obj_get(repo->root, "moved_to") &&
                  (!sim_hub_has(repo, "private") || sim_hub_reader(call, repo) == SIM_READER) &&
                  (!author || (strlen(author) == owner && memcmp(author, repo->id, owner) == 0)) &&
                  (!search || has_words(repo, search) || is_found_anyway(repo, search)) &&
                  has_tags(repo, call->query);
    free(search);
    free(author);
    return is_one;
}

/* --- their order --- */

static const char *date_of(const struct hit *hit)
{
    yyjson_val *given = yyjson_obj_get(hit->repo->info, "lastModified");
    yyjson_val *date = given ? given : yyjson_obj_get(hit->revision.commit, "date");
    return yyjson_is_str(date) ? yyjson_get_str(date) : "";
}

static int by_name(const struct hit *a, const struct hit *b)
{
    return strcmp(a->repo->id, b->repo->id);
}

/* Downwards, as the hub orders by itself; equals by name. */
static int in_order(const void *a, const void *b, void *of_key)
{
    const struct hit *one = a, *other = b;
    const char *key = of_key;
    if (strcmp(key, "lastModified") == 0) {
        int order = strcmp(date_of(other), date_of(one));
        return order ? order : by_name(one, other);
    }
    yyjson_val *first = yyjson_obj_get(one->repo->info, key);
    yyjson_val *second = yyjson_obj_get(other->repo->info, key);
    if (yyjson_is_str(first) && yyjson_is_str(second)) {
        int order = strcmp(yyjson_get_str(second), yyjson_get_str(first));
        return order ? order : by_name(one, other);
    }
    uint64_t less = yyjson_get_uint(first), more = yyjson_get_uint(second);
    return less != more ? (less < more ? 1 : -1) : by_name(one, other);
}

static size_t collect(const struct sim_hub_call *call, struct hit *hits)
{
    size_t count = 0;
    for (size_t i = 0; i < call->hub->count; i++) {
        const struct sim_hub_repo *repo = &call->hub->repos[i];
        if (is_hit(call, repo) && sim_hub_repo_revision(repo, "main", &hits[count].revision)) {
            hits[count++].repo = repo;
        }
    }
    char *sort = sim_query_get(call->query, "sort", 0);
    char *key = sort ? sort : sim_copy("trendingScore");
    qsort_r(hits, count, sizeof *hits, in_order, key);
    free(key);
    return count;
}

static void link_next(struct sim_hub_call *call, size_t at, const struct hit *last)
{
    char *cursor = sim_cursor_make(at, last->repo->id);
    char *query = sim_query_with(call->query, "cursor", cursor);
    sim_hub_link_next(call, query);
    free(cursor);
    free(query);
}

void sim_hub_search(struct sim_hub_call *call)
{
    bool is_chosen;
    if (!take_expand(call, &is_chosen)) {
        return;
    }
    enum sim_hub_shape shape = is_chosen                                ? SIM_SHAPE_EXPAND
                               : sim_query_is_true(call->query, "full") ? SIM_SHAPE_FULL
                                                                        : SIM_SHAPE_LIST;
    struct hit *hits = sim_alloc((call->hub->count + 1) * sizeof *hits);
    size_t count = collect(call, hits), at = sim_cursor_read(call->query);
    size_t page = (size_t)sim_query_number(call->query, "limit", PAGE_MOST, PAGE_MOST);
    page = page ? page : PAGE_MOST;
    at = at < count ? at : count;
    size_t end = count - at < page ? count : at + page;
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *list = yyjson_mut_arr(doc);
    for (size_t i = at; i < end; i++) {
        (void)yyjson_mut_arr_append(
            list, sim_hub_model(doc, hits[i].repo, &hits[i].revision, call->query, shape));
    }
    sim_hub_json(call, doc, list);
    if (end < count) {
        link_next(call, end, &hits[end - 1]);
    }
    yyjson_mut_doc_free(doc);
    free(hits);
}

void sim_hub_info(struct sim_hub_call *call)
{
    bool is_chosen;
    if (!take_expand(call, &is_chosen)) {
        return;
    }
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    sim_hub_json(call, doc,
                 sim_hub_model(doc, call->repo, &call->revision, call->query,
                               is_chosen ? SIM_SHAPE_EXPAND : SIM_SHAPE_INFO));
    yyjson_mut_doc_free(doc);
}
