/* hub_tree.c - the files of a revision, a page at a time. */

#include "hub_call.h"

#include "hub_query.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 1000
#define PAGE_EXPANDED 100

struct tree {
    const struct sim_hub_call *call;
    yyjson_mut_doc *doc;
    yyjson_mut_val *page;
    size_t from, room, seen; /* entries before the page, in it, and so far */
    const char *path_before; /* of the file before */
    const char *last_path;   /* in the page */
    bool is_recursive, has_commits;
};

uint64_t sim_hub_pointer_bytes(yyjson_val *file)
{
    static const char pointer[] =
        "version https://git-lfs.github.com/spec/v1\noid sha256:\nsize \n";
    unsigned long long size = yyjson_get_uint(yyjson_obj_get(file, "size"));
    return sizeof pointer - 1 + 64 + (unsigned)snprintf(NULL, 0, "%llu", size);
}

/* --- one entry --- */

/* True when it belongs to the page. */
static bool is_on_page(struct tree *tree, const char *path)
{
    size_t at = tree->seen++;
    bool is_on = at >= tree->from && at - tree->from < tree->room;
    tree->last_path = is_on ? path : tree->last_path;
    return is_on;
}

static void add_folder(struct tree *tree, const char *path, size_t bytes)
{
    char *name = sim_format("%.*s", (int)bytes, path);
    if (is_on_page(tree, path)) {
        char *oid = sim_hub_digits(tree->call->repo->id, name, 40);
        yyjson_mut_val *entry = yyjson_mut_arr_add_obj(tree->doc, tree->page);
        (void)yyjson_mut_obj_add_str(tree->doc, entry, "type", "directory");
        (void)yyjson_mut_obj_add_strcpy(tree->doc, entry, "oid", oid);
        (void)yyjson_mut_obj_add_uint(tree->doc, entry, "size", 0);
        (void)yyjson_mut_obj_add_strcpy(tree->doc, entry, "path", name);
        free(oid);
    }
    free(name);
}

/* What lies elsewhere has two names more: the sum of its bytes, and that of its pieces. */
static void add_large(struct tree *tree, yyjson_mut_val *entry, yyjson_val *file)
{
    yyjson_mut_doc *doc = tree->doc;
    yyjson_val *sum = yyjson_obj_get(file, "sha256"), *size = yyjson_obj_get(file, "size");
    yyjson_mut_val *lfs = yyjson_mut_obj_add_obj(doc, entry, "lfs");
    (void)yyjson_mut_obj_add_val(doc, lfs, "oid", yyjson_val_mut_copy(doc, sum));
    if (size) {
        (void)yyjson_mut_obj_add_val(doc, lfs, "size", yyjson_val_mut_copy(doc, size));
    }
    (void)yyjson_mut_obj_add_uint(doc, lfs, "pointerSize", sim_hub_pointer_bytes(file));
    if (!yyjson_obj_get(file, "xetHash") && yyjson_is_str(sum)) {
        char *digits = sim_hub_digits("pieces", yyjson_get_str(sum), 64);
        (void)yyjson_mut_obj_add_strcpy(doc, entry, "xetHash", digits);
        free(digits);
    }
}

static void add_commit(struct tree *tree, yyjson_mut_val *entry)
{
    static const char *const names[] = {"id", "title", "date"};
    yyjson_mut_val *last = yyjson_mut_obj_add_obj(tree->doc, entry, "lastCommit");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        yyjson_val *value = yyjson_obj_get(tree->call->revision.commit, names[i]);
        if (value) {
            (void)yyjson_mut_obj_add_val(tree->doc, last, names[i],
                                         yyjson_val_mut_copy(tree->doc, value));
        }
    }
}

/* Members are told as they stand, but for those that mean something to the simulator alone. */
static void add_file(struct tree *tree, yyjson_val *file)
{
    yyjson_mut_doc *doc = tree->doc;
    yyjson_mut_val *entry = yyjson_mut_arr_add_obj(doc, tree->page);
    yyjson_val *name;
    yyjson_obj_iter all = yyjson_obj_iter_with(file);
    if (!yyjson_obj_get(file, "type")) {
        (void)yyjson_mut_obj_add_str(doc, entry, "type", "file");
    }
    while ((name = yyjson_obj_iter_next(&all))) {
        bool is_ours = yyjson_equals_str(name, "sha256") ||
                       yyjson_equals_str(name, "redirect_to") ||
                       (yyjson_equals_str(name, "lastCommit") && !tree->has_commits);
        if (!is_ours) {
            (void)yyjson_mut_obj_add(entry, yyjson_val_mut_copy(doc, name),
                                     yyjson_val_mut_copy(doc, yyjson_obj_iter_get_val(name)));
        }
    }
    if (yyjson_obj_get(file, "sha256")) {
        add_large(tree, entry, file);
    }
    if (tree->has_commits && !yyjson_obj_get(file, "lastCommit")) {
        add_commit(tree, entry);
    }
}

/* --- all of them --- */

/* The folders on the way to `path` that the file before does not lie in too. */
static void add_folders(struct tree *tree, const char *path, size_t from)
{
    const char *slash = strchr(path + from, '/');
    for (; slash; slash = tree->is_recursive ? strchr(slash + 1, '/') : NULL) {
        size_t bytes = (size_t)(slash - path);
        if (strncmp(path, tree->path_before, bytes + 1) != 0) {
            add_folder(tree, path, bytes);
        }
    }
    tree->path_before = path;
}

/* Bytes of the asked folder and its slash; 0 for the root. SIZE_MAX when the path lies elsewhere. */
static size_t below(const char *folder, const char *path)
{
    size_t bytes = strlen(folder);
    if (!bytes) {
        return 0;
    }
    return sim_starts(path, folder) && path[bytes] == '/' ? bytes + 1 : SIZE_MAX;
}

static bool walk(struct tree *tree)
{
    yyjson_val *file;
    yyjson_arr_iter all = yyjson_arr_iter_with(tree->call->revision.files);
    bool is_there = !*tree->call->path;
    while ((file = yyjson_arr_iter_next(&all))) {
        const char *path = yyjson_get_str(yyjson_obj_get(file, "path"));
        size_t from = path ? below(tree->call->path, path) : 0;
        if (from == SIZE_MAX) {
            continue;
        }
        is_there = true;
        if (path) {
            add_folders(tree, path, from);
        }
        bool is_deep = path && !tree->is_recursive && strchr(path + from, '/');
        if (!is_deep && is_on_page(tree, path ? path : "")) {
            add_file(tree, file);
        }
    }
    return is_there;
}

static void link_next(struct sim_hub_call *call, const struct tree *tree)
{
    char *limit = sim_format("%zu", tree->room);
    char *cursor = sim_cursor_make(tree->from + tree->room, tree->last_path);
    char *limited = sim_query_with(call->query, "limit", limit);
    char *query = sim_query_with(limited, "cursor", cursor);
    sim_hub_link_next(call, query);
    free(limit);
    free(cursor);
    free(limited);
    free(query);
}

static size_t page_size(const struct sim_hub_call *call, bool is_expanded)
{
    yyjson_val *given = yyjson_obj_get(call->repo->root, "tree_page");
    int64_t most = is_expanded ? PAGE_EXPANDED : PAGE;
    most = given ? yyjson_get_int(given) : most;
    int64_t size = sim_query_number(call->query, "limit", most, most);
    return size > 0 ? (size_t)size : 1;
}

void sim_hub_tree(struct sim_hub_call *call)
{
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    bool is_expanded = sim_query_is_true(call->query, "expand");
    struct tree tree = {.call = call,
                        .doc = doc,
                        .page = yyjson_mut_arr(doc),
                        .from = sim_cursor_read(call->query),
                        .room = page_size(call, is_expanded),
                        .path_before = "",
                        .last_path = "",
                        .is_recursive = sim_query_is_true(call->query, "recursive"),
                        .has_commits = is_expanded};
    if (!walk(&tree)) {
        sim_hub_fail(call, 404, "EntryNotFound", "%s does not exist on \"%s\"", call->path,
                     call->revision_name);
    } else {
        sim_hub_json(call, doc, tree.page);
        if (tree.seen > tree.from + tree.room) {
            link_next(call, &tree);
        }
    }
    yyjson_mut_doc_free(doc);
}

void sim_hub_treesize(struct sim_hub_call *call)
{
    uint64_t total = 0;
    yyjson_val *file;
    yyjson_arr_iter all = yyjson_arr_iter_with(call->revision.files);
    while ((file = yyjson_arr_iter_next(&all))) {
        const char *path = yyjson_get_str(yyjson_obj_get(file, "path"));
        if (path && below(call->path, path) != SIZE_MAX) {
            total += yyjson_get_uint(yyjson_obj_get(file, "size"));
        }
    }
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *answer = yyjson_mut_obj(doc);
    char *path = sim_format("/%s", call->path);
    (void)yyjson_mut_obj_add_strcpy(doc, answer, "path", path);
    (void)yyjson_mut_obj_add_uint(doc, answer, "size", total);
    sim_hub_json(call, doc, answer);
    free(path);
    yyjson_mut_doc_free(doc);
}
