/* inside.h - what the files of store/ share and nobody else sees. */
#ifndef PM_STORE_INSIDE_H
#define PM_STORE_INSIDE_H

#include "store/store.h"

#include "store/sql.h"

#include <sqlite3.h>
#include <sys/types.h>

#define PATH_BYTES_MOST 4096

/* Which file it is, whatever it is called now. */
struct file_id {
    dev_t device;
    ino_t inode;
};

struct pm_store {
    char path[PATH_BYTES_MOST]; /* its folder without symbolic links; empty: cannot be used */
    pm_str wanted;              /* the path that was given */
    struct pm_store_limits limits;
    sqlite3 *db; /* NULL: there is no usable file, at present or for good */
    sqlite3_stmt *statements[SQL_COUNT];
    struct file_id file;
    bool is_given_up; /* will not be tried again: newer, somebody else's, or a forked process */
    bool is_trimming_seen, is_trimming_replies; /* there was more than one step of it */
    bool is_damaged;                            /* to be set aside as soon as no statement runs */
    bool lacks_memory;                          /* why the last thing failed */
    unsigned set_aside;                         /* how often, by this store */
    int64_t now_ms;                             /* of the last call that told it */
    int64_t retry_at_ms;                /* when a file that could not be opened is tried again */
    int64_t owner;                      /* of our leases */
    char event[PM_STORE_PROBLEM_BYTES]; /* what happened and stays true */
    char trouble
        [PM_STORE_PROBLEM_BYTES]; /* what is the matter now; ends with the next thing that works */
};

/* place.c: what a path may be. False, with the trouble set, when it may not be used. */
PM_CHECKED bool pm_place_prepare(struct pm_store *store);
PM_CHECKED bool pm_place_identify(const struct pm_store *store, struct file_id *out);
/* The file and its log get other names; false when that is not possible, or is done already. */
bool pm_place_set_aside(struct pm_store *store, const char *why);

/* open.c: the file is there and is the one that was opened; opens it when it is time to. */
bool pm_store_ready(struct pm_store *store);
/* Closes the file, which ends whatever is under way on it; pm_store_ready opens it again. */
void pm_store_shut(struct pm_store *store);
/* After any call that may have found damage, when no statement runs any more; true when there is a
 * new file in place of a damaged one. */
bool pm_store_mend(struct pm_store *store);

/* trim.c: a few of the oldest rows; true when there were some. */
PM_CHECKED bool pm_store_drop_oldest(struct pm_store *store);

/* run.c */
void pm_store_say(struct pm_store *store, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void pm_store_note_event(struct pm_store *store, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What a result other than success means for the store. */
void pm_store_judge(struct pm_store *store, int result);
/* NULL when it cannot be prepared. */
sqlite3_stmt *pm_store_statement(struct pm_store *store, enum pm_statement which);
/* One that gives no rows: steps and resets; false when that was not possible. */
bool pm_store_run(struct pm_store *store, sqlite3_stmt *statement);
PM_CHECKED bool pm_store_begin(struct pm_store *store);
/* Rolls back when not everything went well, or when committing does not. */
bool pm_store_end(struct pm_store *store, bool went_well);
/* An empty text is NULL. */
void pm_store_bind_text(sqlite3_stmt *statement, int at, pm_str text);
void pm_store_bind_blob(sqlite3_stmt *statement, int at, pm_str bytes);

#endif
