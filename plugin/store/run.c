/* run.c - running statements, and what their results mean for the store. */

#include "store/inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const texts[] = {
#define STATEMENT_TEXT(id, text) text,
    PM_STATEMENTS(STATEMENT_TEXT)
#undef STATEMENT_TEXT
};

/* --- saying what is the matter --- */

static void say(const struct pm_store *store, char *out, const char *format, va_list args)
{
    pm_str path = pm_str_slice(store->wanted, 0, 120);
    int len = snprintf(out, PM_STORE_PROBLEM_BYTES, "store %.*s: ", PM_STR_ARG(path));
    (void)vsnprintf(out + len, PM_STORE_PROBLEM_BYTES - (size_t)len, format, args);
}

void pm_store_say(struct pm_store *store, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(store, store->trouble, format, args);
    va_end(args);
}

void pm_store_note_event(struct pm_store *store, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(store, store->event, format, args);
    va_end(args);
}

/* Another process at work and a moment without memory are no trouble: the next time it will do. */
void pm_store_judge(struct pm_store *store, int result)
{
    store->lacks_memory = (result & 0xff) == SQLITE_NOMEM;
    switch (result & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:
    case SQLITE_SCHEMA:
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        store->is_damaged = true;
        break;
    case SQLITE_FULL:
        pm_store_say(store, "there is no room: nothing new is kept");
        break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        pm_store_say(store, "it may only be read: nothing new is kept");
        break;
    case SQLITE_CANTOPEN:
        pm_store_say(store, "it cannot be opened: nothing is kept");
        break;
    case SQLITE_IOERR:
        pm_store_say(store,
                     "its disk cannot be written or read (SQLite's code %d): nothing new is "
                     "kept",
                     result);
        break;
    default:
        pm_store_say(store, "SQLite's code %d: nothing new is kept", result);
    }
}

/* --- statements --- */

sqlite3_stmt *pm_store_statement(struct pm_store *store, enum pm_statement which)
{
    sqlite3_stmt **at = &store->statements[which];
    if (*at || !store->db) {
        return *at;
    }
    int result =
        sqlite3_prepare_v3(store->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT, at, NULL);
    if (result == SQLITE_ERROR) { /* a table or column that its form has is not there */
        store->is_damaged = true;
    }
    pm_store_judge(store, result);
    return *at;
}

bool pm_store_run(struct pm_store *store, sqlite3_stmt *statement)
{
    if (!statement) {
        return false;
    }
    int result = sqlite3_step(statement); /* none of them gives rows */
    (void)sqlite3_reset(statement);
    (void)sqlite3_clear_bindings(statement);
    pm_store_judge(store, result);
    return result == SQLITE_DONE;
}

/* A transaction that stays open locks everybody out: what cannot be rolled back, for want of memory,
 * is ended by closing the file. */
static void roll_back(struct pm_store *store)
{
    if (!store->db || sqlite3_get_autocommit(store->db)) {
        return;
    }
    sqlite3_stmt *rollback = pm_store_statement(store, SQL_ROLLBACK);
    if (rollback) {
        (void)sqlite3_step(rollback);
        (void)sqlite3_reset(rollback);
    }
    if (!sqlite3_get_autocommit(store->db)) {
        pm_store_shut(store);
    }
}

bool pm_store_begin(struct pm_store *store)
{
    bool has_begun = pm_store_run(store, pm_store_statement(store, SQL_BEGIN));
    if (!has_begun) { /* without memory it may have, all the same */
        roll_back(store);
    }
    return has_begun;
}

bool pm_store_end(struct pm_store *store, bool went_well)
{
    if (went_well && pm_store_run(store, pm_store_statement(store, SQL_COMMIT))) {
        store->trouble[0] = '\0';
        return true;
    }
    roll_back(store);
    return false;
}

void pm_store_bind_text(sqlite3_stmt *statement, int at, pm_str text)
{
    if (text.len) {
        (void)sqlite3_bind_blob64(statement, at, text.ptr, text.len, SQLITE_STATIC);
    } else {
        (void)sqlite3_bind_null(statement, at);
    }
}

void pm_store_bind_blob(sqlite3_stmt *statement, int at, pm_str bytes)
{
    (void)sqlite3_bind_blob64(statement, at, bytes.len ? bytes.ptr : "", bytes.len, SQLITE_STATIC);
}

const char *pm_store_library_version(void)
{
    return sqlite3_libversion();
}
