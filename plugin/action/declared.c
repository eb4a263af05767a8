/* declared.c - where a run says that its weights are, and what follows from that alone. */

#include "action/declared.h"

#include "codec/hub_name.h"

#define HUB "https://huggingface.co/"
#define STORAGE "https://storage.googleapis.com/"
#define WORD_BYTES_MOST 96
#define QUOTED_BYTES_MOST 40 /* a commit's digits */
#define SHORT_DIGITS_LEAST 7 /* of a commit's, as the hub takes them */
#define BYTES_A_PARAMETER 2  /* bf16 */

/* --- what the chain has --- */

struct pm_checkpoint pm_declared_on_chain(const struct pm_coordinator_checkpoint *checkpoint)
{
    struct pm_checkpoint declared = {
        .kind = PM_CHECKPOINT_NONE,
        .kind_word = pm_chain_checkpoint_word(checkpoint->kind),
        .place = checkpoint->place.text,
        .has_revision = checkpoint->has_within,
        .revision = checkpoint->within.text,
    };
    switch (checkpoint->kind) {
    case PM_CHAIN_CHECKPOINT_HUB:
    case PM_CHAIN_CHECKPOINT_P2P:
        declared.kind = PM_CHECKPOINT_HUB;
        break;
    case PM_CHAIN_CHECKPOINT_GCS:
    case PM_CHAIN_CHECKPOINT_P2P_GCS:
        declared.kind = PM_CHECKPOINT_GCS;
        break;
    case PM_CHAIN_CHECKPOINT_EPHEMERAL:
    case PM_CHAIN_CHECKPOINT_DUMMY:
    case PM_CHAIN_CHECKPOINT_COUNT:
        break;
    }
    return declared;
}

bool pm_declared_is_shared(const struct pm_coordinator_checkpoint *checkpoint)
{
    return checkpoint->kind == PM_CHAIN_CHECKPOINT_P2P ||
           checkpoint->kind == PM_CHAIN_CHECKPOINT_P2P_GCS;
}

/* JSON carries only UTF-8: the dashboard has replaced the bytes that are none. */
static bool is_same_text(struct pm_arena *arena, pm_str bytes, pm_str shown)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, SIZE_MAX / 2);
    pm_lossy_add(&buf, bytes);
    return pm_str_equal(pm_buf_text(&buf), shown);
}

bool pm_declared_is_shown_as(struct pm_arena *arena,
                             const struct pm_coordinator_checkpoint *checkpoint,
                             const struct pm_checkpoint *shown)
{
    struct pm_checkpoint declared = pm_declared_on_chain(checkpoint);
    if (declared.kind != shown->kind) {
        return false;
    }
    return declared.kind == PM_CHECKPOINT_NONE ||
           (is_same_text(arena, declared.place, shown->place) &&
            is_same_text(arena, declared.revision, shown->revision));
}

/* --- plain names --- */

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

/* Dots alone would be a step up a path. */
static bool is_word(pm_str text)
{
    size_t dots = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_word_byte(text.ptr[i])) {
            return false;
        }
        dots += text.ptr[i] == '.';
    }
    return text.len > dots && text.len <= WORD_BYTES_MOST;
}

/* Words with a slash between. */
static bool is_path(pm_str text)
{
    size_t slash = pm_str_find(text, '/');
    while (slash < text.len && is_word(pm_str_slice(text, 0, slash))) {
        text = pm_str_tail(text, slash + 1);
        slash = pm_str_find(text, '/');
    }
    return slash == text.len && is_word(text);
}

pm_str pm_declared_place(const struct pm_checkpoint *checkpoint)
{
    pm_str place = checkpoint->place;
    while (place.len && ((unsigned char)place.ptr[place.len - 1] <= ' ' ||
                         (unsigned char)place.ptr[place.len - 1] == 0x7f)) {
        place.len--;
    }
    return place;
}

bool pm_declared_is_repository(pm_str text)
{
    return pm_hub_is_repository(text);
}

static bool is_hex(pm_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return false;
        }
    }
    return true;
}

/* An empty one is sent for none. */
enum pm_revision pm_declared_revision(const struct pm_checkpoint *checkpoint)
{
    pm_str revision = checkpoint->revision;
    if (revision.len == 0) {
        return PM_REVISION_DEFAULT;
    }
    if (pm_hub_is_commit(revision)) {
        return PM_REVISION_COMMIT;
    }
    bool is_short = revision.len >= SHORT_DIGITS_LEAST && revision.len <= QUOTED_BYTES_MOST;
    return is_short && is_hex(revision) ? PM_REVISION_SHORT : PM_REVISION_NAME;
}

bool pm_declared_is_plain_revision(const struct pm_checkpoint *checkpoint)
{
    return is_word(checkpoint->revision) && checkpoint->revision.len <= QUOTED_BYTES_MOST;
}

/* --- addresses --- */

static bool is_plain_bucket(const struct pm_checkpoint *checkpoint)
{
    return checkpoint->kind == PM_CHECKPOINT_GCS && is_word(pm_declared_place(checkpoint)) &&
           (checkpoint->revision.len == 0 || is_path(checkpoint->revision));
}

static struct pm_buf begin_text(struct pm_arena *arena, const char *beginning, pm_str place)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, SIZE_MAX / 2);
    pm_buf_add_c(&buf, beginning);
    pm_buf_add(&buf, place);
    return buf;
}

static pm_str hub_address(struct pm_arena *arena, const struct pm_checkpoint *checkpoint)
{
    struct pm_buf buf = begin_text(arena, HUB, pm_declared_place(checkpoint));
    if (checkpoint->revision.len) {
        pm_buf_add_c(&buf, "/tree/");
        pm_buf_add(&buf, checkpoint->revision);
    }
    return pm_buf_text(&buf);
}

static pm_str manifest_address(struct pm_arena *arena, const struct pm_checkpoint *checkpoint)
{
    struct pm_buf buf = begin_text(arena, STORAGE, pm_declared_place(checkpoint));
    if (checkpoint->revision.len) {
        pm_buf_add_char(&buf, '/');
        pm_buf_add(&buf, checkpoint->revision);
    }
    pm_buf_add_c(&buf, "/manifest.json");
    return pm_buf_text(&buf);
}

pm_str pm_declared_address(struct pm_arena *arena, const struct pm_checkpoint *checkpoint)
{
    bool is_hub = checkpoint->kind == PM_CHECKPOINT_HUB &&
                  pm_declared_is_repository(pm_declared_place(checkpoint)) &&
                  (checkpoint->revision.len == 0 || is_word(checkpoint->revision));
    if (is_hub) {
        return hub_address(arena, checkpoint);
    }
    return is_plain_bucket(checkpoint) ? manifest_address(arena, checkpoint) : PM_STR("");
}

pm_str pm_declared_gs(struct pm_arena *arena, const struct pm_checkpoint *checkpoint)
{
    if (!is_plain_bucket(checkpoint)) {
        return PM_STR("");
    }
    struct pm_buf buf = begin_text(arena, "gs://", pm_declared_place(checkpoint));
    if (checkpoint->revision.len) {
        pm_buf_add_char(&buf, '/');
        pm_buf_add(&buf, checkpoint->revision);
    }
    return pm_buf_text(&buf);
}

struct pm_big pm_declared_bf16_bytes(struct pm_big params)
{
    static const struct pm_big unknown;
    return pm_big_is_zero(params) ? unknown : pm_big_mul(params, BYTES_A_PARAMETER);
}

/* --- in an answer --- */

void pm_declared_say_bytes(struct pm_say *say, struct pm_big bytes)
{
    static const struct {
        double bytes;
        const char *name;
    } units[] = {{1e12, " TB"}, {1e9, " GB"}, {1e6, " MB"}, {1, " bytes"}};
    double value = pm_big_to_double(bytes);
    size_t at = 0;
    while (at + 1 < sizeof units / sizeof *units && !(value >= units[at].bytes)) {
        at++;
    }
    pm_say_fixed(say, value / units[at].bytes, 1);
    pm_say_own(say, units[at].name);
}

static void put_text_if(struct pm_arena *arena, struct pm_group *group, const char *key,
                        enum pm_text_use use, pm_str text)
{
    if (text.len) {
        pm_put_text(group, key, pm_clean(arena, use, text));
    }
}

void pm_declared_put(struct pm_arena *arena, struct pm_group *group,
                     const struct pm_checkpoint *checkpoint)
{
    bool is_bucket = checkpoint->kind == PM_CHECKPOINT_GCS;
    if (checkpoint->kind == PM_CHECKPOINT_NONE && checkpoint->kind_word.len == 0) {
        pm_put_own(group, "kind", "none");
        return;
    }
    put_text_if(arena, group, "kind", PM_TEXT_OTHER, checkpoint->kind_word);
    put_text_if(arena, group, is_bucket ? "bucket" : "repo", PM_TEXT_REPOSITORY, checkpoint->place);
    if (checkpoint->has_revision) {
        put_text_if(arena, group, is_bucket ? "prefix" : "revision", PM_TEXT_PLACE,
                    checkpoint->revision);
    }
}
