/* test_declared.c - where a run says that its weights are, and what is made of that. */

#include "action/declared.h"
#include "check.h"

#define COMMIT "0123456789abcdef0123456789abcdef01234567"
#define WORD_32 "abcdefghijklmnopqrstuvwxyzABCDEF"
#define WORD_96 WORD_32 WORD_32 WORD_32

/* --- repositories --- */

static const struct {
    const char *text;
    bool is_repository;
} REPOSITORIES[] = {
    {"owner/name", true},
    {"PsycheFoundation/consilience-40b-7Y9v38s5", true},
    {"a/b", true},
    {"A_1.x-y/_b", true},
    {"A_1.x-y/..b", false},
    {"owner/name.git", false},
    {WORD_96 "/" WORD_96, true},
    {WORD_96 "g/name", false},
    {"owner/" WORD_96 "g", false},
    {"", false},
    {"/", false},
    {"owner", false},
    {"owner/", false},
    {"/name", false},
    {"owner/name/more", false},
    {"../name", false},
    {"owner/..", false},
    {"./.", false},
    {"owner /name", false},
    {"owner/name ", false},
    {"owner/name\n", false},
    {"owner/na?me", false},
    {"owner/na%2Fme", false},
    {"owner/n\xC3\xA4me", false},
    {"https://host/x", false},
};

static void test_repositories(void)
{
    for (size_t i = 0; i < sizeof REPOSITORIES / sizeof *REPOSITORIES; i++) {
        bool is_one = pm_declared_is_repository(pm_str_from(REPOSITORIES[i].text));
        CHECK(is_one == REPOSITORIES[i].is_repository, "%s", REPOSITORIES[i].text);
    }
    CHECK(!pm_declared_is_repository(PM_STR("owner/na\0me")), "a NUL inside");
}

/* --- revisions --- */

static const struct {
    const char *text;
    enum pm_revision kind;
    bool is_plain;
} REVISIONS[] = {
    {"", PM_REVISION_DEFAULT, false},
    {"main", PM_REVISION_NAME, true},
    {"step-6000", PM_REVISION_NAME, true},
    {COMMIT, PM_REVISION_COMMIT, true},
    {COMMIT "8", PM_REVISION_NAME, false}, /* too long to be quoted */
    {"0123456789abcdef0123456789abcdef0123456", PM_REVISION_SHORT, true},
    {"0123456", PM_REVISION_SHORT, true},
    {"012345", PM_REVISION_NAME, true},
    {"0123456789ABCDEF0123456789abcdef01234567", PM_REVISION_NAME, true}, /* none of git's */
    {"0123456789abcdeg0123456789abcdef01234567", PM_REVISION_NAME, true},
    {"refs/pr/1", PM_REVISION_NAME, false},
    {"step{6000}", PM_REVISION_NAME, false},
    {"..", PM_REVISION_NAME, false},
    {"two words", PM_REVISION_NAME, false},
};

static void test_revisions(void)
{
    for (size_t i = 0; i < sizeof REVISIONS / sizeof *REVISIONS; i++) {
        const struct pm_checkpoint checkpoint = {
            .kind = PM_CHECKPOINT_HUB,
            .place = PM_STR("owner/name"),
            .has_revision = true,
            .revision = pm_str_from(REVISIONS[i].text),
        };
        CHECK(pm_declared_revision(&checkpoint) == REVISIONS[i].kind, "%s: kind",
              REVISIONS[i].text);
        CHECK(pm_declared_is_plain_revision(&checkpoint) == REVISIONS[i].is_plain, "%s: plain",
              REVISIONS[i].text);
    }
}

/* --- addresses --- */

#define HUB PM_CHECKPOINT_HUB
#define GCS PM_CHECKPOINT_GCS
#define STORAGE "https://storage.googleapis.com/"

static const struct {
    int kind;
    const char *place, *revision, *address, *gs;
} ADDRESSES[] = {
    {HUB, "owner/name", "", "https://huggingface.co/owner/name", ""},
    {HUB, "owner/name", "main", "https://huggingface.co/owner/name/tree/main", ""},
    {HUB, "owner/name", COMMIT, "https://huggingface.co/owner/name/tree/" COMMIT, ""},
    {HUB, "owner/name", "refs/pr/1", "", ""},
    {HUB, "owner/name", "..", "", ""},
    {HUB, "owner/name", "a?b", "", ""},
    {HUB, "owner", "main", "", ""},
    {HUB, "", "", "", ""},
    {GCS, "bucket", "", STORAGE "bucket/manifest.json", "gs://bucket"},
    {GCS, "bucket", "a/b-1", STORAGE "bucket/a/b-1/manifest.json", "gs://bucket/a/b-1"},
    {GCS, "bucket", "a/", "", ""},
    {GCS, "bucket", "/a", "", ""},
    {GCS, "bucket", "a//b", "", ""},
    {GCS, "bucket", "a/../b", "", ""},
    {GCS, "bucket/a", "b", "", ""},
    {GCS, "b@host", "", "", ""},
    {PM_CHECKPOINT_NONE, "owner/name", "", "", ""},
    {PM_CHECKPOINT_OTHER, "owner/name", "main", "", ""},
};

static void test_addresses(struct pm_arena *arena)
{
    for (size_t i = 0; i < sizeof ADDRESSES / sizeof *ADDRESSES; i++) {
        struct pm_checkpoint checkpoint = {
            .place = pm_str_from(ADDRESSES[i].place),
            .has_revision = true,
            .revision = pm_str_from(ADDRESSES[i].revision),
        };
        checkpoint.kind = ADDRESSES[i].kind;
        CHECK_TEXT(pm_declared_address(arena, &checkpoint), pm_str_from(ADDRESSES[i].address),
                   "address");
        CHECK_TEXT(pm_declared_gs(arena, &checkpoint), pm_str_from(ADDRESSES[i].gs), "gs");
    }
}

/* --- sizes --- */

static const struct {
    const char *params, *bytes, *said;
} SIZES[] = {
    {"40000000000", "80000000000", "80 GB"},
    {"8030261248", "16060522496", "16.1 GB"},
    {"1000000000000", "2000000000000", "2 TB"},
    {"12000000", "24000000", "24 MB"},
    {"300", "600", "600 bytes"},
    {"18446744073709551615", "36893488147419103230", "36893488.1 TB"},
    {"0", "unknown", NULL},
    {"", "unknown", NULL},
};

static void test_sizes(struct pm_arena *arena)
{
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        struct pm_big bytes = pm_declared_bf16_bytes(pm_big_read(pm_str_from(SIZES[i].params)));
        struct pm_buf text;
        struct pm_say say;
        pm_buf_init(&text, arena, 100);
        pm_big_add_text(&text, bytes);
        CHECK_TEXT(bytes.is_known ? pm_buf_text(&text) : PM_STR("unknown"),
                   pm_str_from(SIZES[i].bytes), SIZES[i].params);
        if (SIZES[i].said) {
            pm_say_init(&say, arena);
            pm_declared_say_bytes(&say, bytes);
            CHECK_TEXT(pm_buf_text(&say.buf), pm_str_from(SIZES[i].said), SIZES[i].params);
        }
    }
}

/* --- on chain --- */

static const struct {
    enum pm_chain_checkpoint kind;
    const char *place, *within; /* within NULL: none */
    int shown_kind;             /* as the dashboard would say it */
    const char *shown_place, *shown_within;
    bool is_shown_so, is_shared;
} ON_CHAIN[] = {
    {PM_CHAIN_CHECKPOINT_HUB, "a/b", "main", HUB, "a/b", "main", true, false},
    {PM_CHAIN_CHECKPOINT_HUB, "a/b", NULL, HUB, "a/b", "", true, false},
    {PM_CHAIN_CHECKPOINT_HUB, "a/b", "main", HUB, "a/b", "other", false, false},
    {PM_CHAIN_CHECKPOINT_HUB, "a/b", "main", HUB, "a/c", "main", false, false},
    {PM_CHAIN_CHECKPOINT_HUB, "a/\xFF", NULL, HUB, "a/\xEF\xBF\xBD", "", true, false},
    {PM_CHAIN_CHECKPOINT_HUB, "a/b", NULL, GCS, "a/b", "", false, false},
    {PM_CHAIN_CHECKPOINT_P2P, "a/b", NULL, HUB, "a/b", "", true, true},
    {PM_CHAIN_CHECKPOINT_P2P, "a/b", NULL, PM_CHECKPOINT_NONE, "", "", false, true},
    {PM_CHAIN_CHECKPOINT_GCS, "b", "p", GCS, "b", "p", true, false},
    {PM_CHAIN_CHECKPOINT_P2P_GCS, "b", "p", GCS, "b", "p", true, true},
    {PM_CHAIN_CHECKPOINT_P2P_GCS, "b", "p", GCS, "b", "", false, true},
    {PM_CHAIN_CHECKPOINT_EPHEMERAL, "", NULL, PM_CHECKPOINT_NONE, "", "", true, false},
    {PM_CHAIN_CHECKPOINT_DUMMY, "a/b", NULL, PM_CHECKPOINT_NONE, "", "", true, false},
    {PM_CHAIN_CHECKPOINT_DUMMY, "a/b", NULL, HUB, "a/b", "", false, false},
};

static void test_on_chain(struct pm_arena *arena)
{
    for (size_t i = 0; i < sizeof ON_CHAIN / sizeof *ON_CHAIN; i++) {
        struct pm_coordinator_checkpoint on_chain = {
            .kind = ON_CHAIN[i].kind,
            .place.text = pm_str_from(ON_CHAIN[i].place),
            .has_within = ON_CHAIN[i].within != NULL,
            .within.text = ON_CHAIN[i].within ? pm_str_from(ON_CHAIN[i].within) : PM_STR(""),
        };
        struct pm_checkpoint shown = {
            .place = pm_str_from(ON_CHAIN[i].shown_place),
            .revision = pm_str_from(ON_CHAIN[i].shown_within),
        };
        shown.kind = ON_CHAIN[i].shown_kind;
        struct pm_checkpoint declared = pm_declared_on_chain(&on_chain);
        CHECK_TEXT(declared.kind_word, pm_chain_checkpoint_word(on_chain.kind), "its own word");
        CHECK_TEXT(declared.place, on_chain.place.text, "place");
        CHECK(pm_declared_is_shown_as(arena, &on_chain, &shown) == ON_CHAIN[i].is_shown_so,
              "row %zu", i);
        CHECK(pm_declared_is_shared(&on_chain) == ON_CHAIN[i].is_shared, "row %zu: shared", i);
        CHECK(!ON_CHAIN[i].is_shared || declared.kind != PM_CHECKPOINT_NONE, "row %zu: kind", i);
    }
}

int main(void)
{
    struct pm_arena arena;
    pm_arena_init(&arena, (size_t)1 << 20);
    test_repositories();
    test_revisions();
    test_addresses(&arena);
    test_sizes(&arena);
    test_on_chain(&arena);
    pm_arena_finish(&arena);
    return check_done();
}
