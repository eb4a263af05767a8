/* ask_rpc.c - the Solana side of the library by itself, for tests in Python: a JSON line an ask.
 *
 *   ask_rpc ask URL [TIMEOUT_MS]          questions on standard input, a line each; an empty line
 *                                         ends a batch, and all of its answers are written
 *   ask_rpc decode METHOD ASKED REPLY     a question and its reply from files
 *
 * Questions: genesis, slot, health, version, epoch, account KEY [OFFSET LENGTH],
 * accounts KEY,KEY... [OFFSET LENGTH], search PROGRAM HEX|- SIZE OFFSET LENGTH. A word
 * "at=URL" in front asks another node. */

#include "net/net.h"
#include "source/rpc_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_ROOM 8192
#define WORDS_MOST 8

struct asking {
    struct pm_arena arena;
    struct pm_batch batch;
    struct pm_wait wait;
    struct pm_ask *asks[PM_BATCH_MOST];
    size_t count;
};

static const struct pm_kind *const kinds[] = {
    &pm_rpc_kind_genesis, &pm_rpc_kind_slot,    &pm_rpc_kind_health,   &pm_rpc_kind_version,
    &pm_rpc_kind_epoch,   &pm_rpc_kind_account, &pm_rpc_kind_accounts, &pm_rpc_kind_search,
};

static void give_up(const char *why, const char *what)
{
    (void)fprintf(stderr, "ask_rpc: %s: %s\n", why, what);
    exit(2);
}

/* --- facts as JSON --- */

static void add_text(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *name, pm_str text)
{
    (void)yyjson_mut_obj_add_strncpy(doc, object, name, text.ptr ? text.ptr : "", text.len);
}

static void add_key(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *name,
                    const struct pm_key *key)
{
    struct pm_arena arena;
    struct pm_buf buf;
    pm_arena_init(&arena, 4096);
    pm_buf_init(&buf, &arena, PM_KEY_TEXT_MOST);
    pm_key_add(&buf, key);
    add_text(doc, object, name, pm_buf_text(&buf));
    pm_arena_finish(&arena);
}

static void add_hex(yyjson_mut_doc *doc, yyjson_mut_val *object, pm_str data)
{
    char *hex = malloc(2 * data.len + 1);
    if (!hex) {
        give_up("no memory", "hex");
    }
    for (size_t i = 0; i < data.len; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", (unsigned)(unsigned char)data.ptr[i]);
    }
    add_text(doc, object, "data", (pm_str){hex, 2 * data.len});
    free(hex);
}

static void add_rows(yyjson_mut_doc *doc, yyjson_mut_val *object, const void *facts)
{
    const struct pm_rpc_accounts *accounts = facts;
    yyjson_mut_val *rows = yyjson_mut_arr(doc);
    if (accounts->has_slot) {
        (void)yyjson_mut_obj_add_uint(doc, object, "slot", accounts->slot);
    }
    for (size_t i = 0; i < accounts->count; i++) {
        const struct pm_rpc_row *row = &accounts->rows[i];
        yyjson_mut_val *value = yyjson_mut_arr_add_obj(doc, rows);
        add_key(doc, value, "key", &row->key);
        (void)yyjson_mut_obj_add_bool(doc, value, "is_there", row->account.is_there);
        add_key(doc, value, "owner", &row->account.owner);
        (void)yyjson_mut_obj_add_uint(doc, value, "lamports", row->account.lamports);
        (void)yyjson_mut_obj_add_uint(doc, value, "space", row->account.space);
        (void)yyjson_mut_obj_add_uint(doc, value, "offset", row->account.slice_offset);
        (void)yyjson_mut_obj_add_bool(doc, value, "executable", row->account.is_executable);
        add_hex(doc, value, row->account.data);
        if (row->account.unreadable) {
            (void)yyjson_mut_obj_add_str(doc, value, "unreadable", row->account.unreadable);
        }
    }
    (void)yyjson_mut_obj_add_val(doc, object, "rows", rows);
}

static void add_facts(yyjson_mut_doc *doc, yyjson_mut_val *object, const struct pm_kind *kind,
                      const void *facts)
{
    static const char *const states[] = {"ok", "behind", "unhealthy"};
    if (!facts) {
        return;
    }
    if (kind == &pm_rpc_kind_genesis) {
        add_text(doc, object, "genesis", ((const struct pm_rpc_genesis *)facts)->hash);
    } else if (kind == &pm_rpc_kind_slot) {
        (void)yyjson_mut_obj_add_uint(doc, object, "slot",
                                      ((const struct pm_rpc_slot *)facts)->slot);
    } else if (kind == &pm_rpc_kind_health) {
        const struct pm_rpc_health *health = facts;
        (void)yyjson_mut_obj_add_str(doc, object, "health", states[health->state]);
        (void)yyjson_mut_obj_add_uint(doc, object, "behind", health->slots_behind);
    } else if (kind == &pm_rpc_kind_version) {
        add_text(doc, object, "version", ((const struct pm_rpc_version *)facts)->core);
    } else if (kind == &pm_rpc_kind_epoch) {
        const struct pm_rpc_epoch *epoch = facts;
        (void)yyjson_mut_obj_add_uint(doc, object, "epoch", epoch->epoch);
        (void)yyjson_mut_obj_add_uint(doc, object, "slot", epoch->slot);
        (void)yyjson_mut_obj_add_uint(doc, object, "slot_index", epoch->slot_index);
        (void)yyjson_mut_obj_add_uint(doc, object, "slots_in_epoch", epoch->slots_in_epoch);
    } else {
        add_rows(doc, object, facts);
    }
}

static void write_line(const struct pm_kind *kind, const void *facts,
                       const struct pm_outcome *outcome)
{
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *object = yyjson_mut_obj(doc);
    yyjson_mut_doc_set_root(doc, object);
    (void)yyjson_mut_obj_add_str(doc, object, "method", kind->name);
    (void)yyjson_mut_obj_add_str(doc, object, "status", pm_status_word(outcome->status));
    (void)yyjson_mut_obj_add_strcpy(doc, object, "problem", outcome->problem);
    add_facts(doc, object, kind, facts);
    char *text = yyjson_mut_write(doc, YYJSON_WRITE_ALLOW_INVALID_UNICODE, NULL);
    (void)puts(text ? text : "");
    (void)fflush(stdout);
    free(text);
    yyjson_mut_doc_free(doc);
}

/* --- asking --- */

static struct pm_key read_key(const char *text)
{
    struct pm_key key = {{0}};
    if (pm_key_read(pm_str_from(text), &key) != PM_KEY_OK) {
        give_up("not a key", text);
    }
    return key;
}

static struct pm_ask *ask_accounts(struct pm_batch *batch, pm_str url, char *list,
                                   const struct pm_rpc_slice *slice)
{
    struct pm_key keys[PM_RPC_KEYS_MOST];
    size_t count = 0;
    for (char *one = strsep(&list, ","); one && count < PM_RPC_KEYS_MOST;
         one = strsep(&list, ",")) {
        keys[count++] = read_key(one);
    }
    return pm_rpc_ask_accounts(batch, url, keys, count, slice, false);
}

static struct pm_ask *ask_search(struct pm_batch *batch, pm_str url, char **words)
{
    char begins[64];
    size_t len = 0;
    for (const char *hex = words[2]; hex[0] != '-' && hex[0] && len < sizeof begins; hex += 2) {
        char byte[3] = {hex[0], hex[1], '\0'};
        begins[len++] = (char)strtoul(byte, NULL, 16);
    }
    struct pm_rpc_search search = {
        .program = read_key(words[1]),
        .begins = {begins, len},
        .size = strtoull(words[3], NULL, 10),
        .slice = {strtoull(words[4], NULL, 10), strtoull(words[5], NULL, 10)},
    };
    return pm_rpc_ask_search(batch, url, &search, false);
}

static struct pm_ask *ask_one(struct pm_batch *batch, pm_str url, char **words, size_t count)
{
    static const struct {
        const char *word;
        struct pm_ask *(*ask)(struct pm_batch *, pm_str, bool);
    } plain[] = {{"genesis", pm_rpc_ask_genesis},
                 {"slot", pm_rpc_ask_slot},
                 {"health", pm_rpc_ask_health},
                 {"version", pm_rpc_ask_version},
                 {"epoch", pm_rpc_ask_epoch}};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (strcmp(words[0], plain[i].word) == 0) {
            return plain[i].ask(batch, url, false);
        }
    }
    struct pm_rpc_slice slice = {0};
    if (count == 4) {
        slice = (struct pm_rpc_slice){strtoull(words[2], NULL, 10), strtoull(words[3], NULL, 10)};
    }
    if (strcmp(words[0], "account") == 0 && count >= 2) {
        struct pm_key key = read_key(words[1]);
        return pm_rpc_ask_account(batch, url, &key, count == 4 ? &slice : NULL, false);
    }
    if (strcmp(words[0], "accounts") == 0 && count >= 2) {
        return ask_accounts(batch, url, words[1], count == 4 ? &slice : NULL);
    }
    if (strcmp(words[0], "search") == 0 && count == 6) {
        return ask_search(batch, url, words);
    }
    give_up("no such question", words[0]);
    return NULL;
}

static void take_line(struct asking *asking, const char *url, char *line)
{
    char *words[WORDS_MOST], *rest = line;
    size_t count = 0;
    for (char *word = strsep(&rest, " "); word && count < WORDS_MOST; word = strsep(&rest, " ")) {
        if (strncmp(word, "at=", 3) == 0) {
            url = word + 3;
        } else {
            words[count++] = word;
        }
    }
    if (count && asking->count < PM_BATCH_MOST) {
        asking->asks[asking->count++] = ask_one(&asking->batch, pm_str_from(url), words, count);
    }
}

static void begin(struct asking *asking, struct pm_net *net, const struct pm_settings *settings)
{
    *asking = (struct asking){0};
    pm_arena_init(&asking->arena, (size_t)8 << 20);
    if (!pm_wait_init(&asking->wait)) {
        give_up("no memory", "wait");
    }
    pm_batch_init(&asking->batch, net, &asking->wait, &asking->arena, settings,
                  settings->timeout_ms);
}

static void end(struct asking *asking)
{
    while (pm_batch_wait(&asking->batch)) {
    }
    for (size_t i = 0; i < asking->count; i++) {
        const struct pm_ask *ask = asking->asks[i];
        write_line(ask->kind, ask->facts, &ask->outcome);
    }
    pm_batch_finish(&asking->batch);
    pm_wait_finish(&asking->wait);
    pm_arena_finish(&asking->arena);
}

static int ask(const char *url, const char *timeout_ms)
{
    static char line[LINE_ROOM];
    struct pm_settings settings = {.timeout_ms = timeout_ms ? strtoull(timeout_ms, NULL, 10) : 5000,
                                   .patience_ms = 2000};
    struct pm_net *net = pm_net_make(&settings);
    struct asking asking;
    if (!net) {
        give_up("no memory", "net");
    }
    begin(&asking, net, &settings);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line) {
            take_line(&asking, url, line);
        } else {
            end(&asking);
            begin(&asking, net, &settings);
        }
    }
    end(&asking);
    pm_net_close(net);
    return 0;
}

/* --- decoding --- */

static pm_str read_file(struct pm_arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t room = (size_t)2 << 20;
    char *bytes = pm_arena_alloc(arena, room + PM_JSON_PADDING);
    if (!file || !bytes) {
        give_up("cannot read", path);
        return PM_STR("");
    }
    size_t len = fread(bytes, 1, room, file);
    (void)fclose(file);
    return (pm_str){bytes, len};
}

static int decode(const char *method, const char *asked_file, const char *reply_file)
{
    struct pm_arena files, facts, scratch;
    struct pm_outcome outcome = {.status = PM_STATUS_OK};
    pm_arena_init(&files, (size_t)64 << 20);
    pm_arena_init(&facts, (size_t)16 << 20);
    pm_arena_init(&scratch, (size_t)32 << 20);
    pm_str asked = read_file(&files, asked_file), reply = read_file(&files, reply_file);
    char *bytes = pm_arena_alloc(&files, reply.len + PM_JSON_PADDING);
    if (!bytes) {
        give_up("no memory", reply_file);
        return 2;
    }
    memcpy(bytes, reply.ptr, reply.len);
    struct pm_body body = {bytes, reply.len, asked, &pm_no_headers};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i]->name, method) == 0) {
            const void *read = kinds[i]->decode(&facts, &scratch, &body, &outcome);
            write_line(kinds[i], read, &outcome);
        }
    }
    pm_arena_finish(&scratch);
    pm_arena_finish(&facts);
    pm_arena_finish(&files);
    return 0;
}

int main(int count, char **words)
{
    if (count >= 3 && strcmp(words[1], "ask") == 0) {
        return ask(words[2], count > 3 ? words[3] : NULL);
    }
    if (count == 5 && strcmp(words[1], "decode") == 0) {
        return decode(words[2], words[3], words[4]);
    }
    (void)fputs("usage: ask_rpc ask URL [TIMEOUT_MS] | decode METHOD ASKED REPLY\n", stderr);
    return 2;
}
