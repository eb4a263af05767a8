/* test_hub.c - what is asked of the model hub, and what its recorded replies come to.
 *
 * Recordings: tests/data/hub, and the folder hub/ in PSYCHE_GOLDEN_DIR. */

#include "source/hub_inside.h"

#include "check.h"
#include "hub_words.h"
#include "recording.h"

#include <dirent.h>

#define SHA "e73b48c5c29635b6c358466f48e7ea7548f2146f"

/* --- addresses --- */

static void test_urls(void)
{
    struct pm_arena arena;
    const pm_str base = PM_STR("https://h/x"), repo = PM_STR("Own-er/na.me_1");
    pm_arena_init(&arena, 65536);
    CHECK_TEXT(pm_hub_model_url(&arena, base, repo, PM_STR("")),
               PM_STR("https://h/x/api/models/Own-er/na.me_1?blobs=true"), "model");
    CHECK_TEXT(pm_hub_model_url(&arena, base, repo, PM_STR("refs/pr/1")),
               PM_STR("https://h/x/api/models/Own-er/na.me_1/revision/refs%2Fpr%2F1?blobs=true"),
               "a revision with slashes");
    CHECK_TEXT(pm_hub_tree_url(&arena, base, repo, PM_STR(SHA), PM_STR("")),
               PM_STR("https://h/x/api/models/Own-er/na.me_1/tree/" SHA "?recursive=true"), "tree");
    CHECK_TEXT(pm_hub_tree_url(&arena, base, repo, PM_STR("main"), PM_STR("ab%3D")),
               PM_STR("https://h/x/api/models/Own-er/na.me_1/tree/"
                      "main?recursive=true&cursor=ab%3D"),
               "the next page of a tree");
    CHECK_TEXT(pm_hub_commits_url(&arena, base, repo, PM_STR("main"), 1000, 2),
               PM_STR("https://h/x/api/models/Own-er/na.me_1/commits/main?limit=1000&p=2"),
               "commits");
    CHECK_TEXT(pm_hub_index_url(&arena, base, repo, PM_STR("main"), PM_STR("a b/../c?#.json")),
               PM_STR("https://h/x/Own-er/na.me_1/resolve/main/a%20b/%2E%2E/c%3F%23.json"),
               "a file");
    pm_arena_finish(&arena);
}

static void test_search_urls(void)
{
    static const struct {
        struct pm_hub_search search;
        const char *want;
    } cases[] = {
        {{.author = PM_STR_INIT("PsycheFoundation"),
          .words = PM_STR_INIT("consilience 40b"),
          .limit = 20,
          .newest = true},
         "http://h/api/models?limit=20&full=true&sort=lastModified&author=PsycheFoundation"
         "&search=consilience%2040b"},
        {{.words = PM_STR_INIT("a&author=b#\xC3\xA9"), .limit = 1000},
         "http://h/api/models?limit=100&full=true&search=a%26author%3Db%23%C3%A9"},
        {{.limit = 0}, "http://h/api/models?limit=1&full=true"},
    };
    struct pm_arena arena;
    pm_arena_init(&arena, 65536);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_TEXT(pm_hub_search_url(&arena, PM_STR("http://h"), &cases[i].search),
                   pm_str_from(cases[i].want), "search");
    }
    pm_arena_finish(&arena);
}

/* --- recordings --- */

static const struct {
    const char *name;
    const struct pm_kind *kind;
    const char *want;
} recorded[] = {
    {"001-search-0-hits", SEARCH, "0 models, 0 unreadable"},
    {"002-search-1-hit", SEARCH,
     "1 models, 0 unreadable: acme-lab/tiny-1b, sha ?, by ?, for transformers, does "
     "text-generation, licence ?, modified ?, created 2026-10-02T08:15:42Z, private no, "
     "disabled ?, gate unknown, downloads 120, likes 3, storage ?, params ?, 0 files, 0 "
     "sized, 0 large, 0 bytes, no list"},
    {"003-search-3-hits-full", SEARCH,
     "3 models, 0 unreadable: acme-lab/orion-32b, sha e73b48c, by acme-lab, for "
     "transformers, does text-generation, licence ?, modified 2026-11-20T21:04:09Z, "
     "created 2026-10-02T08:15:42Z, private no, disabled no, gate none, downloads 120, "
     "likes 3, storage ?, params ?, 22 files, 0 sized, 0 large, 0 bytes, last "
     "tokenizer_config.json"},
    {"005-search-20-hits-page2-last", SEARCH,
     "3 models, 0 unreadable: org-20/Orion-32B-GGUF, sha ?, by ?, for transformers, does "
     "text-generation, licence ?, modified ?, created 2026-10-23T12:00:20Z, private no, "
     "disabled ?, gate unknown, downloads 3740, likes 3, storage ?, params ?, 0 files, 0 "
     "sized, 0 large, 0 bytes, no list"},
    {"006-search-expand", SEARCH,
     "2 models, 0 unreadable: acme-lab/orion-32b, sha e73b48c, by ?, for ?, does ?, "
     "licence ?, modified 2026-11-20T21:04:09Z, created ?, private ?, disabled ?, gate "
     "none, downloads ?, likes ?, storage ?, params 29952940032, 22 files, 0 sized, 0 "
     "large, 0 bytes, last tokenizer_config.json"},
    {"007-search-expand-bad-400", SEARCH,
     "http_status: HTTP 400: Invalid option: expected one of "
     "\"author\"|\"baseModels\"|\"cardData\"|\"config\"|\"createdAt\"|\"disabled\"|\"d"
     "ownloads\"|\"downloadsAllTime\"|\"evalResults\"|\"gated\"|\"inference\"|\"infere"
     "nceProvider"},
    {"009-model-single-file-blobs", MODEL,
     "acme-lab/tiny-1b, sha 2a2eb04, by acme-lab, for transformers, does text-generation, "
     "licence apache-2.0, modified 2026-11-20T21:04:09Z, created 2026-10-02T08:15:42Z, "
     "private no, disabled no, gate none, downloads 1834, likes 27, storage 2211542518, "
     "params 1100048384, 8 files, 8 sized, 2 large, 2211598876 bytes, last "
     "tokenizer_config.json, all sized"},
    {"010-model-14-shards-blobs", MODEL,
     "acme-lab/orion-32b, sha e73b48c, by acme-lab, for transformers, does "
     "text-generation, licence apache-2.0, modified 2026-11-20T21:04:09Z, created "
     "2026-10-02T08:15:42Z, private no, disabled no, gate none, downloads 1834, likes 27, "
     "storage 59917378798, params 29952940032, 22 files, 22 sized, 15 large, 59917488863 "
     "bytes, last tokenizer_config.json, all sized"},
    {"011-model-missing-shard-blobs", MODEL,
     "acme-lab/orion-32b-broken, sha 8927fe7, by acme-lab, for transformers, does "
     "text-generation, licence apache-2.0, modified 2026-11-17T09:30:00Z, created "
     "2026-10-02T08:15:42Z, private no, disabled no, gate none, downloads 1834, likes 27, "
     "storage 55324474774, params ?, 21 files, 21 sized, 14 large, 55324584839 bytes, "
     "last tokenizer_config.json, all sized"},
    {"013-model-upload-in-progress", MODEL,
     "acme-lab/orion-32b-uploading, sha 6058d52, by acme-lab, for transformers, does "
     "text-generation, licence apache-2.0, modified 2026-11-21T05:21:33Z, created "
     "2026-11-21T04:58:00Z, private no, disabled no, gate none, downloads 0, likes 0, "
     "storage 27246395614, params ?, 13 files, 13 sized, 7 large, 27246451972 bytes, last "
     "tokenizer_config.json, all sized"},
    {"014-model-gated-info", MODEL,
     "acme-lab/orion-32b-gated, sha bc76a84, by acme-lab, for transformers, does "
     "text-generation, licence acme-community, modified 2026-11-18T10:00:00Z, created "
     "2026-10-02T08:15:42Z, private no, disabled no, gate manual, downloads 1834, likes "
     "27, storage 59917378798, params 29952940032, 22 files, 0 sized, 0 large, 0 bytes, "
     "last tokenizer_config.json"},
    {"015-model-disabled-info", MODEL,
     "acme-lab/withdrawn-7b, sha 23eb8d3, by acme-lab, for transformers, does "
     "text-generation, licence apache-2.0, modified 2026-11-20T21:04:09Z, created "
     "2026-10-02T08:15:42Z, private no, disabled yes, gate auto, downloads 1834, likes "
     "27, storage 2211542518, params 1100048384, 8 files, 0 sized, 0 large, 0 bytes, last "
     "tokenizer_config.json"},
    {"017-model-gguf", MODEL,
     "acme-lab/orion-32b-GGUF, sha 500e51f, by acme-lab, for ?, does text-generation, "
     "licence apache-2.0, modified 2026-11-20T21:04:09Z, created 2026-10-02T08:15:42Z, "
     "private no, disabled no, gate none, downloads 1834, likes 27, storage 87167367936, "
     "params 29952940032, 5 files, 5 sized, 3 large, 87167372575 bytes, last "
     "orion-32b-Q4_K_M.gguf, all sized"},
    {"018-model-adapter", MODEL,
     "acme-lab/orion-32b-lora, sha e6216aa, by acme-lab, for peft, does text-generation, "
     "licence ?, modified 2026-11-20T21:04:09Z, created 2026-10-02T08:15:42Z, private no, "
     "disabled no, gate none, downloads 1834, likes 27, storage 268555264, params ?, 4 "
     "files, 4 sized, 1 large, 268562695 bytes, last adapter_model.safetensors, all sized"},
    {"019-model-expand", MODEL,
     "acme-lab/orion-32b-lora, sha ?, by ?, for ?, does ?, licence ?, modified ?, created "
     "?, private no, disabled no, gate none, downloads ?, likes ?, storage 268555264, "
     "params ?, 0 files, 0 sized, 0 large, 0 bytes, no list"},
    {"021-model-not-found-token-404", MODEL, "missing or private"},
    {"022-model-bad-token-401", MODEL, "bad token"},
    {"025-commits-gated-401", COMMITS, "gated"},
    {"026-revision-not-found-404", MODEL, "no revision"},
    {"027-tree-14-shards", TREE,
     "tree, 0 unreadable, next ?, 22 files, 22 sized, 15 large, 59917488863 bytes, last "
     "tokenizer_config.json"},
    {"029-tree-page2-last", TREE,
     "tree, 0 unreadable, next ?, 4 files, 4 sized, 3 large, 13552265304 bytes, last "
     "checkpoint-200/trainer_state.json"},
    {"030-tree-empty-repo", TREE,
     "tree, 0 unreadable, next ?, 1 files, 1 sized, 0 large, 1519 bytes, last "
     ".gitattributes"},
    {"031-tree-path-not-found-404", TREE, "no file"},
    {"033-tree-bert-expand-recorded", TREE,
     "tree, 0 unreadable, next ?, 5 files, 5 sized, 2 large, 976768507 bytes, last "
     "vocab.txt"},
    {"035-commits-page1", COMMITS,
     "10 commits, 9 steps, 0 unreadable, more, of 13: 939e467 \"step 1200\", step 1200, "
     "at 2026-11-19T07:24:00Z"},
    {"037-commits-gpt2-recorded", COMMITS,
     "5 commits, 0 steps, 0 unreadable, more, of 26: 607a30d \"Adds the tokenizer "
     "configuration file (#80)\", step ?, at 2024-02-19T10:57:45Z"},
    {"041-resolve-index-json", INDEX,
     "index, 651 tensors, 0 bad, total 59905880064, 14 files "
     "model-00001-of-00014.safetensors model-00002-of-00014.safetensors "
     "model-00003-of-00014.safetensors"},
    {"043-resolve-missing-shard-404", INDEX, "no file"},
    {"045-resolve-gated-token-403", INDEX, "gated"},
    {"046-resolve-disabled-403", INDEX, "disabled"},
    {"047-resolve-revision-not-found-404", INDEX, "no revision"},
    {"053-451", MODEL, "http_status: HTTP 451: Unavailable For Legal Reasons"},
    {"054-200-error-object", SEARCH, "rate_limited: asked too often, it says with HTTP 200"},
};

static void test_recorded(const char *folder)
{
    for (size_t i = 0; i < sizeof recorded / sizeof *recorded; i++) {
        struct recording got = recording_read(recorded[i].kind, folder, recorded[i].name);
        CHECK(got.is_there, "%s is in %s", recorded[i].name, folder);
        if (got.is_there) {
            check_line(recorded[i].kind, &got, recorded[i].want, recorded[i].name);
        }
        recording_drop(&got);
    }
}

/* Of any reply to any question come facts or a reason, never both. */
static void test_any(const char *folder)
{
    static const struct pm_kind *const kinds[] = {SEARCH, MODEL, TREE, COMMITS, INDEX};
    DIR *entries = opendir(folder);
    size_t seen = 0;
    CHECK(entries, "%s can be read", folder);
    for (const struct dirent *entry; entries && (entry = readdir(entries)) != NULL;) {
        char name[256];
        pm_str file = pm_str_from(entry->d_name);
        if (!pm_str_ends_nocase(file, PM_STR(".headers"))) {
            continue;
        }
        (void)snprintf(name, sizeof name, "%.*s", (int)(file.len - strlen(".headers")), file.ptr);
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            struct recording got = recording_read(kinds[i], folder, name);
            bool is_ok = got.outcome.status == PM_STATUS_OK;
            CHECK((got.facts != NULL) == is_ok && (got.outcome.problem[0] == '\0') == is_ok,
                  "%s as %s: %s", name, kinds[i]->name, got.outcome.problem);
            recording_drop(&got);
        }
        seen++;
    }
    if (entries) {
        (void)closedir(entries);
    }
    CHECK(seen >= 39, "only %zu recordings in %s", seen, folder);
}

int main(void)
{
    const char *golden = getenv("PSYCHE_GOLDEN_DIR"), *data = getenv("PSYCHE_TEST_DATA");
    char folder[512];
    test_urls();
    test_search_urls();
    (void)snprintf(folder, sizeof folder, "%s/hub", data ? data : "tests/data");
    test_recorded(folder);
    test_any(folder);
    if (golden) {
        (void)snprintf(folder, sizeof folder, "%s/hub", golden);
        test_recorded(folder);
        test_any(folder);
    } else {
        printf("SKIP recordings outside the tree: PSYCHE_GOLDEN_DIR is not set\n");
    }
    return check_done();
}
