/* hub_url.c - the addresses of what is asked of the model hub.
 *
 * Names are put into one only after they were found to be names; all the same each goes through the
 * encoding of a path segment, so that nothing can lead elsewhere. */

#include "source/hub_inside.h"

#include "codec/hub_name.h"
#include "codec/url.h"

#include <assert.h>

#define ROUTE_MOST 128 /* bytes of an address beside its names */
#define SEARCH_MOST 100
#define COMMITS_MOST 1000

static struct pm_buf begin(struct pm_arena *arena, pm_str base, pm_str route, size_t names)
{
    struct pm_buf url;
    pm_buf_init(&url, arena, base.len + route.len + 3 * names + ROUTE_MOST);
    pm_buf_add(&url, base);
    pm_buf_add(&url, route);
    return url;
}

/* Its slashes stay what they are. */
static void add_path(struct pm_buf *url, pm_str path)
{
    for (pm_str rest = path; rest.len;) {
        size_t slash = pm_str_find(rest, '/');
        pm_url_add_segment(url, pm_str_slice(rest, 0, slash));
        if (slash < rest.len) {
            pm_buf_add_char(url, '/');
        }
        rest = pm_str_tail(rest, slash + 1);
    }
}

/* {base}/api/models/{repo}/{what}/{revision}; a revision's own slashes are encoded. */
static struct pm_buf begin_of_repo(struct pm_arena *arena, pm_str base, pm_str repo,
                                   const char *what, pm_str revision, size_t more)
{
    assert(pm_hub_is_repository(repo));
    assert(revision.len == 0 || pm_hub_is_revision(revision));
    struct pm_buf url = begin(arena, base, PM_STR("/api/models/"), repo.len + revision.len + more);
    add_path(&url, repo);
    if (revision.len) {
        pm_buf_add_c(&url, what);
        pm_url_add_segment(&url, revision);
    }
    return url;
}

pm_str pm_hub_search_url(struct pm_arena *arena, pm_str base, const struct pm_hub_search *search)
{
    unsigned limit = search->limit < SEARCH_MOST ? search->limit : SEARCH_MOST;
    struct pm_buf url =
        begin(arena, base, PM_STR("/api/models"), search->author.len + search->words.len);
    pm_buf_add_c(&url, "?limit=");
    pm_buf_add_u64(&url, limit ? limit : 1);
    pm_buf_add_c(&url, "&full=true");
    if (search->newest) {
        pm_buf_add_c(&url, "&sort=lastModified");
    }
    if (search->author.len) {
        pm_buf_add_c(&url, "&author=");
        pm_url_add_segment(&url, search->author);
    }
    if (search->words.len) {
        pm_buf_add_c(&url, "&search=");
        pm_url_add_segment(&url, search->words);
    }
    return pm_buf_text(&url);
}

pm_str pm_hub_model_url(struct pm_arena *arena, pm_str base, pm_str repo, pm_str revision)
{
    struct pm_buf url = begin_of_repo(arena, base, repo, "/revision/", revision, 0);
    pm_buf_add_c(&url, "?blobs=true");
    return pm_buf_text(&url);
}

pm_str pm_hub_tree_url(struct pm_arena *arena, pm_str base, pm_str repo, pm_str revision,
                       pm_str cursor)
{
    assert(revision.len > 0);
    struct pm_buf url = begin_of_repo(arena, base, repo, "/tree/", revision, cursor.len);
    pm_buf_add_c(&url, "?recursive=true");
    if (cursor.len) {
        pm_buf_add_c(&url, "&cursor=");
        pm_buf_add(&url, cursor); /* as it was given: encoded */
    }
    return pm_buf_text(&url);
}

pm_str pm_hub_commits_url(struct pm_arena *arena, pm_str base, pm_str repo, pm_str revision,
                          unsigned limit, unsigned page)
{
    assert(revision.len > 0 && limit > 0 && limit <= COMMITS_MOST);
    struct pm_buf url = begin_of_repo(arena, base, repo, "/commits/", revision, 0);
    pm_buf_add_c(&url, "?limit=");
    pm_buf_add_u64(&url, limit);
    pm_buf_add_c(&url, "&p=");
    pm_buf_add_u64(&url, page);
    return pm_buf_text(&url);
}

pm_str pm_hub_index_url(struct pm_arena *arena, pm_str base, pm_str repo, pm_str revision,
                        pm_str path)
{
    assert(pm_hub_is_repository(repo) && pm_hub_is_revision(revision));
    struct pm_buf url = begin(arena, base, PM_STR("/"), repo.len + revision.len + path.len);
    add_path(&url, repo);
    pm_buf_add_c(&url, "/resolve/");
    pm_url_add_segment(&url, revision);
    pm_buf_add_char(&url, '/');
    add_path(&url, path);
    return pm_buf_text(&url);
}
