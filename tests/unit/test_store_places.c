/* test_store_places.c - paths that no store can have, a damaged file that cannot be moved away, and
 * what is said of each thing that SQLite answers. */

#include "store/inside.h"

#include "check.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW INT64_C(1795236591000)
#define LONG_NAME 200

static char folder[64];

static const char *place(const char *name)
{
    static char path[4][PATH_BYTES_MOST];
    static unsigned at;
    at = (at + 1) % 4;
    (void)snprintf(path[at], sizeof path[at], "%s/%s", folder, name);
    return path[at];
}

static bool write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    bool is_written = file && fputs(text, file) >= 0;
    return file && fclose(file) == 0 && is_written;
}

/* --- paths --- */

static void check_refused(pm_str path, const char *words)
{
    struct pm_store *store = pm_store_open(path, &pm_store_usual_limits, NOW);
    CHECK(store != NULL, "a store that keeps nothing");
    if (store) {
        CHECK(strstr(pm_store_problem(store), words), "%.*s: want %s: got %s", PM_STR_ARG(path),
              words, pm_store_problem(store));
        CHECK(!store->db && !pm_store_statement(store, SQL_FORGET), "%s: nothing is open", words);
        pm_store_close(store);
    }
}

static void check_paths(void)
{
    check_refused(PM_STR("/tmp"), "it is no ordinary file"); /* in the folder above all */
    check_refused(PM_STR("/tmp/a\0b"), "is no path of a file");
    CHECK(symlink(place("loop2"), place("loop")) == 0 &&
              symlink(place("loop"), place("loop2")) == 0,
          "links in a ring");
    check_refused(pm_str_from(place("loop/store.db")), "its folder cannot be");
    CHECK(unlink(place("loop")) == 0 && unlink(place("loop2")) == 0, "cleaning up");
}

/* A short path through a link to a folder whose own path is so long that no name fits behind it. */
static void check_long_path(void)
{
    char name[LONG_NAME + 1], path[PATH_BYTES_MOST] = "";
    size_t depth = 0;
    int here = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    memset(name, 'd', LONG_NAME);
    name[LONG_NAME] = '\0';
    (void)snprintf(path, sizeof path, "%s", folder);
    for (; strlen(path) + LONG_NAME + 2 < sizeof path - 40; depth++) {
        size_t len = strlen(path);
        (void)snprintf(path + len, sizeof path - len, "/%s", name);
        CHECK(mkdir(path, 0700) == 0, "a folder at a depth of %zu", depth);
    }
    CHECK(symlink(path, place("deep")) == 0, "a link to it");
    memset(name, 'n', LONG_NAME);
    char wanted[PATH_BYTES_MOST];
    (void)snprintf(wanted, sizeof wanted, "%s/%.150s.db", place("deep"), name);
    check_refused(pm_str_from(wanted), "its path is too long");
    CHECK(unlink(place("deep")) == 0, "the link");
    for (; depth > 0; depth--) {
        CHECK(rmdir(path) == 0, "%zu: cleaning up", depth);
        *strrchr(path, '/') = '\0';
    }
    (void)close(here);
}

static void check_owner(void)
{
    if (geteuid() != 0) {
        check_refused(PM_STR("/etc/passwd"), "it belongs to another user");
        return;
    }
    CHECK(write_file(place("other.db"), "") && chown(place("other.db"), 65534, 65534) == 0,
          "chown");
    check_refused(pm_str_from(place("other.db")), "it belongs to another user");
    CHECK(unlink(place("other.db")) == 0, "cleaning up");
}

/* --- a damaged file --- */

/* Whoever else sets it aside at this moment holds its folder. */
static void check_held_folder(void)
{
    const char *path = place("damaged.db");
    CHECK(write_file(path, "this is no database, only text, and long enough to be looked at"),
          "written");
    int held = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(held >= 0 && flock(held, LOCK_EX | LOCK_NB) == 0, "held");
    check_refused(pm_str_from(path), "it cannot be read, nor set aside now: nothing is kept");
    CHECK(access(path, F_OK) == 0, "it is still there");
    (void)close(held);
    struct pm_store *store = pm_store_open(pm_str_from(path), &pm_store_usual_limits, NOW);
    CHECK(store && store->db && strstr(pm_store_problem(store), "it was set aside as"), "mended");
    pm_store_close(store);
    static const char *const left[] = {"damaged.db", "damaged.db-wal", "damaged.db-shm",
                                       "damaged.db.corrupt-1795236591"};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        (void)unlink(place(left[i]));
    }
}

/* --- what SQLite answers --- */

static void check_judged(void)
{
    static const struct {
        int result;
        const char *words; /* empty: no trouble */
        bool is_damaged, lacks_memory;
    } rows[] = {
        {SQLITE_OK, "", false, false},
        {SQLITE_ROW, "", false, false},
        {SQLITE_DONE, "", false, false},
        {SQLITE_BUSY, "", false, false},
        {SQLITE_BUSY_SNAPSHOT, "", false, false},
        {SQLITE_LOCKED, "", false, false},
        {SQLITE_NOMEM, "", false, true},
        {SQLITE_INTERRUPT, "", false, false},
        {SQLITE_SCHEMA, "", false, false},
        {SQLITE_CORRUPT, "", true, false},
        {SQLITE_CORRUPT_INDEX, "", true, false},
        {SQLITE_NOTADB, "", true, false},
        {SQLITE_FULL, "there is no room: nothing new is kept", false, false},
        {SQLITE_READONLY, "it may only be read: nothing new is kept", false, false},
        {SQLITE_READONLY_DIRECTORY, "it may only be read: nothing new is kept", false, false},
        {SQLITE_PERM, "it may only be read: nothing new is kept", false, false},
        {SQLITE_CANTOPEN, "it cannot be opened: nothing is kept", false, false},
        {SQLITE_IOERR_WRITE, "cannot be written or read (SQLite's code 778)", false, false},
        {SQLITE_MISUSE, "SQLite's code 21: nothing new is kept", false, false},
        {SQLITE_TOOBIG, "SQLite's code 18: nothing new is kept", false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        static char path[] = "/nowhere/store.db";
        struct pm_store store = {.wanted = PM_STR(path)};
        pm_store_judge(&store, rows[i].result);
        CHECK(store.is_damaged == rows[i].is_damaged, "%d: damaged", rows[i].result);
        CHECK(store.lacks_memory == rows[i].lacks_memory, "%d: memory", rows[i].result);
        CHECK(!*rows[i].words == !*store.trouble && strstr(store.trouble, rows[i].words),
              "%d: want %s: got %s", rows[i].result, rows[i].words, store.trouble);
    }
}

int main(void)
{
    (void)snprintf(folder, sizeof folder, "/tmp/psyche-places-XXXXXX");
    if (!mkdtemp(folder)) {
        return 1;
    }
    check_paths();
    check_long_path();
    check_owner();
    check_held_folder();
    check_judged();
    CHECK(rmdir(folder) == 0, "nothing is left");
    return check_done();
}
