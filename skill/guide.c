/* guide.c - SKILL.md and the references as data: the folder, and the copies built in.
 *
 * The folder is listed and a document read when somebody first asks, under one lock; what was read
 * is never changed again, so that it can be used without the lock. Each document has an arena of its
 * own: when memory runs out in the middle of one, nothing of it is kept, the others stand, and the
 * next one who asks finds it read anew. */

#include "skill/guide.h"

#include "base/buf.h"
#include "skill/builtin.h"
#include "skill/document.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GUIDE_BYTES_MOST ((size_t)16 << 20) /* of each document, and of all names */
#define READ_TRIES 2                        /* memory may be out for a moment only */
#define DOCUMENTS_MOST 64
#define ENTRIES_MOST 4096 /* of a folder that are looked at */
#define NAME_BYTES_MOST 64
#define PATH_BYTES_MOST 4096
#define PROBLEM_BYTES_MOST 400
#define ENDING ".md"

struct slot {
    const char *name;
    const struct pm_builtin *built_in; /* or NULL */
    bool is_read;
    struct pm_arena arena;
    struct pm_document document;
};

struct pm_guide {
    pthread_mutex_t lock;
    struct pm_arena arena, names_arena;
    pm_str folder;
    const char *folder_problem; /* NULL: it can be read, or there is none */
    bool is_listed;
    struct slot slots[DOCUMENTS_MOST]; /* those built in, then the others, each by name */
    size_t count;
    const char *names[DOCUMENTS_MOST + 1];
};

/* In the place of one that there was no memory for. */
static const struct pm_document lost = {
    .problem = PM_STR_INIT("memory ran out while the references were read"),
};

void pm_guide_close(struct pm_guide *guide)
{
    if (guide) {
        for (size_t i = 0; i < guide->count; i++) {
            pm_arena_finish(&guide->slots[i].arena);
        }
        pthread_mutex_destroy(&guide->lock);
        pm_arena_finish(&guide->names_arena);
        pm_arena_finish(&guide->arena);
        free(guide);
    }
}

struct pm_guide *pm_guide_open(pm_str folder)
{
    struct pm_guide *guide = calloc(1, sizeof *guide);
    if (!guide) {
        return NULL;
    }
    if (pthread_mutex_init(&guide->lock, NULL) != 0) {
        free(guide);
        return NULL;
    }
    pm_arena_init(&guide->arena, GUIDE_BYTES_MOST);
    pm_arena_init(&guide->names_arena, GUIDE_BYTES_MOST);
    guide->folder = pm_arena_copy(&guide->arena, folder);
    if (guide->arena.failed) {
        pm_guide_close(guide);
        return NULL;
    }
    return guide;
}

pm_str pm_guide_folder(const struct pm_guide *guide)
{
    return guide ? guide->folder : PM_STR("");
}

/* --- files --- */

/* "<folder>/<name>.md"; empty when that is longer than any path. */
static const char *path_of(struct pm_arena *arena, pm_str folder, const char *name)
{
    struct pm_buf path;
    pm_buf_init(&path, arena, PATH_BYTES_MOST);
    pm_buf_add(&path, folder);
    pm_buf_addf(&path, "/%s" ENDING, name);
    return pm_arena_cstr(arena, pm_buf_text(&path));
}

/* All bytes of an open file, or as many as show that there are too many; -1 when it fails. */
static ssize_t read_bytes(int file, char *bytes, size_t most)
{
    size_t len = 0;
    while (len < most) {
        ssize_t got = read(file, bytes + len, most - len);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        len += (size_t)got;
    }
    return (ssize_t)len;
}

/* NULL and the file's bytes, or why there are none. */
static const char *read_file(struct pm_arena *arena, const char *path, pm_str *text)
{
    struct stat info;
    const size_t most = PM_DOCUMENT_BYTES_MOST + 1;
    char *bytes = pm_arena_alloc(arena, most);
    /* A pipe must not make us wait for its writer. */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0) {
        return errno == ENOENT ? "is missing" : "cannot be read";
    }
    bool is_ordinary = fstat(file, &info) == 0 && S_ISREG(info.st_mode);
    ssize_t got = is_ordinary && bytes ? read_bytes(file, bytes, most) : -1;
    (void)close(file);
    if (!is_ordinary) {
        return "is no ordinary file";
    }
    if (got < 0) {
        return "cannot be read";
    }
    *text = (pm_str){bytes, (size_t)got};
    return NULL;
}

/* --- what there is --- */

/* Of one that is not empty. */
static bool is_name(pm_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
            return false;
        }
    }
    return name.len <= NAME_BYTES_MOST;
}

static struct slot *find_slot(struct pm_guide *guide, pm_str name)
{
    for (size_t i = 0; i < guide->count; i++) {
        if (pm_str_equal(pm_str_from(guide->slots[i].name), name)) {
            return &guide->slots[i];
        }
    }
    return NULL;
}

static void add_slot(struct pm_guide *guide, const char *name, const struct pm_builtin *built_in)
{
    if (guide->count < DOCUMENTS_MOST && *name) {
        guide->slots[guide->count++] = (struct slot){.name = name, .built_in = built_in};
    }
}

static void add_file(struct pm_guide *guide, const char *file)
{
    pm_str name = pm_str_from(file), ending = PM_STR(ENDING);
    if (name.len <= ending.len || !pm_str_equal(pm_str_tail(name, name.len - ending.len), ending)) {
        return;
    }
    name = pm_str_slice(name, 0, name.len - ending.len);
    if (is_name(name) && !find_slot(guide, name)) {
        add_slot(guide, pm_arena_cstr(&guide->names_arena, name), NULL);
    }
}

static int compare_slots(const void *a, const void *b)
{
    const struct slot *one = a, *other = b;
    return strcmp(one->name, other->name);
}

/* A folder that was named but is not there is no failure: everything built in is at hand. */
static void list_folder(struct pm_guide *guide)
{
    const char *path = pm_arena_cstr(&guide->names_arena, guide->folder);
    DIR *folder = guide->names_arena.failed ? NULL : opendir(path);
    size_t first = guide->count;
    if (!folder && (guide->names_arena.failed || errno == ENOMEM || errno == EMFILE)) {
        guide->names_arena.failed = true;
        return;
    }
    if (!folder) {
        bool is_missing = errno == ENOENT || errno == ENOTDIR;
        guide->folder_problem =
            is_missing ? "there is no such folder" : "the folder cannot be read";
        return;
    }
    const struct dirent *entry = readdir(folder);
    for (size_t i = 0; entry && i < ENTRIES_MOST; i++, entry = readdir(folder)) {
        add_file(guide, entry->d_name);
    }
    (void)closedir(folder);
    qsort(guide->slots + first, guide->count - first, sizeof *guide->slots, compare_slots);
}

/* Under the lock. Without memory only what is built in, and the next time anew. */
static void list_once(struct pm_guide *guide)
{
    if (guide->is_listed) {
        return;
    }
    guide->count = 0;
    for (const struct pm_builtin *each = pm_builtins; each->name; each++) {
        add_slot(guide, each->name, each);
    }
    size_t built_in = guide->count;
    if (guide->folder.len) {
        list_folder(guide);
    }
    guide->is_listed = !guide->names_arena.failed;
    if (!guide->is_listed) {
        guide->count = built_in;
        pm_arena_finish(&guide->names_arena);
        pm_arena_init(&guide->names_arena, GUIDE_BYTES_MOST);
    }
    for (size_t i = 0; i < guide->count; i++) {
        guide->names[i] = guide->slots[i].name;
    }
}

const char *const *pm_guide_names(struct pm_guide *guide)
{
    static const char *const none[] = {NULL};
    if (!guide) {
        return none;
    }
    pthread_mutex_lock(&guide->lock);
    list_once(guide);
    pthread_mutex_unlock(&guide->lock);
    return guide->names;
}

bool pm_guide_is_folder(pm_str path)
{
    struct pm_arena scratch;
    bool is_there = false;
    pm_arena_init(&scratch, (size_t)1 << 20);
    for (const struct pm_builtin *each = pm_builtins; each->name && !is_there; each++) {
        is_there = access(path_of(&scratch, path, each->name), R_OK) == 0;
    }
    pm_arena_finish(&scratch);
    return is_there;
}

/* --- one document --- */

/* From the folder; false with its problem set. */
static bool read_from_folder(const struct pm_guide *guide, struct slot *slot)
{
    struct pm_arena scratch;
    pm_str text = {0};
    pm_arena_init(&scratch, (size_t)1 << 20);
    const char *path = path_of(&scratch, guide->folder, slot->name);
    const char *reason = scratch.failed ? "cannot be read" : read_file(&scratch, path, &text);
    if (reason) {
        slot->document.problem = pm_str_from(reason);
    }
    bool is_read = !reason && pm_document_read(&slot->arena, text, &slot->document);
    slot->arena.failed = slot->arena.failed || scratch.failed;
    pm_arena_finish(&scratch);
    return is_read;
}

static bool read_built_in(const struct pm_guide *guide, struct slot *slot)
{
    pm_str text = {(const char *)slot->built_in->bytes, slot->built_in->len};
    (void)guide;
    return pm_document_read(&slot->arena, text, &slot->document);
}

typedef bool read_fn(const struct pm_guide *guide, struct slot *slot);

static bool try_to_read(const struct pm_guide *guide, struct slot *slot, read_fn *read_it)
{
    bool is_read = false;
    for (int tries = 0; tries < READ_TRIES && !is_read; tries++) {
        pm_arena_finish(&slot->arena);
        pm_arena_init(&slot->arena, GUIDE_BYTES_MOST);
        slot->document = (struct pm_document){.name = pm_str_from(slot->name)};
        is_read = read_it(guide, slot) && !slot->arena.failed;
        if (!is_read && !slot->arena.failed) {
            break; /* memory was not what it wanted */
        }
    }
    return is_read;
}

/* "<name>.md <problem>"; what the problem's own text is on may go. */
static pm_str name_problem(struct pm_arena *arena, const char *name, pm_str problem)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, PROBLEM_BYTES_MOST);
    pm_buf_addf(&buf, "%s" ENDING " ", name);
    pm_buf_add(&buf, problem);
    return pm_arena_copy(arena, pm_buf_text(&buf));
}

/* Under the lock. */
static void read_slot(const struct pm_guide *guide, struct slot *slot)
{
    struct pm_arena scratch;
    pm_str problem = PM_STR("");
    if (guide->folder.len && !guide->folder_problem && try_to_read(guide, slot, read_from_folder)) {
        return;
    }
    pm_arena_init(&scratch, (size_t)1 << 20);
    if (guide->folder_problem) {
        problem = pm_str_from(guide->folder_problem);
    } else if (guide->folder.len) {
        problem = name_problem(&scratch, slot->name, slot->document.problem);
    }
    if (slot->built_in && !try_to_read(guide, slot, read_built_in) && problem.len == 0) {
        problem = name_problem(&scratch, slot->name, slot->document.problem);
    }
    slot->document.is_built_in = slot->built_in != NULL;
    slot->document.problem = pm_arena_copy(&slot->arena, problem);
    slot->arena.failed = slot->arena.failed || scratch.failed;
    pm_arena_finish(&scratch);
}

/* Under the lock. */
static const struct pm_document *read_once(const struct pm_guide *guide, struct slot *slot)
{
    if (!slot->is_read) {
        read_slot(guide, slot);
        slot->is_read = !slot->arena.failed;
    }
    return slot->is_read ? &slot->document : &lost;
}

const struct pm_document *pm_guide_document(struct pm_guide *guide, pm_str name)
{
    if (!guide) {
        return NULL;
    }
    pthread_mutex_lock(&guide->lock);
    list_once(guide);
    struct slot *slot = find_slot(guide, name);
    const struct pm_document *document = NULL;
    if (slot) {
        document = guide->is_listed ? read_once(guide, slot) : &lost;
    }
    pthread_mutex_unlock(&guide->lock);
    return document;
}
