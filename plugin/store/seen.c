/* seen.c - what was seen of runs, a row for each time that something was different. */

#include "store/inside.h"

static void bind_number(sqlite3_stmt *statement, int at, int64_t number)
{
    if (number >= 0) {
        (void)sqlite3_bind_int64(statement, at, number);
    } else {
        (void)sqlite3_bind_null(statement, at);
    }
}

static bool see_one(struct pm_store *store, const struct pm_seen *row, size_t *added)
{
    sqlite3_stmt *see = pm_store_statement(store, SQL_SEE);
    if (!see) {
        return false;
    }
    pm_store_bind_blob(see, 1, row->id);
    (void)sqlite3_bind_int64(see, 2, (sqlite3_int64)row->index);
    (void)sqlite3_bind_int64(see, 3, row->at_ms);
    pm_store_bind_text(see, 4, row->state);
    pm_store_bind_text(see, 5, row->phase);
    bind_number(see, 6, row->step);
    pm_store_bind_text(see, 7, row->tokens);
    bind_number(see, 8, row->clients);
    bool ok = pm_store_run(store, see);
    *added += ok && sqlite3_changes(store->db) > 0;
    return ok;
}

size_t pm_store_see(struct pm_store *store, const struct pm_seen *rows, size_t count)
{
    size_t added = 0;
    if (count == 0 || !pm_store_ready(store)) {
        return 0;
    }
    bool ok = pm_store_begin(store);
    for (size_t i = 0; ok && i < count; i++) {
        ok = see_one(store, &rows[i], &added);
    }
    ok = pm_store_end(store, ok);
    (void)pm_store_mend(store);
    return ok ? added : 0;
}

/* --- reading --- */

static pm_str column_text(sqlite3_stmt *row, int at, struct pm_arena *arena)
{
    const void *bytes = sqlite3_column_blob(row, at);
    int len = sqlite3_column_bytes(row, at);
    return bytes ? pm_arena_copy(arena, (pm_str){bytes, (size_t)len}) : PM_STR("");
}

static int64_t column_number(sqlite3_stmt *row, int at)
{
    return sqlite3_column_type(row, at) == SQLITE_INTEGER ? sqlite3_column_int64(row, at) : -1;
}

static struct pm_seen read_seen(sqlite3_stmt *row, struct pm_arena *arena)
{
    return (struct pm_seen){
        .id = column_text(row, 0, arena),
        .index = (uint64_t)sqlite3_column_int64(row, 1),
        .at_ms = sqlite3_column_int64(row, 2),
        .state = column_text(row, 3, arena),
        .phase = column_text(row, 4, arena),
        .step = column_number(row, 5),
        .tokens = column_text(row, 6, arena),
        .clients = column_number(row, 7),
    };
}

/* All rows of a statement whose values are bound; at most `most` come. */
static size_t collect(struct pm_store *store, sqlite3_stmt *select, struct pm_arena *arena,
                      size_t most, struct pm_seen **out)
{
    size_t count = 0, room = 0;
    int result;
    *out = NULL;
    while ((result = sqlite3_step(select)) == SQLITE_ROW && count < most) {
        if (count == room) {
            size_t wider = room ? 2 * room : 32;
            struct pm_seen *grown =
                pm_arena_grow(arena, *out, room * sizeof **out, wider * sizeof **out);
            if (!grown) {
                break;
            }
            *out = grown;
            room = wider;
        }
        (*out)[count++] = read_seen(select, arena);
    }
    (void)sqlite3_reset(select);
    (void)sqlite3_clear_bindings(select);
    pm_store_judge(store, result);
    return arena->failed ? 0 : count;
}

size_t pm_store_last_seen(struct pm_store *store, struct pm_arena *arena, size_t most,
                          struct pm_seen **out)
{
    sqlite3_stmt *select = pm_store_ready(store) ? pm_store_statement(store, SQL_LAST_SEEN) : NULL;
    size_t count = 0;
    if (select) {
        (void)sqlite3_bind_int64(select, 1, (sqlite3_int64)most);
        count = collect(store, select, arena, most, out);
    }
    (void)pm_store_mend(store);
    return count;
}

size_t pm_store_history(struct pm_store *store, struct pm_arena *arena, pm_str id, uint64_t index,
                        int64_t since_ms, size_t most, struct pm_seen **out)
{
    sqlite3_stmt *select = pm_store_ready(store) ? pm_store_statement(store, SQL_HISTORY) : NULL;
    size_t count = 0;
    if (select) {
        pm_store_bind_blob(select, 1, id);
        (void)sqlite3_bind_int64(select, 2, (sqlite3_int64)index);
        (void)sqlite3_bind_int64(select, 3, since_ms);
        (void)sqlite3_bind_int64(select, 4, (sqlite3_int64)most);
        count = collect(store, select, arena, most, out);
    }
    (void)pm_store_mend(store);
    return count;
}
