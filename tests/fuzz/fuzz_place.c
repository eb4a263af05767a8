/* fuzz_place.c - where a run says that its weights are: whatever stands there, an address that is
 * made of it leads to that server and nowhere above that folder, as libcurl reads it.
 *
 * The first byte is the kind, the lines behind it the place, the revision or prefix, and a file. */

#include "fuzz.h"

#include "action/alike.h"
#include "action/declared.h"
#include "base/near.h"
#include "codec/hub_name.h"
#include "codec/url.h"
#include "source/gcs_inside.h"
#include "source/hub_inside.h"

#include <curl/curl.h>

#define BASE "https://base.example"

static pm_str take_line(pm_str *rest)
{
    size_t end = pm_str_find(*rest, '\n');
    pm_str line = pm_str_slice(*rest, 0, end);
    *rest = pm_str_tail(*rest, end + 1);
    return line;
}

static pm_str join(struct pm_arena *arena, pm_str a, const char *between, pm_str b)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, SIZE_MAX / 2);
    pm_buf_add(&buf, a);
    pm_buf_add_c(&buf, between);
    pm_buf_add(&buf, b);
    return pm_buf_text(&buf);
}

/* One plain word, of which libcurl finds the host, the folder in front and nothing to shorten; the
 * path as it is meant, without encoding, on the arena. */
static pm_str check_address(struct pm_arena *arena, pm_str url, const char *host, const char *start)
{
    char *got = NULL, *meant = NULL;
    CURLU *handle = curl_url();
    HOLDS(handle != NULL);
    for (size_t i = 0; i < url.len; i++) {
        HOLDS(url.ptr[i] > ' ' && url.ptr[i] < 0x7F && !strchr("\"'<>\\`()[]{}|^", url.ptr[i]));
    }
    HOLDS(curl_url_set(handle, CURLUPART_URL, pm_arena_cstr(arena, url), 0) == CURLUE_OK);
    HOLDS(curl_url_get(handle, CURLUPART_HOST, &got, 0) == CURLUE_OK && strcmp(got, host) == 0);
    curl_free(got);
    HOLDS(curl_url_get(handle, CURLUPART_PATH, &got, 0) == CURLUE_OK);
    HOLDS(pm_str_starts(pm_str_from(got), pm_str_from(start)));
    HOLDS(pm_str_has_nocase(url, join(arena, pm_str_from(host), "", pm_str_from(got))));
    HOLDS(curl_url_get(handle, CURLUPART_PATH, &meant, CURLU_URLDECODE) == CURLUE_OK);
    pm_str path = pm_arena_copy(arena, pm_str_from(meant));
    curl_free(got);
    curl_free(meant);
    curl_url_cleanup(handle);
    return path;
}

static void check_declared(struct pm_arena *arena, const struct pm_checkpoint *checkpoint)
{
    pm_str place = pm_declared_place(checkpoint), revision = checkpoint->revision;
    pm_str address = pm_declared_address(arena, checkpoint), gs = pm_declared_gs(arena, checkpoint);
    bool is_hub = checkpoint->kind == PM_CHECKPOINT_HUB;
    if (address.len) {
        const char *host = is_hub ? "huggingface.co" : "storage.googleapis.com";
        pm_str path = check_address(arena, address, host, "/");
        HOLDS(pm_str_starts(pm_str_tail(path, 1), place));
        HOLDS(revision.len == 0 || pm_str_has_nocase(path, revision));
    }
    HOLDS((gs.len > 0) == (address.len > 0 && !is_hub));
    HOLDS(gs.len == 0 || pm_str_equal(gs, join(arena, join(arena, PM_STR("gs://"), "", place),
                                               revision.len ? "/" : "", revision)));
    (void)pm_declared_revision(checkpoint);
}

static void check_hub(struct pm_arena *arena, pm_str repo, pm_str revision, pm_str file)
{
    const pm_str base = PM_STR(BASE);
    if (!pm_hub_is_repository(repo) || !pm_hub_is_revision(revision)) {
        return;
    }
    pm_str start = join(arena, PM_STR("/api/models/"), "", repo);
    const char *folder = pm_arena_cstr(arena, start);
    pm_str model = pm_hub_model_url(arena, base, repo, revision);
    HOLDS(pm_str_equal(check_address(arena, model, "base.example", folder),
                       join(arena, start, "/revision/", revision)));
    pm_str tree = pm_hub_tree_url(arena, base, repo, revision, PM_STR(""));
    HOLDS(pm_str_equal(check_address(arena, tree, "base.example", folder),
                       join(arena, start, "/tree/", revision)));
    pm_str commits = pm_hub_commits_url(arena, base, repo, revision, 10, 0);
    HOLDS(pm_str_equal(check_address(arena, commits, "base.example", folder),
                       join(arena, start, "/commits/", revision)));
    bool is_name = pm_hub_is_revision(file); /* no stricter than names in an index are */
    if (is_name) {
        pm_str index = pm_hub_index_url(arena, base, repo, revision, file);
        pm_str where = join(arena, join(arena, repo, "/resolve/", revision), "/", file);
        HOLDS(pm_str_equal(check_address(arena, index, "base.example", "/"),
                           join(arena, PM_STR("/"), "", where)));
    }
}

/* A slash at the end of a prefix is the one before the file's name. */
static void check_bucket(struct pm_arena *arena, pm_str bucket, pm_str prefix)
{
    if (pm_gcs_is_place(bucket, prefix)) {
        pm_str url = pm_gcs_manifest_url(arena, PM_STR(BASE), bucket, prefix);
        prefix.len -= pm_str_ends_nocase(prefix, PM_STR("/"));
        pm_str where = join(arena, bucket, prefix.len ? "/" : "", prefix);
        HOLDS(pm_str_equal(
            check_address(arena, url, "base.example", "/"),
            join(arena, join(arena, PM_STR("/"), "", where), "/", PM_STR("manifest.json"))));
    }
}

/* What is like what. */
static void check_likeness(pm_str a, pm_str b)
{
    struct pm_near near;
    HOLDS(!pm_is_alike(a, a) && pm_is_alike(a, b) == pm_is_alike(b, a));
    if (!pm_near_compile(&near, a)) {
        HOLDS(a.len == 0 || a.len > PM_NEAR_WORDS_MOST);
        return;
    }
    struct pm_near_cost same = pm_near_compare(&near, a), other = pm_near_compare(&near, b);
    HOLDS(same.whole == 0 && same.beginning == 0);
    HOLDS(other.beginning <= other.whole && other.beginning <= a.len);
    HOLDS(other.whole <= (a.len > b.len ? a.len : b.len));
    HOLDS(other.whole >= (a.len > b.len ? a.len - b.len : b.len - a.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pm_arena arena;
    pm_str rest = pm_str_slice(fuzz_text(data, size), 1, 2000);
    pm_str place = take_line(&rest), within = take_line(&rest), file = take_line(&rest);
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    struct pm_checkpoint checkpoint = {
        .kind = size && data[0] == 'g' ? PM_CHECKPOINT_GCS : PM_CHECKPOINT_HUB,
        .kind_word = PM_STR(""),
        .place = place,
        .has_revision = within.len > 0,
        .revision = within,
    };
    check_declared(&arena, &checkpoint);
    check_hub(&arena, place, within, file);
    check_bucket(&arena, place, within);
    check_likeness(place, within);
    HOLDS(!arena.failed);
    pm_arena_finish(&arena);
    return 0;
}
