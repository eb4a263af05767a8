/* rpc_node.c - a Solana node as a folder describes it. */

#include "rpc_node.h"

#include "codec/zstd.h"
#include "data.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

#define NODE_BYTES_MOST ((size_t)512 << 20)
#define ACCOUNT_BYTES_MOST ((size_t)10 << 20) /* no account of Solana is larger */

/* --- moods --- */

bool sim_refusal_parse(struct sim_moods *moods, const char *text)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text || !equals[1] || moods->refusal_count == SIM_REFUSALS_MOST) {
        fprintf(stderr, "psyche-sim: --refuse takes METHOD=HOW, at most %d times, not \"%s\"\n",
                SIM_REFUSALS_MOST, text);
        return false;
    }
    moods->refusals[moods->refusal_count++] =
        (struct sim_refusal){{text, (size_t)(equals - text)}, pm_str_from(equals + 1)};
    return true;
}

bool sim_slot_parse(struct sim_moods *moods, const char *text)
{
    const char *comma = strchr(text, ',');
    char *first = sim_format("%.*s", (int)(comma ? comma - text : (int)strlen(text)), text);
    moods->has_slot = sim_read_number(first, &moods->slot) && moods->slot >= 0;
    free(first);
    if (!moods->has_slot || (comma && !sim_read_number(comma + 1, &moods->slot_step))) {
        fprintf(stderr, "psyche-sim: --slot takes N or N,STEP, not \"%s\"\n", text);
        return false;
    }
    return true;
}

static const char *keep(struct sim_node *node, const char *text)
{
    return text ? pm_arena_cstr(&node->arena, pm_str_from(text)) : NULL;
}

static void read_refusals(struct sim_node *node, yyjson_val *refuse)
{
    struct sim_moods *moods = &node->moods;
    yyjson_val *method;
    yyjson_obj_iter all = yyjson_obj_iter_with(refuse);
    while ((method = yyjson_obj_iter_next(&all)) && moods->refusal_count < SIM_REFUSALS_MOST) {
        const char *how = yyjson_get_str(yyjson_obj_iter_get_val(method));
        moods->refusals[moods->refusal_count++] = (struct sim_refusal){
            pm_str_from(keep(node, yyjson_get_str(method))), pm_str_from(keep(node, how))};
    }
}

static void read_moods(struct sim_node *node, yyjson_val *root, const struct sim_moods *given)
{
    struct sim_moods *moods = &node->moods;
    yyjson_val *slot = yyjson_obj_get(root, "slot"), *health = yyjson_obj_get(root, "health");
    moods->genesis = given->genesis ? given->genesis
                                    : keep(node, yyjson_get_str(yyjson_obj_get(root, "genesis")));
    moods->version = keep(node, yyjson_get_str(yyjson_obj_get(root, "version")));
    moods->health = given->health ? given->health : keep(node, yyjson_get_str(health));
    if (!moods->health && yyjson_is_uint(health)) {
        char *behind = sim_format("%llu", (unsigned long long)yyjson_get_uint(health));
        moods->health = keep(node, behind);
        free(behind);
    }
    moods->has_slot = given->has_slot || yyjson_is_uint(slot);
    moods->slot = given->has_slot ? given->slot : (int64_t)yyjson_get_uint(slot);
    moods->slot_step =
        given->has_slot ? given->slot_step : yyjson_get_sint(yyjson_obj_get(root, "slot_step"));
    memcpy(moods->refusals, given->refusals, sizeof given->refusals);
    moods->refusal_count = given->refusal_count;
    read_refusals(node, yyjson_obj_get(root, "refuse"));
}

/* --- accounts --- */

/* FOLDER/FILE or FOLDER/accounts/FILE, as it is or packed. */
static bool read_data(struct sim_node *node, const char *folder, const char *file, pm_str *data)
{
    static const char *const places[] = {"", "accounts/"}, *const endings[] = {"", ".zst"};
    for (size_t i = 0; i < 4; i++) {
        char *bytes = NULL,
             *path = sim_format("%s/%s%s%s", folder, places[i / 2], file, endings[i % 2]);
        size_t count = 0;
        bool is_there = sim_file_read(path, &bytes, &count), is_packed = i % 2 == 1;
        bool is_read = is_there;
        free(path);
        if (is_there && is_packed) {
            is_read = pm_zstd_expand(&node->arena, (pm_str){bytes, count}, ACCOUNT_BYTES_MOST,
                                     data) == PM_ZSTD_OK;
        } else if (is_there) {
            *data = pm_arena_copy(&node->arena, (pm_str){bytes, count});
        }
        free(bytes);
        if (is_there) {
            return is_read;
        }
    }
    return false;
}

static bool read_key(struct sim_node *node, yyjson_val *value, struct pm_key *key,
                     const char **text)
{
    *text = keep(node, yyjson_get_str(value));
    return *text && pm_key_read(pm_str_from(*text), key) == PM_KEY_OK;
}

static bool add_account(struct sim_node *node, const char *folder, yyjson_val *item)
{
    struct sim_account *account = &node->accounts[node->count];
    const char *file = yyjson_get_str(yyjson_obj_get(item, "file"));
    account->lamports = yyjson_get_uint(yyjson_obj_get(item, "lamports"));
    account->is_executable = yyjson_get_bool(yyjson_obj_get(item, "executable"));
    node->count++;
    return read_key(node, yyjson_obj_get(item, "pubkey"), &account->key, &account->key_text) &&
           read_key(node, yyjson_obj_get(item, "owner"), &account->owner, &account->owner_text) &&
           file && read_data(node, folder, file, &account->data);
}

static int by_address(const void *a, const void *b)
{
    const struct sim_account *one = a, *other = b;
    return memcmp(&one->key, &other->key, sizeof one->key);
}

static bool read_accounts(struct sim_node *node, const char *folder, yyjson_val *list)
{
    yyjson_val *item;
    yyjson_arr_iter all = yyjson_arr_iter_with(list);
    node->accounts = pm_arena_array(&node->arena, yyjson_arr_size(list), sizeof *node->accounts);
    while (node->accounts && (item = yyjson_arr_iter_next(&all))) {
        if (!add_account(node, folder, item)) {
            const char *key = yyjson_get_str(yyjson_obj_get(item, "pubkey"));
            fprintf(stderr, "psyche-sim: %s: account %zu (%s) cannot be read\n", folder,
                    node->count, key ? key : "no pubkey");
            return false;
        }
    }
    if (node->count) {
        qsort(node->accounts, node->count, sizeof *node->accounts, by_address);
    }
    return !node->arena.failed;
}

bool sim_node_open(struct sim_node *node, const char *path, const char *folder,
                   const struct sim_moods *given)
{
    char *file = sim_format("%s/accounts.json", folder);
    yyjson_read_err error = {0};
    yyjson_doc *doc = yyjson_read_file(file, YYJSON_READ_NOFLAG, NULL, &error);
    yyjson_val *root = yyjson_doc_get_root(doc);
    *node = (struct sim_node){0};
    pm_arena_init(&node->arena, NODE_BYTES_MOST);
    node->path = keep(node, path);
    bool is_open = yyjson_is_obj(root);
    if (is_open) {
        read_moods(node, root, given);
        is_open = read_accounts(node, folder, yyjson_obj_get(root, "accounts"));
    } else {
        fprintf(stderr, "psyche-sim: %s: %s\n", file, doc ? "not an object" : error.msg);
    }
    yyjson_doc_free(doc);
    free(file);
    if (!is_open) {
        sim_node_finish(node);
    }
    return is_open;
}

void sim_node_finish(struct sim_node *node)
{
    pm_arena_finish(&node->arena);
    *node = (struct sim_node){0};
}

const struct sim_account *sim_node_find(const struct sim_node *node, const struct pm_key *key)
{
    struct sim_account wanted = {.key = *key};
    return node->count ? bsearch(&wanted, node->accounts, node->count, sizeof wanted, by_address)
                       : NULL;
}
