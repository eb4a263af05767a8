/* torture.c - a question is asked once for each allocation it takes, and that allocation fails.
 *
 *   torture OPTIONS REQUEST ours|foreign once|on cold|read|again FIRST STEP SECONDS [STORE [LIKE]]
 *   torture OPTIONS REQUEST              asks once, for what that leaves in a store
 *
 * A point is the n-th time that memory is asked for: cold, from opening the handle to the end of
 * its threads; read, the same, on a handle that has been opened and has read the references, which
 * asks for memory most often; again, in the second call of one that keeps what the first brought. At a
 * point memory is out once, or from then on until the call has returned; then the same is asked
 * again, with memory. Ours are the steps on arenas and what the objects of the library ask of
 * malloc and its relatives; foreign are those of libcurl and SQLite (failing.h). Points FIRST,
 * FIRST + STEP and so on are tried, until there are no more or the time is over. STORE is removed
 * before each of them, or made a copy of LIKE.
 *
 *   text ID ANSWER                    each answer, the first time it is given; 1 is undisturbed
 *   points N                          how many there are, as counted undisturbed
 *   tried POINT PHASE MS ID ID ID     where it was (or "-": not reached), then the answers: to the
 *                                     call, to the next one, of a handle opened afterwards (or 0)
 *   left POINT BLOCKS                 that many more than before, after the handle is gone
 *   locked POINT                      nobody else could write to the store afterwards
 *   end POINT                         the first one that was not tried
 *
 * With TORTURE_TRACE in the environment the stack of each point goes to standard error. */

#include "psyche_monitor.h"

#include "failing.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TEXTS_MOST 4096
#define ONE_POINT_S 40
#define THREADS_END_MS 20000
#define FAILURE_KEPT_MS 2000 /* as net/ keeps it */
#define LOCKED_MS 2000       /* of a writer that is only slow */

enum phase { PHASE_OPEN, PHASE_CALL, PHASE_NEXT, PHASE_CLOSE, PHASE_COUNT };

static const char *const phase_words[PHASE_COUNT] = {"open", "call", "next", "close"};

struct question {
    const char *options, *request;
    const char *store, *like; /* or NULL */
    bool is_again, has_read, goes_on;
};

struct answers {
    unsigned call, next, fresh; /* 0: not asked */
    double ms;
};

static char *texts[TEXTS_MOST];
static unsigned text_count;

static double now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void stop(const char *why)
{
    (void)printf("%s\n", why);
    exit(1);
}

/* --- the store's file --- */

/* False when there is none such. */
static bool copy_file(const char *from, const char *to)
{
    struct stat about;
    int in = open(from, O_RDONLY), out = -1;
    if (in < 0) {
        return false;
    }
    bool ok = fstat(in, &about) == 0 && (out = open(to, O_WRONLY | O_CREAT | O_EXCL, 0600)) >= 0;
    for (off_t done = 0; ok && done < about.st_size;) {
        ssize_t sent = sendfile(out, in, &done, (size_t)(about.st_size - done));
        ok = sent > 0;
    }
    (void)close(in);
    if (out >= 0) {
        (void)close(out);
    }
    return ok;
}

static void prepare_store(const struct question *question)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    char name[4096];
    for (size_t i = 0; question->store && i < sizeof endings / sizeof *endings; i++) {
        (void)snprintf(name, sizeof name, "%s%s", question->store, endings[i]);
        (void)unlink(name);
    }
    if (question->like && !copy_file(question->like, question->store)) {
        stop("the store cannot be copied");
    }
}

/* Another one writes, too; a file that is not there yet is nobody's. */
static bool is_locked(const char *store)
{
    sqlite3 *db = NULL;
    bool is_free = sqlite3_open_v2(store, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
                   sqlite3_busy_timeout(db, LOCKED_MS) != SQLITE_OK ||
                   sqlite3_exec(db, "BEGIN IMMEDIATE; ROLLBACK", NULL, NULL, NULL) != SQLITE_BUSY;
    (void)sqlite3_close(db);
    return !is_free;
}

/* --- asking --- */

/* The number of a text, which is printed when it is new. */
static unsigned number_of(const char *text)
{
    for (unsigned i = 0; i < text_count; i++) {
        if (strcmp(texts[i], text) == 0) {
            return i + 1;
        }
    }
    texts[text_count] = text_count < TEXTS_MOST ? memory_keep(text) : NULL;
    if (!texts[text_count]) {
        stop("too many answers");
    }
    (void)printf("text %u %s\n", ++text_count, text);
    return text_count;
}

static unsigned ask(psyche_monitor *monitor, const char *request)
{
    psyche_monitor_reply *reply = psyche_monitor_call(monitor, request, strlen(request));
    bool was_armed = memory_arm(false);
    unsigned number = number_of(psyche_monitor_reply_text(reply, NULL));
    (void)memory_arm(was_armed);
    psyche_monitor_reply_free(reply);
    return number;
}

static unsigned ask_timed(psyche_monitor *monitor, const char *request, double *ms)
{
    double from = now_ms();
    memory_enter(PHASE_CALL);
    unsigned number = ask(monitor, request);
    *ms = now_ms() - from;
    memory_enter(PHASE_NEXT);
    return number;
}

static psyche_monitor *open_handle(const struct question *question)
{
    return psyche_monitor_open(question->options, strlen(question->options));
}

static psyche_monitor *open_and_read(const struct question *question)
{
    static const char request[] = "{\"action\":\"contribute\",\"page\":\"Cooldown\"}";
    psyche_monitor *monitor = open_handle(question);
    psyche_monitor_reply_free(psyche_monitor_call(monitor, request, sizeof request - 1));
    return monitor;
}

/* Until no more blocks are there; its threads end by themselves. */
static void close_handle(psyche_monitor *monitor, long blocks)
{
    psyche_monitor_close(monitor);
    double end = now_ms() + THREADS_END_MS;
    while (memory_blocks() > blocks && now_ms() < end) {
        (void)usleep(200);
    }
    (void)memory_arm(false);
}

/* --- one point --- */

static void tell(size_t at, const struct answers *answers, long left)
{
    int hit = memory_failed_in();
    const char *phase = hit < 0 ? "-" : hit < PHASE_COUNT ? phase_words[hit] : "thread";
    (void)printf("tried %zu %s %.0f %u %u %u\n", at, phase, answers->ms, answers->call,
                 answers->next, answers->fresh);
    if (left != 0) {
        (void)printf("left %zu %ld\n", at, left);
    }
}

/* A request that failed after the call may have been kept a moment longer than the others. */
static unsigned ask_next(psyche_monitor *monitor, const char *request)
{
    unsigned number = 0;
    for (int i = 0; i < 2 && number != 1; i++) {
        memory_pass_ms(FAILURE_KEPT_MS + 1);
        number = ask(monitor, request);
    }
    return number;
}

/* Memory fails from opening on, and in closing once more when it failed from a point on. */
static struct answers try_cold(const struct question *question, size_t at, long blocks)
{
    struct answers answers = {0};
    prepare_store(question);
    psyche_monitor *monitor = question->has_read ? open_and_read(question) : NULL;
    memory_fail_at(at);
    memory_enter(PHASE_OPEN);
    monitor = monitor ? monitor : open_handle(question);
    answers.call = ask_timed(monitor, question->request, &answers.ms);
    if (memory_failed_in() >= 0) {
        (void)memory_arm(false);
        answers.next = ask_next(monitor, question->request);
        if (question->store && is_locked(question->store)) {
            (void)printf("locked %zu\n", at);
        }
        (void)memory_arm(question->goes_on);
    }
    memory_enter(PHASE_CLOSE);
    close_handle(monitor, blocks);
    return answers;
}

static void run_cold(const struct question *question, size_t at, long blocks)
{
    struct answers answers = try_cold(question, at, blocks);
    if (memory_failed_in() == PHASE_OPEN) {
        psyche_monitor *monitor = open_handle(question);
        answers.fresh = ask(monitor, question->request);
        close_handle(monitor, blocks);
    }
    tell(at, &answers, memory_blocks() - blocks);
}

/* One handle serves many points, as long as none leaves anything behind. */
struct kept {
    psyche_monitor *monitor;
    long blocks; /* with it */
};

static void open_kept(const struct question *question, struct kept *kept)
{
    if (!kept->monitor) {
        prepare_store(question);
        kept->monitor = open_handle(question);
        (void)ask(kept->monitor, question->request);
        kept->blocks = memory_blocks();
    }
}

static void run_again(const struct question *question, size_t at, long blocks, struct kept *kept)
{
    struct answers answers = {0};
    open_kept(question, kept);
    memory_fail_at(at);
    answers.call = ask_timed(kept->monitor, question->request, &answers.ms);
    (void)memory_arm(false);
    answers.next = memory_failed_in() >= 0 ? ask(kept->monitor, question->request) : 0;
    bool is_as_before = memory_blocks() == kept->blocks;
    if (!is_as_before) {
        close_handle(kept->monitor, blocks);
        kept->monitor = NULL;
    }
    tell(at, &answers, is_as_before ? 0 : memory_blocks() - blocks);
}

/* --- all points --- */

/* What is made once, by the library or those below it, is there afterwards. */
static long settle(const struct question *question)
{
    size_t points = 0;
    for (int i = 0; i < 3; i++) {
        (void)try_cold(question, SIZE_MAX, memory_blocks());
        points = memory_asked();
    }
    long blocks = memory_blocks();
    if (question->is_again) {
        struct kept kept = {0};
        run_again(question, SIZE_MAX, blocks, &kept);
        points = memory_asked();
        close_handle(kept.monitor, blocks);
    }
    (void)printf("points %zu\n", points);
    return blocks;
}

static void run_all(const struct question *question, size_t first, size_t step, double seconds)
{
    struct kept kept = {0};
    long blocks = settle(question);
    double end = now_ms() + seconds * 1e3;
    size_t at = first, last = memory_asked() + step; /* threads do not meet in the same order */
    for (; at <= last && now_ms() < end; at += step) {
        (void)alarm(ONE_POINT_S);
        if (question->is_again) {
            run_again(question, at, blocks, &kept);
        } else {
            run_cold(question, at, blocks);
        }
    }
    (void)alarm(0);
    close_handle(kept.monitor, blocks);
    (void)printf("end %zu\n", at);
}

int main(int count, char **words)
{
    if (count != 3 && count < 9) {
        (void)fprintf(stderr, "torture: see the top of torture.c\n");
        return 2;
    }
    struct question question = {.options = words[1], .request = words[2]};
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    question.goes_on = count > 4 && strcmp(words[4], "on") == 0;
    if (!memory_begin(count > 3 && strcmp(words[3], "foreign") == 0, question.goes_on)) {
        return 2;
    }
    if (count == 3) {
        (void)try_cold(&question, SIZE_MAX, memory_blocks());
        return 0;
    }
    question.is_again = strcmp(words[5], "again") == 0;
    question.has_read = strcmp(words[5], "read") == 0;
    question.store = count > 9 ? words[9] : NULL;
    question.like = count > 10 ? words[10] : NULL;
    run_all(&question, strtoul(words[6], NULL, 10), strtoul(words[7], NULL, 10),
            strtod(words[8], NULL));
    for (unsigned i = 0; i < text_count; i++) {
        memory_drop(texts[i]);
    }
    return 0;
}
