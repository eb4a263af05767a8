/* rpc_body.c - the body of a question to a Solana node. */

#include "source/rpc_inside.h"

#include "chain/base58.h"

#include <assert.h>

#define FRAME_MOST 512 /* bytes of a body beside its keys */

static struct pm_buf begin(struct pm_arena *arena, const char *method, size_t keys)
{
    struct pm_buf body;
    pm_buf_init(&body, arena, FRAME_MOST + keys * (PM_KEY_TEXT_MOST + sizeof "\"\","));
    pm_buf_addf(&body, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\"", method);
    return body;
}

static pm_str end(struct pm_buf *body, const char *last)
{
    pm_buf_add_c(body, last);
    return pm_buf_text(body);
}

static void add_key(struct pm_buf *body, const struct pm_key *key)
{
    pm_buf_add_char(body, '"');
    pm_key_add(body, key);
    pm_buf_add_char(body, '"');
}

static void add_options(struct pm_buf *body, const char *encoding, const struct pm_rpc_slice *slice)
{
    pm_buf_addf(body, ",{\"encoding\":\"%s\",\"commitment\":\"confirmed\"", encoding);
    if (slice) {
        pm_buf_add_c(body, ",\"dataSlice\":{\"offset\":");
        pm_buf_add_u64(body, slice->offset);
        pm_buf_add_c(body, ",\"length\":");
        pm_buf_add_u64(body, slice->length);
        pm_buf_add_char(body, '}');
    }
}

pm_str pm_rpc_plain_body(struct pm_arena *arena, const char *method)
{
    struct pm_buf body = begin(arena, method, 0);
    return end(&body, "}");
}

pm_str pm_rpc_confirmed_body(struct pm_arena *arena, const char *method)
{
    struct pm_buf body = begin(arena, method, 0);
    return end(&body, ",\"params\":[{\"commitment\":\"confirmed\"}]}");
}

pm_str pm_rpc_account_body(struct pm_arena *arena, const struct pm_key *key,
                           const struct pm_rpc_slice *slice)
{
    struct pm_buf body = begin(arena, "getAccountInfo", 1);
    pm_buf_add_c(&body, ",\"params\":[");
    add_key(&body, key);
    add_options(&body, "base64+zstd", slice);
    return end(&body, "}]}");
}

pm_str pm_rpc_accounts_body(struct pm_arena *arena, const struct pm_key *keys, size_t count,
                            const struct pm_rpc_slice *slice)
{
    assert(count > 0 && count <= PM_RPC_KEYS_MOST);
    struct pm_buf body = begin(arena, "getMultipleAccounts", count);
    pm_buf_add_c(&body, ",\"params\":[[");
    for (size_t i = 0; i < count; i++) {
        pm_buf_add_c(&body, i ? "," : "");
        add_key(&body, &keys[i]);
    }
    pm_buf_add_char(&body, ']');
    add_options(&body, "base64+zstd", slice);
    return end(&body, "}]}");
}

/* Slices are short, so they come as they are: a zstd frame would only add to them. A comparison's
 * bytes without an encoding are base58 to every node, old ones too. */
pm_str pm_rpc_search_body(struct pm_arena *arena, const struct pm_rpc_search *search)
{
    bool has_beginning = search->begins.len > 0;
    assert(has_beginning || search->size > 0);
    struct pm_buf body = begin(arena, "getProgramAccounts", 1);
    pm_buf_add_c(&body, ",\"params\":[");
    add_key(&body, &search->program);
    add_options(&body, "base64", &search->slice);
    pm_buf_add_c(&body, ",\"withContext\":true,\"filters\":[");
    if (has_beginning) {
        pm_buf_add_c(&body, "{\"memcmp\":{\"offset\":0,\"bytes\":\"");
        pm_base58_add(&body, (const uint8_t *)search->begins.ptr, search->begins.len);
        pm_buf_add_c(&body, "\"}}");
    }
    if (search->size) {
        pm_buf_add_c(&body, has_beginning ? ",{\"dataSize\":" : "{\"dataSize\":");
        pm_buf_add_u64(&body, search->size);
        pm_buf_add_char(&body, '}');
    }
    return end(&body, "]}]}");
}
