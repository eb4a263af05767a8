/* account.c - what the decoders of accounts share: is this the account it should be? */

#include "chain/account.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SIZE_ROOM 32 /* the digits of a u64 and the commas between them */

enum pm_account_verdict pm_account_say(struct pm_account_problem *problem,
                                       enum pm_account_verdict verdict, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(problem->text, sizeof problem->text, format, arguments);
    va_end(arguments);
    return verdict;
}

/* 119160 as "119,160". */
static const char *group_digits(uint64_t value, char room[SIZE_ROOM])
{
    char digits[SIZE_ROOM];
    int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    size_t at = 0;
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            room[at++] = ',';
        }
        room[at++] = digits[i];
    }
    room[at] = '\0';
    return room;
}

static bool shows_discriminator(const struct pm_account *account)
{
    return account->slice_offset == 0 && account->data.len >= PM_DISCRIMINATOR_BYTES;
}

static bool is_of_kind(const struct pm_account *account, const struct pm_layout *layout)
{
    return !layout->has_discriminator ||
           (shows_discriminator(account) &&
            memcmp(account->data.ptr, layout->discriminator, PM_DISCRIMINATOR_BYTES) == 0);
}

/* Of a size that no row has. */
static enum pm_account_verdict judge_size(const struct pm_account *account,
                                          const struct pm_layout *newest,
                                          struct pm_account_problem *problem)
{
    char has[SIZE_ROOM], knows[SIZE_ROOM];
    const char *more = newest->size_most > newest->size_least ? " and more" : "";
    if (!newest->has_discriminator || account->space < PM_DISCRIMINATOR_BYTES) {
        return pm_account_say(problem, PM_ACCOUNT_BAD, "%s bytes: not a %s",
                              group_digits(account->space, has), newest->name);
    }
    if (shows_discriminator(account) && !is_of_kind(account, newest)) {
        return pm_account_say(problem, PM_ACCOUNT_BAD, "not a %s", newest->name);
    }
    return pm_account_say(problem, PM_ACCOUNT_LAYOUT_UNKNOWN, "%s bytes; this version knows %s%s",
                          group_digits(account->space, has),
                          group_digits(newest->size_least, knows), more);
}

/* A slice from behind the head has neither discriminator nor version: the one from the beginning,
 * read beside it, is judged by them. */
static enum pm_account_verdict judge_beginning(const struct pm_account *account,
                                               const struct pm_layout *layout,
                                               struct pm_account_problem *problem)
{
    bool is_behind = layout->places.rounds > 0 && account->slice_offset >= layout->places.rounds;
    if (is_behind || (account->slice_offset == 0 && !layout->has_discriminator)) {
        return PM_ACCOUNT_OK;
    }
    if (account->slice_offset > 0 || account->data.len == 0) {
        return pm_account_say(problem, PM_ACCOUNT_BAD, "its first bytes did not come");
    }
    if (!is_of_kind(account, layout)) {
        return pm_account_say(problem, PM_ACCOUNT_BAD, "not a %s", layout->name);
    }
    if (layout->version == 0) {
        return PM_ACCOUNT_OK;
    }
    struct pm_reader reader = pm_account_reader(account, PM_DISCRIMINATOR_BYTES);
    uint64_t version = pm_read_u64(&reader);
    if (reader.bad) {
        return pm_account_judge(&reader, problem);
    }
    if (version != layout->version) {
        return pm_account_say(problem, PM_ACCOUNT_LAYOUT_UNKNOWN,
                              "version %llu; this version knows %llu", (unsigned long long)version,
                              (unsigned long long)layout->version);
    }
    return PM_ACCOUNT_OK;
}

enum pm_account_verdict pm_account_check(const struct pm_account *account,
                                         const struct pm_key *program, enum pm_account_kind kind,
                                         const struct pm_layout **layout,
                                         struct pm_account_problem *problem)
{
    problem->text[0] = '\0';
    if (!account->is_there) {
        return pm_account_say(problem, PM_ACCOUNT_ABSENT, "there is no such account");
    }
    if (account->unreadable) {
        return pm_account_say(problem, PM_ACCOUNT_BAD, "%s", account->unreadable);
    }
    if (memcmp(&account->owner, program, sizeof *program) != 0) {
        return pm_account_say(problem, PM_ACCOUNT_BAD, "it belongs to another program");
    }
    *layout = pm_layout_find(kind, account->space);
    if (!*layout) {
        return judge_size(account, pm_layout_newest(kind), problem);
    }
    if (account->slice_offset > account->space ||
        account->data.len > account->space - account->slice_offset) {
        return pm_account_say(problem, PM_ACCOUNT_BAD, "more bytes came than the account has");
    }
    return judge_beginning(account, *layout, problem);
}

struct pm_reader pm_account_reader(const struct pm_account *account, uint64_t offset)
{
    if (offset < account->slice_offset) {
        return (struct pm_reader){.left = PM_STR(""), .bad = true};
    }
    return pm_reader_at(account->data, offset - account->slice_offset);
}

enum pm_account_verdict pm_account_judge(const struct pm_reader *reader,
                                         struct pm_account_problem *problem)
{
    if (!reader->bad) {
        return PM_ACCOUNT_OK;
    }
    if (!reader->what) {
        return pm_account_say(problem, PM_ACCOUNT_BAD, "its bytes end before its fields do");
    }
    if (reader->value == 0) {
        return pm_account_say(problem, PM_ACCOUNT_BAD, "%s: not UTF-8", reader->what);
    }
    return pm_account_say(problem, PM_ACCOUNT_BAD, "%s: %llu, at most %llu", reader->what,
                          (unsigned long long)reader->value, (unsigned long long)reader->most);
}

enum pm_account_verdict pm_account_begin(const struct pm_account *account,
                                         const struct pm_key *program, enum pm_account_kind kind,
                                         struct pm_reader *reader,
                                         struct pm_account_problem *problem)
{
    const struct pm_layout *layout = NULL;
    enum pm_account_verdict verdict = pm_account_check(account, program, kind, &layout, problem);
    *reader = (struct pm_reader){.left = PM_STR(""), .bad = true};
    if (verdict == PM_ACCOUNT_OK && layout) {
        *reader =
            pm_account_reader(account, layout->has_discriminator ? PM_DISCRIMINATOR_BYTES : 0);
    }
    return verdict;
}

enum pm_account_verdict pm_account_end(enum pm_account_verdict verdict,
                                       const struct pm_reader *reader, void *out, size_t size,
                                       struct pm_account_problem *problem)
{
    if (verdict == PM_ACCOUNT_OK) {
        verdict = pm_account_judge(reader, problem);
    }
    if (verdict != PM_ACCOUNT_OK) {
        memset(out, 0, size);
    }
    return verdict;
}
