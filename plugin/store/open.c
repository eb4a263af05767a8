/* open.c - opening the file, bringing it to the form of today, and getting by without it. */

#include "store/inside.h"

#include "base/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define APPLICATION_ID 0x5073594d /* "PsYM", in the file's head: it is ours */
#define BUSY_MS 250
#define BUSY_PAUSE_US 5000
#define RETRY_MS 30000
#define RETRY_BUSY_MS 200
#define RETRY_DAMAGED_MS 1000 /* another process may be setting it aside */
#define SET_ASIDE_MOST 3      /* a disk that damages one file after the other is no place */
#define PROBE_BYTES (1 << 20)
#define LOG_PAGES 500
#define PAGE_BYTES 4096

const struct pm_store_limits pm_store_usual_limits = {
    .bytes_most = (size_t)45 << 20,
    .reply_bytes_most = (size_t)4 << 20,
    .seen_ms = INT64_C(90) * 24 * 3600 * 1000,
};

/* Each step takes a file of one form to the next; a new file goes through all of them. What was
 * released is never changed: a change is one more step. */
static const char *const steps[] = {
    "CREATE TABLE reply(key BLOB NOT NULL UNIQUE, received_ms INTEGER NOT NULL,"
    " until_ms INTEGER NOT NULL, http INTEGER NOT NULL, headers BLOB NOT NULL,"
    " body_bytes INTEGER NOT NULL, packed BLOB NOT NULL, digest BLOB NOT NULL);"
    "CREATE INDEX reply_until ON reply(until_ms);"
    "CREATE INDEX reply_received ON reply(received_ms);"
    "CREATE TABLE lease(key BLOB PRIMARY KEY NOT NULL, owner INTEGER NOT NULL,"
    " until_ms INTEGER NOT NULL) WITHOUT ROWID;",

    "CREATE TABLE seen(id BLOB NOT NULL, idx INTEGER NOT NULL, at_ms INTEGER NOT NULL, state BLOB,"
    " phase BLOB, step INTEGER, tokens BLOB, clients INTEGER, PRIMARY KEY(id, idx, at_ms))"
    " WITHOUT ROWID;"
    "CREATE INDEX seen_at ON seen(at_ms);"
    "CREATE TABLE chore(name TEXT PRIMARY KEY NOT NULL, done_ms INTEGER NOT NULL) WITHOUT ROWID;",
};

#define FORM_OF_TODAY ((int)(sizeof steps / sizeof *steps))

/* SQLite remembers for the whole process which files are open and locked. A fork copies that
 * memory but not the locks, so a child would rely on locks that it does not have. */
static atomic_int process_of_sqlite;

static bool is_forked(void)
{
    int nobody = 0, me = (int)getpid();
    return !atomic_compare_exchange_strong(&process_of_sqlite, &nobody, me) && nobody != me;
}

/* --- small questions --- */

static bool execute(struct pm_store *store, const char *text)
{
    int result = sqlite3_exec(store->db, text, NULL, NULL, NULL);
    pm_store_judge(store, result);
    return result == SQLITE_OK;
}

static bool set_pragma(struct pm_store *store, const char *name, long long number)
{
    char text[80];
    (void)snprintf(text, sizeof text, "PRAGMA %s=%lld", name, number);
    return execute(store, text);
}

static bool ask_number(struct pm_store *store, const char *text, int *out)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(store->db, text, -1, &statement, NULL);
    if (result == SQLITE_OK) {
        result = sqlite3_step(statement);
        *out = result == SQLITE_ROW ? sqlite3_column_int(statement, 0) : 0;
    }
    (void)sqlite3_finalize(statement);
    pm_store_judge(store, result);
    return result == SQLITE_ROW;
}

/* --- opening --- */

void pm_store_shut(struct pm_store *store)
{
    for (size_t i = 0; i < SQL_COUNT; i++) {
        (void)sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
    (void)sqlite3_close(store->db);
    store->db = NULL;
}

/* The last process to close would bring the log home and wait for the disk; the next one to write
 * does that as well. */
static void harden(struct pm_store *store)
{
    sqlite3 *db = store->db;
    (void)sqlite3_busy_timeout(db, BUSY_MS);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    (void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, (int)store->limits.reply_bytes_most + 65536);
    (void)sqlite3_wal_autocheckpoint(db, LOG_PAGES);
}

static bool settle_limits(struct pm_store *store)
{
    long long bytes = (long long)store->limits.bytes_most;
    return execute(store, "PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
                          "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0") &&
           set_pragma(store, "journal_size_limit", bytes / 10) &&
           set_pragma(store, "max_page_count", bytes / PAGE_BYTES);
}

/* Whose file it is, and of which form. */
static bool check_form(struct pm_store *store, int *form)
{
    int application = 0, tables = 0;
    if (!ask_number(store, "PRAGMA application_id", &application) ||
        !ask_number(store, "PRAGMA user_version", form) ||
        !ask_number(store, "SELECT count(*) FROM sqlite_schema", &tables)) {
        return false;
    }
    if (application != APPLICATION_ID && (application || tables || *form)) {
        store->is_given_up = true;
        pm_store_say(store, "it is a database of something else and left alone: nothing is kept");
        return false;
    }
    if (*form < 0) { /* no version made that */
        store->is_damaged = true;
        return false;
    }
    if (*form > FORM_OF_TODAY) {
        store->is_given_up = true;
        pm_store_say(store,
                     "a newer version of this program made it (form %d, this one knows %d); it is "
                     "left alone: nothing is kept",
                     *form, FORM_OF_TODAY);
        return false;
    }
    return true;
}

/* One that fails by its text finds what its form does not have, or not what it has. */
static bool take_step(struct pm_store *store, const char *text)
{
    int result = sqlite3_exec(store->db, text, NULL, NULL, NULL);
    store->is_damaged = result == SQLITE_ERROR;
    pm_store_judge(store, result);
    return result == SQLITE_OK;
}

/* Another process may do the same at this moment: looked at again when the file is ours. */
static bool take_steps(struct pm_store *store)
{
    int form = 0;
    if (!pm_store_begin(store)) {
        return false;
    }
    bool ok = check_form(store, &form) && set_pragma(store, "application_id", APPLICATION_ID);
    for (; ok && form < FORM_OF_TODAY; form++) {
        ok = take_step(store, steps[form]);
    }
    ok = ok && set_pragma(store, "user_version", FORM_OF_TODAY);
    return pm_store_end(store, ok);
}

/* In one transaction, since another process may be taking its steps between two questions. On a
 * failure the file is closed, which ends it. */
static bool check_form_at_once(struct pm_store *store, int *form)
{
    return execute(store, "BEGIN") && check_form(store, form) && execute(store, "COMMIT");
}

/* A new file is made without waiting for the disk, since somebody waits for an answer. If the power
 * fails just then, it is set aside the next time. */
static bool prepare_file(struct pm_store *store)
{
    int form = 0;
    harden(store);
    if (!check_form_at_once(store, &form)) {
        return false;
    }
    if (sqlite3_db_readonly(store->db, "main") == 1) {
        pm_store_say(store, "it may only be read: nothing new is kept");
        return form == FORM_OF_TODAY;
    }
    return (form > 0 || execute(store, "PRAGMA synchronous=OFF")) &&
           execute(store, "PRAGMA journal_mode=WAL") &&
           (form == FORM_OF_TODAY || take_steps(store)) && settle_limits(store);
}

static bool is_same_file(const struct file_id *a, const struct file_id *b)
{
    return a->device == b->device && a->inode == b->inode;
}

static bool open_file(struct pm_store *store)
{
    struct file_id before;
    store->trouble[0] = '\0';
    store->lacks_memory = false;
    if (!pm_place_prepare(store) || !pm_place_identify(store, &before)) {
        return false;
    }
    int result =
        sqlite3_open_v2(store->path, &store->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
                            SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
                        NULL);
    pm_store_judge(store, result);
    bool is_open = result == SQLITE_OK && pm_place_identify(store, &store->file) &&
                   is_same_file(&before, &store->file) && prepare_file(store);
    if (!is_open) {
        pm_store_shut(store);
    }
    return is_open;
}

bool pm_store_mend(struct pm_store *store)
{
    bool was_damaged = store->is_damaged;
    while (store->is_damaged) {
        store->is_damaged = false;
        pm_store_shut(store);
        if (store->set_aside++ == SET_ASIDE_MOST) {
            store->is_given_up = true;
            pm_store_say(store, "it is damaged again and again: nothing is kept");
        } else if (pm_place_set_aside(store, "it could not be read")) {
            (void)open_file(store); /* may find the next one damaged */
        } else {
            pm_store_say(store, "it cannot be read, nor set aside now: nothing is kept");
            store->retry_at_ms = pm_clock_mono_ms() + RETRY_DAMAGED_MS;
        }
    }
    return was_damaged && store->db;
}

/* Of a file that could not be opened: by waiting a little it can be. */
static bool is_busy(const struct pm_store *store)
{
    return !store->is_damaged && !store->is_given_up && !store->trouble[0] && !store->lacks_memory;
}

/* Where sizes within the file are nonsense, SQLite asks for more memory than anybody has and says
 * that it ran out. So it is when it does so twice while there is some. */
static bool has_memory(void)
{
    void *some = sqlite3_malloc(PROBE_BYTES);
    sqlite3_free(some);
    return some != NULL;
}

static void try_without_memory(struct pm_store *store)
{
    if (!store->lacks_memory || !has_memory() || open_file(store)) {
        return;
    }
    store->is_damaged = store->is_damaged || (store->lacks_memory && has_memory());
}

bool pm_store_ready(struct pm_store *store)
{
    struct file_id now_there;
    if (store->db) {
        if (pm_place_identify(store, &now_there) && is_same_file(&now_there, &store->file)) {
            return true;
        }
        pm_store_shut(store); /* moved or removed by somebody: there is a new one, or will be */
    }
    int64_t now = pm_clock_mono_ms();
    if (store->is_given_up || now < store->retry_at_ms) {
        return false;
    }
    store->retry_at_ms = 0;
    /* Processes that make it at the same moment get into each other's way, without waiting. */
    while (!open_file(store) && is_busy(store) && pm_clock_mono_ms() < now + BUSY_MS) {
        (void)usleep(BUSY_PAUSE_US);
    }
    try_without_memory(store);
    (void)pm_store_mend(store);
    if (!store->db && store->retry_at_ms == 0) {
        store->retry_at_ms = pm_clock_mono_ms() + (store->trouble[0] ? RETRY_MS : RETRY_BUSY_MS);
    }
    return store->db != NULL;
}

struct pm_store *pm_store_open(pm_str path, const struct pm_store_limits *limits, int64_t now_ms)
{
    struct pm_store *store = calloc(1, sizeof *store);
    char *copy = malloc(path.len + 1);
    if (!store || !copy) {
        free(store);
        free(copy);
        return NULL;
    }
    memcpy(copy, path.ptr, path.len);
    store->wanted = (pm_str){copy, path.len};
    store->limits = *limits;
    store->now_ms = now_ms;
    if (getrandom(&store->owner, sizeof store->owner, GRND_NONBLOCK) < 0) {
        store->owner = (int64_t)getpid() << 32 ^ pm_clock_mono_ms();
    }
    if (!sqlite3_threadsafe() || is_forked()) {
        store->is_given_up = true;
        pm_store_say(store, "%s: nothing is kept",
                     sqlite3_threadsafe() ? "another process forked this one while it was in use"
                                          : "this SQLite is not made for threads");
    }
    (void)pm_store_ready(store);
    return store;
}

void pm_store_close(struct pm_store *store)
{
    if (store) {
        pm_store_shut(store);
        free((void *)(uintptr_t)store->wanted.ptr);
        free(store);
    }
}

const char *pm_store_problem(const struct pm_store *store)
{
    return store->trouble[0] ? store->trouble : store->event;
}

bool pm_store_is_usable(const struct pm_store *store)
{
    return store->db != NULL;
}
