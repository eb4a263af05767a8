/* trim.c - keeping the file small, a few rows at a time, so that no other user of it waits.
 *
 * Replies go when they are of no use any more; when room is short, those received longest ago go
 * first. Of what was seen of runs everything is kept for a day, then what changed in state or
 * phase and beside it one row an hour, until it is past its time. */

#include "store/inside.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define HOUR_MS (INT64_C(3600) * 1000)
#define ROWS_A_STEP 64
#define SEEN_ROWS_A_STEP 512
#define FULL_PER_CENT 80 /* of the most it may have: from then on the oldest go */

static bool run_with(struct pm_store *store, enum pm_statement which, const int64_t *values,
                     int count)
{
    sqlite3_stmt *statement = pm_store_statement(store, which);
    for (int i = 0; statement && i < count; i++) {
        (void)sqlite3_bind_int64(statement, i + 1, values[i]);
    }
    return pm_store_run(store, statement);
}

/* True when rows were dropped, and as many as a step may: there may be more. */
static bool drop(struct pm_store *store, enum pm_statement which, const int64_t *values, int count,
                 int most)
{
    return run_with(store, which, values, count) && sqlite3_changes(store->db) >= most;
}

/* Whether this is this process' turn to do what is done once in a while. */
static bool is_due(struct pm_store *store, const char *chore, int64_t now_ms, int64_t every_ms)
{
    sqlite3_stmt *due = pm_store_statement(store, SQL_CHORE_DUE);
    if (!due) {
        return false;
    }
    (void)sqlite3_bind_text(due, 1, chore, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(due, 2, now_ms);
    (void)sqlite3_bind_int64(due, 3, every_ms);
    return pm_store_run(store, due) && sqlite3_changes(store->db) > 0;
}

static bool is_nearly_full(struct pm_store *store)
{
    sqlite3_stmt *room = pm_store_statement(store, SQL_ROOM);
    bool is_full = false;
    if (room && sqlite3_step(room) == SQLITE_ROW) {
        uint64_t bytes =
            (uint64_t)sqlite3_column_int64(room, 0) * (uint64_t)sqlite3_column_int64(room, 1);
        is_full = bytes > (uint64_t)store->limits.bytes_most / 100 * FULL_PER_CENT;
    }
    if (room) {
        (void)sqlite3_reset(room);
    }
    return is_full;
}

bool pm_store_drop_oldest(struct pm_store *store)
{
    int64_t replies = ROWS_A_STEP / 8, rows = SEEN_ROWS_A_STEP;
    if (run_with(store, SQL_DROP_OLDEST, &replies, 1) && sqlite3_changes(store->db) > 0) {
        return true;
    }
    return run_with(store, SQL_DROP_OLDEST_SEEN, &rows, 1) && sqlite3_changes(store->db) > 0;
}

/* What a clock that went wrong left behind, too, goes here: it lies more than a day ahead. */
static bool trim_seen(struct pm_store *store, int64_t now_ms)
{
    int64_t past[] = {now_ms - store->limits.seen_ms, SEEN_ROWS_A_STEP, now_ms + DAY_MS};
    int64_t thin[] = {now_ms - DAY_MS, HOUR_MS, SEEN_ROWS_A_STEP};
    return drop(store, SQL_DROP_SEEN, past, 3, SEEN_ROWS_A_STEP) ||
           drop(store, SQL_THIN_SEEN, thin, 3, SEEN_ROWS_A_STEP);
}

bool pm_store_trim(struct pm_store *store, int64_t now_ms)
{
    bool has_more = false;
    store->now_ms = now_ms;
    if (!pm_store_ready(store) || sqlite3_db_readonly(store->db, "main") == 1) {
        return false;
    }
    int64_t useless[] = {now_ms, ROWS_A_STEP, now_ms + DAY_MS};
    int64_t leases[] = {now_ms, now_ms + PM_STORE_LEASE_MS};
    if (is_nearly_full(store)) {
        has_more = pm_store_drop_oldest(store);
    } else if (store->is_trimming_seen || is_due(store, "seen", now_ms, HOUR_MS)) {
        has_more = store->is_trimming_seen = trim_seen(store, now_ms);
    } else if (store->is_trimming_replies || is_due(store, "replies", now_ms, HOUR_MS / 60)) {
        has_more = store->is_trimming_replies =
            drop(store, SQL_DROP_USELESS, useless, 3, ROWS_A_STEP);
        (void)run_with(store, SQL_DROP_LEASES, leases, 2);
    }
    (void)pm_store_mend(store);
    return has_more;
}
