/* place.c - where the store's file lies, and whether that place may be trusted.
 *
 * The file, its log and the index of its log are ordinary files of this user that nobody else
 * reads; none of them may be a symbolic link, and nobody else may put one there. Folders on the
 * way to them may be links: a home often lies behind one.
 *
 * The file is never opened here, only by SQLite: closing any other descriptor of it would take
 * away the locks that this process holds on it. */

#include "store/inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_ROOM 64 /* for what is hung onto the name */

static const char *const suffixes[] = {"", "-wal", "-shm"};

#define SUFFIXES (sizeof suffixes / sizeof *suffixes)

static const char *reason(int error)
{
    static const struct {
        int error;
        const char *words;
    } rows[] = {
        {EACCES, "no permission"},
        {EPERM, "no permission"},
        {EROFS, "read-only file system"},
        {ENOSPC, "the disk is full"},
        {EDQUOT, "the quota is used up"},
        {ENOTDIR, "a part of its path is no folder"},
        {ENOENT, "no such folder"},
        {ELOOP, "its path leads round in links"},
        {ENAMETOOLONG, "its path is too long"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].error == error) {
            return rows[i].words;
        }
    }
    return "the system does not say why";
}

static bool refuse(struct pm_store *store, const char *what, const char *why)
{
    pm_store_say(store, "%s %s: nothing is kept", what, why);
    return false;
}

/* --- its folder --- */

/* Each missing folder of the path, for this user alone. */
static bool make_folders(char *path)
{
    for (char *at = path + 1;; at++) {
        if (*at != '/' && *at != '\0') {
            continue;
        }
        char end = *at;
        *at = '\0';
        int error = mkdir(path, 0700) == 0 ? 0 : errno;
        struct stat info;
        bool is_there = error == 0 || stat(path, &info) == 0;
        *at = end;
        if (!is_there) {
            errno = error;
            return false;
        }
        if (!end) {
            return true;
        }
    }
}

static bool check_folder(struct pm_store *store, const char *folder)
{
    struct stat info;
    if (stat(folder, &info) != 0) {
        return refuse(store, "its folder cannot be used:", reason(errno));
    }
    if (!S_ISDIR(info.st_mode)) {
        return refuse(store, "its folder", "is no folder");
    }
    if ((info.st_mode & S_IWOTH) && !(info.st_mode & S_ISVTX)) {
        return refuse(store, "its folder", "may be written by everybody");
    }
    /* Files made as root in somebody's home would lock that user out of them. */
    if (geteuid() == 0 && info.st_uid != 0) {
        return refuse(store, "its folder", "belongs to another user");
    }
    return true;
}

/* Splits the wanted path, makes its folder and writes the path without links. */
static bool settle_path(struct pm_store *store)
{
    char folder[PATH_BYTES_MOST], real[PATH_MAX];
    size_t slash = pm_str_find_last(store->wanted, '/');
    pm_str name = pm_str_tail(store->wanted, slash + 1);
    if (store->wanted.len + NAME_ROOM > sizeof folder || store->wanted.len == 0 ||
        store->wanted.ptr[0] != '/' || name.len == 0 || name.ptr[0] == '.' ||
        memchr(store->wanted.ptr, '\0', store->wanted.len)) {
        return refuse(store, "this", "is no path of a file that begins with /");
    }
    memcpy(folder, store->wanted.ptr, slash);
    folder[slash] = '\0';
    if (slash && !make_folders(folder)) {
        return refuse(store, "its folder cannot be made:", reason(errno));
    }
    if (!realpath(slash ? folder : "/", real)) {
        return refuse(store, "its folder cannot be used:", reason(errno));
    }
    int len = snprintf(store->path, sizeof store->path - NAME_ROOM, "%s/%.*s",
                       strcmp(real, "/") == 0 ? "" : real, PM_STR_ARG(name));
    if (len < 0 || (size_t)len >= sizeof store->path - NAME_ROOM) {
        return refuse(store, "its path", "is too long");
    }
    return check_folder(store, real);
}

/* --- its files --- */

static bool check_file(struct pm_store *store, const char *suffix)
{
    char path[PATH_BYTES_MOST];
    struct stat info;
    (void)snprintf(path, sizeof path, "%.*s%s", PATH_BYTES_MOST - NAME_ROOM, store->path, suffix);
    const char *what = *suffix ? "a file beside it" : "it";
    if (lstat(path, &info) != 0) {
        return errno == ENOENT || refuse(store, "it cannot be looked at:", reason(errno));
    }
    if (S_ISLNK(info.st_mode)) {
        return refuse(store, what, "is a symbolic link");
    }
    if (!S_ISREG(info.st_mode)) {
        return refuse(store, what, "is no ordinary file");
    }
    if (info.st_uid != geteuid()) {
        return refuse(store, what, "belongs to another user");
    }
    if (info.st_mode & (S_IRWXG | S_IRWXO)) {
        (void)chmod(path, S_IRUSR | S_IWUSR);
    }
    return true;
}

bool pm_place_identify(const struct pm_store *store, struct file_id *out)
{
    struct stat info;
    if (lstat(store->path, &info) != 0 || !S_ISREG(info.st_mode)) {
        return false;
    }
    *out = (struct file_id){info.st_dev, info.st_ino};
    return true;
}

bool pm_place_prepare(struct pm_store *store)
{
    struct file_id ignored;
    if (!settle_path(store)) {
        return false;
    }
    for (size_t i = 0; i < SUFFIXES; i++) {
        if (!check_file(store, suffixes[i])) {
            return false;
        }
    }
    /* Made without being opened, and so that its log, which takes over its mode, is private too. */
    if (!pm_place_identify(store, &ignored) &&
        mknod(store->path, S_IFREG | S_IRUSR | S_IWUSR, 0) != 0 && errno != EEXIST) {
        return refuse(store, "it cannot be made:", reason(errno));
    }
    return true;
}

/* --- a file that cannot be read --- */

/* One is enough to look at: those set aside before it go. */
static void drop_earlier(int folder, const char *name, const char *kept)
{
    int copy = dup(folder);
    DIR *list = copy >= 0 ? fdopendir(copy) : NULL;
    char start[PATH_BYTES_MOST];
    int len = snprintf(start, sizeof start, "%.*s.corrupt-", PATH_BYTES_MOST - NAME_ROOM, name);
    if (!list) {
        if (copy >= 0) {
            (void)close(copy);
        }
        return;
    }
    for (const struct dirent *entry; (entry = readdir(list));) {
        if (strncmp(entry->d_name, start, (size_t)len) == 0 &&
            strncmp(entry->d_name, kept, strlen(kept)) != 0) {
            (void)unlinkat(folder, entry->d_name, 0);
        }
    }
    (void)closedir(list);
}

static bool move_aside(struct pm_store *store, int folder, const char *name)
{
    char from[PATH_BYTES_MOST], to[PATH_BYTES_MOST];
    long long now_s = (long long)(store->now_ms / 1000);
    const int most = PATH_BYTES_MOST - NAME_ROOM;
    (void)snprintf(to, sizeof to, "%.*s.corrupt-%lld", most, name, now_s);
    drop_earlier(folder, name, to);
    if (renameat(folder, name, folder, to) != 0) {
        return false;
    }
    (void)snprintf(from, sizeof from, "%.*s-wal", most, name);
    (void)snprintf(to, sizeof to, "%.*s.corrupt-%lld-wal", most, name, now_s);
    (void)renameat(folder, from, folder, to);
    (void)snprintf(from, sizeof from, "%.*s-shm", most, name);
    (void)unlinkat(folder, from, 0);
    return true;
}

/* Only one process at a time, and only the very file that was found damaged: another process may
 * have put a new one in its place already. */
bool pm_place_set_aside(struct pm_store *store, const char *why)
{
    char folder_path[PATH_BYTES_MOST];
    struct file_id now_there;
    size_t slash = pm_str_find_last(pm_str_from(store->path), '/');
    const char *name = store->path + slash + 1;
    memcpy(folder_path, store->path, slash + 1);
    folder_path[slash + 1] = '\0';
    int folder = open(folder_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_done = false;
    if (folder >= 0 && flock(folder, LOCK_EX | LOCK_NB) == 0 &&
        pm_place_identify(store, &now_there) && now_there.device == store->file.device &&
        now_there.inode == store->file.inode) {
        is_done = move_aside(store, folder, name);
    }
    if (folder >= 0) {
        (void)close(folder);
    }
    if (is_done) {
        pm_store_note_event(store, "%s; it was set aside as %.100s.corrupt-%lld and begun anew",
                            why, name, (long long)(store->now_ms / 1000));
    }
    return is_done;
}
