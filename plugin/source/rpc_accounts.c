/* rpc_accounts.c - accounts as a node sends them: one by key, many by key, or found by a search.
 *
 * What was asked stands beside the reply, so that the keys, their number and the slice are known
 * for certain. A reply of another form is refused whole. Data that cannot be unpacked, or that are
 * not as long as they must be, cost one account only: it has no data then, never wrong ones. */

#include "source/rpc_inside.h"

#include "codec/base64.h"
#include "codec/zstd.h"
#include "source/body.h"

#define ACCOUNT_BYTES_MOST ((size_t)256 << 10) /* of data, unpacked; what we read has 119,160 */
#define REPLY_BYTES_MOST ((size_t)14 << 20)    /* of all accounts' data */

struct reader {
    struct pm_arena *arena, *scratch;
    struct pm_outcome *outcome;
    bool is_sliced; /* the question named a slice: */
    struct pm_rpc_slice slice;
    size_t bytes; /* unpacked so far */
    size_t packed;
};

static bool spoil(struct reader *reader, const char *what)
{
    (void)pm_rpc_note_form(what, reader->outcome);
    return false;
}

/* --- the question --- */

static yyjson_val *read_params(struct reader *reader, pm_str asked)
{
    struct pm_json_problem problem;
    yyjson_val *root = pm_json_read_copy(reader->scratch, asked, &problem);
    yyjson_val *params = pm_json_get(root, "params");
    yyjson_val *slice = pm_json_get(yyjson_arr_get(params, 1), "dataSlice");
    reader->is_sliced = pm_rpc_u64(slice, "offset", &reader->slice.offset) &&
                        pm_rpc_u64(slice, "length", &reader->slice.length);
    return params;
}

/* --- one account --- */

/* The data's length if `space` is the account's. */
static uint64_t expected_bytes(const struct reader *reader, uint64_t space)
{
    if (!reader->is_sliced) {
        return space;
    }
    uint64_t behind = space > reader->slice.offset ? space - reader->slice.offset : 0;
    return behind < reader->slice.length ? behind : reader->slice.length;
}

/* Into data; what is wrong with it, or NULL. */
static const char *unpack(struct reader *reader, pm_str text, bool is_packed, size_t most,
                          pm_str *data)
{
    pm_str packed;
    if (!is_packed) {
        return pm_base64_decode(reader->arena, text, most, data) ? NULL
                                                                 : "its data are no base64 of that "
                                                                   "length";
    }
    if (!pm_base64_decode(reader->scratch, text, text.len, &packed)) {
        return "its data are no base64";
    }
    switch (pm_zstd_expand(reader->arena, packed, most, data)) {
    case PM_ZSTD_OK:
        return NULL;
    case PM_ZSTD_DAMAGED:
        return "its data are no zstd";
    case PM_ZSTD_TOO_LARGE:
        return "its data are more than they should be";
    case PM_ZSTD_NO_MEMORY:
        pm_arena_lack(reader->arena); /* nothing is wrong with the account: the reply is refused */
        break;
    }
    return "its data do not fit into memory";
}

static const char *read_data(struct reader *reader, pm_str text, bool is_packed, bool has_space,
                             struct pm_account *account)
{
    if (!has_space && reader->is_sliced) {
        return "the node does not say how large it is";
    }
    uint64_t expected = expected_bytes(reader, account->space);
    if (has_space && expected > ACCOUNT_BYTES_MOST) {
        return NULL; /* its size alone tells that this version cannot know its layout */
    }
    size_t most = has_space ? (size_t)expected : ACCOUNT_BYTES_MOST;
    pm_str data = PM_STR("");
    const char *problem = unpack(reader, text, is_packed, most, &data);
    if (!problem && has_space && data.len != expected) {
        problem = "its data are cut short";
    }
    if (!problem) {
        account->data = data;
        account->space = has_space ? account->space : data.len;
        reader->bytes += data.len;
    }
    return problem;
}

/* [text, encoding]; false for a form that was not asked for. */
static bool read_encoding(struct reader *reader, yyjson_val *data, pm_str *text, bool *is_packed)
{
    pm_str encoding = pm_json_text(yyjson_arr_get(data, 1));
    *text = pm_json_text(yyjson_arr_get(data, 0));
    *is_packed = pm_str_equal(encoding, PM_STR("base64+zstd"));
    if (yyjson_arr_size(data) == 2 && text->ptr &&
        (*is_packed || pm_str_equal(encoding, PM_STR("base64")))) {
        return true;
    }
    return spoil(reader, "an account's data in another encoding than was asked for");
}

/* False only when the whole reply is to be refused. */
static bool read_account(struct reader *reader, yyjson_val *value, struct pm_rpc_row *row)
{
    struct pm_account *account = &row->account;
    account->data = PM_STR("");
    account->slice_offset = reader->is_sliced ? reader->slice.offset : 0;
    account->is_there = !yyjson_is_null(value);
    if (!account->is_there) {
        return true;
    }
    pm_str text;
    bool is_packed;
    if (pm_key_read(pm_json_text(pm_json_get(value, "owner")), &account->owner) != PM_KEY_OK) {
        return spoil(reader, "an account without an owner");
    }
    if (!pm_rpc_u64(value, "lamports", &account->lamports)) {
        return spoil(reader, "an account without lamports");
    }
    if (!read_encoding(reader, pm_json_get(value, "data"), &text, &is_packed)) {
        return false;
    }
    reader->packed += is_packed;
    bool has_space = pm_rpc_u64(value, "space", &account->space);
    account->is_executable = yyjson_is_true(pm_json_get(value, "executable"));
    account->unreadable = read_data(reader, text, is_packed, has_space, account);
    if (reader->bytes > REPLY_BYTES_MOST || reader->arena->failed || reader->scratch->failed) {
        pm_outcome_set(reader->outcome, PM_STATUS_TOO_LARGE, "more than can be held of accounts");
        return false;
    }
    return true;
}

/* --- replies --- */

static struct pm_rpc_accounts *make_accounts(struct pm_arena *arena, yyjson_val *result,
                                             size_t count)
{
    struct pm_rpc_accounts *accounts = pm_arena_zero(arena, sizeof *accounts);
    if (accounts) {
        yyjson_val *context = pm_json_get(result, "context");
        accounts->has_slot = pm_rpc_u64(context, "slot", &accounts->slot);
        accounts->rows = pm_arena_array(arena, count, sizeof *accounts->rows);
    }
    return accounts && accounts->rows ? accounts : NULL;
}

static bool add_row(struct reader *reader, struct pm_rpc_accounts *accounts, yyjson_val *key,
                    yyjson_val *account)
{
    struct pm_rpc_row *row = &accounts->rows[accounts->count++];
    bool is_read = pm_key_read(pm_json_text(key), &row->key) == PM_KEY_OK
                       ? read_account(reader, account, row)
                       : spoil(reader, "an account whose key is none");
    accounts->packed = reader->packed;
    return is_read;
}

void *pm_rpc_decode_account(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                            struct pm_outcome *outcome)
{
    struct reader reader = {.arena = arena, .scratch = scratch, .outcome = outcome};
    yyjson_val *params = read_params(&reader, body->asked);
    yyjson_val *result = pm_rpc_result(scratch, body, false, outcome);
    yyjson_val *value = pm_json_get(result, "value");
    if (!result) {
        return NULL;
    }
    if (!yyjson_is_obj(value) && !yyjson_is_null(value)) {
        return pm_rpc_note_form("no account and no null in \"value\"", outcome);
    }
    struct pm_rpc_accounts *accounts = make_accounts(arena, result, 1);
    if (accounts && !add_row(&reader, accounts, yyjson_arr_get(params, 0), value)) {
        return NULL;
    }
    return pm_body_finish(arena, accounts, outcome);
}

void *pm_rpc_decode_accounts(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                             struct pm_outcome *outcome)
{
    struct reader reader = {.arena = arena, .scratch = scratch, .outcome = outcome};
    yyjson_val *keys = yyjson_arr_get(read_params(&reader, body->asked), 0);
    yyjson_val *result = pm_rpc_result(scratch, body, false, outcome);
    yyjson_val *values = pm_json_get(result, "value"), *value;
    if (!result) {
        return NULL;
    }
    if (!yyjson_is_arr(values) || yyjson_arr_size(values) != yyjson_arr_size(keys)) {
        pm_outcome_set(outcome, PM_STATUS_BAD_REPLY, "%zu accounts where %zu were asked for",
                       yyjson_arr_size(values), yyjson_arr_size(keys));
        return NULL;
    }
    struct pm_rpc_accounts *accounts = make_accounts(arena, result, yyjson_arr_size(values));
    yyjson_arr_iter each = yyjson_arr_iter_with(values), each_key = yyjson_arr_iter_with(keys);
    while (accounts && (value = yyjson_arr_iter_next(&each)) != NULL) {
        if (!add_row(&reader, accounts, yyjson_arr_iter_next(&each_key), value)) {
            return NULL;
        }
    }
    return pm_body_finish(arena, accounts, outcome);
}

void *pm_rpc_decode_search(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                           struct pm_outcome *outcome)
{
    struct reader reader = {.arena = arena, .scratch = scratch, .outcome = outcome};
    (void)read_params(&reader, body->asked);
    yyjson_val *result = pm_rpc_result(scratch, body, true, outcome), *found;
    /* Asked with its slot; an older node sends the list alone. */
    yyjson_val *list = yyjson_is_arr(result) ? result : pm_json_get(result, "value");
    if (!result) {
        return NULL;
    }
    if (!yyjson_is_arr(list)) {
        return pm_rpc_note_form("no list of accounts", outcome);
    }
    struct pm_rpc_accounts *accounts = make_accounts(arena, result, yyjson_arr_size(list));
    yyjson_arr_iter each = yyjson_arr_iter_with(list);
    while (accounts && (found = yyjson_arr_iter_next(&each)) != NULL) {
        yyjson_val *account = pm_json_get(found, "account");
        if (!yyjson_is_obj(account)) {
            return pm_rpc_note_form("a found account that is none", outcome);
        }
        if (!add_row(&reader, accounts, pm_json_get(found, "pubkey"), account)) {
            return NULL;
        }
    }
    return pm_body_finish(arena, accounts, outcome);
}
