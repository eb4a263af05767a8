/* account.h - an account as a node gives it, before anybody has looked into it.
 *
 * Decoders take one of these and answer with a verdict. They give all fields or none: an account
 * that is of another owner, size, kind or version, or whose tags and counts are out of bounds, says
 * nothing. */
#ifndef PM_CHAIN_ACCOUNT_H
#define PM_CHAIN_ACCOUNT_H

#include "chain/layout.h"
#include "chain/reader.h"

struct pm_account {
    bool is_there; /* false: the node says that there is no such account */
    struct pm_key owner;
    uint64_t lamports;
    uint64_t space;         /* bytes of the whole account */
    uint64_t slice_offset;  /* `data` begins here, */
    pm_str data;            /* and is the whole account or a slice of it */
    bool is_executable;     /* a program */
    const char *unreadable; /* why there are no data though it is there, or NULL */
};

enum pm_account_verdict {
    PM_ACCOUNT_OK,
    PM_ACCOUNT_ABSENT,
    PM_ACCOUNT_BAD,            /* not an account of that kind, or with values that cannot be */
    PM_ACCOUNT_LAYOUT_UNKNOWN, /* of that kind, but of a size or version this program cannot know */
};

/* What was wrong, in one line for a person, e.g. "120,080 bytes; this version knows 119,160". */
struct pm_account_problem {
    char text[120];
};

/* --- what the decoders share --- */

/* Writes the problem; gives back the verdict. */
enum pm_account_verdict pm_account_say(struct pm_account_problem *problem,
                                       enum pm_account_verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Is it there, does it belong to `program`, is its size known, and do its first bytes name the kind
 * and a version that is known (when the slice holds them). For PM_ACCOUNT_OK *layout is its row. */
enum pm_account_verdict pm_account_check(const struct pm_account *account,
                                         const struct pm_key *program, enum pm_account_kind kind,
                                         const struct pm_layout **layout,
                                         struct pm_account_problem *problem);

/* Begins at `offset` of the whole account; bad when that is outside of the slice. */
struct pm_reader pm_account_reader(const struct pm_account *account, uint64_t offset);
/* The verdict when all has been read: OK, or PM_ACCOUNT_BAD with what the reader stumbled over. */
enum pm_account_verdict pm_account_judge(const struct pm_reader *reader,
                                         struct pm_account_problem *problem);

/* For an account that is read from its discriminator on: pm_account_check, and a reader of what
 * follows, which is bad from the beginning when the verdict is not OK. */
enum pm_account_verdict pm_account_begin(const struct pm_account *account,
                                         const struct pm_key *program, enum pm_account_kind kind,
                                         struct pm_reader *reader,
                                         struct pm_account_problem *problem);
/* Its end: that verdict, or the reader's. All or nothing: zeroes *out unless it is OK. */
enum pm_account_verdict pm_account_end(enum pm_account_verdict verdict,
                                       const struct pm_reader *reader, void *out, size_t size,
                                       struct pm_account_problem *problem);

#endif
