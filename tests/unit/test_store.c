/* test_store.c - plugin/store: what is put is there again, and nothing that happens to the file
 * fails a caller. */

#include "base/buf.h"
#include "codec/zstd.h"
#include "store/store.h"

#include "check.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW INT64_C(1795236591000)
#define HOUR (INT64_C(3600) * 1000)
#define DAY (24 * HOUR)

static struct pm_arena arena;
static char folder[64];

/* --- helpers --- */

static pm_str place(const char *name)
{
    struct pm_buf buf;
    pm_buf_init(&buf, &arena, 8192);
    pm_buf_addf(&buf, "%s/%s", folder, name);
    return pm_str_from(pm_arena_cstr(&arena, pm_buf_text(&buf)));
}

static struct pm_store *open_with(pm_str path, const struct pm_store_limits *limits)
{
    struct pm_store *store = pm_store_open(path, limits, NOW);
    if (!store) {
        abort();
    }
    return store;
}

static struct pm_store *open_at(const char *name)
{
    return open_with(place(name), &pm_store_usual_limits);
}

static struct pm_store_key key_of(unsigned number)
{
    struct pm_buf buf;
    pm_buf_init(&buf, &arena, 100);
    pm_buf_add_u64(&buf, number);
    return pm_store_key_of(PM_STR("s"), PM_STR("/runs"), pm_buf_text(&buf), PM_STR(""));
}

static struct pm_store_reply reply_of(pm_str packed, int64_t received_ms)
{
    return (struct pm_store_reply){.received_ms = received_ms,
                                   .useful_until_ms = received_ms + 7 * DAY,
                                   .http = 200,
                                   .headers = PM_STR("content-type: application/json\n"),
                                   .packed = packed,
                                   .body_bytes = 3 * packed.len};
}

static bool put(struct pm_store *store, unsigned number, pm_str packed, int64_t received_ms)
{
    struct pm_store_key key = key_of(number);
    struct pm_store_reply reply = reply_of(packed, received_ms);
    return pm_store_put(store, &key, &reply);
}

static bool get(struct pm_store *store, unsigned number, struct pm_store_reply *out)
{
    struct pm_store_key key = key_of(number);
    return pm_store_get(store, &key, &arena, out);
}

/* Bytes that do not pack. */
static pm_str noise(size_t len)
{
    char *bytes = pm_arena_alloc(&arena, len);
    uint32_t state = 12345;
    if (!bytes) {
        abort();
    }
    for (size_t i = 0; i < len; i++) {
        state = state * 1664525 + 1013904223;
        bytes[i] = (char)(state >> 24);
    }
    return (pm_str){bytes, len};
}

static bool has(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static void sql(const char *name, const char *text)
{
    sqlite3 *db = NULL;
    int result = sqlite3_open(place(name).ptr, &db);
    result = result == SQLITE_OK ? sqlite3_exec(db, text, NULL, NULL, NULL) : result;
    CHECK(result == SQLITE_OK, "%s: %s: %s", name, text, sqlite3_errmsg(db));
    (void)sqlite3_close(db);
}

static int number_of(const char *name, const char *text)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    int number = -1;
    if (sqlite3_open(place(name).ptr, &db) == SQLITE_OK &&
        sqlite3_prepare_v2(db, text, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        number = sqlite3_column_int(statement, 0);
    }
    (void)sqlite3_finalize(statement);
    (void)sqlite3_close(db);
    return number;
}

static void overwrite(const char *name, off_t at, pm_str bytes)
{
    int file = open(place(name).ptr, O_WRONLY);
    CHECK(file >= 0 && pwrite(file, bytes.ptr, bytes.len, at) == (ssize_t)bytes.len, "%s", name);
    (void)close(file);
}

static unsigned mode_of(const char *name)
{
    struct stat info;
    return lstat(place(name).ptr, &info) == 0 ? info.st_mode & 0777 : 0;
}

/* How many files of the folder begin with `start`. */
static int count_files(const char *start)
{
    char command[200];
    (void)snprintf(command, sizeof command, "ls -d %s/%s* 2>/dev/null | wc -l", folder, start);
    FILE *pipe = popen(command, "r");
    int count = -1;
    if (pipe) {
        (void)!fscanf(pipe, "%d", &count);
        (void)pclose(pipe);
    }
    return count;
}

/* The store works: what is put is read again. */
static void check_works(struct pm_store *store, const char *what)
{
    struct pm_store_reply got;
    CHECK(put(store, 77, PM_STR("working"), NOW), "%s: put: %s", what, pm_store_problem(store));
    CHECK(get(store, 77, &got), "%s: get", what);
    CHECK_TEXT(got.packed, PM_STR("working"), what);
}

/* It does not, says why, and does no harm. */
static void check_idle(struct pm_store *store, const char *why)
{
    struct pm_store_reply got;
    struct pm_seen row = {.id = PM_STR("a"), .step = 1, .clients = -1}, *rows;
    struct pm_store_key key = key_of(77);
    const char *problem = pm_store_problem(store);
    CHECK(has(problem, why) && !strchr(problem, '\n'), "got \"%s\", want \"%s\"", problem, why);
    CHECK(!put(store, 77, PM_STR("idle"), NOW), "%s: put", why);
    CHECK(!get(store, 77, &got), "%s: get", why);
    CHECK(pm_store_lease(store, &key, NOW), "%s: lease", why);
    pm_store_lease_drop(store, &key);
    CHECK(pm_store_see(store, &row, 1) == 0, "%s: see", why);
    CHECK(pm_store_last_seen(store, &arena, 9, &rows) == 0, "%s: last seen", why);
    CHECK(!pm_store_trim(store, NOW), "%s: trim", why);
    pm_store_close(store);
}

static struct pm_seen seen_of(const char *id, int64_t at_ms, const char *state, int64_t step)
{
    return (struct pm_seen){.id = pm_str_from(id),
                            .index = 0,
                            .at_ms = at_ms,
                            .state = pm_str_from(state),
                            .tokens = PM_STR("18446744073709551615"),
                            .step = step,
                            .clients = -1};
}

/* --- replies --- */

static void test_replies(void)
{
    struct pm_store *store = open_at("replies.db");
    struct pm_store_reply got;
    CHECK(pm_store_problem(store)[0] == '\0', "%s", pm_store_problem(store));
    CHECK(!get(store, 1, &got), "nothing was put");
    CHECK(put(store, 1, PM_STR("one"), NOW), "put");
    CHECK(put(store, 2, PM_STR(""), NOW), "an empty body");
    CHECK(get(store, 1, &got), "get");
    CHECK_TEXT(got.packed, PM_STR("one"), "packed");
    CHECK_TEXT(got.headers, PM_STR("content-type: application/json\n"), "headers");
    CHECK(got.received_ms == NOW && got.http == 200 && got.body_bytes == 9 &&
              got.useful_until_ms == NOW + 7 * DAY,
          "fields");
    CHECK(get(store, 2, &got) && got.packed.len == 0, "an empty body comes back");
    CHECK(put(store, 1, PM_STR("newer"), NOW + 5), "put newer");
    CHECK(put(store, 1, PM_STR("older"), NOW + 1), "putting an older one is no failure");
    CHECK(get(store, 1, &got), "get");
    CHECK_TEXT(got.packed, PM_STR("newer"), "the newer one stays");
    CHECK(put(store, 1, PM_STR("clock set right"), NOW - DAY), "put");
    CHECK(get(store, 1, &got), "get");
    CHECK_TEXT(got.packed, PM_STR("clock set right"), "one from a future is replaced");
    pm_store_close(store);
    store = open_at("replies.db");
    CHECK(get(store, 1, &got) && got.received_ms == NOW - DAY, "still there after closing");
    struct pm_store_key key = key_of(1);
    pm_store_forget(store, &key);
    CHECK(!get(store, 1, &got), "forgotten");
    pm_store_close(store);
    pm_store_close(NULL);
}

/* One whose digest is not that of its fields was never put. */
static void test_digests(void)
{
    static const char *const digests[] = {"x''", "x'00'", "zeroblob(32)", "7", "NULL"};
    for (size_t i = 0; i < sizeof digests / sizeof *digests; i++) {
        char text[80];
        struct pm_store_reply got;
        struct pm_store *store = open_at("digests.db");
        CHECK(put(store, 1, PM_STR("one"), NOW), "put");
        pm_store_close(store);
        (void)snprintf(text, sizeof text, "UPDATE OR IGNORE reply SET digest=%s", digests[i]);
        sql("digests.db", text);
        store = open_at("digests.db");
        bool is_changed = i + 1 < sizeof digests / sizeof *digests; /* NULL is refused */
        CHECK(get(store, 1, &got) != is_changed, "%s", digests[i]);
        CHECK(!is_changed || has(pm_store_problem(store), "a kept reply was damaged"), "%s",
              pm_store_problem(store));
        CHECK(!is_changed || number_of("digests.db", "SELECT count(*) FROM reply") == 0, "it goes");
        pm_store_close(store);
    }
}

/* Room is made by what was received longest ago, then by what was seen longest ago. */
static void test_room(void)
{
    struct pm_store_limits limits = pm_store_usual_limits;
    struct pm_store_reply got;
    char id[200];
    limits.bytes_most = 400000;
    struct pm_store *store = open_with(place("room.db"), &limits);
    size_t seen = 0;
    for (unsigned i = 0; i < 4000; i++) {
        (void)snprintf(id, sizeof id, "%0150u", i);
        struct pm_seen row = seen_of(id, NOW + i, "active", 1);
        seen += pm_store_see(store, &row, 1);
    }
    CHECK(seen > 500 && seen < 4000, "%zu rows fill it", seen);
    CHECK(pm_store_trim(store, NOW + HOUR), "the oldest go");
    int left = number_of("room.db", "SELECT count(*) FROM seen");
    CHECK(left > 0 && (size_t)left < seen, "%d of %zu rows are left", left, seen);
    CHECK(number_of("room.db", "SELECT min(at_ms) > 1795236591000 FROM seen") == 1, "the newest");
    for (unsigned i = 0; i < 100; i++) {
        (void)put(store, i, noise(3000), NOW + i);
    }
    CHECK(get(store, 99, &got), "there is room for a reply: %s", pm_store_problem(store));
    CHECK(!put(store, 200, noise(390000), NOW), "but not for any");
    CHECK(has(pm_store_problem(store), "there is no room"), "%s", pm_store_problem(store));
    CHECK(put(store, 300, PM_STR("x"), NOW) && get(store, 300, &got), "for a small one, again");
    pm_store_close(store);
}

static void test_limits(void)
{
    struct pm_store_limits limits = pm_store_usual_limits;
    struct pm_store_reply got;
    limits.reply_bytes_most = 1000;
    struct pm_store *store = open_with(place("limits.db"), &limits);
    CHECK(!put(store, 1, noise(1001), NOW), "too large a body");
    CHECK(put(store, 2, noise(1000), NOW), "as large as it may be");
    CHECK(get(store, 2, &got) && got.packed.len == 1000, "and it comes back");
    struct pm_store_key key = key_of(3);
    struct pm_store_reply reply = reply_of(PM_STR("x"), NOW);
    reply.headers = noise(PM_STORE_HEADERS_MOST + 1);
    CHECK(!pm_store_put(store, &key, &reply), "too long headers");
    CHECK(pm_store_problem(store)[0] == '\0', "that is no trouble: %s", pm_store_problem(store));
    struct pm_arena small;
    pm_arena_init(&small, 64);
    key = key_of(2);
    CHECK(!pm_store_get(store, &key, &small, &got), "no memory for it");
    pm_arena_finish(&small);
    CHECK(get(store, 2, &got), "it is not dropped for want of memory");
    pm_store_close(store);
}

static void test_keys(void)
{
    static const struct {
        pm_str source, name, url, asked;
    } rows[] = {{PM_STR_INIT("a"), PM_STR_INIT("b"), PM_STR_INIT("c"), PM_STR_INIT("d")},
                {PM_STR_INIT("ab"), PM_STR_INIT(""), PM_STR_INIT("c"), PM_STR_INIT("d")},
                {PM_STR_INIT("a"), PM_STR_INIT("bc"), PM_STR_INIT(""), PM_STR_INIT("d")},
                {PM_STR_INIT("a"), PM_STR_INIT("b"), PM_STR_INIT("cd"), PM_STR_INIT("")},
                {PM_STR_INIT(""), PM_STR_INIT(""), PM_STR_INIT(""), PM_STR_INIT("abcd")}};
    struct pm_store_key keys[5];
    for (size_t i = 0; i < 5; i++) {
        keys[i] = pm_store_key_of(rows[i].source, rows[i].name, rows[i].url, rows[i].asked);
        for (size_t j = 0; j < i; j++) {
            CHECK(memcmp(&keys[i], &keys[j], sizeof keys[i]) != 0, "%zu and %zu", i, j);
        }
    }
}

static void test_packing(void)
{
    static const size_t sizes[] = {0, 1, 1000, 300000};
    char room[300001];
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        pm_str body = noise(sizes[i] ? sizes[i] : 1), packed;
        body.len = sizes[i];
        CHECK(pm_zstd_pack(body, &packed), "pack %zu", sizes[i]);
        CHECK(pm_zstd_unpack(packed, room, sizes[i]) && memcmp(room, body.ptr, sizes[i]) == 0,
              "unpack %zu", sizes[i]);
        CHECK(!pm_zstd_unpack(packed, room, sizes[i] + 1), "another size than was said");
        CHECK(sizes[i] == 0 || !pm_zstd_unpack(packed, room, sizes[i] - 1), "too small a room");
        CHECK(!pm_zstd_unpack(pm_str_slice(packed, 0, packed.len - 1), room, sizes[i]), "cut off");
        free((void *)(uintptr_t)packed.ptr);
    }
}

/* --- leases --- */

static void test_leases(void)
{
    struct pm_store *one = open_at("leases.db"), *other = open_at("leases.db");
    struct pm_store_key key = key_of(1), another = key_of(2);
    CHECK(pm_store_lease(one, &key, NOW), "free");
    CHECK(pm_store_lease(one, &key, NOW + 1), "ours already");
    CHECK(!pm_store_lease(other, &key, NOW + 2), "another's");
    CHECK(pm_store_lease(other, &another, NOW + 2), "for another question");
    pm_store_lease_drop(other, &key);
    CHECK(!pm_store_lease(other, &key, NOW + 3), "only the holder drops it");
    CHECK(pm_store_lease(other, &key, NOW + 1 + PM_STORE_LEASE_MS), "it runs out");
    CHECK(!pm_store_lease(one, &key, NOW + 1 + PM_STORE_LEASE_MS), "and is the other's then");
    CHECK(put(other, 1, PM_STR("x"), NOW), "put");
    CHECK(pm_store_lease(one, &key, NOW + 2 + PM_STORE_LEASE_MS), "a put ends it");
    CHECK(pm_store_lease(other, &key, NOW - DAY), "one from a future is no lease");
    pm_store_close(one);
    pm_store_close(other);
}

/* --- what was seen --- */

static void test_seen(void)
{
    struct pm_store *store = open_at("seen.db");
    struct pm_seen *rows = NULL;
    struct pm_seen first[] = {seen_of("a", NOW, "active", 1), seen_of("b", NOW, "paused", -1)};
    CHECK(pm_store_see(store, first, 2) == 2, "two runs");
    struct pm_seen again[] = {seen_of("a", NOW + 1, "active", 1),
                              seen_of("b", NOW + 1, "active", 9)};
    CHECK(pm_store_see(store, again, 2) == 1, "only what differs");
    struct pm_seen back = seen_of("b", NOW + 1, "paused", 9);
    CHECK(pm_store_see(store, &back, 1) == 0, "not before the last");
    back.at_ms = NOW + 2;
    CHECK(pm_store_see(store, &back, 1) == 1, "what it was before is different from the last");
    back.index = 3;
    CHECK(pm_store_see(store, &back, 1) == 1, "another incarnation");
    CHECK(pm_store_see(store, &back, 0) == 0, "no rows");

    CHECK(pm_store_last_seen(store, &arena, 10, &rows) == 3, "three runs and indexes");
    CHECK_TEXT(rows[0].id, PM_STR("b"), "newest first");
    CHECK(rows[0].index == 0 && rows[0].step == 9 && rows[0].clients == -1, "its last row");
    CHECK_TEXT(rows[0].state, PM_STR("paused"), "state");
    CHECK_TEXT(rows[0].phase, PM_STR(""), "phase not known");
    CHECK_TEXT(rows[0].tokens, PM_STR("18446744073709551615"), "tokens");
    CHECK(rows[1].index == 3, "the other index");
    CHECK_TEXT(rows[2].id, PM_STR("a"), "the oldest last");
    CHECK(pm_store_last_seen(store, &arena, 1, &rows) == 1, "as many as were asked for");

    CHECK(pm_store_history(store, &arena, PM_STR("b"), 0, 0, 10, &rows) == 3, "history");
    CHECK(rows[0].at_ms == NOW && rows[1].at_ms == NOW + 1 && rows[2].at_ms == NOW + 2, "in order");
    CHECK(pm_store_history(store, &arena, PM_STR("b"), 0, NOW + 1, 10, &rows) == 2, "since");
    CHECK(pm_store_history(store, &arena, PM_STR("b"), 0, 0, 1, &rows) == 1 &&
              rows[0].at_ms == NOW + 2,
          "the last of them");
    CHECK(pm_store_history(store, &arena, PM_STR("c"), 0, 0, 1, &rows) == 0, "an unknown run");
    pm_store_close(store);
}

/* --- trimming --- */

static unsigned trim_all(struct pm_store *store, int64_t now_ms)
{
    unsigned steps = 0;
    /* what is done once in a while takes its turns */
    for (unsigned idle = 0; idle < 3 && steps < 2000; steps++) {
        idle = pm_store_trim(store, now_ms) ? 0 : idle + 1;
    }
    return steps;
}

static void test_trimming_seen(void)
{
    struct pm_store *store = open_at("thin.db");
    struct pm_seen *rows = NULL;
    const int64_t since = NOW - 100 * DAY - (NOW - 100 * DAY) % HOUR;
    /* a row each quarter of an hour for 100 days, in one state */
    for (int64_t day = 0; day < 100; day++) {
        struct pm_seen many[96];
        for (int i = 0; i < 96; i++) {
            many[i] = seen_of("a", since + day * DAY + i * (HOUR / 4), "active", day * 96 + i);
        }
        CHECK(pm_store_see(store, many, 96) == 96, "day %d", (int)day);
    }
    struct pm_seen change = seen_of("b", NOW - 10 * DAY, "active", 1);
    struct pm_seen paused = seen_of("b", NOW - 10 * DAY + 1000, "paused", 1);
    CHECK(pm_store_see(store, &change, 1) == 1 && pm_store_see(store, &paused, 1) == 1, "changes");
    CHECK(trim_all(store, NOW) < 100, "small steps, but not too many");
    size_t count = pm_store_history(store, &arena, PM_STR("a"), 0, 0, 100000, &rows);
    CHECK(count > 89 * 24 && count < 91 * 24 + 96, "90 days, one an hour but for the last: %zu",
          count);
    CHECK(count && rows[0].at_ms >= NOW - 90 * DAY, "none is older");
    count = pm_store_history(store, &arena, PM_STR("a"), 0, NOW - DAY, 100000, &rows);
    CHECK(count > 90, "the last day is whole: %zu", count);
    count = pm_store_history(store, &arena, PM_STR("b"), 0, 0, 100, &rows);
    CHECK(count == 2, "a change of state stays: %zu", count);
    pm_store_close(store);
}

static void test_trimming_replies(void)
{
    struct pm_store *store = open_at("useless.db");
    struct pm_store_reply got;
    for (unsigned i = 0; i < 200; i++) {
        CHECK(put(store, i, PM_STR("old"), NOW - 8 * DAY), "put %u", i);
    }
    CHECK(put(store, 500, PM_STR("new"), NOW - 6 * DAY), "put");
    CHECK(put(store, 501, PM_STR("of a wrong clock"), NOW + 900 * DAY), "put");
    (void)trim_all(store, NOW);
    CHECK(!get(store, 0, &got) && !get(store, 199, &got) && !get(store, 501, &got), "gone");
    CHECK(get(store, 500, &got), "of use");
    pm_store_close(store);
}

/* The file never has more than its limit, and what came last is there. */
static void test_full(void)
{
    struct pm_store_limits limits = pm_store_usual_limits;
    struct pm_store_reply got;
    limits.bytes_most = (size_t)2 << 20;
    struct pm_store *store = open_with(place("full.db"), &limits);
    pm_str body = noise(50000);
    for (unsigned i = 0; i < 200; i++) {
        CHECK(put(store, i, body, NOW + i), "put %u: %s", i, pm_store_problem(store));
        CHECK(get(store, i, &got), "the last one is there");
    }
    CHECK(!get(store, 0, &got), "the first ones are gone");
    CHECK(get(store, 180, &got), "the last ones are not");
    struct stat file, log;
    CHECK(stat(place("full.db").ptr, &file) == 0 && (size_t)file.st_size <= limits.bytes_most,
          "%lld bytes", (long long)file.st_size);
    CHECK(stat(place("full.db-wal").ptr, &log) == 0 && log.st_size < 4 << 20, "log of %lld bytes",
          (long long)log.st_size);
    (void)trim_all(store, NOW);
    CHECK(get(store, 199, &got), "trimming leaves the newest");
    pm_store_close(store);
}

/* --- the place --- */

static void test_privacy(void)
{
    mode_t before = umask(0);
    struct pm_store *store = open_at("new/deep/store.db");
    check_works(store, "new folders");
    CHECK(mode_of("new") == 0700 && mode_of("new/deep") == 0700, "folders");
    CHECK(mode_of("new/deep/store.db") == 0600 && mode_of("new/deep/store.db-wal") == 0600 &&
              mode_of("new/deep/store.db-shm") == 0600,
          "files");
    pm_store_close(store);
    (void)chmod(place("new/deep/store.db").ptr, 0644);
    store = open_at("new/deep/store.db");
    CHECK(mode_of("new/deep/store.db") == 0600, "made private again");
    pm_store_close(store);
    (void)umask(before);
}

static void test_links(void)
{
    static const char *const names[] = {"link.db", "link2.db-wal", "link3.db-shm"};
    static const char *const stores[] = {"link.db", "link2.db", "link3.db"};
    for (size_t i = 0; i < 3; i++) {
        CHECK(symlink(place("target").ptr, place(names[i]).ptr) == 0, "link");
        check_idle(open_at(stores[i]), "is a symbolic link");
        CHECK(access(place("target").ptr, F_OK) != 0, "nothing is written through it");
    }
    CHECK(mkdir(place("real").ptr, 0700) == 0 &&
              symlink(place("real").ptr, place("homelink").ptr) == 0,
          "a folder behind a link");
    struct pm_store *store = open_at("homelink/store.db");
    check_works(store, "a folder behind a link");
    pm_store_close(store);
}

static void test_bad_places(void)
{
    CHECK(mkdir(place("open").ptr, 0700) == 0 && chmod(place("open").ptr, 0777) == 0, "mkdir");
    check_idle(open_at("open/store.db"), "may be written by everybody");
    CHECK(mkdir(place("isdir.db").ptr, 0700) == 0, "mkdir");
    check_idle(open_at("isdir.db"), "is no ordinary file");
    CHECK(mkfifo(place("pipe.db").ptr, 0600) == 0, "mkfifo");
    check_idle(open_at("pipe.db"), "is no ordinary file");
    static const char *const paths[] = {"", "relative.db", "/", "/tmp/", "/tmp/..", "/tmp/."};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        check_idle(open_with(pm_str_from(paths[i]), &pm_store_usual_limits), "no path of a file");
    }
    char deep[6000] = "/tmp";
    memset(deep + 4, 'x', sizeof deep - 5);
    check_idle(open_with(pm_str_from(deep), &pm_store_usual_limits), "no path of a file");
    deep[300] = '\0';
    deep[4] = '/';
    check_idle(open_with(pm_str_from(deep), &pm_store_usual_limits), "nothing is kept");
    check_idle(open_with(PM_STR("/proc/none/store.db"), &pm_store_usual_limits), "folder");
    check_idle(open_with(PM_STR("/dev/null/store.db"), &pm_store_usual_limits), "no folder");
}

/* As a user who may not write there; root may everywhere. */
static void test_no_permission(void)
{
    struct pm_store *store = open_at("locked/store.db");
    check_works(store, "before");
    pm_store_close(store);
    bool is_root = geteuid() == 0;
    CHECK(chmod(place("locked").ptr, 0500) == 0 && chmod(place("locked/store.db").ptr, 0400) == 0,
          "chmod");
    if (is_root) {
        CHECK(chmod(folder, 0755) == 0 && chown(place("locked").ptr, 65534, 65534) == 0 &&
                  chown(place("locked/store.db").ptr, 65534, 65534) == 0 &&
                  chown(place("locked/store.db-wal").ptr, 65534, 65534) == 0 &&
                  chown(place("locked/store.db-shm").ptr, 65534, 65534) == 0,
              "chown");
        check_idle(open_at("locked/store.db"), "belongs to another user");
        CHECK(seteuid(65534) == 0, "seteuid");
    }
    store = open_at("locked/store.db");
    CHECK(!put(store, 5, PM_STR("x"), NOW), "nothing new");
    CHECK(has(pm_store_problem(store), "read") || has(pm_store_problem(store), "opened"), "%s",
          pm_store_problem(store));
    pm_store_close(store);
    check_idle(open_at("locked/other.db"), "no permission");
    check_idle(open_at("locked/sub/other.db"), "no permission");
    CHECK(!is_root || seteuid(0) == 0, "seteuid back");
}

/* --- what happens to the file --- */

static void check_set_aside(const char *name, const char *what)
{
    char start[80];
    struct pm_store *store = open_at(name);
    (void)snprintf(start, sizeof start, "%s.corrupt-", name);
    check_works(store, what);
    CHECK(has(pm_store_problem(store), "was set aside as"), "%s: %s", what,
          pm_store_problem(store));
    CHECK(count_files(start) >= 1, "%s: it is still there", what);
    pm_store_close(store);
    store = open_at(name);
    CHECK(pm_store_problem(store)[0] == '\0', "%s: said once", what);
    pm_store_close(store);
}

static void make_store(const char *name)
{
    struct pm_store *store = open_at(name);
    for (unsigned i = 0; i < 50; i++) {
        CHECK(put(store, i, noise(5000), NOW), "put");
    }
    pm_store_close(store);
    sql(name, "PRAGMA wal_checkpoint(TRUNCATE)");
}

static void test_damage(void)
{
    int file = open(place("text.db").ptr, O_WRONLY | O_CREAT, 0600);
    CHECK(file >= 0 && write(file, "this is no database, only text", 30) == 30, "write");
    (void)close(file);
    check_set_aside("text.db", "text");
    make_store("head.db");
    overwrite("head.db", 0, noise(100));
    check_set_aside("head.db", "head");
    CHECK(count_files("head.db.corrupt-") == 1, "one file");
    make_store("cut.db");
    CHECK(truncate(place("cut.db").ptr, 5000) == 0, "cut");
    check_set_aside("cut.db", "cut off");
    make_store("tables.db");
    sql("tables.db", "DROP TABLE reply");
    check_set_aside("tables.db", "without a table");
}

/* Each page in turn becomes noise: replies are what was put, or not there. */
static void test_damaged_pages(void)
{
    pm_str body = noise(5000);
    struct pm_store_reply got;
    for (off_t page = 0; page < 90; page++) {
        make_store("pages.db");
        overwrite("pages.db", page * 4096, noise(4096));
        struct pm_store *store = open_at("pages.db");
        for (unsigned i = 0; i < 50; i++) {
            if (get(store, i, &got)) {
                CHECK_TEXT(got.packed, body, "as it was put");
            }
        }
        check_works(store, "afterwards");
        pm_store_close(store);
        (void)unlink(place("pages.db").ptr);
        (void)unlink(place("pages.db-wal").ptr);
        (void)unlink(place("pages.db-shm").ptr);
    }
    CHECK(count_files("pages.db.corrupt-") <= 2, "only the last one is kept, with its log");
}

/* One byte of a body on the disk is another. */
static void test_damaged_row(void)
{
    struct pm_store *store = open_at("row.db");
    struct pm_store_reply got;
    CHECK(put(store, 1, PM_STR("true"), NOW) && put(store, 2, PM_STR("other"), NOW), "put");
    pm_store_close(store);
    sql("row.db", "UPDATE reply SET received_ms = received_ms + 1 WHERE packed = x'74727565'");
    store = open_at("row.db");
    CHECK(!get(store, 1, &got), "not what was put");
    CHECK(has(pm_store_problem(store), "a kept reply was damaged"), "%s", pm_store_problem(store));
    CHECK(get(store, 2, &got), "the others are well");
    pm_store_close(store);
    CHECK(number_of("row.db", "SELECT count(*) FROM reply") == 1, "it is dropped");
}

static void test_forms(void)
{
    struct pm_store *store = open_at("form.db");
    struct pm_store_reply got;
    CHECK(put(store, 1, PM_STR("kept"), NOW), "put");
    pm_store_close(store);
    CHECK(number_of("form.db", "PRAGMA user_version") == 2, "the form of today");
    sql("form.db", "DROP TABLE seen; DROP TABLE chore; PRAGMA user_version=1");
    store = open_at("form.db");
    CHECK(pm_store_problem(store)[0] == '\0', "%s", pm_store_problem(store));
    CHECK(get(store, 1, &got), "an older file keeps what is in it");
    struct pm_seen row = seen_of("a", NOW, "active", 1);
    CHECK(pm_store_see(store, &row, 1) == 1, "and has what is new");
    pm_store_close(store);
    CHECK(number_of("form.db", "PRAGMA user_version") == 2, "brought to today's");
    sql("form.db", "PRAGMA user_version=3");
    check_idle(open_at("form.db"), "a newer version of this program made it");
    CHECK(number_of("form.db", "SELECT count(*) FROM reply") == 1, "left alone");
    sql("foreign.db", "CREATE TABLE bookmarks(a); INSERT INTO bookmarks VALUES(1)");
    check_idle(open_at("foreign.db"), "a database of something else");
    CHECK(number_of("foreign.db", "SELECT count(*) FROM bookmarks") == 1, "left alone");
}

/* Ours by its mark, but of a form that no version of this program makes. */
static void test_impossible_forms(void)
{
    static const struct {
        const char *name, *how;
    } rows[] = {{"below.db", "PRAGMA user_version=-1"},
                {"far-below.db", "PRAGMA user_version=-2147483648"},
                {"tables-of-tomorrow.db", "PRAGMA user_version=1"},
                {"no-tables.db", "DROP TABLE reply; DROP TABLE lease; PRAGMA user_version=1"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pm_store_close(open_at(rows[i].name));
        sql(rows[i].name, rows[i].how);
        struct pm_store *store = open_at(rows[i].name);
        check_works(store, rows[i].name);
        CHECK(has(pm_store_problem(store), "it was set aside as"), "%s: \"%s\"", rows[i].name,
              pm_store_problem(store));
        pm_store_close(store);
    }
}

/* Somebody removes or replaces it while it is open. */
static void test_moved(void)
{
    struct pm_store *store = open_at("moved.db"), *other;
    struct pm_store_reply got;
    check_works(store, "before");
    CHECK(rename(place("moved.db").ptr, place("elsewhere.db").ptr) == 0, "rename");
    CHECK(!get(store, 77, &got), "a new file");
    check_works(store, "after it was moved");
    CHECK(unlink(place("moved.db").ptr) == 0, "unlink");
    other = open_at("moved.db");
    check_works(store, "after it was removed");
    CHECK(get(other, 77, &got), "another store has the same file");
    pm_store_close(other);
    pm_store_close(store);
}

static void test_fork(void)
{
    struct pm_store *store = open_at("fork.db");
    check_works(store, "parent");
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        check_failed = check_passed = 0;
        check_idle(open_at("fork.db"), "forked");
        (void)fflush(stdout);
        _exit(check_failed != 0);
    }
    int status = -1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0, "status %d", status);
    check_works(store, "parent, afterwards");
    pm_store_close(store);
}

int main(void)
{
    (void)snprintf(folder, sizeof folder, "/tmp/psyche-store-XXXXXX");
    if (!mkdtemp(folder)) {
        abort();
    }
    pm_arena_init(&arena, (size_t)1 << 30);
    test_replies();
    test_digests();
    test_room();
    test_limits();
    test_keys();
    test_packing();
    test_leases();
    test_seen();
    test_trimming_seen();
    test_trimming_replies();
    test_full();
    test_privacy();
    test_links();
    test_bad_places();
    test_no_permission();
    test_damage();
    test_damaged_pages();
    test_damaged_row();
    test_forms();
    test_impossible_forms();
    test_moved();
    test_fork();
    char command[100];
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    CHECK(system(command) == 0, "cleaning up");
    pm_arena_finish(&arena);
    CHECK(strcmp(pm_store_library_version(), sqlite3_libversion()) == 0, "version");
    return check_done();
}
