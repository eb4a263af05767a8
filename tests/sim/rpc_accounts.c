/* rpc_accounts.c - the three methods that give accounts, in all encodings but the parsed one, which
 * falls back to base64 as it does for programs that a node does not know. */

#include "chain/base58.h"
#include "rpc_call.h"
#include "rpc_text.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define KEYS_MOST 100
#define FILTERS_MOST 4
#define COMPARED_MOST 128 /* bytes of a memcmp filter, and of data in base58 */

enum encoding { BINARY, BASE58, BASE64, PARSED, BASE64_ZSTD };

static const char *const encodings[] = {"binary", "base58", "base64", "jsonParsed", "base64+zstd"};

struct wish {
    yyjson_val *options;
    enum encoding encoding;
    bool is_sliced;
    uint64_t offset, length;
};

/* --- options --- */

static bool read_encoding(struct sim_call *call, struct wish *wish)
{
    const char *name = yyjson_get_str(yyjson_obj_get(wish->options, "encoding"));
    if (!name) {
        return true;
    }
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        if (strcmp(name, encodings[i]) == 0) {
            wish->encoding = (enum encoding)i;
            return true;
        }
    }
    return sim_call_fail(
        call, SIM_BAD_PARAMS,
        "Invalid params: unknown variant `%s`, expected one of `binary`, `base58`, "
        "`base64`, `jsonParsed`, `base64+zstd`.",
        name);
}

static bool read_usize(struct sim_call *call, yyjson_val *object, const char *name, uint64_t *out)
{
    yyjson_val *value = yyjson_obj_get(object, name);
    *out = yyjson_get_uint(value);
    return yyjson_is_uint(value) ||
           sim_call_fail(call, SIM_BAD_PARAMS,
                         "Invalid params: invalid value: integer `%lld`, expected usize.",
                         (long long)yyjson_get_sint(value));
}

static bool read_wish(struct sim_call *call, struct wish *wish)
{
    yyjson_val *options = yyjson_arr_get(call->params, 1);
    yyjson_val *slice = yyjson_obj_get(options, "dataSlice");
    yyjson_val *least = yyjson_obj_get(options, "minContextSlot");
    *wish = (struct wish){.options = options, .is_sliced = yyjson_is_obj(slice)};
    if (!read_encoding(call, wish) ||
        (wish->is_sliced && (!read_usize(call, slice, "offset", &wish->offset) ||
                             !read_usize(call, slice, "length", &wish->length)))) {
        return false;
    }
    uint64_t slot = sim_call_slot(call, options);
    if (yyjson_get_uint(least) > slot) {
        call->data = yyjson_mut_obj(call->doc);
        (void)yyjson_mut_obj_add_uint(call->doc, call->data, "contextSlot", slot);
        return sim_call_fail(call, -32016, "Minimum context slot has not been reached");
    }
    return true;
}

static bool read_key(struct sim_call *call, yyjson_val *value, struct pm_key *key)
{
    if (yyjson_is_int(value)) {
        return sim_call_fail(call, SIM_BAD_PARAMS,
                             "Invalid params: invalid type: integer `%lld`, expected a string.",
                             (long long)yyjson_get_sint(value));
    }
    pm_str text = {yyjson_get_str(value), yyjson_get_len(value)};
    switch (pm_key_read(text, key)) {
    case PM_KEY_OK:
        return true;
    case PM_KEY_INVALID:
        return sim_call_fail(call, SIM_BAD_PARAMS, "Invalid param: Invalid");
    case PM_KEY_WRONG_SIZE:
        break;
    }
    return sim_call_fail(call, SIM_BAD_PARAMS, "Invalid param: WrongSize");
}

/* --- an account as JSON --- */

static pm_str cut(const struct wish *wish, pm_str data)
{
    if (!wish->is_sliced) {
        return data;
    }
    pm_str rest = pm_str_tail(data, (size_t)wish->offset);
    return pm_str_slice(rest, 0, (size_t)wish->length);
}

static yyjson_mut_val *encode(struct sim_call *call, const struct wish *wish, pm_str data)
{
    bool is_short = wish->encoding == BINARY || wish->encoding == BASE58;
    if (is_short && data.len > COMPARED_MOST) {
        (void)sim_call_fail(call, SIM_BAD_REQUEST,
                            "Encoded binary (base 58) data should be less than 128 bytes, please "
                            "use Base64 encoding.");
        return NULL;
    }
    char *text = is_short                        ? sim_base58(data)
                 : wish->encoding == BASE64_ZSTD ? sim_zstd_base64(data)
                                                 : sim_base64(data);
    yyjson_mut_val *value = yyjson_mut_strcpy(call->doc, text);
    free(text);
    if (wish->encoding == BINARY) {
        return value;
    }
    yyjson_mut_val *pair = yyjson_mut_arr(call->doc);
    enum encoding shown = wish->encoding == PARSED ? BASE64 : wish->encoding;
    (void)yyjson_mut_arr_append(pair, value);
    (void)yyjson_mut_arr_add_str(call->doc, pair, encodings[shown]);
    return pair;
}

/* NULL after a failure. */
static yyjson_mut_val *account_value(struct sim_call *call, const struct wish *wish,
                                     const struct sim_account *account)
{
    if (!account) {
        return yyjson_mut_null(call->doc);
    }
    yyjson_mut_val *data = encode(call, wish, cut(wish, account->data));
    yyjson_mut_val *object = yyjson_mut_obj(call->doc);
    if (!data) {
        return NULL;
    }
    (void)yyjson_mut_obj_add_val(call->doc, object, "data", data);
    (void)yyjson_mut_obj_add_bool(call->doc, object, "executable", account->is_executable);
    (void)yyjson_mut_obj_add_uint(call->doc, object, "lamports", account->lamports);
    (void)yyjson_mut_obj_add_str(call->doc, object, "owner", account->owner_text);
    (void)yyjson_mut_obj_add_uint(call->doc, object, "rentEpoch", UINT64_MAX);
    (void)yyjson_mut_obj_add_uint(call->doc, object, "space", account->data.len);
    return object;
}

static bool give(struct sim_call *call, const struct wish *wish, yyjson_mut_val *value)
{
    yyjson_mut_val *context = yyjson_mut_obj(call->doc);
    if (!value) {
        return false;
    }
    const char *version = call->node->moods.version;
    (void)yyjson_mut_obj_add_str(call->doc, context, "apiVersion", version ? version : SIM_VERSION);
    (void)yyjson_mut_obj_add_uint(call->doc, context, "slot", sim_call_slot(call, wish->options));
    call->result = yyjson_mut_obj(call->doc);
    (void)yyjson_mut_obj_add_val(call->doc, call->result, "context", context);
    (void)yyjson_mut_obj_add_val(call->doc, call->result, "value", value);
    return true;
}

bool sim_rpc_account(struct sim_call *call)
{
    struct wish wish;
    struct pm_key key;
    return read_key(call, yyjson_arr_get(call->params, 0), &key) && read_wish(call, &wish) &&
           give(call, &wish, account_value(call, &wish, sim_node_find(call->node, &key)));
}

bool sim_rpc_accounts(struct sim_call *call)
{
    struct wish wish;
    yyjson_val *keys = yyjson_arr_get(call->params, 0), *each;
    yyjson_mut_val *list = yyjson_mut_arr(call->doc);
    if (!yyjson_is_arr(keys)) {
        return sim_call_fail(call, SIM_BAD_PARAMS, "Invalid params: expected a sequence.");
    }
    if (yyjson_arr_size(keys) > KEYS_MOST) {
        return sim_call_fail(call, SIM_BAD_PARAMS, "Too many inputs provided; max %d", KEYS_MOST);
    }
    if (!read_wish(call, &wish)) {
        return false;
    }
    yyjson_arr_iter all = yyjson_arr_iter_with(keys);
    while ((each = yyjson_arr_iter_next(&all))) {
        struct pm_key key;
        yyjson_mut_val *value = NULL;
        if (read_key(call, each, &key)) {
            value = account_value(call, &wish, sim_node_find(call->node, &key));
        }
        if (!value) {
            return false;
        }
        (void)yyjson_mut_arr_append(list, value);
    }
    return give(call, &wish, list);
}

/* --- searches --- */

struct filter {
    bool is_size;
    uint64_t number; /* the size, or where the bytes stand */
    uint8_t bytes[COMPARED_MOST];
    size_t len;
};

static bool read_base58(struct sim_call *call, pm_str text, struct filter *filter)
{
    enum { LONGEST_TEXT = 175 };
    if (text.len > LONGEST_TEXT) {
        return sim_call_fail(call, SIM_BAD_PARAMS, "Invalid param: DataTooLarge");
    }
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte[COMPARED_MOST];
        size_t len;
        if (!pm_base58_decode(pm_str_slice(text, i, i + 1), byte, sizeof byte, &len)) {
            return sim_call_fail(call, SIM_BAD_PARAMS,
                                 "Invalid param: Base58DecodeError(InvalidCharacter { character: "
                                 "'%c', index: %zu })",
                                 text.ptr[i], i);
        }
    }
    return pm_base58_decode(text, filter->bytes, COMPARED_MOST, &filter->len) ||
           sim_call_fail(call, SIM_BAD_PARAMS, "Invalid param: DataTooLarge");
}

static bool read_list(struct sim_call *call, yyjson_val *list, struct filter *filter)
{
    yyjson_val *byte;
    yyjson_arr_iter all = yyjson_arr_iter_with(list);
    if (yyjson_arr_size(list) > COMPARED_MOST) {
        return sim_call_fail(call, SIM_BAD_PARAMS, "Invalid param: DataTooLarge");
    }
    while ((byte = yyjson_arr_iter_next(&all))) {
        filter->bytes[filter->len++] = (uint8_t)yyjson_get_uint(byte);
    }
    return true;
}

static bool read_compared(struct sim_call *call, yyjson_val *compare, struct filter *filter)
{
    yyjson_val *bytes = yyjson_obj_get(compare, "bytes");
    const char *encoding = yyjson_get_str(yyjson_obj_get(compare, "encoding"));
    pm_str text = {yyjson_get_str(bytes), yyjson_get_len(bytes)};
    filter->number = yyjson_get_uint(yyjson_obj_get(compare, "offset"));
    if (yyjson_is_arr(bytes)) {
        return read_list(call, bytes, filter);
    }
    if (!encoding || strcmp(encoding, "base58") == 0) {
        return read_base58(call, text, filter);
    }
    return sim_unbase64(text, filter->bytes, COMPARED_MOST, &filter->len) ||
           sim_call_fail(call, SIM_BAD_PARAMS, "Invalid param: Base64DecodeError");
}

static bool read_filter(struct sim_call *call, yyjson_val *value, struct filter *filter)
{
    yyjson_obj_iter first = yyjson_obj_iter_with(value);
    yyjson_val *name = yyjson_obj_iter_next(&first);
    yyjson_val *inner = yyjson_obj_iter_get_val(name);
    *filter = (struct filter){0};
    if (yyjson_equals_str(name, "memcmp")) {
        return read_compared(call, inner, filter);
    }
    filter->is_size = yyjson_equals_str(name, "dataSize");
    filter->number = yyjson_get_uint(inner);
    return filter->is_size ||
           sim_call_fail(call, SIM_BAD_PARAMS,
                         "Invalid params: unknown variant `%s`, expected one of `dataSize`, "
                         "`memcmp`, `tokenAccountState`.",
                         name ? yyjson_get_str(name) : "");
}

static bool fits(const struct filter *filter, pm_str data)
{
    if (filter->is_size) {
        return data.len == filter->number;
    }
    pm_str part = pm_str_slice(pm_str_tail(data, (size_t)filter->number), 0, filter->len);
    return pm_str_equal(part, (pm_str){(const char *)filter->bytes, filter->len});
}

static bool read_filters(struct sim_call *call, yyjson_val *list, struct filter *filters,
                         size_t *count)
{
    yyjson_val *each;
    yyjson_arr_iter all = yyjson_arr_iter_with(list);
    if (yyjson_arr_size(list) > FILTERS_MOST) {
        return sim_call_fail(call, SIM_BAD_PARAMS, "Too many filters provided; max %d",
                             FILTERS_MOST);
    }
    for (*count = 0; (each = yyjson_arr_iter_next(&all)); ++*count) {
        if (!read_filter(call, each, &filters[*count])) {
            return false;
        }
    }
    return true;
}

static bool add_found(struct sim_call *call, const struct wish *wish, yyjson_mut_val *list,
                      const struct sim_account *account)
{
    yyjson_mut_val *value = account_value(call, wish, account);
    yyjson_mut_val *found = yyjson_mut_obj(call->doc);
    if (!value) {
        return false;
    }
    (void)yyjson_mut_obj_add_val(call->doc, found, "account", value);
    (void)yyjson_mut_obj_add_str(call->doc, found, "pubkey", account->key_text);
    return yyjson_mut_arr_append(list, found);
}

bool sim_rpc_search(struct sim_call *call)
{
    struct wish wish;
    struct pm_key program;
    struct filter filters[FILTERS_MOST];
    size_t count = 0;
    yyjson_mut_val *list = yyjson_mut_arr(call->doc);
    if (!read_key(call, yyjson_arr_get(call->params, 0), &program) || !read_wish(call, &wish) ||
        !read_filters(call, yyjson_obj_get(wish.options, "filters"), filters, &count)) {
        return false;
    }
    for (size_t i = 0; i < call->node->count; i++) {
        const struct sim_account *account = &call->node->accounts[i];
        bool is_meant = pm_key_equal(&account->owner, &program);
        for (size_t k = 0; k < count && is_meant; k++) {
            is_meant = fits(&filters[k], account->data);
        }
        if (is_meant && !add_found(call, &wish, list, account)) {
            return false;
        }
    }
    if (yyjson_get_bool(yyjson_obj_get(wish.options, "withContext"))) {
        return give(call, &wish, list);
    }
    call->result = list;
    return true;
}
