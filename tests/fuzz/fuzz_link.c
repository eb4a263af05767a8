/* fuzz_link.c - the small texts of a hub: links, cursors, limits, titles, and names of all kinds. */

#include "fuzz.h"

#include "codec/hub_name.h"
#include "codec/shard.h"
#include "codec/url.h"

static bool is_inside(pm_str part, pm_str whole)
{
    return part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len;
}

/* A cursor can be put into a query without becoming anything else. */
static void check_link(pm_str text)
{
    pm_str url, cursor;
    if (pm_link_next(text, &url)) {
        HOLDS(url.len > 0 && is_inside(url, text));
        HOLDS(pm_str_find(url, '>') == url.len);
    } else {
        url = text;
    }
    if (pm_link_cursor(url, &cursor)) {
        HOLDS(cursor.len > 0 && is_inside(cursor, url));
        for (size_t i = 0; i < cursor.len; i++) {
            HOLDS(cursor.ptr[i] > ' ' && cursor.ptr[i] < 0x7F);
            HOLDS(!strchr("&#?\"<>\\'`{}|^", cursor.ptr[i]));
        }
    }
}

static void check_small(pm_str text)
{
    uint64_t left = 1, seconds = 1, step = 1;
    if (pm_rate_limit_read(text, &left, &seconds)) {
        HOLDS(pm_str_find(text, ';') < text.len);
    }
    if (pm_hub_step(text, &step)) {
        HOLDS(pm_str_has_nocase(text, PM_STR("step ")));
    }
}

/* What is a name stays as it is in an address, and leads nowhere else. */
static void check_names(struct pm_arena *arena, pm_str text)
{
    struct pm_buf url;
    pm_buf_init(&url, arena, SIZE_MAX / 2);
    if (pm_hub_is_repository(text)) {
        size_t slash = pm_str_find(text, '/');
        pm_url_add_segment(&url, pm_str_slice(text, 0, slash));
        pm_buf_add_char(&url, '/');
        pm_url_add_segment(&url, pm_str_tail(text, slash + 1));
        HOLDS(pm_str_equal(pm_buf_text(&url), text));
    }
    HOLDS(!pm_hub_is_commit(text) || pm_hub_is_revision(text));
    if (pm_hub_is_revision(text)) {
        HOLDS(text.ptr[0] != '/' && text.ptr[0] != '-' && !pm_str_has_nocase(text, PM_STR("..")));
    }
}

/* A part, put together again, is the path. */
static void check_shard(struct pm_arena *arena, pm_str path)
{
    struct pm_shard shard;
    struct pm_buf whole;
    pm_buf_init(&whole, arena, SIZE_MAX / 2);
    if (!pm_shard_read(path, &shard)) {
        return;
    }
    HOLDS(shard.number >= 1 && shard.number <= shard.of && shard.of <= 999999);
    HOLDS(shard.format == pm_weight_format_of(path) && shard.format != PM_WEIGHTS_NONE);
    HOLDS(pm_str_starts(path, shard.stem) && shard.stem.len > 0);
    HOLDS(pm_str_ends_nocase(path, shard.extension) && shard.extension.len > 1);
    pm_buf_addf(&whole, "%u", shard.number);
    HOLDS(pm_str_has_nocase(pm_str_tail(path, shard.stem.len), pm_buf_text(&whole)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pm_str text = fuzz_text(data, size);
    struct pm_arena arena;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    check_link(text);
    check_small(text);
    check_names(&arena, text);
    check_shard(&arena, text);
    pm_arena_finish(&arena);
    return 0;
}
