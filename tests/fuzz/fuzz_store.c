/* fuzz_store.c - the file that keeps replies, as a bad disk or somebody else leaves it.
 *
 * The first byte says what the rest is: '0' the whole file; '1' changes to a store that was made
 * here, '2' changes to its log. A change is three bytes that say where, one how many bytes follow,
 * and these. Whatever stands in the file, a reply that is found is the one that was put. */

#include "fuzz.h"

#include "store/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW INT64_C(1795236591000)
#define HOUR (INT64_C(3600) * 1000)
#define KEYS 4
#define IMAGE_MOST ((size_t)1 << 20)

static char folder[64], file_path[80], log_path[96];

struct image {
    uint8_t bytes[IMAGE_MOST];
    size_t size;
};

/* `home`: with all that stood in the log. */
static struct image home_made, file_made, log_made, file_now, log_now;

/* --- what is put --- */

static struct pm_store_key key_of(size_t number)
{
    static const pm_str urls[KEYS + 1] = {
        PM_STR_INIT("https://a.example/runs"), PM_STR_INIT("https://a.example/run/x"),
        PM_STR_INIT("https://b.example/"), PM_STR_INIT("https://c.example/"),
        PM_STR_INIT("https://new.example/")};
    return pm_store_key_of(PM_STR("source"), PM_STR("kind"), urls[number], PM_STR(""));
}

static struct pm_store_reply reply_of(size_t number)
{
    static const char packed[] = "packed bytes, which nothing here unpacks";
    return (struct pm_store_reply){
        .received_ms = NOW + (int64_t)number,
        .useful_until_ms = NOW + HOUR,
        .http = number == 1 ? 404 : 200,
        .headers = PM_STR("Content-Type: application/json\r\n"),
        .packed = {packed, sizeof packed - 1 - number},
        .body_bytes = 100 * number,
    };
}

static struct pm_seen seen_of(size_t number)
{
    return (struct pm_seen){
        .id = number % 2 ? PM_STR("run-b") : PM_STR("run-a"),
        .index = number / 4,
        .at_ms = NOW - HOUR + (int64_t)number * 1000,
        .state = number % 3 ? PM_STR("active") : PM_STR("paused"),
        .phase = PM_STR("RoundTrain"),
        .tokens = PM_STR("18446744073709551615"),
        .step = (int64_t)number,
        .clients = -1,
    };
}

/* --- files --- */

static void load(struct image *image, const char *path)
{
    FILE *file = fopen(path, "rb");
    HOLDS(file != NULL);
    image->size = fread(image->bytes, 1, sizeof image->bytes, file);
    HOLDS(fclose(file) == 0 && image->size < sizeof image->bytes);
}

static void save(const char *path, const void *bytes, size_t size)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    HOLDS(file >= 0 && write(file, bytes, size) == (ssize_t)size && close(file) == 0);
}

/* Those that were set aside, too. */
static void empty_folder(void)
{
    DIR *list = opendir(folder);
    HOLDS(list != NULL);
    for (const struct dirent *entry; (entry = readdir(list)) != NULL;) {
        if (entry->d_name[0] != '.') {
            HOLDS(unlinkat(dirfd(list), entry->d_name, 0) == 0);
        }
    }
    (void)closedir(list);
}

static void leave(void)
{
    empty_folder();
    (void)rmdir(folder);
}

static struct pm_store *open_store(void)
{
    struct pm_store *store = pm_store_open(pm_str_from(file_path), &pm_store_usual_limits, NOW);
    HOLDS(store != NULL);
    return store;
}

static void bring_home(void)
{
    sqlite3 *db = NULL;
    HOLDS(sqlite3_open(file_path, &db) == SQLITE_OK);
    HOLDS(sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK);
    HOLDS(sqlite3_close(db) == SQLITE_OK);
}

/* A store with its log beside it, and the same when the log has been brought home. */
static void make_images(void)
{
    struct pm_seen seen[12];
    struct pm_store *store = open_store();
    for (size_t i = 0; i < KEYS; i++) {
        struct pm_store_key key = key_of(i);
        struct pm_store_reply reply = reply_of(i);
        HOLDS(pm_store_put(store, &key, &reply));
    }
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        seen[i] = seen_of(i);
        HOLDS(pm_store_see(store, &seen[i], 1) == 1);
    }
    pm_store_close(store);
    load(&file_made, file_path);
    load(&log_made, log_path);
    bring_home();
    load(&home_made, file_path);
    empty_folder();
}

static void begin(void)
{
    const char *place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    (void)snprintf(folder, sizeof folder, "%s/psyche-fuzz-XXXXXX", place);
    HOLDS(mkdtemp(folder) != NULL && atexit(leave) == 0);
    (void)snprintf(file_path, sizeof file_path, "%s/store.db", folder);
    (void)snprintf(log_path, sizeof log_path, "%s-wal", file_path);
    make_images();
}

static void change(struct image *image, pm_str changes)
{
    while (changes.len > 4) {
        const unsigned char *head = (const unsigned char *)changes.ptr;
        size_t at = (head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16) % (image->size + 1);
        pm_str part = pm_str_slice(changes, 4, 4 + (size_t)head[3]);
        size_t room = image->size - at;
        memcpy(image->bytes + at, part.ptr, part.len < room ? part.len : room);
        changes = pm_str_tail(changes, 4 + part.len);
    }
}

static void copy(struct image *to, const struct image *from)
{
    to->size = from->size;
    memcpy(to->bytes, from->bytes, from->size);
}

static void make_files(char how, pm_str rest)
{
    if (how == '0') {
        save(file_path, rest.ptr, rest.len);
        file_now.size = rest.len < IMAGE_MOST ? rest.len : IMAGE_MOST;
        memcpy(file_now.bytes, rest.ptr, file_now.size);
        return;
    }
    if (how == '1') {
        copy(&file_now, &home_made);
        change(&file_now, rest);
    } else {
        copy(&file_now, &file_made);
        copy(&log_now, &log_made);
        change(&log_now, rest);
        save(log_path, log_now.bytes, log_now.size);
    }
    save(file_path, file_now.bytes, file_now.size);
}

/* --- what holds --- */

static void check_problem(const struct pm_store *store)
{
    pm_str problem = pm_str_from(pm_store_problem(store));
    HOLDS(problem.len < PM_STORE_PROBLEM_BYTES && pm_str_find(problem, '\n') == problem.len);
    HOLDS(pm_store_is_usable(store) || problem.len > 0);
}

/* A digest shows what a disk did to a reply; a whole file from elsewhere may have right ones. */
static bool is_from_elsewhere;

static bool check_get(struct pm_store *store, struct pm_arena *arena, size_t number)
{
    struct pm_store_key key = key_of(number);
    struct pm_store_reply want = reply_of(number), got;
    if (!pm_store_get(store, &key, arena, &got)) {
        return false;
    }
    if (is_from_elsewhere) {
        return true;
    }
    HOLDS(pm_str_equal(got.packed, want.packed) && pm_str_equal(got.headers, want.headers));
    HOLDS(got.received_ms == want.received_ms && got.useful_until_ms == want.useful_until_ms);
    HOLDS(got.http == want.http && got.body_bytes == want.body_bytes);
    return true;
}

static void check_rows(const struct pm_seen *rows, size_t count, size_t most)
{
    struct fuzz_digest digest = {0};
    HOLDS(count <= most);
    for (size_t i = 0; i < count; i++) {
        fuzz_add_text(&digest, rows[i].id);
        fuzz_add_text(&digest, rows[i].state);
        fuzz_add_text(&digest, rows[i].phase);
        fuzz_add_text(&digest, rows[i].tokens);
    }
}

static void check_seen(struct pm_store *store, struct pm_arena *arena)
{
    struct pm_seen *rows = NULL, fresh = seen_of(99);
    size_t count = pm_store_last_seen(store, arena, 5, &rows);
    check_rows(rows, count, 5);
    count = pm_store_history(store, arena, PM_STR("run-a"), 0, 0, 3, &rows);
    check_rows(rows, count, 3);
    HOLDS(pm_store_see(store, &fresh, 1) <= 1);
}

/* It is used as the keeper uses it. */
static void use(struct pm_store *store, struct pm_arena *arena)
{
    struct pm_store_key key = key_of(KEYS);
    struct pm_store_reply reply = reply_of(KEYS);
    for (size_t i = 0; i < KEYS; i++) {
        (void)check_get(store, arena, i);
    }
    check_seen(store, arena);
    HOLDS(pm_store_lease(store, &key, NOW)); /* nobody else is there */
    (void)pm_store_put(store, &key, &reply);
    (void)check_get(store, arena, KEYS);
    for (int i = 0; i < 4; i++) {
        (void)pm_store_trim(store, NOW + i * HOUR);
    }
    pm_store_forget(store, &key);
    pm_store_lease_drop(store, &key);
    check_problem(store);
}

/* A file of somebody else's, or of a newer version, is as it was. */
static void check_left_alone(const char *problem)
{
    static struct image after;
    if (strstr(problem, "left alone")) {
        load(&after, file_path);
        HOLDS(after.size == file_now.size && !memcmp(after.bytes, file_now.bytes, after.size));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pm_arena arena;
    if (!folder[0]) {
        begin();
    }
    if (size == 0 || size > IMAGE_MOST || data[0] < '0' || data[0] > '2') {
        return 0;
    }
    is_from_elsewhere = data[0] == '0';
    make_files((char)data[0], fuzz_text(data + 1, size - 1));
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    struct pm_store *store = open_store();
    check_problem(store);
    check_left_alone(pm_store_problem(store));
    use(store, &arena);
    pm_store_close(store);
    store = open_store(); /* what is left behind can be opened, too */
    use(store, &arena);
    pm_store_close(store);
    pm_arena_finish(&arena);
    empty_folder();
    return 0;
}
